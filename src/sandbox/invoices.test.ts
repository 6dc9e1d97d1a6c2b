// Creating invoices and bills: every rule and refusal in Xero's words, each switch both ways (§4.1, §4.3, §6).

import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient, warningsOf } from './test-client.ts'

afterEach(stopSandboxes)

const line: JsonObject = { Description: 'Part', Quantity: 2, UnitAmount: 10.5, AccountCode: '200' }
const sale: JsonObject = {
  Type: 'ACCREC',
  Contact: { Name: 'Acme' },
  Date: '2026-11-20',
  DueDate: '2026-12-20',
  Status: 'AUTHORISED',
  LineItems: [line],
}
const bill: JsonObject = { ...sale, Type: 'ACCPAY', LineItems: [{ ...line, AccountCode: '400' }] }

const withLine = (change: JsonObject, base: JsonObject = sale): JsonObject => {
  const [first = {}] = base['LineItems'] as readonly JsonObject[]
  return { ...base, LineItems: [{ ...first, ...change }] }
}

async function put(client: TestClient, invoice: JsonObject, query = ''): Promise<JsonObject> {
  const answer = await client.put(`/Invoices?summarizeErrors=false${query}`, { Invoices: [invoice] })
  return answer.list('Invoices')[0] ?? { status: answer.status, ...answer.json }
}

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
    const element = await put(client, invoice)
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
    const element = await put(client, { ...sale, Contact: { ContactID: contact.id } })
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
    const element = await put(client, { ...sale, InvoiceID: '11111111-1111-1111-1111-111111111111' })
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
    expect(await put(client, invoice, query)).toMatchObject({
      HasErrors: false,
      StatusAttributeString: 'OK',
      ...found,
    })
    expect(client.sandbox.invoices()).toHaveLength(1)
  })

  test('an account named by its id', async () => {
    const client = await startedSandbox()
    const AccountID = client.sandbox.organisations[0]?.accountByCode('260')?.id
    const element = await put(client, withLine({ AccountCode: undefined, AccountID }))
    expect(element).toMatchObject({ LineItems: [{ AccountCode: '260', AccountID }] })
  })

  test('the write answer lacks what only lists have', async () => {
    const client = await startedSandbox()
    const element = await put(client, sale)
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
    const element = await put(client, bill)
    expect(element).not.toHaveProperty('SentToContact')
    expect(element).not.toHaveProperty('BrandingThemeID')
    expect(element).toMatchObject({ InvoiceNumber: '', LineItems: [{ TaxType: 'INPUT2' }] })
  })

  test('a price of four decimals is shown with two to whoever does not ask', async () => {
    const client = await startedSandbox()
    const made = await put(client, withLine({ UnitAmount: 1.7955 }), '&unitdp=4')
    const shown = async (query: string) =>
      (await client.get(`/Invoices/${made['InvoiceID']}${query}`)).list('Invoices')[0]
    expect(await shown('')).toMatchObject({ LineItems: [{ UnitAmount: 1.8 }] })
    expect(await shown('?unitdp=4')).toMatchObject({ LineItems: [{ UnitAmount: 1.7955 }] })
  })
})

describe('numbers of sales invoices', () => {
  test('are given in turn, around those that are taken', async () => {
    const client = await startedSandbox()
    await put(client, { ...sale, InvoiceNumber: 'INV-0002' })
    const numbers = [await put(client, sale), await put(client, sale)].map(
      (element) => element['InvoiceNumber'],
    )
    expect(numbers).toEqual(['INV-0001', 'INV-0003'])
  })

  test('are unique, whatever their case, in one batch too; bills share theirs', async () => {
    const client = await startedSandbox()
    const numbered = [
      { ...sale, InvoiceNumber: 'A-1' },
      { ...sale, InvoiceNumber: 'a-1' },
      { ...bill, InvoiceNumber: 'A-1' },
      { ...bill, InvoiceNumber: 'A-1' },
    ]
    const answer = await client.put('/Invoices?summarizeErrors=false', { Invoices: numbered })
    expect(answer.list('Invoices').map(errorsOf)).toEqual([[], ['Invoice # must be unique.'], [], []])
  })

  const reuse: readonly [ended: 'VOIDED' | 'DELETED', switches: Partial<Switches>, isFree: boolean][] = [
    ['DELETED', { deletedNumberFree: true }, true],
    ['DELETED', { deletedNumberFree: false }, false],
    ['VOIDED', { voidedNumberFree: true }, true],
    ['VOIDED', { voidedNumberFree: false }, false],
  ]
  test.each(reuse)('of a %s invoice, %j: free is %s', async (ended, switches, isFree) => {
    const client = await startedSandbox({ switches })
    const status = ended === 'VOIDED' ? 'AUTHORISED' : 'DRAFT'
    const made = await put(client, { ...sale, InvoiceNumber: 'A-1', Status: status })
    await client.post(`/Invoices/${made['InvoiceID']}`, { Status: ended })
    expect(errorsOf(await put(client, { ...sale, InvoiceNumber: 'A-1' }))).toEqual(
      isFree ? [] : ['Invoice # must be unique.'],
    )
  })
})

