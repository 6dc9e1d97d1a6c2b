// Addresses of documents in Xero's own pages (I15).

import type { DocumentKind } from '../accounting/kinds.ts'

/** A new kind is a new row; null where Xero's page of it is not known. */
const pages: Record<DocumentKind, ((id: string) => string) | null> = {
  invoice: (id) => `/AccountsReceivable/View.aspx?InvoiceID=${id}`,
  bill: (id) => `/AccountsPayable/View.aspx?InvoiceID=${id}`,
  credit_note: (id) => `/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=${id}`,
  supplier_credit: (id) => `/AccountsPayable/ViewCreditNote.aspx?creditNoteID=${id}`,
  purchase_order: null,
}

/** Opens the document in its own organisation, whichever one the reader was in; null without a short code. */
export function deepLink(kind: DocumentKind, xeroId: string, shortCode: string | null): string | null {
  const page = pages[kind]
  if (page === null || shortCode === null) return null
  return `https://go.xero.com/organisationlogin/default.aspx?shortcode=${encodeURIComponent(shortCode)}&redirecturl=${page(encodeURIComponent(xeroId))}`
}
