// Pairs what the ledger and Xero have on linked documents (M1): document, amount, date within 3 days, one to one. A credit of the ledger
// is one credit of Xero, and a receipt one prepayment or overpayment, whatever of them is paired.

import { pairOneToOne } from '../../accounting/one-to-one.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import type { LedgerEntry } from './money-in-ledger.ts'
import type { MoneyInXero, XeroCreditEntry, XeroPaymentEntry } from './money-in-xero.ts'
import type { Twin } from './twins.ts'

export interface PairedMoney {
  payments: { ours: LedgerEntry; theirs: XeroPaymentEntry }[]
  credits: { ours: LedgerEntry; theirs: XeroCreditEntry }[]
  deposits: { ours: LedgerEntry; theirs: XeroCreditEntry }[]
  /** Of the ledger, and not in Xero: a person decides what to do with them. */
  unpairedOurs: LedgerEntry[]
  /** Of Xero, and not in the ledger: the next pull brings them. */
  unpairedTheirs: (XeroPaymentEntry | XeroCreditEntry)[]
}

/** Pure. */
export function pairMoney(
  ledger: readonly LedgerEntry[],
  xero: Pick<MoneyInXero, 'payments' | 'credits' | 'deposits'>,
  twins: readonly Twin[],
): PairedMoney {
  const isCredit = ({ kind }: LedgerEntry) => kind === 'allocation' || kind === 'discount'
  const payments = pairOneToOne(
    ledger.filter((one) => !isCredit(one)),
    xero.payments,
  )
  // What was taken in advance may be a prepayment there, and a plain payment here.
  const receipts = new OneToOne()
  const left = payments.ours.filter(({ kind }) => kind === 'payment')
  const deposits = pairOneToOne(left, xero.deposits, {
    rank: (ours, theirs) => receipts.rank(splitPair(ours.id)[0], theirs.credit.xeroId),
    onPair: (ours, theirs) => receipts.take(splitPair(ours.id)[0], theirs.credit.xeroId),
  })
  const credits = new OneToOne(twins.map(({ document, row }) => [document.id, row.xeroId]))
  const applied = pairOneToOne(ledger.filter(isCredit), xero.credits, {
    rank: (ours, theirs) => rankCredit(ours, theirs, credits),
    onPair: (ours, theirs) => credits.take(ours.credit?.id ?? ours.id, theirs.credit.xeroId),
  })
  const notDeposits = payments.ours.filter(({ kind }) => kind !== 'payment')
  return {
    payments: payments.pairs,
    deposits: deposits.pairs,
    credits: applied.pairs,
    unpairedOurs: [...notDeposits, ...deposits.ours, ...applied.ours],
    unpairedTheirs: [...payments.theirs, ...deposits.theirs, ...applied.theirs],
  }
}

/** One that is known goes first, then one of the same number. */
function rankCredit(ours: LedgerEntry, { credit }: XeroCreditEntry, known: OneToOne): number | null {
  if (ours.kind === 'discount') return known.rank(ours.id, credit.xeroId)
  // A credit that was really sent is the pull's business.
  if (ours.credit === null) return null
  const rank = known.rank(ours.credit.id, credit.xeroId)
  if (rank === null) return null
  return rank + (ours.credit.number.trim().toLowerCase() === (credit.number ?? '').toLowerCase() ? 0 : 1)
}

/** Which of ours is which of Xero's, as it becomes clear. */
class OneToOne {
  readonly #theirs = new Map<string, string>()
  readonly #ours = new Map<string, string>()

  constructor(known: readonly (readonly [ours: string, theirs: string])[] = []) {
    for (const [ours, theirs] of known) this.take(ours, theirs)
  }

  /** 0 where they are known to be the same, 1 where both are free, null where one of them is another's. */
  rank(ours: string, theirs: string): number | null {
    const known = this.#theirs.get(ours)
    if (known !== undefined) return known === theirs ? 0 : null
    return this.#ours.has(theirs) ? null : 1
  }

  take(ours: string, theirs: string): void {
    this.#theirs.set(ours, theirs)
    this.#ours.set(theirs, ours)
  }
}
