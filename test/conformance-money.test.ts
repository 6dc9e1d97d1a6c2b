// Money and what hangs on documents, request and answer alike, against Xero's published description: payments, refunds,
// credits, allocations and their removal, and a history note on every kind of document, which no other judge knows.

import { afterEach, describe, expect, test } from 'vitest'
import { documentEndpoints } from '../src/sandbox/document-endpoints.ts'
import type { JsonObject } from '../src/sandbox/json.ts'
import type { Switches } from '../src/sandbox/switches.ts'
import { startedSandbox, stopSandboxes, type TestClient } from '../src/sandbox/test-client.ts'
import { bill, line, sale } from '../src/sandbox/test-documents.ts'
import { creditNote, idOf, overpayment, prepayment, supplierCredit } from '../src/sandbox/test-money.ts'
import { violations } from './support/conforming.ts'
import { loadOpenApi } from './support/openapi.ts'

afterEach(stopSandboxes)

let client: TestClient
let calls = 0

async function start(switches: Partial<Switches> = {}): Promise<void> {
  client = await startedSandbox({ switches, limits: { minute: 1000 } })
}

/** Writes, and demands the status that the situation is about. */
async function write(method: 'PUT' | 'POST', path: string, body: JsonObject, status = 200) {
  calls += 1
  const answer = await client.api(method, path, { body, headers: { 'idempotency-key': `money-${calls}` } })
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([
    path,
    status,
    status === 200 ? '' : answer.text,
  ])
  return answer
}

/** Creates one and gives its id; the wrapper and the id are named as Xero names them. */
async function make(plural: string, element: JsonObject, id = `${plural.slice(0, -1)}ID`): Promise<string> {
  const [made = {}] = (await write('PUT', `/${plural}`, { [plural]: [element] })).list(plural)
  return idOf(made, id)
}

const makeInvoice = (document: JsonObject = sale) => make('Invoices', document)
const account = { Account: { Code: '090' }, Date: '2026-11-21' }

/** A list in every way that it can be asked for. */
async function readList(path: string, ...more: readonly string[]): Promise<void> {
  const where = encodeURIComponent('Status=="AUTHORISED"')
  for (const query of [
    '',
    '?page=1',
    '?page=1&pageSize=2',
    `?where=${where}&order=UpdatedDateUTC%20DESC`,
    ...more,
  ])
    expect((await client.get(`${path}${query}`)).status, path + query).toBe(200)
  await client.get(path, { 'if-modified-since': '2026-11-22T21:00:00' })
}

/** A credit of each kind with its owner's path; supplier ones too. */
async function makeCredits() {
  const bank = (element: JsonObject, id: string) => make('BankTransactions', element, id)
  return [
    { kind: 'CreditNote', id: await make('CreditNotes', creditNote), side: 'sales' },
    { kind: 'CreditNote', id: await make('CreditNotes', supplierCredit), side: 'purchases' },
    { kind: 'Overpayment', id: await bank(overpayment, 'OverpaymentID'), side: 'sales' },
    { kind: 'Prepayment', id: await bank(prepayment, 'PrepaymentID'), side: 'sales' },
  ] as const
}

