// A simulated season of one ledger, all from a seed: who writes what into the ledger and into Xero (simulation/), what the
// line and the machine do, when runs are killed, doubled, interrupted or put back. What must hold is checkers.ts.

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../../src/accounting/findings.ts'
import { brokenPromises } from './checkers.ts'
import { type Command, type Failure, isMendable, mend, unfounded } from './simulation/bookkeeper.ts'
import { type Choices, choices } from './simulation/choices.ts'
import { documents, invoices } from './simulation/documents.ts'
import { extras } from './simulation/extras.ts'
import { unforeseen } from './simulation/foresight.ts'
import { journals } from './simulation/journals.ts'
import { money } from './simulation/money.ts'
import { offBalance } from './simulation/oracle.ts'
import { letPeople, type Scene, settingSql, type Trade } from './simulation/trade.ts'
import { unsent } from './simulation/unsent.ts'
import { randomSwitches, type Weather, weatherOver } from './simulation/weather.ts'
import { contactsSql } from './workload.ts'
import { type Outcome, World } from './world.ts'

const minute = 60_000

/** What a season may be about. Seeds take them in turns. */
export const families: Readonly<Record<string, readonly Trade[]>> = {
  invoices: [invoices],
  documents: [documents],
  money: [documents, money],
  journals: [journals, invoices],
  extras: [extras, documents],
  mixed: [documents, money, journals, extras],
}

export interface Simulated {
  /** Everything that Xero saw and every exit code, in order: the same for the same seed. */
  trace: string[]
}

export interface SeasonOptions {
  /** One of the families; without it the seed chooses. */
  family?: string | undefined
  /** A folder for the ledger of a season in which something does not hold. */
  keep?: string | undefined
  /** One call at a time: calls side by side arrive in the order that the sockets give. */
  isOrderly?: boolean
}

/** Lives through one season; throws with what does not hold. */
export async function simulate(seed: number, options: SeasonOptions = {}): Promise<Simulated> {
  const { family, keep, isOrderly = false } = options
  const c = choices(seed)
  const names = Object.keys(families)
  const trades = families[family ?? names[seed % names.length] ?? '']
  if (!trades) throw new Error(`there is no family ${family} among ${names.join(', ')}`)
  const world = await World.open({
    seed,
    start: c.one(['2026-11-22T00:00:00Z', '2026-11-22T10:59:30Z', '2026-11-22T12:30:00Z']),
    skewMs: c.chance(0.3) ? c.whole(-30, 30) * minute : 0,
    sandbox: { switches: randomSwitches(c) },
  })
  try {
    const season = new Season(world, c, trades)
    await season.begin(isOrderly)
    const rounds = c.whole(1, 4)
    for (let round = 0; round < rounds; round += 1) await season.round()
    await season.quiesce()
    return { trace: season.trace }
  } catch (error) {
    if (keep) cpSync(world.folder, join(keep, `season-${seed}`), { recursive: true })
    throw error
  } finally {
    await world.close()
  }
}

/** Exit codes that a run may end with, whatever happened to the line. */
const honest = [0, 1, 4, 7, 8]

class Season implements Scene {
  readonly world: World
  readonly c: Choices
  readonly contacts: number
  readonly ids = new Map<string, string[]>()
  readonly trace: string[] = []
  readonly #trades: readonly Trade[]
  readonly #weather: Weather
  /** In some seasons nobody works in Xero: then its books can be held to the ledger. */
  readonly #hasPeople: boolean
  #seen = 0

