// Tables: order, indexes, and taking back.

import { describe, expect, test } from 'vitest'
import { Changes, Index, Table } from './table.ts'

interface Thing {
  id: string
  updatedAt: number
  name: string
}

function things() {
  const changes = new Changes()
  const byName = new Index<Thing>((thing) => [thing.name])
  return { changes, byName, table: new Table<Thing>(changes, [byName]) }
}

const thing = (id: string, updatedAt: number, name = id): Thing => ({ id, updatedAt, name })

describe('a table', () => {
  test('lists by change, then id, whatever the order of arrival', () => {
    const { table } = things()
    for (const one of [thing('c', 5), thing('a', 5), thing('z', 1), thing('b', 5)]) table.put(one)
    expect(table.all().map(({ id }) => id)).toEqual(['z', 'a', 'b', 'c'])
  })

  test('shows a record once, where its last change put it', () => {
    const { table } = things()
    for (const one of [thing('a', 1), thing('b', 2), thing('a', 3), thing('a', 3)]) table.put(one)
    expect(table.all().map(({ id }) => id)).toEqual(['b', 'a'])
    expect(table.size).toBe(2)
  })

  test('knows what changed since, the instant itself included', () => {
    const { table } = things()
    for (const one of [thing('a', 1000), thing('b', 2000), thing('c', 3000)]) table.put(one)
    expect(table.changedSince(2000).map(({ id }) => id)).toEqual(['b', 'c'])
    expect(table.changedSince(3001)).toEqual([])
  })

  test('keeps its order through thousands of changes', () => {
    const { table } = things()
    for (let at = 0; at < 5000; at += 1) table.put(thing(`id-${(at * 7919) % 500}`, at))
    const feed = table.all()
    expect(feed).toHaveLength(500)
    expect(feed.map(({ updatedAt }) => updatedAt)).toEqual(Array.from({ length: 500 }, (_, at) => 4500 + at))
  })

  test('finds by an index that follows changes', () => {
    const { table, byName } = things()
    table.put(thing('a', 1, 'old'))
    table.put(thing('a', 2, 'new'))
    table.put(thing('b', 3, 'new'))
    expect(byName.ids('old')).toEqual([])
    expect(table.find(byName, 'new').map(({ id }) => id)).toEqual(['a', 'b'])
  })
})

describe('taking back', () => {
  test('restores records, indexes and order to what they were', () => {
    const { table, byName, changes } = things()
    table.put(thing('a', 1, 'first'))
    table.put(thing('b', 2))
    changes.begin()
    table.put(thing('a', 9, 'second'))
    table.put(thing('c', 9))
    table.put(thing('a', 10, 'third'))
    changes.takeBack()
    expect(table.all()).toEqual([thing('a', 1, 'first'), thing('b', 2)])
    expect(byName.ids('first')).toEqual(['a'])
    expect(byName.ids('third')).toEqual([])
  })

  test('what was kept stays', () => {
    const { table, changes } = things()
    changes.begin()
    table.put(thing('a', 1))
    changes.keep()
    changes.begin()
    changes.takeBack()
    expect(table.size).toBe(1)
  })
})
