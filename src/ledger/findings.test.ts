import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Finding } from '../accounting/findings.ts'
import { type FindingOwner, readFindings, recordFindings } from './findings.ts'
import { type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

const finding = (id: string, message: string): Finding => ({
  kind: 'invoice',
  id,
  number: `INV-${id}`,
  code: 'account-unknown',
  severity: 'error',
  field: 'lines[1].account',
  message,
  why: 'why',
  fix: 'fix',
  xeroMessages: ['“quoted”', "it's"],
})
const owner = (sourceId: string, changes: Partial<FindingOwner> = {}): FindingOwner => ({
  kind: 'invoice',
  sourceId,
  entity: 'NZ01',
  run: 1,
  ...changes,
})
const record = (owners: FindingOwner[], findings: Finding[]) =>
  world.ledger.transaction((tx, now) => recordFindings(tx, owners, findings, now))
const messages = async () => (await readFindings(world.ledger, {})).map((one) => one.message)

describe('findings', () => {
  test('come back as they were recorded, in order', async () => {
    await record([owner('A'), owner('B')], [finding('B', 'b1'), finding('A', 'a1'), finding('B', 'b2')])
    expect(await messages()).toEqual(['a1', 'b1', 'b2'])
    expect((await readFindings(world.ledger, { sourceId: 'A' }))[0]).toEqual({
      ...finding('A', 'a1'),
      entity: 'NZ01',
      run: 1,
      foundAt: '2026-11-22T00:00:00.000Z',
    })
  })

  test('of a thing are replaced by its new ones, fewer, other or none; others stay', async () => {
    await record([owner('A'), owner('B')], [finding('A', 'a1'), finding('A', 'a2'), finding('B', 'b1')])
    await record([owner('A', { run: 2 })], [finding('A', 'a3')])
    expect(await messages()).toEqual(['a3', 'b1'])
    expect((await readFindings(world.ledger, { run: 2 })).map((one) => one.message)).toEqual(['a3'])
    await record([owner('A')], [])
    expect(await messages()).toEqual(['b1'])
    await record([], [finding('A', 'nobody asked')])
    expect(await messages()).toEqual(['b1'])
  })

  test('are apart by entity and kind', async () => {
    await record([owner('A')], [finding('A', 'nz')])
    await record([owner('A', { entity: 'AU01' })], [finding('A', 'au')])
    await record([owner('A', { kind: 'bill' })], [{ ...finding('A', 'bill'), kind: 'bill' }])
    await record([owner('A')], [])
    expect(await messages()).toEqual(['bill', 'au'])
    expect((await readFindings(world.ledger, { entity: 'AU01' })).map((one) => one.message)).toEqual(['au'])
    expect((await readFindings(world.ledger, { kind: 'bill' })).map((one) => one.message)).toEqual(['bill'])
  })
})
