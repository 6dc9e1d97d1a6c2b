// What the promises look at: a world of either kind, and the ledger's things as their rows say them.

import type { Exchange } from '../../../src/sandbox/exchange.ts'
import type { Sandbox } from '../../../src/sandbox/server.ts'
import type { RecordList } from '../xero-records.ts'

/** What a person typed into Xero carries this reference, so that it is not taken for ours. */
export const byPerson = 'entered by a person'
/** Documents whose number begins with this must never be sent: drafts, future ones, those before the cutover. */
export const neverSent = 'NEVER-'

/** A world of either kind. */
export interface Watched {
  readonly sandbox: Sandbox
  readonly folder: string
  readonly exchanges: readonly Exchange[]
  /** How many runs were killed: each may have left log rows without an answer. */
  readonly kills: number
  /** Runs that could not reach Xero at all. */
  readonly unreachable: number
  /** Exchanges whose log rows were lost with a ledger that a back-up replaced. */
  readonly unlogged: ReadonlySet<Exchange>
  /** Things of ours in Xero that a person changed, by id: they need not agree any more. */
  readonly touchedByPerson: Set<string>
  /** As a person left what they made or changed in Xero, by id (people.ts). */
  readonly leftByPerson: Map<string, { isTheirs: boolean; content: string }>
  /** Everything that was ever said. */
  readonly said: string
  query<Row>(text: string, ...values: unknown[]): Row[]
  ledgerBytes(): Buffer
}

/** Facts that were written down with a thing, as any kind writes them. */
export interface Facts {
  channel?: string
  form?: string
  type?: string
  totalCents?: number
  taxCents?: number
  amountCents?: number
  totalDebitCents?: number
  bytes?: number
  /** Of an allocation. */
  parentId?: string
  invoiceId?: string
}

export interface ExportedThing {
  kind: string
  sourceId: string
  entity: string
  xeroId: string | null
  facts: Facts
  /** The source has not changed since it was sent. */
  isAsSent: boolean
}

/** Things that count as exported and have facts. Contacts have promises of their own; a day's summary stands for its sources (J5). */
export function exportedThings(world: Watched): ExportedThing[] {
  return world
    .query<{
      kind: string
      source_id: string
      entity: string
      xero_id: string | null
      facts: string
      isAsSent: 0 | 1
    }>(
      `SELECT kind, source_id, entity, xero_id, facts, revision IS sent_revision AS isAsSent FROM export_state
        WHERE state = 'exported' AND kind <> 'contact' AND facts IS NOT NULL AND facts ->> 'summary' IS NULL`,
    )
    .map((row) => ({
      kind: row.kind,
      sourceId: row.source_id,
      entity: row.entity,
      xeroId: row.xero_id,
      facts: JSON.parse(row.facts) as Facts, // written by the program; every field is looked at before it is used
      isAsSent: row.isAsSent === 1,
    }))
}

/** In which list of Xero a thing with these facts has to be. */
export function listOf({ kind, facts }: Pick<ExportedThing, 'kind' | 'facts'>): RecordList {
  if (kind === 'item' || kind === 'attachment' || kind === 'note') return kind
  if (facts.totalDebitCents !== undefined) return 'manual_journal'
  if (facts.channel === 'payments') return 'payment'
  if (facts.channel === 'allocations') return 'allocation'
  if (facts.channel === 'bank_transactions')
    return facts.type?.endsWith('OVERPAYMENT') ? 'overpayment' : 'prepayment'
  if (facts.form === 'purchase_order') return 'purchase_order'
  return facts.form === 'sales_credit' || facts.form === 'supplier_credit' ? 'credit_note' : 'invoice'
}

/** What a thing came to when it was sent, in the currency it was sent in; null where it is no money. */
export function sentAmount({ facts }: Pick<ExportedThing, 'facts'>): number | null {
  return facts.totalCents ?? facts.totalDebitCents ?? facts.amountCents ?? facts.bytes ?? null
}

export function isTouched(world: Watched, ...ids: (string | null)[]): boolean {
  return ids.some((id) => id !== null && world.touchedByPerson.has(id))
}

export const counted = (world: Watched, query: string): number => world.query<{ n: number }>(query)[0]?.n ?? 0
