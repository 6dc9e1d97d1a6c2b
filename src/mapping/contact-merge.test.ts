import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aCard, aPerson } from '../../test/support/contacts.ts'
import {
  type CardFields,
  type ContactCard,
  type ContactField,
  contactFields,
  personKey,
} from '../accounting/contact-card.ts'
import { type ContactMerge, type ContactSides, isSameValue, mergeContact } from './contact-merge.ts'

const rule = { fields: contactFields, hasPeople: true, regionCode: 'NZ' }

/** What of the city follows, where both sides said “was” when they were last in step; null where that is not known. */
function city(ledger: string, xero: string, was: { ledger: string | null; xero: string | null }): string {
  const card = (text: string | null): ContactCard | null =>
    text === null ? null : aCard(text ? { city: text } : {})
  const { send, bring, conflicts } = mergeContact(
    {
      base: { ledger: card(was.ledger), xero: card(was.xero) },
      ledger: card(ledger) ?? aCard(),
      rows: [],
      xero: card(xero) ?? aCard(),
    },
    rule,
  )
  const words = [
    ...(send.city === undefined ? [] : [`send ${send.city}`]),
    ...(bring.city === undefined ? [] : [`bring ${bring.city}`]),
    ...conflicts.map(() => 'conflict'),
  ]
  return words.join(', ') || 'nothing'
}

describe('a field (K3, K6)', () => {
  const was = { ledger: 'was', xero: 'was' }
  const cases: [
    title: string,
    ledger: string,
    xero: string,
    was: { ledger: string | null; xero: string | null },
    string,
  ][] = [
    ['changed nowhere', 'was', 'was', was, 'nothing'],
    ['changed in the ledger', 'new', 'was', was, 'send new'],
    ['changed in Xero', 'was', 'theirs', was, 'bring theirs'],
    ['changed on both sides', 'new', 'theirs', was, 'send new, conflict'],
    ['changed on both sides to the same', 'new', ' new ', was, 'nothing'],
    ['differs as it did before', 'ours', 'theirs', { ledger: 'ours', xero: 'theirs' }, 'nothing'],
    ['is new in the ledger', 'new', '', { ledger: '', xero: '' }, 'send new'],
    ['is new in Xero', '', 'theirs', { ledger: '', xero: '' }, 'bring theirs'],
    ['was emptied in the ledger', '', 'was', was, 'nothing'],
    ['was emptied in Xero', 'was', '', was, 'nothing'],
    ['was emptied in the ledger and changed in Xero', '', 'theirs', was, 'bring theirs'],
    ['was changed in the ledger and emptied in Xero', 'new', '', was, 'send new'],
    [
      'of which nobody knows what the ledger said',
      'ours',
      'theirs',
      { ledger: null, xero: 'theirs' },
      'send ours',
    ],
    ['of which nobody knows what Xero said', 'was', 'theirs', { ledger: 'was', xero: null }, 'nothing'],
  ]
  test.each(cases)('%s', (_, ledger, xero, base, expected) => {
    expect(city(ledger, xero, base)).toBe(expected)
  })

  test('is left alone where it is not kept in step (K2)', () => {
    const sides: ContactSides = {
      base: { ledger: aCard(), xero: aCard() },
      ledger: aCard({ name: 'New', city: 'new' }, [aPerson('Ann')]),
      rows: [1],
      xero: aCard({ email: 'a@b.test' }, [aPerson('Bob')]),
    }
    expect(mergeContact(sides, { fields: ['name'], hasPeople: false, regionCode: 'NZ' })).toEqual({
      send: { name: 'New' },
      sendPeople: null,
      leftOut: 0,
      bring: {},
      bringPeople: { added: [], changed: [] },
      conflicts: [],
    })
  })
})

