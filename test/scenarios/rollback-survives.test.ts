// A rollback that dies at any point and is run again, or is followed by an export, ends as if it had not died (M6). In a ledger put back
// from a back-up after a rollback (E13) what was released and sent since is found and never sent a second time, and the rest stays held.

import { cpSync, rmSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { brokenPromises } from '../support/checkers.ts'
import { journalStyleSql } from '../support/mixed-ledger.ts'
import { asPerson } from '../support/people.ts'
import { tellRollbacks } from '../support/rollback-stories.ts'
import { isSoak } from '../support/share.ts'
import { contactsSql, documentSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import { journalSql } from '../support/workload-papers.ts'
import { type Death, World } from '../support/world.ts'
import { xeroRecords } from '../support/xero-records.ts'

const worlds: World[] = []

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

/** Every so many-th point; all of them in the long runs. */
const step = isSoak ? 1 : 12

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

/** A run, rolled back, and a back-up of the ledger as it was then; `restore` puts it back. */
async function rolledBack(sql: string): Promise<{ w: World; restore: () => void }> {
  const w = await World.open({ sandbox: { switches: { voidedNumberFree: true } } })
  worlds.push(w)
  await w.prepare(sql)
  await w.must(['export'])
  await w.must(['rollback', '--run', '1', '--yes'])
  return { w, restore: w.backUp() }
}

const standing = (w: World) =>
  xeroRecords(w.sandbox)
    .filter(({ isLive }) => isLive)
    .map(({ list, name }) => `${list} ${name}`)
    .sort()

const ofEverySort =
  settingSql('history_notes', 'on') +
  settingSql('marker_url', 'https://books.example/{entity}/{kind}/{id}') +
  contactsSql(1) +
  documentSql('invoice', { id: 'A' }) +
  documentSql('bill', { id: 'B' }) +
  documentSql('bill', { id: 'Q' }) +
  documentSql('credit_note', { id: 'C', lines: [{ amount: 1_000, tax: 150 }] }) +
  creditAllocationSql('C', 'A', 1_150) +
  paymentSql({ id: 'P1', applied: { B: 1_000 } }) +
  journalSql({
    id: 'J',
    lines: [
      ['429', 4_000],
      ['850', -4_000],
    ],
  })

describe('a ledger as it was before what a rollback held was released', () => {
  test('finds the daily summaries that were sent since, and sends nothing of them again', async () => {
    const { w, restore } = await rolledBack(journalStyleSql())
    await w.must(['release', '--run', '1'])
    await w.must(['export'])
    const before = standing(w)
    restore()
    await w.must(['adopt-copy'])
    expect(w.query("SELECT kind, source_id FROM export_state WHERE state = 'held'")).toEqual([])
    await w.must(['export'])
    expect(standing(w)).toEqual(before)
    expect(brokenPromises(w)).toEqual([])
  })

  test('finds what was sent since, and holds back still what was not, and its note', async () => {
    const { w, restore } = await rolledBack(ofEverySort)
    await w.must(['release', '--run', '1'])
    await w.must(['hold', 'Q', '--reason', 'a new quote is coming'])
    await w.must(['export'])
    const before = standing(w)
    restore()
    await w.must(['adopt-copy'])
    const held = () => w.query("SELECT kind, source_id, held_reason FROM export_state WHERE state = 'held'")
    expect(held()).toEqual([
      { kind: 'bill', source_id: 'Q', held_reason: 'rolled back, run 1' },
      { kind: 'note', source_id: 'bill/Q', held_reason: 'rolled back, run 1' },
    ])
    await w.must(['export'])
    expect(standing(w)).toEqual(before)
    expect(w.query("SELECT 1 FROM export_state WHERE held_reason IS NOT NULL AND state <> 'held'")).toEqual(
      [],
    )
    await w.must(['release', '--run', '1'])
    await w.must(['export'])
    expect(held()).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  })

  test('leaves to a person what somebody changed in Xero, and holds it on once it is not that', async () => {
    const { w, restore } = await rolledBack(contactsSql(1) + documentSql('bill', { id: 'B' }))
    await w.must(['release', '--run', '1'])
    await w.must(['export'])
    const again = w.sandbox.invoices().find(({ status }) => status === 'AUTHORISED')
    asPerson(w, (person) => person.editInvoiceTotal(again?.id ?? '', cents(9_900)))
    restore()
    await w.must(['adopt-copy'], 1)
    expect(w.query('SELECT state FROM export_state WHERE source_id = ?', 'B')).toEqual([
      { state: 'uncertain' },
    ])
    asPerson(w, (person) => person.voidInvoice(again?.id ?? ''))
    await w.must(['settle', 'bill:B', '--not-there'])
    expect(w.query('SELECT state FROM export_state WHERE source_id = ?', 'B')).toEqual([{ state: 'held' }])
    const made = standing(w)
    await w.must(['export'])
    expect(standing(w)).toEqual(made)
  })
})

test('a whole machine as it was before the release: what was sent since is known when it is released again', async () => {
  const { w, restore } = await rolledBack(contactsSql(1) + documentSql('bill', { id: 'B' }))
  const kept = `${w.configFolder}-kept`
  cpSync(w.configFolder, kept, { recursive: true })
  await w.must(['release', '--run', '1'])
  await w.must(['export'])
  const before = standing(w)
  restore()
  rmSync(w.configFolder, { recursive: true })
  cpSync(kept, w.configFolder, { recursive: true })
  await w.must(['export'])
  await w.must(['release', '--run', '1'])
  await w.must(['export'], 5)
  await w.must(['adopt-copy'])
  await w.must(['export'])
  expect(standing(w)).toEqual(before)
  expect(brokenPromises(w)).toEqual([])
})

test('a ledger as it was before the rollback: rolled back once more and looked through, it knows everything', async () => {
  const w = await World.open({ sandbox: { switches: { voidedNumberFree: true } } })
  worlds.push(w)
  await w.prepare(ofEverySort)
  await w.must(['export'])
  const restore = w.backUp()
  await w.must(['rollback', '--run', '1', '--yes'])
  await w.must(['release', '--run', '1'])
  await w.must(['export'])
  const before = standing(w)
  restore()
  await w.must(['adopt-copy'])
  await w.must(['rollback', '--run', '1', '--yes'])
  await w.must(['adopt-copy'])
  await w.must(['export'])
  expect(standing(w)).toEqual(before)
  expect(w.query('SELECT state, deleted_by FROM payment')).toEqual([{ state: 'received', deleted_by: null }])
  expect(brokenPromises(w)).toEqual([])
})

test('what adopt-copy was looking for when it was killed is never sent, and held as before by the next', async () => {
  const { w, restore } = await rolledBack(contactsSql(1) + documentSql('bill', { id: 'B' }))
  restore()
  const bills = (url: string) => url.includes('/Invoices')
  await w.run(['adopt-copy'], { death: { when: ({ url }) => bills(url) } })
  const before = standing(w)
  await w.must(['export'])
  expect(standing(w)).toEqual(before)
  await w.must(['adopt-copy'])
  expect(w.query("SELECT state FROM export_state WHERE kind = 'bill'")).toEqual([{ state: 'held' }])
})

/** In the long runs alone. */
const seeds = Array.from({ length: 60 }, (_, index) => index + 1)

describe.runIf(isSoak)('in the long runs', () => {
  test.each(seeds)(
    'a story of rollbacks (seed %i) ends with everything once',
    { timeout: 60_000 },
    async (seed) => {
      const { broken, trace } = await tellRollbacks(seed)
      expect(broken, trace.join('\n')).toEqual([])
    },
  )
})
