// The battery that every kind has to pass (issue 3): chunks, a bad one among many, every way to lose an answer, kills, two runs
// at once, the day limit. A kind is a row that says how many of it are made and where they go; what must hold is checkers.ts.

import { afterEach, describe, expect, test } from 'vitest'
import type { ReportedKind, ThingKind } from '../../src/accounting/kinds.ts'
import type { Exchange } from '../../src/sandbox/exchange.ts'
import type { FaultEffect } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { isInShare } from '../support/share.ts'
import { contactsSql, documentsSql, settingSql } from '../support/workload.ts'
import { type ExportedRun, World } from '../support/world.ts'

export interface KindUnderTest {
  /** What people call them. */
  name: string
  thing: ThingKind
  /** Where those that went out are counted. */
  reportedAs: ReportedKind
  /** Settings, contacts and whatever has to be in Xero before so many of them can go out. */
  before(count: number, world: World): string
  /** So many of them, each by itself. */
  rows(count: number, world: World): string
  /** The path of their calls, under the API's root. */
  path: RegExp
  /** In one call at most, where that is less than a chunk. */
  perCallMax?: number
  /** How many of ours Xero has. */
  inXero(world: World): number
  /** One whose answer was lost is never sent again: then one may be missing. */
  isOnceAtMost?: boolean
  /**
   * The second of them becomes one that only Xero can refuse, since the run reads nothing before it sends; and what a bookkeeper
   * does about it.
   */
  bad: { spoil(world: World): void; mend(world: World): void }
}

const minute = 60_000
/** Three calls of three, three and one; or seven calls. */
const count = 7
const chunkSize = 3

const worlds: World[] = []

async function open(kind: KindUnderTest, rows = count, chunk = chunkSize): Promise<World> {
  const world = await World.open({ sandbox: { limits: { minute: 10_000 } } })
  worlds.push(world)
  await world.prepare(`BEGIN;\n${kind.before(rows, world)}\nCOMMIT;`)
  world.sql(
    settingSql('chunk_size', chunk) + settingSql('calls_at_once', 1) + settingSql('calls_per_minute', 60),
  )
  const before = await world.export()
  expect(before.code, before.err + before.out).toBe(0)
  world.sql(`BEGIN;\n${kind.rows(rows, world)}\nCOMMIT;`)
  return world
}

const isCall = (kind: KindUnderTest) => (exchange: Pick<Exchange, 'method' | 'url'>) =>
  exchange.method !== 'GET' && kind.path.test(exchange.url)

function writes(world: World): number {
  return world.exchanges.filter(({ method, url }) => method !== 'GET' && url.startsWith('/api.xro/')).length
}

/** The second call of the kind meets this. */
function lose(world: World, kind: KindUnderTest, effect: FaultEffect): void {
  world.sandbox.fault({ method: 'PUT', path: `^.*${kind.path.source}`, nth: 2, ...effect })
}

function countsOf(run: ExportedRun | undefined, kind: KindUnderTest) {
  return run?.kinds[kind.reportedAs]
}

/** Everything is in Xero once, the promises hold, and a further run sends nothing. */
async function expectAllOnce(world: World, kind: KindUnderTest, rows = count): Promise<void> {
  expect(brokenPromises(world)).toEqual([])
  if (kind.isOnceAtMost) expect([rows, rows - 1]).toContain(kind.inXero(world))
  else expect(kind.inXero(world)).toBe(rows)
  const before = writes(world)
  const silent = await world.export()
  expect(silent.runs[0], silent.err + silent.out).toMatchObject({ state: 'nothing', failures: [] })
  expect(writes(world)).toBe(before)
}

/** The next run, once Xero can tell what became of everything. */
async function settle(world: World): Promise<void> {
  await world.sandbox.settleHeld()
  await world.clock.sleep(7 * minute)
  const run = await world.export()
  expect(run.code, run.err + run.out).toBe(0)
}

