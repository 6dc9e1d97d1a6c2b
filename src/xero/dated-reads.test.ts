// What reconciling asks, in which words, and what is read out of the answers.

import { expect, test } from 'vitest'
import { day } from '../../test/support/books.ts'
import { id, send, withGateway } from './test-gateway.ts'

const stamp = '/Date(1789378199100+0000)/'
const row = (changes: object) => ({
  Status: 'AUTHORISED',
  Contact: { ContactID: id(90), Name: 'Acme' },
  CurrencyCode: 'NZD',
  DateString: '2026-11-02T00:00:00',
  Date: stamp,
  Total: 115,
  UpdatedDateUTC: stamp,
  ...changes,
})
const november = [day('2026-11-01'), day('2026-11-30')] as const

test('the documents of a month: summaries by date in the largest pages', async () => {
  const invoice = (n: number, more: object) =>
    row({ InvoiceID: id(n), Type: 'ACCREC', InvoiceNumber: `INV-${n}`, AmountDue: 65, ...more })
  await withGateway(
    (_, response) =>
      send(response, {
        Invoices: [
          invoice(1, { AmountPaid: 50, AmountCredited: 0 }),
          invoice(2, { Url: 'https://a.example' }),
        ],
      }),
    async ({ gateway, server, clock }) => {
      const { rows } = await clock.run(gateway.documentsDated(...november))
      expect(server.calls.map(({ url }) => decodeURIComponent(url ?? ''))).toEqual([
        '/api.xro/2.0/Invoices?summaryOnly=true&where=Date>=DateTime(2026, 11, 01) AND Date<=DateTime(2026, 11, 30)&page=1&pageSize=1000',
      ])
      expect(rows).toMatchObject([
        {
          xeroId: id(1),
          number: 'INV-1',
          date: '2026-11-02',
          paid: 5_000,
          credited: 0,
          due: 6_500,
          url: null,
        },
        { xeroId: id(2), paid: null, credited: null, contactName: 'Acme', url: 'https://a.example' },
      ])
    },
  )
})

test('of a credit what is allocated, and paid back what else is gone of it; an order owes nothing', async () => {
  const allocations = [{ Invoice: { InvoiceID: id(7) }, Amount: 40, Date: stamp }]
  const note = { CreditNoteID: id(1), Type: 'ACCRECCREDIT', RemainingCredit: 60, Allocations: allocations }
  await withGateway(
    (request, response) =>
      request.url?.includes('/CreditNotes')
        ? send(response, { CreditNotes: [row(note)] })
        : send(response, {
            PurchaseOrders: [row({ PurchaseOrderID: id(2), PurchaseOrderNumber: 'PO-2' })],
          }),
    async ({ gateway, server, clock }) => {
      const credits = await clock.run(gateway.creditsDated(...november))
      expect(credits.rows).toMatchObject([{ total: 11_500, paid: 1_500, credited: 4_000, due: 6_000 }])
      const orders = await clock.run(gateway.ordersDated(...november))
      expect(orders.rows).toMatchObject([{ type: 'PURCHASEORDER', number: 'PO-2', due: null }])
      expect(server.calls[1]?.url).toContain('DateFrom=2026-11-01&DateTo=2026-11-30')
    },
  )
})

const cells = (account: string, ...values: string[]) => [
  { Value: account, Attributes: [{ Id: 'account', Value: id(5) }] },
  ...values.map((Value) => ({ Value })),
]
const report = (rows: object[]) => ({
  Reports: [
    {
      ReportName: 'Trial Balance',
      Rows: [
        { RowType: 'Header', Cells: [] },
        { RowType: 'Section', Title: 'Revenue', Rows: rows },
      ],
    },
  ],
})

test('the trial balance: debits above zero, sums left out; a row of an account that cannot be read is an error', async () => {
  const sums = { RowType: 'SummaryRow', Cells: [{ Value: 'Total' }, { Value: '1.00' }, { Value: '1.00' }] }
  const answers = [
    report([{ RowType: 'Row', Cells: cells('Sales (200)', '', '6960.09', '', '25367.12') }, sums]),
    report([{ RowType: 'Row', Cells: cells('Sales (200)', 'n/a', '') }]),
  ]
  await withGateway(
    (_, response, count) => send(response, answers[count - 1] ?? {}),
    async ({ gateway, clock }) => {
      expect(await clock.run(gateway.trialBalance(november[1]))).toEqual([
        { accountId: id(5), name: 'Sales (200)', month: -696_009 },
      ])
      await expect(clock.run(gateway.trialBalance(november[1]))).rejects.toMatchObject({ code: 'xero-away' })
    },
  )
})
