// What comes back through the API after people worked in Xero: which lists show it since when, in which order, and what
// they leave out; and both answers of each question that nobody outside Xero can answer (§4.3 to §5, §9).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { cents } from '../accounting/money.ts'
import type { JsonObject } from './json.ts'
import type { Person } from './person.ts'
import type { Switches } from './switches.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { getOne } from './test-money.ts'

let client: TestClient
let person: Person
let contactId: string
let invoiceId: string

/** An invoice of 24.15, dated two days before today, and a minute later. */
async function start(switches: Partial<Switches> = {}): Promise<void> {
  client = await startedSandbox({ switches, limits: { minute: 1000 } })
  person = client.sandbox.person()
  contactId = person.createContact({ name: 'Acme' }).id
  invoiceId = person.createInvoice({ contactId, total: cents(2415), number: 'INV-9' }).id
  client.clock.advance(60_000)
}
afterEach(async () => {
  expect(violations(client.exchanges)).toEqual([])
  await stopSandboxes()
})

const secondNow = () => new Date(client.clock.now()).toISOString().slice(0, 19)

/** The rows of a list that changed in this very second. */
async function changedNow(path: string): Promise<readonly JsonObject[]> {
  return (await client.get(path, { 'if-modified-since': secondNow() })).list(
    path.slice(1).split('?')[0] ?? '',
  )
}

describe('every list', () => {
  /** Makes one of each kind; the second of each a minute later. */
  function makeOneOfEach(): void {
    const amount = cents(100)
    person.money.pay(invoiceId, { amount })
    const note = person.money.createCreditNote({ contactId, total: cents(500) })
    person.money.overpay({ contactId, total: cents(500) })
    person.money.prepay({ contactId, total: cents(500) })
    person.money.allocate(note.id, invoiceId, { amount })
    person.createContact({ name: `Contact of ${secondNow()}` })
    person.createInvoice({ contactId, total: cents(500) })
    person.papers.createItem({ code: secondNow().slice(-8) })
    const lines = [
      { accountCode: '310', amount: 5000 },
      { accountCode: '631', amount: -5000 },
    ]
    person.papers.createManualJournal({ narration: 'x', lines })
  }
  const lists = [
    ...['/Contacts', '/Invoices', '/CreditNotes', '/Payments', '/Overpayments', '/Prepayments'],
    ...['/BankTransactions', '/ManualJournals', '/Items'],
  ]
  test.each(lists)('%s: by change and then by id, and since a second', async (path) => {
    await start()
    makeOneOfEach()
    makeOneOfEach()
    const key = path.slice(1)
    const id = `${key.slice(0, -1)}ID`
    const both = (await client.get(path)).list(key).slice(-2)
    expect(both.map((row) => row[id])).toEqual(both.map((row) => row[id]).toSorted())
    client.clock.advance(60_000)
    makeOneOfEach()
    const fresh = await changedNow(path)
    // The invoice that was paid and credited has moved as well.
    expect(fresh.map((row) => row[id])).toHaveLength(
      path === '/Invoices' || path === '/BankTransactions' ? 2 : 1,
    )
    expect((await client.get(path)).list(key).slice(-fresh.length)).toEqual(fresh)
  })

  test.each(lists.filter((path) => path !== '/Items'))('%s: in pages, with pagination', async (path) => {
    await start()
    makeOneOfEach()
    makeOneOfEach()
    const key = path.slice(1)
    const all = (await client.get(`${path}?page=1`)).list(key)
    const second = await client.get(`${path}?page=2&pageSize=1`)
    expect(second.list(key)).toEqual(all.slice(1, 2))
    expect(second.json['pagination']).toMatchObject({ page: 2, pageSize: 1, itemCount: all.length })
  })
})

