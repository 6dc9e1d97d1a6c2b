// Editing, voiding and deleting through the wire: transitions, allocations, locks, and the trap of POST by number (§3.1, §4.3).

import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import { cents, e6 } from '../accounting/money.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { bill, line, sale } from './test-documents.ts'

afterEach(stopSandboxes)

const notValid = 'Invoice not of valid status for modification'
const allocated = 'This document cannot be edited as it has a payment or credit note allocated to it.'
const voidAllocated =
  'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.'

async function made(client: TestClient, invoice: JsonObject): Promise<{ id: string; view: JsonObject }> {
  const [view = {}] = (await client.put('/Invoices', { Invoices: [invoice] })).list('Invoices')
  return { id: String(view['InvoiceID']), view }
}

async function post(client: TestClient, invoice: JsonObject): Promise<JsonObject> {
  const answer = await client.post('/Invoices?summarizeErrors=false', { Invoices: [invoice] })
  return answer.list('Invoices')[0] ?? answer.json
}

/** What the resource for payments will do once it is here. */
function pay(client: TestClient, id: string, amount: number): void {
  const table = client.sandbox.organisations[0]?.invoices
  const invoice = table?.get(id)
  if (!table || !invoice) throw new Error('no such invoice')
  const payment = {
    id,
    date: invoice.date,
    amount: cents(amount),
    reference: '',
    currencyRate: e6(1_000_000),
  }
  table.put({ ...invoice, payments: [payment], status: amount === invoice.total ? 'PAID' : 'AUTHORISED' })
}

async function inStatus(client: TestClient, status: string): Promise<string> {
  const { id } = await made(client, {
    ...sale,
    Status: ['DRAFT', 'SUBMITTED'].includes(status) ? status : status === 'DELETED' ? 'DRAFT' : 'AUTHORISED',
  })
  if (status === 'VOIDED') client.sandbox.person().voidInvoice(id)
  if (status === 'DELETED') client.sandbox.person().deleteInvoice(id)
  if (status === 'PAID') pay(client, id, 2415)
  return id
}

describe('transitions', () => {
  const allowed: Record<string, string[]> = {
    DRAFT: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
    SUBMITTED: ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'DELETED'],
    AUTHORISED: ['AUTHORISED', 'VOIDED'],
    PAID: [],
    VOIDED: [],
    DELETED: [],
  }
  const statuses = Object.keys(allowed)
  const rows = statuses.flatMap((from) =>
    statuses.map((to) => [from, to, allowed[from]?.includes(to) ?? false] as const),
  )
  test.each(rows)('%s to %s: %s', async (from, to, isAllowed) => {
    const client = await startedSandbox()
    const id = await inStatus(client, from)
    client.clock.advance(1000)
    const element = await post(client, { InvoiceID: id, Status: to })
    const stored = client.sandbox.invoices()[0]
    if (isAllowed) {
      expect(element).toMatchObject({ Status: to, HasErrors: false })
      expect(stored).toMatchObject({ status: to, updatedAt: client.clock.now() })
    } else {
      // The requested status is echoed, whatever the invoice has (§3.2, trap 2).
      expect(element).toMatchObject({ Status: to, HasErrors: true, InvoiceID: id })
      expect(errorsOf(element)).toContain(from === 'PAID' && to === 'VOIDED' ? voidAllocated : notValid)
      expect(stored?.status).toBe(from)
    }
  })

  test('a refused deletion echoes the request over what is stored, without number and amount due', async () => {
    const client = await startedSandbox()
    const { id } = await made(client, sale)
    const element = await post(client, { InvoiceID: id, Status: 'DELETED' })
    expect(element).toMatchObject({
      Type: 'ACCREC',
      InvoiceID: id,
      Status: 'DELETED',
      Total: 24.15,
      LineItems: [{ Description: 'Part' }],
      Payments: [],
      StatusAttributeString: 'ERROR',
    })
    expect(element).not.toHaveProperty('InvoiceNumber')
    expect(element).not.toHaveProperty('AmountDue')
  })

  test('the answer to voiding shows the amount due, a list does not', async () => {
    const client = await startedSandbox()
    const { id } = await made(client, sale)
    expect(await post(client, { InvoiceID: id, Status: 'VOIDED' })).toMatchObject({
      Status: 'VOIDED',
      AmountDue: 24.15,
    })
    for (const path of [`/Invoices/${id}`, '/Invoices', '/Invoices?page=1']) {
      expect((await client.get(path)).list('Invoices')[0]).toMatchObject({ AmountDue: 0 })
    }
  })

  test('approving a draft asks of it what a draft may lack', async () => {
    const client = await startedSandbox()
    const bare = {
      ...sale,
      Status: 'DRAFT',
      DueDate: undefined,
      LineItems: [{ ...line, AccountCode: undefined }],
    }
    const { id } = await made(client, bare)
    const element = await post(client, { InvoiceID: id, Status: 'AUTHORISED' })
    expect(errorsOf(element)).toEqual([
      'The account code or ID must be specified',
      'The document DueDate field must be specified',
    ])
  })

  test('an archived contact blocks voiding', async () => {
    const client = await startedSandbox()
    const { id } = await made(client, sale)
    client.sandbox.person().archiveContact(client.sandbox.contacts()[0]?.id ?? '')
    const [error] = errorsOf(await post(client, { InvoiceID: id, Status: 'VOIDED' }))
    expect(error).toContain('has been archived')
  })

  test('an unknown id', async () => {
    const client = await startedSandbox()
    const id = '11111111-1111-1111-1111-111111111111'
    expect(errorsOf(await post(client, { InvoiceID: id, Status: 'VOIDED' }))).toEqual([
      'An existing Invoice with the specified InvoiceID could not be found',
    ])
    expect((await client.post(`/Invoices/${id}`, { Status: 'VOIDED' })).status).toBe(404)
  })
})

