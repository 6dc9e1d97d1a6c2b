import { describe, expect, test } from 'vitest'
// biome-ignore lint/style/noRestrictedImports: a test may use the builders
import { aLine, aMirror, anInvoice, money, someBooks } from '../../test/support/books.ts'
import type { DocumentLine, LedgerDocument } from './documents.ts'
import type { AmountsMode, LineKind } from './kinds.ts'
import { e6 } from './money.ts'
import type { SettingName } from './settings.ts'
import { documentTotals } from './totals.ts'

type ShortLine = [kind: LineKind, amount: number, tax: number]

function lines(short: readonly ShortLine[]): DocumentLine[] {
  return short.map(([kind, amount, tax]) => aLine({ kind, amount: money(amount), tax: money(tax) }))
}

function totalsOf(
  amounts: AmountsMode,
  short: readonly ShortLine[],
  [subtotal, tax, total]: readonly [number, number, number],
  settings: Partial<Record<SettingName, string>> = {},
  rest: Partial<LedgerDocument> = {},
) {
  const document = anInvoice({
    amounts,
    lines: lines(short),
    subtotal: money(subtotal),
    tax: money(tax),
    total: money(total),
    ...rest,
  })
  return documentTotals(document, someBooks({ settings }))
}

/** What is sent in one line of text: amounts+taxes, rounding, or why not. */
function brief(totals: ReturnType<typeof documentTotals>): string {
  if (!totals.fits)
    return totals.which === 'rate'
      ? `rate ${totals.currency}`
      : `${totals.which} ${totals.ledgerTotal}/${totals.linesTotal}`
  const sent = totals.lines.map(({ amount, tax }) => `${amount}+${tax}`).join(' ')
  return totals.roundingLine ? `${sent} round ${totals.roundingLine.amount}` : sent
}

describe('what is sent of each line (I4, I5)', () => {
  const cases: [string, AmountsMode, ShortLine[], [number, number, number], string][] = [
    ['exclusive: net amounts', 'exclusive', [['charge', 100, 15]], [100, 15, 115], '10000+1500'],
    ['inclusive: the amount holds its tax', 'inclusive', [['charge', 115, 15]], [100, 15, 115], '11500+1500'],
    [
      'inclusive: freight and discount are net in the ledger and get their tax',
      'inclusive',
      [
        ['charge', 115, 15],
        ['freight', 10, 1.5],
        ['discount', -20, -3],
      ],
      [90, 13.5, 103.5],
      '11500+1500 1150+150 -2300+-300',
    ],
    [
      'inclusive: a rounding line of the ledger is as `amounts` says',
      'inclusive',
      [['rounding', 0.02, 0]],
      [0.02, 0, 0.02],
      '2+0',
    ],
    [
      'no tax: no tax at all, freight as it is',
      'no_tax',
      [
        ['charge', 100, 0],
        ['freight', 10, 0],
      ],
      [110, 0, 110],
      '10000+0 1000+0',
    ],
    ['no tax: what lines say of tax is left out', 'no_tax', [['charge', 100, 15]], [100, 0, 100], '10000+0'],
    ['no tax: a tax total contradicts it', 'no_tax', [['charge', 100, 0]], [100, 15, 115], 'tax 1500/0'],
    [
      'header that contradicts itself',
      'exclusive',
      [['charge', 100, 15]],
      [100, 15, 116],
      'header 11600/11500',
    ],
    [
      'zero total',
      'exclusive',
      [
        ['charge', 10, 1.5],
        ['discount', -10, -1.5],
      ],
      [0, 0, 0],
      '1000+150 -1000+-150',
    ],
    ['negative total', 'exclusive', [['charge', -10, -1.5]], [-10, -1.5, -11.5], '-1000+-150'],
    ['no lines and no total', 'exclusive', [], [0, 0, 0], ''],
    ['no lines and a total', 'exclusive', [], [1, 0, 1], 'net 100/0'],
  ]
  test.each(cases)('%s', (_, amounts, short, header, sent) => {
    expect(brief(totalsOf(amounts, short, header))).toBe(sent)
  })
})

