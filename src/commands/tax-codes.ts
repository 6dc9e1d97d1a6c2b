// `tax-codes`: every tax code of the ledger with its two tax types (B5) beside Xero's rates, and what is missing, mismatched
// or archived (R3). What a line is told is validation's business: this sees codes, not accounts.

import { type Books, type Side, taxTypeOfCode } from '../accounting/books.ts'
import type { MirrorTaxRate } from '../accounting/documents.ts'
import type { FindingCode } from '../accounting/findings.ts'
import { formatE4 } from '../accounting/money.ts'
import { listUsedTaxCodes, type TaxCodeUse } from '../ledger/used-codes.ts'
import { type Piece, type Printer, toned } from '../reporting/terminal.ts'
import { booksAsked, byCode, mirrorJson, printSum, type Uses, usesByCode, useTexts } from './beside-xero.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { printerOf, writeJson } from './telling.ts'

interface Problem {
  code: Extract<FindingCode, 'tax-unmapped' | 'tax-unknown' | 'tax-not-applicable'>
  /** Null where neither side has a type. */
  side: Side | null
  message: string
}

interface TaxCodeRow {
  /** Null: a type of Xero's that no code uses; it is `unusedRate` then. */
  code: string | null
  /** An unmapped code stands for itself. */
  isMapped: boolean
  uses: Uses<TaxCodeUse>
  /** Settings that name it. */
  settings: string[]
  salesType: string | null
  purchaseType: string | null
  salesRate: MirrorTaxRate | null
  purchaseRate: MirrorTaxRate | null
  unusedRate: MirrorTaxRate | null
  problems: Problem[]
}

/**
 * With --json a line each: {"entity","mirror":{"readAt"}|null,"code"|null,"isMapped","uses":{"salesLines":3,…},"settings":[],"salesType"|null,
 * "purchaseType"|null,"salesRate":{"taxType","name","percent","status"}|null,"purchaseRate","unusedRate",
 * "problems":[{"code","side":"sales"|"purchases"|null,"message"}]}. It only lists: problems are no exit code.
 */
export async function taxCodesCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const printer = context.flags.json ? null : await printerOf(context)
    for (const books of await booksAsked(context, ledger)) {
      const rows = taxCodeRows(books, usesByCode(await listUsedTaxCodes(ledger, books.entity.code)))
      if (printer) printTaxCodes(printer, books, rows)
      else for (const row of rows) writeJson(context, taxCodeJson(books, row))
    }
    return 0
  })
}

function taxCodeRows(books: Books, used: ReadonlyMap<string, Uses<TaxCodeUse>>): TaxCodeRow[] {
  const { taxMap, settings, mirror } = books
  const ofPrepayments = settings.prepayment_tax_code
  const codes = new Set([...used.keys(), ...taxMap.keys(), ...(ofPrepayments ? [ofPrepayments] : [])])
  const rows = [...codes].sort(byCode).map((code) => taxCodeRow(code, used.get(code) ?? {}, books))
  const sent = new Set(rows.flatMap(({ salesType, purchaseType }) => [salesType, purchaseType]))
  const unused = [...(mirror?.taxRates.values() ?? [])]
    .filter(({ taxType, status }) => status === 'ACTIVE' && !sent.has(taxType))
    .sort((one, other) => byCode(one.taxType, other.taxType))
  return [...rows, ...unused.map(unusedRow)]
}

function taxCodeRow(code: string, uses: Uses<TaxCodeUse>, books: Books): TaxCodeRow {
  const { mirror, settings } = books
  const salesType = taxTypeOfCode(code, 'sales', books)
  const purchaseType = taxTypeOfCode(code, 'purchases', books)
  const rateOf = (type: string | null) => (type === null ? null : (mirror?.taxRates.get(type) ?? null))
  const isMapped = books.taxMap.has(code)
  const isSold = Boolean(uses.salesLines || uses.saleItems)
  const isBought = Boolean(uses.purchaseLines || uses.purchaseItems)
  const problems: Problem[] = []
  if (salesType === null && purchaseType === null) {
    problems.push({ code: 'tax-unmapped', side: null, message: unmappedText(code, mirror?.taxRates) })
  } else {
    const sides = { sales: [salesType, isSold], purchases: [purchaseType, isBought] } as const
    for (const side of ['sales', 'purchases'] as const) {
      const problem = sideProblem(side, ...sides[side], isMapped, books)
      if (problem) problems.push(problem)
    }
  }
  return {
    code,
    isMapped,
    uses,
    settings: settings.prepayment_tax_code === code ? ['prepayment_tax_code'] : [],
    salesType,
    purchaseType,
    salesRate: rateOf(salesType),
    purchaseRate: rateOf(purchaseType),
    unusedRate: null,
    problems,
  }
}

