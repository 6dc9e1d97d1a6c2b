import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../accounting/findings.ts'
import type { ReplyElement } from '../xero/gateway.ts'
import { judgeElements } from './judge.ts'
import type { LoadedThing } from './kind-row.ts'

const thing = (id: string, changes: Partial<LoadedThing> = {}): LoadedThing => ({
  sourceId: id,
  label: `INV-${id}`,
  revision: 1,
  factsHash: 'h',
  facts: '{}',
  key: `INV-${id}`,
  name: null,
  channel: 'sales_invoices',
  operation: 'create',
  method: 'PUT',
  path: '/Invoices',
  payload: { model: {} },
  compare: () => [],
  ...changes,
})
const contact = (code: string, name: string, key: string | null = code) =>
  thing(code, { label: code, key, name })

const element = (key: string | null, changes: Partial<ReplyElement> = {}): ReplyElement => ({
  xeroId: `xero-${key}`,
  key,
  creditId: null,
  name: null,
  status: 'AUTHORISED',
  total: null,
  tax: null,
  accepted: true,
  errors: [],
  warnings: [],
  ...changes,
})
const refused = (key: string | null, ...errors: string[]): ReplyElement =>
  element(key, { xeroId: null, accepted: false, errors: errors.length > 0 ? errors : ['It is bad'] })

const breakdown = 'An error occurred in Xero. Check the API Status page'
const planFull = "You've reached the limit of invoices you can approve on your plan"
const inUse = 'Invoice # must be unique.'

function judged(things: readonly LoadedThing[], elements: readonly ReplyElement[], isFirstAttempt = true) {
  const verdicts = judgeElements({ kind: { kind: 'invoice' }, things }, elements, { isFirstAttempt })
  return {
    outcomes: verdicts.outcomes.map((one) =>
      one.outcome === 'exported' ? `${one.position} ${one.xeroId}` : `${one.position} failed`,
    ),
    open: verdicts.openReason,
    plan: verdicts.planLimit,
  }
}

const differs = (): Finding[] => [
  {
    kind: 'bill',
    id: 'A',
    number: '7',
    code: 'differs-in-xero',
    severity: 'error',
    field: 'total',
    message: '',
    why: '',
    fix: '',
    xeroMessages: [],
  },
]
const [a, b, c] = [thing('A'), thing('B'), thing('C')]
const none = { open: null, plan: null }
const left = 'Xero’s answer left out some of what was sent.'