describe('a difference in tax goes onto the largest taxed line (I5)', () => {
  const cases: [string, AmountsMode, ShortLine[], [number, number, number], string][] = [
    [
      'a cent more, on the largest',
      'exclusive',
      [
        ['charge', 10, 1.5],
        ['charge', 50, 7.5],
        ['charge', 200, 0],
      ],
      [260, 9.01, 269.01],
      '1000+150 5000+751 20000+0',
    ],
    ['a cent less', 'exclusive', [['charge', 50, 7.5]], [50, 7.49, 57.49], '5000+749'],
    [
      'negative lines too',
      'exclusive',
      [
        ['charge', 10, 1.5],
        ['discount', -50, -7.5],
      ],
      [-40, -6.01, -46.01],
      '1000+150 -5000+-751',
    ],
    [
      'inclusive: within the amount, which stays',
      'inclusive',
      [['charge', 115, 15]],
      [99.99, 15.01, 115],
      '11500+1501',
    ],
    [
      'inclusive: not on a larger freight line, whose amount would move with it',
      'inclusive',
      [
        ['charge', 11.5, 1.5],
        ['freight', 100, 15],
      ],
      [109.99, 16.51, 126.5],
      '1150+151 11500+1500',
    ],
    [
      'inclusive, only freight is taxed: its amount moves, and a rounding line moves it back',
      'inclusive',
      [['freight', 100, 15]],
      [99.99, 15.01, 115],
      '11501+1501 round -1',
    ],
    ['as much as the line', 'exclusive', [['charge', 1, 0.15]], [1, 1, 2], '100+100'],
    ['more than the line: refused', 'exclusive', [['charge', 1, 0.15]], [1, 1.01, 2.01], 'tax 101/15'],
    ['down to nothing', 'exclusive', [['charge', 1, 0.15]], [1, 0, 1], '100+0'],
    ['the other sign: refused', 'exclusive', [['charge', 1, 0.15]], [1, -0.01, 0.99], 'tax -1/15'],
    ['no line is taxed: refused', 'exclusive', [['charge', 1, 0]], [1, 0.15, 1.15], 'tax 15/0'],
  ]
  test.each(cases)('%s', (_, amounts, short, header, sent) => {
    expect(brief(totalsOf(amounts, short, header))).toBe(sent)
  })
})

describe('a net difference becomes a rounding line up to rounding_tolerance (I5)', () => {
  const cases: [string, AmountsMode, [number, number, number], string, string][] = [
    ['a cent', 'exclusive', [100.01, 15, 115.01], '0.01', '10000+1500 round 1'],
    ['a cent less', 'exclusive', [99.99, 15, 114.99], '0.01', '10000+1500 round -1'],
    ['two cents are too many', 'exclusive', [100.02, 15, 115.02], '0.01', 'net 11502/11500'],
    ['two cents less too', 'exclusive', [99.98, 15, 114.98], '0.01', 'net 11498/11500'],
    ['two cents where the setting says so', 'exclusive', [100.02, 15, 115.02], '0.02', '10000+1500 round 2'],
    ['none where the setting says none', 'exclusive', [100.01, 15, 115.01], '0.00', 'net 11501/11500'],
    ['inclusive', 'inclusive', [85.01, 15, 100.01], '0.01', '10000+1500 round 1'],
  ]
  test.each(cases)('%s', (_, amounts, header, tolerance, sent) => {
    const totals = totalsOf(amounts, [['charge', 100, 15]], header, { rounding_tolerance: tolerance })
    expect(brief(totals)).toBe(sent)
  })

  test('it goes to the rounding role, else to the account that Xero keeps for it, without tax', () => {
    const document = anInvoice({ subtotal: money(100.01), total: money(115.01) })
    const rounding = (books: ReturnType<typeof someBooks>) => {
      const totals = documentTotals(document, books)
      return totals.fits ? totals.roundingLine : null
    }
    expect(rounding(someBooks())).toEqual({ amount: 1, account: '860', taxType: 'NONE' })
    expect(rounding(someBooks({ roleAccounts: new Map([['rounding', '260']]) }))?.account).toBe('260')
    expect(rounding(someBooks({ mirror: aMirror({ accounts: new Map() }) }))?.account).toBeNull()
  })
})

describe('foreign_currency=base (I10)', () => {
  const foreign = { currency: 'USD', exchangeRate: e6(600_000) }
  test('the total is converted once, lines and tax by largest remainder', () => {
    const short: ShortLine[] = [
      ['charge', 10, 1.5],
      ['charge', 10, 1.5],
      ['discount', -5, -0.75],
    ]
    const totals = totalsOf('exclusive', short, [15, 2.25, 17.25], { foreign_currency: 'base' }, foreign)
    // 17.25 / 0.6 = 28.75; 16.67 twice and -8.33 would be 25.01: one of three equal remainders gives way.
    expect(brief(totals)).toBe('1667+250 1667+250 -834+-125')
    expect(totals).toMatchObject({
      currency: 'NZD',
      isConverted: true,
      subtotal: 2500,
      tax: 375,
      total: 2875,
    })
  })
  test('no rate: refused', () => {
    const totals = totalsOf(
      'exclusive',
      [['charge', 10, 1.5]],
      [10, 1.5, 11.5],
      { foreign_currency: 'base' },
      { currency: 'USD' },
    )
    expect(brief(totals)).toBe('rate USD')
  })
  test('documents in base currency, and foreign ones with =document, stay as they are', () => {
    const short: ShortLine[] = [['charge', 10, 1.5]]
    const base = totalsOf(
      'exclusive',
      short,
      [10, 1.5, 11.5],
      { foreign_currency: 'base' },
      { currency: 'NZD' },
    )
    expect(base).toMatchObject({ currency: 'NZD', isConverted: false, total: 1150 })
    const own = totalsOf('exclusive', short, [10, 1.5, 11.5], {}, foreign)
    expect(own).toMatchObject({ currency: 'USD', isConverted: false, total: 1150 })
  })
})
