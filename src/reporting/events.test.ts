import { describe, expect, test } from 'vitest'
import { about, eventStream, type LoggedEvent, wantsEvents } from './events.ts'

function log(quiet = false) {
  let text = ''
  const stream = eventStream(
    { write: (more) => (text += more) },
    { clock: { now: () => Date.parse('2026-11-22T03:00:00Z') }, quiet },
  )
  const events = () =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LoggedEvent)
  return { stream, events, text: () => text }
}

describe('a log of events', () => {
  test('has time, level, name, entity and run in each line, then what the name says', () => {
    const { stream, text } = log()
    const subject = { entity: 'NZ01', run: null as number | null }
    const own = about(stream, subject)
    own.event?.({ event: 'begin', level: 'info', verb: 'export' })
    subject.run = 12
    own.event?.({ event: 'warning', level: 'warning', message: 'm' })
    expect(text()).toBe(
      '{"at":"2026-11-22T03:00:00.000Z","level":"info","event":"begin","entity":"NZ01","run":null,"verb":"export"}\n' +
        '{"at":"2026-11-22T03:00:00.000Z","level":"warning","event":"warning","entity":"NZ01","run":12,"message":"m"}\n',
    )
  })

  test('makes an event of each line that is written as text, however it comes', () => {
    const { stream, events } = log(true)
    stream.write('Next: auxo-sync ')
    stream.write('validate\nand\n\n\u001b[31mthen\n')
    expect(events().map(({ event, level, message }) => [event, level, message])).toEqual([
      ['message', 'info', 'Next: auxo-sync validate'],
      ['message', 'info', 'and'],
      ['message', 'info', 'then'],
    ])
  })

  test('with --quiet has no events of what goes well', () => {
    const { stream, events } = log(true)
    stream.event?.({ event: 'end', level: 'info', exitCode: 0 })
    stream.event?.({ event: 'end', level: 'error', exitCode: 1 })
    expect(events().map(({ exitCode }) => exitCode)).toEqual([1])
  })
})

test.each([
  [['export', '--log-format', 'json'], true],
  [['--log-format=json', 'export'], true],
  [['export', '--log-format', 'text'], false],
  [['export', '--json'], false],
  [['export', '--log-format'], false],
])('%j asks for events: %s', (argv, isAsked) => {
  expect(wantsEvents(argv)).toBe(isAsked)
})
