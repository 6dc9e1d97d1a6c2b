// What exporting systems write while people work in Xero: documents, payments, credits, and what they change and take back. They
// know their own rows and nothing of what came back.

import { insertSql, type SqlValue } from '../sql.ts'
import { contactCode, documentSql, raiseSql } from '../workload.ts'
import { creditAllocationSql, depositSql, discountSql, paymentSql, refundSql } from '../workload-money.ts'
import type { Act, Scene } from './scene.ts'

type Kind = 'invoice' | 'bill' | 'credit_note' | 'supplier_credit'

interface Paper {
  id: string
  contact: string
  currency: string | null
  total: number
}

const letters: Record<Kind, string> = { invoice: 'I', bill: 'B', credit_note: 'C', supplier_credit: 'S' }

function adds(kind: Kind): Act {
  return (scene) => {
    const { c } = scene
    const id = scene.newId(letters[kind])
    const amount = c.whole(100, 20_000)
    const foreign = c.chance(0.1) ? { currency: 'AUD', exchangeRateE6: 920_000 } : {}
    const contact = contactCode(c.whole(0, scene.contacts - 1))
    scene.write(
      documentSql(kind, { id, contact, lines: [{ amount, tax: Math.round(amount * 0.15) }], ...foreign }),
    )
    return `${kind} ${id} of ${amount + Math.round(amount * 0.15)} for ${contact}${foreign.currency ? ' in AUD' : ''}`
  }
}

function papers(scene: Scene, kinds: readonly Kind[], like?: Paper): Paper[] {
  const all = scene.own.query<Paper>(
    `SELECT id, contact, currency, total_cents AS total FROM document
      WHERE status = 'sent' AND kind IN (SELECT value FROM json_each(?)) ORDER BY id`,
    JSON.stringify(kinds),
  )
  return all.filter(
    ({ contact, currency }) => !like || (contact === like.contact && currency === like.currency),
  )
}

function share({ c }: Scene, total: number): number {
  return Math.max(1, Math.round(total * c.one([1, 0.5, 0.3, 0.2])))
}

const currencyOf = ({ currency }: Paper) => (currency ? { currency, exchangeRateE6: 920_000 } : {})

const pays: Act = (scene) => {
  const paper = scene.c.any(papers(scene, ['invoice', 'invoice', 'bill']))
  if (!paper) return null
  const id = scene.newId('P')
  const applied = share(scene, paper.total)
  const more = scene.c.chance(0.15) ? scene.c.whole(1, 500) : 0
  scene.write(
    paymentSql({
      id,
      contact: paper.contact,
      applied: { [paper.id]: applied },
      amount: applied + more,
      ...currencyOf(paper),
    }),
  )
  return `payment ${id} of ${applied} on ${paper.id}${more ? `, and ${more} more` : ''}`
}

const paysSeveral: Act = (scene) => {
  const first = scene.c.any(papers(scene, ['invoice']))
  const others = first ? papers(scene, ['invoice'], first).filter(({ id }) => id !== first.id) : []
  const second = scene.c.any(others)
  if (!first || !second) return null
  const id = scene.newId('P')
  const applied = { [first.id]: share(scene, first.total), [second.id]: share(scene, second.total) }
  scene.write(paymentSql({ id, contact: first.contact, applied, ...currencyOf(first) }))
  return `receipt ${id} of ${Object.entries(applied).join(' and ')}`
}

const takesDeposit: Act = (scene) => {
  const paper = scene.c.any(papers(scene, ['invoice']))
  if (!paper) return null
  const id = scene.newId('H')
  const amount = share(scene, paper.total)
  const applied = scene.c.chance(0.6) ? { [paper.id]: amount } : {}
  scene.write(depositSql({ id, contact: paper.contact, amount, applied, ...currencyOf(paper) }))
  return `deposit ${id} of ${amount} ${Object.keys(applied).length ? `on ${paper.id}` : `of ${paper.contact}`}`
}

const givesDiscount: Act = (scene) => {
  const paper = scene.c.any(papers(scene, ['invoice']))
  if (!paper || paper.currency) return null
  const id = scene.newId('X')
  const amount = Math.max(1, Math.round(paper.total * 0.02))
  scene.write(discountSql({ id, contact: paper.contact, applied: { [paper.id]: amount } }))
  return `discount ${id} of ${amount} on ${paper.id}`
}

const refundsCredit: Act = (scene) => {
  const paper = scene.c.any(papers(scene, ['credit_note', 'supplier_credit']))
  if (!paper) return null
  const id = scene.newId('R')
  const amount = share(scene, paper.total)
  scene.write(
    refundSql({ id, contact: paper.contact, applied: { [paper.id]: amount }, ...currencyOf(paper) }),
  )
  return `refund ${id} of ${amount} of ${paper.id}`
}

const appliesCredit: Act = (scene) => {
  const isSale = scene.c.chance(0.6)
  const credit = scene.c.any(papers(scene, [isSale ? 'credit_note' : 'supplier_credit']))
  const paper = credit && scene.c.any(papers(scene, [isSale ? 'invoice' : 'bill'], credit))
  if (!credit || !paper) return null
  // What a person allocated has a row already, and the exporting system looks before it writes.
  const taken = 'SELECT 1 FROM credit_allocation WHERE credit = ? AND document = ?'
  if (scene.own.query(taken, credit.id, paper.id).length > 0) return null
  if (scene.world.query(taken, credit.id, paper.id).length > 0) return null
  const amount = share(scene, Math.min(credit.total, paper.total))
  scene.write(creditAllocationSql(credit.id, paper.id, amount))
  return `${amount} of ${credit.id} on ${paper.id}`
}