const cases: [title: string, things: LoadedThing[], elements: ReplyElement[], expected: object][] = [
  [
    'in order',
    [a, b],
    [element('INV-A'), element('INV-B')],
    { outcomes: ['0 xero-INV-A', '1 xero-INV-B'], ...none },
  ],
  [
    'shuffled: our key tells',
    [a, b, c],
    [element('INV-C'), element('INV-A'), element('INV-B')],
    { outcomes: ['0 xero-INV-A', '1 xero-INV-B', '2 xero-INV-C'], ...none },
  ],
  [
    'one refused without its key, in its place',
    [a, b, c],
    [element('INV-A'), refused(null), element('INV-C')],
    { outcomes: ['0 xero-INV-A', '1 failed', '2 xero-INV-C'], ...none },
  ],
  [
    'shuffled, with one without a key whose place is taken: it cannot be told',
    [a, b, c],
    [element('INV-B'), refused(null), element('INV-A')],
    { outcomes: ['0 xero-INV-A', '1 xero-INV-B'], open: left, plan: null },
  ],
  ['one left out', [a, b], [element('INV-B')], { outcomes: ['1 xero-INV-B'], open: left, plan: null }],
  [
    'one left out, another without a key: its place tells nothing',
    [a, b, c],
    [refused(null), element('INV-C')],
    { outcomes: ['2 xero-INV-C'], open: left, plan: null },
  ],
  ['nothing at all', [a, b], [], { outcomes: [], open: left, plan: null }],
  [
    'one too many that is not ours',
    [a],
    [element('INV-A'), element('INV-Z')],
    { outcomes: ['0 xero-INV-A'], ...none },
  ],
  [
    'one that is not ours in the place of ours',
    [a, b],
    [element('INV-A'), element('INV-Z')],
    { outcomes: ['0 xero-INV-A'], open: left, plan: null },
  ],
  [
    'the same key twice: the first counts, the other stays open',
    [a, b],
    [element('INV-A'), element('INV-A', { xeroId: 'second' })],
    { outcomes: ['0 xero-INV-A'], open: left, plan: null },
  ],
  [
    'one that went without a key of ours, and got one in Xero: its place tells',
    [a, thing('B', { key: null })],
    [element('INV-A'), element('Xero-7', { xeroId: 'x1' })],
    { outcomes: ['0 xero-INV-A', '1 x1'], ...none },
  ],
  [
    'the same where the answer lacks one: nothing tells',
    [a, thing('B', { key: null })],
    [element('Xero-7', { xeroId: 'x1' })],
    { outcomes: [], open: left, plan: null },
  ],
  [
    'a contact without number is known by its name alone',
    [contact('A', 'Acme', null)],
    [element('N-9', { name: 'Somebody else' })],
    { outcomes: [], open: left, plan: null },
  ],
  [
    'two suppliers with one number: the place tells',
    [thing('A', { key: '7' }), thing('B', { key: '7' }), c],
    [element('7', { xeroId: 'x0' }), element('7', { xeroId: 'x1' }), element('INV-C')],
    { outcomes: ['0 x0', '1 x1', '2 xero-INV-C'], ...none },
  ],
  [
    'two with one number, one of them refused',
    [thing('A', { key: '7' }), thing('B', { key: '7' })],
    [refused('7'), element('7', { xeroId: 'x1' })],
    { outcomes: ['0 failed', '1 x1'], ...none },
  ],
  [
    'two with one number, in places that their totals speak against: neither can be told',
    [thing('A', { key: '7', compare: differs }), thing('B', { key: '7', compare: differs })],
    [element('7', { xeroId: 'x1' }), element('7', { xeroId: 'x0' })],
    { outcomes: [], open: left, plan: null },
  ],
  [
    'two with one number, shuffled with a third: their places tell nothing',
    [thing('A', { key: '7' }), thing('B', { key: '7' }), c],
    [element('INV-C'), element('7', { xeroId: 'x1' }), element('7', { xeroId: 'x0' })],
    { outcomes: ['2 xero-INV-C'], open: left, plan: null },
  ],
  [
    'accepted without an id',
    [a, b],
    [element('INV-A', { xeroId: null }), element('INV-B')],
    {
      outcomes: ['1 xero-INV-B'],
      open: 'Xero’s answer accepted a document without an id of its own.',
      plan: null,
    },
  ],
  [
    'one id for two: neither can be told',
    [a, b, c],
    [element('INV-A', { xeroId: 'x' }), element('INV-B', { xeroId: 'x' }), element('INV-C')],
    {
      outcomes: ['2 xero-INV-C'],
      open: 'Xero’s answer accepted a document without an id of its own.',
      plan: null,
    },
  ],
  [
    'refused',
    [a, b],
    [refused('INV-A'), element('INV-B')],
    { outcomes: ['0 failed', '1 xero-INV-B'], ...none },
  ],
  [
    'refused though it has an id',
    [a],
    [{ ...refused('INV-A'), xeroId: 'x' }],
    { outcomes: ['0 failed'], ...none },
  ],
  ['a number in use', [a], [refused('INV-A', inUse)], { outcomes: ['0 failed'], ...none }],
  [
    'a fault of Xero’s',
    [a, b],
    [refused('INV-A', breakdown), element('INV-B')],
    { outcomes: ['1 xero-INV-B'], open: 'Xero had an error of its own.', plan: null },
  ],
  [
    'the plan’s limit',
    [a, b],
    [element('INV-A'), refused('INV-B', planFull)],
    { outcomes: ['0 xero-INV-A', '1 failed'], open: null, plan: planFull },
  ],
  [
    'another case of the key is not our key',
    [a],
    [element('inv-a')],
    { outcomes: [], open: left, plan: null },
  ],
  [
    'contacts by number, then by name',
    [contact('K', 'Kea Ltd'), contact('L', 'Lark', null)],
    [element(null, { name: ' lark ', xeroId: 'l' }), element('K', { name: 'Kea Ltd', xeroId: 'k' })],
    { outcomes: ['0 k', '1 l'], ...none },
  ],
  [
    'a refused contact that echoes only its name',
    [contact('K', 'Kea Ltd'), contact('L', 'Lark')],
    [refused(null), { ...refused(null), name: 'KEA  LTD' }].reverse(),
    { outcomes: ['0 failed', '1 failed'], ...none },
  ],
]

