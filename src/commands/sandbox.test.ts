// `sandbox` and `demo` where the machine does not play along: each is a sentence and an exit code, never a bug (70).

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testContext, testHost } from '../../test/support/host.ts'
import { AuxoError } from '../errors.ts'
import { runProgram } from '../program.ts'
import { demoCommand } from './demo.ts'
import { sandboxCommand } from './sandbox.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auxo-sandbox-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Stopped at once, so that a sandbox that starts after all ends the test instead of holding it. */
const stoppedHost = () =>
  testHost({
    cwd: folder,
    onInterrupt: (stop) => {
      stop()
      return () => undefined
    },
  })

test.each([
  ['no JSON', '{{', 'configuration-invalid', /state\.json.*is not a state file of this sandbox/],
  ['an empty file', '', 'configuration-invalid', /is not a state file/],
  ['JSON of something else', '{}', 'configuration-invalid', /is not a state file/],
])('a state file that is %s', async (_, content, code, sentence) => {
  const state = join(folder, 'state.json')
  writeFileSync(state, content)
  const start = sandboxCommand(testContext(stoppedHost()), { port: 0, state })
  await expect(start).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) })
  await expect(start).rejects.toBeInstanceOf(AuxoError)
})

test.each([
  ['a folder', () => folder],
  ['in a folder that is not there', () => join(folder, 'none', 'state.json')],
])('a state file that is %s', async (_, state) => {
  await expect(sandboxCommand(testContext(stoppedHost()), { port: 0, state: state() })).rejects.toMatchObject(
    { code: 'configuration-invalid', message: expect.stringMatching(/cannot be used/) },
  )
})

test('a port that no machine has', async () => {
  await expect(sandboxCommand(testContext(stoppedHost()), { port: 65_536 })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/from 0 to 65535/),
  })
})

test('it says where its pages are beside the lines for a shell, and not at all when quiet', async () => {
  const host = stoppedHost()
  await sandboxCommand(testContext(host), { port: 0 })
  const [, url] = /^XERO_API_URL=(\S+)$/m.exec(host.out()) ?? []
  expect(host.err()).toContain(`open ${url}/_person/ in a browser`)
  expect(host.out()).toMatch(/^(XERO_[A-Z_]+=\S+\n){6}$/)
  expect(host.out()).toMatch(/^XERO_BROWSER_CLIENT_ID=SANDBOX0BROWSER0ID$/m)
  const quiet = stoppedHost()
  await sandboxCommand(testContext(quiet, { quiet: true }), { port: 0 })
  expect(quiet.err()).toBe('')
})

test('each business that is named is an organisation of its own', async () => {
  let stop = () => {}
  const host = testHost({
    cwd: folder,
    onInterrupt: (callback) => {
      stop = callback
      return () => undefined
    },
  })
  const ended = sandboxCommand(testContext(host), { port: 0, business: ['workshop', 'agency'] })
  while (host.out() === '') await new Promise(setImmediate)
  const value = (name: string) => new RegExp(`^${name}=(\\S+)$`, 'm').exec(host.out())?.[1] ?? ''
  const url = value('XERO_API_URL')
  const pair = `${value('XERO_CLIENT_ID')}:${value('XERO_CLIENT_SECRET')}`
  const token = await fetch(`${url}/connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  // The sandbox's own answers, looked at here and nowhere else.
  const { access_token: access } = (await token.json()) as { access_token: string }
  const list = await fetch(`${url}/connections`, { headers: { authorization: `Bearer ${access}` } })
  expect(await list.json()).toMatchObject([
    { tenantName: 'Demo Company (NZ), workshop' },
    { tenantName: 'Demo Company (NZ), agency' },
  ])
  stop()
  await ended
})

test('its help names the pages and the way for scripts', async () => {
  const host = testHost()
  expect(await runProgram(['sandbox', '--help'], host)).toBe(0)
  expect(host.out()).toMatch(/http:\/\/127\.0\.0\.1:4098\/_person\/.*GET \/_person\/actions/s)
})

test('demo --keep where no folder can be made', async () => {
  mkdirSync(join(folder, 'kept'))
  writeFileSync(join(folder, 'kept', 'file'), '')
  await expect(
    demoCommand(testContext(stoppedHost()), undefined, { keep: join('kept', 'file', 'demo') }),
  ).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(/cannot be made or read/) })
})

test('demo of a business that there is none of names those that there are', async () => {
  await expect(demoCommand(testContext(stoppedHost()), 'bakery', {})).rejects.toMatchObject({
    code: 'usage',
    details: expect.arrayContaining([expect.stringMatching(/^agency: /)]),
  })
})
