// What an attempt came to, as tables of answers: Xero's own texts and shapes (xero-api.md §1.5, §2.1, §3.2), and what
// proxies and torn lines make of them.

import { expect, test } from 'vitest'
import type { WireList, WriteAnswer } from './gateway.ts'
import { readWriteAnswer } from './reply.ts'
import type { Delivery } from './transport.ts'

const id = '6f1c0a3e-6d0e-4b4e-9e0e-0c9a6b1c2d3e'
const zero = '00000000-0000-0000-0000-000000000000'

function answered(status: number, body: unknown, headers: Record<string, string> = {}): Delivery {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    outcome: 'answered',
    durationMs: 5,
    bytesIn: text.length,
    answer: {
      status,
      headers: new Map(Object.entries({ 'content-type': 'application/json; charset=utf-8', ...headers })),
      body: Buffer.from(text),
    },
  }
}

function elementsOf(list: WireList, ...rows: object[]) {
  const answer = readWriteAnswer(list, answered(200, { Id: id, Status: 'OK', [list]: rows }))
  if (answer.outcome !== 'elements') throw new Error(JSON.stringify(answer))
  return answer.elements
}

test('a stored invoice: id, number, status, money in cents', () => {
  const row = {
    InvoiceID: id.toUpperCase(),
    InvoiceNumber: 'INV-1',
    Status: 'AUTHORISED',
    Total: 115.29,
    TotalTax: 15.04,
    HasErrors: false,
    StatusAttributeString: 'OK',
    Contact: { Name: 'not the name of an invoice' },
  }
  expect(elementsOf('Invoices', row)).toEqual([
    {
      xeroId: id,
      key: 'INV-1',
      creditId: null,
      name: null,
      status: 'AUTHORISED',
      total: 11529,
      tax: 1504,
      accepted: true,
      errors: [],
      warnings: [],
    },
  ])
})

test('a stored contact: its number is the key, its name is told', () => {
  const row = {
    ContactID: id,
    ContactNumber: 'C1',
    Name: 'Marsh',
    ContactStatus: 'ACTIVE',
    HasValidationErrors: false,
  }
  expect(elementsOf('Contacts', row)).toMatchObject([
    { xeroId: id, key: 'C1', name: 'Marsh', status: 'ACTIVE', total: null, tax: null, accepted: true },
  ])
})

const verdicts: {
  name: string
  row: object
  accepted: boolean
  errors?: string[]
  xeroId?: string | null
}[] = [
  { name: 'no verdict at all', row: {}, accepted: true },
  { name: 'OK', row: { StatusAttributeString: 'OK', HasErrors: false }, accepted: true },
  {
    name: 'WARNING',
    row: { StatusAttributeString: 'WARNING', Warnings: [{ Message: 'W' }] },
    accepted: true,
  },
  {
    name: 'ERROR',
    row: { StatusAttributeString: 'ERROR', ValidationErrors: [{ Message: 'No.' }] },
    accepted: false,
    errors: ['No.'],
  },
  {
    name: 'ERROR without words',
    row: { StatusAttributeString: 'ERROR' },
    accepted: false,
    errors: ['Xero refused it without saying why.'],
  },
  { name: 'a verdict that nobody knows', row: { StatusAttributeString: 'MAYBE' }, accepted: false },
  { name: 'HasErrors', row: { HasErrors: true }, accepted: false },
  { name: 'HasValidationErrors', row: { HasValidationErrors: true }, accepted: false },
  {
    name: 'validation errors alone, as in a locked period',
    row: { HasErrors: false, ValidationErrors: [{ Message: 'Locked.' }] },
    accepted: false,
    errors: ['Locked.'],
  },
  { name: 'an empty list of errors', row: { ValidationErrors: [], Warnings: null }, accepted: true },
  {
    name: 'Description instead of Message, spaces and repeats',
    row: {
      HasErrors: true,
      ValidationErrors: [{ Description: ' A ' }, { Message: 'A' }, { Message: '' }, { Message: 'B' }],
    },
    accepted: false,
    errors: ['A', 'B'],
  },
  {
    name: 'the zero id of what was not stored',
    row: { InvoiceID: zero, HasErrors: true, ValidationErrors: [{ Message: 'No.' }] },
    accepted: false,
    errors: ['No.'],
    xeroId: null,
  },
  { name: 'no id', row: { InvoiceID: null }, accepted: true, xeroId: null },
]

