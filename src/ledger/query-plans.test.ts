// What runs once a page or once a chunk must look things up and not go through tables that grow with the books: at
// 100,000 documents a scan each page is a run that never ends. SQLite is asked how it would execute each statement.

import type Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aCard, aContactInXero } from '../../test/support/contacts.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { thingKinds } from '../accounting/kinds.ts'
import { forgetOldBodies } from './api-log.ts'
import { readApplied } from './applied.ts'
import { assignNumbers } from './assigned-numbers.ts'
import { hasAttachments, readAttachments } from './attachments.ts'
import {
  type Attempt,
  beginAttempt,
  markUncertain,
  prepareChunk,
  returnChunk,
  settleChunk,
} from './chunks.ts'
import { findCostedDocuments, leaveWithoutCost, readCogsPostings, recordCogs } from './cogs.ts'
import {
  findOpenContacts,
  findUnsentContacts,
  findWrittenContacts,
  readLinkedContacts,
  recordBases,
} from './contact-cards.ts'
import { clearPending, clearUnlinked, findPendingContacts } from './contact-changes.ts'
import { readDocumentMoney, readPaymentParts } from './document-money.ts'
import { readContacts, readDocuments } from './documents.ts'
import { lastChunkOf } from './identity.ts'
import { listGeneratedJournals, listManualJournals } from './journal-records.ts'
import { readJournals, readStockMovements } from './journals.ts'
import { findLinks, findLinksTo, recordLinks } from './links.ts'
import { readBodies, readCall, readCallsOf, readLogPage } from './logged-calls.ts'
import { readPaymentEvents } from './looking-back.ts'
import { applyContacts, findMirrorContacts } from './mirror-contacts.ts'
import { findPendingItems, storeItems } from './mirror-items.ts'
import { lastGeneratedNumber, storeGeneratedJournals, storeManualJournals } from './mirror-journals.ts'
import { closeChunk, findOpenChannels, findOpenChunks, resolveChunk } from './open-chunks.ts'
import { readParents, readStandings } from './parents.ts'
import { findPayment, readDeposit, readPaymentThings, readRefunds } from './payment-life.ts'
import { readCreditAllocations, readPayments } from './payments.ts'
import { readReceipts, readSentParts, requeueReceipts } from './receipts.ts'
import { readLedgerDocuments, readMonthDocuments } from './reconcile.ts'
import { sumDocumentLines } from './reconcile-accounts.ts'
import { closeRun, countRunCalls, countRuns, readRuns } from './runs.ts'
import { findSharedNumbers } from './shared-numbers.ts'
import { readStandingAllocations, readStandingParts, recordEnded } from './standing-parts.ts'
import { exportSources, findUnsentSummaries, readSaid, readSummaries } from './summaries.ts'
import { applyItems } from './taken-items.ts'
import { insertInvoice, type TestLedger, testLedger, testTenant } from './test-ledger.ts'
import {
  adoptThings,
  countStates,
  ensureThings,
  findDeletedInLedger,
  findFormerKinds,
  findTakenXeroIds,
  markSame,
  markUnchanged,
  readThings,
  readXeroIds,
  recordChecks,
  takeOffQueue,
} from './things.ts'
import { countLeftAlone, countRemaining, findWaitingIds, hasWaiting, readWaiting } from './waiting.ts'

/** Tables that grow with the books; a scan of one of them is what must not be. */
const growing = [
  'document',
  'document_line',
  'document_attachment',
  'export_state',
  'chunk',
  'chunk_thing',
  'api_log',
  'contact',
  'contact_link',
  'mirror_contact',
  'finding',
  'event',
  'payment',
  'payment_allocation',
  'credit_allocation',
  'journal',
  'journal_line',
  'stock_movement',
  'cogs_posting',
  'summary',
  'summary_source',
  'mirror_item',
  'mirror_manual_journal',
  'mirror_manual_journal_line',
  'mirror_journal',
  'mirror_journal_line',
  'external_ref',
  'part_in_xero',
  'mirror_payment',
  'mirror_credit',
  'mirror_allocation',
  'mirror_document',
]

let world: TestLedger
let plans: { sql: string; detail: string }[]

