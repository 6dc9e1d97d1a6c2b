// The row of attachments in the table of kinds (I14): the files of a document, each in a call of its own, once the document is in Xero.
// What a file may be like is validation/attachment-rules.ts, what it is called in Xero mapping/attachment.ts.

import type { Finding } from '../../accounting/findings.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import { type AttachmentRow, readAttachments } from '../../ledger/attachments.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { contentTypeOf, fileNameInXero, hasOnline } from '../../mapping/attachment.ts'
import { rowHash } from '../../mapping/facts.ts'
import { endpointOfForm, formInXero } from '../../mapping/form-in-xero.ts'
import { type CheckedAttachment, checkAttachment } from '../../validation/attachment-rules.ts'
import type { FileState, Parent } from '../../validation/context.ts'
import { lookAtFile, pathOfFile, readAttachedFile } from '../attached-file.ts'
import type { AttachmentFacts } from '../channels/records.ts'
import { isJustMade, type RunContext } from '../context.ts'
import {
  type KindRow,
  type Loaded,
  type LoadedThing,
  type LoadPurpose,
  noVerdicts,
  type PageVerdicts,
} from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import { type CheckScope, findParents, type StandingParent } from '../scope.ts'

export const attachmentKind: KindRow = {
  kind: 'attachment',
  isLeftOut: () => false,
  callSizeMax: 1,
  checkPage: checkAttachmentPage,
  load: loadAttachments,
}

/** A file with those of the same document that come before it: in Xero, or else by name. */
interface Placed {
  id: string
  row: AttachmentRow
  before: readonly AttachmentRow[]
}

function place(id: string, files: ReadonlyMap<string, readonly AttachmentRow[]>): Placed | null {
  const [document, file] = splitPair(id)
  const siblings = files.get(document) ?? []
  const index = siblings.findIndex((one) => one.file === file)
  const row = siblings[index]
  return row ? { id, row, before: siblings.slice(0, index) } : null
}

/**
 * Of the row and not of what is in the file: a file goes out as it is then, and what becomes of it later is not looked at.
 */
function hashOfRow({ document, file, includeOnline }: AttachmentRow): string {
  return rowHash({ document, file, includeOnline })
}

async function checkAttachmentPage(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const entity = books.entity.code
  const waiting = await readWaiting(ledger, { entity, kind: 'attachment', ids })
  const documents = ids.map((id) => splitPair(id)[0])
  const files = await readAttachments(ledger, entity, documents)
  const parents = await scope.parents(documents)
  const page = noVerdicts()
  for (const id of ids) {
    const thing = waiting.get(id)
    const placed = place(id, files)
    const parent = placed && parents.get(placed.row.document)
    if (!thing || !parent) continue
    if (thing.state === 'exported') checkChanged(page, placed, parent, thing)
    else {
      const file = await lookAtFile(pathOfFile(ledger.file, placed.row.file))
      checkNew(page, placed, parent, { thing, file })
    }
  }
  return page
}

function checkNew(
  page: PageVerdicts,
  placed: Placed,
  parent: Parent,
  { thing, file }: { thing: WaitingThing; file: FileState },
): void {
  const { id } = placed
  const { findings, verdict, reason } = verdictOf(placed, parent, file)
  const failed = verdict === 'failed' || verdict === 'skipped' ? verdict : null
  page.checked.push({ id, verdict: failed, reason, findings })
  if (verdict === 'none') page.idle.push({ id, revision: thing.revision })
  if (verdict !== 'send') return
  page.sendable.push({
    id,
    revision: thing.revision,
    operation: 'create',
    group: '',
    bytes: file.is === 'file' ? file.bytes : 0,
    money: null,
  })
}

function verdictOf(placed: Placed, parent: Parent, file: FileState) {
  const namesBefore = placed.before.map((one) => fileNameInXero(one.file))
  return checkAttachment(attachmentOf(placed, parent), { parent, file, namesBefore })
}

function attachmentOf({ id, row }: Placed, parent: Pick<Parent, 'id' | 'number'>): CheckedAttachment {
  return { id, file: row.file, label: `${row.file} of ${parent.number.trim() || parent.id}` }
}

