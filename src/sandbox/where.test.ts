// The filter language: what it answers, and what it refuses.

import { describe, expect, test } from 'vitest'
import { compileOrder, compileWhere, type FilterFields, UnreadableQuery } from './where.ts'

interface Row {
  name: string
  total: number
  day: number
  id: string
  isOpen: boolean
  note: string | null
}

const fields: FilterFields<Row> = {
  Name: { type: 'text', read: (row) => row.name },
  Total: { type: 'number', read: (row) => row.total },
  Date: { type: 'date', read: (row) => row.day },
  InvoiceID: { type: 'guid', read: (row) => row.id },
  'Contact.ContactID': { type: 'guid', read: (row) => row.id },
  IsOpen: { type: 'boolean', read: (row) => row.isOpen },
  Reference: { type: 'text', read: (row) => row.note },
}

const row: Row = {
  name: 'Acme Motors',
  total: 24.15,
  day: Date.UTC(2026, 10, 22),
  id: '0d7f0e33-6166-442f-acc9-e4c20ae427ba',
  isOpen: true,
  note: null,
}

const answers: readonly [where: string, isFound: boolean][] = [
  ['Name=="Acme Motors"', true],
  ['Name=="acme MOTORS"', true],
  ['Name="Acme Motors"', true],
  ['Name!="Acme Motors"', false],
  ['Name == "Acme \\"Motors\\""', false],
  ['Total>24', true],
  ['Total>24.15', false],
  ['Total>=24.15', true],
  ['Total<24.15', false],
  ['Total<=24.15', true],
  ['Total==-1', false],
  ['Date>=DateTime(2026, 11, 22)', true],
  ['Date>DateTime(2026,11,22)', false],
  ['Date<DateTime(2026,11,23,00,00,00)', true],
  ['InvoiceID==guid("0D7F0E33-6166-442f-acc9-e4c20ae427ba")', true],
  ['Contact.ContactID==Guid("00000000-0000-0000-0000-000000000000")', false],
  ['IsOpen==true', true],
  ['IsOpen', true],
  ['IsOpen=false', false],
  ['Reference==null', true],
  ['Reference!=null', false],
  ['Reference=="x"', false],
  ['Name.Contains("MOTOR")', true],
  ['Name.StartsWith("motor")', false],
  ['Name.StartsWith("acme")', true],
  ['Name.ToLower()=="acme motors"', true],
  ['Name.ToLower().Contains("motor")', true],
  ['Name.Contains("x") OR Total>1', true],
  ['Name.Contains("x") AND Total>1', false],
  ['Name.Contains("x") && Total>1 || IsOpen', true],
  ['Name.Contains("x") && (Total>1 || IsOpen)', false],
  ['Reference.Contains("x")', false],
]

const refusals: readonly string[] = [
  'Nonsense',
  'Name',
  'Name==',
  'Name=="x" AND',
  'Name==5',
  'Total=="5"',
  'Nope=="x"',
  'Name.EndsWith("x")',
  'Name.Contains()',
  'Total.Contains("1")',
  '(Name=="x"',
  'Name=="x")',
  'Name=="x" Total>1',
  'Name ~ "x"',
  'Name=="x',
  'Date>=DateTime(2026)',
  'toString=="x"',
]

describe('where', () => {
  test.each(answers)('%s is %s', (where, isFound) => {
    expect(compileWhere(where, fields)(row)).toBe(isFound)
  })

  test.each(refusals)('%s is refused', (where) => {
    expect(() => compileWhere(where, fields)).toThrow(UnreadableQuery)
  })
})

describe('order', () => {
  const rows = [row, { ...row, name: 'Zed', total: 1 }, { ...row, name: 'beta', total: 1 }]
  const orders: readonly [order: string, names: string[]][] = [
    ['Name', ['Acme Motors', 'beta', 'Zed']],
    ['Name DESC', ['Zed', 'beta', 'Acme Motors']],
    ['Total asc, Name DESC', ['Zed', 'beta', 'Acme Motors']],
  ]

  test.each(orders)('%s', (order, names) => {
    expect([...rows].sort(compileOrder(order, fields)).map((one) => one.name)).toEqual(names)
  })

  test.each(['Nope', 'Name SIDEWAYS', 'Name DESC please'])('%s is refused', (order) => {
    expect(() => compileOrder(order, fields)).toThrow(UnreadableQuery)
  })
})
