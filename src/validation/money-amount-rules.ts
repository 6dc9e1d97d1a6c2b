// Amounts of payments, discounts and allocations: positive, within what was received, and never above what is due (P5, N2).

import type { LedgerPayment } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { addCents, type Cents, cents, formatCents, subtractCents } from '../accounting/money.ts'
import { type DocumentMoney, sentAmount } from '../mapping/payment-amounts.ts'
import type { Parent } from './context.ts'
import { lineAmountMax } from './document-view.ts'
import { complainOf, type MoneyThing } from './money-check.ts'
import { parentName } from './parent-rules.ts'

/** What else the ledger has on a document, or takes from a credit, in the document's own currency in the ledger. */
export interface Applied {
  /** Of other things that are in Xero as far as the ledger knows: ours, made in Xero, uncertain, mock exported. */
  before: Cents
  /** Of other things that go out in this run before this one. */
  planned: Cents
}

export function checkAmount(thing: MoneyThing, amount: Cents): Finding[] {
  if (amount <= 0)
    return [
      complainOf(thing, {
        code: 'amount-invalid',
        field: 'amount',
        message: `has the amount ${formatCents(amount)}.`,
        why: 'Amounts of payments, refunds, discounts and credits are above zero; their kind says which way they go.',
        fix: 'Correct the amount or the kind in the ledger.',
      }),
    ]
  if (amount <= lineAmountMax) return []
  return [
    complainOf(thing, {
      code: 'amount-too-large',
      field: 'amount',
      message: `has the amount ${formatCents(amount)}.`,
      why: `Xero takes no more than ${formatCents(lineAmountMax)}.`,
      fix: 'Correct the amount in the ledger.',
    }),
  ]
}

/** More applied than received: which of the allocations is too much cannot be said, so that none goes. */
export function checkAllocated(thing: MoneyThing, payment: LedgerPayment, isOneCurrency: boolean): Finding[] {
  const allocated = addCents(...payment.allocations.map(({ amount }) => amount))
  if (!isOneCurrency || allocated <= payment.amount) return []
  return [
    complainOf(thing, {
      code: 'allocations-exceed-payment',
      field: 'amount',
      message: `is of ${formatCents(payment.amount)}, of which ${formatCents(allocated)} is applied to documents.`,
      why: 'No more can be applied than was received or paid.',
      fix: 'Correct the amount of the payment or of its allocations in the ledger.',
    }),
  ]
}

/** Never above the amount due, neither the ledger's nor Xero's (P5). */
export function checkDue(
  thing: MoneyThing,
  amount: Cents,
  parent: Parent,
  applied: Applied,
  /** Xero's own word (AmountDue, of a credit RemainingCredit), in the currency in which it is there. */
  xeroDue: Cents | null,
  money: DocumentMoney,
): Finding[] {
  const ledgerDue = subtractCents(cents(Math.abs(parent.total)), addCents(applied.before, applied.planned))
  if (amount > ledgerDue) return [exceedsDue(thing, amount, ledgerDue, parent, 'in the ledger')]
  // A paid document may be stale news: where Xero was asked, its answer decides.
  const due = xeroDue ?? (parent.xeroStatus === 'PAID' ? cents(0) : null)
  if (due === null) return []
  const open = subtractCents(due, sentAmount(applied.planned, applied.before, money))
  const sent = sentAmount(amount, addCents(applied.before, applied.planned), money)
  return sent > open ? [exceedsDue(thing, sent, open, parent, 'in Xero')] : []
}

function exceedsDue(thing: MoneyThing, amount: Cents, due: Cents, parent: Parent, where: string): Finding {
  const left = due <= 0 ? 'nothing is due' : `only ${formatCents(due)} is due`
  return complainOf(thing, {
    code: 'payment-exceeds-due',
    field: 'amount',
    message: `is ${formatCents(amount)}, and ${left} on ${parentName(parent)} ${where}.`,
    why: 'Xero takes nothing above what is outstanding on a document.',
    fix: 'Correct the amount, or apply the rest to another document; what is left of a receipt stays with it.',
  })
}

/** Never above what is left of the credit, prepayment or overpayment that it comes from (N2). */
export function checkRemaining(
  thing: MoneyThing,
  amount: Cents,
  remaining: Cents,
  /** "credit note CN-3". */
  credit: string,
): Finding[] {
  if (amount <= remaining) return []
  const left = remaining <= 0 ? 'nothing is left' : `only ${formatCents(remaining)} is left`
  return [
    complainOf(thing, {
      code: 'credit-exceeds',
      field: 'amount',
      message: `is ${formatCents(amount)}, and ${left} of ${credit}.`,
      why: 'Xero applies no more of a credit than is left of it.',
      fix: 'Correct the amount in the ledger, or look at what was applied or refunded in Xero.',
    }),
  ]
}
