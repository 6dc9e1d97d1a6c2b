// A simulated season of one ledger, all from a seed: who writes what into the ledger and into Xero, what the line and the
// machine do, when runs are killed, doubled, interrupted or put back. What must hold is checkers.ts; here is what happens.

import type { Fault, FaultEffect } from '../../src/sandbox/fault.ts'
import type { Switches } from '../../src/sandbox/switches.ts'
import { brokenPromises } from './checkers.ts'
import { byPerson, neverSent } from './promises/watched.ts'
import { randomSource } from './random.ts'
import { contactCode, contactsSql, invoiceSql } from './workload.ts'
import { type Outcome, World } from './world.ts'

const minute = 60_000

interface Choices {
  real(): number
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number
  chance(probability: number): boolean
  one<Item>(items: readonly Item[]): Item
}

function choices(seed: number): Choices {
  const real = randomSource(seed)
  const whole = (from: number, to: number) => from + Math.floor(real() * (to - from + 1))
  return {
    real,
    whole,
    chance: (probability) => real() < probability,
    one: (items) => items[whole(0, items.length - 1)] as (typeof items)[number], // never empty
  }
}

/** Faults by target; the swarm takes some of them away and turns others up, anew for every seed. */
const writeFaults: ((c: Choices) => FaultEffect)[] = [
  () => ({ kind: 'error-before-commit' }),
  () => ({ kind: 'error-after-commit', status: 503 }),
  () => ({ kind: 'drop-before-commit' }),
  () => ({ kind: 'drop-after-commit' }),
  (c) => ({ kind: 'partial-commit', stored: c.whole(0, 8) }),
  (c) => ({ kind: 'late-commit', afterMs: c.whole(1, 300) * 1_000 }),
  (c) => ({ kind: 'slow', ms: c.whole(1, 120) * 1_000 }),
  () => ({ kind: 'black-hole' }),
  (c) => ({ kind: 'rate-limit', limit: 'minute', retryAfterS: c.whole(1, 60) }),
  () => ({ kind: 'rate-limit', limit: 'concurrent' }),
  (c) => ({ kind: 'rate-limit', limit: 'day', retryAfterS: c.whole(400, 4_000) }),
  (c) => ({ kind: 'garbage', isStored: c.chance(0.5) }),
  (c) => ({ kind: 'truncated', isStored: c.chance(0.5) }),
  (c) => ({ kind: 'proxy-html', status: c.one([200, 502] as const) }),
  () => ({ kind: 'unauthorized' }),
  () => ({ kind: 'forbidden' }),
  () => ({ kind: 'shuffled-order' }),
  () => ({ kind: 'missing-element' }),
  (c) => ({ kind: 'refuse-whole', containing: `INV-${c.whole(1, 60)}` }),
]
/** What can happen to a call that changes nothing. */
const readFaults = writeFaults.filter((make) => {
  const { kind } = make(choices(1))
  return !['partial-commit', 'late-commit', 'refuse-whole', 'shuffled-order', 'missing-element'].includes(
    kind,
  )
})
const writeTargets = ['/Invoices', '/Contacts']
const readTargets = ['^.', '/connect/token', '/connections', '/Invoices', '/Contacts', '/Organisation']

function randomSwitches(c: Choices): Partial<Switches> {
  return {
    refusalLists: c.one(['bad', 'all'] as const),
    refusalEcho: c.one(['published', 'full'] as const),
    sameKeyInFlight: c.one(['waits', 'conflict', 'executes-twice'] as const),
    cachesValidationErrors: c.chance(0.5),
    modifiedSinceInclusive: c.chance(0.5),
    zeroTotalPaid: c.chance(0.5),
    deletedNumberFree: c.chance(0.5),
    voidedNumberFree: c.chance(0.5),
    contactNameSpaces: c.one(['refused', 'trimmed'] as const),
    archiveWithDocuments: c.one(['allowed', 'refused'] as const),
    accountClasses: c.one(['any', 'strict'] as const),
  }
}

