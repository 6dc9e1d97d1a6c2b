// Addresses of documents in Xero's own pages (I15), by the form in which they stand there. Xero publishes no list of them: those of
// bills, supplier credits and journals are as a tool of Xero's own makes them, the others as other programs do.

type Page = (id: string) => string

const bill: Page = (id) => `/AccountsPayable/Edit.aspx?InvoiceID=${id}`

const pages = {
  sales_invoice: (id) => `/AccountsReceivable/View.aspx?InvoiceID=${id}`,
  bill,
  order_as_bill: bill,
  sales_credit: (id) => `/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=${id}`,
  supplier_credit: (id) => `/AccountsPayable/ViewCreditNote.aspx?creditNoteID=${id}`,
  purchase_order: (id) => `/Accounts/Payable/PurchaseOrders/View/${id}`,
  journal: (id) => `/Journal/View.aspx?invoiceID=${id}`,
} as const satisfies Record<string, Page>

/** Opens the document in its own organisation, whichever one the reader was in; null without a short code. */
export function deepLink(form: keyof typeof pages, xeroId: string, shortCode: string | null): string | null {
  if (shortCode === null) return null
  const page = pages[form](encodeURIComponent(xeroId))
  return `https://go.xero.com/organisationlogin/default.aspx?shortcode=${encodeURIComponent(shortCode)}&redirecturl=${page}`
}
