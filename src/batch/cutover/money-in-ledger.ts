// What the ledger has on documents that are linked at cutover, as far as the marking takes it (M1): payments, refunds, discounts,
// credits applied, and journals that are payments.

import type { PlainDate } from '../../accounting/calendar.ts'
import { type Cents, cents } from '../../accounting/money.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import { readApplied } from '../../ledger/applied.ts'
import { type CutoverPeriod, findUnlinkedMarks } from '../../ledger/cutover.ts'
import type { Ledger } from '../../ledger/open.ts'
import { type ParentRow, readParents } from '../../ledger/parents.ts'
import type { Twin } from './twins.ts'

export interface LedgerEntry {
  kind: 'payment' | 'refund' | 'discount' | 'allocation' | 'journal'
  /** The thing's id in export_state. */
  id: string
  /** Of the ledger. */
  document: string
  amount: Cents
  date: PlainDate | null
  /** Of an allocation: the credit that is applied; null where it was really sent, or the ledger has it not. */
  credit: ParentRow | null
}

export async function readMoneyInLedger(
  ledger: Ledger,
  period: CutoverPeriod,
  twins: readonly Twin[],
): Promise<LedgerEntry[]> {
  const applied = await readApplied(
    ledger,
    twins.map(({ document }) => document.id),
  )
  const entries = [...applied].flatMap(([document, things]) =>
    things
      .filter(({ isExternal, isDeleted }) => !isExternal && !isDeleted)
      // Of a credit what it is applied to is told with the document that it is applied to.
      .filter(({ kind, id }) => kind !== 'allocation' || splitPair(id)[0] !== document)
      .map(({ kind, id, amount, date }) => ({ kind, id, document, amount: cents(Math.abs(amount)), date })),
  )
  const marked = await findUnlinkedMarks(ledger, period, entries)
  const credits = await readParents(
    ledger,
    entries.flatMap(({ kind, id }) => (kind === 'allocation' ? [splitPair(id)[0]] : [])),
  )
  const free = await findUnlinkedMarks(ledger, period, [...credits.values()])
  return entries
    .filter(({ kind, id }) => marked.has(`${kind}/${id}`))
    .map((entry) => {
      const credit = entry.kind === 'allocation' ? credits.get(splitPair(entry.id)[0]) : undefined
      const isFree = credit !== undefined && free.has(`${credit.kind}/${credit.id}`)
      return { ...entry, date: entry.date ?? credit?.date ?? null, credit: isFree ? credit : null }
    })
}
