import { describe, expect, test } from 'vitest'
import { day } from '../../test/support/books.ts'
import { aContactInXero } from '../../test/support/contacts.ts'
import { cents } from '../accounting/money.ts'
import type { OpenChunk } from '../ledger/open-chunks.ts'
import type { SentDocumentFacts } from '../mapping/document.ts'
import type { FoundContact, FoundInvoice } from '../xero/found.ts'
import type { Found } from './channels/channel.ts'
import { channelTable } from './channels/channel-table.ts'
import { recogniseContact } from './channels/contacts.ts'
import { recogniseByNumber, recogniseSupplierCredit } from './channels/documents.ts'
import { decide } from './resolve.ts'

const facts = (changes: Partial<SentDocumentFacts> = {}): SentDocumentFacts => ({
  form: 'sales_invoice',
  reference: null,
  dueDate: null,
  marker: null,
  content: null,
  payloadHash: null,
  type: 'ACCREC',
  number: 'INV-7',
  contactId: 'contact-1',
  date: day('2026-11-02'),
  currency: 'NZD',
  totalCents: cents(11_500),
  taxCents: cents(1_500),
  status: 'AUTHORISED',
  ...changes,
})
const invoice = (changes: Partial<FoundInvoice> = {}): FoundInvoice => ({
  xeroId: 'x1',
  type: 'ACCREC',
  number: 'INV-7',
  reference: null,
  contactId: 'contact-1',
  date: day('2026-11-02'),
  dueDate: null,
  currency: 'NZD',
  total: cents(11_500),
  tax: cents(1_500),
  status: 'AUTHORISED',
  amountPaid: cents(0),
  amountCredited: cents(0),
  amountDue: cents(11_500),
  payments: [],
  credits: [],
  lineIds: [],
  content: null,
  url: null,
  updatedAt: 0,
  ...changes,
})
const foundInvoice = (changes: Partial<FoundInvoice> = {}): Found => {
  const row = invoice(changes)
  return { xeroId: row.xeroId, number: row.number, status: row.status, row }
}

describe('an invoice found in Xero', () => {
  const cases: [title: string, found: Partial<FoundInvoice>, expected: string][] = [
    ['that agrees in everything', {}, 'ours'],
    ['that was voided since', { status: 'VOIDED' }, 'ours'],
    ['that was deleted since', { status: 'DELETED' }, 'ours'],
    ['that was paid since', { status: 'PAID', amountPaid: cents(11_500) }, 'ours'],
    ['whose reference a person changed', { reference: 'other' }, 'ours'],
    ['of another contact', { contactId: 'contact-2' }, 'look-alike'],
    ['of another date', { date: day('2026-11-03') }, 'look-alike'],
    ['without a date', { date: null }, 'look-alike'],
    ['in another currency', { currency: 'USD' }, 'look-alike'],
    ['of a cent more', { total: cents(11_501) }, 'look-alike'],
    ['with its number in another case', { number: 'inv-7' }, 'look-alike'],
    ['of another number', { number: 'INV-8' }, 'other'],
    ['of a longer number', { number: 'INV-77' }, 'other'],
    ['without a number', { number: null }, 'other'],
    ['that is a bill of the same number', { type: 'ACCPAY' }, 'other'],
  ]
  test.each(cases)('%s', (_title, found, expected) => {
    expect(recogniseByNumber(facts(), invoice(found))).toBe(expected)
    expect(channelTable.sales_invoices.recognise(JSON.stringify(facts()), foundInvoice(found))).toBe(expected)
  })
})

