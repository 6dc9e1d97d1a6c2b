// What a script can have a person in Xero do over /_person/, what is refused and in which words, and that the API then shows
// it as if Xero had done it. The pages for people are person-site.test.ts's business.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import { cents } from '../accounting/money.ts'
import { isObject, type JsonObject } from './json.ts'
import { auDemoCompany } from './organisation.ts'
import { personActions } from './person-actions.ts'
import type { SandboxOptions } from './server.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'
import { getOne } from './test-money.ts'

afterEach(stopSandboxes)

let client: TestClient

/** Two contacts; an invoice and a bill of 24.15 of the first. */
async function start(options: Partial<SandboxOptions> = {}): Promise<void> {
  client = await startedSandbox(options)
  const person = client.sandbox.person()
  const contactId = person.createContact({ name: 'Acme', email: 'acme@example.nz' }).id
  person.createContact({ name: 'Bold' })
  person.createInvoice({ contactId, total: cents(2415), number: 'INV-9' })
  person.createInvoice({ contactId, total: cents(2415), number: 'B-9', type: 'ACCPAY' })
  client.clock.advance(60_000)
}

function ask(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(client.sandbox.personUrl + path, {
    method,
    redirect: 'manual',
    headers,
    ...(body === undefined ? {} : { body }),
  })
}

/** As a script asks. */
async function tell(action: string, values: JsonObject): Promise<JsonObject & { status: number }> {
  const answer = await ask('POST', action, JSON.stringify(values), { 'content-type': 'application/json' })
  const json: unknown = await answer.json()
  return { ...(isObject(json as JsonObject) ? (json as JsonObject) : {}), status: answer.status }
}

/** Does it, and gives the sentence. */
async function did(action: string, values: JsonObject): Promise<string> {
  const answer = await tell(action, values)
  expect(answer).toMatchObject({ ok: true, status: 200, id: expect.any(String) })
  return String(answer['did'])
}

