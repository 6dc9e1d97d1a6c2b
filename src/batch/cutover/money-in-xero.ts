// What Xero has on documents that are linked at cutover: payments, refunds, and what credits, prepayments and overpayments take off
// them (M1). Credits are read one by one, since only they say when they were applied.

import type { PlainDate } from '../../accounting/calendar.ts'
import { addCents, type Cents } from '../../accounting/money.ts'
import { findTakenXeroIds } from '../../ledger/things.ts'
import type { FeedCredit } from '../../xero/found.ts'
import { idOfAllocation } from '../channels/money.ts'
import type { LinkContext } from './link-context.ts'
import type { Twin } from './twins.ts'

interface Entry {
  /** The document's id in the ledger. */
  document: string
  amount: Cents
  date: PlainDate | null
  twin: Twin
}

/** A payment, or on a credit a refund. */
export interface XeroPaymentEntry extends Entry {
  xeroId: string
  reference: string | null
}

/** What a credit takes off a document, all of it there. */
export interface XeroCreditEntry extends Entry {
  credit: FeedCredit
  allocationId: string
}

export interface MoneyInXero {
  payments: XeroPaymentEntry[]
  /** Of credit notes. */
  credits: XeroCreditEntry[]
  /** Of prepayments and overpayments. */
  deposits: XeroCreditEntry[]
  /** Every credit that was read, the linked ones among them. */
  read: FeedCredit[]
}

/** What the ledger knows as its own already is left out. */
export async function readMoneyInXero(context: LinkContext, twins: readonly Twin[]): Promise<MoneyInXero> {
  const read = await readCredits(context, twins)
  const twinOf = new Map(twins.map((twin) => [twin.row.xeroId, twin]))
  const applied = read.flatMap((credit) => appliedBy(credit, twinOf))
  const payments = twins.flatMap((twin) =>
    twin.row.payments.map(({ xeroId, amount, date, reference }) => ({
      xeroId,
      amount,
      date,
      reference,
      document: twin.document.id,
      twin,
    })),
  )
  const taken = await findTakenXeroIds(context.ledger, [
    ...payments.map(({ xeroId }) => xeroId),
    ...read.map(({ xeroId }) => xeroId),
  ])
  const own = new Set(twins.map(({ row }) => row.xeroId))
  const isFree = ({ credit }: XeroCreditEntry) => !taken.has(credit.xeroId) || own.has(credit.xeroId)
  return {
    payments: payments.filter(({ xeroId }) => !taken.has(xeroId)),
    credits: applied.filter((one) => one.credit.kind === 'credit_note' && isFree(one)),
    deposits: applied.filter((one) => one.credit.kind !== 'credit_note' && isFree(one)),
    read,
  }
}

/** Those that stand under the invoices, and those that are linked themselves. */
async function readCredits({ gateway }: LinkContext, twins: readonly Twin[]): Promise<FeedCredit[]> {
  const wanted = new Map<string, FeedCredit['kind']>()
  for (const { row } of twins) {
    if ('credits' in row) for (const { kind, xeroId } of row.credits) wanted.set(xeroId, kind)
    else wanted.set(row.xeroId, 'credit_note')
  }
  const credits: FeedCredit[] = []
  for (const [xeroId, kind] of wanted) {
    const credit = await gateway.creditById(kind, xeroId)
    if (credit && credit.status !== 'VOIDED' && credit.status !== 'DELETED') credits.push(credit)
  }
  return credits
}

/** Several allocations on one document are one, dated by the last: so the ledger has them. */
function appliedBy(credit: FeedCredit, twinOf: ReadonlyMap<string, Twin>): XeroCreditEntry[] {
  const entries = new Map<string, XeroCreditEntry>()
  for (const part of credit.allocations ?? []) {
    const twin = twinOf.get(part.invoiceId)
    if (!twin) continue
    const before = entries.get(part.invoiceId)
    const dates = [before?.date, part.date].flatMap((date) => date ?? []).sort()
    entries.set(part.invoiceId, {
      document: twin.document.id,
      amount: addCents(part.amount, ...(before ? [before.amount] : [])),
      date: dates.at(-1) ?? null,
      twin,
      credit,
      allocationId: before?.allocationId ?? idOfAllocation(credit.xeroId, part),
    })
  }
  return [...entries.values()]
}
