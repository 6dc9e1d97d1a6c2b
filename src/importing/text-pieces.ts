// Reads a file piece by piece as clean text: UTF-8 checked byte by byte, byte-order mark off, every newline as \n.
// A file that is something else is refused here, naming the line and the byte; what the text means is csv-rows.ts.

import { isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import { foreignFormat } from './file-signature.ts'
import { FileRefused } from './problems.ts'

const pieceBytes = 256 * 1024
const newline = 0x0a
const carriageReturn = 0x0d

/** The file's text as UTF-8 pieces. FileRefused where it cannot be read or is no UTF-8 text. */
export async function* textPieces(file: string): AsyncGenerator<Buffer> {
  const handle = await openFile(file)
  try {
    const cleaner = new Cleaner()
    const first = await readPiece(handle, file)
    if (first === null) throw new FileRefused('The file is empty.')
    const foreign = foreignFormat(first)
    if (foreign) throw new FileRefused(foreign)
    const hasMark = first.subarray(0, 3).toString('hex') === 'efbbbf'
    cleaner.bytesBefore = hasMark ? 3 : 0
    yield cleaner.clean(hasMark ? first.subarray(3) : first)
    for (let piece = await readPiece(handle, file); piece !== null; piece = await readPiece(handle, file)) {
      yield cleaner.clean(piece)
    }
    yield cleaner.end()
  } finally {
    await handle.close()
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, 'r')
    const stat = await handle.stat()
    if (!stat.isDirectory()) return handle
    await handle.close()
    throw new FileRefused('This is a folder. Name the CSV files inside it.')
  } catch (error) {
    throw error instanceof FileRefused ? error : new FileRefused(readingProblem(error))
  }
}

async function readPiece(handle: FileHandle, file: string): Promise<Buffer | null> {
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes)
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead)
  } catch (error) {
    throw new FileRefused(`${file} could not be read to its end: ${readingProblem(error)}`)
  }
}

function readingProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ENOENT') return 'There is no such file. Check the name and the folder.'
  if (code === 'EISDIR') return 'This is a folder. Name the CSV files inside it.'
  if (code === 'EACCES' || code === 'EPERM')
    return 'This user may not read the file. Change its permissions or copy it.'
  return `The file cannot be read (${error instanceof Error ? error.message : String(error)}).`
}

/** Holds what a piece leaves open: the start of a character, a carriage return whose newline may follow. */
class Cleaner {
  bytesBefore = 0
  #line = 1
  #rest = Buffer.alloc(0)
  #endsInReturn = false

  clean(piece: Buffer): Buffer {
    const joined = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    const whole = joined.subarray(0, joined.length - openBytes(joined))
    this.#rest = Buffer.from(joined.subarray(whole.length))
    this.#check(whole)
    const text = this.#plainNewlines(whole)
    this.bytesBefore += whole.length
    this.#line += countOf(text, newline)
    return text
  }

  end(): Buffer {
    if (this.#rest.length > 0) this.#refuse(this.#rest, 0)
    const last = this.#endsInReturn ? Buffer.from('\n') : Buffer.alloc(0)
    this.#endsInReturn = false
    return last
  }

  #check(bytes: Buffer): void {
    const nul = bytes.indexOf(0)
    if (nul >= 0) {
      throw new FileRefused(
        `There is a NUL byte at byte ${this.bytesBefore + nul + 1}: this is no text file, or it was damaged. Export or save it as CSV again.`,
        this.#lineAt(bytes, nul),
      )
    }
    if (isUtf8(bytes)) return
    const bad = firstInvalidByte(bytes)
    this.#refuse(bytes, bad)
  }

  #refuse(bytes: Buffer, at: number): never {
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')
    throw new FileRefused(
      `Byte ${this.bytesBefore + at + 1} (hexadecimal ${byte}) is not UTF-8: the file is in an older encoding such as Latin-1 or Windows-1252, and accents would be lost. In the spreadsheet choose “Save as” and “CSV UTF-8”, then import that file.`,
      this.#lineAt(bytes, at),
    )
  }

  #lineAt(bytes: Buffer, index: number): number {
    const before = bytes.subarray(0, index).toString('latin1')
    const newlines = before.match(/\r\n?|\n/g)?.length ?? 0
    return this.#line + newlines + (this.#endsInReturn && !before.startsWith('\n') ? 1 : 0)
  }

  /** \r\n and lone \r as \n. A return at the end waits for the next piece. */
  #plainNewlines(bytes: Buffer): Buffer {
    if (!this.#endsInReturn && bytes.indexOf(carriageReturn) < 0) return bytes
    const text = Buffer.allocUnsafe(bytes.length + 1)
    let length = 0
    for (const byte of bytes) {
      if (this.#endsInReturn) {
        text[length++] = newline
        this.#endsInReturn = false
        if (byte === newline) continue
      }
      if (byte === carriageReturn) this.#endsInReturn = true
      else text[length++] = byte
    }
    return text.subarray(0, length)
  }
}

function countOf(bytes: Buffer, byte: number): number {
  let count = 0
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) count += 1
  return count
}

/** How many bytes at the end begin a character that the next piece completes: 0 to 3. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return length > back ? back : 0
    }
  }
  return 0
}

/** Halves the bytes until the first that spoils them is found; runs once, before the file is refused. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0
  let invalid = bytes.length
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    const half = bytes.subarray(0, middle)
    if (isUtf8(half.subarray(0, half.length - openBytes(half)))) valid = middle
    else invalid = middle
  }
  // What is left may be a character that began before and never ends: the fault is where it began.
  const back = openBytes(bytes.subarray(0, valid))
  return valid - back
}
