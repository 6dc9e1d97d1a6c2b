// Keeps the access token between runs in one encrypted file outside the ledger (Z2). A file that cannot be read or
// opened is as good as none; minting tokens is auth's business.

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'

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

const envelope = z.object({
  version: z.literal(1),
  salt: z.string(),
  iv: z.string(),
  tag: z.string(),
  sealed: z.string(),
})
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
  const { file, clientSecret } = options
  const owner = Buffer.from(options.belongsTo)
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
        const iv = Buffer.from(parts.iv, 'base64')
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
        decipher.setAAD(owner).setAuthTag(Buffer.from(parts.tag, 'base64'))
        const opened = Buffer.concat([decipher.update(parts.sealed, 'base64'), decipher.final()])
        return stored.parse(JSON.parse(opened.toString('utf8')))
      } catch {
        return null // missing, damaged, or sealed by other credentials: mint again
      }
    },
    async record(token) {
      try {
        const salt = derived?.salt ?? randomBytes(16)
        const key = await keyFor(salt)
        const iv = randomBytes(12)
        const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(owner)
        const sealed = Buffer.concat([cipher.update(JSON.stringify(token), 'utf8'), cipher.final()])
        await replaceFile(
          file,
          JSON.stringify({
            version: 1,
            salt: salt.toString('base64'),
            iv: iv.toString('base64'),
            tag: cipher.getAuthTag().toString('base64'),
            sealed: sealed.toString('base64'),
          }),
        )
        return true
      } catch {
        return false
      }
    },
  }
}

function deriveKey(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, { N: 16_384, r: 8, p: 1 }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

/** Written beside and renamed, so that another process reads the old file or the new one, never half of one. */
async function replaceFile(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const beside = `${file}.${randomBytes(6).toString('hex')}.new`
  try {
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