/** A code that stands for itself is only judged on the sides where it is used: it names one type for both. */
function sideProblem(
  side: Side,
  type: string | null,
  isUsed: boolean,
  isMapped: boolean,
  { mirror }: Books,
): Problem | null {
  const word = side === 'sales' ? 'sales' : 'purchase'
  if (type === null)
    return isUsed ? { code: 'tax-unmapped', side, message: `no ${word} type in tax_code_map` } : null
  if (!mirror || !(isUsed || isMapped)) return null
  const rate = mirror.taxRates.get(type)
  if (!rate) {
    const meant = sameButCase(type, mirror.taxRates)
    const message = meant ? `Xero spells it ${meant}` : 'Xero does not have it'
    return { code: 'tax-unknown', side, message }
  }
  if (rate.status !== 'ACTIVE') return { code: 'tax-unknown', side, message: 'archived in Xero' }
  // A type for assets alone may be right on either side.
  const { revenue, expenses } = rate.canApplyTo
  const isOther = side === 'sales' ? !revenue && expenses : revenue && !expenses
  return isOther
    ? {
        code: 'tax-not-applicable',
        side,
        message: `does not go with ${side === 'sales' ? 'revenue' : 'expenses'}`,
      }
    : null
}

function unmappedText(code: string, rates: ReadonlyMap<string, MirrorTaxRate> | undefined): string {
  const meant = rates ? sameButCase(code, rates) : null
  return meant ? `not in tax_code_map; Xero spells it ${meant}` : 'not in tax_code_map, and no type of Xero'
}

function sameButCase(type: string, rates: ReadonlyMap<string, MirrorTaxRate>): string | null {
  const wanted = type.trim().toUpperCase()
  return [...rates.keys()].find((known) => known.toUpperCase() === wanted) ?? null
}

function unusedRow(rate: MirrorTaxRate): TaxCodeRow {
  return {
    code: null,
    isMapped: false,
    uses: {},
    settings: [],
    salesType: null,
    purchaseType: null,
    salesRate: null,
    purchaseRate: null,
    unusedRate: rate,
    problems: [],
  }
}

function taxCodeJson(books: Books, row: TaxCodeRow) {
  const rate = (one: MirrorTaxRate | null) =>
    one && { taxType: one.taxType, name: one.name, percent: formatE4(one.rate), status: one.status }
  return {
    entity: books.entity.code,
    mirror: mirrorJson(books),
    ...row,
    salesRate: rate(row.salesRate),
    purchaseRate: rate(row.purchaseRate),
    unusedRate: rate(row.unusedRate),
  }
}

function printTaxCodes(printer: Printer, books: Books, rows: readonly TaxCodeRow[]): void {
  const { entity, mirror } = books
  if (rows.length === 0) {
    printer.line(`${entity.code}: the ledger uses no tax code yet.`)
    return
  }
  printer.line(toned('strong', `${entity.code} → ${mirror?.organisation.name ?? 'Xero was never read'}`))
  printer.table(
    [
      { head: 'tax code' },
      { head: 'used by', isFlexible: true, isSpare: true },
      { head: 'side' },
      { head: 'type in Xero' },
      { head: 'name in Xero', isFlexible: true },
      { head: '%', align: 'right' },
      { head: 'status', isSpare: true },
      { head: 'problem', isFlexible: true },
    ],
    rows.flatMap((row) => linesOf(row, books.region.noTaxType)),
    2,
  )
  const codes = rows.filter(({ code }) => code !== null)
  const bad = codes.filter(({ problems }) => problems.length > 0)
  if (mirror === null) return
  printSum(printer, { count: codes.length, what: 'tax code', bad: bad.map(({ code }) => code ?? '') })
}

/** Two lines where the sides have types of their own, else one. */
function linesOf(row: TaxCodeRow, noTaxType: string): Piece[][] {
  const { code, unusedRate, salesType, purchaseType, problems } = row
  if (code === null || unusedRate) {
    const isForNone = unusedRate?.taxType === noTaxType
    const note = isForNone ? 'lines without a tax code' : 'no code uses it'
    return [['', note, '', unusedRate?.taxType ?? '', ...rateCells(unusedRate), '']]
  }
  const said = (side: Side) =>
    toned(
      'bad',
      problems
        .filter((one) => one.side === side || one.side === null)
        .map(({ message }) => message)
        .join('; '),
    )
  const usedBy =
    [...useTexts(row.uses), ...row.settings.map((name) => `setting ${name}`)].join(', ') ||
    'tax_code_map alone'
  if (!row.isMapped) {
    const own = salesType === null ? '' : 'itself'
    const bothSay = toned(
      'bad',
      [...new Set(problems.map(({ side, message }) => sided(side, message)))].join('; '),
    )
    return [[code, usedBy, 'both', own, ...rateCells(row.salesRate), bothSay]]
  }
  return [
    [code, usedBy, 'sales', salesType ?? '', ...rateCells(row.salesRate), said('sales')],
    ['', '', 'purchases', purchaseType ?? '', ...rateCells(row.purchaseRate), said('purchases')],
  ]
}

function sided(side: Side | null, message: string): string {
  return side === null ? message : `${side}: ${message}`
}

function rateCells(rate: MirrorTaxRate | null): [string, string, string] {
  return rate ? [rate.name, formatE4(rate.rate), rate.status] : ['', '', '']
}
