// The trial balance against books worked out by hand: each kind of record alone, by what it moves, and that all sum to zero.

import { afterEach, describe, expect, test } from 'vitest'
import type { JsonObject } from './json.ts'
import { nzDemoCompany } from './organisation.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

afterEach(stopSandboxes)

const date = '2026-11-20'
const contact = { Name: 'Acme' }
const tracking = [{ Name: 'Region', Option: 'North' }]
const sale: JsonObject = {
  Type: 'ACCREC',
  Contact: contact,
  Date: date,
  DueDate: date,
  Status: 'AUTHORISED',
  InvoiceNumber: 'S-1',
  LineItems: [
    {
      Description: 'Parts',
      Quantity: 1,
      UnitAmount: 100,
      AccountCode: '200',
      TaxType: 'OUTPUT2',
      Tracking: tracking,
    },
    { Description: 'Freight', Quantity: 1, UnitAmount: 20, AccountCode: '260', TaxType: 'ZERORATED' },
  ],
}
const lineOf = (UnitAmount: number, AccountCode: string, TaxType: string): JsonObject[] => [
  { Description: 'x', Quantity: 1, UnitAmount, AccountCode, TaxType },
]
const usd = { CurrencyCode: 'USD', CurrencyRate: 0.64, LineItems: lineOf(64, '200', 'ZERORATED') }

async function started(): Promise<TestClient> {
  return startedSandbox({ limits: { minute: 1000 }, organisations: [nzDemoCompany()] })
}

/** The id of what was made; a refusal fails the test. */
async function put(client: TestClient, plural: string, element: JsonObject): Promise<string> {
  const answer = await client.put(`/${plural}`, { [plural]: [element] })
  expect(answer.status, answer.text).toBe(200)
  const [made = {}] = answer.list(plural)
  return String(made[`${plural.slice(0, -1)}ID`])
}

async function allocate(client: TestClient, path: string, InvoiceID: string, Amount: number): Promise<void> {
  const body = { Allocations: [{ Invoice: { InvoiceID }, Amount, Date: date }] }
  const answer = await client.put(`${path}/Allocations`, body)
  expect(answer.status, answer.text).toBe(200)
}

function books(client: TestClient): Record<string, number> {
  const rows = client.sandbox.trialBalance()
  expect(rows.reduce((sum, { cents }) => sum + cents, 0)).toBe(0)
  return Object.fromEntries(
    rows.map(({ account, trackingOption, cents }) => [
      trackingOption === null ? account : `${account} ${trackingOption}`,
      cents,
    ]),
  )
}

describe('documents', () => {
  test('a sale: receivables, its lines net by tracking option, GST', async () => {
    const client = await started()
    await put(client, 'Invoices', sale)
    expect(books(client)).toEqual({ '610': 13500, '200 North': -10000, '260': -2000, '820': -1500 })
  })

  test('an inclusive bill, and its credit note the other way round', async () => {
    const client = await started()
    const bill: JsonObject = {
      ...sale,
      Type: 'ACCPAY',
      LineAmountTypes: 'Inclusive',
      LineItems: lineOf(115, '400', 'INPUT2'),
    }
    await put(client, 'Invoices', bill)
    expect(books(client)).toEqual({ '800': -11500, '400': 10000, '820': 1500 })
    const { DueDate: _due, InvoiceNumber: _number, ...credit } = bill
    await put(client, 'CreditNotes', {
      ...credit,
      Type: 'ACCPAYCREDIT',
      LineItems: lineOf(23, '400', 'INPUT2'),
    })
    expect(books(client)).toEqual({ '800': -9200, '400': 8000, '820': 1200 })
  })

  test('a posted journal with its tax; a purchase order, a draft and what is voided post nothing', async () => {
    const client = await started()
    const lines = [
      { LineAmount: -100, AccountCode: '200', TaxType: 'OUTPUT2', Tracking: tracking },
      { LineAmount: 115, AccountCode: '855', TaxType: 'NONE' },
    ]
    const journal = { Narration: 'Day', Date: date, LineAmountTypes: 'Exclusive', JournalLines: lines }
    await put(client, 'ManualJournals', { ...journal, Status: 'POSTED' })
    await put(client, 'ManualJournals', journal)
    const voided = await put(client, 'ManualJournals', { ...journal, Status: 'POSTED' })
    await client.post(`/ManualJournals/${voided}`, { Narration: 'Day', Status: 'VOIDED' })
    await put(client, 'Invoices', { ...sale, Status: 'DRAFT' })
    client.sandbox.person().voidInvoice(await put(client, 'Invoices', { ...sale, InvoiceNumber: 'S-2' }))
    await put(client, 'PurchaseOrders', { Contact: contact, LineItems: lineOf(5, '400', 'INPUT2') })
    expect(books(client)).toEqual({ '200 North': -10000, '820': -1500, '855': 11500 })
  })

  test('foreign documents at their own rate, the cent that rounding leaves on the largest line', async () => {
    const client = await started()
    // 1.00 / 0.3 = 3.33 three times is 9.99, but 3.00 / 0.3 = 10.00; the first of equals is taken.
    const lines = ['200', '260', '270'].flatMap((code) => lineOf(1, code, 'ZERORATED'))
    await put(client, 'Invoices', { ...sale, CurrencyCode: 'USD', CurrencyRate: 0.3, LineItems: lines })
    expect(books(client)).toEqual({ '610': 1000, '200': -334, '260': -333, '270': -333 })
  })
})

