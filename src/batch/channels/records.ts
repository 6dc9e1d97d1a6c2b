// The channels of what is neither document nor money: items by their code, journals by the link that they carry, files under
// their document, and history notes, which are never sent a second time.

import { debitsOfContent } from '../../accounting/content.ts'
import { AuxoError } from '../../errors.ts'
import { type JournalFacts, readJournalFacts } from '../../mapping/journal.ts'
import { carriesMarker } from '../../mapping/marker.ts'
import type { FoundAttachment, FoundItem, FoundJournal } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import type { Channel, Found, LookUp, Recognition } from './channel.ts'

export interface ItemFacts {
  code: string
}

export const items: Channel = {
  name: 'items',
  list: 'Items',
  isUniqueInXero: true,
  foundBy: 'key',
  lookUp: itemsOf,
  lookUpKeys: itemsOf,
  async findById(gateway, xeroId) {
    const { found } = await itemsOf(gateway)
    return found.find((one) => one.xeroId === xeroId) ?? null
  },
  recognise: (facts, found) => (itemFacts(facts).code === found.number ? 'ours' : 'other'),
  // What else an item is does not count: a change of it may be sent again.
  agrees: () => false,
  labelOf: (facts) => itemFacts(facts).code,
}

function itemFacts(facts: string): ItemFacts {
  return JSON.parse(facts) as ItemFacts // written by kinds/item.ts
}

async function itemsOf(gateway: XeroGateway): Promise<LookUp> {
  const { rows, serverTime } = await gateway.items()
  return { found: rows.map(foundItem), serverTime }
}

function foundItem(row: FoundItem): Found {
  return { xeroId: row.xeroId, number: row.code, status: 'ACTIVE', row }
}

export const manualJournals: Channel = {
  name: 'manual_journals',
  list: 'ManualJournals',
  isUniqueInXero: false,
  foundBy: 'marker',
  lookUp: async (gateway, since) => journalsFound(await gateway.manualJournalsSince(since)),
  lookUpKeys: async (gateway) => journalsFound(await gateway.manualJournalsSince(0)),
  async findById(gateway, xeroId) {
    const row = await gateway.manualJournalById(xeroId)
    return row && foundJournal(row)
  },
  recognise: (facts, found) => recogniseJournal(readJournalFacts(facts), found.row as FoundJournal), // made by foundJournal
  agrees: (facts, found) => isAsPosted(readJournalFacts(facts), found.row as FoundJournal), // as above
  labelOf: (facts) => readJournalFacts(facts).narration,
}

function foundJournal(row: FoundJournal): Found {
  return { xeroId: row.xeroId, number: null, status: row.status, row }
}

function journalsFound(read: { rows: readonly FoundJournal[]; serverTime: number }): LookUp {
  return { found: read.rows.map(foundJournal), serverTime: read.serverTime }
}

function sameWords(facts: JournalFacts, row: FoundJournal): boolean {
  return row.date === facts.date && row.narration.trim() === facts.narration.trim()
}

/**
 * Our link tells, with the words and the sum of what was sent: in a ledger that was put back another journal may go by the same link.
 * Without it a journal that is line by line like ours may be a person's.
 */
export function recogniseJournal(facts: JournalFacts, row: FoundJournal): Recognition {
  if (carriesMarker(row.url, facts.marker))
    return sameWords(facts, row) && sameSum(facts, row) ? 'ours' : 'look-alike'
  const isSame = sameWords(facts, row) && row.content === facts.content
  return isSame && row.status === 'POSTED' ? 'look-alike' : 'other'
}

function sameSum(facts: JournalFacts, { content }: FoundJournal): boolean {
  return content === null || debitsOfContent(content) === facts.totalDebitCents
}

function isAsPosted(facts: JournalFacts, row: FoundJournal): boolean {
  const sameContent = row.content === null || row.content === facts.content
  return row.status === 'POSTED' && sameWords(facts, row) && sameContent
}

export interface AttachmentFacts {
  /** As in the path: Invoices, CreditNotes … */
  endpoint: string
  parentId: string
  fileName: string
  bytes: number
  label: string
}

interface AttachmentRow {
  parentId: string
  file: FoundAttachment
}

export const attachments: Channel = {
  name: 'attachments',
  list: 'Attachments',
  isUniqueInXero: false,
  foundBy: 'new-id',
  lookUp: (gateway, _since, facts) => filesUnder(gateway, facts),
  lookUpKeys: filesUnder,
  async findById(gateway, xeroId, facts) {
    const { found } = await filesUnder(gateway, [facts])
    return found.find((one) => one.xeroId === xeroId) ?? null
  },
  recognise: (facts, found) => recogniseFile(attachmentFacts(facts), found.row as AttachmentRow), // made by filesUnder
  agrees: (facts, found) => recogniseFile(attachmentFacts(facts), found.row as AttachmentRow) === 'ours', // as above
  labelOf: (facts) => attachmentFacts(facts).label,
}

function attachmentFacts(facts: string): AttachmentFacts {
  return JSON.parse(facts) as AttachmentFacts // written by kinds/attachment.ts
}

async function filesUnder(gateway: XeroGateway, facts: readonly string[]): Promise<LookUp> {
  const found: Found[] = []
  let complete = Number.POSITIVE_INFINITY
  const parents = new Map(facts.map((one) => [attachmentFacts(one).parentId, attachmentFacts(one).endpoint]))
  for (const [parentId, endpoint] of parents) {
    const { rows, serverTime } = await gateway.attachmentsOf(endpoint, parentId)
    complete = Math.min(complete, serverTime)
    for (const file of rows)
      found.push({ xeroId: file.xeroId, number: file.fileName, status: 'ATTACHED', row: { parentId, file } })
  }
  if (!Number.isFinite(complete))
    throw new AuxoError('xero-away', 'Xero’s answers carry no time. Run again later.')
  return { found, serverTime: complete }
}

/** Parent, name and size (architecture, Resolve). */
function recogniseFile(facts: AttachmentFacts, { parentId, file }: AttachmentRow): Recognition {
  const same = parentId === facts.parentId && file.fileName === facts.fileName && file.bytes === facts.bytes
  return same ? 'ours' : 'other'
}

export interface NoteFacts {
  endpoint: string
  parentId: string
  label: string
}

/** A note cannot be deleted, so one whose answer was lost counts as written: nobody is harmed by a missing note. */
export const notes: Channel = {
  name: 'notes',
  list: 'HistoryRecords',
  isUniqueInXero: false,
  foundBy: 'key',
  lookUp: async (_gateway, _since, facts) => assumedNotes(facts),
  lookUpKeys: async (_gateway, facts) => assumedNotes(facts),
  findById: async (_gateway, _xeroId, facts) => assumedNotes([facts]).found[0] ?? null,
  recognise: (facts, found) => (noteKey(facts) === found.xeroId ? 'ours' : 'other'),
  agrees: () => true,
  labelOf: (facts) => (JSON.parse(facts) as NoteFacts).label, // written by kinds/note.ts
}

/** What a note is remembered by: Xero gives it no id. */
export function noteKey(facts: string): string {
  const { endpoint, parentId } = JSON.parse(facts) as NoteFacts // as above
  return `${endpoint}/${parentId}/History`
}

function assumedNotes(facts: readonly string[]): LookUp {
  const found = facts.map((one) => ({ xeroId: noteKey(one), number: null, status: 'WRITTEN', row: null }))
  return { found, serverTime: Number.POSITIVE_INFINITY }
}
