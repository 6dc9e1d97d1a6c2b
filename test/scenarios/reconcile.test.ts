// A month of the ledger held against Xero (V4): what agrees, what people did there, what never arrived, and what it costs to know.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { defaultScopes } from '../../src/sandbox/apps.ts'
import type { Person } from '../../src/sandbox/person.ts'
import { day } from '../support/books.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, discountSql, paymentSql } from '../support/workload-money.ts'
import { itemSql, journalSql, stockMovementSql } from '../support/workload-papers.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function open(sql: string, options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(contactsSql(2) + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

interface Told {
  documents: {
    number: string
    kind: string
    entity: string
    ledger: Record<string, string> | null
    xero: Record<string, string> | null
    variance: string
    result: string
    code: string | null
    problem: string | null
    note: string | null
  }[]
  totals: Record<string, Record<string, { ledger: object; xero: object; variance: string }>>
  counts: Record<string, number>
  onlyInXero: Record<string, string>[]
  accounts: Record<string, string | boolean | null>[]
  organisations: { calls: number; notes: string[]; drafts: number; accountsNotCompared: string | null }[]
}

async function reconcile(w: World, code: number, ...flags: string[]): Promise<Told> {
  const { out } = await w.must(['reconcile', '--month', '2026-11', '--json', ...flags], code)
  return JSON.parse(out) as Told
}

/** `INV-A total-differs 10.00`, what is wrong and nothing else. */
async function problems(w: World): Promise<string[]> {
  const told = await reconcile(w, 1, '--problems')
  return told.documents.map(({ number, code, variance }) => `${number} ${code} ${variance}`)
}

const act = (w: World, doing: (person: Person) => unknown) => asPerson(w, doing)
const idOf = (w: World, id: string) =>
  w.query<{ xero_id: string }>(
    "SELECT xero_id FROM export_state WHERE source_id = ? AND kind IN ('invoice', 'bill', 'credit_note', 'supplier_credit', 'purchase_order')",
    id,
  )[0]?.xero_id ?? ''
const reads = (w: World) =>
  w.exchanges.filter(({ method, url }) => method === 'GET' && url.includes('/api.xro/')).length

describe('a month that agrees', () => {
  const everything = [
    documentSql('invoice', { id: 'A' }),
    documentSql('invoice', { id: 'B' }),
    documentSql('credit_note', { id: 'C' }),
    documentSql('bill', { id: 'D' }),
    documentSql('supplier_credit', { id: 'E' }),
    documentSql('invoice', { id: 'F', currency: 'USD', exchangeRateE6: 600_000 }),
    documentSql('invoice', { id: 'G', lines: [{ amount: -5_000, tax: -750 }] }),
    documentSql('invoice', { id: 'H', status: 'draft' }),
    documentSql('invoice', { id: 'O', date: '2026-10-30' }),
    paymentSql({ id: 'P1', applied: { A: 5_000 } }),
    discountSql({ id: 'P2', applied: { A: 1_000 } }),
    creditAllocationSql('C', 'B', 11_500),
    creditAllocationSql('G', 'A', 2_000),
  ].join('\n')

  test('says so, with every kind, payment, credit and currency, in three reads and without changing anything', async () => {
    const w = await open(everything + roleAccountsSql())
    await w.must(['export'])
    const before = [
      reads(w),
      w.query('SELECT * FROM export_state'),
      w.exchanges.filter(({ method, url }) => method !== 'GET' && url.includes('/api.xro/')).length,
    ]
    const told = await reconcile(w, 0)
    expect(told.documents.map(({ number, code, problem }) => [number, code, problem])).toEqual([
      ['INV-A', null, null],
      ['INV-B', null, null],
      ['INV-F', null, null],
      ['INV-G', null, null],
      ['B-D', null, null],
      ['CN-C', null, null],
      ['SC-E', null, null],
    ])
    expect(told.documents[0]).toMatchObject({
      kind: 'invoice',
      ledger: {
        total: '115.00',
        paid: '50.00',
        credited: '30.00',
        due: '35.00',
        status: 'sent',
        state: 'part-paid',
      },
      xero: { total: '115.00', paid: '50.00', credited: '30.00', due: '35.00', status: 'AUTHORISED' },
      variance: '0.00',
    })
    expect(told.counts).toEqual({ documents: 7, agree: 7, problems: 0, notCompared: 0, onlyInXero: 0 })
    expect(told.totals['invoice']).toMatchObject({
      NZD: {
        ledger: { documents: 3, total: '172.50', paid: '50.00', credited: '125.00' },
        xero: { documents: 3, total: '172.50', paid: '50.00', credited: '125.00' },
        variance: '0.00',
      },
      USD: { ledger: { total: '115.00' }, xero: { total: '115.00' }, variance: '0.00' },
    })
    expect(told.organisations).toMatchObject([{ calls: 3, drafts: 1, notes: [], accountsNotCompared: null }])
    expect(reads(w)).toBe(Number(before[0]) + 3)
    const writes = w.exchanges.filter(({ method, url }) => method !== 'GET' && url.includes('/api.xro/'))
    expect(writes).toHaveLength(Number(before[2]))
    expect(w.query('SELECT * FROM export_state')).toEqual(before[1])
    expect(brokenPromises(w)).toEqual([])
  })
})

