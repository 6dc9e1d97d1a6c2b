// History notes (I15): one for each document that goes out while they are wanted, never two, since nobody can remove one.

import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined

const wanted = "INSERT INTO setting VALUES ('NZ01', 'history_notes', 'on');"

async function open(sql = wanted): Promise<World> {
  world = await World.open()
  await world.prepare(`${contactsSql(1)} ${sql} ${invoiceSql({ id: 'A/1', number: 'INV-1' })}`)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const notes = (w: World) => w.sandbox.notes().map(({ details }) => details)
const noteCalls = (w: World) =>
  w.exchanges.filter(({ method, url }) => method === 'PUT' && url.endsWith('/History')).length

test('a document that was sent says in its history by which run, and from which row', async () => {
  const w = await open()
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(run.runs[0]?.kinds['note']).toMatchObject({ exported: 1, failed: 0, remaining: 0 })
  const [invoice] = w.sandbox.invoices()
  expect(w.sandbox.notes()).toMatchObject([
    {
      documentId: invoice?.id,
      details: 'Sent by auxo-sync, run 1: invoice INV-1, in the ledger A/1',
    },
  ])
  // Its own answer told, though it gives no id: nothing had to be assumed.
  expect(w.query("SELECT state FROM chunk WHERE kind = 'note'")).toEqual([{ state: 'settled' }])
  expect(brokenPromises(w)).toEqual([])
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(noteCalls(w)).toBe(1)
})

test('a change of the document writes no second note', async () => {
  const w = await open()
  await w.export()
  w.sql("UPDATE document SET reference = 'changed'")
  expect((await w.export()).runs[0]?.kinds['invoice']).toMatchObject({ updated: 1 })
  expect(notes(w)).toHaveLength(1)
})

test('without the setting there are none, and what went out before it gets none', async () => {
  const w = await open("INSERT INTO setting VALUES ('NZ01', 'history_notes', 'off');")
  expect((await w.export()).code).toBe(0)
  w.sql(`UPDATE setting SET value = 'on'; ${invoiceSql({ id: 'B', number: 'INV-2' })}`)
  expect((await w.export()).code).toBe(0)
  expect(notes(w)).toEqual(['Sent by auxo-sync, run 2: invoice INV-2, in the ledger B'])
})

test('switched off again, what waits is not sent and not counted', async () => {
  const w = await open()
  await w.export('--only', 'invoice')
  w.sql("UPDATE setting SET value = 'off' WHERE name = 'history_notes'")
  const run = await w.export()
  expect(run.runs[0]).toMatchObject({ state: 'nothing', kinds: { note: { remaining: 0 } } })
  expect(notes(w)).toEqual([])
})

test('an id without end is cut at what Xero takes', async () => {
  const id = 'x'.repeat(3000)
  const w = await open(`${wanted} ${invoiceSql({ id, number: 'INV-2' })}`)
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(
    notes(w)
      .map((note) => note.length)
      .sort((one, other) => one - other),
  ).toEqual([58, 2500])
})

const faults: [string, Fault, { written: number }][] = [
  ['the answer is lost after Xero stored it', { kind: 'drop-after-commit' }, { written: 1 }],
  ['an error 500 after Xero stored it', { kind: 'error-after-commit' }, { written: 1 }],
  ['the commit comes after the time-out', { kind: 'late-commit', afterMs: 80_000 }, { written: 1 }],
  ['the answer has no element', { kind: 'missing-element' }, { written: 1 }],
  // Whether it was stored cannot be asked: a missing note harms nobody, a second one stays for ever.
  ['an error 500 before Xero stored it', { kind: 'error-before-commit' }, { written: 0 }],
  ['the connection drops before Xero stored it', { kind: 'drop-before-commit' }, { written: 0 }],
  ['the minute limit', { kind: 'rate-limit', limit: 'minute', retryAfterS: 5 }, { written: 1 }],
]

describe('a note is never sent a second time', () => {
  test.each(faults)('%s', async (_title, fault, { written }) => {
    const w = await open()
    w.sandbox.fault({ method: 'PUT', path: '^/Invoices/.*/History', ...fault })
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    await w.sandbox.settleHeld()
    w.clock.advance(7 * 60_000)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(notes(w)).toHaveLength(written)
    expect(brokenPromises(w)).toEqual([])
  })

  test('killed at its call, before and after Xero stored it', async () => {
    const undisturbed = await open()
    await undisturbed.export()
    const { commits, requests } = undisturbed
    await undisturbed.close()
    for (const death of [
      { atRequest: requests },
      ...[1, 2, 3].map((back) => ({ atCommit: commits - back })),
    ]) {
      const w = await open()
      await w.run(['export'], { death })
      expect(w.kills).toBe(1)
      w.clock.advance(20 * 60_000)
      const next = await w.export()
      expect(next.code, `${JSON.stringify(death)}: ${next.err}`).toBe(0)
      expect(notes(w).length, JSON.stringify(death)).toBeLessThanOrEqual(1)
      expect((await w.export()).runs[0]?.state).toBe('nothing')
      await w.close()
    }
    world = undefined
  })

  test('two runs at the same time', async () => {
    const w = await open()
    const codes = (await Promise.all([w.run(['export']), w.run(['export'])])).map(({ code }) => code)
    expect(codes.sort()).toEqual([0, 6])
    expect(notes(w)).toHaveLength(1)
  })
})

test('a document that was found again after its answer was lost gets its note', async () => {
  const w = await open()
  w.sandbox.fault({ method: 'PUT', path: '/Invoices', times: 3, kind: 'error-after-commit' })
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(notes(w)).toHaveLength(1)
})

test('notes are no ground for an alarm: of a document that was voided meanwhile none is written', async () => {
  const w = await open()
  await w.export('--only', 'invoice')
  w.sql("UPDATE document SET status = 'void'")
  expect((await w.export()).code).toBe(0)
  expect(notes(w)).toEqual([])
})
