// What someone who works in Xero does about money: payments, refunds, credit notes, deposits, allocations, and taking
// them back. As person.ts: in process, past the API's rules, and every change moves UpdatedDateUTC but where a switch
// says that Xero does not move it.

import { dateInZone, type PlainDate } from '../accounting/calendar.ts'
import { type Cents, e4, e6 } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import { endTransaction, putTransaction } from './bank-transaction-change.ts'
import type { BankTransaction, BankTransactionType } from './bank-transaction-record.ts'
import type { Allocation, Credit, CreditNote, Overpayment, Prepayment } from './credit-record.ts'
import { dayRate } from './document-rules.ts'
import type { Line, LineAmountTypes } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import { isCredit, type Payment, type PaymentTarget, paymentTypeOf } from './payment-record.ts'
import { found, type PersonContext } from './person-context.ts'
import { allocate, bankAmountOf, deletePayment, putPayment, removeAllocation } from './settlement.ts'
import type { Switches } from './switches.ts'
import { readE6, taxOf, totalsOf } from './totals.ts'

export interface PersonsPayment {
  /** In the document's currency. */
  readonly amount: Cents
  readonly date?: PlainDate
  /** 090, the business bank account, if left out. */
  readonly accountCode?: string
  readonly reference?: string
  readonly isReconciled?: boolean
  /** Of a batch payment. */
  readonly batchId?: string
}

export interface PersonsCredit {
  readonly contactId: string
  /** Including tax. */
  readonly total: Cents
  readonly date?: PlainDate
  readonly accountCode?: string
  readonly reference?: string
  readonly currencyCode?: string
}

export interface PersonsCreditNote extends PersonsCredit {
  readonly type?: CreditNote['type']
  readonly number?: string
  readonly status?: 'DRAFT' | 'AUTHORISED'
}

export interface PersonsDeposit extends PersonsCredit {
  /** From a customer if left out. */
  readonly direction?: 'RECEIVE' | 'SPEND'
  readonly bankAccountCode?: string
}

interface PersonsAllocation {
  readonly amount: Cents
  readonly date?: PlainDate
}

export class PersonMoney {
  readonly #organisation: Organisation
  readonly #switches: Switches
  readonly #now: () => number
  readonly #newGuid: () => string
  readonly #save: () => void

  constructor(organisation: Organisation, { switches, now, newGuid, save }: PersonContext) {
    this.#organisation = organisation
    this.#switches = switches
    this.#now = now
    this.#newGuid = newGuid
    this.#save = save
  }

  /** Pays an invoice or bill. */
  pay(invoiceId: string, payment: PersonsPayment): Payment {
    return this.#pay(found(this.#organisation.invoices.get(invoiceId), `invoice ${invoiceId}`), payment)
  }

  /** Pays back some of a credit note, prepayment or overpayment. */
  refund(creditId: string, payment: PersonsPayment): Payment {
    return this.#pay(this.#credit(creditId), payment)
  }

