// Creating invoices and bills: every refusal in Xero's words, and what is made of what it accepts (§4.1, §4.3, §6).

import { afterEach, describe, expect, test } from 'vitest'
import type { JsonObject } from './json.ts'
import { errorsOf, startedSandbox, stopSandboxes } from './test-client.ts'
import { bill, line, putOne, sale, withLine } from './test-documents.ts'

afterEach(stopSandboxes)

const taxUnknown = (type: string) =>
  `The TaxType code ${type} does not exist or cannot be used for this type of transaction.`
const invalid = (code: string) => `Account code '${code}' is not a valid code for this document.`

const refusals: readonly [what: string, invoice: JsonObject, errors: string[]][] = [
  [
    'no contact',
    { ...sale, Contact: undefined },
    ['A Contact must be specified for this type of transaction'],
  ],
  [
    'an empty contact',
    { ...sale, Contact: {} },
    ['A Contact must be specified for this type of transaction'],
  ],
  [
    'an unknown contact id',
    { ...sale, Contact: { ContactID: '11111111-1111-1111-1111-111111111111' } },
    ['A Contact must be specified for this type of transaction'],
  ],
  ['no due date', { ...sale, DueDate: undefined }, ['The document DueDate field must be specified']],
  ['no lines', { ...sale, LineItems: [] }, ['One or more line items must be specified']],
  ['lines left out', { ...sale, LineItems: undefined }, ['One or more line items must be specified']],
  ['no type', { ...sale, Type: undefined }, ['The Type field is mandatory.']],
  [
    'a type of another document',
    { ...sale, Type: 'ACCRECCREDIT' },
    ["The type 'ACCRECCREDIT' is not valid for invoices."],
  ],
  [
    'a status that is no beginning',
    { ...sale, Status: 'VOIDED' },
    ['Invoice not of valid status for modification'],
  ],
  ['PAID from the start', { ...sale, Status: 'PAID' }, ['Invoice not of valid status for modification']],
  ['an unknown account', withLine({ AccountCode: '999' }), [invalid('999')]],
  [
    'an archived account',
    withLine({ AccountCode: '599' }, bill),
    [
      "Account code '599' has been archived, or has been deleted. Each line item must reference a valid account.",
    ],
  ],
  ['a bank account', withLine({ AccountCode: '090' }), [invalid('090')]],
  ['accounts receivable', withLine({ AccountCode: '610' }), [invalid('610')]],
  ['accounts payable', withLine({ AccountCode: '800' }, bill), [invalid('800')]],
  ['retained earnings', withLine({ AccountCode: '960' }), [invalid('960')]],
  ['no account', withLine({ AccountCode: undefined }), ['The account code or ID must be specified']],
  ['an unknown tax type', withLine({ TaxType: 'NOPE' }), [taxUnknown('NOPE')]],
  ['a deleted tax type', withLine({ TaxType: 'OUTPUT' }), [taxUnknown('OUTPUT')]],
  [
    'purchase tax on revenue',
    withLine({ TaxType: 'INPUT2' }),
    ["The TaxType code 'INPUT2' cannot be used with account code '200'."],
  ],
  [
    'sales tax on an expense',
    withLine({ TaxType: 'OUTPUT2' }, bill),
    ["The TaxType code 'OUTPUT2' cannot be used with account code '400'."],
  ],
  [
    'tax above the line',
    withLine({ TaxAmount: 21.01 }),
    ['The tax amount cannot be greater than the line amount!'],
  ],
  [
    'tax of another sign',
    withLine({ TaxAmount: -1 }),
    ['The tax amount cannot be greater than the line amount!'],
  ],
  [
    'a wrong line amount',
    withLine({ Quantity: 1, UnitAmount: 100, LineAmount: 1 }),
    ['The line total 1.00 does not match the expected line total 100.00'],
  ],
  [
    'a negative quantity',
    withLine({ Quantity: -1 }),
    [
      "The quantity value '-1.0000' is invalid. Quantity must not be less than zero.",
      'The document total cannot be less than zero.',
    ],
  ],
  ['a wrong total', { ...sale, Total: 24.14 }, ['The document total does not equal the sum of the lines.']],
  [
    'a wrong tax total',
    { ...sale, TotalTax: 3 },
    ['The document total does not equal the sum of the lines.'],
  ],
  [
    'a currency that is off',
    { ...sale, CurrencyCode: 'EUR' },
    ['Organisation is not subscribed to currency EUR'],
  ],
  [
    'a long description',
    withLine({ Description: 'x'.repeat(4001) }),
    ['The LineItem field Description must not be longer than 4000 characters.'],
  ],
  [
    'no description',
    withLine({ Description: undefined }),
    ['Description needs to be at least 1 character long.'],
  ],
  [
    'a long number',
    { ...sale, InvoiceNumber: 'n'.repeat(256) },
    ['The Invoice field InvoiceNumber must not be longer than 255 characters.'],
  ],
  [
    'three tracking categories',
    withLine({ Tracking: [1, 2, 3].map(() => ({ Name: 'Region', Option: 'North' })) }),
    ['A line item can have at most 2 tracking categories.'],
  ],
  [
    'a discount on a bill',
    withLine({ DiscountRate: 10 }, bill),
    ['Discounts are not supported on this type of document.'],
  ],
  [
    'a line above ten milliard',
    withLine({ UnitAmount: 9_999_999_999 }),
    ['The line amount cannot be greater than 9,999,999,999.99'],
  ],
  ['an unknown item', withLine({ ItemCode: 'ABC' }), ["Item code 'ABC' is not valid"]],
  [
    'a line id that is nobody’s',
    withLine({ LineItemID: '11111111-1111-1111-1111-111111111111' }),
    ['The line item 11111111-1111-1111-1111-111111111111 does not belong to this document.'],
  ],
  [
    'a link to Xero',
    { ...sale, Url: 'https://go.xero.com/1' },
    ['Url must be a valid address that does not contain the word xero.'],
  ],
  [
    'an unknown theme',
    { ...sale, BrandingThemeID: '11111111-1111-1111-1111-111111111111' },
    ['The specified BrandingThemeID could not be found.'],
  ],
  [
    'several things at once',
    { ...withLine({ AccountCode: '999', TaxType: 'NOPE' }), DueDate: undefined },
    [invalid('999'), taxUnknown('NOPE'), 'The document DueDate field must be specified'],
  ],
]

