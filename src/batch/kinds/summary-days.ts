// Makes the summaries of days that are over (J5): which sources differ from what earlier journals of their day said, and what each
// day's next journal says of them. What was never sent is made anew every time; what was sent is never touched.

import type { PlainDate } from '../../accounting/calendar.ts'
import type { SummarisedKind } from '../../accounting/settings.ts'
import type { Ledger } from '../../ledger/open.ts'
import {
  findUnsentSummaries,
  readLastSequences,
  readSaid,
  type SaidOfSource,
  type SourceKey,
  type SummarySourceRow,
  type SummaryToRecord,
  type UnsentSummary,
} from '../../ledger/summaries.ts'
import { isChanged, type SummarySource, summariseDay } from '../../mapping/daily-summary.ts'
import type { SummedThing } from '../kind-row.ts'
import type { CheckScope } from '../scope.ts'

/** A source with what it is to be on one day, and what was said of it there. */
interface OnDay extends SummarySource {
  row: SummarySourceRow
}

interface Day {
  of: SummarisedKind
  date: PlainDate
  sources: OnDay[]
}

export interface Days {
  /** To be written down, those of which nothing is left included. */
  summaries: SummaryToRecord[]
  /** In Xero as they are now: nothing is to be said of them. */
  same: SummedThing[]
}

/** What these things come to, day by day, with all summaries of these kinds that were never sent. */
export async function planDays(
  { ledger, books }: Pick<CheckScope, 'ledger' | 'books'>,
  things: readonly SummedThing[],
  kinds: readonly SummarisedKind[],
): Promise<Days> {
  const entity = books.entity.code
  const unsent = (await findUnsentSummaries(ledger, entity)).filter(({ of }) => kinds.includes(of))
  const { days, same } = await findDays(ledger, entity, things, unsent)
  const sequences = await readLastSequences(ledger, entity)
  const summaries: SummaryToRecord[] = []
  for (const { of, date, sources } of days) {
    const [again, ...others] = unsent.filter((one) => one.of === of && one.date === date)
    for (const one of others) summaries.push(emptied(one))
    const sequence = again?.sequence ?? (sequences.get(`${of}/${date}`) ?? 0) + 1
    const summary = summariseDay({ kind: of, date, sequence }, sources, books)
    const rows = new Map(sources.map((source) => [source.id, source.row]))
    if (summary)
      summaries.push({
        row: again?.row ?? null,
        of,
        date,
        sequence,
        entry: summary.entry,
        sources: summary.sources.flatMap(({ id, amountCents }) => {
          const row = rows.get(id)
          return row ? [{ ...row, amountCents }] : []
        }),
      })
    else if (again) summaries.push(emptied(again))
  }
  const known = new Set(days.map(dayOf))
  for (const one of unsent) if (!known.has(dayOf(one)) && !one.isEmpty) summaries.push(emptied(one))
  return { summaries, same }
}

function emptied({ row, of, date, sequence }: UnsentSummary): SummaryToRecord {
  return { row, of, date, sequence, entry: null, sources: [] }
}

function dayOf({ of, date }: { of: SummarisedKind; date: PlainDate }): string {
  return `${of}/${date}`
}

function keyOf({ kind, id }: SourceKey): string {
  return `${kind}/${id}`
}

async function findDays(
  ledger: Ledger,
  entity: string,
  things: readonly SummedThing[],
  unsent: readonly UnsentSummary[],
): Promise<{ days: Day[]; same: SummedThing[] }> {
  const asked = new Set(things.map(keyOf))
  // One that moved to another day: of the day that it left Xero knows, of the new one not yet.
  const kept = unsent.flatMap((summary) =>
    summary.kept.filter((row) => !asked.has(keyOf(row))).map((row) => ({ summary, row })),
  )
  const { said, open } = await readSaid(ledger, entity, [...things, ...kept.map(({ row }) => row)])
  const unsettled = new Set(open.map(keyOf))
  const saidOf = new Map<string, SaidOfSource[]>()
  for (const one of said) saidOf.set(keyOf(one), [...(saidOf.get(keyOf(one)) ?? []), one])
  const days = new Map<string, Day>()
  const put = (of: SummarisedKind, date: PlainDate, source: OnDay) => {
    const day = days.get(dayOf({ of, date })) ?? { of, date, sources: [] }
    days.set(dayOf(day), day)
    day.sources.push(source)
  }
  const same: SummedThing[] = []
  for (const thing of things) {
    if (unsettled.has(keyOf(thing))) continue
    const onDays = daysOf(thing, saidOf.get(keyOf(thing)) ?? [])
    if (onDays.some(({ source }) => isChanged(source)))
      for (const { of, date, source } of onDays) put(of, date, source)
    else same.push(thing)
  }
  for (const { summary, row } of kept) {
    if (unsettled.has(keyOf(row))) continue
    const before = (saidOf.get(keyOf(row)) ?? []).find((one) => dayOf(one) === dayOf(summary))
    put(summary.of, summary.date, onDay(row, before?.entry ?? null))
  }
  return { days: [...days.values()], same }
}

/** The day that it belongs to now, and those of which it was said before that it belonged to them. */
function daysOf(thing: SummedThing, said: readonly SaidOfSource[]) {
  const { of, date, entry, kind, id, revision, factsHash } = thing
  const row = { kind, id, revision, factsHash, amountCents: 0, entry: null, isEnded: entry === null }
  const left = said.filter((one) => dayOf(one) !== dayOf(thing))
  const here = said.find((one) => dayOf(one) === dayOf(thing))
  return [
    ...left.map((one) => ({ of: one.of, date: one.date, source: onDay(row, one.entry) })),
    { of, date, source: onDay({ ...row, entry }, here?.entry ?? null) },
  ]
}

function onDay(row: SummarySourceRow, summarised: SummarySource['summarised']): OnDay {
  return { id: keyOf(row), revision: row.revision, entry: row.entry, summarised, row }
}
