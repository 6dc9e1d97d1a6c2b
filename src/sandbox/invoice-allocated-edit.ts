// What may still be edited on a document with payments or credits: on bills some header fields and the texts, accounts
// and tracking of lines; on sales invoices nothing (§4.3, "Editing after payment").

import type { Call } from './call.ts'
import { readDate } from './dates.ts'
import { readLines } from './document-lines.ts'
import { editLockProblem } from './document-rules.ts'
import type { Invoice, Line } from './invoice-record.ts'
import { type JsonObject, listOf, objectOf, textOf } from './json.ts'

export type AllocatedEdit =
  | { readonly kind: 'edited'; readonly invoice: Invoice }
  /** Answered as if all were well and left as it was (§3.2, trap 4). */
  | { readonly kind: 'silent' }
  | { readonly kind: 'refused'; readonly errors: readonly string[] }
  | { readonly kind: 'not-editable' }

const lineIdMissing = 'To update fields on a paid invoice line item, you must supply a LineItemID'

const identifying = ['InvoiceID', 'Type', 'Status', 'InvoiceNumber']
const editable = [
  ...identifying,
  'Reference',
  'DueDate',
  'BrandingThemeID',
  'Contact',
  'Url',
  'PlannedPaymentDate',
  'LineItems',
]

export function allocatedEdit(call: Call, before: Invoice, element: JsonObject): AllocatedEdit {
  if (before.type === 'ACCREC') return { kind: 'not-editable' }
  if (Object.keys(element).some((name) => !editable.includes(name))) return { kind: 'not-editable' }
  const lock = editLockProblem(call.organisation, before.date)
  if (lock !== null) return { kind: 'refused', errors: [lock] }
  const contactId = textOf(objectOf(element, 'Contact') ?? {}, 'ContactID') ?? before.contactId
  if (!call.organisation.contacts.get(contactId)) return { kind: 'not-editable' }
  const sent = listOf(element, 'LineItems')
  if (sent?.some((line) => line['LineItemID'] === undefined))
    return { kind: 'refused', errors: [lineIdMissing] }
  const lines = sent === undefined ? before.lines : editedLines(call, before, sent)
  if (lines === null)
    return call.switches.paidBillEdit === 'silent' ? { kind: 'silent' } : { kind: 'not-editable' }
  const date = (name: string) => readDate(textOf(element, name) ?? '')
  return {
    kind: 'edited',
    invoice: {
      ...before,
      lines,
      contactId,
      number: textOf(element, 'InvoiceNumber') ?? before.number,
      reference:
        call.switches.billReference === 'kept'
          ? (textOf(element, 'Reference') ?? before.reference)
          : before.reference,
      dueDate: date('DueDate') ?? before.dueDate,
      plannedPaymentDate: date('PlannedPaymentDate') ?? before.plannedPaymentDate,
      url: textOf(element, 'Url') ?? before.url,
    },
  }
}

/** The lines with new texts, accounts and tracking, or null where an amount, a tax or the number of lines would change. */
function editedLines(call: Call, before: Invoice, sent: readonly JsonObject[]): readonly Line[] | null {
  if (sent.length !== before.lines.length) return null
  const filled = sent.map((element) => ({ ...sentForm(before, element), ...element }))
  const types = before.lineAmountTypes
  const context = {
    call,
    side: 'purchases',
    types,
    isApproved: true,
    places: 4,
    mayDiscount: false,
    before: before.lines,
  } as const
  const read = readLines(context, filled)
  const isSame = (line: Line) => {
    const old = before.lines.find((other) => other.id === line.id)
    return (
      old?.lineAmount === line.lineAmount &&
      old.taxAmount === line.taxAmount &&
      old.quantity === line.quantity
    )
  }
  return read.errors.length === 0 && read.lines.every(isSame) ? read.lines : null
}

/** What the line would have said if it had been sent whole. */
function sentForm(before: Invoice, element: JsonObject): JsonObject {
  const line = before.lines.find((other) => other.id === textOf(element, 'LineItemID'))
  if (!line || line.quantity === null || line.unitAmount === null) return {}
  return {
    Description: line.description ?? undefined,
    Quantity: line.quantity / 10_000,
    UnitAmount: line.unitAmount / 10_000,
    AccountID: element['AccountCode'] === undefined ? (line.accountId ?? undefined) : undefined,
    TaxType: line.taxType ?? undefined,
    TaxAmount: line.taxAmount / 100,
  }
}
