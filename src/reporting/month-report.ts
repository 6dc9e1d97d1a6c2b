// The month of an entity as a person reads it on a terminal, and as JSON. The page is html/month-page.ts.

import { longDate } from '../accounting/calendar.ts'
import { countOf, kindNames } from '../accounting/kinds.ts'
import {
  type Ageing,
  type AgeingRow,
  ageingBuckets,
  ageingTotals,
  type MonthReport,
  paidByCurrency,
} from '../accounting/looking-back.ts'
import { formatCents } from '../accounting/money.ts'
import { inDecimals } from './decimal-rows.ts'
import { countText, firstOf, instantText, moneyText } from './figures.ts'
import { failedOf, wentOutText } from './run-report.ts'
import { type Printer, toned } from './terminal.ts'

export function printMonth(printer: Printer, month: MonthReport, zone: string): void {
  const { entity, name, organisation, from, asOf } = month
  printer.line(
    toned('strong', `${entity} (${name})`),
    organisation === null ? toned('caution', ', not connected to Xero') : ` → ${organisation}`,
    `: ${longDate(from)} to ${longDate(month.to)}`,
  )
  if (asOf < month.to) printer.entry(2, toned('caution', 'Note: '), 'the month is not over yet.')
  printDocuments(printer, month)
  for (const { currency, inCents, outCents } of paidByCurrency(month.paid))
    printer.entry(2, 'Paid: ', `${money(inCents)} ${currency} in, ${money(outCents)} ${currency} out.`)
  printAgeing(printer, `Receivable on ${longDate(asOf)}`, month.receivable)
  printAgeing(printer, `Payable on ${longDate(asOf)}`, month.payable)
  printNotInXero(printer, month)
  printAdjustments(printer, month, zone)
  printRuns(printer, month, zone)
}

const money = (cents: number) => moneyText(formatCents(cents))

function heading(printer: Printer, text: string): void {
  printer.line()
  printer.line(toned('strong', `  ${text}`))
}

function printDocuments(printer: Printer, { documents }: MonthReport): void {
  heading(printer, 'Invoiced and credited')
  if (documents.length === 0) {
    printer.line('  Nothing.')
    return
  }
  printer.table(
    [
      { head: '' },
      { head: 'documents', align: 'right' },
      { head: 'net', align: 'right' },
      { head: 'tax', align: 'right' },
      { head: 'total', align: 'right' },
      { head: '' },
    ],
    documents.map((one) => [
      kindNames[one.kind].many,
      countText(one.documents),
      money(one.netCents),
      money(one.taxCents),
      money(one.totalCents),
      one.currency,
    ]),
    2,
  )
}

/** Days overdue, short: the columns have to fit beside each other. */
const shortNames = {
  current: 'not due',
  days30: '1–30 days',
  days60: '31–60',
  days90: '61–90',
  older: 'over 90',
} satisfies Record<(typeof ageingBuckets)[number], string>

function printAgeing(printer: Printer, title: string, { rows }: Ageing): void {
  heading(printer, title)
  const totals = ageingTotals(rows)
  if (totals.length === 0) {
    printer.line('  Nothing.')
    return
  }
  const hasUnapplied = rows.some(({ unapplied }) => unapplied !== 0)
  const cells = (name: string, row: AgeingRow) => [
    name,
    ...ageingBuckets.map((bucket) => money(row[bucket])),
    ...(hasUnapplied ? [money(row.unapplied)] : []),
    money(row.total),
    row.currency,
  ]
  printer.table(
    [
      { head: 'contact', isFlexible: true },
      ...ageingBuckets.map((bucket) => ({
        head: shortNames[bucket],
        align: 'right' as const,
      })),
      ...(hasUnapplied ? [{ head: 'not applied', align: 'right' as const }] : []),
      { head: 'total', align: 'right' },
      { head: '' },
    ],
    [
      ...rows.map((row) => cells(row.name ?? row.contact ?? 'no contact', row)),
      ...totals.map((row) => cells('together', row)),
    ],
    2,
  )
}

const numbersMax = 10

function printNotInXero(printer: Printer, { notInXero }: MonthReport): void {
  heading(printer, 'Not in Xero yet, and why')
  if (notInXero.length === 0) {
    printer.line('  Everything is there.')
    return
  }
  const causes = new Map<string, typeof notInXero>()
  for (const one of notInXero) {
    const cause = `${one.kind} ${one.number === '' ? one.why : one.why.replaceAll(one.number, '…')}`
    causes.set(cause, [...(causes.get(cause) ?? []), one])
  }
  for (const some of causes.values()) {
    const [first] = some
    if (!first) continue
    const numbers = some.map(({ number, id }) => number || id)
    printer.entry(2, `${countOf(some.length, first.kind)}: `, firstOf(numbers, numbersMax))
    printer.entry(4, '', first.why)
  }
}

function printAdjustments(printer: Printer, { adjustments }: MonthReport, zone: string): void {
  if (adjustments.length === 0) return
  heading(printer, 'Changed in Xero')
  for (const { kind, number, at, amountCents, currency, reason } of adjustments) {
    const what = `${kindNames[kind].one} ${number} by ${money(amountCents)} ${currency}: ${reason}`
    printer.entry(2, '', `${instantText(at, zone)}  ${what}`)
  }
}

function printRuns(printer: Printer, { runs }: MonthReport, zone: string): void {
  heading(printer, 'Runs')
  if (runs.length === 0) {
    printer.line('  None.')
    return
  }
  printer.table(
    [
      { head: 'run', align: 'right' },
      { head: 'started' },
      { head: 'what' },
      { head: 'outcome' },
      { head: 'went out', isFlexible: true },
      { head: 'failed', align: 'right' },
    ],
    runs.map((run) => [
      String(run.id),
      instantText(run.startedAt, zone),
      run.verb,
      run.state,
      wentOutText(run),
      countText(failedOf(run)),
    ]),
    2,
  )
}

/** One of `entities` in `report --month --json`: money as text with two decimals. */
export function monthJson({ month: _, paid, receivable, payable, ...month }: MonthReport) {
  return {
    ...month,
    documents: month.documents.map(inDecimals),
    paid: paidByCurrency(paid).map(inDecimals),
    receivable: receivable.rows.map(ageingJson),
    payable: payable.rows.map(ageingJson),
    notInXero: month.notInXero.map(inDecimals),
    adjustments: month.adjustments.map(inDecimals),
  }
}

function ageingJson({ contact, name, currency, ...amounts }: AgeingRow) {
  const texts = Object.entries(amounts).map(([column, cents]) => [column, formatCents(cents)])
  return { contact, name, currency, ...Object.fromEntries(texts) }
}