test('where summaries leave out what was paid and credited, what is due is enough', async () => {
  const w = await open(
    [
      documentSql('invoice', { id: 'A' }),
      documentSql('credit_note', { id: 'C' }),
      paymentSql({ id: 'P1', applied: { A: 5_000 } }),
      creditAllocationSql('C', 'A', 2_000),
    ].join('\n'),
    { sandbox: { switches: { summaryAmounts: 'left-out' } } },
  )
  await w.must(['export'])
  const told = await reconcile(w, 0)
  expect(told.documents.map(({ xero }) => [xero?.['paid'], xero?.['credited'], xero?.['due']])).toEqual([
    ['70.00', '0.00', '45.00'],
    ['0.00', '20.00', '95.00'],
  ])
})

describe('what people did in Xero', () => {
  test('is told of each document, with what differs by how much', async () => {
    const ids = ['EDIT', 'VOID', 'GONE', 'PAID', 'DATED', 'NUMBERED', 'DRAFT', 'DOLLARS', 'FINE', 'CHANGED']
    const w = await open(
      [
        ...ids.map((id) => documentSql('invoice', { id })),
        documentSql('invoice', { id: 'LATE', date: '2026-10-15' }),
        documentSql('bill', { id: 'TWICE', contact: 'C002' }),
        documentSql('credit_note', { id: 'NOTE' }),
        documentSql('purchase_order', { id: 'ORDER' }),
        documentSql('purchase_order', { id: 'OPEN' }),
        settingSql('purchase_orders', 'purchase_orders'),
      ].join('\n'),
    )
    await w.must(['export'])
    const [organisation] = w.sandbox.organisations
    const put = (id: string, change: object) => {
      const invoice = organisation?.invoices.get(idOf(w, id))
      if (invoice) organisation?.invoices.put({ ...invoice, ...change })
    }
    const bill = organisation?.invoices.get(idOf(w, 'TWICE'))
    act(w, (person) => {
      person.editInvoiceTotal(idOf(w, 'EDIT'), cents(20_000))
      person.voidInvoice(idOf(w, 'VOID'))
      person.deleteInvoice(idOf(w, 'GONE'))
      person.money.pay(idOf(w, 'PAID'), { amount: cents(5_000) })
      person.editInvoice(idOf(w, 'DATED'), { date: day('2026-12-01') })
      person.editInvoice(idOf(w, 'LATE'), { date: day('2026-11-03') })
      person.editInvoice(idOf(w, 'NUMBERED'), { number: 'X-9' })
      put('DRAFT', { status: 'DRAFT' })
      put('DOLLARS', { currencyCode: 'USD' })
      const again = {
        type: 'ACCPAY',
        number: 'B-TWICE',
        total: cents(11_500),
        date: day('2026-11-20'),
      } as const
      person.createInvoice({ ...again, contactId: bill?.contactId ?? '' })
      // Another supplier's bill of the same number is none of ours.
      person.createInvoice({ ...again, contactId: person.createContact({ name: 'Kea Ltd' }).id })
      person.money.voidCreditNote(idOf(w, 'NOTE'))
      person.papers.deletePurchaseOrder(idOf(w, 'ORDER'))
    })
    w.sql("UPDATE document SET total_cents = 12500 WHERE id = 'CHANGED'")
    expect(await problems(w)).toEqual([
      'INV-LATE date-differs 0.00',
      'INV-CHANGED total-differs 10.00',
      'INV-DATED date-differs 0.00',
      'INV-DOLLARS currency-differs 0.00',
      'INV-DRAFT not-approved 0.00',
      'INV-EDIT total-differs -85.00',
      'INV-GONE deleted-in-xero 115.00',
      'INV-NUMBERED number-differs 0.00',
      'INV-PAID due-differs 50.00',
      'INV-VOID voided-in-xero 115.00',
      'B-TWICE twice-in-xero -115.00',
      'CN-NOTE voided-in-xero 115.00',
      'PO-ORDER deleted-in-xero 115.00',
    ])
    const told = await reconcile(w, 1)
    expect(told.counts).toMatchObject({ agree: 3, problems: 13, onlyInXero: 1 })
    expect(told.onlyInXero).toMatchObject([
      { number: 'B-TWICE', contact: 'Kea Ltd', kind: 'bill', total: '115.00', status: 'AUTHORISED' },
    ])
    const textOf = (number: string) => told.documents.find((one) => one.number === number)?.problem
    expect(textOf('INV-CHANGED')).toContain('The ledger changed it after it was sent.')
    expect(textOf('INV-PAID')).toBe('What is due differs: 50.00 NZD more is due in the ledger than in Xero.')
    // Invoices, credits, orders, the two that are not in the month by their ids in one, the trial balance.
    expect(told.organisations[0]?.calls).toBe(5)
    expect(told.totals['invoice']?.['NZD']?.variance).toBe('155.00')
  })

  test('comes into the ledger with a pull, and agrees then; what was edited is told as such', async () => {
    const w = await open(['A', 'B', 'C'].map((id) => documentSql('invoice', { id })).join('\n'))
    await w.must(['export'])
    act(w, (person) => {
      person.money.pay(idOf(w, 'A'), { amount: cents(11_500) })
      person.editInvoiceTotal(idOf(w, 'B'), cents(12_000))
      const over = person.money.overpay({
        contactId: w.sandbox.organisations[0]?.invoices.get(idOf(w, 'C'))?.contactId ?? '',
        total: cents(3_000),
      })
      person.money.allocate(over.id, idOf(w, 'C'), { amount: cents(3_000) })
    })
    expect(await problems(w)).toEqual([
      'INV-A due-differs 115.00',
      'INV-B total-differs -5.00',
      'INV-C due-differs 30.00',
    ])
    w.clock.advance(60_000)
    await w.must(['pull'])
    const [edited, ...others] = (await reconcile(w, 1, '--problems')).documents
    expect(others).toEqual([])
    expect(edited).toMatchObject({
      number: 'INV-B',
      problem:
        'The total differs: the ledger has 5.00 NZD less than Xero. It was edited in Xero, and the pull recorded it as an adjustment.',
    })
  })
})

