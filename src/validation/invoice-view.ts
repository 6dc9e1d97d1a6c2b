// A sales invoice as the rules look at it: the document with what books and totals make of each line, worked out once for
// all rules. Rules judge it; this file judges nothing.

import { salesAccountOf, salesTaxTypeOf, xeroAccountOf } from '../accounting/books.ts'
import type { DocumentLine, LedgerDocument, MirrorAccount, TrackingPair } from '../accounting/documents.ts'
import type { Finding, FindingCode, Severity } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import { documentTotals, type FittingTotals, type UnfittingTotals } from '../accounting/totals.ts'
import { isNoteLine } from '../mapping/posted-lines.ts'
import { trackingOf } from '../mapping/tracking.ts'
import type { InvoiceContext } from './context.ts'

export interface LineView {
  /** From 1, as in `lines[2].account`. */
  position: number
  line: DocumentLine
  isNote: boolean
  /** The code in Xero; null where none is known. */
  account: string | null
  /** That account in the mirror; null where it is not there or nothing was read yet. */
  mirrorAccount: MirrorAccount | null
  taxType: string | null
  /** Its own pairs or the entity's defaults; none for a note. */
  tracking: readonly TrackingPair[]
}

export interface InvoiceView {
  document: LedgerDocument
  context: InvoiceContext
  lines: readonly LineView[]
  /** Null where an amount is too large to add up. */
  totals: FittingTotals | UnfittingTotals | null
}

/** The largest line amount that Xero takes: 9,999,999,999.99 (§4.3). */
export const lineAmountMax = 999_999_999_999

export function viewInvoice(document: LedgerDocument, context: InvoiceContext): InvoiceView {
  const lines = document.lines.map((line, index) => viewLine(line, index + 1, context))
  const amounts = [document.subtotal, document.tax, document.total]
  for (const { amount, tax } of document.lines) amounts.push(amount, tax)
  const isSane = amounts.every((amount) => Math.abs(amount) <= lineAmountMax)
  return { document, context, lines, totals: isSane ? documentTotals(document, context.books) : null }
}

function viewLine(line: DocumentLine, position: number, { books }: InvoiceContext): LineView {
  const ledgerAccount = salesAccountOf(line, books)
  const account = ledgerAccount === null ? null : xeroAccountOf(ledgerAccount, books)
  const isNote = isNoteLine(line, books)
  return {
    position,
    line,
    isNote,
    account,
    mirrorAccount: account === null ? null : (books.mirror?.accounts.get(account) ?? null),
    taxType: salesTaxTypeOf(line, books),
    tracking: isNote ? [] : trackingOf(line, books),
  }
}

/** What a rule says; the rest of the finding is the document's. */
export interface Complaint {
  code: FindingCode
  severity?: Severity
  field?: string
  /** After the document's name: "has no contact." */
  message: string
  why: string
  fix: string
}

/** "Invoice INV-7 has no contact." with why and fix. */
export function complain(view: InvoiceView, complaint: Complaint): Finding {
  return documentFinding(view.document, complaint, '')
}

/** "Invoice INV-7, line 2, has no account." The field is the line's. */
export function complainOfLine(view: InvoiceView, line: LineView, complaint: Complaint): Finding {
  const field = `lines[${line.position}]${complaint.field ? `.${complaint.field}` : ''}`
  return documentFinding(view.document, { ...complaint, field }, `, line ${line.position},`)
}

function documentFinding(document: LedgerDocument, complaint: Complaint, place: string): Finding {
  const name = kindNames[document.kind].one
  const number = document.number.trim() || document.id
  return {
    kind: document.kind,
    id: document.id,
    number,
    code: complaint.code,
    severity: complaint.severity ?? 'error',
    field: complaint.field ?? null,
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${number}${place} ${complaint.message}`,
    why: complaint.why,
    fix: complaint.fix,
    xeroMessages: [],
  }
}