describe('lock dates', () => {
  const period = 'The document date cannot be before the period lock date, currently set at 30-Sep-2026'
  const year = 'The document date cannot be before the end of year lock date, currently set at 31-Mar-2026'
  const rows: readonly [date: string, status: string, switches: Partial<Switches>, errors: string[]][] = [
    ['2026-10-01', 'AUTHORISED', {}, []],
    ['2026-09-30', 'AUTHORISED', {}, [period]],
    ['2026-03-31', 'AUTHORISED', {}, [year]],
    ['2026-09-30', 'DRAFT', { draftsInLockedPeriod: 'refused' }, [period]],
    ['2026-09-30', 'DRAFT', { draftsInLockedPeriod: 'allowed' }, []],
  ]
  test.each(rows)('dated %s, %s, %j', async (date, status, switches, errors) => {
    const client = await startedSandbox({ switches })
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    client.sandbox.person().setEndOfYearLockDate('2026-03-31' as PlainDate)
    expect(errorsOf(await put(client, { ...sale, Date: date, Status: status }))).toEqual(errors)
  })
})

describe('switches', () => {
  const free = withLine({ UnitAmount: 0 })
  const negative = withLine({ UnitAmount: -10 })
  const tie = withLine({ Quantity: 1, UnitAmount: 0.1, AccountCode: '200' })
  const moon = withLine({ Tracking: [{ Name: 'Region', Option: 'Moon' }] })
  const removed =
    "Tracking 'Region: Moon' has been removed as it does not match a recognised tracking category and option."
  const rows: readonly [
    switches: Partial<Switches>,
    invoice: JsonObject,
    found: JsonObject,
    errors: string[],
  ][] = [
    [{ zeroTotalPaid: true }, free, { Status: 'PAID', FullyPaidOnDate: '/Date(1795132800000+0000)/' }, []],
    [{ zeroTotalPaid: false }, free, { Status: 'AUTHORISED' }, []],
    [{ negativeTotal: 'refused' }, negative, {}, ['The document total cannot be less than zero.']],
    [{ negativeTotal: 'accepted' }, negative, { Total: -23 }, []],
    [{ wrongTotals: 'ignored' }, { ...sale, Total: 1 }, { Total: 24.15 }, []],
    [{ halfRounding: 'away' }, tie, { TotalTax: 0.02 }, []],
    [{ halfRounding: 'even' }, tie, { TotalTax: 0.02 }, []],
    [{ halfRounding: 'away' }, withLine({ Quantity: 1, UnitAmount: 0.3 }), { TotalTax: 0.05 }, []],
    [{ halfRounding: 'even' }, withLine({ Quantity: 1, UnitAmount: 0.3 }), { TotalTax: 0.04 }, []],
    [{ billReference: 'ignored' }, { ...bill, Reference: 'x' }, { Reference: '' }, []],
    [{ billReference: 'kept' }, { ...bill, Reference: 'x' }, { Reference: 'x' }, []],
    [
      { unknownContactName: 'refused' },
      sale,
      {},
      ['A Contact must be specified for this type of transaction'],
    ],
    [
      { unknownTracking: 'warning' },
      moon,
      { StatusAttributeString: 'WARNING', LineItems: [{ Tracking: [] }] },
      [],
    ],
    [{ unknownTracking: 'refused' }, moon, {}, [removed]],
    [{ inventoryAccountOnLines: 'refused' }, withLine({ AccountCode: '630' }, bill), {}, [invalid('630')]],
    [
      { inventoryAccountOnLines: 'allowed' },
      withLine({ AccountCode: '630' }, bill),
      { HasErrors: false },
      [],
    ],
    [{ accountClasses: 'strict' }, withLine({ AccountCode: '400', TaxType: 'NONE' }), {}, [invalid('400')]],
    [
      { accountClasses: 'strict' },
      withLine({ AccountCode: '200', TaxType: 'NONE' }, bill),
      {},
      [invalid('200')],
    ],
    [{ accountClasses: 'any' }, withLine({ AccountCode: '400', TaxType: 'NONE' }), { HasErrors: false }, []],
  ]
  test.each(rows)('%j', async (switches, invoice, found, errors) => {
    const client = await startedSandbox({ switches })
    const element = await put(client, invoice)
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject(found)
  })

  test('unknown and archived tracking is dropped with a warning', async () => {
    const client = await startedSandbox()
    expect(warningsOf(await put(client, moon))).toEqual([removed])
    client.sandbox.person().archiveTrackingOption('Region', 'North')
    const element = await put(client, withLine({ Tracking: [{ Name: 'Region', Option: 'North' }] }))
    expect(warningsOf(element)).toHaveLength(1)
  })

  test('a plan’s cap counts approvals of a month, each type by itself', async () => {
    const client = await startedSandbox({ switches: { approvalCap: { ACCREC: 2, ACCPAY: 1 } } })
    const all = [sale, { ...sale, Status: 'DRAFT' }, sale, sale, bill, bill]
    const answer = await client.put('/Invoices?summarizeErrors=false', { Invoices: all })
    const cap = 'You have reached the limit of invoices you can approve'
    expect(answer.list('Invoices').map((element) => errorsOf(element)[0])).toEqual([
      ...[undefined, undefined, undefined, cap],
      ...[undefined, cap],
    ])
    client.clock.advance(10 * 86_400_000)
    await client.connect()
    expect(errorsOf(await put(client, sale))).toEqual([])
  })

  test('properties that Xero has not are ignored where the switch says so', async () => {
    const client = await startedSandbox({ switches: { unknownProperties: 'ignored' } })
    expect(await put(client, { ...sale, Colour: 'red' })).toMatchObject({ HasErrors: false })
  })
})

