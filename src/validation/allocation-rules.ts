// What applies a credit to a document under its rules (N2), and a payment discount with what applies it (N4). The discount's
// credit note itself is judged as every credit, by the documents' rules.

import { type Books, roleAccountOf, sideOf } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import type { CreditAllocation, LedgerPayment, PaymentAllocation } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { addCents, type Cents, cents, type E6, subtractCents } from '../accounting/money.ts'
import { paymentDateOf, paymentLabel, targetKindOf } from '../mapping/payment.ts'
import { sentAmount } from '../mapping/payment-amounts.ts'
import { isSentToXero } from '../mapping/payment-forms.ts'
import type { Parent } from './context.ts'
import { type Applied, checkAmount, checkDue, checkRemaining } from './money-amount-rules.ts'
import { complainOf, concluded, type MoneyCheck, type MoneyThing, notSent } from './money-check.ts'
import { checkMoneyCutover, checkMoneyDate } from './money-date-rules.ts'
import { checkMoved, type MovedMoney } from './moved-money-rules.ts'
import { checkParent, parentName } from './parent-rules.ts'

/** A sales credit and invoice that are journals (ar_style=journals) are on the same account: nothing is left to apply. */
export type AllocationForm = 'allocation' | 'none'

export interface AllocationCheckContext {
  thing: { kind: 'allocation' | 'discount_allocation'; id: string }
  books: Books
  today: PlainDate
  /** The credit, and the document that it is applied to; null where the ledger has none of that id. */
  credit: Parent | null
  document: Parent | null
  /** What else the ledger takes from the credit: allocations and refunds. */
  ofCredit: Applied
  /** What Xero has of the credit's allocations otherwise than the ledger. */
  moved: readonly MovedMoney[]
  /** What else the ledger has on the document. */
  onDocument: Applied
  /** Of the document and the credit alike; see DocumentMoney. */
  convertedAt: E6 | null
  /** As read from Xero; null where it was not asked. */
  xero: { remainingCredit: Cents | null; amountDue: Cents | null } | null
  /** Codes of different contacts can be one contact in Xero (merged there): true where the links say so. */
  isOneContactInXero: boolean
}

/** Judges what a credit takes off a document, of `credit_allocation` or of a discount. */
export function checkAllocation(
  allocation: CreditAllocation,
  context: AllocationCheckContext,
): MoneyCheck<AllocationForm> {
  const { books, credit, document } = context
  const side = sideOf((credit ?? document)?.kind ?? 'invoice')
  if (allocation.origin === 'external' || (side === 'sales' && books.settings.ar_style === 'journals'))
    return notSent('none')
  const label = allocationLabel(allocation, context)
  const thing: MoneyThing = { ...context.thing, label }
  const date = allocationDateOf(allocation, credit)
  const old = date === null ? [] : checkMoneyCutover(thing, date, books)
  if (old.length > 0) return notSent('allocation', old)
  return concluded('allocation', [
    ...checkAmount(thing, allocation.amount),
    ...checkMoved(thing, context.moved),
    ...(date === null ? [] : checkMoneyDate(thing, date, context)),
    ...checkParent(thing, credit, allocation.credit, books),
    ...checkParent(thing, document, allocation.document, books),
    ...(credit && document ? checkPair(thing, allocation, credit, document, context) : []),
  ])
}

/** The date that an allocation goes out with: its own, else its credit's; null while neither is known. */
export function allocationDateOf(
  allocation: Pick<CreditAllocation, 'date'>,
  credit: Pick<Parent, 'date'> | null,
): PlainDate | null {
  return allocation.date ?? credit?.date ?? null
}

/** "CN-3 on INV-7", as findings and reports call an allocation. */
export function allocationLabel(
  { credit, document }: Pick<CreditAllocation, 'credit' | 'document'>,
  context: Pick<AllocationCheckContext, 'credit' | 'document'>,
): string {
  const nameOf = (parent: Parent | null, id: string) => parent?.number.trim() || id
  return `${nameOf(context.credit, credit)} on ${nameOf(context.document, document)}`
}

function checkPair(
  thing: MoneyThing,
  { amount }: CreditAllocation,
  credit: Parent,
  document: Parent,
  context: AllocationCheckContext,
): Finding[] {
  const wrong = checkKinds(thing, credit, document)
  if (wrong.length > 0) return wrong
  const { ofCredit, onDocument, xero, convertedAt } = context
  const money = { currency: document.currency, convertedAt }
  const used = addCents(ofCredit.before, ofCredit.planned)
  const findings = [...checkSameContact(thing, credit, document, context)]
  if (credit.currency !== document.currency)
    findings.push(
      complainOf(thing, {
        code: 'currency-mismatch',
        field: 'currency',
        message: `is in ${credit.currency}, and ${parentName(document)} is in ${document.currency}.`,
        why: 'Xero applies credits only to documents of their own currency.',
        fix: 'Correct the currency in the ledger, or apply the credit to another document.',
      }),
    )
  const left = subtractCents(cents(Math.abs(credit.total)), used)
  const overdrawn = checkRemaining(thing, amount, left, parentName(credit))
  findings.push(...overdrawn)
  if (overdrawn.length === 0 && xero?.remainingCredit != null) {
    const inXero = subtractCents(xero.remainingCredit, sentAmount(ofCredit.planned, ofCredit.before, money))
    findings.push(
      ...checkRemaining(thing, sentAmount(amount, used, money), inXero, `${parentName(credit)} in Xero`),
    )
  }
  findings.push(...checkDue(thing, amount, document, onDocument, xero?.amountDue ?? null, money))
  return findings
}

