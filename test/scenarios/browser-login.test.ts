// Logging in with a browser (Z1): from the address that is shown to the organisation that is pinned, and what goes wrong on the way.

import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { auDemoCompany, nzDemoCompany } from '../../src/sandbox/organisation.ts'
import { browserEnv, connectInBrowser, freePort } from '../support/browser-person.ts'
import { invoicesSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

async function open(options: WorldOptions = {}): Promise<World> {
  const w = await World.open(options)
  world = w
  await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
  return w
}

const twoOrganisations = { sandbox: { organisations: [nzDemoCompany(), auDemoCompany()] } }

test('a person logs in, and the runs after it need nothing of the environment', async () => {
  const w = await open()
  const { code, out, err } = await connectInBrowser(w, ['--yes'])
  expect({ code, out, err }).toMatchObject({
    code: 0,
    out: expect.stringContaining('NZ01 is connected to “Demo Company (NZ)”'),
    err: expect.stringContaining('its key in a file beside it'),
  })
  expect(w.query('SELECT login, client_id FROM connection')).toEqual([
    { login: 'browser', client_id: w.sandbox.browserClientId },
  ])
  // Each call is a row, and none of them holds the code or a token.
  expect(w.query('SELECT method, path, status FROM api_log ORDER BY id LIMIT 2')).toEqual([
    { method: 'POST', path: '/connect/token', status: 200 },
    { method: 'GET', path: '/connections', status: 200 },
  ])
  w.sql(invoicesSql(3, 1))
  delete w.env['XERO_CLIENT_ID']
  delete w.env['XERO_CLIENT_SECRET']
  const exported = await w.export()
  expect(exported).toMatchObject({
    code: 0,
    runs: [{ state: 'sent' }],
    err: expect.not.stringContaining('log-in'),
  })
  expect(JSON.parse(exported.out)).toMatchObject({ warnings: [] })
})

test('asked for is the least that the settings need, and what can be renewed', async () => {
  const w = await open()
  await w.must(['settings', 'set', 'payments', 'none'])
  const asked: string[] = []
  const note = async (redirect: URL) => {
    asked.push(redirect.searchParams.get('scope') ?? '')
    await (await fetch(redirect)).text()
  }
  await connectInBrowser(w, ['--yes'], { instead: note })
  expect(asked[0]?.split(' ')).toEqual([
    'offline_access',
    'accounting.contacts',
    'accounting.invoices',
    'accounting.manualjournals',
    'accounting.settings',
  ])
})

describe('a setting that needs more than was allowed', () => {
  test('says so at once, stops the run before anything is sent, and is mended by logging in again', async () => {
    const w = await open()
    await w.must(['settings', 'set', 'payments', 'none'])
    await connectInBrowser(w, ['--yes'])
    const { err } = await w.must(['settings', 'set', 'payments', 'both'])
    expect(err).toContain(
      'does not allow accounting.payments yet, which this needs. Log in again: auxo-sync connect --entity NZ01',
    )
    w.sql(invoicesSql(3, 1))
    const calls = w.exchanges.length
    const stopped = await w.run(['export'])
    expect(stopped).toMatchObject({
      code: 4,
      err: expect.stringContaining('does not allow accounting.payments'),
    })
    expect(w.exchanges).toHaveLength(calls)
    await connectInBrowser(w, ['--yes'])
    expect(await w.export()).toMatchObject({ code: 0 })
    expect((await w.must(['settings', 'set', 'payments', 'to_xero'])).err).toBe('')
  })
})

describe('which organisation', () => {
  test('the person at the terminal is shown it, and may say no', async () => {
    const w = await open()
    const questions: string[] = []
    const answering = (answer: string) => async (question: string, signal?: AbortSignal) => {
      questions.push(question)
      if (!question.startsWith('Waiting')) return answer
      return new Promise<null>((resolve) => signal?.addEventListener('abort', () => resolve(null)))
    }
    const no = await connectInBrowser(w, [], { ask: answering('') })
    expect(no).toMatchObject({ code: 2, err: expect.stringContaining('Nothing was changed') })
    expect(w.query('SELECT * FROM connection')).toEqual([])
    expect(questions[1]).toMatch(
      /^Connect NZ01 \(Harbour Print Ltd\) to “Demo Company \(NZ\)” \(.*\)\? \[y\/N\] $/,
    )
    expect(await connectInBrowser(w, [], { ask: answering('y') })).toMatchObject({ code: 0 })
  })

  test('of several one is chosen by its number, or named with --tenant', async () => {
    const w = await open(twoOrganisations)
    const [nz, au] = w.sandbox.organisations.map(({ tenantId }) => tenantId)
    const logIn = (name: string | undefined, ...flags: string[]) =>
      connectInBrowser(w, flags, name ? { organisations: [name] } : {})
    await logIn(nz, '--yes')
    await w.must(['entities', 'add', 'AU01', '--name', 'Harbour Print Pty', '--region', 'AU'])
    // The list holds what was consented to before, too.
    const unsaid = await logIn(au, '--yes', '--entity', 'AU01')
    expect(unsaid).toMatchObject({ code: 2, err: expect.stringContaining('say which one with --tenant ID') })
    const ask = async (question: string, signal?: AbortSignal) =>
      question.startsWith('Waiting')
        ? new Promise<null>((resolve) => signal?.addEventListener('abort', () => resolve(null)))
        : '2'
    const chosen = await connectInBrowser(w, ['--entity', 'AU01'], { ask, organisations: [au ?? ''] })
    expect(chosen).toMatchObject({ code: 0, err: expect.stringContaining('  2  “') })
    expect(await logIn(au, '--yes', '--entity', 'AU01', '--tenant', au ?? '')).toMatchObject({ code: 0 })
    expect(w.query('SELECT entity, tenant_id FROM connection ORDER BY entity')).toEqual([
      { entity: 'AU01', tenant_id: au },
      { entity: 'NZ01', tenant_id: nz },
    ])
    // One log-in serves both, and both go on.
    const [file = ''] = readdirSync(join(w.configFolder, 'logins')).filter((name) => name.endsWith('.json'))
    expect(JSON.parse(readFileSync(join(w.configFolder, 'logins', file), 'utf8')).logins).toHaveLength(1)
    expect(await w.run(['pull'])).toMatchObject({ code: 0 })
  })

  test('where a later log-in does not open what the earlier one does, both are kept', async () => {
    const w = await open({
      sandbox: { ...twoOrganisations.sandbox, switches: { tokenReach: 'own-consent' } },
    })
    const [nz, au] = w.sandbox.organisations.map(({ tenantId }) => tenantId)
    await w.must(['entities', 'add', 'AU01', '--name', 'Harbour Print Pty', '--region', 'AU'])
    await connectInBrowser(w, ['--yes', '--entity', 'NZ01'], { organisations: [nz ?? ''] })
    await connectInBrowser(w, ['--yes', '--entity', 'AU01'], { organisations: [au ?? ''] })
    expect(await w.run(['pull'])).toMatchObject({ code: 0 })
    // Revoking would end the other one, too.
    expect((await w.must(['disconnect', '--yes', '--entity', 'AU01'])).out).toContain(
      'another entity uses it',
    )
    expect(await w.run(['pull', '--entity', 'NZ01'])).toMatchObject({ code: 0 })
  })

  test('without a terminal nothing is begun unless --yes says that it is right', async () => {
    const w = await open()
    expect(await w.run(['connect'], { env: browserEnv(w) })).toMatchObject({
      code: 2,
      err: expect.stringContaining('Add --yes'),
    })
    expect(w.exchanges).toEqual([])
  })
})

describe('what goes wrong', () => {
  test('the person declines', async () => {
    const w = await open()
    expect(await connectInBrowser(w, ['--yes'], { decline: true })).toMatchObject({
      code: 4,
      err: expect.stringContaining('In Xero it was declined. Nothing was changed.'),
    })
  })

  test('the answer is of another log-in', async () => {
    const w = await open()
    const instead = async (redirect: URL) => {
      redirect.searchParams.set('state', 'another')
      await (await fetch(redirect)).text()
    }
    expect(await connectInBrowser(w, ['--yes'], { instead })).toMatchObject({
      code: 4,
      err: expect.stringContaining('does not belong to this log-in'),
    })
    expect(w.exchanges).toEqual([])
  })

  test('nobody answers within two minutes', async () => {
    const w = await open()
    const start = w.clock.now()
    const outcome = await connectInBrowser(w, ['--yes'], { instead: async () => undefined })
    expect(outcome).toMatchObject({
      code: 4,
      err: expect.stringContaining('Nobody logged in within two minutes'),
    })
    expect(w.clock.now() - start).toBe(120_000)
  })

  test('another program has the port', async () => {
    const w = await open()
    const port = await freePort()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    const outcome = await w.run(['connect', '--yes', '--no-browser', '--port', String(port)], {
      env: browserEnv(w),
    })
    expect(outcome).toMatchObject({
      code: 2,
      err: expect.stringContaining(`Port ${port}, at which Xero leads`),
    })
    await new Promise((resolve) => other.close(resolve))
  })

  test('Xero takes the code for spent', async () => {
    const w = await open()
    w.sandbox.fault({ path: '/connect/token', kind: 'invalid-grant' })
    expect(await connectInBrowser(w, ['--yes'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('its code serves once'),
    })
  })

  test('no client id is set, and it is stopped before anybody logs in', async () => {
    const w = await open()
    expect(await w.run(['connect', '--yes'], { env: { XERO_CLIENT_ID: '' } })).toMatchObject({
      code: 4,
      err: expect.stringContaining('XERO_CLIENT_ID is not set'),
    })
    const interrupted = connectInBrowser(w, ['--yes'], { instead: async () => w.interrupt() })
    expect(await interrupted).toMatchObject({ code: 130 })
  })
})

test('over SSH the address at which the browser ended is pasted, and a wrong one is asked for again', async () => {
  const w = await open()
  const pasted = ['hello', 'http://localhost:8710/', '']
  const redirects: string[] = []
  const outcome = await connectInBrowser(w, [], {
    env: { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' },
    instead: async (redirect) => void redirects.push(redirect.href),
    ask: async (question) =>
      question.startsWith('Waiting') ? (pasted.shift() ?? redirects[0] ?? null) : 'yes',
  })
  expect(outcome).toMatchObject({
    code: 0,
    err: expect.stringContaining('Then paste here the address at which it ends'),
  })
  expect(outcome.err.match(/That is not the address/g)).toHaveLength(2)
})

test('an entity that has exported stays with its organisation, whoever logs in', async () => {
  const w = await open(twoOrganisations)
  const [nz, au] = w.sandbox.organisations.map(({ tenantId }) => tenantId)
  await connectInBrowser(w, ['--yes'], { organisations: [nz ?? ''] })
  w.sql(invoicesSql(3, 1))
  expect(await w.export()).toMatchObject({ code: 0 })
  const other = await connectInBrowser(w, ['--yes', '--tenant', au ?? ''], { organisations: [au ?? ''] })
  expect(other).toMatchObject({ code: 4, err: expect.stringContaining('stays with it') })
  expect(await w.run(['pull'])).toMatchObject({ code: 0 })
})
