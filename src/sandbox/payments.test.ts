// Payments through the wire: what is made of one, what is refused, deletion, refunds, lists (§4.5).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { JsonObject } from './json.ts'
import { nzDemoCompany } from './organisation.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { credit, getOne, idOf, invoiceId, putPayment } from './test-money.ts'

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

const exceeds = 'Payment amount exceeds the amount outstanding on this document'
const notAuthorised = 'Payments can only be made against Authorised documents'
const invalid = (code: string) => `Account code '${code}' is not a valid code for this document.`

describe('paying an invoice', () => {
  test('in parts takes it to PAID, and the answers embed it as it then is', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    const first = await putPayment(client, { Invoice: { InvoiceID }, Amount: 10, Reference: 'eftpos 1' })
    expect(first).toMatchObject({
      Status: 'AUTHORISED',
      PaymentType: 'ACCRECPAYMENT',
      Reference: 'eftpos 1',
      Amount: 10,
      BankAmount: 10,
      CurrencyRate: 1,
      IsReconciled: false,
      HasValidationErrors: false,
      StatusAttributeString: 'OK',
      Account: { Code: '090', Name: 'Business Bank Account' },
      Invoice: { InvoiceID, AmountDue: 14.15, AmountPaid: 10, Status: 'AUTHORISED' },
    })
    client.clock.advance(60_000)
    const second = await putPayment(client, { Invoice: { InvoiceID }, Amount: 14.15, Date: '2026-11-22' })
    expect(second).toMatchObject({ Invoice: { AmountDue: 0, AmountPaid: 24.15, Status: 'PAID' } })
    const invoice = await getOne(client, `/Invoices/${InvoiceID}`)
    expect(invoice).toMatchObject({
      Status: 'PAID',
      FullyPaidOnDate: `/Date(${Date.UTC(2026, 10, 22)}+0000)/`,
      UpdatedDateUTC: second['UpdatedDateUTC'],
      Payments: [
        { PaymentID: first['PaymentID'], Amount: 10, Reference: 'eftpos 1', HasAccount: false },
        { PaymentID: second['PaymentID'], Amount: 14.15 },
      ],
    })
    expect(invoice['Payments']).not.toMatchObject([{ Status: 'AUTHORISED' }, {}])
  })

  test('twice alike makes two: payments have no key of their own', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    const ids = [await putPayment(client, { Invoice: { InvoiceID } })]
    ids.push(await putPayment(client, { Invoice: { InvoiceID } }))
    expect(new Set(ids.map((one) => one['PaymentID'])).size).toBe(2)
    expect(errorsOf(await putPayment(client, { Invoice: { InvoiceID } }))).toEqual([exceeds])
    expect(client.sandbox.payments()).toHaveLength(2)
  })

  test('but for one cent leaves it AUTHORISED', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    const payment = await putPayment(client, { Invoice: { InvoiceID }, Amount: 24.14 })
    expect(payment).toMatchObject({ Invoice: { AmountDue: 0.01, Status: 'AUTHORISED' } })
  })

  test('many in one call, each against what the one before has left', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    const payment = { Invoice: { InvoiceID }, Account: { Code: '090' }, Date: '2026-11-21', Amount: 15 }
    const mixed = { Payments: [payment, payment, { ...payment, Amount: 9.15 }] }
    const answer = await client.put('/Payments?summarizeErrors=false', mixed)
    expect(answer.status).toBe(200)
    expect(answer.list('Payments').map(errorsOf)).toEqual([[], [exceeds], []])
    expect(answer.list('Payments')[1]).toMatchObject({
      PaymentID: '00000000-0000-0000-0000-000000000000',
      HasValidationErrors: true,
      StatusAttributeString: 'ERROR',
      Amount: 15,
      Invoice: { InvoiceID },
    })
    expect(client.sandbox.invoices()[0]?.status).toBe('PAID')
  })

  test.each([
    ['the default mode', {}, ''],
    ['verdicts that Xero does not give', { paymentVerdicts: 'whole' as const }, '?summarizeErrors=false'],
  ])('%s refuses the whole call for one of them', async (_what, switches, query) => {
    await start(switches)
    const InvoiceID = await invoiceId(client)
    const payment = { Invoice: { InvoiceID }, Account: { Code: '090' }, Date: '2026-11-21', Amount: 15 }
    const answer = await client.put(`/Payments${query}`, { Payments: [payment, payment] })
    expect(answer.status).toBe(400)
    expect(errorsOf(answer.list('Elements')[0])).toEqual([exceeds])
    expect(client.sandbox.payments()).toEqual([])
    expect(client.sandbox.invoices()[0]?.payments).toEqual([])
  })

  test('POST takes one, bare or in a list', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    const payment = { Invoice: { InvoiceID }, Account: { Code: '090' }, Date: '2026-11-21', Amount: 5 }
    expect((await client.post('/Payments', payment)).list('Payments')).toHaveLength(1)
    expect((await client.post('/Payments', { Payments: [payment] })).status).toBe(200)
    expect((await client.post('/Payments', { Payments: [payment, payment] })).status).toBe(400)
    expect(client.sandbox.payments()).toHaveLength(2)
  })

  test('the date is the organisation’s today where none is sent', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    await client.post('/Payments', { Invoice: { InvoiceID }, Account: { Code: '090' }, Amount: 5 })
    expect(client.sandbox.payments()[0]?.date).toBe('2026-11-23')
  })
})

