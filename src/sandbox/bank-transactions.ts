// Bank transactions: the list, one, PUT creates, POST creates or edits, POST /{id} edits (§3.1, §4.6).

import { bankTexts, createBankTransaction, editBankTransaction } from './bank-transaction-change.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import { bankTransactionShape, refusedBankTransaction, showBankTransaction } from './bank-transaction-view.ts'
import { readElements, UnreadableBody } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { msOfDate } from './dates.ts'
import { type Verdict, writeElements } from './elements.ts'
import { type JsonObject, textOf } from './json.ts'
import { checkUnitDp, listQuery, paged, pageQuery, select } from './listing.ts'
import type { Organisation } from './organisation.ts'
import { notFound, type Reply } from './reply.ts'
import type { FilterFields } from './where.ts'

function fieldsOf(organisation: Organisation): FilterFields<BankTransaction> {
  const bank = (transaction: BankTransaction) => organisation.accounts.get(transaction.bankAccountId)
  const contact = (transaction: BankTransaction) => organisation.contacts.get(transaction.contactId)
  return {
    BankTransactionID: { type: 'guid', read: (transaction) => transaction.id },
    Type: { type: 'text', read: (transaction) => transaction.type },
    Status: { type: 'text', read: (transaction) => transaction.status },
    Reference: { type: 'text', read: (transaction) => transaction.reference },
    Date: { type: 'date', read: (transaction) => msOfDate(transaction.date) },
    UpdatedDateUTC: { type: 'date', read: (transaction) => transaction.updatedAt },
    Total: { type: 'number', read: (transaction) => transaction.total / 100 },
    IsReconciled: { type: 'boolean', read: (transaction) => transaction.isReconciled },
    CurrencyCode: { type: 'text', read: (transaction) => transaction.currencyCode },
    'BankAccount.AccountID': { type: 'guid', read: (transaction) => transaction.bankAccountId },
    'BankAccount.Code': { type: 'text', read: (transaction) => bank(transaction)?.code ?? null },
    'Contact.ContactID': { type: 'guid', read: (transaction) => transaction.contactId },
    'Contact.Name': { type: 'text', read: (transaction) => contact(transaction)?.name ?? null },
  }
}

const key = 'BankTransactions'

function all(call: Call): Reply {
  checkUnitDp(call)
  const found = select(call, call.organisation.bankTransactions, fieldsOf(call.organisation))
  if (!pageQuery.some((name) => call.query.has(name)))
    return answerWith(
      call,
      key,
      found.map((transaction) => showBankTransaction(call, transaction, 'unpaged')),
    )
  const { rows, page } = paged(call, found)
  return answerWith(
    call,
    key,
    rows.map((transaction) => showBankTransaction(call, transaction, 'listed')),
    page,
  )
}

function named(call: Call): BankTransaction | undefined {
  return call.organisation.bankTransactions.get((call.path['BankTransactionID'] ?? '').toLowerCase())
}

function one(call: Call): Reply {
  checkUnitDp(call)
  const transaction = named(call)
  return transaction ? answerWith(call, key, [showBankTransaction(call, transaction, 'single')]) : notFound
}

// The description gives bank transactions no flag of their own.
const kind = { key, flag: null } as const

function elements(call: Call): readonly JsonObject[] {
  checkUnitDp(call)
  return readElements(call.body, key, bankTransactionShape, call.switches)
}

function create(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) =>
    element['BankTransactionID'] === undefined
      ? createBankTransaction(call, element)
      : refused(call, element, bankTexts.notValid),
  )
}

/** They have no number: without an id every POST makes another one. */
function upsert(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    const id = textOf(element, 'BankTransactionID')
    if (id === undefined) return createBankTransaction(call, element)
    const transaction = call.organisation.bankTransactions.get(id)
    return transaction
      ? editBankTransaction(call, transaction, element)
      : refused(call, element, bankTexts.unknown)
  })
}

function update(call: Call): Reply {
  const transaction = named(call)
  if (!transaction) return notFound
  const [element, ...others] = elements(call)
  if (!element || others.length > 0) throw new UnreadableBody('Exactly one bank transaction is expected.')
  return writeElements(call, kind, [element], (sent) => editBankTransaction(call, transaction, sent))
}

function refused(call: Call, element: JsonObject, ...errors: string[]): Verdict {
  return { kind: 'refused', echo: refusedBankTransaction(call, null, element), errors }
}

const scopes = ['accounting.banktransactions']
const path = '/BankTransactions/{BankTransactionID}'
const writing = ['summarizeErrors', 'unitdp']

export const bankTransactionRoutes: readonly Route[] = [
  { method: 'GET', path: `/${key}`, scopes, query: [...listQuery, ...pageQuery, 'unitdp'], answer: all },
  { method: 'GET', path, scopes, query: ['unitdp'], answer: one },
  { method: 'PUT', path: `/${key}`, scopes, query: writing, answer: create },
  { method: 'POST', path: `/${key}`, scopes, query: writing, answer: upsert },
  { method: 'POST', path, scopes, query: ['unitdp'], answer: update },
]
