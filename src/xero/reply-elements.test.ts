// The elements of the answers of every list, as Xero's own examples have them: whose they are, what was stored, the verdict.

import { expect, test } from 'vitest'
import { type WireList, wireLists } from './gateway.ts'
import { readWriteAnswer } from './reply.ts'
import { readElements } from './reply-elements.ts'

const id = '6f1c0a3e-6d0e-4b4e-9e0e-0c9a6b1c2d3e'
const other = '7f1c0a3e-6d0e-4b4e-9e0e-0c9a6b1c2d3e'
const zero = '00000000-0000-0000-0000-000000000000'

const nothing = {
  xeroId: null,
  key: null,
  creditId: null,
  name: null,
  status: null,
  total: null,
  tax: null,
  accepted: true,
  errors: [],
  warnings: [],
}

const stored: { list: WireList; name: string; row: object; expected: object }[] = [
  {
    list: 'Items',
    name: 'an item',
    row: { ItemID: id, Code: 'T1', Name: 'Tyre', UpdatedDateUTC: '/Date(1)/' },
    expected: { xeroId: id, key: 'T1' },
  },
  {
    list: 'CreditNotes',
    name: 'a credit',
    row: {
      CreditNoteID: id,
      ID: id,
      CreditNoteNumber: 'CN-1',
      Status: 'AUTHORISED',
      Total: 34.5,
      TotalTax: 4.5,
    },
    expected: { xeroId: id, key: 'CN-1', status: 'AUTHORISED', total: 3450, tax: 450 },
  },
  {
    list: 'CreditNotes',
    name: 'a supplier’s credit without its number',
    row: { CreditNoteID: id, CreditNoteNumber: '', Status: 'AUTHORISED' },
    expected: { xeroId: id, key: null, status: 'AUTHORISED' },
  },
  {
    list: 'PurchaseOrders',
    name: 'an order',
    row: { PurchaseOrderID: id, PurchaseOrderNumber: 'PO-1', Status: 'BILLED', Total: 20, TotalTax: 0 },
    expected: { xeroId: id, key: 'PO-1', status: 'BILLED', total: 2000, tax: 0 },
  },
  {
    list: 'ManualJournals',
    name: 'a journal, whose account was dropped',
    row: {
      ManualJournalID: id,
      Narration: 'N',
      Url: 'https://example.org/1',
      Status: 'POSTED',
      Warnings: [
        { Message: "Account code '476' has been removed as it does not match a recognised account." },
      ],
    },
    expected: {
      xeroId: id,
      key: 'https://example.org/1',
      status: 'POSTED',
      warnings: ["Account code '476' has been removed as it does not match a recognised account."],
    },
  },
  {
    list: 'BankTransactions',
    name: 'a prepayment',
    row: {
      BankTransactionID: id,
      PrepaymentID: other,
      Reference: 'Deposit #abc',
      Status: 'AUTHORISED',
      Total: 50,
      TotalTax: 6.52,
    },
    expected: {
      xeroId: id,
      creditId: other,
      key: 'Deposit #abc',
      status: 'AUTHORISED',
      total: 5000,
      tax: 652,
    },
  },
  {
    list: 'BankTransactions',
    name: 'an overpayment',
    row: { BankTransactionID: id, PrepaymentID: zero, OverpaymentID: other },
    expected: { xeroId: id, creditId: other },
  },
  {
    list: 'Payments',
    name: 'a payment, whatever its invoice says',
    row: {
      PaymentID: id,
      Amount: 1.1,
      BankAmount: 9,
      Reference: 'Cash #abc',
      Status: 'AUTHORISED',
      Invoice: { InvoiceID: other, Total: 230, HasErrors: true, ValidationErrors: [{ Message: 'Not ours' }] },
      BatchPayment: { TotalAmount: '50.00' },
      HasValidationErrors: false,
    },
    expected: { xeroId: id, key: 'Cash #abc', status: 'AUTHORISED', total: 110 },
  },
  {
    list: 'Allocations',
    name: 'an allocation, which often has no id',
    row: {
      Amount: 1,
      Date: '/Date(1551744000000+0000)/',
      Invoice: { InvoiceID: other.toUpperCase(), HasErrors: false, ValidationErrors: [] },
      CreditNote: { CreditNoteID: id },
      ValidationErrors: [],
    },
    expected: { key: other, total: 100 },
  },
  {
    list: 'Allocations',
    name: 'an allocation with an id',
    row: { AllocationID: id, Amount: 1, Invoice: { InvoiceID: other }, StatusAttributeString: 'OK' },
    expected: { xeroId: id, key: other, total: 100 },
  },
  {
    list: 'HistoryRecords',
    name: 'a note',
    row: { Details: 'Run 1', DateUTCString: '2026-09-14T00:00:00', DateUTC: '/Date(1551744000000)/' },
    expected: {},
  },
  {
    list: 'Attachments',
    name: 'a file',
    row: { AttachmentID: id, FileName: 'a.pdf', Url: 'https://example.org/a.pdf', ContentLength: 5 },
    expected: { xeroId: id, key: 'a.pdf' },
  },
]