describe('what is refused', () => {
  const rows: readonly [what: string, change: JsonObject, errors: string[]][] = [
    [
      'nothing to pay',
      { Invoice: undefined },
      ['A payment must have exactly one of Invoice, CreditNote, Prepayment and Overpayment.'],
    ],
    [
      'an unknown invoice',
      { Invoice: { InvoiceID: '00000000-0000-0000-0000-0000000000aa' } },
      ['An existing Invoice with the specified InvoiceID could not be found'],
    ],
    ['no account', { Account: {} }, ['The account code or ID must be specified']],
    ['an unknown account', { Account: { Code: '999' } }, [invalid('999')]],
    ['an account without payments', { Account: { Code: '200' } }, [invalid('200')]],
    [
      'an archived account',
      { Account: { Code: '599' } },
      [
        "Account code '599' has been archived, or has been deleted. Each line item must reference a valid account.",
      ],
    ],
    ['a bank account', { Account: { Code: '091' } }, []],
    ['an account with payments enabled', { Account: { Code: '855' } }, []],
    ['nothing', { Amount: 0 }, ['Payment amount must be greater than zero']],
    ['less than nothing', { Amount: -1 }, ['Payment amount must be greater than zero']],
    ['one cent too much', { Amount: 24.16 }, [exceeds]],
    ['all of it', { Amount: 24.15 }, []],
    [
      'a locked day',
      { Date: '2026-09-30' },
      ['The document date cannot be before the period lock date, currently set at 30-Sep-2026'],
    ],
    ['a day before the invoice', { Date: '2026-11-19' }, []],
    ['a deleted payment', { Status: 'DELETED' }, ['Payment not of valid status for modification']],
  ]
  test.each(rows)('%s', async (_what, change, errors) => {
    await start()
    const InvoiceID = await invoiceId(client)
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    expect(errorsOf(await putPayment(client, { Invoice: { InvoiceID }, ...change }))).toEqual(errors)
    expect(client.sandbox.payments()).toHaveLength(errors.length === 0 ? 1 : 0)
  })

  const statuses: readonly [status: string, errors: string[]][] = [
    ['DRAFT', [notAuthorised]],
    ['SUBMITTED', [notAuthorised]],
    ['VOIDED', [notAuthorised]],
    ['PAID', [notAuthorised, exceeds]],
  ]
  test.each(statuses)('an invoice that is %s', async (status, errors) => {
    await start()
    const isOver = status === 'VOIDED' || status === 'PAID'
    const InvoiceID = await invoiceId(client, { Status: isOver ? 'AUTHORISED' : status })
    if (status === 'VOIDED') client.sandbox.person().voidInvoice(InvoiceID)
    if (status === 'PAID') await putPayment(client, { Invoice: { InvoiceID }, Amount: 24.15 })
    expect(errorsOf(await putPayment(client, { Invoice: { InvoiceID } }))).toEqual(errors)
  })

  test('two documents at once', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    const { id } = await credit(client, 'CreditNote')
    const both = await putPayment(client, { Invoice: { InvoiceID }, CreditNote: { CreditNoteID: id } })
    expect(errorsOf(both)).toHaveLength(1)
  })

  test('an invoice by a number that several bills have; a sales invoice’s number names it', async () => {
    await start()
    const bill = { Type: 'ACCPAY', InvoiceNumber: 'B-1' }
    await invoiceId(client, bill)
    expect(errorsOf(await putPayment(client, { InvoiceNumber: 'B-1' }))).toEqual([])
    await invoiceId(client, bill)
    expect(errorsOf(await putPayment(client, { Invoice: { InvoiceNumber: 'B-1' } }))).toEqual([
      'More than one invoice has the number B-1.',
    ])
    await invoiceId(client, { InvoiceNumber: 'S-1' })
    expect(await putPayment(client, { Invoice: { InvoiceNumber: 'S-1' } })).toMatchObject({
      Invoice: { Type: 'ACCREC' },
    })
  })

  test('an invoice with more than its identifier, which Xero would edit', async () => {
    await start({ unknownProperties: 'refused' })
    const InvoiceID = await invoiceId(client)
    const answer = await client.put('/Payments', {
      Payments: [{ Invoice: { InvoiceID, Status: 'VOIDED' }, Account: { Code: '090' }, Amount: 1 }],
    })
    expect(answer.json).toMatchObject({ ErrorNumber: 14 })
  })
})

