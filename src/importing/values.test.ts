import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatCents, formatE4 } from '../accounting/money.ts'
import { nearest } from '../accounting/nearest.ts'
import { Refusal } from './problems.ts'
import {
  type CellReader,
  currencyCode,
  exchangeRate,
  flag,
  money,
  oneLine,
  percent,
  prose,
  quantity,
  roundedMoney,
  word,
} from './values.ts'

const read = (reader: CellReader, text: string) => {
  const value = reader(text)
  return value instanceof Refusal ? value.reason : value
}

describe('money is cents, and says how to write what it does not take', () => {
  test.each<[string, string | number]>([
    ['0', 0],
    ['12', 1200],
    ['12.3', 1230],
    [' 12.30 ', 1230],
    ['-12.34', -1234],
    ['+5', 500],
    ['.5', 50],
    ['12.3400', 1234],
    ['12.345', 'has too many decimals. Money has two decimals: write it as 1234.50.'],
    ['1,234.50', 'has thousands separators: write 1234.50.'],
    ['-1,234,567.50', 'has thousands separators: write -1234567.50.'],
    ['1,234,567', 'has thousands separators: write 1234567.'],
    ['1,234', 'has a comma: write 1234 if it separates thousands, 1.234 if it is the decimal point.'],
    ['12,50', 'has a decimal comma: write 12.50.'],
    ['1.234,50', 'is written with a decimal comma: write 1234.50.'],
    ['1 234,50', 'is written with a decimal comma: write 1234.50.'],
    ['1 234.50', 'has thousands separators: write 1234.50.'],
    ['1’234.50', 'has thousands separators: write 1234.50.'],
    ['$12.50', 'is an amount with a currency sign: write the number alone, such as 1234.50.'],
    ['12.50 NZD', 'is an amount with a currency sign: write the number alone, such as 1234.50.'],
    ['NZD 12.50', 'is an amount with a currency sign: write the number alone, such as 1234.50.'],
    ['€12', 'is an amount with a currency sign: write the number alone, such as 1234.50.'],
    ['(12.50)', 'has brackets: write a negative amount with a minus, -12.50.'],
    ['−12.50', 'has a long dash: write a plain minus, -12.50.'],
    ['12.50-', 'has its minus at the end: write it in front, -12.50.'],
    [
      '1E+05',
      'was shortened by a spreadsheet: give the column a number format, so that all digits are written.',
    ],
    ['15%', 'has a per cent sign: write the number alone.'],
    ['twelve', 'is no number: write it as 1234.50.'],
    ['NaN', 'is no number: write it as 1234.50.'],
    ['0x10', 'is no number: write it as 1234.50.'],
    ['١٢', 'is no number: write it as 1234.50.'],
    ['99999999999999999999', 'is too large.'],
  ])('%s', (text, expected) => {
    expect(read(money, text)).toBe(expected)
  })

  test('whatever money is written plainly is read back', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (amount) => read(money, formatCents(amount)) === amount))
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => read(quantity, formatE4(value)) === value))
  })
})

test.each<[string, CellReader, string, string | number]>([
  ['rounds half away from zero', roundedMoney, '3.765', 377],
  ['rounds half away from zero below it', roundedMoney, '-3.765', -377],
  ['four decimals', quantity, '1.2345', 12345],
  [
    'five decimals',
    quantity,
    '1.23456',
    'has too many decimals. At most four decimals are kept: write it as 12.3456.',
  ],
  ['a percentage with its sign', percent, '12.5 %', 125_000],
  ['a percentage above all', percent, '101', 'must be a percentage from 0 to 100.'],
  ['a negative percentage', percent, '-1', 'must be a percentage from 0 to 100.'],
  ['a rate', exchangeRate, '0.612345', 612_345],
  ['a rate of nothing', exchangeRate, '0', 'must be more than zero.'],
  ['yes', flag, 'Yes', 1],
  ['no', flag, '0', 0],
  ['neither', flag, 'maybe', 'must be yes or no (or 1 or 0).'],
  ['a currency in small letters', currencyCode, ' nzd', 'NZD'],
  ['no currency', currencyCode, '$', 'is no currency: write its three letters, such as NZD.'],
  ['a word', word(['draft', 'sent']), 'SENT', 'sent'],
  ['a slip of a word', word(['draft', 'sent']), 'snet', 'is not one of draft, sent. Did you mean sent?'],
  ['a stranger of a word', word(['draft', 'sent']), 'authorised', 'is not one of draft, sent.'],
  ['a code with space around and inside', oneLine, ' AB  12\u00a0', 'AB  12'],
  ['a code with a line break', oneLine, 'A\nB', 'has a line break in it. Write it on one line.'],
  ['a description, exactly', prose, '  two\n lines\t', '  two\n lines\t'],
])('%s', (_, reader, text, expected) => {
  expect(read(reader, text)).toBe(expected)
})

test.each(['\u0000', '\u0007', '\u001b[31m', '\u007f', '\u0085'])(
  'a control character is refused: %j',
  (control) => {
    expect(read(oneLine, `A${control}B`)).toMatch(/control character/)
    expect(read(prose, `A${control}B`)).toMatch(/control character/)
  },
)

test.each<[string, string | null]>([
  ['contcat', 'contact'],
  ['due date', 'due_date'],
  ['Quantiy', 'quantity'],
  ['xyz', null],
  ['', null],
])('the nearest word to %j', (written, expected) => {
  expect(nearest(written, ['contact', 'due_date', 'quantity', 'number'])).toBe(expected)
})
