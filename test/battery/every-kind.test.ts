// No kind without its battery: a new row of the table of kinds has to be taken through it.

import { expect, test } from 'vitest'
import { thingKinds } from '../../src/accounting/kinds.ts'
import { documents } from './documents.ts'
import { money } from './money.ts'
import { papers } from './papers.ts'

test('every kind of thing passes the battery', () => {
  const passed = new Set([...documents, ...money, ...papers].map(({ thing }) => thing))
  expect(thingKinds.filter((kind) => !passed.has(kind))).toEqual([])
})