describe('what did not arrive, or should not be there', () => {
  test('is told by its state, with what the last run said', async () => {
    const w = await open(
      ['VOIDED', 'DELETED', 'AGAIN', 'W1', 'W2', 'ELSEWHERE', 'NOWHERE', 'UNSURE']
        .map((id) => documentSql('invoice', { id }))
        .join('\n') + documentSql('invoice', { id: 'BAD', account: '999' }),
    )
    await w.must(['export'], 1)
    w.sql(
      [
        "UPDATE document SET status = 'void' WHERE id = 'VOIDED'",
        "DELETE FROM document_line WHERE document = 'DELETED'; DELETE FROM document WHERE id = 'DELETED'",
        "UPDATE document SET status = 'draft' WHERE id = 'AGAIN'",
        `UPDATE export_state SET xero_id = '${idOf(w, 'W1')}' WHERE source_id = 'W2'`,
        "UPDATE export_state SET tenant_id = 'another' WHERE source_id = 'ELSEWHERE'",
        "UPDATE export_state SET xero_id = '00000000-0000-4000-8000-000000000001' WHERE source_id = 'NOWHERE'",
        "UPDATE export_state SET state = 'uncertain' WHERE source_id = 'UNSURE'",
        ...['LINKABLE', 'USED', 'NEW', 'HELD', 'MOCK', 'WAITS'].map((id) => documentSql('invoice', { id })),
        documentSql('invoice', { id: 'D1', number: 'INV-SAME' }),
        documentSql('invoice', { id: 'D2', number: 'inv-same' }),
        documentSql('invoice', { id: 'FUTURE', date: '2026-11-29' }),
        documentSql('invoice', { id: 'NEVER', status: 'void' }),
        documentSql('purchase_order', { id: 'ORDER' }),
        "UPDATE export_state SET state = 'mock_exported' WHERE source_id = 'MOCK'",
        "UPDATE export_state SET state = 'skipped', reason = 'Its contact waits' WHERE source_id = 'WAITS'",
      ].join(';\n'),
    )
    await w.must(['hold', 'INV-HELD', '--reason', 'the customer complains'])
    act(w, (person) => {
      const contactId = person.createContact({ name: 'Acme' }).id
      const date = day('2026-11-05')
      person.createInvoice({ contactId, number: 'INV-LINKABLE', total: cents(11_500), date })
      person.createInvoice({ contactId, number: 'INV-USED', total: cents(9_900), date })
      person.createInvoice({ contactId, number: 'THEIRS', total: cents(9_900), date })
    })
    expect(await problems(w)).toEqual([
      'INV-AGAIN draft-in-ledger 0.00',
      'INV-BAD failed 115.00',
      'INV-DELETED missing-in-ledger -115.00',
      'INV-ELSEWHERE other-organisation 115.00',
      'INV-HELD held 115.00',
      'INV-LINKABLE not-linked 0.00',
      'INV-MOCK mock-exported 115.00',
      'INV-NEW not-sent 115.00',
      'INV-NOWHERE missing-in-xero 115.00',
      // The links of these two were taken away: what they were is still there.
      'INV-NOWHERE twice-in-xero -115.00',
      'inv-same number-duplicate 115.00',
      'INV-SAME number-duplicate 115.00',
      'INV-UNSURE uncertain 0.00',
      'INV-USED number-in-use 16.00',
      'INV-VOIDED voided-in-ledger -115.00',
      'INV-W1 linked-twice 0.00',
      'INV-W2 linked-twice 0.00',
      'INV-W2 twice-in-xero -115.00',
      'INV-WAITS waits 115.00',
    ])
    const told = await reconcile(w, 1)
    const textOf = (number: string) => told.documents.find((one) => one.number === number)?.problem
    expect(textOf('INV-BAD')).toMatch(/^It was refused and is not in Xero\. .*999/)
    expect(textOf('INV-HELD')).toBe('It was not sent. It is held back: the customer complains.')
    expect(textOf('INV-WAITS')).toBe('It waits for something else and is not in Xero. Its contact waits.')
    expect(told.documents.filter(({ result }) => result === 'not_compared')).toMatchObject([
      { number: 'INV-FUTURE', note: 'It is dated after today, and waits for its date.', variance: '0.00' },
      { number: 'PO-ORDER', note: 'purchase_orders=off: orders are not sent.' },
    ])
    expect(told.documents.find(({ number }) => number === 'INV-NEVER')?.result).toBe('agrees')
    expect(told.onlyInXero).toMatchObject([{ number: 'THEIRS' }])
  })
})

