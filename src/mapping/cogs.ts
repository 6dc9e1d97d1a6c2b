// The cost of the parts on a sales document, as one journal per part line (J2): from stock on hand or work in progress to
// cost of goods sold, the other way for a credit. An edit reverses what was posted and posts anew.

import { type Books, xeroNumberOf } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { DocumentLine, LedgerDocument, TrackingPair } from '../accounting/documents.ts'
import { type JournalEntry, reversedLines } from '../accounting/journal-entry.ts'
import { type Cents, cents, type E4, e4, lineAmount } from '../accounting/money.ts'
import { ledgerLine, roleLine } from './entry-lines.ts'

/** What one part line costs: everything by which a changed line is known. Plain JSON. */
export interface PartCost {
  position: number
  item: string | null
  quantity: E4
  unitCost: E4
  /** Debited to cost of goods sold; negative for a credit. Zero only where nobody says what the part cost: see isCostKnown. */
  cents: Cents
  debitRole: 'cost_of_goods_sold'
  creditRole: 'stock_on_hand' | 'work_in_progress'
  date: PlainDate
  /** The document's, as it stands in the narration. */
  number: string
  /** The line's own. */
  tracking: readonly TrackingPair[]
}

/** A cost with the journal that posted it; the reversal uses the accounts of that time. Plain JSON. */
export interface PostedCost {
  cost: PartCost
  entry: JournalEntry
}

/** A journal to post now. A `reversal` undoes the posted journal of that cost. One whose cost is not known has no lines. */
export interface CostJournal extends PostedCost {
  action: 'posting' | 'reversal'
}

/** False for a part that moves value, and neither the ledger's line nor its item says how much. */
export function isCostKnown(cost: PartCost): boolean {
  return cost.cents !== 0
}

/**
 * The cost of each part line of a sent invoice or credit note, in the order of the lines; none for other documents, for
 * parts that are neither stocked nor ordered for the job, and where it comes to 0.00. A line without a cost of its own
 * has that at which it was posted before, else its item's average cost now.
 */
export function cogsOf(
  document: LedgerDocument,
  books: Books,
  posted: readonly PostedCost[] = [],
): PartCost[] {
  const isSales = document.kind === 'invoice' || document.kind === 'credit_note'
  if (!isSales || document.status !== 'sent') return []
  const number = xeroNumberOf(document.number, books)
  return document.lines.flatMap((line) => {
    const creditRole = sourceOf(line, books)
    if (creditRole === null) return []
    const unitCost = unitCostOf(line, books, posted)
    const value = lineAmount(line.quantity, unitCost ?? e4(0), e4(0))
    if (value === 0 && (unitCost !== null || line.quantity === 0)) return []
    return [
      {
        position: line.position,
        item: line.item,
        quantity: line.quantity,
        unitCost: unitCost ?? e4(0),
        cents: cents(document.kind === 'credit_note' ? -value : value),
        debitRole: 'cost_of_goods_sold' as const,
        creditRole,
        date: document.date,
        number,
        tracking: line.tracking,
      },
    ]
  })
}

/** Where the part was; a line that does not say is stocked where its item is. Null: it moves no value. */
function sourceOf(line: DocumentLine, books: Books): PartCost['creditRole'] | null {
  if (line.kind !== 'part' || line.supply === 'unstocked') return null
  if (line.supply === 'job_ordered') return 'work_in_progress'
  const item = line.item === null ? undefined : books.items.get(line.item)
  return line.supply === 'stocked' || item?.isStocked ? 'stock_on_hand' : null
}

function unitCostOf(line: DocumentLine, books: Books, posted: readonly PostedCost[]): E4 | null {
  if (line.averageCost !== null) return line.averageCost
  const before = posted.findLast(({ cost }) => cost.position === line.position && cost.item === line.item)
  if (before) return before.cost.unitCost
  return (line.item === null ? null : books.items.get(line.item)?.averageCost) ?? null
}

/**
 * The journals that bring what is posted to what the document says now: for a changed line a reversal and a posting, for
 * a void or removed one a reversal; nothing where nothing changed. `posted` are the costs that stand: posted and not
 * reversed; two of a position where a reversal was refused that should have gone before. A document that is a draft again
 * changes nothing.
 */
export function cogsChanges(
  document: LedgerDocument,
  posted: readonly PostedCost[],
  books: Books,
): CostJournal[] {
  if (document.status === 'draft') return []
  const left = new Set(posted)
  const journals: CostJournal[] = []
  for (const cost of cogsOf(document, books, posted)) {
    const here = posted.filter((one) => one.cost.position === cost.position)
    const same = here.find((one) => isSameCost(one.cost, cost))
    for (const one of here) {
      left.delete(one)
      if (one !== same) journals.push(reversalOf(one))
    }
    if (!same) journals.push({ action: 'posting', cost, entry: entryOf(cost, document, books) })
  }
  return [...journals, ...[...left].map(reversalOf)]
}

/** Quantity and unit cost may change as long as they come to the same cents. */
function isSameCost(before: PartCost, now: PartCost): boolean {
  const { quantity: _, unitCost: _cost, ...left } = before
  const { quantity: _now, unitCost: _costNow, ...right } = now
  return JSON.stringify(left) === JSON.stringify(right)
}

function reversalOf({ cost, entry }: PostedCost): CostJournal {
  return {
    action: 'reversal',
    cost,
    entry: { ...entry, narration: `${entry.narration} (reversed)`, lines: reversedLines(entry.lines) },
  }
}

function entryOf(cost: PartCost, document: LedgerDocument, books: Books): JournalEntry {
  const item = cost.item === null ? undefined : books.items.get(cost.item)
  const description = item?.name ?? cost.item ?? `Line ${cost.position}`
  const kind = document.kind === 'credit_note' ? 'credit note' : 'invoice'
  return {
    date: cost.date,
    narration: `COGS for ${kind} ${cost.number}`,
    lines: isCostKnown(cost)
      ? [
          costLine(cost, description, books),
          roleLine(cost.creditRole, cents(-cost.cents), description, books),
        ]
      : [],
  }
}

/** The cost carries the tracking of the line that it is the cost of. */
function costLine(cost: PartCost, description: string, books: Books) {
  const line = roleLine(cost.debitRole, cost.cents, description, books)
  const { tracking } = ledgerLine({ ...line, tracking: cost.tracking }, books)
  return { ...line, tracking }
}
