// Reads payments and allocations of the source tables into the nouns of accounting/. Which of them are to be sent is
// things.ts's question.

import { sql } from 'kysely'
import type { PlainDate } from '../accounting/calendar.ts'
import type { CreditAllocation, LedgerPayment, PaymentAllocation } from '../accounting/documents.ts'
import { cents, e6 } from '../accounting/money.ts'
import { exact } from './documents.ts'
import type { Ledger } from './open.ts'
import type { Schema } from './schema.ts'

/** The payments with these ids, with all their allocations; ids that are not there are left out. */
export async function readPayments(
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, LedgerPayment>> {
  const list = JSON.stringify(ids)
  // P2: the account of the debit side of a journal that posts this payment. Several debits: the largest.
  const payments = await sql<Schema['payment'] & { journal_account: string | null }>`
    SELECT p.*, (SELECT l.account FROM journal AS j JOIN journal_line AS l ON l.journal = j.id
                  WHERE j.payment = p.id AND j.kind IN ('invoice_payment', 'invoice_deposit') AND l.amount_cents > 0
                  ORDER BY l.amount_cents DESC, j.id, l.position LIMIT 1) AS journal_account
      FROM json_each(${list}) AS i JOIN payment AS p ON p.id = i.value`.execute(ledger.db)
  const allocations = await sql<Schema['payment_allocation']>`
    SELECT * FROM payment_allocation WHERE payment IN (SELECT value FROM json_each(${list}))
     ORDER BY payment, document`.execute(ledger.db)
  const allocationsOf = new Map<string, PaymentAllocation[]>()
  for (const row of allocations.rows) {
    const allocation = {
      document: row.document,
      amount: cents(exact(row.amount_cents)),
      date: row.date as PlainDate | null, // the table's CHECK gives the form
    }
    const known = allocationsOf.get(row.payment)
    if (known) known.push(allocation)
    else allocationsOf.set(row.payment, [allocation])
  }
  return new Map(payments.rows.map((row) => [row.id, paymentOf(row, allocationsOf.get(row.id) ?? [])]))
}

function paymentOf(
  row: Schema['payment'] & { journal_account: string | null },
  allocations: readonly PaymentAllocation[],
): LedgerPayment {
  return {
    id: row.id,
    entity: row.entity,
    contact: row.contact,
    kind: row.kind,
    method: row.method,
    account: row.account,
    date: row.date as PlainDate, // the table's CHECK gives the form
    amount: cents(exact(row.amount_cents)),
    currency: row.currency,
    exchangeRate: row.exchange_rate_e6 === null ? null : e6(exact(row.exchange_rate_e6)),
    reference: row.reference,
    origin: row.origin,
    state: row.state,
    refundOf: row.refund_of,
    allocations,
    journalAccount: row.journal_account,
  }
}

/** Allocations of these credits, by their thing's id (`credit/document`, see thing-ids.ts) left to the caller. */
export async function readCreditAllocations(
  ledger: Ledger,
  credits: readonly string[],
): Promise<CreditAllocation[]> {
  const rows = await sql<Schema['credit_allocation']>`
    SELECT * FROM credit_allocation WHERE credit IN (SELECT value FROM json_each(${JSON.stringify(credits)}))
     ORDER BY credit, document`.execute(ledger.db)
  return rows.rows.map((row) => ({
    credit: row.credit,
    document: row.document,
    amount: cents(exact(row.amount_cents)),
    date: row.date as PlainDate | null, // the table's CHECK gives the form
    origin: row.origin,
  }))
}
