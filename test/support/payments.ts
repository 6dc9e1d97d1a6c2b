// Builders of what rules and mapping of payments are handed: a payment of the base invoice, and where that stands. All is
// fine as built.

import type { CreditAllocation, LedgerPayment, MirrorAccount } from '../../src/accounting/documents.ts'
import { cents } from '../../src/accounting/money.ts'
import type { FormContext, SentReceipt } from '../../src/mapping/payment-forms.ts'
import type { Parent } from '../../src/validation/context.ts'
import { aMirror, anAccount, day, someBooks } from './books.ts'

/** 115.00 by eftpos on 10 October for the base invoice, all of it. */
export function aPayment(payment: Partial<LedgerPayment> = {}): LedgerPayment {
  return {
    id: 'PAY-1',
    entity: 'NZ01',
    contact: 'ACME',
    kind: 'payment',
    method: 'eftpos',
    account: null,
    date: day('2026-10-10'),
    amount: cents(11_500),
    currency: null,
    exchangeRate: null,
    reference: null,
    origin: 'ledger',
    state: 'received',
    refundOf: null,
    allocations: [{ document: 'doc-1', amount: cents(11_500), date: null }],
    journalAccount: null,
    ...payment,
  }
}

/** The base invoice of 115.00, in Xero. */
export function aParent(parent: Partial<Parent> = {}): Parent {
  return {
    id: 'doc-1',
    kind: 'invoice',
    number: 'INV-1',
    status: 'sent',
    contact: 'ACME',
    date: day('2026-10-05'),
    currency: 'NZD',
    total: cents(11_500),
    standing: 'exported',
    xeroId: 'xero-invoice-1',
    xeroStatus: 'AUTHORISED',
    heldReason: null,
    ...parent,
  }
}

export function aCreditAllocation(allocation: Partial<CreditAllocation> = {}): CreditAllocation {
  return {
    credit: 'credit-1',
    document: 'doc-1',
    amount: cents(5_000),
    date: null,
    origin: 'ledger',
    ...allocation,
  }
}

export function aReceipt(receipt: Partial<SentReceipt> = {}): SentReceipt {
  return {
    form: 'prepayment',
    standing: 'exported',
    xeroId: 'prepayment-1',
    besides: [],
    remaining: cents(11_500),
    ...receipt,
  }
}

const moneyAccounts = [
  anAccount('880', { name: 'Clearing', class: 'LIABILITY', enablePayments: true }),
  anAccount('881', { name: 'Unapplied', class: 'LIABILITY', enablePayments: true }),
  anAccount('882', { name: 'Old Clearing', class: 'LIABILITY', enablePayments: true, status: 'ARCHIVED' }),
  anAccount('620', { name: 'Prepayments', class: 'LIABILITY' }),
  anAccount('800', { name: 'Accounts Payable', class: 'LIABILITY', systemAccount: 'CREDITORS' }),
]
const accountWithoutCode: MirrorAccount = {
  ...anAccount('', { name: 'Savings', type: 'BANK', class: 'ASSET' }),
  accountId: '8f1d3a5e-0000-4000-8000-000000000001',
  code: null,
}

/** Books with the accounts of money: eftpos goes to the bank, the rest to clearing. */
export function moneyBooks(books: Parameters<typeof someBooks>[0] = {}) {
  const mirror = aMirror()
  const accounts = new Map(mirror.accounts)
  for (const account of moneyAccounts) accounts.set(account.code ?? '', account)
  accounts.set(accountWithoutCode.accountId, accountWithoutCode)
  return someBooks({
    paymentMethods: new Map([['eftpos', '090']]),
    roleAccounts: new Map([
      ['clearing', '880'],
      ['bank_clearing', '880'],
      ['unapplied_payments', '881'],
      ['unapplied_deposits', '881'],
      ['prepayment', '620'],
      ['discount', '200'],
    ]),
    mirror: { ...mirror, accounts },
    ...books,
  })
}

export function aFormContext(context: Partial<FormContext> = {}): FormContext {
  return {
    books: moneyBooks(),
    receipt: null,
    hasOwnJournal: false,
    side: 'sales',
    sentAsPayments: new Set(),
    isOneCurrency: true,
    ...context,
  }
}
