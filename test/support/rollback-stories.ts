// Stories of rollbacks, each from a seed: exports, rollbacks and releases in any order, in between what people do in the ledger and in
// Xero, lost answers, kills, and back-ups that are put back. What must hold at the end is checkers.ts.

import { cents } from '../../src/accounting/money.ts'
import type { FaultEffect } from '../../src/sandbox/fault.ts'
import { brokenPromises } from './checkers.ts'
import { asPerson } from './people.ts'
import { type Choices, choices } from './simulation/choices.ts'
import { contactsSql, documentSql, raiseSql, roleAccountsSql, settingSql } from './workload.ts'
import { creditAllocationSql, depositSql, paymentSql } from './workload-money.ts'
import { journalSql } from './workload-papers.ts'
import { World } from './world.ts'

const minute = 60_000
const steps = 14

const losses: readonly FaultEffect[] = [
  { kind: 'drop-after-commit' },
  { kind: 'drop-before-commit' },
  { kind: 'error-after-commit' },
  { kind: 'late-commit', afterMs: 80_000 },
  { kind: 'partial-commit', stored: 1 },
  { kind: 'missing-element' },
  { kind: 'rate-limit', limit: 'day', retryAfterS: 3_600 },
]

/** Lives through one story, and gives back what does not hold at its end: nothing, with what happened. */
export async function tellRollbacks(seed: number): Promise<{ broken: string[]; trace: string[] }> {
  const c = choices(seed)
  const w = await World.open({ seed, sandbox: { switches: { voidedNumberFree: true } } })
  try {
    const story = new Story(w, c)
    await w.prepare(story.begin())
    await story.export()
    for (let step = 1; step <= steps; step += 1) await story.step()
    return { broken: await story.end(), trace: story.trace }
  } finally {
    await w.close()
  }
}

class Story {
  readonly trace: string[] = []
  readonly #w: World
  readonly #c: Choices
  #count = 0
  #deletedByPerson = 0

  constructor(w: World, c: Choices) {
    this.#w = w
    this.#c = c
  }

