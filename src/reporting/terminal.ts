// Prints lines and tables to a stream: in colour and to its width on a terminal, plainly where it is piped. The one
// place where data meets a terminal, and where it is made safe for one; what is said is for the other files here.

import type { ChalkInstance } from 'chalk'
import type CliTable from 'cli-table3'
import type { EventSubject, LoggedEvent } from './events.ts'
import { printable } from './printable.ts'
import {
  type Column,
  fittingColumns,
  fitWidths,
  naturalWidths,
  padCell,
  wrapCell,
  wrapText,
} from './table.ts'

export type { Column } from './table.ts'

export interface TextStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  /** Only where the log is one JSON event a line (events.ts). */
  readonly event?: ((event: LoggedEvent) => void) | undefined
  readonly about?: ((subject: EventSubject) => TextStream) | undefined
}

export type Environment = Readonly<Record<string, string | undefined>>

export type Tone = 'strong' | 'faint' | 'good' | 'caution' | 'bad'

/** Text with its meaning; what that looks like is the printer's. */
export interface Toned {
  readonly text: string
  readonly tone: Tone
}
export type Piece = string | Toned

export function toned(tone: Tone, text: string): Toned {
  return { text, tone }
}

export interface Printer {
  /** One line of these pieces. */
  line(...pieces: readonly Piece[]): void
  /** A label and a text beside it; on a terminal the text wraps and its lines stand under each other. */
  entry(indent: number, label: Piece, text: string): void
  table(columns: readonly Column[], rows: readonly (readonly Piece[])[], indent?: number): void
}

const widthWithoutAnswer = 80

/**
 * Whether a stream takes colours and spinners: only a terminal, never with NO_COLOR, --json, CI. A terminal that says it
 * has no columns (a serial line, `script` under cron) is none: a spinner would rub out lines without end.
 */
export function isLively(stream: TextStream, env: Environment, flags: { json: boolean }): boolean {
  return (
    stream.isTTY === true &&
    stream.columns !== 0 &&
    !flags.json &&
    !env['NO_COLOR'] &&
    !env['CI'] &&
    env['TERM'] !== 'dumb'
  )
}

/** A printer for a stream. Colours and table drawing are loaded only where the stream is a terminal. */
export async function createPrinter(
  stream: TextStream,
  env: Environment,
  flags: { json: boolean },
): Promise<Printer> {
  const paint = isLively(stream, env, flags) ? await chalkPainter() : (piece: Piece) => textOf(piece)
  const columns = stream.isTTY === true ? stream.columns || widthWithoutAnswer : null
  const Table = columns === null ? null : (await import('cli-table3')).default
  const write = (line: string) => stream.write(`${line.trimEnd()}\n`)
  return {
    line: (...pieces) => write(pieces.map(paint).join('')),
    entry: (indent, label, text) => {
      const margin = ' '.repeat(indent)
      const hang = indent + textOf(label).length
      const lines =
        columns === null ? [printable(text)] : wrapText(printable(text), Math.max(20, columns - hang))
      for (const [index, line] of lines.entries()) {
        write(index === 0 ? `${margin}${paint(label)}${line}` : `${' '.repeat(hang)}${line}`)
      }
    },
    table: (columnsAsTold, rows, indent = 0) => {
      const heads = columnsAsTold.map((column) => ({ ...column, head: printable(column.head) }))
      const lines =
        columns === null || Table === null
          ? plainTable(heads, rows)
          : drawnTable(Table, heads, rows, { available: columns - indent, paint })
      for (const line of lines) write(`${' '.repeat(indent)}${line}`)
    },
  }
}

type Paint = (piece: Piece) => string

function textOf(piece: Piece): string {
  return printable(typeof piece === 'string' ? piece : piece.text)
}

async function chalkPainter(): Promise<Paint> {
  const { Chalk } = await import('chalk')
  // Whether there is colour was decided from what we were handed, not from the process.
  const chalk = new Chalk({ level: 1 })
  const tones: Record<Tone, ChalkInstance> = {
    strong: chalk.bold,
    faint: chalk.dim,
    good: chalk.green,
    caution: chalk.yellow,
    bad: chalk.red,
  }
  return (piece) => (typeof piece === 'string' ? textOf(piece) : tones[piece.tone](textOf(piece)))
}

/** Aligned with spaces and never cut: a program or a person may read it from a file. */
function plainTable(columns: readonly Column[], rows: readonly (readonly Piece[])[]): string[] {
  const heads = columns.map((column) => column.head)
  const texts = rows.map((row) => row.map(textOf))
  const widths = naturalWidths(columns, texts)
  return [heads, ...texts].map((cells) =>
    columns
      .map((column, index) => padCell(cells[index] ?? '', widths[index] ?? 0, column.align))
      .join('  ')
      .trimEnd(),
  )
}

const noBorder = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const

function drawnTable(
  Table: typeof CliTable,
  columns: readonly Column[],
  rows: readonly (readonly Piece[])[],
  options: { available: number; paint: Paint },
): string[] {
  const natural = naturalWidths(
    columns,
    rows.map((row) => row.map(textOf)),
  )
  const kept = fittingColumns(columns, natural, options.available)
  const heads = kept.flatMap((index) => columns[index] ?? [])
  const widths = fitWidths(
    heads,
    kept.map((index) => natural[index] ?? 0),
    options.available,
  )
  const table = new Table({
    head: heads.map((column) => options.paint(toned('faint', column.head))),
    colWidths: widths,
    colAligns: heads.map((column) => column.align ?? 'left'),
    chars: noBorder,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  })
  for (const row of rows) {
    table.push(kept.map((index, place) => drawnCell(row[index] ?? '', widths[place] ?? 1, options.paint)))
  }
  return table.toString().split('\n')
}

/** Each line in its own colour, so that none runs into the next column. */
function drawnCell(piece: Piece, width: number, paint: Paint): string {
  return wrapCell(textOf(piece), width)
    .map((line) => paint(typeof piece === 'string' ? line : toned(piece.tone, line)))
    .join('\n')
}
