// Writes small files that only this user may read: the whole new content or the whole old one, whatever happens on the way.
// What stands in them, and under which lock, is for tokens and login-store to say.

import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Written beside, brought to the disk and renamed, so that another process reads the old file or the new one, never half of one, and a
 * power cut leaves one of the two. Rejects with Node's own error.
 */
export async function replaceFile(file: string, content: string): Promise<void> {
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
  await syncFolder(dirname(file))
}

/** Brings the new name itself to the disk. Windows knows no such thing, and some file systems refuse it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