export interface Simulated {
  /** Everything that Xero saw and every exit code, in order: the same for the same seed. */
  trace: string[]
  runs: number
}

/** Lives through one season; throws with what does not hold. */
export async function simulate(seed: number): Promise<Simulated> {
  const c = choices(seed)
  const world = await World.open({
    seed,
    start: c.one(['2026-11-22T00:00:00Z', '2026-11-22T10:59:30Z', '2026-11-22T12:30:00Z']),
    skewMs: c.chance(0.3) ? c.whole(-30, 30) * minute : 0,
    sandbox: { switches: randomSwitches(c) },
  })
  try {
    const season = new Season(world, c)
    await season.begin()
    const rounds = c.whole(1, 4)
    for (let round = 0; round < rounds; round += 1) await season.round()
    await season.quiesce()
    return { trace: season.trace, runs: season.trace.filter((line) => line.startsWith('export')).length }
  } finally {
    await world.close()
  }
}

/** Exit codes that a run may end with, whatever happened to the line. */
const honest = [0, 1, 4, 7, 8]

class Season {
  readonly trace: string[] = []
  readonly #world: World
  readonly #c: Choices
  readonly #customers: number
  readonly #writeFaults: typeof writeFaults
  readonly #readFaults: typeof readFaults
  readonly #faultRate: number
  #documents = 0
  #seen = 0
  #waitingOps = 0

  constructor(world: World, c: Choices) {
    this.#world = world
    this.#c = c
    this.#customers = c.whole(1, 8)
    this.#faultRate = c.one([0, 1, 1, 2, 4])
    this.#writeFaults = writeFaults.filter(() => c.chance(0.4))
    this.#readFaults = readFaults.filter(() => c.chance(0.2))
  }

  async begin(): Promise<void> {
    const c = this.#c
    await this.#world.prepare(contactsSql(this.#customers))
    this.#set('chunk_size', c.one([1, 2, 3, 5, 10, 20, 100]))
    this.#set('calls_at_once', c.one([1, 1, 2, 5]))
    if (c.chance(0.3)) this.#set('cutover_date', '2026-03-01')
    if (c.chance(0.2)) this.#set('contact_detail', 'name')
    if (c.chance(0.2)) this.#set('calls_per_minute', c.one([1, 5, 20]))
    this.#insert(c.one([1, 3, 10, 25, 60]))
    for (let index = 0; index < this.#customers; index += 1) {
      if (c.chance(0.2)) this.#world.sandbox.person().createContact({ name: `Customer ${index + 1}` })
    }
  }

