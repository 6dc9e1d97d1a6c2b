// Reads the text of one cell into what a table holds: codes, names, money, quantities, words of a closed set. A cell
// that is no such value gets a sentence that says how to write it. Dates are dates.ts.

import { type Cents, parseCents, parseE4, parseE6, roundTextToCents } from '../accounting/money.ts'
import { nearest } from '../accounting/nearest.ts'
import { Refusal } from './problems.ts'

export type CellValue = string | number
export type CellReader = (text: string) => CellValue | Refusal

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlsInProse = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

const controlRefusal = new Refusal(
  'has a control character in it (invisible, often from copying out of another program). Type the text anew.',
)

const lineBreakRefusal = new Refusal('has a line break in it. Write it on one line.')

/** Codes, numbers, names: one line, without the space around it. */
export const oneLine: CellReader = (text) => {
  const plain = text.trim()
  if (!controls.test(plain)) return plain
  return plain.includes('\n') ? lineBreakRefusal : controlRefusal
}

/** Descriptions and notes: kept exactly, line breaks too. */
export const prose: CellReader = (text) => (controlsInProse.test(text) ? controlRefusal : text)

export const currencyCode: CellReader = (text) => {
  const code = text.trim().toUpperCase()
  return /^[A-Z]{3}$/.test(code) ? code : new Refusal('is no currency: write its three letters, such as NZD.')
}

export function word(words: readonly string[]): CellReader {
  return (text) => {
    const written = text.trim()
    const found = words.includes(written) ? written : words.find((known) => known === written.toLowerCase())
    if (found) return found
    const meant = nearest(written, words)
    return new Refusal(`is not one of ${words.join(', ')}.${meant ? ` Did you mean ${meant}?` : ''}`)
  }
}

const yes = new Set(['1', 'true', 'yes', 'y'])
const no = new Set(['0', 'false', 'no', 'n'])

export const flag: CellReader = (text) => {
  const written = text.trim().toLowerCase()
  if (yes.has(written)) return 1
  return no.has(written) ? 0 : new Refusal('must be yes or no (or 1 or 0).')
}

/** Money, in cents. */
export const money: CellReader = (text) =>
  decimal(text, parseCents, 'Money has two decimals: write it as 1234.50.')

/** Money that a spreadsheet computed with more decimals: rounded to cents, half away from zero. */
export const roundedMoney: CellReader = (text) =>
  decimal(text, roundTextToCents, 'Write the amount as 1234.50.')

/** Quantities and prices, in ten-thousandths. */
export const quantity: CellReader = (text) =>
  decimal(text, parseE4, 'At most four decimals are kept: write it as 12.3456.')

/** Exchange rates, in millionths. */
export const exchangeRate: CellReader = (text) => {
  const value = decimal(text, parseE6, 'At most six decimals are kept: write it as 0.612345.')
  return typeof value === 'number' && value <= 0 ? new Refusal('must be more than zero.') : value
}

/** A percentage from 0 to 100, in ten-thousandths of one per cent; a trailing % may stand. */
export const percent: CellReader = (text) => {
  const value = decimal(text.trim().replace(/\s*%$/, ''), parseE4, 'At most four decimals are kept.')
  return typeof value === 'number' && (value < 0 || value > 1_000_000)
    ? new Refusal('must be a percentage from 0 to 100.')
    : value
}

function decimal(
  text: string,
  parse: (text: string) => Cents | number | null,
  tooFine: string,
): number | Refusal {
  const written = text.trim()
  return plainNumber(written, parse) ?? new Refusal(numberAdvice(written, tooFine))
}

const plainDecimal = /^[+-]?(\d+(\.\d*)?|\.\d+)$/

function plainNumber(text: string, parse: (text: string) => number | null): number | null {
  return plainDecimal.test(text) ? parse(text) : null
}

/** What a person wrote instead of a plain number, and how to write it. First match wins. */
const numberSlips: readonly { pattern: RegExp; advice: (text: string) => string }[] = [
  {
    pattern: /\p{Sc}|[a-z]{3}\s*-?\d|\d\s*[a-z]{3}$/iu,
    advice: () => 'is an amount with a currency sign: write the number alone, such as 1234.50.',
  },
  {
    pattern: /^\(.*\)$/,
    advice: (text) => `has brackets: write a negative amount with a minus, -${text.slice(1, -1)}.`,
  },
  { pattern: /^[−–]/, advice: (text) => `has a long dash: write a plain minus, -${text.slice(1)}.` },
  {
    pattern: /\d-$/,
    advice: (text) => `has its minus at the end: write it in front, -${text.slice(0, -1)}.`,
  },
  {
    pattern: /^[+-]?\d{1,3}(,\d{3})+\.\d*$|^[+-]?\d{1,3}(,\d{3}){2,}$/,
    advice: (text) => `has thousands separators: write ${text.replaceAll(',', '')}.`,
  },
  {
    pattern: /^[+-]?\d{1,3},\d{3}$/,
    advice: (text) =>
      `has a comma: write ${text.replace(',', '')} if it separates thousands, ${text.replace(',', '.')} if it is the decimal point.`,
  },
  {
    pattern: /^[+-]?\d{1,3}([. {2}’']\d{3})+,\d+$/,
    advice: (text) =>
      `is written with a decimal comma: write ${text.replaceAll(/[^\d,+-]/g, '').replace(',', '.')}.`,
  },
  {
    pattern: /^[+-]?\d*,\d+$/,
    advice: (text) => `has a decimal comma: write ${text.replace(',', '.')}.`,
  },
  {
    pattern: /^[+-]?\d{1,3}([ {2}’']\d{3})+(\.\d*)?$/u,
    advice: (text) => `has thousands separators: write ${text.replaceAll(/[^\d.+-]/g, '')}.`,
  },
  {
    pattern: /^[+-]?[\d.]+e[+-]?\d+$/i,
    advice: () =>
      'was shortened by a spreadsheet: give the column a number format, so that all digits are written.',
  },
  { pattern: /%$/, advice: () => 'has a per cent sign: write the number alone.' },
]

function numberAdvice(text: string, tooFine: string): string {
  if (plainDecimal.test(text)) {
    return text.replace(/\..*$/, '').length > 13 ? 'is too large.' : `has too many decimals. ${tooFine}`
  }
  const slip = numberSlips.find((known) => known.pattern.test(text))
  return slip ? slip.advice(text) : 'is no number: write it as 1234.50.'
}
