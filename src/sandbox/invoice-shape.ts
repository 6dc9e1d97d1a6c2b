// Every property that Xero publishes for an invoice and its lines. Read-only ones are taken and left alone.

import { boolean, choice, date, guid, ignored, list, number, object, type Shape, text } from './body.ts'
import { contactShape } from './contact-change.ts'
import { invoiceStatuses, lineAmountTypes } from './invoice-record.ts'

export const trackingShape: Shape = {
  name: 'LineItemTracking',
  fields: { TrackingCategoryID: guid, TrackingOptionID: guid, Name: text(100), Option: text(100) },
}

const itemShape: Shape = { name: 'LineItemItem', fields: { Code: text(30), Name: text(50), ItemID: guid } }

export const lineShape: Shape = {
  name: 'LineItem',
  fields: {
    LineItemID: guid,
    Description: text(4000),
    Quantity: number,
    UnitAmount: number,
    ItemCode: text(30),
    AccountCode: text(),
    AccountID: guid,
    TaxType: text(),
    TaxAmount: number,
    Item: object(itemShape),
    LineAmount: number,
    Tracking: list(trackingShape),
    DiscountRate: number,
    DiscountAmount: number,
    RepeatingInvoiceID: ignored,
    Taxability: ignored,
    SalesTaxCodeId: ignored,
    TaxBreakdown: ignored,
    ValidationErrors: ignored,
  },
}

const types = [
  ...['ACCPAY', 'ACCPAYCREDIT', 'APOVERPAYMENT', 'APPREPAYMENT'],
  ...['ACCREC', 'ACCRECCREDIT', 'AROVERPAYMENT', 'ARPREPAYMENT'],
]

export const invoiceShape: Shape = {
  name: 'Invoice',
  fields: {
    Type: choice('InvoiceType', types),
    Contact: object(contactShape),
    LineItems: list(lineShape),
    Date: date,
    DueDate: date,
    LineAmountTypes: choice('LineAmountType', lineAmountTypes),
    InvoiceNumber: text(255),
    Reference: text(255),
    BrandingThemeID: guid,
    Url: text(),
    CurrencyCode: text(),
    CurrencyRate: number,
    Status: choice('InvoiceStatus', invoiceStatuses),
    SentToContact: boolean,
    ExpectedPaymentDate: date,
    PlannedPaymentDate: date,
    SubTotal: number,
    TotalTax: number,
    Total: number,
    InvoiceID: guid,
    RepeatingInvoiceID: ignored,
    CISDeduction: ignored,
    CISRate: ignored,
    TotalDiscount: ignored,
    HasAttachments: ignored,
    IsDiscounted: ignored,
    Payments: ignored,
    Prepayments: ignored,
    Overpayments: ignored,
    AmountDue: ignored,
    AmountPaid: ignored,
    FullyPaidOnDate: ignored,
    AmountCredited: ignored,
    UpdatedDateUTC: ignored,
    UpdatedDateUTCString: ignored,
    CreditNotes: ignored,
    Attachments: ignored,
    HasErrors: ignored,
    StatusAttributeString: ignored,
    ValidationErrors: ignored,
    Warnings: ignored,
    InvoiceAddresses: ignored,
  },
}