  begin(): string {
    const c = this.#c
    const style = c.one(['', settingSql('ar_style', 'journals'), summaries])
    const rows = Array.from({ length: 5 }, () => this.#papers())
    return [begin, settingSql('chunk_size', c.whole(1, 3)), style, ...rows].join('\n')
  }

  async step(): Promise<void> {
    const rollback = () => this.#rollback()
    const export_ = () => this.export()
    const what = this.#c.one([
      ...[rollback, rollback, rollback, export_, export_],
      () => this.#release(),
      () => this.#release(),
      () => this.#restored(),
      () => this.#killed(),
      () => this.#lose(),
      () => this.#lose(),
      () => this.#edit(),
      () => this.#person(),
      () => this.#w.clock.sleep(this.#c.one([1, 7, 60]) * minute),
    ])
    await what()
  }

  async export(): Promise<void> {
    this.trace.push(`export ${(await this.#w.export()).code}`)
  }

  /** What was lost is settled, and nothing goes out once everything that could has gone. */
  async end(): Promise<string[]> {
    const w = this.#w
    await w.sandbox.settleHeld()
    for (let run = 0; run < 3; run += 1) {
      await w.clock.sleep(62 * minute)
      await w.export()
    }
    const writes = () => w.exchanges.filter(({ method, url }) => method !== 'GET' && url.includes('api.xro'))
    const before = writes().length
    await w.export()
    const deleted = w.query("SELECT 1 FROM payment WHERE deleted_by = 'xero' AND origin = 'ledger'").length
    return [
      ...brokenPromises(w),
      ...(writes().length > before ? ['something goes out with every run'] : []),
      ...(deleted > this.#deletedByPerson ? ['a payment was deleted in the ledger that nobody deleted'] : []),
    ]
  }

  #run(): string | null {
    const runs = this.#w.query<{ id: number }>(
      "SELECT DISTINCT run AS id FROM chunk WHERE operation = 'create' AND kind <> 'contact'",
    )
    return runs.length === 0 ? null : String(this.#c.one(runs).id)
  }

  async #rollback(): Promise<void> {
    const run = this.#run()
    if (run === null) return
    const { code } = await this.#w.run(['rollback', '--run', run, '--yes', '--quiet'])
    this.trace.push(`rollback of ${run} ${code}`)
  }

  async #killed(): Promise<void> {
    const run = this.#run()
    const atCommit = this.#c.whole(1, 30)
    if (run === null) return
    await this.#w.run(['rollback', '--run', run, '--yes'], { death: { atCommit } })
    this.trace.push(`rollback of ${run} died at commit ${atCommit}`)
  }

  async #release(): Promise<void> {
    const run = this.#run()
    if (run === null) return
    this.trace.push(`release of ${run} ${(await this.#w.run(['release', '--run', run])).code}`)
  }

  /** Everything since the back-up is forgotten by the ledger, and found again in Xero. */
  async #restored(): Promise<void> {
    const w = this.#w
    const restore = w.backUp()
    await this.#release()
    await this.export()
    await w.sandbox.settleHeld()
    await w.clock.sleep(7 * minute)
    await this.export()
    restore()
    this.trace.push(`put back, adopted ${(await w.run(['adopt-copy'])).code}`)
  }

  async #lose(): Promise<void> {
    const effect = this.#c.one(losses)
    const method = this.#c.one(['POST', 'PUT', 'DELETE'])
    this.#w.sandbox.fault({ method, path: '^.*/api.xro/.*', nth: this.#c.whole(1, 3), ...effect })
    this.trace.push(`next ${method}: ${effect.kind}`)
  }

  async #edit(): Promise<void> {
    const sent = this.#w.query<{ id: string }>("SELECT id FROM document WHERE status = 'sent'")
    const { id } = this.#c.one(sent)
    this.#w.sql(this.#c.chance(0.5) ? raiseSql(id) : this.#papers())
    this.trace.push(`edited, perhaps ${id}`)
  }

  async #person(): Promise<void> {
    const w = this.#w
    const payments = w.sandbox.payments().filter(({ status }) => status === 'AUTHORISED')
    const invoices = w.sandbox.invoices().filter(({ status }) => status === 'AUTHORISED')
    if (payments.length > 0 && this.#c.chance(0.5)) {
      this.#deletedByPerson += 1
      asPerson(w, ({ money }) => money.deletePayment(this.#c.one(payments).id))
    } else if (invoices.length > 0)
      asPerson(w, ({ money }) => money.pay(this.#c.one(invoices).id, { amount: cents(100) }))
    this.trace.push('somebody in Xero')
  }

  /** A document, perhaps with a payment, a credit, a deposit or a journal. */
  #papers(): string {
    const c = this.#c
    this.#count += 1
    const id = `D${this.#count}`
    const kind = c.one(['invoice', 'invoice', 'bill', 'credit_note'] as const)
    const lines = [{ amount: 1_000, tax: 150 }]
    const others = [
      ...(kind === 'credit_note' ? [] : [paymentSql({ id: `P${id}`, applied: { [id]: 3_000 } })]),
      ...(kind === 'invoice' ? [depositSql({ id: `E${id}`, amount: 2_000, applied: { [id]: 1_000 } })] : []),
      ...(kind === 'invoice'
        ? [documentSql('credit_note', { id: `K${id}`, lines }) + creditAllocationSql(`K${id}`, id, 1_150)]
        : []),
      journalSql({
        id: `J${id}`,
        lines: [
          ['429', 4_000],
          ['850', -4_000],
        ],
      }),
    ]
    const date = `2026-11-0${c.whole(1, 5)}`
    return documentSql(kind, { id, date }) + others.filter(() => c.chance(0.4)).join('\n')
  }
}

const summaries = settingSql('ar_style', 'journals') + settingSql('daily_summaries', 'invoice')

const begin =
  contactsSql(1) +
  roleAccountsSql() +
  settingSql('marker_url', 'https://books.example/{entity}/{kind}/{id}') +
  settingSql('deposits', 'prepayment')
