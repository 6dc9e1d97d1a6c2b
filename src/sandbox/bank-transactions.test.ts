// Bank transactions and the prepayments and overpayments that they make (§4.6).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { type JsonObject, textOf } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { line } from './test-documents.ts'
import {
  getOne,
  idOf,
  invoiceId,
  overpayment,
  prepayment,
  putAllocation,
  putBankTransaction,
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

const receive: JsonObject = {
  ...overpayment,
  Type: 'RECEIVE',
  LineItems: [line],
  LineAmountTypes: 'Exclusive',
}
const spend: JsonObject = { ...receive, Type: 'SPEND', LineItems: [{ ...line, AccountCode: '404' }] }
const invalid = (code: string) => `Account code '${code}' is not a valid code for this document.`

describe('creating', () => {
  test('money received stands by itself and makes nobody a customer', async () => {
    await start()
    const made = await putBankTransaction(client, {
      ...receive,
      Reference: 'Cash sale',
      Url: 'https://app.example/1',
    })
    expect(made).toMatchObject({
      Type: 'RECEIVE',
      Reference: 'Cash sale',
      Url: 'https://app.example/1',
      Status: 'AUTHORISED',
      IsReconciled: false,
      BankAccount: { Code: '090', Name: 'Business Bank Account' },
      SubTotal: 21,
      TotalTax: 3.15,
      Total: 24.15,
      Contact: { Name: 'Acme', IsCustomer: false, IsSupplier: false },
      StatusAttributeString: 'OK',
    })
    expect(textOf(made, 'PrepaymentID') ?? textOf(made, 'OverpaymentID')).toBeUndefined()
    expect(client.sandbox.prepayments().length + client.sandbox.overpayments().length).toBe(0)
  })

  const kinds: readonly [type: string, code: string, kind: 'Prepayment' | 'Overpayment', tax: number][] = [
    ['RECEIVE-PREPAYMENT', '200', 'Prepayment', 1.3],
    ['SPEND-PREPAYMENT', '400', 'Prepayment', 1.3],
    ['RECEIVE-OVERPAYMENT', '610', 'Overpayment', 0],
    ['SPEND-OVERPAYMENT', '800', 'Overpayment', 0],
  ]
  test.each(kinds)('%s on %s makes a %s', async (type, code, kind, tax) => {
    await start()
    const lines = [{ Description: 'Ahead', Quantity: 1, UnitAmount: 10, AccountCode: code }]
    const made = await putBankTransaction(client, {
      ...overpayment,
      Type: type,
      LineItems: lines,
      Reference: 'R-1',
    })
    const id = idOf(made, `${kind}ID`)
    expect(made).toMatchObject({ Total: 10, TotalTax: tax })
    expect(id).not.toBe(made['BankTransactionID'])
    const shown = {
      [`${kind}ID`]: id,
      ID: id,
      Type: type,
      RemainingCredit: 10,
      AppliedAmount: 0,
      Status: 'AUTHORISED',
    }
    expect(await getOne(client, `/${kind}s/${id}`)).toMatchObject({
      ...shown,
      LineAmountTypes: kind === 'Overpayment' ? 'NoTax' : 'Inclusive',
      LineItems: [{ AccountCode: code, LineAmount: 10 }],
      TotalTax: tax,
      Reference: 'R-1',
    })
    const list = await client.get(`/${kind}s`)
    expect(list.list(`${kind}s`)).toMatchObject([{ ...shown, LineItems: [] }])
  })

  const rows: readonly [what: string, base: JsonObject, change: JsonObject, errors: string[]][] = [
    [
      'no bank account',
      receive,
      { BankAccount: {} },
      ['A BankAccount must be specified for this type of transaction'],
    ],
    [
      'an account that is no bank',
      receive,
      { BankAccount: { Code: '855' } },
      ["'855' is not a bank account."],
    ],
    [
      'no contact',
      receive,
      { Contact: {} },
      [
        'The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber',
      ],
    ],
    [
      'a transfer',
      receive,
      { Type: 'RECEIVE-TRANSFER' },
      ["The type 'RECEIVE-TRANSFER' is not valid for bank transactions."],
    ],
    [
      'receivables on money received',
      receive,
      { LineItems: [{ ...line, AccountCode: '610' }] },
      [invalid('610')],
    ],
    ['an overpayment on sales', overpayment, { LineItems: [line] }, [invalid('200')]],
    [
      'an overpayment on the other side',
      overpayment,
      { LineItems: [{ ...line, AccountCode: '800' }] },
      [invalid('800')],
    ],
    [
      'a prepayment on receivables',
      prepayment,
      { LineItems: [{ ...line, AccountCode: '610' }] },
      [invalid('610')],
    ],
    [
      'a prepayment of nothing',
      prepayment,
      { LineItems: [{ ...line, UnitAmount: 0 }] },
      ['The total of a prepayment or overpayment must be greater than zero.'],
    ],
    [
      'a locked date',
      prepayment,
      { Date: '2026-09-30' },
      ['The document date cannot be before the period lock date, currently set at 30-Sep-2026'],
    ],
    [
      'a bad address',
      receive,
      { Url: 'https://xero.com/1' },
      ['Url must be a valid address that does not contain the word xero.'],
    ],
    [
      'a currency that is not enabled',
      overpayment,
      { CurrencyCode: 'EUR' },
      ['Organisation is not subscribed to currency EUR'],
    ],
    [
      'a deleted one',
      receive,
      { Status: 'DELETED' },
      ['Bank Transaction not of valid status for modification'],
    ],
  ]
  test.each(rows)('refused: %s', async (_what, base, change, errors) => {
    await start()
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    const element = await putBankTransaction(client, { ...base, ...change })
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject({
      BankTransactionID: '00000000-0000-0000-0000-000000000000',
      StatusAttributeString: 'ERROR',
    })
    expect(client.sandbox.bankTransactions()).toEqual([])
    expect(client.sandbox.prepayments().length + client.sandbox.overpayments().length).toBe(0)
  })

  test('twice alike makes two, by PUT and by POST', async () => {
    await start()
    await putBankTransaction(client, overpayment)
    await client.post('/BankTransactions', { BankTransactions: [overpayment] })
    expect(client.sandbox.overpayments()).toHaveLength(2)
  })

  test.each([
    ['Inclusive', 21],
    ['Exclusive', 24.15],
  ] as const)('line amounts are %s where nothing says so', async (bankLineAmountTypes, total) => {
    await start({ bankLineAmountTypes })
    const made = await putBankTransaction(client, { ...receive, LineAmountTypes: undefined })
    expect(made).toMatchObject({ LineAmountTypes: bankLineAmountTypes, Total: total })
  })

  test.each([
    ['kept', 'R-1'],
    ['ignored', ''],
  ] as const)('the reference of a prepayment is %s', async (creditTransactionReference, reference) => {
    await start({ creditTransactionReference })
    const made = await putBankTransaction(client, { ...prepayment, Reference: 'R-1' })
    expect(made).toMatchObject({ Reference: reference })
    expect(await getOne(client, `/Prepayments/${made['PrepaymentID']}`)).toMatchObject({
      Reference: reference,
      InvoiceNumber: reference,
    })
    expect(await putBankTransaction(client, { ...receive, Reference: 'R-1' })).toMatchObject({
      Reference: 'R-1',
    })
  })
})

describe('editing', () => {
  test('money spent, by its id; lines that are not sent stay', async () => {
    await start()
    const made = await putBankTransaction(client, spend)
    const change = { BankTransactionID: made['BankTransactionID'], Reference: 'x', Date: '2026-11-19' }
    const answer = await client.post('/BankTransactions', { BankTransactions: [change] })
    expect(answer.list('BankTransactions')[0]).toMatchObject({
      Reference: 'x',
      DateString: '2026-11-19T00:00:00',
      Total: made['Total'] ?? 0,
      LineItems: made['LineItems'] ?? [],
    })
  })

  test('deleting leaves it in the list', async () => {
    await start()
    const id = idOf(await putBankTransaction(client, spend), 'BankTransactionID')
    expect((await client.post(`/BankTransactions/${id}`, { Status: 'DELETED' })).status).toBe(200)
    expect((await client.get('/BankTransactions')).list('BankTransactions')).toMatchObject([
      { Status: 'DELETED' },
    ])
    expect((await client.post(`/BankTransactions/${id}`, { Status: 'DELETED' })).status).toBe(400)
  })

  test('not once it is reconciled, nor in a locked period, nor where it made a credit', async () => {
    await start()
    const reconciled = idOf(
      await putBankTransaction(client, { ...spend, IsReconciled: true }),
      'BankTransactionID',
    )
    const locked = idOf(
      await putBankTransaction(client, { ...spend, Date: '2026-09-30' }),
      'BankTransactionID',
    )
    const ahead = idOf(await putBankTransaction(client, prepayment), 'BankTransactionID')
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    const messages = async (id: string) =>
      errorsOf((await client.post(`/BankTransactions/${id}`, { Reference: 'x' })).list('Elements')[0])
    expect(await messages(reconciled)).toEqual([
      'This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement',
    ])
    expect(await messages(locked)).toEqual([
      'This document cannot be edited as it is currently dated before the period lock date',
    ])
    expect(await messages(ahead)).toEqual(['Bank Transaction not of valid status for modification'])
  })

  const ends: readonly [switches: Partial<Switches>, isUsed: boolean, credit: string][] = [
    [{ creditTransactionDelete: 'refused' }, false, 'AUTHORISED'],
    [{ creditTransactionDelete: 'allowed' }, true, 'AUTHORISED'],
    [{ creditTransactionDelete: 'allowed' }, false, 'VOIDED'],
  ]
  test.each(ends)('deleting a prepayment, %j, used %s: %s', async (switches, isUsed, status) => {
    await start(switches)
    const made = await putBankTransaction(client, prepayment)
    const path = `/Prepayments/${made['PrepaymentID']}`
    if (isUsed)
      await putAllocation(client, path, { Invoice: { InvoiceID: await invoiceId(client) }, Amount: 1 })
    await client.post(`/BankTransactions/${made['BankTransactionID']}`, { Status: 'DELETED' })
    const remaining = status === 'VOIDED' ? 0 : isUsed ? 9 : 10
    expect(await getOne(client, path)).toMatchObject({ Status: status, RemainingCredit: remaining })
  })
})

describe('lists', () => {
  test('by page, since when, by filter and by reference', async () => {
    await start()
    await putBankTransaction(client, { ...overpayment, Reference: 'O-1' })
    client.clock.advance(60_000)
    await putBankTransaction(client, { ...prepayment, Reference: 'P-1' })
    const references = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await client.get(path, headers)
      return answer.list(path.slice(1).split('?')[0] ?? '').map((row) => row['Reference'])
    }
    expect(await references('/BankTransactions')).toEqual(['O-1', 'P-1'])
    expect(await references('/BankTransactions?page=2&pageSize=1')).toEqual(['P-1'])
    expect(await references('/BankTransactions', { 'if-modified-since': '2026-11-22T21:01:00' })).toEqual([
      'P-1',
    ])
    const where = encodeURIComponent('Type=="RECEIVE-OVERPAYMENT" AND BankAccount.Code=="090"')
    expect(await references(`/BankTransactions?where=${where}`)).toEqual(['O-1'])
    expect(await references('/Overpayments?References=O-1,O-2')).toEqual(['O-1'])
    expect(await references('/Overpayments?References=O-2')).toEqual([])
    expect(await references('/Prepayments?InvoiceNumbers=P-1')).toEqual(['P-1'])
    expect(await references('/Prepayments?InvoiceNumbers=P-2')).toEqual([])
    expect(await references('/Prepayments?page=1')).toEqual(['P-1'])
    expect(await references('/Overpayments', { 'if-modified-since': '2026-11-22T21:01:00' })).toEqual([])
    const [row = {}] = (await client.get('/BankTransactions?page=1')).list('BankTransactions')
    expect(row).toMatchObject({ LineItems: [{ AccountCode: '610', TaxType: 'NONE' }] })
    expect(await getOne(client, `/BankTransactions/${row['BankTransactionID']}`)).toMatchObject({ Total: 10 })
    const nowhere = '00000000-0000-0000-0000-0000000000aa'
    for (const path of ['BankTransactions', 'Prepayments', 'Overpayments'])
      expect((await client.get(`/${path}/${nowhere}`)).status).toBe(404)
  })
})
