// Attachments of documents: the list, PUT adds a file, POST adds or replaces the one of that name. The body is the file
// itself; the sandbox keeps its length and fingerprint, so that what was uploaded cannot be read back.

import { createHash } from 'node:crypto'
import type { Attachment } from './attachment-record.ts'
import { showAttachment } from './attachment-view.ts'
import { answerWith, type Call, flag, type Route } from './call.ts'
import { type DocumentEndpoint, documentEndpoints } from './document-endpoints.ts'
import { type Verdict, writeElements } from './elements.ts'
import { notFound, type Reply } from './reply.ts'

const countMax = 10
const megabyte = 1024 * 1024
/** What Xero does not take in a name (§4.9); the slash comes escaped in the path. */
const banned = /[<>:"/\\|?*+\0]/

const texts = {
  empty: 'The file is empty.',
  name: (name: string) => `The file name '${name}' contains a character that is not allowed.`,
  tooMany: `A document can have at most ${countMax} attachments.`,
}

function documentId(call: Call, endpoint: DocumentEndpoint): string | null {
  const id = (call.path[endpoint.id] ?? '').toLowerCase()
  return endpoint.table(call.organisation).get(id) ? id : null
}

function all(call: Call, endpoint: DocumentEndpoint): Reply {
  const id = documentId(call, endpoint)
  if (id === null) return notFound
  const attachments = call.organisation.attachmentsOf(id)
  return answerWith(
    call,
    'Attachments',
    attachments.map((attachment) => showAttachment(endpoint.name, attachment)),
  )
}

function write(call: Call, endpoint: DocumentEndpoint, verb: 'add' | 'replace'): Reply {
  const id = documentId(call, endpoint)
  if (id === null) return notFound
  const limit = call.switches.attachmentLimit === '25MB' ? 25 : 10
  if (call.bytes.byteLength > limit * megabyte) return { ...notFound, status: 413 }
  const kind = { key: 'Attachments', flag: null } as const
  return writeElements(call, kind, [{}], () => stored(call, endpoint, id, verb))
}

function stored(call: Call, endpoint: DocumentEndpoint, id: string, verb: 'add' | 'replace'): Verdict {
  const { organisation, switches } = call
  const fileName = call.path['FileName'] ?? ''
  const others = organisation.attachmentsOf(id)
  const mayReplace = verb === 'replace' || switches.sameFileName === 'replaces'
  const before = mayReplace ? others.find((attachment) => attachment.fileName === fileName) : undefined
  const errors: string[] = []
  if (banned.test(fileName)) errors.push(texts.name(fileName))
  if (call.bytes.byteLength === 0) errors.push(texts.empty)
  if (!before && others.length >= countMax) errors.push(texts.tooMany)
  if (errors.length > 0) return { kind: 'refused', echo: {}, errors }
  const online = endpoint.hasOnline ? flag(call, 'IncludeOnline') : null
  const attachment: Attachment = {
    id: before?.id ?? call.newGuid(),
    updatedAt: call.now,
    documentId: id,
    fileName,
    mimeType: call.contentType.split(';')[0]?.trim() ?? '',
    length: call.bytes.byteLength,
    sha256: createHash('sha256').update(call.bytes).digest('hex'),
    includeOnline: call.query.has('IncludeOnline') ? online : (before?.includeOnline ?? online),
  }
  organisation.attachments.put(attachment)
  if (switches.extrasMoveUpdated) endpoint.table(organisation).touch(id, call.now)
  return { kind: 'stored', view: showAttachment(endpoint.name, attachment), warnings: [] }
}

function routesOf(endpoint: DocumentEndpoint): Route[] {
  const list = `/${endpoint.name}/{${endpoint.id}}/Attachments`
  const file = { path: `${list}/{FileName}`, scopes, takesFile: true } as const
  // Xero publishes IncludeOnline for adding alone.
  const online = endpoint.hasOnline ? ['IncludeOnline'] : []
  return [
    { method: 'GET', path: list, scopes, query: [], answer: (call) => all(call, endpoint) },
    { method: 'PUT', ...file, query: online, answer: (call) => write(call, endpoint, 'add') },
    { method: 'POST', ...file, query: [], answer: (call) => write(call, endpoint, 'replace') },
  ]
}

const scopes = ['accounting.attachments']

export const attachmentRoutes: readonly Route[] = documentEndpoints
  .filter((endpoint) => endpoint.hasAttachments)
  .flatMap(routesOf)
