// The rows of what reconciling reads: documents of every sort in one shape, and the trial balance. Strict on the few members that
// are used.

import * as z from 'zod'
import { type Cents, cents, roundTextToCents } from '../accounting/money.ts'
import type { AccountMovement, DatedDocument } from './found.ts'
import { allocations } from './payment-rows.ts'
import { date, id, instant, money, moneyOrNull, text } from './row-values.ts'

const members = {
  Status: z.string(),
  Contact: z.object({ ContactID: id, Name: text }),
  CurrencyCode: z.string(),
  DateString: date,
  Date: date,
  Total: money,
  Url: text,
  UpdatedDateUTC: instant,
}
const shape = z.object(members)

type Own = Pick<DatedDocument, 'xeroId' | 'type' | 'number' | 'paid' | 'credited' | 'due'>

function documentOf(row: z.output<typeof shape>, own: Own): DatedDocument {
  return {
    ...own,
    contactId: row.Contact.ContactID,
    contactName: row.Contact.Name,
    date: row.DateString ?? row.Date,
    currency: row.CurrencyCode,
    status: row.Status,
    total: row.Total,
    url: row.Url,
    updatedAt: row.UpdatedDateUTC,
  }
}

const invoice = z
  .object({
    ...members,
    InvoiceID: id,
    Type: z.string(),
    InvoiceNumber: text,
    AmountPaid: moneyOrNull,
    AmountCredited: moneyOrNull,
    AmountDue: money,
  })
  .transform((row) =>
    documentOf(row, {
      xeroId: row.InvoiceID,
      type: row.Type,
      number: row.InvoiceNumber,
      paid: row.AmountPaid,
      credited: row.AmountCredited,
      due: row.AmountDue,
    }),
  )

/** What is gone of a credit and was not allocated was paid back. */
const credit = z
  .object({
    ...members,
    CreditNoteID: id,
    Type: z.string(),
    CreditNoteNumber: text,
    RemainingCredit: money,
    Allocations: allocations,
  })
  .transform((row) => {
    const allocated = row.Allocations.reduce((sum, { amount }) => sum + amount, 0)
    return documentOf(row, {
      xeroId: row.CreditNoteID,
      type: row.Type,
      number: row.CreditNoteNumber,
      paid: cents(row.Total - row.RemainingCredit - allocated),
      credited: cents(allocated),
      due: row.RemainingCredit,
    })
  })

const order = z.object({ ...members, PurchaseOrderID: id, PurchaseOrderNumber: text }).transform((row) =>
  documentOf(row, {
    xeroId: row.PurchaseOrderID,
    type: 'PURCHASEORDER',
    number: row.PurchaseOrderNumber,
    paid: null,
    credited: null,
    due: null,
  }),
)

export const datedInvoiceRows = z.object({ Invoices: z.array(invoice) }).transform((list) => list.Invoices)
export const datedCreditRows = z
  .object({ CreditNotes: z.array(credit) })
  .transform((list) => list.CreditNotes)
export const datedOrderRows = z
  .object({ PurchaseOrders: z.array(order) })
  .transform((list) => list.PurchaseOrders)

/** Decimal text; empty where the other side has it. */
const side = z.string().transform((value, context): Cents => {
  const read = roundTextToCents(value === '' ? '0' : value)
  if (read !== null) return read
  context.addIssue({ code: 'custom', message: 'is no amount' })
  return z.NEVER
})
const cell = z.object({
  Value: z.string(),
  Attributes: z.array(z.object({ Id: z.string(), Value: z.string() })).nullish(),
})

/** Account, debit, credit, and what stands there: of these the first three. */
const accountRow = z
  .object({ RowType: z.literal('Row'), Cells: z.tuple([cell, cell, cell]).rest(cell) })
  .transform(({ Cells: [account, debit, credit] }, context): AccountMovement => {
    const found = (account.Attributes ?? []).find((one) => one.Id === 'account')
    const accountId = id.safeParse(found?.Value)
    const sides = z.tuple([side, side]).safeParse([debit.Value, credit.Value])
    if (accountId.success && sides.success) {
      const [debited, credited] = sides.data
      return { accountId: accountId.data, name: account.Value, month: cents(debited - credited) }
    }
    context.addIssue({ code: 'custom', message: 'is no row of an account' })
    return z.NEVER
  })
const otherRow = z.object({ RowType: z.string().refine((type) => type !== 'Row') }).transform(() => null)
const section = z
  .object({ Rows: z.array(z.union([accountRow, otherRow])).nullish() })
  .transform(({ Rows }) => (Rows ?? []).filter((row) => row !== null))

export const trialBalanceRows = z
  .object({ Reports: z.tuple([z.object({ Rows: z.array(section) })]) })
  .transform(({ Reports: [report] }) => report.Rows.flat())
