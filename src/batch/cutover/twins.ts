// Which document of Xero an open one of before the cutover is (M1): sales by their number, which Xero gives once; bills and supplier
// credits by number, contact and total. Nothing is guessed: what does not agree is told, and left for a person.

import { currencyOf, xeroNumberOf } from '../../accounting/books.ts'
import { addDays } from '../../accounting/calendar.ts'
import { kindNames } from '../../accounting/kinds.ts'
import { formatCents } from '../../accounting/money.ts'
import type { OpenDocument } from '../../ledger/cutover-links.ts'
import { findTakenXeroIds } from '../../ledger/things.ts'
import { formOf, isSentForm, type SentForm } from '../../mapping/document-form.ts'
import { wireTypes } from '../../mapping/found-document.ts'
import type { FoundCreditNote, FoundInvoice } from '../../xero/found.ts'
import { isAskableNumber } from '../../xero/gateway.ts'
import { openScope } from '../scope.ts'
import type { LinkContext } from './link-context.ts'

export type FoundTwin = FoundInvoice | FoundCreditNote

/** An open document and what it is in Xero. */
export interface Twin {
  document: OpenDocument
  form: SentForm
  row: FoundTwin
}

export interface NotLinked {
  document: OpenDocument
  /** A sentence without its subject: "is voided in Xero". */
  why: string
}

interface Sought {
  document: OpenDocument
  form: SentForm
  /** As it would be in Xero, with the entity's prefix. */
  number: string
  /** Of Xero; null where the ledger does not know which it is. */
  contactId: string | null
}

export async function findTwins(
  context: LinkContext,
  documents: readonly OpenDocument[],
): Promise<{ twins: Twin[]; notLinked: NotLinked[] }> {
  const sought = await soughtIn(context, documents)
  const askable = sought.filter(({ number }) => number !== '' && isAskableNumber(number))
  const rows = await readRows(context, askable)
  const taken = await findTakenXeroIds(
    context.ledger,
    rows.map(({ xeroId }) => xeroId),
  )
  const byNumber = new Map<string, FoundTwin[]>()
  for (const row of rows) byNumber.set(folded(row.number), [...(byNumber.get(folded(row.number)) ?? []), row])
  const twins: Twin[] = []
  const notLinked: NotLinked[] = []
  for (const one of sought) {
    const result = askable.includes(one)
      ? judge(one, byNumber.get(folded(one.number)) ?? [], taken, context)
      : 'has no number by which Xero could be asked'
    if (typeof result === 'string') notLinked.push({ document: one.document, why: result })
    else {
      taken.add(result.xeroId)
      twins.push({ document: one.document, form: one.form, row: result })
    }
  }
  return { twins, notLinked }
}

async function soughtIn(context: LinkContext, documents: readonly OpenDocument[]): Promise<Sought[]> {
  const { books } = context
  const contacts = await contactsInXero(
    context,
    documents.flatMap(({ contact }) => contact ?? []),
  )
  return documents.flatMap((document): Sought[] => {
    const form = formOf(document, books)
    // What is a journal in Xero has nothing due there, and nothing to be paid.
    if (!isSentForm(form)) return []
    const number = document.number.trim()
    return [
      {
        document,
        form,
        number: number === '' ? '' : xeroNumberOf(number, books),
        contactId: contacts.get(document.contact ?? '') ?? null,
      },
    ]
  })
}

/** Contacts of Xero by the codes of the ledger's: linked ones, and those that match beyond doubt (K4). */
export async function contactsInXero(
  { ledger, books, gateway, clock }: LinkContext,
  codes: readonly string[],
): Promise<Map<string, string>> {
  const scope = await openScope(ledger, books, gateway.tenantId, clock)
  const known = new Map<string, string>()
  for (const [code, { link }] of await scope.standings(codes)) {
    if (link?.state === 'linked') known.set(code, link.xeroContactId)
    else if (link?.state === 'unlinked' && link.match.outcome === 'match')
      known.set(code, link.match.xeroContactId)
  }
  return known
}

/** Above so many sales credits all credits are read: Xero gives them by number one at a time. */
const askedOneByOne = 40

async function readRows({ gateway }: LinkContext, sought: readonly Sought[]): Promise<FoundTwin[]> {
  const numbersOf = (form: SentForm) => sought.filter((one) => one.form === form).map(({ number }) => number)
  const rows: FoundTwin[] = []
  const invoices = numbersOf('sales_invoice')
  if (invoices.length > 0) rows.push(...(await gateway.invoicesByNumber(invoices)).rows)
  const bills = numbersOf('bill')
  if (bills.length > 0) rows.push(...(await gateway.billsByNumber(bills)).rows)
  const credits = numbersOf('sales_credit')
  if (credits.length > askedOneByOne) rows.push(...(await gateway.creditNotesSince(0)).rows)
  else if (credits.length > 0) rows.push(...(await gateway.creditNotesByNumber(credits)).rows)
  rows.push(...(await readSupplierCredits(gateway, sought)))
  // Asked for in two ways it may come twice.
  return [...new Map(rows.map((row) => [row.xeroId, row])).values()]
}

/** What a person entered may be dated some days otherwise. */
const daysAround = 31

async function readSupplierCredits(
  gateway: LinkContext['gateway'],
  sought: readonly Sought[],
): Promise<readonly FoundTwin[]> {
  const dates = sought
    .filter(({ form }) => form === 'supplier_credit')
    .map(({ document }) => document.date)
    .sort()
  const [first] = dates
  const last = dates.at(-1)
  if (first === undefined || last === undefined) return []
  const read = await gateway.supplierCreditsDated(addDays(first, -daysAround), addDays(last, daysAround))
  return read.rows
}

/** The one that it is, or why none is. */
function judge(
  { document, form, contactId }: Sought,
  rows: readonly FoundTwin[],
  taken: ReadonlySet<string>,
  { books }: LinkContext,
): FoundTwin | string {
  const name = kindNames[document.kind].one
  const ofType = rows.filter(({ type }) => type === wireTypes[form])
  if (ofType.length === 0) return `is not in Xero: there is no ${name} of that number`
  const live = ofType.filter(({ status }) => isLive(status))
  const [dead] = ofType
  if (live.length === 0) return `is ${dead?.status.toLowerCase()} in Xero`
  const total = Math.abs(document.total)
  const isPurchase = form === 'bill' || form === 'supplier_credit'
  const tests: [(row: FoundTwin) => boolean, string][] = [
    [({ xeroId }) => !taken.has(xeroId), 'is linked in Xero with another document of the ledger'],
    [({ currency }) => currency === currencyOf(document, books), 'is in another currency in Xero'],
    [
      (row) => (contactId === null ? !isPurchase : row.contactId === contactId),
      contactId === null
        ? 'has a contact that is not linked with one of Xero (auxo-sync contacts match)'
        : 'is another contact’s in Xero',
    ],
    [(row) => !isPurchase || row.total === total, `has another total in Xero than ${formatCents(total)}`],
  ]
  let left = live
  for (const [fits, why] of tests) {
    left = left.filter(fits)
    if (left.length === 0) return why
  }
  const [only, another] = left
  return only && !another ? only : `is in Xero ${left.length} times`
}

/** Approved, whether something is left of it or not: only then it takes payments. */
export function isLive(status: string): boolean {
  return status === 'AUTHORISED' || status === 'PAID'
}

function folded(number: string | null): string {
  return (number ?? '').trim().toLowerCase()
}