test.each(verdicts)('verdict on an element: $name', ({ row, accepted, errors, xeroId = id }) => {
  const [element] = elementsOf('Invoices', { InvoiceID: id, ...row })
  expect(element).toMatchObject({ accepted, xeroId })
  if (errors) expect(element?.errors).toEqual(errors)
  if (accepted) expect(element?.errors).toEqual([])
})

test('every element is kept, in the order of the answer', () => {
  const keys = elementsOf('Invoices', { InvoiceNumber: 'B' }, { InvoiceNumber: 'A' }, {}).map(
    (one) => one.key,
  )
  expect(keys).toEqual(['B', 'A', null])
})

const page = '<!DOCTYPE html><html><body>Sign in to the network</body></html>'

const unknowns: { name: string; delivery: Delivery; reason: RegExp }[] = [
  {
    name: 'no whole answer',
    delivery: { outcome: 'maybe-sent', reason: 'torn', isTooLarge: false, durationMs: 1, bytesIn: 0 },
    reason: /^torn$/,
  },
  {
    name: 'truncated JSON',
    delivery: answered(200, '{"Invoices":[{"InvoiceID":"6f'),
    reason: /damaged or cut off/,
  },
  { name: 'an empty 200', delivery: answered(200, ''), reason: /empty/ },
  {
    name: 'a page with 200',
    delivery: answered(200, page, { 'content-type': 'text/html' }),
    reason: /web page.*proxy/,
  },
  {
    name: 'a page that calls itself JSON',
    delivery: answered(200, `\r\n  ${page}`),
    reason: /web page.*proxy/,
  },
  {
    name: 'bytes that are no text',
    delivery: answered(200, '{"Invoices":[]}'.replace('I', '\u0000')),
    reason: /damaged/,
  },
  {
    name: 'plain text',
    delivery: answered(200, 'ok', { 'content-type': 'text/plain' }),
    reason: /expected form/,
  },
  { name: 'a missing list', delivery: answered(200, { Id: id, Status: 'OK' }), reason: /list of Invoices/ },
  { name: 'a null list', delivery: answered(200, { Invoices: null }), reason: /list of Invoices/ },
  { name: 'another list', delivery: answered(200, { Contacts: [] }), reason: /list of Invoices/ },
  { name: 'a null element', delivery: answered(200, { Invoices: [null] }), reason: /cannot be read/ },
  {
    name: 'money as text',
    delivery: answered(200, { Invoices: [{ Total: '1.10' }] }),
    reason: /cannot be read/,
  },
  {
    name: 'money beyond measure',
    delivery: answered(200, { Invoices: [{ Total: 1e300 }] }),
    reason: /cannot be read/,
  },
  { name: 'a bare list', delivery: answered(200, []), reason: /list of Invoices/ },
  { name: 'JSON null', delivery: answered(200, 'null'), reason: /damaged/ },
  { name: '201', delivery: answered(201, { Invoices: [] }), reason: /201/ },
  { name: '204', delivery: answered(204, ''), reason: /204/ },
  { name: 'a redirect', delivery: answered(302, ''), reason: /redirected \(status 302\)/ },
  { name: '304', delivery: answered(304, ''), reason: /304/ },
  { name: '500 in JSON', delivery: answered(500, { Message: 'Oh no' }), reason: /500: Oh no/ },
  { name: '500 as a page', delivery: answered(500, page), reason: /500: .*web page/ },
  { name: '502', delivery: answered(502, page), reason: /502/ },
  { name: '503, empty', delivery: answered(503, ''), reason: /503/ },
  { name: '408: it may still be at work', delivery: answered(408, ''), reason: /408/ },
  { name: 'a page with 400', delivery: answered(400, page), reason: /400: .*web page/ },
  { name: 'a page with 404', delivery: answered(404, page), reason: /404: .*web page/ },
  { name: 'a torn 400', delivery: answered(400, '{"ErrorNumber":10,"El'), reason: /400: .*cut off/ },
]

test.each(unknowns)('nobody knows after: $name', ({ delivery, reason }) => {
  const answer = readWriteAnswer('Invoices', delivery)
  expect(answer.outcome).toBe('unknown')
  expect(answer.outcome === 'unknown' && answer.reason).toMatch(reason)
})

