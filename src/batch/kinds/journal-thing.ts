// Whatever goes out as a manual journal, as an element of a call: created by PUT, changed and voided by POST with its id, and only
// where Xero still has it as we left it. Where the entry comes from is each kind's business, its shape mapping/journal.ts.

import type { Books } from '../../accounting/books.ts'
import type { Finding, FindingCode } from '../../accounting/findings.ts'
import type { JournalEntry } from '../../accounting/journal-entry.ts'
import { kindNames, type Operation, type ThingKind } from '../../accounting/kinds.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import {
  type JournalFacts,
  type JournalMapping,
  journalUpdate,
  journalVoid,
  mapJournal,
  readJournalFacts,
} from '../../mapping/journal.ts'
import type { Found } from '../channels/channel.ts'
import { manualJournals } from '../channels/records.ts'
import type { RunContext } from '../context.ts'
import type { Loaded, LoadedThing } from '../kind-row.ts'

/** A thing that goes out as a journal, as it was read for this call. */
export interface ReadyJournal {
  kind: ThingKind
  id: string
  /** What people call it: a number, else the id. */
  label: string
  /** As it is to stand in Xero; not asked for where it is voided. */
  entry: JournalEntry | null
  factsHash: string
  thing: Pick<WaitingThing, 'revision' | 'facts' | 'xeroId'>
}

/** These journals as elements of calls: created, or changed and voided where Xero has them as they were left. */
export async function loadJournals(
  context: RunContext,
  operation: Operation,
  journals: readonly ReadyJournal[],
): Promise<Loaded> {
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const journal of journals) {
    if (operation === 'create') loaded.things.push(journalThing(journal, context.books))
    else await loadChange(context, operation, journal, loaded)
  }
  return loaded
}

/** A journal that Xero is to create. */
export function journalThing(journal: ReadyJournal, books: Books): LoadedThing {
  return { ...sentThing(journal, mappingOf(journal, books), 'POSTED'), operation: 'create', method: 'PUT' }
}

function mappingOf({ kind, id, entry }: ReadyJournal, books: Books): JournalMapping {
  if (entry === null) throw new Error(`${kind} ${id} goes out as a journal and has no entry`)
  return mapJournal(entry, { kind, id }, books)
}

function sentThing(
  { kind, id, label, factsHash, thing }: ReadyJournal,
  { model, facts }: JournalMapping,
  status: 'POSTED' | 'VOIDED',
): Omit<LoadedThing, 'operation' | 'method'> {
  return {
    sourceId: id,
    label,
    revision: thing.revision,
    factsHash,
    facts: JSON.stringify(facts),
    channel: 'manual_journals',
    path: '/ManualJournals?summarizeErrors=false',
    key: facts.marker,
    name: null,
    payload: { model },
    // Journals answer no total (§4.7): what Xero dropped shows in its warnings.
    compare: (element) =>
      answerDifferences(element, { totalCents: null, taxCents: null, status }, { kind, id, number: label }),
  }
}

async function loadChange(
  context: RunContext,
  operation: Operation,
  journal: ReadyJournal,
  loaded: Loaded,
): Promise<void> {
  const { id, factsHash, thing } = journal
  if (thing.facts === null || thing.xeroId === null) return
  const found = await manualJournals.findById(context.gateway, thing.xeroId, thing.facts)
  const change = changeOf(context, operation, { ...journal, xeroId: thing.xeroId, sent: thing.facts }, found)
  if (change === 'same') loaded.unchanged.push({ id, revision: thing.revision, factsHash })
  else if (typeof change === 'string') loaded.skipped.push(refusal(journal, change))
  else loaded.things.push(change)
}

function changeOf(
  { books }: RunContext,
  operation: Operation,
  journal: ReadyJournal & { xeroId: string; sent: string },
  found: Found | null,
): LoadedThing | 'same' | keyof typeof refusals {
  if (found === null) return 'gone'
  const { xeroId, sent } = journal
  const isEnded = found.status === 'VOIDED' || found.status === 'DELETED'
  if (operation === 'void') return isEnded ? 'same' : voidOf(journal, readJournalFacts(sent), xeroId)
  const mapping = mappingOf(journal, books)
  const wanted = JSON.stringify(mapping.facts)
  // What changed in the ledger does not reach Xero.
  if (manualJournals.agrees(wanted, found) && wanted === sent) return 'same'
  if (isEnded) return 'ended'
  if (!manualJournals.agrees(sent, found) && !manualJournals.agrees(wanted, found)) return 'edited'
  const change = sentThing(journal, journalUpdate(mapping, xeroId), 'POSTED')
  return { ...change, operation: 'update', method: 'POST' }
}

function voidOf(journal: ReadyJournal, facts: JournalFacts, xeroId: string): LoadedThing {
  const mapping = { model: journalVoid(facts, xeroId), facts }
  return { ...sentThing(journal, mapping, 'VOIDED'), operation: 'void', method: 'POST' }
}

const refusals: Record<
  'edited' | 'ended' | 'gone',
  { code: FindingCode; message: string; why: string; fix: string }
> = {
  edited: {
    code: 'edited-in-xero',
    message: 'was changed in the ledger and in Xero. Nothing was sent, so that nobody’s work is lost.',
    why: 'Its lines, narration or date in Xero are not as auxo-sync left them.',
    fix: 'Compare both and make the same change in Xero; the finding ends when the ledger and Xero agree.',
  },
  ended: {
    code: 'edited-in-xero',
    message: 'was changed in the ledger, and its journal in Xero is void.',
    why: 'Xero takes no change of a journal that was voided or deleted.',
    fix: 'If it should stand in the books, enter it in the ledger anew, under an id of its own.',
  },
  gone: {
    code: 'edited-in-xero',
    message: 'was changed in the ledger, and Xero has its journal no more.',
    why: 'It was found in Xero neither by its id nor among what is voided.',
    fix: 'Look in Xero what became of it; if it should stand in the books, enter it in the ledger anew.',
  },
}

function refusal({ kind, id, label }: ReadyJournal, why: keyof typeof refusals): CheckedThing {
  const name = kindNames[kind].one
  const { message, ...rest } = refusals[why]
  const finding: Finding = {
    kind,
    id,
    number: label,
    severity: 'error',
    field: null,
    xeroMessages: [],
    ...rest,
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${label} ${message}`,
  }
  return { id, verdict: 'failed', reason: finding.message, findings: [finding] }
}
