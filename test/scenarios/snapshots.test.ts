// A whole machine put back from a snapshot: the ledger and the memory beside it are equally old, and only Xero knows better (E13).

import { cpSync, rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { cents } from '../../src/accounting/money.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { byPerson } from '../support/promises/watched.ts'
import { contactsSql, documentSql, settingSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import { journalSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

const hour = 60 * 60_000

const paidInvoiceSql = (n: number) =>
  documentSql('invoice', { id: `I${n}` }) + paymentSql({ id: `P${n}`, applied: { [`I${n}`]: 3_000 } })
/** What Xero takes twice. */
const unnumberedSql = (n: number) =>
  documentSql('supplier_credit', { id: `S${n}` }) +
  journalSql({
    id: `J${n}`,
    lines: [
      ['429', 1_000 + n],
      ['850', -1_000 - n],
    ],
  })
const paidBillSql = (n: number) =>
  documentSql('bill', { id: `B${n}` }) +
  creditAllocationSql(`S${n}`, `B${n}`, 1_000) +
  paymentSql({ id: `Q${n}`, applied: { [`B${n}`]: 2_000 } })

/** Exports, and puts ledger and config folder back as they were before. */
async function exportAndForget(w: World): Promise<void> {
  const restore = w.backUp()
  const kept = `${w.configFolder}-kept`
  cpSync(w.configFolder, kept, { recursive: true })
  const sent = await w.export()
  expect(sent.code, sent.err).toBe(0)
  restore()
  rmSync(w.configFolder, { recursive: true })
  cpSync(kept, w.configFolder, { recursive: true })
  w.clock.advance(hour)
}

const inXero = ({ sandbox }: World) => [
  sandbox.invoices().length,
  sandbox.creditNotes().length,
  sandbox.payments().length,
  sandbox.manualJournals().length,
]

test.each([
  ['invoices', '', (n: number) => paidInvoiceSql(n) + unnumberedSql(n)],
  ['bills', '', (n: number) => unnumberedSql(n) + paidBillSql(n)],
  [
    'invoices under a prefix',
    settingSql('number_prefix', 'NZ-'),
    (n: number) => paidInvoiceSql(n) + unnumberedSql(n),
  ],
])(
  '%s were sent since: nothing is sent again, today or tomorrow, until adopt-copy has looked',
  async (_title, setting, papers) => {
    const w = await World.open()
    world = w
    await w.prepare(contactsSql(2) + setting + papers(1))
    expect((await w.export()).code).toBe(0)
    w.clock.advance(hour)
    w.sql(papers(2) + papers(3))
    await exportAndForget(w)
    const before = inXero(w)
    w.sql(papers(4))

    for (const _day of ['today', 'tomorrow']) {
      const refused = await w.export()
      expect(refused.code, refused.err).toBe(5)
      expect(refused.err).toMatch(/does not know that it was sent before.*adopt-copy/)
      expect(inXero(w)).toEqual(before)
      w.clock.advance(24 * hour)
    }

    await w.must(['adopt-copy'])
    const next = await w.export()
    expect(next.code, next.err).toBe(0)
    expect(inXero(w)).toEqual(before.map((count) => (count / 3) * 4))
    expect(brokenPromises(w)).toEqual([])
  },
)

test('a person who typed an invoice of the same number and total is no snapshot', async () => {
  const w = await World.open()
  world = w
  await w.prepare(contactsSql(1) + documentSql('bill', { id: 'B0' }))
  expect((await w.export()).code).toBe(0)
  w.clock.advance(hour)
  const contactId = w.sandbox.contacts()[0]?.id ?? ''
  asPerson(w, (person) =>
    person.createInvoice({ contactId, number: 'INV-I1', total: cents(11_500), reference: byPerson }),
  )
  w.sql(documentSql('invoice', { id: 'I1' }) + documentSql('bill', { id: 'B1' }))
  const run = await w.export()
  expect(run.code, run.err).toBe(1)
  expect(run.runs[0]?.failures.map(({ code }) => code)).toEqual(['number-in-use'])
  expect(run.runs[0]?.kinds['bill']).toMatchObject({ exported: 1 })
})