test('bytes that are no UTF-8 are unknown', () => {
  const delivery = answered(200, 'x')
  if (delivery.outcome !== 'answered') return
  const body = Buffer.concat([
    Buffer.from('{"Invoices":[{"InvoiceNumber":"'),
    Buffer.from([0xe9]),
    Buffer.from('"}]}'),
  ])
  expect(readWriteAnswer('Invoices', { ...delivery, answer: { ...delivery.answer, body } }).outcome).toBe(
    'unknown',
  )
})

test('a byte order mark does no harm', () => {
  expect(readWriteAnswer('Invoices', answered(200, '\ufeff{"Invoices":[]}')).outcome).toBe('elements')
})

test('a connection that was never made', () => {
  const delivery: Delivery = { outcome: 'never-sent', reason: 'refused', durationMs: 1, bytesIn: 0 }
  expect(readWriteAnswer('Invoices', delivery)).toEqual({ outcome: 'never-sent', reason: 'refused' })
})

const validation = {
  ErrorNumber: 10,
  Type: 'ValidationException',
  Message: 'A validation exception occurred',
  Elements: [
    {
      InvoiceID: zero,
      InvoiceNumber: 'INV-2',
      Status: 'AUTHORISED',
      ValidationErrors: [{ Message: 'Invoice # must be unique.' }],
    },
    { InvoiceID: id, InvoiceNumber: 'INV-3', ValidationErrors: [] },
  ],
}
const mismatch = 'Idempotency Key: abc is used with a different request.'

const refusals: {
  name: string
  delivery: Delivery
  expected: Partial<WriteAnswer & { outcome: 'refused' }>
}[] = [
  {
    name: 'ValidationException',
    delivery: answered(400, validation),
    expected: { status: 400, messages: ['A validation exception occurred'], index: null, keyMismatch: false },
  },
  {
    name: 'PostDataInvalidException names the element',
    delivery: answered(400, {
      ErrorNumber: 14,
      Type: 'PostDataInvalidException',
      Message: `Error converting value "NO_TAX" to type 'Xero.API.Library..LineAmountType'. Path 'Invoices[37].LineAmountTypes'.`,
    }),
    expected: { status: 400, index: 37, elements: [] },
  },
  {
    name: 'another list in the words names no element',
    delivery: answered(400, { Message: `Path 'Contacts[3].Name'.` }),
    expected: { index: null },
  },
  {
    name: 'the key is used with a different request, in the message',
    delivery: answered(400, { Message: mismatch }),
    expected: { keyMismatch: true },
  },
  {
    name: 'the key is used with a different request, in an element',
    delivery: answered(400, {
      Message: 'A validation exception occurred',
      Elements: [{ ValidationErrors: [{ Message: mismatch }] }],
    }),
    expected: { keyMismatch: true },
  },
  {
    name: 'the key is used with a different request, in the platform’s form',
    delivery: answered(400, { Title: 'Bad Request', Detail: mismatch }),
    expected: { keyMismatch: true, messages: [mismatch] },
  },
  { name: '413', delivery: answered(413, ''), expected: { status: 413, messages: [], elements: [] } },
  { name: '413 as a page', delivery: answered(413, page), expected: { status: 413, messages: [] } },
  {
    name: '404, empty, called HTML',
    delivery: answered(404, '', { 'content-type': 'text/html' }),
    expected: { status: 404 },
  },
  {
    name: '400 in plain words',
    delivery: answered(400, 'The request is bad', { 'content-type': 'text/plain' }),
    expected: { messages: ['The request is bad'] },
  },
  {
    name: '409',
    delivery: answered(409, { title: 'Conflict' }),
    expected: { status: 409, messages: ['Conflict'] },
  },
  {
    name: '400 with null elements',
    delivery: answered(400, { Message: 'No', Elements: null }),
    expected: { elements: [] },
  },
]

test.each(refusals)('refused as a whole: $name', ({ delivery, expected }) => {
  expect(readWriteAnswer('Invoices', delivery)).toMatchObject({ outcome: 'refused', ...expected })
})

test('the elements of a refusal keep their words', () => {
  expect(readWriteAnswer('Invoices', answered(400, validation))).toMatchObject({
    elements: [
      { key: 'INV-2', xeroId: null, accepted: false, errors: ['Invoice # must be unique.'] },
      { key: 'INV-3', xeroId: id, accepted: true, errors: [] },
    ],
  })
})

