// What touches a document's balance, for `show`: payments on it, and what credits, prepayments and overpayments take off it or are
// applied to. Each with the amount that counts, so that what is listed comes to the view document_balance, to the cent (X2, X4, N3).

import { sql } from 'kysely'
import type { ExportState } from '../accounting/kinds.ts'
import type { Ledger } from './open.ts'

interface StoredBalance {
  totalCents: number
  paidCents: number
  creditedCents: number
  adjustedCents: number
  dueCents: number
  state: 'unpaid' | 'part-paid' | 'paid'
}

/** A payment, refund or discount on the document, or a journal of the ledger that is its payment (P2). */
export interface PaidPart {
  id: string
  kind: 'payment' | 'deposit' | 'discount' | 'refund' | 'journal'
  date: string
  /** What counts; of a deleted one, what counted before. */
  amountCents: number
  origin: 'ledger' | 'external'
  /** `deleted`: it counts no more, be it that Xero deleted it or the ledger. */
  state: 'received' | 'applied' | 'deleted'
  /** ISO UTC, or as the exporting system wrote it; null where it is not deleted, or nobody said when. */
  deletedAt: string | null
  deletedBy: 'ledger' | 'xero' | null
  /** Where the ledger's own stands on its way to Xero; null for what was made there. */
  export: ExportState | null
  xeroId: string | null
}

/** What a credit, prepayment or overpayment takes off a document; what was taken back in Xero is left out. */
export interface AppliedPart {
  /** The credit's document, the payment that the prepayment or overpayment is, or `xero:` and an id for a credit made in Xero. */
  source: string
  kind: 'credit_note' | 'prepayment' | 'overpayment'
  /** The credit's number; null for prepayments and overpayments, which have none. */
  number: string | null
  /** As it was before any of it was applied or given back, in its own currency; null where nothing is known of it. */
  sourceDate: string | null
  sourceTotalCents: number | null
  document: string
  documentNumber: string | null
  /** What counts. */
  amountCents: number
  /** What the ledger's own row says, where Xero has it otherwise; null where both say the same, or the ledger has no row. */
  ledgerAmountCents: number | null
  date: string | null
  /** `external`: a person applied it in Xero. */
  origin: 'ledger' | 'external'
  /** Of the credit, prepayment or overpayment. */
  xeroId: string | null
}

/** Amounts are cents in the document's currency. */
export interface DocumentMoney {
  balance: StoredBalance
  payments: PaidPart[]
  allocations: AppliedPart[]
  adjustments: { at: string; amountCents: number; reason: string }[]
}

/** A thing's id is escaped: see accounting/thing-ids.ts. */
export const escapedId = (column: string) => sql.raw(`replace(replace(${column}, '%', '%25'), '/', '%2F')`)

/** Of a row of mirror_credit: before Xero told of it, it says no more than that we made it. */
export const wasRead = sql`m.updated_at <> ''`

export async function readDocumentMoney(ledger: Ledger, document: string): Promise<DocumentMoney> {
  const { db } = ledger
  const balance = await db
    .selectFrom('document_balance')
    .selectAll()
    .where('document', '=', document)
    .executeTakeFirstOrThrow()
  const parts = await readPaymentParts(ledger, { document })
  const journals = await readJournalPayments(ledger, document)
  return {
    balance: {
      totalCents: balance.total_cents,
      paidCents: balance.paid_cents,
      creditedCents: balance.credited_cents,
      adjustedCents: balance.adjusted_cents,
      dueCents: balance.due_cents,
      state: balance.state,
    },
    payments: [
      ...parts.payments.map(({ document: _, documentNumber: _number, ...part }) => part),
      ...journals,
    ].sort(byDate),
    allocations: [...parts.allocations, ...(await readCreditParts(ledger, document))].sort(byDate),
    adjustments: await db
      .selectFrom('adjustment')
      .select(['at', 'amount_cents as amountCents', 'reason'])
      .where('document', '=', document)
      .orderBy('at')
      .execute(),
  }
}

interface Dated {
  date: string | null
  id?: string
  source?: string
  document?: string
}

function byDate(one: Dated, other: Dated): number {
  const key = ({ date, id, source, document }: Dated) => [date, id, source, document].join('\n')
  return key(one) < key(other) ? -1 : 1
}

interface PartRow {
  id: string
  kind: Exclude<PaidPart['kind'], 'journal'> | null
  document: string
  documentNumber: string | null
  date: string | null
  /** Of the ledger's row; null where a person applied it in Xero and the ledger has none. */
  amount: number | null
  live: number | null
  changedAt: string | null
  origin: 'ledger' | 'external' | null
  state: PaidPart['state'] | null
  deletedAt: string | null
  deletedBy: PaidPart['deletedBy']
  export: ExportState | null
  xeroId: string | null
  /** Null: it is no part of a prepayment, overpayment or credit note. */
  creditKind: AppliedPart['kind'] | null
  creditNumber: string | null
  creditDate: string | null
  creditTotal: number | null
}

/** Which document it pays. */
type PaidOn = PaidPart & { document: string; documentNumber: string | null }

