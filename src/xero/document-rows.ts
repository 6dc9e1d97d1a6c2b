// The rows of Xero's lists of documents: invoices and bills, credits, purchase orders, manual journals, and the files that
// hang on them. Strict on the few members that are used, like the rows of the mirror.

import * as z from 'zod'
import { type ContentLine, contentOf } from '../accounting/content.ts'
import { zeroCents } from '../accounting/money.ts'
import type {
  CreditKind,
  EmbeddedCredit,
  FoundAttachment,
  FoundCreditNote,
  FoundDocument,
  FoundInvoice,
  FoundJournal,
  FoundPurchaseOrder,
} from './found.ts'
import { allocations, embeddedPayments } from './payment-rows.ts'
import { date, id, idOrNull, instant, money, moneyOrNull, moneyOrZero, text } from './row-values.ts'

const line = z.object({
  LineItemID: idOrNull,
  Description: text,
  AccountCode: text,
  TaxType: text,
  LineAmount: moneyOrZero,
  TaxAmount: moneyOrZero,
  Tracking: z.array(z.object({ Name: text, Option: text })).nullish(),
})
type Line = z.output<typeof line>

/** Lists without pages have no lines (§2.3): they are null, absent or an empty list. */
const lines = z
  .array(line)
  .nullish()
  .transform((list) => list ?? [])

/**
 * Null where the answer had no lines. Without tax Xero writes a tax type of its own choice on every line, so none is
 * compared. A line without account and amount only says something (§4.3).
 */
function contentOfLines(rows: readonly Line[], amounts: string | null): string | null {
  if (rows.length === 0) return null
  return contentOf(
    rows.map((row): ContentLine => {
      const isTaxless = amounts === 'NoTax' || (row.AccountCode === null && row.LineAmount === 0)
      return {
        description: row.Description ?? '',
        account: row.AccountCode,
        taxType: isTaxless ? null : row.TaxType,
        amount: row.LineAmount,
        tax: isTaxless ? zeroCents : row.TaxAmount,
        tracking: (row.Tracking ?? []).map(({ Name, Option }) => ({
          category: Name ?? '',
          option: Option ?? '',
        })),
      }
    }),
  )
}

/** All or none: ids that stand for fewer lines than there are would be put on the wrong ones. */
function idsOfLines(rows: readonly Line[]): string[] {
  const ids = rows.flatMap((row) => row.LineItemID ?? [])
  return ids.length === rows.length ? ids : []
}

/** What every document with lines has, whatever its id and number are called. */
const documentMembers = {
  Reference: text,
  Contact: z.object({ ContactID: id }),
  DateString: date,
  Date: date,
  DueDateString: date,
  DueDate: date,
  CurrencyCode: z.string(),
  LineAmountTypes: text,
  LineItems: lines,
  Total: money,
  TotalTax: money,
  Status: z.string(),
  Url: text,
  UpdatedDateUTC: instant,
}
const documentShape = z.object(documentMembers)

function documentOf(
  row: z.output<typeof documentShape>,
  xeroId: string,
  number: string | null,
): FoundDocument {
  return {
    xeroId,
    number,
    reference: row.Reference,
    contactId: row.Contact.ContactID,
    date: row.DateString ?? row.Date,
    dueDate: row.DueDateString ?? row.DueDate,
    currency: row.CurrencyCode,
    total: row.Total,
    tax: row.TotalTax,
    status: row.Status,
    url: row.Url,
    lineIds: idsOfLines(row.LineItems),
    content: contentOfLines(row.LineItems, row.LineAmountTypes),
    updatedAt: row.UpdatedDateUTC,
  }
}

/** What stands under an invoice of the credits that take something off it. */
const embeddedNotes = z
  .array(z.object({ CreditNoteID: id, AppliedAmount: moneyOrNull }))
  .nullish()
  .transform((list) => (list ?? []).map((row) => embedded('credit_note', row.CreditNoteID, row)))
