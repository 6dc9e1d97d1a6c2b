import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acquireLease, type Holder, heartbeat, leaseStaleMs, releaseLease } from './lease.ts'
import { type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
const tenant = 'tenant-2'
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

const holder = (changes: Partial<Holder> = {}): Holder => ({
  host: 'desk',
  pid: 200,
  who: 'mere@desk',
  isAlive: () => true,
  ...changes,
})
const row = () => world.row('SELECT * FROM run_lease WHERE tenant_id = ?', tenant)

describe('taking an organisation', () => {
  test('that nobody ever held', async () => {
    expect(await acquireLease(world.ledger, tenant, holder())).toEqual({ tenantId: tenant, generation: 1 })
    expect(row()).toMatchObject({
      held: 1,
      holder: 'mere@desk',
      host: 'desk',
      pid: 200,
      acquired_at: '2026-11-22T00:00:00.000Z',
      heartbeat_at: '2026-11-22T00:00:00.000Z',
    })
  })

  const others: [title: string, second: Partial<Holder>, afterMs: number, taken: boolean][] = [
    ['a live process of this machine', { pid: 300 }, 0, false],
    ['a live process of this machine, just not stale', { pid: 300 }, leaseStaleMs, false],
    ['a frozen process of this machine', { pid: 300 }, leaseStaleMs + 1, true],
    ['a dead process of this machine', { pid: 300, isAlive: () => false }, 0, true],
    ['a process that has our id now: it is dead', {}, 0, true],
    ['another machine, where the same id tells nothing', { host: 'laptop', isAlive: () => false }, 0, false],
    ['another machine, just not stale', { host: 'laptop', pid: 300 }, leaseStaleMs, false],
    ['another machine that gave no sign', { host: 'laptop', pid: 300 }, leaseStaleMs + 1, true],
    ['a clock that was set back', { pid: 300 }, -3_600_000, false],
  ]
  test.each(others)('from %s', async (_title, second, afterMs, taken) => {
    await acquireLease(world.ledger, tenant, holder())
    world.clock.step(afterMs)
    const again = acquireLease(world.ledger, tenant, holder({ who: 'kim@laptop', ...second }))
    if (taken) {
      expect(await again).toEqual({ tenantId: tenant, generation: 2 })
      expect(row()).toMatchObject({ generation: 2, holder: 'kim@laptop' })
      return
    }
    await expect(again).rejects.toMatchObject({
      code: 'organisation-busy',
      message: expect.stringMatching(
        /mere@desk, process 200 on desk, since 2026-11-22 00:00 UTC\. .*free at 2026-11-22 00:15 UTC\.$/,
      ),
    })
    expect(row()).toMatchObject({ generation: 1, holder: 'mere@desk' })
  })

  test('that was given back needs no death, and still raises the generation', async () => {
    const lease = await acquireLease(world.ledger, tenant, holder())
    await releaseLease(world.ledger, lease)
    expect(row()['held']).toBe(0)
    expect(await acquireLease(world.ledger, tenant, holder({ pid: 300 }))).toMatchObject({ generation: 2 })
  })

  test('is apart from other organisations', async () => {
    await acquireLease(world.ledger, tenant, holder())
    await acquireLease(world.ledger, 'tenant-3', holder({ pid: 300 }))
    expect(world.rows('SELECT tenant_id, held FROM run_lease ORDER BY tenant_id')).toEqual([
      { tenant_id: 'tenant-1', held: 1 },
      { tenant_id: 'tenant-2', held: 1 },
      { tenant_id: 'tenant-3', held: 1 },
    ])
  })
})

describe('holding it', () => {
  test('a heartbeat keeps it from being taken for stale', async () => {
    const lease = await acquireLease(world.ledger, tenant, holder())
    world.clock.advance(leaseStaleMs)
    await heartbeat(world.ledger, lease)
    world.clock.advance(leaseStaleMs)
    await expect(acquireLease(world.ledger, tenant, holder({ pid: 300 }))).rejects.toMatchObject({
      code: 'organisation-busy',
    })
  })

  test.each([
    ['taken over', () => acquireLease(world.ledger, tenant, holder({ pid: 300, isAlive: () => false }))],
    ['given back', () => releaseLease(world.ledger, { tenantId: tenant, generation: 1 })],
    ['forgotten', async () => world.exec(`DELETE FROM run_lease WHERE tenant_id = '${tenant}'`)],
  ])('ends where it was %s', async (_title, lose) => {
    const lease = await acquireLease(world.ledger, tenant, holder())
    await lose()
    await expect(heartbeat(world.ledger, lease)).rejects.toMatchObject({ code: 'organisation-busy' })
  })

  test('one who lost it cannot give back what another holds', async () => {
    const lost = await acquireLease(world.ledger, tenant, holder())
    await acquireLease(world.ledger, tenant, holder({ pid: 300, isAlive: () => false }))
    await releaseLease(world.ledger, lost)
    expect(row()).toMatchObject({ held: 1, generation: 2 })
  })
})
