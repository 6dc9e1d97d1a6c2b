// Dies after every commit and every request of an export, one at a time, starts again, and compares with the run that
// was not disturbed. A process that dies in this way writes nothing more, releases nothing and finishes nothing.

import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from './support/checkers.ts'
import { everyKindSql, journalStyleSql } from './support/mixed-ledger.ts'
import { invoicesSql, settingSql } from './support/workload.ts'
import { type Death, World } from './support/world.ts'
import { xeroRecords } from './support/xero-records.ts'

/** A ledger, and how many of the points at which its export may die are tried: every one of them in the long runs. */
interface Ledger {
  name: string
  sql(folder: string): string
  /** Every so many-th point. */
  step: number
  /** That so many commits and requests are the least that it takes, so that the test cannot run empty. */
  commitsMin: number
  requestsMin: number
}

const isLong = process.env['AUXO_SOAK'] !== undefined

const ledgers: readonly Ledger[] = [
  { name: 'invoices', sql: () => invoicesSql(3, 2), step: 1, commitsMin: 25, requestsMin: 8 },
  { name: 'something of every kind', sql: everyKindSql, step: 9, commitsMin: 120, requestsMin: 35 },
  {
    name: 'sales as journals and summaries',
    sql: journalStyleSql,
    step: 7,
    commitsMin: 45,
    requestsMin: 12,
  },
]

const worlds: World[] = []

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

/** Small chunks, so that a run has many steps and few things. */
async function open(ledger: Pick<Ledger, 'sql'>): Promise<World> {
  const world = await World.open()
  worlds.push(world)
  await world.prepare(ledger.sql(world.folder))
  world.sql(settingSql('chunk_size', 2) + settingSql('calls_at_once', 1))
  return world
}

async function close(world: World): Promise<void> {
  worlds.splice(worlds.indexOf(world), 1)
  await world.close()
}

/** What the books look like in the end, without ids and times. */
function endState(world: World): unknown {
  return {
    things: world.query(
      'SELECT kind, source_id, state, xero_number, queued FROM export_state ORDER BY kind, source_id',
    ),
    links: world.query('SELECT contact FROM contact_link WHERE ended IS NULL ORDER BY contact'),
    // A note names its run, and one whose answer was lost is never sent again.
    xero: xeroRecords(world.sandbox)
      .filter(({ list }) => list !== 'note')
      .map(({ list, name, amount, tax, isLive }) => [list, name, amount, tax, isLive].join(' '))
      .sort(),
    balances: world.sandbox.trialBalance(),
    contacts: world.sandbox
      .contacts()
      .filter((contact) => contact.status === 'ACTIVE')
      .map((contact) => contact.name)
      .sort(),
  }
}

async function undisturbed(ledger: Ledger): Promise<{ state: unknown; commits: number; requests: number }> {
  const world = await open(ledger)
  const run = await world.export()
  expect(run.code, run.err).toBe(0)
  return { state: endState(world), commits: world.commits, requests: world.requests }
}

/** Dies, comes back after the settle window, and once more to see that nothing is left. */
async function dieAndComeBack(ledger: Ledger, death: Death, isLast: boolean): Promise<World> {
  const world = await open(ledger)
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

/** From the step on, so that the last point is one of them. */
function pointsOf(count: number, { step }: Ledger): number[] {
  const by = isLong ? 1 : step
  const first = ((count - 1) % by) + 1
  return Array.from({ length: Math.ceil((count - first + 1) / by) }, (_, index) => first + index * by)
}

describe.each(ledgers)('an export of $name that dies', (ledger) => {
  test('after a commit ends as if it had not', { timeout: 600_000 }, async () => {
    const { state, commits } = await undisturbed(ledger)
    expect(commits).toBeGreaterThan(ledger.commitsMin)
    for (const atCommit of pointsOf(commits, ledger)) {
      const world = await dieAndComeBack(ledger, { atCommit }, atCommit === commits)
      expect(endState(world), `died after commit ${atCommit}`).toEqual(state)
      await close(world)
    }
  })

  test('after a request reached Xero ends as if it had not', { timeout: 600_000 }, async () => {
    const { state, requests } = await undisturbed(ledger)
    expect(requests).toBeGreaterThan(ledger.requestsMin)
    for (const atRequest of pointsOf(requests, ledger)) {
      const world = await dieAndComeBack(ledger, { atRequest }, atRequest === requests)
      expect(endState(world), `died after request ${atRequest}`).toEqual(state)
      await close(world)
    }
  })
})

const [invoices] = ledgers

test('a run that is overtaken after any commit lets nothing leave that was not logged before', {
  timeout: 240_000,
}, async () => {
  if (!invoices) throw new Error('there is no ledger')
  const { commits } = await undisturbed(invoices)
  let refused = 0
  for (let atCommit = 1; atCommit <= commits; atCommit += 1) {
    const world = await open(invoices)
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
    await close(world)
  }
  expect(refused).toBeGreaterThan(10)
})
