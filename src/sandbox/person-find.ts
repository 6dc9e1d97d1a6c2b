// Finds what a person names, by id or by number. What is not there, or not the only one of its number, is a Mistake that
// says so.

import type { Account } from './account-record.ts'
import { type Contact, nameKey } from './contact-record.ts'
import type { Allocation, Credit } from './credit-record.ts'
import { isGuid } from './guid.ts'
import { type Invoice, numberKey } from './invoice-record.ts'
import type { Organisation } from './organisation.ts'
import type { Payment, PaymentTarget } from './payment-record.ts'
import { Mistake } from './person-action.ts'
import { moneyText, nameOf } from './person-words.ts'

const isLive = ({ status }: { readonly status: string }) => status !== 'VOIDED' && status !== 'DELETED'

/** The one, or the one that still stands; otherwise why not. */
function only<T extends { readonly id: string; readonly status: string }>(
  candidates: readonly T[],
  what: string,
  tell: (candidate: T) => string,
): T {
  const live = candidates.filter(isLive)
  const [chosen, ...others] = live.length > 0 ? live : candidates
  if (!chosen) throw new Mistake(`There is no ${what} in Xero.`)
  if (others.length === 0) return chosen
  const list = [chosen, ...others].map((one) => `${tell(one)} has the id ${one.id}`).join('; ')
  throw new Mistake(`There is more than one ${what}: name it by its id. ${list}.`)
}

/** An invoice or bill. */
export function invoiceNamed(organisation: Organisation, name: string): Invoice {
  return only(invoicesNamed(organisation, name), `invoice or bill “${name}”`, nameOf)
}

function invoicesNamed(organisation: Organisation, name: string): Invoice[] {
  if (isGuid(name)) {
    const invoice = organisation.invoices.get(name.toLowerCase())
    return invoice ? [invoice] : []
  }
  return [...organisation.invoicesNumbered('ACCREC', name), ...organisation.invoicesNumbered('ACCPAY', name)]
}

/** A credit note by number or id; prepayments and overpayments by reference or id. */
export function creditNamed(organisation: Organisation, name: string): Credit {
  return only(creditsNamed(organisation, name), `credit note, overpayment or prepayment “${name}”`, nameOf)
}

function creditsNamed(organisation: Organisation, name: string): Credit[] {
  const { creditNotes, prepayments, overpayments } = organisation
  if (isGuid(name)) {
    const id = name.toLowerCase()
    const credit = creditNotes.get(id) ?? prepayments.get(id) ?? overpayments.get(id)
    return credit ? [credit] : []
  }
  const deposits = [...prepayments.all(), ...overpayments.all()]
  return [
    ...organisation.creditNotesNumbered('ACCRECCREDIT', name),
    ...organisation.creditNotesNumbered('ACCPAYCREDIT', name),
    ...deposits.filter(({ reference }) => numberKey(reference) === numberKey(name)),
  ]
}

/** Any of them. */
export function documentNamed(organisation: Organisation, name: string): PaymentTarget {
  const candidates: PaymentTarget[] = [
    ...invoicesNamed(organisation, name),
    ...creditsNamed(organisation, name),
  ]
  return only(candidates, `document “${name}”`, nameOf)
}

/** By its id, or by the document that has it as its only one. */
export function paymentNamed(organisation: Organisation, name: string, kind: 'payment' | 'refund'): Payment {
  const byId = isGuid(name) ? organisation.payments.get(name.toLowerCase()) : undefined
  const payment = byId ?? paymentOn(organisation, name, kind)
  const isRefund = payment.target.kind !== 'Invoice'
  if (isRefund && kind === 'payment') throw new Mistake('That is a refund: delete it as one.')
  if (!isRefund && kind === 'refund')
    throw new Mistake('That is a payment of an invoice or bill: delete it as one.')
  return payment
}

function paymentOn(organisation: Organisation, name: string, kind: 'payment' | 'refund'): Payment {
  const document = kind === 'payment' ? invoiceNamed(organisation, name) : creditNamed(organisation, name)
  const payments = document.payments.flatMap(({ id }) => organisation.payments.get(id) ?? [])
  const what = `${kind} of ${nameOf(document)}`
  return only(payments, what, ({ amount, date }) => `${moneyText(amount, document.currencyCode)} of ${date}`)
}

/** Of this credit to this invoice; by its id where there are several. */
export function allocationNamed(credit: Credit, invoice: Invoice, id: string): Allocation {
  const between = credit.allocations.filter(({ invoiceId }) => invoiceId === invoice.id)
  const candidates = id === '' ? between : between.filter((one) => one.id === id.toLowerCase())
  const what = `allocation of ${nameOf(credit)} to ${nameOf(invoice)}`
  const chosen = only(
    candidates.map((one) => ({ ...one, status: 'AUTHORISED' })),
    what,
    ({ amount, date }) => `${moneyText(amount, credit.currencyCode)} of ${date}`,
  )
  return chosen
}

/** By id, by number, or by name ignoring case. */
export function contactNamed(organisation: Organisation, name: string): Contact {
  const byKey = isGuid(name)
    ? organisation.contacts.get(name.toLowerCase())
    : organisation.contactByNumber(name)
  const contact = byKey ?? organisation.contactByActiveName(name) ?? archivedNamed(organisation, name)
  if (!contact) throw new Mistake(`There is no contact “${name}” in Xero.`)
  return contact
}

function archivedNamed(organisation: Organisation, name: string): Contact | undefined {
  return organisation.contacts.all().findLast((contact) => nameKey(contact.name) === nameKey(name))
}

/** Nothing new is entered for an archived one. */
export function activeContactNamed(organisation: Organisation, name: string): Contact {
  const contact = contactNamed(organisation, name)
  if (contact.status === 'ACTIVE') return contact
  throw new Mistake(`Contact ${contact.name} is archived: restore it first.`)
}

export function accountNamed(organisation: Organisation, code: string): Account {
  const account = organisation.accountByCode(code)
  if (!account) throw new Mistake(`There is no account ${code} in Xero’s chart.`)
  if (account.status === 'ARCHIVED') throw new Mistake(`Account ${code} (${account.name}) is archived.`)
  return account
}

/** A bank account, or another with payments enabled (§4.5). */
export function paymentAccountNamed(organisation: Organisation, code: string): Account {
  const account = accountNamed(organisation, code)
  if (account.type === 'BANK' || account.enablePayments) return account
  throw new Mistake(`Account ${code} (${account.name}) is no bank account and takes no payments.`)
}

export function bankAccountNamed(organisation: Organisation, code: string): Account {
  const account = accountNamed(organisation, code)
  if (account.type === 'BANK') return account
  throw new Mistake(`Account ${code} (${account.name}) is no bank account.`)
}