describe('a contact found in Xero', () => {
  const contact = (changes: Partial<FoundContact> = {}): FoundContact => ({
    contactId: 'c1',
    name: 'Kea Ltd',
    contactNumber: 'K',
    email: null,
    phones: [],
    status: 'ACTIVE',
    mergedTo: null,
    updatedAt: 0,
    inXero: aContactInXero(),
    ...changes,
  })
  const cases: [title: string, number: string | null, found: Partial<FoundContact>, expected: string][] = [
    ['of our number and name', 'K', {}, 'ours'],
    ['of our number and name, written otherwise', 'K', { name: ' KEA  ltd ' }, 'ours'],
    ['of our number, archived since', 'K', { status: 'ARCHIVED' }, 'ours'],
    ['of our number and another name', 'K', { name: 'Lark' }, 'look-alike'],
    ['of our name without a number', 'K', { contactNumber: null }, 'ours'],
    ['of our name without a number, archived', 'K', { contactNumber: null, status: 'ARCHIVED' }, 'other'],
    ['of our name and another number', 'K', { contactNumber: 'L' }, 'look-alike'],
    ['of our name and our number in another case', 'K', { contactNumber: 'k' }, 'look-alike'],
    ['of our name, sent without a number', null, { contactNumber: null }, 'ours'],
    ['of our name with a number, sent without one', null, { contactNumber: 'K' }, 'ours'],
    ['of our name, archived, sent without a number', null, { status: 'ARCHIVED' }, 'other'],
    ['of another name and number', 'K', { name: 'Lark', contactNumber: 'L' }, 'other'],
    ['of another name without a number', 'K', { name: 'Lark', contactNumber: null }, 'other'],
  ]
  test.each(cases)('%s', (_title, number, found, expected) => {
    const row = contact(found)
    expect(recogniseContact({ number, name: 'Kea Ltd' }, row)).toBe(expected)
    expect(
      channelTable.contacts.recognise(JSON.stringify({ number, name: 'Kea Ltd' }), {
        xeroId: row.contactId,
        number: row.contactNumber,
        status: row.status,
        row,
      }),
    ).toBe(expected)
  })
})

