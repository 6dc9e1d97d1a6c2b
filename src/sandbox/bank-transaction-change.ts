// Creates, edits and deletes one bank transaction, and with it the prepayment or overpayment that it makes (§4.6). The
// verbs are bank-transactions.ts's business.

import { e6 } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import {
  type BankTransaction,
  type BankTransactionType,
  bankTransactionTypes,
} from './bank-transaction-record.ts'
import { bankTransactionShape, refusedBankTransaction, showBankTransaction } from './bank-transaction-view.ts'
import { tooLong } from './body.ts'
import { type Call, today } from './call.ts'
import { type Credit, isUsed } from './credit-record.ts'
import { readDate } from './dates.ts'
import { documentContact } from './document-contact.ts'
import { type LinesContext, type ReadLines, readLines } from './document-lines.ts'
import { editLockProblem, lockProblem, texts } from './document-rules.ts'
import type { Verdict } from './elements.ts'
import { agrees, invoiceTexts, isAcceptedUrl, keptLines, rateAfter, unique } from './invoice-change.ts'
import { lineAmountTypes } from './invoice-record.ts'
import { booleanOf, type JsonObject, listOf, objectOf, textOf } from './json.ts'
import type { Organisation } from './organisation.ts'
import { totalsOf } from './totals.ts'

export const bankTexts = {
  notValid: 'Bank Transaction not of valid status for modification',
  contactMissing:
    'The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber',
  reconciled: 'This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement',
  // From here on the words are not established (§9).
  unknown: 'An existing Bank Transaction with the specified BankTransactionID could not be found',
  typeInvalid: (type: string) => `The type '${type}' is not valid for bank transactions.`,
  typeChanged: 'The Type of an existing bank transaction cannot be changed.',
  bankMissing: 'A BankAccount must be specified for this type of transaction',
  bankInvalid: (name: string) => `'${name}' is not a bank account.`,
  total: 'The total of a prepayment or overpayment must be greater than zero.',
}

export function createBankTransaction(call: Call, element: JsonObject): Verdict {
  const type = bankTransactionTypes.find((known) => known === textOf(element, 'Type'))
  const errors: string[] = []
  if (type === undefined) {
    const sent = textOf(element, 'Type')
    errors.push(sent === undefined ? invoiceTexts.typeMissing : bankTexts.typeInvalid(sent))
  }
  if (!['AUTHORISED', undefined].includes(textOf(element, 'Status'))) errors.push(bankTexts.notValid)
  const bank = bankOf(call, element)
  errors.push(...bank.errors)
  const blank = blankTransaction(call, type ?? 'RECEIVE', bank.account)
  return write(call, blank, { ...element, LineItems: element['LineItems'] ?? [] }, null, errors)
}

export function editBankTransaction(call: Call, before: BankTransaction, element: JsonObject): Verdict {
  const refuse = (...errors: readonly string[]): Verdict => ({
    kind: 'refused',
    echo: refusedBankTransaction(call, before, element),
    errors,
  })
  const status = textOf(element, 'Status') ?? before.status
  if (before.status !== 'AUTHORISED') return refuse(bankTexts.notValid)
  if (before.isReconciled) return refuse(bankTexts.reconciled)
  const lock = editLockProblem(call.organisation, before.date)
  if (lock !== null) return refuse(lock)
  if (status === 'DELETED') return end(call, before, refuse)
  // Once made, a prepayment or overpayment is changed by allocations and refunds alone.
  if (status !== 'AUTHORISED' || before.creditId !== null) return refuse(bankTexts.notValid)
  const errors: string[] = []
  const type = textOf(element, 'Type')
  if (type !== undefined && type !== before.type) errors.push(bankTexts.typeChanged)
  const bank = element['BankAccount'] === undefined ? null : bankOf(call, element)
  errors.push(...(bank?.errors ?? []))
  const base = bank?.account ? { ...before, bankAccountId: bank.account.id } : before
  return write(call, base, element, before, errors)
}

function end(
  call: Call,
  before: BankTransaction,
  refuse: (...errors: readonly string[]) => Verdict,
): Verdict {
  const { organisation } = call
  const credit = creditOf(organisation, before)
  if (credit && call.switches.creditTransactionDelete === 'refused') return refuse(bankTexts.notValid)
  if (credit && isUsed(credit)) return refuse(bankTexts.notValid, invoiceTexts.hasAllocations)
  const ended = endTransaction(organisation, before, call.now)
  return { kind: 'stored', view: showBankTransaction(call, ended, 'written'), warnings: [] }
}

