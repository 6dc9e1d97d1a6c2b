// Files of documents (I14): each on its document once, after the money documents, one call each, whatever becomes of the answer.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import type { Switches } from '../../src/sandbox/switches.ts'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

/** A ledger with the invoice A of one customer; files lie in the ledger's folder. */
async function open(
  files: Record<string, string | Buffer>,
  sql = '',
  options: WorldOptions = {},
): Promise<World> {
  world = await World.open(options)
  for (const [file, content] of Object.entries(files)) put(world, file, content)
  await world.prepare(`${contactsSql(1)} ${invoiceSql({ id: 'A', number: 'INV-1' })} ${sql}`)
  return world
}

function put(w: World, file: string, content: string | Buffer): void {
  const path = join(w.folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

const attach = (document: string, ...files: string[]) =>
  files
    .map((file) => `INSERT INTO document_attachment (document, file) VALUES ('${document}', '${file}');`)
    .join('\n')

afterEach(async () => {
  await world?.close()
  world = undefined
})

const stored = (w: World) =>
  w.sandbox
    .attachments()
    .map(({ fileName }) => fileName)
    .sort()
const uploads = (w: World) =>
  w.exchanges.filter(({ method, url }) => method === 'PUT' && url.includes('/Attachments/'))

test('files follow their document in the same run, one call each, and once only', async () => {
  const w = await open(
    { 'scans/job.pdf': '%PDF-1.4', 'Prüfung 1+2.txt': 'ok' },
    attach('A', 'scans/job.pdf', 'Prüfung 1+2.txt'),
  )
  w.sql("UPDATE document_attachment SET include_online = 1 WHERE file = 'scans/job.pdf'")
  const plan = await w.run(['export', '--dry-run'])
  expect(plan.out).toContain('Xero takes attachments one a call: 2 here.')
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(run.runs[0]?.chunks.map(({ kind, number, of }) => [kind, number, of])).toEqual([
    ['contact', 1, 1],
    ['invoice', 1, 1],
    ['attachment', 1, 2],
    ['attachment', 2, 2],
  ])
  expect(run.runs[0]?.kinds['attachment']).toMatchObject({ exported: 2, failed: 0, remaining: 0 })
  const [invoice] = w.sandbox.invoices()
  const files = [...w.sandbox.attachments()].sort((one, other) => one.length - other.length)
  expect(files).toMatchObject([
    {
      documentId: invoice?.id,
      fileName: 'Prüfung 1_2.txt',
      mimeType: 'text/plain',
      length: 2,
      includeOnline: false,
    },
    {
      documentId: invoice?.id,
      fileName: 'job.pdf',
      mimeType: 'application/pdf',
      length: 8,
      includeOnline: true,
    },
  ])
  // The document is new: nobody had to be asked what files it has.
  expect(w.exchanges.filter(({ method, url }) => method === 'GET' && url.includes('/Attachments'))).toEqual(
    [],
  )
  expect(brokenPromises(w)).toEqual([])
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(uploads(w)).toHaveLength(2)
})

test('every kind of document takes files, at its own address', async () => {
  const documents = (['bill', 'credit_note', 'supplier_credit', 'purchase_order'] as const).map((kind) =>
    invoiceSql({
      id: kind,
      number: `N-${kind}`,
      account: kind.includes('supplier') || kind === 'bill' || kind === 'purchase_order' ? '400' : '200',
      taxCode: kind === 'credit_note' ? 'OUTPUT2' : 'INPUT2',
    }).replace("'invoice'", `'${kind}'`),
  )
  const w = await open(
    { 'job.pdf': 'x' },
    `${documents.join('\n')} INSERT INTO setting VALUES ('NZ01', 'purchase_orders', 'purchase_orders');
     ${['A', 'bill', 'credit_note', 'supplier_credit', 'purchase_order'].map((id) => attach(id, 'job.pdf')).join('\n')}
     UPDATE document_attachment SET include_online = 1;`,
  )
  const run = await w.export()
  expect(run.code, `${run.err} ${JSON.stringify(run.runs[0]?.failures)}`).toBe(0)
  const endpoints = uploads(w).map(({ url }) =>
    url.replace(/.*2\.0\/(\w+)\/[^/]+\/Attachments\/job\.pdf/, '$1'),
  )
  expect(endpoints.sort()).toEqual([
    'CreditNotes?IncludeOnline=true',
    'CreditNotes?IncludeOnline=true',
    'Invoices?IncludeOnline=true',
    'Invoices?IncludeOnline=true',
    'PurchaseOrders',
  ])
  expect(brokenPromises(w)).toEqual([])
})

test('a sale that goes out as a journal has its files there', async () => {
  const w = await open(
    { 'job.pdf': 'x' },
    `${attach('A', 'job.pdf')} INSERT INTO setting VALUES ('NZ01', 'ar_style', 'journals');
     INSERT INTO role_account VALUES ('NZ01', 'debtors', '620');`,
  )
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  const [journal] = w.sandbox.manualJournals()
  expect(w.sandbox.attachments()).toMatchObject([{ documentId: journal?.id, fileName: 'job.pdf' }])
})

test('--only attachment sends files of what Xero has, and leaves the others', async () => {
  const w = await open({ 'job.pdf': 'x' }, attach('A', 'job.pdf'))
  const run = await w.export('--only', 'attachment')
  expect(run.code, run.err).toBe(0)
  expect(run.runs[0]?.kinds['attachment']).toMatchObject({ exported: 0, skipped: 1, remaining: 1 })
  await w.export('--only', 'invoice')
  expect(stored(w)).toEqual([])
  expect((await w.export('--only', 'attachment')).code).toBe(0)
  expect(stored(w)).toEqual(['job.pdf'])
})

describe('what cannot go is said, and holds nothing else back', () => {
  test.each<[string, Record<string, string | Buffer>, string[], string]>([
    ['a file that is not there', {}, ['nowhere.pdf'], 'file-missing'],
    ['a folder', { 'scans/x': '1' }, ['scans'], 'file-missing'],
    ['an empty file', { 'x.pdf': '' }, ['x.pdf'], 'file-empty'],
    ['a file of more than 10 MB', { 'x.pdf': Buffer.alloc(10_000_001) }, ['x.pdf'], 'file-too-large'],
    ['a path that ends with a slash', { 'scans/x': '1' }, ['scans/'], 'file-missing file-name-invalid'],
    [
      'the second of two files of one name',
      { 'a/job.pdf': '1', 'b/JOB.pdf': '2' },
      ['a/job.pdf', 'b/JOB.pdf'],
      'file-name-invalid',
    ],
  ])('%s', async (_title, files, named, codes) => {
    const w = await open(
      { ...files, 'good.txt': 'good' },
      `${attach('A', ...named)} ${attach('A', 'good.txt')}`,
    )
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures.map(({ code }) => code).join(' ')).toBe(codes)
    expect(stored(w)).toContain('good.txt')
    expect(w.sandbox.invoices()).toHaveLength(1)
    const validate = await w.run(['validate', '--json'])
    expect(validate.code).toBe(1)
    expect(validate.out).toContain(codes.split(' ')[0])
  })

  test('the eleventh file', async () => {
    const files = Array.from({ length: 11 }, (_, index) => `${String(index).padStart(2, '0')}.txt`)
    const w = await open(Object.fromEntries(files.map((file) => [file, file])), attach('A', ...files))
    const run = await w.export()
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'A/10.txt', code: 'files-too-many' }])
    expect(stored(w)).toEqual(files.slice(0, 10))
    expect((await w.export()).runs[0]?.failures).toMatchObject([{ code: 'files-too-many' }])
    // What Xero has keeps its place, whatever comes before it by name.
    w.sql(`DELETE FROM document_attachment WHERE file = '10.txt'; ${attach('A', '000.txt')}`)
    put(w, '000.txt', 'late')
    expect((await w.export()).runs[0]?.failures).toMatchObject([{ id: 'A/000.txt', code: 'files-too-many' }])
  })

  test('put right, it goes along by itself', async () => {
    const w = await open({}, attach('A', 'late.txt'))
    expect((await w.export()).code).toBe(1)
    put(w, 'late.txt', 'now')
    expect((await w.export()).code).toBe(0)
    expect(stored(w)).toEqual(['late.txt'])
  })

  test('a file of a document that fails waits for it', async () => {
    const w = await open(
      { 'x.txt': 'x' },
      `${attach('A', 'x.txt')} UPDATE document_line SET account = '999' WHERE document = 'A';`,
    )
    const run = await w.export()
    expect(run.runs[0]?.kinds['attachment']).toMatchObject({
      exported: 0,
      failed: 0,
      skipped: 1,
      remaining: 1,
    })
    expect(run.runs[0]?.chunks.map(({ kind }) => kind)).not.toContain('attachment')
    expect((await w.run(['validate', '--json'])).out).toContain(
      'Attachment x.txt of INV-1 waits for invoice INV-1',
    )
    w.sql("UPDATE document_line SET account = '200'")
    expect((await w.export()).code).toBe(0)
    expect(stored(w)).toEqual(['x.txt'])
  })

  test.each([
    ['a draft', "UPDATE document SET status = 'draft' WHERE id = 'A'"],
    ['an order that is not sent', "UPDATE document SET kind = 'purchase_order' WHERE id = 'A'"],
    ['of the future', "UPDATE document SET date = '2027-01-01' WHERE id = 'A'"],
    ['before the cutover', "INSERT INTO setting VALUES ('NZ01', 'cutover_date', '2026-11-20')"],
  ])('of a document that does not go out (%s) nothing is said', async (_title, sql) => {
    const w = await open({}, `${attach('A', 'nowhere.txt')} ${sql};`)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs[0]).toMatchObject({ state: 'nothing', kinds: { attachment: { skipped: 0, failed: 0 } } })
  })
})