describe('what a look-up decides', () => {
  const ended = Date.parse('2026-11-22T00:00:00Z')
  const windowMs = 360_000
  const chunk = (
    things: SentDocumentFacts[],
    changes: Partial<Pick<OpenChunk, 'lastEndedAt' | 'clockOffsetMs'>> = {},
  ) => ({
    kind: 'invoice' as const,
    knownIds: [] as string[],
    lastEndedAt: ended,
    clockOffsetMs: 0,
    things: things.map((one, index) => ({
      position: index + 10,
      kind: 'invoice' as const,
      sourceId: `D${index}`,
      entity: 'NZ01',
      facts: JSON.stringify(one),
    })),
    ...changes,
  })
  const decided = (open: ReturnType<typeof chunk>, candidates: Found[], serverTime: number) => {
    const { resolutions, findings, waiting } = decide(channelTable.sales_invoices, open, candidates, {
      serverTime,
      settleWindowMs: windowMs,
    })
    return {
      done: resolutions.map(
        (one) => `${one.position} ${one.outcome}${one.outcome === 'exported' ? ` ${one.xeroId}` : ''}`,
      ),
      person: findings.map((one) => `${one.id} ${one.code}`),
      waiting,
    }
  }
  const early = ended + windowMs - 1
  const late = ended + windowMs

  test.each([
    ['found, early', [foundInvoice()], early, { done: ['10 exported x1'], person: [], waiting: 0 }],
    ['found, late', [foundInvoice()], late, { done: ['10 exported x1'], person: [], waiting: 0 }],
    [
      'found, voided since',
      [foundInvoice({ status: 'VOIDED' })],
      late,
      { done: ['10 exported x1'], person: [], waiting: 0 },
    ],
    ['not found, a millisecond early', [], early, { done: [], person: [], waiting: 1 }],
    ['not found, just late', [], late, { done: ['10 returned'], person: [], waiting: 0 }],
    [
      'only another',
      [foundInvoice({ number: 'INV-8' })],
      late,
      { done: ['10 returned'], person: [], waiting: 0 },
    ],
    [
      'a look-alike, early',
      [foundInvoice({ total: cents(1) })],
      early,
      { done: [], person: ['D0 look-alike-in-xero'], waiting: 0 },
    ],
    [
      'a look-alike, late',
      [foundInvoice({ total: cents(1) })],
      late,
      { done: [], person: ['D0 look-alike-in-xero'], waiting: 0 },
    ],
    [
      'only the case differs',
      [foundInvoice({ number: 'inv-7' })],
      late,
      { done: [], person: ['D0 look-alike-in-xero'], waiting: 0 },
    ],
    [
      'ours beside a look-alike',
      [foundInvoice({ xeroId: 'x0', total: cents(1) }), foundInvoice()],
      late,
      { done: ['10 exported x1'], person: [], waiting: 0 },
    ],
    [
      'two of ours: nobody can tell which',
      [foundInvoice(), foundInvoice({ xeroId: 'x2' })],
      late,
      { done: [], person: ['D0 look-alike-in-xero'], waiting: 0 },
    ],
  ])('%s', (_title, candidates, serverTime, expected) => {
    expect(decided(chunk([facts()]), candidates, serverTime)).toEqual(expected)
  })

  test.each([
    // Xero's clock is that of the answers; the chunk's times are by ours.
    ['ahead of ours: not late by Xero’s', 60_000, late, 1],
    ['ahead of ours: late by Xero’s', 60_000, late + 60_000, 0],
    ['behind ours: late by Xero’s', -60_000, late - 60_000, 0],
    ['behind ours: a millisecond early', -60_000, late - 60_001, 1],
  ])('the window ends on Xero’s clock, %s', (_title, clockOffsetMs, serverTime, waiting) => {
    expect(decided(chunk([facts()], { clockOffsetMs }), [], serverTime).waiting).toBe(waiting)
  })

  test('each thing of a chunk for itself', () => {
    const open = chunk([facts(), facts({ number: 'INV-8' }), facts({ number: 'INV-9' })])
    const candidates = [
      foundInvoice({ xeroId: 'x9', number: 'INV-9' }),
      foundInvoice({ number: 'INV-7', total: cents(1) }),
    ]
    expect(decided(open, candidates, late)).toEqual({
      done: ['12 exported x9', '11 returned'],
      person: ['D0 look-alike-in-xero'],
      waiting: 0,
    })
  })

  test('one of Xero is one of ours: of two alike the second is not there', () => {
    expect(decided(chunk([facts(), facts()]), [foundInvoice()], early)).toEqual({
      done: ['10 exported x1'],
      person: [],
      waiting: 1,
    })
    expect(decided(chunk([facts(), facts()]), [foundInvoice()], late).done).toEqual([
      '10 exported x1',
      '11 returned',
    ])
  })

  test('the way out names what was found and how to settle it', () => {
    const { findings } = decide(
      channelTable.sales_invoices,
      chunk([facts()]),
      [foundInvoice({ total: cents(1) })],
      {
        serverTime: late,
        settleWindowMs: windowMs,
      },
    )
    expect(findings[0]?.fix).toContain('auxo-sync settle INV-7 --xero-id x1')
    expect(findings[0]?.fix).toContain('auxo-sync settle INV-7 --not-there')
  })
})