export function creditOf(organisation: Organisation, { creditId }: BankTransaction): Credit | undefined {
  if (creditId === null) return undefined
  return organisation.prepayments.get(creditId) ?? organisation.overpayments.get(creditId)
}

/** The transaction ends as DELETED and its prepayment or overpayment as VOIDED, which has no other end (§4.6). */
export function endTransaction(
  organisation: Organisation,
  transaction: BankTransaction,
  now: number,
): BankTransaction {
  const ended = { ...transaction, status: 'DELETED' as const, updatedAt: now }
  organisation.bankTransactions.put(ended)
  const credit = creditOf(organisation, transaction)
  if (credit) organisation.putCredit({ ...credit, status: 'VOIDED', updatedAt: now })
  return ended
}

function write(
  call: Call,
  base: BankTransaction,
  element: JsonObject,
  before: BankTransaction | null,
  errors: string[],
): Verdict {
  const sent = objectOf(element, 'Contact') ?? (before ? { ContactID: before.contactId } : {})
  const isNamed = ['ContactID', 'ContactNumber', 'Name'].some((name) => sent[name] !== undefined)
  const contact = isNamed
    ? documentContact(call, sent)
    : { ok: false as const, errors: [bankTexts.contactMissing] }
  const change = apply(call, base, element)
  errors.push(...(contact.ok ? [] : contact.errors), ...change.errors)
  if (errors.length > 0 || !contact.ok) {
    const echo = refusedBankTransaction(call, before, element)
    return { kind: 'refused', echo, errors: unique(errors) }
  }
  // Bank transactions make nobody a customer or supplier (§0.1).
  if (contact.isChanged) call.organisation.contacts.put(contact.contact)
  const transaction = { ...change.transaction, contactId: contact.contact.id, updatedAt: call.now }
  const stored = putTransaction(call.organisation, transaction, call.newGuid)
  return { kind: 'stored', view: showBankTransaction(call, stored, 'written'), warnings: change.warnings }
}

/** Stores a transaction and, the first time, the prepayment or overpayment that follows from its type. */
export function putTransaction(
  organisation: Organisation,
  transaction: BankTransaction,
  newGuid: () => string,
): BankTransaction {
  const credit = transaction.creditId === null ? creditFrom(transaction, newGuid) : null
  const stored = credit ? { ...transaction, creditId: credit.id } : transaction
  organisation.bankTransactions.put(stored)
  if (credit) organisation.putCredit(credit)
  return stored
}

function creditFrom(transaction: BankTransaction, newGuid: () => string): Credit | null {
  const {
    id,
    isReconciled: _flag,
    bankAccountId: _bank,
    url: _url,
    creditId: _none,
    type,
    ...facts
  } = transaction
  const fresh = { allocations: [], payments: [], fullyPaidOn: null, bankTransactionId: id } as const
  switch (type) {
    case 'RECEIVE-PREPAYMENT':
    case 'SPEND-PREPAYMENT':
      return { ...facts, ...fresh, kind: 'Prepayment', id: newGuid(), type, status: 'AUTHORISED' }
    case 'RECEIVE-OVERPAYMENT':
    case 'SPEND-OVERPAYMENT':
      return { ...facts, ...fresh, kind: 'Overpayment', id: newGuid(), type, status: 'AUTHORISED' }
    default:
      return null
  }
}

function bankOf(call: Call, element: JsonObject): { account: Account | null; errors: readonly string[] } {
  const sent = objectOf(element, 'BankAccount') ?? {}
  const code = textOf(sent, 'Code')
  const id = textOf(sent, 'AccountID')
  if (code === undefined && id === undefined) return { account: null, errors: [bankTexts.bankMissing] }
  const account =
    id === undefined ? call.organisation.accountByCode(code ?? '') : call.organisation.accounts.get(id)
  if (account?.type !== 'BANK' || account.status !== 'ACTIVE')
    return { account: null, errors: [bankTexts.bankInvalid(code ?? id ?? '')] }
  return { account, errors: [] }
}