test.each<[ContactField, string, string, boolean]>([
  ['phone', '021 123 456', '64 21 123456', true],
  ['mobile', '+64 (0)21 123 456', '021123456', true],
  ['phone', '101', '10 1', false],
  ['fax' as ContactField, '021 123 456', '64 21 123456', false],
  ['name', 'Kea Ltd', ' Kea  Ltd', true],
  ['name', 'Kea Ltd', 'KEA LTD', false],
  ['email', 'A@kea.test', 'a@KEA.test', true],
  ['currency', 'nzd', 'NZD', true],
  ['street_1', '1 Quay St\nLevel 2', '1 Quay St Level 2', true],
  ['city', '', 'Napier', false],
])('%s: “%s” and “%s” are the same: %s', (field, one, other, same) => {
  expect(isSameValue(field, one, other, 'NZ')).toBe(same)
})

/** People as text: both sides, and what they were. */
interface People {
  was?: string[]
  wasInXero?: string[]
  ledger: string[]
  xero: string[]
  /** Rows that the ledger has, where they are not those of its people. */
  rows?: number[]
}

function mergedPeople({ was = [], wasInXero, ledger, xero, rows }: People): ContactMerge {
  const list = (texts: string[]) => texts.map((text, index) => aPerson(text, index + 2))
  return mergeContact(
    {
      base: { ledger: aCard({}, list(was)), xero: aCard({}, list(wasInXero ?? was)) },
      ledger: aCard({}, list(ledger)),
      rows: rows ?? [1, ...ledger.map((_, index) => index + 2)],
      xero: aCard({}, list(xero)),
    },
    rule,
  )
}

const names = (people: readonly { firstName: string; email: string; includeInEmails: boolean }[] | null) =>
  people?.map(
    (one) => `${one.firstName}${one.email ? ` <${one.email}>` : ''}${one.includeInEmails ? '!' : ''}`,
  ) ?? null

describe('people (K8)', () => {
  const cases: [title: string, people: People, send: string[] | null, added: string[]][] = [
    ['nobody changed', { was: ['Ann'], ledger: ['Ann'], xero: ['Ann'] }, null, []],
    ['one more in the ledger', { was: ['Ann'], ledger: ['Ann', 'Bob'], xero: ['Ann'] }, ['Ann', 'Bob'], []],
    ['one more in Xero', { was: ['Ann'], ledger: ['Ann'], xero: ['Ann', 'Bob'] }, null, ['Bob']],
    ['the same one more on both sides', { was: [], ledger: ['Bob'], xero: ['Bob'] }, null, []],
    [
      'another e-mail in the ledger',
      { was: ['Ann <a@x>'], ledger: ['Ann <b@x>'], xero: ['Ann <a@x>'] },
      ['Ann <b@x>'],
      [],
    ],
    [
      'another e-mail in Xero',
      { was: ['Ann <a@x>'], ledger: ['Ann <a@x>'], xero: ['Ann <b@x>'] },
      null,
      ['Ann <b@x>'],
    ],
    [
      'another e-mail on both sides: both are there',
      { was: ['Ann <a@x>'], ledger: ['Ann <b@x>'], xero: ['Ann <c@x>'] },
      ['Ann <c@x>', 'Ann <b@x>'],
      ['Ann <c@x>'],
    ],
    ['a row less in the ledger', { was: ['Ann', 'Bob'], ledger: ['Ann'], xero: ['Ann', 'Bob'] }, null, []],
    [
      'all rows anew in the ledger',
      { was: ['Ann', 'Bob'], ledger: ['Cy'], xero: ['Ann', 'Bob'] },
      ['Bob', 'Cy'],
      [],
    ],
    ['one less in Xero', { was: ['Ann', 'Bob'], ledger: ['Ann', 'Bob'], xero: ['Ann'] }, null, []],
    ['e-mails from the ledger', { was: ['Ann'], ledger: ['Ann!'], xero: ['Ann'] }, ['Ann!'], []],
    [
      'e-mails on both sides: the ledger’s',
      { was: ['Ann!'], wasInXero: ['Ann'], ledger: ['Ann'], xero: ['Ann!'] },
      ['Ann'],
      [],
    ],
    [
      'written in capitals in Xero',
      { was: ['Ann <a@x>'], ledger: ['Ann <a@x>'], xero: ['ANN <A@X>'] },
      null,
      [],
    ],
  ]
  test.each(cases)('%s', (_, people, send, added) => {
    const merge = mergedPeople(people)
    expect([names(merge.sendPeople), names(merge.bringPeople.added)]).toEqual([send, added])
  })

  test('five at most: who came first stays, and who is left out is counted', () => {
    const merge = mergedPeople({ ledger: ['A', 'B', 'C'], xero: ['V', 'W', 'X', 'Y'] })
    expect([names(merge.sendPeople), merge.leftOut]).toEqual([['V', 'W', 'X', 'Y', 'A'], 2])
  })

  test('who gets the e-mails comes from Xero where the ledger did not change it', () => {
    const merge = mergedPeople({ was: ['Ann'], ledger: ['Ann'], xero: ['Ann!'] })
    expect([merge.sendPeople, names(merge.bringPeople.changed)]).toEqual([null, ['Ann!']])
  })

  test('the primary person is nobody’s second', () => {
    const ledger = aCard({ first_name: 'Ann', email: 'a@x' })
    const xero = aCard({ first_name: 'Ann', email: 'a@x' }, [aPerson('Ann <a@x>')])
    const merge = mergeContact({ base: { ledger, xero: aCard() }, ledger, rows: [1], xero }, rule)
    expect(merge.bringPeople.added).toEqual([])
  })
})

