// The log-ins with a browser, kept between runs in one file outside the ledger for each Xero app (Z2). What a log-in is used for, its
// scopes and its age can be read by the user's programs; its tokens are sealed, with those facts, under a key of login-keys. What is
// done with tokens is login-auth's business.

import { readFile, rm } from 'node:fs/promises'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { type HeldLock, type LockOwner, withFileLock } from './file-lock.ts'
import { findKey, forgetKey, type KeyOptions, type KeyPlace, keyPlace, makeKey } from './login-keys.ts'
import { replaceFile } from './private-file.ts'
import { seal, sealedText, unseal } from './sealing.ts'
import type { WaitOptions } from './waits.ts'

const use = z.object({ ledger: z.string(), entity: z.string(), tenantId: z.string() })
const login = z.object({
  /** By which it is told from the others. */
  user: z.string(),
  /** Whose log-in it is, in Xero's ids: a person has several only where a later one does not open what an earlier one does. */
  person: z.string(),
  /** What its tokens allow (§1.4). */
  scopes: z.array(z.string()),
  /** Wall time, ms since 1970: from here the 60 days count in which it must be renewed (§1.2). */
  renewedAt: z.number(),
  /** When a renewal was first asked for whose answer has not been kept: the old token is good for 30 minutes from here. */
  askedAt: z.number().nullable(),
  /** When Xero said that it had ended. */
  endedAt: z.number().nullable(),
  /** Who uses it: ledgers by their id. */
  uses: z.array(use),
})
const tokens = z.object({
  accessToken: z.string().min(1),
  /** Wall time, ms since 1970. */
  expiresAt: z.number(),
  /** How long the access token was good for when it was given: no clock makes it live longer. */
  lifetimeMs: z.number(),
  refreshToken: z.string().min(1),
  /** The one before, until when it may serve where the new one does not (§1.2). */
  previous: z.object({ refreshToken: z.string().min(1), until: z.number() }).nullable(),
})
const sealedLogin = z.object({ login, sealed: sealedText })
const content = z.object({ version: z.literal(1), key: keyPlace, logins: z.array(sealedLogin) })

export type LoginUse = z.infer<typeof use>
export type Login = z.infer<typeof login>
export type LoginTokens = z.infer<typeof tokens>
type Content = z.infer<typeof content>

export interface LoginStore {
  /** Told to people. */
  readonly file: string
  /** What is known of the log-ins without any key; none where the file is missing. */
  list(): Promise<Login[]>
  /** AuxoError `not-authorised` where the key is not to be had or the file is damaged. */
  tokensOf(user: string): Promise<LoginTokens>
  /** One process at a time; what was read before the lock has to be read again. */
  locked<Value>(work: (held: HeldLogins) => Promise<Value>): Promise<Value>
}

export interface HeldLogins {
  /** Makes the key where there is none yet, moves under a passphrase what was kept without, and says where the key is. */
  prepareKey(): Promise<KeyPlace['kind']>
  /** On the disk when it resolves. Rejects with LockLost where another process took over, and with `not-authorised` where it cannot be written. */
  record(login: Login, tokens: LoginTokens): Promise<void>
  /** The last one takes file and key with it. */
  forget(user: string): Promise<void>
}

/** This process slept through its replacement: what it knows of the log-in may be out of date. */
export class LockLost extends Error {}

export interface LoginStoreOptions extends Pick<WaitOptions, 'interrupt'> {
  file: string
  /** Which app at which host: a file that was put in another's place does not open. */
  belongsTo: string
  keys: Omit<KeyOptions, 'loginFile'>
  owner: LockOwner
  clock: Clock
}

export function openLoginStore(options: LoginStoreOptions): LoginStore {
  const { file } = options
  return {
    file,
    list: async () => ((await readContent(file))?.logins ?? []).map((one) => one.login),
    tokensOf: async (user) => {
      const found = await readContent(file)
      const one = found?.logins.find((each) => each.login.user === user)
      if (!found || !one) throw damaged(file)
      return openTokens(one, await findKey(found.key, keysOf(options)), options)
    },
    locked: (work) =>
      withFileLock({ ...options, file: `${file}.lock` }, (lock) => work(heldLogins(options, lock))),
  }
}

