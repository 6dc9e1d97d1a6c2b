// Every list that can be written: our bytes against those that xero-node's own client sends for the same models.

import { expect, test } from 'vitest'
import {
  AccountingApi,
  type Allocation,
  BankTransaction,
  CreditNote,
  CurrencyCode,
  type HistoryRecord,
  type Item,
  LineAmountTypes,
  ManualJournal,
  type Payment,
  PurchaseOrder,
} from 'xero-node'
import { wireLists } from './gateway.ts'
import { id } from './test-gateway.ts'
import { startHttp } from './test-line.ts'
import { encodeDeletion, encodeModels, WireError } from './wire.ts'

const creditNote: CreditNote = {
  status: CreditNote.StatusEnum.AUTHORISED,
  type: CreditNote.TypeEnum.ACCPAYCREDIT,
  contact: { contactID: id(1) },
  creditNoteNumber: 'SC-1 “é”',
  date: '2026-11-01',
  lineAmountTypes: LineAmountTypes.Inclusive,
  currencyCode: CurrencyCode.AUD,
  currencyRate: 0.9123,
  reference: 'R',
  lineItems: [
    {
      lineItemID: id(2),
      description: 'Returned pads',
      quantity: 1.5,
      unitAmount: 10.1234,
      lineAmount: 15.19,
      taxAmount: 1.98,
      taxType: 'INPUT2',
      accountCode: '300',
      tracking: [{ name: 'Region', option: 'North' }],
    },
  ],
}
const purchaseOrder: PurchaseOrder = {
  purchaseOrderNumber: 'PO-1',
  status: PurchaseOrder.StatusEnum.AUTHORISED,
  contact: { contactID: id(1) },
  date: '2026-11-01',
  deliveryDate: '2026-11-08',
  lineAmountTypes: LineAmountTypes.Exclusive,
  currencyCode: CurrencyCode.NZD,
  lineItems: [{ description: 'Tyres', quantity: 4, unitAmount: 80.12345, itemCode: 'T1' }],
}
const journal: ManualJournal = {
  url: 'https://example.org/J-1',
  status: ManualJournal.StatusEnum.POSTED,
  narration: 'Wages',
  date: '2026-11-01',
  lineAmountTypes: LineAmountTypes.NoTax,
  showOnCashBasisReports: false,
  journalLines: [
    { lineAmount: 100, accountCode: '477', description: 'Pay', tracking: [{ name: 'Team', option: 'A' }] },
    { lineAmount: -100, accountCode: '814', taxType: 'NONE', taxAmount: 0 },
  ],
}
const prepayment: BankTransaction = {
  type: BankTransaction.TypeEnum.RECEIVEPREPAYMENT,
  status: BankTransaction.StatusEnum.AUTHORISED,
  contact: { contactID: id(1) },
  bankAccount: { accountID: id(3) },
  date: '2026-11-01',
  reference: 'Deposit #abcdefgh23',
  lineAmountTypes: LineAmountTypes.NoTax,
  lineItems: [{ description: 'Deposit', quantity: 1, unitAmount: 50, accountCode: '620', taxType: 'NONE' }],
}
const payment: Payment = {
  amount: 115.29,
  account: { code: '090' },
  invoice: { invoiceID: id(4) },
  date: '2026-11-01',
  currencyRate: 0.75,
  reference: 'Cash #abcdefgh23',
}
const refund: Payment = {
  prepayment: { prepaymentID: id(5) },
  account: { accountID: id(3) },
  date: '2026-11-02',
  amount: 5,
}
const allocation: Allocation = { date: '2026-11-01', amount: 15.19, invoice: { invoiceID: id(4) } }
const item: Item = {
  code: 'T1',
  name: 'Tyre',
  description: 'Tyre 205',
  isSold: true,
  isPurchased: false,
  salesDetails: { taxType: 'OUTPUT2', accountCode: '200', unitPrice: 120.1234 },
  purchaseDetails: { unitPrice: 80, accountCode: '300', taxType: 'INPUT2' },
}
const note: HistoryRecord = { details: 'Run 12 of the ledger, invoice 7' }

test('the bytes are those that xero-node sends for the same models', async () => {
  await using server = await startHttp((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  const api = new AccountingApi(`${server.url}/api.xro/2.0`)
  api.accessToken = 'token'
  await api.createItems('tenant', { items: [item, { code: 'T2' }] }, false, 4)
  await api.createCreditNotes('tenant', { creditNotes: [creditNote] }, false, 4)
  await api.createPurchaseOrders('tenant', { purchaseOrders: [purchaseOrder] }, false)
  await api.createManualJournals('tenant', { manualJournals: [journal] }, false)
  await api.createBankTransactions('tenant', { bankTransactions: [prepayment] }, false, 4)
  await api.createPayments('tenant', { payments: [payment, refund] }, false)
  await api.createCreditNoteAllocation('tenant', id(6), { allocations: [allocation] }, false)
  await api.createPrepaymentAllocations('tenant', id(5), { allocations: [allocation, allocation] }, false)
  await api.createInvoiceHistory('tenant', id(4), { historyRecords: [note] })
  await api.deletePayment('tenant', id(7), { status: 'DELETED' })

  const ours = [
    encodeModels('Items', [item, { code: 'T2' }]),
    encodeModels('CreditNotes', [creditNote]),
    encodeModels('PurchaseOrders', [purchaseOrder]),
    encodeModels('ManualJournals', [journal]),
    encodeModels('BankTransactions', [prepayment]),
    encodeModels('Payments', [payment, refund]),
    encodeModels('Allocations', [allocation]),
    encodeModels('Allocations', [allocation, allocation]),
    encodeModels('HistoryRecords', [note]),
    encodeDeletion(),
  ].map((bytes) => Buffer.from(bytes).toString('utf8'))
  expect(ours).toEqual(server.received.map((request) => request.body))
  expect(ours.at(-1)).toBe('{"Status":"DELETED"}')
})

test.each(wireLists)('%s: the list stands under its own name, or is no list of models', (list) => {
  if (list === 'Attachments') expect(() => encodeModels(list, [{}])).toThrow(WireError)
  else expect(Buffer.from(encodeModels(list, [{}])).toString()).toBe(`{"${list}":[{}]}`)
})

test.each([
  ['Payments', { date: new Date(0) }, /Payments\[0\]\.Date must be text/],
  ['Allocations', { invoice: { InvoiceID: id(1) } }, /Allocations\[0\]\.Invoice has “InvoiceID”/],
  ['ManualJournals', { journalLines: [{ lineAmount: Number.NaN }] }, /JournalLines\[0\]\.LineAmount/],
  ['HistoryRecords', { dateUTC: new Date(0) }, /instant/],
] as const)('%s: %o is refused', (list, model, words) => {
  expect(() => encodeModels(list, [model])).toThrow(words)
})
