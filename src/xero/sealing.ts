// Seals texts so that a file alone opens nothing: AES-256-GCM, and keys made slowly of what a person chose. Where keys are kept is
// login-keys' business.

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import * as z from 'zod'

/** All in base64. */
export const sealedText = z.object({ iv: z.string(), tag: z.string(), sealed: z.string() })
export type SealedText = z.infer<typeof sealedText>

/** `beside` is readable and sealed in: with another one the text does not open. `key` has 32 bytes. */
export function seal(key: Buffer, text: string, beside: string): SealedText {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(Buffer.from(beside))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return {
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    sealed: sealed.toString('base64'),
  }
}

/** Throws where key, text or what stands beside it is another than when it was sealed. */
export function unseal(key: Buffer, { iv, tag, sealed }: SealedText, beside: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(beside)).setAuthTag(Buffer.from(tag, 'base64'))
  return Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]).toString('utf8')
}

/** Slow on purpose, so that guessing the secret is too. */
export function deriveKey(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, { N: 16_384, r: 8, p: 1 }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
