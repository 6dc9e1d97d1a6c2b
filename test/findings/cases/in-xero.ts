// Findings that only Xero can know of, or a run: nothing in the ledger or in the mirror says so beforehand.

import { asPerson } from '../../support/people.ts'
import { raiseSql } from '../../support/workload.ts'
import { paymentSql } from '../../support/workload-money.ts'
import type { World } from '../../support/world.ts'
import type { Lived, OnlyInRuns, OpenWorld } from '../fixture.ts'
import { document } from '../rows.ts'

const inRuns = (reason: string, live: OnlyInRuns['live']): OnlyInRuns => ({ foundBy: 'run', reason, live })

const inXero = (world: World, number: string) => {
  const found = world.sandbox.invoices().find((one) => one.number === number)
  if (!found) throw new Error(`Xero has no ${number}`)
  return found.id
}

/** Two invoices that were exported, then something that a person does in Xero, then an edit of both. */
async function editedAfter(
  open: OpenWorld,
  [has, nearly]: readonly [string, string],
  act: (world: World) => void,
): Promise<Lived> {
  const world = await open()
  world.sql(document('invoice', has) + document('invoice', nearly))
  await world.must(['export'])
  act(world)
  world.sql(raiseSql(has) + raiseSql(nearly))
  await world.export()
  return { world, has: `invoice:${has}`, nearly: `invoice:${nearly}` }
}

export const knownInXero = {
  'edited-after-payment': inRuns('the document is read back when its change is sent', (open) =>
    editedAfter(open, ['INV-6001', 'INV-6002'], (world) =>
      asPerson(world, (person) => {
        person.money.pay(inXero(world, 'INV-6001'), { amount: 1_000 as never }) // cents
        const taken = person.money.pay(inXero(world, 'INV-6002'), { amount: 1_000 as never }) // cents
        person.money.deletePayment(taken.id)
      }),
    ),
  ),
  'edited-in-xero': inRuns('the document is read back when its change is sent', (open) =>
    editedAfter(
      open,
      ['INV-6011', 'INV-6012'],
      (world) =>
        asPerson(world, (person) => person.editInvoiceTotal(inXero(world, 'INV-6011'), 20_000 as never)), // cents
    ),
  ),
  'deleted-in-ledger': inRuns('a row that is gone is nothing that waits to be checked', async (open) => {
    const world = await open()
    world.sql(document('invoice', 'INV-6021') + document('invoice', 'INV-6022'))
    await world.must(['export'])
    const gone = `DELETE FROM document_line WHERE document = '#'; DELETE FROM document WHERE id = '#';`
    world.sql(gone.replaceAll('#', 'INV-6021'))
    // Deleted and loaded anew, as many systems write.
    world.sql(`BEGIN; ${gone.replaceAll('#', 'INV-6022')} ${document('invoice', 'INV-6022')} COMMIT;`)
    await world.export()
    return { world, has: 'invoice:INV-6021', nearly: 'invoice:INV-6022' }
  }),
  'plan-limit': inRuns('Xero does not say how many approvals the plan has left', async (open) => {
    const world = await open({ sandbox: { switches: { approvalCap: { ACCREC: 1, ACCPAY: 5 } } } })
    world.sql(document('invoice', 'INV-6031-A') + document('invoice', 'INV-6031-B'))
    await world.export()
    return { world, has: 'invoice:INV-6031-B', nearly: 'invoice:INV-6031-A' }
  }),
  'outcome-uncertain': inRuns('an answer was lost a moment ago', async (open) => {
    const world = await open()
    world.sql(document('invoice', 'INV-6041') + document('invoice', 'INV-6042'))
    await world.must(['export'])
    world.sandbox.fault({ method: 'POST', path: '/Invoices', kind: 'drop-after-commit', times: 9 })
    world.sql(raiseSql('INV-6041'))
    await world.export()
    world.sandbox.clearFaults()
    world.sql(raiseSql('INV-6041') + raiseSql('INV-6042'))
    await world.export()
    return { world, has: 'invoice:INV-6041', nearly: 'invoice:INV-6042' }
  }),
  'look-alike-in-xero': inRuns(
    'an answer was lost, and a person entered the same meanwhile',
    async (open) => {
      const world = await open()
      world.sql(document('bill', 'B-6051') + document('bill', 'B-6052', { contact: 'C002' }))
      world.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'error-before-commit', times: 9 })
      await world.export()
      const customer = world.sandbox.contacts().find(({ name }) => name === 'Customer 1')
      asPerson(world, (person) =>
        person.createInvoice({
          type: 'ACCPAY',
          number: 'B-6051',
          contactId: customer?.id ?? '',
          total: 11_500 as never, // cents
          date: '2026-11-02' as never, // a real date
        }),
      )
      world.sandbox.clearFaults()
      await world.clock.sleep(10 * 60_000)
      await world.export()
      return { world, has: 'bill:B-6051', nearly: 'bill:B-6052' }
    },
  ),
  'differs-in-xero': inRuns('Xero says so in its answer', async (open) => {
    const world = await open({
      rewrite: (body, { method }) =>
        method === 'PUT' ? body.replace(/("InvoiceNumber":"INV-6061".*?"Total":)115\b/s, '$1115.01') : body,
    })
    world.sql(document('invoice', 'INV-6062') + document('invoice', 'INV-6061'))
    await world.export()
    return { world, has: 'invoice:INV-6061', nearly: 'invoice:INV-6062' }
  }),
  'xero-warning': inRuns('Xero says so in its answer', async (open) => {
    const world = await open({ sandbox: { switches: { unknownTracking: 'warning' } } })
    const tracked = (id: string, option: string) =>
      `${document('invoice', id)}\nUPDATE document_line SET tracking_1_category = 'Region', tracking_1_option = '${option}' WHERE document = '${id}';`
    world.sql(tracked('INV-6071', 'East') + tracked('INV-6072', 'West'))
    // Archived after it was read and before the invoice arrives.
    world.onExchange = ({ url }) => {
      if (url.includes('/TrackingCategories'))
        asPerson(world, (person) => person.archiveTrackingOption('Region', 'East'))
    }
    await world.export()
    return { world, has: 'invoice:INV-6071', nearly: 'invoice:INV-6072' }
  }),
  'xero-refused': inRuns('Xero may refuse what it tells nobody of beforehand', async (open) => {
    const world = await open({ sandbox: { switches: { paymentBeforeDocument: 'refused' } } })
    const paid = (id: string, date: string) =>
      document('invoice', `INV-${id}`) +
      paymentSql({ id: `PAY-${id}`, date, applied: { [`INV-${id}`]: 11_500 } })
    world.sql(paid('6081', '2026-11-01') + paid('6082', '2026-11-02'))
    await world.export()
    return { world, has: 'payment:PAY-6081/INV-6081', nearly: 'payment:PAY-6082/INV-6082' }
  }),
}
