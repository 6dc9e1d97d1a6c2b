// Allocations of credit notes, prepayments and overpayments: what they do to both sides, what is refused, and taking
// them back (§4.4, §4.6).

import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import {
  credit,
  creditNote,
  getOne,
  idOf,
  invoiceId,
  putAllocation,
  putCreditNote,
  putPayment,
} from './test-money.ts'

let client: TestClient
const start = async (switches: Partial<Switches> = {}): Promise<TestClient> => {
  client = await startedSandbox({ switches })
  return client
}
afterEach(async () => {
  // Some requests are wrong on purpose: the answers are what must fit Xero's description, which tells of no refusal
  // of a DELETE at all.
  const wrong = violations(client.exchanges).filter((one) => !/: request |^DELETE \S+ 400:/.test(one))
  expect(wrong).toEqual([])
  await stopSandboxes()
})

const kinds = ['CreditNote', 'Prepayment', 'Overpayment'] as const
const names = { CreditNote: 'Credit Note', Prepayment: 'Prepayment', Overpayment: 'Overpayment' }
const exceeds = (kind: keyof typeof names) =>
  `${names[kind]} cannot be allocated as amount is greater than amount outstanding`

describe.each(kinds)('a %s', (kind) => {
  test('that is allocated counts as credited on the invoice, and its answer has no id', async () => {
    await start()
    const { path, id } = await credit(client, kind)
    const InvoiceID = await invoiceId(client)
    client.clock.advance(60_000)
    const made = await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 4 })
    expect(made).toMatchObject({
      Amount: 4,
      Date: `/Date(${Date.UTC(2026, 10, 21)}+0000)/`,
      Invoice: { InvoiceID },
      [kind]: { [`${kind}ID`]: id, ID: id },
      StatusAttributeString: 'OK',
      ValidationErrors: [],
    })
    expect(made['AllocationID']).toBeUndefined()
    const owner = await getOne(client, path)
    expect(owner).toMatchObject({
      Status: 'AUTHORISED',
      AppliedAmount: 4,
      Allocations: [{ Amount: 4, Invoice: { InvoiceID, InvoiceNumber: 'INV-0001' } }],
    })
    const invoice = await getOne(client, `/Invoices/${InvoiceID}`)
    expect(invoice).toMatchObject({
      AmountDue: 20.15,
      AmountPaid: 0,
      AmountCredited: 4,
      Payments: [],
      [`${kind}s`]: [{ [`${kind}ID`]: id, ID: id, AppliedAmount: 4 }],
      UpdatedDateUTC: owner['UpdatedDateUTC'],
    })
    expect(invoice['UpdatedDateUTC']).toBe(`/Date(${client.clock.now()}+0000)/`)
  })

  test('is PAID when nothing remains, and so is the invoice that nothing is due on', async () => {
    await start()
    const { path } = await credit(client, kind)
    const InvoiceID = await invoiceId(client)
    const amount = kind === 'CreditNote' ? 24.15 : 10
    if (amount < 24.15) await putPayment(client, { Invoice: { InvoiceID }, Amount: 14.15 })
    await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: amount, Date: '2026-11-22' })
    expect(await getOne(client, path)).toMatchObject({ Status: 'PAID', RemainingCredit: 0 })
    const on = `/Date(${Date.UTC(2026, 10, 22)}+0000)/`
    expect(await getOne(client, `/Invoices/${InvoiceID}`)).toMatchObject({
      Status: 'PAID',
      AmountDue: 0,
      FullyPaidOnDate: on,
    })
  })

  test('takes several allocations in a call, each against what is left', async () => {
    await start()
    const { path } = await credit(client, kind)
    const invoices = [await invoiceId(client), await invoiceId(client)]
    const [first, second] = invoices.map((InvoiceID) => ({ InvoiceID }))
    const date = '2026-11-21'
    const sent = [
      { Invoice: first ?? {}, Amount: 6, Date: date },
      { Invoice: second ?? {}, Amount: 30, Date: date },
      { Invoice: second ?? {}, Amount: 4, Date: date },
    ]
    const answer = await client.put(`${path}/Allocations?summarizeErrors=false`, { Allocations: sent })
    expect(answer.list('Allocations').map(errorsOf)).toEqual([[], [exceeds(kind)], []])
    const table = client.sandbox.organisations[0]?.invoices
    expect(invoices.map((id) => table?.get(id)?.credits[0]?.amount)).toEqual([600, 400])
  })

  test('that is taken back leaves no trace but its answer', async () => {
    await start()
    const { path } = await credit(client, kind)
    const InvoiceID = await invoiceId(client)
    await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 4 })
    await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 6 })
    expect(client.sandbox.invoices()[0]?.credits).toMatchObject([{ amount: 1000 }])
    const [first = {}] = (await getOne(client, path))['Allocations'] as readonly JsonObject[]
    const id = idOf(first, 'AllocationID')
    client.clock.advance(60_000)
    const answer = await client.api('DELETE', `${path}/Allocations/${id}`)
    expect(answer.json).toEqual({
      AllocationId: id,
      Date: `/Date(${client.clock.now()})/`,
      Invoice: [{ InvoiceID }],
      IsDeleted: true,
    })
    expect(await getOne(client, path)).toMatchObject({
      Status: 'AUTHORISED',
      AppliedAmount: 6,
      Allocations: [{ Amount: 6 }],
    })
    expect(await getOne(client, `/Invoices/${InvoiceID}`)).toMatchObject({
      AmountCredited: 6,
      AmountDue: 18.15,
    })
    expect((await client.api('DELETE', `${path}/Allocations/${id}`)).status).toBe(404)
  })
})