/** A credit goes onto an invoice or bill of its own side. */
function checkKinds(thing: MoneyThing, credit: Parent, document: Parent): Finding[] {
  const fits =
    targetKindOf(credit) === 'creditNote' &&
    targetKindOf(document) === 'invoice' &&
    sideOf(credit.kind) === sideOf(document.kind)
  if (fits) return []
  return [
    complainOf(thing, {
      code: 'target-wrong-kind',
      field: 'document',
      message: `applies ${parentName(credit)} to ${parentName(document)}.`,
      why: 'Xero applies credit notes to invoices and supplier credits to bills, and nothing else.',
      fix: 'Correct the credit or the document of the allocation in the ledger.',
    }),
  ]
}

function checkSameContact(
  thing: MoneyThing,
  credit: Parent,
  document: Parent,
  { isOneContactInXero }: AllocationCheckContext,
): Finding[] {
  if (credit.contact === document.contact || isOneContactInXero) return []
  return [
    complainOf(thing, {
      code: 'contact-differs',
      field: 'contact',
      message: `is a credit of contact ${credit.contact ?? '(none)'}, and ${parentName(document)} is for ${document.contact ?? '(none)'}.`,
      why: "Xero applies a credit only to its own contact's documents.",
      fix: 'Correct the contact of one of the two in the ledger.',
    }),
  ]
}

/** A sales discount is a journal where invoices are (ar_style=journals, journal-of-payment.ts). */
export type DiscountForm = 'credit_note' | 'journal' | 'none'

export interface DiscountCheckContext {
  thing: { kind: 'discount'; id: string }
  books: Books
  today: PlainDate
  /** The document that is discounted; null where the ledger has none of that id. */
  parent: Parent | null
  convertedAt: E6 | null
  applied: Applied
  /** What Xero has of the payment otherwise than the ledger. */
  moved: readonly MovedMoney[]
  xero: { amountDue: Cents } | null
}

/** Judges a payment discount by what it is a discount of; `discountDocument` is then judged as a credit note. */
export function checkDiscount(
  payment: LedgerPayment,
  allocation: PaymentAllocation,
  context: DiscountCheckContext,
): MoneyCheck<DiscountForm> {
  const { books, parent } = context
  if (payment.kind !== 'discount' || !isSentToXero(payment, books)) return notSent('none')
  const thing: MoneyThing = {
    ...context.thing,
    label: paymentLabel(payment, parent?.number.trim() || allocation.document),
  }
  const isSale = parent === null || sideOf(parent.kind) === 'sales'
  const form = isSale && books.settings.ar_style === 'journals' ? 'journal' : 'credit_note'
  const old = checkMoneyCutover(thing, payment.date, books)
  if (old.length > 0) return notSent(form, old)
  const findings = [
    ...checkAmount(thing, allocation.amount),
    ...checkMoved(thing, context.moved),
    ...checkMoneyDate(thing, paymentDateOf(payment, allocation), context),
    ...checkParent(thing, parent, allocation.document, books),
    ...checkDiscountAccount(thing, books),
  ]
  if (parent) findings.push(...checkDiscounted(thing, allocation.amount, parent, context))
  return concluded(form, findings)
}

function checkDiscounted(
  thing: MoneyThing,
  amount: Cents,
  parent: Parent,
  { convertedAt, applied, xero }: DiscountCheckContext,
): Finding[] {
  if (targetKindOf(parent) === 'invoice' && parent.kind !== 'purchase_order')
    return checkDue(thing, amount, parent, applied, xero?.amountDue ?? null, {
      currency: parent.currency,
      convertedAt,
    })
  return [
    complainOf(thing, {
      code: 'target-wrong-kind',
      field: 'document',
      message: `is for ${parentName(parent)}, which takes no discount.`,
      why: 'A payment discount is a credit on an invoice or a bill.',
      fix: 'Apply it to an invoice or a bill in the ledger.',
    }),
  ]
}

function checkDiscountAccount(thing: MoneyThing, books: Books): Finding[] {
  if (roleAccountOf('discount', books) !== null) return []
  return [
    complainOf(thing, {
      code: 'account-missing',
      field: 'account',
      message: 'has no account.',
      why: 'A payment discount becomes a credit note on the account of the role discount.',
      fix: 'Name an account for the role discount in role_account.',
    }),
  ]
}
