// Documents, deposits and journals of an organisation that is filled for a rehearsal (T2), from what is known of them. Of what only the
// sums are known there is one line that says so: it keeps its number taken and can be paid, and any edit of it shows as one.

import type {
  KnownDeposit,
  KnownDocument,
  KnownJournal,
  KnownLine,
  KnownPaper,
} from '../accounting/books-in-xero.ts'
import { type Cents, cents, e4, e6, zeroCents } from '../accounting/money.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import type { CreditNote, Overpayment, Prepayment } from './credit-record.ts'
import { guidFrom } from './guid.ts'
import {
  type Invoice,
  invoiceStatuses,
  type Line,
  type LineAmountTypes,
  type LineTracking,
  type Totals,
} from './invoice-record.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import type { Organisation } from './organisation.ts'
import { type PurchaseOrder, purchaseOrderStatuses } from './purchase-order-record.ts'

/** What Xero said last is on an invoice or bill, by its id. */
export type SettledSums = Map<string, { paid: Cents; credited: Cents }>

/** Puts them in; what is paid and applied on them comes afterwards. */
export function fillPapers(
  organisation: Organisation,
  papers: Iterable<KnownPaper>,
  updatedAt: number,
): SettledSums {
  const settled: SettledSums = new Map()
  const filler = new PaperFiller(organisation, updatedAt)
  for (const paper of papers) {
    if (paper.is === 'journal') filler.putJournal(paper)
    else if (paper.is === 'deposit') filler.putDeposit(paper)
    else {
      filler.putDocument(paper)
      if (paper.settled) settled.set(paper.xeroId, paper.settled)
    }
  }
  return settled
}

const rateOfBase = e6(1_000_000)
const none = { payments: [], credits: [], allocations: [], fullyPaidOn: null, brandingThemeId: null } as const

class PaperFiller {
  readonly #organisation: Organisation
  readonly #updatedAt: number
  /** "Category: Option" as lines name them. */
  readonly #tracking = new Map<string, LineTracking>()

  constructor(organisation: Organisation, updatedAt: number) {
    this.#organisation = organisation
    this.#updatedAt = updatedAt
    for (const { id: categoryId, name, options } of organisation.tracking) {
      for (const { id: optionId, name: option } of options)
        this.#tracking.set(`${name}: ${option}`, { categoryId, optionId, name, option })
    }
  }

  putDocument(known: KnownDocument): void {
    const { xeroId: id, type, date, dueDate, reference, url, currency } = known
    const facts = {
      id,
      updatedAt: this.#updatedAt,
      contactId: this.#contactOf(known.contactId),
      date,
      currencyCode: currency,
      currencyRate: rateOfBase,
      ...this.#linesAndTotals(known),
    }
    const status = invoiceStatuses.find((one) => one === known.status) ?? 'AUTHORISED'
    const number = known.number ?? ''
    const organisation = this.#organisation
    if (type === 'PURCHASEORDER') organisation.purchaseOrders.put(orderOf(known, facts))
    else if (type === 'ACCREC' || type === 'ACCPAY') {
      const { payments, credits, fullyPaidOn, brandingThemeId } = none
      const money = { payments, credits, fullyPaidOn, brandingThemeId }
      organisation.invoices.put({
        ...facts,
        ...money,
        type,
        status: isNothing(known) && status === 'AUTHORISED' ? 'PAID' : status,
        number,
        reference,
        dueDate,
        expectedPaymentDate: null,
        plannedPaymentDate: null,
        url,
        sentToContact: false,
      } satisfies Invoice)
    } else {
      const { payments, allocations, fullyPaidOn, brandingThemeId } = none
      const money = { payments, allocations, fullyPaidOn, brandingThemeId }
      organisation.creditNotes.put({
        ...facts,
        ...money,
        kind: 'CreditNote',
        type,
        status,
        number,
        reference,
        dueDate,
      } satisfies CreditNote)
    }
  }

