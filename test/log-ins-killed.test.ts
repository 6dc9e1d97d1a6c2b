// The built program as processes of their own with a log-in of a browser: two that renew at once, and one that is killed when Xero has
// answered. The rest of the log-in's life is told in scenarios/log-ins.test.ts.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './support/browser-person.ts'
import { ProcessWorld } from './support/process-world.ts'

let w: ProcessWorld

beforeAll(async () => {
  w = await ProcessWorld.open()
  w.env['XERO_CLIENT_ID'] = w.sandbox.browserClientId
  w.env['XERO_LOGIN_URL'] = w.sandbox.url
  // Locked with it, nothing goes into the keychain of whoever runs the tests.
  w.env['AUXO_PASSPHRASE'] = 'a passphrase of tests'
  await w.run('init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ')
  w.onLine = (line) => {
    if (line.startsWith('http')) void fetch(w.sandbox.consent(line))
  }
  const connected = await w.run('connect', '--yes', '--no-browser', '--port', String(await freePort()))
  expect(connected).toMatchObject({ code: 0 })
  w.onLine = () => undefined
}, 120_000)

afterAll(() => w.close())

/** How often it was renewed while something was done, at whose first call Xero takes the token no more. */
async function renewalsOf(work: () => Promise<void>): Promise<number> {
  const before = w.exchanges.length
  w.sandbox.fault({ method: 'GET', path: '/connections', kind: 'token-expires' })
  await work()
  const renewals = w.exchanges
    .slice(before)
    .filter(({ requestBody }) => requestBody.includes('=refresh_token'))
  return renewals.length
}

test('two processes whose token Xero takes no more renew it once, and both go on', async () => {
  const renewals = await renewalsOf(async () => {
    const codes = (await Promise.all([w.run('pull'), w.run('pull')])).map(({ code }) => code)
    // Of one organisation: the second may find the first at work.
    expect(codes).toContain(0)
    for (const code of codes) expect([0, 6]).toContain(code)
  })
  expect(renewals).toBe(1)
})

test('killed with the answer on its way to the disk, the next run renews it again', async () => {
  const renewals = await renewalsOf(async () => {
    const { child, ended } = w.start('pull')
    w.onExchange = ({ requestBody }) => {
      if (requestBody.includes('=refresh_token')) child.kill('SIGKILL')
    }
    expect(await ended).toMatchObject({ signal: 'SIGKILL' })
    w.onExchange = () => undefined
    expect(await w.run('pull')).toMatchObject({ code: 0 })
  })
  expect(renewals).toBe(2)
})
