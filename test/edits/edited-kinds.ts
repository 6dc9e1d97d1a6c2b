// What tests of edits need to know of each kind of document: where it is in Xero, what touches it, and what a person does to it.

import type { DocumentKind } from '../../src/accounting/kinds.ts'
import { cents } from '../../src/accounting/money.ts'
import type { Line } from '../../src/sandbox/invoice-record.ts'
import type { Stored, Table } from '../../src/sandbox/table.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, documentSql, documentsSql, settingSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

/** A document of Xero, as these tests look at it. */
export interface InXero {
  id: string
  status: string
  total: number
  number: string
  reference: string
  contactId: string
  lines: readonly Line[]
}

export interface EditedKind {
  /** What people call them. */
  name: string
  kind: DocumentKind
  settings: string
  /** The path of their calls. */
  path: string
  inXero(world: World): readonly InXero[]
  /** An account of its side beside the usual one. */
  otherAccount: string
  /** Whether it has a reference in Xero. */
  hasReference: boolean
  /** As Xero ends one that was approved. */
  ended: 'VOIDED' | 'DELETED'
  /** Somebody settles it in Xero: pays it, applies it, bills it. Gives back how to take that back, if that can be. */
  settle(world: World, xeroId: string): (() => void) | null
  /** Somebody changes its first line in Xero. */
  change(world: World, xeroId: string): void
}

const invoicesOf = (world: World, type: string): InXero[] =>
  world.sandbox.invoices().filter((one) => one.type === type)

const creditsOf = (world: World, type: string): InXero[] =>
  world.sandbox.creditNotes().filter((one) => one.type === type)

const ordersOf = (world: World): InXero[] =>
  world.sandbox.purchaseOrders().map((one) => ({ ...one, reference: one.texts.Reference ?? '' }))

/** Some of it. */
const part = { amount: cents(1_000) }

function paid(world: World, xeroId: string): () => void {
  const payment = asPerson(world, ({ money }) => money.pay(xeroId, part))
  return () => asPerson(world, ({ money }) => void money.deletePayment(payment.id))
}

function refunded(world: World, xeroId: string): () => void {
  const payment = asPerson(world, ({ money }) => money.refund(xeroId, part))
  return () => asPerson(world, ({ money }) => void money.deletePayment(payment.id))
}

/** The tables of documents, whose records people change past the API's rules. */
type Documents = 'invoices' | 'creditNotes' | 'purchaseOrders'

const changed =
  (list: Documents) =>
  (world: World, xeroId: string): void =>
    asPerson(world, () => {
      const [organisation] = world.sandbox.organisations
      const table = organisation?.[list] as Table<InXero & Stored> | undefined // what all three have
      const before = table?.get(xeroId)
      if (!table || !before) throw new Error(`there is no ${xeroId}`)
      const lines = before.lines.map((line, index) =>
        index > 0 ? line : { ...line, description: 'Said otherwise' },
      )
      table.put({ ...before, lines, updatedAt: world.clock.now() })
    })

const ofInvoices = {
  path: '/Invoices',
  ended: 'VOIDED',
  settle: paid,
  change: changed('invoices'),
  settings: '',
} as const
const ofCredits = {
  path: '/CreditNotes',
  ended: 'VOIDED',
  settle: refunded,
  change: changed('creditNotes'),
  settings: '',
} as const

export const editedKinds: readonly EditedKind[] = [
  {
    ...ofInvoices,
    name: 'invoice',
    kind: 'invoice',
    inXero: (world) => invoicesOf(world, 'ACCREC'),
    otherAccount: '260',
    hasReference: true,
  },
  {
    ...ofInvoices,
    name: 'bill',
    kind: 'bill',
    inXero: (world) => invoicesOf(world, 'ACCPAY'),
    otherAccount: '429',
    hasReference: false,
  },
  {
    ...ofInvoices,
    name: 'order as a bill',
    kind: 'purchase_order',
    settings: settingSql('purchase_orders', 'bills'),
    inXero: (world) => invoicesOf(world, 'ACCPAY'),
    otherAccount: '429',
    hasReference: false,
  },
  {
    ...ofCredits,
    name: 'credit note',
    kind: 'credit_note',
    inXero: (world) => creditsOf(world, 'ACCRECCREDIT'),
    otherAccount: '260',
    hasReference: true,
  },
  {
    ...ofCredits,
    name: 'supplier credit',
    kind: 'supplier_credit',
    inXero: (world) => creditsOf(world, 'ACCPAYCREDIT'),
    otherAccount: '429',
    hasReference: false,
  },
  {
    name: 'purchase order',
    kind: 'purchase_order',
    settings: settingSql('purchase_orders', 'purchase_orders'),
    path: '/PurchaseOrders',
    inXero: ordersOf,
    otherAccount: '429',
    hasReference: true,
    ended: 'DELETED',
    settle: (world, xeroId) => {
      asPerson(world, ({ papers }) => papers.billPurchaseOrder(xeroId))
      return null
    },
    change: changed('purchaseOrders'),
  },
]

/** One exported document D1 of three lines, 115.00 each, and its contact. */
export async function exportedDocument(edited: EditedKind, more = ''): Promise<World> {
  const world = await World.open()
  const line = { amount: 10_000, tax: 1_500 }
  const document = documentSql(edited.kind, {
    id: 'D1',
    reference: 'as ordered',
    lines: [
      { ...line, description: 'First' },
      { ...line, description: 'Second' },
      { ...line, description: 'Third' },
    ],
  })
  await world.prepare(contactsSql(2) + edited.settings + more + document)
  await world.must(['export'])
  return world
}

/** So many exported documents D0001 …, in calls of three. */
export async function exportedDocuments(edited: EditedKind, count: number): Promise<World> {
  const world = await World.open()
  const settings = settingSql('chunk_size', 3) + settingSql('calls_at_once', 1)
  await world.prepare(contactsSql(2) + edited.settings + settings + documentsSql(edited.kind, count, 2))
  await world.must(['export'])
  return world
}

/** The only one. */
export function theOne(edited: EditedKind, world: World): InXero {
  const [one, ...others] = edited.inXero(world)
  if (!one || others.length > 0)
    throw new Error(`Xero has ${others.length + (one ? 1 : 0)} of ${edited.name}`)
  return one
}

/** All of them, in the order of their ledger ids. */
export function allOf(edited: EditedKind, world: World): InXero[] {
  const records = new Map(edited.inXero(world).map((record) => [record.id, record]))
  const rows = world.query<{ xero_id: string }>(
    'SELECT xero_id FROM export_state WHERE kind = ? ORDER BY source_id',
    edited.kind,
  )
  return rows.flatMap(({ xero_id }) => records.get(xero_id) ?? [])
}

/** Calls that write. */
export function writesOf(world: World): { method: string; url: string; body: string }[] {
  return world.exchanges
    .filter(({ method, url }) => method !== 'GET' && url.startsWith('/api.xro/'))
    .map(({ method, url, requestBody }) => ({ method, url, body: requestBody }))
}
