// The row of stock movements in the table of kinds: what came in or went out goes to Xero as a journal of its cost (J3). What that
// journal is, is mapping/stock-movement.ts.

import type { StockMovement } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { readStockMovements } from '../../ledger/journals.ts'
import { isSendable, readWaiting } from '../../ledger/waiting.ts'
import { rowHash } from '../../mapping/facts.ts'
import { journalOfStockMovement } from '../../mapping/stock-movement.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'
import { countFindings, countJournal, planVoid } from './journal-page.ts'
import { loadJournals, type ReadyJournal } from './journal-thing.ts'

export const stockMovementKind: KindRow = {
  kind: 'stock_movement',
  isLeftOut: (settings) =>
    settings.inventory_journals === 'off' || settings.only_invoices_and_payments === 'on',
  checkPage: checkMovements,
  load: loadMovements,
}

async function checkMovements(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'stock_movement', ids })
  const movements = await readStockMovements(ledger, ids)
  const page = noVerdicts()
  for (const id of ids) {
    const movement = movements.get(id)
    const thing = waiting.get(id)
    if (!movement || !thing) continue
    const isInXero = thing.state === 'exported'
    const entry = journalOfStockMovement(movement, books)
    if (isInXero && isAsSent(thing, movement, entry === null)) {
      page.unchanged.push({ id, revision: thing.revision })
    } else if (entry) {
      const operation = isInXero ? 'update' : 'create'
      countJournal(scope, page, { kind: 'stock_movement', id, label: id, thing, entry, operation })
    } else if (movement.quantity !== 0) {
      // Its item may get a cost later.
      countFindings(page, id, [costMissing(movement)])
    } else if (isInXero) {
      countFindings(page, id, [])
      planVoid(page, { id, thing })
    } else page.idle.push({ id, revision: thing.revision })
  }
  return page
}

function isAsSent(
  thing: { sentFactsHash: string | null; xeroStatus: string | null },
  movement: StockMovement,
  isNothing: boolean,
): boolean {
  return thing.sentFactsHash === rowHash(movement) || (isNothing && thing.xeroStatus === 'VOIDED')
}

function costMissing({ id, item }: StockMovement): Finding {
  return {
    kind: 'stock_movement',
    id,
    number: id,
    code: 'cost-missing',
    severity: 'error',
    field: 'unitCost',
    message: `Stock movement ${id} of ${item} has no cost, and its item has none either.`,
    why: 'What came in or went out is posted at cost: without one there is no amount.',
    fix: 'Give the movement its cost in the ledger, or the item its average cost.',
    xeroMessages: [],
  }
}

async function loadMovements(context: RunContext, planned: readonly PlannedThing[]): Promise<Loaded> {
  const { ledger, books } = context
  const ids = planned.map((thing) => thing.id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'stock_movement', ids })
  const movements = await readStockMovements(ledger, ids)
  const ready: ReadyJournal[] = []
  for (const { id, revision, operation } of planned) {
    const movement = movements.get(id)
    const thing = waiting.get(id)
    if (!movement || thing?.revision !== revision) continue
    if (operation === 'create' ? !isSendable(thing.state) : thing.state !== 'exported') continue
    const entry = journalOfStockMovement(movement, books)
    if (entry === null && operation !== 'void') continue
    ready.push({ kind: 'stock_movement', id, label: id, entry, factsHash: rowHash(movement), thing })
  }
  return loadJournals(context, planned[0]?.operation ?? 'create', ready)
}