describe('after it was sent', () => {
  test('what is in the file later, and rows written again, send nothing', async () => {
    const w = await open({ 'x.txt': 'first' }, attach('A', 'x.txt'))
    await w.export()
    put(w, 'x.txt', 'second')
    w.sql(
      "INSERT OR REPLACE INTO document_attachment (document, file, include_online) VALUES ('A', 'x.txt', 0)",
    )
    expect((await w.export('--strict')).code).toBe(0)
    expect(uploads(w)).toHaveLength(1)
  })

  test('another wish about online is told once, and sends nothing', async () => {
    const w = await open({ 'x.txt': 'x' }, attach('A', 'x.txt'))
    await w.export()
    w.sql('UPDATE document_attachment SET include_online = 1')
    const run = await w.export('--strict')
    expect(run.code).toBe(1)
    expect(run.err + run.out).toContain(
      'was sent before it was changed in the ledger to go along with the online document',
    )
    expect((await w.export('--strict')).code).toBe(0)
    expect(uploads(w)).toHaveLength(1)
  })

  test('a file with another path is another file; the one that was taken off stays in Xero, and is named', async () => {
    const w = await open({ 'x.txt': 'x', 'y.txt': 'y' }, attach('A', 'x.txt'))
    await w.export()
    w.sql("UPDATE document_attachment SET file = 'y.txt'")
    const run = await w.export('--strict')
    expect(run.code).toBe(1)
    expect(run.out).toContain('x.txt of INV-1 is in Xero, and its row was deleted')
    expect(stored(w)).toEqual(['x.txt', 'y.txt'])
  })
})