  /** With the bank transaction that made it. */
  putDeposit(known: KnownDeposit): void {
    const { xeroId: id, date, reference, currency, total, tax } = known
    const transactionId = guidFrom(`${id}/transaction`)
    const facts = {
      updatedAt: this.#updatedAt,
      contactId: this.#contactOf(known.contactId),
      date,
      reference,
      currencyCode: currency,
      currencyRate: rateOfBase,
      lineAmountTypes: 'Inclusive' as const,
      lines: [this.#line({ ...saidOnly, amount: total, tax }, id, 0)],
      subTotal: cents(total - tax),
      totalTax: tax,
      total,
      totalDiscount: zeroCents,
    }
    const status = known.status === 'VOIDED' || known.status === 'DELETED' ? 'VOIDED' : 'AUTHORISED'
    const credit = {
      ...facts,
      id,
      allocations: [],
      payments: [],
      fullyPaidOn: null,
      status,
      bankTransactionId: transactionId,
    } as const
    const isSpent = known.type.startsWith('SPEND') || known.type.startsWith('AP')
    const isOver = known.type.includes('OVERPAYMENT')
    const type = `${isSpent ? 'SPEND' : 'RECEIVE'}-${isOver ? 'OVERPAYMENT' : 'PREPAYMENT'}` as const
    if (type === 'SPEND-OVERPAYMENT' || type === 'RECEIVE-OVERPAYMENT')
      this.#organisation.overpayments.put({ ...credit, kind: 'Overpayment', type } satisfies Overpayment)
    else this.#organisation.prepayments.put({ ...credit, kind: 'Prepayment', type } satisfies Prepayment)
    this.#organisation.bankTransactions.put({
      ...facts,
      id: transactionId,
      type,
      status,
      bankAccountId: this.#organisation.accounts.all().find((account) => account.type === 'BANK')?.id ?? '',
      isReconciled: false,
      url: null,
      creditId: id,
    } satisfies BankTransaction)
  }

  putJournal({ xeroId: id, date, narration, url, status, lines }: KnownJournal): void {
    const isTaxed = lines.some(({ taxType }) => taxType !== null)
    this.#organisation.manualJournals.put({
      id,
      updatedAt: this.#updatedAt,
      status: status === 'VOIDED' ? 'VOIDED' : 'POSTED',
      narration,
      date,
      lineAmountTypes: isTaxed ? 'Exclusive' : 'NoTax',
      url,
      showOnCashBasisReports: true,
      lines: lines.map((line) => ({
        description: line.description || null,
        accountId: this.#accountOf(line.account),
        lineAmount: line.amount,
        taxType: line.taxType,
        taxAmount: line.tax,
        tracking: this.#trackingOf(line),
        isBlank: false,
      })),
    } satisfies ManualJournal)
  }

  #linesAndTotals(known: KnownDocument): Totals & Pick<Invoice, 'lines' | 'lineAmountTypes'> {
    const { xeroId, total, tax } = known
    const lines = known.lines ?? [saidOnly]
    return {
      lines: lines.map((line, index) => this.#line(line, xeroId, index)),
      lineAmountTypes: amountTypesOf(lines, total),
      subTotal: cents(total - tax),
      totalTax: tax,
      total,
      totalDiscount: zeroCents,
    }
  }

  #line(line: KnownLine, documentId: string, index: number): Line {
    const isNote = line.account === null && line.amount === 0
    return {
      id: guidFrom(`${documentId}/line/${index}`),
      description: line.description,
      quantity: isNote ? null : e4(10_000),
      unitAmount: isNote ? null : e4(line.amount * 100),
      discountRate: null,
      discountAmount: null,
      accountId: this.#accountOf(line.account),
      taxType: isNote ? null : (line.taxType ?? 'NONE'),
      taxAmount: line.tax,
      lineAmount: line.amount,
      itemCode: null,
      tracking: this.#trackingOf(line),
    }
  }

  /** What was merged into another one in Xero has moved there. */
  #contactOf(contactId: string | null): string {
    let id = contactId ?? unknownContactId
    for (let steps = 0; steps < 100; steps += 1) {
      const next = this.#organisation.contacts.get(id)?.mergedTo
      if (!next) break
      id = next
    }
    return id
  }

  #accountOf(account: string | null): string | null {
    if (account === null) return null
    return (this.#organisation.accountByCode(account) ?? this.#organisation.accounts.get(account))?.id ?? null
  }

  /** Lines keep tracking that was renamed or removed since, as Xero's do. */
  #trackingOf({ tracking }: KnownLine): LineTracking[] {
    return tracking.map((text) => {
      const [name = '', option = ''] = text.split(/: (.*)/s)
      return (
        this.#tracking.get(text) ?? {
          categoryId: guidFrom(`tracking/${name}`),
          optionId: guidFrom(`tracking/${text}`),
          name,
          option,
        }
      )
    })
  }
}

const unknownContactId = guidFrom('the contact of a document of which only the sums are known')

/** The line of a document of which nothing else is known. */
const saidOnly: KnownLine = {
  description: 'Not known line by line',
  account: null,
  taxType: null,
  amount: zeroCents,
  tax: zeroCents,
  tracking: [],
}

function amountTypesOf(lines: readonly KnownLine[], total: Cents): LineAmountTypes {
  if (!lines.some(({ taxType }) => taxType !== null)) return 'NoTax'
  const net = lines.reduce((sum, { amount }) => sum + amount, 0)
  const tax = lines.reduce((sum, line) => sum + line.tax, 0)
  return tax !== 0 && net === total ? 'Inclusive' : 'Exclusive'
}

/** An approved document of 0.00 is paid as it is. */
function isNothing({ total, type }: KnownDocument): boolean {
  return total === 0 && type !== 'PURCHASEORDER'
}

function orderOf(
  { status, number, dueDate, reference }: KnownDocument,
  facts: Omit<
    PurchaseOrder,
    | 'status'
    | 'number'
    | 'deliveryDate'
    | 'expectedArrivalDate'
    | 'brandingThemeId'
    | 'sentToContact'
    | 'texts'
  >,
): PurchaseOrder {
  return {
    ...facts,
    status: purchaseOrderStatuses.find((one) => one === status) ?? 'AUTHORISED',
    number: number ?? '',
    deliveryDate: dueDate,
    expectedArrivalDate: null,
    brandingThemeId: null,
    sentToContact: false,
    texts: reference === '' ? {} : { Reference: reference },
  }
}
