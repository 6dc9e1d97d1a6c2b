// Sales documents that are journals in Xero (ar_style=journals, J4): judged, posted, changed and voided as such, without contacts. What
// the journal says is mapping/journal-of-document.ts. Documents that went out before the setting was changed stay what they are.

import type { LedgerDocument } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import type { JournalEntry } from '../../accounting/journal-entry.ts'
import type { Operation } from '../../accounting/kinds.ts'
import { type SummarisedKind, summarisedKinds } from '../../accounting/settings.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import { documentHash } from '../../mapping/facts.ts'
import { summaryOf } from '../../mapping/journal.ts'
import { journalOfDocument } from '../../mapping/journal-of-document.ts'
import { unfittingFinding } from '../../validation/journal-rules.ts'
import type { RunContext } from '../context.ts'
import type { Loaded, PageVerdicts } from '../kind-row.ts'
import type { CheckScope } from '../scope.ts'
import { countFindings, countJournal, isHeldBack, planVoid } from './journal-page.ts'
import { loadJournals } from './journal-thing.ts'

interface DocumentThing {
  document: LedgerDocument
  thing: WaitingThing
}

/** Judges a document as a journal and counts it into the page; `findings` are what the rules of documents said. */
export function countDocumentJournal(
  scope: CheckScope,
  page: PageVerdicts,
  { document, thing }: DocumentThing,
  findings: readonly Finding[],
): void {
  const { kind, id } = document
  const label = labelOf(document)
  const isInXero = thing.state === 'exported'
  const summed = summedOf(scope, document, thing)
  if (isHeldBack(findings) || document.status === 'void') {
    countFindings(page, id, findings)
    if (isHeldBack(findings) || !isInXero) return
    if (summed) {
      const { date } = document
      page.summed.push({ kind, id, revision: thing.revision, date, entry: null, ...summed })
    } else planVoid(page, { id, thing })
    return
  }
  const entry = journalOfDocument(document, scope.books)
  if ('fits' in entry) {
    countFindings(page, id, [...findings, unfittingFinding({ kind, id, number: label }, entry)])
    return
  }
  const operation = isInXero ? 'update' : 'create'
  countJournal(scope, page, { kind, id, label, thing, entry, operation, findings, summed })
}

/** Null for what goes by itself. What is in a summary already stays in summaries, whatever the settings say now. */
function summedOf(
  { books }: CheckScope,
  document: LedgerDocument,
  { facts }: WaitingThing,
): { of: SummarisedKind; factsHash: string } | null {
  const of = summarisedKinds.find((kind) => kind === document.kind)
  if (!of) return null
  const isSummed = facts === null ? books.settings.daily_summaries.includes(of) : summaryOf(facts) !== null
  return isSummed ? { of, factsHash: documentHash(document) } : null
}

export async function loadDocumentJournals(
  context: RunContext,
  operation: Operation,
  documents: readonly DocumentThing[],
): Promise<Loaded> {
  return loadJournals(
    context,
    operation,
    documents.flatMap(({ document, thing }) => {
      const entry = operation === 'void' ? null : entryOf(document, context)
      const { kind, id } = document
      return [{ kind, id, label: labelOf(document), entry, factsHash: documentHash(document), thing }]
    }),
  )
}

function entryOf(document: LedgerDocument, { books }: RunContext): JournalEntry {
  const entry = journalOfDocument(document, books)
  if ('fits' in entry) throw new Error(`${document.kind} ${document.id} has no journal and passed validation`)
  return entry
}

function labelOf({ number, id }: LedgerDocument): string {
  return number.trim() || id
}
