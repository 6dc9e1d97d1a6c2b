// The main job: invoices and their contacts go out in chunks, each once, and a second run sends nothing (E1, K1).

import { afterEach, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { invoicesSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function open(options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

test('E1: 350 invoices of 60 customers go out as 100/100/100/50 after one call of contacts, and once only', async () => {
  const w = await open()
  await w.prepare(invoicesSql(350, 60))

  const first = await w.export()
  expect(first.code).toBe(0)
  const [run] = first.runs
  expect(run?.state).toBe('sent')
  expect(run?.chunks.map((chunk) => [chunk.kind, chunk.number, chunk.of, chunk.documents])).toEqual([
    ['contact', 1, 1, 60],
    ['invoice', 1, 4, 100],
    ['invoice', 2, 4, 100],
    ['invoice', 3, 4, 100],
    ['invoice', 4, 4, 50],
  ])
  expect(run?.kinds['invoice']).toMatchObject({ exported: 350, failed: 0, uncertain: 0, remaining: 0 })
  expect(w.query('SELECT chunk FROM api_log WHERE kind = ?', 'invoice')).toHaveLength(4)
  expect(brokenPromises(w)).toEqual([])

  const second = await w.export()
  expect(second.code).toBe(0)
  expect(second.runs[0]).toMatchObject({ state: 'nothing', chunks: [] })
  expect(w.sandbox.counts.byRoute['PUT /Invoices']).toBe(4)
})
