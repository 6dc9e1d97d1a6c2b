import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { aCall, aFinding, type Row, standing } from '../../test/support/left-rows.ts'
import { nearNumbers, showCommand } from './show.ts'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
  world.insert('contact', { code: 'ACME', name: 'Acme Ltd' })
  world.connect('NZ01')
})
afterEach(() => world.drop())

describe('show', () => {
  const show = (document: string, flags: { kind?: string } = {}, global = {}) =>
    world.run((context) => showCommand(context, document, flags), global)

  test('the whole life of a document in JSON, as cli.md has it', async () => {
    aCall(world, 1, { chunk_id: 9 })
    aCall(world, 2, { chunk_id: 8 })
    world.invoice('INV-1', { exchange_rate_e6: 612_345, currency: 'USD' })
    standing(world, 'INV-1', {
      state: 'exported',
      tenant_id: 'tenant-1',
      xero_id: 'xero-1',
      xero_number: 'INV-1',
      xero_status: 'AUTHORISED',
    })
    world.ledger.sqlite.pragma('foreign_keys = OFF')
    world.insert('chunk_thing', {
      chunk: 9,
      position: 0,
      kind: 'invoice',
      source_id: 'doc-INV-1',
      entity: 'NZ01',
      revision: 1,
      facts_hash: '',
      facts: '{}',
    })
    world.insert('payment', {
      id: 'PAY-1',
      entity: 'NZ01',
      kind: 'payment',
      date: '2026-11-01',
      amount_cents: 5_000,
      state: 'applied',
    })
    world.insert('payment_allocation', {
      payment: 'PAY-1',
      document: 'doc-INV-1',
      amount_cents: 5_000,
      date: '2026-11-04',
    })
    world.ledger.sqlite
      .prepare(`UPDATE export_state SET xero_id = 'xero-payment' WHERE source_id = 'PAY-1/doc-INV-1'`)
      .run()
    world.insert('credit_allocation', {
      credit: 'doc-CN-1',
      document: 'doc-INV-1',
      amount_cents: 1_000,
      date: '2026-11-02',
    })
    world.insert('adjustment', {
      document: 'doc-INV-1',
      tenant_id: 'tenant-1',
      at: '2026-11-03T00:00:00.000Z',
      amount_cents: -100,
      reason: 'Edited in Xero',
    })
    aFinding(world, 'INV-1', { severity: 'warning' })
    const { json } = await show('inv-1', {}, { json: true })
    expect(json).toEqual([
      {
        id: 'doc-INV-1',
        entity: 'NZ01',
        kind: 'invoice',
        number: 'INV-1',
        contact: 'ACME',
        status: 'sent',
        date: '2026-10-05',
        due_date: '2026-10-20',
        currency: 'USD',
        exchange_rate: '0.612345',
        amounts: 'exclusive',
        reference: null,
        vehicle_registration: null,
        po_number: null,
        job: null,
        employee: null,
        week_ending: null,
        recruiters: null,
        subtotal: '100.00',
        tax: '15.00',
        total: '115.00',
        url: null,
        source_document: null,
        updated_at: null,
        lines: [
          expect.objectContaining({
            position: 1,
            quantity: '1.5',
            amount: '100.00',
            tax: '15.00',
            unit_price: null,
          }),
        ],
        contactName: 'Acme Ltd',
        balance: { total: '115.00', paid: '50.00', credited: '10.00', adjusted: '-1.00', due: '54.00' },
        state: 'part-paid',
        export: 'exported',
        exportReason: null,
        xero: {
          id: 'xero-1',
          number: 'INV-1',
          status: 'AUTHORISED',
          link: 'https://go.xero.com/organisationlogin/default.aspx?shortcode=!23vY4&redirecturl=/AccountsReceivable/View.aspx?InvoiceID=xero-1',
        },
        payments: [
          {
            id: 'PAY-1',
            kind: 'payment',
            date: '2026-11-04',
            amount: '50.00',
            origin: 'ledger',
            state: 'applied',
            deletedAt: null,
            deletedBy: null,
            export: 'pending',
            xeroId: 'xero-payment',
          },
        ],
        allocations: [
          {
            source: 'doc-CN-1',
            kind: 'credit_note',
            number: null,
            sourceDate: null,
            sourceTotal: null,
            document: 'doc-INV-1',
            documentNumber: 'INV-1',
            amount: '10.00',
            ledgerAmount: null,
            date: '2026-11-02',
            origin: 'ledger',
            xeroId: null,
          },
        ],
        adjustments: [{ at: '2026-11-03T00:00:00.000Z', amount: '-1.00', reason: 'Edited in Xero' }],
        calls: [expect.objectContaining({ id: 1, path: '/api.xro/2.0/Invoices' })],
        findings: [expect.objectContaining({ code: 'account-unknown', severity: 'warning' })],
        events: [],
      },
    ])
    const { out } = await show('doc-INV-1')
    for (const text of [
      'invoice INV-1',
      'ACME, Acme Ltd',
      'part-paid',
      'PAY-1',
      'doc-CN-1',
      'Edited in Xero',
      '!23vY4',
    ])
      expect(out).toContain(text)
  })

  test.each([
    [
      'an invoice that went out as a credit note',
      { form: 'sales_credit' },
      '/AccountsReceivable/ViewCreditNote',
    ],
    ['one that went out as a journal', { form: 'journal' }, '/Journal/View'],
  ])('%s is linked to where it is', async (_title, facts, page) => {
    world.invoice('INV-1')
    standing(world, 'INV-1', {
      state: 'exported',
      tenant_id: 'tenant-1',
      xero_id: 'xero-1',
      facts: JSON.stringify(facts),
    })
    const { json } = await show('INV-1', {}, { json: true })
    expect(json).toMatchObject([{ xero: { link: expect.stringContaining(page) } }])
  })

  test('one that never went out', async () => {
    world.invoice('INV-1')
    const { json } = await show('INV-1', {}, { json: true })
    expect(json).toMatchObject([{ export: 'pending', xero: null, state: 'unpaid', calls: [], payments: [] }])
    expect((await show('INV-1')).out).toContain('Export: pending')
  })

  test('an id goes before a number', async () => {
    world.invoice('A')
    world.invoice('B', { id: 'A' })
    expect((await show('A', {}, { json: true })).json).toMatchObject([{ id: 'A', number: 'B' }])
  })

  test.each<{ title: string; second: Row; flags?: { kind?: string }; says: string }>([
    {
      title: 'a number of two kinds',
      second: { kind: 'credit_note' },
      says: '7 is the number of 2 documents (invoice and credit note): say which with --kind invoice or --kind credit_note.',
    },
    { title: 'a number of two entities', second: { entity: 'NZ02' }, says: 'say which with --entity' },
    {
      title: 'a number of two bills',
      second: { kind: 'bill' },
      flags: { kind: 'bill' },
      says: 'There is no bill with the id or number “8”',
    },
    { title: 'two of one kind', second: {}, says: 'name the one by its id: doc-7, other' },
  ])('$title', async ({ second, flags = {}, says }) => {
    world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
    world.invoice('7')
    world.invoice('7', { id: 'other', ...second })
    await expect(show(flags.kind ? '8' : '7', flags)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(says),
    })
    if (second['kind'] === 'credit_note') {
      expect((await show('7', { kind: 'credit_note' }, { json: true })).json).toMatchObject([{ id: 'other' }])
    }
    if (second['entity']) {
      expect((await show('7', {}, { json: true, entity: 'NZ02' })).json).toMatchObject([{ id: 'other' }])
    }
  })

  test.each([
    ['INV-42', ['INV-0042', 'INV-0043'], ['INV-0042']],
    ['INV-42', ['INV-43', 'INV-000042'], ['INV-000042']],
    ['inv 0042', ['INV-0042', 'INV-0043'], ['INV-0042']],
    ['INV-0052', ['INV-0042', 'QUOTE-1'], ['INV-0042']],
    ['something', ['INV-0042'], []],
    ['', ['---'], []],
  ])('for %j of %j it suggests %j', (reference, numbers, meant) => {
    expect(nearNumbers(reference, numbers)).toEqual(meant)
  })

  test('an unknown one is told with what may be meant', async () => {
    world.invoice('INV-0042')
    await expect(show('INV-42')).rejects.toMatchObject({
      code: 'usage',
      message: 'There is no document with the id or number “INV-42”. Did you mean INV-0042?',
    })
    await expect(show('INV-42', { kind: 'quote' })).rejects.toMatchObject({ code: 'usage' })
  })

  test.each([
    ['pending', ', not in Xero yet'],
    ['failed', ', not in Xero: it was refused'],
    ['held', ', held back'],
    ['uncertain', ', not known yet whether Xero has it'],
    ['mock_exported', ''],
  ])('a payment of the ledger that is %s says so', async (state, says) => {
    world.invoice('INV-1')
    world.insert('payment', {
      id: 'P',
      entity: 'NZ01',
      kind: 'payment',
      date: '2026-11-01',
      amount_cents: 500,
    })
    world.insert('payment_allocation', { payment: 'P', document: 'doc-INV-1', amount_cents: 500 })
    world.ledger.sqlite
      .prepare(`UPDATE export_state SET state = ? WHERE source_id = 'P/doc-INV-1'`)
      .run(state)
    expect((await show('INV-1')).out).toContain(`\n  2026-11-01  payment P of 5.00${says}\n`)
  })

  test('a payment is named by its kind and id, and its entity is heeded', async () => {
    world.insert('payment', {
      id: '7/a%',
      entity: 'NZ01',
      kind: 'refund',
      date: '2026-11-01',
      amount_cents: 500,
    })
    const { json } = await show('refund:7/a%', {}, { json: true })
    expect(json).toMatchObject([{ id: '7/a%', amount: '5.00', payments: [], exports: [], events: [] }])
    world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
    await expect(show('refund:7/a%', {}, { entity: 'NZ02' })).rejects.toMatchObject({
      code: 'usage',
      message: 'There is no refund with the id “7/a%” in NZ02.',
    })
    await expect(show('payment:8')).rejects.toMatchObject({ message: 'There is no payment with the id “8”.' })
  })
})
