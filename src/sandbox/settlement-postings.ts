// What payments, refunds and allocations post: each takes from its documents what they stood at, at their own rates, and what
// differs is a realised gain or loss.

import { type Cents, cents, divideRounded, toBase } from '../accounting/money.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import { type Credit, sideOfCredit } from './credit-record.ts'
import type { Invoice } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type Payment, type PaymentTarget } from './payment-record.ts'
import {
  accountOf,
  controlOf,
  type JournalSource,
  type PostedRecord,
  type Posting,
  parts,
  plain,
  record,
  sideOf,
  systemAccount,
} from './posting-record.ts'
import { paymentTarget } from './settlement.ts'

export const sourceOfTransaction: Record<BankTransaction['type'], JournalSource> = {
  RECEIVE: 'CASHREC',
  'RECEIVE-OVERPAYMENT': 'AROVERPAYMENT',
  'RECEIVE-PREPAYMENT': 'ARPREPAYMENT',
  SPEND: 'CASHPAID',
  'SPEND-OVERPAYMENT': 'APOVERPAYMENT',
  'SPEND-PREPAYMENT': 'APPREPAYMENT',
}

const sourceOfPayment: Record<Payment['type'], JournalSource> = {
  ACCRECPAYMENT: 'ACCRECPAYMENT',
  ACCPAYPAYMENT: 'ACCPAYPAYMENT',
  ARCREDITPAYMENT: 'ARCREDITPAYMENT',
  APCREDITPAYMENT: 'APCREDITPAYMENT',
  AROVERPAYMENTPAYMENT: 'AROVERPAYMENT',
  APOVERPAYMENTPAYMENT: 'APOVERPAYMENT',
  ARPREPAYMENTPAYMENT: 'ARPREPAYMENT',
  APPREPAYMENTPAYMENT: 'APPREPAYMENT',
}

/** A payment or an allocation as one of its documents sees it. */
interface Settlement {
  readonly id: string
  readonly date: string
  readonly amount: Cents
}

/**
 * Payments, refunds and allocations: each takes from its documents what they stood at, at their own rates, and what
 * differs is a realised gain or loss. Within one rate nothing differs.
 */
export function settlementRecords(organisation: Organisation, credits: readonly Credit[]): PostedRecord[] {
  const payments = organisation.payments.all().filter(({ status }) => status === 'AUTHORISED')
  const books = new Settlements(organisation, payments, credits)
  return [
    ...payments.map((payment) =>
      record(payment, sourceOfPayment[payment.type], payment.reference, books.payment(payment)),
    ),
    ...credits.flatMap((credit) =>
      credit.allocations.map((allocation) => ({
        ...record(allocation, sourceOfCredit(credit), credit.reference, books.allocation(credit, allocation)),
        sourceId: credit.id,
      })),
    ),
  ]
}

function sourceOfCredit(credit: Credit): JournalSource {
  return credit.kind === 'CreditNote' ? credit.type : sourceOfTransaction[credit.type]
}

class Settlements {
  readonly #organisation: Organisation
  readonly #ofDocument = new Map<string, Settlement[]>()

  constructor(organisation: Organisation, payments: readonly Payment[], credits: readonly Credit[]) {
    this.#organisation = organisation
    for (const payment of payments) this.#add(payment.target.id, payment)
    for (const credit of credits) {
      for (const allocation of credit.allocations) {
        this.#add(credit.id, allocation)
        this.#add(allocation.invoiceId, allocation)
      }
    }
  }

