// The actions of money: payments, refunds, overpayments, prepayments, allocations, and taking them back.

import type { Credit } from './credit-record.ts'
import { isCredit, type PaymentTarget } from './payment-record.ts'
import { type Action, type Desk, type Done, defineAction, type Given } from './person-action.ts'
import {
  amountField,
  bankField,
  contactField,
  creditField,
  dateField,
  invoiceField,
  referenceField,
} from './person-fields.ts'
import {
  activeContactNamed,
  allocationNamed,
  bankAccountNamed,
  creditNamed,
  invoiceNamed,
  paymentAccountNamed,
  paymentNamed,
} from './person-find.ts'
import { demandAllocatable, demandDeletable, demandOpenPeriod, demandPayable } from './person-rules.ts'
import { leftOf, moneyText, nameOf } from './person-words.ts'
import { amountDue, outstanding, paymentTarget } from './settlement.ts'

export function pageOf(document: PaymentTarget): string {
  return `${isCredit(document) ? 'credits' : 'invoices'}/${document.id}`
}

/** The document as it is after something was done to it. */
function again(desk: Desk, { id }: PaymentTarget, kind: Credit['kind'] | 'Invoice'): PaymentTarget {
  const document = paymentTarget(desk.organisation, { kind, id })
  if (!document) throw new Error(`document ${id} vanished`)
  return document
}

const kindOfTarget = (target: PaymentTarget) => (isCredit(target) ? target.kind : 'Invoice')

function payOrRefund(
  desk: Desk,
  target: PaymentTarget,
  given: Given<'amount' | 'date' | 'account' | 'reference'>,
  verb: string,
): Done {
  const amount = given.moneyOr('amount', outstanding(target))
  const date = given.dateOr('date', desk.today)
  demandPayable(desk.organisation, target, amount, date)
  const accountCode = given.text('account') || '090'
  paymentAccountNamed(desk.organisation, accountCode)
  const wanted = { amount, date, accountCode, reference: given.text('reference') }
  const { money } = desk.person
  const { id } = isCredit(target) ? money.refund(target.id, wanted) : money.pay(target.id, wanted)
  const left = leftOf(again(desk, target, kindOfTarget(target)))
  const did = `${verb} ${moneyText(amount, target.currencyCode)} ${isCredit(target) ? 'of' : 'on'} ${nameOf(target)}; ${left}.`
  return { did, id, page: pageOf(target) }
}

const amountOrAll = {
  ...amountField,
  says: `${amountField.says}; all that is left if left out`,
  isOptional: true,
} as const

const pay = defineAction({
  name: 'pay',
  title: 'Pay',
  says: 'Pays an invoice or bill.',
  fields: [invoiceField, amountOrAll, dateField, bankField, referenceField],
  act: (desk, given) =>
    payOrRefund(desk, invoiceNamed(desk.organisation, given.text('invoice')), given, 'Paid'),
})

const refund = defineAction({
  name: 'refund',
  title: 'Refund',
  says: 'Pays back what is left of a credit note, overpayment or prepayment, or some of it.',
  fields: [creditField, amountOrAll, dateField, bankField, referenceField],
  act: (desk, given) =>
    payOrRefund(desk, creditNamed(desk.organisation, given.text('credit')), given, 'Refunded'),
})

function deleteMoney(desk: Desk, name: string, what: 'payment' | 'refund'): Done {
  const payment = paymentNamed(desk.organisation, name, what)
  demandDeletable(desk.organisation, payment)
  const target = paymentTarget(desk.organisation, payment.target)
  if (!target) throw new Error(`payment ${payment.id} has no document`)
  desk.person.money.deletePayment(payment.id)
  const amount = moneyText(payment.amount, target.currencyCode)
  const left = leftOf(again(desk, target, payment.target.kind))
  return {
    did: `Deleted the ${what} of ${amount} on ${nameOf(target)}; ${left}.`,
    id: payment.id,
    page: pageOf(target),
  }
}

const deletePayment = defineAction({
  name: 'delete-payment',
  title: 'Delete payment',
  says: 'Deletes a payment of an invoice or bill.',
  fields: [
    {
      name: 'payment',
      label: 'Payment',
      says: 'its id, or the number of the invoice or bill that it is the only payment of',
      kind: 'text',
    },
  ],
  act: (desk, given) => deleteMoney(desk, given.text('payment'), 'payment'),
})

