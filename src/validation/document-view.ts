// A document as the rules look at it: the document with what books and totals make of each line, worked out once for
// all rules. Rules judge it; this file judges nothing.

import { accountOf, type Books, type Side, sideOf, taxTypeOf, xeroAccountOf } from '../accounting/books.ts'
import type { DocumentLine, LedgerDocument, TrackingPair } from '../accounting/documents.ts'
import type { Finding, FindingCode, Severity } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import { documentTotals, type FittingTotals, type UnfittingTotals } from '../accounting/totals.ts'
import { type DocumentForm, formOf, inForm } from '../mapping/document-form.ts'
import { isNoteLine } from '../mapping/posted-lines.ts'
import { trackingOf } from '../mapping/tracking.ts'
import type { DocumentContext } from './context.ts'

export interface LineView {
  /** From 1, as in `lines[2].account`. */
  position: number
  line: DocumentLine
  isNote: boolean
  /** The code in Xero; null where none is known. */
  account: string | null
  taxType: string | null
  /** Its own pairs or the entity's defaults; none for a note. */
  tracking: readonly TrackingPair[]
}

export interface DocumentView {
  document: LedgerDocument
  form: DocumentForm
  side: Side
  /** The document with the signs that go to Xero; `totals` are of this one. */
  sent: LedgerDocument
  context: DocumentContext
  lines: readonly LineView[]
  /** Null where an amount is too large to add up. */
  totals: FittingTotals | UnfittingTotals | null
}

/** The largest line amount that Xero takes: 9,999,999,999.99 (§4.3). */
export const lineAmountMax = 999_999_999_999

export function viewDocument(document: LedgerDocument, context: DocumentContext): DocumentView {
  const side = sideOf(document.kind)
  const form = context.exportedBefore?.form ?? formOf(document, context.books)
  const sent = inForm(document, form)
  const amounts = [document.subtotal, document.tax, document.total]
  for (const { amount, tax } of document.lines) amounts.push(amount, tax)
  const isSane = amounts.every((amount) => Math.abs(amount) <= lineAmountMax)
  return {
    document,
    form,
    side,
    sent,
    context,
    lines: document.lines.map((line, index) => viewLine(line, index + 1, side, context)),
    totals: isSane ? documentTotals(sent, form === 'journal' ? inBase(context.books) : context.books) : null,
  }
}

/** Xero's journals know only the organisation's currency (J4). */
function inBase(books: Books): Books {
  return { ...books, settings: { ...books.settings, foreign_currency: 'base' } }
}

function viewLine(line: DocumentLine, position: number, side: Side, { books }: DocumentContext): LineView {
  const ledgerAccount = accountOf(line, side, books)
  const account = ledgerAccount === null ? null : xeroAccountOf(ledgerAccount, books)
  const isNote = isNoteLine(line, side, books)
  return {
    position,
    line,
    isNote,
    account,
    taxType: taxTypeOf(line, side, books),
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
export function complain(view: DocumentView, complaint: Complaint): Finding {
  return documentFinding(view.document, complaint, '')
}

/** "Invoice INV-7, line 2, has no account." The field is the line's. */
export function complainOfLine(view: DocumentView, line: LineView, complaint: Complaint): Finding {
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