  /** Money in or out, and the invoice that it settles or the credit that it refunds. */
  payment(payment: Payment): Posting[] {
    const target = paymentTarget(this.#organisation, payment.target)
    if (!target) throw new Error(`payment ${payment.id} pays nothing`)
    const isIn = isMoneyIn(target)
    const bank = accountOf(this.#organisation, payment.accountId)
    const { baseCurrency } = this.#organisation.profile
    const isBankInBase = (bank.currencyCode ?? baseCurrency) === baseCurrency
    const money = isBankInBase ? payment.bankAmount : toBase(payment.amount, payment.currencyRate)
    const settled = this.#relief(target, payment.id)
    const sign = isIn ? 1 : -1
    const control = isCredit(target)
      ? this.#used(target, payment.id)
      : [this.#controlPosting(target, -sign * settled)]
    return [plain(bank, sign * money), ...control, ...this.#gain(sign * (settled - money))]
  }

  /** What an allocation settles of its invoice, what it takes of its credit, and what the two rates make of it. */
  allocation(credit: Credit, { id, invoiceId }: Credit['allocations'][number]): Posting[] {
    const invoice = this.#organisation.invoices.get(invoiceId)
    if (!invoice) throw new Error(`allocation ${id} has no invoice`)
    const sign = sideOf(invoice) === 'sales' ? 1 : -1
    const settled = this.#relief(invoice, id)
    const taken = this.#relief(credit, id)
    return [
      this.#controlPosting(invoice, -sign * settled),
      ...this.#used(credit, id),
      ...this.#gain(sign * (settled - taken)),
    ]
  }

  /** What a refund or an allocation takes of a credit: of a prepayment on its lines, of the others on the control account. */
  #used(credit: Credit, settlementId: string): Posting[] {
    const sign = sideOfCredit(credit) === 'sales' ? 1 : -1
    const { before, after } = this.#span(credit, settlementId)
    if (credit.kind !== 'Prepayment') {
      return [plain(controlOf(this.#organisation, sideOfCredit(credit)), sign * (after - before))]
    }
    const lines = parts(this.#organisation, credit)
    const left = shared(before, lines)
    return shared(after, lines).map((part, index) => ({
      ...part,
      cents: sign * (part.cents - (left[index]?.cents ?? 0)),
      taxType: null,
      taxCents: 0,
    }))
  }

  #relief(document: PaymentTarget, settlementId: string): Cents {
    const { before, after } = this.#span(document, settlementId)
    return cents(after - before)
  }

  /** Of a document what was settled before and after, in base currency at its rate, so that the last leaves nothing behind. */
  #span(document: PaymentTarget, settlementId: string): { before: Cents; after: Cents } {
    const at = (sum: number) => toBase(cents(sum), document.currencyRate)
    let before = 0
    for (const { id, amount } of this.#inOrder(document.id)) {
      if (id === settlementId) return { before: at(before), after: at(before + amount) }
      before += amount
    }
    throw new Error(`document ${document.id} knows nothing of ${settlementId}`)
  }

  #inOrder(documentId: string): Settlement[] {
    const found = this.#ofDocument.get(documentId) ?? []
    return found.toSorted((a, b) => (`${a.date} ${a.id}` < `${b.date} ${b.id}` ? -1 : 1))
  }

  #controlPosting(invoice: Invoice, amount: number): Posting {
    return plain(controlOf(this.#organisation, sideOf(invoice)), amount)
  }

  #gain(amount: number): Posting[] {
    return amount === 0 ? [] : [plain(systemAccount(this.#organisation, 'REALISEDCURRENCYGAIN'), amount)]
  }

  #add(documentId: string, { id, date, amount }: Settlement): void {
    const before = this.#ofDocument.get(documentId) ?? []
    this.#ofDocument.set(documentId, [...before, { id, date, amount }])
  }
}

/** An amount in the proportions of the parts, so that the whole of it is each part whole. */
function shared(base: Cents, parts: readonly Posting[]): Posting[] {
  const whole = parts.reduce((sum, part) => sum + part.cents, 0)
  const upTo = (sum: number) => Number(divideRounded(BigInt(base) * BigInt(sum), BigInt(whole)))
  let before = 0
  return parts.map((part) => {
    const after = before + part.cents
    const share = upTo(after) - upTo(before)
    before = after
    return { ...part, cents: share }
  })
}

/** Customers pay invoices and suppliers give credits back; everything else is money out (§4.5). */
function isMoneyIn(target: PaymentTarget): boolean {
  return isCredit(target) ? sideOfCredit(target) === 'purchases' : target.type === 'ACCREC'
}
