import { expect, test } from 'vitest'
import type { MirrorChange } from '../accounting/mirror-changes.ts'
import { mirrorChangeLines } from './mirror-changes.ts'

test('one line a part; of a whole new chart the first, and how many more', () => {
  const added = Array.from(
    { length: 1_010 },
    (_, index): MirrorChange => ({ part: 'account', name: `A${index}`, change: 'added' }),
  )
  const changes: MirrorChange[] = [
    {
      part: 'organisation',
      name: 'Harbour Motors',
      change: 'changed',
      field: 'period lock date',
      before: '2026-03-31',
      after: null,
    },
    { part: 'account', name: '200 Sales', change: 'changed', field: 'name', before: 'Sales', after: 'Parts' },
    { part: 'account', name: '260 Other', change: 'gone' },
    ...added,
  ]
  expect(mirrorChangeLines(changes)).toEqual([
    { head: 'Organisation', text: 'period lock date is now not set (was 2026-03-31).' },
    {
      head: 'Accounts',
      text: '200 Sales: name is now Parts (was Sales); 260 Other is no longer there; A0 added; A1 added; A2 added; A3 added; A4 added; A5 added; and 1,004 more.',
    },
  ])
  expect(mirrorChangeLines([])).toEqual([])
})
