// What is asked about credits, orders, journals and files, and what is read out of the answers; the lines of every
// document as the one text by which they are compared.

import { expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import { contentOf } from '../accounting/content.ts'
import { cents } from '../accounting/money.ts'
import type { FoundDocument } from './found.ts'
import type { XeroGateway } from './gateway.ts'
import { type Answer, id, send, withGateway } from './test-gateway.ts'
import { allocationRow, documentRow, embeddedPaymentRow, lineRow } from './test-rows.ts'

const invoiceRow = {
  ...documentRow,
  InvoiceID: id(1),
  Type: 'ACCPAY',
  InvoiceNumber: 'B-1',
  AmountPaid: 10.5,
  AmountDue: 104.79,
}
const creditNoteRow = {
  ...documentRow,
  CreditNoteID: id(2),
  ID: id(2),
  Type: 'ACCRECCREDIT',
  CreditNoteNumber: 'CN-1',
  RemainingCredit: 110.29,
  Allocations: [allocationRow],
}
const orderRow = { ...documentRow, PurchaseOrderID: id(3), PurchaseOrderNumber: 'PO-1' }
/** As lists have it: no DateString (§4.7). */
const journalRow = {
  ManualJournalID: id(4),
  Narration: 'Wages',
  Date: '/Date(1789344000000+0000)/',
  Status: 'POSTED',
  LineAmountTypes: 'NoTax',
  JournalLines: [
    { Description: 'Pay', LineAmount: 100, AccountCode: '477', TaxType: 'NONE', TaxAmount: 0, Tracking: [] },
    { LineAmount: -100, AccountCode: '814', TaxType: 'NONE', IsBlank: false },
  ],
  Url: 'https://example.org/J-1',
  UpdatedDateUTC: '/Date(1789378199100+0000)/',
}

/** What the gateway makes of one answer, and where it asked. */
async function asked<Value>(body: object, ask: (gateway: XeroGateway) => Promise<Value>) {
  const answer: Answer = (_, response) => send(response, body, { date: 'Sun, 22 Nov 2026 10:00:05 GMT' })
  return withGateway(answer, async ({ gateway, server }) => {
    const found = await ask(gateway)
    return {
      found,
      urls: server.calls.map((call) => decodeURIComponent(call.url.replace('/api.xro/2.0', ''))),
      since: server.calls[0]?.headers['if-modified-since'],
    }
  })
}

const serverTime = Date.UTC(2026, 10, 22, 10, 0, 5)

test('an invoice: what is due, and the payments that stand under it', async () => {
  const row = { ...invoiceRow, Payments: [embeddedPaymentRow], CreditNotes: [] }
  const { found } = await asked({ Invoices: [row] }, (gateway) => gateway.invoicesSince(0))
  expect(found.rows[0]).toMatchObject({
    type: 'ACCPAY',
    amountPaid: 1050,
    amountCredited: 0,
    amountDue: 10479,
    payments: [{ xeroId: id(700), date: '2026-09-14', amount: 1050, reference: 'Cash' }],
  })
  const single = await asked({ Invoices: [invoiceRow] }, (gateway) => gateway.invoiceById(id(1)))
  expect(single.found).toMatchObject({ payments: [] })
})

test('credits changed since: asked in the order of change, read with what is left and where it went', async () => {
  const { found, urls, since } = await asked({ CreditNotes: [creditNoteRow] }, (gateway) =>
    gateway.creditNotesSince(0),
  )
  expect(urls).toEqual(['/CreditNotes?order=UpdatedDateUTC ASC&page=1&pageSize=500'])
  expect(since).toBe('1970-01-01T00:00:00.000Z')
  expect(found).toEqual({
    serverTime,
    rows: [
      {
        xeroId: id(2),
        type: 'ACCRECCREDIT',
        number: 'CN-1',
        reference: null,
        contactId: id(900),
        date: '2026-09-14',
        dueDate: null,
        currency: 'NZD',
        total: 11529,
        tax: 1504,
        status: 'AUTHORISED',
        url: null,
        lineIds: [],
        content: null,
        remaining: 11029,
        allocations: [{ allocationId: id(710), invoiceId: id(711), amount: 500, date: '2026-09-14' }],
        payments: [],
        updatedAt: 1789378199100,
      },
    ],
  })
})

test('an allocation without an id, as answers sometimes have it', async () => {
  const { AllocationID, ...bare } = allocationRow
  const row = { ...creditNoteRow, Allocations: [bare], Payments: [embeddedPaymentRow] }
  const { found } = await asked({ CreditNotes: [row] }, (gateway) => gateway.creditNoteById(id(2)))
  expect(found).toMatchObject({
    allocations: [{ allocationId: null, invoiceId: id(711) }],
    payments: [{ xeroId: id(700) }],
  })
})

test('credits by number: one call each, and of what is found only sales credits of that number', async () => {
  const rows = [
    creditNoteRow,
    { ...creditNoteRow, CreditNoteID: id(20), Type: 'ACCPAYCREDIT' },
    { ...creditNoteRow, CreditNoteID: id(21), CreditNoteNumber: 'CN-10' },
    { ...creditNoteRow, CreditNoteID: id(22), CreditNoteNumber: 'cn-1 ' },
  ]
  const { found, urls } = await asked({ CreditNotes: rows }, (gateway) =>
    gateway.creditNotesByNumber(['CN-1', 'A,b/2', 'CN-1']),
  )
  expect(urls).toEqual([
    '/CreditNotes?order=UpdatedDateUTC ASC&where=CreditNoteNumber=="CN-1"&page=1&pageSize=500',
    '/CreditNotes?order=UpdatedDateUTC ASC&where=CreditNoteNumber=="A,b/2"&page=1&pageSize=500',
  ])
  expect(found.rows.map((row) => row.xeroId)).toEqual([id(2), id(22)])
  expect(found.serverTime).toBe(serverTime)
  await expect(asked({}, (gateway) => gateway.creditNotesByNumber(['a"b']))).rejects.toThrow(RangeError)
})

test('supplier credits of some days: both ends of them, asked for by type and date alone', async () => {
  const row = { ...creditNoteRow, Type: 'ACCPAYCREDIT', CreditNoteNumber: undefined, LineItems: [lineRow] }
  const { found, urls, since } = await asked({ CreditNotes: [row] }, (gateway) =>
    gateway.supplierCreditsDated('2026-01-05' as PlainDate, '2026-11-02' as PlainDate),
  )
  expect(urls).toEqual([
    '/CreditNotes?order=UpdatedDateUTC ASC&where=Type=="ACCPAYCREDIT" AND Date>=DateTime(2026, 01, 05) AND Date<=DateTime(2026, 11, 02)&page=1&pageSize=500',
  ])
  // Whatever its age: what was there before a call may have been there for years.
  expect(since).toBeUndefined()
  expect(found).toMatchObject({ serverTime, rows: [{ xeroId: id(2), type: 'ACCPAYCREDIT', number: null }] })
  expect(found.rows[0]?.content).toContain('Brake pads')
})

test('purchase orders', async () => {
  const { found, urls } = await asked({ PurchaseOrders: [orderRow] }, (gateway) =>
    gateway.purchaseOrdersSince(0),
  )
  expect(urls).toEqual(['/PurchaseOrders?order=UpdatedDateUTC ASC&page=1&pageSize=500'])
  expect(found.rows).toMatchObject([{ xeroId: id(3), number: 'PO-1', contactId: id(900), total: 11529 }])
  const single = await asked({ PurchaseOrders: [orderRow] }, (gateway) => gateway.purchaseOrderById(id(3)))
  expect(single.urls).toEqual([`/PurchaseOrders/${id(3)}`])
  expect(single.found).toEqual(found.rows[0])
})

test('journals: no order is asked for, no date twice, no tax where there is none', async () => {
  const { found, urls } = await asked({ ManualJournals: [journalRow] }, (gateway) =>
    gateway.manualJournalsSince(0),
  )
  expect(urls).toEqual(['/ManualJournals?page=1&pageSize=500'])
  const line = { taxType: null, tax: cents(0), tracking: [] }
  expect(found.rows).toEqual([
    {
      xeroId: id(4),
      status: 'POSTED',
      narration: 'Wages',
      date: '2026-09-14',
      url: 'https://example.org/J-1',
      content: contentOf([
        { ...line, description: 'Pay', account: '477', amount: cents(10000) },
        { ...line, description: '', account: '814', amount: cents(-10000) },
      ]),
      updatedAt: 1789378199100,
    },
  ])
  const bare = { ...journalRow, JournalLines: [] }
  const single = await asked({ ManualJournals: [bare] }, (gateway) => gateway.manualJournalById(id(4)))
  expect(single.found).toMatchObject({ content: null })
})

test('a list that knows of no pages and no dates is not read for ever', async () => {
  const rows = [1, 2, 3].map((second) => ({
    ...journalRow,
    ManualJournalID: id(second),
    UpdatedDateUTC: `/Date(${1789378199000 + second * 1000}+0000)/`,
  }))
  const body = {
    pagination: { page: 1, pageSize: 3, pageCount: 99, itemCount: 297 },
    ManualJournals: rows,
  }
  await withGateway(
    (_, response) => send(response, body),
    async ({ gateway, server }) => {
      await expect(gateway.manualJournalsSince(0)).rejects.toMatchObject({ code: 'xero-away' })
      expect(server.calls.length).toBeLessThan(5)
    },
  )
})

const base = {
  description: 'Brake pads',
  account: '200',
  taxType: 'OUTPUT2',
  amount: cents(10025),
  tax: cents(1504),
  tracking: [{ category: 'Region', option: 'North' }],
}
const contents: { name: string; row: object; expected: object }[] = [
  { name: 'as it is', row: {}, expected: base },
  {
    name: 'without tax, what Xero writes of it does not count',
    row: { LineAmountTypes: 'NoTax' },
    expected: { ...base, taxType: null, tax: cents(0) },
  },
  {
    name: 'only words: neither account nor amount, so no tax',
    row: { line: { AccountCode: undefined, LineAmount: 0, TaxType: 'NONE', TaxAmount: 0, Tracking: [] } },
    expected: { ...base, account: null, taxType: null, amount: cents(0), tax: cents(0), tracking: [] },
  },
  {
    name: 'an amount without an account keeps its tax, as in a draft',
    row: { line: { AccountCode: '', Tracking: undefined } },
    expected: { ...base, account: null, tracking: [] },
  },
  {
    name: 'nothing but an account',
    row: { line: { Description: null, LineAmount: undefined, TaxAmount: undefined } },
    expected: { ...base, description: '', amount: cents(0), tax: cents(0) },
  },
]

test.each(contents)('the content of a line: $name', async ({ row, expected }) => {
  const { line = {}, ...changes } = row as { line?: object } // the table's own shape
  const document = { ...orderRow, ...changes, LineItems: [{ ...lineRow, ...line }] }
  const { found } = await asked({ PurchaseOrders: [document] }, (gateway) => gateway.purchaseOrderById(id(3)))
  expect(found?.content).toBe(contentOf([expected as typeof base]))
  expect(found?.lineIds).toEqual([id(800)])
})

test('ids of lines: in their order; none where one is missing; lines that are not told are not known', async () => {
  const find = async (lines: unknown): Promise<FoundDocument | null> =>
    (
      await asked({ Invoices: [{ ...invoiceRow, LineItems: lines }] }, (gateway) =>
        gateway.invoiceById(id(1)),
      )
    ).found
  const second = { ...lineRow, LineItemID: id(803) }
  expect((await find([second, lineRow]))?.lineIds).toEqual([id(803), id(800)])
  expect((await find([lineRow, { ...lineRow, LineItemID: undefined }]))?.lineIds).toEqual([])
  for (const none of [[], null, undefined]) {
    expect(await find(none)).toMatchObject({ lineIds: [], content: null })
  }
})

test('documents by id: forty in a call, each once; what is not there is left out', async () => {
  const ids = Array.from({ length: 95 }, (_, n) => id(n))
  const { found, urls } = await asked({ Invoices: [invoiceRow] }, (gateway) =>
    gateway.invoicesByIds([...ids, id(0)]),
  )
  const queries = urls.map((url) => new URL(url, 'http://x'))
  expect(queries.map((url) => url.searchParams.get('IDs')?.split(',').length)).toEqual([40, 40, 15])
  expect(queries.flatMap((url) => url.searchParams.get('IDs')?.split(','))).toEqual(ids)
  expect(urls[0]).toMatch(/^\/Invoices\?IDs=[0-9a-f,-]+&unitdp=4&page=1&pageSize=500$/)
  for (const url of urls) expect(url.length).toBeLessThan(1900)
  expect(found).toMatchObject({ rows: [{ xeroId: id(1) }], serverTime })
  expect((await asked({}, (gateway) => gateway.invoicesByIds([]))).urls).toEqual([])
})

test('files of a document', async () => {
  const file = { AttachmentID: id(5), FileName: 'a b.pdf', MimeType: 'application/pdf', ContentLength: 2878 }
  const { found, urls } = await asked({ Attachments: [file] }, (gateway) =>
    gateway.attachmentsOf('CreditNotes', id(2)),
  )
  expect(urls).toEqual([`/CreditNotes/${id(2)}/Attachments`])
  expect(found).toEqual({ rows: [{ xeroId: id(5), fileName: 'a b.pdf', bytes: 2878 }], serverTime })
})

test('what Xero does not know is null; a list of files that is not there is no empty one', async () => {
  await withGateway(
    (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end(),
    async ({ gateway }) => {
      expect(await gateway.creditNoteById(id(1))).toBeNull()
      expect(await gateway.purchaseOrderById(id(1))).toBeNull()
      expect(await gateway.manualJournalById(id(1))).toBeNull()
      await expect(gateway.attachmentsOf('Invoices', id(1))).rejects.toMatchObject({ code: 'xero-away' })
    },
  )
})
