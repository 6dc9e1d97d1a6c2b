import { describe, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import { decideMail, type MailMemory, noMemory } from './mail-rule.ts'
import type { RunSummary } from './run-summary.ts'

const monday = '2026-11-23' as PlainDate // a date
const tuesday = '2026-11-24' as PlainDate // the next

function run(keys: string[], scope = ''): RunSummary {
  const needs = keys.length === 0 ? [] : [{ entity: 'NZ01', what: 'w', lines: [], keys }]
  return { verb: 'export', scope, at: '2026-11-22T12:00:00.000Z', exitCode: 0, entities: [], needs }
}

type Step = [run: RunSummary, day: PlainDate, kind: string | null, arrives?: false]

/** Goes through the runs with what each leaves behind. */
function live(rule: 'failure' | 'always' | 'digest', steps: Step[]): MailMemory {
  return steps.reduce((memory, [one, day, kind, arrives], index) => {
    const decision = decideMail(rule, memory, one, day)
    expect([index, decision.kind]).toEqual([index, kind])
    return arrives === false ? decision.otherwise : decision.next
  }, noMemory())
}

describe('AUXO_MAIL_ON=failure', () => {
  test('tells what is new at once, the same once a day, and that it is done', () => {
    live('failure', [
      [run([]), monday, null],
      [run(['a', 'b']), monday, 'needs'],
      [run(['a', 'b']), monday, null],
      [run(['a']), monday, null],
      [run(['a', 'b']), monday, 'needs'],
      [run(['a', 'b']), tuesday, 'again'],
      [run(['a', 'b']), tuesday, null],
      [run([]), tuesday, 'clear'],
      [run([]), tuesday, null],
    ])
  })

  test('tries again what did not arrive', () => {
    live('failure', [
      [run(['a']), monday, 'needs', false],
      [run(['a']), monday, 'needs'],
      [run([]), monday, 'clear', false],
      [run([]), monday, 'clear'],
      [run([]), monday, null],
    ])
  })

  test('keeps commands apart that were narrowed to different things', () => {
    const memory = live('failure', [
      [run(['a'], 'invoices'), monday, 'needs'],
      [run([], 'payments'), monday, null],
      [run(['a'], 'invoices'), monday, null],
    ])
    expect(Object.keys(memory.told)).toEqual(['export invoices'])
  })
})

test('AUXO_MAIL_ON=always tells each run', () => {
  live('always', [
    [run([]), monday, 'run'],
    [run(['a']), monday, 'run'],
    [run(['a']), monday, 'run'],
  ])
})

describe('AUXO_MAIL_ON=digest', () => {
  test('is the first run of a day, with all runs since, of which only the last knows what is to do', () => {
    const memory = live('digest', [
      [run(['a']), monday, 'digest'],
      [run(['a']), monday, null],
      [run(['b'], 'payments'), monday, null],
    ])
    const { kind, runs, next } = decideMail('digest', memory, run(['c']), tuesday)
    expect(kind).toBe('digest')
    expect(runs.map(({ needs }) => needs.flatMap(({ keys }) => keys))).toEqual([[], ['b'], ['c']])
    expect(next.runs).toEqual([])
  })

  test('that did not arrive is tried again by the next run, and loses nothing', () => {
    const memory = live('digest', [
      [run([]), monday, 'digest', false],
      [run([]), monday, 'digest', false],
    ])
    expect(memory.runs).toHaveLength(2)
  })
})
