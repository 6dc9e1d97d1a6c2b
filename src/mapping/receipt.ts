// A deposit or what a receipt has above its allocations as a bank transaction of Xero, which makes a prepayment or an
// overpayment of it (P4, P8, §4.6). Whether it goes so is payment-forms.ts, receipts as journals are receipt-journal.ts.

import type { BankTransaction, LineItem } from 'xero-node'
import {
  type Books,
  baseCurrencyOf,
  currencyOf,
  roleAccountOf,
  type Side,
  taxTypeOfCode,
} from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { LedgerPayment } from '../accounting/documents.ts'
import {
  type Cents,
  cents,
  centsToWire,
  type E4,
  e4,
  e6ToWire,
  taxInGross,
  toBase,
  zeroCents,
} from '../accounting/money.ts'
import { markerTag, referenceWithTag } from './marker.ts'
import { plainReference } from './payment.ts'
import { accountReference, moneyAccountOf } from './payment-account.ts'
import { documentsBeside, type FormContext, receiptAmountOf } from './payment-forms.ts'
import { bankTransactionWord, currencyWord, lineAmountWord, statusWord } from './xero-words.ts'

export type BankTransactionType =
  | 'RECEIVE-PREPAYMENT'
  | 'SPEND-PREPAYMENT'
  | 'RECEIVE-OVERPAYMENT'
  | 'SPEND-OVERPAYMENT'

/** By what a sent receipt is recognised in Xero (`bankTransactionsSince`), and what its answer is compared with. */
export interface ReceiptFacts {
  channel: 'bank_transactions'
  type: BankTransactionType
  contactId: string
  /** Tax included; in `currency`. */
  amountCents: Cents
  taxCents: Cents
  currency: string
  date: PlainDate
  /** At the end of its Reference. */
  tag: string
  /** A code or an account id. */
  account: string
  /** Documents whose allocations are not part of it: see SentReceipt. */
  besides: readonly string[]
  /** What people call it. */
  label: string
}

export interface ReceiptMappingContext extends FormContext {
  form: 'prepayment' | 'overpayment'
  xeroContactId: string
}

/**
 * The bank transaction for Xero: one line, on the prepayment role account with the tax within its amount, or on Xero's own
 * account of receivables (payables, for suppliers) without tax.
 */
export function mapReceipt(
  payment: LedgerPayment,
  context: ReceiptMappingContext,
): { model: BankTransaction; facts: ReceiptFacts } {
  const { books, form, side, xeroContactId } = context
  const chosen = moneyAccountOf(payment, books)
  const line = receiptLineOf(form, side, books)
  const amount = sentReceiptAmount(payment, context)
  if (chosen === null || line.account === null || line.tax === null || amount === null)
    throw new Error(`receipt ${payment.id} without account, tax type or rate passed validation`)
  const type = transactionType(form, side)
  const tag = markerTag({ entity: books.entity.code, kind: 'receipt', id: payment.id })
  const taxCents = form === 'prepayment' ? taxInGross(amount, line.tax.rate) : zeroCents
  const currency = receiptCurrencyOf(payment, books)
  const words = payment.kind === 'deposit' ? 'Deposit' : 'Overpayment'
  const item: LineItem = {
    // A description takes 4,000 characters (§4.3).
    description: `${words} ${plainReference(payment) ?? payment.id}`
      .slice(0, 1000)
      .replace(/[\uD800-\uDBFF]$/, ''),
    quantity: 1,
    unitAmount: centsToWire(amount),
    accountCode: line.account,
    ...(form === 'prepayment' ? { taxType: line.tax.taxType, taxAmount: centsToWire(taxCents) } : {}),
  }
  const model: BankTransaction = {
    type: bankTransactionWord(type),
    contact: { contactID: xeroContactId },
    bankAccount: accountReference(chosen.account, books),
    date: payment.date,
    reference: referenceWithTag(plainReference(payment), tag),
    currencyCode: currencyWord(currency),
    lineAmountTypes: lineAmountWord(form === 'prepayment' ? 'inclusive' : 'no_tax'),
    lineItems: [item],
  }
  if (payment.exchangeRate !== null && currency !== baseCurrencyOf(books))
    model.currencyRate = e6ToWire(payment.exchangeRate)
  const facts: ReceiptFacts = {
    channel: 'bank_transactions',
    type,
    contactId: xeroContactId,
    amountCents: amount,
    taxCents,
    currency,
    date: payment.date,
    tag,
    account: chosen.account,
    besides: documentsBeside(form, payment, context),
    label: payment.id,
  }
  return { model, facts }
}