function heldLogins(options: LoginStoreOptions, lock: HeldLock): HeldLogins {
  const { file } = options
  const write = async (next: Content) => {
    if (!(await lock.isOurs())) throw new LockLost('another process took over the log-ins')
    await replaceFile(file, JSON.stringify(next)).catch((error) => {
      throw unwritable(file, error)
    })
  }
  return {
    prepareKey: async () => {
      const found = await readContent(file)
      const next = await withBestKey(found, options)
      await write(next) // also where nothing changed: better to know now that it cannot be written than after the log-in
      return next.key.kind
    },
    record: async (changed, secret) => {
      const found = await readContent(file)
      if (!found) throw damaged(file)
      const key = await findKey(found.key, keysOf(options))
      const others = found.logins.filter((one) => one.login.user !== changed.user)
      await write({ ...found, logins: [...others, sealLogin(changed, secret, key, options)] })
    },
    forget: async (user) => {
      const found = await readContent(file)
      const left = found?.logins.filter((one) => one.login.user !== user) ?? []
      if (found && left.length > 0) return write({ ...found, logins: left })
      await rm(file, { force: true })
      if (found) await forgetKey(found.key, keysOf(options))
    },
  }
}

/** What is stored goes over to a passphrase that was set since. */
async function withBestKey(found: Content | null, options: LoginStoreOptions): Promise<Content> {
  const keys = keysOf(options)
  if (!found) {
    const { place } = await makeKey(keys)
    return { version: 1, key: place, logins: [] }
  }
  const key = await findKey(found.key, keys)
  const opened = found.logins.map((one) => ({ login: one.login, tokens: openTokens(one, key, options) }))
  if (keys.passphrase === null || found.key.kind === 'passphrase') return found
  const made = await makeKey(keys)
  return {
    version: 1,
    key: made.place,
    logins: opened.map((one) => sealLogin(one.login, one.tokens, made.key, options)),
  }
}

function keysOf({ keys, file }: LoginStoreOptions): KeyOptions {
  return { ...keys, loginFile: file }
}

/** What stands readable beside the tokens: changed by hand, they do not open. */
function besideOf(facts: Login, { belongsTo }: LoginStoreOptions): string {
  return JSON.stringify([belongsTo, login.parse(facts)]) // in one order, whoever put it together
}

function sealLogin(facts: Login, secret: LoginTokens, key: Buffer, options: LoginStoreOptions) {
  return { login: facts, sealed: seal(key, JSON.stringify(secret), besideOf(facts, options)) }
}

function openTokens(one: Content['logins'][number], key: Buffer, options: LoginStoreOptions): LoginTokens {
  try {
    return tokens.parse(JSON.parse(unseal(key, one.sealed, besideOf(one.login, options))))
  } catch (error) {
    throw new AuxoError(
      'not-authorised',
      `The stored log-in does not open: AUXO_PASSPHRASE is another than when you connected, or the file was changed. Correct it, or delete ${options.file} and log in again: auxo-sync connect`,
      { cause: error },
    )
  }
}

async function readContent(file: string): Promise<Content | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw damaged(file, error)
  })
  if (text === null) return null
  try {
    return content.parse(JSON.parse(text))
  } catch (error) {
    throw damaged(file, error)
  }
}

function damaged(file: string, cause?: unknown): AuxoError {
  return new AuxoError(
    'not-authorised',
    `The stored log-in cannot be read (${file}). If the file is damaged, delete it and log in again: auxo-sync connect`,
    { cause },
  )
}

function unwritable(file: string, cause: unknown): AuxoError {
  return new AuxoError(
    'not-authorised',
    `The log-in cannot be kept in ${file}: the disk is full, or this user may not write there. Nothing was sent. Mend that and run again within 30 minutes: so long Xero takes the log-in as it was.`,
    { cause },
  )
}