describe('by script', () => {
  test('an invoice is paid, the payment deleted, and the API shows it', async () => {
    await start()
    expect(
      await did('pay', { invoice: 'INV-9', amount: '20.00', date: '2026-11-21', reference: 'bank' }),
    ).toBe('Paid 20.00 NZD on invoice INV-9; 4.15 NZD is due on it.')
    expect(await did('pay', { invoice: 'INV-9' })).toBe(
      'Paid 4.15 NZD on invoice INV-9; nothing is due on it any more.',
    )
    const [first] = client.sandbox.payments()
    expect(await getOne(client, `/Payments/${first?.id}`)).toMatchObject({
      Amount: 20,
      Reference: 'bank',
      Invoice: { Status: 'PAID' },
    })
    expect(await did('delete-payment', { payment: first?.id ?? '' })).toBe(
      'Deleted the payment of 20.00 NZD on invoice INV-9; 20.00 NZD is due on it.',
    )
    expect(await did('delete-payment', { payment: 'INV-9' })).toMatch(/^Deleted the payment of 4.15 NZD/)
    expect(await getOne(client, '/Invoices/INV-9')).toMatchObject({ Status: 'AUTHORISED', AmountDue: 24.15 })
  })

  test('an overpayment is allocated, the allocation removed, refunded, the refund deleted, and voided', async () => {
    await start()
    const { id } = await tell('overpay', { contact: 'acme', amount: 50, reference: 'O-1' })
    expect(await did('allocate', { credit: 'O-1', invoice: 'INV-9' })).toBe(
      'Set 24.15 NZD of overpayment O-1 against invoice INV-9; nothing is due on it any more, 25.85 NZD of it is left.',
    )
    expect(await did('remove-allocation', { credit: 'O-1', invoice: 'INV-9' })).toBe(
      'Took 24.15 NZD of overpayment O-1 off invoice INV-9; 24.15 NZD is due on it, 50.00 NZD of it is left.',
    )
    expect(await did('refund', { credit: String(id), amount: '50.00' })).toBe(
      'Refunded 50.00 NZD of overpayment O-1; nothing of it is left.',
    )
    expect(await did('delete-refund', { refund: 'O-1' })).toBe(
      'Deleted the refund of 50.00 NZD on overpayment O-1; 50.00 NZD of it is left.',
    )
    expect(await did('void', { document: 'O-1' })).toBe('Voided overpayment O-1.')
    expect(await getOne(client, `/Overpayments/${id}`)).toMatchObject({
      Status: 'VOIDED',
      Allocations: [],
      Payments: [],
    })
  })

  test('documents: credited, changed in total, voided', async () => {
    await start()
    expect(await did('credit', { contact: 'Acme', total: '11.50' })).toBe(
      'Entered credit note CN-0001: 11.50 NZD, Acme.',
    )
    expect(await did('edit-total', { document: 'CN-0001', total: '23' })).toBe(
      'Credit note CN-0001 comes to 23.00 NZD now; it came to 11.50 NZD.',
    )
    expect(await did('void', { document: 'CN-0001' })).toBe('Voided credit note CN-0001.')
    expect(await did('edit-total', { document: 'INV-9', total: '1234.50' })).toBe(
      'Invoice INV-9 comes to 1,234.50 NZD now; it came to 24.15 NZD.',
    )
    expect(await did('void', { document: 'B-9' })).toBe('Voided bill B-9.')
    expect(await did('create-invoice', { contact: 'Acme', total: '5' })).toBe(
      'Entered invoice INV-0001: 5.00 NZD, Acme.',
    )
    expect(client.sandbox.creditNotes()).toMatchObject([{ status: 'VOIDED', total: 2300 }])
  })

  test('contacts, items, journals and the lock', async () => {
    await start()
    expect(await did('edit-contact', { contact: 'Acme', name: 'Acme Ltd', email: 'new@example.nz' })).toBe(
      'Changed contact Acme, now Acme Ltd.',
    )
    expect(await did('archive', { contact: 'Bold' })).toBe('Archived contact Bold.')
    expect(await did('restore', { contact: 'Bold' })).toBe('Restored contact Bold.')
    expect(await did('merge', { contact: 'Acme Ltd', into: 'Bold' })).toBe(
      'Merged contact Acme Ltd into Bold.',
    )
    expect(await did('create-contact', { name: 'Clean Cars' })).toBe('Entered contact Clean Cars.')
    const bold = client.sandbox.contacts().find(({ name }) => name === 'Bold')
    expect(client.sandbox.invoices().map(({ contactId }) => contactId)).toEqual([bold?.id, bold?.id])
    expect(await did('create-item', { code: 'PADS', price: '12.3456' })).toBe('Entered item PADS.')
    expect(await did('post-journal', { narration: 'Stock', amount: '50', debit: '310', credit: '400' })).toBe(
      'Posted a journal of 50.00 NZD from 400 to 310.',
    )
    expect(await did('lock-period', { date: '2026-11-20' })).toBe('Locked the books up to 20 Nov 2026.')
    expect(client.sandbox.organisations[0]?.profile.periodLockDate).toBe('2026-11-20')
    expect(await did('lock-period', {})).toBe('Unlocked the books.')
    expect(client.sandbox.items()).toMatchObject([{ code: 'PADS', sales: { unitPrice: 123_456 } }])
  })

  test('the role for reports', async () => {
    await start()
    expect(await did('set-role', { reports: 'not-held' })).toBe('Took the role for reports.')
    expect((await client.get('/ManualJournals')).status).toBe(403)
    expect(await did('set-role', { reports: 'held' })).toBe('Gave the role for reports.')
    expect((await client.get('/ManualJournals')).status).toBe(200)
  })
})

