import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aLine, anInvoice, anItem, day, money } from '../../test/support/books.ts'
import { entryOf, journalBooks, written } from '../../test/support/journals.ts'
import { imbalanceOf } from '../accounting/journal-entry.ts'
import { e4 } from '../accounting/money.ts'
import { cogsChanges, cogsOf, isCostKnown, type PartCost, type PostedCost } from './cogs.ts'
import { journalOfStockMovement } from './stock-movement.ts'

const books = journalBooks(
  { inventory_journals: 'on', number_prefix: 'A-' },
  {
    items: new Map([
      ['OIL', anItem('OIL', { name: 'Oil', isStocked: true, averageCost: e4(75_000) })],
      ['GASKET', anItem('GASKET', { averageCost: e4(10_000) })],
    ]),
  },
)
const part = (position: number, line: Partial<ReturnType<typeof aLine>> = {}) =>
  aLine({ position, kind: 'part', item: 'OIL', supply: 'stocked', quantity: e4(50_000), ...line })
const invoice = anInvoice({
  lines: [
    part(1),
    part(2, {
      supply: 'job_ordered',
      averageCost: e4(420_000),
      quantity: e4(20_000),
      tracking: [{ category: 'Branch', option: 'City' }],
    }),
    part(3, { supply: 'unstocked' }),
    part(4, { supply: null }),
    part(5, { supply: null, item: 'GASKET' }),
    part(6, { averageCost: e4(0) }),
    aLine({ position: 7, supply: 'stocked', item: 'OIL' }),
  ],
})
const post = (posted: readonly PostedCost[], document = invoice) => cogsChanges(document, posted, books)

describe('cost of parts', () => {
  test('one for each part line that moves value', () => {
    expect(
      cogsOf(invoice, books).map(({ position, cents, creditRole }) => [position, cents, creditRole]),
    ).toEqual([
      [1, 3_750, 'stock_on_hand'],
      [2, 8_400, 'work_in_progress'],
      [4, 3_750, 'stock_on_hand'],
    ])
  })

  test('each is a journal of its own that names the invoice', () => {
    const journals = post([])
    expect(journals.map(({ action, entry }) => [action, entry.narration, ...written(entry)])).toEqual([
      ['posting', 'COGS for invoice A-INV-1', '310 37.50', '631 -37.50'],
      ['posting', 'COGS for invoice A-INV-1', '310 84.00 [Branch: City]', '632 -84.00'],
      ['posting', 'COGS for invoice A-INV-1', '310 37.50', '631 -37.50'],
    ])
  })

  test('a credit note goes the other way', () => {
    const [journal] = post([], anInvoice({ kind: 'credit_note', number: 'CN-1', lines: [part(1)] }))
    expect(journal?.entry.narration).toBe('COGS for credit note A-CN-1')
    expect(journal && written(journal.entry)).toEqual(['310 -37.50', '631 37.50'])
  })

  test.each([
    [15_000, 50_000, 750],
    [5_000, 10_100, 51],
    [-5_000, 10_100, -51],
    [10_000, 33_333, 333],
  ])('%d × %d is rounded to %d cents, half away from zero', (quantity, cost, cents) => {
    const line = part(1, { quantity: e4(quantity), averageCost: e4(cost) })
    expect(cogsOf(anInvoice({ lines: [line] }), books)[0]?.cents).toBe(cents)
  })

  test('a part that nobody says the cost of is named, and has no lines to post', () => {
    const document = anInvoice({
      lines: [part(1, { item: 'NEW' }), part(2, { item: 'NEW', quantity: e4(0) })],
    })
    const [journal, ...others] = post([], document)
    expect(others).toEqual([])
    expect(journal?.entry.lines).toEqual([])
    expect(journal && isCostKnown(journal.cost)).toBe(false)
    expect(isCostKnown(cogsOf(invoice, books)[0] as PartCost)).toBe(true)
  })

  test('bills and drafts have none', () => {
    for (const document of [
      anInvoice({ kind: 'bill', lines: [part(1)] }),
      anInvoice({ status: 'draft', lines: [part(1)] }),
    ])
      expect(cogsOf(document, books)).toEqual([])
  })
})

