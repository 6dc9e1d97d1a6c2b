// What each record of an organisation posts to its accounts, in cents of the base currency, debits above zero: the rules
// behind the trial balance. Drafts, orders and whatever is voided or deleted post nothing.

import { type Cents, cents, divideRounded, type E6, toBase } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import { type Credit, sideOfCredit } from './credit-record.ts'
import type { Invoice, Line, LineTracking, Totals } from './invoice-record.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type Payment, type PaymentTarget } from './payment-record.ts'
import { paymentTarget } from './settlement.ts'

export interface Posting {
  readonly accountId: string
  /** The option's name, of two categories both; null without tracking. */
  readonly trackingOption: string | null
  readonly cents: number
}

/** Of everything that the organisation has. */
export function postings(organisation: Organisation): Posting[] {
  const invoices = organisation.invoices.all().filter(({ status }) => isPosted(status))
  const credits = liveCredits(organisation)
  return [
    ...invoices.flatMap((invoice) => invoicePostings(organisation, invoice)),
    ...credits
      .filter((credit) => credit.kind === 'CreditNote')
      .flatMap((note) => creditNotePostings(organisation, note)),
    ...organisation.bankTransactions
      .all()
      .filter(({ status }) => status === 'AUTHORISED')
      .flatMap((transaction) => bankPostings(organisation, transaction)),
    ...organisation.manualJournals
      .all()
      .filter(({ status }) => status === 'POSTED')
      .flatMap((journal) => journalPostings(organisation, journal)),
    ...settlementPostings(organisation, credits),
  ]
}

const isPosted = (status: string) => status === 'AUTHORISED' || status === 'PAID'

function liveCredits(organisation: Organisation): Credit[] {
  const { creditNotes, prepayments, overpayments } = organisation
  const all: Credit[] = [...creditNotes.all(), ...prepayments.all(), ...overpayments.all()]
  return all.filter(({ status }) => isPosted(status))
}

export function systemAccount(organisation: Organisation, name: string): Account {
  const account = organisation.accounts.all().find((one) => one.systemAccount === name)
  if (!account) throw new Error(`the chart has no account of ${name}`)
  return account
}

const plain = (account: Account, amount: number): Posting => ({
  accountId: account.id,
  trackingOption: null,
  cents: amount,
})

type Document = Totals & {
  readonly id: string
  readonly lines: readonly Line[]
  readonly lineAmountTypes: Invoice['lineAmountTypes']
  readonly currencyRate: E6
}