describe('edits', () => {
  const edits: readonly [what: string, change: JsonObject, found: JsonObject][] = [
    [
      'what is not sent stays',
      { Reference: 'new' },
      { Reference: 'new', Total: 24.15, DueDateString: '2026-12-20T00:00:00' },
    ],
    ['lines are replaced', { LineItems: [{ ...line, Quantity: 1 }] }, { Total: 12.08 }],
    ['another tax mode, the same lines', { LineAmountTypes: 'Inclusive' }, { Total: 21, TotalTax: 2.74 }],
    ['a new number', { InvoiceNumber: 'N-9' }, { InvoiceNumber: 'N-9' }],
    ['another contact', { Contact: { Name: 'Bold' } }, { Contact: { Name: 'Bold', IsCustomer: true } }],
    ['a new date', { Date: '2026-11-01' }, { DateString: '2026-11-01T00:00:00' }],
  ]
  test.each(edits)('%s', async (_what, change, found) => {
    const client = await startedSandbox()
    const { id } = await made(client, sale)
    const answer = await client.post(`/Invoices/${id}`, { Invoices: [change] })
    expect(answer.list('Invoices')[0]).toMatchObject({ InvoiceID: id, Status: 'AUTHORISED', ...found })
    expect(client.sandbox.invoices()).toHaveLength(1)
  })

  test('a line sent with its id keeps it, without it gets a new one, left out it goes', async () => {
    const client = await startedSandbox()
    const { id, view } = await made(client, {
      ...sale,
      LineItems: [line, { ...line, Description: 'Second' }],
    })
    const [first = {}] = view['LineItems'] as readonly JsonObject[]
    const kept = { ...line, LineItemID: first['LineItemID'], Quantity: 3 }
    await client.post(`/Invoices/${id}`, { LineItems: [kept, line] })
    const lines = client.sandbox.invoices()[0]?.lines ?? []
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatchObject({ id: first['LineItemID'], quantity: 30_000 })
    expect((view['LineItems'] as readonly JsonObject[]).map((one) => one['LineItemID'])).not.toContain(
      lines[1]?.id,
    )
  })

  const refusals: readonly [change: JsonObject, errors: string[]][] = [
    [{ Type: 'ACCPAY' }, ['The Type of an existing invoice cannot be changed.']],
    [{ InvoiceNumber: 'TAKEN' }, ['Invoice # must be unique.']],
    [{ LineItems: [] }, ['One or more line items must be specified']],
  ]
  test.each(refusals)('%j is refused', async (change, errors) => {
    const client = await startedSandbox()
    await made(client, { ...sale, InvoiceNumber: 'TAKEN' })
    const { id } = await made(client, sale)
    expect(errorsOf(await post(client, { InvoiceID: id, ...change }))).toEqual(errors)
  })

  test.each([
    ['kept', 0.5],
    ['reset', 0.5952],
  ] as const)('the rate of a foreign document edited without one: %s', async (rateOnEdit, CurrencyRate) => {
    const client = await startedSandbox({ switches: { rateOnEdit } })
    const { id } = await made(client, { ...sale, CurrencyCode: 'USD', CurrencyRate: 0.5 })
    const answer = await client.post(`/Invoices/${id}`, { LineItems: [line] })
    expect(answer.list('Invoices')[0]).toMatchObject({ CurrencyRate })
  })
})

describe('POST by number', () => {
  test('edits the sales invoice that holds the number, whoever made it', async () => {
    const client = await startedSandbox()
    const contact = client.sandbox.person().createContact({ name: 'Acme' })
    const theirs = client.sandbox
      .person()
      .createInvoice({ contactId: contact.id, number: 'A-1', total: cents(100) })
    const element = await post(client, { ...sale, InvoiceNumber: 'a-1', LineAmountTypes: 'Exclusive' })
    expect(element).toMatchObject({ InvoiceID: theirs.id, Total: 24.15, HasErrors: false })
    expect(client.sandbox.invoices()).toHaveLength(1)
  })

  test('meets the wall of a voided one', async () => {
    const client = await startedSandbox()
    const { id } = await made(client, { ...sale, InvoiceNumber: 'A-1' })
    client.sandbox.person().voidInvoice(id)
    expect(errorsOf(await post(client, { ...sale, InvoiceNumber: 'A-1' }))).toEqual([notValid])
  })

  test('creates where nobody has it', async () => {
    const client = await startedSandbox()
    expect(await post(client, { ...sale, InvoiceNumber: 'A-1' })).toMatchObject({
      InvoiceNumber: 'A-1',
      HasErrors: false,
    })
  })

  test.each([
    ['creates', 2],
    ['edits', 1],
  ] as const)('a bill: %s', async (billPostByNumber, count) => {
    const client = await startedSandbox({ switches: { billPostByNumber } })
    await made(client, { ...bill, InvoiceNumber: 'B-1' })
    await post(client, { ...bill, InvoiceNumber: 'B-1' })
    expect(client.sandbox.invoices()).toHaveLength(count)
  })
})

