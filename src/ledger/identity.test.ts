import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lastChunkOf, ledgerId, refuseCopy, renewLedgerId, sentMark } from './identity.ts'
import { insertRow, type TestLedger, testLedger, testTenant } from './test-ledger.ts'

let world: TestLedger
let folder: string
beforeEach(() => {
  world = testLedger()
  folder = join(world.folder, 'config')
})
afterEach(() => world.close())

const file = (id = 'ledger-id') => join(folder, 'sent', `${id}.${testTenant}.json`)
const stored = () => (JSON.parse(readFileSync(file(), 'utf8')) as { lastChunk: number }).lastChunk

function chunks(last: number, tenant = testTenant): void {
  insertRow(world, 'chunk', {
    id: last,
    run: 1,
    entity: 'NZ01',
    tenant_id: tenant,
    kind: 'invoice',
    operation: 'create',
    number: 1,
    of: 1,
    method: 'PUT',
    path: '/',
    idempotency_key: `key-${last}`,
    body_hash: 'h',
    bytes: 1,
    state: 'settled',
    prepared_at: '2026-11-22T00:00:00.000Z',
  })
}

describe('the mark outside the ledger', () => {
  test('remembers the largest chunk, for the user alone', async () => {
    const mark = await sentMark(world.ledger, folder, testTenant)
    expect(await mark.read()).toBeNull()
    await mark.write(3)
    expect(await mark.read()).toBe(3)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'sent'))).toEqual([`ledger-id.${testTenant}.json`])
  })

  test('never goes backwards, in whatever order chunks are sent', async () => {
    const mark = await sentMark(world.ledger, folder, testTenant)
    await Promise.all([5, 2, 9, 7, 9, 1].map((chunk) => mark.write(chunk)))
    expect(stored()).toBe(9)
    await mark.write(8)
    expect(stored()).toBe(9)
  })

  test('goes on after it could not be written once', async () => {
    mkdirSync(folder)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'sent'), 'in the way')
    const mark = await sentMark(world.ledger, folder, testTenant)
    await expect(mark.write(1)).rejects.toMatchObject({ code: 'ledger-unwritable' })
    rmSync(join(folder, 'sent'))
    await mark.write(2)
    expect(stored()).toBe(2)
  })

  test.each(['', 'no json', '{}', '{"lastChunk":"7"}', '{"lastChunk":1.5}', 'null'])(
    'that reads %j is taken for a copy, never for nothing sent',
    async (text) => {
      mkdirSync(join(folder, 'sent'), { recursive: true })
      writeFileSync(file(), text)
      const mark = await sentMark(world.ledger, folder, testTenant)
      await expect(mark.read()).rejects.toMatchObject({ code: 'ledger-copied' })
      await expect(refuseCopy(world.ledger, mark, testTenant)).rejects.toMatchObject({
        code: 'ledger-copied',
      })
      expect(readFileSync(file(), 'utf8')).toBe(text)
    },
  )

  test('that cannot be read says where it is looked for', async () => {
    // A file where the folder should be: unreadable for every user, root too.
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'sent'), 'in the way')
    const mark = await sentMark(world.ledger, folder, testTenant)
    await expect(mark.read()).rejects.toMatchObject({ code: 'ledger-unwritable' })
  })
})

describe('copies', () => {
  const cases: [title: string, known: number, remembered: number | null, words: RegExp | null][] = [
    ['a new ledger', 0, null, null],
    ['as far as was sent', 4, 4, null],
    ['further than remembered: killed between preparing and sending', 5, 4, null],
    ['a restored back-up', 3, 4, /behind what was sent.*knows 3 calls, 4 were made/],
    ['a back-up from before the first call', 0, 4, /behind what was sent/],
    ['a copy on another machine', 3, null, /not from this machine/],
  ]
  test.each(cases)('%s', async (_title, known, remembered, words) => {
    if (known > 0) chunks(known)
    chunks(99, 'another organisation')
    const mark = await sentMark(world.ledger, folder, testTenant)
    if (remembered !== null) await mark.write(remembered)
    expect(await lastChunkOf(world.ledger, testTenant)).toBe(known)
    // As a later process sees it.
    const later = await sentMark(world.ledger, folder, testTenant)
    if (words === null) await refuseCopy(world.ledger, later, testTenant)
    else
      await expect(refuseCopy(world.ledger, later, testTenant)).rejects.toMatchObject({
        code: 'ledger-copied',
        message: expect.stringMatching(words),
      })
  })

  test('a ledger that never sent is at home from its first run on', async () => {
    await refuseCopy(world.ledger, await sentMark(world.ledger, folder, testTenant), testTenant)
    // Killed after its first chunk was written down, before the first mark.
    chunks(1)
    await refuseCopy(world.ledger, await sentMark(world.ledger, folder, testTenant), testTenant)
  })

  test('a renewed identity has a memory of its own', async () => {
    await (await sentMark(world.ledger, folder, testTenant)).write(9)
    await renewLedgerId(world.ledger, 'second')
    expect(await ledgerId(world.ledger)).toBe('second')
    const mark = await sentMark(world.ledger, folder, testTenant)
    expect(await mark.read()).toBeNull()
    await mark.write(1)
    expect(readdirSync(join(folder, 'sent')).sort()).toEqual([
      `ledger-id.${testTenant}.json`,
      `second.${testTenant}.json`,
    ])
    expect(stored()).toBe(9)
  })

  test('a ledger that lost its identity is damaged', async () => {
    world.exec('DELETE FROM ledger_identity')
    await expect(ledgerId(world.ledger)).rejects.toMatchObject({ code: 'ledger-damaged' })
  })

  test.each(['../../elsewhere', '..', 'a/b', 'a\\b', '', 'x'.repeat(65), 'a\n'])(
    'an identity or an organisation of a hostile ledger names no file elsewhere: %j',
    async (name) => {
      await expect(sentMark(world.ledger, folder, name)).rejects.toMatchObject({ code: 'ledger-damaged' })
      await renewLedgerId(world.ledger, name)
      await expect(ledgerId(world.ledger)).rejects.toMatchObject({ code: 'ledger-damaged' })
      await expect(sentMark(world.ledger, folder, testTenant)).rejects.toThrow('this program never gives')
    },
  )
})
