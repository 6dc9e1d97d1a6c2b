// What a mail server may do to a mail, on real sockets: encryption is asked for before anything is said that matters.

import { expect, test } from 'vitest'
import { startMailServer } from '../../test/support/post-office.ts'
import type { MailTarget } from './channels.ts'
import { sendMail } from './mail.ts'

const mail = { subject: 's', text: 't\n', html: '<p>t</p>' }

const to = (port: number, changes: Partial<MailTarget> = {}): MailTarget => ({
  host: '127.0.0.1',
  port,
  tls: 'none',
  login: { user: 'me', password: 'a-marked-password' },
  to: ['mere@example.com'],
  from: 'books@example.com',
  rule: 'failure',
  ...changes,
})

test('a server without encryption gets neither mail nor password', async () => {
  const asked: string[] = []
  await using server = await startMailServer({
    onAuth: (auth, _, done) => {
      asked.push(String(auth.password))
      done(null, { user: 'me' })
    },
  })
  expect(await sendMail(to(server.port, { tls: 'upgraded' }), mail)).toMatch(/agreed to no encryption/)
  expect(asked).toEqual([])
  expect(server.mails).toEqual([])
})

test('a certificate that nobody signed is refused', async () => {
  await using server = await startMailServer({ secure: true })
  expect(await sendMail(to(server.port, { tls: 'at-once' }), mail)).toMatch(/certificate is not trusted/)
  await using upgrading = await startMailServer({ disabledCommands: [] })
  expect(await sendMail(to(upgrading.port, { tls: 'upgraded' }), mail)).toMatch(
    /agreed to no encryption|certificate is not trusted/,
  )
  expect([...server.mails, ...upgrading.mails]).toEqual([])
})

test('a refused password is said in our words, and a server on this machine needs no encryption', async () => {
  await using server = await startMailServer({
    onAuth: (auth, _, done) => done(new Error(`no ${auth.password}`)),
  })
  const refused = await sendMail(to(server.port), mail)
  expect(refused).toBe(`127.0.0.1:${server.port} refused the user or the password of AUXO_SMTP_URL`)
  expect(await sendMail(to(server.port, { login: null }), mail)).toBeNull()
  expect(server.mails).toHaveLength(1)
})

test('a server that is not there is said to be away', async () => {
  const server = await startMailServer()
  const { port } = server
  await server[Symbol.asyncDispose]()
  expect(await sendMail(to(port), mail)).toMatch(/^127\.0\.0\.1:\d+ could not be reached/)
})