/** The ways to lose an answer. */
const losses: readonly [string, FaultEffect][] = [
  ['the answer is lost after Xero stored it', { kind: 'drop-after-commit' }],
  ['the call is lost before Xero stored it', { kind: 'drop-before-commit' }],
  ['an error 500 after Xero stored it', { kind: 'error-after-commit' }],
  ['an error 500 after a part of it was stored', { kind: 'partial-commit', stored: 1 }],
  ['Xero stores it 20 seconds after we gave up', { kind: 'late-commit', afterMs: 80_000 }],
]

export function battery(kind: KindUnderTest): void {
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.close()))
  })

  describe(kind.name, () => {
    test('go out in chunks, one call and one log row each', () => inChunks(kind))
    test('a bad one among them fails alone, and goes once it is mended', () => aBadOne(kind))
    const ofKind = losses.filter((_, number) => isInShare(kind.name, number, 3))
    test.each(ofKind)('%s', (_title, effect) => loseAnAnswer(kind, effect))
    test('the process is killed as Xero answers, or around it', () => killed(kind))
    test('two runs at once', () => twoRuns(kind))
    test('the day limit in the middle', () => dayLimit(kind))
  })
}

async function inChunks(kind: KindUnderTest): Promise<void> {
  const perCall = kind.perCallMax ?? 100
  const rows = perCall === 1 ? 3 : 250
  const world = await open(kind, rows, 100)
  const from = world.exchanges.length
  const run = await world.export()
  expect(run.code, run.err + run.out).toBe(0)
  const sizes = perCall === 1 ? [1, 1, 1] : [100, 100, 50]
  const chunks = run.runs[0]?.chunks.filter((chunk) => chunk.kind === kind.reportedAs)
  expect(chunks?.map((chunk) => chunk.documents)).toEqual(sizes)
  expect(world.exchanges.slice(from).filter(isCall(kind))).toHaveLength(sizes.length)
  const logged = world.query<{ documents: number; path: string }>(
    `SELECT documents, path FROM api_log WHERE run = (SELECT MAX(run) FROM api_log) AND method <> 'GET' ORDER BY id`,
  )
  const ofKind = logged.filter(({ path }) => kind.path.test(path))
  expect(ofKind.map(({ documents }) => documents).sort()).toEqual([...sizes].sort())
  expect(countsOf(run.runs[0], kind)).toMatchObject({ exported: rows, failed: 0, remaining: 0 })
  await expectAllOnce(world, kind, rows)
}

async function aBadOne(kind: KindUnderTest): Promise<void> {
  const world = await open(kind)
  kind.bad.spoil(world)
  const run = await world.export('--no-pull')
  expect(run.code, run.err + run.out).toBe(1)
  expect(countsOf(run.runs[0], kind)).toMatchObject({ exported: count - 1 })
  expect(Object.values(run.runs[0]?.kinds ?? {}).reduce((sum, { failed }) => sum + failed, 0)).toBe(1)
  // Not our rules: Xero itself. What hangs on it waits.
  const refused = run.runs[0]?.failures.filter((one) => one.code !== 'parent-not-exported') ?? []
  expect(new Set(refused.map(({ id }) => id)).size, JSON.stringify(refused)).toBe(1)
  expect(refused.every(({ xeroMessages }) => xeroMessages.length > 0)).toBe(true)
  expect(brokenPromises(world)).toEqual([])
  world.onExchange = () => undefined
  kind.bad.mend(world)
  const mended = await world.export()
  expect(mended.code, mended.err + mended.out).toBe(0)
  await expectAllOnce(world, kind)
}

async function loseAnAnswer(kind: KindUnderTest, effect: FaultEffect): Promise<void> {
  const world = await open(kind)
  lose(world, kind, effect)
  const run = await world.export()
  expect([0, 8], run.err + run.out).toContain(run.code)
  expect(countsOf(run.runs[0], kind)).toMatchObject({ failed: 0 })
  expect(brokenPromises(world, { settled: run.code === 0 })).toEqual([])
  await settle(world)
  expect(world.exchanges.map(({ fault }) => fault)).toContain(effect.kind)
  await expectAllOnce(world, kind)
}

