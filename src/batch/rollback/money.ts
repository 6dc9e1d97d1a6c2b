// What a rollback comes to, kind by kind (M6): by what was written down of each thing when it was sent.

import { type ReportedKind, reportedAs, reportedKinds, type ThingKind } from '../../accounting/kinds.ts'

export interface MoneyOfKind {
  kind: ReportedKind
  things: number
  /** The organisation's own where the thing names none; null where that is not known. */
  currency: string | null
  cents: number
}

/** Where it is counted: a deposit may be an overpayment, a receipt a journal. */
export function countedAs({ kind, facts }: { kind: ThingKind; facts: string | null }): ReportedKind {
  const { form, type, channel } = factsIn(facts)
  if (channel === 'allocations') return 'allocation'
  if (kind === 'receipt' && form === 'journal') return 'journal'
  if (kind === 'receipt' && type?.endsWith('OVERPAYMENT')) return 'overpayment'
  if (kind === 'discount' && form === 'supplier_credit') return 'supplier_credit'
  return kind === 'journal' && channel === 'payments' ? 'payment' : reportedAs[kind]
}

interface SomeFacts {
  form?: string
  type?: string
  channel?: string
  currency?: string
  totalCents?: number
  amountCents?: number
  totalDebitCents?: number
  summary?: string
}

function factsIn(facts: string | null): SomeFacts {
  return facts === null ? {} : (JSON.parse(facts) as SomeFacts) // facts of any kind are objects
}

/** By kind and currency, in the order of reports. Sources of a summary count with it and not again. */
export function moneyOf(
  things: readonly { kind: ThingKind; facts: string | null }[],
  baseCurrency: string | null,
): MoneyOfKind[] {
  const sums = new Map<string, MoneyOfKind>()
  for (const thing of things) {
    const facts = factsIn(thing.facts)
    if (facts.summary !== undefined) continue
    const kind = countedAs(thing)
    const currency = facts.currency ?? baseCurrency
    const key = `${kind} ${currency}`
    const known = sums.get(key) ?? { kind, things: 0, currency, cents: 0 }
    const cents = Math.abs(facts.totalCents ?? facts.amountCents ?? facts.totalDebitCents ?? 0)
    sums.set(key, { ...known, things: known.things + 1, cents: known.cents + cents })
  }
  return [...sums.values()].sort(
    (one, other) => reportedKinds.indexOf(one.kind) - reportedKinds.indexOf(other.kind),
  )
}
