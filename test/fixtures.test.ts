// The businesses under fixtures/: their files import without a problem, and the books worked out by hand beside them hold
// together and agree with the ledger. Whether an export comes to these books is tested where exports are.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importCommand } from '../src/commands/import.ts'
import { auChart, nzChart } from '../src/sandbox/account-record.ts'
import { auTaxRates, nzTaxRates } from '../src/sandbox/tax-rate-record.ts'
import { type CsvLedger, csvLedger } from './support/csv-ledger.ts'
import { type Fixture, fixtureRows, fixtures, importedFiles } from './support/fixture.ts'
import { testContext, testHost } from './support/host.ts'

let at: CsvLedger
beforeEach(() => {
  at = csvLedger({})
})
afterEach(() => at.close())

const named = fixtures.map((fixture) => ({
  ...fixture,
  title: fixture.variant === null ? fixture.name : `${fixture.name}, ${fixture.variant}`,
}))

/** What is in the ledger and must not reach the books, or not by itself: see the README of each. */
const withoutPostings: Record<string, string[]> = {
  workshop: ['po-304', 'po-305', 'w-0999', 'w-1013', 'w-1014'],
  manufacturer: ['m-5009', 'mpo-1', 'mpo-2'],
  agency: ['ag01-2007'],
}

async function load(fixture: Fixture): Promise<string> {
  const host = testHost({ cwd: at.folder })
  const context = testContext(host, { ledger: at.ledger.file, json: true })
  expect(await importCommand(context, importedFiles(fixture), {})).toBe(0)
  return host.out()
}

const centsIn = (text: string) => (text === '' ? 0 : Math.round(Number(text) * 100))

/** Debit less credit in cents, summed by what `keyOf` says of a posting. */
function sumPostings(fixture: Fixture, keyOf: (posting: Record<string, string>) => string) {
  const sums = new Map<string, number>()
  for (const posting of fixtureRows(fixture, 'postings')) {
    const key = keyOf(posting)
    const amount = centsIn(posting['debit'] ?? '') - centsIn(posting['credit'] ?? '')
    sums.set(key, (sums.get(key) ?? 0) + amount)
  }
  return sums
}

interface OrganisationAccount {
  code: string
  name: string
}

/** The chart of the organisation: the sandbox's own for its country, and what accounts.csv adds. */
function chartOf(fixture: Fixture): OrganisationAccount[] {
  const country = at.rows('SELECT DISTINCT region FROM billing_entity').map(({ region }) => region)
  const chart = country[0] === 'AU' ? auChart : nzChart
  const added = fixtureRows(fixture, 'accounts')
  return [...chart, ...added.map(({ code = '', name = '' }) => ({ code, name }))]
}

