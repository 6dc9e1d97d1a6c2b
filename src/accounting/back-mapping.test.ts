import { describe, expect, test } from 'vitest'
import { type CodeMaps, ledgerAccountOf, ledgerTaxCodeOf } from './back-mapping.ts'

const accounts = (...maps: Record<string, string>[]): CodeMaps[] =>
  maps.map((map) => ({ accountMap: new Map(Object.entries(map)), taxMap: new Map() }))

describe("an account of Xero's in the ledger", () => {
  const cases: [title: string, maps: Record<string, string>[], expected: string | null][] = [
    ['without maps is itself', [{}], '200'],
    ['is what is mapped to it', [{ '4000': '200' }], '4000'],
    [
      'is the named one, although its own code would lead there too',
      [{ '4000': '200', '500': '300' }],
      '4000',
    ],
    ['to which two are mapped is unknown', [{ '4000': '200', '4001': '200' }], null],
    ['whose own code is mapped elsewhere is unknown', [{ '200': '260' }], null],
    ['that is mapped to itself is itself', [{ '200': '200' }], '200'],
    ['is the same in two entities', [{ '4000': '200' }, { '4000': '200' }], '4000'],
    ['that only one entity maps is itself', [{ '4000': '200' }, {}], '200'],
    ['that two entities map from different codes is itself', [{ '4000': '200' }, { '5000': '200' }], '200'],
    ['that one of two entities maps elsewhere is unknown', [{ '4000': '200' }, { '200': '260' }], null],
  ]
  test.each(cases)('%s', (_title, maps, expected) => {
    expect(ledgerAccountOf('200', accounts(...maps))).toBe(expected)
  })
})

const taxes = (...maps: Record<string, [sales: string | null, purchase: string | null]>[]): CodeMaps[] =>
  maps.map((map) => ({
    accountMap: new Map(),
    taxMap: new Map(Object.entries(map).map(([code, [sales, purchase]]) => [code, { sales, purchase }])),
  }))

describe("a tax type of Xero's in the ledger", () => {
  const cases: [
    title: string,
    maps: Record<string, [sales: string | null, purchase: string | null]>[],
    isKnown: boolean,
    expected: string | null,
  ][] = [
    ['is the code that sells with it', [{ GST: ['OUTPUT2', 'INPUT2'] }], true, 'GST'],
    ['is not the code that buys with it', [{ GST: ['INPUT2', 'OUTPUT2'] }], false, null],
    ['without a code is itself, where the organisation has it', [{}], true, 'OUTPUT2'],
    ['without a code is unknown, where the organisation does not', [{}], false, null],
    ['that is a code of another type is unknown', [{ OUTPUT2: ['TAX001', null] }], true, null],
    [
      'with which two codes sell is unknown',
      [{ GST: ['OUTPUT2', null], VAT: ['OUTPUT2', null] }],
      true,
      null,
    ],
    [
      'with which two entities sell by different codes is itself',
      [{ GST: ['OUTPUT2', null] }, {}],
      true,
      'OUTPUT2',
    ],
  ]
  test.each(cases)('%s', (_title, maps, isKnown, expected) => {
    expect(ledgerTaxCodeOf('OUTPUT2', 'sales', taxes(...maps), isKnown)).toBe(expected)
  })

  test('bought with it has its own code', () => {
    const maps = taxes({ GST: ['OUTPUT2', 'INPUT2'] })
    expect(ledgerTaxCodeOf('INPUT2', 'purchases', maps, true)).toBe('GST')
  })
})
