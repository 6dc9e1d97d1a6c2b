// The account of a payment, refund or receipt: there is one, Xero has it, and money may go there (P3, P4, §4.5).

import type { Books } from '../accounting/books.ts'
import type { LedgerPayment } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import {
  type ChosenAccount,
  findAccount,
  moneyAccountOf,
  paymentAccountOf,
} from '../mapping/payment-account.ts'
import { comesOutOfClearing, type FormContext } from '../mapping/payment-forms.ts'
import { unappliedRoleOf } from '../mapping/receipt-journal.ts'
import type { Complaint } from './document-view.ts'
import { complainOf, type MoneyThing } from './money-check.ts'

/** A payment's or refund's: a bank account, or one with payments enabled. `target` is "invoice INV-7". */
export function checkPaymentAccount(
  thing: MoneyThing,
  payment: LedgerPayment,
  target: string,
  context: FormContext,
): Finding[] {
  const chosen = paymentAccountOf(payment, context)
  const complaint =
    chosen === null
      ? noAccount(payment, `was not sent, and ${target} stays open (AUTHORISED) in Xero`, context)
      : moneyAccountComplaint(chosen, context.books, false)
  return complaint ? [complainOf(thing, { field: 'account', ...complaint })] : []
}

/** A prepayment's or overpayment's: the bank account of its bank transaction (§4.6). */
export function checkReceiptAccount(thing: MoneyThing, payment: LedgerPayment, books: Books): Finding[] {
  const chosen = moneyAccountOf(payment, books)
  const complaint =
    chosen === null ? noAccount(payment, 'was not sent', null) : moneyAccountComplaint(chosen, books, true)
  return complaint ? [complainOf(thing, { field: 'account', ...complaint })] : []
}

function noAccount(payment: LedgerPayment, consequence: string, context: FormContext | null): Complaint {
  if (context && comesOutOfClearing(payment, context)) {
    const role = unappliedRoleOf(payment.kind)
    return {
      code: 'payment-no-account',
      message: `has no account: it ${consequence}.`,
      why: 'With receipts=clearing a payment comes out of the account of money received and not applied.',
      fix: `Name an account for the role ${role} in role_account.`,
    }
  }
  const method = payment.method === null ? '' : `map its method ${payment.method} in payment_method_map, `
  return {
    code: 'payment-no-account',
    message: `has no account: it ${consequence}.`,
    why: 'Xero wants to know which account the money went to or came from.',
    fix: `Give it an account in the ledger, ${method}or name one for the role clearing in role_account.`,
  }
}

/** Why money cannot go to an account of Xero's; null where it can, or nothing was read of Xero yet. */
export function moneyAccountComplaint(
  { account, from }: ChosenAccount,
  books: Books,
  needsBank: boolean,
): Complaint | null {
  if (!books.mirror) return null
  const found = findAccount(account, books)
  const table = from === 'method' ? 'payment_method_map' : from === 'role' ? 'role_account' : 'account_map'
  if (!found)
    return {
      code: 'account-unknown',
      message: `has account ${account}, which Xero does not have.`,
      why: "An account that is not mapped is taken for one of Xero's codes.",
      fix: `Correct it in ${table}, or add it in Xero and run auxo-sync refresh.`,
    }
  const named = `has account ${found.code ?? found.accountId} (${found.name})`
  if (found.status !== 'ACTIVE')
    return {
      code: 'account-archived',
      message: `${named}, which is archived in Xero.`,
      why: 'Xero posts only to active accounts.',
      fix: `Restore the account in Xero and run auxo-sync refresh, or name another in ${table}.`,
    }
  if (found.type === 'BANK') return null
  if (needsBank)
    return {
      code: 'account-not-payable',
      message: `${named}, which is no bank account.`,
      why: 'Xero takes prepayments and overpayments as bank transactions, on bank accounts only.',
      fix: `Name a bank account in ${table}, or keep such receipts out of Xero (deposits=held, remainders=hold).`,
    }
  if (found.enablePayments) return null
  return {
    code: 'account-not-payable',
    message: `${named}, to which no payments can be made in Xero.`,
    why: 'Xero takes payments on bank accounts and on accounts that have payments enabled.',
    fix: `Enable payments to the account in Xero and run auxo-sync refresh, or name another in ${table}.`,
  }
}
