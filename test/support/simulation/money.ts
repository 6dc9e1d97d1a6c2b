// Money in a season: payments, receipts over several documents, deposits, overpayments, discounts, refunds and what credits are
// applied to; what people pay, refund and take back in Xero at the same time.

import type { PlainDate } from '../../../src/accounting/calendar.ts'
import { cents } from '../../../src/accounting/money.ts'
import { amountDue } from '../../../src/sandbox/settlement.ts'
import { byPerson } from '../promises/watched.ts'
import { roleAccountsSql } from '../workload.ts'
import { creditAllocationSql, depositSql, discountSql, paymentSql, refundSql } from '../workload-money.ts'
import { contactOf } from './documents.ts'
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

interface Paper {
  id: string
  contact: string
  total: number
}

/** Documents of the ledger that money can be about. */
function some(scene: Scene, kinds: readonly string[], contact?: string): Paper | undefined {
  const ids = kinds.flatMap((kind) => scene.ids.get(kind) ?? [])
  return scene.c.any(
    scene.world.query<Paper>(
      `SELECT id, contact, total_cents AS total FROM document
        WHERE contact IS NOT NULL AND total_cents > 0 AND (status = 'sent' OR id LIKE '%7')
          AND id IN (SELECT value FROM json_each(?)) AND (? IS NULL OR contact = ?) ORDER BY id`,
      JSON.stringify(ids),
      contact ?? null,
      contact ?? null,
    ),
  )
}

const dates = ['2026-07-15', '2026-11-03', '2026-11-10', '2026-11-20']

/** All of it as a rule, else some, now and then too much. */
function share({ c }: Scene, total: number): number {
  return Math.max(1, Math.round(total * c.one([1, 1, 0.5, 0.3, 1.1])))
}

/** Account or method, now and then neither. */
function wayOf({ c }: Scene) {
  return c.one([{}, {}, {}, {}, { method: 'cash', account: null }, { account: null }])
}

const pays: LedgerAct = (scene) => {
  const paper = some(scene, ['invoice', 'invoice', 'bill'])
  if (!paper) return ''
  const applied = share(scene, paper.total)
  const more = scene.c.chance(0.15) ? scene.c.whole(1, 5_000) : 0
  return paymentSql({
    id: newId(scene, 'payment', 'M'),
    contact: paper.contact,
    date: scene.c.one(dates),
    applied: { [paper.id]: applied },
    amount: applied + more,
    ...wayOf(scene),
  })
}

const paysSeveral: LedgerAct = (scene) => {
  const first = some(scene, ['invoice'])
  const second = first && some(scene, ['invoice'], first.contact)
  if (!first || !second || first.id === second.id) return ''
  return paymentSql({
    id: newId(scene, 'payment', 'M'),
    contact: first.contact,
    date: scene.c.one(dates),
    applied: { [first.id]: share(scene, first.total), [second.id]: share(scene, second.total) },
  })
}

const takesDeposit: LedgerAct = (scene) => {
  const paper = scene.c.chance(0.5) ? some(scene, ['invoice']) : undefined
  const amount = paper ? share(scene, paper.total) : scene.c.whole(100, 50_000)
  return depositSql({
    id: newId(scene, 'deposit', 'H'),
    contact: paper?.contact ?? contactOf(scene),
    date: scene.c.one(dates),
    amount,
    ...(paper ? { applied: { [paper.id]: amount } } : {}),
  })
}

const appliesDeposit: LedgerAct = (scene) => {
  const id = someId(scene, 'deposit', 'payment')
  const [row] = scene.world.query<{ contact: string; left: number }>(
    `SELECT contact, amount_cents - COALESCE((SELECT SUM(amount_cents) FROM payment_allocation WHERE payment = id), 0) AS left
       FROM payment WHERE id = ?`,
    id ?? '',
  )
  const paper = row && some(scene, ['invoice'], row.contact)
  if (!row || !paper || row.left <= 0) return ''
  const amount = Math.min(row.left, paper.total)
  return `INSERT OR IGNORE INTO payment_allocation (payment, document, amount_cents) VALUES ('${id}', '${paper.id}', ${amount});`
}

