// What is asked about payments, bank transactions, prepayments, overpayments and items, and what is read out of the
// answers.

import { expect, test } from 'vitest'
import { id, send, withGateway } from './test-gateway.ts'
import { allocationRow } from './test-rows.ts'

const paymentRow = {
  PaymentID: id(1),
  Date: '/Date(1789344000000+0000)/',
  BankAmount: 46,
  Amount: 46.5,
  Reference: 'Cash #abcdefgh23',
  CurrencyRate: 1,
  PaymentType: 'ACCRECPAYMENT',
  Status: 'AUTHORISED',
  UpdatedDateUTC: '/Date(1789378199100+0000)/',
  Account: { AccountID: id(2), Code: '090' },
  Invoice: { Type: 'ACCREC', InvoiceID: id(3), Total: 'not looked at', LineItems: [] },
}

const serverTime = Date.UTC(2026, 10, 22, 10, 0, 5)
const date = { date: 'Sun, 22 Nov 2026 10:00:05 GMT' }

test('payments changed since: deleted ones too', async () => {
  const deleted = { ...paymentRow, PaymentID: id(4), Status: 'DELETED', Reference: '', Date: undefined }
  await withGateway(
    (_, response) => send(response, { Payments: [paymentRow, deleted] }, date),
    async ({ gateway, server }) => {
      const read = await gateway.paymentsSince(5_000)
      expect(server.calls[0]?.url).toBe('/api.xro/2.0/Payments?page=1&pageSize=1000')
      expect(server.calls[0]?.headers['if-modified-since']).toBe('1970-01-01T00:00:05.000Z')
      expect(read.serverTime).toBe(serverTime)
      expect(read.rows[0]).toEqual({
        xeroId: id(1),
        account: '090',
        status: 'AUTHORISED',
        type: 'ACCRECPAYMENT',
        targetId: id(3),
        amount: 4650,
        date: '2026-09-14',
        reference: 'Cash #abcdefgh23',
        updatedAt: 1789378199100,
      })
      expect(read.rows[1]).toMatchObject({ xeroId: id(4), status: 'DELETED', reference: null, date: null })
    },
  )
})

const { Invoice, ...bare } = paymentRow
const targets: [string, object, string | null][] = [
  ['a refund: the credit in the place of an invoice', { Invoice: { InvoiceID: id(5) } }, id(5)],
  ['a credit note', { CreditNote: { CreditNoteID: id(6) } }, id(6)],
  ['a prepayment', { Prepayment: { PrepaymentID: id(7) } }, id(7)],
  ['an overpayment', { Overpayment: { OverpaymentID: id(8) } }, id(8)],
  ['something else', {}, null],
]

test.each(targets)('what a payment is on: %s', async (_, target, expected) => {
  await withGateway(
    (_, response) => send(response, { Payments: [{ ...bare, ...target }] }),
    async ({ gateway, server }) => {
      expect(await gateway.paymentById(id(1))).toMatchObject({ targetId: expected })
      expect(server.calls[0]?.url).toBe(`/api.xro/2.0/Payments/${id(1)}`)
    },
  )
})

const bankRow = {
  BankTransactionID: id(10),
  Type: 'RECEIVE-PREPAYMENT',
  PrepaymentID: id(11),
  Status: 'AUTHORISED',
  Contact: { ContactID: id(12), Name: 'Marsh' },
  CurrencyCode: 'NZD',
  DateString: '2026-09-14T00:00:00',
  Total: 50,
  Reference: 'Deposit #abcdefgh23',
  UpdatedDateUTC: '/Date(1789378199100+0000)/',
}