describe('refused', () => {
  test.each(refusals)('%s', async (_what, invoice, errors) => {
    const client = await startedSandbox()
    const element = await putOne(client, invoice)
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject({
      InvoiceID: '00000000-0000-0000-0000-000000000000',
      HasErrors: true,
      StatusAttributeString: 'ERROR',
    })
    expect(client.sandbox.invoices()).toEqual([])
    // The contact of a refused document is not made either.
    expect(client.sandbox.contacts()).toEqual([])
  })

  test('an archived contact', async () => {
    const client = await startedSandbox()
    const contact = client.sandbox.person().createContact({ name: 'Acme' })
    client.sandbox.person().archiveContact(contact.id)
    const element = await putOne(client, { ...sale, Contact: { ContactID: contact.id } })
    expect(errorsOf(element)).toEqual([
      'The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.',
    ])
  })

  const unreadable: readonly [what: string, body: string, message: string][] = [
    ['no JSON', '{"Invoices":[', 'The request body is not valid JSON.'],
    ['a list', '[]', 'The request body is not a JSON object.'],
    ['nothing', '{}', 'No Invoices in the request body.'],
    [
      'a wrong word',
      '{"Invoices":[{"Type":"SALE"}]}',
      `Error converting value "SALE" to type 'Xero.API.Library..InvoiceType'. Path 'Invoices[0].Type'.`,
    ],
    [
      'a wrong word for tax',
      '{"Invoices":[{},{"LineAmountTypes":"NO_TAX"}]}',
      `Error converting value "NO_TAX" to type 'Xero.API.Library..LineAmountType'. Path 'Invoices[1].LineAmountTypes'.`,
    ],
    [
      'a wrong case',
      '{"Invoices":[{"invoiceNumber":"1"}]}',
      "'invoiceNumber' is not a property of Invoice, it is spelt 'InvoiceNumber'. Path 'Invoices[0].invoiceNumber'.",
    ],
    [
      'an unknown property',
      '{"Invoices":[{"LineItems":[{"Colour":"red"}]}]}',
      "'Colour' is not a property of LineItem. Path 'Invoices[0].LineItems[0].Colour'.",
    ],
    [
      'a wrongly-cased list',
      '{"invoices":[]}',
      "'invoices' is not a property of the request, it is spelt 'Invoices'. Path 'invoices'.",
    ],
    [
      'a second list',
      '{"Invoices":[],"Contacts":[]}',
      "'Contacts' is not a property of Invoices. Path 'Contacts'.",
    ],
    [
      'text for a number',
      '{"Invoices":[{"LineItems":[{"Quantity":"2"}]}]}',
      `Error converting value "2" to type 'System.Decimal'. Path 'Invoices[0].LineItems[0].Quantity'.`,
    ],
    [
      'a day that is none',
      '{"Invoices":[{"Date":"2026-02-30"}]}',
      `Error converting value "2026-02-30" to type 'System.DateTime'. Path 'Invoices[0].Date'.`,
    ],
    [
      'an id that is none',
      '{"Invoices":[{"InvoiceID":"7"}]}',
      `Error converting value "7" to type 'System.Guid'. Path 'Invoices[0].InvoiceID'.`,
    ],
    ['an element that is no object', '{"Invoices":[7]}', "Invoices[0] is not an object. Path 'Invoices[0]'."],
  ]
  test.each(unreadable)('the whole call: %s', async (_what, raw, message) => {
    const client = await startedSandbox()
    const answer = await client.api('PUT', '/Invoices?summarizeErrors=false', { raw })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual({ ErrorNumber: 14, Type: 'PostDataInvalidException', Message: message })
  })

  test('PUT with an id', async () => {
    const client = await startedSandbox()
    const element = await putOne(client, { ...sale, InvoiceID: '11111111-1111-1111-1111-111111111111' })
    expect(errorsOf(element)).toEqual(['Invoice not of valid status for modification'])
  })
})

