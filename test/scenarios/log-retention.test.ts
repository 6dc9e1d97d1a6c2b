// How long the bodies of calls are kept (E7): `log_retention` days, then the next export or pull forgets them. The calls themselves
// stay in the log for ever.

import { afterEach, expect, test } from 'vitest'
import { contactsSql, documentSql, settingSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const day = 24 * 3_600_000
const bodies = (w: World) =>
  w.query<{ id: number }>('SELECT api_log AS id FROM api_log_body ORDER BY api_log').map(({ id }) => id)
const lastCall = (w: World) => w.query<{ at: string }>('SELECT MAX(at) AS at FROM api_log')[0]?.at ?? ''
const calls = (w: World) => w.query<{ n: number }>('SELECT COUNT(*) AS n FROM api_log')[0]?.n ?? 0

async function exported(): Promise<World> {
  const w = await World.open()
  world = w
  await w.prepare(contactsSql(1) + settingSql('log_retention', 30) + documentSql('invoice', { id: 'D1' }))
  await w.must(['export'])
  return w
}

test.each(['export', 'pull'])(
  '%s: a moment before the days are over all is kept, a moment after nothing',
  async (verb) => {
    const w = await exported()
    const before = bodies(w)
    const known = calls(w)
    expect(before.length).toBeGreaterThan(0)
    const elapsed = w.clock.now() - Date.parse(lastCall(w))
    w.clock.advance(30 * day - elapsed - 60_000)
    await w.must([verb])
    // The oldest went a few seconds before the last, and none is 30 days old yet.
    expect(bodies(w)).toEqual(expect.arrayContaining(before))
    w.clock.advance(2 * 60_000)
    await w.must([verb])
    expect(bodies(w).filter((id) => before.includes(id))).toEqual([])
    expect(calls(w)).toBeGreaterThan(known)
    expect((await w.must(['log', '--call', String(before[0])])).out).not.toBe('')
  },
)

test('another entity keeps its own for as long as it wants', async () => {
  const w = await exported()
  const mine = bodies(w)
  w.sql(`INSERT INTO billing_entity (code, name, region) VALUES ('NZ02', 'Second Ltd', 'NZ');
    INSERT INTO setting VALUES ('NZ02', 'log_retention', '1')`)
  await w.must(['connect', '--custom', '--entity', 'NZ02'])
  w.clock.advance(2 * day)
  await w.must(['pull', '--entity', 'NZ02'])
  expect(bodies(w)).toEqual(expect.arrayContaining(mine.filter((id) => isOf(w, id, 'NZ01'))))
})

function isOf(w: World, id: number, entity: string): boolean {
  return w.query('SELECT 1 FROM api_log WHERE id = ? AND entity = ?', id, entity).length > 0
}
