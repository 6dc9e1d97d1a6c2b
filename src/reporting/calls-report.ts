// Calls of the API log: their public JSON, their table, and one call with its request and answer.

import { countText } from './figures.ts'
import { type Column, type Piece, type Printer, toned } from './terminal.ts'

/** A row of the API log. */
export interface LoggedCall {
  readonly id: number
  readonly run: number | null
  readonly entity: string | null
  readonly at: string
  readonly kind: string | null
  readonly chunk: number | null
  readonly of: number | null
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly status: number | null
  readonly attempt: number
  readonly documents: number | null
  readonly exported: number | null
  readonly failed: number | null
  readonly durationMs: number | null
  readonly bytesOut: number
  readonly bytesIn: number | null
  readonly idempotencyKey: string | null
  readonly problem: string | null
}

/** The object of `log --json`: the path without its query, which stands by itself. */
export function callJson(call: LoggedCall) {
  const { path, query } = partedPath(call.path)
  return {
    id: call.id,
    run: call.run,
    entity: call.entity,
    at: call.at,
    kind: call.kind,
    chunk: call.chunk,
    of: call.of,
    method: call.method,
    path,
    query,
    status: call.status,
    attempt: call.attempt,
    documents: call.documents,
    exported: call.exported,
    failed: call.failed,
    durationMs: call.durationMs,
    bytesOut: call.bytesOut,
    bytesIn: call.bytesIn,
    idempotencyKey: call.idempotencyKey,
    problem: call.problem,
  }
}

function partedPath(whole: string): { path: string; query: string | null } {
  const at = whole.indexOf('?')
  return at < 0 ? { path: whole, query: null } : { path: whole.slice(0, at), query: whole.slice(at + 1) }
}

/** What became of an attempt. One without an end was cut off, unless its process still lives. */
function statusPiece(call: LoggedCall, isUnderWay: boolean): Piece {
  if (call.status !== null) {
    const isBad = call.status >= 400 || call.problem !== null
    return isBad ? toned('bad', String(call.status)) : String(call.status)
  }
  if (call.durationMs !== null) return toned('bad', 'no answer')
  return isUnderWay ? toned('faint', 'under way') : toned('bad', 'no answer recorded')
}

const columns: readonly Column[] = [
  { head: 'id', align: 'right' },
  { head: 'run', align: 'right', isSpare: true },
  { head: 'time (UTC)' },
  { head: 'kind', isSpare: true },
  { head: 'chunk' },
  { head: 'call', isFlexible: true },
  { head: 'status', isFlexible: true },
  { head: 'attempt', align: 'right', isSpare: true },
  { head: 'exported', align: 'right' },
  { head: 'failed', align: 'right' },
  { head: 'ms', align: 'right', isSpare: true },
  { head: 'problem', isFlexible: true },
]

/** A column in which no call has anything is left out. */
export function printCalls(
  printer: Printer,
  calls: readonly LoggedCall[],
  isUnderWay: (call: LoggedCall) => boolean,
): void {
  const rows = calls.map((call) => callCells(call, isUnderWay(call)))
  const used = columns.map((_, index) => rows.some((row) => row[index] !== ''))
  printer.table(
    columns.filter((_, index) => used[index]),
    rows.map((row) => row.filter((_, index) => used[index])),
  )
}

function callCells(call: LoggedCall, isUnderWay: boolean): Piece[] {
  return [
    String(call.id),
    call.run === null ? '' : String(call.run),
    timeText(call.at),
    call.kind ?? '',
    call.chunk === null ? '' : `${call.chunk}/${call.of ?? '?'}`,
    `${call.method} ${shortPath(call.path)}`,
    statusPiece(call, isUnderWay),
    String(call.attempt),
    call.exported === null ? '' : countText(call.exported),
    call.failed ? toned('bad', countText(call.failed)) : call.failed === 0 ? '0' : '',
    call.durationMs === null ? '' : countText(call.durationMs),
    call.problem ?? '',
  ]
}

/** What all of Xero's accounting calls begin with says nothing in a table. */
function shortPath(path: string): string {
  return partedPath(path).path.replace(/^\/api\.xro\/2\.0(?=\/)/, '')
}

function timeText(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ')
}

/** One call whole. Bodies are as they were kept: without secrets, and null where there is none any more. */
export function printCall(
  printer: Printer,
  call: LoggedCall,
  bodies: { request: string | null; response: string | null },
  isUnderWay: boolean,
): void {
  const facts: [string, Piece][] = [
    ['call', `${call.id}, ${timeText(call.at)} UTC`],
    ['run', call.run === null ? 'none' : String(call.run)],
    ['entity', call.entity ?? ''],
    ['kind', call.chunk === null ? (call.kind ?? '') : `${call.kind}, chunk ${call.chunk} of ${call.of}`],
    ['request', `${call.method} ${call.path}`],
    ['attempt', String(call.attempt)],
    ['key', call.idempotencyKey ?? ''],
    ['status', statusPiece(call, isUnderWay)],
    ['problem', call.problem ?? ''],
    ['took', call.durationMs === null ? '' : `${countText(call.durationMs)} ms`],
    ['bytes', `${countText(call.bytesOut)} sent, ${countText(call.bytesIn ?? 0)} read`],
  ]
  for (const [name, value] of facts) {
    if (value !== '') printer.line(toned('faint', `${name.padEnd(8)} `), value)
  }
  printBody(printer, 'Request', bodies.request)
  printBody(printer, 'Answer', bodies.response)
}

function printBody(printer: Printer, name: string, body: string | null): void {
  printer.line()
  printer.line(toned('strong', name), ...(body === null ? [': none is kept'] : []))
  if (body === null) return
  const value = parsedBody(body)
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  for (const line of text.split('\n')) printer.line(line)
}

/** The body as JSON where it is JSON, else its text. */
export function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // A proxy's page, an empty answer: it is shown as it came.
    return body
  }
}
