// What governs which documents go out and as what: dates, zones, cutover, filters, prefixes, contacts, limits of the plan,
// and what an exporting system does to its rows. All through the whole program.

import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { nzDemoCompany } from '../../src/sandbox/organisation.ts'
import { brokenPromises } from '../support/checkers.ts'
import { neverSent } from '../support/promises/watched.ts'
import { contactsSql, type DocumentSpec, invoiceSql, invoicesSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  return world
}

async function prepared(sql: string, options: WorldOptions = {}): Promise<World> {
  const w = await open(options)
  await w.prepare(sql)
  return w
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const set = (w: World, name: string, value: string) =>
  w.sql(`INSERT INTO setting VALUES ('NZ01', '${name}', '${value}')`)
const numbers = (w: World) =>
  w.sandbox
    .invoices()
    .map((invoice) => invoice.number ?? '')
    .sort()
const puts = (w: World) => w.exchanges.filter(({ method }) => method === 'PUT').length
const invoices = (...specs: DocumentSpec[]) => contactsSql(3) + specs.map(invoiceSql).join('\n')

/** Every row of every table, for comparing; the API log and its neighbours are told apart. */
function dump(w: World, without: readonly string[] = []): string {
  const database = new Database(w.ledgerFile, { readonly: true })
  try {
    const tables = database
      .prepare<[], { name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all()
      .filter(({ name }) => !without.includes(name))
    return tables
      .map(({ name }) => `${name}\n${JSON.stringify(database.prepare(`SELECT * FROM ${name}`).all())}`)
      .join('\n')
  } finally {
    database.close()
  }
}

describe('dates', () => {
  test('M3: the cutover date itself goes out, the day before it never', async () => {
    const w = await prepared(
      invoices(
        { id: 'A', number: `${neverSent}A`, date: '2026-03-31' },
        { id: 'B', date: '2026-04-01' },
        { id: 'C', date: '2026-04-02' },
      ),
    )
    set(w, 'cutover_date', '2026-04-01')
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(numbers(w)).toEqual(['INV-B', 'INV-C'])
    expect(run.runs[0]?.kinds['invoice']).toMatchObject({ remaining: 0 })
    // Asking for earlier ones does not lift it.
    expect((await w.export('--from', '2026-01-01', '--document', 'A')).runs[0]?.state).toBe('nothing')
    expect(brokenPromises(w)).toEqual([])
  })

  // 22 November 11:30 UTC is the 23rd in Auckland, 22:30 of the 22nd in Sydney.
  test.each([
    ['NZ', nzDemoCompany(), ['INV-TODAY', 'INV-TOMORROW'], 0],
    ['an organisation in Sydney', nzDemoCompany({ timezone: 'AUSEASTERNSTANDARDTIME' }), ['INV-TODAY'], 1],
  ] as const)(
    'I3: today is today in %s, and what is dated later waits and is said',
    async (_title, organisation, sent, waits) => {
      const w = await prepared(
        invoices(
          {
            id: 'TODAY',
            date: '2026-11-22',
            account: '200',
            taxCode: 'NONE',
            lines: [{ amount: 5_000, tax: 0 }],
          },
          {
            id: 'TOMORROW',
            date: '2026-11-23',
            account: '200',
            taxCode: 'NONE',
            lines: [{ amount: 5_000, tax: 0 }],
          },
        ),
        {
          start: '2026-11-22T11:30:00Z',
          sandbox: { organisations: [organisation] },
        },
      )
      const run = await w.export()
      expect(run.code, run.err + run.out).toBe(0)
      expect(numbers(w)).toEqual(sent)
      expect(run.runs[0]?.waiting.futureDated).toBe(waits)
      w.clock.advance(24 * 3_600_000)
      expect((await w.export()).code).toBe(0)
      expect(numbers(w)).toEqual(['INV-TODAY', 'INV-TOMORROW'])
    },
  )

  test('lock dates that are moved meanwhile: refused, named, and sent once the period is open', async () => {
    const w = await prepared(invoices({ id: 'A', date: '2026-06-30' }, { id: 'B', date: '2026-11-02' }))
    w.onExchange = ({ url }) => {
      // After the mirror was read and before anything is sent.
      if (url.includes('/Contacts?order')) w.sandbox.person().setLockDate('2026-10-31' as never)
    }
    const run = await w.export()
    expect(run.code, run.err).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'A', code: 'period-locked' }])
    expect(numbers(w)).toEqual(['INV-B'])
    w.onExchange = () => undefined
    // Known now: not even tried.
    const before = puts(w)
    expect((await w.export()).runs[0]?.failures).toMatchObject([{ id: 'A', code: 'period-locked' }])
    expect(puts(w)).toBe(before)
    w.sandbox.person().setLockDate(null)
    expect((await w.export()).code).toBe(0)
    expect(numbers(w)).toEqual(['INV-A', 'INV-B'])
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('what a run is asked for', () => {
  const three = invoices(
    { id: 'A', date: '2026-09-30', contact: 'C001' },
    { id: 'B', date: '2026-10-15', contact: 'C002' },
    { id: 'C', date: '2026-11-01', contact: 'C003' },
  )

  test.each([
    [
      ['--from', '2026-10-15'],
      ['INV-B', 'INV-C'],
    ],
    [
      ['--to', '2026-10-15'],
      ['INV-A', 'INV-B'],
    ],
    [['--from', '2026-10-01', '--to', '2026-10-31'], ['INV-B']],
    [
      ['--document', 'A', 'C'],
      ['INV-A', 'INV-C'],
    ],
    [['--document', 'INV-B'], ['INV-B']],
    [
      ['--only', 'invoice'],
      ['INV-A', 'INV-B', 'INV-C'],
    ],
    [['--only', 'contact'], []],
    [
      ['--to', '2027-12-31'],
      ['INV-A', 'INV-B', 'INV-C'],
    ],
  ] as const)('%s', async (flags, sent) => {
    const w = await prepared(three + invoiceSql({ id: 'F', number: `${neverSent}F`, date: '2027-06-01' }))
    const run = await w.export(...flags)
    expect(run.code, run.err).toBe(0)
    expect(numbers(w)).toEqual(sent)
    // Only the contacts that are needed go along, and the rest goes with the next run.
    expect(w.sandbox.contacts().length).toBeLessThanOrEqual(sent.length)
    expect((await w.export()).code).toBe(0)
    expect(numbers(w)).toEqual(['INV-A', 'INV-B', 'INV-C'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('--no-pull sends with the mirror as it is, in fewer calls', async () => {
    const w = await prepared(three)
    const before = w.exchanges.length
    expect((await w.export('--no-pull')).code).toBe(0)
    const asked = w.exchanges.slice(before).map(({ method, url }) => `${method} ${url.split('?')[0]}`)
    expect(asked).toEqual(['GET /connections', 'PUT /api.xro/2.0/Contacts', 'PUT /api.xro/2.0/Invoices'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('--dry-run plans what the live run then sends, and changes nothing', async () => {
    const w = await prepared(invoicesSql(25, 7) + invoiceSql({ id: 'BAD', account: null }))
    set(w, 'chunk_size', '10')
    const own = ['api_log', 'api_log_body', 'run_lease', 'watermark']
    const mirror = dump(w).match(/^mirror_\w+$/gm) ?? []
    const before = dump(w, [...own, ...mirror])
    const dry = await w.export('--dry-run')
    expect(dry.code, dry.err).toBe(1)
    expect(dump(w, [...own, ...mirror])).toBe(before)
    expect(puts(w)).toBe(0)
    const live = await w.export()
    expect(dry.runs[0]?.chunks).toEqual(live.runs[0]?.chunks)
    expect(dry.runs[0]?.failures).toEqual(live.runs[0]?.failures)
    expect(dry.runs[0]).toMatchObject({ dryRun: true, plan: { callsNeeded: puts(w) } })
    const total = w.sandbox.invoices().reduce((sum, invoice) => sum + invoice.total, 0)
    const planned = JSON.parse(dry.out) as {
      runs: { plan: { kinds: { kind: string; totals: { total: string }[] }[] } }[]
    }
    const kinds = planned.runs[0]?.plan.kinds
    expect(kinds?.find(({ kind }) => kind === 'invoice')?.totals[0]?.total).toBe((total / 100).toFixed(2))
    expect(brokenPromises(w)).toEqual([])
  })

  test('document_status=draft and contact_detail=name', async () => {
    const w = await prepared(three)
    set(w, 'document_status', 'draft')
    set(w, 'contact_detail', 'name')
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.invoices().map((invoice) => invoice.status)).toEqual(['DRAFT', 'DRAFT', 'DRAFT'])
    const contacts = w.sandbox.contacts().map(({ name, number, email }) => [name, number, email])
    expect(contacts.sort()).toEqual([1, 2, 3].map((index) => [`Customer ${index}`, `C00${index}`, null]))
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('two entities in one organisation (D5)', () => {
  async function two(): Promise<World> {
    const w = await open()
    await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
    await w.must(['entities', 'add', 'NZ02', '--name', 'Harbour Signs Ltd', '--region', 'NZ'])
    await w.must(['connect', '--custom', '--entity', 'NZ01'])
    await w.must(['connect', '--custom', '--entity', 'NZ02'])
    w.sql(contactsSql(2) + invoiceSql({ id: 'A', number: '1' }))
    w.sql(invoiceSql({ id: 'B', number: '1' }).replaceAll("'NZ01'", "'NZ02'"))
    return w
  }

  test('with a prefix each, both have their number 1', async () => {
    const w = await two()
    w.sql(`INSERT INTO setting VALUES ('NZ01', 'number_prefix', 'P-'), ('NZ02', 'number_prefix', 'S-')`)
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(run.runs.map(({ entity, state }) => [entity, state])).toEqual([
      ['NZ01', 'sent'],
      ['NZ02', 'sent'],
    ])
    expect(numbers(w)).toEqual(['P-1', 'S-1'])
    expect(w.sandbox.contacts()).toHaveLength(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('without, the clash is said before anything is sent', async () => {
    const w = await two()
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs.flatMap(({ failures }) => failures.map(({ code }) => code))).toEqual([
      'number-duplicate',
      'number-duplicate',
    ])
    expect(puts(w)).toBe(0)
  })
})

describe('contacts', () => {
  test('K9: archived: the document fails before sending; restored, it goes', async () => {
    const w = await prepared(invoices({ id: 'A' }))
    await w.export()
    const id = w.sandbox.contacts()[0]?.id ?? ''
    w.sandbox.person().archiveContact(id)
    w.sql(invoiceSql({ id: 'B' }))
    const before = puts(w)
    const run = await w.export()
    expect(run.code).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'B', code: 'contact-archived' }])
    expect(puts(w)).toBe(before)
    w.sandbox.person().restoreContact(id)
    expect((await w.export()).code).toBe(0)
    expect(brokenPromises(w)).toEqual([])
  })

  test('K5: merged: the link follows, and documents go to the one that is left', async () => {
    const w = await prepared(invoices({ id: 'A' }))
    await w.export()
    const person = w.sandbox.person()
    const into = person.createContact({ name: 'Customer One and Only' })
    const ours = w.sandbox.contacts().find((contact) => contact.name === 'Customer 1')
    person.mergeContact(ours?.id ?? '', into.id)
    w.sql(invoiceSql({ id: 'B' }))
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(w.sandbox.invoices().find((invoice) => invoice.number === 'INV-B')?.contactId).toBe(into.id)
    expect(brokenPromises(w)).toEqual([])
  })

  test('linked by hand to another name, and unlinked again', async () => {
    const w = await prepared(invoices({ id: 'A' }))
    const other = w.sandbox.person().createContact({ name: 'Quite Another Name' })
    await w.must(['refresh'])
    await w.must(['contacts', 'link', 'C001', other.id])
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.invoices()[0]?.contactId).toBe(other.id)
    await w.must(['contacts', 'unlink', 'C001'])
    w.sql(invoiceSql({ id: 'B' }))
    expect((await w.export()).code).toBe(0)
    const b = w.sandbox.invoices().find((invoice) => invoice.number === 'INV-B')
    expect(w.sandbox.contacts().find((contact) => contact.id === b?.contactId)?.name).toBe('Customer 1')
    expect(brokenPromises(w)).toEqual([])
  })
})

test('the plan’s cap stops the kind once, is said, and the rest goes when the plan allows', async () => {
  const w = await prepared(invoicesSql(12, 1), {
    sandbox: { switches: { approvalCap: { ACCREC: 5, ACCPAY: 5 } } },
  })
  set(w, 'chunk_size', '3')
  set(w, 'calls_at_once', '1')
  const run = await w.export()
  expect(run.code).toBe(1)
  expect(run.runs[0]?.stopReason).toMatch(/plan allows no more/)
  expect(w.sandbox.invoices()).toHaveLength(5)
  expect(w.sandbox.counts.byRoute['PUT /Invoices']).toBe(2)
  expect(brokenPromises(w)).toEqual([])
  w.sandbox.switches.approvalCap = null
  expect((await w.export()).code).toBe(0)
  expect(w.sandbox.invoices()).toHaveLength(12)
  expect(brokenPromises(w)).toEqual([])
})

describe.each(['OFF', 'ON'])(
  'what an exporting system does to rows that were sent, foreign_keys %s',
  (foreignKeys) => {
    const all = `SELECT id FROM document`
    const keepLines = 'CREATE TEMP TABLE kept AS SELECT * FROM document_line;'
    const reload = `${keepLines} CREATE TEMP TABLE kept_document AS SELECT * FROM document;
    DELETE FROM document_line; DELETE FROM document;
    INSERT INTO document SELECT * FROM kept_document; INSERT INTO document_line SELECT * FROM kept;`
    test.each([
      [
        'writes them again with REPLACE',
        `${keepLines} INSERT OR REPLACE INTO document SELECT * FROM document; INSERT OR REPLACE INTO document_line SELECT * FROM kept;`,
      ],
      [
        'writes them again with an upsert',
        `INSERT INTO document SELECT * FROM document WHERE true ON CONFLICT (id) DO UPDATE SET number = excluded.number;`,
      ],
      ['deletes and loads everything anew', reload],
      ['touches them', `UPDATE document SET updated_at = '2026-11-22T00:00:00Z' WHERE id IN (${all});`],
    ])('%s: nothing is sent again and nothing is called changed', async (_title, sql) => {
      const w = await prepared(invoicesSql(5, 2))
      await w.export()
      const before = puts(w)
      w.sql(`PRAGMA foreign_keys = ${foreignKeys}; BEGIN; ${sql} COMMIT;`)
      const run = await w.export()
      expect(run.code, run.err).toBe(0)
      expect(run.runs[0]).toMatchObject({ state: 'nothing', failures: [] })
      expect(puts(w)).toBe(before)
      expect(brokenPromises(w)).toEqual([])
    })

    test('deletes them: said, never voided, and never sent again when they come back', async () => {
      const w = await prepared(invoicesSql(3, 1))
      await w.export()
      const before = puts(w)
      w.sql(`PRAGMA foreign_keys = ${foreignKeys};
      CREATE TABLE kept_line AS SELECT * FROM document_line WHERE document = 'D0002';
      CREATE TABLE kept_document AS SELECT * FROM document WHERE id = 'D0002';
      DELETE FROM document_line WHERE document = 'D0002'; DELETE FROM document WHERE id = 'D0002';`)
      const run = await w.run(['export'])
      expect(run.code).toBe(0)
      expect(run.out + run.err).toMatch(/INV-D0002 is in Xero, and its row was deleted/)
      w.sql(`INSERT INTO document SELECT * FROM kept_document; INSERT INTO document_line SELECT * FROM kept_line;
      DROP TABLE kept_line; DROP TABLE kept_document`)
      expect((await w.export()).runs[0]).toMatchObject({ state: 'nothing', failures: [] })
      expect(puts(w)).toBe(before)
      expect(w.sandbox.invoices().map((invoice) => invoice.status)).toEqual([
        'AUTHORISED',
        'AUTHORISED',
        'AUTHORISED',
      ])
      expect(brokenPromises(w)).toEqual([])
    })
  },
)

describe('the ledger changes while its call is under way', () => {
  const during = (w: World, sql: string) => {
    let isDone = false
    w.onExchange = ({ method, url }) => {
      if (isDone || method !== 'PUT' || !url.includes('/Invoices')) return
      isDone = true
      w.sqlMeanwhile(sql)
    }
  }

  test('an edit of what is being sent is found by the next run, and not taken for what was sent', async () => {
    const w = await prepared(invoicesSql(3, 1))
    during(w, "UPDATE document SET reference = 'changed' WHERE id = 'D0002'")
    expect((await w.export()).code).toBe(0)
    expect(w.query("SELECT source_id FROM export_state WHERE kind = 'invoice' AND queued = 1")).toEqual([
      { source_id: 'D0002' },
    ])
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(next.runs[0]?.kinds['invoice']).toMatchObject({ exported: 0, updated: 1 })
    const reference = () => w.sandbox.invoices().find(({ number }) => number === 'INV-D0002')?.reference
    expect(reference()).toBe('changed')
    w.sql("UPDATE document SET reference = NULL WHERE id = 'D0002'")
    expect((await w.export()).code).toBe(0)
    expect(reference()).toBe('')
    expect(brokenPromises(w)).toEqual([])
  })

  test('what is changed after it was checked is not sent unchecked', async () => {
    const w = await prepared(invoicesSql(4, 1))
    let isDone = false
    w.onExchange = ({ method }) => {
      // The contact goes first: the invoices are checked and not yet read for sending.
      if (isDone || method !== 'PUT') return
      isDone = true
      w.sqlMeanwhile(`UPDATE document SET status = 'draft', number = '${neverSent}2' WHERE id = 'D0002';
        UPDATE document SET total_cents = total_cents + 1 WHERE id = 'D0003';
        UPDATE document SET number = 'INV-RENUMBERED' WHERE id = 'D0004'`)
    }
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(numbers(w)).toEqual(['INV-D0001'])
    const next = await w.export()
    expect(next.runs[0]?.failures).toMatchObject([{ id: 'D0003', code: 'total-mismatch' }])
    expect(numbers(w)).toEqual(['INV-D0001', 'INV-RENUMBERED'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('a new one waits for the next run; one that is deleted meanwhile is still known', async () => {
    const w = await prepared(invoicesSql(3, 1))
    during(
      w,
      `${invoiceSql({ id: 'NEW' })} DELETE FROM document_line WHERE document = 'D0003'; DELETE FROM document WHERE id = 'D0003'`,
    )
    expect((await w.export()).code).toBe(0)
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(numbers(w)).toEqual(['INV-D0001', 'INV-D0002', 'INV-D0003', 'INV-NEW'])
    expect(brokenPromises(w)).toEqual([])
  })
})