describe('what is posted already', () => {
  const posted = post([])

  test('nothing changed, nothing to post: not even where the item costs more now', () => {
    const dearer = {
      ...books,
      items: new Map([['OIL', anItem('OIL', { isStocked: true, averageCost: e4(99_000) })]]),
    }
    expect(cogsChanges(invoice, posted, books)).toEqual([])
    expect(cogsChanges(invoice, posted, dearer)).toEqual([])
  })

  test('a changed line: reversal of the old, on its accounts, and the new one', () => {
    const edited = { ...invoice, lines: invoice.lines.with(0, part(1, { quantity: e4(60_000) })) }
    const moved = {
      ...books,
      roleAccounts: new Map([...books.roleAccounts, ['stock_on_hand', '710'] as const]),
    }
    expect(
      cogsChanges(edited, posted, moved).map(({ action, entry }) => [
        action,
        entry.narration,
        ...written(entry),
      ]),
    ).toEqual([
      ['reversal', 'COGS for invoice A-INV-1 (reversed)', '310 -37.50', '631 37.50'],
      ['posting', 'COGS for invoice A-INV-1', '310 45.00', '710 -45.00'],
    ])
  })

  test('a line that was posted anew before its reversal arrived: only what the document says stays', () => {
    const edited = { ...invoice, lines: invoice.lines.with(0, part(1, { quantity: e4(60_000) })) }
    const anew = post(posted, edited).filter(({ action }) => action === 'posting')
    expect(post([...posted, ...anew], edited).map(({ action, cost }) => [action, cost.cents])).toEqual([
      ['reversal', 3_750],
    ])
    expect(post([...posted, ...anew]).map(({ action, cost }) => [action, cost.cents])).toEqual([
      ['reversal', 4_500],
    ])
  })

  test('a date or a tracking that changed is posted anew', () => {
    expect(post(posted, { ...invoice, date: day('2026-10-06') })).toHaveLength(6)
    expect(
      post(posted, {
        ...invoice,
        lines: invoice.lines.with(0, part(1, { tracking: [{ category: 'Branch', option: 'City' }] })),
      }),
    ).toHaveLength(2)
  })

  test('void: everything is reversed; a draft changes nothing; a removed line is reversed', () => {
    expect(post(posted, { ...invoice, status: 'void' }).map(({ action }) => action)).toEqual([
      'reversal',
      'reversal',
      'reversal',
    ])
    expect(post(posted, { ...invoice, status: 'draft' })).toEqual([])
    expect(
      post(posted, { ...invoice, lines: invoice.lines.slice(1) }).map(({ action, cost }) => [
        action,
        cost.position,
      ]),
    ).toEqual([['reversal', 1]])
  })

  test('after any edits the standing journals are the cost of the document', () => {
    const anyLines = fc.array(
      fc.record({
        quantity: fc.integer({ min: -90_000, max: 90_000 }),
        averageCost: fc.constantFrom(0, 33_333, 75_000),
        supply: fc.constantFrom('stocked', 'job_ordered', 'unstocked'),
      }),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(fc.array(anyLines, { maxLength: 4 }), (versions) => {
        let standing: PostedCost[] = []
        let sum = 0
        for (const version of versions) {
          const lines = version.map((line, index) =>
            part(index + 1, {
              quantity: e4(line.quantity),
              averageCost: e4(line.averageCost),
              supply: line.supply as 'stocked',
            }),
          )
          const document = anInvoice({ lines })
          for (const journal of post(standing, document)) {
            expect(imbalanceOf(journal.entry)).toBe(0)
            sum += journal.entry.lines[0]?.amount ?? 0
            standing =
              journal.action === 'posting'
                ? [...standing, journal]
                : standing.filter(({ cost }) => cost.position !== journal.cost.position)
          }
          expect(sum).toBe(cogsOf(document, books).reduce((total, { cents }) => total + cents, 0))
          expect(post(standing, document)).toEqual([])
        }
      }),
    )
  })
})

describe('stock movements', () => {
  const movement = {
    id: 's-1',
    entity: 'NZ01',
    item: 'OIL',
    date: day('2026-10-31'),
    kind: 'stocktake',
    quantity: e4(-30_000),
    unitCost: e4(74_500),
    note: 'Counted',
  } as const
  test.each([
    [{}, 'Stocktake of OIL: Counted', ['631 -22.35', '315 22.35']],
    [
      { kind: 'adjustment', note: null, quantity: e4(20_000) },
      'Stock adjustment of OIL',
      ['631 14.90', '315 -14.90'],
    ],
    [{ unitCost: e4(0) }, 'Stocktake of OIL: Counted', ['631 -22.50', '315 22.50']],
  ] as const)('%o', (change, narration, lines) => {
    const entry = entryOf(journalOfStockMovement({ ...movement, ...change }, books))
    expect([entry.narration, written(entry)]).toEqual([narration, lines])
  })
  test('without value there is none', () => {
    expect(journalOfStockMovement({ ...movement, quantity: e4(0) }, books)).toBeNull()
    expect(journalOfStockMovement({ ...movement, item: 'UNKNOWN', unitCost: e4(0) }, books)).toBeNull()
  })
  test('of money nobody has named an account for', () => {
    const entry = entryOf(journalOfStockMovement(movement, { ...books, roleAccounts: new Map() }))
    expect(entry.lines.map(({ account, role }) => [account, role])).toEqual([
      [null, 'stock_on_hand'],
      [null, 'stock_adjustment'],
    ])
    expect(entry.lines[0]?.amount).toBe(money(-22.35))
  })
})
