// Payment discounts with all that is known of them: the payment, the invoice that they are on, and the credit note that they are to
// be (N4). What is wrong with one is discount-check.ts, what is sent discount-load.ts.

import { type Books, baseCurrencyOf, xeroNumberOf } from '../../accounting/books.ts'
import type { LedgerDocument, LedgerPayment, PaymentAllocation } from '../../accounting/documents.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import { type AppliedThing, readApplied } from '../../ledger/applied.ts'
import { readDocuments } from '../../ledger/documents.ts'
import type { Ledger } from '../../ledger/open.ts'
import { readPayments } from '../../ledger/payments.ts'
import { readStandingParts, type StandingPart } from '../../ledger/standing-parts.ts'
import { readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { discountDocument } from '../../mapping/discount.ts'
import { rowHash } from '../../mapping/facts.ts'
import { paymentDateOf, paymentLabel, plainReference } from '../../mapping/payment.ts'
import { checkDiscount, type DiscountForm } from '../../validation/allocation-rules.ts'
import type { MoneyCheck } from '../../validation/money-check.ts'
import type { CheckScope, StandingParent } from '../scope.ts'
import { convertedAt } from './allocation-pairs.ts'
import { appliedBeside } from './applied.ts'
import { movedMoney, movedOfPayment } from './moved-money.ts'
import { booksOfParent } from './parent-form.ts'

export interface DiscountThing {
  id: string
  label: string
  thing: WaitingThing
  payment: LedgerPayment
  allocation: PaymentAllocation
  parent: StandingParent | null
  invoice: LedgerDocument | null
  /** What is applied to the invoice, this discount included. */
  applied: readonly AppliedThing[]
  /** What Xero has of the payment otherwise than the ledger. */
  moved: readonly StandingPart[]
  /** Of what the ledger says of it; a deletion is a change. */
  factsHash: string
  /** With the style in which the invoice is in Xero (J4). */
  books: Books
}

/** Discounts by their ids; those that the ledger does not have any more are left out. */
export async function readDiscounts(
  reader: { ledger: Ledger; books: Books; parents: CheckScope['parents'] },
  ids: readonly string[],
): Promise<Map<string, DiscountThing>> {
  const { ledger, books } = reader
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'discount', ids })
  const pairs = ids.map((id) => ({ id, paymentId: splitPair(id)[0], documentId: splitPair(id)[1] }))
  const documentIds = pairs.map(({ documentId }) => documentId)
  const payments = await readPayments(
    ledger,
    pairs.map(({ paymentId }) => paymentId),
  )
  const invoices = await readDocuments(ledger, documentIds)
  const ofPayments = [...payments.values()].flatMap(({ allocations }) => allocations)
  const parents = await reader.parents([...documentIds, ...ofPayments.map(({ document }) => document)])
  const applied = await readApplied(ledger, documentIds)
  const standing = await readStandingParts(ledger, [...payments.keys()])
  const discounts = new Map<string, DiscountThing>()
  for (const { id, paymentId, documentId } of pairs) {
    const payment = payments.get(paymentId)
    const allocation = payment?.allocations.find(({ document }) => document === documentId)
    const thing = waiting.get(id)
    if (!payment || !allocation || !thing) continue
    const parent = parents.get(documentId) ?? null
    discounts.set(id, {
      id,
      label: paymentLabel(payment, parent?.number.trim() || documentId),
      thing,
      payment,
      allocation,
      parent,
      invoice: invoices.get(documentId) ?? null,
      applied: applied.get(documentId) ?? [],
      moved: movedOfPayment(
        standing.filter(({ of }) => of === paymentId),
        payment,
        parents,
        books,
      ),
      factsHash: discountHash(payment, allocation),
      books: parent ? booksOfParent(parent, books) : books,
    })
  }
  return discounts
}

/** Only what reaches Xero of it: the rest of a payment may change as it likes. */
function discountHash(payment: LedgerPayment, allocation: PaymentAllocation): string {
  return rowHash({
    amount: allocation.amount,
    date: paymentDateOf(payment, allocation),
    reference: plainReference(payment),
    isDeleted: payment.state === 'deleted' ? true : null,
  })
}

/** What the rules say of the discount itself; its credit note is judged in discount-check.ts. */
export function judgeDiscount(
  discount: DiscountThing,
  today: CheckScope['today'],
  isPlanned: (thing: AppliedThing) => boolean,
  xero: { amountDue: LedgerDocument['total'] } | null,
): MoneyCheck<DiscountForm> {
  const { id, payment, allocation, parent, books } = discount
  return checkDiscount(payment, allocation, {
    thing: { kind: 'discount', id },
    books,
    today,
    parent,
    convertedAt: parent && convertedAt(parent, books, baseCurrencyOf(books)),
    applied: appliedBeside(discount.applied, { kind: 'discount', id }, isPlanned),
    moved: discount.moved.map(movedMoney),
    xero,
  })
}

/** The invoice's number as Xero has it, or will: after it its discounts are numbered. */
export function numberOfParent({ parent, allocation, books }: DiscountThing): string {
  const number = parent?.number.trim()
  return parent?.xeroNumber?.trim() || (number ? xeroNumberOf(number, books) : allocation.document)
}

/** The discount as a credit note of this number; null where the invoice does not add up or comes to nothing. */
export function creditOf(discount: DiscountThing, number: string): LedgerDocument | null {
  const { id, payment, allocation, invoice, books } = discount
  return invoice && discountDocument(payment, allocation, invoice, { books, id, number })
}