describe('what is refused, and nothing is changed', () => {
  const rows: readonly [action: string, values: JsonObject, sentence: string][] = [
    ['pay', { invoice: 'INV-8' }, 'There is no invoice or bill “INV-8” in Xero.'],
    ['pay', { amount: '1' }, 'Invoice or bill (invoice) is missing.'],
    [
      'pay',
      { invoice: 'INV-9', amout: '1' },
      'There is no field “amout”: pay takes invoice, amount, date, account, reference.',
    ],
    ['pay', { invoice: 'INV-9', amount: '1,5' }, '“1,5” is no amount: write it like 1250.00.'],
    ['pay', { invoice: 'INV-9', amount: 0.001 }, '“0.001” is no amount: write it like 1250.00.'],
    ['pay', { invoice: 'INV-9', amount: '-1' }, '“-1” is not above zero.'],
    ['pay', { invoice: 'INV-9', amount: ['1'] }, 'amount is neither text nor a number.'],
    [
      'pay',
      { invoice: 'INV-9', date: '2026-02-30' },
      '“2026-02-30” is no day of the calendar: write it like 2026-11-22.',
    ],
    [
      'pay',
      { invoice: 'INV-9', date: '2026-09-30' },
      '30 Sep 2026 is in a locked period: the books are locked up to 30 Sep 2026.',
    ],
    ['pay', { invoice: 'INV-9', account: '999' }, 'There is no account 999 in Xero’s chart.'],
    [
      'pay',
      { invoice: 'INV-9', account: '200' },
      'Account 200 (Sales) is no bank account and takes no payments.',
    ],
    [
      'pay',
      { invoice: 'INV-9', amount: '24.16' },
      'Only 24.15 NZD is due on invoice INV-9. Pay that, and enter the rest as an overpayment of Acme.',
    ],
    [
      'pay',
      { invoice: 'P-9' },
      'Nothing is due on invoice P-9 any more. Money above that is an overpayment of Acme.',
    ],
    ['pay', { invoice: 'D-9' }, 'Invoice D-9 is a draft: it has to be approved first.'],
    ['delete-payment', { payment: 'INV-9' }, 'There is no payment of invoice INV-9 in Xero.'],
    ['delete-refund', { refund: 'P-9' }, 'There is no credit note, overpayment or prepayment “P-9” in Xero.'],
    ['overpay', { contact: 'Nobody', amount: '5' }, 'There is no contact “Nobody” in Xero.'],
    ['overpay', { contact: 'Gone', amount: '5' }, 'Contact Gone is archived: restore it first.'],
    [
      'overpay',
      { contact: 'Acme', amount: '5', direction: 'up' },
      '“up” is no direction: it is received or spent.',
    ],
    ['allocate', { credit: 'CN-9', invoice: 'B-9' }, 'Credit note CN-9 cannot be set against a bill.'],
    [
      'allocate',
      { credit: 'CN-9', invoice: 'INV-9', amount: '5.01' },
      'Only 5.00 NZD of credit note CN-9 is left.',
    ],
    ['allocate', { credit: 'CN-9', invoice: 'P-9', amount: '1' }, 'Only 0.00 NZD is due on invoice P-9.'],
    ['allocate', { credit: 'CN-9', invoice: 'O-9' }, 'Credit note CN-9 is of Acme, invoice O-9 of Bold.'],
    [
      'remove-allocation',
      { credit: 'CN-9', invoice: 'INV-9' },
      'There is no allocation of credit note CN-9 to invoice INV-9 in Xero.',
    ],
    ['refund', { credit: 'CN-9', amount: '6' }, 'Of credit note CN-9 only 5.00 NZD is left to refund.'],
    ['credit', { contact: 'Acme', total: '5', number: 'CN-9' }, 'There is a credit note CN-9 already.'],
    [
      'create-invoice',
      { contact: 'Acme', total: '5', number: 'inv-9' },
      'There is an invoice inv-9 already.',
    ],
    ['void', { document: 'P-9' }, 'Invoice P-9 has payments or credits on it: delete or remove those first.'],
    [
      'edit-total',
      { document: 'P-9', total: '5' },
      'Invoice P-9 has payments or credits on it: delete or remove those first.',
    ],
    ['edit-total', { document: 'V-9', total: '5' }, 'Invoice V-9 is voided.'],
    [
      'void',
      { document: 'L-9' },
      '30 Sep 2026 is in a locked period: the books are locked up to 30 Sep 2026.',
    ],
    ['merge', { contact: 'Acme', into: 'acme' }, 'A contact cannot be merged into itself.'],
    ['merge', { contact: 'Gone', into: 'Acme' }, 'Contact Gone is archived: restore it first.'],
    ['restore', { contact: 'Acme' }, 'Contact Acme is not archived.'],
    ['restore', { contact: 'Merged' }, 'Contact Merged was merged into Bold and cannot be restored.'],
    ['create-contact', { name: 'BOLD' }, 'There is a contact Bold already.'],
    ['edit-contact', { contact: 'Acme' }, 'Neither a name nor an e-mail was given: nothing to change.'],
    ['edit-contact', { contact: 'Acme', name: 'bold' }, 'There is a contact Bold already.'],
    ['lock-period', { date: 'tomorrow' }, '“tomorrow” is no day of the calendar: write it like 2026-11-22.'],
    ['create-item', { code: 'pads' }, 'There is an item pads already.'],
    ['create-item', { code: 'X', price: 'dear' }, '“dear” is no price: write it like 12.50.'],
    [
      'post-journal',
      { narration: 'x', amount: '5', debit: '310', credit: '090' },
      'Account 090 (Business Bank Account) takes no journals: Xero posts to it by itself.',
    ],
  ]

  /** One document of every kind that a rule looks at, and the books locked up to the end of September. */
  function makeTroubles(): void {
    const person = client.sandbox.person()
    const [acme = '', bold = ''] = client.sandbox
      .contacts()
      .map(({ id }) => id)
      .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)))
    const total = cents(2415)
    person.money.pay(person.createInvoice({ contactId: acme, total, number: 'P-9' }).id, { amount: total })
    person.createInvoice({ contactId: acme, total, number: 'D-9', status: 'DRAFT' })
    person.createInvoice({ contactId: bold, total, number: 'O-9' })
    person.voidInvoice(person.createInvoice({ contactId: acme, total, number: 'V-9' }).id)
    person.createInvoice({ contactId: acme, total, number: 'L-9', date: '2026-09-30' as PlainDate })
    person.money.createCreditNote({ contactId: acme, total: cents(500), number: 'CN-9' })
    person.archiveContact(person.createContact({ name: 'Gone' }).id)
    person.mergeContact(person.createContact({ name: 'Merged' }).id, bold)
    person.papers.createItem({ code: 'PADS' })
    person.setLockDate('2026-09-30' as PlainDate)
  }
  const nameOf = (id: string) => client.sandbox.contacts().find((contact) => contact.id === id)?.name ?? ''

  test('each in a sentence', async () => {
    await start()
    makeTroubles()
    const { sandbox } = client
    const all = () =>
      JSON.stringify([
        sandbox.invoices(),
        sandbox.payments(),
        sandbox.creditNotes(),
        sandbox.contacts(),
        sandbox.items(),
        sandbox.manualJournals(),
        sandbox.overpayments(),
        sandbox.organisations[0]?.profile,
      ])
    const before = all()
    for (const [action, values, message] of rows)
      expect([action, values, await tell(action, values)]).toEqual([
        action,
        values,
        { status: 422, ok: false, message },
      ])
    expect(all()).toBe(before)
  })

  test('two of one number are told apart by their ids, and one that is over is not meant', async () => {
    await start()
    const person = client.sandbox.person()
    const contactId = client.sandbox.invoices()[0]?.contactId ?? ''
    const again = person.createInvoice({ contactId, total: cents(700), number: 'B-9', type: 'ACCPAY' })
    const { message } = await tell('pay', { invoice: 'B-9' })
    expect(message).toMatch(
      /^There is more than one invoice or bill “B-9”: name it by its id\. bill B-9 has the id /,
    )
    expect(message).toContain(again.id)
    person.voidInvoice(again.id)
    expect(await did('pay', { invoice: 'B-9', amount: '1' })).toMatch(/^Paid 1.00 NZD on bill B-9/)
    await did('pay', { invoice: 'B-9', amount: '2' })
    const payments = await tell('delete-payment', { payment: 'B-9' })
    expect(payments['message']).toMatch(
      /more than one payment of bill B-9.*1\.00 NZD of 2026-11-23 has the id/,
    )
  })

  test('deleted twice, part of a batch, or a refund taken for a payment', async () => {
    await start()
    const { money } = client.sandbox.person()
    const invoiceId = client.sandbox.invoices().find(({ number }) => number === 'INV-9')?.id ?? ''
    const batchId = '00000000-0000-4000-8000-000000000001'
    const batched = money.pay(invoiceId, { amount: cents(100), batchId })
    const deleted = money.deletePayment(money.pay(invoiceId, { amount: cents(100) }).id)
    const note = money.createCreditNote({
      contactId: client.sandbox.invoices()[0]?.contactId ?? '',
      total: cents(500),
    })
    const refund = money.refund(note.id, { amount: cents(100) })
    const refusals = [
      [
        'delete-payment',
        { payment: batched.id },
        'That payment is part of a batch payment, and cannot be deleted by itself.',
      ],
      ['delete-payment', { payment: deleted.id }, 'That payment is deleted already.'],
      ['delete-payment', { payment: refund.id }, 'That is a refund: delete it as one.'],
      ['delete-refund', { refund: batched.id }, 'That is a payment of an invoice or bill: delete it as one.'],
    ] as const
    for (const [action, values, message] of refusals)
      expect(await tell(action, values)).toMatchObject({ ok: false, message })
  })
})

