// What linking at cutover comes to (M1): found in Xero, paired with the ledger, and as rows to be written. Nothing is written here;
// what people are told of it stands in the same plan.

import type { Cents } from '../../accounting/money.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import type { CutoverPeriod } from '../../ledger/cutover.ts'
import { findOpenDocuments, type LinkedThing } from '../../ledger/cutover-links.ts'
import type { AllocationFacts } from '../../mapping/allocation.ts'
import { factsOfFound } from '../../mapping/found-document.ts'
import { tagOf } from '../../mapping/marker.ts'
import type { PaymentFacts } from '../../mapping/payment.ts'
import type { FeedCredit, FoundCreditNote } from '../../xero/found.ts'
import { allocationKey } from '../channels/money.ts'
import type { LinkContext } from './link-context.ts'
import { type LedgerEntry, readMoneyInLedger } from './money-in-ledger.ts'
import { readMoneyInXero, type XeroCreditEntry, type XeroPaymentEntry } from './money-in-xero.ts'
import { type PairedMoney, pairMoney } from './pair-money.ts'
import { findTwins, type NotLinked, type Twin } from './twins.ts'

export interface LinkPlan {
  twins: readonly Twin[]
  notLinked: readonly NotLinked[]
  money: PairedMoney
  /** Credits of Xero's that were read on the way. */
  credits: readonly FeedCredit[]
  things: readonly LinkedThing[]
}

export async function planLinks(context: LinkContext, period: CutoverPeriod): Promise<LinkPlan> {
  const documents = await findOpenDocuments(context.ledger, period)
  const { twins, notLinked } = await findTwins(context, documents)
  const inXero = await readMoneyInXero(context, twins)
  const money = pairMoney(await readMoneyInLedger(context.ledger, period, twins), inXero, twins)
  const things = await linkedThings(context, twins, money)
  return { twins, notLinked, money, credits: inXero.read, things }
}

async function linkedThings(
  context: LinkContext,
  twins: readonly Twin[],
  money: PairedMoney,
): Promise<LinkedThing[]> {
  const linked = new Map(twins.map(({ document }) => [document.id, true]))
  const notes = new Map<string, FoundCreditNote>()
  for (const { ours, theirs } of money.credits) {
    if (linked.has(ours.credit?.id ?? '') || notes.has(theirs.credit.xeroId)) continue
    const note = await context.gateway.creditNoteById(theirs.credit.xeroId)
    if (note) notes.set(note.xeroId, note)
  }
  const things = [
    ...twins.map(({ document, form, row }) => ({
      ...named(document.kind, document.id, row),
      facts: factsOfFound(form, row, document.date),
    })),
    ...money.payments.map(({ ours, theirs }) => paidThing(ours, theirs)),
    ...money.credits.flatMap(({ ours, theirs }) =>
      creditThings(ours, theirs, notes.get(theirs.credit.xeroId)),
    ),
    ...money.deposits.flatMap(({ ours, theirs }) => depositThings(ours, theirs)),
  ]
  // A credit that is applied to several documents is one thing.
  return [...new Map(things.map((one) => [`${one.kind}/${one.id}`, one])).values()]
}

function named(
  kind: LinkedThing['kind'],
  id: string,
  { xeroId, number, status }: { xeroId: string; number: string | null; status: string },
) {
  return { kind, id, xeroId, xeroNumber: number, xeroStatus: status }
}

function paidThing(ours: LedgerEntry, theirs: XeroPaymentEntry): LinkedThing {
  const { row } = theirs.twin
  const facts: PaymentFacts = {
    channel: 'payments',
    targetKind: 'credits' in row ? 'invoice' : 'creditNote',
    targetId: row.xeroId,
    amountCents: theirs.amount,
    currency: row.currency,
    date: theirs.date ?? theirs.twin.document.date,
    tag: tagOf(theirs.reference) ?? '',
    account: '',
    bankAmountCents: null,
    label: labelOf(ours, theirs),
  }
  return {
    ...named(ours.kind, ours.id, { xeroId: theirs.xeroId, number: theirs.reference, status: 'AUTHORISED' }),
    facts,
  }
}

function allocated(
  endpoint: AllocationFacts['endpoint'],
  ours: LedgerEntry,
  theirs: XeroCreditEntry,
): Pick<LinkedThing, 'xeroId' | 'xeroNumber' | 'xeroStatus' | 'facts'> {
  const { credit, twin, amount, date } = theirs
  const facts: AllocationFacts = {
    channel: 'allocations',
    endpoint,
    parentId: credit.xeroId,
    invoiceId: twin.row.xeroId,
    amountCents: amount,
    date: date ?? credit.date ?? twin.document.date,
    label: labelOf(ours, theirs),
  }
  // Whether Xero names it or not, it is known by its two documents.
  const xeroId = theirs.allocationId || allocationKey(credit.xeroId, twin.row.xeroId)
  return { xeroId, xeroNumber: null, xeroStatus: 'AUTHORISED', facts }
}

/** The allocation, and the credit where it was settled and is linked only by what it takes off. */
function creditThings(
  ours: LedgerEntry,
  theirs: XeroCreditEntry,
  note: FoundCreditNote | undefined,
): LinkedThing[] {
  const isDiscount = ours.kind === 'discount'
  const part = allocated('CreditNotes', ours, theirs)
  const allocation: LinkedThing = {
    kind: isDiscount ? 'discount_allocation' : 'allocation',
    id: ours.id,
    ...part,
  }
  if (!note) return [allocation]
  const form = note.type === 'ACCPAYCREDIT' ? 'supplier_credit' : 'sales_credit'
  const facts = factsOfFound(form, note, note.date ?? theirs.twin.document.date)
  const kind = isDiscount ? 'discount' : (ours.credit?.kind ?? 'credit_note')
  return [{ ...named(kind, ours.credit?.id ?? ours.id, note), facts }, allocation]
}

/** What was taken in advance, and what of it is on the document. */
function depositThings(ours: LedgerEntry, theirs: XeroCreditEntry): LinkedThing[] {
  const { credit } = theirs
  const endpoint = credit.kind === 'prepayment' ? 'Prepayments' : 'Overpayments'
  const [payment] = splitPair(ours.id)
  const facts = {
    channel: 'bank_transactions',
    type: credit.type,
    contactId: credit.contactId,
    amountCents: credit.total satisfies Cents,
    currency: credit.currency,
    date: credit.date ?? theirs.twin.document.date,
    tag: tagOf(credit.reference) ?? '',
    besides: [],
    label: payment,
  }
  return [
    { ...named('receipt', payment, { ...credit, number: credit.reference }), facts },
    { kind: ours.kind, id: ours.id, ...allocated(endpoint, ours, theirs) },
  ]
}

function labelOf(ours: LedgerEntry, { twin }: { twin: Twin }): string {
  const name = ours.kind === 'journal' ? ours.id : (ours.credit?.number.trim() ?? splitPair(ours.id)[0])
  return `${name} on ${twin.document.number.trim() || twin.document.id}`
}
