// One payment's whole life as a person reads it: what was received, what it is on, what was given back. The same object is the JSON of
// `show payment:ID`.

import type { Finding } from '../accounting/findings.ts'
import { kindNames, type PaymentKind, type ThingKind } from '../accounting/kinds.ts'
import { type LoggedCall, printCalls } from './calls-report.ts'
import type { LedgerColumns } from './decimal-rows.ts'
import { moneyText } from './figures.ts'
import { printFindingGroups } from './finding-groups.ts'
import {
  type AppliedLine,
  deletedText,
  type LifeEvent,
  type PaidLine,
  printAppliedTo,
  printEvents,
  printPaid,
} from './money-lines.ts'
import { type Printer, toned } from './terminal.ts'

export interface PaymentLife {
  /** The payment's columns. */
  columns: LedgerColumns & { id: string; kind: PaymentKind; entity: string }
  contactName: string | null
  /** The prepayment or overpayment that it is in Xero, as read last; null for payments, which stand there on their documents. */
  xero: { id: string; kind: string; status: string; total: string; remaining: string } | null
  /** What it pays, a document each. */
  payments: readonly (PaidLine & { document: string; documentNumber: string | null })[]
  /** What the prepayment or overpayment is applied to. */
  allocations: readonly AppliedLine[]
  refunds: readonly PaidLine[]
  /** What was or is to be sent of it. */
  exports: readonly {
    kind: ThingKind
    id: string
    state: string
    reason: string | null
    xeroId: string | null
    xeroStatus: string | null
  }[]
  calls: readonly LoggedCall[]
  findings: readonly Finding[]
  events: readonly LifeEvent[]
}

/** Shown in the head, or by another name. */
const shownElsewhere = ['id', 'kind', 'contact', 'amount', 'currency', 'origin', 'deleted_at', 'deleted_by']

export function printPayment(
  printer: Printer,
  life: PaymentLife,
  telling: { zone: string; isUnderWay: (call: LoggedCall) => boolean },
): void {
  const { columns } = life
  const name = life.xero?.kind ?? columns.kind
  printer.line(toned('strong', `${name} ${columns.id}`))
  printFacts(printer, life, telling.zone)
  printParts(printer, life, telling.zone)
  printExports(printer, life)
  if (life.findings.length > 0) {
    printer.line()
    printer.line(toned('strong', 'Findings'))
    printFindingGroups(printer, life.findings, 2)
  }
  printEvents(printer, life.events, telling.zone)
  if (life.calls.length === 0) return
  printer.line()
  printer.line(toned('strong', 'Calls'))
  printCalls(printer, life.calls, telling.isUnderWay)
}

function printFacts(printer: Printer, { columns, contactName, xero }: PaymentLife, zone: string): void {
  const fact = (name: string, value: string) => printer.line(toned('faint', `  ${name.padEnd(14)} `), value)
  const currency = columns['currency'] ? ` ${columns['currency']}` : ''
  fact('amount', `${moneyText(String(columns['amount']))}${currency}`)
  fact('contact', contactName ?? String(columns['contact'] ?? 'none'))
  fact('made in', columns['origin'] === 'external' ? 'Xero' : 'the ledger')
  for (const [name, value] of Object.entries(columns)) {
    if (value === null || value === '' || shownElsewhere.includes(name)) continue
    const isEnd = name === 'state' && value === 'deleted'
    fact(name.replaceAll('_', ' '), isEnd ? endText(columns, zone) : String(value))
  }
  if (xero === null) return
  fact(
    'in Xero',
    `${xero.kind} of ${moneyText(xero.total)}, ${xero.status}: ${moneyText(xero.remaining)} left`,
  )
  fact('id in Xero', xero.id)
}

function endText(columns: LedgerColumns, zone: string): string {
  const { deleted_at: deletedAt, deleted_by: deletedBy } = columns
  return deletedText(
    {
      deletedAt: typeof deletedAt === 'string' ? deletedAt : null,
      deletedBy: deletedBy === 'xero' ? 'xero' : 'ledger',
    },
    zone,
  )
}

function printParts(printer: Printer, { payments, allocations, refunds }: PaymentLife, zone: string): void {
  if (payments.length + allocations.length + refunds.length === 0) return
  printer.line()
  for (const part of payments) printPaid(printer, part, zone, part.documentNumber || part.document)
  for (const part of allocations) printAppliedTo(printer, part)
  for (const refund of refunds) printPaid(printer, refund, zone)
}

function printExports(printer: Printer, { exports }: PaymentLife): void {
  if (exports.length === 0) return
  printer.line()
  printer.line(toned('strong', 'Export'))
  for (const { kind, id, state, reason, xeroId, xeroStatus } of exports) {
    const inXero = [xeroStatus, xeroId].filter((word) => word !== null).join(' ')
    const told = [state.replaceAll('_', ' '), ...(inXero === '' ? [] : [inXero])].join(', ')
    printer.line(
      `  ${kindNames[kind].one} ${id}: `,
      toned(state === 'exported' ? 'good' : 'caution', told),
      reason === null ? '' : `. ${reason}`,
    )
  }
}