describe('the elements of an answer', () => {
  test.each(cases)('%s', (_title, things, elements, expected) => {
    expect(judged(things, elements)).toEqual(expected)
  })

  test.each([
    ['refused', [refused('INV-A')]],
    ['a number in use, which may be our own first success', [refused('INV-A', inUse)]],
    ['the plan’s limit', [refused('INV-A', planFull)]],
    ['refused without a key', [refused(null)]],
  ])('after an unknown attempt it proves nothing: %s', (_title, elements) => {
    expect(judged([a], elements, false)).toEqual({
      outcomes: [],
      open: 'Xero refused to repeat what may have been stored already.',
      plan: null,
    })
  })

  test('after an unknown attempt a success still counts', () => {
    expect(judged([a, b], [element('INV-A'), refused('INV-B')], false).outcomes).toEqual(['0 xero-INV-A'])
  })

  test('what Xero says otherwise and its refusals come along as findings', () => {
    const finding = {
      kind: 'invoice',
      id: 'A',
      number: 'INV-A',
      code: 'differs-in-xero',
      severity: 'warning',
      field: null,
      message: 'm',
      why: 'w',
      fix: 'f',
      xeroMessages: [],
    } as const
    const { outcomes } = judgeElements(
      { kind: { kind: 'invoice' }, things: [thing('A', { compare: () => [finding] }), b] },
      [element('INV-A'), refused('INV-B', 'Something odd')],
      { isFirstAttempt: true },
    )
    expect(outcomes[0]?.outcome).toBe('exported')
    expect(outcomes.map((one) => one.findings.map(({ code, id, number }) => ({ code, id, number })))).toEqual(
      [
        [{ code: 'differs-in-xero', id: 'A', number: 'INV-A' }],
        [{ code: 'xero-refused', id: 'B', number: 'INV-B' }],
      ],
    )
    expect(outcomes[1]).toMatchObject({ reason: 'Xero refused invoice INV-B: “Something odd”' })
  })

  test('in any order give each thing its own', () => {
    const many = Array.from({ length: 100 }, (_, index) => thing(String(index)))
    const answered = many.map((one, index) => (index % 3 === 0 ? refused(one.key) : element(one.key)))
    fc.assert(
      fc.property(fc.shuffledSubarray(answered, { minLength: 100 }), (shuffled) => {
        const { outcomes, open } = judged(many, shuffled)
        expect(open).toBeNull()
        expect(outcomes).toEqual(
          many.map((one, index) => (index % 3 === 0 ? `${index} failed` : `${index} xero-${one.key}`)),
        )
      }),
      { numRuns: 30 },
    )
  })

  test('never gives one thing two outcomes, nor one id to two things, whatever comes', () => {
    const keyed = fc.constantFrom('INV-A', 'INV-B', 'INV-C', 'INV-Z', null)
    const any = fc.record({ key: keyed, ok: fc.boolean(), id: fc.constantFrom('1', '2', '3', null) })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), fc.boolean(), (elements, first) => {
        const { outcomes, openReason } = judgeElements(
          { kind: { kind: 'invoice' }, things: [a, b, c] },
          elements.map((one) =>
            element(one.key, { xeroId: one.id, accepted: one.ok, errors: one.ok ? [] : ['bad'] }),
          ),
          { isFirstAttempt: first },
        )
        const positions = outcomes.map((one) => one.position)
        expect(new Set(positions).size).toBe(positions.length)
        const taken = outcomes.flatMap((one) => (one.outcome === 'exported' ? [one.xeroId] : []))
        expect(new Set(taken).size).toBe(taken.length)
        expect(openReason === null).toBe(outcomes.length === 3)
      }),
    )
  })
})
