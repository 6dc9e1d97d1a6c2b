// What must hold after every scenario and every simulated run, whatever happened: not expected outputs, but what the
// program promises. Each returns the sentences of what does not hold.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Exchange } from '../../src/sandbox/server.ts'
import { violations } from './conforming.ts'
import type { World } from './world.ts'

/** What a person typed into Xero carries this reference, so that it is not taken for ours. */
export const byPerson = 'entered by a person'
/** Documents whose number begins with this must never be sent: drafts, future ones, those before the cutover. */
export const neverSent = 'NEVER-'

/** What the checkers look at: a world of either kind. */
export type Watched = Pick<
  World,
  | 'sandbox'
  | 'query'
  | 'exchanges'
  | 'kills'
  | 'unreachable'
  | 'unlogged'
  | 'touchedByPerson'
  | 'said'
  | 'ledgerBytes'
  | 'folder'
>

interface Exported {
  source_id: string
  number: string | null
  total_cents: number | null
  tax_cents: number | null
  xero_id: string | null
  xero_number: string | null
  state: string
  /** Void in the ledger: in Xero it ended as it was last sent. */
  isVoid: 0 | 1
  isAsSent: 0 | 1
}

export interface PromiseOptions {
  /** No outcome may be open any more. */
  settled?: boolean
}

/** Every promise; an empty list where all hold. `settled` (unless false): no outcome may be open any more. */
export function brokenPromises(world: Watched, options: PromiseOptions = {}): string[] {
  return [
    ...onceInXero(world),
    ...onceByName(world),
    ...linkedContacts(world),
    ...nothingLost(world, options.settled ?? true),
    ...soundState(world, options.settled ?? true),
    ...loggedCalls(world),
    ...rightCalls(world),
    ...noSecrets(world),
    ...violations(world.exchanges),
  ]
}

function sandboxInvoices(world: Watched) {
  return world.sandbox.organisations.flatMap(({ tenantId }) =>
    world.sandbox.invoices(tenantId).filter((invoice) => invoice.type === 'ACCREC'),
  )
}

/** Each exported document is in Xero exactly once, under its id, to the cent; no two of ours have one number. */
function onceInXero(world: Watched): string[] {
  const broken: string[] = []
  for (const { tenantId } of world.sandbox.organisations) {
    const byNumber = new Map<string, number>()
    for (const invoice of world.sandbox.invoices(tenantId)) {
      if (invoice.type !== 'ACCREC' || invoice.reference === byPerson) continue
      if (invoice.status === 'DELETED' || invoice.status === 'VOIDED') continue
      byNumber.set(invoice.number ?? '', (byNumber.get(invoice.number ?? '') ?? 0) + 1)
    }
    for (const [number, count] of byNumber) if (count > 1) broken.push(`${number} is in Xero ${count} times`)
  }
  const byId = new Map(sandboxInvoices(world).map((invoice) => [invoice.id, invoice]))
  const holders = new Map<string, string>()
  const rows = world.query<Exported>(
    `SELECT e.source_id, d.number, d.total_cents, d.tax_cents, e.xero_id, e.xero_number, e.state,
            e.revision = e.sent_revision AS isAsSent, d.status = 'void' AS isVoid
       FROM export_state AS e LEFT JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind
      WHERE e.kind = 'invoice'`,
  )
  for (const row of rows) {
    if (row.state !== 'exported') continue
    const invoice = byId.get(row.xero_id ?? '')
    const name = row.number ?? row.source_id
    if (!invoice) {
      broken.push(`${name} counts as exported and is not in Xero`)
      continue
    }
    if (holders.has(invoice.id))
      broken.push(`${name} and ${holders.get(invoice.id)} are one document of Xero`)
    holders.set(invoice.id, name)
    // A person may have changed it since: that is theirs, and says so by the time of change.
    if (row.isAsSent !== 1 || row.total_cents === null || wasTouched(world, invoice.id)) continue
    if (row.isVoid === 1) {
      if (invoice.status !== 'VOIDED' && invoice.status !== 'DELETED')
        broken.push(`${name} is void in the ledger and ${invoice.status} in Xero`)
      continue
    }
    if (invoice.total !== row.total_cents || invoice.totalTax !== row.tax_cents) {
      broken.push(
        `${name} is ${invoice.total}/${invoice.totalTax} in Xero, ${row.total_cents}/${row.tax_cents} in the ledger`,
      )
    }
    if (!(invoice.number ?? '').endsWith(row.number ?? '')) {
      broken.push(`${row.source_id} is ${row.number} in the ledger and counts as ${invoice.number} of Xero`)
    }
  }
  return broken
}