describe('asking', () => {
  test('the actions are listed with their fields', async () => {
    await start()
    const listed = (await (await ask('GET', 'actions')).json()) as {
      actions: { name: string; fields: object[] }[]
    }
    expect(listed.actions.map(({ name }) => name)).toEqual(personActions.map(({ name }) => name))
    expect(listed.actions[0]).toMatchObject({
      name: 'pay',
      fields: [{ name: 'invoice', isOptional: false }, { name: 'amount', isOptional: true }, {}, {}, {}],
    })
  })

  test.each([
    ['an action that there is not', 'POST', 'pai', '{}', 404, 'There is no action “pai”. There are: pay,'],
    ['no JSON', 'POST', 'pay', '{', 400, 'The body is no JSON object.'],
    ['a list', 'POST', 'pay', '[]', 400, 'The body is no JSON object.'],
    ['another method', 'DELETE', 'pay', '{}', 405, 'Only GET and POST are known here.'],
  ])('%s', async (_what, method, path, body, status, message) => {
    await start()
    const answer = await ask(method, path, body, { 'content-type': 'application/json' })
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { ok: false, message: expect.stringContaining(message) },
    ])
  })

  test('neither counts nor exchanges know of it', async () => {
    await start()
    const before = client.sandbox.counts.total
    await did('pay', { invoice: 'INV-9' })
    expect(client.sandbox.counts.total).toBe(before)
    expect(client.exchanges.some(({ url }) => url.includes('_person'))).toBe(false)
  })

  test('in Australia too, and kept by a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'auxo-sandbox-'))
    try {
      const options = { organisations: [auDemoCompany()], stateFile: join(folder, 'state.json') }
      await start(options)
      for (const action of ['overpay', 'prepay'] as const)
        for (const direction of ['received', 'spent'])
          await did(action, { contact: 'Acme', amount: '5', direction })
      await did('create-invoice', { contact: 'Acme', total: '11', type: 'bill' })
      await did('credit', { contact: 'Acme', total: '11', type: 'supplier' })
      await stopSandboxes()
      const again = (await startedSandbox({ stateFile: options.stateFile })).sandbox
      expect(again.overpayments()).toEqual(client.sandbox.overpayments())
      expect(again.prepayments()).toHaveLength(2)
      expect(again.creditNotes()).toMatchObject([{ type: 'ACCPAYCREDIT', total: 1100 }])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
