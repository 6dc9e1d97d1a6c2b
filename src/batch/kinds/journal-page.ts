// What the rules of journals come to for a thing, whatever it comes of: held back, left for later, or handed on to the plan with what
// is to be done with it. The rules are validation/journal-rules.ts, what is sent journal-thing.ts.

import { baseCurrencyOf } from '../../accounting/books.ts'
import type { Finding } from '../../accounting/findings.ts'
import { debitTotalOf, type JournalEntry } from '../../accounting/journal-entry.ts'
import type { Operation, ThingKind } from '../../accounting/kinds.ts'
import type { SummarisedKind } from '../../accounting/settings.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import { journalSizeBound } from '../../mapping/size.ts'
import { checkJournal } from '../../validation/journal-rules.ts'
import type { PageVerdicts } from '../kind-row.ts'
import type { CheckScope } from '../scope.ts'

/** A thing that is to be a journal, with what is wrong with it apart from the journal itself. */
export interface JournalCase {
  kind: ThingKind
  id: string
  /** What people call it: a number, else the id. */
  label: string
  thing: Pick<WaitingThing, 'revision' | 'state'>
  entry: JournalEntry
  operation: Operation
  findings?: readonly Finding[]
  /** Goes within its day's summary. */
  summed?: { of: SummarisedKind; factsHash: string } | null
}

/** Said as information, and a reason to wait all the same. */
const waitsFor: ReadonlySet<string> = new Set(['future-dated', 'before-cutover'])

export function isHeldBack(findings: readonly Finding[]): boolean {
  return findings.some(({ code, severity }) => severity === 'error' || waitsFor.has(code))
}

/** Judges a journal and counts it into the page. */
export function countJournal(scope: CheckScope, page: PageVerdicts, journal: JournalCase): void {
  const { kind, id, label, thing, entry, operation } = journal
  const { books, today } = scope
  const before = journal.findings ?? []
  const findings = isHeldBack(before)
    ? before
    : [...before, ...checkJournal({ kind, id, number: label, entry }, { books, today })]
  countFindings(page, id, findings)
  if (isHeldBack(findings)) return
  if (journal.summed) {
    const { revision } = thing
    page.summed.push({ kind, id, revision, date: entry.date, entry, ...journal.summed })
    return
  }
  page.sendable.push({
    id,
    revision: thing.revision,
    operation,
    group: 'journal',
    bytes: journalSizeBound(entry),
    money: { currency: baseCurrencyOf(books), amount: debitTotalOf(entry) },
  })
}

/** Counts journals that a run would make itself, where nothing is made. Gives back the ids of the others. */
export function countForeseen(
  scope: CheckScope,
  page: PageVerdicts,
  kind: ThingKind,
  ids: readonly string[],
  waiting: ReadonlyMap<string, WaitingThing>,
): string[] {
  return ids.filter((id) => {
    const foreseen = scope.foreseen.get(`${kind}/${id}`)
    const thing = waiting.get(id) ?? { revision: 1, state: 'pending' as const }
    if (foreseen) countJournal(scope, page, { kind, id, thing, operation: 'create', ...foreseen })
    return foreseen === undefined
  })
}

/** Narration, id and status are all that a void has. */
const voidBytes = 10_000

export function planVoid(
  page: PageVerdicts,
  { id, thing }: { id: string; thing: Pick<WaitingThing, 'revision'> },
): void {
  const { revision } = thing
  page.sendable.push({ id, revision, operation: 'void', group: 'journal', bytes: voidBytes, money: null })
}

/** Counts what the rules said of a thing into the page. */
export function countFindings(page: PageVerdicts, id: string, findings: readonly Finding[]): void {
  const error = findings.find(({ severity }) => severity === 'error')
  page.checked.push({
    id,
    verdict: error ? 'failed' : null,
    reason: error?.message ?? null,
    findings,
  })
}