/** Writes down the plan of every statement, with the values that it is run with. */
function watched(database: Database.Database): Database.Database {
  return new Proxy(database, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (name !== 'prepare') return typeof member === 'function' ? member.bind(target) : member
      return (sql: string) => {
        const statement = target.prepare(sql)
        if (!/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)/i.test(sql)) return statement
        return new Proxy(statement, {
          get: (inner, what) => {
            const value: unknown = Reflect.get(inner, what, inner)
            if (typeof value !== 'function') return value
            return (...values: unknown[]) => {
              if (what === 'all' || what === 'run' || what === 'get') {
                const parameters = what === 'all' || what === 'run' ? (values as unknown[]) : []
                for (const row of target.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters))
                  plans.push({ sql, detail: (row as { detail: string }).detail }) // a row of any plan
              }
              return Reflect.apply(value, inner, values)
            }
          },
        })
      }
    },
  })
}

beforeEach(() => {
  plans = []
  world = testLedger({ wrap: watched })
  for (let index = 0; index < 20; index += 1) insertInvoice(world, `D${index}`)
  plans = []
})
afterEach(() => world.close())

/** Aliases of a statement by the table that they stand for. */
function aliases(sql: string): Map<string, string> {
  const named = new Map<string, string>(growing.map((table) => [table, table]))
  for (const [, table, alias] of sql.matchAll(/(?:from|join|update|into)\s+"?(\w+)"?\s+as\s+"?(\w+)"?/gi)) {
    if (table && alias) named.set(alias, table)
  }
  return named
}

/** Steps that go through a growing table; a narrower index that covers only what waits is no scan of what exists. */
function scans(): string[] {
  return plans.flatMap(({ sql, detail }) => {
    const alias = /^SCAN (\w+)/.exec(detail)?.[1]
    const table = alias === undefined ? undefined : aliases(sql).get(alias)
    return table !== undefined && growing.includes(table) ? [`${detail}: ${sql.replaceAll(/\s+/g, ' ')}`] : []
  })
}

const usesQueue = () => plans.some(({ detail }) => detail.includes('export_state_queue'))

const ids = ['D1', 'D2']
const november = { entity: 'NZ01', from: '2026-11-01' as PlainDate, to: '2026-11-30' as PlainDate } // literals
const owner = { entity: 'NZ01', kind: 'invoice' as const, run: 1 }
const date = (text: string) => text as PlainDate // a literal
const ledger = () => world.ledger
const log = {
  result: {
    status: 200,
    durationMs: 1,
    bytesIn: 1,
    correlationId: null,
    problem: null,
    exported: 1,
    failed: 0,
  },
  bodies: { request: null, response: null },
}

async function chunkOf(things: readonly string[]): Promise<Attempt> {
  const chunk = await prepareChunk(ledger(), world.lease, {
    run: 1,
    entity: 'NZ01',
    kind: 'invoice',
    operation: 'create',
    channel: 'sales_invoices',
    knownIds: [],
    settleWindowMs: 360_000,
    number: 1,
    of: 1,
    method: 'PUT',
    path: '/',
    idempotencyKey: `key-${things.join()}`,
    body: new Uint8Array([1]),
    bodyHash: 'h',
    things: things.map((sourceId) => ({ ...owner, sourceId, revision: 2, factsHash: 'h', facts: '{}' })),
  })
  const attempt = await beginAttempt(ledger(), world.lease, chunk ?? 0, {
    documents: 1,
    timeoutMs: 1,
    clockOffsetMs: 0,
    maxAgeMs: 1_000,
  })
  if (!attempt) throw new Error('not begun')
  return attempt
}

const exported = (position: number) => ({
  position,
  outcome: 'exported' as const,
  xeroId: `x${position}`,
  xeroNumber: null,
  xeroStatus: null,
  findings: [],
})