const edits: Act = (scene) => {
  const paper = scene.c.any(papers(scene, ['invoice', 'bill', 'credit_note']))
  if (!paper) return null
  scene.write(raiseSql(paper.id))
  return `${paper.id} is raised by 10.00`
}

const voids: Act = (scene) => {
  const paper = scene.c.any(papers(scene, ['invoice', 'bill', 'credit_note', 'supplier_credit']))
  if (!paper) return null
  scene.write(`UPDATE document SET status = 'void' WHERE id = '${paper.id}';`)
  return `${paper.id} is voided in the ledger`
}

function onPayment(change: (id: string) => string, words: string): Act {
  return (scene) => {
    const found = scene.own.query<{ id: string }>(
      "SELECT id FROM payment WHERE state <> 'deleted' ORDER BY id",
    )
    const payment = scene.c.any(found)
    if (!payment) return null
    scene.write(change(payment.id))
    return `${payment.id} is ${words}`
  }
}

const deletesPayment = onPayment(
  (id) => `UPDATE payment SET state = 'deleted' WHERE id = '${id}' AND state <> 'deleted';`,
  'deleted in the ledger',
)

/** An exporting system that writes whole rows again, as it knows them. */
const touchesPayment = onPayment(
  (id) => `UPDATE payment SET reference = reference WHERE id = '${id}';`,
  'written again',
)

/** What is left of a receipt or deposit goes to another document. */
const appliesRest: Act = (scene) => {
  const found = scene.own.query<Paper & { rest: number }>(
    `SELECT p.id, p.contact, p.currency, p.amount_cents AS total,
            p.amount_cents - COALESCE((SELECT SUM(a.amount_cents) FROM payment_allocation AS a WHERE a.payment = p.id), 0) AS rest
       FROM payment AS p WHERE p.state <> 'deleted' AND p.kind IN ('payment', 'deposit') ORDER BY p.id`,
  )
  const payment = scene.c.any(found.filter(({ rest }) => rest > 0))
  const taken = (id: string) =>
    scene.own.query('SELECT 1 FROM payment_allocation WHERE payment = ? AND document = ?', payment?.id, id)
  const paper =
    payment && scene.c.any(papers(scene, ['invoice'], payment).filter(({ id }) => taken(id).length === 0))
  if (!payment || !paper) return null
  const amount = share(scene, Math.min(payment.rest, paper.total))
  scene.write(
    `INSERT INTO payment_allocation (payment, document, amount_cents) VALUES ('${payment.id}', '${paper.id}', ${amount});`,
  )
  return `${amount} more of ${payment.id} on ${paper.id}`
}

const takesBackCredit: Act = (scene) => {
  const row = scene.c.any(
    scene.own.query<{ credit: string; document: string }>(
      'SELECT credit, document FROM credit_allocation ORDER BY credit, document',
    ),
  )
  if (!row) return null
  const { credit, document } = row
  scene.write(`DELETE FROM credit_allocation WHERE credit = '${credit}' AND document = '${document}';`)
  return `${credit} is taken back from ${document} in the ledger`
}

/** An exporting system that loads its rows anew: deleted and written once more, in one transaction. */
const loadsAnew: Act = (scene) => {
  const table = scene.c.one(['payment_allocation', 'credit_allocation'])
  const of = "(SELECT id FROM payment WHERE origin = 'ledger')"
  const own = table === 'payment_allocation' ? `payment IN ${of}` : "origin = 'ledger'"
  scene.write(
    `CREATE TEMP TABLE kept AS SELECT * FROM ${table} WHERE ${own}; DELETE FROM ${table} WHERE ${own};
     INSERT INTO ${table} SELECT * FROM kept; DROP TABLE kept;`,
  )
  return `${table} is loaded anew`
}

/** A nightly load takes a document's rows away, and another brings them back: in between nothing is known of it here. */
const takesAway: Act = (scene) => {
  const { c, own } = scene
  if (scene.away.length > 0) return bringBack(scene)
  const paper = c.any(papers(scene, ['invoice', 'bill', 'credit_note', 'supplier_credit']))
  if (!paper) return null
  const rowsOf = (table: string, key: string) =>
    own
      .query<Record<string, SqlValue>>(`SELECT * FROM ${table} WHERE ${key} = ?`, paper.id)
      .map((row) => insertSql(table, row))
  scene.away.push(...rowsOf('document', 'id'), ...rowsOf('document_line', 'document'))
  scene.write(
    `DELETE FROM document_line WHERE document = '${paper.id}'; DELETE FROM document WHERE id = '${paper.id}';`,
  )
  return `the rows of ${paper.id} are taken away`
}

export function bringBack(scene: Scene): string | null {
  if (scene.away.length === 0) return null
  scene.write(scene.away.splice(0).join(' '))
  return 'what was taken away is brought back'
}

/** Acts with how often they come up. */
export const ledgerActs: readonly (readonly [string, number, Act])[] = [
  ['invoice', 5, adds('invoice')],
  ['bill', 2, adds('bill')],
  ['credit', 2, adds('credit_note')],
  ['supplier-credit', 1, adds('supplier_credit')],
  ['payment', 4, pays],
  ['receipt', 2, paysSeveral],
  ['deposit', 1, takesDeposit],
  ['discount', 0.5, givesDiscount],
  ['refund', 1, refundsCredit],
  ['applied-credit', 2, appliesCredit],
  ['applied-rest', 1, appliesRest],
  ['taken-back-credit', 0.5, takesBackCredit],
  ['loaded-anew', 0.5, loadsAnew],
  ['taken-away', 1, takesAway],
  ['edit', 0.7, edits],
  ['void', 0.5, voids],
  ['delete-payment', 0.7, deletesPayment],
  ['rewrite-payment', 0.5, touchesPayment],
]