  #set(name: string, value: string | number): void {
    this.#world.sql(`INSERT INTO setting VALUES ('NZ01', '${name}', '${value}')`)
  }

  /** One run and what surrounds it. */
  async round(): Promise<void> {
    const c = this.#c
    const world = this.#world
    for (let change = c.whole(0, 3); change > 0; change -= 1) this.#changeLedger((sql) => world.sql(sql))
    if (c.chance(0.3)) this.#changeXero()
    this.#arm()
    this.#arrangeMeanwhile()
    await this.#someRun()
    world.onExchange = () => undefined
    world.sandbox.clearFaults()
    // Slept through, so that what falls due on the way happens then and not later.
    if (c.chance(0.5)) await world.clock.sleep(c.whole(1, 20) * minute)
    if (c.chance(0.15)) world.clock.stepWall(c.whole(-180, 180) * minute)
  }

  async #someRun(): Promise<void> {
    const c = this.#c
    const flags = [...(c.chance(0.2) ? ['--wait'] : []), ...(c.chance(0.1) ? ['--no-pull'] : [])]
    const kind = c.one([
      'plain',
      'plain',
      'plain',
      'commit',
      'request',
      'two',
      'interrupt',
      'restored',
    ] as const)
    if (kind === 'commit') return this.#killed(flags, { atCommit: c.whole(1, 60) })
    if (kind === 'request') return this.#killed(flags, { atRequest: c.whole(1, 20) })
    if (kind === 'two') return this.#twoAtOnce(flags)
    if (kind === 'restored') return this.#restored(flags)
    if (kind === 'interrupt') this.#interruptAt(c.whole(1, 15))
    const run = await this.#world.run(['export', ...flags])
    this.#note(run, kind === 'interrupt' ? [...honest, 130] : honest)
    this.#check()
  }

  async #killed(flags: string[], death: { atCommit?: number; atRequest?: number }): Promise<void> {
    const kills = this.#world.kills
    const run = await this.#world.run(['export', ...flags], { death })
    // It may have ended before the moment came.
    this.#note(run, this.#world.kills === kills ? honest : null)
    const broken = brokenPromises(this.#world, { settled: false })
    this.#fail(broken.filter((sentence) => !sentence.endsWith('is still sending')))
  }

  async #twoAtOnce(flags: string[]): Promise<void> {
    const runs = await Promise.all([
      this.#world.run(['export', ...flags]),
      this.#world.run(['export'], { hostname: 'other-machine' }),
    ])
    for (const run of runs) this.#note(run, [...honest, 6])
    this.#check()
  }

  /** The ledger is lost after a run and put back from a back-up that was made before it. */
  async #restored(flags: string[]): Promise<void> {
    const world = this.#world
    world.onExchange = () => undefined // what was written meanwhile would be lost as well
    const before = this.#lastChunk()
    const restore = world.backUp()
    this.#note(await world.run(['export', ...flags]), honest)
    const hasSent = this.#lastChunk() > before
    world.sandbox.clearFaults()
    await world.sandbox.settleHeld()
    restore()
    await world.clock.sleep(10 * minute)
    if (hasSent) this.#note(await world.run(['export']), [5])
    this.#note(await world.run(['adopt-copy']), [0, 1])
    this.#check()
  }

  #lastChunk(): number {
    return this.#world.query<{ last: number | null }>('SELECT MAX(id) AS last FROM chunk')[0]?.last ?? 0
  }

  #interruptAt(request: number): void {
    const before = this.#world.onExchange
    let seen = 0
    this.#world.onExchange = (exchange) => {
      before(exchange)
      seen += 1
      if (seen === request) this.#world.interrupt()
    }
  }

  #arm(): void {
    const c = this.#c
    for (let count = c.whole(0, this.#faultRate); count > 0; count -= 1) {
      const isWrite = c.chance(0.7)
      const makers = isWrite ? this.#writeFaults : this.#readFaults
      if (makers.length === 0) continue
      const fault: Fault = {
        ...(isWrite ? { method: 'PUT' } : {}),
        path: c.one(isWrite ? writeTargets : readTargets),
        nth: c.whole(1, 4),
        times: c.one([1, 1, 1, 2, 5]),
        ...c.one(makers)(c),
      }
      this.trace.push(`fault ${JSON.stringify(fault)}`)
      this.#world.sandbox.fault(fault)
    }
  }

  /** Somebody writes to the ledger or to Xero while the run is under way, or the clock is set. */
  #arrangeMeanwhile(): void {
    const c = this.#c
    const when = new Set([c.whole(1, 14), c.whole(1, 20)])
    const kind = c.one(['nothing', 'ledger', 'ledger', 'xero', 'clock'] as const)
    let seen = 0
    this.#world.onExchange = () => {
      seen += 1
      if (!when.has(seen)) return
      if (kind === 'ledger') this.#changeLedger((sql) => this.#world.sqlMeanwhile(sql))
      if (kind === 'xero') this.#changeXero()
      if (kind === 'clock') this.#world.clock.stepWall(c.whole(-90, 90) * minute)
    }
  }

  #insert(count: number): void {
    const rows = Array.from({ length: count }, () => this.#newInvoice())
    this.#world.sql(`BEGIN;\n${rows.join('\n')}\nCOMMIT`)
  }

  #newInvoice(): string {
    const c = this.#c
    this.#documents += 1
    const id = `D${this.#documents}`
    const amount = c.whole(1, 999_999)
    const fits = {
      id,
      number: `INV-${this.#documents}`,
      contact: contactCode(c.whole(0, this.#customers - 1)),
      date: c.one(['2026-06-30', '2026-09-01', '2026-11-02', '2026-11-19']),
      lines: [
        { amount, tax: Math.round(amount * 0.15) },
        ...(c.chance(0.3) ? [{ amount: 5_000, tax: 750 }] : []),
      ],
    }
    switch (c.one(['fits', 'fits', 'fits', 'fits', 'fits', 'fits', 'bad', 'home'] as const)) {
      case 'fits':
        return invoiceSql(fits)
      case 'bad':
        return invoiceSql({
          ...fits,
          ...c.one([
            { account: null },
            { account: '99999' },
            { taxCode: 'NOSUCHTAX' },
            { contact: null },
            { dueDate: null },
            { number: `INV-${c.whole(1, this.#documents)}` },
          ]),
        })
      case 'home':
        return invoiceSql({
          ...fits,
          number: `${neverSent}${this.#documents}`,
          ...c.one([{ status: 'draft' as const }, { date: '2027-03-01' }, { status: 'void' as const }]),
        })
    }
  }

  /** What an exporting system does: with REPLACE, with UPDATE, with DELETE, all of it at any time. */
  #changeLedger(write: (sql: string) => void): void {
    const c = this.#c
    const id = `D${c.whole(1, this.#documents)}`
    switch (
      c.one(['insert', 'insert', 'amount', 'reference', 'number', 'delete', 'replace', 'void'] as const)
    ) {
      case 'insert':
        write(this.#newInvoice())
        break
      case 'amount':
        write(`UPDATE document_line SET amount_cents = amount_cents + 100, unit_price_e4 = unit_price_e4 + 10000, tax_cents = tax_cents + 15
           WHERE document = '${id}' AND position = 1;
          UPDATE document SET subtotal_cents = subtotal_cents + 100, tax_cents = tax_cents + 15, total_cents = total_cents + 115 WHERE id = '${id}'`)
        break
      case 'reference':
        write(`UPDATE document SET reference = 'ref ${c.whole(1, 999)}' WHERE id = '${id}'`)
        break
      case 'number':
        write(`UPDATE document SET number = number || '-A' WHERE id = '${id}'`)
        break
      case 'delete':
        write(`DELETE FROM document_line WHERE document = '${id}'; DELETE FROM document WHERE id = '${id}'`)
        break
      case 'replace':
        write(`CREATE TEMP TABLE kept AS SELECT * FROM document_line WHERE document = '${id}';
          INSERT OR REPLACE INTO document SELECT * FROM document WHERE id = '${id}';
          INSERT OR REPLACE INTO document_line SELECT * FROM kept; DROP TABLE kept`)
        break
      case 'void':
        write(`UPDATE document SET status = 'void' WHERE id = '${id}'`)
    }
  }

  /** What people do in Xero. */
  #changeXero(): void {
    const c = this.#c
    const { sandbox } = this.#world
    const person = sandbox.person()
    const ours = sandbox.invoices().filter((invoice) => invoice.reference !== byPerson)
    const contacts = sandbox.contacts().filter((contact) => contact.status === 'ACTIVE')
    const invoice = ours[c.whole(0, Math.max(0, ours.length - 1))]
    const contact = contacts[c.whole(0, Math.max(0, contacts.length - 1))]
    const what = c.one(['contact', 'number', 'void', 'total', 'archive', 'merge', 'lock'] as const)
    this.trace.push(`person ${what}`)
    if (what === 'contact') {
      const name = `Customer ${c.whole(1, this.#customers)}`
      if (!contacts.some((one) => one.name === name)) person.createContact({ name })
    } else if (what === 'number' && contact) {
      const number = `INV-${c.whole(1, this.#documents)}`
      if (!sandbox.invoices().some((one) => one.number === number))
        person.createInvoice({
          contactId: contact.id,
          number,
          total: 77_777_77 as never,
          reference: byPerson,
        })
    } else if ((what === 'void' || what === 'total') && invoice) {
      this.#world.touchedByPerson.add(invoice.id)
      if (what === 'void') person.voidInvoice(invoice.id)
      else person.editInvoiceTotal(invoice.id, 88_888_88 as never)
    } else if (what === 'archive' && contact) person.archiveContact(contact.id)
    else if (what === 'merge' && contact) {
      const into = person.createContact({ name: `${contact.name} merged ${c.whole(1, 1e6)}` })
      person.mergeContact(contact.id, into.id)
    } else if (what === 'lock') person.setLockDate(c.one(['2026-07-31', '2026-10-31'] as const) as never)
  }

  #note(run: Outcome, allowed: readonly number[] | null): void {
    const { exchanges } = this.#world
    for (const { method, url, status } of exchanges.slice(this.#seen))
      this.trace.push(`${method} ${url} ${status}`)
    this.#seen = exchanges.length
    this.trace.push(`export ${run.code}`)
    if (allowed !== null && !allowed.includes(run.code))
      this.#fail([`a run ended with ${run.code}: ${run.err}${run.out}`])
  }

  #check(): void {
    this.#fail(brokenPromises(this.#world, { settled: false }))
  }

  #fail(broken: readonly string[]): void {
    if (broken.length > 0)
      throw new Error(`${broken.join('\n')}\n--- what happened:\n${this.trace.join('\n')}`)
  }

  /** The line is good again and people mend what is reported: then everything that should be in Xero is, once. */
  async quiesce(): Promise<void> {
    const world = this.#world
    world.onExchange = () => undefined
    world.sandbox.clearFaults()
    world.sandbox.person().setLockDate(null)
    await world.sandbox.settleHeld()
    let last: {
      code: number
      failures: { kind: string; id: string; code: string; number: string; message: string }[]
    }
    for (let round = 0; ; round += 1) {
      await world.clock.sleep(20 * minute)
      const run = await world.export()
      this.#note(run, [0, 1, 8])
      this.#check()
      const failures = run.runs[0]?.failures ?? []
      last = { code: run.code, failures }
      const mendable = failures.filter((failure) => failure.code !== 'edited-after-export')
      if (mendable.length === 0 && run.code !== 8) break
      if (round === 12) this.#fail([`it never comes to rest: ${JSON.stringify(mendable)}`, run.err])
      for (const failure of mendable) await this.#mend(failure)
    }
    this.#fail(brokenPromises(world))
    this.#fail(this.#unsent())
    const puts = () => world.exchanges.filter(({ method }) => method === 'PUT').length
    const before = puts()
    const again = await world.export()
    this.#note(again, [last.code])
    if (puts() !== before) this.#fail(['a further run sent something'])
    this.#fail(brokenPromises(world))
  }

  /** Documents that have to be in Xero and are not. */
  #unsent(): string[] {
    return this.#world
      .query<{ id: string; number: string; state: string; reason: string | null }>(
        `SELECT d.id, d.number, e.state, e.reason FROM document AS d
           LEFT JOIN export_state AS e ON e.kind = d.kind AND e.source_id = d.id AND e.entity = d.entity
          WHERE d.status = 'sent' AND d.date < '2026-12-01' AND e.state IS NOT 'exported'
            AND d.date >= COALESCE((SELECT value FROM setting WHERE name = 'cutover_date'), '')`,
      )
      .map((row) => `${row.id} (${row.number}) is ${row.state}: ${row.reason}`)
  }

  /** What a bookkeeper does about a finding. */
  async #mend(failure: {
    kind: string
    id: string
    code: string
    number: string
    message: string
  }): Promise<void> {
    const world = this.#world
    const person = world.sandbox.person()
    this.trace.push(`mend ${failure.code} of ${failure.kind} ${failure.id}`)
    this.#waitingOps += 1
    const fresh = `INV-M${this.#waitingOps}`
    const document = `id = '${failure.id}'`
    switch (failure.code) {
      case 'number-in-use':
      case 'number-duplicate':
        world.sql(`UPDATE document SET number = '${fresh}' WHERE ${document}`)
        break
      case 'account-missing':
      case 'account-unknown':
        world.sql(`UPDATE document_line SET account = '200' WHERE document = '${failure.id}'`)
        break
      case 'tax-unknown':
      case 'tax-unmapped':
        world.sql(`UPDATE document_line SET tax_code = 'OUTPUT2' WHERE document = '${failure.id}'`)
        break
      case 'contact-missing':
        world.sql(`UPDATE document SET contact = 'C001' WHERE ${document}`)
        break
      case 'due-date-missing':
        world.sql(`UPDATE document SET due_date = '2026-12-20' WHERE ${document}`)
        break
      case 'contact-archived':
      case 'contact-ambiguous':
      case 'contact-name-duplicate':
      case 'parent-not-exported':
        for (const contact of world.sandbox.contacts()) {
          const isFree = !world.sandbox
            .contacts()
            .some(
              (other) => other.status === 'ACTIVE' && other.name.toLowerCase() === contact.name.toLowerCase(),
            )
          if (contact.status === 'ARCHIVED' && contact.mergedTo === null && isFree)
            person.restoreContact(contact.id)
        }
        // Where another one has the name by now, the link ends, and the next run finds that one.
        if (failure.code === 'contact-archived') await this.#unlink(failure.id)
        break
      case 'look-alike-in-xero':
        await this.#settle(failure)
        break
      default:
    }
  }

  async #unlink(document: string): Promise<void> {
    const { sandbox } = this.#world
    const [row] = this.#world.query<{ contact: string; xero_contact_id: string }>(
      `SELECT l.contact, l.xero_contact_id FROM contact_link AS l JOIN document AS d ON d.contact = l.contact
        WHERE l.ended IS NULL AND d.id = ?`,
      document,
    )
    const there = sandbox.contacts().find((contact) => contact.id === row?.xero_contact_id)
    if (row && there?.status === 'ARCHIVED')
      this.#note(await this.#world.run(['contacts', 'unlink', row.contact]), [0])
  }

  /** A person knows whether the document in Xero was typed in there. */
  async #settle(failure: { kind: string; id: string; message: string; number: string }): Promise<void> {
    const { sandbox } = this.#world
    const reference = `${failure.kind}:${failure.id}`
    const facts = this.#world.query<{ facts: string }>(
      `SELECT facts FROM chunk_thing WHERE kind = ? AND source_id = ? ORDER BY chunk DESC LIMIT 1`,
      failure.kind,
      failure.id,
    )[0]?.facts
    const sent = JSON.parse(facts ?? '{}') as { number?: string; name?: string }
    const there =
      failure.kind === 'invoice'
        ? sandbox.invoices().find((one) => one.number === sent.number && one.reference !== byPerson)
        : sandbox.contacts().find((one) => one.status === 'ACTIVE' && one.name === sent.name)
    if (failure.kind === 'invoice' && there) this.#world.touchedByPerson.add(there.id)
    const answer = there ? ['--xero-id', there.id] : ['--not-there']
    const settled = await this.#world.run(['settle', reference, ...answer])
    this.#note(settled, [0, 1, 8])
    if (settled.code !== 0) this.trace.push(settled.err)
  }
}
