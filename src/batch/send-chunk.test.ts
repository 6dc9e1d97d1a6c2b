import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AuxoError } from '../errors.ts'
import type { WriteAnswer } from '../xero/gateway.ts'
import type { RunContext } from './context.ts'
import { documentKind } from './kinds/document.ts'
import { deliver } from './send-chunk.ts'
import { accepted, refusedWhole, type TestRun, testRun } from './test-run.ts'

const invoices = documentKind('invoice')
let run: TestRun
beforeEach(() => {
  run = testRun({ invoices: 2 })
})
afterEach(() => run.close())

/** Sends both invoices; answers come in this order, the last one for ever. */
async function send(answers: readonly (WriteAnswer | 'accepted')[], context: RunContext = run.context) {
  run.answer = (numbers, call) => {
    const answer = answers[Math.min(call, answers.length) - 1] ?? 'accepted'
    return answer === 'accepted' ? accepted(numbers) : answer
  }
  const planned = ['D0', 'D1'].map((id) => ({
    id,
    revision: 2,
    operation: 'create' as const,
    group: '',
    bytes: 1,
    money: null,
  }))
  const { things } = await invoices.load(context, planned)
  const outcome = await deliver(context, { kind: invoices, number: 1, of: 1, things }).catch(
    (error: unknown) => {
      if (!(error instanceof AuxoError)) throw error
      return { outcome: error.code }
    },
  )
  return { outcome: outcome.outcome, calls: run.calls.length, ...after() }
}

function after() {
  const things = run.world
    .rows("SELECT state FROM export_state WHERE kind = 'invoice' ORDER BY source_id")
    .map((row) => row['state'])
  const [chunk] = run.world.rows('SELECT state FROM chunk')
  // Every call has its log row, and every row that is there has its answer.
  expect(run.world.rows('SELECT id FROM api_log')).toHaveLength(run.calls.length)
  return { things: things.join(), chunk: chunk?.['state'] }
}

const lost: WriteAnswer = { outcome: 'unknown', reason: 'time-out' }
const minute: WriteAnswer = { outcome: 'throttled', limit: 'minute', retryAfterMs: 1_000 }
const expired: WriteAnswer = { outcome: 'unauthorised', detail: 'TokenExpired', scopeMissing: false }
const noScope: WriteAnswer = { outcome: 'unauthorised', detail: 'insufficient_scope', scopeMissing: true }
const closed: WriteAnswer = { outcome: 'forbidden', detail: 'AuthenticationUnsuccessful' }
const away: WriteAnswer = { outcome: 'never-sent', reason: 'ECONNREFUSED' }
const refused = refusedWhole('odd')
const half = (numbers: readonly string[]): WriteAnswer => ({
  ...accepted(numbers),
  outcome: 'refused',
  status: 400,
  messages: ['m'],
  index: null,
  keyMismatch: false,
  elements: numbers.map((key, index) => ({
    xeroId: null,
    key,
    creditId: null,
    name: null,
    status: null,
    total: null,
    tax: null,
    accepted: index === 0,
    errors: index === 0 ? [] : ['bad'],
    warnings: [],
  })),
})
const allRefused: Extract<WriteAnswer, { outcome: 'refused' }> = {
  outcome: 'refused',
  status: 400,
  messages: ['m'],
  index: null,
  keyMismatch: false,
  elements: ['INV-D0', 'INV-D1'].map((key) => ({
    xeroId: null,
    key,
    creditId: null,
    name: null,
    status: null,
    total: null,
    tax: null,
    accepted: false,
    errors: ['bad'],
    warnings: [],
  })),
}

/** The same as a 200 with a verdict for each. */
const eachRefused: WriteAnswer = { outcome: 'elements', elements: allRefused.elements }

const done = { things: 'exported,exported', chunk: 'settled' }
const open = { things: 'uncertain,uncertain', chunk: 'uncertain' }
const back = { things: 'pending,pending', chunk: 'abandoned' }

type Case = [
  title: string,
  answers: (WriteAnswer | 'accepted')[],
  outcome: string,
  calls: number,
  end: object,
]
const cases: Case[] = [
  ['accepted', ['accepted'], 'settled', 1, done],
  ['lost, and accepted on repeat', [lost, 'accepted'], 'settled', 2, done],
  ['lost twice, and accepted on repeat', [lost, lost, 'accepted'], 'settled', 3, done],
  ['lost each time', [lost], 'uncertain', 3, open],
  ['lost, and refused on repeat: that proves nothing', [lost, refused], 'uncertain', 2, open],
  ['lost, and each refused on repeat', [lost, allRefused], 'uncertain', 2, open],
  ['lost, and each refused by itself on repeat', [lost, eachRefused], 'settled', 2, open],
  ['lost, then the minute limit, then accepted', [lost, minute, 'accepted'], 'settled', 3, done],
  ['lost, then Xero cannot be reached', [lost, away], 'xero-away', 5, open],
  ['lost, then no access', [lost, closed], 'not-authorised', 2, open],
  ['the minute limit', [minute, minute, 'accepted'], 'settled', 3, done],
  ['the minute limit for ever', [minute], 'xero-limit', 11, back],
  ['a token that expired', [expired, 'accepted'], 'settled', 2, done],
  ['a token that is never accepted', [expired], 'not-authorised', 2, back],
  ['a scope that is missing', [noScope], 'not-authorised', 1, back],
  ['no access', [closed], 'not-authorised', 1, back],
  ['not reached once', [away, 'accepted'], 'settled', 2, done],
  ['not reached at all', [away], 'xero-away', 4, back],
  ['refused whole', [refused], 'refused', 1, back],
  ['refused whole after the minute limit', [minute, refused], 'refused', 2, back],
  ['each refused', [allRefused], 'settled', 1, { things: 'failed,failed', chunk: 'settled' }],
  ['refused, with one that seems stored', [half(['INV-D0', 'INV-D1'])], 'uncertain', 1, open],
]

