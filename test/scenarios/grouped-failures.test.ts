// One cause under 80 documents is one thing to do (V3): one line with the 80 numbers wherever a person reads it, and one number of a
// cause in the rows of a spreadsheet. What Xero said stands under it, once.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contactsSql, documentSql } from '../support/workload.ts'
import { paymentSql } from '../support/workload-money.ts'
import { type Outcome, World } from '../support/world.ts'

const ids = Array.from({ length: 80 }, (_, index) => `D${String(index + 1).padStart(2, '0')}`)
const numbers = ids.map((id) => `INV-${id}`)
const listed = numbers.join(', ')

/** Eighty invoices on an account that Xero does not have, each with its payment. */
const eighty = ids
  .map(
    (id, index) =>
      documentSql('invoice', { id, account: '999', lines: [{ amount: 1_000 + index, tax: 150 }] }) +
      paymentSql({ id: `P-${id}`, applied: { [id]: 100 + index } }),
  )
  .join('\n')

let world: World
let validated: Outcome
let exported: Outcome

beforeAll(async () => {
  world = await World.open()
  await world.prepare(`BEGIN; ${contactsSql(1)} ${eighty} COMMIT;`)
  validated = await world.run(['validate'])
  exported = await world.run(['export'])
})
afterAll(() => world.close())

const lines = (text: string, code: string) => text.split('\n').filter((line) => line.includes(code))

describe('80 documents with one wrong account, and 80 payments that wait for them', () => {
  test('on the terminal: a line each with all the numbers, in validate, export and status', async () => {
    const status = await world.must(['status'])
    for (const out of [validated.out, exported.out, status.out])
      expect(lines(out, 'account-unknown  ').map((line) => line.trim())).toEqual([
        `account-unknown  80 invoices: ${listed}`,
      ])
    expect(lines(validated.out, 'parent-not-exported  ')).toHaveLength(1)
    const notes = lines(exported.out, 'Note: ')
    expect(notes).toHaveLength(1)
    expect(ids.filter((id) => !notes[0]?.includes(`P-${id} on INV-${id}`))).toEqual([])
  })

  test('on the pages: one row or cause with all the numbers', async () => {
    await world.run(['validate', '--format', 'html', '--output', 'findings.html'])
    const page = readFileSync(join(world.folder, 'findings.html'), 'utf8')
    expect(page.split(listed)).toHaveLength(2)
    expect(page.split('>account-unknown').length).toBe(2)
    await world.must(['report', '--run', '1', '--html', 'run.html'])
    const run = readFileSync(join(world.folder, 'run.html'), 'utf8')
    expect(run.match(/account-unknown: more in/g)).toHaveLength(1)
    expect(numbers.filter((number) => !run.includes(`<li>${number}</li>`))).toEqual([])
  })

  test('in a spreadsheet: a row each, with one number of the cause', async () => {
    const { out } = await world.run(['validate', '--format', 'csv'])
    const rows: Record<string, string>[] = parse(out, { columns: true })
    const causes = (code: string) => rows.filter((row) => row['code'] === code).map((row) => row['cause'])
    expect(causes('account-unknown')).toHaveLength(80)
    expect(new Set(causes('account-unknown')).size).toBe(1)
    expect(new Set(causes('parent-not-exported')).size).toBe(1)
    expect(causes('account-unknown')[0]).not.toBe(causes('parent-not-exported')[0])
  })
})

test('refused by Xero in one way: its words stand under the 80 numbers, once', async () => {
  const w = await World.open()
  try {
    await w.prepare(
      `BEGIN; ${contactsSql(1)} ${ids.map((id) => documentSql('invoice', { id, date: '2026-06-30' })).join('\n')} COMMIT;`,
    )
    w.onExchange = ({ method, url }) => {
      // After the mirror was read and before anything is sent.
      if (method === 'PUT' && url.includes('/Contacts')) w.sandbox.person().setLockDate('2026-10-31' as never) // a real date
    }
    const run = await w.run(['export'])
    expect(run.code).toBe(1)
    expect(lines(run.out, 'period-locked  ').map((line) => line.trim())).toEqual([
      `period-locked  80 invoices: ${listed}`,
    ])
    expect(lines(run.out, 'Xero: The document date cannot be before')).toHaveLength(1)
  } finally {
    await w.close()
  }
})
