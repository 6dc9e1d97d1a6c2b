// Documents of all five kinds in a season: what exporting systems write of them, fitting and not, with REPLACE, UPDATE and
// DELETE; what people do to them in Xero.

import type { PlainDate } from '../../../src/accounting/calendar.ts'
import { type Cents, cents } from '../../../src/accounting/money.ts'
import { byPerson, neverSent } from '../promises/watched.ts'
import { contactCode, type DocumentSpec, documentSql, type LineSpec, lineSql, raiseSql } from '../workload.ts'
import {
  isOurs,
  type LedgerAct,
  newId,
  type Scene,
  settingSql,
  someId,
  type Trade,
  type XeroAct,
} from './trade.ts'

export const documentLetters = {
  invoice: 'I',
  bill: 'B',
  credit_note: 'C',
  supplier_credit: 'S',
  purchase_order: 'P',
} as const
type Kind = keyof typeof documentLetters
export const documentKinds = Object.keys(documentLetters) as Kind[] // of the table above

const prefixes: Record<Kind, string> = {
  invoice: 'INV',
  bill: 'B',
  credit_note: 'CN',
  supplier_credit: 'SC',
  purchase_order: 'PO',
}

export function contactOf({ c, contacts }: Scene): string {
  return contactCode(c.whole(0, contacts - 1))
}

const dates = ['2026-06-30', '2026-09-01', '2026-11-02', '2026-11-19']

function linesOf({ c }: Scene, kind: Kind): LineSpec[] {
  const amount = c.chance(0.1) ? 0 : c.whole(1, 999_999)
  const isNegative = (kind === 'invoice' || kind === 'bill') && c.chance(0.07)
  const sign = isNegative ? -1 : 1
  return [
    { amount: sign * amount, tax: sign * Math.round(amount * 0.15) },
    ...(c.chance(0.3) ? [{ amount: sign * 5_000, tax: sign * 750 }] : []),
  ]
}

/** One more document of a kind; mostly it fits. */
export function newDocument(scene: Scene, kind: Kind, more: Partial<DocumentSpec> = {}): string {
  const { c } = scene
  const id = newId(scene, kind, documentLetters[kind])
  const fits: DocumentSpec = {
    id,
    number: `${prefixes[kind]}-${id.slice(1)}`,
    contact: contactOf(scene),
    date: c.one(dates),
    lines: linesOf(scene, kind),
    ...more,
  }
  switch (c.one(['fits', 'fits', 'fits', 'fits', 'fits', 'fits', 'bad', 'home'] as const)) {
    case 'fits':
      return documentSql(kind, fits)
    case 'bad':
      return documentSql(kind, { ...fits, ...badOf(scene, kind) })
    case 'home':
      return documentSql(kind, {
        ...fits,
        number: `${neverSent}${id}`,
        ...c.one([{ status: 'draft' as const }, { date: '2027-03-01' }, { status: 'void' as const }]),
      })
  }
}

function badOf({ c, ids }: Scene, kind: Kind): Partial<DocumentSpec> {
  return c.one([
    { account: null },
    { account: '99999' },
    { taxCode: 'NOSUCHTAX' },
    { contact: null },
    { dueDate: null },
    { number: `${prefixes[kind]}-${c.whole(1, ids.get(kind)?.length ?? 1)}` },
  ])
}

const adds = documentKinds.map(
  (kind): LedgerAct =>
    (scene) =>
      newDocument(scene, kind),
)

/** A supplier's credit against an order or a bill, without a number of its own. */
const creditOfOrder: LedgerAct = (scene) => {
  const order = someId(scene, 'purchase_order')
  if (!order) return ''
  const contact = `(SELECT contact FROM document WHERE id = '${order}')`
  const sql = newDocument(scene, 'supplier_credit', {
    number: '',
    source: order,
    lines: [{ amount: 1_000, tax: 150 }],
  })
  const id = scene.ids.get('supplier_credit')?.at(-1)
  return `${sql}\nUPDATE document SET contact = COALESCE(${contact}, contact) WHERE id = '${id}';`
}

const billOfOrder: LedgerAct = (scene) => {
  const order = someId(scene, 'purchase_order')
  return order ? newDocument(scene, 'bill', { source: order }) : ''
}