const once: [name: string, run: () => Promise<unknown>][] = [
  ['readWaiting', () => readWaiting(ledger(), { ...owner, ids })],
  ['readDocuments', () => readDocuments(ledger(), ids)],
  ['readContacts', () => readContacts(ledger(), ['ACME'])],
  ['readThings', () => readThings(ledger(), { kind: 'invoice', ids })],
  ['findFormerKinds', () => findFormerKinds(ledger(), { ...owner, ids })],
  [
    'findSharedNumbers',
    () =>
      findSharedNumbers(ledger(), {
        entities: ['NZ01', 'AU01'],
        kinds: ['invoice', 'credit_note'],
        numbers: ['INV-D1'],
      }),
  ],
  ['findTakenXeroIds', () => findTakenXeroIds(ledger(), ['x1'])],
  ['findLinks', () => findLinks(ledger(), testTenant, ['ACME'])],
  [
    'recordLinks',
    () =>
      recordLinks(ledger(), testTenant, [{ contact: 'ACME', xeroContactId: 'x' }], {
        madeBy: 'hand',
        who: 'me',
        run: null,
        replace: true,
      }),
  ],
  [
    'findMirrorContacts',
    () => findMirrorContacts(ledger(), testTenant, { ids: ['x'], nameKeys: ['y'], numbers: ['z'] }),
  ],
  [
    'applyContacts',
    () =>
      applyContacts(
        ledger(),
        testTenant,
        [
          {
            contactId: 'x',
            name: 'X',
            contactNumber: null,
            email: null,
            phones: [],
            status: 'ACTIVE',
            mergedTo: null,
            updatedAt: 1,
            inXero: aContactInXero(),
          },
        ],
        1,
      ),
  ],
  ['findLinksTo', () => findLinksTo(ledger(), testTenant, ['x'])],
  ['readLinkedContacts', () => readLinkedContacts(ledger(), testTenant, ['ACME'])],
  ['findWrittenContacts', () => findWrittenContacts(ledger(), 'NZ01')],
  ['findOpenContacts', () => findOpenContacts(ledger(), testTenant, ['ACME'])],
  [
    'contacts compared',
    () =>
      ledger().transaction(async (tx, now) => {
        await clearUnlinked(tx, testTenant)
        await findPendingContacts(tx, testTenant, 200)
        await findUnsentContacts(tx, testTenant, ['ACME'])
        await recordBases(tx, testTenant, [{ contact: 'ACME', ledger: aCard(), xero: null }], now)
        await clearPending(tx, testTenant, ['x'])
      }),
  ],
  [
    'recordChecks',
    () =>
      recordChecks(ledger(), owner, [{ id: 'D1', verdict: 'failed', reason: 'r', findings: [] }], {
        moveStates: true,
      }),
  ],
  ['markUnchanged', () => markUnchanged(ledger(), owner, [{ id: 'D1', revision: 2 }])],
  ['markSame', () => markSame(ledger(), owner, [{ id: 'D1', revision: 2, factsHash: 'h' }])],
  ['takeOffQueue', () => takeOffQueue(ledger(), owner, [{ id: 'D1', revision: 2 }])],
  ['readXeroIds', () => readXeroIds(ledger(), [{ ...owner, sourceId: 'D1' }])],
  ['readParents', () => readParents(ledger(), ids)],
  [
    'readMonthDocuments',
    () => readMonthDocuments(ledger(), { tenantId: testTenant, kind: 'invoice', ...november }),
  ],
  ['readLedgerDocuments', () => readLedgerDocuments(ledger(), testTenant, ids)],
  [
    'sumDocumentLines',
    () =>
      sumDocumentLines(ledger(), {
        ...november,
        kinds: ['invoice', 'purchase_order'],
        baseCurrency: 'NZD',
        defaultCurrency: 'NZD',
      }),
  ],
  ['findOpenChannels', () => findOpenChannels(ledger(), testTenant)],
  ['readReceipts', () => readReceipts(ledger(), { entity: 'NZ01', payments: ids })],
  ['readSentParts', () => readSentParts(ledger(), { entity: 'NZ01', payments: ids })],
  ['readStandingParts', () => readStandingParts(ledger(), ids)],
  ['readStandingAllocations', () => readStandingAllocations(ledger(), ids)],
  [
    'recordEnded',
    () =>
      recordEnded(ledger(), 1, [
        { kind: 'payment', id: 'D1/D2', entity: 'NZ01', xeroId: 'x', xeroStatus: 'DELETED' },
      ]),
  ],
  ['requeueReceipts', () => requeueReceipts(ledger(), 'NZ01')],
  ['readStandings', () => readStandings(ledger(), { entity: 'NZ01', kind: 'receipt', ids })],
  ['readApplied', () => readApplied(ledger(), ids)],
  ['readDocumentMoney', () => readDocumentMoney(ledger(), 'D1')],
  ['readPaymentParts', () => readPaymentParts(ledger(), { payment: 'P1' })],
  ['findPayment', () => findPayment(ledger(), 'P1/D1')],
  ['readDeposit', () => readDeposit(ledger(), 'P1')],
  ['readRefunds', () => readRefunds(ledger(), 'P1', null)],
  ['readPaymentThings', () => readPaymentThings(ledger(), { id: 'P1', entity: 'NZ01' })],
  ['readPaymentEvents', () => readPaymentEvents(ledger(), { id: 'P1', things: [] })],
  ['readPayments', () => readPayments(ledger(), ids)],
  ['readCreditAllocations', () => readCreditAllocations(ledger(), ids)],
  ['readJournals', () => readJournals(ledger(), ids)],
  ['readStockMovements', () => readStockMovements(ledger(), ids)],
  [
    'assignNumbers',
    () => assignNumbers(ledger(), owner, [{ id: 'D1', parent: 'P', numberOf: (n) => `N${n}` }]),
  ],
  ['ensureThings', () => ensureThings(ledger(), { entity: 'NZ01', kind: 'contact' }, ['ACME'])],
  [
    'adoptThings',
    () =>
      adoptThings(ledger(), { ...owner, tenantId: testTenant }, [
        {
          id: 'D1',
          revision: 2,
          factsHash: 'h',
          xeroId: 'x',
          xeroNumber: null,
          xeroStatus: null,
          facts: '{}',
        },
      ]),
  ],
  [
    'a chunk that is settled',
    async () => settleChunk(ledger(), await chunkOf(ids), [exported(0), exported(1)], log),
  ],
  [
    'a chunk that is settled in part and resolved',
    async () => {
      const attempt = await chunkOf(ids)
      await settleChunk(ledger(), attempt, [exported(0)], log, 'left out')
      await findOpenChunks(ledger(), testTenant)
      await resolveChunk(ledger(), attempt.chunk, 1, [{ position: 1, outcome: 'returned' }], [])
    },
  ],
  [
    'a chunk that is uncertain',
    async () => {
      const attempt = await chunkOf(ids)
      await markUncertain(ledger(), attempt, 'why', log)
      await closeChunk(ledger(), attempt.chunk)
      await returnChunk(ledger(), attempt.chunk)
    },
  ],
  ['hasAttachments', () => hasAttachments(ledger(), 'NZ01')],
  ['readAttachments', () => readAttachments(ledger(), 'NZ01', ids)],
  ['lastChunkOf', () => lastChunkOf(ledger(), testTenant)],
  ['countRunCalls', () => countRunCalls(ledger(), 1)],
  ['readCogsPostings', () => readCogsPostings(ledger(), 'NZ01', ids)],
  ['recordCogs', () => recordCogs(ledger(), 'NZ01', [{ id: 'D1', kind: 'invoice', revision: 1 }], [])],
  ['leaveWithoutCost', () => leaveWithoutCost(ledger(), 'NZ01')],
  ['readSummaries', () => readSummaries(ledger(), 'NZ01', ['invoice/2026-11-02/1'])],
  [
    'items that come in',
    async () => {
      const side = { price: null, account: null, taxType: null }
      const facts = { code: 'OIL', name: 'Oil', description: null }
      const stored = { xeroId: 'x', ...facts, sale: side, purchase: side, isTracked: false }
      const item = {
        salePrice: null,
        saleAccount: null,
        saleTaxCode: null,
        isStocked: false,
        averageCost: null,
      }
      const bought = { purchasePrice: null, purchaseAccount: null, purchaseTaxCode: null }
      await storeItems(ledger(), { tenantId: testTenant, reached: 1 }, [
        { ...stored, quantityOnHand: null, totalCost: null, updatedAt: 1 },
      ])
      await findPendingItems(ledger(), testTenant, 10)
      await applyItems(
        ledger(),
        { tenantId: testTenant, entities: ['NZ01'] },
        {
          compared: ['x'],
          own: ['y'],
          taken: [{ xeroId: 'x', item: { ...facts, ...item, ...bought }, factsHash: 'h', facts: '{}' }],
        },
      )
    },
  ],
  [
    'journals of Xero',
    async () => {
      const lines = [
        {
          account: '200',
          description: null,
          amount: 1,
          taxType: null,
          tax: 0,
          tracking: [],
          accountName: null,
        },
      ]
      const facts = { xeroId: 'x', date: '2026-11-02', lines }
      const page = { tenantId: testTenant, reached: 1 }
      await storeManualJournals(ledger(), page, [
        { ...facts, status: 'POSTED', narration: 'n', url: null, updatedAt: 1 },
      ])
      await storeGeneratedJournals(ledger(), testTenant, [
        { ...facts, number: 1, createdAt: 1, reference: null, sourceType: null, sourceId: null },
      ])
      await lastGeneratedNumber(ledger(), testTenant)
      const month = { from: date('2026-11-01'), to: date('2026-11-30') }
      await listManualJournals(ledger(), testTenant, month)
      await listGeneratedJournals(ledger(), testTenant, month)
    },
  ],
  ['readSaid', () => readSaid(ledger(), 'NZ01', [{ kind: 'invoice', id: 'D1' }])],
  [
    'exportSources',
    () =>
      ledger().transaction((tx, now) =>
        exportSources(
          tx,
          [
            {
              thing: 'invoice/2026-11-02/1',
              entity: 'NZ01',
              tenantId: null,
              run: 1,
              xeroId: 'x',
              facts: '{}',
            },
          ],
          now,
        ),
      ),
  ],
  [
    'closeRun',
    () =>
      closeRun(ledger(), 1, {
        state: 'sent',
        kinds: {} as Parameters<typeof closeRun>[2]['kinds'], // no counts
        calls: { made: 0, bytesOut: 0, bytesIn: 0, dayLeft: null },
        reason: null,
      }),
  ],
]