describe('documents with money on them', () => {
  test('payments in an invoice say nothing of status, account, type or change', async () => {
    await start()
    person.money.pay(invoiceId, { amount: cents(400), reference: 'bank' })
    for (const path of [
      '/Invoices',
      '/Invoices?page=1',
      `/Invoices?IDs=${invoiceId}`,
      `/Invoices/${invoiceId}`,
    ]) {
      const [row = {}] = (await client.get(path)).list('Invoices')
      const [payment = {}] = row['Payments'] as JsonObject[]
      expect(Object.keys(payment).toSorted(), path).toEqual([
        'Amount',
        'CurrencyRate',
        'Date',
        'HasAccount',
        'HasValidationErrors',
        'PaymentID',
        'Reference',
      ])
    }
  })

  test('credits of every kind count as credited, and are dated by the way they are asked for', async () => {
    await start()
    const wanted = { contactId, total: cents(500), date: '2026-11-10' as PlainDate }
    const credits = [
      person.money.createCreditNote(wanted),
      person.money.overpay(wanted),
      person.money.prepay(wanted),
    ]
    for (const { id } of credits) person.money.allocate(id, invoiceId, { amount: cents(200) })
    const datesIn = (row: JsonObject) =>
      ['CreditNotes', 'Overpayments', 'Prepayments'].flatMap((key) =>
        (row[key] as JsonObject[]).map((credit) => credit['DateString']),
      )
    const single = await getOne(client, `/Invoices/${invoiceId}`)
    const [listed = {}] = (await client.get(`/Invoices?IDs=${invoiceId}`)).list('Invoices')
    expect(single).toMatchObject({ AmountCredited: 6, AmountPaid: 0, AmountDue: 18.15, Payments: [] })
    expect(listed).toMatchObject({ AmountCredited: 6 })
    expect(datesIn(single)).toEqual(['2026-11-23T00:00:00', '2026-11-23T00:00:00', '2026-11-23T00:00:00'])
    expect(datesIn(listed)).toEqual(['2026-11-10T00:00:00', '2026-11-10T00:00:00', '2026-11-10T00:00:00'])
    // The credit itself is the one that knows when it was allocated.
    expect(await getOne(client, `/CreditNotes/${credits[0]?.id}`)).toMatchObject({
      Allocations: [{ Date: `/Date(${Date.UTC(2026, 10, 23)}+0000)/` }],
    })
  })

  test('the answer to a creation, and a payment’s invoice, say no AmountCredited', async () => {
    await start()
    const line = { Description: 'x', UnitAmount: 1, AccountCode: '200' }
    const sale = { Type: 'ACCREC', Contact: { ContactID: contactId }, LineItems: [line] }
    const [made = {}] = (
      await client.put('/Invoices', { Invoices: [sale] }, { 'idempotency-key': 'one' })
    ).list('Invoices')
    expect(made).not.toHaveProperty('AmountCredited')
    expect(made).toHaveProperty('AmountPaid')
    const { id } = person.money.pay(invoiceId, { amount: cents(100) })
    const payment = await getOne(client, `/Payments/${id}`)
    expect(payment['Invoice']).toMatchObject({ AmountPaid: 1, Payments: [{ PaymentID: id }] })
    expect(payment['Invoice']).not.toHaveProperty('AmountCredited')
    expect(payment['Invoice']).not.toHaveProperty('CreditNotes')
  })

  test('a voided invoice shows nothing due', async () => {
    await start()
    person.voidInvoice(invoiceId)
    expect(await changedNow('/Invoices')).toMatchObject([{ Status: 'VOIDED', AmountDue: 0, Total: 24.15 }])
  })

  test('what is deleted, removed or refunded afterwards leaves a voided document voided', async () => {
    await start()
    const { id } = person.money.pay(invoiceId, { amount: cents(2415) })
    person.voidInvoice(invoiceId)
    person.money.deletePayment(id)
    expect(client.sandbox.invoices()[0]?.status).toBe('VOIDED')
  })

  test('summaries: paged, with amounts, without what hangs on the document', async () => {
    await start()
    person.money.pay(invoiceId, { amount: cents(400) })
    const answer = await client.get('/Invoices?summaryOnly=true')
    const [row = {}] = answer.list('Invoices')
    expect(answer.json).toHaveProperty('pagination')
    expect(row).toMatchObject({
      Status: 'AUTHORISED',
      Total: 24.15,
      AmountDue: 20.15,
      AmountPaid: 4,
      AmountCredited: 0,
    })
    for (const name of ['Payments', 'CreditNotes', 'Prepayments', 'Overpayments'])
      expect(row).not.toHaveProperty(name)
    expect(row['LineItems']).toEqual([])
    const [contact = {}] = (await client.get('/Contacts?summaryOnly=true')).list('Contacts')
    expect(contact).toMatchObject({ ContactID: contactId, ContactStatus: 'ACTIVE' })
    expect(contact).not.toHaveProperty('IsCustomer')
    expect(contact).not.toHaveProperty('IsSupplier')
  })
})

