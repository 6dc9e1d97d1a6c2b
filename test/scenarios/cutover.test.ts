// The cutover (M1, M2, M3): what is dated before a day counts as exported and is never sent, open documents are linked with Xero's,
// and from that day on everything goes and comes as ever.

import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../../src/accounting/calendar.ts'
import { cents } from '../../src/accounting/money.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { insertSql } from '../support/sql.ts'
import { contactsSql, documentSql, invoiceSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, depositSql, paymentSql } from '../support/workload-money.ts'
import { attachmentSql, itemSql, journalSql, stockMovementSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined

/** What people entered in Xero long ago is older than the connection: no feed tells it. */
async function opened(inXero: (w: World) => void = () => undefined): Promise<World> {
  world = await World.open()
  inXero(world)
  world.clock.advance(86_400_000)
  return world
}

async function prepared(sql: string, inXero?: (w: World) => void): Promise<World> {
  const w = await opened(inXero)
  await w.prepare(contactsSql(2) + sql)
  return w
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const before = ['--before', '2026-11-01']
const old = '2026-10-10'
const numbers = (w: World) =>
  w.sandbox
    .invoices()
    .map(({ number }) => number)
    .sort()
const writes = (w: World) =>
  w.exchanges.filter(({ method, url }) => method !== 'GET' && url.includes('/api.xro/')).map(({ url }) => url)
const states = (w: World) =>
  Object.fromEntries(
    w
      .query<{ name: string; state: string }>(
        "SELECT kind || ':' || source_id AS name, state FROM export_state WHERE kind <> 'contact' ORDER BY 1",
      )
      .map(({ name, state }) => [name, state]),
  )
const due = (w: World, document: string) =>
  w.query<{ due_cents: number }>('SELECT due_cents FROM document_balance WHERE document = ?', document)[0]
    ?.due_cents
const day = (text: string) => text as PlainDate

interface MockExported {
  run: number | null
  kinds: Record<
    string,
    { documents: number; total: string | null; totals: { currency: string; total: string }[] }
  >
  left: { held: number; uncertain: number; drafts: number }
  links: {
    linked: { number: string; xeroId: string }[]
    paired: number
    unpaired: Record<'ledger' | 'xero', { document: string; what: string; id: string; amount: string }[]>
    notLinked: { number: string; why: string }[]
    differences: { number: string }[]
  } | null
}
async function mockExport(w: World, ...flags: string[]): Promise<MockExported> {
  return JSON.parse((await w.must(['mock-export', ...before, '--json', ...flags])).out) as MockExported
}

/** Months of invoices from November 2021 on, each paid within its month. */
function history(months: number): string {
  return Array.from({ length: months }, (_, index) => {
    const date = `${2021 + Math.floor((index + 10) / 12)}-${String(((index + 10) % 12) + 1).padStart(2, '0')}-05`
    const id = `OLD${index + 1}`
    return (
      invoiceSql({ id, date, dueDate: date }) +
      paymentSql({ id: `PAID${index + 1}`, date: date.replace(/05$/, '20'), applied: { [id]: 11_500 } })
    )
  }).join('\n')
}

describe('rehearsed end to end: five years of history, open documents linked, the first real export', () => {
  const ledger =
    invoiceSql({ id: 'OPEN1', date: old }) +
    paymentSql({ id: 'P1', date: '2026-10-20', applied: { OPEN1: 2_000 } }) +
    paymentSql({ id: 'CASH', date: '2026-10-21', applied: { OPEN1: 700 } }) +
    documentSql('credit_note', { id: 'C1', date: old, lines: [{ amount: 1_000, tax: 150 }] }) +
    creditAllocationSql('C1', 'OPEN1', 1_150).replace('2026-11-12', '2026-10-15') +
    invoiceSql({ id: 'OPEN2', date: old }) +
    documentSql('bill', { id: 'BILL1', number: 'S-77', contact: 'C002', date: old }) +
    // From here on it is of the new books.
    paymentSql({ id: 'LATER', date: '2026-11-03', applied: { OPEN1: 1_000 } }) +
    paymentSql({ id: 'UNLINKED', date: '2026-11-03', applied: { OPEN2: 1_000 } }) +
    invoiceSql({ id: 'NEW1', date: '2026-11-01' }) +
    paymentSql({ id: 'P9', date: '2026-11-09', applied: { NEW1: 11_500 } })

  const inXero = (w: World) =>
    asPerson(w, (person) => {
      const customer = person.createContact({ name: 'Customer 1' })
      const supplier = person.createContact({ name: 'Customer 2' })
      const invoice = person.createInvoice({
        contactId: customer.id,
        number: 'INV-OPEN1',
        total: cents(11_500),
        date: day(old),
      })
      person.money.pay(invoice.id, { amount: cents(2_000), date: day('2026-10-22') })
      person.money.pay(invoice.id, { amount: cents(500), date: day('2026-10-25'), reference: 'shop till' })
      const note = person.money.createCreditNote({
        contactId: customer.id,
        number: 'CN-C1',
        total: cents(1_150),
        date: day(old),
      })
      person.money.allocate(note.id, invoice.id, { amount: cents(1_150), date: day('2026-10-15') })
      person.createInvoice({
        type: 'ACCPAY',
        contactId: supplier.id,
        number: 'S-77',
        total: cents(11_500),
        date: day(old),
      })
    })

  test('first it is shown, then marked and linked, and only what is after the day goes out', async () => {
    const w = await prepared(settingSql('cutover_date', '2026-11-01') + history(60) + ledger, inXero)
    const dry = await mockExport(w, '--link', '--dry-run')
    expect(Object.values(states(w)).every((state) => state === 'pending')).toBe(true)
    expect(dry.kinds).toMatchObject({
      invoice: { documents: 62, total: '7130.00' },
      bill: { documents: 1, total: '115.00' },
      credit_note: { documents: 1, total: '11.50' },
      allocation: { documents: 1, total: '11.50' },
      payment: { documents: 62, total: '6927.00' },
    })
    expect(dry.links).toMatchObject({
      linked: [{ number: 'INV-OPEN1' }, { number: 'S-77' }],
      paired: 2,
      unpaired: {
        ledger: [{ document: 'INV-OPEN1', what: 'payment', id: 'CASH/OPEN1', amount: '7.00' }],
        xero: [{ document: 'INV-OPEN1', what: 'payment', id: 'shop till', amount: '5.00' }],
      },
      notLinked: [{ number: 'INV-OPEN2', why: 'is not in Xero: there is no invoice of that number' }],
      differences: [],
    })
    const done = await mockExport(w, '--link')
    expect({ ...done, run: null, dryRun: true }).toEqual(dry)
    expect(writes(w)).toEqual([])
    expect((await w.must(['history'])).out).toMatch(/mock-export/)

    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(numbers(w)).toEqual(['INV-NEW1', 'INV-OPEN1', 'S-77'])
    expect(run.runs[0]?.kinds).toMatchObject({
      invoice: { exported: 1 },
      payment: { exported: 2, skipped: 0 },
    })
    expect(w.query('SELECT id, amount_cents FROM payment WHERE origin = ?', 'external')).toMatchObject([
      { amount_cents: 500 },
    ])
    // Ledger: 115.00, less 20.00, 7.00, 10.00, 5.00 and the credit of 11.50; Xero has all of it but the 7.00.
    expect(due(w, 'OPEN1')).toBe(11_500 - 2_000 - 700 - 1_000 - 500 - 1_150)
    expect(brokenPromises(w)).toEqual([])
  })

  test('a payment made in Xero on a linked document comes back, and one of ours deleted there too', async () => {
    const w = await prepared(settingSql('cutover_date', '2026-11-01') + ledger, inXero)
    await mockExport(w, '--link')
    await w.export()
    const invoice = w.sandbox.invoices().find(({ number }) => number === 'INV-OPEN1')
    const [paid] = w.sandbox.payments().filter(({ amount }) => amount === 2_000)
    w.clock.advance(3_600_000)
    asPerson(w, (person) => {
      person.money.pay(invoice?.id ?? '', { amount: cents(333), date: day('2026-11-15') })
      person.money.deletePayment(paid?.id ?? '')
    })
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(due(w, 'OPEN1')).toBe(11_500 - 700 - 1_000 - 500 - 1_150 - 333)
    expect(w.query("SELECT state, deleted_by FROM payment WHERE id = 'P1'")).toEqual([
      { state: 'deleted', deleted_by: 'xero' },
    ])
    expect(numbers(w)).toEqual(['INV-NEW1', 'INV-OPEN1', 'S-77'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('twice the same marks and links nothing more', async () => {
    const w = await prepared(ledger, inXero)
    await mockExport(w, '--link')
    const after = w.query('SELECT * FROM export_state ORDER BY 1, 2')
    const again = await mockExport(w, '--link')
    expect(again.kinds).toEqual({})
    expect(again.links).toMatchObject({ linked: [], paired: 0, unpaired: { ledger: [], xero: [] } })
    expect(w.query('SELECT * FROM export_state ORDER BY 1, 2')).toEqual(after)
  })

  test('linked later, what was marked before gets its ids', async () => {
    const w = await prepared(ledger, inXero)
    await mockExport(w)
    expect((await mockExport(w, '--link')).links).toMatchObject({ paired: 2, linked: [{}, {}] })
    await w.export()
    expect(due(w, 'OPEN1')).toBe(11_500 - 2_000 - 700 - 1_000 - 500 - 1_150)
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('nothing of what was marked goes out', () => {
  const everything =
    roleAccountsSql() +
    settingSql('inventory_journals', 'on') +
    settingSql('history_notes', 'on') +
    itemSql({ code: 'BOLT', isStocked: true, averageCostE4: 60_000 }) +
    invoiceSql({
      id: 'I1',
      date: old,
      lines: [
        { kind: 'part', item: 'BOLT', supply: 'stocked', amount: 10_000, tax: 1_500, averageCostE4: 60_000 },
      ],
    }) +
    depositSql({ id: 'D1', date: old, amount: 5_000 }) +
    paymentSql({ id: 'P1', date: old, applied: { I1: 4_000 } }) +
    journalSql({
      id: 'J1',
      date: old,
      lines: [
        ['400', 500],
        ['200', -500],
      ],
    }) +
    stockMovementSql('S1', 'BOLT').replace('2026-11-06', old)

  test('no documents, payments, deposits, journals, costs of goods, files or notes', async () => {
    const w = await prepared(settingSql('deposits', 'prepayment') + everything)
    w.sql(attachmentSql(w.folder, 'I1', 'quote.pdf'))
    const { kinds } = await mockExport(w)
    expect(kinds).toMatchObject({
      invoice: { documents: 1 },
      prepayment: { documents: 1, total: '50.00' },
      payment: { documents: 1 },
      journal: { documents: 2 },
    })
    expect((await w.export()).code).toBe(0)
    // An item is of no date: it is there for what is sold from now on.
    expect(writes(w)).toEqual([expect.stringContaining('/Items')])
    expect(brokenPromises(w)).toEqual([])
  })

  test('nor when the exporting system writes all of it again', async () => {
    const w = await prepared(everything)
    await mockExport(w)
    w.sql(`UPDATE document SET reference = 'again'; UPDATE document_line SET description = 'again';
           UPDATE payment SET reference = 'again'; UPDATE journal SET narration = 'again'; UPDATE stock_movement SET note = 'again';
           UPDATE payment_allocation SET amount_cents = 4001`)
    w.sql(attachmentSql(w.folder, 'I1', 'later.pdf'))
    expect((await w.export()).code).toBe(0)
    expect(writes(w)).toEqual([expect.stringContaining('/Items')])
  })

  test('what was received before is not received again when it is applied later', async () => {
    const w = await prepared(
      depositSql({ id: 'D1', date: old, amount: 5_000 }) + invoiceSql({ id: 'NEW1', date: '2026-11-05' }),
    )
    await mockExport(w)
    w.sql(
      insertSql('payment_allocation', {
        payment: 'D1',
        document: 'NEW1',
        amount_cents: 5_000,
        date: '2026-11-06',
      }),
    )
    const run = await w.export()
    expect(run.code, run.out).toBe(0)
    expect(numbers(w)).toEqual(['INV-NEW1'])
    expect(w.sandbox.payments()).toEqual([])
  })

  test('a daily summary of before is made without it', async () => {
    const w = await prepared(
      roleAccountsSql() +
        settingSql('ar_style', 'journals') +
        settingSql('daily_summaries', 'invoice') +
        invoiceSql({ id: 'I1', date: old }) +
        invoiceSql({ id: 'I2', date: '2026-11-05' }),
    )
    await mockExport(w)
    expect((await w.export()).code).toBe(0)
    expect(w.sandbox.manualJournals()).toMatchObject([{ date: '2026-11-05' }])
    expect(brokenPromises(w)).toEqual([])
  })
})

describe('what is left alone', () => {
  test('drafts, what is held, what was exported, and the day itself', async () => {
    const w = await prepared(
      invoiceSql({ id: 'SENT', date: old }) +
        invoiceSql({ id: 'DRAFT', date: old, status: 'draft' }) +
        invoiceSql({ id: 'HELD', date: old }) +
        invoiceSql({ id: 'DAY', date: '2026-11-01' }),
    )
    await w.export('--document', 'SENT')
    await w.must(['hold', 'HELD', '--reason', 'disputed'])
    const { kinds, left } = await mockExport(w)
    expect([kinds, left]).toEqual([{}, { held: 1, uncertain: 0, drafts: 1 }])
    w.sql("UPDATE document SET status = 'sent' WHERE id = 'DRAFT'")
    await w.export()
    expect(numbers(w)).toEqual(['INV-DAY', 'INV-DRAFT', 'INV-SENT'])
    expect(states(w)).toMatchObject({ 'invoice:HELD': 'held' })
  })

  test('the other entity of the organisation', async () => {
    const w = await prepared(settingSql('number_prefix', 'N-') + invoiceSql({ id: 'I1', date: old }))
    await w.must(['entities', 'add', 'NZ02', '--name', 'Second Ltd', '--region', 'NZ'])
    await w.must(['connect', '--custom', '--entity', 'NZ02', '--yes'])
    w.sql(
      invoiceSql({ id: 'I2', date: old }).replaceAll("'NZ01'", "'NZ02'") +
        settingSql('number_prefix', 'S-').replace("'NZ01'", "'NZ02'"),
    )
    const both = await w.must(['mock-export', ...before, '--entity', 'NZ02', '--json'])
    expect(JSON.parse(both.out)).toMatchObject({ entity: 'NZ02', kinds: { invoice: { documents: 1 } } })
    await w.export()
    expect(numbers(w)).toEqual(['N-INV-I1'])
  })

  test('what is entered late goes out, unless cutover_date says no', async () => {
    const w = await prepared(invoiceSql({ id: 'I1', date: old }))
    await mockExport(w)
    w.sql(invoiceSql({ id: 'LATE1', date: old }))
    await w.export()
    await w.must(['settings', 'set', 'cutover_date', '2026-11-01', '--entity', 'NZ01'])
    w.sql(invoiceSql({ id: 'LATE2', date: old }))
    expect((await w.export()).code).toBe(0)
    expect(numbers(w)).toEqual(['INV-LATE1'])
  })

  test('what people read says it in words, with what to do next', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1', date: old }) +
        invoiceSql({ id: 'I2', date: old, currency: 'USD', exchangeRateE6: 600_000 }),
    )
    const { out } = await w.must(['mock-export', ...before])
    expect(out).toBe(`NZ01: everything dated before 1 Nov 2026
  marked as exported  number                    total
  invoices                 2  115.00 NZD + 115.00 USD
  Next: what is entered late with an earlier date would still go out. Keep it in the old books: auxo-sync settings set cutover_date 2026-11-01
  Run 1: marked. Nothing was sent. auxo-sync mock-export --undo takes it back.
`)
  })
})

describe('all or nothing', () => {
  test('killed at any commit it has marked everything or nothing, and the next one goes on', async () => {
    const marked = (w: World) => Object.values(states(w)).filter((state) => state === 'mock_exported').length
    const sql =
      invoiceSql({ id: 'I1', date: old }) + paymentSql({ id: 'P1', date: old, applied: { I1: 4_000 } })
    for (let atCommit = 1; atCommit < 5; atCommit += 1) {
      const w = await prepared(sql)
      await w.run(['mock-export', ...before], { death: { atCommit } })
      expect([0, 3]).toContain(marked(w))
      await w.must(['mock-export', ...before])
      expect(marked(w)).toBe(3)
      await w.close()
    }
  })

  test('undone while nothing was exported since, all of it goes out', async () => {
    const w = await prepared(invoiceSql({ id: 'I1', date: old }) + invoiceSql({ id: 'I2' }))
    await mockExport(w)
    const undone = await w.must(['mock-export', '--undo', '--json'])
    expect(JSON.parse(undone.out)).toEqual({ run: 2, entity: 'NZ01', undone: 1, things: 1 })
    await w.export()
    expect(numbers(w)).toEqual(['INV-I1', 'INV-I2'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('undone with its links, what came back from Xero is forgotten', async () => {
    const w = await prepared(invoiceSql({ id: 'I1', date: old }), (open) =>
      asPerson(open, (person) => {
        const { id } = person.createContact({ name: 'Customer 1' })
        const invoice = person.createInvoice({ contactId: id, number: 'INV-I1', total: cents(11_500) })
        person.money.pay(invoice.id, { amount: cents(500) })
      }),
    )
    await mockExport(w, '--link')
    await w.must(['pull'])
    expect(due(w, 'I1')).toBe(11_000)
    await w.must(['mock-export', '--undo'])
    expect([due(w, 'I1'), states(w)['invoice:I1']]).toEqual([11_500, 'pending'])
    expect(await w.export()).toMatchObject({ code: 1, runs: [{ failures: [{ code: 'number-in-use' }] }] })
  })

  test('after an export it is refused, and so is a run that marked nothing', async () => {
    const w = await prepared(invoiceSql({ id: 'I1', date: old }) + invoiceSql({ id: 'I2' }))
    await mockExport(w)
    await w.export()
    for (const argv of [
      ['mock-export', '--undo'],
      ['mock-export', '--undo', '1'],
    ])
      expect(await w.run(argv)).toMatchObject({
        code: 1,
        err: expect.stringContaining('run 2 exported') as string,
      })
    expect(await w.run(['mock-export', '--undo', '2'])).toMatchObject({ code: 1 })
    expect(states(w)['invoice:I1']).toBe('mock_exported')
  })
})

describe('reset (M2)', () => {
  test('a marked document goes out with its files, and the others stay', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1', date: old }) +
        invoiceSql({ id: 'I2', date: old }) +
        paymentSql({ id: 'P1', date: old, applied: { I1: 4_000 } }),
    )
    w.sql(attachmentSql(w.folder, 'I1', 'quote.pdf'))
    await mockExport(w)
    await w.must(['reset', 'INV-I1'])
    await w.export()
    expect([numbers(w), w.sandbox.payments(), states(w)['attachment:I1/quote.pdf']]).toEqual([
      ['INV-I1'],
      [],
      'exported',
    ])
    await w.must(['reset', 'payment:P1'])
    await w.export()
    expect(w.sandbox.payments()).toHaveLength(1)
    expect(w.query("SELECT what FROM event WHERE source_id = 'I1' ORDER BY id")).toMatchObject([
      { what: 'marked as exported at cutover' },
      { what: 'reset for export' },
      { what: 'exported' },
    ])
    expect(brokenPromises(w)).toEqual([])
  })

  test('a really exported one is refused, and nothing is changed', async () => {
    const w = await prepared(invoiceSql({ id: 'I1', date: old }) + invoiceSql({ id: 'I2' }))
    await mockExport(w)
    await w.export()
    const refused = await w.run(['reset', 'I1', 'I2'])
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('Invoice INV-I2 was really exported'),
    ])
    expect(states(w)['invoice:I1']).toBe('mock_exported')
  })

  test('a linked one is refused unless the link is said to be wrong', async () => {
    const w = await prepared(invoiceSql({ id: 'I1', date: old }), (open) =>
      asPerson(open, (person) => {
        const { id } = person.createContact({ name: 'Customer 1' })
        person.createInvoice({ contactId: id, number: 'INV-I1', total: cents(11_500) })
      }),
    )
    await mockExport(w, '--link')
    expect(await w.run(['reset', 'I1'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--unlink') as string,
    })
    await w.must(['reset', 'I1', '--unlink'])
    expect(states(w)['invoice:I1']).toBe('pending')
  })
})