describe('whatever the cards are', () => {
  const value = fc.constantFrom('', 'a', 'b', 'c')
  const person = fc.constantFrom('Ann', 'Bob', 'Cy', 'Ann <a@x>', 'Bob!')
  const card = fc
    .tuple(
      value,
      value,
      fc.uniqueArray(person, { maxLength: 5, selector: (text) => personKey(aPerson(text)) }),
    )
    .map(([city, email, people]) => {
      const fields: CardFields = { ...(city ? { city } : {}), ...(email ? { email } : {}) }
      return aCard(
        fields,
        people.map((text, index) => aPerson(text, index + 2)),
      )
    })
  const sides = fc.tuple(card, card, card, card).map(
    ([a, b, ledger, xero]): ContactSides => ({
      base: { ledger: a, xero: b },
      ledger,
      rows: [1, ...ledger.people.map((one) => one.position)],
      xero,
    }),
  )

  test('a field goes one way at most, nothing empty moves, and a second look finds nothing more', () => {
    fc.assert(
      fc.property(sides, (given) => {
        const merge = mergeContact(given, rule)
        for (const field of contactFields) {
          expect(merge.send[field] !== undefined && merge.bring[field] !== undefined).toBe(false)
          expect(merge.send[field]).not.toBe('')
          expect(merge.bring[field]).not.toBe('')
        }
        // As both sides are once everything arrived.
        const added = merge.bringPeople.added.map((one, index) => ({ ...one, position: 100 + index }))
        const flags = new Map(merge.bringPeople.changed.map((one) => [personKey(one), one]))
        const ledger: ContactCard = {
          fields: { ...given.ledger.fields, ...merge.bring },
          people: [...given.ledger.people.map((one) => flags.get(personKey(one)) ?? one), ...added],
        }
        const xero: ContactCard = {
          fields: { ...given.xero.fields, ...merge.send },
          people: merge.sendPeople ?? given.xero.people,
        }
        const rows = [1, ...ledger.people.map((one) => one.position)]
        expect(mergeContact({ base: { ledger, xero }, ledger, rows, xero }, rule)).toEqual({
          send: {},
          sendPeople: null,
          leftOut: 0,
          bring: {},
          bringPeople: { added: [], changed: [] },
          conflicts: [],
        })
      }),
      { numRuns: 500 },
    )
  })

  test('nobody of Xero’s is lost whom the ledger did not write anew', () => {
    fc.assert(
      fc.property(sides, (given) => {
        const merge = mergeContact(given, rule)
        const replaced = new Set(given.base.ledger?.people.map(personKey))
        const left = new Set((merge.sendPeople ?? given.xero.people).map(personKey))
        for (const one of given.xero.people)
          if (!replaced.has(personKey(one))) expect(left.has(personKey(one))).toBe(true)
        expect(left.size).toBeLessThanOrEqual(5)
      }),
      { numRuns: 500 },
    )
  })
})
