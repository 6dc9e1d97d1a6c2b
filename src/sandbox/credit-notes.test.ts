// Credit notes of sales and of suppliers: what is made, refused, edited and ended, and their numbers (§4.4).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { cents } from '../accounting/money.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient, warningsOf } from './test-client.ts'
import { line } from './test-documents.ts'
import {
  creditNote,
  getOne,
  idOf,
  invoiceId,
  putAllocation,
  putCreditNote,
  supplierCredit,
} from './test-money.ts'

let client: TestClient
const start = async (switches: Partial<Switches> = {}): Promise<TestClient> => {
  client = await startedSandbox({ switches })
  return client
}
afterEach(async () => {
  // Some requests are wrong on purpose: the answers are what must fit Xero's description.
  expect(violations(client.exchanges).filter((one) => !one.includes(': request '))).toEqual([])
  await stopSandboxes()
})

const notValid = 'Credit Note not of valid status for modification'
const numberTaken = 'Credit Note # must be unique.'

describe('creating', () => {
  test('a sales credit note needs no due date and is numbered by Xero', async () => {
    await start()
    const made = await putCreditNote(client, { ...creditNote, Reference: 'Returned' })
    expect(made).toMatchObject({
      CreditNoteID: made['ID'],
      CreditNoteNumber: 'CN-0001',
      Type: 'ACCRECCREDIT',
      Status: 'AUTHORISED',
      Reference: 'Returned',
      SubTotal: 21,
      TotalTax: 3.15,
      Total: 24.15,
      RemainingCredit: 24.15,
      AppliedAmount: 0,
      Allocations: [],
      Payments: [],
      HasErrors: false,
      StatusAttributeString: 'OK',
      Contact: { Name: 'Acme', IsCustomer: true, IsSupplier: false },
      LineItems: [{ AccountCode: '200', TaxType: 'OUTPUT2', LineAmount: 21 }],
    })
  })

  test('a supplier’s has no reference, and makes a supplier', async () => {
    await start()
    const made = await putCreditNote(client, { ...supplierCredit, Reference: 'x' })
    expect(made).toMatchObject({
      CreditNoteNumber: '',
      Reference: '',
      Contact: { IsSupplier: true, IsCustomer: false },
      LineItems: [{ TaxType: 'INPUT2' }],
    })
  })

  test.each([
    ['kept', 'SC-1'],
    ['dropped', ''],
  ] as const)('a supplier’s number is %s', async (supplierCreditNumber, number) => {
    await start({ supplierCreditNumber })
    const numbered = { ...supplierCredit, CreditNoteNumber: 'SC-1' }
    expect(await putCreditNote(client, numbered)).toMatchObject({ CreditNoteNumber: number })
    expect(errorsOf(await putCreditNote(client, numbered))).toEqual([])
  })

  test('unit prices have four decimals where they are asked for', async () => {
    await start()
    const fine = { ...creditNote, LineItems: [{ ...line, Quantity: 1, UnitAmount: 1.2345 }] }
    const made = await client.put('/CreditNotes?unitdp=4', { CreditNotes: [fine] })
    expect(made.list('CreditNotes')[0]).toMatchObject({
      LineItems: [{ UnitAmount: 1.2345, LineAmount: 1.23 }],
    })
    expect(
      await getOne(client, `/CreditNotes/${made.list('CreditNotes')[0]?.['CreditNoteID']}`),
    ).toMatchObject({
      LineItems: [{ UnitAmount: 1.23 }],
    })
  })

  test('a foreign one keeps its rate', async () => {
    await start()
    const foreign = { ...creditNote, CurrencyCode: 'USD', CurrencyRate: 0.625 }
    expect(await putCreditNote(client, foreign)).toMatchObject({ CurrencyRate: 0.625, CurrencyCode: 'USD' })
  })

  const rows: readonly [what: string, change: JsonObject, errors: string[]][] = [
    ['no contact', { Contact: undefined }, ['A Contact must be specified for this type of transaction']],
    ['no type', { Type: undefined }, ['The Type field is mandatory.']],
    ['no lines', { LineItems: [] }, ['One or more line items must be specified']],
    ['a draft without an account', { Status: 'DRAFT', LineItems: [{ ...line, AccountCode: undefined }] }, []],
    [
      'no account',
      { LineItems: [{ ...line, AccountCode: undefined }] },
      ['The account code or ID must be specified'],
    ],
    [
      'a bank account',
      { LineItems: [{ ...line, AccountCode: '090' }] },
      ["Account code '090' is not a valid code for this document."],
    ],
    [
      'a discount',
      { LineItems: [{ ...line, DiscountRate: 10 }] },
      ['Discounts are not supported on this type of document.'],
    ],
    [
      'a purchase tax on sales',
      { LineItems: [{ ...line, TaxType: 'INPUT2' }] },
      ["The TaxType code 'INPUT2' cannot be used with account code '200'."],
    ],
    [
      'a currency that is not enabled',
      { CurrencyCode: 'EUR' },
      ['Organisation is not subscribed to currency EUR'],
    ],
    [
      'a locked date',
      { Date: '2026-09-30' },
      ['The document date cannot be before the period lock date, currently set at 30-Sep-2026'],
    ],
    ['a status of the end', { Status: 'VOIDED' }, [notValid]],
    ['a wrong total', { Total: 24 }, ['The document total does not equal the sum of the lines.']],
    [
      'a negative total',
      { LineItems: [{ ...line, UnitAmount: -1 }] },
      ['The document total cannot be less than zero.'],
    ],
  ]
  test.each(rows)('with %s', async (_what, change, errors) => {
    await start()
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    const element = await putCreditNote(client, { ...creditNote, ...change })
    expect(errorsOf(element)).toEqual(errors)
    if (errors.length > 0)
      expect(element).toMatchObject({ CreditNoteID: '00000000-0000-0000-0000-000000000000', HasErrors: true })
    expect(client.sandbox.creditNotes()).toHaveLength(errors.length === 0 ? 1 : 0)
  })

  test('tracking that is not known is dropped with a warning', async () => {
    await start()
    const moon = { ...line, Tracking: [{ Name: 'Region', Option: 'Moon' }] }
    expect(warningsOf(await putCreditNote(client, { ...creditNote, LineItems: [moon] }))).toHaveLength(1)
  })

  test.each([
    [true, 'PAID'],
    [false, 'AUTHORISED'],
  ])('of nothing, zeroTotalPaid %s: %s', async (zeroTotalPaid, status) => {
    await start({ zeroTotalPaid })
    const free = { ...creditNote, LineItems: [{ ...line, UnitAmount: 0 }] }
    expect(await putCreditNote(client, free)).toMatchObject({ Status: status })
  })
})

