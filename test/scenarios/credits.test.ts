// Credits of customers and what applies them to invoices: each amount is taken off once, whatever happens on the way and
// whoever works in Xero meanwhile (N1, N2, I13). Credits of suppliers are supplier-credits.test.ts.

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import type { Fault } from '../../src/sandbox/fault.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, invoiceSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql } from '../support/workload-money.ts'
import { World, type WorldOptions } from '../support/world.ts'

let world: World | undefined

async function prepared(sql: string, options: WorldOptions = {}): Promise<World> {
  world = await World.open(options)
  await world.prepare(contactsSql(3) + sql)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const writes = (w: World, path = '') =>
  w.exchanges.filter(({ method, url }) => method === 'PUT' && url.includes(path)).length
const creditNamed = (w: World, number: string) => {
  const found = w.sandbox.creditNotes().find((one) => one.number === number)
  if (!found) throw new Error(`Xero has no credit ${number}`)
  return found
}
const invoiceNamed = (w: World, number: string) => {
  const found = w.sandbox.invoices().find((one) => one.number === number)
  if (!found) throw new Error(`Xero has no invoice ${number}`)
  return found
}
/** What is applied of a credit, as `invoice amount`. */
const applied = (w: World, number = 'CN-C1') =>
  creditNamed(w, number).allocations.map(
    ({ invoiceId, amount }) => `${w.sandbox.invoices().find(({ id }) => id === invoiceId)?.number} ${amount}`,
  )
const kinds = (run: { runs: { kinds: Record<string, object> }[] }) => run.runs[0]?.kinds
const codes = (run: { runs: { failures: { code: string }[] }[] }) =>
  run.runs[0]?.failures.map(({ code }) => code)

/** An invoice of 230.00 and a credit of 115.00 for one customer. */
const invoiceAndCredit =
  invoiceSql({ id: 'I1', lines: [{ amount: 20_000, tax: 3_000 }] }) + documentSql('credit_note', { id: 'C1' })
/** 50.00 of the credit. */
const someApplied = creditAllocationSql('C1', 'I1', 5_000)

/** Until Xero can have stored whatever it was going to store. */
async function later(w: World): Promise<void> {
  await w.sandbox.settleHeld()
  w.clock.advance(7 * 60_000)
}

/** The feeds of the pull, which every run asks for. */
const isFeed = (url: string) => url.includes('summaryOnly') || url.includes('order=UpdatedDateUTC')

test('a credit and what it is applied to go out in one run, all of one credit in one call (N2)', async () => {
  const w = await prepared(
    invoiceSql({ id: 'I1' }) +
      invoiceSql({ id: 'I2' }) +
      documentSql('credit_note', { id: 'C1' }) +
      creditAllocationSql('C1', 'I1', 5_000) +
      creditAllocationSql('C1', 'I2', 6_500),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(kinds(run)).toMatchObject({
    credit_note: { exported: 1 },
    allocation: { exported: 2, remaining: 0 },
  })
  expect(applied(w)).toEqual(['INV-I1 5000', 'INV-I2 6500'])
  expect(creditNamed(w, 'CN-C1').status).toBe('PAID')
  expect(writes(w, '/Allocations')).toBe(1)
  // Both sides were made by this run: nothing had to be asked about them.
  const asked = w.exchanges.filter(
    ({ method, url }) => method === 'GET' && /CreditNotes|Invoices/.test(url) && !isFeed(url),
  )
  expect(asked).toEqual([])
  expect(brokenPromises(w)).toEqual([])
  const made = writes(w)
  expect((await w.export()).runs[0]?.state).toBe('nothing')
  expect(writes(w)).toBe(made)
})

test('the plan says that each credit is a call of its own', async () => {
  const w = await prepared(
    invoiceAndCredit +
      documentSql('credit_note', { id: 'C2' }) +
      someApplied +
      creditAllocationSql('C2', 'I1', 100),
  )
  const plan = await w.must(['export', '--dry-run'])
  expect(plan.out + plan.err).toContain('Xero takes allocations in one call for each credit: 2 here.')
  expect((await w.export()).code).toBe(0)
  expect(writes(w, '/Allocations')).toBe(2)
})

test('an old credit that is applied today goes out by the date of its allocation', async () => {
  const w = await prepared(invoiceAndCredit + someApplied)
  expect(kinds(await w.export('--to', '2026-11-05'))).toMatchObject({ allocation: { exported: 0 } })
  expect(applied(w)).toEqual([])
  expect(kinds(await w.export('--from', '2026-11-10'))).toMatchObject({ allocation: { exported: 1 } })
  expect(applied(w)).toEqual(['INV-I1 5000'])
  expect(brokenPromises(w)).toEqual([])
})

describe('one fault in the call that applies a credit to two invoices', () => {
  const call = { method: 'PUT', path: '^/CreditNotes/.*/Allocations$' } as const
  const cases: [string, Fault, number][] = [
    ['the answer is lost after Xero stored it', { ...call, kind: 'drop-after-commit' }, 8],
    ['the connection drops before Xero stored it', { ...call, kind: 'drop-before-commit' }, 8],
    ['an error 500 after Xero stored both', { ...call, kind: 'error-after-commit' }, 8],
    ['an error 500 before Xero stored any', { ...call, kind: 'error-before-commit' }, 8],
    ['an error 500 after one of two was stored', { ...call, kind: 'partial-commit', stored: 1 }, 8],
    ['the answer is garbage', { ...call, kind: 'garbage', isStored: true }, 8],
    ['Xero never answers', { ...call, kind: 'black-hole' }, 8],
    ['the commit comes after the time-out', { ...call, kind: 'late-commit', afterMs: 80_000 }, 8],
    ['the answer lacks an element', { ...call, kind: 'missing-element' }, 8],
    ['the answer is shuffled', { ...call, kind: 'shuffled-order' }, 0],
    ['the minute limit', { ...call, kind: 'rate-limit', limit: 'minute', retryAfterS: 26 }, 0],
    ['the token expired', { ...call, kind: 'unauthorized' }, 0],
  ]
  test.each(cases)('%s', async (_title, fault, code) => {
    const w = await prepared(
      `${invoiceAndCredit}${someApplied}${invoiceSql({ id: 'I2' })}${creditAllocationSql('C1', 'I2', 5_000)}`,
    )
    w.sandbox.fault(fault)
    const first = await w.export()
    expect(first.code, first.err).toBe(code)
    expect(brokenPromises(w, { settled: code === 0 })).toEqual([])
    // Nothing of ours is on an allocation: a lost call is looked up, never repeated.
    expect(writes(w, '/Allocations')).toBeLessThanOrEqual(code === 8 ? 1 : 2)
    await later(w)
    const second = await w.export()
    expect(second.code, second.err).toBe(0)
    expect(applied(w).sort()).toEqual(['INV-I1 5000', 'INV-I2 5000'])
    expect(brokenPromises(w)).toEqual([])
    expect((await w.export()).runs[0]?.state).toBe('nothing')
  })
})

test('killed after Xero stored what was applied: the next run finds it', async () => {
  const undisturbed = await prepared(invoiceAndCredit + someApplied)
  await undisturbed.export()
  // The last request of all applies the credit.
  const atRequest = undisturbed.requests
  await undisturbed.close()
  const w = await prepared(invoiceAndCredit + someApplied)
  await w.run(['export'], { death: { atRequest } })
  expect(applied(w)).toEqual(['INV-I1 5000'])
  expect(w.query('SELECT state FROM export_state WHERE kind = ?', 'allocation')).toEqual([
    { state: 'sending' },
  ])
  await later(w)
  const second = await w.export()
  expect(second.code, second.err).toBe(0)
  expect(applied(w)).toEqual(['INV-I1 5000'])
  expect(brokenPromises(w)).toEqual([])
})

test('two runs at the same time apply it once: the second says who holds the organisation (E8)', async () => {
  const w = await prepared(invoiceAndCredit + someApplied)
  const runs = await Promise.all([w.run(['export']), w.run(['export'])])
  expect(runs.map(({ code }) => code).sort()).toEqual([0, 6])
  expect(applied(w)).toEqual(['INV-I1 5000'])
  expect(brokenPromises(w)).toEqual([])
})

test('a credit whose invoice was refused waits with the reason, and is applied next time (E4)', async () => {
  const w = await prepared(invoiceAndCredit + someApplied)
  w.sql(`UPDATE document_line SET account = '999' WHERE document = 'I1'`)
  const first = await w.export()
  expect(first.code).toBe(1)
  expect(kinds(first)).toMatchObject({
    credit_note: { exported: 1 },
    allocation: { skipped: 1, remaining: 1 },
  })
  expect(w.query('SELECT state, reason FROM export_state WHERE kind = ?', 'allocation')).toEqual([
    {
      state: 'skipped',
      reason: 'Allocation CN-C1 on INV-I1 is for invoice INV-I1, which is not in Xero yet.',
    },
  ])
  w.sql(`UPDATE document_line SET account = '200' WHERE document = 'I1'`)
  const second = await w.export()
  expect(second.code, second.err).toBe(0)
  expect(applied(w)).toEqual(['INV-I1 5000'])
  expect(brokenPromises(w)).toEqual([])
})

describe('somebody works in Xero at the same time', () => {
  /** Both documents are there, nothing is applied yet. */
  async function documentsSent(): Promise<World> {
    const w = await prepared(invoiceAndCredit)
    expect((await w.export()).code).toBe(0)
    return w
  }
  const applyInXero = (w: World, amount: number) =>
    asPerson(w, (person) =>
      person.money.allocate(creditNamed(w, 'CN-C1').id, invoiceNamed(w, 'INV-I1').id, {
        amount: cents(amount),
      }),
    )

  test('they applied the same amount before: it is reported and not sent a second time', async () => {
    const w = await documentsSent()
    applyInXero(w, 5_000)
    w.sql(someApplied)
    const run = await w.export()
    expect(codes(run), run.err).toEqual(['payment-duplicate'])
    expect(writes(w, '/Allocations')).toBe(0)
    expect(applied(w)).toEqual(['INV-I1 5000'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('they applied another amount: ours goes out beside it', async () => {
    const w = await documentsSent()
    applyInXero(w, 3_000)
    w.sql(someApplied)
    expect((await w.export()).code).toBe(0)
    expect(applied(w)).toEqual(['INV-I1 3000', 'INV-I1 5000'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('they used the credit up: nothing is sent above what is left of it there', async () => {
    const w = await documentsSent()
    applyInXero(w, 8_000)
    w.sql(someApplied)
    const run = await w.export()
    expect(codes(run)).toEqual(['credit-exceeds'])
    expect(run.runs[0]?.failures[0]?.message).toBe(
      'Allocation CN-C1 on INV-I1 is 50.00, and only 35.00 is left of credit note CN-C1 in Xero.',
    )
    expect(writes(w, '/Allocations')).toBe(0)
  })

  test('the customer paid in Xero: nothing is sent above what is due there', async () => {
    const w = await documentsSent()
    asPerson(w, (person) => person.money.pay(invoiceNamed(w, 'INV-I1').id, { amount: cents(20_000) }))
    w.sql(someApplied)
    expect(codes(await w.export())).toEqual(['payment-exceeds-due'])
    expect(writes(w, '/Allocations')).toBe(0)
  })

  test('they voided the credit: it is said, and nothing is sent', async () => {
    const w = await documentsSent()
    asPerson(w, (person) => person.money.voidCreditNote(creditNamed(w, 'CN-C1').id))
    w.sql(someApplied)
    expect(codes(await w.export())).toEqual(['parent-void'])
    expect(writes(w, '/Allocations')).toBe(0)
  })

  /** Somebody applies the same while our answer is lost. */
  async function lostBesideTheirs(kind: 'drop-after-commit' | 'drop-before-commit') {
    const w = await documentsSent()
    const entered: string[] = []
    w.sql(someApplied)
    w.sandbox.fault({ method: 'PUT', path: '^/CreditNotes/.*/Allocations$', kind })
    w.onExchange = ({ method, url }) => {
      if (method !== 'PUT' || !url.includes('/Allocations')) return
      w.onExchange = () => undefined
      entered.push(applyInXero(w, 5_000).id)
    }
    expect((await w.export()).code).not.toBe(0)
    await later(w)
    return { w, entered }
  }

  test('they apply the same while our answer is lost and it was stored: a person says which is ours', async () => {
    const { w, entered } = await lostBesideTheirs('drop-after-commit')
    const second = await w.export()
    expect(second.code).toBe(1)
    expect(codes(second)).toEqual(['look-alike-in-xero'])
    const ours = creditNamed(w, 'CN-C1').allocations.find(({ id }) => !entered.includes(id))?.id ?? ''
    await w.must(['settle', 'allocation:C1/I1', '--xero-id', ours])
    expect((await w.export()).code).toBe(0)
    expect(writes(w, '/Allocations')).toBe(1)
    expect(brokenPromises(w)).toEqual([])
  })

  test('they apply the same while our call is lost on its way: theirs is it, and the amount is taken off once', async () => {
    const { w } = await lostBesideTheirs('drop-before-commit')
    const second = await w.export()
    expect(second.code, second.err).toBe(0)
    expect(applied(w)).toEqual(['INV-I1 5000'])
  })

  test('the customer pays between our reading and our call: Xero refuses the one, the other goes', async () => {
    for (const paymentVerdicts of ['each', 'whole'] as const) {
      const w = await prepared(
        `${invoiceAndCredit}${someApplied}${invoiceSql({ id: 'I2' })}${creditAllocationSql('C1', 'I2', 5_000)}`,
        { sandbox: { switches: { paymentVerdicts } } },
      )
      w.onExchange = ({ method, url }) => {
        if (method !== 'PUT' || !url.includes('/CreditNotes')) return
        w.onExchange = () => undefined
        asPerson(w, (person) => person.money.pay(invoiceNamed(w, 'INV-I1').id, { amount: cents(23_000) }))
      }
      const run = await w.export()
      expect(run.code, run.err).toBe(1)
      expect(kinds(run)).toMatchObject({ allocation: { exported: 1, failed: 1 } })
      expect(applied(w)).toEqual(['INV-I2 5000'])
      expect(brokenPromises(w)).toEqual([])
      await w.close()
    }
  })
})

describe('never above what the ledger has', () => {
  test('of a credit: what is too much fails, what fits goes', async () => {
    const w = await prepared(
      `${invoiceAndCredit}${creditAllocationSql('C1', 'I1', 10_000)}${invoiceSql({ id: 'I2' })}${creditAllocationSql('C1', 'I2', 5_000)}`,
    )
    const run = await w.export()
    expect(codes(run)).toEqual(['credit-exceeds'])
    expect(applied(w)).toEqual(['INV-I1 10000'])
    w.sql(`UPDATE credit_allocation SET amount_cents = 1500 WHERE document = 'I2'`)
    expect((await w.export()).code).toBe(0)
    expect(applied(w)).toEqual(['INV-I1 10000', 'INV-I2 1500'])
    expect(brokenPromises(w)).toEqual([])
  })

  test('of an invoice: two credits above it', async () => {
    const w = await prepared(
      invoiceSql({ id: 'I1' }) +
        documentSql('credit_note', { id: 'C1' }) +
        documentSql('credit_note', { id: 'C2' }) +
        creditAllocationSql('C1', 'I1', 11_000) +
        creditAllocationSql('C2', 'I1', 1_000),
    )
    const run = await w.export()
    expect(codes(run)).toEqual(['payment-exceeds-due'])
    expect(applied(w, 'CN-C1')).toEqual(['INV-I1 11000'])
    expect(applied(w, 'CN-C2')).toEqual([])
  })

  test('what was made in Xero counts, and is never sent', async () => {
    const w = await prepared(
      `${invoiceAndCredit}${creditAllocationSql('C1', 'I1', 11_000)}${invoiceSql({ id: 'I2' })}${creditAllocationSql('C1', 'I2', 1_000)}`,
    )
    w.sql(`UPDATE credit_allocation SET origin = 'external' WHERE document = 'I1'`)
    expect(codes(await w.export())).toEqual(['credit-exceeds'])
    expect(writes(w, '/Allocations')).toBe(0)
  })

  test('a credit of another customer, or applied to a credit, is refused', async () => {
    const w = await prepared(
      invoiceAndCredit +
        documentSql('credit_note', { id: 'C2', contact: 'C002' }) +
        creditAllocationSql('C2', 'I1', 100) +
        creditAllocationSql('C2', 'C1', 100),
    )
    expect(codes(await w.export())?.sort()).toEqual(['contact-differs', 'target-wrong-kind'])
    expect(writes(w, '/Allocations')).toBe(0)
  })
})

test('a negative invoice is a credit in Xero, and is applied like one (I13)', async () => {
  const w = await prepared(
    invoiceSql({ id: 'I1' }) +
      invoiceSql({ id: 'N1', lines: [{ amount: -4_000, tax: -600 }] }) +
      creditAllocationSql('N1', 'I1', 4_600),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(creditNamed(w, 'INV-N1')).toMatchObject({ type: 'ACCRECCREDIT', total: 4_600, status: 'PAID' })
  expect(applied(w, 'INV-N1')).toEqual(['INV-I1 4600'])
  expect(brokenPromises(w)).toEqual([])
})

describe('changed in the ledger after it was exported: nothing is sent', () => {
  async function sent(): Promise<World> {
    const w = await prepared(invoiceAndCredit + someApplied)
    expect((await w.export()).code).toBe(0)
    return w
  }

  test('another amount is a finding until somebody makes the same change in Xero', async () => {
    const w = await sent()
    const made = writes(w)
    w.sql('UPDATE credit_allocation SET amount_cents = 6000')
    expect(codes(await w.export())).toEqual(['edited-after-export'])
    expect(codes(await w.export())).toEqual(['edited-after-export'])
    const { id, allocations } = creditNamed(w, 'CN-C1')
    asPerson(w, (person) => {
      person.money.removeAllocation(id, allocations[0]?.id ?? '')
      person.money.allocate(id, invoiceNamed(w, 'INV-I1').id, {
        amount: cents(6_000),
        date: '2026-11-12' as never,
      })
    })
    expect((await w.export()).code).toBe(0)
    expect((await w.export()).runs[0]?.state).toBe('nothing')
    expect(writes(w)).toBe(made)
  })

  test('undone in the ledger, the finding ends', async () => {
    const w = await sent()
    w.sql('UPDATE credit_allocation SET amount_cents = 6000')
    expect(codes(await w.export())).toEqual(['edited-after-export'])
    w.sql('UPDATE credit_allocation SET amount_cents = 5000')
    expect((await w.export()).code).toBe(0)
    expect((await w.must(['validate', '--json'])).out).toContain('"error":0')
  })

  test('removed, it is said and left as it is in Xero', async () => {
    const w = await sent()
    w.sql('DELETE FROM credit_allocation')
    const run = await w.export()
    expect(run.code, run.err).toBe(0)
    expect(w.query('SELECT code FROM finding')).toEqual([{ code: 'deleted-in-ledger' }])
    expect(applied(w)).toEqual(['INV-I1 5000'])
  })

  test('moved to another invoice, what is there stays, and what is new waits until it was taken back there', async () => {
    const w = await sent()
    w.sql(`${invoiceSql({ id: 'I2' })} UPDATE credit_allocation SET document = 'I2'`)
    expect((await w.export()).runs[0]?.failures).toMatchObject([{ id: 'C1/I2', code: 'payment-moved' }])
    expect(applied(w)).toEqual(['INV-I1 5000'])
  })

  test('validate says it without asking Xero about it', async () => {
    const w = await sent()
    w.sql('UPDATE credit_allocation SET amount_cents = 6000')
    const found = await w.must(['validate', '--offline'], 1)
    expect(found.out).toContain('edited-after-export')
    expect(found.out).toContain('Make the same change in Xero by hand, or undo it in the ledger.')
  })
})

test('nothing is applied where sales are journals (J4): the credit and the invoice are on one account', async () => {
  const w = await prepared(
    `${invoiceAndCredit}${someApplied}${settingSql('ar_style', 'journals')}
     INSERT INTO role_account VALUES ('NZ01', 'debtors', '620');`,
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  expect(kinds(run)).toMatchObject({ allocation: { exported: 0, failed: 0, skipped: 0, remaining: 0 } })
  expect(writes(w, '/Allocations')).toBe(0)
  expect(brokenPromises(w)).toEqual([])
})

test('in base currency an allocation is converted as its documents were (I10)', async () => {
  const w = await prepared(
    settingSql('foreign_currency', 'base') +
      invoiceSql({ id: 'I1', currency: 'USD', exchangeRateE6: 600_000 }) +
      documentSql('credit_note', { id: 'C1', currency: 'USD', exchangeRateE6: 600_000 }) +
      creditAllocationSql('C1', 'I1', 11_500),
  )
  const run = await w.export()
  expect(run.code, run.err + run.out).toBe(0)
  // 115.00 at 0.6: the whole credit, to the cent.
  expect(applied(w)).toEqual(['INV-I1 19167'])
  expect(creditNamed(w, 'CN-C1').status).toBe('PAID')
})

test('a restored ledger finds what was applied before it sends anything (E13)', async () => {
  const w = await prepared(invoiceAndCredit + someApplied)
  const restore = w.backUp()
  expect((await w.export()).code).toBe(0)
  restore()
  expect((await w.export()).code).toBe(5)
  await w.must(['adopt-copy'])
  const run = await w.export()
  expect(run.code, run.err).toBe(0)
  expect(applied(w)).toEqual(['INV-I1 5000'])
  expect(writes(w, '/Allocations')).toBe(1)
  expect(brokenPromises(w)).toEqual([])
})
