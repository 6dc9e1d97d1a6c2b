// Attachments and history notes through the wire: bytes that are never parsed, names, limits, and what they do to their
// document (§2.3, §4.9).

import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { type Answer, errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { putOne, sale } from './test-documents.ts'

afterEach(stopSandboxes)

const zero = '00000000-0000-0000-0000-000000000000'
/** No UTF-8, and not JSON either. */
const picture = new Uint8Array([0xff, 0xd8, 0xff, 0x00, 0x7b, 0x80])

async function withInvoice(switches: Partial<Switches> = {}): Promise<{ client: TestClient; id: string }> {
  const client = await startedSandbox({ switches, limits: { minute: 1000 } })
  const { InvoiceID } = await putOne(client, sale)
  return { client, id: String(InvoiceID) }
}

function upload(
  client: TestClient,
  path: string,
  raw: string | Uint8Array<ArrayBuffer> = picture,
  method = 'PUT',
  headers: Record<string, string> = {},
): Promise<Answer> {
  return client.api(method, path, { raw, headers: { 'content-type': 'image/jpeg', ...headers } })
}

const names = (answer: Answer) => answer.list('Attachments').map((file) => file['FileName'])

describe('attachments', () => {
  test('keep the bytes as they came, and show on the document', async () => {
    const { client, id } = await withInvoice()
    const path = `/Invoices/${id}/Attachments/job%20card.jpg?IncludeOnline=true`
    const answer = await upload(client, path)
    expect(answer.status).toBe(200)
    expect(answer.list('Attachments')).toMatchObject([
      { FileName: 'job card.jpg', MimeType: 'image/jpeg', ContentLength: 6, IncludeOnline: true },
    ])
    expect(client.sandbox.attachments()).toMatchObject([
      { documentId: id, sha256: createHash('sha256').update(picture).digest('hex') },
    ])
    expect(names(await client.get(`/Invoices/${id}/Attachments`))).toEqual(['job card.jpg'])
    const [single] = (await client.get(`/Invoices/${id}`)).list('Invoices')
    expect(single).toMatchObject({ HasAttachments: true, Attachments: [{ FileName: 'job card.jpg' }] })
    const [listed] = (await client.get('/Invoices?page=1')).list('Invoices')
    expect(listed).toMatchObject({ HasAttachments: true })
    expect(violations(client.exchanges)).toEqual([])
  })

  test('two of them differ though no text would', async () => {
    const { client, id } = await withInvoice()
    const key = { 'idempotency-key': 'same' }
    const path = `/Invoices/${id}/Attachments/a.bin`
    await upload(client, path, new Uint8Array([0xff]), 'PUT', key)
    // Both read as the same replacement character.
    expect((await upload(client, path, new Uint8Array([0xfe]), 'PUT', key)).status).toBe(400)
    expect((await upload(client, path, new Uint8Array([0xff]), 'PUT', key)).status).toBe(200)
    expect(client.sandbox.attachments()).toHaveLength(1)
  })

  test('PUT under a name that is there adds a second, or replaces it; POST always replaces', async () => {
    const { client, id } = await withInvoice()
    const path = `/Invoices/${id}/Attachments/a.jpg`
    await upload(client, path)
    await upload(client, path)
    expect(client.sandbox.attachments()).toHaveLength(2)
    await upload(client, path, 'other', 'POST')
    expect(
      client.sandbox
        .attachments()
        .map(({ length }) => length)
        .sort(),
    ).toEqual([5, 6])
    client.sandbox.switches.sameFileName = 'replaces'
    await upload(client, path, 'again and again')
    expect(client.sandbox.attachments()).toHaveLength(2)
    expect(violations(client.exchanges)).toEqual([])
  })

  test.each(['a%2Fb.txt', 'a%3Fb.txt', 'a+b.txt', 'a%7Cb.txt', 'a%3Ab.txt', 'a%00b.txt', 'a%3Cb.txt'])(
    'the name %s is refused',
    async (name) => {
      const { client, id } = await withInvoice()
      const answer = await upload(client, `/Invoices/${id}/Attachments/${name}`)
      expect(answer.status).toBe(400)
      expect(errorsOf(answer.list('Elements')[0])).toHaveLength(1)
      expect(client.sandbox.attachments()).toHaveLength(0)
    },
  )

  test('ten a document and no more; an empty file and an unknown document are refused', async () => {
    const { client, id } = await withInvoice()
    for (let at = 0; at < 10; at += 1) await upload(client, `/Invoices/${id}/Attachments/${at}.txt`)
    const eleventh = await upload(client, `/Invoices/${id}/Attachments/11.txt`)
    expect(errorsOf(eleventh.list('Elements')[0])).toEqual(['A document can have at most 10 attachments.'])
    expect((await upload(client, `/Invoices/${id}/Attachments/3.txt`, 'new', 'POST')).status).toBe(200)
    const empty = await upload(client, `/Invoices/${id}/Attachments/3.txt`, '', 'POST')
    expect(errorsOf(empty.list('Elements')[0])).toEqual(['The file is empty.'])
    expect((await upload(client, `/Invoices/${zero}/Attachments/a.txt`)).status).toBe(404)
    expect((await client.get(`/Invoices/${zero}/Attachments`)).status).toBe(404)
    expect(violations(client.exchanges)).toEqual([])
  })

  test('10 MB pass where a request of JSON would not, and the limit is a switch', async () => {
    const { client, id } = await withInvoice()
    const large = new Uint8Array(10 * 1024 * 1024 + 1)
    expect((await upload(client, `/Invoices/${id}/Attachments/a.bin`, large)).status).toBe(200)
    client.sandbox.switches.attachmentLimit = '10MB'
    expect((await upload(client, `/Invoices/${id}/Attachments/b.bin`, large)).status).toBe(413)
  })

  test('need a scope of their own', async () => {
    const { client, id } = await withInvoice()
    await client.connect('accounting.invoices')
    expect((await upload(client, `/Invoices/${id}/Attachments/a.txt`)).status).toBe(401)
  })

  test('leave UpdatedDateUTC alone, or move it: a switch', async () => {
    const { client, id } = await withInvoice()
    const before = client.clock.now()
    client.clock.advance(5000)
    await upload(client, `/Invoices/${id}/Attachments/a.txt`)
    expect(client.sandbox.invoices()).toMatchObject([{ updatedAt: before }])
    client.sandbox.switches.extrasMoveUpdated = true
    await upload(client, `/Invoices/${id}/Attachments/b.txt`)
    expect(client.sandbox.invoices()).toMatchObject([{ updatedAt: before + 5000 }])
  })

  test('lost answers: stored after all, and once under the key', async () => {
    const { client, id } = await withInvoice()
    const key = { 'idempotency-key': 'once' }
    const path = `/Invoices/${id}/Attachments/a.txt`
    client.sandbox.fault({ path: `/Invoices/${id}/Attachments`, kind: 'drop-after-commit' })
    await expect(upload(client, path, picture, 'PUT', key)).rejects.toThrow()
    expect((await upload(client, path, picture, 'PUT', key)).status).toBe(200)
    client.sandbox.fault({ path: '/Invoices', kind: 'partial-commit', stored: 0 })
    expect((await upload(client, path)).status).toBe(500)
    expect(client.sandbox.attachments()).toHaveLength(1)
  })
})

describe('history', () => {
  const note = (Details: string): JsonObject => ({ HistoryRecords: [{ Details }] })

  test('notes are added and listed, the newest first', async () => {
    const { client, id } = await withInvoice()
    const made = await client.put(`/Invoices/${id}/History`, note('Run 12, ledger 34'))
    const at = client.clock.now()
    const [written = {}] = made.list('HistoryRecords')
    expect(written).toEqual({
      DateUTCString: new Date(at).toISOString().slice(0, 19),
      DateUTC: `/Date(${at})/`,
      Details: 'Run 12, ledger 34',
    })
    client.clock.advance(1000)
    await client.put(`/Invoices/${id}/History`, note('Second'))
    const read = await client.get(`/Invoices/${id}/History`)
    expect(read.list('HistoryRecords')).toMatchObject([
      { Details: 'Second' },
      { Details: 'Run 12, ledger 34', User: 'System Generated', DateUTC: `/Date(${at}+0000)/` },
    ])
    expect(client.sandbox.notes()).toHaveLength(2)
    expect(violations(client.exchanges)).toEqual([])
  })

  test('too long, empty and of no document', async () => {
    const { client, id } = await withInvoice()
    const refused = async (path: string, details: string) =>
      errorsOf((await client.put(path, note(details))).list('Elements')[0])
    expect(await refused(`/Invoices/${id}/History`, 'x'.repeat(2501))).toEqual([
      'The HistoryRecord field Details must not be longer than 2500 characters.',
    ])
    expect(await refused(`/Invoices/${id}/History`, ' ')).toEqual(['The Details field is mandatory.'])
    expect(await refused(`/Invoices/${zero}/History`, 'Hello')).toEqual([
      'The document with the supplied id was not found for this endpoint.',
    ])
    expect((await client.get(`/Invoices/${zero}/History`)).status).toBe(404)
    expect(client.sandbox.notes()).toHaveLength(0)
    expect(violations(client.exchanges)).toEqual([])
  })

  test('on payments it fails as published, unless the switch says otherwise', async () => {
    const { client, id } = await withInvoice()
    const organisation = client.sandbox.organisations[0]
    const [invoice] = client.sandbox.invoices()
    const account = organisation?.accountByCode('090')
    if (!organisation || !invoice || !account) throw new Error('the sandbox has no invoice')
    organisation.payments.put({
      id: zero,
      updatedAt: client.clock.now(),
      type: 'ACCRECPAYMENT',
      status: 'AUTHORISED',
      target: { kind: 'Invoice', id },
      accountId: account.id,
      date: invoice.date,
      amount: invoice.total,
      bankAmount: invoice.total,
      currencyRate: invoice.currencyRate,
      reference: '',
      isReconciled: false,
      batchId: null,
    })
    expect((await client.put(`/Payments/${zero}/History`, note('x'))).status).toBe(400)
    client.sandbox.switches.paymentNotes = 'accepted'
    expect((await client.put(`/Payments/${zero}/History`, note('x'))).status).toBe(200)
  })
})