describe('what carries no mark is ours if it was not there before, and agrees in everything', () => {
  const credit = facts({ form: 'supplier_credit', type: 'ACCPAYCREDIT', number: 'SC-1', content: 'lines' })
  const found = (xeroId: string, changes: Partial<FoundInvoice> = {}) =>
    foundInvoice({ xeroId, type: 'ACCPAYCREDIT', number: 'SC-1', content: 'lines', ...changes })

  test.each<[string, Partial<FoundInvoice>, string]>([
    ['agreeing', {}, 'ours'],
    ['without a number, which Xero may drop', { number: null }, 'ours'],
    ['read without its lines', { content: null }, 'ours'],
    ['with other lines', { content: 'other' }, 'look-alike'],
    ['of another number', { number: 'SC-2' }, 'other'],
    ['of another supplier', { contactId: 'contact-2' }, 'other'],
    ['of a cent more', { total: cents(11_501) }, 'other'],
    ['that is a sales credit', { type: 'ACCRECCREDIT' }, 'other'],
  ])('a supplier credit %s', (_title, changes, expected) => {
    expect(
      recogniseSupplierCredit(
        credit,
        invoice({ type: 'ACCPAYCREDIT', number: 'SC-1', content: 'lines', ...changes }),
      ),
    ).toBe(expected)
  })

  const settleWindowMs = 360_000
  const other = { ...credit, content: 'other' }
  /** `n` credits alike, sent at 0; Xero has these now. */
  function decided(
    things: readonly SentDocumentFacts[],
    candidates: readonly Found[],
    options: { isLate?: boolean; knownIds?: string[] } = {},
  ) {
    const { resolutions, findings, waiting } = decide(
      channelTable.supplier_credits,
      {
        kind: 'supplier_credit',
        lastEndedAt: 0,
        clockOffsetMs: 0,
        knownIds: options.knownIds ?? [],
        things: things.map((one, position) => ({
          position,
          kind: 'supplier_credit',
          sourceId: `D${position}`,
          entity: 'NZ01',
          facts: JSON.stringify(one),
        })),
      },
      candidates,
      { serverTime: options.isLate === false ? settleWindowMs - 1 : settleWindowMs, settleWindowMs },
    )
    const done = resolutions.map(
      (one) => `${one.position} ${one.outcome === 'exported' ? one.xeroId : one.outcome}`,
    )
    return { done, person: findings.map(({ id }) => id), waiting }
  }
  const nobody = { person: [], waiting: 0 }

  test.each<[string, ReturnType<typeof decided>, ReturnType<typeof decided>]>([
    ['one of one', decided([credit], [found('x1')]), { done: ['0 x1'], ...nobody }],
    // A person's may be there while ours is still on its way: then two are found, later.
    [
      'one of one, early',
      decided([credit], [found('x1')], { isLate: false }),
      { done: [], person: [], waiting: 1 },
    ],
    ['none of one', decided([credit], []), { done: ['0 returned'], ...nobody }],
    [
      'one that was there before',
      decided([credit], [found('x1')], { knownIds: ['x1'] }),
      { done: ['0 returned'], ...nobody },
    ],
    [
      'a new one beside one that was there',
      decided([credit], [found('x1'), found('x2')], { knownIds: ['x1'] }),
      { done: ['0 x2'], ...nobody },
    ],
    [
      'two of one: nobody can tell which',
      decided([credit], [found('x1'), found('x2')]),
      { done: [], person: ['D0'], waiting: 0 },
    ],
    [
      'two of two alike',
      decided([credit, credit], [found('x1'), found('x2')]),
      { done: ['0 x1', '1 x2'], ...nobody },
    ],
    [
      'one of two alike',
      decided([credit, credit], [found('x1')]),
      { done: ['0 x1', '1 returned'], ...nobody },
    ],
    [
      'two of two whose numbers Xero dropped: nothing else of them differs',
      decided(
        [credit, { ...credit, number: 'SC-2' }],
        [found('x1', { number: null }), found('x2', { number: null })],
      ),
      { done: ['0 x1', '1 x2'], ...nobody },
    ],
    [
      'three of two alike',
      decided([credit, credit], [found('x1'), found('x2'), found('x3')]),
      { done: [], person: ['D0', 'D1'], waiting: 0 },
    ],
    [
      'the second of two that differ in their lines',
      decided([credit, other], [found('x1', { content: 'other' })]),
      { done: ['1 x1', '0 returned'], ...nobody },
    ],
    [
      'one with the lines of neither',
      decided([credit], [found('x1', { content: 'theirs' })]),
      { done: [], person: ['D0'], waiting: 0 },
    ],
  ])('%s', (_title, actual, expected) => {
    expect(actual).toEqual(expected)
  })
})
