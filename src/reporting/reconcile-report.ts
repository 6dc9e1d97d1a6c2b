// A reconciliation (V4) for people at a terminal: the sum of it, the problems, the totals, then the rest. For programs it is
// reconcile-data.ts, to print and sign reconcile-page.ts.

import { kindNames } from '../accounting/kinds.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import {
  countReconciled,
  type KindTotal,
  type ReconciledDocument,
  type Reconciliation,
  totalsOf,
} from '../accounting/reconciliation.ts'
import { firstOf, moneyText } from './figures.ts'
import { freshnessText, leftOutTexts, summaryText } from './reconcile-texts.ts'
import { type Column, type Piece, type Printer, toned } from './terminal.ts'

export interface ReconcileTelling {
  /** Only the problems. */
  isBrief: boolean
  /** ms since 1970. */
  now: number
}

export const amountText = (amount: Cents | null | undefined) =>
  amount === null || amount === undefined ? '' : moneyText(formatCents(amount))

export function allDocuments({ organisations }: Reconciliation): ReconciledDocument[] {
  return organisations.flatMap(({ documents }) => documents)
}

export function problemsOf(report: Reconciliation): ReconciledDocument[] {
  return allDocuments(report).filter(({ verdict }) => verdict.result === 'problem')
}

/** What is said beside a document: what is wrong, or why it was not compared. */
export function verdictText({ verdict }: ReconciledDocument): string {
  if (verdict.result === 'agrees') return ''
  return verdict.result === 'problem' ? verdict.text : verdict.why
}

/** "sent, part-paid" of the ledger; Xero's word. */
export function statusText({ ledger, xero }: Pick<ReconciledDocument, 'ledger' | 'xero'>): string {
  const own = ledger === null ? 'none' : ledger.status === 'sent' ? ledger.state : ledger.status
  return `${own} / ${xero?.status ?? 'none'}`
}

/** To do, each once, with the numbers of those that it is for. */
export function remedies(problems: readonly ReconciledDocument[]): { fix: string; numbers: string[] }[] {
  const byFix = new Map<string, string[]>()
  for (const { verdict, number } of problems) {
    if (verdict.result !== 'problem') continue
    const numbers = byFix.get(verdict.fix) ?? []
    byFix.set(verdict.fix, numbers)
    numbers.push(number)
  }
  return [...byFix].map(([fix, numbers]) => ({ fix, numbers }))
}

export function printReconciliation(
  printer: Printer,
  report: Reconciliation,
  telling: ReconcileTelling,
): void {
  const { problems } = countReconciled(report)
  printer.line(toned(problems > 0 ? 'bad' : 'good', summaryText(report)))
  for (const text of leftOutTexts(report)) printer.line(text)
  for (const one of report.organisations) {
    printer.line(toned('faint', freshnessText(one, telling.now)))
    for (const note of one.notes) printer.entry(0, toned('caution', 'Note: '), note)
  }
  printProblems(printer, problemsOf(report))
  if (telling.isBrief) return
  printTotals(printer, totalsOf(allDocuments(report)))
  printAccounts(printer, report)
  printOthers(printer, report)
}

const documentColumns: Column[] = [
  { head: 'number' },
  { head: 'kind' },
  { head: 'entity', isSpare: true },
  { head: 'date' },
  { head: 'total', align: 'right' },
  { head: 'in Xero', align: 'right' },
  { head: 'due', align: 'right', isSpare: true },
  { head: 'due in Xero', align: 'right', isSpare: true },
  { head: 'variance', align: 'right' },
  { head: 'status', isSpare: true },
]

function documentCells(one: ReconciledDocument): Piece[] {
  return [
    one.number,
    kindNames[one.kind].one,
    one.entity,
    one.date ?? '',
    amountText(one.ledger?.total),
    amountText(one.xero?.total),
    amountText(one.ledger?.due),
    amountText(one.xero?.due),
    `${amountText(one.variance)} ${one.currency}`,
    statusText(one),
  ]
}

