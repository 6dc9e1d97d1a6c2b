// What hostile text, a hostile answer or a slip of the hand may not do: reach a terminal as more than text, become a prototype, take
// the program down, or cost the ledger. docs/SECURITY.md names what is answered where.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { runProgram } from '../src/program.ts'
import { readReply, readWriteAnswer } from '../src/xero/reply.ts'
import { testHost } from './support/host.ts'
import { insertSql } from './support/sql.ts'
import { invoiceSql } from './support/workload.ts'
import { World } from './support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** What a terminal obeys: escapes, control characters but line breaks, and what turns the direction of text. */
const obeyed = /(?!\n)\p{Cc}|\p{Bidi_Control}/u
const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202Eevil\r\n'

test('hostile text in every name comes out of every verb as text', async () => {
  const w = await World.open()
  world = w
  await w.must(['init', '--entity', 'NZ01', '--name', `Harbour ${hostile}`, '--region', 'NZ'])
  await w.must(['connect', '--custom'])
  const invoice = invoiceSql({ id: `I${hostile}`, number: `INV${hostile}` })
  w.sql(
    insertSql('contact', { code: 'C001', name: `Tui ${hostile}`, email: `a${hostile}@example.com` }) +
      invoice +
      `UPDATE document SET reference = ${quoted(hostile)};
       UPDATE document_line SET description = ${quoted(hostile)};
       INSERT INTO document_line SELECT document, 2, kind, item, description, quantity_e4, unit_price_e4, discount_percent_e4, 0, ${quoted(`9${hostile}`)}, tax_code, 0, tracking_1_category, tracking_1_option, tracking_2_category, tracking_2_option, supply, average_cost_e4, destination, quantity_received_e4 FROM document_line;
       INSERT INTO account_map VALUES ('NZ01', ${quoted(hostile)}, ${quoted(hostile)});`,
  )
  const verbs = [
    ['validate', '--verbose'],
    ['export', '--dry-run'],
    ['export', '--verbose'],
    ['export', '--log-format', 'json'],
    ['status'],
    ['history'],
    ['log'],
    ['accounts'],
    ['tax-codes'],
    ['contacts', 'list'],
    ['contacts', 'match'],
    ['entities'],
    ['settings'],
    ['reconcile', '--month', '2026-11'],
    ['report', '--month', '2026-11'],
    ['show', `INV${hostile}`],
    ['hold', `INV${hostile}`, '--reason', hostile],
    ['validate', '--json'],
  ]
  for (const argv of verbs) {
    const { out, err } = await w.run(argv)
    expect(obeyed.exec(out + err)?.[0], `${argv.join(' ')}: ${JSON.stringify(out + err)}`).toBeUndefined()
  }
})

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

test.each([
  [[`expo${hostile}rt`]],
  [['export', `--${hostile}`]],
  [['export', '--only', hostile]],
  [['export', '--from', hostile]],
  [['import', '--as', hostile, 'x.csv']],
  [['demo', hostile]],
  [['settings', 'get', hostile]],
  [['sandbox', '--fault', hostile]],
  [['status', '--ledger', `/tmp/${hostile}`]],
])('what was typed comes back as text, case %#', async (argv) => {
  const host = testHost()
  expect(await runProgram(argv, host)).not.toBe(0)
  expect(obeyed.exec(host.out() + host.err())?.[0]).toBeUndefined()
})

test.each([
  ['validate', '--format', 'csv', '--output'],
  ['validate', '--format', 'html', '--output'],
  ['reconcile', '--month', '2026-11', '--output'],
  ['report', '--month', '2026-11', '--html'],
])('a report is not written over a ledger: %s %s %s %s', async (...argv) => {
  const w = await World.open()
  world = w
  await w.prepare(invoiceSql({ id: 'I1', contact: null }))
  await w.must(['validate'], 1)
  const before = w.query('SELECT * FROM document')
  const run = await w.run([...argv, join(w.folder, 'ledger.db')])
  expect(run.code, run.err).toBe(2)
  expect(run.err).toContain('that is a ledger')
  expect(w.query('SELECT * FROM document')).toEqual(before)
  expect(readFileSync(w.ledgerFile).subarray(0, 15).toString()).toBe('SQLite format 3')
})

describe('a hostile answer', () => {
  const answered = (text: string) => ({
    outcome: 'answered' as const,
    answer: {
      status: 200,
      headers: new Map([['content-type', 'application/json']]),
      body: Buffer.from(text),
    },
    durationMs: 1,
    bytesIn: text.length,
  })
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

  test.each([
    ['nested 200,000 deep', `{"Invoices":${deep(200_000)}}`],
    [
      'nested 200,000 deep inside an element',
      `{"Invoices":[{"InvoiceID":"x","LineItems":${deep(200_000)}}]}`,
    ],
    ['a number of a million digits', `{"Invoices":[{"InvoiceID":"x","Total":${'9'.repeat(1_000_000)}}]}`],
  ])('%s names nothing that was stored, and is no crash', (_title, text) => {
    const verdict = readWriteAnswer('Invoices', answered(text))
    const elements = verdict.outcome === 'elements' ? verdict.elements : []
    expect(elements.filter(({ xeroId }) => xeroId !== null && xeroId !== 'x')).toEqual([])
  })

  test('names of prototypes are names like others', () => {
    const text = '{"__proto__":{"Invoices":[],"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'
    expect(readReply(answered(text)).outcome).toBe('json')
    expect(readWriteAnswer('Invoices', answered(text)).outcome).toBe('unknown')
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
  })
})