const faults: [string, Fault][] = [
  ['the answer is lost after Xero stored it', { kind: 'drop-after-commit' }],
  ['the connection drops before Xero stored it', { kind: 'drop-before-commit' }],
  ['an error 500 after Xero stored it', { kind: 'error-after-commit' }],
  ['an error 500 before Xero stored it', { kind: 'error-before-commit' }],
  ['the commit comes after the time-out', { kind: 'late-commit', afterMs: 80_000 }],
  ['the answer is cut off', { kind: 'truncated', isStored: true }],
  ['the answer names no file', { kind: 'missing-element' }],
  ['the token expired', { kind: 'unauthorized' }],
]
const ways: Partial<Switches>[] = [
  { sameFileName: 'adds' },
  { sameFileName: 'replaces', extrasMoveUpdated: true },
]

describe.each(ways)('%j', (switches) => {
  test.each(faults)('%s: each file is there once', async (_title, fault) => {
    const w = await open(
      { 'a.txt': 'first', 'b.txt': 'second', 'c.txt': 'third' },
      attach('A', 'a.txt', 'b.txt', 'c.txt'),
      { sandbox: { switches } },
    )
    w.sandbox.fault({ method: 'PUT', path: '^/Invoices/.*/Attachments/', nth: 2, ...fault })
    await w.export()
    await w.sandbox.settleHeld()
    w.clock.advance(7 * 60_000)
    const second = await w.export()
    expect(second.code, second.err).toBe(0)
    expect(stored(w)).toEqual(['a.txt', 'b.txt', 'c.txt'])
    expect(brokenPromises(w)).toEqual([])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })
})

test('of a document that was voided in Xero its file is told of once, and not sent', async () => {
  const w = await open({ 'x.txt': 'x' }, attach('A', 'x.txt'))
  await w.export('--only', 'invoice')
  w.sandbox.person().voidInvoice(w.sandbox.invoices()[0]?.id ?? '')
  w.sql("UPDATE export_state SET xero_status = 'VOIDED' WHERE kind = 'invoice'")
  const run = await w.export()
  expect({ code: run.code, remaining: run.runs[0]?.kinds['attachment']?.remaining }).toEqual({
    code: 0,
    remaining: 0,
  })
  expect(uploads(w)).toEqual([])
})

test('files of a document that a person holds are left alone, and go once it is released', async () => {
  const w = await open({ 'x.txt': 'x' }, attach('A', 'x.txt'))
  w.sql("UPDATE export_state SET state = 'held' WHERE kind = 'invoice'")
  expect((await w.export()).runs[0]?.kinds['attachment']).toMatchObject({ skipped: 0, remaining: 0 })
  w.sql("UPDATE export_state SET state = 'pending' WHERE kind = 'invoice'")
  expect((await w.export()).code).toBe(0)
  expect(stored(w)).toEqual(['x.txt'])
})

