// The rows of the feeds that tell what became of money in Xero: credits of every kind, and documents as summaries. Payments are
// payment-rows.ts. Strict on the few members that are used.

import * as z from 'zod'
import type { CreditKind, DocumentSummary, FeedCredit } from './found.ts'
import { allocationsOrNull } from './payment-rows.ts'
import { date, id, instant, money, moneyOrNull, rateOrNull, text } from './row-values.ts'

const creditMembers = {
  Type: z.string(),
  Reference: text,
  Status: z.string(),
  Contact: z.object({ ContactID: id }),
  CurrencyCode: z.string(),
  CurrencyRate: rateOrNull,
  DateString: date,
  Date: date,
  Total: money,
  RemainingCredit: money,
  Allocations: allocationsOrNull,
  UpdatedDateUTC: instant,
}
const creditShape = z.object(creditMembers)

function creditOf(
  row: z.output<typeof creditShape>,
  named: Pick<FeedCredit, 'kind' | 'xeroId' | 'number'>,
): FeedCredit {
  return {
    ...named,
    type: row.Type,
    reference: row.Reference,
    status: row.Status,
    contactId: row.Contact.ContactID,
    currency: row.CurrencyCode,
    rate: row.CurrencyRate,
    date: row.DateString ?? row.Date,
    total: row.Total,
    remaining: row.RemainingCredit,
    allocations: row.Allocations,
    updatedAt: row.UpdatedDateUTC,
  }
}

const creditNote = z
  .object({ ...creditMembers, CreditNoteID: id, CreditNoteNumber: text })
  .transform((row) =>
    creditOf(row, { kind: 'credit_note', xeroId: row.CreditNoteID, number: row.CreditNoteNumber }),
  )
const prepayment = z
  .object({ ...creditMembers, PrepaymentID: id })
  .transform((row) => creditOf(row, { kind: 'prepayment', xeroId: row.PrepaymentID, number: null }))
const overpayment = z
  .object({ ...creditMembers, OverpaymentID: id })
  .transform((row) => creditOf(row, { kind: 'overpayment', xeroId: row.OverpaymentID, number: null }))

export const feedCreditRows: Record<CreditKind, z.ZodType<FeedCredit[]>> = {
  credit_note: z.object({ CreditNotes: z.array(creditNote) }).transform((list) => list.CreditNotes),
  prepayment: z.object({ Prepayments: z.array(prepayment) }).transform((list) => list.Prepayments),
  overpayment: z.object({ Overpayments: z.array(overpayment) }).transform((list) => list.Overpayments),
}

const summary = z
  .object({
    InvoiceID: id,
    Type: z.string(),
    InvoiceNumber: text,
    Status: z.string(),
    Total: money,
    AmountPaid: moneyOrNull,
    AmountCredited: moneyOrNull,
    AmountDue: moneyOrNull,
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): DocumentSummary => ({
      xeroId: row.InvoiceID,
      type: row.Type,
      number: row.InvoiceNumber,
      status: row.Status,
      total: row.Total,
      paid: row.AmountPaid,
      credited: row.AmountCredited,
      due: row.AmountDue,
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const summaryRows = z.object({ Invoices: z.array(summary) }).transform((list) => list.Invoices)
