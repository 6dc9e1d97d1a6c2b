// The elements of the answer to a write: whose each is, what Xero stored for it and its verdict. Reads strictly: one
// element that cannot be read makes the whole list unreadable. The answer around them is reply's business.

import * as z from 'zod'
import type { Cents } from '../accounting/money.ts'
import { centsFromWire } from '../accounting/money.ts'
import { writtenContact } from './contact-rows.ts'
import type { ReplyElement, WireList } from './gateway.ts'
import { idFromWire } from './wire-values.ts'

const text = z.string().nullish()
const flag = z.boolean().nullish()
const amount = z.number().nullish()
const messages = z.array(z.object({ Message: text, Description: text })).nullish()

/** What any element may have; all else, such as the invoice inside a payment, is not looked at. */
const element = z.object({
  ContactID: text,
  ItemID: text,
  InvoiceID: text,
  CreditNoteID: text,
  PurchaseOrderID: text,
  ManualJournalID: text,
  BankTransactionID: text,
  PrepaymentID: text,
  OverpaymentID: text,
  PaymentID: text,
  AllocationID: text,
  AttachmentID: text,
  ContactNumber: text,
  Code: text,
  InvoiceNumber: text,
  CreditNoteNumber: text,
  PurchaseOrderNumber: text,
  Url: text,
  Reference: text,
  FileName: text,
  Invoice: z.unknown().optional(),
  Name: text,
  Status: text,
  ContactStatus: text,
  Total: amount,
  TotalTax: amount,
  Amount: amount,
  StatusAttributeString: text,
  HasErrors: flag,
  HasValidationErrors: flag,
  ValidationErrors: messages,
  Warnings: messages,
})
type WireElement = z.output<typeof element>

/** Where the members of one list's elements are. A new list is a new row; what a row leaves out its elements have not. */
const memberNames: Readonly<Record<WireList, MemberNames>> = {
  Contacts: { xeroId: 'ContactID', key: 'ContactNumber', status: 'ContactStatus', name: 'Name' },
  Items: { xeroId: 'ItemID', key: 'Code' },
  Invoices: { xeroId: 'InvoiceID', key: 'InvoiceNumber', status: 'Status', total: 'Total' },
  CreditNotes: { xeroId: 'CreditNoteID', key: 'CreditNoteNumber', status: 'Status', total: 'Total' },
  PurchaseOrders: { xeroId: 'PurchaseOrderID', key: 'PurchaseOrderNumber', status: 'Status', total: 'Total' },
  ManualJournals: { xeroId: 'ManualJournalID', key: 'Url', status: 'Status' },
  BankTransactions: { xeroId: 'BankTransactionID', key: 'Reference', status: 'Status', total: 'Total' },
  Payments: { xeroId: 'PaymentID', key: 'Reference', status: 'Status', total: 'Amount' },
  Allocations: { xeroId: 'AllocationID', key: 'Invoice', total: 'Amount' },
  HistoryRecords: {},
  Attachments: { xeroId: 'AttachmentID', key: 'FileName' },
}
interface MemberNames {
  xeroId?: Extract<keyof WireElement, `${string}ID`>
  /** An allocation has no key of its own: the id of the invoice that it is on. */
  key?: Extract<keyof WireElement, `${string}Number` | 'Code' | 'Url' | 'Reference' | 'FileName' | 'Invoice'>
  status?: 'Status' | 'ContactStatus'
  name?: 'Name'
  total?: 'Total' | 'Amount'
}

/** Null where the list is missing, an element cannot be read or an amount is beyond what cents can hold. */
export function readElements(list: WireList, elements: unknown): ReplyElement[] | null {
  const parsed = z.array(element).safeParse(elements)
  if (!parsed.success) return null
  try {
    const read = parsed.data.map((one) => readElement(list, one))
    return list === 'Contacts' ? read.map((one, index) => withContact(one, sourceOf(elements, index))) : read
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function readElement(list: WireList, one: WireElement): ReplyElement {
  const names = memberNames[list]
  const errors = wordsIn(one.ValidationErrors)
  const verdict = one.StatusAttributeString ?? 'OK'
  // The flags exist on success too: their value counts, not their presence (§3.2 trap 5).
  const accepted =
    (verdict === 'OK' || verdict === 'WARNING') &&
    one.HasErrors !== true &&
    one.HasValidationErrors !== true &&
    errors.length === 0
  return {
    xeroId: names.xeroId ? idFromWire(one[names.xeroId]) : null,
    key: keyOf(one, names.key),
    creditId:
      list === 'BankTransactions' ? (idFromWire(one.PrepaymentID) ?? idFromWire(one.OverpaymentID)) : null,
    name: names.name ? (one[names.name] ?? null) : null,
    status: names.status ? (one[names.status] ?? null) : null,
    total: names.total ? centsOrNull(one[names.total]) : null,
    tax: names.total === 'Total' ? centsOrNull(one.TotalTax) : null,
    accepted,
    errors: accepted || errors.length > 0 ? errors : ['Xero refused it without saying why.'],
    warnings: wordsIn(one.Warnings),
  }
}

const removal = z.object({ AllocationId: text, AllocationID: text, IsDeleted: flag })
const removals = z.object({ Allocations: z.array(removal).length(1) })

/** The allocation that was taken back, as the one element of its answer: alone, or in a list of one. Null where it is not said to be. */
export function readRemoval(json: object): ReplyElement | null {
  const listed = removals.safeParse(json)
  const alone = removal.safeParse(listed.success ? listed.data.Allocations[0] : json)
  if (!alone.success || alone.data.IsDeleted !== true) return null
  const xeroId = idFromWire(alone.data.AllocationID ?? alone.data.AllocationId)
  if (xeroId === null) return null
  return {
    xeroId,
    key: null,
    creditId: null,
    name: null,
    status: 'DELETED',
    total: null,
    tax: null,
    accepted: true,
    errors: [],
    warnings: [],
  }
}

/** What Xero keeps of the contact. Its verdict counts without it: the next read of contacts tells the same. */
function withContact(element: ReplyElement, source: unknown): ReplyElement {
  const contact = element.accepted && element.xeroId !== null ? writtenContact(source) : null
  return contact ? { ...element, contact } : element
}

function sourceOf(elements: unknown, index: number): unknown {
  return Array.isArray(elements) ? elements[index] : undefined
}

const invoiceOfAllocation = z.object({ InvoiceID: text })

function keyOf(one: WireElement, name: MemberNames['key']): string | null {
  if (name === undefined) return null
  // Xero says “” of a number that it does not keep (§4.4).
  if (name !== 'Invoice') return one[name] || null
  return idFromWire(invoiceOfAllocation.safeParse(one.Invoice).data?.InvoiceID)
}

function centsOrNull(value: number | null | undefined): Cents | null {
  return value == null ? null : centsFromWire(value)
}

/** Messages without repeats; one of Xero's examples calls the member Description (§3.2 trap 6). */
function wordsIn(list: z.infer<typeof messages>): string[] {
  const words = (list ?? []).map((one) => one.Message ?? one.Description ?? '')
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ''))]
}
