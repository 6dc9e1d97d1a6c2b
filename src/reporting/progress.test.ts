import { describe, expect, test } from 'vitest'
import { fixedClock } from '../../test/support/clock.ts'
import { capturedStream, testHost } from '../../test/support/host.ts'
import type { Progress } from '../accounting/outcomes.ts'
import { eventStream } from './events.ts'
import { progressTeller, sendingAccount, waitProgress } from './progress.ts'

type ChunkEvent = Extract<Progress, { event: 'chunk' }>

const chunk = (
  number: number,
  tally: Partial<Record<'exported' | 'failed' | 'uncertain', number>>,
): ChunkEvent => ({
  event: 'chunk',
  kind: 'invoice',
  number,
  of: 2,
  documents: 100,
  exported: 0,
  failed: 0,
  uncertain: 0,
  ...tally,
})

const events: Progress[] = [
  { event: 'step', step: 'pull', detail: 'Reading accounts' },
  { event: 'checked', kind: 'invoice', done: 200, total: 350 },
  { event: 'checked', kind: 'invoice', done: 350, total: 350 },
  { event: 'sending', kind: 'invoice', documents: 200, chunks: 2 },
  chunk(1, { exported: 99, failed: 1 }),
]

async function told(flags: { quiet?: boolean; json?: boolean; isEvents?: boolean }): Promise<string> {
  const host = testHost()
  const { quiet = false, json = false } = flags
  const stderr = flags.isEvents ? eventStream(host.stderr, { clock: host.clock, quiet }) : host.stderr
  const teller = await progressTeller({ ...host, stderr }, { quiet, json })
  for (const event of events) teller.tell(event)
  teller.stop()
  expect(host.out()).toBe('')
  return host.err()
}

describe('progress', () => {
  test('is few plain lines where it is piped', async () => {
    expect(await told({})).toBe(
      'Reading accounts …\nChecked 350 of 350 invoices\nSending 200 invoices in 2 calls …\ninvoices 1/2: 99 exported, 1 failed\n',
    )
  })

  test.each([
    ['minute-limit', "Waiting 41 s for Xero's limit of calls a minute"],
    ['asked', 'Waiting 41 s, as Xero asked'],
    ['repeat', 'Waiting 41 s before Xero is asked again'],
  ] as const)('says how long it waits: %s', (why, detail) => {
    expect(waitProgress(40_200, why)).toEqual({ event: 'step', step: 'wait', detail })
  })

  test('is nothing with --quiet', async () => {
    expect(await told({ quiet: true })).toBe('')
  })

  test('is one JSON event a line with --log-format json', async () => {
    const lines = (await told({ isEvents: true })).trimEnd().split('\n')
    expect(lines).toHaveLength(events.length)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      at: '2026-11-22T03:00:00.000Z',
      level: 'info',
      event: 'step',
      entity: null,
      run: null,
      step: 'pull',
      detail: 'Reading accounts',
    })
    expect(JSON.parse(lines[4] ?? '')).toMatchObject({ level: 'warning', event: 'chunk', failed: 1 })
  })

  test('with --quiet only the JSON events that need a look', async () => {
    expect(await told({ quiet: true, isEvents: true })).toMatch(/^\{.*"level":"warning".*\}\n$/)
  })

  test('spins on a terminal and takes itself away', async () => {
    const written: string[] = []
    const stderr = Object.assign(capturedStream({ isTTY: true, columns: 80 }), {
      write: (text: string) => written.push(text),
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
      on: () => undefined,
    })
    const teller = await progressTeller(
      { stderr, env: {}, clock: fixedClock('2026-11-22T03:00:00Z') },
      { quiet: false, json: false },
    )
    for (const event of events) teller.tell(event)
    teller.stop()
    expect(written.join('')).toContain('Reading accounts')
  })

  test('counts how many of how many and how long to go', () => {
    const clock = fixedClock('2026-11-22T03:00:00Z')
    const account = sendingAccount(clock)
    account.tell({ event: 'sending', kind: 'invoice', documents: 350, chunks: 4 })
    clock.advance(60_000)
    expect(account.tell(chunk(1, { exported: 99, failed: 1 }))).toBe(
      'Sending invoices: 100 of 350, 1 failed, about 3 minutes to go',
    )
    clock.advance(60_000)
    expect(account.tell({ ...chunk(2, { exported: 250 }), documents: 250 })).toBe(
      'Sending invoices: 350 of 350, 1 failed',
    )
  })
})