describe('looked up, never gone through', () => {
  test.each(once)('%s', async (_name, run) => {
    await run()
    expect(plans.length).toBeGreaterThan(0)
    expect(scans()).toEqual([])
  })
})

describe('costs what waits, not what exists', () => {
  const waiting = { entity: 'NZ01', kind: 'invoice' as const, from: null, to: date('2026-12-31'), ids: null }
  test.each([
    ['findWaitingIds', () => findWaitingIds(ledger(), waiting)],
    ['findWaitingIds of a period', () => findWaitingIds(ledger(), { ...waiting, from: date('2026-01-01') })],
    ...thingKinds.flatMap((kind) =>
      kind === 'contact'
        ? []
        : [[`findWaitingIds of ${kind}`, () => findWaitingIds(ledger(), { ...waiting, kind })]],
    ),
    ['findWaitingIds of some', () => findWaitingIds(ledger(), { ...waiting, ids })],
    ['countRemaining', () => countRemaining(ledger(), { entity: 'NZ01', kinds: thingKinds, cutover: null })],
    // Of the documents none waits on this day, so that it looks through all kinds.
    [
      'hasWaiting',
      () => hasWaiting(ledger(), { entity: 'NZ01', kinds: thingKinds, from: null, to: date('2026-01-01') }),
    ],
    [
      'countLeftAlone',
      () =>
        countLeftAlone(ledger(), {
          entity: 'NZ01',
          kinds: thingKinds,
          cutover: null,
          today: date('2026-11-22'),
        }),
    ],
    ['countStates', () => countStates(ledger(), 'NZ01', 1)],
    ['findDeletedInLedger', () => findDeletedInLedger(ledger(), 'NZ01')],
    ['findCostedDocuments', () => findCostedDocuments(ledger(), { entity: 'NZ01', after: 'D1', limit: 200 })],
    ['findUnsentSummaries', () => findUnsentSummaries(ledger(), 'NZ01')],
  ] as [string, () => Promise<unknown>][])('%s', async (_name, run) => {
    await run()
    expect(scans()).toEqual([])
    expect(usesQueue()).toBe(true)
  })
})

