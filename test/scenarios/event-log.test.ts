// --log-format json under cron: every line on stderr is one event with a name that stays, whatever happens.

import { afterEach, expect, test } from 'vitest'
import { eventNames } from '../../src/reporting/events.ts'
import { invoicesSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

interface Logged {
  at: string
  level: string
  event: string
  entity: string | null
  run: number | null
  [field: string]: unknown
}

/** Every line, held to the form that all have. */
function eventsOf(err: string): Logged[] {
  expect(err.endsWith('\n')).toBe(true)
  return err
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event = JSON.parse(line) as Logged
      expect(Object.keys(event).slice(0, 5)).toEqual(['at', 'level', 'event', 'entity', 'run'])
      expect(event.at).toMatch(/^2026-.*Z$/)
      expect(['info', 'warning', 'error']).toContain(event.level)
      expect(eventNames).toContain(event.event)
      return event
    })
}

const names = (events: readonly Logged[]) => [...new Set(events.map(({ event }) => event))]

async function open(sql = ''): Promise<World> {
  world = await World.open()
  await world.prepare(sql)
  return world
}

test('a run with a refused document tells its steps, the document, and how it ended', async () => {
  const w = await open(invoicesSql(12, 2))
  w.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
  const { code, err } = await w.run(['export', '--log-format', 'json', '--verbose'])
  const events = eventsOf(err)
  expect(code).toBe(1)
  expect(names(events)).toEqual(
    expect.arrayContaining([
      'begin',
      'step',
      'checked',
      'sending',
      'chunk',
      'call',
      'finding',
      'report',
      'end',
    ]),
  )
  const begun = events.findIndex(({ event }) => event === 'begin')
  const own = events.slice(begun, -1)
  expect(own.every(({ entity, run }) => entity === 'NZ01' && run === 1)).toBe(true)
  expect(events.find(({ event }) => event === 'finding')).toMatchObject({
    level: 'error',
    kind: 'invoice',
    code: 'contact-missing',
  })
  expect(events.at(-2)).toMatchObject({ event: 'report', verb: 'export', exitCode: 1, failed: 1 })
  expect(events.at(-1)).toMatchObject({ event: 'end', level: 'error', exitCode: 1, entity: null })
})

test('an error that ends a run is an event with its exit code, and so is one that ends the command', async () => {
  const w = await open(invoicesSql(2, 1))
  const wrong = await w.run(['export', '--log-format=json'], { env: { XERO_CLIENT_SECRET: 'not this one' } })
  expect(eventsOf(wrong.err).slice(-2)).toMatchObject([
    { event: 'error', level: 'error', entity: 'NZ01', exitCode: wrong.code },
    { event: 'end', exitCode: wrong.code },
  ])
  const none = await w.run(['export', '--log-format', 'json', '--ledger', 'nowhere.db', '--quiet'])
  expect(eventsOf(none.err)).toMatchObject([
    { event: 'error', code: 'ledger-missing', exitCode: 5 },
    { event: 'end', exitCode: 5 },
  ])
  const slip = await w.run(['export', '--log-format', 'json', '--dry-rum'])
  expect(eventsOf(slip.err).at(-2)).toMatchObject({ event: 'error', code: 'usage', exitCode: 2 })
})

test('what other verbs say on stderr are events too, and a quiet success has none', async () => {
  const w = await open(invoicesSql(2, 1))
  const validate = await w.run(['validate', '--log-format', 'json'])
  expect(names(eventsOf(validate.err))).toEqual(expect.arrayContaining(['checked', 'end']))
  const made = await w.run([
    'init',
    'other.db',
    '--entity',
    'A',
    '--name',
    'A',
    '--region',
    'NZ',
    '--log-format',
    'json',
  ])
  expect(names(eventsOf(made.err))).toEqual(['message', 'end'])
  const quiet = await w.run(['export', '--log-format', 'json', '--quiet', '--json'])
  expect({ code: quiet.code, err: quiet.err }).toEqual({ code: 0, err: '' })
})
