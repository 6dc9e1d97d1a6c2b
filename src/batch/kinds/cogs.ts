// The row of the cost of parts in the table of kinds (J2): one journal a part line, made once its document is in Xero as it is in the
// ledger, and reversed when that changes. What a part costs is mapping/cogs.ts, what is written down of it ledger/cogs.ts.

import type { LedgerDocument } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import type { JournalEntry } from '../../accounting/journal-entry.ts'
import {
  type CogsPosting,
  type CogsRow,
  cogsId,
  findCostedDocuments,
  leaveWithoutCost,
  readCogsPostings,
  readCogsThings,
  recordCogs,
} from '../../ledger/cogs.ts'
import { readDocuments } from '../../ledger/documents.ts'
import { isSendable, readWaiting } from '../../ledger/waiting.ts'
import {
  type CostJournal,
  cogsChanges,
  isCostKnown,
  type PartCost,
  type PostedCost,
} from '../../mapping/cogs.ts'
import { rowHash } from '../../mapping/facts.ts'
import { inventoryJournalsOff } from '../../mapping/journal-of-ledger.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope, ForeseenJournal } from '../scope.ts'
import { countForeseen, countJournal } from './journal-page.ts'
import { loadJournals, type ReadyJournal } from './journal-thing.ts'

const pageSize = 200

export const cogsKind: KindRow = {
  kind: 'cogs',
  // Where it is off, documents are marked as those that stay without.
  isLeftOut: () => false,
  derive: deriveCogs,
  underived: foreseeCogs,
  checkPage: checkCogs,
  load: loadCogs,
}

async function deriveCogs({ ledger, books }: RunContext): Promise<void> {
  const entity = books.entity.code
  if (inventoryJournalsOff(books) !== null) return leaveWithoutCost(ledger, entity)
  for (let after = ''; ; ) {
    const page = await findCostedDocuments(ledger, { entity, after, limit: pageSize })
    const last = page.at(-1)
    if (!last) return
    const ids = page.map(({ id }) => id)
    await recordCogs(ledger, entity, page, await rowsOf({ ledger, books }, ids))
    after = last.id
  }
}

/** What these documents come to now. */
async function rowsOf(
  { ledger, books }: Pick<CheckScope, 'ledger' | 'books'>,
  ids: readonly string[],
): Promise<CogsRow[]> {
  const documents = await readDocuments(ledger, ids)
  const postings = await readCogsPostings(ledger, books.entity.code, ids)
  return [...documents.values()].flatMap((document) => {
    const made = postings.get(document.id) ?? []
    return rowsFor(document, made, cogsChanges(document, standingOf(made), books))
  })
}

/** The same for a plan, in which planned documents count as sent. Gives back the ids of what would be new. */
async function foreseeCogs(scope: CheckScope): Promise<string[]> {
  const { ledger, books, planned, foreseen } = scope
  if (inventoryJournalsOff(books) !== null) return []
  const documents = new Set(
    [...planned].flatMap((key) => /^(?:invoice|credit_note)\/(.*)$/s.exec(key)?.[1] ?? []),
  )
  const entity = books.entity.code
  for (let after = ''; ; ) {
    const page = await findCostedDocuments(ledger, { entity, after, limit: pageSize })
    for (const { id } of page) documents.add(id)
    after = page.at(-1)?.id ?? ''
    if (after === '') break
  }
  const left = [...documents]
  const made: string[] = []
  while (left.length > 0) {
    const rows = await rowsOf(scope, left.splice(0, pageSize))
    for (const row of rows)
      foreseen.set(`cogs/${cogsId(row)}`, row.action === 'none' ? null : foreseenOf(row))
    const known = await readCogsThings(ledger, entity, rows.map(cogsId))
    made.push(...rows.map(cogsId).filter((id) => !known.has(id)))
  }
  return made
}

function foreseenOf(row: CogsRow): ForeseenJournal {
  const cost = costOf(row)
  const label = labelOf(cost)
  const findings = isCostKnown(cost) ? [] : [costMissing(cogsId(row), label, cost)]
  return { label, entry: entryOf(row), findings }
}

function costOf(row: CogsRow): PartCost {
  return JSON.parse(row.cost) as PartCost // written by rowsFor
}