describe('numbers', () => {
  test('are unique on sales, whatever their case, in one batch too, and apart from invoices’', async () => {
    await start()
    await invoiceId(client, { InvoiceNumber: 'A-1' })
    const numbered = [
      { ...creditNote, CreditNoteNumber: 'A-1' },
      { ...creditNote, CreditNoteNumber: 'a-1' },
      { ...supplierCredit, CreditNoteNumber: 'A-1' },
      { ...supplierCredit, CreditNoteNumber: 'A-1' },
    ]
    const answer = await client.put('/CreditNotes?summarizeErrors=false', { CreditNotes: numbered })
    expect(answer.list('CreditNotes').map(errorsOf)).toEqual([[], [numberTaken], [], []])
  })

  test('are given around those that are taken', async () => {
    await start()
    await putCreditNote(client, { ...creditNote, CreditNoteNumber: 'CN-0002' })
    const numbers = [await putCreditNote(client, creditNote), await putCreditNote(client, creditNote)]
    expect(numbers.map((one) => one['CreditNoteNumber'])).toEqual(['CN-0001', 'CN-0003'])
  })

  test('name a credit note for reading, and for POST, which edits it', async () => {
    await start()
    const made = await putCreditNote(client, { ...creditNote, CreditNoteNumber: 'A/1', Status: 'DRAFT' })
    expect(await getOne(client, '/CreditNotes/a%2F1')).toMatchObject({ ID: made['ID'] })
    const answer = await client.post('/CreditNotes', {
      CreditNotes: [{ ...creditNote, CreditNoteNumber: 'A/1', Reference: 'again' }],
    })
    expect(answer.list('CreditNotes')[0]).toMatchObject({
      ID: made['ID'],
      Reference: 'again',
      Status: 'AUTHORISED',
    })
    expect(client.sandbox.creditNotes()).toHaveLength(1)
  })
})

