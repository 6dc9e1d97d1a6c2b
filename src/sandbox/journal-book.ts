// Keeps the journals of an organisation up with its records: what posts something new gets a journal, what posts otherwise or
// nothing any more a reversal first. Of changes between two bookings only the last is seen.

import type { GeneratedJournal } from './journal-record.ts'
import type { Organisation } from './organisation.ts'
import type { PostedRecord, Posting } from './posting-record.ts'
import { postedRecords } from './postings.ts'

export function bookJournals(organisation: Organisation, now: number, newGuid: () => string): void {
  const live = liveJournals(organisation)
  const append = (
    of: Omit<GeneratedJournal, 'id' | 'updatedAt' | 'number' | 'lines'>,
    lines: readonly Posting[],
  ) =>
    organisation.journals.put({
      ...of,
      id: newGuid(),
      updatedAt: now,
      number: organisation.journals.size + 1,
      lines: lines.map((line) => ({ ...line, id: newGuid() })),
    })
  const reverse = (journal: GeneratedJournal) =>
    append(
      { ...journal, isReversal: true },
      journal.lines.map((line) => ({ ...line, cents: -line.cents, taxCents: -line.taxCents })),
    )
  for (const record of postedRecords(organisation)) {
    const journal = live.get(record.key)
    live.delete(record.key)
    if (journal && isSame(journal, record)) continue
    if (journal) reverse(journal)
    const { postings, ...of } = record
    if (!isNothing(postings)) append({ ...of, isReversal: false }, postings)
  }
  // What posts nothing any more.
  for (const journal of live.values()) reverse(journal)
}

/** By their records, those that no reversal took back. */
function liveJournals(organisation: Organisation): Map<string, GeneratedJournal> {
  const live = new Map<string, GeneratedJournal>()
  for (const journal of organisation.journals.all().toSorted((a, b) => a.number - b.number)) {
    if (journal.isReversal) live.delete(journal.key)
    else live.set(journal.key, journal)
  }
  return live
}

function isSame(journal: GeneratedJournal, record: PostedRecord): boolean {
  return journal.date === record.date && linesOf(journal.lines) === linesOf(record.postings)
}

function linesOf(lines: readonly Posting[]): string {
  return JSON.stringify(
    lines.map(({ accountId, tracking, cents, taxType, taxCents }) => [
      accountId,
      tracking.map(({ optionId }) => optionId),
      cents,
      taxType,
      taxCents,
    ]),
  )
}

/** An allocation takes from an account what it puts there. */
function isNothing(postings: readonly Posting[]): boolean {
  const sums = new Map<string, number>()
  for (const { accountId, tracking, cents } of postings) {
    const key = JSON.stringify([accountId, tracking.map(({ optionId }) => optionId)])
    sums.set(key, (sums.get(key) ?? 0) + cents)
  }
  return [...sums.values()].every((sum) => sum === 0)
}