describe('looking back reads what it shows, not all that ever was', () => {
  test.each([
    ['the calls of a run', () => readLogPage(ledger(), { run: 1 }, { after: 0, limit: 1_000 })],
    ['the calls of a document', () => readCallsOf(ledger(), { kind: 'invoice', id: 'D1', entity: 'NZ01' })],
    ['one call', () => readCall(ledger(), 1)],
    ['its bodies', () => readBodies(ledger(), 1)],
    ['the last runs', () => readRuns(ledger(), { entity: 'NZ01', limit: 50 })],
    ['how many runs there are', () => countRuns(ledger(), 'NZ01')],
    ['the bodies to be forgotten', () => forgetOldBodies(ledger(), 'NZ01', 30)],
  ] as [string, () => Promise<unknown>][])('%s', async (_name, run) => {
    await run()
    expect(plans.length).toBeGreaterThan(0)
    expect(scans()).toEqual([])
  })
})

test('numbers are looked up by number, not through the documents of an entity', async () => {
  await findSharedNumbers(ledger(), {
    entities: ['NZ01', 'AU01'],
    kinds: ['invoice', 'credit_note'],
    numbers: ['INV-D1'],
  })
  expect(plans.some(({ detail }) => detail.includes('document_number'))).toBe(true)
  expect(plans.some(({ detail }) => detail.includes('document_date'))).toBe(false)
})

test('a scan would be seen', async () => {
  await world.ledger.db.selectFrom('document').selectAll().where('reference', '=', 'x').execute()
  expect(scans()).toHaveLength(1)
})
