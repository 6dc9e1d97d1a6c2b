// How the stories of what comes back look at a ledger: a document's balance in one line, its life as `show` tells it, what came
// from Xero in a list.

import { expect } from 'vitest'
import { cents } from '../../../src/accounting/money.ts'
import { asPerson } from '../people.ts'
import { contactsSql } from '../workload.ts'
import { World, type WorldOptions } from '../world.ts'
import { whatDoesNotAgree } from './checks.ts'
import { OwnRows } from './own-rows.ts'

/** What `show --json` tells of a document, as far as stories look (cli.md). */
export interface Shown {
  balance: { total: string; paid: string; credited: string; adjusted: string; due: string }
  state: string
  payments: { id: string; amount: string; origin: string; state: string; xeroId: string | null }[]
  allocations: { source: string; amount: string }[]
  adjustments: { amount: string; reason: string }[]
}

export class Story {
  readonly world: World
  readonly own = new OwnRows()

  /** A ledger with two contacts and these rows, exported. */
  static async begin(sql: string, options: WorldOptions = {}): Promise<Story> {
    const story = new Story(await World.open(options))
    await story.world.prepare()
    story.own.write(
      "INSERT INTO billing_entity (code, name, region) VALUES ('NZ01', 'Harbour Print Ltd', 'NZ')",
    )
    story.write(contactsSql(2) + sql)
    await story.run()
    return story
  }

  private constructor(world: World) {
    this.world = world
  }

  /** As the exporting system. */
  write(sql: string): void {
    this.own.write(sql)
    this.world.sql(sql)
  }

  /** An export that ends well, some time later. */
  async run(...flags: string[]) {
    this.world.clock.advance(60_000)
    const run = await this.world.export(...flags)
    expect(run.code, run.err + run.out).toBe(0)
    return run
  }

  /** As a person in Xero, some time later. */
  person<Result>(act: Parameters<typeof asPerson<Result>>[1]): Result {
    this.world.clock.advance(60_000)
    return asPerson(this.world, act)
  }

  /** A person pays that much of a document; gives the payment's id. */
  pay(id: string, amount: number, date?: string): string {
    const day = date === undefined ? {} : { date: date as never }
    return this.person(({ money }) => money.pay(this.xeroId(id), { amount: cents(amount), ...day })).id
  }

  deletePayment(xeroId: string): void {
    this.person(({ money }) => money.deletePayment(xeroId))
  }

  /** A person sets so much of a credit against a document; gives the allocation's id. */
  allocate(creditId: string, id: string, amount: number): string {
    return this.person(({ money }) => money.allocate(creditId, this.xeroId(id), { amount: cents(amount) })).id
  }

  removeAllocation(creditId: string, allocationId: string): void {
    this.person(({ money }) => money.removeAllocation(creditId, allocationId))
    this.world.leftByPerson.delete(allocationId)
  }

  /** The id in Xero of a document or another thing of the ledger. */
  xeroId(id: string): string {
    const [row] = this.world.query<{ xero_id: string }>(
      "SELECT xero_id FROM export_state WHERE source_id = ? AND kind <> 'contact' AND xero_id IS NOT NULL",
      id,
    )
    if (!row) throw new Error(`${id} is not in Xero`)
    return row.xero_id
  }

  contactId(code: string): string {
    const [row] = this.world.query<{ id: string }>(
      'SELECT xero_contact_id AS id FROM contact_link WHERE contact = ? AND ended IS NULL',
      code,
    )
    if (!row) throw new Error(`${code} is not linked`)
    return row.id
  }

  /** `paid 40 credited 0 adjusted 0 due 7500 part-paid`, in cents. */
  balance(id: string): string {
    const [row] = this.world.query<Record<'paid' | 'credited' | 'adjusted' | 'due' | 'state', string>>(
      `SELECT paid_cents AS paid, credited_cents AS credited, adjusted_cents AS adjusted, due_cents AS due, state
         FROM document_balance WHERE document = ?`,
      id,
    )
    if (!row) throw new Error(`${id} has no balance`)
    return `paid ${row.paid} credited ${row.credited} adjusted ${row.adjusted} due ${row.due} ${row.state}`
  }

  /** External payments as `amount state on document amount, …`, in the order of their amounts. */
  external(): string[] {
    const rows = this.world.query<{ id: string; amount: number; state: string; deleted_by: string | null }>(
      `SELECT id, amount_cents AS amount, state, deleted_by FROM payment WHERE origin = 'external' ORDER BY amount_cents, id`,
    )
    return rows.map(({ id, amount, state, deleted_by }) => {
      const parts = this.world.query<{ document: string; amount: number }>(
        'SELECT document, amount_cents AS amount FROM payment_allocation WHERE payment = ? ORDER BY document',
        id,
      )
      const applied = parts.map((part) => ` on ${part.document} ${part.amount}`).join()
      return `${amount} ${state}${deleted_by ? ` by ${deleted_by}` : ''}${state === 'deleted' ? '' : applied}`
    })
  }

  /** State and cause of a payment of the ledger. */
  payment(id: string): { state: string; deleted_by: string | null; hasDate: 0 | 1 } | undefined {
    return this.world.query<{ state: string; deleted_by: string | null; hasDate: 0 | 1 }>(
      'SELECT state, deleted_by, deleted_at IS NOT NULL AS hasDate FROM payment WHERE id = ?',
      id,
    )[0]
  }

  async show(id: string): Promise<Shown> {
    const { out } = await this.world.must(['show', id, '--json'])
    return JSON.parse(out) as Shown
  }

  /** What `show` tells a person, on one screen. */
  async tell(id: string): Promise<string> {
    return (await this.world.must(['show', id])).out
  }

  /** Calls since the n-th that were no token and no connection. */
  callsSince(count: number): string[] {
    return this.world.exchanges
      .slice(count)
      .filter(({ url }) => url.startsWith('/api.xro'))
      .map(({ method, url }) => `${method} ${url.replace(/^\/api.xro\/2.0/, '').replace(/\?.*/, '')}`)
  }

  /** Sentences of what does not agree between the two sides. */
  broken(failures: readonly string[] = []): string[] {
    return whatDoesNotAgree(this.world, { failures: new Set(failures), own: this.own, seen: new Set() })
  }

  async close(): Promise<void> {
    this.own.close()
    await this.world.close()
  }
}
