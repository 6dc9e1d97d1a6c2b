// The receipt of a payment or deposit under its rules (P4, P6, P8): what form it takes, whether that goes out, and what of it
// is applied to nothing.

import { baseCurrencyOf, currencyOf } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { LedgerContact, LedgerPayment } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { formatCents } from '../accounting/money.ts'
import {
  type FormContext,
  isSentToXero,
  type ReceiptForm,
  receiptAmountOf,
  receiptFormOf,
  remainderOf,
} from '../mapping/payment-forms.ts'
import { receiptCurrencyOf, receiptLineOf, sentReceiptAmount } from '../mapping/receipt.ts'
import type { ContactContext, ContactLinkState } from './context.ts'
import type { Complaint } from './document-view.ts'
import { linkComplaints } from './link-rules.ts'
import { checkAllocated, checkAmount } from './money-amount-rules.ts'
import { complainOf, concluded, type MoneyCheck, type MoneyThing, notSent } from './money-check.ts'
import { checkMoneyCutover, checkMoneyDate } from './money-date-rules.ts'
import { checkMoved, type MovedMoney } from './moved-money-rules.ts'
import { checkReceiptAccount } from './payment-account-rules.ts'

export interface ReceiptCheckContext extends FormContext {
  today: PlainDate
  /** What Xero has of the payment otherwise than the ledger. */
  moved: readonly MovedMoney[]
  /** The payment's contact, else that of the documents that it is applied to; null where there is none. */
  contact: LedgerContact | null
  contactLink: ContactLinkState | null
  duplicatesOfName: ContactContext['duplicatesOfName']
}

/**
 * Judges a receipt that was not sent yet. The account lines of a receipt journal are judged as those of any journal, by
 * the journals' own rules.
 */
export function checkReceipt(payment: LedgerPayment, context: ReceiptCheckContext): MoneyCheck<ReceiptForm> {
  const { books, receipt } = context
  const thing: MoneyThing = { kind: 'receipt', id: payment.id, label: payment.id }
  const form = receiptFormOf(payment, context)
  if (receipt !== null || !isSentToXero(payment, books)) return notSent(form)
  const old = checkMoneyCutover(thing, payment.date, books)
  if (form === 'none') return notSent(form, old.length > 0 ? [] : checkRemainder(thing, payment, context))
  if (old.length > 0) return notSent(form, old)
  const findings = [
    ...checkAmount(thing, form === 'journal' ? payment.amount : receiptAmountOf(form, payment, context)),
    ...checkAllocated(thing, payment, context.isOneCurrency),
    ...checkMoved(thing, context.moved),
    ...checkMoneyDate(thing, payment.date, context),
  ]
  if (form === 'journal') findings.push(...checkRemainder(thing, payment, context))
  else
    findings.push(
      ...checkContactOfReceipt(thing, payment, context),
      ...checkReceiptAccount(thing, payment, books),
      ...checkReceiptLine(thing, form, context),
      ...checkReceiptCurrency(thing, payment, form, context),
    )
  return concluded(form, findings)
}

/** What is above the allocations is said, since it stays in the ledger alone (P8). */
function checkRemainder(thing: MoneyThing, payment: LedgerPayment, context: ReceiptCheckContext): Finding[] {
  const isReceipt = payment.kind === 'payment' || payment.kind === 'deposit'
  const remainder = remainderOf(payment)
  if (!isReceipt || !context.isOneCurrency || remainder <= 0 || payment.date > context.today) return []
  const isDeposit = payment.kind === 'deposit'
  const amount = `${formatCents(remainder)} of ${formatCents(payment.amount)}`
  return [
    complainOf(thing, {
      code: 'remainder-held',
      severity: isDeposit ? 'information' : 'warning',
      field: 'amount',
      message: `is applied to no document with ${amount}, which stays in the ledger.`,
      why: isDeposit
        ? 'A deposit waits for its invoice (deposits=held).'
        : 'What is above the documents that a payment pays is kept back (remainders=hold).',
      fix: isDeposit
        ? 'Nothing to do: it goes out with its invoice. To send deposits at once, set deposits to prepayment.'
        : 'Apply the rest to documents, refund it, or set remainders to overpayment.',
    }),
  ]
}

