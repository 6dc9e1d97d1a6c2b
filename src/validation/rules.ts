// The rules, listed: what is checked before anything is sent (V1, V3), in the order in which findings are reported. Each
// rule is a small function beside others of its subject; a finding blocks only its own document (V2).

import type { LedgerContact, LedgerDocument } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import type { ContactContext, InvoiceContext } from './context.ts'
import { type InvoiceView, viewInvoice } from './invoice-view.ts'

type InvoiceRule = (view: InvoiceView) => readonly Finding[]

export const invoiceRules: readonly InvoiceRule[] = []

/** Every finding of a sales invoice, in the order of the rules and then of the lines. Empty: it may be sent. */
export function checkInvoice(document: LedgerDocument, context: InvoiceContext): Finding[] {
  const view = viewInvoice(document, context)
  return invoiceRules.flatMap((rule) => rule(view))
}

export function checkContact(_contact: LedgerContact, _context: ContactContext): Finding[] {
  return []
}
