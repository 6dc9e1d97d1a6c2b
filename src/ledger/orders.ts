// What documents and purchase orders say of each other (B1, B4): which order a bill or credit names, which other credits were
// made against it, which orders a bill stands for.

import { sql } from 'kysely'
import type { LedgerDocument } from '../accounting/documents.ts'
import { readDocuments } from './documents.ts'
import type { Ledger } from './open.ts'

export interface OrderFacts {
  /** Purchase orders that these documents name, by id. */
  orders: ReadonlyMap<string, LedgerDocument>
  /** Supplier credits that are not void, by the order that they name. */
  credits: ReadonlyMap<string, readonly LedgerDocument[]>
  /** Ids of those that Xero has, or may have. */
  sentCredits: ReadonlySet<string>
  /** Ids of orders among these documents that a bill names which is not void. */
  billed: ReadonlySet<string>
  /** Ids of orders that went to Xero as bills. */
  posted: ReadonlySet<string>
}

export async function findOrderFacts(
  ledger: Ledger,
  documents: readonly LedgerDocument[],
): Promise<OrderFacts> {
  const isOrder = documents.some((document) => document.kind === 'purchase_order')
  const named = [
    ...new Set(
      documents.flatMap(({ kind, sourceDocument }) =>
        kind === 'bill' || kind === 'supplier_credit' ? (sourceDocument ?? []) : [],
      ),
    ),
  ]
  const billed = isOrder ? await findBilled(ledger, documents) : new Set<string>()
  if (named.length === 0)
    return { orders: new Map(), credits: new Map(), sentCredits: new Set(), billed, posted: new Set() }
  const read = await readDocuments(ledger, named)
  const orders = new Map([...read].filter(([, document]) => document.kind === 'purchase_order'))
  return {
    orders,
    ...(await findCredits(ledger, [...orders.keys()])),
    billed,
    posted: await findPosted(ledger, [...orders.keys()]),
  }
}

async function findBilled(ledger: Ledger, documents: readonly LedgerDocument[]): Promise<Set<string>> {
  const ids = JSON.stringify(documents.map((document) => document.id))
  const rows = await sql<{ source_document: string }>`
    SELECT DISTINCT source_document FROM document
     WHERE source_document IN (SELECT value FROM json_each(${ids})) AND kind = 'bill' AND status <> 'void'`.execute(
    ledger.db,
  )
  return new Set(rows.rows.map((row) => row.source_document))
}

async function findCredits(
  ledger: Ledger,
  orders: readonly string[],
): Promise<Pick<OrderFacts, 'credits' | 'sentCredits'>> {
  const rows = await sql<{ id: string; isSent: 0 | 1 }>`
    SELECT d.id, e.state IS NOT NULL AS isSent FROM document AS d
      LEFT JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity
       AND e.state IN ('exported', 'sending', 'uncertain', 'mock_exported')
     WHERE d.source_document IN (SELECT value FROM json_each(${JSON.stringify(orders)}))
       AND d.kind = 'supplier_credit' AND d.status <> 'void'`.execute(ledger.db)
  const credits = new Map<string, LedgerDocument[]>()
  const read = await readDocuments(
    ledger,
    rows.rows.map((row) => row.id),
  )
  for (const credit of read.values()) {
    const order = credit.sourceDocument ?? ''
    const known = credits.get(order)
    if (known) known.push(credit)
    else credits.set(order, [credit])
  }
  return { credits, sentCredits: new Set(rows.rows.flatMap((row) => (row.isSent ? row.id : []))) }
}

async function findPosted(ledger: Ledger, orders: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ source_id: string }>`
    SELECT source_id FROM export_state
     WHERE kind = 'purchase_order' AND source_id IN (SELECT value FROM json_each(${JSON.stringify(orders)}))
       AND state IN ('exported', 'sending', 'uncertain') AND COALESCE(facts ->> 'form', 'order_as_bill') = 'order_as_bill'
       AND xero_status IS NOT 'VOIDED' AND xero_status IS NOT 'DELETED'`.execute(ledger.db)
  return new Set(rows.rows.map((row) => row.source_id))
}