describe('what is refused', () => {
  const rows: readonly [what: string, invoice: JsonObject, allocation: JsonObject, errors: string[]][] = [
    ['more than remains', {}, { Amount: 24.16 }, [exceeds('CreditNote')]],
    ['all of it', {}, { Amount: 24.15 }, []],
    ['nothing', {}, { Amount: 0 }, ['Allocation amount must be greater than zero']],
    ['to a bill', { Type: 'ACCPAY' }, {}, ['Credit Note cannot be allocated to an incorrect invoice type']],
    [
      'to another’s',
      { Contact: { Name: 'Other' } },
      {},
      ['Credit Note cannot be allocated to an invoice of another contact'],
    ],
    [
      'in another currency',
      { CurrencyCode: 'USD' },
      {},
      ['Credit Note cannot be allocated to an invoice in another currency'],
    ],
    ['to a draft', { Status: 'DRAFT' }, {}, ['Allocations can only be made to Authorised documents']],
    [
      'on a locked day',
      {},
      { Date: '2026-09-30' },
      ['The document date cannot be before the period lock date, currently set at 30-Sep-2026'],
    ],
    [
      'to nothing',
      {},
      { Invoice: {} },
      ['An existing Invoice with the specified InvoiceID could not be found'],
    ],
    ['without a date: today', {}, { Date: undefined }, []],
  ]
  test.each(rows)('%s', async (_what, invoice, allocation, errors) => {
    await start()
    const { path } = await credit(client, 'CreditNote')
    const InvoiceID = await invoiceId(client, invoice)
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    const made = await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 5, ...allocation })
    expect(errorsOf(made)).toEqual(errors)
    expect(client.sandbox.creditNotes()[0]?.allocations).toHaveLength(errors.length === 0 ? 1 : 0)
  })

  test.each(['Prepayment', 'Overpayment'] as const)(
    'more than a %s has, though the invoice could take it',
    async (kind) => {
      await start()
      const { path } = await credit(client, kind)
      const InvoiceID = await invoiceId(client)
      const made = await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 10.01 })
      expect(errorsOf(made)).toEqual([exceeds(kind)])
    },
  )

  test('to an invoice that is paid', async () => {
    await start()
    const { path } = await credit(client, 'CreditNote')
    const InvoiceID = await invoiceId(client)
    await putPayment(client, { Invoice: { InvoiceID }, Amount: 24.15 })
    expect(errorsOf(await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 1 }))).toEqual([
      'The invoice you are trying to allocate to has already been paid off',
      exceeds('CreditNote'),
    ])
  })

  test('from a draft, and from one that is not there', async () => {
    await start()
    const draft = await putCreditNote(client, { ...creditNote, Status: 'DRAFT' })
    const InvoiceID = await invoiceId(client)
    const made = await putAllocation(client, `/CreditNotes/${draft['ID']}`, {
      Invoice: { InvoiceID },
      Amount: 1,
    })
    expect(errorsOf(made)).toEqual(['Credit Note must be authorised before it can be allocated'])
    expect((await client.put(`/CreditNotes/${InvoiceID}/Allocations`, { Allocations: [] })).status).toBe(404)
  })

  test('without a date where the pages want one', async () => {
    await start()
    const { path } = await credit(client, 'Overpayment')
    const InvoiceID = await invoiceId(client)
    const made = await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 1, Date: undefined })
    expect(errorsOf(made)).toEqual(['The allocation Date field must be specified'])
  })

  test('one bare allocation in the default mode: 400, with its message', async () => {
    await start()
    const { path } = await credit(client, 'CreditNote')
    const InvoiceID = await invoiceId(client)
    const bare = { Invoice: { InvoiceID }, Amount: 30, Date: '2026-11-21' }
    const answer = await client.put(`${path}/Allocations`, bare)
    expect(answer.status).toBe(400)
    expect(errorsOf(answer.list('Elements')[0])).toEqual([exceeds('CreditNote')])
    expect((await client.put(`${path}/Allocations`, { ...bare, Amount: 3 })).status).toBe(200)
  })

  test('taking one back in a locked period', async () => {
    await start()
    const { path } = await credit(client, 'CreditNote')
    const InvoiceID = await invoiceId(client)
    await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 1 })
    client.sandbox.person().setLockDate('2026-11-21' as PlainDate)
    const id = client.sandbox.creditNotes()[0]?.allocations[0]?.id
    expect((await client.api('DELETE', `${path}/Allocations/${id}`)).status).toBe(400)
  })

  test('voiding or editing the invoice that has one', async () => {
    await start()
    const { path } = await credit(client, 'Prepayment')
    const InvoiceID = await invoiceId(client)
    await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 1 })
    expect((await client.post(`/Invoices/${InvoiceID}`, { Status: 'VOIDED' })).status).toBe(400)
  })
})