describe('accepted', () => {
  const accepted: readonly [what: string, invoice: JsonObject, query: string, found: JsonObject][] = [
    [
      'tax is added',
      sale,
      '',
      { SubTotal: 21, TotalTax: 3.15, Total: 24.15, AmountDue: 24.15, Status: 'AUTHORISED' },
    ],
    [
      'tax is inside',
      { ...sale, LineAmountTypes: 'Inclusive' },
      '',
      { SubTotal: 18.26, TotalTax: 2.74, Total: 21 },
    ],
    [
      'there is no tax',
      { ...sale, LineAmountTypes: 'NoTax' },
      '',
      { TotalTax: 0, Total: 21, LineItems: [{ TaxType: 'NONE' }] },
    ],
    ['tax is given', withLine({ TaxAmount: 3.16 }), '', { TotalTax: 3.16, Total: 24.16 }],
    [
      'tax type is the account’s',
      withLine({ AccountCode: '270' }),
      '',
      { LineItems: [{ TaxType: 'NONE' }], Total: 21 },
    ],
    ['rounding goes to its account', withLine({ AccountCode: '860', TaxType: 'NONE' }), '', { Total: 21 }],
    [
      'an account by id is none here, by code it is',
      withLine({ AccountCode: '260' }),
      '',
      { LineItems: [{ AccountCode: '260' }] },
    ],
    [
      'status is DRAFT if none is sent',
      { ...sale, Status: undefined, DueDate: undefined },
      '',
      { Status: 'DRAFT' },
    ],
    [
      'a draft needs no account',
      { ...withLine({ AccountCode: undefined }), Status: 'DRAFT' },
      '',
      { Status: 'DRAFT' },
    ],
    [
      'a line may be words',
      { ...sale, LineItems: [line, { Description: 'Thanks' }] },
      '',
      { Total: 24.15, LineItems: [{}, { Description: 'Thanks' }] },
    ],
    [
      'a negative line in a positive document',
      { ...sale, LineItems: [line, { ...line, UnitAmount: -5 }] },
      '',
      { SubTotal: 11 },
    ],
    [
      'a discount in percent',
      withLine({ DiscountRate: 10 }),
      '',
      { SubTotal: 18.9, IsDiscounted: true, TotalDiscount: 2.1 },
    ],
    ['a discount in money', withLine({ DiscountAmount: 1 }), '', { SubTotal: 20, IsDiscounted: true }],
    [
      'a price of two decimals',
      withLine({ Quantity: 1, UnitAmount: 1.795 }),
      '',
      { SubTotal: 1.8, LineItems: [{ UnitAmount: 1.8 }] },
    ],
    [
      'a price of four decimals',
      withLine({ Quantity: 1000, UnitAmount: 1.7955 }),
      '&unitdp=4',
      { SubTotal: 1795.5, LineItems: [{ UnitAmount: 1.7955 }] },
    ],
    [
      'a line amount alone',
      { ...sale, LineItems: [{ Description: 'Job', LineAmount: 50, AccountCode: '200' }] },
      '',
      { SubTotal: 50, LineItems: [{ Quantity: 1, UnitAmount: 50 }] },
    ],
    [
      'a line amount and a quantity',
      { ...sale, LineItems: [{ Description: 'Job', LineAmount: 10, Quantity: 3, AccountCode: '200' }] },
      '',
      { SubTotal: 10, LineItems: [{ UnitAmount: 3.33 }] },
    ],
    ['right totals', { ...sale, SubTotal: 21, TotalTax: 3.15, Total: 24.15 }, '', { Total: 24.15 }],
    [
      'known tracking',
      withLine({ Tracking: [{ Name: 'Region', Option: 'North' }] }),
      '',
      { LineItems: [{ Tracking: [{ Option: 'North' }] }] },
    ],
    [
      'a foreign currency at the given rate',
      { ...sale, CurrencyCode: 'AUD', CurrencyRate: 0.92 },
      '',
      { CurrencyCode: 'AUD', CurrencyRate: 0.92 },
    ],
    ['a foreign currency at the day’s rate', { ...sale, CurrencyCode: 'USD' }, '', { CurrencyRate: 0.5952 }],
    [
      'base currency, whatever the rate',
      { ...sale, CurrencyRate: 0.5 },
      '',
      { CurrencyCode: 'NZD', CurrencyRate: 1 },
    ],
    [
      'an instant keeps its UTC day',
      { ...sale, Date: '2026-11-20T00:00:00+13:00' },
      '',
      { DateString: '2026-11-19T00:00:00' },
    ],
    ['today is the organisation’s', { ...sale, Date: undefined }, '', { DateString: '2026-11-23T00:00:00' }],
    [
      'read-only fields are left alone',
      { ...sale, AmountDue: 1, HasErrors: true, UpdatedDateUTC: 'x' },
      '',
      { AmountDue: 24.15, HasErrors: false },
    ],
    [
      'nulls are nothing',
      { ...sale, Reference: null, CurrencyCode: null },
      '',
      { Reference: '', CurrencyCode: 'NZD' },
    ],
    ['sent to the contact', { ...sale, SentToContact: true }, '', { SentToContact: true }],
    ['a draft is not sent', { ...sale, SentToContact: true, Status: 'DRAFT' }, '', { SentToContact: false }],
  ]
  test.each(accepted)('%s', async (_what, invoice, query, found) => {
    const client = await startedSandbox()
    expect(await putOne(client, invoice, query)).toMatchObject({
      HasErrors: false,
      StatusAttributeString: 'OK',
      ...found,
    })
    expect(client.sandbox.invoices()).toHaveLength(1)
  })

  test('an account named by its id', async () => {
    const client = await startedSandbox()
    const AccountID = client.sandbox.organisations[0]?.accountByCode('260')?.id
    const element = await putOne(client, withLine({ AccountCode: undefined, AccountID }))
    expect(element).toMatchObject({ LineItems: [{ AccountCode: '260', AccountID }] })
  })

  test('the write answer lacks what only lists have', async () => {
    const client = await startedSandbox()
    const element = await putOne(client, sale)
    for (const name of ['AmountCredited', 'Payments', 'CreditNotes', 'HasAttachments', 'InvoiceAddresses']) {
      expect(element).not.toHaveProperty(name)
    }
    expect(element).toMatchObject({
      Prepayments: [],
      Overpayments: [],
      UpdatedDateUTCString: '2026-11-22T21:00:00Z',
    })
  })

  test('bills have no theme and are not sent', async () => {
    const client = await startedSandbox()
    const element = await putOne(client, bill)
    expect(element).not.toHaveProperty('SentToContact')
    expect(element).not.toHaveProperty('BrandingThemeID')
    expect(element).toMatchObject({ InvoiceNumber: '', LineItems: [{ TaxType: 'INPUT2' }] })
  })

  test('a price of four decimals is shown with two to whoever does not ask', async () => {
    const client = await startedSandbox()
    const made = await putOne(client, withLine({ UnitAmount: 1.7955 }), '&unitdp=4')
    const shown = async (query: string) =>
      (await client.get(`/Invoices/${made['InvoiceID']}${query}`)).list('Invoices')[0]
    expect(await shown('')).toMatchObject({ LineItems: [{ UnitAmount: 1.8 }] })
    expect(await shown('?unitdp=4')).toMatchObject({ LineItems: [{ UnitAmount: 1.7955 }] })
  })
})