test('a restored ledger finds the files that Xero has, and sends none again', async () => {
  const w = await open({ 'x.txt': 'x' }, attach('A', 'x.txt'))
  const restore = w.backUp()
  expect((await w.export()).code).toBe(0)
  restore()
  expect((await w.export()).code).toBe(5)
  await w.must(['adopt-copy'])
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(uploads(w)).toHaveLength(1)
  expect(brokenPromises(w)).toEqual([])
})

test('a file that a person put there before, of our name and size, is not taken for ours', async () => {
  const w = await open({ 'x.txt': 'same' })
  await w.export()
  const [invoice] = w.sandbox.invoices()
  const theirs = w.sandbox.person().papers.attach(invoice?.id ?? '', 'x.txt', 'Same')
  w.sql(attach('A', 'x.txt'))
  w.sandbox.fault({ method: 'PUT', path: '^/Invoices/.*/Attachments/', kind: 'error-before-commit' })
  expect((await w.export()).code).toBe(8)
  w.clock.advance(7 * 60_000)
  expect((await w.export()).code).toBe(0)
  expect(stored(w)).toEqual(['x.txt', 'x.txt'])
  const [thing] = w.query<{ xero_id: string }>("SELECT xero_id FROM export_state WHERE kind = 'attachment'")
  expect(thing?.xero_id).not.toBe(theirs.id)
})

test('a file of our name and another size that a person puts there meanwhile is not taken for ours', async () => {
  const w = await open({ 'x.txt': 'ours' }, attach('A', 'x.txt'))
  w.sandbox.fault({ method: 'PUT', path: '^/Invoices/.*/Attachments/', kind: 'error-before-commit' })
  expect((await w.export()).code).toBe(8)
  w.sandbox.person().papers.attach(w.sandbox.invoices()[0]?.id ?? '', 'x.txt', 'not ours')
  w.clock.advance(7 * 60_000)
  expect((await w.export()).code).toBe(0)
  expect(
    w.sandbox
      .attachments()
      .map(({ length }) => length)
      .sort(),
  ).toEqual([4, 8])
})

test('killed at the upload, before and after Xero stored it, the next run leaves it there once', async () => {
  const sql = attach('A', 'x.txt')
  const undisturbed = await open({ 'x.txt': 'x' }, sql)
  const before = undisturbed.exchanges.length
  await undisturbed.export()
  const requests = undisturbed.exchanges.slice(before)
  const atRequest = requests.findIndex(({ url }) => url.includes('/Attachments/')) + 1
  const { commits } = undisturbed
  await undisturbed.close()
  // The last commits are those of the upload: written down, attempted, settled, the run closed.
  const deaths = [{ atRequest }, ...[1, 2, 3].map((back) => ({ atCommit: commits - back }))]
  for (const death of deaths) {
    const w = await open({ 'x.txt': 'x' }, sql)
    await w.run(['export'], { death })
    expect(w.kills).toBe(1)
    w.clock.advance(20 * 60_000)
    const next = await w.export()
    expect(next.code, `${JSON.stringify(death)}: ${next.err}`).toBe(0)
    expect(stored(w)).toEqual(['x.txt'])
    expect(brokenPromises(w)).toEqual([])
    await w.close()
  }
  world = undefined
})

test('two runs at the same time leave each file there once', async () => {
  const w = await open({ 'x.txt': 'x' }, attach('A', 'x.txt'))
  const codes = (await Promise.all([w.run(['export']), w.run(['export'])])).map(({ code }) => code)
  expect(codes.sort()).toEqual([0, 6])
  expect(stored(w)).toEqual(['x.txt'])
})

test('Xero is asked for the right to attach files only where the ledger has some, and then gives a new token', async () => {
  const w = await open({ 'x.txt': 'x' })
  expect((await w.export()).code).toBe(0)
  const asked = () =>
    w.exchanges.filter(({ url }) => url === '/connect/token').map(({ requestBody }) => requestBody)
  expect(asked().join()).not.toContain('attachments')
  w.sql(attach('A', 'x.txt'))
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(asked().at(-1)).toContain('accounting.attachments')
  expect(stored(w)).toEqual(['x.txt'])
})

test('a connection that may not attach files ends the run before anything is sent, and says what it lacks', async () => {
  const scopes = [
    'accounting.contacts',
    'accounting.invoices',
    'accounting.payments',
    'accounting.manualjournals',
    'accounting.settings',
  ]
  const w = await open({ 'x.txt': 'x' }, '', {
    sandbox: { app: { clientId: 'C', clientSecret: 'secret-of-the-test', scopes } },
  })
  w.sql(attach('A', 'x.txt'))
  const run = await w.export()
  expect({ code: run.code, said: /accounting\.attachments/.test(run.err) }, run.err).toEqual({
    code: 4,
    said: true,
  })
  expect(w.sandbox.invoices()).toEqual([])
})
