// What Xero has with auxo-sync's own mark although the ledger does not know that it was sent: by a state of the ledger that was lost
// when a back-up was put back, or later than Xero ever took. It is there, and is never sent a second time (E3, E13).

import type { PlainDate } from '../accounting/calendar.ts'
import { longDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import { markerTag, tagOf } from '../mapping/marker.ts'
import { complainOf, type MoneyThing } from './money-check.ts'

/** Of these rows of Xero's the one with the mark of this thing. */
export function findMarked<Row extends { reference: string | null }>(
  rows: readonly Row[],
  entity: string,
  { kind, id }: Pick<MoneyThing, 'kind' | 'id'>,
): Row | undefined {
  const tag = markerTag({ entity, kind, id })
  return rows.find(({ reference }) => tagOf(reference) === tag)
}

export function markedFinding(
  thing: MoneyThing,
  { amount, date }: { amount: Cents; date: PlainDate | null },
): Finding {
  return complainOf(thing, {
    code: 'payment-duplicate',
    field: 'amount',
    message: `is in Xero already: ${formatCents(amount)}${date ? ` of ${longDate(date)}` : ''} with auxo-sync’s own mark, which this ledger does not know to be sent. It was not sent a second time.`,
    why: 'It was sent before this ledger was put back from a back-up, or by a copy of it.',
    fix: 'Run auxo-sync adopt-copy: what Xero has already counts as exported then.',
  })
}