test.each(stored)('$list: $name', ({ list, row, expected }) => {
  expect(readElements(list, [row])).toEqual([{ ...nothing, ...expected }])
})

const overpaid = 'Payment amount exceeds the amount outstanding on this document'
const refused: { list: WireList; name: string; row: object; errors: string[] }[] = [
  {
    list: 'Payments',
    name: 'errors and the flag, beside an id and a status',
    row: {
      PaymentID: id,
      Status: 'AUTHORISED',
      HasValidationErrors: true,
      ValidationErrors: [{ Message: overpaid }],
    },
    errors: [overpaid],
  },
  {
    list: 'Payments',
    name: 'two texts at once, no flag',
    row: {
      HasValidationErrors: false,
      ValidationErrors: [
        { Message: overpaid },
        { Message: 'Payments can only be made against Authorised documents' },
      ],
    },
    errors: [overpaid, 'Payments can only be made against Authorised documents'],
  },
  {
    list: 'Allocations',
    name: 'errors of the element',
    row: { Amount: 5, Invoice: { InvoiceID: other }, ValidationErrors: [{ Message: 'Too much' }] },
    errors: ['Too much'],
  },
  {
    list: 'Allocations',
    name: 'the verdict alone',
    row: { StatusAttributeString: 'ERROR' },
    errors: ['Xero refused it without saying why.'],
  },
  {
    list: 'BankTransactions',
    name: 'the verdict with errors',
    row: { BankTransactionID: zero, StatusAttributeString: 'ERROR', ValidationErrors: [{ Message: 'No' }] },
    errors: ['No'],
  },
]

test.each(refused)('$list refused: $name', ({ list, row, errors }) => {
  expect(readElements(list, [row])).toMatchObject([{ accepted: false, errors }])
})

test.each(wireLists)(
  '%s: the list is found under its name, and the words of a refusal name its element',
  (list) => {
    const answered = (status: number, body: object) =>
      readWriteAnswer(list, {
        outcome: 'answered',
        durationMs: 1,
        bytesIn: 1,
        answer: { status, headers: new Map(), body: Buffer.from(JSON.stringify(body)) },
      })
    expect(answered(200, { Id: id, Status: 'OK', [list]: [{}, {}] })).toEqual({
      outcome: 'elements',
      elements: [nothing, nothing],
    })
    expect(answered(200, { Id: id, [`${list}X`]: [{}] })).toMatchObject({ outcome: 'unknown' })
    const index = (path: string) => answered(400, { Message: `Error converting. Path '${path}'.` })
    expect(index(`${list}[37].LineItems[2].TaxType`)).toMatchObject({ outcome: 'refused', index: 37 })
    expect(index(`Line${list}[2].X`)).toMatchObject({ index: null })
  },
)

test('the answer to a payment that was deleted by its id is read as a list of one', () => {
  const row = { PaymentID: id, Status: 'DELETED', Amount: 2, Reference: 'foobar' }
  expect(readElements('Payments', [row])).toMatchObject([{ xeroId: id, status: 'DELETED', total: 200 }])
})

test.each([
  ['no list', undefined],
  ['null', null],
  ['an object', {}],
  ['a null element', [null]],
  ['an amount as text', [{ Amount: '5.00' }]],
  ['an amount beyond cents', [{ Amount: 1e300 }]],
])('what cannot be read is null: %s', (_, elements) => {
  expect(readElements('Payments', elements)).toBeNull()
})
