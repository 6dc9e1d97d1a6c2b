// Creates and deletes one payment: everything Xero checks, and in which words (§4.1, §4.5). The verbs are payments.ts's
// business, what a payment does to its document settlement.ts's.

import type { PlainDate } from '../accounting/calendar.ts'
import { type Cents, cents, type E6, e6 } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import { type Call, today } from './call.ts'
import { readDate } from './dates.ts'
import { dayRate, editLockProblem, lockProblem, texts } from './document-rules.ts'
import type { Verdict } from './elements.ts'
import { invoiceTexts, unique } from './invoice-change.ts'
import { holderOf } from './invoice-numbers.ts'
import type { Invoice } from './invoice-record.ts'
import { booleanOf, type JsonObject, numberOf, objectOf, textOf } from './json.ts'
import { isCredit, type Payment, type PaymentTarget, paymentTypeOf } from './payment-record.ts'
import { refusedPayment, showPayment } from './payment-view.ts'
import { bankAmountOf, deletePayment, outstanding, paymentTarget, putPayment } from './settlement.ts'
import { readCents, readE6 } from './totals.ts'

export const paymentTexts = {
  exceeds: 'Payment amount exceeds the amount outstanding on this document',
  notAuthorised: 'Payments can only be made against Authorised documents',
  statusOnly: 'Only Status accepted for updates.',
  notValid: 'Payment not of valid status for modification',
  inBatch: 'Payments within a batch cannot be deleted.',
  creditNoteUnknown: 'An existing Credit Note with the specified CreditNoteID could not be found',
  // From here on the words are not established (§9).
  targetCount: 'A payment must have exactly one of Invoice, CreditNote, Prepayment and Overpayment.',
  targetUnknown: (kind: string) => `An existing ${kind} with the specified ${kind}ID could not be found`,
  numberAmbiguous: (number: string) => `More than one invoice has the number ${number}.`,
  amount: 'Payment amount must be greater than zero',
  reconciled: 'This payment cannot be deleted as it has been reconciled with a Bank Statement',
  beforeDocument: 'The payment date cannot be before the date of the document',
  bankAmount: 'BankAmount and Amount must be the same where the account has the currency of the document',
}

export function createPayment(call: Call, element: JsonObject): Verdict {
  const found = targetOf(call, element)
  const account = accountOf(call, element)
  const errors = [...found.errors, ...account.errors]
  const date = readDate(textOf(element, 'Date') ?? '') ?? today(call)
  const amount = readCents(numberOf(element, 'Amount') ?? 0, call.switches.halfRounding)
  if (amount <= 0) errors.push(paymentTexts.amount)
  if (element['PaymentID'] !== undefined || element['Status'] === 'DELETED')
    errors.push(paymentTexts.notValid)
  const lock = lockProblem(call.organisation, date)
  if (lock !== null) errors.push(lock)
  if (found.target) errors.push(...targetProblems(call, found.target, amount, date))
  if (errors.length > 0 || !found.target || !account.account)
    return { kind: 'refused', echo: refusedPayment(null, element), errors: unique(errors) }
  return stored(call, element, found.target, account.account, { amount, date })
}

function stored(
  call: Call,
  element: JsonObject,
  target: PaymentTarget,
  account: Account,
  { amount, date }: Pick<Payment, 'amount' | 'date'>,
): Verdict {
  const money = moneyOf(call, element, target, account, amount)
  const isOff = money.bankAmount !== amount && currencyOf(call, account) === target.currencyCode
  if (isOff)
    return { kind: 'refused', echo: refusedPayment(null, element), errors: [paymentTexts.bankAmount] }
  const reference = textOf(element, 'Reference') ?? ''
  const payment: Payment = {
    id: call.newGuid(),
    updatedAt: call.now,
    type: paymentTypeOf(target),
    status: 'AUTHORISED',
    target: { kind: isCredit(target) ? target.kind : 'Invoice', id: target.id },
    accountId: account.id,
    date,
    amount,
    ...money,
    reference: call.switches.longPaymentReference === 'cut' ? reference.slice(0, 255) : reference,
    isReconciled: booleanOf(element, 'IsReconciled') ?? false,
    batchId: null,
  }
  putPayment(call.organisation, payment, call.now)
  return { kind: 'stored', view: showPayment(call, payment, 'written'), warnings: [] }
}

/** Where someone has paid meanwhile, both texts come together (§4.1). */
function targetProblems(call: Call, target: PaymentTarget, amount: Cents, date: PlainDate): string[] {
  const errors: string[] = []
  if (target.status !== 'AUTHORISED') errors.push(paymentTexts.notAuthorised)
  if (amount > outstanding(target)) errors.push(paymentTexts.exceeds)
  if (date < target.date && call.switches.paymentBeforeDocument === 'refused')
    errors.push(paymentTexts.beforeDocument)
  return errors
}

interface FoundTarget {
  readonly target: PaymentTarget | null
  readonly errors: readonly string[]
}

const noTarget = (...errors: string[]): FoundTarget => ({ target: null, errors })