describe('deleting', () => {
  const bodies: readonly [body: JsonObject, errors: string[] | null][] = [
    [{ Status: 'DELETED' }, null],
    [{ Payments: [{ Status: 'DELETED' }] }, null],
    [{ Status: 'AUTHORISED' }, ['Payment not of valid status for modification']],
    [{ Status: 'DELETED', Amount: 1 }, ['Only Status accepted for updates.']],
    [{ Reference: 'x' }, ['Only Status accepted for updates.']],
  ]
  test.each(bodies)('%j', async (body, errors) => {
    await start()
    const InvoiceID = await invoiceId(client)
    const id = idOf(await putPayment(client, { Invoice: { InvoiceID }, Amount: 24.15 }), 'PaymentID')
    client.clock.advance(60_000)
    const answer = await client.post(`/Payments/${id}`, body)
    expect(answer.status).toBe(errors === null ? 200 : 400)
    expect(errorsOf((errors === null ? answer.list('Payments') : answer.list('Elements'))[0])).toEqual(
      errors ?? [],
    )
    const invoice = await getOne(client, `/Invoices/${InvoiceID}`)
    if (errors === null) {
      expect(answer.list('Payments')[0]).toMatchObject({ Status: 'DELETED', Invoice: { AmountDue: 24.15 } })
      expect(invoice).toMatchObject({ Status: 'AUTHORISED', AmountDue: 24.15, AmountPaid: 0, Payments: [] })
      expect(invoice['FullyPaidOnDate']).toBeUndefined()
      expect(client.sandbox.invoices()[0]?.updatedAt).toBe(client.clock.now())
    } else expect(invoice).toMatchObject({ Status: 'PAID' })
  })

  test('twice, or one that is not there', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    const id = idOf(await putPayment(client, { Invoice: { InvoiceID } }), 'PaymentID')
    await client.post(`/Payments/${id}`, { Status: 'DELETED' })
    expect((await client.post(`/Payments/${id}`, { Status: 'DELETED' })).status).toBe(400)
    expect((await client.post(`/Payments/${InvoiceID}`, { Status: 'DELETED' })).status).toBe(404)
  })

  const guarded: readonly [
    what: string,
    switches: Partial<Switches>,
    change: JsonObject,
    errors: string[],
  ][] = [
    [
      'reconciled, refused',
      { reconciledPaymentDelete: 'refused' },
      { IsReconciled: true },
      ['This payment cannot be deleted as it has been reconciled with a Bank Statement'],
    ],
    ['reconciled, allowed', { reconciledPaymentDelete: 'allowed' }, { IsReconciled: true }, []],
    [
      'in a locked period',
      {},
      { Date: '2026-09-30' },
      ['This document cannot be edited as it is currently dated before the period lock date'],
    ],
  ]
  test.each(guarded)('%s', async (_what, switches, change, errors) => {
    await start(switches)
    const InvoiceID = await invoiceId(client)
    const id = idOf(await putPayment(client, { Invoice: { InvoiceID }, ...change }), 'PaymentID')
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    const answer = await client.post(`/Payments/${id}`, { Status: 'DELETED' })
    expect(errorsOf(answer.list('Elements')[0])).toEqual(errors)
  })
})

