// Which Xero organisation an entity is pinned to (Z1). No secrets here: tokens live outside the ledger.

import { takeContactsAlong } from './links.ts'
import type { Ledger } from './open.ts'

export interface Connection {
  entity: string
  tenantId: string
  organisation: string
  login: 'custom' | 'browser'
  clientId: string
  /** What it was allowed, with blanks between. */
  scopes: string
  apiUrl: string
  connectedAt: string
  /** The pin stays, and nothing is allowed any more. */
  isDisconnected: boolean
}

export async function findConnection(ledger: Ledger, entity: string): Promise<Connection | null> {
  const row = await ledger.db
    .selectFrom('connection')
    .selectAll()
    .where('entity', '=', entity)
    .executeTakeFirst()
  return row
    ? {
        entity: row.entity,
        tenantId: row.tenant_id,
        organisation: row.organisation_name,
        login: row.login,
        clientId: row.client_id,
        scopes: row.scopes,
        apiUrl: row.api_url,
        connectedAt: row.connected_at,
        isDisconnected: row.scopes === disconnected,
      }
    : null
}

/** The same, where calls may be made by it. */
export async function findOpenConnection(ledger: Ledger, entity: string): Promise<Connection | null> {
  const connection = await findConnection(ledger, entity)
  return connection?.isDisconnected ? null : connection
}

/** What `scopes` says of an entity that was disconnected: where its documents are is still to be known, and what was open. */
const disconnected = ''

/** Nothing is allowed any more (Z4); what was sent, and where to, stays. */
export async function recordDisconnection(
  ledger: Ledger,
  connection: Connection,
  who: string,
): Promise<void> {
  const { entity, organisation, tenantId } = connection
  await ledger.transaction(async (tx, now) => {
    await tx.updateTable('connection').set({ scopes: disconnected }).where('entity', '=', entity).execute()
    await tx
      .insertInto('event')
      .values({
        at: now,
        who,
        run: null,
        entity,
        kind: null,
        source_id: null,
        what: 'disconnected',
        detail: `${organisation} (${tenantId})`,
      })
      .execute()
  })
}

export async function recordConnection(
  ledger: Ledger,
  connection: Omit<Connection, 'connectedAt' | 'isDisconnected'>,
  who: string,
): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    const values = {
      tenant_id: connection.tenantId,
      organisation_name: connection.organisation,
      login: connection.login,
      client_id: connection.clientId,
      scopes: connection.scopes,
      api_url: connection.apiUrl,
      connected_at: now,
    }
    await tx
      .insertInto('connection')
      .values({ entity: connection.entity, ...values })
      .onConflict((conflict) => conflict.column('entity').doUpdateSet(values))
      .execute()
    await takeContactsAlong(tx, connection, now)
    await tx
      .insertInto('event')
      .values({
        at: now,
        who,
        run: null,
        entity: connection.entity,
        kind: null,
        source_id: null,
        what: 'connected',
        detail: `${connection.organisation} (${connection.tenantId}) at ${connection.apiUrl}`,
      })
      .execute()
  })
}

/** Entities that share an organisation: numbers must be unique among them (D5). */
export async function entitiesOf(ledger: Ledger, tenantId: string): Promise<string[]> {
  const rows = await ledger.db
    .selectFrom('connection')
    .select('entity')
    .where('tenant_id', '=', tenantId)
    .orderBy('entity')
    .execute()
  return rows.map((row) => row.entity)
}

/** When the first entity was connected to this organisation, ms since 1970; the beginning of time where none is. */
export async function connectedSince(ledger: Ledger, tenantId: string): Promise<number> {
  const row = await ledger.db
    .selectFrom('connection')
    .select((eb) => eb.fn.min('connected_at').as('since'))
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  return row?.since ? Date.parse(row.since) : 0
}
