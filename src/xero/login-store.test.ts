// The file of log-ins: who can read what of it, where its key may be, and what is said where it does not open.

import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Keychain } from '../keychain.ts'
import { type Login, type LoginStoreOptions, type LoginTokens, openLoginStore } from './login-store.ts'
import { HandClock } from './test-line.ts'

const login: Login = {
  user: 'mere',
  person: 'mere',
  scopes: ['offline_access', 'accounting.contacts'],
  renewedAt: 1000,
  askedAt: null,
  endedAt: null,
  uses: [{ ledger: 'l1', entity: 'NZ01', tenantId: 't1' }],
}
const tokens: LoginTokens = {
  accessToken: 'MARKED-ACCESS',
  expiresAt: 2000,
  lifetimeMs: 1_800_000,
  refreshToken: 'MARKED-REFRESH',
  previous: { refreshToken: 'MARKED-PREVIOUS', until: 3000 },
}
const passphrase = 'MARKED-PASSPHRASE'
let folder = ''
let file = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auxo-logins-'))
  file = join(folder, 'made', 'logins', 'app.json')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function store(keys: Partial<LoginStoreOptions['keys']> = {}, belongsTo = 'app') {
  return openLoginStore({
    file,
    belongsTo,
    keys: { passphrase: null, keychain: null, account: 'app', keyFile: `${file}.key`, ...keys },
    owner: { pid: 1, hostname: 'office', isAlive: () => true },
    clock: new HandClock(),
  })
}

function keep(keys: Partial<LoginStoreOptions['keys']> = {}, one: Login = login): Promise<string> {
  return store(keys).locked(async (held) => {
    const place = await held.prepareKey()
    await held.record(one, tokens)
    return place
  })
}

function keychain(broken: Partial<Keychain> = {}): Keychain & { entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    get: async (account) => entries.get(account) ?? null,
    set: async (account, value) => void entries.set(account, value),
    remove: async (account) => void entries.delete(account),
    ...broken,
  }
}

async function everyByte(): Promise<string> {
  const names = await readdir(join(folder, 'made', 'logins'))
  const texts = await Promise.all(
    names.map((name) => readFile(join(folder, 'made', 'logins', name), 'latin1')),
  )
  return texts.join('\n')
}

describe('where the key is', () => {
  test.each([
    ['a passphrase, which wins', { passphrase, keychain: keychain() }, 'passphrase', ['app.json']],
    ['the keychain', { keychain: keychain() }, 'keychain', ['app.json']],
    ['a file, where there is no keychain', {}, 'file', ['app.json', 'app.json.key']],
    [
      'a file, where the keychain does not open',
      { keychain: keychain({ set: () => Promise.reject(new Error('locked')) }) },
      'file',
      ['app.json', 'app.json.key'],
    ],
    [
      'a file, where the keychain forgets',
      { keychain: keychain({ get: async () => null }) },
      'file',
      ['app.json', 'app.json.key'],
    ],
  ])('%s', async (_, keys, place, files) => {
    expect(await keep(keys)).toBe(place)
    expect((await readdir(join(folder, 'made', 'logins'))).sort()).toEqual(files)
    expect(await store(keys).tokensOf('mere')).toEqual(tokens)
    expect(await everyByte()).not.toContain('MARKED')
  })

  test('what was kept without a passphrase is locked with one that is set later', async () => {
    const chain = keychain()
    await keep({ keychain: chain })
    expect(await keep({ keychain: chain, passphrase }, { ...login, user: 'hemi' })).toBe('passphrase')
    expect(await store({ passphrase }).tokensOf('mere')).toEqual(tokens)
    await expect(store({ keychain: chain }).tokensOf('mere')).rejects.toMatchObject({
      code: 'not-authorised',
    })
  })

  test('what is locked with a passphrase is not unlocked by a log-in without it', async () => {
    await keep({ passphrase })
    await expect(keep()).rejects.toThrow('AUXO_PASSPHRASE is not set. Set it as it was when you connected')
    expect(await store({ passphrase }).tokensOf('mere')).toEqual(tokens)
  })

  test('the last log-in takes file and key with it', async () => {
    const chain = keychain()
    await keep({ keychain: chain })
    await store({ keychain: chain }).locked((held) => held.forget('mere'))
    expect(await readdir(join(folder, 'made', 'logins'))).toEqual([])
    expect(chain.entries.size).toBe(0)
  })
})

