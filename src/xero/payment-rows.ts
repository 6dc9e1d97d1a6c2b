// The rows of Xero's lists of money: payments, bank transactions, prepayments and overpayments, and what of them stands
// embedded in documents. Strict on the few members that are used, like the rows of the mirror.

import * as z from 'zod'
import type {
  EmbeddedPayment,
  FoundAllocation,
  FoundBankTransaction,
  FoundCredit,
  FoundPayment,
} from './found.ts'
import { date, id, idOrNull, instant, money, text } from './row-values.ts'

const embeddedPayment = z.object({ PaymentID: id, Date: date, Amount: money, Reference: text }).transform(
  (row): EmbeddedPayment => ({
    xeroId: row.PaymentID,
    date: row.Date,
    amount: row.Amount,
    reference: row.Reference,
  }),
)
export const embeddedPayments = z
  .array(embeddedPayment)
  .nullish()
  .transform((list) => list ?? [])

const allocation = z
  .object({ AllocationID: idOrNull, Invoice: z.object({ InvoiceID: id }), Amount: money, Date: date })
  .transform(
    (row): FoundAllocation => ({
      allocationId: row.AllocationID,
      invoiceId: row.Invoice.InvoiceID,
      amount: row.Amount,
      date: row.Date,
    }),
  )
/** Null where the row has no such list. */
export const allocationsOrNull = z
  .array(allocation)
  .nullish()
  .transform((list) => list ?? null)
export const allocations = allocationsOrNull.transform((list) => list ?? [])

/** The target of a refund stands under `Invoice` too, the credit's id in the place of an invoice's (§4.5). */
const paymentRow = z
  .object({
    PaymentID: id,
    Status: z.string(),
    PaymentType: z.string(),
    Invoice: z.object({ InvoiceID: idOrNull }).nullish(),
    CreditNote: z.object({ CreditNoteID: idOrNull }).nullish(),
    Prepayment: z.object({ PrepaymentID: idOrNull }).nullish(),
    Overpayment: z.object({ OverpaymentID: idOrNull }).nullish(),
    Amount: money,
    Date: date,
    Reference: text,
    Account: z.object({ AccountID: idOrNull, Code: text }).nullish(),
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): FoundPayment => ({
      xeroId: row.PaymentID,
      status: row.Status,
      type: row.PaymentType,
      targetId:
        row.Invoice?.InvoiceID ??
        row.CreditNote?.CreditNoteID ??
        row.Prepayment?.PrepaymentID ??
        row.Overpayment?.OverpaymentID ??
        null,
      amount: row.Amount,
      date: row.Date,
      reference: row.Reference,
      account: row.Account?.Code ?? row.Account?.AccountID ?? null,
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const paymentRows = z.object({ Payments: z.array(paymentRow) }).transform((list) => list.Payments)

const bankTransactionRow = z
  .object({
    BankTransactionID: id,
    Type: z.string(),
    PrepaymentID: idOrNull,
    OverpaymentID: idOrNull,
    Status: z.string(),
    Contact: z.object({ ContactID: idOrNull }).nullish(), // transfers have none
    CurrencyCode: z.string(),
    DateString: date,
    Date: date,
    Total: money,
    Reference: text,
    UpdatedDateUTC: instant,
  })
  .transform(
    (row): FoundBankTransaction => ({
      xeroId: row.BankTransactionID,
      type: row.Type,
      creditId: row.PrepaymentID ?? row.OverpaymentID,
      status: row.Status,
      contactId: row.Contact?.ContactID ?? null,
      currency: row.CurrencyCode,
      date: row.DateString ?? row.Date,
      total: row.Total,
      reference: row.Reference,
      updatedAt: row.UpdatedDateUTC,
    }),
  )
export const bankTransactionRows = z
  .object({ BankTransactions: z.array(bankTransactionRow) })
  .transform((list) => list.BankTransactions)

const creditMembers = {
  Status: z.string(),
  Contact: z.object({ ContactID: id }),
  CurrencyCode: z.string(),
  Total: money,
  RemainingCredit: money,
  Allocations: allocations,
  UpdatedDateUTC: instant,
}
const creditShape = z.object(creditMembers)

function creditOf(row: z.output<typeof creditShape>, xeroId: string): FoundCredit {
  return {
    xeroId,
    status: row.Status,
    contactId: row.Contact.ContactID,
    currency: row.CurrencyCode,
    total: row.Total,
    remaining: row.RemainingCredit,
    allocations: row.Allocations,
    updatedAt: row.UpdatedDateUTC,
  }
}

const prepaymentRow = z
  .object({ ...creditMembers, PrepaymentID: id })
  .transform((row) => creditOf(row, row.PrepaymentID))
export const prepaymentRows = z
  .object({ Prepayments: z.array(prepaymentRow) })
  .transform((list) => list.Prepayments)

const overpaymentRow = z
  .object({ ...creditMembers, OverpaymentID: id })
  .transform((row) => creditOf(row, row.OverpaymentID))
export const overpaymentRows = z
  .object({ Overpayments: z.array(overpaymentRow) })
  .transform((list) => list.Overpayments)