describe.skipIf(!loadOpenApi())('what goes to the sandbox and what comes back is what Xero published', () => {
  test('payments: made, read in every way, deleted, and read again', async () => {
    await start()
    const invoices = [
      await makeInvoice(),
      await makeInvoice({ ...sale, CurrencyCode: 'USD' }),
      await makeInvoice(bill),
    ]
    const payments: string[] = []
    for (const InvoiceID of invoices)
      payments.push(await make('Payments', { ...account, Invoice: { InvoiceID }, Amount: 5 }))
    const batched = { ...account, Invoice: { InvoiceID: invoices[0] }, Amount: 1 }
    await write('PUT', '/Payments?summarizeErrors=false', { Payments: [batched, { ...batched, Amount: 99 }] })
    await write('PUT', '/Payments', { Payments: [{ ...batched, Amount: 99 }] }, 400)
    await write('POST', '/Payments', batched)
    await readList('/Payments', `?where=${encodeURIComponent('PaymentType=="ACCRECPAYMENT"')}`)
    for (const id of payments) await client.get(`/Payments/${id}`)
    for (const id of invoices) await client.get(`/Invoices/${id}`)
    await write('POST', `/Payments/${payments[0]}`, { Status: 'DELETED' })
    await write('POST', `/Payments/${payments[0]}`, { Status: 'DELETED' }, 400)
    await readList('/Payments')
    await readList('/Invoices', '?summaryOnly=true', `?IDs=${invoices.join(',')}`, '?includeArchived=true')
    expect(violations(client.exchanges)).toEqual([])
  })

  test('credits: allocated, refunded, an allocation removed, a refund deleted', async () => {
    await start({ allocationAnswerId: 'with' })
    const invoiceIds = { sales: await makeInvoice(), purchases: await makeInvoice(bill) }
    for (const { kind, id, side } of await makeCredits()) {
      const path = `/${kind}s/${id}`
      const allocation = { Invoice: { InvoiceID: invoiceIds[side] }, Amount: 2, Date: '2026-11-21' }
      const made = await write('PUT', `${path}/Allocations`, { Allocations: [allocation] })
      const [{ AllocationID = '' } = {}] = made.list('Allocations')
      const refund = await make('Payments', { ...account, [kind]: { [`${kind}ID`]: id }, Amount: 1 })
      const tooMuch = { Allocations: [{ ...allocation, Amount: 99 }] }
      await write('PUT', `${path}/Allocations?summarizeErrors=false`, tooMuch)
      await write('PUT', `${path}/Allocations`, tooMuch, 400)
      await client.get(path)
      await client.get(`/Invoices/${invoiceIds[side]}`)
      await client.get(`/Payments/${refund}`)
      await readList(`/${kind}s`, '?unitdp=4')
      expect((await client.api('DELETE', `${path}/Allocations/${AllocationID}`)).status).toBe(200)
      await write('POST', `/Payments/${refund}`, { Status: 'DELETED' })
      await client.get(path)
    }
    await readList('/Payments')
    await readList('/Overpayments', '?References=a,b')
    await readList('/Prepayments', '?InvoiceNumbers=a,b')
    await readList('/BankTransactions', '?unitdp=4')
    expect(violations(client.exchanges)).toEqual([])
  })

  test('credits: edited, voided, and their transaction deleted', async () => {
    await start({ creditTransactionDelete: 'allowed' })
    const id = await make('CreditNotes', creditNote)
    await write('POST', `/CreditNotes/${id}`, { CreditNotes: [{ Reference: 'changed' }] })
    await write('POST', '/CreditNotes', { CreditNotes: [{ CreditNoteID: id, Status: 'VOIDED' }] })
    await write('POST', `/CreditNotes/${id}`, { CreditNotes: [{ Status: 'AUTHORISED' }] }, 400)
    const transaction = await make('BankTransactions', prepayment)
    const body = {
      Status: 'DELETED',
      Type: 'RECEIVE-PREPAYMENT',
      LineItems: [],
      BankAccount: { Code: '090' },
    }
    await write('POST', `/BankTransactions/${transaction}`, { BankTransactions: [body] })
    await client.get(`/BankTransactions/${transaction}`)
    await readList('/CreditNotes')
    await readList('/Prepayments')
    await readList('/BankTransactions')
    expect(violations(client.exchanges)).toEqual([])
  })

  test.each(['accepted', 'refused'] as const)(
    'a history note on every kind of document, those on payments %s',
    async (paymentNotes) => {
      await start({ paymentNotes })
      const invoice = await makeInvoice()
      const bank = (await write('PUT', '/BankTransactions', { BankTransactions: [overpayment] })).list(
        'BankTransactions',
      )[0]
      const contact = client.sandbox.contacts()[0]?.id ?? ''
      const order = { Contact: { ContactID: contact }, Date: '2026-11-20', LineItems: [line] }
      const journal = {
        Narration: 'Kept',
        JournalLines: [
          { LineAmount: 10, AccountCode: '310' },
          { LineAmount: -10, AccountCode: '631' },
        ],
      }
      const ids: Record<string, string> = {
        Invoices: invoice,
        CreditNotes: await make('CreditNotes', creditNote),
        PurchaseOrders: await make('PurchaseOrders', order),
        ManualJournals: await make('ManualJournals', journal),
        BankTransactions: idOf(bank ?? {}, 'BankTransactionID'),
        Contacts: contact,
        Items: await make('Items', { Code: 'PADS' }),
        Payments: await make('Payments', { ...account, Invoice: { InvoiceID: invoice }, Amount: 1 }),
        Prepayments: await make('BankTransactions', prepayment, 'PrepaymentID'),
        Overpayments: idOf(bank ?? {}, 'OverpaymentID'),
      }
      for (const { name, failsNotes } of documentEndpoints) {
        const isTaken = paymentNotes === 'accepted' || failsNotes !== true
        const path = `/${name}/${ids[name]}/History`
        const note = { HistoryRecords: [{ Details: `Sent as ${name}` }] }
        await write('PUT', path, note, isTaken ? 200 : 400)
        const notes = (await client.get(path)).list('HistoryRecords')
        expect(notes.map((one) => one['Details'])).toEqual(isTaken ? [`Sent as ${name}`] : [])
      }
      expect(violations(client.exchanges)).toEqual([])
    },
  )
})
