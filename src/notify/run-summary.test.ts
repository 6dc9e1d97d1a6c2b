import { expect, test } from 'vitest'
import { noCounts, nothingPulled, type RunReport } from '../accounting/outcomes.ts'
import type { RunResult } from './run-result.ts'
import { summarise } from './run-summary.ts'

const report = (changes: Partial<RunReport>): RunReport => ({
  id: 7,
  verb: 'export',
  entity: 'NZ01',
  organisation: { tenantId: 't', name: 'Harbour Motors' },
  mirror: null,
  state: 'sent',
  startedAt: '2026-11-22T03:00:00.000Z',
  finishedAt: '2026-11-22T03:01:00.000Z',
  dryRun: false,
  kinds: noCounts(),
  pulled: nothingPulled(),
  isPulled: true,
  chunks: [],
  failures: [],
  waiting: { futureDated: 0, held: 0, uncertain: 0 },
  calls: { made: 0, minuteLeft: null, dayLeft: null, bytesOut: 0, bytesIn: 0 },
  stopReason: null,
  settleFrom: null,
  plan: null,
  warnings: [],
  ...changes,
})

function needs(changes: Partial<RunReport>, result: Partial<RunResult> = {}) {
  return summarise({
    verb: 'export',
    scope: '',
    startedAt: '2026-11-22T03:00:00.000Z',
    endedAt: '2026-11-22T03:01:00.000Z',
    exitCode: 1,
    timeZone: 'Pacific/Auckland',
    reports: [report(changes)],
    errors: [],
    warnings: [],
    findings: [],
    ...result,
  }).needs
}

test('a run that went well needs nobody', () => {
  expect(needs({ warnings: ['w'] }, { exitCode: 0 })).toEqual([])
})

test('whatever the reason is, a run that did not end well needs somebody', () => {
  // --strict, where held and future documents alone are 1.
  expect(needs({ waiting: { futureDated: 1, held: 1, uncertain: 0 } })).toMatchObject([
    { entity: null, what: 'The run ended with exit code 1.' },
  ])
})

test('the same reason at another time is no news, another reason is', () => {
  const [keys, later, other] = [
    'Xero is away; run again after 05:47',
    'Xero is away; run again after 06:12',
    'The plan allows no more',
  ].map((stopReason) => needs({ stopReason }).map((need) => need.keys.join()))
  expect(keys).toEqual(later)
  expect(keys).not.toEqual(other)
})

test('lost answers say from when the next run settles them, in the time of the organisation', () => {
  const [need] = needs({
    waiting: { futureDated: 0, held: 0, uncertain: 3 },
    settleFrom: '2026-11-22T04:00:00.000Z',
  })
  expect(need?.lines[0]?.text).toBe(
    'Run again after 22 Nov 2026 17:00 GMT+13; the next run settles them by itself.',
  )
})

test('an error that keeps an entity from running and a log-in that ends need somebody', () => {
  const told = needs(
    {},
    {
      exitCode: 4,
      reports: [],
      errors: [{ entity: 'AU01', code: 'not-authorised', message: 'm', details: ['d'] }],
      warnings: [{ entity: 'NZ01', message: 'It ends in 3 days' }],
    },
  )
  expect(told).toMatchObject([
    { entity: 'AU01', what: 'm', lines: [{ label: '', text: 'd' }] },
    { entity: 'NZ01', what: 'It ends in 3 days' },
  ])
})