function wasTouched(world: Watched, xeroId: string): boolean {
  return world.touchedByPerson.has(xeroId)
}

function onceByName(world: Watched): string[] {
  const broken: string[] = []
  for (const { tenantId } of world.sandbox.organisations) {
    const names = new Map<string, number>()
    for (const contact of world.sandbox.contacts(tenantId)) {
      if (contact.status !== 'ACTIVE') continue
      const key = contact.name.toLowerCase()
      names.set(key, (names.get(key) ?? 0) + 1)
    }
    for (const [name, count] of names)
      if (count > 1) broken.push(`the contact ${name} is in Xero ${count} times`)
  }
  return broken
}

/** A contact that was exported is linked to what it became (K5), and every link leads somewhere. */
function linkedContacts(world: Watched): string[] {
  const broken: string[] = []
  const there = new Set(
    world.sandbox.organisations.flatMap(({ tenantId }) =>
      world.sandbox.contacts(tenantId).map((contact) => contact.id),
    ),
  )
  const links = world.query<{ contact: string; xero_contact_id: string }>(
    'SELECT contact, xero_contact_id FROM contact_link WHERE ended IS NULL',
  )
  for (const link of links)
    if (!there.has(link.xero_contact_id)) broken.push(`${link.contact} is linked to nothing in Xero`)
  const unlinked = world.query<{ source_id: string }>(
    `SELECT e.source_id FROM export_state AS e
      WHERE e.kind = 'contact' AND e.state = 'exported' AND NOT EXISTS (
        SELECT 1 FROM contact_link AS l WHERE l.contact = e.source_id AND l.tenant_id = e.tenant_id AND l.ended IS NULL)`,
  )
  for (const row of unlinked) broken.push(`the contact ${row.source_id} was created and is not linked`)
  return broken
}

/** Nothing is `sending` after a run; nothing of ours in Xero is unknown to the ledger once all is settled. */
function nothingLost(world: Watched, settled: boolean): string[] {
  const broken: string[] = []
  const open = world.query<{ source_id: string; state: string }>(
    `SELECT source_id, state FROM export_state WHERE state IN ('sending'${settled ? ", 'uncertain'" : ''})`,
  )
  for (const row of open) broken.push(`${row.source_id} is still ${row.state}`)
  if (!settled) return broken
  const known = new Set(
    world
      .query<{ xero_id: string }>('SELECT xero_id FROM export_state WHERE xero_id IS NOT NULL')
      .map((row) => row.xero_id),
  )
  for (const invoice of sandboxInvoices(world)) {
    if (!known.has(invoice.id) && invoice.reference !== byPerson) {
      broken.push(`${invoice.number} is in Xero and the ledger does not know it`)
    }
  }
  return broken
}

const counted = (world: Watched, query: string): number => world.query<{ n: number }>(query)[0]?.n ?? 0