/** At the answer to the second call, and at the commits before and after it: written down, attempted, settled. */
async function killed(kind: KindUnderTest): Promise<void> {
  const first = await open(kind)
  let calls = 0
  const isSecond = (exchange: Exchange) => {
    if (isCall(kind)(exchange)) calls += 1
    return calls === 2
  }
  await dieAndComeBack(first, kind, { when: isSecond })
  const { commits } = first
  const around = [commits - 1, commits, commits + 1].filter((_, number) => isInShare(kind.name, number, 3))
  for (const atCommit of around) await dieAndComeBack(await open(kind), kind, { atCommit })
}

async function dieAndComeBack(
  world: World,
  kind: KindUnderTest,
  death: { when: (exchange: Exchange) => boolean } | { atCommit: number },
): Promise<void> {
  const died = await world.run(['export'], { death })
  const { commits } = world
  expect(died.code).not.toBe(0)
  expect(world.kills).toBe(1)
  const open = brokenPromises(world, { settled: false })
  expect(open.filter((sentence) => !sentence.endsWith('still sending'))).toEqual([])
  await settle(world)
  await expectAllOnce(world, kind)
  world.commits = commits
}

async function twoRuns(kind: KindUnderTest): Promise<void> {
  const world = await open(kind)
  const runs = await Promise.all([
    world.run(['export']),
    world.run(['export'], { hostname: 'other-machine' }),
  ])
  expect(runs.map((run) => run.code).sort(), runs.map((run) => run.err).join('\n')).toEqual([0, 6])
  await expectAllOnce(world, kind)
}

async function dayLimit(kind: KindUnderTest): Promise<void> {
  const world = await open(kind)
  lose(world, kind, { kind: 'rate-limit', limit: 'day', retryAfterS: 30_000 })
  const run = await world.export()
  expect(run.code, run.err + run.out).toBe(7)
  expect(run.runs[0]?.state).toBe('stopped')
  expect(countsOf(run.runs[0], kind)).toMatchObject({ failed: 0, uncertain: 0 })
  expect(brokenPromises(world)).toEqual([])
  world.clock.advance(30_001_000)
  const next = await world.export()
  expect(next.code, next.err + next.out).toBe(0)
  await expectAllOnce(world, kind)
}

/** Somebody is in Xero in the moment between our last look at this (the so many-th of the run) and what we send then. */
export function afterLookingAt(world: World, xeroId: string, looks: number, act: () => void): void {
  let seen = 0
  world.onExchange = ({ method, url }) => {
    if (method !== 'GET' || !decodeURIComponent(url).includes(xeroId)) return
    seen += 1
    if (seen === looks) act()
  }
}

/** Xero forgets an account that we still believe in. */
export function archiveInXero(world: World, account: string): void {
  asPerson(world, (person) => person.archiveAccount(account))
}

/** Xero closes the period of the second of them after we read the lock date. */
export const inClosedPeriod = (table: 'journal' | 'stock_movement' | 'payment'): KindUnderTest['bad'] => ({
  spoil: (world) => {
    world.sql(`UPDATE ${table} SET date = '2026-09-30' WHERE id = 'T2'`)
    asPerson(world, (person) => person.setLockDate('2026-09-30' as never))
  },
  mend: (world) => asPerson(world, (person) => person.setLockDate(null)),
})

/** A call that holds this is one that Xero cannot read, until it is mended there. */
export const unreadable = (containing: string): KindUnderTest['bad'] => ({
  spoil: (world) => world.sandbox.fault({ method: 'PUT', times: 99, kind: 'refuse-whole', containing }),
  mend: (world) => world.sandbox.clearFaults(),
})

/** From 1. */
export const numbered = (count: number, row: (n: number) => string): string =>
  Array.from({ length: count }, (_, index) => row(index + 1)).join('\n')

/** Two contacts that Xero has, by an invoice each. */
export function contactsInXero(): string {
  return contactsSql(2) + documentsSql('invoice', 2, 2, 'BEFORE')
}
