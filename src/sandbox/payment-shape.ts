// Every property that Xero publishes for a payment and an allocation. Read-only ones are taken and left alone.

import { boolean, choice, date, guid, ignored, number, object, type Shape, text } from './body.ts'

/**
 * The document that is paid or allocated to. Identifiers alone: Xero takes a whole invoice for an edit of it (§4.5),
 * which no client can want, so that anything else counts as unknown here.
 */
export const invoiceRefShape: Shape = {
  name: 'Invoice',
  fields: { InvoiceID: guid, InvoiceNumber: text(), Type: ignored, LineItems: ignored, Contact: ignored },
}

const ref = (kind: string, more: Shape['fields'] = {}): Shape => ({
  name: kind,
  fields: { [`${kind}ID`]: guid, LineItems: ignored, Type: ignored, Contact: ignored, ...more },
})

const accountRefShape: Shape = {
  name: 'Account',
  fields: { AccountID: guid, Code: text(), Name: ignored, Type: ignored },
}

export const paymentShape: Shape = {
  name: 'Payment',
  fields: {
    Invoice: object(invoiceRefShape),
    CreditNote: object(ref('CreditNote', { CreditNoteNumber: text() })),
    Prepayment: object(ref('Prepayment')),
    Overpayment: object(ref('Overpayment')),
    InvoiceNumber: text(),
    CreditNoteNumber: text(),
    Account: object(accountRefShape),
    Code: text(),
    Date: date,
    CurrencyRate: number,
    Amount: number,
    BankAmount: number,
    Reference: text(),
    IsReconciled: boolean,
    Status: choice('PaymentStatus', ['AUTHORISED', 'DELETED']),
    PaymentID: guid,
    BatchPayment: ignored,
    PaymentType: ignored,
    UpdatedDateUTC: ignored,
    UpdatedDateUTCString: ignored,
    BatchPaymentID: ignored,
    BankAccountNumber: ignored,
    Particulars: ignored,
    Details: ignored,
    HasAccount: ignored,
    HasValidationErrors: ignored,
    StatusAttributeString: ignored,
    ValidationErrors: ignored,
    Warnings: ignored,
  },
}

export const allocationShape: Shape = {
  name: 'Allocation',
  fields: {
    Invoice: object(invoiceRefShape),
    Amount: number,
    Date: date,
    AllocationID: ignored,
    CreditNote: ignored,
    Prepayment: ignored,
    Overpayment: ignored,
    IsDeleted: ignored,
    StatusAttributeString: ignored,
    ValidationErrors: ignored,
  },
}
