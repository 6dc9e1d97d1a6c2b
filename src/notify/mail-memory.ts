// Keeps what the mails of a ledger told so far, in a file of the config folder that only the user can read. Without it, or
// where it is damaged, there is nothing worse than a mail too many.

import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type MailMemory, noMemory } from './mail-rule.ts'
import type { RunSummary } from './run-summary.ts'

const form = z.object({
  version: z.literal(1),
  told: z.record(z.string(), z.object({ keys: z.array(z.string()), day: z.string() })),
  digestDay: z.string().nullable(),
  // Written by this program alone; a newer one has another version.
  runs: z.array(z.custom<RunSummary>((value) => typeof value === 'object' && value !== null)),
})

export function memoryFile(configFolder: string, ledgerFile: string): string {
  const name = createHash('sha256').update(ledgerFile).digest('hex').slice(0, 32)
  return join(configFolder, 'notify', `${name}.json`)
}

export async function readMemory(file: string): Promise<MailMemory> {
  try {
    const { told, digestDay, runs } = form.parse(JSON.parse(await readFile(file, 'utf8')))
    return { told, digestDay, runs }
  } catch {
    return noMemory()
  }
}

/** Replaces it whole, so that a reader never sees half of it. */
export async function keepMemory(file: string, memory: MailMemory): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, JSON.stringify({ version: 1, ...memory }), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