const embeddedPrepayments = z
  .array(z.object({ PrepaymentID: id, AppliedAmount: moneyOrNull }))
  .nullish()
  .transform((list) => (list ?? []).map((row) => embedded('prepayment', row.PrepaymentID, row)))
const embeddedOverpayments = z
  .array(z.object({ OverpaymentID: id, AppliedAmount: moneyOrNull }))
  .nullish()
  .transform((list) => (list ?? []).map((row) => embedded('overpayment', row.OverpaymentID, row)))

function embedded(
  kind: CreditKind,
  xeroId: string,
  row: { AppliedAmount: EmbeddedCredit['applied'] },
): EmbeddedCredit {
  return { kind, xeroId, applied: row.AppliedAmount }
}

const invoiceRow = z
  .object({
    ...documentMembers,
    InvoiceID: id,
    Type: z.string(),
    InvoiceNumber: text,
    AmountPaid: moneyOrZero,
    AmountCredited: moneyOrZero,
    AmountDue: money,
    Payments: embeddedPayments,
    CreditNotes: embeddedNotes,
    Prepayments: embeddedPrepayments,
    Overpayments: embeddedOverpayments,
  })
  .transform(
    (row): FoundInvoice => ({
      ...documentOf(row, row.InvoiceID, row.InvoiceNumber),
      type: row.Type,
      amountPaid: row.AmountPaid,
      amountCredited: row.AmountCredited,
      amountDue: row.AmountDue,
      payments: row.Payments,
      credits: [...row.CreditNotes, ...row.Prepayments, ...row.Overpayments],
    }),
  )
export const invoiceRows = z.object({ Invoices: z.array(invoiceRow) }).transform((list) => list.Invoices)

const creditNoteRow = z
  .object({
    ...documentMembers,
    CreditNoteID: id,
    Type: z.string(),
    CreditNoteNumber: text,
    RemainingCredit: money,
    Allocations: allocations,
    Payments: embeddedPayments,
  })
  .transform(
    (row): FoundCreditNote => ({
      ...documentOf(row, row.CreditNoteID, row.CreditNoteNumber),
      type: row.Type,
      remaining: row.RemainingCredit,
      allocations: row.Allocations,
      payments: row.Payments,
    }),
  )
export const creditNoteRows = z
  .object({ CreditNotes: z.array(creditNoteRow) })
  .transform((list) => list.CreditNotes)

const purchaseOrderRow = z
  .object({ ...documentMembers, PurchaseOrderID: id, PurchaseOrderNumber: text })
  .transform((row): FoundPurchaseOrder => documentOf(row, row.PurchaseOrderID, row.PurchaseOrderNumber))
export const purchaseOrderRows = z
  .object({ PurchaseOrders: z.array(purchaseOrderRow) })
  .transform((list) => list.PurchaseOrders)

/** A journal has no number, no contact, no currency and no total of its own (§4.7). */
const journalRow = z
  .object({
    ManualJournalID: id,
    Narration: text,
    Date: date,
    LineAmountTypes: text,
    JournalLines: lines,
    Status: z.string(),
    Url: text,
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): FoundJournal => ({
      xeroId: row.ManualJournalID,
      status: row.Status,
      narration: row.Narration ?? '',
      date: row.Date,
      url: row.Url,
      content: contentOfLines(row.JournalLines, row.LineAmountTypes),
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const journalRows = z
  .object({ ManualJournals: z.array(journalRow) })
  .transform((list) => list.ManualJournals)

const attachmentRow = z
  .object({ AttachmentID: id, FileName: z.string(), ContentLength: z.number().int() })
  .transform(
    (row): FoundAttachment => ({
      xeroId: row.AttachmentID,
      fileName: row.FileName,
      bytes: row.ContentLength,
    }),
  )
export const attachmentRows = z
  .object({ Attachments: z.array(attachmentRow) })
  .transform((list) => list.Attachments)
