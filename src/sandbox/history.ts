// History notes of documents: GET lists them, PUT adds; none is ever changed or removed (§2.3, §4.9). What Xero itself
// writes into a history is not imitated.

import type { Note } from './attachment-record.ts'
import { ignored, readElements, type Shape, text, tooLong } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { isoSecond, msDate, msDateBare } from './dates.ts'
import { type DocumentEndpoint, documentEndpoints } from './document-endpoints.ts'
import { type Verdict, writeElements } from './elements.ts'
import { type JsonObject, textOf } from './json.ts'
import { notFound, type Reply } from './reply.ts'

const shape: Shape = {
  name: 'HistoryRecord',
  fields: { Details: text(2500), Changes: ignored, User: ignored, DateUTC: ignored },
}

const texts = {
  notFound: 'The document with the supplied id was not found for this endpoint.',
  empty: 'The Details field is mandatory.',
}

/** PUT answers without User and Changes, and with a bare date; GET has all (§0.1). */
function view(note: Note, form: 'written' | 'listed'): JsonObject {
  const isListed = form === 'listed'
  return {
    Changes: isListed ? 'Note' : undefined,
    DateUTCString: isoSecond(note.updatedAt).slice(0, -1),
    DateUTC: isListed ? msDate(note.updatedAt) : msDateBare(note.updatedAt),
    User: isListed ? 'System Generated' : undefined,
    Details: note.details,
  }
}

const idOf = (call: Call, endpoint: DocumentEndpoint) => (call.path[endpoint.id] ?? '').toLowerCase()

/** The newest first. */
function all(call: Call, endpoint: DocumentEndpoint): Reply {
  const { organisation } = call
  const id = idOf(call, endpoint)
  if (!endpoint.table(organisation).get(id)) return notFound
  const notes = organisation.notes.find(organisation.notesByDocument, id)
  return answerWith(
    call,
    'HistoryRecords',
    notes.reverse().map((note) => view(note, 'listed')),
  )
}

function create(call: Call, endpoint: DocumentEndpoint): Reply {
  const elements = readElements(call.body, 'HistoryRecords', shape, call.switches)
  const kind = { key: 'HistoryRecords', flag: null } as const
  return writeElements(call, kind, elements, (element) => stored(call, endpoint, element))
}

function stored(call: Call, endpoint: DocumentEndpoint, element: JsonObject): Verdict {
  const { organisation, switches } = call
  const documentId = idOf(call, endpoint)
  const details = textOf(element, 'Details') ?? ''
  const errors = tooLong(element, shape)
  const fails = endpoint.failsNotes && switches.paymentNotes === 'refused'
  if (fails || !endpoint.table(organisation).get(documentId)) errors.push(texts.notFound)
  if (details.trim() === '') errors.push(texts.empty)
  if (errors.length > 0) return { kind: 'refused', echo: element, errors }
  const note: Note = { id: call.newGuid(), updatedAt: call.now, documentId, details }
  organisation.notes.put(note)
  if (switches.extrasMoveUpdated) endpoint.table(organisation).touch(documentId, call.now)
  return { kind: 'stored', view: view(note, 'written'), warnings: [] }
}

export const historyRoutes: readonly Route[] = documentEndpoints.flatMap((endpoint) => {
  const path = `/${endpoint.name}/{${endpoint.id}}/History`
  const scopes = [endpoint.scope]
  const at = { path, scopes, query: [] }
  return [
    { method: 'GET', ...at, answer: (call) => all(call, endpoint) },
    { method: 'PUT', ...at, answer: (call) => create(call, endpoint) },
  ] satisfies Route[]
})
