// Opens an address in the person's browser. Other users of the machine see what programs are started with, so the browser is handed a
// file that only this user can read, and the file leads on.

import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'

/** What opens a file in its own program. */
function opener(file: string): { command: string; args: string[] } {
  switch (platform()) {
    case 'darwin':
      return { command: 'open', args: [file] }
    case 'win32':
      return { command: 'explorer.exe', args: [file] }
    default:
      return { command: 'xdg-open', args: [file] }
  }
}

/** Never fails: where there is no browser, `onNone` is told. The result takes the file away again. */
export async function openInBrowser(
  address: string,
  { env }: { env: Readonly<Record<string, string | undefined>> },
  onNone: () => void,
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'auxo-sync-'))
  const file = join(folder, 'auxo-sync.html')
  const url = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const text = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>auxo-sync</title><meta http-equiv="refresh" content="0;url=${url}"></html>\n`
  await writeFile(file, text, { mode: 0o600 })
  const { command, args } = opener(file)
  const child = spawn(command, args, { env, stdio: 'ignore', detached: true })
  child.once('error', onNone)
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) onNone()
  })
  child.unref()
  return () => rm(folder, { recursive: true, force: true })
}