/** Xero's files are left as they are once they are there; that the ledger says something else is told once. */
function checkChanged(page: PageVerdicts, placed: Placed, parent: Parent, thing: WaitingThing): void {
  const { id, row } = placed
  page.unchanged.push({ id, revision: thing.revision })
  if (thing.sentFactsHash === hashOfRow(row)) return
  const { label } = attachmentOf(placed, parent)
  const finding: Finding = {
    kind: 'attachment',
    id,
    number: label,
    code: 'edited-after-export',
    severity: 'warning',
    field: 'includeOnline',
    message: `Attachment ${label} was sent before it was changed in the ledger to ${row.includeOnline ? '' : 'not '}go along with the online document.`,
    why: 'Xero takes this only with the file itself.',
    fix: 'Change it in Xero, on the document’s files.',
    xeroMessages: [],
  }
  page.checked.push({ id, verdict: null, reason: null, findings: [finding] })
}

async function loadAttachments(
  context: RunContext,
  planned: readonly PlannedThing[],
  purpose: LoadPurpose = 'send',
): Promise<Loaded> {
  const { ledger, books } = context
  const entity = books.entity.code
  const ids = planned.map((thing) => thing.id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity, kind: 'attachment', ids })
  const documents = ids.map((id) => splitPair(id)[0])
  const files = await readAttachments(ledger, entity, documents)
  const parents = await findParents(ledger, books, documents)
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const { id, revision } of planned) {
    const thing = waiting.get(id)
    const placed = place(id, files)
    const parent = placed && parents.get(placed.row.document)
    if (!parent || thing?.revision !== revision || !isSendable(thing.state)) continue
    const { content, state } = await readAttachedFile(pathOfFile(ledger.file, placed.row.file))
    // As it is now: it may have changed since it was checked.
    const { findings, verdict, reason } = verdictOf(placed, parent, state)
    if (verdict === 'send' && content !== null && parent.xeroId !== null)
      loaded.things.push(
        await loadedFile(context, placed, parent, { content, revision, parentId: parent.xeroId, purpose }),
      )
    else loaded.skipped.push(held(id, verdict, reason, findings))
  }
  return loaded
}

function held(id: string, verdict: string, reason: string | null, findings: Finding[]): CheckedThing {
  return { id, verdict: verdict === 'failed' ? 'failed' : 'skipped', reason, findings }
}

/** A file as it is now, for the document of this id in Xero. */
interface ReadFile {
  content: Uint8Array
  revision: number
  parentId: string
  purpose: LoadPurpose
}

async function loadedFile(
  context: RunContext,
  placed: Placed,
  parent: StandingParent,
  { content, revision, parentId, purpose }: ReadFile,
): Promise<LoadedThing> {
  const endpoint = endpointOfForm[formInXero(parent, context.books.settings)]
  const fileName = fileNameInXero(placed.row.file)
  const { label } = attachmentOf(placed, parent)
  const online = placed.row.includeOnline && hasOnline(endpoint) ? '?IncludeOnline=true' : ''
  const facts: AttachmentFacts = {
    endpoint,
    parentId,
    fileName,
    bytes: content.byteLength,
    label,
  }
  return {
    sourceId: placed.id,
    label,
    revision,
    factsHash: hashOfRow(placed.row),
    facts: JSON.stringify(facts),
    channel: 'attachments',
    operation: 'create',
    method: 'PUT',
    path: `/${endpoint}/${parentId}/Attachments/${encodeURIComponent(fileName)}${online}`,
    // It goes alone, so that its answer is its own, whatever Xero made of the name.
    key: null,
    name: null,
    payload: { bytes: content, contentType: contentTypeOf(fileName) },
    knownIds: purpose === 'adopt' ? [] : await filesLikeIt(context, parent, facts),
    compare: () => [],
  }
}

/** Files carry nothing of ours: what looked like it before the call is not of it. A document that was just made had none before. */
async function filesLikeIt(
  context: RunContext,
  parent: StandingParent,
  { endpoint, parentId, fileName, bytes }: AttachmentFacts,
): Promise<string[]> {
  if (isJustMade(context, parent)) return []
  const { rows } = await context.gateway.attachmentsOf(endpoint, parentId)
  return rows.filter((row) => row.fileName === fileName && row.bytes === bytes).map((row) => row.xeroId)
}
