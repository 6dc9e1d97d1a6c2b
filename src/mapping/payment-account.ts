// The account that a payment or receipt goes to or comes from, by code or, where a bank account has none, by id (P1, P2, P6,
// §4.5). Whether Xero takes payments on it is validation's business.

import { type Books, roleAccountOf, xeroAccountOf } from '../accounting/books.ts'
import type { LedgerPayment, MirrorAccount } from '../accounting/documents.ts'
import { comesOutOfClearing, type FormContext } from './payment-forms.ts'
import { unappliedRoleOf } from './receipt-journal.ts'

/** An account as books name it in Xero, and by what it was chosen. */
export interface ChosenAccount {
  /** A code of Xero, or the id of an account. */
  account: string
  from: 'journal' | 'payment' | 'method' | 'role'
}

/** Xero's way to name an account: one of the two. */
export type AccountReference = { code: string } | { accountID: string }

/** The account of a payment or refund; null where none is known (P3). */
export function paymentAccountOf(payment: LedgerPayment, context: FormContext): ChosenAccount | null {
  if (!comesOutOfClearing(payment, context)) return moneyAccountOf(payment, context.books)
  const account = roleAccountOf(unappliedRoleOf(payment.kind), context.books)
  return account === null ? null : { account, from: 'role' }
}

/**
 * The account where the money itself is: of the journals that post it, its own, its method's, else the clearing account
 * (P1, P2). Prepayments and overpayments use it too, and need a bank account there.
 */
export function moneyAccountOf(payment: LedgerPayment, books: Books): ChosenAccount | null {
  if (payment.journalAccount !== null)
    return { account: xeroAccountOf(payment.journalAccount, books), from: 'journal' }
  if (payment.account !== null) return { account: xeroAccountOf(payment.account, books), from: 'payment' }
  const byMethod = payment.method === null ? undefined : books.paymentMethods.get(payment.method)
  if (byMethod !== undefined) return { account: byMethod, from: 'method' }
  const clearing = roleAccountOf('clearing', books)
  return clearing === null ? null : { account: clearing, from: 'role' }
}

/** The account in the mirror by its code or id; null where it is not there or nothing was read yet. */
export function findAccount(account: string, { mirror }: Books): MirrorAccount | null {
  const byCode = mirror?.accounts.get(account)
  if (byCode) return byCode
  for (const one of mirror?.accounts.values() ?? []) {
    if (one.accountId === account) return one
  }
  return null
}

/** How the account is named on the wire. An account that was not read yet goes as it is written. */
export function accountReference(account: string, books: Books): AccountReference {
  const found = findAccount(account, books)
  if (found) return found.code === null ? { accountID: found.accountId } : { code: found.code }
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(account)
    ? { accountID: account }
    : { code: account }
}
