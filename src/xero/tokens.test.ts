// The token file: who may read it, who can open it, and what happens to a damaged one.

import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTokenStore } from './tokens.ts'

const token = { accessToken: 'eyJ.MARKED-ACCESS-TOKEN.sig', expiresAt: 1_800_000, lifetimeMs: 1_800_000 }
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auxo-tokens-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function storeIn(file: string, changes: Partial<Parameters<typeof openTokenStore>[0]> = {}) {
  return openTokenStore({
    file,
    clientSecret: 'MARKED-CLIENT-SECRET',
    belongsTo: 'client at host',
    ...changes,
  })
}

test('what was kept is found by another process with the same credentials', async () => {
  const file = join(folder, 'tokens.json')
  expect(await storeIn(file).record(token)).toBe(true)
  expect(await storeIn(file).find()).toEqual(token)
})

test('file and folder are for this user alone, and the file holds no secret in any form', async () => {
  const file = join(folder, 'made', 'here', 'tokens.json')
  await storeIn(file).record(token)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'made'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'made', 'here'))).mode & 0o777).toBe(0o700)
  const text = await readFile(file, 'latin1')
  for (const secret of [token.accessToken, 'MARKED-CLIENT-SECRET']) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(2, -4))
    expect(text).not.toContain(Buffer.from(secret).toString('hex'))
  }
})

test('each sealing differs, and nothing is left beside the file', async () => {
  const file = join(folder, 'tokens.json')
  const store = storeIn(file)
  await store.record(token)
  const first = JSON.parse(await readFile(file, 'utf8'))
  await store.record(token)
  const second = JSON.parse(await readFile(file, 'utf8'))
  expect(second.iv).not.toBe(first.iv)
  expect(second.sealed).not.toBe(first.sealed)
  expect(await readdir(folder)).toEqual(['tokens.json'])
})

test('a file that others could read is replaced by one that they cannot', async () => {
  const file = join(folder, 'tokens.json')
  await writeFile(file, '{}', { mode: 0o666 })
  await chmod(file, 0o666)
  await storeIn(file).record(token)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test.each([
  ['another secret', { clientSecret: 'another' }],
  ['another client, host or scopes', { belongsTo: 'another' }],
])('%s does not open it', async (_, changes) => {
  const file = join(folder, 'tokens.json')
  await storeIn(file).record(token)
  expect(await storeIn(file, changes).find()).toBeNull()
})

test('a file that does not open is replaced, with another salt', async () => {
  const file = join(folder, 'tokens.json')
  await storeIn(file, { clientSecret: 'old' }).record(token)
  const store = storeIn(file)
  expect(await store.find()).toBeNull()
  await store.record(token)
  expect(await storeIn(file).find()).toEqual(token)
})

const damages: [string, (content: string) => string | Buffer][] = [
  ['empty', () => ''],
  ['cut off', (content) => content.slice(0, 40)],
  ['no JSON', () => 'tokens'],
  ['bytes', () => Buffer.from([0, 255, 1, 254])],
  ['another form', () => '{"access_token":"plain"}'],
  ['a later version', (content) => content.replace('"version":1', '"version":2')],
  ['a changed tag', (content) => content.replace(/"tag":"../, '"tag":"AA')],
  ['a short tag', (content) => content.replace(/"tag":"[^"]*"/, '"tag":"AAAA"')],
  ['a changed seal', (content) => content.replace(/"sealed":"../, '"sealed":"AA')],
  ['a changed salt', (content) => content.replace(/"salt":"../, '"salt":"AA')],
]

test.each(damages)('%s: as if there were none, and no error', async (_, damage) => {
  const file = join(folder, 'tokens.json')
  await storeIn(file).record(token)
  const damaged = damage(await readFile(file, 'utf8'))
  await writeFile(file, damaged)
  expect(await storeIn(file).find()).toBeNull()
  expect(await storeIn(file).record(token)).toBe(true)
  expect(await storeIn(file).find()).toEqual(token)
})

test('no file, or a folder in its place: none, and writing says that it failed', async () => {
  expect(await storeIn(join(folder, 'none.json')).find()).toBeNull()
  await mkdir(join(folder, 'tokens.json', 'inside'), { recursive: true })
  const store = storeIn(join(folder, 'tokens.json'))
  expect(await store.find()).toBeNull()
  expect(await store.record(token)).toBe(false)
  expect(await readdir(folder)).toEqual(['tokens.json'])
})

test('many processes at once leave one whole file', async () => {
  const file = join(folder, 'tokens.json')
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => storeIn(file).record({ ...token, accessToken: `token-${n}` })),
  )
  expect((await storeIn(file).find())?.accessToken).toMatch(/^token-\d$/)
  expect(await readdir(folder)).toEqual(['tokens.json'])
})
