// The built program as processes of their own with a log-in of a browser: two that renew at once, and one that is killed when Xero has
// answered. The rest of the log-in's life is told in scenarios/log-ins.test.ts.

import { afterEach, expect, test } from 'vitest'
import { freePort } from './support/browser-person.ts'
import { ProcessWorld } from './support/process-world.ts'

let world: ProcessWorld | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** A ledger whose two entities are connected by one log-in. */
async function open(): Promise<ProcessWorld> {
  const w = await ProcessWorld.open()
  world = w
  w.env['XERO_CLIENT_ID'] = w.sandbox.browserClientId
  w.env['XERO_LOGIN_URL'] = w.sandbox.url
  // Locked with it, nothing goes into the keychain of whoever runs the tests.
  w.env['AUXO_PASSPHRASE'] = 'a passphrase of tests'
  await w.run('init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ')
  await w.run('entities', 'add', 'NZ02', '--name', 'Harbour Print Two', '--region', 'NZ')
  for (const entity of ['NZ01', 'NZ02']) await connect(w, entity)
  return w
}

async function connect(w: ProcessWorld, entity: string): Promise<void> {
  w.onLine = (line) => {
    if (line.startsWith('http')) void fetch(w.sandbox.consent(line))
  }
  const flags = ['--yes', '--no-browser', '--port', String(await freePort()), '--entity', entity]
  expect(await w.run('connect', ...flags)).toMatchObject({ code: 0 })
  w.onLine = () => undefined
}

const renewals = (w: ProcessWorld) =>
  w.exchanges.filter(({ requestBody }) => requestBody.includes('grant_type=refresh_token')).length

test('two processes whose token Xero takes no more renew it once, and both go on', async () => {
  const w = await open()
  w.sandbox.fault({ method: 'GET', path: '/connections', kind: 'token-expires' })
  const ends = await Promise.all(['NZ01', 'NZ02'].map((entity) => w.run('pull', '--entity', entity)))
  // One organisation: the second may find the first at work.
  expect(ends.map(({ code }) => code)).toContain(0)
  for (const { code } of ends) expect([0, 6]).toContain(code)
  expect(renewals(w)).toBe(1)
  expect(await w.run('pull')).toMatchObject({ code: 0 })
})

test('killed with the answer on its way to the disk, the next run renews it again', async () => {
  const w = await open()
  w.sandbox.fault({ method: 'GET', path: '/connections', kind: 'token-expires' })
  const { child, ended } = w.start('pull', '--entity', 'NZ01')
  w.onExchange = ({ requestBody }) => {
    if (requestBody.includes('grant_type=refresh_token')) child.kill('SIGKILL')
  }
  expect(await ended).toMatchObject({ signal: 'SIGKILL' })
  w.onExchange = () => undefined
  expect(await w.run('pull', '--entity', 'NZ01')).toMatchObject({ code: 0 })
  expect(renewals(w)).toBe(2)
})
