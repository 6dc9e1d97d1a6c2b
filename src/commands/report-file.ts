// Reports that can be had as a table, JSON, CSV or a page (--format), on the screen or in a file (--output): what the commands that
// make them share.

import { constants } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { AuxoError } from '../errors.ts'
import { createPrinter, type Printer } from '../reporting/terminal.ts'
import type { CommandContext } from './context.ts'

export const reportFormats = ['table', 'json', 'csv', 'html'] as const
export type ReportFormat = (typeof reportFormats)[number]

export interface ReportFlags {
  format?: ReportFormat
  output?: string
}

const formatOfEnding: Readonly<Record<string, ReportFormat>> = {
  '.json': 'json',
  '.csv': 'csv',
  '.html': 'html',
}

/** What was asked for, else what the name of the file says. */
export function formatOf(context: CommandContext, flags: ReportFlags): ReportFormat {
  if (flags.format !== undefined) {
    if (context.flags.json && flags.format !== 'json' && flags.output === undefined) {
      throw new AuxoError('usage', `--json and --format ${flags.format} say different things: leave one out.`)
    }
    return flags.format
  }
  const ending = flags.output === undefined ? undefined : formatOfEnding[extname(flags.output).toLowerCase()]
  return ending ?? (context.flags.json ? 'json' : 'table')
}

/** Without it spreadsheets take a UTF-8 file for the machine's old code page. */
export const byteOrderMark = '\ufeff'

/** What a printer would print, without colours. */
export async function printedText(print: (printer: Printer) => void): Promise<string> {
  const lines: string[] = []
  const file = { write: (text: string) => lines.push(text) }
  print(await createPrinter(file, {}, { json: false }))
  return lines.join('')
}

/** `what` such as "The findings", for the message; `option` is the one that names the file. */
export async function writeReport(
  file: string,
  text: string,
  what: string,
  option: '--output' | '--html' = '--output',
): Promise<void> {
  if (await isDatabase(file)) {
    throw new AuxoError(
      'usage',
      `${what} cannot be written to ${file}: that is a ledger or another database, and it would be lost. Nothing was written. Name another file with ${option}.`,
    )
  }
  try {
    await writeFile(file, text)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new AuxoError(
      'usage',
      `${what} cannot be written to ${file} (${reason}). Name another file with ${option}.`,
      { cause: error },
    )
  }
}

/** By what SQLite's files begin with. What cannot be read cannot be told, and the writing says why. */
async function isDatabase(file: string): Promise<boolean> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (handle === null) return false
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(16), position: 0 })
    return bytesRead === 16 && buffer.toString('latin1') === 'SQLite format 3\0'
  } catch {
    return false
  } finally {
    await handle.close()
  }
}
