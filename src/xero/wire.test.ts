// Our bytes against those of xero-node's own client, and what is refused instead of being dropped or garbled.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AccountingApi, Contact, Invoice, LineAmountTypes, Phone } from 'xero-node'
import type { WireList } from './gateway.ts'
import { startHttp } from './test-line.ts'
import { encodeModels, WireError } from './wire.ts'

const invoice: Invoice = {
  status: Invoice.StatusEnum.AUTHORISED,
  type: Invoice.TypeEnum.ACCREC,
  contact: { contactID: '6f1c0a3e-6d0e-4b4e-9e0e-0c9a6b1c2d3e' },
  invoiceNumber: 'INV-1 “é” \u2028 \u{1f600} /\\"',
  date: '2026-11-01',
  dueDate: '2026-12-01',
  lineAmountTypes: LineAmountTypes.Exclusive,
  reference: '',
  sentToContact: false,
  currencyRate: 0.7512,
  lineItems: [
    {
      description: 'Brake pads',
      quantity: 2.5,
      unitAmount: 10.1234,
      accountCode: '200',
      taxType: 'OUTPUT2',
      taxAmount: 3.8,
    },
    { description: 'Only words', tracking: [] },
    {
      description: 'Tracked',
      lineAmount: -0.01,
      tracking: [{ name: 'Region', option: 'North' }],
      discountRate: 0,
    },
  ],
}

const contact: Contact = {
  name: 'Marsh & Söhne',
  contactNumber: 'C-1',
  emailAddress: 'a@b.example',
  contactPersons: [{ firstName: 'Ann', emailAddress: 'ann@b.example', includeInEmails: true }],
  phones: [
    {
      phoneType: Phone.PhoneTypeEnum.MOBILE,
      phoneNumber: '123',
      phoneAreaCode: '21',
      phoneCountryCode: '64',
    },
  ],
  addresses: [{ city: 'Napier', addressLine1: '1 Hill Rd' }],
}

test('the bytes are those that xero-node sends for the same models', async () => {
  await using server = await startHttp((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(request.url.startsWith('/api.xro/2.0/Invoices') ? '{"Invoices":[]}' : '{"Contacts":[]}')
  })
  const api = new AccountingApi(`${server.url}/api.xro/2.0`)
  api.accessToken = 'token'
  const second = { ...invoice, invoiceNumber: 'INV-2', url: 'https://example.org/a?b=1' }
  await api.createInvoices('tenant', { invoices: [invoice, second] }, false, 4, 'key-1')
  await api.createContacts('tenant', { contacts: [contact] }, false, 'key-2')
  await api.updateOrCreateContacts('tenant', { contacts: [contact, { name: 'B' }] }, false, 'key-3')

  const ours = [
    encodeModels('Invoices', [invoice, second]),
    encodeModels('Contacts', [contact]),
    encodeModels('Contacts', [contact, { name: 'B' }]),
  ].map((bytes) => Buffer.from(bytes).toString('utf8'))
  expect(ours).toEqual(server.received.map((request) => request.body))
  expect(server.received.map((request) => request.method)).toEqual(['PUT', 'PUT', 'POST'])
})

test('the order of the properties of a model does not matter', () => {
  const forwards = encodeModels('Contacts', [{ name: 'A', contactNumber: '1' }])
  const backwards = encodeModels('Contacts', [{ contactNumber: '1', name: 'A' }])
  expect(Buffer.from(backwards)).toEqual(Buffer.from(forwards))
})

const refused: { name: string; list: WireList; model: unknown; words: RegExp }[] = [
  {
    name: 'an unknown property',
    list: 'Invoices',
    model: { nope: 1 },
    words: /has “nope”, which Invoice has not/,
  },
  { name: 'wrong case', list: 'Invoices', model: { InvoiceNumber: 'A' }, words: /InvoiceNumber/ },
  {
    name: 'wrong case inside',
    list: 'Invoices',
    model: { contact: { ContactID: 'x' } },
    words: /Invoices\[0\]\.Contact has/,
  },
  {
    name: 'wrong case in a line',
    list: 'Invoices',
    model: { lineItems: [{ unitamount: 1 }] },
    words: /LineItems\[0\]/,
  },
  {
    name: 'NaN',
    list: 'Invoices',
    model: { lineItems: [{ quantity: Number.NaN }] },
    words: /Quantity must be a number/,
  },
  { name: 'Infinity', list: 'Invoices', model: { currencyRate: Number.POSITIVE_INFINITY }, words: /number/ },
  {
    name: 'a number as text',
    list: 'Invoices',
    model: { lineItems: [{ unitAmount: '1.10' }] },
    words: /number, not 1.10/,
  },
  { name: 'a Date', list: 'Invoices', model: { date: new Date(0) }, words: /Date must be text/ },
  {
    name: 'a Date where an instant stands',
    list: 'Invoices',
    model: { updatedDateUTC: new Date(0) },
    words: /instant/,
  },
  { name: 'null', list: 'Contacts', model: { emailAddress: null }, words: /EmailAddress must be text/ },
  { name: 'null for a list', list: 'Contacts', model: { phones: null }, words: /Phones must be a list/ },
  { name: 'a number for text', list: 'Contacts', model: { name: 5 }, words: /Name must be text/ },
  { name: 'text for a list', list: 'Invoices', model: { lineItems: 'INV' }, words: /must be a list/ },
  {
    name: 'a hole in a list',
    list: 'Invoices',
    model: { lineItems: new Array(1) },
    words: /LineItems\[0\] must be a plain/,
  },
  { name: 'a list for a model', list: 'Invoices', model: { contact: [] }, words: /plain Contact/ },
  { name: 'a map', list: 'Invoices', model: { contact: new Map() }, words: /plain Contact/ },
  { name: 'an instance of a class', list: 'Contacts', model: new Contact(), words: /plain Contact/ },
  {
    name: 'an inherited property',
    list: 'Contacts',
    model: Object.create({ name: 'A' }),
    words: /plain Contact/,
  },
  { name: 'a function', list: 'Contacts', model: { name: () => 'A' }, words: /must be text/ },
  { name: 'text for a truth', list: 'Invoices', model: { sentToContact: 'true' }, words: /true or false/ },
  { name: 'toJSON', list: 'Contacts', model: { name: 'A', toJSON: () => ({}) }, words: /toJSON/ },
]

test.each(refused)('$name is refused', ({ list, model, words }) => {
  const models = [model] as object[] // what the types would refuse is what is tried here
  expect(() => encodeModels(list, models)).toThrow(WireError)
  expect(() => encodeModels(list, models)).toThrow(words)
})

test('a request without elements is refused', () => {
  expect(() => encodeModels('Invoices', [])).toThrow(WireError)
})

test('an undefined property is left out, as by xero-node', () => {
  const models = [{ name: 'A', emailAddress: undefined }]
  expect(Buffer.from(encodeModels('Contacts', models)).toString()).toBe('{"Contacts":[{"Name":"A"}]}')
})

test('whatever text goes in comes out of the bytes again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (names) => {
      const bytes = encodeModels(
        'Contacts',
        names.map((name) => ({ name })),
      )
      const back: { Contacts: { Name: string }[] } = JSON.parse(Buffer.from(bytes).toString('utf8'))
      expect(back.Contacts.map((one) => one.Name)).toEqual(names)
    }),
  )
})
