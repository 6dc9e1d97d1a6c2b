// Accounts: the list, one by id, and PUT, which takes exactly one (§2.3).

import { type Account, accountTypes, classOf } from './account-record.ts'
import { boolean, choice, guid, ignored, parseJson, readObject, type Shape, text, tooLong } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { nameKey } from './contact-record.ts'
import { msDate } from './dates.ts'
import { messages, published } from './elements.ts'
import { zeroGuid } from './guid.ts'
import { booleanOf, type JsonObject, textOf } from './json.ts'
import { listQuery, select } from './listing.ts'
import { notFound, type Reply, validationException } from './reply.ts'
import type { FilterFields } from './where.ts'

const reporting = {
  ASSET: ['ASS', 'Assets'],
  EQUITY: ['EQU', 'Equity'],
  EXPENSE: ['EXP', 'Expense'],
  LIABILITY: ['LIA', 'Liability'],
  REVENUE: ['REV', 'Revenue'],
} as const

function view(account: Account): JsonObject {
  const [code, codeName] = reporting[classOf(account.type)]
  return {
    AccountID: account.id,
    Code: account.code ?? undefined,
    Name: account.name,
    Status: account.status,
    Type: account.type,
    TaxType: account.taxType,
    Description: account.description ?? undefined,
    Class: classOf(account.type),
    // Bank accounts have no such key; others have "" where they are no system account (§0.1, §4.9).
    SystemAccount: account.type === 'BANK' ? undefined : (account.systemAccount ?? ''),
    EnablePaymentsToAccount: account.enablePayments,
    ShowInExpenseClaims: false,
    BankAccountNumber: account.bankAccountNumber ?? undefined,
    BankAccountType: account.type === 'BANK' ? 'BANK' : '',
    CurrencyCode: account.currencyCode ?? undefined,
    ReportingCode: code,
    ReportingCodeName: codeName,
    HasAttachments: false,
    UpdatedDateUTC: msDate(account.updatedAt),
    AddToWatchlist: false,
  }
}

const fields: FilterFields<Account> = {
  AccountID: { type: 'guid', read: (account) => account.id },
  Code: { type: 'text', read: (account) => account.code },
  Name: { type: 'text', read: (account) => account.name },
  Type: { type: 'text', read: (account) => account.type },
  Class: { type: 'text', read: (account) => classOf(account.type) },
  Status: { type: 'text', read: (account) => account.status },
  TaxType: { type: 'text', read: (account) => account.taxType },
  SystemAccount: { type: 'text', read: (account) => account.systemAccount },
  EnablePaymentsToAccount: { type: 'boolean', read: (account) => account.enablePayments },
  UpdatedDateUTC: { type: 'date', read: (account) => account.updatedAt },
}

const shape: Shape = {
  name: 'Account',
  fields: {
    Code: text(10),
    Name: text(150),
    AccountID: guid,
    Type: choice('AccountType', accountTypes),
    BankAccountNumber: text(),
    Status: choice('AccountStatus', ['ACTIVE', 'ARCHIVED', 'DELETED']),
    Description: text(4000),
    BankAccountType: choice('BankAccountType', ['BANK', 'CREDITCARD', 'PAYPAL', 'NONE', '']),
    CurrencyCode: text(),
    TaxType: text(),
    EnablePaymentsToAccount: boolean,
    ShowInExpenseClaims: boolean,
    ReportingCode: text(),
    AddToWatchlist: boolean,
    Class: ignored,
    SystemAccount: ignored,
    ReportingCodeName: ignored,
    HasAttachments: ignored,
    UpdatedDateUTC: ignored,
  },
}

function problems(call: Call, element: JsonObject): string[] {
  const { organisation } = call
  const [name, code, type] = [textOf(element, 'Name'), textOf(element, 'Code'), textOf(element, 'Type')]
  const currency = textOf(element, 'CurrencyCode')
  const found = tooLong(element, shape)
  if (!name) found.push('The Name field is mandatory.')
  else if (organisation.accountsByName.ids(nameKey(name)).length > 0)
    found.push('Please enter a unique Name.')
  if (type === undefined) found.push('The Type field is mandatory.')
  if (code === undefined && type !== 'BANK') found.push('The Code field is mandatory.')
  if (code !== undefined && organisation.accountByCode(code)) found.push('Please enter a unique Code.')
  if (type === 'BANK' && !textOf(element, 'BankAccountNumber'))
    found.push('The BankAccountNumber field is mandatory.')
  if (currency !== undefined && !organisation.hasCurrency(currency)) {
    found.push(`The current organisation is not subscribed to currency '${currency}'.`)
  }
  const taxType = textOf(element, 'TaxType')
  if (taxType !== undefined && organisation.taxRate(taxType)?.status !== 'ACTIVE') {
    found.push(`The TaxType code ${taxType} does not exist or cannot be used for this type of transaction.`)
  }
  return found
}

function create(call: Call): Reply {
  const element = readObject(parseJson(call.body), shape, '', call.switches)
  const errors = problems(call, element)
  if (errors.length > 0) {
    const echo = { AccountID: zeroGuid, ...element, ValidationErrors: messages(errors) }
    return validationException([published(call, echo)])
  }
  const type = accountTypes.find((known) => known === textOf(element, 'Type')) ?? 'EXPENSE'
  const account: Account = {
    id: call.newGuid(),
    updatedAt: call.now,
    code: textOf(element, 'Code') ?? null,
    name: textOf(element, 'Name') ?? '',
    type,
    taxType: textOf(element, 'TaxType') ?? 'NONE',
    status: 'ACTIVE',
    description: textOf(element, 'Description') ?? null,
    systemAccount: null,
    enablePayments: booleanOf(element, 'EnablePaymentsToAccount') ?? false,
    bankAccountNumber: textOf(element, 'BankAccountNumber') ?? null,
    currencyCode:
      type === 'BANK' ? (textOf(element, 'CurrencyCode') ?? call.organisation.profile.baseCurrency) : null,
  }
  call.organisation.accounts.put(account)
  return answerWith(call, 'Accounts', [view(account)])
}

function one(call: Call): Reply {
  const account = call.organisation.accounts.get((call.path['AccountID'] ?? '').toLowerCase())
  return account ? answerWith(call, 'Accounts', [view(account)]) : notFound
}

const scopes = ['accounting.settings']

export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/Accounts',
    scopes,
    query: listQuery,
    answer: (call) =>
      answerWith(call, 'Accounts', select(call, call.organisation.accounts, fields).map(view)),
  },
  { method: 'GET', path: '/Accounts/{AccountID}', scopes, query: [], answer: one },
  { method: 'PUT', path: '/Accounts', scopes, query: [], answer: create },
]