const givesDiscount: LedgerAct = (scene) => {
  const paper = some(scene, ['invoice'])
  if (!paper) return ''
  const amount = Math.max(1, Math.round(paper.total * 0.02))
  return discountSql({
    id: newId(scene, 'discount', 'X'),
    contact: paper.contact,
    date: scene.c.one(dates),
    applied: { [paper.id]: amount },
  })
}

const refundsCredit: LedgerAct = (scene) => {
  const paper = some(scene, ['credit_note', 'supplier_credit'])
  if (!paper) return ''
  return refundSql({
    id: newId(scene, 'refund', 'R'),
    contact: paper.contact,
    date: scene.c.one(dates),
    applied: { [paper.id]: share(scene, paper.total) },
  })
}

const refundsPayment: LedgerAct = (scene) => {
  const id = someId(scene, 'deposit', 'payment')
  const [row] = scene.world.query<{ contact: string; amount: number }>(
    'SELECT contact, amount_cents AS amount FROM payment WHERE id = ?',
    id ?? '',
  )
  if (!row || !id) return ''
  return refundSql({
    id: newId(scene, 'refund', 'R'),
    contact: row.contact,
    date: '2026-11-20',
    amount: share(scene, row.amount),
    refundOf: id,
  })
}

const appliesCredit: LedgerAct = (scene) => {
  const isSale = scene.c.chance(0.6)
  const credit = some(scene, [isSale ? 'credit_note' : 'supplier_credit'])
  const paper = credit && some(scene, [isSale ? 'invoice' : 'bill'], credit.contact)
  if (!credit || !paper) return ''
  const amount = share(scene, Math.min(credit.total, paper.total))
  return creditAllocationSql(credit.id, paper.id, amount).replace('INSERT', 'INSERT OR IGNORE')
}

function onPayment(scene: Scene, sql: (id: string) => string): string {
  const id = someId(scene, 'payment', 'payment', 'deposit', 'discount', 'refund')
  return id ? sql(id) : ''
}

const edits: LedgerAct[] = [
  appliesDeposit,
  appliesDeposit,
  appliesCredit,
  (scene) => onPayment(scene, (id) => `UPDATE payment SET state = 'deleted' WHERE id = '${id}';`),
  (scene) =>
    onPayment(
      scene,
      (id) =>
        `UPDATE payment SET refund_of = NULL WHERE refund_of = '${id}';
        DELETE FROM payment_allocation WHERE payment = '${id}'; DELETE FROM payment WHERE id = '${id}';`,
    ),
  (scene) => onPayment(scene, (id) => `DELETE FROM payment_allocation WHERE payment = '${id}';`),
  (scene) =>
    onPayment(
      scene,
      (id) => `UPDATE payment SET reference = 'ref ${scene.c.whole(1, 99)}' WHERE id = '${id}';`,
    ),
  (scene) =>
    onPayment(
      scene,
      (id) => `UPDATE payment SET amount_cents = amount_cents + 100 WHERE id = '${id}';
        UPDATE payment_allocation SET amount_cents = amount_cents + 100 WHERE payment = '${id}' AND document =
          (SELECT MIN(document) FROM payment_allocation WHERE payment = '${id}');`,
    ),
  (scene) => onPayment(scene, replaceSql),
]

function replaceSql(id: string): string {
  return `CREATE TEMP TABLE kept AS SELECT * FROM payment_allocation WHERE payment = '${id}';
    INSERT OR REPLACE INTO payment SELECT * FROM payment WHERE id = '${id}';
    INSERT OR REPLACE INTO payment_allocation SELECT * FROM kept; DROP TABLE kept;`
}

function openInvoice(scene: Scene) {
  const all = scene.world.sandbox.invoices()
  return scene.c.any(all.filter((one) => one.status === 'AUTHORISED' && amountDue(one) > 0))
}