function printProblems(printer: Printer, problems: readonly ReconciledDocument[]): void {
  if (problems.length === 0) return
  head(printer, 'Problems')
  printer.table(
    [...documentColumns, { head: 'problem', isFlexible: true }],
    problems.map((one) => [...documentCells(one), toned('bad', verdictText(one))]),
  )
  head(printer, 'To do')
  for (const { fix, numbers } of remedies(problems)) printer.entry(0, `${firstOf(numbers, 10)}: `, fix)
}

function head(printer: Printer, text: string): void {
  printer.line()
  printer.line(toned('strong', text))
}

function printTotals(printer: Printer, totals: readonly KindTotal[]): void {
  if (totals.length === 0) return
  head(printer, 'Totals')
  printer.table(
    [
      { head: 'kind' },
      { head: 'currency' },
      { head: 'documents', align: 'right' },
      { head: 'in Xero', align: 'right' },
      { head: 'ledger', align: 'right' },
      { head: 'Xero', align: 'right' },
      { head: 'variance', align: 'right' },
      { head: 'due', align: 'right', isSpare: true },
      { head: 'due in Xero', align: 'right', isSpare: true },
    ],
    totals.map(({ kind, currency, ledger, xero, variance }) => [
      kindNames[kind].many,
      currency,
      String(ledger.documents),
      String(xero.documents),
      amountText(ledger.total),
      amountText(xero.total),
      toned(variance === 0 ? 'good' : 'bad', amountText(variance)),
      amountText(ledger.due),
      amountText(xero.due),
    ]),
  )
}

/** What the section of accounts means: it has no exit code, since people post to the same accounts. */
export const accountsText =
  'Documents, journals, costs of goods and stock movements of the ledger, without tax; debits above zero. Payments, receivables and payables are not among them. Xero’s figures are the month’s own movement, with what people post there.'

function printAccounts(printer: Printer, report: Reconciliation): void {
  for (const { accounts, accountsNotCompared, organisation } of report.organisations) {
    if (accounts.length === 0) continue
    head(printer, `Accounts of ${organisation}`)
    printer.entry(0, '', accountsNotCompared ?? accountsText)
    printer.table(
      [
        { head: 'account' },
        { head: 'name', isFlexible: true },
        { head: 'ledger', align: 'right' },
        { head: 'Xero', align: 'right' },
        { head: 'variance', align: 'right' },
      ],
      accounts.map((one) => [
        one.account,
        one.name,
        amountText(one.ledger),
        amountText(one.xero),
        toned(one.variance === 0 || !one.isStock ? 'good' : 'caution', amountText(one.variance)),
      ]),
    )
  }
}

function printOthers(printer: Printer, report: Reconciliation): void {
  const foreign = report.organisations.flatMap(({ onlyInXero }) => onlyInXero)
  if (foreign.length > 0) {
    head(printer, 'Only in Xero, made by people')
    printer.table(
      [
        { head: 'number' },
        { head: 'kind' },
        { head: 'contact', isFlexible: true },
        { head: 'date' },
        { head: 'total', align: 'right' },
        { head: 'due', align: 'right' },
        { head: 'status' },
      ],
      foreign.map((one) => [
        one.number ?? '',
        kindNames[one.kind].one,
        one.contact ?? '',
        one.date ?? '',
        `${amountText(one.total)} ${one.currency}`,
        amountText(one.due),
        one.status,
      ]),
    )
  }
  const rest = allDocuments(report)
  const apart = rest.filter(({ verdict }) => verdict.result === 'not_compared')
  if (apart.length > 0) {
    head(printer, 'Not compared')
    printer.table(
      [...documentColumns, { head: 'why', isFlexible: true }],
      apart.map((one) => [...documentCells(one), verdictText(one)]),
    )
  }
  const agreed = rest.filter(({ verdict }) => verdict.result === 'agrees')
  if (agreed.length === 0) return
  head(printer, 'Agree')
  printer.table(documentColumns, agreed.map(documentCells))
}
