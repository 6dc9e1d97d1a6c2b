// What the connection must be allowed to do in Xero, worked out from the settings: the least of it (Z1, §1.4). Pure;
// asking for it is auth's business.

import type { EntitySettings } from '../accounting/settings.ts'

/** The settings that decide what is written and read. */
export type ScopeSettings = Pick<
  EntitySettings,
  | 'payments'
  | 'deposits'
  | 'remainders'
  | 'receipts'
  | 'items'
  | 'ar_style'
  | 'only_invoices_and_payments'
  | 'journals_pull'
>

export interface ScopeFacts {
  /** Documents have files. */
  hasAttachments: boolean
  /** Ways on which calls went out whose outcome is open: they are asked about, whatever the settings say now. */
  open?: readonly string[]
  /** What is asked reads the balances of accounts (V4). */
  readsBalances?: boolean
}

const generatedJournals = 'accounting.journals.read'
const trialBalanceScope = 'accounting.reports.trialbalance.read'

/** Scopes that few connections have (§1.4): where Xero does not grant them, all else goes on without. */
export const dispensableScopes: readonly string[] = [generatedJournals, trialBalanceScope]

/** Ways whose look-ups are of prepayments and overpayments, which belong to payments. */
const ofPayments = ['prepayment_allocations', 'overpayment_allocations', 'bank_transactions']

/**
 * Granular scopes in a fixed order. Contacts, documents and the books' own lists are always needed. Credits and purchase
 * orders belong to invoices; what a prepayment or overpayment is applied to or refunded by belongs to payments, only
 * making it is a bank transaction. History notes go with their documents. Sales and receipts that are posted as journals are
 * no journals of the ledger: they go whatever `only_invoices_and_payments` says.
 */
export function scopesFor(settings: ScopeSettings, facts: ScopeFacts): string[] {
  const { hasAttachments, open = [], readsBalances = false } = facts
  const isOpen = (...channels: readonly string[]) => channels.some((channel) => open.includes(channel))
  const sendsPayments = settings.payments === 'both' || settings.payments === 'to_xero'
  const asksForPayments = sendsPayments || isOpen('payments', ...ofPayments)
  const postsJournals =
    settings.only_invoices_and_payments === 'off' ||
    settings.ar_style === 'journals' ||
    (sendsPayments && settings.receipts === 'clearing')
  const asksForJournals = postsJournals || isOpen('manual_journals')
  const makesCredits = settings.deposits === 'prepayment' || settings.remainders === 'overpayment'
  const needed: Record<string, boolean> = {
    'accounting.contacts': true,
    'accounting.invoices': true,
    'accounting.payments': asksForPayments,
    'accounting.payments.read': !asksForPayments && settings.payments === 'from_xero',
    'accounting.banktransactions': (sendsPayments && makesCredits) || isOpen('bank_transactions'),
    'accounting.manualjournals': asksForJournals,
    'accounting.manualjournals.read': !asksForJournals && settings.journals_pull !== 'off',
    // Items cannot be written with those of invoices, whatever is said.
    'accounting.settings': settings.items !== 'off' || isOpen('items'),
    'accounting.settings.read': settings.items === 'off' && !isOpen('items'),
    'accounting.attachments': hasAttachments || isOpen('attachments'),
    [generatedJournals]: settings.journals_pull === 'generated',
    [trialBalanceScope]: readsBalances,
  }
  return Object.keys(needed).filter((scope) => needed[scope])
}