describe('the contact of a document', () => {
  const known = { name: 'Acme', number: 'A-1', email: 'a@acme.example' }
  const rows: readonly [
    what: string,
    contact: (id: string) => JsonObject,
    stored: JsonObject,
    contacts: number,
  ][] = [
    ['by id', (id) => ({ ContactID: id }), { name: 'Acme' }, 1],
    ['by number', () => ({ ContactNumber: 'A-1' }), { name: 'Acme' }, 1],
    ['by name, whatever its case', () => ({ Name: 'ACME' }), { name: 'Acme' }, 1],
    ['by a new name: made', () => ({ Name: 'New' }), { name: 'Acme' }, 2],
    ['with another name: renamed', (id) => ({ ContactID: id, Name: 'Acme Ltd' }), { name: 'Acme Ltd' }, 1],
    [
      'with an address: changed',
      (id) => ({ ContactID: id, EmailAddress: 'b@acme.example' }),
      { email: 'b@acme.example' },
      1,
    ],
  ]
  test.each(rows)('%s', async (_what, contact, stored, count) => {
    const client = await startedSandbox()
    const { id } = client.sandbox.person().createContact(known)
    client.clock.advance(1000)
    expect(errorsOf(await put(client, { ...sale, Contact: contact(id) }))).toEqual([])
    expect(client.sandbox.contacts()).toHaveLength(count)
    expect(client.sandbox.contacts().find((one) => one.id === id)).toMatchObject(stored)
  })

  test('other fields drop the persons that are not listed', async () => {
    const client = await startedSandbox()
    await client.put('/Contacts', { Name: 'Acme', ContactPersons: [{ FirstName: 'Ann' }] })
    await put(client, { ...sale, Contact: { Name: 'Acme', FirstName: 'Bob' } })
    expect(client.sandbox.contacts()[0]?.persons).toEqual([])
  })

  test('becomes a customer or supplier with the first document, and its date does not move', async () => {
    const client = await startedSandbox()
    const { id, updatedAt } = client.sandbox.person().createContact(known)
    client.clock.advance(60_000)
    const element = await put(client, { ...sale, Contact: { ContactID: id } })
    expect(element).toMatchObject({ Contact: { IsCustomer: true, IsSupplier: false } })
    await put(client, { ...bill, Contact: { ContactID: id } })
    expect(client.sandbox.contacts()[0]).toMatchObject({ isCustomer: true, isSupplier: true, updatedAt })
    const changed = await client.get('/Contacts', { 'if-modified-since': '2026-11-22T21:00:30' })
    expect(changed.list('Contacts')).toEqual([])
  })
})