describe('what is compared otherwise', () => {
  test('two entities of one organisation: documents of the other are neither missing nor made by people', async () => {
    const w = await open(documentSql('invoice', { id: 'A' }) + settingSql('number_prefix', 'N-'))
    await w.must(['entities', 'add', 'NZ02', '--name', 'Second Ltd', '--region', 'NZ'])
    await w.must(['connect', '--custom', '--entity', 'NZ02'])
    const ofSecond = (id: string) => documentSql('invoice', { id }).replaceAll("'NZ01'", "'NZ02'")
    w.sql(`INSERT INTO setting VALUES ('NZ02', 'number_prefix', 'S-'); ${ofSecond('B')}`)
    await w.must(['export'])
    w.sql(ofSecond('C'))
    const first = await reconcile(w, 0, '--entity', 'NZ01')
    expect(first.documents.map(({ number, entity }) => [number, entity])).toEqual([['INV-A', 'NZ01']])
    expect(first.onlyInXero).toEqual([])
    const before = reads(w)
    const both = await reconcile(w, 1)
    expect(both.documents.map(({ number, entity, code }) => [number, entity, code])).toEqual([
      ['INV-A', 'NZ01', null],
      ['INV-B', 'NZ02', null],
      ['INV-C', 'NZ02', 'not-sent'],
    ])
    expect(both.organisations).toHaveLength(1)
    expect(reads(w) - before).toBe(3)
  })

  test('sales as journals, payments=none and what goes out in base currency', async () => {
    const asJournals = await open(
      documentSql('invoice', { id: 'A' }) + roleAccountsSql() + settingSql('ar_style', 'journals'),
    )
    await asJournals.must(['export'])
    const journals = await reconcile(asJournals, 0)
    expect(journals.documents).toMatchObject([
      {
        result: 'not_compared',
        note: 'It went to Xero as a journal, alone or in the summary of a day.',
        xero: null,
      },
    ])
    expect(journals.organisations[0]?.notes).toEqual([expect.stringContaining('ar_style=journals')])
    await asJournals.close()

    const w = await open(
      [
        documentSql('invoice', { id: 'A' }),
        documentSql('invoice', { id: 'F', currency: 'USD', exchangeRateE6: 640_000 }),
        settingSql('payments', 'none'),
        settingSql('foreign_currency', 'base'),
      ].join('\n'),
    )
    await w.must(['export'])
    act(w, (person) => person.money.pay(idOf(w, 'A'), { amount: cents(5_000) }))
    const told = await reconcile(w, 0)
    expect(told.documents.map(({ number, xero }) => [number, xero?.['total'], xero?.['due']])).toEqual([
      ['INV-A', '115.00', '65.00'],
      ['INV-F', '115.00', '115.00'],
    ])
    expect(told.organisations[0]?.notes).toHaveLength(2)
    act(w, (person) => person.editInvoiceTotal(idOf(w, 'F'), cents(20_000)))
    expect(await problems(w)).toEqual(['INV-F total-differs -13.00'])
  })
})