const edits: LedgerAct[] = [
  (scene) => onSome(scene, raiseSql),
  (scene) => onSome(scene, raiseSql),
  (scene) =>
    onSome(
      scene,
      (id) => `UPDATE document SET reference = 'ref ${scene.c.whole(1, 999)}' WHERE id = '${id}';`,
    ),
  (scene) =>
    onSome(scene, (id) => `UPDATE document SET number = number || '-A' WHERE id = '${id}' AND number <> '';`),
  (scene) => onSome(scene, (id) => `UPDATE document SET status = 'void' WHERE id = '${id}';`),
  (scene) => onSome(scene, (id) => `UPDATE document SET contact = '${contactOf(scene)}' WHERE id = '${id}';`),
  (scene) =>
    onSome(
      scene,
      (id) => `UPDATE document SET date = '2026-11-03' WHERE id = '${id}' AND date < '2026-12-01';`,
    ),
  (scene) => onSome(scene, addLine),
  (scene) => onSome(scene, deleteSql),
  (scene) => onSome(scene, replaceSql),
  (scene) => onSome(scene, negate),
]

function onSome(scene: Scene, sql: (id: string) => string): string {
  const id = someId(scene, ...documentKinds)
  return id ? sql(id) : ''
}

/** With all that hangs on it. */
function deleteSql(id: string): string {
  return `DELETE FROM payment_allocation WHERE document = '${id}'; DELETE FROM credit_allocation WHERE credit = '${id}' OR document = '${id}';
    DELETE FROM document_attachment WHERE document = '${id}'; UPDATE document SET source_document = NULL WHERE source_document = '${id}';
    DELETE FROM document_line WHERE document = '${id}'; DELETE FROM document WHERE id = '${id}';`
}

/** As an exporting system writes whatever it has, changed or not. */
function replaceSql(id: string): string {
  return `CREATE TEMP TABLE kept AS SELECT * FROM document_line WHERE document = '${id}';
    INSERT OR REPLACE INTO document SELECT * FROM document WHERE id = '${id}';
    INSERT OR REPLACE INTO document_line SELECT * FROM kept; DROP TABLE kept;`
}

function addLine(id: string): string {
  const line = lineSql(id, 9, { amount: 200, tax: 30 })
    .replace(' VALUES (', ' SELECT ')
    .replace(
      /\);$/,
      ` WHERE EXISTS (SELECT 1 FROM document WHERE id = '${id}') AND NOT EXISTS (SELECT 1 FROM document_line WHERE document = '${id}' AND position = 9);`,
    )
  return `UPDATE document SET subtotal_cents = subtotal_cents + 200, tax_cents = tax_cents + 30, total_cents = total_cents + 230
     WHERE id = '${id}' AND NOT EXISTS (SELECT 1 FROM document_line WHERE document = '${id}' AND position = 9);
    ${line}
    UPDATE document_line SET (account, tax_code) = (SELECT account, tax_code FROM document_line WHERE document = '${id}' AND position = 1)
     WHERE document = '${id}' AND position = 9;`
}

/** A change of sign, which no document in Xero survives (I7). */
function negate(id: string): string {
  return `UPDATE document_line SET amount_cents = -amount_cents, unit_price_e4 = -unit_price_e4, tax_cents = -tax_cents
     WHERE document IN (SELECT id FROM document WHERE id = '${id}' AND kind IN ('invoice', 'bill'));
    UPDATE document SET subtotal_cents = -subtotal_cents, tax_cents = -tax_cents, total_cents = -total_cents
     WHERE id = '${id}' AND kind IN ('invoice', 'bill');`
}

/** Documents of ours in Xero that nothing ended. */
function someInvoice(scene: Scene) {
  const all = scene.world.sandbox.invoices()
  return scene.c.any(all.filter((one) => isOurs(scene, one) && one.status === 'AUTHORISED'))
}

function someCredit(scene: Scene) {
  const all = scene.world.sandbox.creditNotes()
  return scene.c.any(all.filter((one) => isOurs(scene, one) && one.status === 'AUTHORISED'))
}

function someOrder(scene: Scene) {
  const all = scene.world.sandbox.purchaseOrders()
  return scene.c.any(all.filter((one) => isOurs(scene, one) && one.status !== 'DELETED'))
}