/** Of a document, or of a payment: its parts, told apart by whether they were taken from a prepayment or overpayment. */
export async function readPaymentParts(
  ledger: Ledger,
  of: { document: string } | { payment: string },
): Promise<{ payments: PaidOn[]; allocations: AppliedPart[] }> {
  const rows = [...(await readRows(ledger, of)), ...(await readRowsOfXero(ledger, of))]
  return {
    payments: rows.filter(({ creditKind }) => creditKind === null).map(paidPart),
    allocations: rows.flatMap(appliedPart),
  }
}

/** The ledger's rows, its own and those that came from Xero. */
async function readRows({ db }: Ledger, of: { document: string } | { payment: string }): Promise<PartRow[]> {
  const chosen = 'document' in of ? sql`a.document = ${of.document}` : sql`a.payment = ${of.payment}`
  // What went out as an allocation is a part of its prepayment or overpayment (P4), and so is what is external and has one (X3).
  const rows = await sql<PartRow>`
    SELECT p.id, p.kind, a.document, d.number AS documentNumber, COALESCE(a.date, p.date) AS date, a.amount_cents AS amount,
           x.live_cents AS live, x.changed_at AS changedAt, p.origin, p.state, p.deleted_at AS deletedAt, p.deleted_by AS deletedBy,
           e.state AS export, COALESCE(e.facts ->> 'parentId', e.xero_id, r.xero_id) AS xeroId,
           CASE WHEN p.origin = 'external' THEN m.kind
                WHEN e.facts ->> 'channel' = 'allocations'
                THEN CASE e.facts ->> 'endpoint' WHEN 'Overpayments' THEN 'overpayment' ELSE 'prepayment' END END AS creditKind,
           NULL AS creditNumber, COALESCE(m.date, p.date) AS creditDate, COALESCE(m.total_cents, p.amount_cents) AS creditTotal
      FROM payment_allocation AS a JOIN payment AS p ON p.id = a.payment
      LEFT JOIN document AS d ON d.id = a.document
      LEFT JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
      LEFT JOIN export_state AS e
        ON e.kind = CASE p.kind WHEN 'refund' THEN 'refund' WHEN 'discount' THEN 'discount' ELSE 'payment' END
       AND e.source_id = ${escapedId('p.id')} || '/' || a.document AND e.entity = p.entity
      LEFT JOIN external_ref AS r ON r.kind = 'payment' AND r.source_id = p.id
      LEFT JOIN mirror_credit AS m
        ON m.tenant_id = COALESCE(r.tenant_id, e.tenant_id) AND m.credit_id = COALESCE(r.xero_id, e.facts ->> 'parentId') AND ${wasRead}
     WHERE ${chosen} ORDER BY date, p.id, a.document`.execute(db)
  return rows.rows
}

/** What a person applied in Xero of a deposit, receipt or discount of the ledger's own. */
async function readRowsOfXero(
  { db }: Ledger,
  of: { document: string } | { payment: string },
): Promise<PartRow[]> {
  const chosen = 'document' in of ? sql`x.document = ${of.document}` : sql`x.source = ${of.payment}`
  const from = escapedId('x.source')
  const rows = await sql<PartRow>`
    SELECT x.source AS id, p.kind, x.document, d.number AS documentNumber,
           (SELECT MAX(a.date) FROM export_state AS i CROSS JOIN mirror_allocation AS a ON a.invoice_id = i.xero_id
             WHERE i.kind = d.kind AND i.source_id = d.id AND i.entity = d.entity AND a.credit_id = e.xero_id) AS date,
           NULL AS amount, x.live_cents AS live, x.changed_at AS changedAt, 'external' AS origin, 'applied' AS state,
           NULL AS deletedAt, NULL AS deletedBy, NULL AS export, e.xero_id AS xeroId,
           COALESCE(m.kind, CASE WHEN p.kind = 'discount' THEN 'credit_note' WHEN p.kind = 'deposit' THEN 'prepayment' ELSE 'overpayment' END) AS creditKind,
           m.number AS creditNumber, COALESCE(m.date, p.date) AS creditDate, COALESCE(m.total_cents, p.amount_cents) AS creditTotal
      FROM part_in_xero AS x
      LEFT JOIN document AS d ON d.id = x.document
      LEFT JOIN payment AS p ON p.id = x.source
      LEFT JOIN export_state AS e
        ON e.kind = CASE p.kind WHEN 'discount' THEN 'discount' ELSE 'receipt' END AND e.xero_id IS NOT NULL
       -- Everything between "id/" and "id0", the character after the slash, begins with "id/".
       AND e.source_id BETWEEN CASE p.kind WHEN 'discount' THEN ${from} || '/' ELSE x.source END
                           AND CASE p.kind WHEN 'discount' THEN ${from} || '0' ELSE x.source END
      LEFT JOIN mirror_credit AS m ON m.tenant_id = e.tenant_id AND m.credit_id = e.xero_id AND ${wasRead}
     WHERE x.kind = 'payment' AND ${chosen}
       AND NOT EXISTS (SELECT 1 FROM payment_allocation AS a WHERE a.payment = x.source AND a.document = x.document)
     GROUP BY x.source, x.document ORDER BY x.source, x.document`.execute(db)
  return rows.rows
}