describe('accounts', () => {
  const stocked = { kind: 'part', supply: 'stocked', item: 'OIL', averageCostE4: 400_000 } as const
  const business = [
    roleAccountsSql(),
    settingSql('inventory_journals', 'on'),
    itemSql({ code: 'OIL', isStocked: true }),
    documentSql('invoice', { id: 'A', lines: [{ ...stocked, amount: 10_000, tax: 1_500, account: '200' }] }),
    documentSql('bill', {
      id: 'B',
      lines: [{ amount: 30_000, tax: 4_500, destination: 'stock', account: null }],
    }),
    documentSql('bill', {
      id: 'C',
      lines: [{ amount: 7_000, tax: 1_050, destination: 'job', account: null }],
    }),
    documentSql('supplier_credit', { id: 'R', lines: [{ amount: 500, tax: 75 }] }),
    journalSql({
      id: 'J',
      lines: [
        ['400', 2_500],
        ['850', -2_500],
      ],
    }),
    stockMovementSql('M', 'OIL'),
  ].join('\n')

  test('stock, work in progress and the others: what the ledger posted against what the month moved in Xero', async () => {
    const w = await open(business)
    await w.must(['export'])
    const rows = (told: Told) =>
      told.accounts.map(({ account, ledger, xero, variance }) => `${account} ${ledger} ${xero} ${variance}`)
    const agreed = rows(await reconcile(w, 0))
    expect(agreed).toEqual([
      '200 -100.00 -100.00 0.00',
      '310 40.00 40.00 0.00',
      '400 20.00 20.00 0.00',
      '429 -24.00 -24.00 0.00',
      '631 284.00 284.00 0.00',
      '632 70.00 70.00 0.00',
      '850 -25.00 -25.00 0.00',
    ])
    act(w, (person) =>
      person.papers.createManualJournal({
        narration: 'Stock written off',
        date: day('2026-11-20'),
        lines: [
          { accountCode: '429', amount: 1_000 },
          { accountCode: '631', amount: -1_000 },
        ],
      }),
    )
    const told = await reconcile(w, 0)
    expect(rows(told)).toContain('631 284.00 274.00 10.00')
    expect(told.accounts.find(({ account }) => account === '631')).toMatchObject({
      isStock: true,
      name: 'Stock on Hand',
    })
  })

  test('are not compared where the connection may not read the trial balance, and that is said', async () => {
    const scopes = defaultScopes.filter((scope) => !scope.includes('trialbalance'))
    const app = { clientId: 'app', clientSecret: 'secret', scopes }
    const w = await open(documentSql('invoice', { id: 'A' }), { sandbox: { app } })
    await w.must(['export'])
    const told = await reconcile(w, 0)
    expect(told.accounts).toMatchObject([{ account: '200', ledger: '-100.00', xero: null, variance: null }])
    expect(told.organisations[0]?.accountsNotCompared).toContain('accounting.reports.trialbalance.read')
  })
})