export function someContact({ world, c }: Scene) {
  return c.any(world.sandbox.contacts().filter((contact) => contact.status === 'ACTIVE' && !contact.isDemo))
}

/** A document of the ledger, as a person who has the same paper on the desk would type it. */
function paper(scene: Scene, ...kinds: Kind[]) {
  const id = someId(scene, ...kinds)
  const [row] = scene.world.query<{
    kind: Kind
    number: string
    date: PlainDate
    total: number
    contactName: string | null
  }>(
    `SELECT d.kind, d.number, d.date, d.total_cents AS total, c.name AS contactName
       FROM document AS d LEFT JOIN contact AS c ON c.code = d.contact WHERE d.id = ? AND d.status = 'sent'`,
    id ?? '',
  )
  const contact = scene.world.sandbox
    .contacts()
    .find((one) => one.status === 'ACTIVE' && one.name === row?.contactName)
  return row && contact && row.total > 0
    ? { ...row, contactId: contact.id, total: cents(row.total) satisfies Cents }
    : undefined
}

const people: XeroAct[] = [
  function entersContact({ world, c, contacts }, person) {
    const name = `Customer ${c.whole(1, contacts)}`
    if (!world.sandbox.contacts().some((one) => one.status === 'ACTIVE' && one.name === name))
      person.createContact({ name })
  },
  function takesNumber(scene, person) {
    const contact = someContact(scene)
    const number = `INV-${scene.c.whole(1, (scene.ids.get('invoice')?.length ?? 0) + 1)}`
    if (contact && !scene.world.sandbox.invoices().some((one) => one.number === number))
      person.createInvoice({ contactId: contact.id, number, total: cents(77_777_77), reference: byPerson })
  },
  function entersBill(scene, person) {
    const bill = paper(scene, 'bill', 'purchase_order')
    if (bill) person.createInvoice({ type: 'ACCPAY', reference: byPerson, ...bill })
  },
  function entersSupplierCredit(scene, person) {
    const credit = paper(scene, 'supplier_credit')
    if (credit) person.money.createCreditNote({ type: 'ACCPAYCREDIT', reference: byPerson, ...credit })
  },
  function voids(scene, person) {
    const invoice = someInvoice(scene)
    const credit = someCredit(scene)
    if (invoice && scene.c.chance(0.6)) person.voidInvoice(invoice.id)
    else if (credit) person.money.voidCreditNote(credit.id)
  },
  function changesTotal(scene, person) {
    const invoice = someInvoice(scene)
    if (invoice) person.editInvoiceTotal(invoice.id, cents(88_888_88))
  },
  function changesLink(scene, person) {
    const invoice = someInvoice(scene)
    if (invoice?.type === 'ACCPAY') person.editInvoice(invoice.id, { url: null })
  },
  function endsOrder(scene, person) {
    const order = someOrder(scene)
    if (!order) return
    if (scene.c.chance(0.5)) person.papers.billPurchaseOrder(order.id)
    else person.papers.deletePurchaseOrder(order.id)
  },
  function archivesContact(scene, person) {
    const contact = someContact(scene)
    if (contact) person.archiveContact(contact.id)
  },
  function renamesContact(scene, person) {
    const contact = someContact(scene)
    if (contact) person.renameContact(contact.id, `${contact.name} renamed ${scene.c.whole(1, 1e6)}`)
  },
  function mergesContact(scene, person) {
    const contact = someContact(scene)
    if (!contact) return
    const into = person.createContact({ name: `${contact.name} merged ${scene.c.whole(1, 1e6)}` })
    person.mergeContact(contact.id, into.id)
  },
  function locksPeriod({ c }, person) {
    person.setLockDate(c.one(['2026-07-31', '2026-10-31'] as const) as PlainDate)
  },
]

export const documents: Trade = {
  targets: ['/Invoices', '/CreditNotes', '/PurchaseOrders'],
  begin: ({ c }) => settingSql('purchase_orders', c.one(['off', 'bills', 'purchase_orders'])),
  adds: [...adds, creditOfOrder, billOfOrder],
  edits,
  people,
}

/** Invoices and their customers alone, as in the beginning. */
export const invoices: Trade = {
  targets: ['/Invoices'],
  begin: () => '',
  adds: adds.slice(0, 1),
  edits,
  people: people.filter((act) => !/Bill|Credit|Link|Order/.test(act.name)),
}
