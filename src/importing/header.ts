// Makes sense of a file's header: which kind of file it is, which column is which, and what is wrong with it. Cells are
// read in row-reader.ts.

import { nearest } from '../accounting/nearest.ts'
import type { Column, FileKind } from './file-kind.ts'
import { FileRefused, type InputProblem, shorten } from './problems.ts'

/** The name by which headers are compared. */
const headerKey = (header: string) =>
  header
    .trim()
    .replace(/^\*\s*/, '')
    .toLowerCase()

export interface HeaderMatch {
  kind: FileKind
  /** Per cell of a row: its column, null for one that is ignored. */
  columns: (Column | null)[]
  problems: InputProblem[]
}

/** Matches the header against the kinds. FileRefused where it fits none or several; column faults are problems. */
export function matchHeader(
  header: readonly string[],
  kinds: readonly FileKind[],
  asked: FileKind | null,
): HeaderMatch {
  const named = header.map(headerKey)
  const kind = asked ?? recognise(header, named, kinds)
  return { kind, columns: columnsOf(kind, named), problems: headerProblems(kind, header, named) }
}

function columnsOf(kind: FileKind, named: readonly string[]): (Column | null)[] {
  const byKey = new Map(kind.columns.map((column) => [headerKey(column.header), column]))
  return named.map((key) => byKey.get(key) ?? null)
}

function recognise(
  header: readonly string[],
  named: readonly string[],
  kinds: readonly FileKind[],
): FileKind {
  const fits = kinds.map((kind) => ({ kind, ...fitOf(kind, named) }))
  const whole = fits.filter((fit) => fit.unknown.length === 0 && fit.missing.length === 0)
  const templates = whole.filter(({ kind }) => kind.name === 'sales-invoices' || kind.name === 'bills')
  if (templates.length === 2) {
    const wanted = isBillTemplate(header) ? 'bills' : 'sales-invoices'
    const chosen = templates.find(({ kind }) => kind.name === wanted)
    if (chosen) return chosen.kind
  }
  if (whole[0] && whole.length === 1) return whole[0].kind
  if (whole.length > 1) {
    const names = whole.map(({ kind }) => kind.name)
    throw new FileRefused(
      `The header fits ${names.join(' and ')} alike. Say which it is: --as ${names[0]}`,
      1,
    )
  }
  // The kind that shares most with the header is the one to explain the faults of.
  const [best] = fits
    .filter((fit) => fit.known > 0 && fit.known > fit.missing.length)
    .sort(
      (a, b) =>
        b.known - b.missing.length - b.unknown.length - (a.known - a.missing.length - a.unknown.length),
    )
  if (best) return best.kind
  throw new FileRefused(
    `The first line is no header that is known here: “${shorten(header.join(', '))}”. It must name the columns; the guide lists them for each kind of file, and --as KIND says which kind is meant.`,
    1,
  )
}

function fitOf(kind: FileKind, named: readonly string[]) {
  const known = new Set([
    ...kind.columns.map((column) => headerKey(column.header)),
    ...kind.ignored.map(headerKey),
  ])
  const filled = named.filter((key) => key !== '')
  return {
    known: filled.filter((key) => known.has(key)).length,
    unknown: filled.filter((key) => !known.has(key)),
    missing: kind.columns.filter((column) => column.needs && !named.includes(headerKey(column.header))),
  }
}

const billTemplate =
  '*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InventoryItemCode,Description,*Quantity,*UnitAmount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency'

/**
 * Xero's bill template differs from the sales one only in what it lacks and in leaving Description optional: exactly
 * this header, asterisks and all, is bills. Whatever else fits both is sales (ledger.md).
 */
function isBillTemplate(header: readonly string[]): boolean {
  const written = header.map((name) => name.trim()).join(',')
  return written.toLowerCase() === billTemplate.toLowerCase()
}

function headerProblems(kind: FileKind, header: readonly string[], named: readonly string[]): InputProblem[] {
  const problems: InputProblem[] = []
  const problem = (column: string | null, reason: string) =>
    problems.push({ line: 1, column, value: null, reason })
  const known = new Map(
    [...kind.columns.map(({ header }) => header), ...kind.ignored].map((name) => [headerKey(name), name]),
  )
  const present = new Set(named)
  const free = [...known].flatMap(([key, name]) => (present.has(key) ? [] : [name]))
  const seen = new Map<string, number>()
  for (const [index, key] of named.entries()) {
    const before = seen.get(key)
    if (key === '') continue
    const shown = shorten((header[index] ?? '').trim())
    if (before !== undefined) {
      problem(
        shown,
        `is in the header twice, as column ${before + 1} and column ${index + 1}. Keep one of them.`,
      )
    } else if (!known.has(key)) {
      const meant = nearest(key, free)
      const advice = meant ? `Did you mean ${meant}?` : 'Remove it, or check the spelling.'
      problem(shown, `is no column of ${kind.title}. ${advice}`)
    }
    seen.set(key, index)
  }
  for (const column of fitOf(kind, named).missing) {
    problem(column.header, `is missing: ${kind.title} must have this column.`)
  }
  return problems
}
