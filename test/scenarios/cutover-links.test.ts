// What is on documents that are linked at cutover (M1): what both sides have is paired and never counted twice, whatever it is in Xero;
// what only one side has is told, and a wrong twin is never taken.

import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../../src/accounting/calendar.ts'
import { cents } from '../../src/accounting/money.ts'
import type { Person } from '../../src/sandbox/person.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql, settingSql } from '../support/workload.ts'
import {
  creditAllocationSql,
  depositSql,
  discountSql,
  paymentSql,
  refundSql,
} from '../support/workload-money.ts'
import { journalSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

const old = '2026-10-10'
const date = old as PlainDate

interface InXero {
  person: Person
  customer: string
  supplier: string
  /** INV-I1 of 115.00. */
  invoice: string
}

/** Invoice I1 of before the cutover with what else is said, on both sides. */
async function linked(
  sql: string,
  inXero: (there: InXero) => void = () => undefined,
  flags: readonly string[] = [],
): Promise<World & { told: Told }> {
  const w = await World.open()
  world = w
  asPerson(w, (person) => {
    const customer = person.createContact({ name: 'Customer 1' }).id
    const supplier = person.createContact({ name: 'Customer 2' }).id
    const invoice = person.createInvoice({
      contactId: customer,
      number: 'INV-I1',
      total: cents(11_500),
      date,
    }).id
    inXero({ person, customer, supplier, invoice })
  })
  w.clock.advance(86_400_000)
  await w.prepare(contactsSql(2) + invoiceSql({ id: 'I1', date: old }) + sql)
  const { out } = await w.must(['mock-export', '--before', '2026-11-01', '--link', '--json', ...flags])
  return Object.assign(w, { told: (JSON.parse(out) as { links: Told }).links })
}

interface Told {
  linked: { number: string }[]
  paired: number
  unpaired: Record<'ledger' | 'xero', { id: string; amount: string }[]>
  notLinked: { number: string; why: string }[]
  differences: { number: string; ledger: string; xero: string }[]
}

const due = (w: World, document: string) =>
  w.query<{ due_cents: number }>('SELECT due_cents FROM document_balance WHERE document = ?', document)[0]
    ?.due_cents
const dueInXero = (w: World, number: string) => {
  const found = w.sandbox.invoices().find((one) => one.number === number)
  if (!found) return undefined
  const sum = (rows: readonly { amount: number }[]) => rows.reduce((all, { amount }) => all + amount, 0)
  const credits = [...w.sandbox.creditNotes(), ...w.sandbox.prepayments(), ...w.sandbox.overpayments()]
  const paid = w.sandbox
    .payments()
    .filter(({ target, status }) => target.id === found.id && status === 'AUTHORISED')
  const applied = credits.flatMap(({ allocations }) =>
    allocations.filter(({ invoiceId }) => invoiceId === found.id),
  )
  return found.total - sum(paid) - sum(applied)
}
const even = { ledger: [], xero: [] }

describe('both sides have it, and it counts once, before the next pull and after it', () => {
  test.each<[string, string, (there: InXero) => void, number]>([
    [
      'a payment',
      paymentSql({ id: 'P1', date: old, applied: { I1: 4_000 } }),
      ({ person, invoice }) => person.money.pay(invoice, { amount: cents(4_000), date }),
      1,
    ],
    [
      'two payments of one amount on one day',
      paymentSql({ id: 'P1', date: old, applied: { I1: 4_000 } }) +
        paymentSql({ id: 'P2', date: old, applied: { I1: 4_000 } }),
      ({ person, invoice }) => {
        person.money.pay(invoice, { amount: cents(4_000), date })
        person.money.pay(invoice, { amount: cents(4_000), date })
      },
      2,
    ],
    [
      'a journal that is the payment',
      journalSql({
        id: 'J1',
        kind: 'invoice_payment',
        date: old,
        document: 'I1',
        lines: [
          ['090', 4_000],
          ['610', -4_000],
        ],
      }),
      ({ person, invoice }) => person.money.pay(invoice, { amount: cents(4_000), date }),
      1,
    ],
    [
      'a settled credit note of another number',
      documentSql('credit_note', { id: 'C1', date: old, lines: [{ amount: 1_000, tax: 150 }] }) +
        creditAllocationSql('C1', 'I1', 1_150).replace('2026-11-12', old),
      ({ person, customer, invoice }) => {
        const note = person.money.createCreditNote({
          contactId: customer,
          number: 'CN-0815',
          total: cents(1_150),
          date,
        })
        person.money.allocate(note.id, invoice, { amount: cents(1_150), date })
      },
      1,
    ],
    [
      'a payment discount that is a credit note there',
      discountSql({ id: 'D1', date: old, applied: { I1: 500 } }),
      ({ person, customer, invoice }) => {
        const note = person.money.createCreditNote({
          contactId: customer,
          number: 'CN-9',
          total: cents(500),
          date,
        })
        person.money.allocate(note.id, invoice, { amount: cents(500), date })
      },
      1,
    ],
    [
      'a deposit that is a prepayment there',
      depositSql({ id: 'D1', date: old, amount: 5_000, applied: { I1: 3_000 } }),
      ({ person, customer, invoice }) => {
        const prepaid = person.money.prepay({ contactId: customer, total: cents(5_000), date })
        person.money.allocate(prepaid.id, invoice, { amount: cents(3_000), date })
      },
      1,
    ],
  ])('%s', async (_, sql, inXero, paired) => {
    const w = await linked(sql, inXero)
    expect(w.told).toMatchObject({ paired, unpaired: even, notLinked: [] })
    const before = due(w, 'I1')
    expect(before).toBe(dueInXero(w, 'INV-I1'))
    expect((await w.export()).code).toBe(0)
    expect(due(w, 'I1')).toBe(before)
    expect(w.query("SELECT 1 FROM credit_allocation WHERE origin = 'external'")).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  })

  test('an open credit with its refund', async () => {
    const w = await linked(
      documentSql('credit_note', { id: 'C1', date: old }) +
        refundSql({ id: 'R1', date: old, applied: { C1: 2_000 } }),
      ({ person, customer }) => {
        const note = person.money.createCreditNote({
          contactId: customer,
          number: 'CN-C1',
          total: cents(11_500),
          date,
        })
        person.money.refund(note.id, { amount: cents(2_000), date })
      },
    )
    expect(w.told).toMatchObject({ linked: [{}, {}], paired: 1, unpaired: even })
    const before = due(w, 'C1')
    await w.export()
    expect([before, due(w, 'C1')]).toEqual([9_500, 9_500])
    expect(w.query("SELECT COUNT(*) AS n FROM payment WHERE origin = 'external'")).toEqual([{ n: 0 }])
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('only one side has it', () => {
  test('a credit that is applied in the ledger and not in Xero is told, and not taken for taken back', async () => {
    const w = await linked(
      documentSql('credit_note', { id: 'C1', date: old }) +
        creditAllocationSql('C1', 'I1', 1_150).replace('2026-11-12', old),
      ({ person, customer }) => {
        person.money.createCreditNote({ contactId: customer, number: 'CN-C1', total: cents(11_500), date })
      },
    )
    expect(w.told).toMatchObject({
      paired: 0,
      unpaired: { ledger: [{ id: 'C1/I1', amount: '11.50' }], xero: [] },
    })
    await w.export()
    expect([due(w, 'I1'), w.query('SELECT * FROM part_in_xero')]).toEqual([10_350, []])
    expect(brokenPromises(w)).toEqual([])
  })

  test('four days apart is not the same: it comes back beside it', async () => {
    const w = await linked(
      paymentSql({ id: 'P1', date: old, applied: { I1: 4_000 } }),
      ({ person, invoice }) =>
        person.money.pay(invoice, { amount: cents(4_000), date: '2026-10-14' as PlainDate }),
    )
    expect(w.told).toMatchObject({
      paired: 0,
      unpaired: { ledger: [{ id: 'P1/I1' }], xero: [{ amount: '40.00' }] },
    })
    await w.export()
    expect(due(w, 'I1')).toBe(3_500)
  })

  test('what the opening balances hold is only what was left of it: that is what is due', async () => {
    const w = await linked('', ({ person, invoice }) => person.editInvoiceTotal(invoice, cents(6_000)))
    expect(w.told.differences).toEqual([{ number: 'INV-I1', ledger: '115.00', xero: '60.00' }])
    await w.export()
    expect(w.query('SELECT * FROM adjustment')).toEqual([])
    w.clock.advance(3_600_000)
    const [invoice] = w.sandbox.invoices()
    asPerson(w, (person) => person.editInvoiceTotal(invoice?.id ?? '', cents(5_000)))
    await w.export()
    expect(w.query('SELECT amount_cents FROM adjustment')).toEqual([{ amount_cents: -1_000 }])
  })
})

describe('a twin that is not one is not taken', () => {
  const why = (w: { told: Told }) => w.told.notLinked.map((one) => one.why)
  test.each<[string, string, (there: InXero) => void, string]>([
    ['voided there', '', ({ person, invoice }) => person.voidInvoice(invoice), 'is voided in Xero'],
    [
      'another contact’s',
      "UPDATE document SET contact = 'C002' WHERE id = 'I1';",
      () => undefined,
      'is another contact’s in Xero',
    ],
    [
      'another currency',
      "UPDATE document SET currency = 'USD' WHERE id = 'I1';",
      () => undefined,
      'is in another currency in Xero',
    ],
    [
      'no number',
      "UPDATE document SET number = ' ' WHERE id = 'I1';",
      () => undefined,
      'has no number by which Xero could be asked',
    ],
  ])('%s', async (_, sql, inXero, says) => {
    const w = await linked(sql, inXero)
    expect(why(w)).toEqual([says])
    expect(w.told.linked).toEqual([])
  })

  test('bills and supplier credits by number, contact and total', async () => {
    const bill = (id: string, number: string, contact = 'C002') =>
      documentSql('bill', { id, number, contact, date: old })
    const w = await linked(
      bill('B1', 'S-1') +
        bill('B2', 'S-2') +
        bill('B3', 'S-3', 'C001') +
        bill('B4', 'S-4') +
        documentSql('supplier_credit', { id: 'SC1', number: 'SC-1', contact: 'C002', date: old }),
      ({ person, supplier }) => {
        const put = (number: string, total: number) =>
          person.createInvoice({ type: 'ACCPAY', contactId: supplier, number, total: cents(total), date })
        put('S-1', 11_500)
        put('S-2', 11_600)
        put('S-3', 11_500)
        put('S-4', 11_500)
        put('S-4', 11_500)
        person.money.createCreditNote({
          type: 'ACCPAYCREDIT',
          contactId: supplier,
          number: 'SC-1',
          total: cents(11_500),
          date,
        })
      },
    )
    expect(w.told.linked.map(({ number }) => number).sort()).toEqual(['INV-I1', 'S-1', 'SC-1'])
    expect(w.told.notLinked.map(({ number, why: text }) => `${number} ${text}`)).toEqual([
      'S-2 has another total in Xero than 115.00',
      'S-3 is another contact’s in Xero',
      'S-4 is in Xero 2 times',
    ])
  })

  test('two entities of one organisation: each links its own numbers', async () => {
    const w = await linked(settingSql('number_prefix', 'N-'), ({ person, customer }) => {
      person.createInvoice({ contactId: customer, number: 'N-INV-I1', total: cents(11_500), date })
      person.createInvoice({ contactId: customer, number: 'S-INV-I1', total: cents(11_500), date })
    })
    expect(w.told.linked).toHaveLength(1)
    await w.must(['entities', 'add', 'NZ02', '--name', 'Second Ltd', '--region', 'NZ'])
    await w.must(['connect', '--custom', '--entity', 'NZ02', '--yes'])
    const second = (sql: string) => sql.replaceAll("'NZ01'", "'NZ02'")
    w.sql(second(settingSql('number_prefix', 'S-') + invoiceSql({ id: 'I2', number: 'INV-I1', date: old })))
    const { out } = await w.must([
      'mock-export',
      '--before',
      '2026-11-01',
      '--link',
      '--json',
      '--entity',
      'NZ02',
    ])
    expect((JSON.parse(out) as { links: Told }).links.linked).toHaveLength(1)
    const ids = w.query<{ xero_id: string }>(
      "SELECT xero_id FROM export_state WHERE kind = 'invoice' ORDER BY source_id",
    )
    const numberOf = (id: string) => w.sandbox.invoices().find((one) => one.id === id)?.number
    expect(ids.map(({ xero_id }) => numberOf(xero_id))).toEqual(['N-INV-I1', 'S-INV-I1'])
  })
})

describe('after the cutover', () => {
  test('a linked payment that is deleted in the ledger is said, since no deletion is sent', async () => {
    const w = await linked(
      paymentSql({ id: 'P1', date: old, applied: { I1: 4_000 } }),
      ({ person, invoice }) => person.money.pay(invoice, { amount: cents(4_000), date }),
    )
    w.sql(
      "UPDATE payment SET state = 'deleted', deleted_by = 'ledger' WHERE id = 'P1'; UPDATE document SET status = 'void' WHERE id = 'I1'",
    )
    const run = JSON.parse((await w.run(['export', '--json'])).out) as { runs: { warnings: string[] }[] }
    expect(run.runs[0]?.warnings).toEqual([
      expect.stringContaining('Invoice INV-I1 was voided or deleted in the ledger, and stands in Xero'),
      expect.stringContaining('Payment P1 on INV-I1 was voided or deleted in the ledger, and stands in Xero'),
    ])
    expect(w.sandbox.payments()).toMatchObject([{ status: 'AUTHORISED' }])
  })

  test('a lost connection on the way marks nothing', async () => {
    const w = await linked('', undefined, ['--dry-run'])
    w.sandbox.fault({ method: 'GET', path: '/Invoices', times: 50, kind: 'error-before-commit' })
    expect((await w.run(['mock-export', '--before', '2026-11-01', '--link'])).code).toBe(7)
    expect(w.query("SELECT state FROM export_state WHERE kind = 'invoice'")).toEqual([{ state: 'pending' }])
    expect(w.query('SELECT state FROM batch_run ORDER BY id DESC LIMIT 1')).toEqual([{ state: 'failed' }])
  })
})
