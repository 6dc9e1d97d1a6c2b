// Journals that Xero generates: of whatever is posted, taken back by reversals, a hundred a call, and only where the plan allows.

import { afterEach, describe, expect, test } from 'vitest'
import { loadOpenApi } from '../../test/support/openapi.ts'
import { cents } from '../accounting/money.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

const openApi = loadOpenApi()

afterEach(stopSandboxes)

async function started(journalsPlan: Switches['journalsPlan'] = 'allowed'): Promise<TestClient> {
  return startedSandbox({ switches: { journalsPlan }, limits: { minute: 1000 } })
}

/** `12 ACCREC 610 115.00, 200 -100.00, 820 -15.00`, a line a journal. */
async function listed(client: TestClient, query = '', headers = {}): Promise<string[]> {
  const answer = await client.get(`/Journals${query}`, headers)
  expect(answer.status, answer.text).toBe(200)
  return answer.list('Journals').map((journal) => {
    // As journals.ts shows them.
    const lines = journal['JournalLines'] as JsonObject[]
    const sums = lines.map((line) => `${line['AccountCode']} ${Number(line['NetAmount']).toFixed(2)}`)
    return `${journal['JournalNumber']} ${journal['SourceType']} ${sums.join(', ')}`
  })
}

const acme = (client: TestClient) => client.sandbox.person().createContact({ name: 'Acme' }).id
const sale = (client: TestClient, total = 11_500) =>
  client.sandbox
    .person()
    .createInvoice({ contactId: acme(client), number: `S-${total}`, total: cents(total) })

describe('what is posted', () => {
  test('gets a journal each, its tax beside its lines', async () => {
    const client = await started()
    const person = client.sandbox.person()
    const invoice = sale(client)
    person.money.pay(invoice.id, { amount: cents(1_500) })
    person.papers.createManualJournal({
      narration: 'Depreciation',
      lines: [
        { accountCode: '400', amount: 700 },
        { accountCode: '710', amount: -700 },
      ],
    })
    expect(await listed(client)).toEqual([
      '1 ACCREC 200 -100.00, 820 -15.00, 610 115.00',
      '2 ACCRECPAYMENT 090 15.00, 610 -15.00',
      '3 MANJOURNAL 400 7.00, 710 -7.00',
    ])
    const [first] = (await client.get('/Journals')).list('Journals')
    expect(first).toMatchObject({
      SourceID: invoice.id,
      JournalLines: [{ TaxType: 'OUTPUT2', TaxAmount: -15, GrossAmount: -115, NetAmount: -100 }, {}, {}],
    })
    expect((await client.get('/Journals/2')).list('Journals')).toHaveLength(1)
    expect((await client.get(`/Journals/${first?.['JournalID']}`)).list('Journals')).toEqual([first])
    expect((await client.get('/Journals/99')).status).toBe(404)
  })

  test('a refund and an allocation post what they take of the credit; within one account that is nothing', async () => {
    const client = await started()
    const person = client.sandbox.person()
    const contactId = acme(client)
    const invoice = person.createInvoice({ contactId, number: 'S-1', total: cents(11_500) })
    const prepaid = person.money.prepay({ contactId, total: cents(2_300), accountCode: '835' })
    const note = person.money.createCreditNote({ contactId, total: cents(2_300), number: 'CN-1' })
    person.money.allocate(prepaid.id, invoice.id, { amount: cents(1_000) })
    person.money.refund(prepaid.id, { amount: cents(300) })
    person.money.allocate(note.id, invoice.id, { amount: cents(1_000) })
    person.money.refund(note.id, { amount: cents(200) })
    const journals = await listed(client)
    expect(journals.filter((one) => /PREPAYMENT|CREDIT/.test(one))).toEqual([
      expect.stringMatching(/ ARPREPAYMENT 835 .* 090 23\.00$/),
      expect.stringMatching(/ ACCRECCREDIT 200 20\.00, 820 3\.00, 610 -23\.00$/),
      expect.stringMatching(/ ARPREPAYMENT 610 -10\.00, 835 /),
      expect.stringMatching(/ ARPREPAYMENT 090 -3\.00, 835 /),
      expect.stringMatching(/ ARCREDITPAYMENT 090 -2\.00, 610 2\.00$/),
    ])
    const sums = await client.get('/Journals')
    for (const journal of sums.list('Journals')) {
      const lines = journal['JournalLines'] as JsonObject[] // as above
      const sum = lines.reduce((total, line) => total + Math.round(Number(line['NetAmount']) * 100), 0)
      expect(sum, JSON.stringify(journal)).toBe(0)
    }
  })

  test('otherwise or not any more is taken back by a reversal; what was generated never changes', async () => {
    const client = await started()
    const person = client.sandbox.person()
    const invoice = sale(client)
    person.editInvoiceTotal(invoice.id, cents(23_000))
    person.voidInvoice(invoice.id)
    expect(await listed(client)).toEqual([
      '1 ACCREC 200 -100.00, 820 -15.00, 610 115.00',
      '2 ACCREC 200 100.00, 820 15.00, 610 -115.00',
      '3 ACCREC 200 -200.00, 820 -30.00, 610 230.00',
      '4 ACCREC 200 200.00, 820 30.00, 610 -230.00',
    ])
    expect(await listed(client)).toHaveLength(4)
  })
})

