// A pull that ends anywhere misses nothing and doubles nothing, and what it costs grows with what changed, not with what there is
// (X7).

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { Story } from '../support/comes-back/story.ts'
import { documentSql, documentsSql, invoiceSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import type { Death } from '../support/world.ts'

let story: Story

afterEach(() => story.close())

const isLong = process.env['AUXO_SOAK'] !== undefined

/** So many points at which a pull may die are tried; all of them in the long runs. */
const tried = isLong ? Number.POSITIVE_INFINITY : 3

/** Something of everything that can come back, on documents that are in Xero. */
async function muchToPull(): Promise<Story> {
  const s = await Story.begin(
    ['I1', 'I2', 'I3', 'I4'].map((id) => invoiceSql({ id })).join('') +
      documentSql('bill', { id: 'B1' }) +
      documentSql('credit_note', { id: 'C1' }) +
      paymentSql({ id: 'P1', applied: { I1: 2_000, I2: 2_000 } }) +
      paymentSql({ id: 'P2', applied: { B1: 2_000 } }) +
      creditAllocationSql('C1', 'I3', 5_000),
  )
  const gone = s.pay('I1', 3_000)
  const overpaid = s.person(({ money }) =>
    money.overpay({ contactId: s.contactId('C001'), total: cents(9_000) }),
  ).id
  const taken = s.allocate(overpaid, 'I2', 1_000)
  await s.run()
  // From here on it is for the pull that is disturbed.
  s.deletePayment(gone)
  s.deletePayment(s.xeroId('P1/I1'))
  s.deletePayment(s.xeroId('P2/B1'))
  s.pay('I1', 4_000)
  s.pay('B1', 500)
  s.removeAllocation(overpaid, taken)
  s.allocate(overpaid, 'I3', 2_500)
  s.person(({ money }) => money.refund(overpaid, { amount: cents(300) }))
  const note = s.person(({ money }) =>
    money.createCreditNote({ contactId: s.contactId('C001'), total: cents(800), number: 'X-1' }),
  )
  s.allocate(note.id, 'I2', 600)
  s.person(({ money }) => money.prepay({ contactId: s.contactId('C001'), total: cents(1_700) }))
  s.person((person) => person.editInvoiceTotal(s.xeroId('I4'), cents(20_000)))
  return s
}

/** What has to be there in the end, without ids and times. */
function endState(s: Story): unknown {
  const balances = ['I1', 'I2', 'I3', 'I4', 'B1', 'C1'].map((id) => s.balance(id))
  return { external: s.external(), payments: ['P1', 'P2'].map((id) => s.payment(id)), balances }
}

test('a pull that dies after any commit or request is made good by the next; a second pull over the same rows changes nothing', {
  timeout: 300_000,
}, async () => {
  story = await muchToPull()
  const { world } = story
  world.clock.advance(60_000)
  const whole = world.backUp()
  await world.must(['pull'])
  expect(story.broken()).toEqual([])
  const { commits, requests } = world
  const wanted = endState(story)
  const deaths: [name: string, death: Death][] = [
    ...pointsOf(commits).map((at): [string, Death] => [`commit ${at}`, { atCommit: at }]),
    ...pointsOf(requests).map((at): [string, Death] => [`request ${at}`, { atRequest: at }]),
  ]
  for (const [name, death] of deaths) {
    whole()
    const died = await world.run(['pull'], { death })
    expect(died.code, name).not.toBe(0)
    await world.must(['pull'])
    expect(endState(story), name).toEqual(wanted)
    expect(story.broken(), name).toEqual([])
  }
  await world.export()
  const rows = () => world.query('SELECT * FROM payment ORDER BY id')
  const before = rows()
  await world.must(['pull'])
  await story.run('--no-pull')
  expect(endState(story)).toEqual(wanted)
  expect(rows()).toEqual(before)
  expect(story.broken()).toEqual([])
})

/** Before the last, after which there is nothing left to die of. */
function pointsOf(count: number): number[] {
  const step = Math.ceil(count / tried) || 1
  return Array.from({ length: count - 1 }, (_, index) => index + 1).filter((at) => (at - 1) % step === 0)
}

test('export --no-pull asks nothing and learns nothing; pull sends nothing, and says where nothing is new', async () => {
  story = await Story.begin(invoiceSql({ id: 'I1' }))
  story.pay('I1', 4_000)
  const calls = story.world.exchanges.length
  await story.run('--no-pull')
  expect(story.callsSince(calls)).toEqual([])
  expect(story.external()).toEqual([])
  await story.world.must(['pull'])
  expect(story.external()).toEqual(['4000 applied on I1 4000'])
  // A pull sends nothing.
  expect(story.callsSince(calls).filter((call) => !call.startsWith('GET'))).toEqual([])
  // Zero rows read is said aloud.
  story.world.clock.advance(20 * 60_000)
  const { out, err } = await story.world.must(['pull'])
  expect(out).toMatch(/nothing new/)
  expect(err).not.toMatch(/warning|error/i)
})

describe('what a run costs', () => {
  const quiet = async (documents: number) => {
    story = await Story.begin(documentsSql('invoice', documents, 2))
    story.pay('D0001', 100)
    await story.run()
    // What it sent itself the next one reads once, like any change; then past the overlap of reads.
    story.world.clock.advance(20 * 60_000)
    await story.run()
    story.world.clock.advance(20 * 60_000)
    const calls = story.world.exchanges.length
    const run = await story.run()
    const bytes = story.world.exchanges
      .slice(calls)
      .reduce((sum, { responseBody }) => sum + (responseBody?.length ?? 0), 0)
    expect(run.runs[0]?.state).toBe('nothing')
    return { calls: story.callsSince(calls), bytes }
  }

  test('is at most 8 calls and less than 20 kB where nothing changed, however much there is', async () => {
    const few = await quiet(2)
    expect(few.calls.length, few.calls.join()).toBeLessThanOrEqual(8)
    expect(few.bytes).toBeLessThan(20_000)
    await story.close()
    const many = await quiet(70)
    expect(many.calls).toEqual(few.calls)
    expect(many.bytes).toBeLessThan(few.bytes + 100)
  })

  test('and grows with what changed: ten payments are no more calls than one', async () => {
    story = await Story.begin(documentsSql('invoice', 12, 2))
    const cost = async (ids: readonly string[]) => {
      story.world.clock.advance(20 * 60_000)
      for (const id of ids) story.pay(id, 100)
      const calls = story.world.exchanges.length
      await story.run()
      return story.callsSince(calls)
    }
    const one = await cost(['D0001'])
    const ten = await cost(Array.from({ length: 10 }, (_, index) => `D${String(index + 2).padStart(4, '0')}`))
    expect(ten).toEqual(one)
    expect(story.external()).toHaveLength(11)
    expect(story.broken()).toEqual([])
  })
})