function blankTransaction(call: Call, type: BankTransactionType, bank: Account | null): BankTransaction {
  return {
    ...totalsOf([], 'Exclusive', 'away'),
    id: call.newGuid(),
    updatedAt: call.now,
    type,
    status: 'AUTHORISED',
    contactId: '',
    bankAccountId: bank?.id ?? '',
    isReconciled: false,
    date: today(call),
    reference: '',
    url: null,
    lineAmountTypes: call.switches.bankLineAmountTypes,
    currencyCode: bank?.currencyCode ?? call.organisation.profile.baseCurrency,
    currencyRate: e6(1_000_000),
    lines: [],
    creditId: null,
  }
}

const isOverpayment = (type: BankTransactionType) => type.endsWith('-OVERPAYMENT')

interface Change {
  readonly transaction: BankTransaction
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

function apply(call: Call, base: BankTransaction, element: JsonObject): Change {
  const { organisation, switches } = call
  const sentTypes = lineAmountTypes.find((known) => known === textOf(element, 'LineAmountTypes'))
  // An overpayment has no tax, whatever is asked for (§4.6).
  const types = isOverpayment(base.type) ? 'NoTax' : (sentTypes ?? base.lineAmountTypes)
  const read = linesAfter(call, base, element, types)
  const totals = totalsOf(read.lines, types, switches.halfRounding)
  const header = headerAfter(call, base, element)
  const transaction: BankTransaction = {
    ...base,
    ...header,
    ...totals,
    lineAmountTypes: types,
    lines: read.lines,
  }
  const errors = [
    ...tooLong({ ...element, Contact: undefined, LineItems: undefined }, bankTransactionShape),
    ...read.errors,
  ]
  const lock = lockProblem(organisation, transaction.date)
  if (lock !== null) errors.push(lock)
  if (!organisation.hasCurrency(transaction.currencyCode))
    errors.push(texts.currency(transaction.currencyCode))
  if (transaction.url !== null && !isAcceptedUrl(transaction.url)) errors.push(invoiceTexts.urlInvalid)
  if (switches.wrongTotals === 'refused' && !agrees(call, element, transaction))
    errors.push(texts.totalMismatch)
  const makesCredit = base.type !== 'RECEIVE' && base.type !== 'SPEND'
  if (makesCredit && read.errors.length === 0 && transaction.total <= 0) errors.push(bankTexts.total)
  if (transaction.total < 0 && switches.negativeTotal === 'refused') errors.push(texts.negativeTotal)
  return { transaction, errors, warnings: read.warnings }
}

function linesAfter(
  call: Call,
  base: BankTransaction,
  element: JsonObject,
  types: BankTransaction['lineAmountTypes'],
): ReadLines {
  const side = base.type.startsWith('RECEIVE') ? 'sales' : 'purchases'
  const sent = listOf(element, 'LineItems')
  const { lines, lineAmountTypes: typesBefore } = base
  if (sent === undefined) {
    const type = side === 'sales' ? 'ACCREC' : 'ACCPAY'
    return keptLines(call, { type, lines, lineAmountTypes: typesBefore }, types, true)
  }
  const places = call.query.get('unitdp') === '4' ? 4 : 2
  const context: LinesContext = {
    call,
    side,
    types,
    isApproved: true,
    places,
    mayDiscount: false,
    before: lines,
  }
  if (!isOverpayment(base.type)) return readLines(context, sent)
  return readLines({ ...context, accountRule: controlAccountOnly(side) }, sent)
}

/** The one line that may, and must, name the receivables or payables account (§4.6). */
function controlAccountOnly(side: LinesContext['side']): (account: Account) => string | null {
  const wanted = side === 'sales' ? 'DEBTORS' : 'CREDITORS'
  return (account) =>
    account.systemAccount === wanted ? null : texts.accountInvalid(account.code ?? account.name)
}

function headerAfter(call: Call, base: BankTransaction, element: JsonObject) {
  const keepsReference =
    base.type === 'RECEIVE' || base.type === 'SPEND' || call.switches.creditTransactionReference === 'kept'
  const currencyCode = textOf(element, 'CurrencyCode') ?? base.currencyCode
  return {
    date: readDate(textOf(element, 'Date') ?? '') ?? base.date,
    reference: keepsReference ? (textOf(element, 'Reference') ?? base.reference) : base.reference,
    url: textOf(element, 'Url') ?? base.url,
    isReconciled: booleanOf(element, 'IsReconciled') ?? base.isReconciled,
    currencyCode,
    currencyRate: rateAfter(call, base, element, currencyCode),
  }
}
