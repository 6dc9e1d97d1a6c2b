// The ledger's own identity, and the memory outside it of how far it got with each organisation (E13): a restored
// back-up or a copy knows less than that memory and must not send what is in Xero already.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AuxoError } from '../errors.ts'
import type { Ledger } from './open.ts'

export async function ledgerId(ledger: Ledger): Promise<string> {
  const row = await ledger.db.selectFrom('ledger_identity').select('id').executeTakeFirst()
  if (!row) {
    throw new AuxoError(
      'ledger-damaged',
      `The ledger ${ledger.file} has lost its identity. Restore the last back-up.`,
    )
  }
  return fileName(row.id, ledger)
}

/** Files are named by it, and the ledger may come from anybody: no other folder may be named so. */
function fileName(id: string, ledger: Ledger): string {
  if (/^[\w-]{1,64}$/.test(id)) return id
  throw new AuxoError(
    'ledger-damaged',
    `The ledger ${ledger.file} has an identity that this program never gives (“${id.slice(0, 80)}”). Nothing was sent. Restore the last back-up, or find out who changed it.`,
  )
}

/** Gives this file an identity of its own, apart from the ledger that it was copied from. */
export async function renewLedgerId(ledger: Ledger, id: string): Promise<void> {
  await ledger.transaction(async (tx, now) => {
    await tx.updateTable('ledger_identity').set({ id, created_at: now }).execute()
  })
}

/** The largest chunk number of an organisation: what the memory outside the ledger is compared with. */
export async function lastChunkOf(ledger: Ledger, tenantId: string): Promise<number> {
  const row = await ledger.db
    .selectFrom('chunk')
    .select((max) => max.fn.max('id').as('last'))
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  return row?.last ?? 0
}

export interface SentMark {
  /** Null where nothing is remembered. */
  read(): Promise<number | null>
  /** Remembers that this chunk is about to be sent, before the request leaves; 0 says that this is the ledger's home. */
  write(chunk: number): Promise<void>
}

/** The memory of one ledger and one organisation: a small file in the config folder. */
export async function sentMark(ledger: Ledger, configFolder: string, tenantId: string): Promise<SentMark> {
  const folder = join(configFolder, 'sent')
  const file = join(folder, `${await ledgerId(ledger)}.${fileName(tenantId, ledger)}.json`)
  let highest = -1
  // Chunks are sent side by side; their marks are written one after the other, never backwards.
  let queue: Promise<void> = Promise.resolve()
  const store = async (chunk: number) => {
    if (chunk <= highest) return
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(`${file}.new`, `${JSON.stringify({ lastChunk: chunk, ledger: ledger.file })}\n`, {
        mode: 0o600,
        // On the disk before the request leaves: a power cut must not make the memory older than what was sent.
        flush: true,
      })
      await rename(`${file}.new`, file)
    } catch (error) {
      throw unusable(folder, error)
    }
    highest = chunk
  }
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw unusable(folder, error)
      })
      return text === null ? null : lastChunkIn(text, file)
    },
    write: (chunk) => {
      const written = queue.then(() => store(chunk))
      queue = written.catch(() => undefined)
      return written
    },
  }
}

function unusable(folder: string, cause: unknown): AuxoError {
  return new AuxoError(
    'ledger-unwritable',
    `What is sent must be remembered in ${folder}, and that folder cannot be used (no permission, no folder, or the disk is full). Nothing of this call was sent. Mend that, or name another with AUXO_CONFIG_DIR.`,
    { cause },
  )
}

function lastChunkIn(text: string, file: string): number {
  try {
    const { lastChunk } = JSON.parse(text) as { lastChunk?: unknown } // checked in the next line
    if (typeof lastChunk === 'number' && Number.isSafeInteger(lastChunk)) return lastChunk
  } catch {
    // Said below: a mark that cannot be read is treated like a copy, never like nothing sent.
  }
  throw new AuxoError(
    'ledger-copied',
    `The memory of what was sent cannot be read: ${file}. Run auxo-sync adopt-copy: it looks up in Xero what is there already.`,
  )
}

/**
 * AuxoError `ledger-copied` where this file knows less than was sent, or was never at home on this machine. A ledger that
 * sent nothing yet is at home from now on: a crash between its first chunk and the first mark must not look like a copy.
 */
export async function refuseCopy(ledger: Ledger, mark: SentMark, tenantId: string): Promise<void> {
  const [remembered, known] = [await mark.read(), await lastChunkOf(ledger, tenantId)]
  if (remembered === null && known === 0) return mark.write(0)
  if (remembered !== null && remembered <= known) return
  throw new AuxoError(
    'ledger-copied',
    remembered === null
      ? `This ledger has exported before, but not from this machine or user: ${ledger.file} may be a copy. Run auxo-sync adopt-copy: it looks up in Xero what is there already, and then this copy may export.`
      : `This ledger is behind what was sent from it: ${ledger.file} may be a restored back-up or an old copy (it knows ${known} calls, ${remembered} were made). Run auxo-sync adopt-copy: it looks up in Xero what is there already, so that nothing is sent twice.`,
  )
}
