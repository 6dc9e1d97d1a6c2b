import { describe, expect, test } from 'vitest'
import { readChannels } from './channels.ts'

const mail = { AUXO_SMTP_URL: 'smtps://mail.example.com', AUXO_MAIL_TO: 'mere@example.com' }

test('nothing set is nobody told, and nothing wrong', () => {
  expect(readChannels({ AUXO_PING_URL: ' ' })).toEqual({
    channels: { ping: null, webhook: null, mail: null },
    problems: [],
  })
})

describe('a web address', () => {
  test('gives its user and password to a header', () => {
    const { channels, problems } = readChannels({
      AUXO_WEBHOOK_URL: 'https://me:p%40ss@example.com/hook?a=1',
    })
    expect(problems).toEqual([])
    expect(channels.webhook).toEqual({
      url: new URL('https://example.com/hook?a=1'),
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
      secret: null,
    })
  })

  test.each([
    ['plain http', 'http://example.com/hook', false],
    ['plain http to this machine', 'http://127.0.0.1:8000/hook', true],
    ['another protocol', 'ftp://example.com', false],
    ['no address', 'hc-ping.com/marked-uuid', false],
  ])('%s', (_, address, isTaken) => {
    const { channels, problems } = readChannels({ AUXO_PING_URL: address })
    expect(channels.ping !== null).toBe(isTaken)
    expect(problems.join()).not.toContain('marked')
    expect(problems).toHaveLength(isTaken ? 0 : 1)
  })
})

describe('a mail server', () => {
  test.each<[string, string, object]>([
    ['smtps', 'smtps://mail.example.com', { port: 465, tls: 'at-once', login: null }],
    [
      'smtp with a log-in',
      'smtp://me:p%2Fss%@mail.example.com:2525',
      { port: 2525, tls: 'upgraded', login: { user: 'me', password: 'p%2Fss%' } },
    ],
    ['smtp', 'smtp://mail.example.com', { port: 587, tls: 'upgraded' }],
    ['smtp on this machine', 'smtp://[::1]', { host: '::1', port: 25, tls: 'none' }],
  ])('%s', (_, address, expected) => {
    const { channels, problems } = readChannels({ ...mail, AUXO_SMTP_URL: address })
    expect(problems).toEqual([])
    expect(channels.mail).toMatchObject(expected)
  })

  test.each<[string, Record<string, string>, string]>([
    ['the sender that is set', { AUXO_MAIL_FROM: 'books@example.com' }, 'books@example.com'],
    [
      'the user that logs in',
      { AUXO_SMTP_URL: 'smtps://u%40example.com:p@mail.example.com' },
      'u@example.com',
    ],
    ['the first who gets it', { AUXO_SMTP_URL: 'smtps://user:p@mail.example.com' }, 'mere@example.com'],
  ])('mail comes from %s', (_, env, from) => {
    expect(readChannels({ ...mail, ...env }).channels.mail?.from).toBe(from)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['nobody to write to', { AUXO_MAIL_TO: '' }, /AUXO_MAIL_TO does not say/],
    ['nobody to send it', { AUXO_SMTP_URL: '' }, /AUXO_SMTP_URL, by which/],
    ['words for an address', { AUXO_MAIL_TO: 'Mere <mere@example.com>' }, /AUXO_MAIL_TO must be/],
    [
      'a header in an address',
      { AUXO_MAIL_TO: 'a@example.com\r\nBcc: b@example.com' },
      /AUXO_MAIL_TO must be/,
    ],
    ['a sender that is none', { AUXO_MAIL_FROM: 'books' }, /AUXO_MAIL_FROM must be/],
    ['another protocol', { AUXO_SMTP_URL: 'https://mail.example.com' }, /AUXO_SMTP_URL must look/],
    [
      'options that undo encryption',
      { AUXO_SMTP_URL: 'smtp://h.example.com?ignoreTLS=1' },
      /AUXO_SMTP_URL must/,
    ],
    ['a rule that is none', { AUXO_MAIL_ON: 'never' }, /AUXO_MAIL_ON must be one of failure, always, digest/],
  ])('%s is named and sends nothing', (_, env, problem) => {
    const { channels, problems } = readChannels({ ...mail, ...env })
    expect(channels.mail).toBeNull()
    expect(problems.join('\n')).toMatch(problem)
  })
})
