// Recognises, by its first bytes, a file that is no CSV at all, so that the message can say what it is and how to get
// a CSV out of it. Encodings beyond that are text-pieces.ts.

const saveAsCsv = 'In the spreadsheet choose “Save as” and “CSV UTF-8”, then import that file.'

const startsWith = (bytes: Buffer, text: string) => bytes.subarray(0, text.length).toString('latin1') === text

interface Signature {
  matches: (bytes: Buffer, start: string) => boolean
  sentence: string
}

/** In order: the first that matches is said. `start` is the beginning as lower-case text. */
const signatures: readonly Signature[] = [
  {
    matches: (bytes) => startsWith(bytes, 'PK\u0003\u0004') && bytes.includes('opendocument.spreadsheet'),
    sentence: `This is an OpenDocument spreadsheet, not a CSV file. ${saveAsCsv}`,
  },
  {
    matches: (bytes) =>
      startsWith(bytes, 'PK\u0003\u0004') && (bytes.includes('[Content_Types]') || bytes.includes('xl/')),
    sentence: `This is an Excel workbook, not a CSV file. ${saveAsCsv}`,
  },
  {
    matches: (bytes) => startsWith(bytes, 'PK\u0003\u0004') || startsWith(bytes, 'PK\u0005\u0006'),
    sentence:
      'This is a zip archive, not a CSV file. Unpack it and import the CSV file inside; an Excel workbook must be saved as “CSV UTF-8” first.',
  },
  {
    matches: (bytes) => bytes.subarray(0, 4).toString('hex') === 'd0cf11e0',
    sentence: `This is an old Excel workbook (.xls), not a CSV file. ${saveAsCsv}`,
  },
  {
    matches: (bytes) => startsWith(bytes, '%PDF'),
    sentence:
      'This is a PDF, not a CSV file. Export the data as CSV from the program that made it, and import that file.',
  },
  {
    matches: (bytes) => startsWith(bytes, 'SQLite format 3'),
    sentence:
      'This is an SQLite database, not a CSV file. If it is a ledger, name it with --ledger; import takes CSV files.',
  },
  {
    matches: (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b,
    sentence: 'This file is compressed (gzip). Unpack it and import the CSV file inside.',
  },
  {
    matches: (bytes) =>
      startsWith(bytes, '\u0089PNG') || startsWith(bytes, '\u00ff\u00d8\u00ff') || startsWith(bytes, 'GIF8'),
    sentence: 'This is a picture, not a CSV file.',
  },
  {
    matches: (_, start) => /^(<!doctype html|<html)/.test(start),
    sentence:
      'This is a web page (HTML), not a CSV file. It may be a log-in or error page that was saved instead of the download: download the CSV again.',
  },
  {
    matches: (_, start) => start.startsWith('<?xml') || start.startsWith('<'),
    sentence: `This is XML or HTML, not a CSV file. ${saveAsCsv}`,
  },
  {
    matches: (_, start) => start.startsWith('{\\rtf'),
    sentence: 'This is a word-processor document (RTF), not a CSV file.',
  },
  {
    matches: (_, start) => /^(\{|\[\s*[{["\]])/.test(start),
    sentence: 'This is JSON, not a CSV file. Import takes CSV files only.',
  },
]

const utf16Advice = 'Save it as “CSV UTF-8” (not “Unicode text”), then import that file.'

/** A sentence that says what the file is instead of CSV text; null where its beginning could be CSV. */
export function foreignFormat(bytes: Buffer): string | null {
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff' || looksUtf16(bytes)) {
    return `This file is UTF-16 text. ${utf16Advice}`
  }
  const start = bytes
    .subarray(bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0, 200)
    .toString('latin1')
    .trimStart()
    .toLowerCase()
  return signatures.find((known) => known.matches(bytes, start))?.sentence ?? null
}

/** Plain letters with a NUL between each: UTF-16 without its mark. */
function looksUtf16(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 64)
  if (sample.length < 4) return false
  let even = 0
  let odd = 0
  for (const [index, byte] of sample.entries()) {
    if (byte === 0) index % 2 === 0 ? even++ : odd++
  }
  const half = Math.floor(sample.length / 2)
  return (even >= half * 0.8 && odd === 0) || (odd >= half * 0.8 && even === 0)
}
