// Pairs what two sides have of the same money, one to one: the same document and amount, and dates that are a few days apart at most
// (M1, P5). Best first, so that of several that could be it the nearest is taken.

import type { PlainDate } from './calendar.ts'
import type { Cents } from './money.ts'

export interface PairedEntry {
  /** Whatever both sides know the document by. */
  document: string
  /** Of the same currency on both sides. */
  amount: Cents
  /** Null where it is not known: then the date says nothing. */
  date: PlainDate | null
}

/** How many days apart two entries of the same money may be dated. */
export const pairDays = 3

export interface Pairing<Ours, Theirs> {
  pairs: { ours: Ours; theirs: Theirs }[]
  /** Left over on either side. */
  ours: Ours[]
  theirs: Theirs[]
}

export interface PairRules<Ours, Theirs> {
  /**
   * How well two entries go together beyond document, amount and date, the lower the better; null where they cannot be the same. It
   * is asked again before a pair is made, since one pair may decide others.
   */
  rank(one: Ours, other: Theirs): number | null
  onPair(one: Ours, other: Theirs): void
}

export function pairOneToOne<Ours extends PairedEntry, Theirs extends PairedEntry>(
  ours: readonly Ours[],
  theirs: readonly Theirs[],
  { rank, onPair }: PairRules<Ours, Theirs> = { rank: () => 0, onPair: () => undefined },
): Pairing<Ours, Theirs> {
  const freeOurs = new Set(ours)
  const freeTheirs = new Set(theirs)
  const pairs: Pairing<Ours, Theirs>['pairs'] = []
  const byMoney = new Map<string, Theirs[]>()
  for (const other of theirs) byMoney.set(keyOf(other), [...(byMoney.get(keyOf(other)) ?? []), other])
  const candidates = ours.flatMap((one) =>
    (byMoney.get(keyOf(one)) ?? []).flatMap((other) => {
      const days = daysApart(one.date, other.date)
      return days > pairDays ? [] : [{ one, other, days, first: rank(one, other) ?? Number.MAX_VALUE }]
    }),
  )
  candidates.sort((a, b) => a.first - b.first || a.days - b.days)
  for (const { one, other } of candidates) {
    if (!freeOurs.has(one) || !freeTheirs.has(other) || rank(one, other) === null) continue
    freeOurs.delete(one)
    freeTheirs.delete(other)
    onPair(one, other)
    pairs.push({ ours: one, theirs: other })
  }
  return { pairs, ours: [...freeOurs], theirs: [...freeTheirs] }
}

function keyOf({ document, amount }: PairedEntry): string {
  return JSON.stringify([document, amount])
}

function daysApart(one: PlainDate | null, other: PlainDate | null): number {
  if (one === null || other === null) return 0
  return Math.abs(Date.parse(one) - Date.parse(other)) / 86_400_000
}