function openCredit(scene: Scene) {
  const { sandbox } = scene.world
  const all = [...sandbox.creditNotes(), ...sandbox.prepayments(), ...sandbox.overpayments()]
  return scene.c.any(all.filter((one) => one.status === 'AUTHORISED' && isOurs(scene, one)))
}

const people: XeroAct[] = [
  function pays(scene, person) {
    const invoice = openInvoice(scene)
    if (invoice)
      person.money.pay(invoice.id, { amount: cents(Math.min(500, amountDue(invoice))), reference: byPerson })
  },
  /** The bank statement was seen by both. */
  function entersOurPayment(scene, person) {
    const [row] = scene.world.query<{ xero_id: string; amount: number; date: PlainDate }>(
      `SELECT e.xero_id, a.amount_cents AS amount, p.date FROM payment AS p JOIN payment_allocation AS a ON a.payment = p.id
         JOIN export_state AS e ON e.source_id = a.document AND e.kind IN ('invoice', 'bill') AND e.xero_id IS NOT NULL
        WHERE p.state <> 'deleted' ORDER BY p.id LIMIT 1 OFFSET ?`,
      scene.c.whole(0, 5),
    )
    const invoice = scene.world.sandbox.invoices().find((one) => one.id === row?.xero_id)
    if (row && invoice?.status === 'AUTHORISED' && amountDue(invoice) >= row.amount)
      person.money.pay(invoice.id, { amount: cents(row.amount), date: row.date, reference: byPerson })
  },
  function deletesPayment(scene, person) {
    const payment = scene.c.any(
      scene.world.sandbox.payments().filter((one) => one.status !== 'DELETED' && isOurs(scene, one)),
    )
    if (payment) person.money.deletePayment(payment.id)
  },
  function reconciles(scene, person) {
    const payment = scene.c.any(scene.world.sandbox.payments().filter((one) => one.status !== 'DELETED'))
    if (payment) person.money.reconcile(payment.id)
  },
  function allocates(scene, person) {
    const credit = openCredit(scene)
    const invoice = openInvoice(scene)
    if (!credit || !invoice || credit.contactId !== invoice.contactId) return
    const isSale =
      credit.kind === 'CreditNote' ? credit.type === 'ACCRECCREDIT' : credit.type.startsWith('RECEIVE')
    if (isSale !== (invoice.type === 'ACCREC')) return
    person.money.allocate(credit.id, invoice.id, { amount: cents(1) })
  },
  function removesAllocation(scene, person) {
    const { sandbox } = scene.world
    const all = [...sandbox.creditNotes(), ...sandbox.prepayments(), ...sandbox.overpayments()]
    const credit = scene.c.any(all.filter((one) => one.allocations.length > 0))
    const allocation = credit && scene.c.any(credit.allocations)
    if (credit && allocation) person.money.removeAllocation(credit.id, allocation.id)
  },
  function refunds(scene, person) {
    const credit = openCredit(scene)
    if (credit && credit.allocations.length === 0 && credit.payments.length === 0)
      person.money.refund(credit.id, { amount: cents(1), reference: byPerson })
  },
]

export const money: Trade = {
  targets: ['/Payments', '/Payments', '/BankTransactions', '/CreditNotes', '^.*/Allocations'],
  begin: ({ c }) =>
    [
      roleAccountsSql(),
      settingSql('deposits', c.one(['held', 'prepayment'])),
      settingSql('remainders', c.one(['hold', 'overpayment'])),
      settingSql('delete_payments', c.one(['from_xero', 'both'])),
      settingSql('receipts', c.one(['direct', 'direct', 'clearing'])),
    ].join('\n'),
  adds: [
    pays,
    pays,
    pays,
    paysSeveral,
    takesDeposit,
    givesDiscount,
    refundsCredit,
    refundsPayment,
    appliesCredit,
  ],
  edits,
  people,
}
