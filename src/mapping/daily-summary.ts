// One balanced journal for a day's invoices, credit notes, payments or deposits (J5). What was summed up before is handed
// in, so that the next journal of a day carries only what came late, was edited or voided.

import type { Books } from '../accounting/books.ts'
import { longDate, type PlainDate } from '../accounting/calendar.ts'
import {
  debitTotalOf,
  type EntryLine,
  isMoving,
  type JournalEntry,
  reversedLines,
} from '../accounting/journal-entry.ts'
import { addCents, type Cents, subtractCents } from '../accounting/money.ts'
import type { SummarisedKind } from '../accounting/settings.ts'
import { accountName, sumKeyOf } from './entry-lines.ts'

/** A document or payment of the day, with its journal as it would stand alone. */
export interface SummarySource {
  id: string
  revision: number
  /** Null where nothing of it belongs to the day any more: voided, deleted, moved to another date. */
  entry: JournalEntry | null
  /** What earlier journals of the day said of it in all; null where none did. */
  summarised: JournalEntry | null
}

/** What a summary says of one source, for the record (`summary_source`). */
export interface SummarisedSource {
  id: string
  revision: number
  /** By how much its debits changed: all of them where it is new. */
  amountCents: Cents
  entry: JournalEntry | null
}

export interface DailySummary {
  entry: JournalEntry
  /** Those of which it says something. */
  sources: readonly SummarisedSource[]
}

const kindWords: Record<SummarisedKind, { one: string; many: string }> = {
  invoice: { one: 'invoice', many: 'invoices' },
  credit_note: { one: 'credit note', many: 'credit notes' },
  payment: { one: 'payment', many: 'payments' },
  deposit: { one: 'deposit', many: 'deposits' },
}

/**
 * The journal of a day and kind, in which sources differ from what was said of them. `sequence` counts the journals of
 * that day and kind from 1. Null where nothing differs.
 */
export function summariseDay(
  day: { kind: SummarisedKind; date: PlainDate; sequence: number },
  sources: readonly SummarySource[],
  books: Books,
): DailySummary | null {
  const changed = sources.filter(isChanged)
  const lines = differences(changed, day.kind, books)
  if (lines.length === 0) return null
  const later = day.sequence > 1 ? `, part ${day.sequence}` : ''
  const narration = `Daily summary of ${kindWords[day.kind].many}, ${longDate(day.date)}${later}`
  return {
    entry: { date: day.date, narration, lines },
    sources: changed.map(({ id, revision, entry, summarised }) => ({
      id,
      revision,
      amountCents: subtractCents(debits(entry), debits(summarised)),
      entry,
    })),
  }
}

function debits(entry: JournalEntry | null): Cents {
  return entry === null ? addCents() : debitTotalOf(entry)
}

/** A source whose lines move the same as before says nothing new, whatever else of it changed. */
export function isChanged({ entry, summarised }: SummarySource): boolean {
  return movesOf(entry) !== movesOf(summarised)
}

function movesOf(entry: JournalEntry | null): string {
  const lines = entry?.lines.filter(isMoving) ?? []
  return JSON.stringify(lines.map((line) => [sumKeyOf(line), line.amount, line.tax]).sort())
}

interface Group {
  now: EntryLine[]
  /** Already the other way round. */
  before: EntryLine[]
  sources: Set<string>
}

/** One line for each account, tax type, tracking and side: what it is now less what was said before. */
function differences(sources: readonly SummarySource[], kind: SummarisedKind, books: Books): EntryLine[] {
  const groups = new Map<string, Group>()
  const groupOf = (line: EntryLine, id: string) => {
    const key = sumKeyOf(line)
    const group = groups.get(key) ?? { now: [], before: [], sources: new Set() }
    groups.set(key, group)
    group.sources.add(id)
    return group
  }
  for (const { id, entry, summarised } of sources) {
    for (const line of entry?.lines.filter(isMoving) ?? []) groupOf(line, id).now.push(line)
    for (const line of summarised?.lines.filter(isMoving) ?? [])
      groupOf(line, id).before.push(...reversedLines([line]))
  }
  return [...groups.values()].flatMap((group) => differenceOf(group, kind, books))
}

/**
 * The difference as one line; where its tax would be above its amount or of the other sign, which Xero refuses (§4.1), what
 * was said before and what is said now as a line each.
 */
function differenceOf({ now, before, sources }: Group, kind: SummarisedKind, books: Books): EntryLine[] {
  const sums = [[...before, ...now]].flatMap(sumOf)
  const [sum] = sums
  const isPossible = !sum || (Math.abs(sum.tax) <= Math.abs(sum.amount) && sum.tax * sum.amount >= 0)
  return (isPossible ? sums : [before, now].flatMap(sumOf)).map((line) => ({
    ...line,
    description: `${accountName(line.account, books)}: ${sources.size.toLocaleString('en')} ${kindWords[kind][sources.size === 1 ? 'one' : 'many']}`,
  }))
}

function sumOf(lines: readonly EntryLine[]): EntryLine[] {
  const [first] = lines
  if (!first) return []
  const amount = addCents(...lines.map((line) => line.amount))
  const tax = addCents(...lines.map((line) => line.tax))
  return [{ ...first, amount, tax }].filter(isMoving)
}
