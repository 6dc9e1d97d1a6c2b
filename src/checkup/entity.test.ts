import { describe, expect, test } from 'vitest'
import { type Check, exitCodeOf, fine, wrong } from './check.ts'
import { type EntityFacts, judgeEntity } from './entity.ts'
import { judgeLedger, type LedgerFacts } from './ledger.ts'

type Connection = NonNullable<EntityFacts['connection']>

const now = Date.parse('2026-11-22T00:00:00Z')
const connection: Connection = {
  organisation: 'Harbour Motors',
  login: 'browser',
  isDisconnected: false,
  otherHost: null,
  missingScopes: [],
  credentialProblem: null,
  daysLeft: 50,
}
const facts: EntityFacts = {
  entity: 'NZ01',
  hasOthers: false,
  now,
  settingProblems: [],
  connection,
  mirrorReadAt: now - 3_600_000,
  callsToday: 100,
  callsPerDay: 5_000,
  copyProblem: null,
  open: { chunks: 0, settleFrom: null },
  lease: null,
  xero: null,
}
const answered = {
  outcome: 'answered',
  name: 'Harbour Motors',
  aheadMs: 0,
  dayLeft: 4_000,
  minuteLeft: 60,
} as const

function judged(changed: Partial<EntityFacts>, id: Check['id']): string | null {
  const check = judgeEntity({ ...facts, ...changed }).find((one) => one.id === id)
  return check ? `${check.state} ${check.exitCode}` : null
}

describe('an entity', () => {
  const custom = { ...connection, login: 'custom', daysLeft: null } as const
  test.each<[string, Partial<EntityFacts>, Check['id'], string | null]>([
    ['a log-in that lasts', {}, 'log-in', 'ok 0'],
    ['one that ends in two weeks', { connection: { ...connection, daysLeft: 14 } }, 'log-in', 'warning 0'],
    ['one that has ended', { connection: { ...connection, daysLeft: 0 } }, 'log-in', 'error 4'],
    [
      'one that another computer keeps',
      { connection: { ...connection, daysLeft: undefined } },
      'log-in',
      'error 4',
    ],
    ['a custom connection has none that ends', { connection: custom }, 'log-in', null],
    ['disconnected, alone', { connection: { ...connection, isDisconnected: true } }, 'connection', 'error 4'],
    [
      'disconnected, beside others',
      { connection: { ...connection, isDisconnected: true }, hasOthers: true },
      'connection',
      'warning 0',
    ],
    [
      'a scope that was not given',
      { connection: { ...connection, missingScopes: ['a.b'] } },
      'scopes',
      'error 4',
    ],
    [
      'of a custom connection, not asked',
      { connection: { ...custom, missingScopes: ['a.b'] } },
      'scopes',
      'warning 0',
    ],
    [
      'of a custom connection that Xero just gave all',
      { connection: { ...custom, missingScopes: ['a.b'] }, xero: answered },
      'scopes',
      'ok 0',
    ],
    ['few calls left, as Xero says', { xero: { ...answered, dayLeft: 500 } }, 'calls-left', 'warning 0'],
    ['few calls left by our own count', { callsToday: 4_700 }, 'calls-left', 'warning 0'],
    ['a clock that is a minute off', { xero: { ...answered, aheadMs: -60_000 } }, 'clock', 'warning 0'],
    ['a clock of another day', { xero: { ...answered, aheadMs: 86_400_000 } }, 'clock', 'error 1'],
    ['an answer without a time', { xero: { ...answered, aheadMs: null } }, 'clock', null],
    ['books never read', { mirrorReadAt: null }, 'mirror', 'warning 0'],
    [
      'Xero that does not know us',
      { xero: { outcome: 'failed', code: 'not-authorised', message: 'No.' } },
      'xero',
      'error 4',
    ],
    [
      'Xero that is away',
      { xero: { outcome: 'failed', code: 'xero-away', message: 'No.' } },
      'xero',
      'warning 0',
    ],
    [
      'calls under way',
      { open: { chunks: 2, settleFrom: null }, lease: aLease('alive') },
      'open-calls',
      'ok 0',
    ],
    [
      'calls of a run that died',
      { open: { chunks: 2, settleFrom: null }, lease: aLease('dead') },
      'open-calls',
      'warning 0',
    ],
    ['a run at work', { lease: aLease('alive') }, 'lease', 'ok 0'],
    ['a run that gives no sign', { lease: aLease('silent') }, 'lease', 'warning 0'],
  ])('%s', (_, changed, id, expected) => {
    expect(judged(changed, id)).toBe(expected)
  })
})

function aLease(state: 'alive' | 'dead' | 'silent') {
  return { holder: 'mere@office, process 7 on office', since: '2026-11-21T23:00:00.000Z', state }
}

describe('the disk of the ledger', () => {
  const ledger: LedgerFacts = {
    file: '/srv/books/ledger.db',
    problem: null,
    size: { bytes: 400_000_000, logBytes: 0 },
    freeBytes: 10_000_000_000,
    network: null,
    rights: { isFileWritable: true, isFolderWritable: true, isOpenToAll: false },
    schema: { has: 12, known: 12 },
    damage: [],
    orphans: [],
  }
  test.each([
    [10_000_000_000, 'ok'],
    [700_000_000, 'warning'],
    [40_000_000, 'error'],
    [null, undefined],
  ])('with %s bytes free', (freeBytes, state) => {
    expect(judgeLedger({ ...ledger, freeBytes }).find(({ id }) => id === 'disk-space')?.state).toBe(state)
  })
})

test('5 is told before 4, and 4 before 1', () => {
  const error = (exitCode: 1 | 4 | 5) => wrong('xero', { found: '', cure: '', exitCode })
  expect(exitCodeOf([error(1), error(5), error(4)])).toBe(5)
  expect(exitCodeOf([error(1), error(4)])).toBe(4)
  expect(exitCodeOf([fine('xero', { found: '' }), error(1)])).toBe(1)
  expect(exitCodeOf([])).toBe(0)
})