/** The lines net on their accounts, the tax on GST; converted one by one, the cents that are left on the largest. */
function parts(organisation: Organisation, document: Document): Posting[] {
  const { lines, lineAmountTypes, currencyRate, totalTax, total, id } = document
  const found = lines
    .filter(({ lineAmount, taxAmount }) => lineAmount !== 0 || taxAmount !== 0)
    .map(({ accountId, lineAmount, taxAmount, tracking }) => {
      if (accountId === null) throw new Error(`document ${id} has a line without an account`)
      const net = lineAmountTypes === 'Inclusive' ? cents(lineAmount - taxAmount) : lineAmount
      return { accountId, trackingOption: optionOf(tracking), cents: toBase(net, currencyRate) }
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

function optionOf(tracking: readonly LineTracking[]): string | null {
  return tracking.length === 0 ? null : tracking.map(({ option }) => option).join(' + ')
}

/** The parts on one side and the total on the other; `sign` is that of the parts. */
function balanced(organisation: Organisation, document: Document, account: Account, sign: 1 | -1): Posting[] {
  const total = toBase(document.total, document.currencyRate)
  const signed = parts(organisation, document).map((part) => ({ ...part, cents: sign * part.cents }))
  return [...signed, plain(account, -sign * total)]
}

function controlOf(organisation: Organisation, side: 'sales' | 'purchases'): Account {
  return systemAccount(organisation, side === 'sales' ? 'DEBTORS' : 'CREDITORS')
}

const sideOf = ({ type }: Invoice) => (type === 'ACCREC' ? 'sales' : 'purchases')

function invoicePostings(organisation: Organisation, invoice: Invoice): Posting[] {
  const side = sideOf(invoice)
  return balanced(organisation, invoice, controlOf(organisation, side), side === 'sales' ? -1 : 1)
}

function creditNotePostings(organisation: Organisation, note: Credit): Posting[] {
  const side = sideOfCredit(note)
  return balanced(organisation, note, controlOf(organisation, side), side === 'sales' ? 1 : -1)
}

/** An overpayment's line names receivables or payables itself; a prepayment's stays on its account until it is used. */
function bankPostings(organisation: Organisation, transaction: BankTransaction): Posting[] {
  const bank = accountOf(organisation, transaction.bankAccountId)
  return balanced(organisation, transaction, bank, transaction.type.startsWith('RECEIVE') ? -1 : 1)
}

function journalPostings(organisation: Organisation, journal: ManualJournal): Posting[] {
  const tax = journal.lines.reduce((sum, { taxAmount }) => sum + taxAmount, 0)
  const lines = journal.lines.flatMap(({ accountId, lineAmount, taxAmount, tracking }) => {
    if (accountId === null) return []
    const net = journal.lineAmountTypes === 'Inclusive' ? lineAmount - taxAmount : lineAmount
    return [{ accountId, trackingOption: optionOf(tracking), cents: net }]
  })
  return tax === 0 ? lines : [...lines, plain(systemAccount(organisation, 'GST'), tax)]
}

function accountOf(organisation: Organisation, id: string): Account {
  const account = organisation.accounts.get(id)
  if (!account) throw new Error(`the chart has no account ${id}`)
  return account
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
function settlementPostings(organisation: Organisation, credits: readonly Credit[]): Posting[] {
  const payments = organisation.payments.all().filter(({ status }) => status === 'AUTHORISED')
  const books = new Settlements(organisation, payments, credits)
  return [
    ...payments.flatMap((payment) => books.payment(payment)),
    ...credits.flatMap((credit) => books.allocations(credit)),
    ...credits.flatMap((credit) => books.used(credit)),
  ]
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

  /** Money in or out, and the invoice that it settles; the credit that it refunds is `used`. */
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
    const control = isCredit(target) ? [] : [this.#controlPosting(target, -sign * settled)]
    return [plain(bank, sign * money), ...control, ...this.#gain(sign * (settled - money))]
  }

  /** What an allocation settles of its invoice, and what the two rates make of it. */
  allocations(credit: Credit): Posting[] {
    return credit.allocations.flatMap((allocation) => {
      const invoice = this.#organisation.invoices.get(allocation.invoiceId)
      if (!invoice) throw new Error(`allocation ${allocation.id} has no invoice`)
      const sign = sideOf(invoice) === 'sales' ? 1 : -1
      const settled = this.#relief(invoice, allocation.id)
      const taken = this.#relief(credit, allocation.id)
      return [this.#controlPosting(invoice, -sign * settled), ...this.#gain(sign * (settled - taken))]
    })
  }

  /** A credit loses what was refunded and allocated of it: a prepayment on its lines, the others on the control account. */
  used(credit: Credit): Posting[] {
    const used = (this.#ofDocument.get(credit.id) ?? []).reduce((sum, { amount }) => sum + amount, 0)
    if (used === 0) return []
    const sign = sideOfCredit(credit) === 'sales' ? 1 : -1
    const base = toBase(cents(used), credit.currencyRate)
    if (credit.kind !== 'Prepayment') {
      return [plain(controlOf(this.#organisation, sideOfCredit(credit)), sign * base)]
    }
    return shared(base, parts(this.#organisation, credit)).map((part) => ({
      ...part,
      cents: sign * part.cents,
    }))
  }

  /** In base currency at the document's rate, so that the last settlement leaves nothing behind. */
  #relief(document: PaymentTarget, settlementId: string): Cents {
    let before = 0
    for (const { id, amount } of this.#inOrder(document.id)) {
      const after = before + amount
      const at = (sum: number) => toBase(cents(sum), document.currencyRate)
      if (id === settlementId) return cents(at(after) - at(before))
      before = after
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