const deleteRefund = defineAction({
  name: 'delete-refund',
  title: 'Delete refund',
  says: 'Deletes a refund of a credit note, overpayment or prepayment.',
  fields: [
    {
      name: 'refund',
      label: 'Refund',
      says: 'its id, or the number of the credit that it is the only refund of',
      kind: 'text',
    },
  ],
  act: (desk, given) => deleteMoney(desk, given.text('refund'), 'refund'),
})

const directionField = {
  name: 'direction',
  label: 'Direction',
  says: 'received from a customer, or spent to a supplier',
  kind: 'choice',
  choices: ['received', 'spent'],
  isOptional: true,
} as const

const depositFields = [
  contactField,
  amountField,
  directionField,
  dateField,
  bankField,
  referenceField,
] as const
type DepositField = (typeof depositFields)[number]['name']

function deposit(desk: Desk, given: Given<DepositField>, kind: 'overpay' | 'prepay'): Done {
  const contact = activeContactNamed(desk.organisation, given.text('contact'))
  const total = given.money('amount')
  const date = given.dateOr('date', desk.today)
  demandOpenPeriod(desk.organisation, date)
  const bank = bankAccountNamed(desk.organisation, given.text('account') || '090')
  const credit = desk.person.money[kind]({
    contactId: contact.id,
    total,
    date,
    direction: given.text('direction') === 'spent' ? 'SPEND' : 'RECEIVE',
    reference: given.text('reference'),
    bankAccountCode: bank.code ?? '',
    ...(bank.currencyCode === null ? {} : { currencyCode: bank.currencyCode }),
  })
  return {
    did: `Entered the ${nameOf(credit)}: ${moneyText(total, credit.currencyCode)}, ${contact.name}.`,
    id: credit.id,
    page: pageOf(credit),
  }
}

const overpay = defineAction({
  name: 'overpay',
  title: 'Enter overpayment',
  says: 'Enters money above what was owed.',
  fields: depositFields,
  act: (desk, given) => deposit(desk, given, 'overpay'),
})

const prepay = defineAction({
  name: 'prepay',
  title: 'Enter prepayment',
  says: 'Enters money ahead of an invoice or bill.',
  fields: depositFields,
  act: (desk, given) => deposit(desk, given, 'prepay'),
})

const allocate = defineAction({
  name: 'allocate',
  title: 'Allocate',
  says: 'Sets a credit note, overpayment or prepayment against an invoice or bill.',
  fields: [
    creditField,
    invoiceField,
    { ...amountOrAll, says: 'as much as both sides allow if left out' },
    dateField,
  ],
  act: (desk, given) => {
    const { organisation } = desk
    const credit = creditNamed(organisation, given.text('credit'))
    const invoice = invoiceNamed(organisation, given.text('invoice'))
    const both = outstanding(credit) < amountDue(invoice) ? outstanding(credit) : amountDue(invoice)
    const amount = given.moneyOr('amount', both)
    const date = given.dateOr('date', desk.today)
    demandAllocatable(organisation, credit, invoice, amount, date)
    const { id } = desk.person.money.allocate(credit.id, invoice.id, { amount, date })
    const left = `${leftOf(again(desk, invoice, 'Invoice'))}, ${leftOf(again(desk, credit, credit.kind))}`
    const money = moneyText(amount, credit.currencyCode)
    return {
      did: `Set ${money} of ${nameOf(credit)} against ${nameOf(invoice)}; ${left}.`,
      id,
      page: pageOf(credit),
    }
  },
})

const removeAllocation = defineAction({
  name: 'remove-allocation',
  title: 'Remove allocation',
  says: 'Takes an allocation back.',
  fields: [
    creditField,
    invoiceField,
    {
      name: 'allocation',
      label: 'Allocation',
      says: 'its id, where there are several between the two',
      kind: 'text',
      isOptional: true,
    },
  ],
  act: (desk, given) => {
    const { organisation } = desk
    const credit = creditNamed(organisation, given.text('credit'))
    const invoice = invoiceNamed(organisation, given.text('invoice'))
    const { id, amount, date } = allocationNamed(credit, invoice, given.text('allocation'))
    demandOpenPeriod(organisation, date)
    desk.person.money.removeAllocation(credit.id, id)
    const left = `${leftOf(again(desk, invoice, 'Invoice'))}, ${leftOf(again(desk, credit, credit.kind))}`
    const money = moneyText(amount, credit.currencyCode)
    return {
      did: `Took ${money} of ${nameOf(credit)} off ${nameOf(invoice)}; ${left}.`,
      id,
      page: pageOf(credit),
    }
  },
})

export const moneyActions: readonly Action[] = [
  pay,
  deletePayment,
  overpay,
  prepay,
  allocate,
  removeAllocation,
  refund,
  deleteRefund,
]
