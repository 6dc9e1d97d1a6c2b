// The promises can be broken: each is held against a world in which something is wrong, or nothing would be known by their holding.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cents, e6 } from '../src/accounting/money.ts'
import type { Organisation } from '../src/sandbox/organisation.ts'
import { brokenPromises } from './support/checkers.ts'
import { everyKindSql } from './support/mixed-ledger.ts'
import { asPerson } from './support/people.ts'
import { byPerson } from './support/promises/watched.ts'
import { World } from './support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Everything is out, and right. */
async function open(): Promise<World> {
  world = await World.open()
  await world.prepare(everyKindSql(world.folder))
  await world.must(['export'])
  return world
}

let ids = 0

/** An id that nothing has yet. */
function newId(): string {
  ids += 1
  return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`
}

function organisationOf(w: World): Organisation {
  const [organisation] = w.sandbox.organisations
  if (!organisation) throw new Error('there is no organisation')
  return organisation
}

function first<Item>(items: readonly Item[], is: (item: Item) => boolean = () => true): Item {
  const found = items.find(is)
  if (!found) throw new Error('there is none')
  return found
}

const invoice = (w: World, number: string) => first(w.sandbox.invoices(), (one) => one.number === number)

const wrongs: readonly [string, (w: World) => void, RegExp][] = [
  [
    'an invoice is twice in Xero',
    (w) => organisationOf(w).invoices.put({ ...invoice(w, 'INV-INV3'), id: newId() }),
    /invoice INV-INV3 is in Xero 2 times/,
  ],
  [
    'a bill is twice in Xero',
    (w) => organisationOf(w).invoices.put({ ...invoice(w, 'B-BILL1'), id: newId() }),
    /BILL1 is in Xero 2 times/,
  ],
  [
    'a payment is twice in Xero',
    (w) => organisationOf(w).payments.put({ ...first(w.sandbox.payments()), id: newId() }),
    /#\w{10} is in Xero 2 times/,
  ],
  [
    'a supplier credit is twice in Xero',
    (w) => {
      const credit = first(w.sandbox.creditNotes(), ({ type }) => type === 'ACCPAYCREDIT')
      organisationOf(w).creditNotes.put({ ...credit, id: newId(), allocations: [] })
    },
    /Xero has 2 of credit_note of 2300/,
  ],
  [
    'an allocation is twice in Xero',
    (w) => {
      const credit = first(w.sandbox.creditNotes(), ({ allocations }) => allocations.length > 0)
      const [allocation] = credit.allocations
      if (!allocation) throw new Error('there is no allocation')
      organisationOf(w).creditNotes.put({
        ...credit,
        allocations: [allocation, { ...allocation, id: newId() }],
      })
    },
    /Xero has 2 of allocation of/,
  ],
  [
    'a journal is twice in Xero',
    (w) => organisationOf(w).manualJournals.put({ ...first(w.sandbox.manualJournals()), id: newId() }),
    /\/(journal|cogs|stock_movement)\/\S+ is in Xero 2 times/,
  ],
  [
    'a deposit is twice in Xero',
    (w) =>
      organisationOf(w).bankTransactions.put({
        ...first(w.sandbox.bankTransactions()),
        id: newId(),
        creditId: null,
      }),
    /#\w{10} is in Xero 2 times[\s\S]*#\w{10} is in Xero 2 times/,
  ],
  [
    'a file is twice in Xero',
    (w) => organisationOf(w).attachments.put({ ...first(w.sandbox.attachments()), id: newId() }),
    /file job.txt of .* is in Xero 2 times/,
  ],
  [
    'a note is twice in Xero',
    (w) => organisationOf(w).notes.put({ ...first(w.sandbox.notes()), id: newId() }),
    /note of .* is in Xero 2 times/,
  ],
  [
    'something that nobody knows is in Xero',
    (w) => organisationOf(w).invoices.put({ ...invoice(w, 'INV-INV3'), id: newId(), number: 'INV-NEW' }),
    /invoice INV-NEW is in Xero and the ledger does not know it/,
  ],
  [
    'an amount differs by a cent',
    (w) => organisationOf(w).invoices.put({ ...invoice(w, 'INV-INV2'), total: cents(11_501) }),
    /invoice INV2 was sent with 11500 and is 11501 in Xero/,
  ],
  [
    'the ledger says another amount than was sent',
    (w) =>
      w.sql(
        `UPDATE document SET total_cents = 99 WHERE id = 'PO1'; UPDATE export_state SET sent_revision = revision, queued = 0 WHERE source_id = 'PO1'`,
      ),
    /purchase_order PO1 is 11500 in Xero, 99 in the ledger/,
  ],
  [
    'what was exported is not in Xero',
    (w) =>
      w.sql(
        `UPDATE export_state SET xero_id = '${newId()}' WHERE kind = 'payment' AND source_id = 'PAY1/INV3'`,
      ),
    /payment PAY1\/INV3 counts as exported and is not in Xero/,
  ],
  [
    'two things are one of Xero',
    (w) =>
      w.sql(
        `UPDATE export_state SET xero_id = (SELECT xero_id FROM export_state WHERE source_id = 'INV2') WHERE source_id = 'INV3'`,
      ),
    /invoice INV3 and invoice INV2 are one invoice of Xero/,
  ],
  [
    'a document is void in the ledger and stands in Xero',
    (w) =>
      w.sql(
        `UPDATE document SET status = 'void' WHERE id = 'BILL1'; UPDATE export_state SET sent_revision = revision, queued = 0`,
      ),
    /bill BILL1 is void in the ledger and stands in Xero/,
  ],
  [
    'more is paid than is due',
    (w) => {
      const paid = invoice(w, 'INV-INV3')
      const payments = [
        ...paid.payments,
        { id: newId(), date: paid.date, amount: cents(1), reference: '', currencyRate: e6(1_000_000) },
      ]
      organisationOf(w).invoices.put({ ...paid, payments })
    },
    /INV-INV3 is paid 1 above its total/,
  ],
  [
    'a journal does not balance',
    (w) => {
      const journal = first(w.sandbox.manualJournals())
      const lines = journal.lines.map((line, index) =>
        index > 0 ? line : { ...line, lineAmount: cents(line.lineAmount + 1) },
      )
      organisationOf(w).manualJournals.put({ ...journal, lines })
    },
    /is off by 1/,
  ],
  [
    'a journal is on a bank account',
    (w) => {
      const journal = first(w.sandbox.manualJournals())
      const accountId = first(organisationOf(w).accounts.all(), ({ type }) => type === 'BANK').id
      const lines = journal.lines.map((line) => ({ ...line, accountId }))
      organisationOf(w).manualJournals.put({ ...journal, lines })
    },
    /touches Business/,
  ],
  [
    'what a person made is changed',
    (w) => {
      const contactId = first(w.sandbox.contacts()).id
      const theirs = asPerson(w, (person) =>
        person.createInvoice({ contactId, number: 'P-1', total: cents(5_000), reference: byPerson }),
      )
      organisationOf(w).invoices.put({ ...theirs, total: cents(1) })
    },
    /invoice P-1 of a person was changed by us/,
  ],
  [
    'what a person changed of ours is overwritten',
    (w) => {
      const ours = invoice(w, 'INV-INV1')
      asPerson(w, (person) => person.editInvoiceTotal(ours.id, cents(70_000)))
      organisationOf(w).invoices.put(ours)
    },
    /INV-INV1 was changed by a person and overwritten by us/,
  ],
  [
    'a child went out without its document',
    (w) => w.sql(`UPDATE export_state SET state = 'pending', queued = 1 WHERE kind = 'bill'`),
    /\d things were exported whose documents were not/,
  ],
  [
    'a thing is in the midst of being sent',
    (w) => w.sql(`UPDATE export_state SET state = 'sending' WHERE source_id = 'INV1'`),
    /invoice INV1 is still sending/,
  ],
  [
    'a thing waits where nobody looks for it',
    (w) => w.sql(`UPDATE export_state SET state = 'failed', queued = 0 WHERE source_id = 'INV1'`),
    /1 things wait and are not queued/,
  ],
  [
    'a thing was created twice',
    (w) =>
      w.sql(`INSERT INTO chunk_thing SELECT (SELECT MAX(chunk) FROM chunk_thing), 99, kind, source_id, entity, revision, facts_hash, facts, outcome
      FROM chunk_thing WHERE source_id = 'INV1' AND kind = 'invoice'; UPDATE chunk SET operation = 'create'`),
    /1 things were created by two chunks/,
  ],
  [
    'a call is not in the log',
    (w) => w.sql(`DELETE FROM api_log_body; DELETE FROM api_log WHERE path LIKE '%/Payments%'`),
    /has no row in the API log/,
  ],
  [
    'the log has a call that never was',
    (w) => w.sql(`UPDATE api_log SET path = '/elsewhere' WHERE method = 'PUT'`),
    /Xero never saw it/,
  ],
  [
    'a contact is twice in Xero',
    (w) => organisationOf(w).contacts.put({ ...first(w.sandbox.contacts()), id: newId() }),
    /the contact customer \d is in Xero 2 times/,
  ],
  [
    'a contact is linked to nothing',
    (w) => w.sql(`UPDATE contact_link SET xero_contact_id = '${newId()}' WHERE contact = 'C001'`),
    /C001 is linked to nothing in Xero/,
  ],
  [
    'a summary does not balance',
    (w) =>
      w.sql(`INSERT INTO summary (id, entity, kind, date, sequence) VALUES (1, 'NZ01', 'invoice', '2026-11-02', 1);
        INSERT INTO summary_line (summary, position, account, description, amount_cents) VALUES (1, 1, '200', 'Sales', 5)`),
    /1 summaries are off/,
  ],
  [
    'a secret lies beside the ledger',
    (w) => writeFileSync(join(w.folder, 'notes.txt'), `it is ${w.sandbox.clientSecret}`),
    /a secret stands in .*notes.txt/,
  ],
]

describe('every kind of thing is out', () => {
  test('and right: no promise is broken', async () => {
    expect(brokenPromises(await open())).toEqual([])
  })

  // One after the other in the same world: each is a sentence that was not there before.
  test('and then one thing after another is wrong: a promise is broken by each', async () => {
    const w = await open()
    for (const [title, spoil, sentence] of wrongs) {
      expect(brokenPromises(w).join('\n'), title).not.toMatch(sentence)
      spoil(w)
      expect(brokenPromises(w).join('\n'), title).toMatch(sentence)
    }
  })
})

describe('calls', () => {
  const key = { 'idempotency-key': 'k' }
  const call = {
    method: 'PUT',
    url: '/api.xro/2.0/Payments?summarizeErrors=false',
    requestHeaders: key,
    requestBody: '{"Payments":[{}]}',
    status: null,
    responseHeaders: {},
    responseBody: null,
    fault: null,
    at: 0,
  } as const

  test.each([
    [
      'a payment is sent again after no answer',
      [call, { ...call, at: 1_000 }],
      /was repeated after an answer that told nothing/,
    ],
    [
      'a key is used for another call',
      [call, { ...call, requestBody: '{"Payments":[]}' }],
      /used for two different calls/,
    ],
    [
      'a key is used when Xero has forgotten it',
      [call, { ...call, at: 400_000 }],
      /was used again after 400 s/,
    ],
    ['a call has no key', [{ ...call, requestHeaders: {} }], /left without a key/],
    [
      'a POST goes by number',
      [
        {
          ...call,
          method: 'POST',
          url: '/api.xro/2.0/Invoices',
          requestBody: '{"Invoices":[{"InvoiceNumber":"1"}]}',
        },
      ],
      /edits whatever holds the number/,
    ],
  ] as const)('%s', async (_title, exchanges, sentence) => {
    world = await World.open()
    await world.prepare()
    world.exchanges.push(...exchanges)
    expect(brokenPromises(world).join('\n')).toMatch(sentence)
  })
})