function checkContactOfReceipt(
  thing: MoneyThing,
  payment: LedgerPayment,
  { contact, contactLink, duplicatesOfName }: ReceiptCheckContext,
): Finding[] {
  const field = 'contact'
  if (contact === null)
    return [
      complainOf(thing, {
        code: 'contact-missing',
        field,
        message:
          payment.contact === null
            ? 'has no contact.'
            : `is of contact ${payment.contact}, which the ledger does not have.`,
        why: 'A prepayment or overpayment in Xero belongs to a contact.',
        fix: 'Name a contact of the ledger on the payment.',
      }),
    ]
  if (!contact.active)
    return [
      complainOf(thing, {
        code: 'contact-inactive',
        field,
        message: `is of contact ${contact.code}, which is inactive.`,
        why: 'Inactive contacts are never sent to Xero.',
        fix: `Make contact ${contact.code} active in the ledger, or put the payment on another contact.`,
      }),
    ]
  return linkComplaints(contact, { contactLink, duplicatesOfName }).map((complaint) =>
    complainOf(thing, {
      ...complaint,
      field,
      message: `is of contact ${contact.code}: ${complaint.message}`,
    }),
  )
}

/** The line's account and tax type: the prepayment role's, or Xero's own account of receivables or payables (§4.6). */
function checkReceiptLine(
  thing: MoneyThing,
  form: 'prepayment' | 'overpayment',
  { books, side }: ReceiptCheckContext,
): Finding[] {
  const { account, tax } = receiptLineOf(form, side, books)
  const complaints: Complaint[] = []
  if (account === null) {
    const role = 'Prepayments stand in Xero on the account of the role prepayment.'
    // Before the first connection Xero's own account is not known yet, which is no fault.
    if (form === 'prepayment')
      complaints.push({
        code: 'account-missing',
        message: 'has no account for its prepayment.',
        why: role,
        fix: 'Name an account for the role prepayment in role_account.',
      })
    else if (books.mirror)
      complaints.push({
        code: 'account-missing',
        message: `cannot be an overpayment: ${books.mirror.organisation.name} shows no account of ${side === 'sales' ? 'receivables' : 'payables'}.`,
        why: "An overpayment stands on Xero's own account of receivables or payables.",
        fix: 'Run auxo-sync refresh. If it stays so, set remainders to hold.',
      })
  } else if (form === 'prepayment') complaints.push(...lineAccountComplaints(account, books))
  const taxCode = books.settings.prepayment_tax_code
  const rate = tax === null ? null : books.mirror?.taxRates.get(tax.taxType)
  if (tax === null)
    complaints.push({
      code: 'tax-unmapped',
      message: `goes out with tax code ${taxCode} (prepayment_tax_code), for which no tax type of Xero is known.`,
      why: 'Xero posts tax by its own tax types.',
      fix: `Map ${taxCode} in tax_code_map, or correct prepayment_tax_code.`,
    })
  else if (form === 'prepayment' && books.mirror && rate?.status !== 'ACTIVE')
    complaints.push({
      code: 'tax-unknown',
      message: `goes out with tax type ${tax.taxType}, which Xero does not have or no longer uses.`,
      why: 'Xero takes only the active tax types of the organisation.',
      fix: 'Correct prepayment_tax_code or tax_code_map; if the type is new in Xero, run auxo-sync refresh.',
    })
  return complaints.map((complaint) => complainOf(thing, complaint))
}

function lineAccountComplaints(code: string, { mirror }: ReceiptCheckContext['books']): Complaint[] {
  if (!mirror) return []
  const account = mirror.accounts.get(code)
  if (account?.status === 'ACTIVE') return []
  return [
    {
      code: account ? 'account-archived' : 'account-unknown',
      message: `needs account ${code} for its prepayment, which ${account ? 'is archived in Xero' : 'Xero does not have'}.`,
      why: 'Xero posts only to active accounts that it has.',
      fix: 'Name another account for the role prepayment in role_account, or mend it in Xero and run auxo-sync refresh.',
    },
  ]
}

function checkReceiptCurrency(
  thing: MoneyThing,
  payment: LedgerPayment,
  form: 'prepayment' | 'overpayment',
  context: ReceiptCheckContext,
): Finding[] {
  const { books } = context
  const currency = receiptCurrencyOf(payment, books)
  if (sentReceiptAmount(payment, { ...context, form }) === null)
    return [
      complainOf(thing, {
        code: 'rate-missing',
        field: 'exchangeRate',
        message: `is in ${currencyOf(payment, books)} and has no exchange rate.`,
        why: `The setting foreign_currency=base posts everything in ${currency}, at the rate of the ledger.`,
        fix: 'Give the payment its exchange rate in the ledger, or set foreign_currency to document.',
      }),
    ]
  const { mirror } = books
  if (!mirror || currency === baseCurrencyOf(books) || mirror.currencies.has(currency)) return []
  return [
    complainOf(thing, {
      code: 'currency-not-enabled',
      field: 'currency',
      message: `is in ${currency}, which ${mirror.organisation.name} does not have.`,
      why: 'An organisation takes only the currencies that were added to it in Xero.',
      fix: `Add ${currency} in Xero and run auxo-sync refresh.`,
    }),
  ]
}