  /** A payment or a refund. */
  deletePayment(paymentId: string): Payment {
    const deleted = deletePayment(this.#organisation, this.#payment(paymentId), this.#now(), this.#switches)
    this.#save()
    return deleted
  }

  /** Matches a payment with a line of the bank statement. */
  reconcile(paymentId: string): Payment {
    return this.#putPayment({ ...this.#payment(paymentId), isReconciled: true })
  }

  createCreditNote(wanted: PersonsCreditNote): CreditNote {
    const type = wanted.type ?? 'ACCRECCREDIT'
    const isSale = type === 'ACCRECCREDIT'
    const note: CreditNote = {
      ...this.#facts(wanted, wanted.accountCode ?? (isSale ? '200' : '400'), 'Inclusive'),
      kind: 'CreditNote',
      id: this.#newGuid(),
      type,
      status: wanted.status ?? 'AUTHORISED',
      number: wanted.number ?? '',
      dueDate: null,
      fullyPaidOn: null,
      brandingThemeId: isSale ? this.#organisation.brandingThemeId : null,
      allocations: [],
      payments: [],
    }
    this.#organisation.creditNotes.put(note)
    this.#save()
    return note
  }

  /** Voids an approved one; a draft is deleted. */
  voidCreditNote(creditNoteId: string): CreditNote {
    const isDraft = !['AUTHORISED', 'PAID'].includes(this.#creditNote(creditNoteId).status)
    return this.#putCreditNote(creditNoteId, { status: isDraft ? 'DELETED' : 'VOIDED' })
  }

  /** The lines become one, on the first line's account, that comes to this total including tax. */
  editCreditNoteTotal(creditNoteId: string, total: Cents): CreditNote {
    const note = this.#creditNote(creditNoteId)
    const account = this.#organisation.accounts.get(note.lines[0]?.accountId ?? '')
    const lines = [this.#line(total, account?.code ?? '200', 'Inclusive')]
    const totals = totalsOf(lines, 'Inclusive', 'away')
    return this.#putCreditNote(creditNoteId, { ...totals, lineAmountTypes: 'Inclusive', lines })
  }

  /** Money above what was owed, on the receivables or payables account. */
  overpay(wanted: PersonsDeposit): Overpayment {
    const account = wanted.direction === 'SPEND' ? 'CREDITORS' : 'DEBTORS'
    const code = this.#organisation.accounts.all().find((one) => one.systemAccount === account)?.code
    const { creditId } = this.#deposit('OVERPAYMENT', wanted, code ?? '', 'NoTax')
    return found(this.#organisation.overpayments.get(creditId ?? ''), 'overpayment')
  }

  /** Money ahead of an invoice, on an account of its own. */
  prepay(wanted: PersonsDeposit): Prepayment {
    const { creditId } = this.#deposit('PREPAYMENT', wanted, wanted.accountCode ?? '835', 'Inclusive')
    return found(this.#organisation.prepayments.get(creditId ?? ''), 'prepayment')
  }

  /** Voids a prepayment or overpayment and deletes the bank transaction that it came in by. */
  voidDeposit(creditId: string): BankTransaction {
    const credit = this.#credit(creditId)
    const id = credit.kind === 'CreditNote' ? '' : credit.bankTransactionId
    const transaction = found(this.#organisation.bankTransactions.get(id), `deposit ${creditId}`)
    const ended = endTransaction(this.#organisation, transaction, this.#now())
    this.#save()
    return ended
  }

  /** Sets a credit note, prepayment or overpayment against an invoice. */
  allocate(creditId: string, invoiceId: string, { amount, date }: PersonsAllocation): Allocation {
    found(this.#organisation.invoices.get(invoiceId), `invoice ${invoiceId}`)
    const allocation = { id: this.#newGuid(), invoiceId, amount, date: date ?? this.#today() }
    allocate(this.#organisation, this.#credit(creditId), allocation, this.#now(), this.#switches)
    this.#save()
    return allocation
  }

  removeAllocation(creditId: string, allocationId: string): void {
    const credit = this.#credit(creditId)
    const allocation = found(
      credit.allocations.find(({ id }) => id === allocationId),
      `allocation ${allocationId}`,
    )
    removeAllocation(this.#organisation, credit, allocation, this.#now(), this.#switches)
    this.#save()
  }

  #pay(target: PaymentTarget, wanted: PersonsPayment): Payment {
    const account = this.#account(wanted.accountCode ?? '090')
    const { amount } = wanted
    const { currencyCode, currencyRate } = target
    return this.#putPayment({
      id: this.#newGuid(),
      updatedAt: this.#now(),
      type: paymentTypeOf(target),
      status: 'AUTHORISED',
      target: { kind: isCredit(target) ? target.kind : 'Invoice', id: target.id },
      accountId: account.id,
      date: wanted.date ?? this.#today(),
      amount,
      bankAmount: bankAmountOf(this.#organisation, account, currencyCode, amount, currencyRate),
      currencyRate,
      reference: wanted.reference ?? '',
      isReconciled: wanted.isReconciled ?? false,
      batchId: wanted.batchId ?? null,
    })
  }

  #putPayment(payment: Payment): Payment {
    const stored = { ...payment, updatedAt: this.#now() }
    putPayment(this.#organisation, stored, stored.updatedAt)
    this.#save()
    return stored
  }

  #deposit(
    kind: 'PREPAYMENT' | 'OVERPAYMENT',
    wanted: PersonsDeposit,
    accountCode: string,
    lineAmountTypes: LineAmountTypes,
  ): BankTransaction {
    const bank = this.#account(wanted.bankAccountCode ?? '090')
    const type: BankTransactionType = `${wanted.direction ?? 'RECEIVE'}-${kind}`
    const stored = putTransaction(
      this.#organisation,
      {
        ...this.#facts(wanted, accountCode, lineAmountTypes),
        id: this.#newGuid(),
        type,
        status: 'AUTHORISED',
        bankAccountId: bank.id,
        isReconciled: false,
        url: null,
        creditId: null,
      },
      this.#newGuid,
    )
    this.#save()
    return stored
  }

  /** What documents have in common: one line on one account that comes to the total. */
  #facts(wanted: PersonsCredit, accountCode: string, lineAmountTypes: LineAmountTypes) {
    const organisation = this.#organisation
    const { baseCurrency } = organisation.profile
    const currencyCode = wanted.currencyCode ?? baseCurrency
    const isBase = currencyCode === baseCurrency
    const line = this.#line(wanted.total, accountCode, lineAmountTypes)
    return {
      ...totalsOf([line], lineAmountTypes, 'away'),
      updatedAt: this.#now(),
      contactId: found(this.#organisation.contacts.get(wanted.contactId), `contact ${wanted.contactId}`).id,
      reference: wanted.reference ?? '',
      date: wanted.date ?? this.#today(),
      lineAmountTypes,
      currencyCode,
      currencyRate: isBase ? e6(1_000_000) : readE6(dayRate({ organisation }, currencyCode)),
      lines: [line],
    }
  }

  #line(total: Cents, accountCode: string, types: LineAmountTypes): Line {
    const account = this.#account(accountCode)
    const rate = this.#organisation.taxRate(account.taxType)?.rate ?? 0
    return {
      id: this.#newGuid(),
      description: 'Entered in Xero',
      quantity: e4(10_000),
      unitAmount: e4(total * 100),
      discountRate: null,
      discountAmount: null,
      accountId: account.id,
      taxType: types === 'NoTax' ? 'NONE' : account.taxType,
      taxAmount: taxOf(total, rate, types, 'away'),
      lineAmount: total,
      itemCode: null,
      tracking: [],
    }
  }

  #putCreditNote(id: string, change: Partial<CreditNote>): CreditNote {
    const stored: CreditNote = { ...this.#creditNote(id), ...change, updatedAt: this.#now() }
    this.#organisation.creditNotes.put(stored)
    this.#save()
    return stored
  }

  #today(): PlainDate {
    return dateInZone(this.#now(), this.#organisation.timeZone)
  }

  #account(code: string): Account {
    return found(this.#organisation.accountByCode(code), `account ${code}`)
  }

  #payment(id: string): Payment {
    return found(this.#organisation.payments.get(id), `payment ${id}`)
  }

  #creditNote(id: string): CreditNote {
    return found(this.#organisation.creditNotes.get(id), `credit note ${id}`)
  }

  #credit(id: string): Credit {
    const { creditNotes, prepayments, overpayments } = this.#organisation
    return found(creditNotes.get(id) ?? prepayments.get(id) ?? overpayments.get(id), `credit ${id}`)
  }
}
