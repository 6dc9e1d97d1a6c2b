// What the wire and the machine do to changes and voids: lost answers, late ones, kills, second runs, edits in between. A change names
// what it changes by Xero's id, so that it is read back and, where it did not arrive, sent again; none overtakes another.

import { afterEach, describe, expect, test } from 'vitest'
import type { FaultEffect } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { isInShare } from '../support/share.ts'
import { contactsSql, documentSql, raiseSql } from '../support/workload.ts'
import { type Death, World } from '../support/world.ts'
import { allOf, type EditedKind, editedKinds, exportedDocuments, writesOf } from './edited-kinds.ts'

const worlds: World[] = []

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

const minute = 60_000
const losses: readonly [string, FaultEffect][] = [
  ['its answer is lost', { kind: 'drop-after-commit' }],
  ['it never arrives', { kind: 'drop-before-commit' }],
  ['an error 500 after it was stored', { kind: 'error-after-commit' }],
  ['an error 500 before anything was stored', { kind: 'error-before-commit' }],
  ['an error 500 after a part was stored', { kind: 'partial-commit', stored: 1 }],
  ['Xero stores it 20 seconds after we gave up', { kind: 'late-commit', afterMs: 80_000 }],
  ['its answer lacks an element', { kind: 'missing-element' }],
  ['it is refused for too many calls', { kind: 'rate-limit', limit: 'minute', retryAfterS: 20 }],
]

/** Four documents, changed or voided in calls of three and one. */
const changes = {
  edit: [1, 2, 3, 4].map((n) => raiseSql(`D000${n}`, 1_000)).join('\n'),
  void: "UPDATE document SET status = 'void'",
} as const

interface Before {
  id: string
  total: number
}

async function open(edited: EditedKind): Promise<{ w: World; before: Before[] }> {
  const w = await exportedDocuments(edited, 4)
  worlds.push(w)
  return { w, before: allOf(edited, w).map(({ id, total }) => ({ id, total })) }
}

/** All four as they were wanted, once, and silence. */
async function expectDone(
  edited: EditedKind,
  w: World,
  before: Before[],
  what: keyof typeof changes,
): Promise<void> {
  expect(brokenPromises(w)).toEqual([])
  const now = allOf(edited, w)
  if (what === 'edit')
    expect(now.map(({ id, total }) => ({ id, total }))).toEqual(
      before.map(({ id, total }) => ({ id, total: total + 1_150 })),
    )
  else expect(now.map(({ status }) => status)).toEqual(now.map(() => edited.ended))
  const writes = writesOf(w).length
  expect((await w.export()).runs[0]).toMatchObject({ state: 'nothing', failures: [] })
  expect(writesOf(w)).toHaveLength(writes)
}

async function settle(w: World): Promise<void> {
  await w.sandbox.settleHeld()
  await w.clock.sleep(7 * minute)
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
}

/** What else there is goes the way of one of these. */
const kinds = editedKinds.filter(({ name }) => name !== 'order as a bill' && name !== 'supplier credit')