describe('refunds', () => {
  const kinds = [
    ['CreditNote', 'ARCREDITPAYMENT', 'ACCRECCREDIT', 24.15],
    ['Prepayment', 'ARPREPAYMENTPAYMENT', 'ARPREPAYMENT', 10],
    ['Overpayment', 'AROVERPAYMENTPAYMENT', 'AROVERPAYMENT', 10],
  ] as const
  test.each(kinds)('of a %s: %s, its target under Invoice', async (kind, paymentType, type, total) => {
    await start()
    const { path, id } = await credit(client, kind)
    const target = { [kind]: { [`${kind}ID`]: id } }
    expect(errorsOf(await putPayment(client, { ...target, Amount: total + 0.01 }))).toEqual([exceeds])
    const refund = await putPayment(client, { ...target, Amount: 4 })
    const shown = { PaymentType: paymentType, Invoice: { Type: type, InvoiceID: id } }
    expect(refund).toMatchObject(shown)
    const rows = await client.get(`/Payments?where=${encodeURIComponent(`Invoice.InvoiceID==guid("${id}")`)}`)
    expect(rows.list('Payments')).toMatchObject([shown])
    const left = Math.round((total - 4) * 100) / 100
    expect(await getOne(client, path)).toMatchObject({
      RemainingCredit: left,
      Status: 'AUTHORISED',
      Payments: [{ PaymentID: refund['PaymentID'], Amount: 4 }],
    })
    await putPayment(client, { ...target, Amount: left })
    expect(await getOne(client, path)).toMatchObject({ RemainingCredit: 0, Status: 'PAID' })
    await client.post(`/Payments/${refund['PaymentID']}`, { Status: 'DELETED' })
    expect(await getOne(client, path)).toMatchObject({ RemainingCredit: 4, Status: 'AUTHORISED' })
  })
})

describe('currencies', () => {
  const usdBank = {
    code: '092',
    name: 'US Dollars',
    type: 'BANK',
    taxType: 'NONE',
    currencyCode: 'USD',
  } as const
  const rows: readonly [what: string, change: JsonObject, found: JsonObject][] = [
    [
      'its own bank account, at a rate',
      { Account: { Code: '092' }, CurrencyRate: 0.5 },
      { BankAmount: 10, CurrencyRate: 0.5 },
    ],
    [
      'its own bank account, at the day’s rate',
      { Account: { Code: '092' } },
      { BankAmount: 10, CurrencyRate: 0.5952 },
    ],
    ['a base account, what the bank got', { BankAmount: 16 }, { BankAmount: 16, CurrencyRate: 0.625 }],
    ['a base account, at a rate', { CurrencyRate: 0.5 }, { BankAmount: 20, CurrencyRate: 0.5 }],
    ['a base account, at the day’s rate', {}, { BankAmount: 16.8, CurrencyRate: 0.5952 }],
  ]
  test.each(rows)('10 USD into %s', async (_what, change, found) => {
    client = await startedSandbox({ organisations: [nzDemoCompany()] })
    client.sandbox.person().addAccount(usdBank)
    const InvoiceID = await invoiceId(client, { CurrencyCode: 'USD' })
    const payment = await putPayment(client, { Invoice: { InvoiceID }, ...change })
    expect(payment).toMatchObject({ Amount: 10, ...found, Invoice: { AmountDue: 14.15 } })
  })

  test('an amount of the base currency that differs at the bank', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    expect(errorsOf(await putPayment(client, { Invoice: { InvoiceID }, BankAmount: 9 }))).toHaveLength(1)
  })
})