describe('what becomes of a call', () => {
  test.each(cases)('%s', async (_title, answers, outcome, calls, end) => {
    expect(await send(answers)).toEqual({ outcome, calls, ...end })
  })

  test('a first attempt that was lost is not said to have sent nothing', async () => {
    const messages: string[] = []
    const { things } = await invoices.load(run.context, [
      { id: 'D0', revision: 2, operation: 'create', group: '', bytes: 1, money: null },
    ])
    for (const answers of [[lost, away], [away]]) {
      run.calls.length = 0
      run.answer = (_numbers, call) => answers[Math.min(call, answers.length) - 1] ?? away
      await deliver(run.context, { kind: invoices, number: 1, of: 1, things }).catch((error: unknown) =>
        messages.push(error instanceof Error ? error.message : ''),
      )
      run.world.exec("UPDATE export_state SET state = 'pending' WHERE kind = 'invoice'")
    }
    expect(messages).toEqual([
      expect.stringMatching(/answer was lost is looked up by the next run/),
      expect.stringMatching(/Nothing of this call was sent/),
    ])
  })

  test('a token that is not accepted is thrown away before the next attempt', async () => {
    let discarded = 0
    const gateway: RunContext['gateway'] = {
      ...run.context.gateway,
      discardToken: () => {
        discarded += 1
      },
    }
    await send([expired, 'accepted'], { ...run.context, gateway })
    expect(discarded).toBe(1)
  })

  test('interrupted before it was written down: nothing is', async () => {
    run.interrupt.abort()
    expect(await send(['accepted'])).toEqual({
      outcome: 'interrupted',
      calls: 0,
      things: 'pending,pending',
      chunk: undefined,
    })
  })

  test('interrupted while it is under way: the answer is recorded', async () => {
    const { context } = run
    const write = context.gateway.write.bind(context.gateway)
    const gateway: RunContext['gateway'] = {
      ...context.gateway,
      write: (request) => {
        run.interrupt.abort()
        return write(request)
      },
    }
    expect(await send(['accepted'], { ...context, gateway })).toMatchObject({ outcome: 'settled', ...done })
  })

  test('interrupted while its answer is lost: it is not repeated', async () => {
    const { context } = run
    const write = context.gateway.write.bind(context.gateway)
    const gateway: RunContext['gateway'] = {
      ...context.gateway,
      write: (request) => {
        run.interrupt.abort()
        return write(request)
      },
    }
    expect(await send([lost], { ...context, gateway })).toEqual({ outcome: 'uncertain', calls: 1, ...open })
  })

  test('lost after so long that Xero may have forgotten the key: it is not repeated', async () => {
    const { context } = run
    const write = context.gateway.write.bind(context.gateway)
    const gateway: RunContext['gateway'] = {
      ...context.gateway,
      write: async (request) => {
        const answer = await write(request)
        run.world.clock.advance(context.books.settings.key_life + 1)
        return answer
      },
    }
    expect(await send([lost], { ...context, gateway })).toEqual({ outcome: 'uncertain', calls: 1, ...open })
  })

  test('waited so long for the limits that it is too old: it waits for the next run', async () => {
    const { context } = run
    let waits = 0
    const gateway: RunContext['gateway'] = {
      ...context.gateway,
      ready: async () => {
        waits += 1
        if (waits === 2) run.world.clock.advance(context.books.settings.key_life + 1)
      },
    }
    expect(await send([minute, 'accepted'], { ...context, gateway })).toEqual({
      outcome: 'not-free',
      calls: 1,
      ...back,
    })
  })

  test('what cannot be remembered outside the ledger is not sent', async () => {
    const { context } = run
    const mark: RunContext['mark'] = {
      ...context.mark,
      write: async () => {
        throw new AuxoError('ledger-unwritable', 'read-only')
      },
    }
    expect(await send(['accepted'], { ...context, mark })).toEqual({
      outcome: 'ledger-unwritable',
      calls: 0,
      ...back,
    })
  })

  test('what another run took over meanwhile is not sent', async () => {
    const { context } = run
    const mark: RunContext['mark'] = {
      ...context.mark,
      write: async () => run.world.exec('UPDATE run_lease SET generation = 2'),
    }
    expect(await send(['accepted'], { ...context, mark })).toEqual({
      outcome: 'organisation-busy',
      calls: 0,
      ...back,
    })
  })

  test('what breaks in the middle of a call leaves it to the next run’s look-up', async () => {
    const { context } = run
    const gateway: RunContext['gateway'] = {
      ...context.gateway,
      write: async () => {
        throw new Error('a bug')
      },
    }
    await expect(send(['accepted'], { ...context, gateway })).rejects.toThrow('a bug')
    expect(run.world.row('SELECT state FROM chunk')).toEqual({ state: 'sent' })
    expect(run.world.rows("SELECT DISTINCT state FROM export_state WHERE kind = 'invoice'")).toEqual([
      { state: 'sending' },
    ])
  })

  test('a thing that a person holds meanwhile is left out of the call', async () => {
    run.world.exec("UPDATE export_state SET state = 'held' WHERE source_id = 'D1'")
    expect(await send(['accepted'])).toMatchObject({ outcome: 'settled', calls: 1, things: 'exported,held' })
  })
})