describe.each(named)('$title', (fixture) => {
  test('imports without a problem, and again without a change', async () => {
    await load(fixture)
    expect(at.ledger.sqlite.pragma('foreign_key_check')).toEqual([])
    const before = at.dump()
    const again = JSON.parse(await load(fixture)) as { files: { ignored: string[] }[] } // import --json
    expect(again.files.flatMap(({ ignored }) => ignored)).toEqual([])
    expect(at.dump()).toBe(before)
  })

  test('has postings that balance, thing by thing', () => {
    const unbalanced = [...sumPostings(fixture, ({ document }) => document ?? '')].filter(
      ([, sum]) => sum !== 0,
    )
    expect(unbalanced).toEqual([])
  })

  test('has a trial balance that is the sum of its postings', () => {
    const sums = sumPostings(fixture, ({ account, tracking }) => `${account} ${tracking}`)
    const summed = [...sums].filter(([, sum]) => sum !== 0).sort()
    const expected = fixtureRows(fixture, 'expected').map(
      ({ account, tracking, balance }) => [`${account} ${tracking}`, centsIn(balance ?? '')] as const,
    )
    expect(expected.length).toBeGreaterThan(10)
    expect(expected.toSorted()).toEqual(summed)
    expect(expected.reduce((sum, [, balance]) => sum + balance, 0)).toBe(0)
  })

  test('posts every document that goes out at the total that the ledger has, and no other', async () => {
    await load(fixture)
    const posted = sumPostings(fixture, ({ document, account }) => `${document} ${account}`)
    const documents = at.rows(
      `SELECT id, kind, round(total_cents * 1000000.0 / coalesce(exchange_rate_e6, 1000000)) AS total FROM document ORDER BY id`,
    ) as { id: string; kind: string; total: number }[] // the columns above
    const isPosted = (id: string) => fixtureRows(fixture, 'postings').some(({ document }) => document === id)
    expect(documents.filter(({ id }) => !isPosted(id)).map(({ id }) => id)).toEqual(
      withoutPostings[fixture.name],
    )
    const debtors = fixture.variant === 'journals' ? '611' : '610'
    const wrong = documents.filter(({ id, kind, total }) => {
      if (!isPosted(id)) return false
      const isSale = kind === 'invoice' || kind === 'credit_note'
      const sign = kind === 'invoice' || kind === 'supplier_credit' ? 1 : -1
      return posted.get(`${id} ${isSale ? debtors : '800'}`) !== sign * total
    })
    expect(wrong).toEqual([])
  })

  test('names accounts that the organisation has, each once, by its name there', async () => {
    await load(fixture)
    const chart = chartOf(fixture)
    const names = new Map(chart.map(({ code, name }) => [code, name]))
    expect(names.size).toBe(chart.length)
    for (const { account = '', name } of fixtureRows(fixture, 'expected'))
      expect([account, names.get(account)]).toEqual([account, name])
    const used = at.rows(
      `WITH used AS (SELECT entity, account FROM role_account
         UNION SELECT d.entity, l.account FROM document_line AS l JOIN document AS d ON d.id = l.document
         UNION SELECT j.entity, l.account FROM journal_line AS l JOIN journal AS j ON j.id = l.journal
         UNION SELECT entity, account FROM payment)
       SELECT coalesce(m.xero_code, used.account) AS code FROM used
         LEFT JOIN account_map AS m ON m.entity = used.entity AND m.account = used.account WHERE used.account IS NOT NULL
       UNION SELECT xero_account FROM payment_method_map`,
    )
    expect(used.filter(({ code }) => !names.has(String(code)))).toEqual([])
  })

  test('names tax types and tracking that the organisation has, and files that are there', async () => {
    await load(fixture)
    const types = new Set([...nzTaxRates, ...auTaxRates].map(({ taxType }) => taxType))
    const mapped = at.rows(
      'SELECT sales_type AS type FROM tax_code_map UNION SELECT purchase_type FROM tax_code_map',
    )
    expect(mapped.filter(({ type }) => !types.has(String(type)))).toEqual([])
    const known = fixtureRows(fixture, 'tracking').map(({ category, option }) => `${category}: ${option}`)
    const tracked = at.rows(
      `SELECT tracking_1_category || ': ' || tracking_1_option AS pair FROM document_line WHERE pair IS NOT NULL
       UNION SELECT tracking_1_category || ': ' || tracking_1_option FROM journal_line WHERE tracking_1_category IS NOT NULL`,
    )
    expect(tracked.filter(({ pair }) => !known.includes(String(pair)))).toEqual([])
    const files = at
      .rows('SELECT file FROM document_attachment')
      .map(({ file }) => resolve(at.folder, String(file)))
    expect(files.filter((file) => !existsSync(file))).toEqual([])
  })
})

test('allocations never exceed what they are taken from or set against', async () => {
  for (const fixture of fixtures) {
    const other = csvLedger({})
    at.close()
    at = other
    await load(fixture)
    expect(
      at.rows(
        'SELECT document FROM document_balance WHERE total_cents >= 0 AND due_cents < 0 UNION SELECT p.id FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id GROUP BY p.id HAVING sum(a.amount_cents) > p.amount_cents AND p.currency IS NULL',
      ),
    ).toEqual([])
  }
})
