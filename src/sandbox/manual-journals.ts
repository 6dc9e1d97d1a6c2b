// Manual journals: lists, one by id, PUT creates, POST creates or edits by id, POST /{id} edits (§4.7).

import { readElements, UnreadableBody } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { msOfDate } from './dates.ts'
import { writeElements } from './elements.ts'
import { type JsonObject, textOf } from './json.ts'
import { listQuery, paged, pageQuery, select } from './listing.ts'
import {
  createManualJournal,
  editManualJournal,
  journalTexts,
  manualJournalShape,
  refusedJournal,
} from './manual-journal-change.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import { showManualJournal } from './manual-journal-view.ts'
import { notFound, type Reply } from './reply.ts'
import type { FilterFields } from './where.ts'

const fields: FilterFields<ManualJournal> = {
  ManualJournalID: { type: 'guid', read: (journal) => journal.id },
  Narration: { type: 'text', read: (journal) => journal.narration },
  Url: { type: 'text', read: (journal) => journal.url },
  Status: { type: 'text', read: (journal) => journal.status },
  LineAmountTypes: { type: 'text', read: (journal) => journal.lineAmountTypes },
  Date: { type: 'date', read: (journal) => msOfDate(journal.date) },
  UpdatedDateUTC: { type: 'date', read: (journal) => journal.updatedAt },
}

function all(call: Call): Reply {
  const found = select(call, call.organisation.manualJournals, fields)
  const isPaged = pageQuery.some((name) => call.query.has(name))
  const hasLines = isPaged || call.switches.unpagedJournalLines === 'shown'
  const { rows, page } = isPaged ? paged(call, found) : { rows: found, page: undefined }
  const form = hasLines ? 'listed' : 'unpaged'
  return answerWith(
    call,
    'ManualJournals',
    rows.map((journal) => showManualJournal(call, journal, form)),
    page,
  )
}

function named(call: Call): ManualJournal | undefined {
  return call.organisation.manualJournals.get((call.path['ManualJournalID'] ?? '').toLowerCase())
}

function one(call: Call): Reply {
  const journal = named(call)
  return journal ? answerWith(call, 'ManualJournals', [showManualJournal(call, journal, 'single')]) : notFound
}

const kind = { key: 'ManualJournals', flag: null } as const

function elements(call: Call): readonly JsonObject[] {
  return readElements(call.body, 'ManualJournals', manualJournalShape, call.switches)
}

function create(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    if (element['ManualJournalID'] !== undefined)
      return refusedJournal(call, null, element, journalTexts.idOnCreate)
    return createManualJournal(call, element)
  })
}

function upsert(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    const id = textOf(element, 'ManualJournalID')
    if (id === undefined) return createManualJournal(call, element)
    const journal = call.organisation.manualJournals.get(id)
    return journal
      ? editManualJournal(call, journal, element)
      : refusedJournal(call, null, element, journalTexts.unknown)
  })
}

function update(call: Call): Reply {
  const journal = named(call)
  if (!journal) return notFound
  const [element, ...others] = elements(call)
  if (!element || others.length > 0) throw new UnreadableBody('Exactly one manual journal is expected.')
  return writeElements(call, kind, [element], (sent) => editManualJournal(call, journal, sent))
}

const scopes = ['accounting.manualjournals']
const collection = '/ManualJournals'
const single = '/ManualJournals/{ManualJournalID}'

export const manualJournalRoutes: readonly Route[] = [
  { method: 'GET', path: collection, scopes, query: [...listQuery, ...pageQuery], answer: all },
  { method: 'GET', path: single, scopes, query: [], answer: one },
  { method: 'PUT', path: collection, scopes, query: ['summarizeErrors'], answer: create },
  { method: 'POST', path: collection, scopes, query: ['summarizeErrors'], answer: upsert },
  { method: 'POST', path: single, scopes, query: [], answer: update },
]