/** What every state implies, in the ledger alone. */
function soundState(world: Watched, settled: boolean): string[] {
  const rules: [string, string][] = [
    [
      'things count as exported without what was sent of them',
      `SELECT COUNT(*) AS n FROM export_state WHERE state = 'exported' AND kind <> 'contact'
          AND (xero_id IS NULL OR sent_revision IS NULL OR facts_hash IS NULL OR sent_revision > revision)`,
    ],
    [
      'exported things are off the queue although they changed, or on it although they did not',
      `SELECT COUNT(*) AS n FROM export_state WHERE state = 'exported' AND kind = 'invoice'
          AND (queued = 0 AND revision <> sent_revision OR queued = 1 AND revision = sent_revision)`,
    ],
    [
      'things wait and are not queued',
      `SELECT COUNT(*) AS n FROM export_state WHERE state IN ('pending', 'failed', 'skipped', 'uncertain') AND queued = 0`,
    ],
    [
      'open things belong to no open chunk',
      `SELECT COUNT(*) AS n FROM export_state AS e WHERE e.state IN ('sending', 'uncertain') AND NOT EXISTS (
        SELECT 1 FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
         WHERE c.id = e.chunk AND c.state IN ('prepared', 'sent', 'uncertain')
           AND t.kind = e.kind AND t.source_id = e.source_id AND t.entity = e.entity AND t.outcome IS NULL)`,
    ],
    [
      'closed chunks still hold the bytes of what they sent',
      `SELECT COUNT(*) AS n FROM chunk WHERE state IN ('settled', 'resolved', 'abandoned') AND body IS NOT NULL`,
    ],
    [
      'closed chunks have things without an outcome',
      `SELECT COUNT(*) AS n FROM chunk AS c JOIN chunk_thing AS t ON t.chunk = c.id
        WHERE c.state IN ('settled', 'resolved', 'abandoned') AND t.outcome IS NULL`,
    ],
    [
      'things were created by two chunks',
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM chunk_thing AS t JOIN chunk AS c ON c.id = t.chunk AND c.operation = 'create'
        WHERE t.outcome = 'exported' GROUP BY t.kind, t.source_id, t.entity HAVING COUNT(*) > 1)`,
    ],
  ]
  if (settled) {
    rules.push(['runs still hold the organisation', 'SELECT COUNT(*) AS n FROM run_lease WHERE held = 1'])
    rules.push([
      'chunks are still open',
      `SELECT COUNT(*) AS n FROM chunk WHERE state IN ('prepared', 'sent', 'uncertain')`,
    ])
  }
  return rules.flatMap(([sentence, query]) => {
    const count = counted(world, query)
    return count > 0 ? [`${count} ${sentence}`] : []
  })
}

interface LogRow {
  method: string
  path: string
  status: number | null
  idempotency_key: string | null
}

/**
 * Every request has exactly one row in the API log, token and connections included, and every row its request. A killed
 * run may have written rows for calls that never left: those have no status.
 */
function loggedCalls(world: Watched): string[] {
  const rows = world.query<LogRow>('SELECT method, path, status, idempotency_key FROM api_log')
  const broken: string[] = []
  const nameOf = (method: string, path: string, key: string | null | undefined) =>
    `${method} ${path}${key ? ` ${key}` : ''}`
  const logged = new Map<string, (number | null)[]>()
  for (const row of rows) {
    const name = nameOf(row.method, row.path, row.idempotency_key)
    logged.set(name, [...(logged.get(name) ?? []), row.status])
  }
  for (const exchange of world.exchanges) {
    if (world.unlogged.has(exchange)) continue
    const name = nameOf(exchange.method, exchange.url, exchange.requestHeaders['idempotency-key'])
    const statuses = logged.get(name) ?? []
    // An answer that was cut off has a status for Xero and none for us.
    const at = exchange.status === null ? statuses.indexOf(null) : statuses.indexOf(exchange.status)
    const taken = at >= 0 ? at : statuses.indexOf(null)
    if (taken < 0) broken.push(`${name} was answered ${exchange.status} and has no row in the API log`)
    else statuses.splice(taken, 1)
  }
  const left = [...logged].flatMap(([name, statuses]) => statuses.map((status) => ({ name, status })))
  for (const { name, status } of left) {
    if (status !== null) broken.push(`the API log has ${name} with ${status}, and Xero never saw it`)
  }
  // A request that Xero still holds has arrived and is not dealt with.
  const held = world.sandbox.counts.total - world.exchanges.length
  if (world.kills === 0 && world.unreachable === 0 && left.length > held)
    broken.push(`the API log has ${left.length} rows too many, such as ${left[0]?.name}`)
  return broken
}

/** The default of key_life: Xero forgets a key six minutes after its first call, and a repeat must end before that (§3.4). */
const keyLifeMaxMs = 271_000

/** Only creating calls, one body and one short life a key, nothing that has to stay at home, no address of Xero's forgotten. */
function rightCalls(world: Watched): string[] {
  const broken: string[] = []
  const first = new Map<string, Exchange>()
  for (const exchange of world.exchanges) {
    const { method, url, requestHeaders, requestBody } = exchange
    if (!url.startsWith('/api.xro/')) continue
    if (method === 'POST' && !namesIds(exchange)) broken.push(`POST ${url} edits whatever holds the number`)
    if (method !== 'PUT' && method !== 'POST') continue
    const key = requestHeaders['idempotency-key'] ?? ''
    if (!key) broken.push(`PUT ${url} left without a key`)
    const before = first.get(key)
    if (!before) first.set(key, exchange)
    else if (before.requestBody !== requestBody || before.url !== url)
      broken.push(`the key ${key} was used for two different calls`)
    else if (exchange.at - before.at > keyLifeMaxMs)
      broken.push(`the key ${key} was used again after ${(exchange.at - before.at) / 1000} s`)
    if (requestBody.includes(`"${neverSent}`)) broken.push(`PUT ${url} holds what must not be sent`)
  }
  return broken
}