describe('lists', () => {
  test('rows are thin, in the order of change, by page and since when', async () => {
    await start()
    const InvoiceID = await invoiceId(client)
    await putPayment(client, { Invoice: { InvoiceID }, Reference: 'first' })
    client.clock.advance(60_000)
    const second = await putPayment(client, { Invoice: { InvoiceID }, Reference: 'second' })
    const all = await client.get('/Payments')
    expect(all.list('Payments').map((row) => row['Reference'])).toEqual(['first', 'second'])
    const [row = {}] = all.list('Payments')
    expect(row).toMatchObject({
      Account: { Code: '090' },
      Invoice: { Type: 'ACCREC', InvoiceID, LineItems: [] },
    })
    expect(Object.keys((row['Invoice'] ?? {}) as JsonObject)).not.toContain('AmountDue')
    const page = await client.get('/Payments?page=2&pageSize=1')
    expect(page.json).toMatchObject({ pagination: { page: 2, itemCount: 2 } })
    expect(page.list('Payments')[0]?.['PaymentID']).toBe(second['PaymentID'])
    const since = await client.get('/Payments', { 'if-modified-since': '2026-11-22T21:01:00' })
    expect(since.list('Payments').map((one) => one['Reference'])).toEqual(['second'])
    expect(await getOne(client, `/Payments/${second['PaymentID']}`)).toMatchObject({
      Invoice: { AmountDue: 4.15, Payments: [{}, {}] },
    })
    expect((await client.get(`/Payments/${InvoiceID}`)).status).toBe(404)
  })

  test.each([
    [true, ['DELETED', 'AUTHORISED']],
    [false, ['AUTHORISED']],
  ])('deleted ones are in it: %s', async (listsDeletedPayments, statuses) => {
    await start({ listsDeletedPayments })
    const InvoiceID = await invoiceId(client)
    const id = idOf(await putPayment(client, { Invoice: { InvoiceID } }), 'PaymentID')
    await client.post(`/Payments/${id}`, { Status: 'DELETED' })
    client.clock.advance(1000)
    await putPayment(client, { Invoice: { InvoiceID } })
    expect((await client.get('/Payments')).list('Payments').map((row) => row['Status'])).toEqual(statuses)
    expect(await getOne(client, `/Payments/${id}`)).toMatchObject({ Status: 'DELETED' })
  })

  test('filters', async () => {
    await start()
    const sale = await invoiceId(client)
    const bill = await invoiceId(client, { Type: 'ACCPAY' })
    const paid = await putPayment(client, { Invoice: { InvoiceID: sale }, Amount: 5, Reference: 'in' })
    await putPayment(client, { Invoice: { InvoiceID: bill }, Amount: 6, Reference: 'out' })
    const rows: readonly [where: string, references: string[]][] = [
      ['PaymentType=="ACCPAYPAYMENT"', ['out']],
      [`Invoice.InvoiceID==guid("${sale}")`, ['in']],
      [`PaymentID==guid("${paid['PaymentID']}")`, ['in']],
      ['Status=="AUTHORISED" AND Amount>5.5', ['out']],
      ['Invoice.Contact.Name=="acme" AND Account.Code=="090"', ['in', 'out']],
    ]
    for (const [where, references] of rows) {
      const answer = await client.get(`/Payments?where=${encodeURIComponent(where)}&order=Reference`)
      expect(
        answer.list('Payments').map((row) => row['Reference']),
        where,
      ).toEqual(references)
    }
  })
})

describe('other switches', () => {
  const long = 'R'.repeat(300)
  const rows: readonly [switches: Partial<Switches>, change: JsonObject, found: JsonObject][] = [
    [{ longPaymentReference: 'kept' }, { Reference: long }, { Reference: long }],
    [{ longPaymentReference: 'cut' }, { Reference: long }, { Reference: 'R'.repeat(255) }],
    [{ paymentBeforeDocument: 'refused' }, { Date: '2026-11-19' }, { HasValidationErrors: true }],
  ]
  test.each(rows)('%j', async (switches, change, found) => {
    await start(switches)
    const InvoiceID = await invoiceId(client)
    expect(await putPayment(client, { Invoice: { InvoiceID }, ...change })).toMatchObject(found)
  })

  test('the scope is accounting.payments', async () => {
    await start()
    await client.connect('accounting.invoices')
    expect((await client.get('/Payments')).status).toBe(401)
    await client.connect('accounting.payments.read')
    expect((await client.get('/Payments')).status).toBe(200)
    expect((await client.put('/Payments', { Payments: [] })).status).toBe(401)
  })
})
