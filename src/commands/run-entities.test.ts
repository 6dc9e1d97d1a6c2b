import { describe, expect, test } from 'vitest'
import { noCounts, nothingPulled, type RunReport } from '../accounting/outcomes.ts'
import { AuxoError, type ErrorCode } from '../errors.ts'
import { exitCodeOf } from './run-entities.ts'

const report = (changes: Partial<RunReport> = {}): RunReport => ({
  id: 1,
  entity: 'NZ01',
  organisation: { tenantId: 't', name: 'Harbour Motors' },
  mirror: null,
  state: 'sent',
  startedAt: 'then',
  finishedAt: 'now',
  dryRun: false,
  kinds: noCounts(),
  verb: 'export',
  isPulled: false,
  pulled: nothingPulled(),
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
const waiting = (changes: Partial<RunReport['waiting']>) => ({
  futureDated: 0,
  held: 0,
  uncertain: 0,
  ...changes,
})
const failure: RunReport['failures'][number] = {
  kind: 'invoice',
  id: 'A',
  number: 'A',
  code: 'xero-refused',
  severity: 'error',
  field: null,
  message: 'm',
  why: 'w',
  fix: 'f',
  xeroMessages: [],
}
const open = { waiting: waiting({ uncertain: 1 }), settleFrom: '2026-11-22T00:06:00.000Z' }

const cases: [
  title: string,
  changes: Partial<RunReport>,
  stopped: ErrorCode | null,
  exit: number,
  strict?: number,
][] = [
  ['all sent', {}, null, 0],
  ['a refused document', { failures: [failure] }, null, 1],
  ['an outcome that a person must settle', { waiting: waiting({ uncertain: 1 }) }, null, 1],
  ['an outcome that time settles', open, null, 8],
  ['that and a refused document', { ...open, failures: [failure] }, null, 8],
  ['a time that has nothing to settle any more', { settleFrom: open.settleFrom }, null, 0],
  ['a kind that was stopped', { stopReason: 'The Xero plan allows no more' }, null, 1],
  ['the limit', { stopReason: 'limit' }, 'xero-limit', 7],
  ['the limit, with an outcome that time settles', open, 'xero-limit', 8],
  ['the limit, with a refused document', { failures: [failure] }, 'xero-limit', 7],
  ['Xero away', {}, 'xero-away', 7],
  ['the organisation lost to another run', open, 'organisation-busy', 6],
  ['no access', { failures: [failure] }, 'not-authorised', 4],
  ['interrupted', open, 'interrupted', 130],
  ['only a warning', { warnings: ['w'] }, null, 0, 1],
  ['only a held document', { waiting: waiting({ held: 1 }) }, null, 0, 1],
  ['only a future one', { waiting: waiting({ futureDated: 1 }) }, null, 0, 1],
]

describe('the exit code of a run', () => {
  test.each(cases)('%s', (_title, changes, code, exit, strict = exit) => {
    const stopped = code === null ? null : new AuxoError(code, 'stopped')
    const end = { report: report(changes), stopped }
    expect([exitCodeOf(end, false), exitCodeOf(end, true)]).toEqual([exit, strict])
  })
})
