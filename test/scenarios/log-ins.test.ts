// The life of a log-in (Z2, Z4): renewed during runs, lost answers, kills and grace, its end, what is listed of it, and how it is ended.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { auDemoCompany, nzDemoCompany } from '../../src/sandbox/organisation.ts'
import { connectInBrowser } from '../support/browser-person.ts'
import { brokenPromises } from '../support/checkers.ts'
import { invoicesSql } from '../support/workload.ts'
import { World, type WorldOptions } from '../support/world.ts'

const minute = 60_000
const day = 86_400_000
let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Connected with a browser. */
async function open(options: WorldOptions = {}): Promise<World> {
  const w = await World.open(options)
  world = w
  await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
  const { code, err } = await connectInBrowser(w, ['--yes'])
  expect({ code, err }).toMatchObject({ code: 0 })
  return w
}

/** Renewals that reached Xero. */
const renewals = (w: World) =>
  w.exchanges.filter(({ requestBody }) => requestBody.includes('refresh_token')).length

describe('renewing', () => {
  test('in the middle of a run when its token ends, and when Xero takes it no more; then not again while it is good', async () => {
    const w = await open()
    w.sql(invoicesSql(250, 1))
    w.clock.advance(28.5 * minute)
    w.sandbox.fault({ method: 'PUT', path: '/Contacts', kind: 'slow', ms: 40_000 })
    expect(await w.export()).toMatchObject({ code: 0 })
    expect(renewals(w)).toBe(1)
    w.sql(invoicesSql(10, 1).replaceAll('D00', 'E00').replaceAll('C00', 'F00'))
    w.sandbox.fault({ method: 'GET', path: '/Contacts', kind: 'token-expires' })
    await w.must(['pull'])
    expect(renewals(w)).toBe(2)
    await w.must(['pull'])
    expect(renewals(w)).toBe(2)
    expect(brokenPromises(w)).toEqual([])
  })

  test.each(['same-pair', 'new-pair'] as const)(
    'a lost answer is asked for again within the run, whichever of two ways Xero has (%s)',
    async (graceRefresh) => {
      const w = await open({ sandbox: { switches: { graceRefresh } } })
      w.clock.advance(31 * minute)
      w.sandbox.fault({ path: '/connect/token', kind: 'drop-after-commit' })
      await w.must(['pull'])
      w.clock.advance(31 * minute)
      await w.must(['pull'])
      expect(renewals(w)).toBe(3)
    },
  )

  test('killed after Xero answered and before it was kept, the next run goes on within 30 minutes, and not after', async () => {
    const w = await open()
    w.clock.advance(31 * minute)
    const death = { when: ({ url }: { url: string }) => url === '/connect/token' }
    await w.run(['pull'], { death })
    w.clock.advance(29 * minute)
    await w.must(['pull'])
    w.clock.advance(31 * minute)
    await w.run(['pull'], { death })
    w.clock.advance(31 * minute)
    expect(await w.run(['pull'])).toMatchObject({
      code: 4,
      err: expect.stringMatching(/has ended\. An earlier renewal was interrupted.*connect --entity NZ01/s),
    })
    expect(await connectInBrowser(w, ['--yes'])).toMatchObject({ code: 0 })
    await w.must(['pull'])
  })
})

describe('its end', () => {
  test('is told in every run from 14 days before, of entities that no run uses, and in both lists', async () => {
    const w = await open()
    await w.must(['entities', 'add', 'AU01', '--name', 'Harbour Print Pty', '--region', 'AU'])
    w.sql(invoicesSql(1, 1))
    const custom = { XERO_CLIENT_ID: w.sandbox.clientId, XERO_CLIENT_SECRET: w.sandbox.clientSecret }
    expect(await w.run(['connect', '--custom', '--entity', 'AU01'], { env: custom })).toMatchObject({
      code: 0,
    })
    const pullOther = async () => {
      const { code, out, err } = await w.run(['pull', '--entity', 'AU01', '--json', '--quiet'], {
        env: custom,
      })
      return { code, err, warnings: (JSON.parse(out) as { warnings: unknown[] }).warnings }
    }
    w.clock.advance(45 * day)
    expect(await pullOther()).toEqual({ code: 0, err: '', warnings: [] })
    w.clock.advance(day)
    const message =
      'The log-in of NZ01 to Xero ends in 14 days unless it is used: any run of it does, auxo-sync pull --entity NZ01 for one.'
    expect(await pullOther()).toMatchObject({
      code: 0,
      err: expect.stringContaining(message),
      warnings: [{ entity: 'NZ01', daysLeft: 14, message }],
    })
    const { out } = await w.must(['connections', '--json'])
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { entity: 'AU01', login: 'custom', daysLeft: null, connected: true },
      {
        entity: 'NZ01',
        login: 'browser',
        daysLeft: 14,
        scopes: expect.arrayContaining(['accounting.invoices']),
      },
    ])
    expect((await w.must(['entities'])).out).toMatch(/NZ01 .* 14$/m)
    // Any run of the entity begins the 60 days anew.
    await w.must(['pull', '--entity', 'NZ01'])
    expect((await w.must(['entities', '--json'])).out).toContain('"daysLeft":60')
  })

  test('60 days unused: exit 4 with what to do, and the lists say so', async () => {
    const w = await open()
    w.clock.advance(60 * day)
    const refused = await w.run(['export'])
    expect(refused.code).toBe(4)
    expect(refused.err).toMatch(
      /The log-in to Xero has ended.*Log in again: auxo-sync connect --entity NZ01/s,
    )
    expect(refused.err.match(/has ended/g)).toHaveLength(1)
    expect((await w.must(['connections'])).out).toMatch(/NZ01 .*browser .*ended/)
  })
})

