// For the tests of this folder: rows as Xero's lists have them. Nothing of the program imports it.

import { id } from './test-gateway.ts'

/** What documents of every kind have in common. */
export const documentRow = {
  Reference: '',
  Contact: { ContactID: id(900), Name: 'Marsh' },
  DateString: '2026-09-14T00:00:00',
  Date: '/Date(1789344000000+0000)/',
  CurrencyCode: 'NZD',
  LineAmountTypes: 'Exclusive',
  LineItems: [],
  Total: 115.29,
  TotalTax: 15.04,
  Status: 'AUTHORISED',
  UpdatedDateUTC: '/Date(1789378199100+0000)/',
}

export const lineRow = {
  LineItemID: id(800).toUpperCase(),
  Description: 'Brake pads',
  AccountCode: '200',
  AccountID: id(801),
  TaxType: 'OUTPUT2',
  TaxAmount: 15.04,
  LineAmount: 100.25,
  UnitAmount: 40.1,
  Quantity: 2.5,
  Tracking: [{ Name: 'Region', Option: 'North', TrackingCategoryID: id(802), Options: [] }],
}

/** As it stands under its document: no status, no account (§4.3). */
export const embeddedPaymentRow = {
  PaymentID: id(700),
  Date: '/Date(1789344000000+0000)/',
  Amount: 10.5,
  Reference: 'Cash',
  CurrencyRate: 1,
  HasAccount: false,
  HasValidationErrors: false,
}

export const allocationRow = {
  AllocationID: id(710),
  Amount: 5,
  Date: '/Date(1789344000000+0000)/',
  Invoice: { InvoiceID: id(711), InvoiceNumber: 'INV-1', LineItems: [] },
}
