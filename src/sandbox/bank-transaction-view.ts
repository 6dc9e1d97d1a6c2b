// Bank transactions on the wire: the properties that Xero publishes for them, and how it shows one (§4.6).

import { shownAttachments } from './attachment-view.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import { boolean, choice, date, guid, ignored, list, number, object, type Shape, text } from './body.ts'
import type { Call } from './call.ts'
import { contactShape } from './contact-change.ts'
import { contactStub, writtenContact } from './contact-view.ts'
import { dateFields, msDate } from './dates.ts'
import { zeroGuid } from './guid.ts'
import { lineAmountTypes } from './invoice-record.ts'
import { lineShape } from './invoice-shape.ts'
import { bareContact, sentDates, shownLines, wire } from './invoice-view.ts'
import { type JsonObject, objectOf } from './json.ts'

const bankAccountShape: Shape = {
  name: 'Account',
  fields: { AccountID: guid, Code: text(), Name: ignored, Type: ignored },
}

export const bankTransactionShape: Shape = {
  name: 'BankTransaction',
  fields: {
    Type: choice('BankTransactionType', [
      ...['RECEIVE', 'RECEIVE-OVERPAYMENT', 'RECEIVE-PREPAYMENT', 'RECEIVE-TRANSFER'],
      ...['SPEND', 'SPEND-OVERPAYMENT', 'SPEND-PREPAYMENT', 'SPEND-TRANSFER'],
    ]),
    Contact: object(contactShape),
    LineItems: list(lineShape),
    BankAccount: object(bankAccountShape),
    IsReconciled: boolean,
    Date: date,
    Reference: text(255),
    CurrencyCode: text(),
    CurrencyRate: number,
    Url: text(),
    Status: choice('BankTransactionStatus', ['AUTHORISED', 'DELETED', 'VOIDED']),
    LineAmountTypes: choice('LineAmountType', lineAmountTypes),
    SubTotal: number,
    TotalTax: number,
    Total: number,
    BankTransactionID: guid,
    PrepaymentID: ignored,
    OverpaymentID: ignored,
    UpdatedDateUTC: ignored,
    HasAttachments: ignored,
    StatusAttributeString: ignored,
    ValidationErrors: ignored,
  },
}

export function showBankTransaction(
  call: Call,
  transaction: BankTransaction,
  form: 'written' | 'single' | 'listed' | 'unpaged',
): JsonObject {
  const places = call.query.get('unitdp') === '4' ? 4 : 2
  const bank = call.organisation.accounts.get(transaction.bankAccountId)
  const contact = call.organisation.contacts.get(transaction.contactId)
  const isWhole = form === 'written' || form === 'single'
  return {
    BankTransactionID: transaction.id,
    BankAccount: {
      AccountID: transaction.bankAccountId,
      Code: bank?.code ?? undefined,
      Name: bank?.name,
    },
    Type: transaction.type,
    Reference: transaction.reference,
    IsReconciled: transaction.isReconciled,
    CurrencyRate: transaction.currencyRate / 1_000_000,
    ...creditId(transaction),
    ...(form === 'written'
      ? {}
      : shownAttachments(call, 'BankTransactions', transaction.id, form === 'single')),
    Contact: contact
      ? isWhole
        ? writtenContact(contact)
        : contactStub(contact)
      : { ContactID: transaction.contactId },
    ...dateFields('Date', transaction.date),
    Url: transaction.url ?? undefined,
    Status: transaction.status,
    LineAmountTypes: transaction.lineAmountTypes,
    LineItems: form === 'unpaged' ? [] : shownLines(call, transaction.lines, form === 'listed', places),
    SubTotal: wire(transaction.subTotal),
    TotalTax: wire(transaction.totalTax),
    Total: wire(transaction.total),
    UpdatedDateUTC: msDate(transaction.updatedAt),
    CurrencyCode: transaction.currencyCode,
  }
}

function creditId({ type, creditId: id }: BankTransaction): JsonObject {
  if (id === null) return {}
  return type.endsWith('-PREPAYMENT') ? { PrepaymentID: id } : { OverpaymentID: id }
}

/** The echo of a refusal: what was asked for, over what is stored; the requested status among it (§3.2). */
export function refusedBankTransaction(
  call: Call,
  before: BankTransaction | null,
  sent: JsonObject,
): JsonObject {
  const contact = objectOf(sent, 'Contact')
  const stored = before
    ? {
        Type: before.type,
        Contact: { ContactID: before.contactId, ...bareContact },
        ...dateFields('Date', before.date),
        Status: before.status,
        LineAmountTypes: before.lineAmountTypes,
        LineItems: shownLines(call, before.lines, true, 2),
        Total: wire(before.total),
      }
    : { Contact: bareContact, LineItems: [] }
  return {
    BankAccount: before ? { AccountID: before.bankAccountId } : {},
    ...stored,
    ...sent,
    ...sentDates(sent),
    ...(contact ? { Contact: { ...bareContact, ...contact } } : {}),
    BankTransactionID: before?.id ?? zeroGuid,
  }
}
