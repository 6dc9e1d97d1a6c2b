// A history from a seed: people in Xero, the exporting system and runs in any order, then two quiet runs, after which both sides
// agree (issue 4). A history is a list of acts, each with a seed of its own, so that acts can be left out until the shortest
// story is left that still shows what does not hold.

import { brokenPromises } from '../checkers.ts'
import { type Choices, choices } from '../simulation/choices.ts'
import { contactsSql, roleAccountsSql, settingSql } from '../workload.ts'
import { World } from '../world.ts'
import { comparable } from './check-balances.ts'
import { externalIds } from './check-external.ts'
import { whatDoesNotAgree } from './checks.ts'
import { bringBack, ledgerActs } from './ledger-acts.ts'
import { linkedDocuments } from './linked.ts'
import { peopleActs } from './people-acts.ts'
import { moveWhatWasUnseen } from './quiet-allocations.ts'
import { runActs } from './run-acts.ts'
import { Scene } from './scene.ts'
import { SmallPages } from './small-pages.ts'
import { weighted } from './weighted.ts'

const minute = 60_000

export interface Happening {
  name: string
  seed: number
}

const everyAct = [...ledgerActs, ...peopleActs, ...runActs]
const actNamed = new Map(everyAct.map(([name, , act]) => [name, act]))

/** What happens in the history of a seed. It begins with some documents that are exported. */
export function planHistory(seed: number): Happening[] {
  const c = choices(seed)
  const happening = (name: string): Happening => ({ name, seed: c.whole(1, 1e9) })
  const begin = ['invoice', 'invoice', c.one(['bill', 'credit', 'invoice']), 'run'].map(happening)
  const shares = [ledgerActs, peopleActs, peopleActs, peopleActs, runActs]
  const rest = Array.from({ length: c.whole(15, 45) }, () => happening(weighted(c, c.one(shares))[0]))
  return [...begin, ...rest]
}

export interface Lived {
  /** What happened, an act a line. */
  story: string[]
  /** Exported documents, and how many of them could be compared. */
  documents: number
  compared: number
}

/** What does not hold, and the story that led to it. */
export class Broken extends Error {
  readonly story: readonly string[]

  constructor(broken: string, story: readonly string[]) {
    super(`${broken}\n--- what happened:\n${story.join('\n')}`)
    this.story = story
  }
}

/** Lives through a history; throws Broken with what does not hold. */
export async function liveHistory(seed: number, happenings: readonly Happening[]): Promise<Lived> {
  const c = choices(seed + 5_000_011)
  const switches = someSwitches(c)
  const world = await World.open({
    seed: c.whole(1, 1e6),
    skewMs: c.chance(0.2) ? c.whole(-20, 20) * minute : 0,
    sandbox: { switches },
  })
  const scene = new Scene(world, c, c.whole(1, 3))
  const story = [JSON.stringify(switches)]
  try {
    await begin(scene, story)
    if (c.chance(0.3)) scene.pages = new SmallPages(world, c.whole(1, 4))
    const pace = c.one([still, still, slow])
    for (const { name, seed: own } of happenings) {
      scene.c = choices(own)
      world.clock.advance(pace(scene.c))
      const words = await actNamed.get(name)?.(scene)
      if (words) story.push(`${instant(world)} ${name}: ${words}`)
    }
    return { story, ...(await quiesce(scene, story)) }
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Broken(words, story)
  } finally {
    scene.close()
    await world.close()
  }
}

const instant = (world: World) => new Date(world.clock.now()).toISOString().slice(11, 23)

/** The clock hardly moves: feeds have many rows in one second. */
const still = (c: Choices) => c.one([1, 1, 1, 5, 700])
const slow = (c: Choices) => c.one([1, 1_000, 20_000, minute, 6 * minute, 90 * minute])

function someSwitches(c: Choices) {
  return {
    listsDeletedPayments: c.chance(0.6),
    allocationDates: c.one(['moved', 'moved', 'kept-on-removal', 'kept'] as const),
    allocationAnswerId: c.one(['without', 'with'] as const),
    modifiedSinceInclusive: c.chance(0.5),
    reconciledPaymentDelete: c.one(['refused', 'allowed'] as const),
    paymentVerdicts: c.one(['each', 'whole'] as const),
    supplierCreditNumber: c.one(['kept', 'dropped'] as const),
    creditTransactionDelete: c.one(['refused', 'allowed'] as const),
  }
}

