// What a payment does to a sales document, as a journal against the debtors role account (J4, ar_style=journals): receipts,
// deposits and refunds move money, discounts give it up. Foreign documents leave debtors at their own rate.

import { type Books, currencyOf, xeroAccountOf, xeroNumberOf } from '../accounting/books.ts'
import type { LedgerDocument, LedgerPayment, PaymentAllocation } from '../accounting/documents.ts'
import { type EntryLine, isMoving, type JournalEntry } from '../accounting/journal-entry.ts'
import { addCents, type Cents, cents, shareCents, subtractCents } from '../accounting/money.ts'
import type { UnfittingTotals } from '../accounting/totals.ts'
import { discountDocument } from './discount.ts'
import { roleLine } from './entry-lines.ts'
import { journalOfDocument, type MissingRate } from './journal-of-document.ts'
import { paymentDateOf } from './payment.ts'
import { baseAmountOf, unappliedRoleOf } from './receipt-journal.ts'

/** A payment with the one of its allocations that is posted. */
export interface AppliedPayment {
  payment: LedgerPayment
  allocation: PaymentAllocation
  document: LedgerDocument
  /**
   * What was applied to the document before, in its currency. With it the parts of a foreign invoice come to the cents
   * of the whole; zero where that is not known.
   */
  appliedBefore: Cents
  /** Its receipt is posted by a journal of its own already, so that the money waits on the unapplied account (P6). */
  isReceived: boolean
}

/**
 * The journal of one allocation. Money comes from the account that the payment's own journal debits (P2), from the unapplied
 * account, or from bank clearing: never from the bank, which a manual journal cannot touch (§4.7).
 */
export function journalOfPayment(applied: AppliedPayment, books: Books): JournalEntry | UnfittingTotals {
  const { payment, allocation } = applied
  const owed = owedCents(applied, books)
  if (typeof owed !== 'number') return owed
  const narration = narrationOf(applied, books)
  const given =
    payment.kind === 'discount'
      ? discountLines(applied, owed, narration, books)
      : moneyLines(applied, owed, narration, books)
  if ('fits' in given) return given
  const debtors = roleLine('debtors', cents(isMoneyOut(applied) ? owed : -owed), narration, books)
  return {
    date: paymentDateOf(payment, allocation),
    narration,
    lines: [...given.lines, debtors].filter(isMoving),
  }
}

interface Given {
  lines: readonly EntryLine[]
}

function isMoneyOut({ payment, document }: AppliedPayment): boolean {
  return payment.kind === 'refund' || document.kind === 'credit_note'
}

const kindWords: Record<LedgerPayment['kind'], string> = {
  payment: 'Payment of',
  deposit: 'Deposit applied to',
  discount: 'Discount on',
  refund: 'Refund of',
}

function narrationOf({ payment, document }: AppliedPayment, books: Books): string {
  const kind = document.kind === 'credit_note' ? 'credit note' : 'invoice'
  const reference = payment.reference?.trim()
  const number = xeroNumberOf(document.number, books)
  return `${kindWords[payment.kind]} ${kind} ${number}${reference ? `, ${reference}` : ''}`
}

/** What leaves debtors: at the document's own rate, and the last part with the cents that the others left. */
function owedCents(
  { allocation, document, appliedBefore }: AppliedPayment,
  books: Books,
): Cents | MissingRate {
  return partInBase(appliedBefore, allocation.amount, document, books)
}

/** The part of an amount that stands behind what came before: the parts sum to the whole, converted once. */
function partInBase(
  before: Cents,
  part: Cents,
  of: Parameters<typeof baseAmountOf>[1],
  books: Books,
): Cents | MissingRate {
  const from = baseAmountOf(before, of, books)
  const to = baseAmountOf(addCents(before, part), of, books)
  if (typeof from !== 'number') return from
  return typeof to === 'number' ? subtractCents(to, from) : to
}

function moneyLines(
  applied: AppliedPayment,
  owed: Cents,
  narration: string,
  books: Books,
): Given | MissingRate {
  const money = moneyCents(applied, books)
  if (typeof money !== 'number') return money
  const sign = isMoneyOut(applied) ? -1 : 1
  return {
    lines: [
      moneyLine(applied, cents(sign * money), narration, books),
      roleLine('exchange_gain_loss', cents(sign * (owed - money)), narration, books),
    ],
  }
}

function moneyLine(
  { payment, isReceived }: AppliedPayment,
  amount: Cents,
  narration: string,
  books: Books,
): EntryLine {
  if (isReceived) return roleLine(unappliedRoleOf(payment.kind), amount, narration, books)
  const line = roleLine('bank_clearing', amount, narration, books)
  if (payment.journalAccount === null) return line
  return { ...line, account: xeroAccountOf(payment.journalAccount, books), role: null }
}

/** What the allocation is of the money, at the payment's rate; a payment that names none has the document's. */
function moneyCents({ payment, allocation, document }: AppliedPayment, books: Books): Cents | MissingRate {
  const index = payment.allocations.findIndex((other) => other.document === allocation.document)
  if (currencyOf(payment, books) === currencyOf(document, books)) {
    const before = payment.allocations.slice(0, Math.max(0, index)).map(({ amount }) => amount)
    const rate = payment.exchangeRate ?? document.exchangeRate
    return partInBase(
      addCents(...before),
      allocation.amount,
      { currency: payment.currency, exchangeRate: rate },
      books,
    )
  }
  // Paid in another currency, allocations in the document's say only how the whole receipt is divided.
  const whole = baseAmountOf(payment.amount, payment, books)
  if (typeof whole !== 'number') return whole
  const weights = payment.allocations.map(({ amount }) => Math.max(0, amount))
  if (weights.every((weight) => weight === 0)) return whole
  return shareCents(whole, weights)[index] ?? whole
}

/** The lines of the credit note that the discount is with invoices (N4): what it takes off income and tax. */
function discountLines(
  { payment, allocation, document }: AppliedPayment,
  owed: Cents,
  narration: string,
  books: Books,
): Given | UnfittingTotals {
  const context = { books, id: payment.id, number: document.number }
  const credit = discountDocument(payment, allocation, document, context)
  // Null where the invoice does not add up or comes to nothing: its own entry says which.
  const entry = journalOfDocument(credit ?? document, books)
  if ('fits' in entry) return entry
  if (credit === null)
    return { fits: false, which: 'net', ledgerTotal: allocation.amount, linesTotal: document.total }
  const lines = entry.lines
    .filter(({ role }) => role !== 'debtors')
    .map((line) => ({ ...line, role: line.role ?? ('discount' as const), description: narration }))
  const given = addCents(...lines.flatMap(({ amount, tax }) => [amount, tax]))
  const rounding = roleLine('exchange_gain_loss', subtractCents(owed, given), narration, books)
  return { lines: [...lines, rounding] }
}