/** What deletes the transaction that made it, which its path names: Xero asks for type, lines and account with every call (§4.6). */
export function deletedTransaction(
  { type, account }: Pick<ReceiptFacts, 'type' | 'account'>,
  books: Books,
): BankTransaction {
  return {
    type: bankTransactionWord(type),
    status: statusWord('DELETED'),
    lineItems: [],
    bankAccount: accountReference(account, books),
  }
}

function transactionType(form: 'prepayment' | 'overpayment', side: Side): BankTransactionType {
  if (side === 'sales') return form === 'prepayment' ? 'RECEIVE-PREPAYMENT' : 'RECEIVE-OVERPAYMENT'
  return form === 'prepayment' ? 'SPEND-PREPAYMENT' : 'SPEND-OVERPAYMENT'
}

/** The currency that it goes out in: its own, or with foreign_currency=base the organisation's (I10). */
export function receiptCurrencyOf(payment: LedgerPayment, books: Books): string {
  return books.settings.foreign_currency === 'base' ? baseCurrencyOf(books) : currencyOf(payment, books)
}

/** What it goes out with, in that currency; null where it has to be converted and has no rate. */
export function sentReceiptAmount(
  payment: LedgerPayment,
  context: Pick<ReceiptMappingContext, 'books' | 'form' | 'sentAsPayments'>,
): Cents | null {
  const { books, form } = context
  const amount = receiptAmountOf(form, payment, context)
  if (receiptCurrencyOf(payment, books) === currencyOf(payment, books)) return amount
  return payment.exchangeRate === null ? null : toBase(amount, payment.exchangeRate)
}

/** What the ledger leaves to a receipt that was sent, in the currency and beside the documents with which it went out. */
export function receiptAmountNow(
  payment: LedgerPayment,
  sent: Pick<ReceiptFacts, 'besides' | 'currency'>,
  books: Books,
): Cents {
  const beside = payment.allocations.filter(({ document }) => sent.besides.includes(document))
  const own = cents(payment.amount - beside.reduce((sum, { amount }) => sum + amount, 0))
  const rate = payment.exchangeRate
  return currencyOf(payment, books) !== sent.currency && rate !== null ? toBase(own, rate) : own
}

/** The line's account (null: none is known) and tax (null: the tax code is not mapped, or its rate is not known). */
export function receiptLineOf(
  form: 'prepayment' | 'overpayment',
  side: Side,
  books: Books,
): { account: string | null; tax: { taxType: string; rate: E4 } | null } {
  if (form === 'overpayment')
    return {
      account: systemAccountCode(side === 'sales' ? 'DEBTORS' : 'CREDITORS', books),
      tax: { taxType: books.region.noTaxType, rate: e4(0) },
    }
  return { account: roleAccountOf('prepayment', books), tax: prepaymentTax(side, books) }
}

function prepaymentTax(side: Side, books: Books): { taxType: string; rate: E4 } | null {
  const code = books.settings.prepayment_tax_code
  if (code === '') return { taxType: books.region.noTaxType, rate: e4(0) }
  const taxType = taxTypeOfCode(code, side, books)
  if (taxType === null) return null
  const inRegion = books.region.taxes.find((tax) => tax.taxType === taxType)
  const rate = books.mirror ? books.mirror.taxRates.get(taxType)?.rate : inRegion?.rate
  return rate === undefined ? null : { taxType, rate }
}

/** The one case in which Xero's own account of receivables or payables stands on a line (§4.6). */
function systemAccountCode(systemAccount: 'DEBTORS' | 'CREDITORS', { mirror }: Books): string | null {
  for (const account of mirror?.accounts.values() ?? []) {
    if (account.systemAccount === systemAccount && account.code) return account.code
  }
  return null
}