describe('money', () => {
  test('payments and their deletion', async () => {
    const client = await started()
    const InvoiceID = await put(client, 'Invoices', sale)
    const payment = { Invoice: { InvoiceID }, Account: { Code: '090' }, Date: date, Amount: 35 }
    await put(client, 'Payments', payment)
    const gone = await put(client, 'Payments', payment)
    await client.post(`/Payments/${gone}`, { Status: 'DELETED' })
    expect(books(client)).toMatchObject({ '610': 10000, '090': 3500 })
  })

  test('a foreign payment at another rate: the difference is a realised loss, and nothing is left owed', async () => {
    const client = await started()
    const InvoiceID = await put(client, 'Invoices', { ...sale, ...usd })
    const payment = { Invoice: { InvoiceID }, Account: { Code: '090' }, Date: date }
    // 21.33 / 0.64 = 33.33 and 42.67 / 0.64 = 66.67 of the 100.00; 42.67 / 0.66 = 64.65 came in.
    await put(client, 'Payments', { ...payment, Amount: 21.33, CurrencyRate: 0.64 })
    await put(client, 'Payments', { ...payment, Amount: 42.67, CurrencyRate: 0.66 })
    expect(books(client)).toEqual({ '200': -10000, '090': 3333 + 6465, '499': 202 })
  })

  test('a credit note: allocating within receivables moves nothing, refunding it money', async () => {
    const client = await started()
    const InvoiceID = await put(client, 'Invoices', sale)
    const CreditNoteID = await put(client, 'CreditNotes', {
      Type: 'ACCRECCREDIT',
      Contact: contact,
      Date: date,
      Status: 'AUTHORISED',
      LineItems: lineOf(40, '200', 'OUTPUT2'),
    })
    const before = books(client)
    await allocate(client, `/CreditNotes/${CreditNoteID}`, InvoiceID, 30)
    expect(books(client)).toEqual(before)
    await put(client, 'Payments', {
      CreditNote: { CreditNoteID },
      Account: { Code: '090' },
      Date: date,
      Amount: 16,
    })
    expect(books(client)).toEqual({ ...before, '610': (before['610'] ?? 0) + 1600, '090': -1600 })
  })

  test('a prepayment waits on its account, and leaves it by what is allocated', async () => {
    const client = await started()
    const InvoiceID = await put(client, 'Invoices', sale)
    await put(client, 'BankTransactions', {
      Type: 'RECEIVE-PREPAYMENT',
      Contact: contact,
      BankAccount: { Code: '090' },
      Date: date,
      LineAmountTypes: 'NoTax',
      LineItems: [...lineOf(50, '835', 'NONE'), ...lineOf(25, '850', 'NONE')],
    })
    expect(books(client)).toMatchObject({ '090': 7500, '835': -5000, '850': -2500, '610': 13500 })
    const [prepayment] = client.sandbox.organisations[0]?.prepayments.all() ?? []
    await allocate(client, `/Prepayments/${prepayment?.id}`, InvoiceID, 30)
    // 30.00 of 75.00: 20.00 of the 50.00 and 10.00 of the 25.00.
    expect(books(client)).toMatchObject({ '090': 7500, '835': -3000, '850': -1500, '610': 10500 })
    await allocate(client, `/Prepayments/${prepayment?.id}`, InvoiceID, 45)
    const after = books(client)
    expect(after).toMatchObject({ '090': 7500, '610': 6000 })
    expect(after).not.toHaveProperty('835')
  })

  test('an overpayment is in receivables already; a bank transaction is on its lines', async () => {
    const client = await started()
    const bank = { Contact: contact, BankAccount: { Code: '090' }, Date: date }
    const over = { ...bank, Type: 'RECEIVE-OVERPAYMENT', LineAmountTypes: 'NoTax' }
    await put(client, 'BankTransactions', { ...over, LineItems: lineOf(10, '610', 'NONE') })
    expect(books(client)).toEqual({ '090': 1000, '610': -1000 })
    const InvoiceID = await put(client, 'Invoices', sale)
    const [overpayment] = client.sandbox.organisations[0]?.overpayments.all() ?? []
    await allocate(client, `/Overpayments/${overpayment?.id}`, InvoiceID, 10)
    expect(books(client)).toMatchObject({ '090': 1000, '610': 12500 })
    const spent = { ...bank, Type: 'SPEND', LineAmountTypes: 'Inclusive' }
    await put(client, 'BankTransactions', { ...spent, LineItems: lineOf(23, '400', 'INPUT2') })
    expect(books(client)).toMatchObject({ '090': -1300, '400': 2000, '820': 300 - 1500 })
  })
})
