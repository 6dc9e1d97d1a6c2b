// Journals, items, orders and files that a person in Xero makes, as the API then shows them, and that a restart keeps them.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { cents, e4 } from '../accounting/money.ts'
import { startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

afterEach(stopSandboxes)

const lines = [
  { accountCode: '310', amount: 5000 },
  { accountCode: '631', amount: -5000 },
]

async function changedSince(client: TestClient, plural: string): Promise<number> {
  const since = new Date(client.clock.now()).toISOString()
  return (await client.get(`/${plural}`, { 'if-modified-since': since })).list(plural).length
}

test('journals: a look-alike of ours, edited and voided', async () => {
  const client = await startedSandbox()
  const { papers } = client.sandbox.person()
  const journal = papers.createManualJournal({ narration: 'COGS for invoice INV-1', lines })
  papers.createManualJournal({ narration: 'COGS for invoice INV-1', lines })
  const listed = (await client.get('/ManualJournals?page=1')).list('ManualJournals')
  expect(listed).toMatchObject(
    [1, 2].map(() => ({ Status: 'POSTED', JournalLines: [{}, { LineAmount: -50 }] })),
  )
  expect(client.sandbox.trialBalance()).toMatchObject([{ cents: 10_000 }, { cents: -10_000 }])
  client.clock.advance(5000)
  papers.editManualJournal(journal.id, { narration: 'Else' })
  expect(await changedSince(client, 'ManualJournals')).toBe(1)
  client.clock.advance(5000)
  papers.voidManualJournal(journal.id)
  const [voided] = (await client.get(`/ManualJournals/${journal.id}`)).list('ManualJournals')
  expect(voided).toMatchObject({ Status: 'VOIDED', Narration: 'Else' })
  const draft = papers.createManualJournal({ narration: 'Draft', lines, status: 'DRAFT' })
  expect(papers.deleteManualJournal(draft.id).status).toBe('DELETED')
})

test('items, orders and files', async () => {
  const client = await startedSandbox()
  const { papers } = client.sandbox.person()
  const item = papers.createItem({
    code: 'STK',
    tracked: { quantityOnHand: e4(20_000), totalCostPool: cents(900) },
  })
  client.clock.advance(5000)
  papers.changeItem(item.id, { name: 'Stocked' })
  expect(await changedSince(client, 'Items')).toBe(1)
  const [shown] = (await client.get('/Items/STK')).list('Items')
  expect(shown).toMatchObject({ Name: 'Stocked', QuantityOnHand: 2, TotalCostPool: 9 })
  client.sandbox.person().createContact({ name: 'Bosch' })
  const order = {
    Contact: { Name: 'Bosch' },
    Status: 'AUTHORISED',
    LineItems: [{ Description: 'x', UnitAmount: 1, AccountCode: '300' }],
  }
  await client.put('/PurchaseOrders', order)
  const id = client.sandbox.purchaseOrders()[0]?.id ?? ''
  expect(papers.billPurchaseOrder(id).status).toBe('BILLED')
  expect(papers.deletePurchaseOrder(id).status).toBe('DELETED')
  papers.attach(id, 'quote.txt', 'Hello')
  expect((await client.get(`/PurchaseOrders/${id}`)).list('PurchaseOrders')).toMatchObject([
    { Status: 'DELETED', HasAttachments: true, Attachments: [{ FileName: 'quote.txt', ContentLength: 5 }] },
  ])
})

test('a restart keeps all of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'auxo-sandbox-'))
  try {
    const stateFile = join(folder, 'state.json')
    const client = await startedSandbox({ stateFile })
    const { papers } = client.sandbox.person()
    const journal = papers.createManualJournal({ narration: 'Kept', lines })
    papers.createItem({ code: 'KEPT' })
    papers.attach(journal.id, 'a.txt', 'Hello')
    await client.put(`/ManualJournals/${journal.id}/History`, { HistoryRecords: [{ Details: 'Kept' }] })
    await stopSandboxes()
    const again = (await startedSandbox({ stateFile })).sandbox
    expect(again.manualJournals()).toEqual(client.sandbox.manualJournals())
    expect(again.items()).toEqual(client.sandbox.items())
    expect(again.attachments()).toEqual(client.sandbox.attachments())
    expect(again.notes()).toEqual(client.sandbox.notes())
    expect(again.notes()).toHaveLength(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