const throttles: [Record<string, string>, string, WriteAnswer][] = [
  [
    { 'x-rate-limit-problem': 'minute', 'retry-after': '26' },
    '',
    { outcome: 'throttled', limit: 'minute', retryAfterMs: 26_000 },
  ],
  [
    { 'x-rate-limit-problem': 'Minute', 'retry-after': '0' },
    page,
    { outcome: 'throttled', limit: 'minute', retryAfterMs: 0 },
  ],
  [
    { 'x-rate-limit-problem': 'appminute' },
    '{}',
    { outcome: 'throttled', limit: 'minute', retryAfterMs: null },
  ],
  [
    { 'x-rate-limit-problem': 'DAY', 'retry-after': '66975' },
    '',
    { outcome: 'throttled', limit: 'day', retryAfterMs: 66_975_000 },
  ],
  [
    { 'x-rate-limit-problem': 'Concurrent' },
    '',
    { outcome: 'throttled', limit: 'concurrent', retryAfterMs: null },
  ],
  [{}, 'Too many', { outcome: 'throttled', limit: 'unknown', retryAfterMs: null }],
  [{ 'retry-after': 'later' }, '', { outcome: 'throttled', limit: 'unknown', retryAfterMs: null }],
  [
    { 'retry-after': 'Sun, 22 Nov 2026 10:01:00 GMT', date: 'Sun, 22 Nov 2026 10:00:30 GMT' },
    '',
    { outcome: 'throttled', limit: 'unknown', retryAfterMs: 30_000 },
  ],
]

test.each(throttles)('429 with %o and body %j', (headers, body, expected) => {
  expect(readWriteAnswer('Invoices', answered(429, body, headers))).toEqual(expected)
})

const expired = {
  Type: null,
  Title: 'Unauthorized',
  Status: 401,
  Detail: 'TokenExpired: token expired at …',
  Instance: id,
}
const shutOuts: { name: string; delivery: Delivery; expected: WriteAnswer }[] = [
  {
    name: 'expired token',
    delivery: answered(401, expired),
    expected: { outcome: 'unauthorised', detail: 'TokenExpired: token expired at …', scopeMissing: false },
  },
  {
    name: 'garbage token, keys in lower case',
    delivery: answered(
      401,
      { title: 'Unauthorized', status: 401, detail: 'AuthenticationUnsuccessful' },
      { 'www-authenticate': 'Bearer error=invalid_token' },
    ),
    expected: { outcome: 'unauthorised', detail: 'AuthenticationUnsuccessful', scopeMissing: false },
  },
  {
    name: 'scope missing by its words',
    delivery: answered(401, { Title: 'Unauthorized', Detail: 'AuthorizationUnsuccessful' }),
    expected: { outcome: 'unauthorised', detail: 'AuthorizationUnsuccessful', scopeMissing: true },
  },
  {
    name: 'scope missing by its header',
    delivery: answered(401, '', { 'www-authenticate': 'Bearer error="insufficient_scope"' }),
    expected: { outcome: 'unauthorised', detail: 'Xero answered 401 without words', scopeMissing: true },
  },
  {
    name: 'scope missing as Xero misspells it, with 403',
    delivery: answered(403, '', { 'www-authenticate': 'Bearer error="insufficent_scope"' }),
    expected: { outcome: 'unauthorised', detail: 'Xero answered 403 without words', scopeMissing: true },
  },
  {
    name: 'another organisation',
    delivery: answered(403, {
      Type: null,
      Title: 'Forbidden',
      Status: 403,
      Detail: 'AuthenticationUnsuccessful',
    }),
    expected: { outcome: 'forbidden', detail: 'AuthenticationUnsuccessful' },
  },
  {
    name: '403 as a page',
    delivery: answered(403, page, { 'content-type': 'text/html' }),
    expected: {
      outcome: 'forbidden',
      detail: 'the answer was a web page, not data: a proxy or a sign-in page stands between here and Xero',
    },
  },
]

test.each(shutOuts)('shut out: $name', ({ delivery, expected }) => {
  expect(readWriteAnswer('Invoices', delivery)).toEqual(expected)
})