describe('switches', () => {
  test('the answer with the id', async () => {
    await start({ allocationAnswerId: 'with' })
    const { path } = await credit(client, 'CreditNote')
    const made = await putAllocation(client, path, {
      Invoice: { InvoiceID: await invoiceId(client) },
      Amount: 1,
    })
    expect(made['AllocationID']).toBe(client.sandbox.creditNotes()[0]?.allocations[0]?.id)
  })

  const dates: readonly [
    allocationDates: Switches['allocationDates'],
    onCreate: boolean,
    onRemoval: boolean,
  ][] = [
    ['moved', true, true],
    ['kept-on-removal', true, false],
    ['kept', false, false],
  ]
  test.each(dates)(
    '%s: UpdatedDateUTC moves with an allocation %s, with its removal %s',
    async (allocationDates, onCreate, onRemoval) => {
      await start({ allocationDates })
      const { path } = await credit(client, 'CreditNote')
      const InvoiceID = await invoiceId(client)
      const stamps = () => [
        client.sandbox.creditNotes()[0]?.updatedAt,
        client.sandbox.invoices()[0]?.updatedAt,
      ]
      const made = stamps()
      client.clock.advance(60_000)
      await putAllocation(client, path, { Invoice: { InvoiceID }, Amount: 1 })
      const allocated = stamps()
      expect(allocated).toEqual(onCreate ? [client.clock.now(), client.clock.now()] : made)
      client.clock.advance(60_000)
      await client.api('DELETE', `${path}/Allocations/${client.sandbox.creditNotes()[0]?.allocations[0]?.id}`)
      expect(stamps()).toEqual(onRemoval ? [client.clock.now(), client.clock.now()] : allocated)
    },
  )

  test('scopes: credit notes are documents, deposits are payments', async () => {
    await start()
    const { path } = await credit(client, 'CreditNote')
    await client.connect('accounting.invoices')
    expect((await client.put(`${path}/Allocations`, { Allocations: [] })).status).toBe(200)
    expect((await client.get('/Prepayments')).status).toBe(401)
    await client.connect('accounting.payments')
    expect((await client.get('/Prepayments')).status).toBe(200)
    expect((await client.put(`${path}/Allocations`, { Allocations: [] })).status).toBe(401)
  })
})
