// Before every test file: the key that seals stored tokens is slow to work out on purpose, and every run of a test works one
// out. Here it costs next to nothing and is the same for the same secret and salt all the same. The built program, where a
// test starts that, is as slow as it should be.

import crypto, { type BinaryLike, type ScryptOptions } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

type Done = (error: Error | null, key: Buffer) => void

const slow = crypto.scrypt
const quick = (secret: BinaryLike, salt: BinaryLike, length: number, options: ScryptOptions, done: Done) =>
  slow(secret, salt, length, { ...options, N: 2 }, done)

Object.assign(crypto, { scrypt: quick })
syncBuiltinESMExports()
