// What a person does about money in Xero shows through the API as if Xero had done it, a change of each (§5).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { cents } from '../accounting/money.ts'
import type { PersonMoney } from './person-money.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { getOne } from './test-money.ts'

let client: TestClient
let money: PersonMoney
let contactId: string
let invoiceId: string
let billId: string

async function start(): Promise<void> {
  client = await startedSandbox()
  const person = client.sandbox.person()
  money = person.money
  contactId = person.createContact({ name: 'Acme' }).id
  invoiceId = person.createInvoice({ contactId, total: cents(2415), number: 'INV-9' }).id
  billId = person.createInvoice({ contactId, total: cents(2415), type: 'ACCPAY' }).id
  client.clock.advance(60_000)
}
afterEach(async () => {
  expect(violations(client.exchanges)).toEqual([])
  await stopSandboxes()
})

const now = () => `/Date(${client.clock.now()}+0000)/`

describe('payments', () => {
  test('made and deleted in Xero move the invoice and its date', async () => {
    await start()
    const payment = money.pay(invoiceId, {
      amount: cents(2415),
      date: '2026-11-21' as PlainDate,
      reference: 'bank',
    })
    expect(await getOne(client, `/Payments/${payment.id}`)).toMatchObject({
      PaymentType: 'ACCRECPAYMENT',
      Account: { Code: '090' },
      Amount: 24.15,
      Reference: 'bank',
      UpdatedDateUTC: now(),
    })
    expect(await getOne(client, `/Invoices/${invoiceId}`)).toMatchObject({
      Status: 'PAID',
      UpdatedDateUTC: now(),
    })
    client.clock.advance(60_000)
    money.deletePayment(payment.id)
    expect(await getOne(client, `/Invoices/${invoiceId}`)).toMatchObject({
      Status: 'AUTHORISED',
      AmountDue: 24.15,
      UpdatedDateUTC: now(),
    })
    const feed = await client.get('/Payments', { 'if-modified-since': '2026-11-22T21:02:00' })
    expect(feed.list('Payments')).toMatchObject([{ PaymentID: payment.id, Status: 'DELETED' }])
  })

  test('of a batch cannot be deleted by us, nor reconciled ones', async () => {
    await start()
    const batchId = client.sandbox.organisations[0]?.tenantId ?? ''
    const batched = money.pay(billId, { amount: cents(100), batchId })
    const reconciled = money.reconcile(money.pay(invoiceId, { amount: cents(100) }).id)
    expect(await getOne(client, `/Payments/${batched.id}`)).toMatchObject({ BatchPaymentID: batchId })
    expect(await getOne(client, `/Payments/${reconciled.id}`)).toMatchObject({ IsReconciled: true })
    const messages = async (id: string) =>
      errorsOf((await client.post(`/Payments/${id}`, { Status: 'DELETED' })).list('Elements')[0])
    expect(await messages(batched.id)).toEqual(['Payments within a batch cannot be deleted.'])
    expect(await messages(reconciled.id)).toHaveLength(1)
    expect(client.sandbox.payments().map(({ status }) => status)).toEqual(['AUTHORISED', 'AUTHORISED'])
  })
})

describe('credits', () => {
  test('a credit note is made, allocated, taken back, and voided', async () => {
    await start()
    const note = money.createCreditNote({ contactId, total: cents(1150), number: 'CN-7', reference: 'r' })
    const allocation = money.allocate(note.id, invoiceId, { amount: cents(1000) })
    expect(await getOne(client, `/CreditNotes/${note.id}`)).toMatchObject({
      CreditNoteNumber: 'CN-7',
      Reference: 'r',
      Total: 11.5,
      TotalTax: 1.5,
      RemainingCredit: 1.5,
      Allocations: [{ AllocationID: allocation.id, Amount: 10, Invoice: { InvoiceNumber: 'INV-9' } }],
    })
    expect(await getOne(client, `/Invoices/${invoiceId}`)).toMatchObject({
      AmountCredited: 10,
      CreditNotes: [{ CreditNoteNumber: 'CN-7', AppliedAmount: 10, Total: 11.5 }],
    })
    money.removeAllocation(note.id, allocation.id)
    money.voidCreditNote(note.id)
    expect(await getOne(client, `/CreditNotes/${note.id}`)).toMatchObject({
      Status: 'VOIDED',
      Allocations: [],
    })
    expect(await getOne(client, `/Invoices/${invoiceId}`)).toMatchObject({
      AmountCredited: 0,
      CreditNotes: [],
    })
  })

  test.each([
    ['RECEIVE', () => invoiceId],
    ['SPEND', () => billId],
  ] as const)(
    'deposits, %s: overpaid or ahead, allocated, refunded, the refund deleted',
    async (direction, target) => {
      await start()
      for (const kind of ['Prepayment', 'Overpayment'] as const) {
        const wanted = { contactId, total: cents(500), direction, reference: kind }
        const credit = kind === 'Prepayment' ? money.prepay(wanted) : money.overpay(wanted)
        const path = `/${kind}s/${credit.id}`
        const allocation = money.allocate(credit.id, target(), { amount: cents(200) })
        const refund = money.refund(credit.id, { amount: cents(300) })
        expect(await getOne(client, path)).toMatchObject({
          Type: `${direction}-${kind.toUpperCase()}`,
          Status: 'PAID',
          RemainingCredit: 0,
          Reference: kind,
          Allocations: [{ AllocationID: allocation.id }],
          Payments: [{ PaymentID: refund.id }],
        })
        money.deletePayment(refund.id)
        expect(await getOne(client, path)).toMatchObject({ Status: 'AUTHORISED', RemainingCredit: 3 })
      }
      expect(await getOne(client, `/Invoices/${target()}`)).toMatchObject({
        AmountPaid: 0,
        AmountCredited: 4,
        Prepayments: [{ AppliedAmount: 2 }],
        Overpayments: [{ AppliedAmount: 2 }],
      })
    },
  )

  test('a deposit is voided with its bank transaction', async () => {
    await start()
    const { id } = money.prepay({ contactId, total: cents(500) })
    money.voidDeposit(id)
    expect(await getOne(client, `/Prepayments/${id}`)).toMatchObject({ Status: 'VOIDED', RemainingCredit: 0 })
    expect((await client.get('/BankTransactions')).list('BankTransactions')).toMatchObject([
      { Status: 'DELETED' },
    ])
  })

  test('what is not there is a mistake of the test', async () => {
    await start()
    expect(() => money.pay(contactId, { amount: cents(1) })).toThrow('invoice')
    expect(() => money.refund(invoiceId, { amount: cents(1) })).toThrow('credit')
    expect(() => money.deletePayment(invoiceId)).toThrow('payment')
    expect(() => money.removeAllocation(invoiceId, invoiceId)).toThrow('credit')
  })
})
