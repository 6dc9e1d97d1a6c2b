// Money in ledgers for tests: payments, deposits, discounts, refunds, and what credits are applied to. Documents are workload.ts.

import { insertSql, type SqlValue } from './sql.ts'

export interface PaymentSpec {
  id: string
  /** Cents; left out, what is applied. */
  amount?: number
  /** Cents by document. */
  applied?: Readonly<Record<string, number>>
  contact?: string | null
  date?: string
  method?: string
  /** 090, a bank account, unless a method or null says otherwise. */
  account?: string | null
  currency?: string
  exchangeRateE6?: number
  reference?: string
  /** The payment that is given back. */
  refundOf?: string
  state?: 'received' | 'applied' | 'deleted'
}

type Kind = 'payment' | 'deposit' | 'discount' | 'refund'

function moneySql(kind: Kind, spec: PaymentSpec): string {
  const applied = Object.entries(spec.applied ?? {})
  const account: SqlValue | undefined = spec.account === undefined && !spec.method ? '090' : spec.account
  const row = insertSql('payment', {
    id: spec.id,
    entity: 'NZ01',
    contact: spec.contact === undefined ? 'C001' : spec.contact,
    kind,
    method: spec.method,
    account: kind === 'discount' ? undefined : account,
    date: spec.date ?? '2026-11-10',
    amount_cents: spec.amount ?? applied.reduce((sum, [, amount]) => sum + amount, 0),
    currency: spec.currency,
    exchange_rate_e6: spec.exchangeRateE6,
    reference: spec.reference,
    state: spec.state,
    refund_of: spec.refundOf,
  })
  const parts = applied.map(([document, amount_cents]) =>
    insertSql('payment_allocation', { payment: spec.id, document, amount_cents }),
  )
  return [row, ...parts].join('\n')
}

/** One receipt, of as many documents as it is applied to. */
export function paymentSql(spec: PaymentSpec): string {
  return moneySql('payment', spec)
}

export function depositSql(spec: PaymentSpec): string {
  return moneySql('deposit', spec)
}

export function discountSql(spec: PaymentSpec): string {
  return moneySql('discount', spec)
}

/** Of credits that it is applied to, or of a payment (`refundOf`). */
export function refundSql(spec: PaymentSpec): string {
  return moneySql('refund', spec)
}

/** Takes a credit note off an invoice, or a supplier credit off a bill. */
export function creditAllocationSql(credit: string, document: string, amount: number): string {
  return insertSql('credit_allocation', { credit, document, amount_cents: amount, date: '2026-11-12' })
}
