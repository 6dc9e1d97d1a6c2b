// Cuts clean text into rows of cells with the line that each starts on, through csv-parse. Finds the delimiter from the
// header. What columns and cells mean is for the kinds of file.

import { finished } from 'node:stream/promises'
import { CsvError, type Parser, parse } from 'csv-parse'
import { FileRefused } from './problems.ts'
import { textPieces } from './text-pieces.ts'

export interface CsvRow {
  /** The line of the file on which the row starts; the first is 1. */
  line: number
  cells: string[]
}

const headerBytesMax = 64 * 1024
/** A longer row is no row: a quote that is never closed, or no CSV at all. */
const rowLengthMax = 1024 * 1024
const delimiters = [',', ';', '\t'] as const

/** The rows of a CSV file in batches of some hundred, the header first; blank lines are left out. FileRefused. */
export async function* csvRows(file: string): AsyncGenerator<CsvRow[]> {
  const pieces = textPieces(file)
  let waiting: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    waiting = waiting.length === 0 ? piece : Buffer.concat([waiting, piece])
    const header = headerOf(waiting)
    if (header === null) continue
    yield* parsedRows(header, waiting, pieces)
    return
  }
  if (waiting.toString('utf8').trim() === '') throw new FileRefused('The file is empty.')
  yield* parsedRows(waiting.toString('utf8'), waiting, pieces)
}

/** The first line that is not blank, or null while it has not been read whole. */
function headerOf(text: Buffer): string | null {
  const start = text.subarray(0, headerBytesMax).toString('utf8')
  const blank = /^\s*\n/.exec(start)?.[0].length ?? 0
  const end = start.indexOf('\n', blank)
  if (end >= 0) return start.slice(blank, end)
  if (text.length >= headerBytesMax) {
    throw new FileRefused(
      'The first line is longer than 64 KB: this is no CSV file with a header, or its newlines were lost. Export it again.',
      1,
    )
  }
  return null
}

function delimiterOf(header: string): string {
  const outside = header.replaceAll(/"[^"]*"/g, '')
  let best: { delimiter: string; count: number } = { delimiter: ',', count: 0 }
  for (const delimiter of delimiters) {
    const count = outside.split(delimiter).length - 1
    if (count > best.count) best = { delimiter, count }
  }
  return best.delimiter
}

async function* parsedRows(
  header: string,
  first: Buffer,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<CsvRow[]> {
  let batch: CsvRow[] = []
  let line = 1
  const parser = parse({
    delimiter: delimiterOf(header),
    record_delimiter: '\n',
    relax_column_count: true,
    max_record_size: rowLengthMax,
    // Rows are taken here, in order and at once: read from the stream, the last ones before an error would be lost.
    on_record: (cells: string[]) => {
      if (cells.some((cell) => cell.trim() !== '')) batch.push({ line, cells })
      line += 1 + newlinesIn(cells)
      return null
    },
  })
  const end = finished(parser.resume()).catch((error: unknown) => error)
  const taken = () => {
    const rows = batch
    batch = []
    return rows
  }
  await write(parser, first)
  if (batch.length > 0) yield taken()
  for await (const piece of pieces) {
    if (parser.destroyed) break
    await write(parser, piece)
    if (batch.length > 0) yield taken()
  }
  parser.end()
  const failure = await end
  if (batch.length > 0) yield taken()
  if (failure !== undefined) throw refusalOf(failure, line)
}

const write = (parser: Parser, piece: Buffer) =>
  new Promise<void>((resolve) => {
    parser.write(piece, () => resolve())
  })

function newlinesIn(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count += 1
  }
  return count
}

/** `line` is where the row began that could not be cut. */
function refusalOf(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new FileRefused(
        'A quoted cell in the row that starts here is never closed. The file may be cut off: export it again, or close the quote.',
        line,
      )
    case 'CSV_MAX_RECORD_SIZE':
      return new FileRefused(
        'The row that starts here is longer than 1 MB: a quote is never closed, or this is no CSV file.',
        line,
      )
    case 'INVALID_OPENING_QUOTE':
      return new FileRefused(
        'There is a quotation mark inside a cell that is not quoted. Put the whole cell in quotation marks and double those inside it: "2"" pipe".',
        line,
      )
    case 'CSV_INVALID_CLOSING_QUOTE':
      return new FileRefused(
        'A quoted cell goes on after its closing quotation mark. Double the quotation marks inside it: "2"" pipe".',
        line,
      )
    default:
      return new FileRefused(`This row cannot be read as CSV (${error.message}).`, line)
  }
}