test('a hundred a call, behind the number that is named', async () => {
  const client = await started()
  for (let index = 1; index <= 130; index += 1) sale(client, 100 + index)
  expect(await listed(client)).toHaveLength(100)
  const second = await listed(client, '?offset=100')
  expect([second.length, second[0]?.split(' ')[0]]).toEqual([30, '101'])
  expect(await listed(client, '?offset=130')).toEqual([])
  expect((await client.get('/Journals?offset=x')).status).toBe(400)
  expect((await client.get('/Journals?page=2')).status).toBe(400)
})

test('those that were generated since', async () => {
  const client = await started()
  sale(client)
  client.clock.advance(60_000)
  sale(client, 200)
  const since = { 'if-modified-since': new Date(client.clock.now()).toISOString() }
  expect(await listed(client, '', since)).toEqual([expect.stringMatching(/^2 /)])
})

describe('where the plan does not allow it', () => {
  test('the token cannot have the scope, and another token does not open them', async () => {
    const client = await started('no-scope')
    expect((await client.get('/Journals')).status).toBe(401)
    const asked = await client.form('/connect/token', {
      grant_type: 'client_credentials',
      scope: 'accounting.contacts accounting.journals.read',
    })
    expect([asked.status, asked.json]).toEqual([400, { error: 'invalid_scope' }])
    expect((await client.get('/Journals/1')).headers.get('www-authenticate')).toContain('insufficient_scope')
  })

  test.each([
    ['unauthorised', 401],
    ['forbidden', 403],
  ] as const)('or the call is answered as %s', async (plan, status) => {
    const client = await started(plan)
    expect((await client.get('/Journals')).status).toBe(status)
    expect((await client.get('/Journals/1')).status).toBe(status)
  })
})

test('they survive a restart, numbers and all', async () => {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const folder = mkdtempSync(join(tmpdir(), 'auxo-journals-'))
  try {
    const options = { switches: { journalsPlan: 'allowed' as const }, stateFile: join(folder, 'state.json') }
    const first = await startedSandbox(options)
    const invoice = sale(first)
    const second = await startedSandbox(options)
    expect(await listed(second)).toEqual(await listed(first))
    second.sandbox.person().voidInvoice(invoice.id)
    expect(await listed(second)).toHaveLength(2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.skipIf(!openApi)('answers are as Xero published them', async () => {
  const client = await started()
  const person = client.sandbox.person()
  const invoice = sale(client)
  person.money.pay(invoice.id, { amount: cents(1_500) })
  const tracking = [{ Name: 'Region', Option: 'North' }]
  const lines = [
    { LineAmount: 10, AccountCode: '400', Tracking: tracking },
    { LineAmount: -10, AccountCode: '200' },
  ]
  const put = await client.put('/ManualJournals', {
    Narration: 'By region',
    Status: 'POSTED',
    JournalLines: lines,
  })
  expect(put.status, put.text).toBe(200)
  client.exchanges.length = 0
  await client.get('/Journals?offset=0')
  await client.get('/Journals/1')
  const [list] = client.exchanges
  if (!list) throw new Error('nothing was asked')
  // Of the two ways to ask for one journal the checker knows the one by id.
  const found = [
    ...client.exchanges.flatMap((exchange) => openApi?.checkResponse(exchange) ?? []),
    ...(openApi?.checkRequest(list) ?? []),
  ]
  expect(found.filter(({ level }) => level === 'error')).toEqual([])
  expect(client.exchanges).toHaveLength(2)
})
