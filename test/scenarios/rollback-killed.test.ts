// A rollback that dies at any point and is run again, or is followed by an export, ends as if it had not died (M6).

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, documentSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import { type Death, World } from '../support/world.ts'
import { xeroRecords } from '../support/xero-records.ts'

const worlds: World[] = []

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

/** Every so many-th point; all of them in the long runs. */
const step = process.env['AUXO_SOAK'] === undefined ? 6 : 1

/** A payment, an allocation, a credit and two invoices, of which each call takes one. */
async function open(): Promise<World> {
  const world = await World.open()
  worlds.push(world)
  await world.prepare(
    contactsSql(1) +
      settingSql('chunk_size', 1) +
      settingSql('calls_at_once', 1) +
      documentSql('invoice', { id: 'A' }) +
      documentSql('invoice', { id: 'B' }) +
      documentSql('credit_note', { id: 'C', lines: [{ amount: 1_000, tax: 150 }] }) +
      paymentSql({ id: 'P1', applied: { A: 11_500 } }) +
      creditAllocationSql('C', 'B', 1_150),
  )
  await world.must(['export'])
  return world
}

const rollback = ['rollback', '--run', '1', '--yes', '--json']

function endState(world: World): unknown {
  return {
    things: world.query(
      'SELECT kind, source_id, state, held_reason, queued FROM export_state ORDER BY kind, source_id',
    ),
    gone: world.query('SELECT kind, source_id, run FROM rolled_back ORDER BY kind, source_id'),
    xero: xeroRecords(world.sandbox)
      .map(({ list, name, isLive }) => [list, name, isLive].join(' '))
      .sort(),
    balances: world.sandbox.trialBalance(),
  }
}

async function undisturbed() {
  const world = await open()
  const { code, err } = await world.run(rollback)
  expect(code, err).toBe(0)
  return { state: endState(world), commits: world.commits, requests: world.requests }
}

/** `next`: what is run after it; an export asks what became of the call, and the rollback goes on after that. */
async function dieAndComeBack(death: Death, next: 'rollback' | 'export'): Promise<World> {
  const world = await open()
  await world.run(rollback, { death })
  const broken = brokenPromises(world, { settled: false })
  expect(broken.filter((sentence) => !sentence.includes('sending'))).toEqual([])
  world.clock.advance(10 * 60_000)
  const between = next === 'export' ? await world.run(['export']) : null
  expect(between?.code ?? 0, between?.err).toBe(0)
  const back = await world.run(rollback)
  expect(back.code, `${JSON.stringify(death)}: ${back.err}${back.out}`).toBe(0)
  const writes = () =>
    world.exchanges.filter(({ method, url }) => method !== 'GET' && url.includes('api.xro')).length
  const before = writes()
  expect((await world.export()).runs[0]).toMatchObject({ failures: [] })
  expect(writes(), `${JSON.stringify(death)} was followed by more`).toBe(before)
  expect(brokenPromises(world), JSON.stringify(death)).toEqual([])
  return world
}

function pointsOf(count: number): number[] {
  const first = ((count - 1) % step) + 1
  return Array.from({ length: Math.ceil((count - first + 1) / step) }, (_, index) => first + index * step)
}

describe('a rollback that dies', () => {
  test('after a request reached Xero ends as if it had not', { timeout: 300_000 }, async () => {
    const { state, requests } = await undisturbed()
    expect(requests).toBeGreaterThan(8)
    for (const atRequest of pointsOf(requests)) {
      const world = await dieAndComeBack({ atRequest }, atRequest % 2 === 0 ? 'export' : 'rollback')
      expect(endState(world), `died after request ${atRequest}`).toEqual(state)
    }
  })

  test('after a commit ends as if it had not', { timeout: 300_000 }, async () => {
    const { state, commits } = await undisturbed()
    expect(commits).toBeGreaterThan(25)
    for (const atCommit of pointsOf(commits)) {
      const world = await dieAndComeBack({ atCommit }, atCommit % 2 === 0 ? 'export' : 'rollback')
      expect(endState(world), `died after commit ${atCommit}`).toEqual(state)
    }
  })
})
