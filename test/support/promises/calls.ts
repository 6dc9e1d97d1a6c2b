// Every call is logged, only calls leave that may, none is repeated that Xero could execute twice, and no secret is anywhere.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Exchange } from '../../../src/sandbox/exchange.ts'
import { neverSent, type Watched } from './watched.ts'

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
export function loggedCalls(world: Watched): string[] {
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
export function rightCalls(world: Watched): string[] {
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

/**
 * After an answer that never came or said nothing, a call is made again only where Xero refuses the second of two: its number is
 * unique, or it names what it changes by its id (Exactly once, 4).
 */
export function safeRepeats(world: Watched): string[] {
  const open = new Map<string, Exchange>()
  return world.exchanges.flatMap((exchange) => {
    const key = exchange.requestHeaders['idempotency-key']
    if (!key || exchange.method === 'GET') return []
    const before = open.get(key)
    if (isUnknown(exchange)) open.set(key, exchange)
    const isSafe = exchange.method !== 'PUT' || isUniqueInXero(exchange)
    return before && !isSafe ? [`PUT ${exchange.url} was repeated after an answer that told nothing`] : []
  })
}

function isUnknown({ status }: Exchange): boolean {
  return status === null || status >= 500
}

function isUniqueInXero({ url, requestBody }: Exchange): boolean {
  if (/2\.0\/(Contacts|Items|PurchaseOrders)\?/.test(url)) return true
  return /2\.0\/(Invoices|CreditNotes)\?/.test(url) && !/"ACCPAY(CREDIT)?"/.test(requestBody)
}

/** No secret in the ledger, beside it, or in anything said (Z3). */
export function noSecrets(world: Watched): string[] {
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
