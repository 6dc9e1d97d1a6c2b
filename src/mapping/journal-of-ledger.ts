// What becomes of a journal of the ledger: a manual journal in Xero, the payment that it posts, or nothing (J1, J7, P2). Of
// its pay runs pay-run.ts makes the lines.

import { type Books, baseCurrencyOf, currencyOf } from '../accounting/books.ts'
import type { JournalLine, LedgerDocument, LedgerJournal, LedgerPayment } from '../accounting/documents.ts'
import { type EntryLine, isMoving, type JournalEntry } from '../accounting/journal-entry.ts'
import type { JournalKind } from '../accounting/kinds.ts'
import { addCents, type Cents, cents, divideRounded, zeroCents } from '../accounting/money.ts'
import { ledgerLine } from './entry-lines.ts'
import { payRunLines } from './pay-run.ts'

/** One account of the debit side, with what is debited to it, tax included. */
export interface DebitSide {
  /** The ledger's. */
  account: string
  amount: Cents
}

export type JournalForm =
  /** Goes to ManualJournals. */
  | { form: 'journal' }
  /** It is the payment of a document that no payment of the ledger is: its debit side is sent (P2). */
  | { form: 'payment'; document: string; debits: readonly DebitSide[] }
  /** It posts a payment of the ledger and gives it its account; never sent itself (P2). */
  | { form: 'gives-account'; payment: string }
  /** Posts a payment and names neither it nor a document: nothing of it can be sent. */
  | { form: 'unattached' }
  /** Stays in the ledger; the reason is a sentence for people. */
  | { form: 'none'; reason: string }

const kindWords: Record<JournalKind, string> = {
  general: 'General journal',
  stock_adjustment: 'Stock adjustment',
  pay_run: 'Pay run',
  receipt: 'Receipt',
  deposit: 'Deposit',
  invoice_payment: 'Invoice payment',
  invoice_deposit: 'Invoice deposit',
}

/** Journals that record money received: halves of payments, so that they go out where only payments do (J7). */
const moneyKinds: ReadonlySet<JournalKind> = new Set([
  'receipt',
  'deposit',
  'invoice_payment',
  'invoice_deposit',
])

/** How a journal goes out. Drafts never do; a pay run does when it is paid (J6). */
export function journalFormOf(journal: LedgerJournal, books: Books): JournalForm {
  if (journal.status === 'draft') return { form: 'none', reason: 'It is a draft in the ledger.' }
  if (journal.kind === 'pay_run' && journal.status !== 'paid')
    return { form: 'none', reason: 'The pay run is not paid yet.' }
  if (!moneyKinds.has(journal.kind) && books.settings.only_invoices_and_payments === 'on')
    return { form: 'none', reason: staysReason }
  return journalRoleOf(journal)
}

const staysReason =
  'It stays in the ledger: only_invoices_and_payments is on, and only documents and payments are sent.'

/** Why no journal goes out for the cost of parts and for stock movements; null where they do (J2, J3, J7). */
export function inventoryJournalsOff(books: Books): string | null {
  if (books.settings.only_invoices_and_payments === 'on') return staysReason
  return books.settings.inventory_journals === 'on'
    ? null
    : 'inventory_journals is off: the cost of parts and stock adjustments stay in the ledger.'
}

/** What a journal is to Xero, whatever its status: invoice payments and deposits are payments, all others journals. */
export function journalRoleOf(journal: LedgerJournal): Exclude<JournalForm, { form: 'none' }> {
  if (journal.kind !== 'invoice_payment' && journal.kind !== 'invoice_deposit') return { form: 'journal' }
  if (journal.payment !== null) return { form: 'gives-account', payment: journal.payment }
  if (journal.document === null) return { form: 'unattached' }
  return { form: 'payment', document: journal.document, debits: debitsOf(journal) }
}

/** The debit side by account, in the order of the lines; lines without account are left out. */
function debitsOf(journal: LedgerJournal): DebitSide[] {
  const debits = new Map<string, Cents>()
  for (const { account, amount, tax } of journal.lines) {
    if (account === null || amount <= 0) continue
    debits.set(account, addCents(debits.get(account) ?? zeroCents, amount, tax))
  }
  return [...debits].map(([account, amount]) => ({ account, amount }))
}

/**
 * The payment that an unattached journal is (P2), so that it goes out as any other: with the journal's id, its debit account
 * and amount, applied to its document. Journals are in the organisation's currency; of a foreign document it pays as much as
 * that is at the document's rate. Null where it has not one debit account (checkPaymentJournal), or that rate is missing.
 */
export function paymentOfJournal(
  journal: LedgerJournal,
  debits: readonly DebitSide[],
  document: Pick<LedgerDocument, 'id' | 'contact' | 'currency' | 'exchangeRate'>,
  books: Books,
): LedgerPayment | null {
  const [debit, ...others] = debits
  if (!debit || others.length > 0) return null
  const currency = baseCurrencyOf(books)
  const isForeign = currencyOf(document, books) !== currency
  const rate = document.exchangeRate
  if (isForeign && rate === null) return null
  const inDocument =
    isForeign && rate !== null
      ? cents(Number(divideRounded(BigInt(debit.amount) * BigInt(rate), 1_000_000n)))
      : debit.amount
  return {
    id: journal.id,
    entity: journal.entity,
    contact: document.contact,
    kind: journal.kind === 'invoice_deposit' ? 'deposit' : 'payment',
    method: null,
    account: null,
    date: journal.date,
    amount: debit.amount,
    currency,
    exchangeRate: null,
    reference: journal.narration,
    origin: 'ledger',
    state: 'received',
    refundOf: null,
    allocations: [{ document: document.id, amount: inDocument, date: null }],
    journalAccount: debit.account,
  }
}

/** The journal as it would stand in Xero; without a narration it is called by its kind and id. */
export function journalOfLedger(journal: LedgerJournal, books: Books): JournalEntry {
  const moving = journal.lines.filter(isMoving)
  return {
    date: journal.date,
    narration: journal.narration?.trim() || `${kindWords[journal.kind]} ${journal.id}`,
    lines:
      journal.kind === 'pay_run'
        ? payRunLines(moving, books)
        : moving.map((line) => entryLineOf(line, books)),
  }
}

function entryLineOf(line: JournalLine, books: Books): EntryLine {
  return ledgerLine({ ...line, description: line.description ?? '' }, books)
}
