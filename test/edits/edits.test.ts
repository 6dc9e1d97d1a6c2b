// Documents that are edited in the ledger after they were exported (I7), and in Xero (I9): what is sent, what is refused and why,
// and that nobody's work is overwritten. One sentence a test, for every kind of document. Voids are voids.test.ts, lost answers
// lost-edits.test.ts.

import { afterEach, describe, expect, test } from 'vitest'
import { archiveInXero } from '../battery/situations.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { isInShare } from '../support/share.ts'
import { lineSql, raiseSql, settingSql } from '../support/workload.ts'
import type { World } from '../support/world.ts'
import { allOf, editedKinds, exportedDocument, exportedDocuments, theOne, writesOf } from './edited-kinds.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

describe.each(editedKinds)('an exported $name', (edited) => {
  async function exported(more = ''): Promise<World> {
    world = await exportedDocument(edited, more)
    return world
  }

  /** The run after an edit, its calls, and how often it counts as updated. */
  async function next(w: World, flags: string[] = []) {
    const before = writesOf(w).length
    const run = await w.export(...flags)
    const counts = run.runs[0]?.kinds[edited.kind]
    return { ...run, counts, failures: run.runs[0]?.failures ?? [], writes: writesOf(w).slice(before) }
  }

  async function expectSilent(w: World): Promise<void> {
    const again = await next(w)
    expect(again.writes, again.err).toEqual([])
    expect(brokenPromises(w)).toEqual([])
  }

  /** Whatever was tried: the finding says what, nothing was sent, Xero is as it was. */
  async function expectRefused(w: World, code: string): Promise<void> {
    const before = theOne(edited, w)
    for (const _again of [1, 2]) {
      const { code: exit, failures, writes, err } = await next(w)
      expect(exit, err).toBe(1)
      expect(failures).toMatchObject([{ id: 'D1', code }])
      expect(writes).toEqual([])
    }
    expect(theOne(edited, w)).toEqual(before)
    expect(brokenPromises(w)).toEqual([])
  }

  test.runIf(isInShare(edited.name, 1))(
    'is sent again as a change of the same document, and its lines keep their ids',
    async () => {
      const w = await exported()
      const before = theOne(edited, w)
      w.sql(raiseSql('D1', 2_000))
      const { code, counts, writes, err } = await next(w)
      expect(code, err).toBe(0)
      expect(counts).toMatchObject({ exported: 0, updated: 1, remaining: 0 })
      expect(writes).toMatchObject([{ method: 'POST', body: expect.stringContaining(before.id) }])
      const after = theOne(edited, w)
      expect(after).toMatchObject({ id: before.id, total: before.total + 2_300 })
      expect(after.lines.map((line) => line.id)).toEqual(before.lines.map((line) => line.id))
      await expectSilent(w)
    },
  )

  test.runIf(isInShare(edited.name, 2))('twice in a row ends as it was last', async () => {
    const w = await exported()
    const { total } = theOne(edited, w)
    w.sql(raiseSql('D1', 1_000))
    expect((await next(w)).code).toBe(0)
    w.sql(raiseSql('D1', 1_000) + raiseSql('D1', 3_000))
    expect((await next(w)).counts).toMatchObject({ updated: 1 })
    expect(theOne(edited, w).total).toBe(total + 5_750)
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 3))('back to what it was before the run, nothing is sent', async () => {
    const w = await exported()
    w.sql(raiseSql('D1', 1_000) + raiseSql('D1', -1_000))
    const { code, writes, counts } = await next(w)
    expect({ code, writes, counts }).toMatchObject({ code: 0, writes: [], counts: { updated: 0 } })
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 4))('in what Xero is not told, nothing is sent', async () => {
    const w = await exported()
    w.sql("UPDATE document SET employee = 'Mere', updated_at = '2026-11-22T00:00:00Z' WHERE id = 'D1'")
    const { code, writes } = await next(w)
    expect({ code, writes }).toEqual({ code: 0, writes: [] })
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 5))('with a line more: the others keep their ids', async () => {
    const w = await exported()
    const before = theOne(edited, w)
    const more = { description: 'Fourth', amount: 4_000, tax: 600, account: edited.otherAccount }
    w.sql(
      `${lineSql('D1', 4, { ...more, taxCode: edited.otherAccount === '260' ? 'OUTPUT2' : 'INPUT2' })}
       UPDATE document SET subtotal_cents = 34000, tax_cents = 5100, total_cents = 39100 WHERE id = 'D1'`,
    )
    expect((await next(w)).code).toBe(0)
    const after = theOne(edited, w)
    expect(after.lines.map((line) => line.description)).toEqual(['First', 'Second', 'Third', 'Fourth'])
    expect(after.lines.slice(0, 3).map((line) => line.id)).toEqual(before.lines.map((line) => line.id))
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 6))('with a line less: it is gone in Xero', async () => {
    const w = await exported()
    w.sql(
      `DELETE FROM document_line WHERE document = 'D1' AND position = 2;
       UPDATE document SET subtotal_cents = 20000, tax_cents = 3000, total_cents = 23000 WHERE id = 'D1'`,
    )
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w).lines.map((line) => line.description)).toEqual(['First', 'Third'])
    expect(theOne(edited, w).total).toBe(23_000)
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 7))('with its lines in another order has them so in Xero', async () => {
    const w = await exported()
    w.sql(
      `UPDATE document_line SET position = 9 WHERE document = 'D1' AND position = 1;
       UPDATE document_line SET position = 1 WHERE document = 'D1' AND position = 3;
       UPDATE document_line SET position = 3 WHERE document = 'D1' AND position = 9`,
    )
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w).lines.map((line) => line.description)).toEqual(['Third', 'Second', 'First'])
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 8))('without its reference any more, Xero forgets it', async () => {
    const w = await exported()
    w.sql("UPDATE document SET reference = NULL WHERE id = 'D1'")
    const { code, counts } = await next(w)
    expect({ code, updated: counts?.updated }).toEqual({ code: 0, updated: edited.hasReference ? 1 : 0 })
    expect(theOne(edited, w).reference).toBe('')
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 9))('for another contact moves to that one', async () => {
    const w = await exported()
    w.sql("UPDATE document SET contact = 'C002' WHERE id = 'D1'")
    expect((await next(w)).code).toBe(0)
    const contact = w.sandbox.contacts().find(({ id }) => id === theOne(edited, w).contactId)
    expect(contact?.name).toBe('Customer 2')
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 10))('under another number has that one', async () => {
    const w = await exported()
    w.sql("UPDATE document SET number = 'RENAMED-1' WHERE id = 'D1'")
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w).number).toBe('RENAMED-1')
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 11))(
    'once something was settled on it: a finding, and nothing is sent',
    async () => {
      const w = await exported()
      const takeBack = edited.settle(w, theOne(edited, w).id)
      w.sql(raiseSql('D1', 1_000))
      await expectRefused(w, 'edited-after-payment')
      if (!takeBack) return
      takeBack()
      const { code, counts, err } = await next(w)
      expect({ code, updated: counts?.updated }, err).toEqual({ code: 0, updated: 1 })
      await expectSilent(w)
    },
  )

  test.runIf(isInShare(edited.name, 12))(
    'once something was settled on it, and undone in the ledger: the finding ends',
    async () => {
      const w = await exported()
      edited.settle(w, theOne(edited, w).id)
      w.sql(raiseSql('D1', 1_000))
      await expectRefused(w, 'edited-after-payment')
      w.sql(raiseSql('D1', -1_000))
      const { code, failures } = await next(w)
      expect({ code, failures }).toEqual({ code: 0, failures: [] })
      await expectSilent(w)
    },
  )

  test.runIf(isInShare(edited.name, 13))(
    'that a person changed in Xero too: a finding, and theirs stays',
    async () => {
      const w = await exported()
      edited.change(w, theOne(edited, w).id)
      w.sql(raiseSql('D1', 1_000))
      await expectRefused(w, 'edited-in-xero')
    },
  )

  test.runIf(isInShare(edited.name, 14))('that Xero has no more as it was: a finding', async () => {
    const w = await exported()
    asPerson(w, (person) => {
      if (edited.path === '/Invoices') person.voidInvoice(theOne(edited, w).id)
      else if (edited.path === '/CreditNotes') person.money.voidCreditNote(theOne(edited, w).id)
      else person.papers.deletePurchaseOrder(theOne(edited, w).id)
    })
    w.sql(raiseSql('D1', 1_000))
    await expectRefused(w, 'edited-in-xero')
  })

  test.runIf(isInShare(edited.name, 15))(
    'with an error now: said, and nothing is sent until it is mended',
    async () => {
      const w = await exported()
      w.sql("UPDATE document_line SET account = '99999' WHERE document = 'D1' AND position = 1")
      await expectRefused(w, 'account-unknown')
      w.sql(
        `UPDATE document_line SET account = '${edited.otherAccount}' WHERE document = 'D1' AND position = 1`,
      )
      expect((await next(w)).counts).toMatchObject({ updated: 1, failed: 0 })
      await expectSilent(w)
    },
  )

  test.runIf(isInShare(edited.name, 16))(
    'made a draft again: a finding, for Xero cannot do that',
    async () => {
      const w = await exported()
      w.sql("UPDATE document SET status = 'draft' WHERE id = 'D1'")
      await expectRefused(w, 'edited-after-export')
      w.sql("UPDATE document SET status = 'sent' WHERE id = 'D1'")
      expect((await next(w)).failures).toEqual([])
      await expectSilent(w)
    },
  )

  test.runIf(isInShare(edited.name, 17))('that arrived as a draft stays one when it is changed', async () => {
    const w = await exported(settingSql('document_status', 'draft'))
    expect(theOne(edited, w).status).toBe('DRAFT')
    w.sql(raiseSql('D1', 2_000))
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w)).toMatchObject({ status: 'DRAFT', total: 36_800 })
    // The setting is of new documents alone.
    w.sql(`${raiseSql('D1', 1_000)} UPDATE setting SET value = 'authorised' WHERE name = 'document_status'`)
    expect((await next(w)).code).toBe(0)
    expect(theOne(edited, w)).toMatchObject({ status: 'DRAFT', total: 37_950 })
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 18))(
    'by INSERT OR REPLACE of the same rows, nothing is sent',
    async () => {
      const w = await exported()
      w.sql(`CREATE TEMP TABLE kept AS SELECT * FROM document_line WHERE document = 'D1';
      INSERT OR REPLACE INTO document SELECT * FROM document WHERE id = 'D1';
      INSERT OR REPLACE INTO document_line SELECT * FROM kept; DROP TABLE kept`)
      const { code, writes } = await next(w)
      expect({ code, writes }).toEqual({ code: 0, writes: [] })
      await expectSilent(w)
    },
  )

  test.runIf(isInShare(edited.name, 19))('because of a changed setting alone, nothing is sent', async () => {
    const w = await exported()
    w.sql(
      settingSql('line_description_template', '{number} {description}') +
        settingSql('reference_template', '{job}'),
    )
    const { code, writes } = await next(w)
    expect({ code, writes }).toEqual({ code: 0, writes: [] })
    await expectSilent(w)
  })

  test.runIf(isInShare(edited.name, 20))(
    'seven of them change: three calls, and one that Xero refuses stays as it was',
    async () => {
      world = await exportedDocuments(edited, 7)
      const w = world
      const totals = allOf(edited, w).map((one) => one.total)
      const ids = Array.from({ length: 7 }, (_, index) => `D000${index + 1}`)
      const archived = edited.otherAccount === '260' ? '270' : '453'
      w.sql(ids.map((id) => raiseSql(id, 1_000)).join('\n'))
      w.sql(`UPDATE document_line SET account = '${archived}' WHERE document = 'D0002' AND position = 1`)
      archiveInXero(w, archived)
      const { code, counts, failures, writes, err } = await next(w, ['--no-pull'])
      expect(code, err).toBe(1)
      expect(counts).toMatchObject({ updated: 6, failed: 1 })
      expect(writes.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST'])
      expect(new Set(failures.map(({ id }) => id))).toEqual(new Set(['D0002']))
      expect(brokenPromises(w)).toEqual([])
      w.sql(
        `UPDATE document_line SET account = '${edited.otherAccount}' WHERE document = 'D0002' AND position = 1`,
      )
      expect((await next(w)).counts).toMatchObject({ updated: 1, failed: 0 })
      expect(allOf(edited, w).map((one) => one.total)).toEqual(totals.map((total) => total + 1_150))
      await expectSilent(w)
    },
  )
})
