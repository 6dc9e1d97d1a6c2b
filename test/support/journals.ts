// Builders for what becomes a journal: books with the accounts and roles that journals stand on, journals of the ledger,
// payments. Everything is fine as built; a test states only what it is about.

import type { Books } from '../../src/accounting/books.ts'
import type { JournalLine, LedgerJournal, LedgerPayment } from '../../src/accounting/documents.ts'
import type { EntryLine, JournalEntry } from '../../src/accounting/journal-entry.ts'
import { cents, formatCents } from '../../src/accounting/money.ts'
import type { SettingName } from '../../src/accounting/settings.ts'
import { aMirror, anAccount, day, someBooks } from './books.ts'

const roleAccounts = new Map([
  ['freight', '260'],
  ['discount', '208'],
  ['bank_clearing', '858'],
  ['unapplied_payments', '859'],
  ['unapplied_deposits', '861'],
  ['debtors', '611'],
  ['stock_on_hand', '631'],
  ['work_in_progress', '632'],
  ['cost_of_goods_sold', '310'],
  ['stock_adjustment', '315'],
  ['exchange_gain_loss', '496'],
] as const)

/** Books of a New Zealand entity that names an account for every role of journals; settings as a person writes them. */
export function journalBooks(
  settings: Partial<Record<SettingName, string>> = {},
  books: Partial<Omit<Books, 'settings'>> = {},
): Books {
  const mirror = aMirror()
  const accounts = new Map(mirror.accounts)
  for (const [code, type, accountClass] of [
    ['208', 'REVENUE', 'REVENUE'],
    ['310', 'DIRECTCOSTS', 'EXPENSE'],
    ['315', 'DIRECTCOSTS', 'EXPENSE'],
    ['477', 'EXPENSE', 'EXPENSE'],
    ['478', 'EXPENSE', 'EXPENSE'],
    ['496', 'EXPENSE', 'EXPENSE'],
    ['611', 'CURRENT', 'ASSET'],
    ['630', 'INVENTORY', 'ASSET'],
    ['631', 'CURRENT', 'ASSET'],
    ['632', 'CURRENT', 'ASSET'],
    ['710', 'FIXED', 'ASSET'],
    ['814', 'CURRLIAB', 'LIABILITY'],
    ['825', 'CURRLIAB', 'LIABILITY'],
    ['858', 'CURRENT', 'ASSET'],
    ['859', 'CURRLIAB', 'LIABILITY'],
    ['861', 'CURRLIAB', 'LIABILITY'],
  ] as const)
    accounts.set(code, anAccount(code, { type, class: accountClass }))
  accounts.set('960', anAccount('960', { class: 'EQUITY', systemAccount: 'RETAINEDEARNINGS' }))
  return someBooks({
    roleAccounts: new Map(roleAccounts),
    mirror: { ...mirror, accounts },
    ...books,
    settings,
  })
}

export function aJournalLine(line: Partial<JournalLine> = {}): JournalLine {
  return {
    position: 1,
    account: '400',
    description: null,
    amount: cents(10_000),
    taxCode: null,
    tax: cents(0),
    tracking: [],
    employee: null,
    ...line,
  }
}

/** A posted general journal: 100.00 from 814 to 400. */
export function aJournal(journal: Partial<LedgerJournal> = {}): LedgerJournal {
  return {
    id: 'J-1',
    entity: 'NZ01',
    kind: 'general',
    date: day('2026-10-05'),
    narration: null,
    status: 'posted',
    document: null,
    payment: null,
    lines: [aJournalLine(), aJournalLine({ position: 2, account: '814', amount: cents(-10_000) })],
    ...journal,
  }
}

/** 115.00 for doc-1. */
export function aPayment(payment: Partial<LedgerPayment> = {}): LedgerPayment {
  return {
    id: 'PAY-1',
    entity: 'NZ01',
    contact: 'ACME',
    kind: 'payment',
    method: null,
    account: null,
    date: day('2026-10-20'),
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

/** "400 100.00 + 15.00 INPUT2 [Branch: City]" for each line; without what a line has not. */
export function written(entry: JournalEntry): string[] {
  return entry.lines.map(writtenLine)
}

function writtenLine({ account, amount, tax, taxType, tracking }: EntryLine): string {
  const words = [account ?? 'no account', formatCents(amount)]
  if (tax !== 0) words.push(`+ ${formatCents(tax)}`)
  if (taxType !== 'NONE') words.push(taxType ?? 'unmapped')
  for (const { category, option } of tracking) words.push(`[${category}: ${option}]`)
  return words.join(' ')
}

/** The entry of what must have one. */
export function entryOf(result: JournalEntry | { fits: false; which: string } | null): JournalEntry {
  if (result === null) throw new Error('there is no entry')
  if ('fits' in result) throw new Error(`there is no entry: ${result.which}`)
  return result
}