test('disconnected in Xero: said with what to do, nothing is sent, and logging in again mends it', async () => {
  const w = await open()
  w.sql(invoicesSql(3, 1))
  w.sandbox.person().disconnect()
  expect(await w.run(['export'])).toMatchObject({
    code: 4,
    err: expect.stringContaining('It was disconnected in Xero'),
  })
  expect(w.sandbox.invoices()).toEqual([])
  await connectInBrowser(w, ['--yes'])
  // In the midst of a run, too.
  w.onExchange = ({ url }) => {
    if (url.includes('/Contacts')) w.sandbox.person().disconnect()
  }
  expect(await w.run(['export'])).toMatchObject({ code: 4, out: expect.stringContaining('Connect again') })
  w.onExchange = () => undefined
  await connectInBrowser(w, ['--yes'])
  expect(await w.export()).toMatchObject({ code: 0 })
  expect(w.sandbox.invoices()).toHaveLength(3)
})

describe('disconnect', () => {
  test('ends the connection and the log-in at Xero, forgets it here, and the pin stays', async () => {
    const w = await open(twoOrganisations)
    const [nz, au] = w.sandbox.organisations.map(({ tenantId }) => tenantId)
    w.sql(invoicesSql(3, 1))
    expect(await w.export()).toMatchObject({ code: 0 })
    expect(await w.run(['disconnect'])).toMatchObject({ code: 2, err: expect.stringContaining('add --yes') })
    const { out } = await w.must(['disconnect', '--yes', '--json'])
    expect(JSON.parse(out)).toMatchObject({ entity: 'NZ01', connection: 'ended', login: 'ended' })
    expect(w.query(`SELECT kind, method, status, problem FROM api_log ORDER BY id DESC LIMIT 2`)).toEqual([
      { kind: 'revocation', method: 'POST', status: 200, problem: null },
      { kind: 'disconnect', method: 'DELETE', status: 204, problem: null },
    ])
    expect(readdirSync(join(w.configFolder, 'logins'))).toEqual([])
    expect(await w.run(['export'])).toMatchObject({
      code: 4,
      err: expect.stringContaining(
        'was disconnected from “Demo Company (NZ)”. Connect it again: auxo-sync connect --entity NZ01',
      ),
    })
    expect((await w.must(['connections'])).out).toContain('disconnected')
    expect((await w.must(['show', 'INV-D0001'])).out).toContain('exported')
    // What was sent is where it is: no other organisation gets the rest.
    const other = await connectInBrowser(w, ['--yes', '--tenant', au ?? ''], { organisations: [au ?? ''] })
    expect(other).toMatchObject({ code: 4, err: expect.stringContaining('stays with it') })
    expect(await connectInBrowser(w, ['--yes', '--tenant', nz ?? ''])).toMatchObject({ code: 0 })
    expect(await w.export()).toMatchObject({ code: 0, runs: [{ state: 'nothing' }] })
    expect(brokenPromises(w)).toEqual([])
  })

  test('leaves to another entity what it uses, and ends it with the last one', async () => {
    const w = await open()
    await w.must(['entities', 'add', 'NZ02', '--name', 'Harbour Print Two', '--region', 'NZ'])
    await connectInBrowser(w, ['--yes', '--entity', 'NZ02'])
    const ended = async (entity: string) =>
      JSON.parse((await w.must(['disconnect', '--yes', '--json', '--entity', entity])).out)
    expect(await ended('NZ01')).toMatchObject({ connection: 'in-use', login: 'in-use' })
    expect(await w.run(['pull', '--entity', 'NZ02'])).toMatchObject({ code: 0 })
    expect(await ended('NZ02')).toMatchObject({ connection: 'ended', login: 'ended' })
  })

  test('of a ledger that was given another identity since ends its own log-in', async () => {
    const w = await open()
    w.sql(`UPDATE ledger_identity SET id = 'another'`)
    expect(JSON.parse((await w.must(['disconnect', '--yes', '--json'])).out)).toMatchObject({
      connection: 'ended',
      login: 'ended',
    })
  })

  test('where Xero has ended it long ago, what is kept here goes all the same', async () => {
    const w = await open()
    w.clock.advance(61 * day)
    const { out } = await w.must(['disconnect', '--yes'])
    expect(out).toContain('In Xero the connection had ended already.')
    expect(existsSync(join(w.configFolder, 'logins'))).toBe(true)
    expect(readdirSync(join(w.configFolder, 'logins'))).toEqual([])
  })

  test('while Xero is away nothing is forgotten, and it can be done again', async () => {
    const w = await open()
    w.sandbox.fault({ path: '/connect/revocation', times: 4, kind: 'error-before-commit' })
    expect(await w.run(['disconnect', '--yes'])).toMatchObject({
      code: 7,
      err: expect.stringContaining('run auxo-sync disconnect again'),
    })
    expect((await w.must(['disconnect', '--yes'])).out).toContain('is disconnected from')
  })

  test('of a custom connection', async () => {
    const w = await World.open()
    world = w
    await w.prepare()
    expect(JSON.parse((await w.must(['disconnect', '--yes', '--json'])).out)).toMatchObject({
      connection: 'ended',
      login: null,
    })
    expect(readdirSync(join(w.configFolder, 'tokens'))).toEqual([])
    expect(await w.run(['export'])).toMatchObject({
      code: 4,
      err: expect.stringMatching(
        /connect --custom --entity NZ01 \(once .* authorised at developer\.xero\.com\)/,
      ),
    })
    expect(await w.run(['disconnect', '--yes'])).toMatchObject({ code: 4 })
  })
})

const twoOrganisations = { sandbox: { organisations: [nzDemoCompany(), auDemoCompany()] } }
