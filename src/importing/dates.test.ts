import { describe, expect, test } from 'vitest'
import { dateFormatReader, isoDate, regionDate } from './dates.ts'
import { Refusal } from './problems.ts'
import type { CellReader } from './values.ts'

const read = (reader: CellReader | null, text: string) => {
  const value = reader?.(text)
  return value instanceof Refusal ? value.reason : value
}

describe('dates as a region writes them', () => {
  test.each<[string, 'dmy' | 'mdy' | null, string]>([
    ['22/11/2026', 'dmy', '2026-11-22'],
    ['1/2/2026', 'dmy', '2026-02-01'],
    ['1/2/2026', 'mdy', '2026-01-02'],
    ['01-02-26', 'dmy', '2026-02-01'],
    ['1.2.2026', 'dmy', '2026-02-01'],
    ['2026-11-22', 'mdy', '2026-11-22'],
    ['22 Nov 2026', 'mdy', '2026-11-22'],
    ['22-Nov-26', 'dmy', '2026-11-22'],
    ['3 September 2026', null, '2026-09-03'],
    ['3 Sept 2026', null, '2026-09-03'],
    ['Nov 22, 2026', 'dmy', '2026-11-22'],
    ['29/02/2028', 'dmy', '2028-02-29'],
    ['22/11/2026', null, '2026-11-22'],
    ['5/5/2026', null, '2026-05-05'],
    [
      '11/22/2026',
      'dmy',
      'does not fit NZ, where the day comes first, but would fit with the month first. Say how the dates of this file are written: --date-format DD/MM/YYYY or --date-format MM/DD/YYYY.',
    ],
    [
      '22/11/2026',
      'mdy',
      'does not fit NZ, where the month comes first, but would fit with the day first. Say how the dates of this file are written: --date-format DD/MM/YYYY or --date-format MM/DD/YYYY.',
    ],
    [
      '1/2/2026',
      null,
      'may be day or month first, and how NZ writes dates is not known. Say how the dates of this file are written: --date-format DD/MM/YYYY or --date-format MM/DD/YYYY.',
    ],
    ['30/02/2026', 'dmy', 'is no day of the calendar.'],
    ['31 Nov 2026', 'dmy', 'is no date such as 22/11/2026, 2026-11-22 or 22 Nov 2026.'],
    ['22 Nob 2026', 'dmy', 'is no date such as 22/11/2026, 2026-11-22 or 22 Nov 2026.'],
    ['46348', 'dmy', 'is no date such as 22/11/2026, 2026-11-22 or 22 Nov 2026.'],
  ])('%s, %s', (text, order, expected) => {
    expect(read(regionDate(order, 'NZ'), text)).toBe(expected)
  })
})

describe('dates by a format', () => {
  test.each<[string, string, string]>([
    ['DD/MM/YYYY', '01/02/2026', '2026-02-01'],
    ['MM/DD/YYYY', '01/02/2026', '2026-01-02'],
    ['d/m/yy', '1/2/26', '2026-02-01'],
    ['DD.MM.YYYY', '01.02.2026', '2026-02-01'],
    ['DD MMM YYYY', '1 Feb 2026', '2026-02-01'],
    ['YYYYMMDD', '20260201', '2026-02-01'],
    ['DD/MM/YYYY', '2026-02-01', '2026-02-01'],
    ['DD/MM/YYYY', '02/30/2026', 'is no date of the form DD/MM/YYYY.'],
    ['DD/MM/YYYY', '01-02-2026', 'is no date of the form DD/MM/YYYY.'],
    ['DD.MM.YYYY', '01x02x2026', 'is no date of the form DD.MM.YYYY.'],
    ['YYYYMMDD', '2026201', 'is no date of the form YYYYMMDD.'],
  ])('%s reads %s', (format, text, expected) => {
    expect(read(dateFormatReader(format), text)).toBe(expected)
  })

  test.each(['', 'DD/MM', 'dates', 'DD/MM/YYYY HH:mm', 'DD/DD/YYYY', 'DD/MM/YYYY/YY'])(
    '%j is no format',
    (format) => {
      expect(dateFormatReader(format)).toBeNull()
    },
  )
})

test('without a format the ledger’s own files take ISO dates only', () => {
  expect(read(isoDate, ' 2026-11-22 ')).toBe('2026-11-22')
  expect(read(isoDate, '22/11/2026')).toMatch(/--date-format/)
  expect(read(isoDate, '2026-02-30')).toMatch(/is no date/)
})
