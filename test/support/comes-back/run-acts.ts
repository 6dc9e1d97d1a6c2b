// The runs of a history: exports and pulls, whole, killed or interrupted anywhere, over a bad line, and with people and exporting
// systems at work between any two of their requests.

import type { Fault } from '../../../src/sandbox/fault.ts'
import { brokenPromises } from '../checkers.ts'
import { choices } from '../simulation/choices.ts'
import type { Death, Outcome } from '../world.ts'
import { ledgerActs } from './ledger-acts.ts'
import { peopleActs } from './people-acts.ts'
import type { Act, Scene } from './scene.ts'
import { weighted } from './weighted.ts'

/** Exit codes that a run may end with, whatever happened to the line. */
const honest = [0, 1, 4, 7, 8]

export class Dishonest extends Error {}

/** A run, and what does not hold after it. */
async function run(
  scene: Scene,
  argv: readonly string[],
  death?: Death,
  allowed: readonly number[] = honest,
): Promise<Outcome> {
  const { world } = scene
  const kills = world.kills
  scene.isRunning = true
  const outcome = await world.run(argv, death ? { death } : {})
  scene.isRunning = false
  world.onExchange = () => undefined
  world.sandbox.clearFaults()
  scene.pages?.restoreUrls()
  const wasKilled = world.kills > kills
  if (!wasKilled && !allowed.includes(outcome.code))
    throw new Dishonest(`${argv.join(' ')} ended with ${outcome.code}: ${outcome.err}${outcome.out}`)
  const broken = brokenPromises(world, { settled: false }).filter(
    (sentence) => !wasKilled || !sentence.endsWith('is still sending'),
  )
  if (broken.length > 0) throw new Dishonest(broken.join('\n'))
  return outcome
}

function someVerb({ c }: Scene): string[] {
  return c.one([['export'], ['export'], ['pull'], ['pull'], ['export', '--no-pull']])
}

const plain: Act = async (scene) => {
  const argv = someVerb(scene)
  const { code } = await run(scene, argv)
  return `${argv.join(' ')}, which ends with ${code}`
}

const killed: Act = async (scene) => {
  const { c } = scene
  const argv = someVerb(scene)
  const death = c.chance(0.5) ? { atCommit: c.whole(1, 40) } : { atRequest: c.whole(1, 16) }
  await run(scene, argv, death)
  return `${argv.join(' ')}, killed ${'atCommit' in death ? `at commit ${death.atCommit}` : `at request ${death.atRequest}`}`
}

const interrupted: Act = async (scene) => {
  const argv = someVerb(scene)
  const at = scene.c.whole(1, 16)
  atRequests(scene, [at], () => scene.world.interrupt())
  await run(scene, argv, undefined, [...honest, 130])
  return `${argv.join(' ')}, interrupted at request ${at}`
}

/** People and exporting systems do not wait for a run to end. */
const disturbed: Act = async (scene) => {
  const { c } = scene
  const argv = someVerb(scene)
  const whens = Array.from({ length: c.whole(1, 4) }, () => c.whole(1, 18))
  const done: string[] = []
  const seed = c.whole(1, 1e9)
  atRequests(scene, whens, (at) => {
    const own = scene.c
    scene.c = choices(seed + at)
    const [name, act] = weighted(scene.c, [...peopleActs, ...peopleActs, ...ledgerActs])
    const words = act(scene)
    scene.c = own
    if (typeof words === 'string') done.push(`at request ${at} ${name}: ${words}`)
  })
  await run(scene, argv)
  return `${argv.join(' ')}${done.map((words) => `\n      ${words}`).join('')}`
}

const reads: readonly Fault[] = [
  { method: 'GET', kind: 'error-before-commit' },
  { method: 'GET', kind: 'drop-before-commit' },
  { method: 'GET', kind: 'garbage' },
  { method: 'GET', kind: 'truncated' },
  { method: 'GET', kind: 'proxy-html', status: 200 },
  { method: 'GET', kind: 'rate-limit', limit: 'minute', retryAfterS: 20 },
  { method: 'GET', kind: 'rate-limit', limit: 'day', retryAfterS: 900 },
  { method: 'GET', kind: 'forbidden' },
  { method: 'GET', kind: 'missing-element' },
]
const writes: readonly Fault[] = [
  { method: 'PUT', kind: 'error-after-commit', status: 503 },
  { method: 'PUT', kind: 'drop-after-commit' },
  { method: 'PUT', kind: 'drop-before-commit' },
  { method: 'PUT', kind: 'partial-commit', stored: 1 },
  { method: 'PUT', kind: 'late-commit', afterMs: 100_000 },
  { method: 'POST', kind: 'drop-after-commit' },
]
const feeds = ['/Payments', '/CreditNotes', '/Overpayments', '/Prepayments', '/Invoices', '/Contacts', '^.']
const written = [
  '/Payments',
  '/Payments',
  '/Invoices',
  '/CreditNotes',
  '/BankTransactions',
  '^.*/Allocations',
]

const faulty: Act = async (scene) => {
  const { c, world } = scene
  const argv = someVerb(scene)
  const isRead = c.chance(0.5)
  const fault: Fault = {
    ...c.one(isRead ? reads : writes),
    path: c.one(isRead ? feeds : written),
    nth: c.whole(1, 3),
    times: c.one([1, 1, 3]),
  }
  world.sandbox.fault(fault)
  const { code } = await run(scene, argv)
  // Slept through, so that what Xero stores late is stored.
  if (fault.kind === 'late-commit') await world.clock.sleep(c.one([30_000, 300_000]))
  return `${argv.join(' ')} with ${JSON.stringify(fault)}, which ends with ${code}`
}

/** Calls back at the n-th requests of the next run. */
function atRequests({ world }: Scene, whens: readonly number[], callback: (at: number) => void): void {
  let seen = 0
  world.onExchange = () => {
    seen += 1
    if (whens.includes(seen)) callback(seen)
  }
}

/** Acts with how often they come up. */
export const runActs: readonly (readonly [string, number, Act])[] = [
  ['run', 10, plain],
  ['killed', 3, killed],
  ['interrupted', 1, interrupted],
  ['disturbed', 5, disturbed],
  ['faulty', 4, faulty],
]
