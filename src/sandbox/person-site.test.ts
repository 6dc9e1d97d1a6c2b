// The pages under /_person/: each shows what there is, a form does what it says, a refusal keeps what was typed, and neither
// markup in data nor other web sites get anywhere.

import { request } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../accounting/money.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

afterEach(stopSandboxes)

let client: TestClient
let invoiceId = ''
let noteId = ''
let contactId = ''

/** As a hostile or careless person would name things. */
const nasty = `"><script>alert('1')</script>&amp;`

async function start(name = 'Acme'): Promise<void> {
  client = await startedSandbox()
  const person = client.sandbox.person()
  contactId = person.createContact({ name, email: `${name}@example.nz` }).id
  invoiceId = person.createInvoice({ contactId, total: cents(2415), number: `I ${name}`, reference: name }).id
  noteId = person.money.createCreditNote({ contactId, total: cents(500), number: `C ${name}` }).id
}

interface Page {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Sends what it is told to, headers that a browser would not let a page set among it. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Page> {
  return new Promise((resolve, reject) => {
    const url = `${client.sandbox.personUrl}${path}`
    request(url, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } })
      .on('response', (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        const done = () =>
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString(),
          })
        answer.on('end', done)
      })
      .on('error', reject)
      .end(body)
  })
}

const page = async (path: string) => (await ask('GET', path)).text
const tokenIn = (text: string) => /name="_token" value="([^"]+)"/.exec(text)?.[1] ?? ''
const formType = { 'content-type': 'application/x-www-form-urlencoded' }

