// Documents of every kind, for the battery.

import type { DocumentKind } from '../../src/accounting/kinds.ts'
import { documentsSql, settingSql } from '../support/workload.ts'
import type { World } from '../support/world.ts'
import { archiveInXero, contactsInXero, type KindUnderTest } from './situations.ts'

const isLive = ({ status }: { status: string }) => status !== 'VOIDED' && status !== 'DELETED'

const accounts = (kind: DocumentKind) =>
  kind === 'invoice' || kind === 'credit_note'
    ? { archived: '270', other: '260' }
    : { archived: '453', other: '429' }

const ofDocuments = (
  kind: DocumentKind,
  row: Pick<KindUnderTest, 'name' | 'path' | 'inXero'> & { settings?: string },
): KindUnderTest => ({
  thing: kind,
  reportedAs: kind,
  before: () => contactsInXero() + (row.settings ?? ''),
  rows: (count) => documentsSql(kind, count, 2),
  // An account that is archived after we read the chart.
  bad: {
    spoil: (world) => {
      world.sql(`UPDATE document_line SET account = '${accounts(kind).archived}' WHERE document = 'D0002'`)
      archiveInXero(world, accounts(kind).archived)
    },
    mend: (world) =>
      world.sql(`UPDATE document_line SET account = '${accounts(kind).other}' WHERE document = 'D0002'`),
  },
  ...row,
})

const invoices = (world: World, type: string) =>
  world.sandbox.invoices().filter((one) => one.type === type && isLive(one) && !one.number.includes('BEFORE'))

const credits = (world: World, type: string) =>
  world.sandbox.creditNotes().filter((one) => one.type === type && isLive(one))

export const documents: readonly KindUnderTest[] = [
  ofDocuments('invoice', {
    name: 'invoices',
    path: /\/Invoices(\?|$)/,
    inXero: (world) => invoices(world, 'ACCREC').length,
  }),
  ofDocuments('bill', {
    name: 'bills',
    path: /\/Invoices(\?|$)/,
    inXero: (world) => invoices(world, 'ACCPAY').length,
  }),
  ofDocuments('purchase_order', {
    name: 'orders as bills',
    path: /\/Invoices(\?|$)/,
    inXero: (world) => invoices(world, 'ACCPAY').length,
    settings: settingSql('purchase_orders', 'bills'),
  }),
  ofDocuments('purchase_order', {
    name: 'purchase orders',
    path: /\/PurchaseOrders(\?|$)/,
    inXero: (world) => world.sandbox.purchaseOrders().filter(isLive).length,
    settings: settingSql('purchase_orders', 'purchase_orders'),
  }),
  ofDocuments('credit_note', {
    name: 'credit notes',
    path: /\/CreditNotes(\?|$)/,
    inXero: (world) => credits(world, 'ACCRECCREDIT').length,
  }),
  ofDocuments('supplier_credit', {
    name: 'supplier credits',
    path: /\/CreditNotes(\?|$)/,
    inXero: (world) => credits(world, 'ACCPAYCREDIT').length,
  }),
]