function targetOf(call: Call, element: JsonObject): FoundTarget {
  const { organisation } = call
  const invoice = withNumber(element, 'Invoice')
  const note = withNumber(element, 'CreditNote')
  const prepayment = objectOf(element, 'Prepayment')
  const overpayment = objectOf(element, 'Overpayment')
  const named = [invoice, note, prepayment, overpayment].filter((one) => one !== undefined)
  if (named.length !== 1) return noTarget(paymentTexts.targetCount)
  if (invoice) return referredInvoice(call, invoice)
  if (note) {
    const id = textOf(note, 'CreditNoteID')
    const number = textOf(note, 'CreditNoteNumber') ?? ''
    const target =
      id === undefined
        ? organisation.creditNotesNumbered('ACCRECCREDIT', number)[0]
        : organisation.creditNotes.get(id)
    return target ? { target, errors: [] } : noTarget(paymentTexts.creditNoteUnknown)
  }
  const kind = prepayment ? 'Prepayment' : 'Overpayment'
  const id = textOf(prepayment ?? overpayment ?? {}, `${kind}ID`) ?? ''
  const target = paymentTarget(organisation, { kind, id })
  return target ? { target, errors: [] } : noTarget(paymentTexts.targetUnknown(kind))
}

/** `Invoice: {InvoiceNumber}` and `InvoiceNumber` beside it mean the same. */
function withNumber(element: JsonObject, kind: 'Invoice' | 'CreditNote'): JsonObject | undefined {
  const number = textOf(element, `${kind}Number`)
  const inner = objectOf(element, kind)
  return number === undefined ? inner : { [`${kind}Number`]: number, ...inner }
}

/** By id, or by number: sales invoices own theirs, a bill's must be the only one of its number (§7). */
export function referredInvoice(
  call: Call,
  sent: JsonObject,
): { readonly target: Invoice | null; readonly errors: readonly string[] } {
  const { organisation } = call
  const id = textOf(sent, 'InvoiceID')
  const number = textOf(sent, 'InvoiceNumber') ?? ''
  if (id !== undefined || number === '') {
    const target = organisation.invoices.get(id ?? '') ?? null
    return { target, errors: target ? [] : [invoiceTexts.unknown] }
  }
  const sale = holderOf(call, 'ACCREC', number)
  const found = [...(sale ? [sale] : []), ...organisation.invoicesNumbered('ACCPAY', number)]
  const [target] = found
  if (!target) return { target: null, errors: [invoiceTexts.unknown] }
  return found.length === 1
    ? { target, errors: [] }
    : { target: null, errors: [paymentTexts.numberAmbiguous(number)] }
}

/** A bank account, or one with payments enabled (§4.5). */
function accountOf(call: Call, element: JsonObject): { account: Account | null; errors: readonly string[] } {
  const { organisation } = call
  const sent = objectOf(element, 'Account') ?? {}
  const code = textOf(sent, 'Code') ?? textOf(element, 'Code')
  const id = textOf(sent, 'AccountID')
  if (code === undefined && id === undefined) return { account: null, errors: [texts.accountMissing] }
  const account = id === undefined ? organisation.accountByCode(code ?? '') : organisation.accounts.get(id)
  const name = account?.code ?? account?.name ?? code ?? id ?? ''
  if (account?.status === 'ARCHIVED') return { account: null, errors: [texts.accountArchived(name)] }
  if (!account || (account.type !== 'BANK' && !account.enablePayments))
    return { account: null, errors: [texts.accountInvalid(name)] }
  return { account, errors: [] }
}

function currencyOf(call: Call, account: Account): string {
  return account.currencyCode ?? call.organisation.profile.baseCurrency
}

/** BankAmount and CurrencyRate follow from one another; without either the day's rate holds (§4.5, §6). */
function moneyOf(
  call: Call,
  element: JsonObject,
  target: PaymentTarget,
  account: Account,
  amount: Cents,
): { bankAmount: Cents; currencyRate: E6 } {
  const { organisation, switches } = call
  const { baseCurrency } = organisation.profile
  const sentBank = numberOf(element, 'BankAmount')
  const sentRate = numberOf(element, 'CurrencyRate') ?? 0
  const bankAmount = sentBank === undefined ? null : readCents(sentBank, switches.halfRounding)
  const isForeign = target.currencyCode !== baseCurrency
  const isBankInBase = currencyOf(call, account) === baseCurrency
  const currencyRate = !isForeign
    ? e6(1_000_000)
    : sentRate > 0
      ? readE6(sentRate)
      : bankAmount !== null && bankAmount > 0 && isBankInBase
        ? readE6(amount / bankAmount)
        : readE6(dayRate(call, target.currencyCode))
  const computed = bankAmountOf(organisation, account, target.currencyCode, amount, currencyRate)
  return { bankAmount: cents(bankAmount ?? computed), currencyRate }
}

/** The only update that payments know (§4.5). */
export function updatePayment(call: Call, before: Payment, element: JsonObject): Verdict {
  const errors = deletionProblems(call, before, element)
  if (errors.length > 0) return { kind: 'refused', echo: refusedPayment(before, element), errors }
  const payment = deletePayment(call.organisation, before, call.now, call.switches)
  return { kind: 'stored', view: showPayment(call, payment, 'written'), warnings: [] }
}

function deletionProblems(call: Call, before: Payment, element: JsonObject): string[] {
  const others = Object.keys(element).filter((name) => name !== 'Status' && name !== 'PaymentID')
  if (others.length > 0 || element['Status'] === undefined) return [paymentTexts.statusOnly]
  if (element['Status'] !== 'DELETED' || before.status === 'DELETED') return [paymentTexts.notValid]
  if (before.batchId !== null) return [paymentTexts.inBatch]
  if (before.isReconciled && call.switches.reconciledPaymentDelete === 'refused')
    return [paymentTexts.reconciled]
  const lock = editLockProblem(call.organisation, before.date)
  return lock === null ? [] : [lock]
}