  constructor(world: World, c: Choices, trades: readonly Trade[]) {
    this.world = world
    this.c = c
    this.contacts = c.whole(1, 8)
    this.#trades = trades
    this.#hasPeople = c.chance(0.7)
    this.#weather = weatherOver(
      trades.flatMap(({ targets }) => targets),
      c,
    )
  }

  note(what: string): void {
    this.trace.push(what)
  }

  async begin(isOrderly: boolean): Promise<void> {
    const { c, world } = this
    await world.prepare(contactsSql(this.contacts))
    const settings: [string, string | number][] = [
      ['chunk_size', c.one([1, 2, 3, 5, 10, 20, 100])],
      ['calls_at_once', c.one([1, 1, 2, 5])],
      ...(c.chance(0.3) ? [['cutover_date', '2026-03-01'] as [string, string]] : []),
      ...(c.chance(0.2) ? [['contact_detail', 'name'] as [string, string]] : []),
      ...(c.chance(0.2) ? [['calls_per_minute', c.one([1, 5, 20])] as [string, number]] : []),
    ]
    world.sql(settings.map(([name, value]) => settingSql(name, value)).join('\n'))
    if (isOrderly) world.sql(settingSql('calls_at_once', 1))
    for (const trade of this.#trades) world.sql(trade.begin(this))
    const rows = Array.from({ length: c.one([1, 3, 10, 25, 60]) }, () => this.#add())
    world.sql(`BEGIN;\n${rows.join('\n')}\nCOMMIT`)
    if (!this.#hasPeople) return
    for (let index = 0; index < this.contacts; index += 1) {
      if (c.chance(0.2)) world.sandbox.person().createContact({ name: `Customer ${index + 1}` })
    }
  }

  #add(): string {
    return this.c.one(this.c.one(this.#trades).adds)(this)
  }

  /** What an exporting system does, at any time. */
  #changeLedger(write: (sql: string) => void): void {
    const { edits } = this.c.one(this.#trades)
    const sql = this.c.chance(0.3) || edits.length === 0 ? this.#add() : this.c.one(edits)(this)
    if (sql) write(sql)
  }

  #changeXero(): void {
    if (this.#hasPeople) letPeople(this, this.c.one(this.#trades).people)
  }

  /** One run and what surrounds it. */
  async round(): Promise<void> {
    const { c, world } = this
    for (let change = c.whole(0, 3); change > 0; change -= 1) this.#changeLedger((sql) => world.sql(sql))
    if (c.chance(0.4)) this.#changeXero()
    if (c.chance(0.25)) return this.#calmRun()
    for (const fault of this.#weather.arm(c)) {
      this.note(`fault ${JSON.stringify(fault)}`)
      world.sandbox.fault(fault)
    }
    this.#arrangeMeanwhile()
    await this.#someRun()
    world.onExchange = () => undefined
    world.sandbox.clearFaults()
    // Slept through, so that what falls due on the way happens then and not later.
    if (c.chance(0.5)) await world.clock.sleep(c.whole(1, 20) * minute)
    if (c.chance(0.15)) world.clock.stepWall(c.whole(-180, 180) * minute)
  }

  /** Nothing goes wrong and nobody writes meanwhile: what Xero refuses then was said before, on the newest news from there. */
  async #calmRun(): Promise<void> {
    const { world } = this
    await world.sandbox.settleHeld()
    this.#told(await world.run(['pull']), honest)
    const said = await world.run(['validate', '--json'])
    this.#told(said, [0, 1])
    const { findings } = JSON.parse(said.out) as { findings: Finding[] } // the public JSON
    const run = await world.export()
    this.#told(run, honest)
    this.#check()
    this.#fail(unforeseen(run.runs[0]?.failures ?? [], findings))
  }

  async #someRun(): Promise<void> {
    const { c } = this
    const flags = [...(c.chance(0.2) ? ['--wait'] : []), ...(c.chance(0.1) ? ['--no-pull'] : [])]
    const kinds = ['plain', 'plain', 'plain', 'commit', 'request', 'two', 'interrupt', 'restored'] as const
    const kind = c.one(kinds)
    if (kind === 'commit') return this.#killed(flags, { atCommit: c.whole(1, 60) })
    if (kind === 'request') return this.#killed(flags, { atRequest: c.whole(1, 20) })
    if (kind === 'two') return this.#twoAtOnce(flags)
    if (kind === 'restored') return this.#restored(flags)
    if (kind === 'interrupt') this.#interruptAt(c.whole(1, 15))
    const run = await this.world.run(['export', ...flags])
    this.#told(run, kind === 'interrupt' ? [...honest, 130] : honest)
    this.#check()
  }

  async #killed(flags: string[], death: { atCommit?: number; atRequest?: number }): Promise<void> {
    const { world } = this
    const kills = world.kills
    const run = await world.run(['export', ...flags], { death })
    // It may have ended before the moment came.
    this.#told(run, world.kills === kills ? honest : null)
    this.#fail(
      brokenPromises(world, { settled: false }).filter((sentence) => !sentence.endsWith('is still sending')),
    )
  }

  async #twoAtOnce(flags: string[]): Promise<void> {
    const runs = await Promise.all([
      this.world.run(['export', ...flags]),
      this.world.run(['export'], { hostname: 'other-machine' }),
    ])
    for (const run of runs) this.#told(run, [...honest, 6])
    this.#check()
  }

  /** The ledger is lost after a run and put back from a back-up that was made before it. */
  async #restored(flags: string[]): Promise<void> {
    const { world } = this
    world.onExchange = () => undefined // what was written meanwhile would be lost as well
    const before = this.#lastChunk()
    const restore = world.backUp()
    this.#told(await world.run(['export', ...flags]), honest)
    const hasSent = this.#lastChunk() > before
    world.sandbox.clearFaults()
    await world.sandbox.settleHeld()
    // Until the last of it was noted, so that it counts as before.
    await world.clock.sleep(minute)
    restore()
    await world.clock.sleep(10 * minute)
    if (hasSent) this.#told(await world.run(['export']), [5])
    this.#told(await world.run(['adopt-copy']), [0, 1])
    // Changes that the lost ledger sent are only known again once they were sent again, which changes nothing.
    this.#told(await world.run(['export']), [0, 1, 8])
    this.#check()
  }

  #lastChunk(): number {
    return this.world.query<{ last: number | null }>('SELECT MAX(id) AS last FROM chunk')[0]?.last ?? 0
  }

  #interruptAt(request: number): void {
    const before = this.world.onExchange
    let seen = 0
    this.world.onExchange = (exchange) => {
      before(exchange)
      seen += 1
      if (seen === request) this.world.interrupt()
    }
  }

  /** Somebody writes to the ledger or to Xero while the run is under way, or the clock is set. */
  #arrangeMeanwhile(): void {
    const { c, world } = this
    const when = new Set([c.whole(1, 14), c.whole(1, 20)])
    const kind = c.one(['nothing', 'ledger', 'ledger', 'xero', 'clock'] as const)
    let seen = 0
    world.onExchange = () => {
      seen += 1
      if (!when.has(seen)) return
      if (kind === 'ledger') this.#changeLedger((sql) => world.sqlMeanwhile(sql))
      if (kind === 'xero') this.#changeXero()
      if (kind === 'clock') world.clock.stepWall(c.whole(-90, 90) * minute)
    }
  }

  #told(run: Outcome, allowed: readonly number[] | null): void {
    const { exchanges } = this.world
    for (const { method, url, status } of exchanges.slice(this.#seen)) this.note(`${method} ${url} ${status}`)
    this.#seen = exchanges.length
    this.note(`ended with ${run.code}`)
    if (allowed !== null && !allowed.includes(run.code))
      this.#fail([`a run ended with ${run.code}: ${run.err}${run.out}`])
  }

  #check(): void {
    this.#fail(brokenPromises(this.world, { settled: false }))
  }

  #fail(broken: readonly string[]): void {
    if (broken.length > 0)
      throw new Error(`${broken.join('\n')}\n--- what happened:\n${this.trace.join('\n')}`)
  }

  readonly #command: Command = async (argv, allowed) => {
    const run = await this.world.run(argv)
    this.#told(run, allowed)
    if (run.code !== 0) this.note(run.err)
    return run.code
  }

  /** The line is good again and people mend what is reported: then everything that should be in Xero is, once. */
  async quiesce(): Promise<void> {
    const { world } = this
    world.onExchange = () => undefined
    world.sandbox.clearFaults()
    world.sandbox.person().setLockDate(null)
    await world.sandbox.settleHeld()
    let last: { code: number; failures: Failure[] }
    for (let round = 0; ; round += 1) {
      await world.clock.sleep(20 * minute)
      const run = await world.export()
      this.#told(run, [0, 1, 8])
      this.#check()
      const failures = run.runs[0]?.failures ?? []
      last = { code: run.code, failures }
      const mendable = failures.filter(isMendable)
      if (mendable.length === 0 && run.code !== 8) break
      if (round === 12) this.#fail([`it never comes to rest: ${JSON.stringify(mendable)}`, run.err])
      for (const failure of mendable) this.#fail(await mend(this, failure, this.#command))
    }
    this.#fail(last.failures.flatMap((failure) => unfounded(this, failure)))
    this.#fail(brokenPromises(world))
    this.#fail(unsent(world))
    this.#fail(offBalance(world))
    const writes = () =>
      world.exchanges.filter(({ method, url }) => method !== 'GET' && url.startsWith('/api')).length
    const before = writes()
    const again = await world.export()
    this.#told(again, [last.code])
    if (writes() !== before) this.#fail(['a further run sent something'])
    this.#fail(brokenPromises(world))
  }
}
