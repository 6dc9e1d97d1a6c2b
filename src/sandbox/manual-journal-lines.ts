// Lines of a manual journal: accounts, tax, tracking and the balance, by Xero's rules and in its words (§4.7, §4.1).

import { cents, formatCents } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import { boolean, guid, list, number, type Shape, text, tooLong } from './body.ts'
import type { Call } from './call.ts'
import { readTax, readTracking } from './document-lines.ts'
import { texts } from './document-rules.ts'
import type { LineAmountTypes } from './invoice-record.ts'
import { trackingShape } from './invoice-shape.ts'
import { type JsonObject, numberOf, textOf } from './json.ts'
import type { JournalLine } from './manual-journal-record.ts'
import { readCents } from './totals.ts'

export const journalLineShape: Shape = {
  name: 'ManualJournalLine',
  fields: {
    LineAmount: number,
    AccountCode: text(),
    AccountID: guid,
    Description: text(4000),
    TaxType: text(),
    Tracking: list(trackingShape),
    TaxAmount: number,
    IsBlank: boolean,
  },
}

const lineTexts = {
  tooFew: 'A manual journal must have at least 2 lines.',
  unbalanced: (debits: number, credits: number) =>
    `The total debits (${formatCents(debits)}) must equal total credits (${formatCents(credits)})`,
  accountRemoved: (code: string) =>
    `Account code '${code}' has been removed as it does not match a recognised account.`,
}

export interface JournalLinesContext {
  readonly call: Call
  readonly types: LineAmountTypes
  /** Being posted: every line then needs its account. */
  readonly isPosted: boolean
}

export interface ReadJournalLines {
  readonly lines: readonly JournalLine[]
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

export function readJournalLines(
  context: JournalLinesContext,
  sent: readonly JsonObject[],
): ReadJournalLines {
  const errors: string[] = []
  const warnings: string[] = []
  const lines = sent.map((element) => readLine(context, element, errors, warnings))
  errors.push(...balanceProblems(lines, context.types))
  return { lines, errors: [...new Set(errors)], warnings: [...new Set(warnings)] }
}

/** At least two lines, and nothing left of them, tax included (§4.7). */
export function balanceProblems(lines: readonly JournalLine[], types: LineAmountTypes): string[] {
  const filled = lines.filter((line) => !line.isBlank)
  const found = filled.length < 2 ? [lineTexts.tooFew] : []
  const amounts = filled.map((line) =>
    types === 'Exclusive' ? line.lineAmount + line.taxAmount : line.lineAmount,
  )
  const sum = (signed: readonly number[]) => signed.reduce((total, amount) => total + amount, 0)
  const debits = sum(amounts.filter((amount) => amount > 0))
  const credits = sum(amounts.filter((amount) => amount < 0))
  if (debits + credits !== 0) found.push(lineTexts.unbalanced(debits, credits))
  return found
}

function readLine(
  context: JournalLinesContext,
  element: JsonObject,
  errors: string[],
  warnings: string[],
): JournalLine {
  errors.push(...tooLong(element, journalLineShape))
  const description = textOf(element, 'Description') ?? null
  const tracking = readTracking(context, element, errors, warnings)
  const sent = numberOf(element, 'LineAmount')
  if (sent === undefined && !textOf(element, 'AccountCode') && element['AccountID'] === undefined) {
    const nothing = { lineAmount: cents(0), taxType: null, taxAmount: cents(0) }
    return { description, accountId: null, ...nothing, tracking, isBlank: true }
  }
  const lineAmount = readCents(sent ?? 0, context.call.switches.halfRounding)
  const account = readAccount(context, element, errors, warnings)
  const tax = readTax(context, element, account, lineAmount, errors)
  return { description, accountId: account?.id ?? null, lineAmount, ...tax, tracking, isBlank: false }
}

function readAccount(
  { call, isPosted }: JournalLinesContext,
  element: JsonObject,
  errors: string[],
  warnings: string[],
): Account | null {
  const code = textOf(element, 'AccountCode')
  const id = textOf(element, 'AccountID')
  const account = code ? call.organisation.accountByCode(code) : call.organisation.accounts.get(id ?? '')
  if (account) {
    const problem = journalAccountProblem(account)
    if (problem !== null) errors.push(problem)
    return account
  }
  const isRemoved = call.switches.unknownJournalAccount === 'removed'
  const named = code || id
  if (named && isRemoved) warnings.push(lineTexts.accountRemoved(named))
  if (named && !isRemoved) errors.push(texts.accountInvalid(named))
  else if (isPosted) errors.push(texts.accountMissing)
  return null
}

/** Xero posts to these by itself; all other accounts, GST among them, are open to journals (§4.7). */
const closedToJournals = new Set(['DEBTORS', 'CREDITORS', 'RETAINEDEARNINGS'])

export function journalAccountProblem(account: Account): string | null {
  const name = account.code ?? account.name
  if (account.status === 'ARCHIVED') return texts.accountArchived(name)
  const isClosed =
    account.type === 'BANK' ||
    account.type === 'INVENTORY' ||
    closedToJournals.has(account.systemAccount ?? '')
  return isClosed ? texts.accountInvalid(name) : null
}