test('bank transactions: what they made, and transfers, which have no contact', async () => {
  const { PrepaymentID, ...plain } = bankRow
  const rows = [
    bankRow,
    { ...plain, BankTransactionID: id(13), Type: 'SPEND-OVERPAYMENT', OverpaymentID: id(14) },
    { ...plain, BankTransactionID: id(15), Type: 'SPEND-TRANSFER', Contact: undefined },
  ]
  await withGateway(
    (_, response) => send(response, { BankTransactions: rows }),
    async ({ gateway, server }) => {
      const read = await gateway.bankTransactionsSince(0)
      expect(server.calls[0]?.url).toBe(
        '/api.xro/2.0/BankTransactions?order=UpdatedDateUTC%20ASC&page=1&pageSize=500',
      )
      expect(read.rows[0]).toEqual({
        xeroId: id(10),
        type: 'RECEIVE-PREPAYMENT',
        creditId: id(11),
        status: 'AUTHORISED',
        contactId: id(12),
        currency: 'NZD',
        date: '2026-09-14',
        total: 5000,
        reference: 'Deposit #abcdefgh23',
        updatedAt: 1789378199100,
      })
      expect(read.rows.slice(1)).toMatchObject([
        { creditId: id(14) },
        { creditId: null, contactId: null, type: 'SPEND-TRANSFER' },
      ])
      expect(await gateway.bankTransactionById(id(10))).toEqual(read.rows[0])
    },
  )
})

test('prepayments and overpayments: what is left, and where the rest went', async () => {
  const credit = {
    Status: 'AUTHORISED',
    Contact: { ContactID: id(12) },
    CurrencyCode: 'NZD',
    Total: 50,
    RemainingCredit: 45,
    Allocations: [allocationRow],
    UpdatedDateUTC: '/Date(1789378199100+0000)/',
  }
  const body = {
    Prepayments: [{ ...credit, PrepaymentID: id(11), ID: id(11) }],
    Overpayments: [
      { ...credit, OverpaymentID: id(14), RemainingCredit: 0, Status: 'PAID', Allocations: null },
    ],
  }
  await withGateway(
    (_, response) => send(response, body),
    async ({ gateway, server }) => {
      const common = { contactId: id(12), currency: 'NZD', total: 5000, updatedAt: 1789378199100 }
      expect(await gateway.prepaymentById(id(11))).toEqual({
        ...common,
        xeroId: id(11),
        status: 'AUTHORISED',
        remaining: 4500,
        allocations: [{ allocationId: id(710), invoiceId: id(711), amount: 500, date: '2026-09-14' }],
      })
      expect(await gateway.overpaymentById(id(14))).toEqual({
        ...common,
        xeroId: id(14),
        status: 'PAID',
        remaining: 0,
        allocations: [],
      })
      expect(server.calls.map((call) => call.url)).toEqual([
        `/api.xro/2.0/Prepayments/${id(11)}`,
        `/api.xro/2.0/Overpayments/${id(14)}`,
      ])
    },
  )
})

test('items come all at once', async () => {
  const rows = [
    {
      ItemID: id(20),
      Code: 'T1',
      Name: 'Tyre',
      IsTrackedAsInventory: true,
      UpdatedDateUTC: '/Date(1789378199100)/',
    },
    { ItemID: id(21), Code: 'T2', UpdatedDateUTC: '/Date(1789378199100+0000)/' },
  ]
  await withGateway(
    (_, response) => send(response, { Items: rows }, date),
    async ({ gateway, server }) => {
      expect(await gateway.items()).toEqual({
        serverTime,
        rows: [
          { xeroId: id(20), code: 'T1', name: 'Tyre', isTracked: true, updatedAt: 1789378199100 },
          { xeroId: id(21), code: 'T2', name: null, isTracked: false, updatedAt: 1789378199100 },
        ],
      })
      expect(server.calls.map((call) => call.url)).toEqual(['/api.xro/2.0/Items'])
      expect(server.calls[0]?.headers).not.toHaveProperty('if-modified-since')
    },
  )
})

test('what Xero does not know is null; an amount beyond cents is no amount', async () => {
  await withGateway(
    (received, response) => {
      if (received.url.includes('Payments/')) send(response, { Payments: [{ ...paymentRow, Amount: 1e300 }] })
      else response.writeHead(404, { 'content-type': 'text/html' }).end()
    },
    async ({ gateway }) => {
      await expect(gateway.paymentById(id(1))).rejects.toThrow(/Payments\.0\.Amount/)
      expect(await gateway.bankTransactionById(id(1))).toBeNull()
      expect(await gateway.prepaymentById(id(1))).toBeNull()
      expect(await gateway.overpaymentById(id(1))).toBeNull()
      await expect(gateway.items()).rejects.toMatchObject({ code: 'xero-away' })
    },
  )
})
