// Where the key to the stored log-ins is (Z2): made of a passphrase, in the computer's keychain, or in a file beside them. A keychain
// holds the key and not the tokens: it has no whole-or-nothing replacement, and Windows takes no text as long as a token.

import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import * as z from 'zod'
import { AuxoError } from '../errors.ts'
import type { Keychain } from '../keychain.ts'
import { replaceFile } from './private-file.ts'
import { deriveKey } from './sealing.ts'

export const keyPlace = z.discriminatedUnion('kind', [
  /** `salt` in base64. */
  z.object({ kind: z.literal('passphrase'), salt: z.string() }),
  z.object({ kind: z.literal('keychain') }),
  z.object({ kind: z.literal('file') }),
])
export type KeyPlace = z.infer<typeof keyPlace>

export interface KeyOptions {
  /** AUXO_PASSPHRASE; null where it is not set. */
  passphrase: string | null
  /** Null where this process has none. */
  keychain: Keychain | null
  /** What the key is called in the keychain. */
  account: string
  keyFile: string
  /** Told where a key cannot be had. */
  loginFile: string
}

/** Scrypt is slow on purpose: once for each passphrase in a process. */
const derived = new Map<string, Promise<Buffer>>()

function passphraseKey(passphrase: string, salt: string): Promise<Buffer> {
  const name = JSON.stringify([passphrase, salt])
  const key = derived.get(name) ?? deriveKey(passphrase, Buffer.from(salt, 'base64'))
  derived.set(name, key)
  return key
}

/** A new key in the best place that there is: the passphrase where one is set, else the keychain, else a file. */
export async function makeKey(options: KeyOptions): Promise<{ place: KeyPlace; key: Buffer }> {
  const { passphrase } = options
  if (passphrase !== null) {
    const salt = randomBytes(16).toString('base64')
    return { place: { kind: 'passphrase', salt }, key: await passphraseKey(passphrase, salt) }
  }
  const key = randomBytes(32)
  if (await keptInKeychain(key, options)) return { place: { kind: 'keychain' }, key }
  await replaceFile(options.keyFile, `${key.toString('base64')}\n`)
  return { place: { kind: 'file' }, key }
}

/** Only what can be read back counts as kept. */
async function keptInKeychain(key: Buffer, { keychain, account }: KeyOptions): Promise<boolean> {
  if (keychain === null) return false
  const text = key.toString('base64')
  try {
    await keychain.set(account, text)
    return (await keychain.get(account)) === text
  } catch {
    return false // none here, or none that opens: the file will do
  }
}

/** The key that was made. AuxoError `not-authorised` where it cannot be had. */
export async function findKey(place: KeyPlace, options: KeyOptions): Promise<Buffer> {
  switch (place.kind) {
    case 'passphrase':
      if (options.passphrase === null) throw noPassphrase(options)
      return passphraseKey(options.passphrase, place.salt)
    case 'keychain':
      return keyOf(await fromKeychain(options), options)
    case 'file':
      return keyOf(await readFile(options.keyFile, 'utf8').catch(() => null), options)
  }
}

async function fromKeychain(options: KeyOptions): Promise<string | null> {
  try {
    if (options.keychain) return await options.keychain.get(options.account)
  } catch (error) {
    throw noKeychain(options, error)
  }
  throw noKeychain(options)
}

function keyOf(text: string | null, { keyFile, loginFile }: KeyOptions): Buffer {
  const key = Buffer.from(text ?? '', 'base64')
  if (key.byteLength === 32) return key
  throw new AuxoError(
    'not-authorised',
    `The key to the stored log-in is gone or damaged (it was in the keychain, or in ${keyFile}). Delete ${loginFile} and log in again: auxo-sync connect`,
  )
}

function noPassphrase({ loginFile }: KeyOptions): AuxoError {
  return new AuxoError(
    'not-authorised',
    `The stored log-in is locked with a passphrase, and AUXO_PASSPHRASE is not set. Set it as it was when you connected. Is it lost? Delete ${loginFile} and log in again: auxo-sync connect`,
  )
}

function noKeychain({ loginFile }: KeyOptions, cause?: unknown): AuxoError {
  return new AuxoError(
    'not-authorised',
    `The key to the stored log-in is in this computer's keychain, which cannot be opened from here. Scheduled jobs often cannot: set AUXO_PASSPHRASE for the job and for your shell, then log in again: auxo-sync connect (the log-in is in ${loginFile})`,
    { cause },
  )
}

/** Forgets the key once nothing is locked with it any more. */
export async function forgetKey(place: KeyPlace, { keychain, account, keyFile }: KeyOptions): Promise<void> {
  if (place.kind === 'keychain') await keychain?.remove(account).catch(() => undefined)
  await rm(keyFile, { force: true })
}