function entryOf(row: CogsRow): JournalEntry {
  return JSON.parse(row.entry) as JournalEntry // as above
}

function wasSent({ state }: CogsPosting): boolean {
  return !isSendable(state) && state !== 'held'
}

/** What is posted in Xero and not reversed there. */
function standingOf(made: readonly CogsPosting[]): PostedCost[] {
  const standing: CogsPosting[] = []
  for (const row of made.filter(wasSent)) {
    if (row.action === 'posting') standing.push(row)
    else {
      const reversed = standing.findIndex((one) => one.cost === row.cost)
      if (reversed >= 0) standing.splice(reversed, 1)
    }
  }
  return standing.map((row) => ({ cost: costOf(row), entry: entryOf(row) }))
}

/** The wanted journals in place of those that were never sent; what is left of those is not needed any more. */
function rowsFor(
  document: LedgerDocument,
  made: readonly CogsPosting[],
  wanted: readonly CostJournal[],
): CogsRow[] {
  const free = made.filter((row) => !wasSent(row))
  const sequences = new Map<number, number>()
  for (const { position, sequence } of made)
    sequences.set(position, Math.max(sequence, sequences.get(position) ?? 0))
  const rows = wanted.map(({ action, cost, entry }): CogsRow => {
    const { position } = cost
    const taken = free.findIndex((row) => row.position === position)
    const [again] = taken < 0 ? [] : free.splice(taken, 1)
    const sequence = again?.sequence ?? (sequences.get(position) ?? 0) + 1
    sequences.set(position, Math.max(sequence, sequences.get(position) ?? 0))
    return {
      document: document.id,
      position,
      sequence,
      date: entry.date,
      action,
      cost: JSON.stringify(cost),
      entry: JSON.stringify(entry),
    }
  })
  return [...rows, ...free.map(({ state: _, ...row }): CogsRow => ({ ...row, action: 'none' }))]
}

/** "INV-7, line 2" */
function labelOf(cost: PartCost): string {
  return `${cost.number} line ${cost.position}`
}

async function checkCogs(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const page = noVerdicts()
  if (inventoryJournalsOff(books) !== null) return page
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'cogs', ids })
  const postings = await readCogsThings(ledger, books.entity.code, ids)
  for (const id of countForeseen(scope, page, 'cogs', ids, waiting)) {
    const posting = postings.get(id)
    const thing = waiting.get(id)
    if (!posting || !thing || !isSendable(thing.state)) continue
    countJournal(scope, page, { kind: 'cogs', id, thing, operation: 'create', ...foreseenOf(posting) })
  }
  return page
}

function costMissing(id: string, label: string, { item }: PartCost): Finding {
  return {
    kind: 'cogs',
    id,
    number: label,
    code: 'cost-missing',
    severity: 'error',
    field: 'averageCost',
    message: `The cost of ${label}${item ? ` (${item})` : ''} is not posted: neither the line nor its item has an average cost.`,
    why: 'Parts that leave stock or a job are posted at their average cost: without one there is no amount.',
    fix: 'Give the line or the item its average cost in the ledger; 0 for what costs nothing.',
    xeroMessages: [],
  }
}

async function loadCogs(context: RunContext, planned: readonly PlannedThing[]): Promise<Loaded> {
  const { ledger, books } = context
  const entity = books.entity.code
  const ids = planned.map((thing) => thing.id)
  const waiting = await readWaiting(ledger, { entity, kind: 'cogs', ids })
  const postings = await readCogsThings(ledger, entity, ids)
  const ready: ReadyJournal[] = []
  for (const { id, revision } of planned) {
    const posting = postings.get(id)
    const thing = waiting.get(id)
    if (!posting || thing?.revision !== revision || !isSendable(thing.state)) continue
    const cost = costOf(posting)
    if (posting.action === 'none' || !isCostKnown(cost)) continue
    ready.push({
      kind: 'cogs',
      id,
      label: labelOf(cost),
      entry: entryOf(posting),
      factsHash: rowHash({ cost: posting.cost, entry: posting.entry }),
      thing,
    })
  }
  return loadJournals(context, 'create', ready)
}