describe.each(kinds)('$name', (edited) => {
  describe.each(['edit', 'void'] as const)('%s', (what) => {
    const ofKind = losses.filter((_, number) => isInShare(`${edited.name} ${what}`, number, 3))
    test.each(ofKind)('%s', async (_title, effect) => {
      const { w, before } = await open(edited)
      w.sql(changes[what])
      w.sandbox.fault({ method: 'POST', path: `^.*${edited.path}`, ...effect })
      const run = await w.export()
      expect([0, 8], run.err + run.out).toContain(run.code)
      expect(run.runs[0]?.failures).toEqual([])
      expect(brokenPromises(w, { settled: run.code === 0 })).toEqual([])
      await settle(w)
      await expectDone(edited, w, before, what)
    })

    test('the process is killed as Xero answers, and around it', async () => {
      const isCall = {
        when: ({ method, url }: { method: string; url: string }) =>
          method === 'POST' && url.includes(edited.path),
      }
      const commits = await dieAndComeBack(isCall)
      const around = [commits - 1, commits, commits + 1].filter((_, number) => isInShare(edited.name, number))
      for (const atCommit of around) await dieAndComeBack({ atCommit })

      async function dieAndComeBack(death: Death): Promise<number> {
        const { w, before } = await open(edited)
        w.sql(changes[what])
        const died = await w.run(['export'], { death })
        const { commits: made } = w
        expect(died.code).not.toBe(0)
        const broken = brokenPromises(w, { settled: false })
        expect(broken.filter((sentence) => !sentence.endsWith('still sending'))).toEqual([])
        await settle(w)
        await expectDone(edited, w, before, what)
        return made
      }
    })

    test('two runs at once', async () => {
      const { w, before } = await open(edited)
      w.sql(changes[what])
      const runs = await Promise.all([w.run(['export']), w.run(['export'], { hostname: 'other-machine' })])
      expect(runs.map(({ code }) => code).sort()).toEqual([0, 6])
      await expectDone(edited, w, before, what)
    })
  })

  test('an edit whose answer was lost is edited again: nothing leaves before the first is known', async () => {
    const { w, before } = await open(edited)
    w.sql(changes.edit)
    w.sandbox.fault({ method: 'POST', path: `^.*${edited.path}`, times: 9, kind: 'error-before-commit' })
    expect((await w.export()).code).toBe(8)
    w.sandbox.clearFaults()
    w.sql(changes.edit)
    const writes = writesOf(w).length
    const early = await w.export()
    expect(early.code, early.err).toBe(8)
    expect(writesOf(w)).toHaveLength(writes)
    expect(brokenPromises(w, { settled: false })).toEqual([])
    await w.clock.sleep(7 * minute)
    const late = await w.export()
    expect(late.code, late.err + late.out).toBe(0)
    expect(allOf(edited, w).map(({ total }) => total)).toEqual(before.map(({ total }) => total + 2_300))
    expect(brokenPromises(w)).toEqual([])
  })

  test('a document whose creation was lost is edited meanwhile: it is found, and then changed', async () => {
    const w = await World.open()
    worlds.push(w)
    await w.prepare(contactsSql(1) + edited.settings + documentSql(edited.kind, { id: 'D1' }))
    const path = `^.*${edited.path}`
    w.sandbox.fault({ method: 'PUT', path, kind: 'late-commit', afterMs: 400_000 })
    w.sandbox.fault({ method: 'PUT', path, nth: 2, times: 9, kind: 'error-before-commit' })
    expect((await w.export()).code).toBe(8)
    w.sandbox.clearFaults()
    w.sql(raiseSql('D1', 2_000))
    await w.sandbox.settleHeld()
    await w.clock.sleep(10 * minute)
    for (const _run of [1, 2]) {
      const run = await w.export()
      expect(run.code, run.err + run.out).toBe(0)
    }
    expect(allOf(edited, w).map(({ total }) => total)).toEqual([13_800])
    expect(brokenPromises(w)).toEqual([])
  })

  test('a person changes it while the answer of an edit is lost: theirs stays, and it is said', async () => {
    const { w } = await open(edited)
    w.sql(raiseSql('D0001', 1_000))
    w.sandbox.fault({ method: 'POST', path: `^.*${edited.path}`, kind: 'error-before-commit', times: 9 })
    expect((await w.export()).code).toBe(8)
    w.sandbox.clearFaults()
    const [first] = allOf(edited, w)
    edited.change(w, first?.id ?? '')
    await w.clock.sleep(7 * minute)
    const run = await w.export()
    expect(run.code, run.err + run.out).toBe(1)
    expect(run.runs[0]?.failures).toMatchObject([{ id: 'D0001', code: 'edited-in-xero' }])
    expect(brokenPromises(w)).toEqual([])
  })

  test('somebody settles it while the answer of an edit is lost: found as it is, or said', async () => {
    const { w, before } = await open(edited)
    w.sql(raiseSql('D0001', 1_000))
    w.sandbox.fault({ method: 'POST', path: `^.*${edited.path}`, kind: 'drop-after-commit', times: 9 })
    w.onExchange = ({ method }) => {
      if (method === 'POST') edited.settle(w, before[0]?.id ?? '')
      w.onExchange = () => undefined
    }
    await w.export()
    w.sandbox.clearFaults()
    await settle(w)
    expect(allOf(edited, w)[0]?.total).toBe((before[0]?.total ?? 0) + 1_150)
    expect(brokenPromises(w)).toEqual([])
  })
})
