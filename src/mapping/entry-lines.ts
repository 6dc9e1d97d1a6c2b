// Lines of journal entries: on an account of the ledger or on a role's, with the tax type of the account's side, and
// summed up where several go as one. Which lines an entry has is the business of the file that makes it.

import {
  type Books,
  type Role,
  roleAccountOf,
  type Side,
  taxTypeOfCode,
  xeroAccountOf,
} from '../accounting/books.ts'
import type { TrackingPair } from '../accounting/documents.ts'
import { type EntryLine, isMoving } from '../accounting/journal-entry.ts'
import { addCents, type Cents, zeroCents } from '../accounting/money.ts'
import { trackingOf } from './tracking.ts'

export interface LedgerAmount {
  /** The ledger's account. */
  account: string | null
  description: string
  amount: Cents
  taxCode: string | null
  tax: Cents
  /** Its own pairs. */
  tracking: readonly TrackingPair[]
}

/** A line on an account that the ledger names. Lines of income and expense without tracking take the entity's. */
export function ledgerLine(line: LedgerAmount, books: Books): EntryLine {
  const account = line.account === null ? null : xeroAccountOf(line.account, books)
  return {
    account,
    role: null,
    description: line.description,
    amount: line.amount,
    taxCode: line.taxCode,
    taxType: taxTypeOfAmount(line, account, books),
    tax: line.tax,
    tracking: isProfitOrLoss(account, books) ? trackingOf(line, books) : line.tracking,
  }
}

/** A line without tax on a role's account. */
export function roleLine(role: Role, amount: Cents, description: string, books: Books): EntryLine {
  return {
    account: roleAccountOf(role, books),
    role,
    description,
    amount,
    taxCode: null,
    taxType: books.region.noTaxType,
    tax: zeroCents,
    tracking: [],
  }
}

/** Xero's class of an account: ASSET, EQUITY, EXPENSE, LIABILITY, REVENUE; null where it is not known. */
export function classOf(account: string | null, books: Books): string | null {
  return account === null ? null : (books.mirror?.accounts.get(account)?.class ?? null)
}

function isProfitOrLoss(account: string | null, books: Books): boolean {
  const accountClass = classOf(account, books)
  return accountClass === 'REVENUE' || accountClass === 'EXPENSE'
}

/**
 * A journal's tax code does not say whether it is of sales or of purchases (B5): its account does. Income is sales;
 * expenses and assets are purchases; elsewhere a credit is sales and a debit purchases.
 */
function sideOfAccount(account: string | null, amount: Cents, books: Books): Side {
  const accountClass = classOf(account, books)
  if (accountClass === 'REVENUE') return 'sales'
  if (accountClass === 'EXPENSE' || accountClass === 'ASSET') return 'purchases'
  return amount < 0 ? 'sales' : 'purchases'
}

function taxTypeOfAmount(line: LedgerAmount, account: string | null, books: Books): string | null {
  if (line.taxCode === null) return line.tax === 0 ? books.region.noTaxType : null
  return taxTypeOfCode(line.taxCode, sideOfAccount(account, line.amount, books), books)
}

/**
 * Lines of one account, tax type, tracking and side as one line, in the order of their first ones. Debits and credits
 * stay apart, so that no sum has more tax than it is worth. `split` keeps apart what else must not be added up.
 */
export function summedLines<Line extends EntryLine>(
  lines: readonly Line[],
  describe: (first: Line, group: readonly Line[]) => string,
  split: (line: Line) => string = () => '',
): EntryLine[] {
  const groups = new Map<string, Line[]>()
  for (const line of lines.filter(isMoving)) {
    const key = `${split(line)} ${sumKeyOf(line)}`
    const group = groups.get(key)
    if (group) group.push(line)
    else groups.set(key, [line])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first || group.length === 1) return group.map(entryLineOf)
    return [
      {
        ...entryLineOf(first),
        description: describe(first, group),
        amount: addCents(...group.map(({ amount }) => amount)),
        tax: addCents(...group.map(({ tax }) => tax)),
      },
    ]
  })
}

/** By what lines may be added up: account, tax type, tracking, and debit or credit. */
export function sumKeyOf(line: EntryLine): string {
  const pairs = line.tracking.map(({ category, option }) => JSON.stringify([category, option])).sort()
  const isDebit = (line.amount || line.tax) > 0
  return JSON.stringify([line.account, line.role, line.taxType, isDebit, pairs])
}

/** Without what the line has beyond an entry's. */
function entryLineOf(line: EntryLine): EntryLine {
  const { account, role, description, amount, taxCode, taxType, tax, tracking } = line
  return { account, role, description, amount, taxCode, taxType, tax, tracking }
}

/** The name of an account in Xero, else its code. */
export function accountName(account: string | null, books: Books): string {
  return (account === null ? null : books.mirror?.accounts.get(account)?.name) ?? account ?? 'no account'
}
