// The files of documents on disk: where they are, what they are like, what is in them. Any path that the ledger names is read, as the
// user that runs the program (docs/SECURITY.md).

import { constants } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { FileState } from '../validation/context.ts'

/** Paths of the ledger that do not begin at the root begin at its folder. */
export function pathOfFile(ledgerFile: string, file: string): string {
  return resolve(dirname(ledgerFile), file)
}

export async function lookAtFile(path: string): Promise<FileState> {
  try {
    const found = await stat(path)
    if (!found.isFile()) return { is: 'other' }
    await access(path, constants.R_OK)
    return { is: 'file', bytes: found.size }
  } catch (error) {
    return stateOfError(error, path)
  }
}

/** What is in the file now; what it is like instead, where it cannot be read. */
export async function readAttachedFile(
  path: string,
): Promise<{ content: Uint8Array | null; state: FileState }> {
  try {
    // A pipe would be waited for without end.
    if (!(await stat(path)).isFile()) return { content: null, state: { is: 'other' } }
    const content = await readFile(path)
    return { content, state: { is: 'file', bytes: content.byteLength } }
  } catch (error) {
    return { content: null, state: stateOfError(error, path) }
  }
}

function stateOfError(error: unknown, path: string): FileState {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const isMissing = ['ENOENT', 'ENOTDIR', 'ERR_INVALID_ARG_VALUE', 'ENAMETOOLONG'].includes(code)
  return isMissing ? { is: 'missing', path } : { is: 'unreadable', reason: code }
}
