// A contact is merged in Xero, and all its documents go to another: what was exported for it can still be changed.

import { expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { contactsSql, invoiceSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

test.each([
  ['voided', `UPDATE document SET status = 'void' WHERE id = 'A'`, { status: 'VOIDED' }],
  [
    'changed',
    `UPDATE document_line SET amount_cents = 20000, unit_price_e4 = 2000000, tax_cents = 3000 WHERE document = 'A';
     UPDATE document SET subtotal_cents = 20000, tax_cents = 3000, total_cents = 23000 WHERE id = 'A'`,
    { total: 23_000 },
  ],
])('K5, I7: a document of a merged contact is %s', async (_, change, expected) => {
  const world = await World.open()
  try {
    await world.prepare(`${contactsSql(1)}\n${invoiceSql({ id: 'A' })}`)
    await world.export()
    const person = world.sandbox.person()
    const into = person.createContact({ name: 'Customer One and Only' })
    const [ours] = world.sandbox.contacts().filter((contact) => contact.name === 'Customer 1')
    person.mergeContact(ours?.id ?? '', into.id)
    world.clock.advance(60_000)
    world.sql(change)
    const run = await world.export()
    expect(run.code, run.err + run.out).toBe(0)
    expect(world.sandbox.invoices()[0]).toMatchObject({ contactId: into.id, ...expected })
    expect(brokenPromises(world)).toEqual([])
  } finally {
    await world.close()
  }
})
