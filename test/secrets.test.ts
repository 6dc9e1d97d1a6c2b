// No secret anywhere (Z3): what a whole set-up wrote and said (support/marked-story.ts) is searched, byte for byte, for each secret in
// every dress (support/secret-search.ts).

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../src/program.ts'
import type { Exchange } from '../src/sandbox/exchange.ts'
import { testHost } from './support/host.ts'
import { MarkedLife, markedSecrets } from './support/marked-life.ts'
import { liveEverything } from './support/marked-story.ts'
import { ProcessWorld } from './support/process-world.ts'
import { filesBelow, type Place, type Secret, secretsIn, valuesOf } from './support/secret-search.ts'

let life: MarkedLife

beforeAll(async () => {
  life = await MarkedLife.open()
  await liveEverything(life)
}, 120_000)

afterAll(async () => {
  await life?.close()
})

/** What passed over the wire and must have stayed there. */
function secretsOf({ requestHeaders, requestBody, responseBody, url }: Exchange): Secret[] {
  const [, credentials = ''] = /^\w+ (.+)$/.exec(requestHeaders['authorization'] ?? '') ?? []
  const sent = { name: 'the Authorization header', value: credentials }
  if (!url.startsWith('/connect/')) return [sent]
  const form = new URLSearchParams(requestBody)
  const asked = ['code', 'code_verifier', 'refresh_token', 'token', 'client_secret'].map((name) => ({
    name: `${name} of a request`,
    value: form.get(name) ?? '',
  }))
  const members = [...(responseBody?.matchAll(/"(access_token|refresh_token|id_token)":"([^"]+)"/g) ?? [])]
  const answered = members.map(([, name = '', value = '']) => ({ name: `${name} of an answer`, value }))
  return [sent, ...asked, ...answered]
}

function onTheWire(exchanges: readonly Exchange[]): Secret[] {
  return exchanges.flatMap(secretsOf).filter(({ value }) => value !== '')
}

const ours = Object.entries(markedSecrets).map(([name, value]) => ({ name, value }))

function allSecrets(): Secret[] {
  const all = [...ours, ...onTheWire(life.world.exchanges)]
  return [...new Map(all.map((secret) => [secret.value, secret])).values()]
}

test('there was much to give away, and a proxy that gave it back', () => {
  for (const { value } of allSecrets()) expect(value.length).toBeGreaterThan(15)
  const names = onTheWire(life.world.exchanges).map(({ name }) => name)
  expect(new Set(names)).toEqual(
    new Set([
      'the Authorization header',
      'code of a request',
      'code_verifier of a request',
      'refresh_token of a request',
      'token of a request',
      'access_token of an answer',
      'refresh_token of an answer',
    ]),
  )
  expect(life.world.exchanges.filter(({ fault }) => fault === 'proxy-echo').length).toBeGreaterThan(20)
  expect(life.world.exchanges.filter(({ status }) => status === 200).length).toBeGreaterThan(100)
})

test('no verb was left out: a new one needs a line in support/marked-story.ts', () => {
  const program = buildProgram(testHost(), () => undefined)
  const verbs = program.commands.flatMap((verb) =>
    verb.commands.length === 0
      ? [verb.name()]
      : verb.commands.map((child) => `${verb.name()} ${child.name()}`),
  )
  expect(verbs.filter((verb) => !life.lines.some((line) => `${line} `.startsWith(`${verb} `)))).toEqual([])
})

const below = (pattern: RegExp) => filesBelow(life.world.folder).filter(({ name }) => pattern.test(name))

const places: readonly (readonly [what: string, find: () => Place[], atLeast: number])[] = [
  ['what was said', () => life.said.filter(({ bytes }) => bytes.length > 0), 100],
  ['the files of the ledger, its write-ahead log among them', () => below(/\.db(-wal|-shm)?$/), 3],
  ['the values of the ledger, bodies of calls unpacked', () => valuesOf(life.world.ledgerFile), 20],
  ['the config folder', () => [...life.passing].map(([name, bytes]) => ({ name, bytes })), 2],
  ['reports', () => below(/\.(html|csv)$/), 5],
  ['the dashboard', () => life.pages, 5],
  ['what the ping and the webhook are told', () => [...life.told], 10],
  ['anything else in the folder', () => below(/./), 8],
]

describe('no secret stands in', () => {
  test.each(places)('%s', (_what, find, atLeast) => {
    const found = find()
    expect(found.length).toBeGreaterThanOrEqual(atLeast)
    expect(found.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(500)
    expect(secretsIn(found, allSecrets())).toEqual([])
  })
})

/** The arguments of every process of this machine, where it shows them. */
function argumentsNow(): Buffer[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`)]
      } catch {
        return [] // it has ended
      }
    })
}

test.skipIf(!existsSync('/proc/self/cmdline'))(
  'nor in the arguments of a process while it works',
  async () => {
    const world = await ProcessWorld.open()
    try {
      const seen: Buffer[] = []
      world.onExchange = () => seen.push(...argumentsNow())
      await world.run('init', '--entity', 'NZ01', '--name', 'Harbour', '--region', 'NZ')
      await world.run('connect', '--custom', '--verbose')
      await world.run('export', '--verbose')
      const all = Buffer.concat(seen.map((line) => Buffer.concat([line, Buffer.from('\n')])))
      expect(all.includes('connect\0--custom')).toBe(true)
      const secrets = [...onTheWire(world.exchanges), { name: 'secret', value: world.sandbox.clientSecret }]
      expect(secrets.length).toBeGreaterThan(3)
      expect(secretsIn([{ name: 'the arguments of a process', bytes: all }], secrets)).toEqual([])
    } finally {
      await world.close()
    }
  },
)
