import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  carriesMarker,
  markedThing,
  markerTag,
  markerUrl,
  referenceWithTag,
  tagOf,
  withMarker,
} from './marker.ts'

const template = 'https://auxo-sync.localhost/{entity}/{kind}/{id}'
const bill = { entity: 'NZ01', kind: 'bill', id: 'b-7' }
const marker = markerUrl(template, bill)

describe('the link', () => {
  test.each([
    ['filled in', template, bill, 'https://auxo-sync.localhost/NZ01/bill/b-7'],
    [
      'percent-encoded',
      template,
      { ...bill, id: 'a/b #1&é' },
      'https://auxo-sync.localhost/NZ01/bill/a%2Fb%20%231%26%C3%A9',
    ],
    [
      'without Xero’s name',
      template,
      { ...bill, entity: 'Xero', id: 'XEROX' },
      'https://auxo-sync.localhost/X%65ro/bill/X%45ROX',
    ],
    [
      'nor where a token completes it',
      'https://a.test/{kind}{entity}ero{id}',
      { ...bill, entity: 'x' },
      'https://a.test/billx%65rob-7',
    ],
    [
      'a value that looks like a token',
      template,
      { ...bill, entity: '{id}' },
      'https://auxo-sync.localhost/%7Bid%7D/bill/b-7',
    ],
  ])('%s', (_, from, thing, url) => {
    expect(markerUrl(from, thing)).toBe(url)
  })

  test.each([
    ['none of its own', null, marker],
    ['an empty one', '', marker],
    ['its own', 'https://a.test/1', `https://a.test/1#${marker}`],
    ['its own with a fragment', 'https://a.test/1#top', `https://a.test/1#top&${marker}`],
  ])('behind %s', (_, url, sent) => {
    expect(withMarker(url, marker)).toBe(sent)
    expect(carriesMarker(sent, marker)).toBe(true)
  })

  test.each([
    ['nothing', null],
    ['another one', markerUrl(template, { ...bill, id: 'b-70' })],
    ['another kind', markerUrl(template, { ...bill, kind: 'purchase_order' })],
    ['a link of a person', 'https://a.test/1'],
    ['a link that only begins with it', `${marker}/attachments`],
  ])('%s does not carry it', (_, url) => {
    expect(carriesMarker(url, marker)).toBe(false)
  })

  test('of two different things never the same, and never with Xero’s name', () => {
    const id = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('xero', 'xXEROero', 'x%65ro'))
    fc.assert(
      fc.property(id, id, (one, other) => {
        const [first, second] = [one, other].map((of) => markerUrl(template, { ...bill, id: of }))
        expect(first).not.toMatch(/xero/i)
        expect(first === second).toBe(one === other)
        expect(carriesMarker(withMarker('https://a.test/#x', first ?? ''), second ?? '')).toBe(one === other)
      }),
    )
  })
})

describe('the thing that a link marks', () => {
  const things = [bill, { entity: 'Xero & Co', kind: 'journal', id: 'a/b #1&é?' }, { ...bill, id: '' }]
  const templates = [
    template,
    'https://a.test/?e={entity}&k={kind}&i={id}',
    'https://a.test/#{kind}/{entity}/{id}.',
  ]
  test.each(templates.flatMap((from) => things.map((thing) => ({ from, thing }))))(
    '$thing by $from',
    ({ from, thing }) => {
      const url = markerUrl(from, thing)
      expect(markedThing(url, from)).toEqual(thing)
      expect(markedThing(withMarker('https://b.test/1#top', url), from)).toEqual(thing)
      expect(markedThing(`${url}/more`, from)).toBeNull()
    },
  )

  test.each([
    ['nothing', null],
    ['a link of a person', 'https://a.test/1'],
    ['a broken escape', 'https://auxo-sync.localhost/NZ01/bill/%E0%A4%A'],
  ])('%s marks none', (_title, url) => {
    expect(markedThing(url, template)).toBeNull()
  })
})

describe('the tag', () => {
  const tag = markerTag({ entity: 'NZ01', kind: 'payment', id: 'p-1' })

  test('stays what it was: another value would not find what was sent', () => {
    expect(tag).toMatchInlineSnapshot(`"#hnrfyb57ug"`)
    expect(markerTag({ entity: 'NZ01', kind: 'refund', id: 'p-1' })).not.toBe(tag)
    expect(markerTag({ entity: 'NZ01p', kind: 'ayment', id: 'p-1' })).not.toBe(tag)
  })

  test.each([
    ['no reference', null, tag],
    ['a blank one', '  ', tag],
    ['a reference', 'Receipt 7', `Receipt 7 ${tag}`],
    ['one that just fits', 'x'.repeat(243), `${'x'.repeat(243)} ${tag}`],
    ['one that does not', 'x'.repeat(300), `${'x'.repeat(243)} ${tag}`],
    ['one cut at a space', `${'x'.repeat(242)} yy`, `${'x'.repeat(242)} ${tag}`],
    ['one cut inside a character', `${'x'.repeat(242)}😀`, `${'x'.repeat(242)} ${tag}`],
  ])('%s', (_, reference, sent) => {
    expect(referenceWithTag(reference, tag)).toBe(sent)
    expect(tagOf(sent)).toBe(tag)
  })

  test.each([
    ['nothing', null],
    ['none', 'Receipt 7'],
    ['one in the middle', `${tag} Receipt`],
    ['one that is part of a word', `Receipt${tag}`],
    ['a number', '#12'],
  ])('none is found in %s', (_, reference) => {
    expect(tagOf(reference)).toBeNull()
  })

  test('always found again, within the length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 12, max: 300 }),
        (text, max) => {
          const sent = referenceWithTag(text, tag, max)
          expect(sent.length).toBeLessThanOrEqual(max)
          expect(tagOf(sent)).toBe(tag)
          expect(sent).not.toMatch(/\p{Surrogate}/u)
        },
      ),
    )
  })
})
