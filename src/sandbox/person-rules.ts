// What Xero's own pages would not let a person do, in sentences. The API's rules are elsewhere and in Xero's words; a person
// in process (person.ts) is past both.

import { longDate, type PlainDate } from '../accounting/calendar.ts'
import type { Cents } from '../accounting/money.ts'
import { type Credit, isUsed, remainingCredit, sideOfCredit } from './credit-record.ts'
import { hasAllocations, type Invoice } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type Payment, type PaymentTarget } from './payment-record.ts'
import { Mistake } from './person-action.ts'
import { contactName, moneyText, nameOf } from './person-words.ts'
import { amountDue, outstanding } from './settlement.ts'

/** Nothing is dated in a locked period, nor changed there. */
export function demandOpenPeriod({ profile }: Organisation, date: PlainDate): void {
  const { periodLockDate, endOfYearLockDate } = profile
  const [last] = [periodLockDate, endOfYearLockDate].filter((lock) => lock !== null && date <= lock)
  if (last)
    throw new Mistake(
      `${longDate(date)} is in a locked period: the books are locked up to ${longDate(last)}.`,
    )
}

const notApproved: Record<string, string> = {
  DRAFT: 'is a draft: it has to be approved first',
  SUBMITTED: 'waits for approval: it has to be approved first',
  VOIDED: 'is voided',
  DELETED: 'is deleted',
}

function demandApproved(document: PaymentTarget): void {
  const reason = notApproved[document.status]
  if (reason !== undefined) throw new Mistake(`${sentenceStart(nameOf(document))} ${reason}.`)
}

export function sentenceStart(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** A payment of an invoice or a refund of a credit: never more than is left. */
export function demandPayable(
  organisation: Organisation,
  target: PaymentTarget,
  amount: Cents,
  date: PlainDate,
): void {
  demandApproved(target)
  demandOpenPeriod(organisation, date)
  const left = outstanding(target)
  if (amount <= left && left > 0) return
  const leftText = moneyText(left, target.currencyCode)
  if (isCredit(target)) throw new Mistake(`Of ${nameOf(target)} only ${leftText} is left to refund.`)
  const contact = contactName(organisation, target.contactId)
  throw new Mistake(
    left <= 0
      ? `Nothing is due on ${nameOf(target)} any more. Money above that is an overpayment of ${contact}.`
      : `Only ${leftText} is due on ${nameOf(target)}. Pay that, and enter the rest as an overpayment of ${contact}.`,
  )
}

export function demandDeletable(organisation: Organisation, payment: Payment): void {
  const what = payment.target.kind === 'Invoice' ? 'payment' : 'refund'
  if (payment.status === 'DELETED') throw new Mistake(`That ${what} is deleted already.`)
  if (payment.batchId !== null)
    throw new Mistake('That payment is part of a batch payment, and cannot be deleted by itself.')
  demandOpenPeriod(organisation, payment.date)
}

export function demandAllocatable(
  organisation: Organisation,
  credit: Credit,
  invoice: Invoice,
  amount: Cents,
  date: PlainDate,
): void {
  demandApproved(credit)
  demandApproved(invoice)
  demandOpenPeriod(organisation, date)
  const isSale = invoice.type === 'ACCREC'
  if ((sideOfCredit(credit) === 'sales') !== isSale)
    throw new Mistake(
      `${sentenceStart(nameOf(credit))} cannot be set against ${isSale ? 'an invoice' : 'a bill'}.`,
    )
  if (credit.contactId !== invoice.contactId) {
    const [theirs, others] = [credit, invoice].map(({ contactId }) => contactName(organisation, contactId))
    throw new Mistake(`${sentenceStart(nameOf(credit))} is of ${theirs}, ${nameOf(invoice)} of ${others}.`)
  }
  if (credit.currencyCode !== invoice.currencyCode)
    throw new Mistake(
      `${sentenceStart(nameOf(credit))} is in ${credit.currencyCode}, ${nameOf(invoice)} in ${invoice.currencyCode}.`,
    )
  const [left, due] = [remainingCredit(credit), amountDue(invoice)]
  if (amount > left || left <= 0)
    throw new Mistake(`Only ${moneyText(left, credit.currencyCode)} of ${nameOf(credit)} is left.`)
  if (amount > due || due <= 0)
    throw new Mistake(`Only ${moneyText(due, invoice.currencyCode)} is due on ${nameOf(invoice)}.`)
}

/** Voided, or edited in its amounts: as long as nothing was paid, refunded or allocated. */
export function demandUntouched(organisation: Organisation, document: PaymentTarget): void {
  if (document.status === 'VOIDED' || document.status === 'DELETED') demandApproved(document)
  demandOpenPeriod(organisation, document.date)
  const isTouched = isCredit(document) ? isUsed(document) : hasAllocations(document)
  if (isTouched)
    throw new Mistake(
      `${sentenceStart(nameOf(document))} has payments or credits on it: delete or remove those first.`,
    )
}
