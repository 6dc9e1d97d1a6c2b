// Payments, and what credits, prepayments and overpayments take off documents, as lines that a bookkeeper reads; and the events of
// a document's or a payment's life.

import type { ExportState } from '../accounting/kinds.ts'
import { instantText, moneyText } from './figures.ts'
import { type Printer, toned } from './terminal.ts'

/** A payment on a document, as `show --json` has it. */
export interface PaidLine {
  id: string
  kind: string
  date: string
  amount: string
  origin: 'ledger' | 'external'
  state: 'received' | 'applied' | 'deleted'
  deletedAt: string | null
  deletedBy: 'ledger' | 'xero' | null
  export: ExportState | null
  xeroId: string | null
}

/** What a credit, prepayment or overpayment takes off a document, as `show --json` has it. */
export interface AppliedLine {
  source: string
  kind: 'credit_note' | 'prepayment' | 'overpayment'
  number: string | null
  sourceDate: string | null
  sourceTotal: string | null
  document: string
  documentNumber: string | null
  amount: string
  ledgerAmount: string | null
  date: string | null
  origin: 'ledger' | 'external'
  xeroId: string | null
}

export interface LifeEvent {
  at: string
  who: string
  what: string
  detail: string | null
}

/** "2026-11-12  payment of 40.00, made in Xero, deleted in Xero on 23 Nov 2026 09:12 GMT+13" */
export function printPaid(printer: Printer, paid: PaidLine, zone: string, on: string | null = null): void {
  const isTheirs = paid.origin === 'external'
  printer.line(
    `  ${paid.date}  ${paidText(paid, zone, on)}`,
    ...(isTheirs ? [toned('faint', `  (payment:${paid.id})`)] : []),
  )
}

/** The same without its date. */
export function paidText(paid: PaidLine, zone: string, on: string | null = null): string {
  const name = paid.kind === 'journal' ? 'payment by journal' : paid.kind
  const isTheirs = paid.origin === 'external'
  return [
    `${name}${isTheirs ? '' : ` ${paid.id}`} of ${moneyText(paid.amount)}${on === null ? '' : ` on ${on}`}`,
    ...(isTheirs ? ['made in Xero'] : []),
    ...(paid.state === 'deleted' ? [deletedText(paid, zone)] : []),
    ...(paid.state === 'deleted' || paid.export === null ? [] : wayText[paid.export]),
  ].join(', ')
}

/** Where it stands, as long as it is not in Xero. */
const wayText: Record<ExportState, readonly string[]> = {
  pending: ['not in Xero yet'],
  skipped: ['not in Xero yet'],
  failed: ['not in Xero: it was refused'],
  held: ['held back'],
  sending: ['on its way to Xero'],
  uncertain: ['not known yet whether Xero has it'],
  exported: [],
  mock_exported: [],
}

/** "deleted in Xero on 23 Nov 2026 09:12 GMT+13" */
export function deletedText(
  { deletedAt, deletedBy }: Pick<PaidLine, 'deletedAt' | 'deletedBy'>,
  zone: string,
): string {
  const where = deletedBy === 'xero' ? 'in Xero' : 'in the ledger'
  // An exporting system may write a date alone, which no zone moves.
  const when = deletedAt?.includes('T') ? instantText(deletedAt, zone) : deletedAt
  return `deleted ${where}${when ? ` on ${when}` : ''}`
}

/** On a document: "2026-11-12  overpayment of 90.00 of 2026-11-10: 30.00 applied in Xero". */
export function printApplied(printer: Printer, applied: AppliedLine): void {
  const isTheirs = applied.source.startsWith('xero:')
  printer.line(
    `  ${applied.date ?? ''}  ${appliedLineText(applied)}`,
    ...(isTheirs && applied.kind !== 'credit_note' ? [toned('faint', `  (payment:${applied.source})`)] : []),
  )
}

/** Of the credit, prepayment or overpayment itself: "2026-11-12  30.00 applied in Xero to INV-7". */
export function printAppliedTo(printer: Printer, applied: AppliedLine): void {
  printer.line(`  ${applied.date ?? ''}  ${appliedToText(applied)}`)
}

export function appliedLineText(applied: AppliedLine): string {
  return `${creditText(applied)}: ${appliedText(applied)}`
}

export function appliedToText(applied: AppliedLine): string {
  return appliedText(applied, ` to ${applied.documentNumber || applied.document}`)
}

function creditText({ kind, number, source, sourceTotal, sourceDate }: AppliedLine): string {
  const name = number || (source.startsWith('xero:') ? null : source)
  return [
    kind.replace('_', ' '),
    ...(name === null ? [] : [name]),
    ...(sourceTotal === null ? [] : [`of ${moneyText(sourceTotal)}`]),
    ...(sourceDate === null ? [] : [`of ${sourceDate}`]),
  ].join(' ')
}

function appliedText({ amount, ledgerAmount, origin }: AppliedLine, to = ''): string {
  const told = `${moneyText(amount)} applied${origin === 'external' ? ' in Xero' : ''}${to}`
  return ledgerAmount === null ? told : `${told} (${moneyText(ledgerAmount)} in the ledger, changed in Xero)`
}

/** Oldest first; what the pull saw was done by somebody in Xero, which the words say. */
export function printEvents(printer: Printer, events: readonly LifeEvent[], zone: string): void {
  if (events.length === 0) return
  printer.line()
  printer.line(toned('strong', 'Events'))
  for (const { at, who, what, detail } of events) {
    const by = who === 'Xero' ? '' : `, by ${who}`
    printer.line(`  ${instantText(at, zone)}  ${what}${by}${detail === null ? '' : `: ${detail}`}`)
  }
}
