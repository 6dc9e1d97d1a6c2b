// `report --run`: a run of the history is told as it was told when it ended, whatever was mended since (V5).

import { afterEach, beforeEach, expect, test } from 'vitest'
import { invoicesSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let w: World

beforeEach(async () => {
  w = await World.open()
  await w.prepare(invoicesSql(5, 2))
})
afterEach(() => w.close())

const broken =
  "UPDATE document_line SET account = '999' WHERE document IN (SELECT id FROM document ORDER BY id LIMIT 2)"

test('what failed and was mended since is still told, word for word', async () => {
  w.sql(broken)
  const first = await w.must(['export'], 1)
  expect(first.out).toContain('account-unknown')
  w.sql("UPDATE document_line SET account = '200'")
  const second = await w.must(['export'])
  const told = (await w.must(['report', '--run', '1'])).out
  expect(told.startsWith(first.out)).toBe(true)
  expect(told).toMatch(/invoices\s+new\s+3/)
  expect((await w.must(['report', '--run', '2'])).out.startsWith(second.out)).toBe(true)
  expect(told).not.toContain('kept no report')
})

test('its JSON is what export --json said, and more', async () => {
  w.sql(broken)
  const { runs } = await w.export()
  w.sql("UPDATE document_line SET account = '200'")
  await w.export()
  const { out } = await w.must(['report', '--run', '1', '--json'])
  expect((JSON.parse(out) as { run: object }).run).toMatchObject({ ...runs[0] })
})

test('a run that was killed is told from what is left of it, and says so', async () => {
  await w.run(['export'], { death: { atRequest: 8 } })
  await w.export()
  const { out } = await w.must(['report', '--run', '1'])
  expect(out).toContain('run 1, stopped early')
  expect(out).toContain('This run kept no report of its own.')
})

test('a dry run leaves no report', async () => {
  await w.must(['export', '--dry-run'])
  expect(w.query('SELECT run FROM run_report')).toEqual([])
})