test('files and folders are for this user alone', async () => {
  await keep()
  const modes = await Promise.all(
    ['made', 'made/logins', 'made/logins/app.json', 'made/logins/app.json.key'].map(
      async (path) => (await stat(join(folder, path))).mode & 0o777,
    ),
  )
  expect(modes).toEqual([0o700, 0o700, 0o600, 0o600])
})

test('what a log-in is for is readable without any key, and does not open once it was changed', async () => {
  await keep({ passphrase })
  expect(await store().list()).toEqual([login])
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"NZ01"', '"AU01"'))
  await expect(store({ passphrase }).tokensOf('mere')).rejects.toThrow('or the file was changed')
})

test('several log-ins stand beside each other', async () => {
  await keep()
  await keep({}, { ...login, user: 'hemi', uses: [] })
  expect((await store().list()).map(({ user }) => user)).toEqual(['mere', 'hemi'])
  await store().locked((held) => held.forget('mere'))
  expect((await store().list()).map(({ user }) => user)).toEqual(['hemi'])
  expect(await store().tokensOf('hemi')).toEqual(tokens)
})

test.each([
  ['another passphrase', () => undefined, { passphrase: 'MARKED-ANOTHER-ONE' }, /AUXO_PASSPHRASE is another/],
  [
    'a damaged file',
    () => writeFile(file, '{"version":1'),
    { passphrase },
    /cannot be read.*delete it and log in again/,
  ],
])('%s is said with what to do', async (_, spoil, keys, words) => {
  await keep({ passphrase })
  await spoil()
  await expect(store(keys).tokensOf('mere')).rejects.toMatchObject({
    code: 'not-authorised',
    message: expect.stringMatching(words),
  })
})

test('a lost key, a file of another app, and a keychain that is out of reach', async () => {
  await keep()
  await expect(store({}, 'another app').tokensOf('mere')).rejects.toMatchObject({ code: 'not-authorised' })
  await rm(`${file}.key`)
  await expect(store().tokensOf('mere')).rejects.toThrow('is gone or damaged')
  await rm(file)
  await keep({ keychain: keychain() })
  const locked = keychain({ get: () => Promise.reject(new Error('no session')) })
  for (const none of [locked, null])
    await expect(store({ keychain: none }).tokensOf('mere')).rejects.toThrow('Scheduled jobs often cannot')
})

test('no log-in: nothing is there, and nothing is made by looking', async () => {
  expect(await store().list()).toEqual([])
  await expect(stat(join(folder, 'made'))).rejects.toMatchObject({ code: 'ENOENT' })
})

/** As a user to whom file rights mean something: root writes everywhere. */
async function asNobody<Value>(work: () => Promise<Value>): Promise<Value> {
  if (process.getuid?.() !== 0) return work()
  const paths = await readdir(folder, { recursive: true })
  for (const path of ['.', ...paths]) await chown(join(folder, path), nobody, nobody)
  process.seteuid?.(nobody)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}
const nobody = 65_534

test('a folder that takes no file is said, and the old file stays whole', async () => {
  await keep()
  await asNobody(async () => {
    const held = store()
    await held.locked(async (logins) => {
      await chmod(join(folder, 'made', 'logins'), 0o500)
      await expect(logins.record(login, tokens)).rejects.toThrow('cannot be kept in')
      await chmod(join(folder, 'made', 'logins'), 0o700)
    })
    expect(await store().tokensOf('mere')).toEqual(tokens)
  })
})