function paidPart(row: PartRow): PaidOn {
  const { id, document, documentNumber, changedAt, xeroId } = row
  const isTakenBack = row.live === 0 && row.state !== 'deleted'
  const part = {
    document,
    documentNumber,
    id,
    kind: row.kind ?? 'payment',
    date: row.date ?? '',
    amountCents: row.live || (row.amount ?? 0),
    origin: row.origin ?? 'ledger',
    state: row.state ?? 'received',
    deletedAt: row.deletedAt,
    deletedBy: row.deletedBy,
    export: row.export,
    xeroId,
  }
  return isTakenBack ? { ...part, state: 'deleted', deletedAt: changedAt, deletedBy: 'xero' } : part
}

/** Nothing where it counts no more. */
function appliedPart(row: PartRow): AppliedPart[] {
  const amountCents = row.live ?? row.amount ?? 0
  if (row.creditKind === null || amountCents === 0 || row.state === 'deleted') return []
  return [
    {
      source: row.id,
      kind: row.creditKind,
      number: row.creditNumber,
      sourceDate: row.creditDate,
      sourceTotalCents: row.creditTotal,
      document: row.document,
      documentNumber: row.documentNumber,
      amountCents,
      ledgerAmountCents: row.amount === amountCents ? null : row.amount,
      date: row.date,
      origin: row.origin ?? 'ledger',
      xeroId: row.xeroId,
    },
  ]
}

async function readJournalPayments({ db }: Ledger, document: string): Promise<PaidPart[]> {
  const rows = await sql<{
    id: string
    date: string
    amount: number
    live: number | null
    changedAt: string | null
    export: ExportState | null
    xeroId: string | null
  }>`
    SELECT j.id, j.date, x.live_cents AS live, x.changed_at AS changedAt, e.state AS export, e.xero_id AS xeroId,
           (SELECT COALESCE(SUM(l.amount_cents + l.tax_cents), 0) FROM journal_line AS l
             WHERE l.journal = j.id AND l.amount_cents > 0) AS amount
      FROM journal AS j
      LEFT JOIN part_in_xero AS x ON x.kind = 'journal' AND x.source = j.id AND x.document = j.document
      LEFT JOIN export_state AS e ON e.kind = 'journal' AND e.source_id = j.id AND e.entity = j.entity
     WHERE j.document = ${document} AND j.payment IS NULL AND j.kind IN ('invoice_payment', 'invoice_deposit')
       AND j.status <> 'draft' ORDER BY j.date, j.id`.execute(db)
  return rows.rows.map(({ id, date, amount, live, changedAt, export: state, xeroId }) => ({
    id,
    kind: 'journal',
    date,
    amountCents: live || amount,
    origin: 'ledger',
    state: live === 0 ? 'deleted' : 'applied',
    deletedAt: live === 0 ? changedAt : null,
    deletedBy: live === 0 ? 'xero' : null,
    export: state,
    xeroId,
  }))
}

/** Of credit notes and supplier credits, an invoice below zero being one in Xero: those on the document, or what it is applied to. */
async function readCreditParts({ db }: Ledger, document: string): Promise<AppliedPart[]> {
  const columns = sql`
           c.credit AS source, 'credit_note' AS kind, COALESCE(v.number, m.number) AS number,
           COALESCE(v.date, m.date) AS sourceDate, ABS(COALESCE(v.total_cents, m.total_cents)) AS sourceTotalCents,
           c.document, COALESCE(d.number, i.number) AS documentNumber, COALESCE(x.live_cents, c.amount_cents) AS amountCents,
           CASE WHEN x.live_cents <> c.amount_cents THEN c.amount_cents END AS ledgerAmountCents, c.date, c.origin,
           COALESCE(r.xero_id, e.xero_id) AS xeroId
      FROM credit_allocation AS c
      LEFT JOIN document AS v ON v.id = c.credit
      LEFT JOIN document AS d ON d.id = c.document
      LEFT JOIN part_in_xero AS x ON x.kind = 'credit' AND x.source = c.credit AND x.document = c.document
      LEFT JOIN export_state AS e ON e.kind = v.kind AND e.source_id = v.id AND e.entity = v.entity
      LEFT JOIN external_ref AS r ON r.kind = 'credit_note' AND r.source_id = c.credit
      LEFT JOIN mirror_credit AS m ON m.tenant_id = r.tenant_id AND m.credit_id = r.xero_id
      -- Applied to an invoice that only Xero has, its key is "xero:" and that one's id.
      LEFT JOIN mirror_document AS i ON i.tenant_id = e.tenant_id AND i.document_id = SUBSTR(c.document, 6)
     WHERE v.status IS NOT 'void' AND COALESCE(x.live_cents, c.amount_cents) <> 0`
  const rows = await sql<AppliedPart>`
    SELECT ${columns} AND c.document = ${document}
     UNION ALL
    SELECT ${columns} AND c.credit = ${document} AND c.document <> ${document}`.execute(db)
  return rows.rows
}