describe('what nobody knows', () => {
  const ways = ['through the API', 'by a person'] as const
  const deletions = ways.flatMap((way) =>
    (['moved', 'kept'] as const).flatMap((dates) =>
      [true, false].map((isListed) => [way, dates, isListed] as const),
    ),
  )
  test.each(deletions)(
    'a payment deleted %s: the invoice’s date is %s, the payment listed %s',
    async (way, paymentDeletionDates, listsDeletedPayments) => {
      await start({ paymentDeletionDates, listsDeletedPayments })
      const { id } = person.money.pay(invoiceId, { amount: cents(2415) })
      client.clock.advance(60_000)
      if (way === 'by a person') person.money.deletePayment(id)
      else await client.post(`/Payments/${id}`, { Status: 'DELETED' }, { 'idempotency-key': way })
      expect(await changedNow('/Invoices')).toMatchObject(
        paymentDeletionDates === 'moved' ? [{ Status: 'AUTHORISED' }] : [],
      )
      expect(await changedNow('/Payments')).toMatchObject(
        listsDeletedPayments ? [{ PaymentID: id, Status: 'DELETED' }] : [],
      )
      // Asked for by id, both always tell.
      expect(await getOne(client, `/Payments/${id}`)).toMatchObject({ Status: 'DELETED' })
      expect(await getOne(client, `/Invoices/${invoiceId}`)).toMatchObject({ AmountDue: 24.15, Payments: [] })
    },
  )

  test.each(['moved', 'kept'] as const)(
    'a refund deleted: the credit’s date is %s',
    async (paymentDeletionDates) => {
      await start({ paymentDeletionDates })
      const { id } = person.money.overpay({ contactId, total: cents(500) })
      const refund = person.money.refund(id, { amount: cents(500) })
      client.clock.advance(60_000)
      person.money.deletePayment(refund.id)
      const changed = paymentDeletionDates === 'moved' ? [{ Status: 'AUTHORISED', RemainingCredit: 5 }] : []
      expect(await changedNow('/Overpayments')).toMatchObject(changed)
    },
  )

  test.each([
    ['moved', 1, 1],
    ['kept-on-removal', 1, 0],
    ['kept', 0, 0],
  ] as const)(
    'allocationDates %s holds for a person too',
    async (allocationDates, onAllocating, onRemoving) => {
      await start({ allocationDates })
      const { id } = person.money.createCreditNote({ contactId, total: cents(500) })
      client.clock.advance(60_000)
      const allocation = person.money.allocate(id, invoiceId, { amount: cents(200) })
      const moved = async () => [
        (await changedNow('/Invoices')).length,
        (await changedNow('/CreditNotes')).length,
      ]
      expect(await moved()).toEqual([onAllocating, onAllocating])
      client.clock.advance(60_000)
      person.money.removeAllocation(id, allocation.id)
      expect(await moved()).toEqual([onRemoving, onRemoving])
      expect(await getOne(client, `/CreditNotes/${id}`)).toMatchObject({
        Allocations: [],
        RemainingCredit: 5,
      })
    },
  )

  test.each([true, false])(
    'a voided prepayment or overpayment is listed: %s',
    async (listsVoidedDeposits) => {
      await start({ listsVoidedDeposits })
      const prepayment = person.money.prepay({ contactId, total: cents(500) })
      const overpayment = person.money.overpay({ contactId, total: cents(500) })
      client.clock.advance(60_000)
      for (const { id } of [prepayment, overpayment]) person.money.voidDeposit(id)
      const listed = listsVoidedDeposits ? [{ Status: 'VOIDED', RemainingCredit: 0 }] : []
      expect(await changedNow('/Prepayments')).toMatchObject(listed)
      expect(await changedNow('/Overpayments')).toMatchObject(listed)
      expect(await getOne(client, `/Overpayments/${overpayment.id}`)).toMatchObject({ Status: 'VOIDED' })
      expect(await changedNow('/BankTransactions')).toHaveLength(2)
    },
  )

  test('summaries that leave out what was paid and credited still say what is due', async () => {
    await start({ summaryAmounts: 'left-out' })
    person.money.pay(invoiceId, { amount: cents(400) })
    const [row = {}] = (await client.get('/Invoices?summaryOnly=true')).list('Invoices')
    expect(row).toMatchObject({ AmountDue: 20.15, Total: 24.15 })
    expect(row).not.toHaveProperty('AmountPaid')
    expect(row).not.toHaveProperty('AmountCredited')
  })
})