/** Fills in the form of a page and sends it, as a browser does. */
async function submit(
  path: string,
  action: string,
  values: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Page> {
  const fields = { _token: tokenIn(await page(path)), _page: path, ...values }
  return ask('POST', action, { ...formType, ...headers }, new URLSearchParams(fields).toString())
}

describe('pages', () => {
  test('lists and documents show what there is', async () => {
    await start()
    const { money } = client.sandbox.person()
    const payment = money.pay(invoiceId, { amount: cents(1000), reference: 'eftpos' })
    money.allocate(noteId, invoiceId, { amount: cents(300) })
    for (const path of ['', 'invoices'])
      expect(await page(path)).toMatch(/I Acme.*AUTHORISED.*24\.15 NZD.*11\.15 NZD/s)
    expect(await page('credits')).toMatch(/C Acme.*credit note.*5\.00 NZD.*2\.00 NZD/s)
    expect(await page('payments')).toMatch(/invoice I Acme.*eftpos.*10\.00 NZD/s)
    expect(await page('contacts')).toMatch(/Acme.*Acme@example\.nz.*ACTIVE/s)
    expect(await page(`invoices/${invoiceId}`)).toMatch(
      /Pay<.*Delete payment.*credit note C Acme.*Remove allocation/s,
    )
    expect(await page(`credits/${noteId}`)).toMatch(/Refund<.*invoice I Acme.*3\.00 NZD/s)
    expect(await page(`payments/${payment.id}`)).toMatch(/Payment of .*Delete payment/s)
    expect(await page(`contacts/${contactId}`)).toMatch(/Enter overpayment.*Merge.*Archive/s)
    expect(await page('others')).toMatch(/not locked.*Enter item.*Post journal/s)
  })

  test('a document that is touched, over, or paid offers what makes sense', async () => {
    await start()
    const person = client.sandbox.person()
    const offered = async () =>
      [...(await page(`invoices/${invoiceId}`)).matchAll(/<summary>([^<]+)/g)].map(([, title]) => title)
    expect(await offered()).toEqual(['Pay', 'Allocate', 'Change total', 'Void'])
    const { id } = person.money.pay(invoiceId, { amount: cents(2415) })
    expect(await offered()).toEqual([])
    person.money.deletePayment(id)
    expect(person.voidInvoice(invoiceId).status).toBe('VOIDED')
    expect(await offered()).toEqual([])
    expect(await page(`invoices/${invoiceId}`)).toContain('It is over')
    person.archiveContact(contactId)
    expect(await page(`contacts/${contactId}`)).toMatch(/<summary>Restore<\/summary>/)
  })

  test('a hundred at a time, and a search', async () => {
    await start()
    const person = client.sandbox.person()
    for (let number = 1; number <= 120; number += 1)
      person.createInvoice({ contactId, total: cents(100), number: `N-${number}` })
    const rows = (text: string) => text.match(/<tr><td/g)?.length ?? 0
    const first = await page('')
    expect(rows(first)).toBe(100)
    const older = /href="\/_person\/(\?[^"]+)">Older/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(rows(await page(older))).toBe(21)
    expect(rows(await page('?q=n-12'))).toBe(2)
    expect(await page('?q=none')).toContain('Nothing that has “none” in it.')
  })

  test.each(['nothing', 'invoices/nothing', 'others/1', 'invoices/1/2', 'constructor'])(
    '%s is not there',
    async (path) => {
      await start()
      expect((await ask('GET', path)).status).toBe(404)
    },
  )

  test('without its slash the address leads there too', async () => {
    await start()
    const answer = await fetch(client.sandbox.personUrl.slice(0, -1), { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([308, '/_person/'])
  })
})

describe('forms', () => {
  test('what was done is said on the page of the document', async () => {
    await start()
    const posted = await submit(`invoices/${invoiceId}`, 'pay', {
      invoice: invoiceId,
      amount: '10',
      date: '',
      account: '090',
      reference: '',
    })
    expect(posted).toMatchObject({
      status: 303,
      headers: { location: `/_person/invoices/${invoiceId}?done=1` },
    })
    const after = await page(String(posted.headers['location']).replace('/_person/', ''))
    expect(after).toContain('role="status">Paid 10.00 NZD on invoice I Acme; 14.15 NZD is due on it.<')
    expect(await page(`invoices/${invoiceId}?done=2`)).not.toContain('class="banner')
    expect(client.sandbox.payments()).toHaveLength(1)
  })

  test('a refusal keeps what was typed, its form open', async () => {
    await start()
    const typed = { document: invoiceId, total: 'much' }
    const refused = await submit(`invoices/${invoiceId}`, 'edit-total', typed)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('role="alert">“much” is no amount: write it like 1250.00.<')
    expect(refused.text).toMatch(/<details open><summary>Change total.*name="total" value="much"/s)
    expect(refused.text).toContain('<details><summary>Void')
  })
})

describe('what gets in from outside', () => {
  test('markup in data stays text, on every page, and nothing is loaded', async () => {
    await start(nasty)
    const { money, papers } = client.sandbox.person()
    const payment = money.pay(invoiceId, { amount: cents(100), reference: nasty })
    money.allocate(noteId, invoiceId, { amount: cents(100) })
    papers.createItem({ code: 'X', name: nasty })
    const paths = [
      '',
      'credits',
      'payments',
      'contacts',
      'others',
      `invoices/${invoiceId}`,
      `credits/${noteId}`,
      `payments/${payment.id}`,
      `contacts/${contactId}`,
    ]
    for (const path of [...paths, `?q=${encodeURIComponent(nasty)}`, encodeURIComponent(nasty)]) {
      const text = await page(path)
      expect([path, text.match(/<script|&amp;amp;amp|src=|url\(|@import/)]).toEqual([path, null])
    }
    const refused = await submit('others', 'create-item', { code: nasty, name: nasty, price: nasty })
    expect(refused.text).toContain('value="&quot;&gt;&lt;script&gt;')
    expect(refused.text).not.toContain('<script')
    const odd = await submit('', 'create-item', { _page: nasty, code: '' })
    expect([odd.status, odd.text.includes('<script')]).toEqual([404, false])
  })

  test('pages forbid scripts, frames, and forms that lead elsewhere', async () => {
    await start()
    expect((await ask('GET', '')).headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /default-src 'none';.*form-action 'self';.*frame-ancestors 'none'/,
      ),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })

  const own = () => `http://${new URL(client.sandbox.url).host}`
  const foreign: readonly [what: string, headers: () => Record<string, string>, status: number][] = [
    ['its own origin', () => ({ origin: own(), 'sec-fetch-site': 'same-origin' }), 303],
    ['no origin at all', () => ({}), 303],
    ['another site', () => ({ origin: 'https://evil.example' }), 403],
    ['a page without an origin', () => ({ origin: 'null' }), 403],
    ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['a browser that says cross-site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
    ['a name that leads to this machine', () => ({ host: 'evil.example' }), 403],
  ]
  test.each(foreign)('a form from %s', async (_what, headers, status) => {
    await start()
    const posted = await submit(`invoices/${invoiceId}`, 'pay', { invoice: invoiceId }, headers())
    expect([posted.status, client.sandbox.payments().length]).toEqual([status, status === 303 ? 1 : 0])
  })

  test.each(foreign)('JSON from %s', async (_what, headers, status) => {
    await start()
    const type = { 'content-type': 'application/json' }
    const posted = await ask('POST', 'pay', { ...type, ...headers() }, JSON.stringify({ invoice: invoiceId }))
    expect([posted.status, client.sandbox.payments().length]).toEqual(status === 303 ? [200, 1] : [403, 0])
  })

  test('a form without the page’s token, and JSON under a type that needs no asking', async () => {
    await start()
    const values = new URLSearchParams({ invoice: invoiceId, _page: `invoices/${invoiceId}` })
    const untold = await ask('POST', 'pay', formType, values.toString())
    expect(untold.status).toBe(403)
    expect(untold.text).toContain('Nothing was done')
    values.set('_token', 'guessed')
    expect((await ask('POST', 'pay', formType, values.toString())).status).toBe(403)
    const plain = await ask(
      'POST',
      'pay',
      { 'content-type': 'text/plain' },
      JSON.stringify({ invoice: invoiceId }),
    )
    expect(plain.status).toBe(415)
    expect(client.sandbox.payments()).toEqual([])
  })

  test('a name that leads to this machine reads nothing, and faults are guarded alike', async () => {
    await start()
    expect((await ask('GET', '', { host: 'evil.example' })).text).not.toContain('Acme')
    const faults = await ask(
      'POST',
      '../_control/faults',
      { origin: 'https://evil.example' },
      '{"fault":"forbidden"}',
    )
    expect(faults.status).toBe(403)
  })
})