describe('how it is told', () => {
  async function someMonth(): Promise<World> {
    const w = await open(
      ['A', 'B', '<b>"&\\u001b[31m', '=1+1']
        .map((id) => documentSql('invoice', { id, number: id }))
        .join('\n'),
    )
    await w.must(['export'])
    act(w, (person) => {
      person.editInvoiceTotal(idOf(w, 'B'), cents(20_000))
      person.createInvoice({
        contactId: person.createContact({ name: '=cmd()' }).id,
        number: '-9',
        total: cents(9_900),
        date: day('2026-11-05'),
      })
    })
    return w
  }
  const run = (w: World, ...flags: string[]) => w.run(['reconcile', '--month', '2026-11', ...flags])

  test('as a table: the sum, how fresh, the problems with what to do, the totals, then the rest', async () => {
    const w = await someMonth()
    w.clock.advance(3 * 3_600_000)
    const { out, code } = await run(w)
    expect(code).toBe(1)
    expect(out).toMatch(
      /^3 documents agree, 1 problem\.\n1 document of Xero was made there by people\.\nNZ01: documents of Demo Company \(NZ\) read 0 seconds ago, in 3 calls\. What happened there came into the ledger 3 hours ago\. Accounts and settings as they were 3 hours ago\.\n/,
    )
    const heads = [
      'Problems',
      'To do',
      'Totals',
      'Accounts of Demo Company (NZ)',
      'Only in Xero, made by people',
      'Agree',
    ]
    expect(out.split('\n').filter((line) => heads.includes(line))).toEqual(heads)
    expect(out).toMatch(
      /\nB +invoice +NZ01 +2026-11-02 +115\.00 +200\.00 .*-85\.00 NZD .*The total differs: the ledger has 85\.00 NZD less than Xero\./,
    )
    const brief = await run(w, '--problems')
    expect(brief.out).not.toContain('Totals')
    expect(brief.out).toContain('B: See with auxo-sync show who changed it.')
  })

  test('as CSV that a spreadsheet adds up and never runs, as a page that holds what it is given, and into files', async () => {
    const w = await someMonth()
    const csv = await run(w, '--format', 'csv')
    const rows = csv.out.split('\r\n')
    expect(rows[0]).toMatch(
      /^entity,kind,number,id,contact,date,currency,result,ledger_total,.*,variance,problem,what_to_do$/,
    )
    expect(rows.find((row) => row.includes(',B,'))).toContain(
      ',problem,115.00,0.00,0.00,115.00,sent,unpaid,B,2026-11-02,200.00,',
    )
    expect(rows.find((row) => row.includes('1+1'))).toContain("invoice,'=1+1,'=1+1,")
    expect(rows.at(-2)).toMatch(/^,invoice,'-9,,'=cmd\(\),2026-11-05,NZD,only_in_xero,/)
    for (const row of rows.slice(0, -1)) expect(row.replaceAll(/"[^"]*"/g, '').split(',')).toHaveLength(25)
    expect(csv.err).toContain('3 documents agree, 1 problem.')

    const page = (await run(w, '--format', 'html')).out
    expect(page).toContain('<h1>Reconciliation, November 2026: NZ01</h1>')
    expect(page).toContain('&lt;b&gt;&quot;&amp;')
    expect(page).not.toMatch(/<b>"|<script|src=/)
    expect(page).not.toContain(String.fromCharCode(27))
    expect(page).toContain('Prepared by')

    const written = await run(w, '--output', 'month.html')
    expect([written.code, written.out]).toEqual([1, expect.stringContaining('1 problem. Written to ')])
    expect(readFileSync(join(w.folder, 'month.html'), 'utf8')).toBe(page)
    expect((await run(w, '--output', 'no/such/folder.csv')).code).toBe(2)
  })

  test('says nothing with --quiet where all agrees, and refuses what it cannot do', async () => {
    const w = await open(documentSql('invoice', { id: 'A' }))
    await w.must(['export'])
    expect(await run(w, '--quiet')).toMatchObject({ code: 0, out: '', err: '' })
    expect((await w.run(['reconcile'])).code).toBe(2)
    expect((await w.run(['reconcile', '--month', 'November'])).code).toBe(2)
    expect((await run(w, '--entity', 'NO')).code).toBe(2)
    const empty = await w.must(['reconcile', '--month', '2026-01'])
    expect(empty.out).toMatch(/^The ledger has no documents in this month\./)
    w.sandbox.fault({ path: '/CreditNotes', times: 9, kind: 'error-before-commit' })
    expect((await run(w)).code).toBe(7)
    w.sandbox.clearFaults()
    await w.must(['entities', 'add', 'NZ03', '--name', 'Third Ltd', '--region', 'NZ'])
    expect((await run(w, '--entity', 'NZ03')).code).toBe(4)
    expect((await run(w)).err).toContain('NZ03 is left out')
    w.sql("UPDATE run_lease SET held = 1, host = 'another', heartbeat_at = '2026-11-22T00:00:00.000Z'")
    expect((await run(w)).code).toBe(6)
  })

  test('many documents cost a call for each thousand', async () => {
    const w = await open(documentSql('invoice', { id: 'A' }))
    await w.must(['export'])
    const person = w.sandbox.person()
    const contactId = person.createContact({ name: 'Acme' }).id
    for (let count = 1; count <= 1_200; count += 1) {
      if (count % 300 === 0) w.clock.advance(60_000)
      person.createInvoice({ contactId, number: `T-${count}`, total: cents(100), date: day('2026-11-05') })
    }
    w.clock.advance(60_000)
    const told = await reconcile(w, 0)
    expect(told.counts).toMatchObject({ documents: 1, onlyInXero: 1_200 })
    expect(told.organisations[0]?.calls).toBe(4)
  })
})
