// Dies after every commit and every request of an export, one at a time, starts again, and compares with the run that
// was not disturbed. A process that dies in this way writes nothing more, releases nothing and finishes nothing.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from './support/checkers.ts'
import { invoicesSql } from './support/workload.ts'
import { type Death, World } from './support/world.ts'

const worlds: World[] = []

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

/** Small chunks, so that a run has many steps and few documents. */
async function open(): Promise<World> {
  const world = await World.open()
  worlds.push(world)
  await world.prepare(invoicesSql(3, 2))
  world.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '2'), ('NZ01', 'calls_at_once', '1')`)
  return world
}

/** What the books look like in the end, without ids and times. */
function endState(world: World): unknown {
  return {
    things: world.query(
      `SELECT kind, source_id, state, xero_number, queued FROM export_state ORDER BY kind, source_id`,
    ),
    links: world.query('SELECT contact FROM contact_link WHERE ended IS NULL ORDER BY contact'),
    xero: world.sandbox
      .invoices()
      .map((invoice) => [invoice.number, invoice.total, invoice.status])
      .sort(),
    contacts: world.sandbox
      .contacts()
      .filter((contact) => contact.status === 'ACTIVE')
      .map((contact) => contact.name)
      .sort(),
  }
}

async function undisturbed(): Promise<{ state: unknown; commits: number; requests: number }> {
  const world = await open()
  const run = await world.export()
  expect(run.code, run.err).toBe(0)
  return { state: endState(world), commits: world.commits, requests: world.requests }
}

/** Dies, comes back after the settle window, and once more to see that nothing is left. */
async function dieAndComeBack(death: Death, isLast: boolean): Promise<World> {
  const world = await open()
  const died = await world.run(['export'], { death })
  // After the very last one nothing was left to do.
  if (!isLast) expect(died.code, JSON.stringify(death)).not.toBe(0)
  expect(
    brokenPromises(world, { settled: false }).filter((sentence) => !sentence.includes('sending')),
  ).toEqual([])
  world.clock.advance(10 * 60_000)
  const back = await world.export()
  expect(back.code, `${JSON.stringify(death)}: ${back.err}`).toBe(0)
  expect(brokenPromises(world), JSON.stringify(death)).toEqual([])
  return world
}

describe('an export that dies', () => {
  test('after any commit ends as if it had not', { timeout: 240_000 }, async () => {
    const { state, commits } = await undisturbed()
    expect(commits).toBeGreaterThan(25)
    for (let atCommit = 1; atCommit <= commits; atCommit += 1) {
      const world = await dieAndComeBack({ atCommit }, atCommit === commits)
      expect(endState(world), `died after commit ${atCommit}`).toEqual(state)
      await world.close()
      worlds.splice(worlds.indexOf(world), 1)
    }
  })

  test('after any request reached Xero ends as if it had not', { timeout: 240_000 }, async () => {
    const { state, requests } = await undisturbed()
    expect(requests).toBeGreaterThan(8)
    for (let atRequest = 1; atRequest <= requests; atRequest += 1) {
      const world = await dieAndComeBack({ atRequest }, atRequest === requests)
      expect(endState(world), `died after request ${atRequest}`).toEqual(state)
      await world.close()
      worlds.splice(worlds.indexOf(world), 1)
    }
  })
})

test('a run that is overtaken after any commit lets nothing leave that was not logged before', {
  timeout: 240_000,
}, async () => {
  const { commits } = await undisturbed()
  let refused = 0
  for (let atCommit = 1; atCommit <= commits; atCommit += 1) {
    const world = await open()
    let attempts = Number.POSITIVE_INFINITY
    let seen = 0
    const run = await world.run(['export'], {
      afterCommit: () => {
        seen += 1
        if (seen !== atCommit) return
        // Before it holds the organisation there is nothing to take over.
        if (world.query('SELECT 1 FROM run_lease WHERE held = 1').length === 0) return
        // As a process that slept here, and whose organisation another one took meanwhile.
        world.sql('UPDATE run_lease SET generation = generation + 1')
        attempts = world.query('SELECT 1 FROM api_log WHERE chunk_id IS NOT NULL').length
      },
    })
    const sent = world.exchanges.filter(({ method }) => method === 'PUT').length
    expect(sent, `overtaken after commit ${atCommit}`).toBeLessThanOrEqual(attempts)
    expect([0, 6], run.err).toContain(run.code)
    if (run.code === 6) refused += 1
    await world.close()
    worlds.splice(worlds.indexOf(world), 1)
  }
  expect(refused).toBeGreaterThan(10)
})
