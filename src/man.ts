// The manual page as text, for man/write.mjs, which writes it when the program is built.

import { environmentVariables } from './config.ts'
import { buildProgram } from './program.ts'
import { manPage } from './reporting/man-page.ts'
import { readTree } from './verbs/tree.ts'

export function manText(version: string): string {
  const silent = { write: () => true }
  const program = buildProgram({ version, stdout: silent, stderr: silent }, () => undefined)
  return manPage(readTree(program), environmentVariables)
}
