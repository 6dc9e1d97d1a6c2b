// One document's whole life as a person reads it (V7). The same object is the JSON of `show`.

import { dateInZone } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import { type DocumentKind, isDocumentKind, kindNames } from '../accounting/kinds.ts'
import { type LoggedCall, printCalls } from './calls-report.ts'
import type { LedgerColumns } from './decimal-rows.ts'
import { moneyText, priceText } from './figures.ts'
import { printFindingGroups } from './finding-groups.ts'
import {
  type AppliedLine,
  type LifeEvent,
  type PaidLine,
  printApplied,
  printAppliedTo,
  printEvents,
  printPaid,
} from './money-lines.ts'
import { type Piece, type Printer, toned } from './terminal.ts'

export interface DocumentLife {
  /** The document's columns. */
  columns: LedgerColumns & { id: string; kind: DocumentKind; entity: string; number: string }
  lines: readonly LedgerColumns[]
  contactName: string | null
  balance: { total: string; paid: string; credited: string; adjusted: string; due: string }
  state: 'unpaid' | 'part-paid' | 'paid'
  export: string | null
  exportReason: string | null
  xero: { id: string; number: string | null; status: string | null; link: string | null } | null
  payments: readonly PaidLine[]
  allocations: readonly AppliedLine[]
  adjustments: readonly { at: string; amount: string; reason: string }[]
  calls: readonly LoggedCall[]
  findings: readonly Finding[]
  events: readonly LifeEvent[]
}

/** Shown in the head, or by another name. */
const shownElsewhere = ['id', 'kind', 'number', 'contact', 'subtotal', 'tax', 'total']

export function printDocument(
  printer: Printer,
  life: DocumentLife,
  telling: { zone: string; isUnderWay: (call: LoggedCall) => boolean },
): void {
  const { columns } = life
  const name = isDocumentKind(columns.kind) ? kindNames[columns.kind].one : columns.kind
  printer.line(toned('strong', `${name} ${columns.number}`), toned('faint', ` (${columns.id})`))
  printFacts(printer, life)
  printLines(printer, life)
  printMoney(printer, life, telling.zone)
  printXero(printer, life)
  printHistory(printer, life, telling)
}

const factWidth = 14

function fact(printer: Printer, name: string, value: Piece, width = factWidth): void {
  printer.line(toned('faint', `  ${name.padEnd(width)} `), value)
}

function printFacts(printer: Printer, { columns, contactName }: DocumentLife): void {
  const known = Object.entries(columns).filter(
    ([name, value]) => value !== null && value !== '' && !shownElsewhere.includes(name),
  )
  const width = Math.max(factWidth, ...known.map(([name]) => name.length))
  fact(printer, 'contact', contactText(columns['contact'], contactName), width)
  for (const [name, value] of known) fact(printer, name.replaceAll('_', ' '), String(value), width)
}

function contactText(code: LedgerColumns[string] | undefined, name: string | null): string {
  if (!code) return 'none'
  if (name === null) return `${code} (not in the ledger)`
  return name === code ? name : `${code}, ${name}`
}

function printLines(printer: Printer, { lines, columns }: DocumentLife): void {
  if (lines.length === 0) return
  printer.line()
  printer.table(
    [
      { head: 'line', align: 'right' },
      { head: 'kind' },
      { head: 'description', isFlexible: true },
      { head: 'quantity', align: 'right' },
      { head: 'price', align: 'right' },
      { head: 'amount', align: 'right' },
      { head: 'account' },
      { head: 'tax code' },
      { head: 'tax', align: 'right' },
    ],
    lines.map((line) => [
      cell(line['position']),
      cell(line['kind']),
      cell(line['description'] ?? line['item']),
      cell(line['quantity']),
      priceText(cell(line['unit_price'])),
      moneyText(cell(line['amount'])),
      cell(line['account']),
      cell(line['tax_code']),
      moneyText(cell(line['tax'])),
    ]),
    2,
  )
  const parts = ['subtotal', 'tax', 'total'].map((name) => `${name} ${moneyText(cell(columns[name]))}`)
  printer.line(`  ${parts.join(', ')}${columns['currency'] ? ` ${columns['currency']}` : ''}`)
}

function cell(value: LedgerColumns[string] | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}

function printMoney(
  printer: Printer,
  { columns, balance, state, payments, allocations, adjustments }: DocumentLife,
  zone: string,
): void {
  printer.line()
  const parts = Object.entries(balance)
    .filter(([name, amount]) => name === 'total' || name === 'due' || amount !== '0.00')
    .map(([name, amount]) => `${name} ${moneyText(amount)}`)
  printer.line(toned('strong', 'Balance: '), `${state} (${parts.join(', ')})`)
  const lines = [
    ...payments.map((paid) => ({ date: paid.date, print: () => printPaid(printer, paid, zone) })),
    ...allocations.map((applied) => ({
      date: applied.date ?? '',
      print: () => (applied.source === columns.id ? printAppliedTo : printApplied)(printer, applied),
    })),
  ]
  for (const { print } of lines.sort((one, other) => one.date.localeCompare(other.date))) print()
  for (const { at, amount, reason } of adjustments)
    printer.line(`  ${dateInZone(Date.parse(at), zone)}  adjusted by ${moneyText(amount)}: ${reason}`)
}

function printXero(printer: Printer, { xero, export: state, exportReason }: DocumentLife): void {
  printer.line()
  printer.line(
    toned('strong', 'Export: '),
    toned(state === 'exported' ? 'good' : 'caution', (state ?? 'not queued').replaceAll('_', ' ')),
    exportReason === null ? '' : `. ${exportReason}`,
  )
  if (xero === null) return
  fact(printer, 'number in Xero', xero.number ?? '')
  fact(printer, 'status in Xero', xero.status ?? '')
  fact(printer, 'id in Xero', xero.id)
  if (xero.link !== null) fact(printer, 'open it', xero.link)
}

function printHistory(
  printer: Printer,
  { findings, events, calls }: DocumentLife,
  { zone, isUnderWay }: { zone: string; isUnderWay: (call: LoggedCall) => boolean },
): void {
  if (findings.length > 0) {
    printer.line()
    printer.line(toned('strong', 'Findings'))
    printFindingGroups(printer, findings, 2)
  }
  printEvents(printer, events, zone)
  if (calls.length > 0) {
    printer.line()
    printer.line(toned('strong', 'Calls'))
    printCalls(printer, calls, isUnderWay)
  }
}