describe('documents with allocations', () => {
  test.each([1000, 2415])('a sales invoice with %i cents paid takes no edit and no void', async (amount) => {
    const client = await startedSandbox()
    const { id } = await made(client, sale)
    pay(client, id, amount)
    expect(errorsOf(await post(client, { InvoiceID: id, Reference: 'x' }))).toEqual([notValid, allocated])
    expect(errorsOf(await post(client, { InvoiceID: id, Status: 'VOIDED' }))).toEqual([voidAllocated])
    expect((await client.get(`/Invoices/${id}`)).list('Invoices')[0]).toMatchObject({
      AmountPaid: amount / 100,
      Payments: [{ PaymentID: id, Amount: amount / 100, HasAccount: false }],
    })
  })

  const lineIdMissing = 'To update fields on a paid invoice line item, you must supply a LineItemID'
  const rows: readonly [
    what: string,
    switches: Partial<Switches>,
    change: (lineId: string) => JsonObject,
    errors: string[],
    found: JsonObject,
  ][] = [
    ['its due date', {}, () => ({ DueDate: '2027-01-20' }), [], { DueDateString: '2027-01-20T00:00:00' }],
    ['its number', {}, () => ({ InvoiceNumber: 'B-2' }), [], { InvoiceNumber: 'B-2' }],
    [
      'a line’s words',
      {},
      (id) => ({ LineItems: [{ LineItemID: id, Description: 'Oil' }] }),
      [],
      { LineItems: [{ Description: 'Oil' }] },
    ],
    [
      'a line’s account',
      {},
      (id) => ({ LineItems: [{ LineItemID: id, AccountCode: '425' }] }),
      [],
      { LineItems: [{ AccountCode: '425' }] },
    ],
    ['a line without its id', {}, () => ({ LineItems: [line] }), [lineIdMissing], {}],
    [
      'a line’s amount',
      { paidBillEdit: 'refused' },
      (id) => ({ LineItems: [{ LineItemID: id, Quantity: 9 }] }),
      [notValid, allocated],
      {},
    ],
    [
      'a line’s amount, silently not',
      { paidBillEdit: 'silent' },
      (id) => ({ LineItems: [{ LineItemID: id, Quantity: 9 }] }),
      [],
      { HasErrors: false, Total: 24.15 },
    ],
    ['its date', {}, () => ({ Date: '2026-11-01' }), [notValid, allocated], {}],
  ]
  test.each(rows)('a paid bill: %s', async (_what, switches, change, errors, found) => {
    const client = await startedSandbox({ switches })
    const { id, view } = await made(client, { ...bill, InvoiceNumber: 'B-1' })
    pay(client, id, 2415)
    const [first = {}] = view['LineItems'] as readonly JsonObject[]
    const element = await post(client, { InvoiceID: id, ...change(String(first['LineItemID'])) })
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject(found)
  })
})

describe('a document in a locked period', () => {
  const editLocked = 'This document cannot be edited as it is currently dated before the period lock date'
  const yearLocked =
    'This document cannot be edited as it is currently dated before the end of year lock date'
  const rows: readonly [
    lock: 'period' | 'year',
    lockedEdit: Switches['lockedEdit'],
    change: JsonObject,
    text: string,
  ][] = [
    ['period', 'error', { Reference: 'x' }, editLocked],
    ['year', 'error', { Reference: 'x' }, yearLocked],
    ['period', 'error', { Status: 'VOIDED' }, editLocked],
    ['period', 'text-only', { Reference: 'x' }, editLocked],
  ]
  test.each(rows)('%s lock, %s: %j', async (lock, lockedEdit, change, text) => {
    const client = await startedSandbox({ switches: { lockedEdit } })
    const { id } = await made(client, sale)
    const date = '2026-11-20' as PlainDate
    if (lock === 'period') client.sandbox.person().setLockDate(date)
    else client.sandbox.person().setEndOfYearLockDate(date)
    const element = await post(client, { InvoiceID: id, ...change })
    expect(errorsOf(element)).toEqual([text])
    expect(element['HasErrors']).toBe(lockedEdit === 'error')
    expect(client.sandbox.invoices()[0]).toMatchObject({ reference: '', status: 'AUTHORISED' })
  })
})