/** A POST changes what its path or every element names by Xero's id, and creates nothing (§3.1). */
function namesIds({ url, requestBody }: Exchange): boolean {
  if (/\/[0-9a-f]{8}-[0-9a-f-]{27}(\?|$)/.test(url)) return true
  const lists = Object.values(JSON.parse(requestBody) as Record<string, Record<string, unknown>[]>) // our own request
  const idNames = ['InvoiceID', 'CreditNoteID', 'PurchaseOrderID', 'ManualJournalID', 'ItemID', 'ContactID']
  return lists.every(
    (list) => Array.isArray(list) && list.every((element) => idNames.some((name) => name in element)),
  )
}

/** No secret in the ledger, beside it, or in anything said (Z3). */
function noSecrets(world: Watched): string[] {
  const { clientSecret } = world.sandbox
  const tokens = world.exchanges.flatMap(({ url, responseBody }) =>
    url === '/connect/token' ? [...(responseBody?.matchAll(/"access_token":"([^"]+)"/g) ?? [])] : [],
  )
  const secrets = [clientSecret, ...tokens.flatMap(([, token]) => token ?? [])]
  const places: [string, Buffer][] = [
    ['the ledger', world.ledgerBytes()],
    ['what was said', Buffer.from(world.said)],
    ['a body of the API log', Buffer.concat(loggedBodies(world))],
    ...filesIn(world.folder).map((file): [string, Buffer] => [file, readFileSync(file)]),
  ]
  return places.flatMap(([place, bytes]) =>
    secrets.some((secret) => bytes.includes(secret)) ? [`a secret stands in ${place}`] : [],
  )
}

/** Unpacked: a secret must not hide behind compression. */
function loggedBodies(world: Watched): Buffer[] {
  return world
    .query<{ request: Buffer | null; response: Buffer | null }>(
      `SELECT request, response FROM api_log_body JOIN api_log ON api_log.id = api_log
        WHERE path NOT LIKE '/api.xro/%' OR api_log.id % 7 = 0`,
    )
    .flatMap(({ request, response }) => [request, response])
    .flatMap((body) => (body ? [gunzipSync(body)] : []))
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('ledger.db'))
    .map((entry) => join(entry.parentPath, entry.name))
}