async function begin(scene: Scene, story: string[]): Promise<void> {
  const { c, world } = scene
  // Some customers are in Xero before the ledger is.
  for (let index = 0; index < scene.contacts; index += 1)
    if (c.chance(0.3)) scene.person((person) => person.createContact({ name: `Customer ${index + 1}` }))
  await world.prepare()
  scene.own.write(
    "INSERT INTO billing_entity (code, name, region) VALUES ('NZ01', 'Harbour Print Ltd', 'NZ')",
  )
  const settings = [
    ['deposits', c.one(['held', 'prepayment'])],
    ['remainders', c.one(['hold', 'overpayment'])],
    ['delete_payments', c.one(['from_xero', 'both'])],
    ['calls_at_once', c.one(['1', '5'])],
  ] as const
  story.push(settings.map((setting) => setting.join('=')).join(' '))
  scene.write(
    contactsSql(scene.contacts) +
      roleAccountsSql() +
      settings.map(([name, value]) => settingSql(name, value)).join(''),
  )
}

/** Nothing is in the way of two runs any more: then the sides agree, and a third run finds nothing to do. */
async function quiesce(scene: Scene, story: string[]): Promise<Omit<Lived, 'story'>> {
  const { world } = scene
  world.sandbox.clearFaults()
  world.onExchange = () => undefined
  await world.sandbox.settleHeld()
  bringBack(scene)
  moveWhatWasUnseen(scene)
  for (let round = 0; ; round += 1) {
    await world.clock.sleep(20 * minute)
    const { code, err } = await world.export()
    story.push(`a quiet export, which ends with ${code}`)
    if (![0, 1, 8].includes(code)) throw new Error(`a quiet run ended with ${code}: ${err}`)
    if (code !== 8 && round > 0) break
    if (round === 8) throw new Error(`it never comes to rest: ${err}`)
  }
  await world.clock.sleep(minute)
  const seen = new Set(externalIds(world))
  const last = await world.export()
  const failures = new Set(last.runs.flatMap((run) => run.failures.map(({ kind, id }) => `${kind} ${id}`)))
  story.push(
    ...last.runs.flatMap((run) => run.failures.map(({ kind, id, code }) => `still ${code}: ${kind} ${id}`)),
  )
  const isOpen = world.query("SELECT 1 FROM export_state WHERE state = 'uncertain'").length > 0
  scene.pages?.restoreUrls()
  fail(whatDoesNotAgree(world, { failures, own: scene.own, seen }))
  fail(brokenPromises(world, { settled: !isOpen }))
  await nothingMore(world, failures)
  const compared = comparable(world, failures).length
  return { documents: linkedDocuments(world).size, compared }
}

/**
 * Whatever the pull writes is a function of mirror and ledger: with nothing new it writes nothing, and nothing is sent but changes
 * that Xero refused before, which are offered again.
 */
async function nothingMore(world: World, failures: ReadonlySet<string>): Promise<void> {
  const refused = world
    .query<{ thing: string; id: string }>(
      "SELECT kind || ' ' || source_id AS thing, xero_id AS id FROM export_state WHERE xero_id IS NOT NULL",
    )
    .filter(({ thing }) => failures.has(thing))
  const state = () =>
    [
      'payment',
      'payment_allocation',
      'credit_allocation',
      'adjustment',
      'part_in_xero',
      'document_balance',
    ].map((table) => JSON.stringify(world.query(`SELECT * FROM ${table}`)))
  const before = state()
  const calls = world.exchanges.length
  await world.export()
  const sent = world.exchanges
    .slice(calls)
    .filter(({ method, url }) => method !== 'GET' && url.startsWith('/api'))
    .filter(({ requestBody }) => !refused.some(({ id }) => requestBody.includes(id)))
  fail(sent.map(({ method, url }) => `a further run sent ${method} ${url}`))
  const after = state()
  fail(
    before.flatMap((rows, index) =>
      rows === after[index] ? [] : [`a further run wrote ${after[index]} where ${rows} was`],
    ),
  )
}

function fail(broken: readonly string[]): void {
  if (broken.length > 0) throw new Error(broken.join('\n'))
}

/** Leaves out acts until none can be left out: the shortest story that breaks in the same words, but for numbers. */
export async function shortest(seed: number, happenings: readonly Happening[]): Promise<Broken | null> {
  const first = await brokenBy(seed, happenings)
  if (!first) return null
  let best = first
  let left = [...happenings]
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = left.length - size; at > -size; at -= size) {
      const fewer = left.filter((_, index) => index < at || index >= at + size)
      if (fewer.length === left.length) continue
      const broken = await brokenBy(seed, fewer)
      if (broken === null || kindOf(broken) !== kindOf(first)) continue
      best = broken
      left = fewer
    }
  }
  return best
}

async function brokenBy(seed: number, happenings: readonly Happening[]): Promise<Broken | null> {
  try {
    await liveHistory(seed, happenings)
    return null
  } catch (error) {
    if (error instanceof Broken) return error
    throw error
  }
}

/** The first sentence without what differs from story to story. */
function kindOf({ message }: Broken): string {
  return (message.split('\n')[0] ?? '').replaceAll(/\b[A-Z]\d+\b|\d+|\([0-9a-f]{4}\)|[0-9a-f]{8}-\S+/g, '')
}