describe('statuses', () => {
  const rows: readonly [from: string, to: string, errors: string[]][] = [
    ['DRAFT', 'SUBMITTED', []],
    ['DRAFT', 'AUTHORISED', []],
    ['DRAFT', 'DELETED', []],
    ['DRAFT', 'VOIDED', [notValid]],
    ['SUBMITTED', 'DRAFT', []],
    ['AUTHORISED', 'VOIDED', []],
    ['AUTHORISED', 'DELETED', [notValid]],
    ['AUTHORISED', 'DRAFT', [notValid]],
    ['VOIDED', 'AUTHORISED', [notValid]],
    ['DELETED', 'DRAFT', [notValid]],
  ]
  test.each(rows)('%s to %s', async (from, to, errors) => {
    await start()
    const first = { VOIDED: 'AUTHORISED', DELETED: 'DRAFT' }[from] ?? from
    const id = idOf(await putCreditNote(client, { ...creditNote, Status: first }), 'CreditNoteID')
    if (first !== from) await client.post(`/CreditNotes/${id}`, { Status: from })
    const answer = await client.post('/CreditNotes?summarizeErrors=false', {
      CreditNotes: [{ CreditNoteID: id, Status: to }],
    })
    expect(errorsOf(answer.list('CreditNotes')[0])).toEqual(errors)
    // A refused update echoes what was asked for (§3.2).
    expect(answer.list('CreditNotes')[0]).toMatchObject({ CreditNoteID: id, Status: to })
    expect(client.sandbox.creditNotes()[0]?.status).toBe(errors.length === 0 ? to : from)
  })

  test('one that is used is neither voided nor edited', async () => {
    await start()
    const id = idOf(await putCreditNote(client, creditNote), 'CreditNoteID')
    await putAllocation(client, `/CreditNotes/${id}`, {
      Invoice: { InvoiceID: await invoiceId(client) },
      Amount: 1,
    })
    const messages = async (change: JsonObject) => {
      const answer = await client.post(`/CreditNotes/${id}`, change)
      return errorsOf(answer.list('Elements')[0])
    }
    expect(await messages({ Status: 'VOIDED' })).toEqual([
      'The status VOIDED cannot be applied to the credit note because it has payments or invoices allocated to it.',
    ])
    expect(await messages({ Reference: 'x' })).toEqual([
      notValid,
      'This document cannot be edited as it has a payment or credit note allocated to it.',
    ])
  })

  test('an unknown id', async () => {
    await start()
    const unknown = { CreditNoteID: '00000000-0000-0000-0000-0000000000aa', Status: 'DRAFT' }
    const answer = await client.post('/CreditNotes?summarizeErrors=false', { CreditNotes: [unknown] })
    expect(errorsOf(answer.list('CreditNotes')[0])).toEqual([
      'An existing Credit Note with the specified CreditNoteID could not be found',
    ])
    expect((await client.post(`/CreditNotes/${unknown.CreditNoteID}`, { Status: 'DRAFT' })).status).toBe(404)
    expect((await client.get(`/CreditNotes/${unknown.CreditNoteID}`)).status).toBe(404)
  })

  test.each([
    ['error', 400],
    ['text-only', 200],
  ] as const)('in a locked period: %s', async (lockedEdit, status) => {
    await start({ lockedEdit })
    const id = idOf(await putCreditNote(client, creditNote), 'CreditNoteID')
    client.sandbox.person().setLockDate('2026-11-20' as PlainDate)
    expect((await client.post(`/CreditNotes/${id}`, { Reference: 'x' })).status).toBe(status)
    expect(client.sandbox.creditNotes()[0]?.reference).toBe('')
  })

  test('editing keeps the lines and ids that are not sent', async () => {
    await start()
    const made = await putCreditNote(client, creditNote)
    const edited = await client.post(`/CreditNotes/${made['CreditNoteID']}`, { Reference: 'x' })
    expect(edited.list('CreditNotes')[0]).toMatchObject({
      Reference: 'x',
      LineItems: made['LineItems'] ?? [],
    })
  })
})

describe('lists', () => {
  test('rows with lines by page, without lines else; since when; filters', async () => {
    await start()
    await putCreditNote(client, creditNote)
    client.clock.advance(60_000)
    await putCreditNote(client, supplierCredit)
    const all = await client.get('/CreditNotes')
    expect(all.list('CreditNotes').map((row) => row['LineItems'])).toEqual([[], []])
    const page = await client.get('/CreditNotes?page=1&pageSize=1')
    expect(page.json).toMatchObject({ pagination: { itemCount: 2, pageCount: 2 } })
    expect(page.list('CreditNotes')).toMatchObject([
      { CreditNoteNumber: 'CN-0001', LineItems: [{ LineAmount: 21 }] },
    ])
    const since = await client.get('/CreditNotes', { 'if-modified-since': '2026-11-22T21:01:00' })
    expect(since.list('CreditNotes').map((row) => row['Type'])).toEqual(['ACCPAYCREDIT'])
    const rows: readonly [where: string, types: string[]][] = [
      ['Type=="ACCPAYCREDIT"', ['ACCPAYCREDIT']],
      ['CreditNoteNumber=="cn-0001"', ['ACCRECCREDIT']],
      ['Status=="AUTHORISED" AND RemainingCredit>24', ['ACCPAYCREDIT', 'ACCRECCREDIT']],
    ]
    for (const [where, types] of rows) {
      const found = await client.get(`/CreditNotes?where=${encodeURIComponent(where)}&order=Type`)
      expect(
        found.list('CreditNotes').map((row) => row['Type']),
        where,
      ).toEqual(types)
    }
  })

  test('those that are over stay, with nothing left', async () => {
    await start()
    const id = idOf(await putCreditNote(client, creditNote), 'CreditNoteID')
    await client.post(`/CreditNotes/${id}`, { Status: 'VOIDED' })
    expect((await client.get('/CreditNotes')).list('CreditNotes')).toMatchObject([
      { Status: 'VOIDED', RemainingCredit: 0, Total: 24.15 },
    ])
    expect(client.sandbox.creditNotes()[0]?.total).toBe(cents(2415))
  })
})
