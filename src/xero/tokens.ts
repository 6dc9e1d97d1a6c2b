// Keeps a custom connection's access token between runs in one encrypted file outside the ledger (Z2). A file that cannot be read or
// opened is as good as none; minting tokens is auth's business, and log-ins with a browser are login-store's.

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { replaceFile } from './private-file.ts'
import { deriveKey, seal, sealedText, unseal } from './sealing.ts'

interface StoredToken {
  accessToken: string
  /** Wall time, ms since 1970. */
  expiresAt: number
  /** How long it was good for when it was minted: no clock makes it live longer. */
  lifetimeMs: number
}

export interface TokenStore {
  /** Null where there is none that these credentials open. */
  find(): Promise<StoredToken | null>
  /** Replaces the file as a whole. False where it cannot be written: the token then lives in this process alone. */
  record(token: StoredToken): Promise<boolean>
}

const envelope = sealedText.extend({ version: z.literal(1), salt: z.string() })
const stored = z.object({ accessToken: z.string().min(1), expiresAt: z.number(), lifetimeMs: z.number() })

/**
 * The key comes from the client secret, so that the file alone opens nothing. `belongsTo` (client, host, scopes) is
 * sealed in: a token for anything else does not open either.
 */
export function openTokenStore(options: {
  file: string
  clientSecret: string
  belongsTo: string
}): TokenStore {
  const { file, clientSecret, belongsTo } = options
  /** Derived once a process, since it is slow on purpose; a new file keeps the salt, each sealing has a new iv. */
  let derived: { salt: Buffer; key: Buffer } | null = null

  async function keyFor(salt: Buffer): Promise<Buffer> {
    if (!derived?.salt.equals(salt)) derived = { salt, key: await deriveKey(clientSecret, salt) }
    return derived.key
  }

  return {
    async find() {
      try {
        const parts = envelope.parse(JSON.parse(await readFile(file, 'utf8')))
        const key = await keyFor(Buffer.from(parts.salt, 'base64'))
        return stored.parse(JSON.parse(unseal(key, parts, belongsTo)))
      } catch {
        return null // missing, damaged, or sealed by other credentials: mint again
      }
    },
    async record(token) {
      try {
        const salt = derived?.salt ?? randomBytes(16)
        const key = await keyFor(salt)
        const sealed = seal(key, JSON.stringify(token), belongsTo)
        await replaceFile(file, JSON.stringify({ version: 1, salt: salt.toString('base64'), ...sealed }))
        return true
      } catch {
        return false
      }
    },
  }
}
