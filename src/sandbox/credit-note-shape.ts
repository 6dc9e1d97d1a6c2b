// Every property that Xero publishes for a credit note. Read-only ones are taken and left alone, allocations among them:
// creating a note and allocating it are two calls (§4.4).

import { choice, date, guid, ignored, list, number, object, type Shape, text } from './body.ts'
import { contactShape } from './contact-change.ts'
import { invoiceStatuses, lineAmountTypes } from './invoice-record.ts'
import { lineShape } from './invoice-shape.ts'

export const creditNoteShape: Shape = {
  name: 'CreditNote',
  fields: {
    Type: choice('CreditNoteType', ['ACCPAYCREDIT', 'ACCRECCREDIT']),
    Contact: object(contactShape),
    LineItems: list(lineShape),
    Date: date,
    DueDate: date,
    LineAmountTypes: choice('LineAmountType', lineAmountTypes),
    CreditNoteNumber: text(255),
    Reference: text(255),
    BrandingThemeID: guid,
    CurrencyCode: text(),
    CurrencyRate: number,
    Status: choice('CreditNoteStatus', invoiceStatuses),
    SubTotal: number,
    TotalTax: number,
    Total: number,
    CreditNoteID: guid,
    SentToContact: ignored,
    CISDeduction: ignored,
    CISRate: ignored,
    UpdatedDateUTC: ignored,
    UpdatedDateUTCString: ignored,
    FullyPaidOnDate: ignored,
    RemainingCredit: ignored,
    Allocations: ignored,
    AppliedAmount: ignored,
    Payments: ignored,
    StatusAttributeString: ignored,
    HasAttachments: ignored,
    HasErrors: ignored,
    ValidationErrors: ignored,
    Warnings: ignored,
    InvoiceAddresses: ignored,
  },
}
