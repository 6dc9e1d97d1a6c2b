// What postings are made of: accounts by their use in Xero, and the lines of a document as postings. Which record posts what is
// postings.ts's business.

import type { PlainDate } from '../accounting/calendar.ts'
import { cents, type E6, toBase } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import type { Invoice, Line, LineTracking, Totals } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'

export interface Posting {
  readonly accountId: string
  readonly tracking: readonly LineTracking[]
  readonly cents: number
  readonly taxType: string | null
  /** Of the base currency, on the side of `cents`; it is posted to GST by itself. */
  readonly taxCents: number
}

/** A record with what it posts: the postings sum to zero. */
export interface PostedRecord {
  /** Of the record, and where a record posts more than once, of the part that does. */
  readonly key: string
  readonly sourceId: string
  readonly sourceType: JournalSource
  readonly date: PlainDate
  readonly reference: string
  readonly postings: readonly Posting[]
}

/** Xero's words for where a journal comes from. Refunds of deposits have none of their own: they are told as the deposit. */
export type JournalSource =
  | Invoice['type']
  | 'ACCRECCREDIT'
  | 'ACCPAYCREDIT'
  | 'ACCRECPAYMENT'
  | 'ACCPAYPAYMENT'
  | 'ARCREDITPAYMENT'
  | 'APCREDITPAYMENT'
  | 'CASHREC'
  | 'CASHPAID'
  | 'ARPREPAYMENT'
  | 'APPREPAYMENT'
  | 'AROVERPAYMENT'
  | 'APOVERPAYMENT'
  | 'MANJOURNAL'

export function record(
  { id, date }: { readonly id: string; readonly date: PlainDate },
  sourceType: JournalSource,
  reference: string,
  posted: readonly Posting[],
): PostedRecord {
  return { key: id, sourceId: id, sourceType, date, reference, postings: posted }
}

export function systemAccount(organisation: Organisation, name: string): Account {
  const account = organisation.accounts.all().find((one) => one.systemAccount === name)
  if (!account) throw new Error(`the chart has no account of ${name}`)
  return account
}

export const plain = (account: Account, amount: number): Posting => ({
  accountId: account.id,
  tracking: [],
  cents: amount,
  taxType: null,
  taxCents: 0,
})

/** What has lines and totals of its own. */
export type Document = Totals & {
  readonly id: string
  readonly lines: readonly Line[]
  readonly lineAmountTypes: Invoice['lineAmountTypes']
  readonly currencyRate: E6
}

/** The lines net on their accounts, the tax on GST; converted one by one, the cents that are left on the largest. */
export function parts(organisation: Organisation, document: Document): Posting[] {
  const { lines, lineAmountTypes, currencyRate, totalTax, total, id } = document
  const found = lines
    .filter(({ lineAmount, taxAmount }) => lineAmount !== 0 || taxAmount !== 0)
    .map(({ accountId, lineAmount, taxAmount, taxType, tracking }): Posting => {
      if (accountId === null) throw new Error(`document ${id} has a line without an account`)
      const net = lineAmountTypes === 'Inclusive' ? cents(lineAmount - taxAmount) : lineAmount
      const taxCents = toBase(taxAmount, currencyRate)
      return { accountId, tracking, cents: toBase(net, currencyRate), taxType, taxCents }
    })
  if (totalTax !== 0)
    found.push({ ...plain(systemAccount(organisation, 'GST'), 0), cents: toBase(totalTax, currencyRate) })
  const left = toBase(total, currencyRate) - found.reduce((sum, part) => sum + part.cents, 0)
  const largest = found.reduce(
    (at, part, index) => (Math.abs(part.cents) > Math.abs(found[at]?.cents ?? 0) ? index : at),
    0,
  )
  return found.map((part, index) => (index === largest ? { ...part, cents: part.cents + left } : part))
}

export function controlOf(organisation: Organisation, side: 'sales' | 'purchases'): Account {
  return systemAccount(organisation, side === 'sales' ? 'DEBTORS' : 'CREDITORS')
}

export const sideOf = ({ type }: Invoice) => (type === 'ACCREC' ? 'sales' : 'purchases')

export function accountOf(organisation: Organisation, id: string): Account {
  const account = organisation.accounts.get(id)
  if (!account) throw new Error(`the chart has no account ${id}`)
  return account
}
