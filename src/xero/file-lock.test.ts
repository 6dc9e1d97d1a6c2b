// The lock between processes: who waits, who takes over from whom, and that nobody takes a lock that is alive.

import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { staleMs, withFileLock } from './file-lock.ts'
import { HandClock } from './test-line.ts'

let folder = ''
let file = ''
let clock: HandClock
const dead = new Set<number>()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auxo-lock-'))
  file = join(folder, 'logins', 'app.json.lock')
  clock = new HandClock()
  dead.clear()
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function lockOptions(pid: number, hostname = 'office') {
  return { file, owner: { pid, hostname, isAlive: (one: number) => !dead.has(one) }, clock }
}

/** A process that takes it and never comes back. */
async function abandon(pid: number, hostname?: string): Promise<void> {
  let taken: () => void = () => undefined
  const isTaken = new Promise<void>((resolve) => {
    taken = resolve
  })
  withFileLock(lockOptions(pid, hostname), () => {
    taken()
    return new Promise(() => undefined)
  }).catch(() => undefined)
  await isTaken
}

test('one at a time: who comes later waits until it is given back', async () => {
  const order: string[] = []
  let end: () => void = () => undefined
  const first = withFileLock(lockOptions(1), async () => {
    order.push('first begins')
    await new Promise<void>((resolve) => {
      end = resolve
    })
    order.push('first ends')
  })
  while (order.length === 0) await clock.advance(0)
  const second = withFileLock(lockOptions(2), async () => {
    order.push('second')
  })
  await clock.advance(1000)
  expect(order).toEqual(['first begins'])
  end()
  await first
  await clock.run(second)
  expect(order).toEqual(['first begins', 'first ends', 'second'])
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('given back too where the work fails', async () => {
  await expect(withFileLock(lockOptions(1), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withFileLock(lockOptions(2), async () => 'ours')).toBe('ours')
})

test('a dead process of this machine is replaced at once', async () => {
  await abandon(1)
  dead.add(1)
  expect(await clock.run(withFileLock(lockOptions(2), async () => 'ours'))).toBe('ours')
  expect(clock.monotonicMs()).toBeLessThan(1000)
})

test('one of another machine, of which nothing is known, after ten minutes', async () => {
  await abandon(1, 'elsewhere')
  dead.add(1)
  await expect(clock.run(withFileLock(lockOptions(2), async () => 'ours'))).rejects.toMatchObject({
    code: 'xero-away',
    message: expect.stringContaining(file),
  })
  await clock.advance(staleMs)
  expect(await clock.run(withFileLock(lockOptions(2), async () => 'ours'))).toBe('ours')
})

test('who wakes up after it was taken over knows, and does not take the other’s away', async () => {
  let wake: () => void = () => undefined
  let isOurs: (() => Promise<boolean>) | null = null
  const frozen = withFileLock(lockOptions(1), async (lock) => {
    isOurs = lock.isOurs
    await new Promise<void>((resolve) => {
      wake = resolve
    })
    return lock.isOurs()
  })
  while (isOurs === null) await clock.advance(0)
  await clock.advance(staleMs)
  await clock.run(
    withFileLock(lockOptions(2), async (lock) => {
      wake()
      expect(await frozen).toBe(false)
      expect(await lock.isOurs()).toBe(true)
    }),
  )
})

test('ten that find the same dead one do not come in together', async () => {
  await abandon(1)
  dead.add(1)
  let inside = 0
  let most = 0
  const all = Array.from({ length: 10 }, (_, index) =>
    withFileLock(lockOptions(index + 2), async () => {
      inside += 1
      most = Math.max(most, inside)
      await readFile(file, 'utf8')
      inside -= 1
    }),
  )
  await clock.run(Promise.all(all))
  expect(most).toBe(1)
})

test('who found it dead looks again before it is taken away: another may have been quicker', async () => {
  await abandon(1)
  dead.add(1)
  const { pid, hostname } = { pid: 3, hostname: 'office' }
  let looks = 0
  const owner = {
    pid: 2,
    hostname: 'office',
    isAlive: (one: number) => {
      looks += 1
      if (looks === 1)
        writeFileSync(file, JSON.stringify({ pid, hostname, since: '2026-11-22T10:00:00.000Z', mark: 'm' }))
      return one !== 1
    },
  }
  const waiting = withFileLock({ file, owner, clock }, async () => 'ours')
  while (looks < 3) await clock.advance(clock.waiting > 0 ? 250 : 0)
  expect(await readFile(file, 'utf8')).toContain('"mark":"m"')
  await rm(file)
  expect(await clock.run(waiting)).toBe('ours')
})

test('where one is at it, others keep off until it must have died', async () => {
  await abandon(1)
  dead.add(1)
  await writeFile(`${file}.takeover`, '')
  await clock.run(withFileLock(lockOptions(2), async () => undefined))
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(5000)
})

test.each(['', '{"pid":', '{"pid":"x"}'])(
  'a lock of which %j is left after a crash is replaced',
  async (content) => {
    await withFileLock(lockOptions(1), async () => undefined) // makes the folder
    await writeFile(file, content)
    await writeFile(`${file}.takeover`, '') // and one that died while it took over
    expect(await clock.run(withFileLock(lockOptions(2), async () => 'ours'))).toBe('ours')
  },
)
