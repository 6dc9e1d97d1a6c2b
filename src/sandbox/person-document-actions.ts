// The actions of documents: entering invoices, bills and credit notes, changing what they come to, voiding them.

import { freeCreditNumber } from './credit-note-change.ts'
import { freeNumber } from './invoice-numbers.ts'
import { isCredit, type PaymentTarget } from './payment-record.ts'
import { type Action, type Desk, defineAction, type Field, Mistake } from './person-action.ts'
import { amountField, contactField, dateField, referenceField } from './person-fields.ts'
import { activeContactNamed, documentNamed } from './person-find.ts'
import { pageOf } from './person-money-actions.ts'
import { demandOpenPeriod, demandUntouched, sentenceStart } from './person-rules.ts'
import { moneyText, nameOf } from './person-words.ts'

const totalField = { ...amountField, name: 'total', label: 'Total', says: 'including tax' } as const
const numberField = {
  name: 'number',
  label: 'Number',
  says: 'the next free one if left out',
  kind: 'text',
  isOptional: true,
} as const satisfies Field
const sideField = (first: string, second: string) =>
  ({
    name: 'type',
    label: 'Type',
    says: '',
    kind: 'choice',
    choices: [first, second],
    isOptional: true,
  }) as const

function demandFree(taken: readonly { readonly status: string }[], what: string, number: string): void {
  if (taken.some(({ status }) => status !== 'DELETED'))
    throw new Mistake(`There is ${what} ${number} already.`)
}

const createInvoice = defineAction({
  name: 'create-invoice',
  title: 'Enter invoice or bill',
  says: 'Enters an approved invoice or bill with one line.',
  fields: [contactField, totalField, sideField('invoice', 'bill'), numberField, dateField, referenceField],
  act: (desk, given) => {
    const { organisation } = desk
    const contact = activeContactNamed(organisation, given.text('contact'))
    const type = given.text('type') === 'bill' ? 'ACCPAY' : 'ACCREC'
    const total = given.money('total')
    const date = given.dateOr('date', desk.today)
    demandOpenPeriod(organisation, date)
    const sent = given.text('number')
    if (type === 'ACCREC' && sent !== '')
      demandFree(organisation.invoicesNumbered(type, sent), 'an invoice', sent)
    const number = sent || (type === 'ACCREC' ? freeNumber(desk) : '')
    const reference = given.text('reference')
    const invoice = desk.person.createInvoice({ type, number, reference, contactId: contact.id, date, total })
    return entered(invoice, contact.name)
  },
})

function entered(document: PaymentTarget, contact: string) {
  const money = moneyText(document.total, document.currencyCode)
  return {
    did: `Entered ${nameOf(document)}: ${money}, ${contact}.`,
    id: document.id,
    page: pageOf(document),
  }
}

const credit = defineAction({
  name: 'credit',
  title: 'Enter credit note',
  says: 'Enters an approved credit note with one line.',
  fields: [contactField, totalField, sideField('sales', 'supplier'), numberField, dateField, referenceField],
  act: (desk, given) => {
    const { organisation } = desk
    const contact = activeContactNamed(organisation, given.text('contact'))
    const type = given.text('type') === 'supplier' ? 'ACCPAYCREDIT' : 'ACCRECCREDIT'
    const total = given.money('total')
    const date = given.dateOr('date', desk.today)
    demandOpenPeriod(organisation, date)
    const sent = given.text('number')
    const isSale = type === 'ACCRECCREDIT'
    if (isSale && sent !== '') demandFree(organisation.creditNotesNumbered(type, sent), 'a credit note', sent)
    const number = sent || (isSale ? freeCreditNumber(desk) : '')
    const reference = given.text('reference')
    const wanted = { type, number, reference, contactId: contact.id, date, total } as const
    return entered(desk.person.money.createCreditNote(wanted), contact.name)
  },
})

const documentField = {
  name: 'document',
  label: 'Document',
  says: 'number or id of an invoice, bill or credit note; reference or id of an overpayment or prepayment',
  kind: 'text',
} as const satisfies Field

const editTotal = defineAction({
  name: 'edit-total',
  title: 'Change total',
  says: 'Replaces the lines of an invoice, bill or credit note by one that comes to another total.',
  fields: [documentField, totalField],
  act: (desk, given) => {
    const document = documentNamed(desk.organisation, given.text('document'))
    const total = given.money('total')
    if (isCredit(document) && document.kind !== 'CreditNote')
      throw new Mistake(`The total of ${nameOf(document)} cannot be changed: void it and enter it anew.`)
    demandUntouched(desk.organisation, document)
    if (isCredit(document)) desk.person.money.editCreditNoteTotal(document.id, total)
    else desk.person.editInvoiceTotal(document.id, total)
    const [before, after] = [document.total, total].map((amount) => moneyText(amount, document.currencyCode))
    return {
      did: `${sentenceStart(nameOf(document))} comes to ${after} now; it came to ${before}.`,
      id: document.id,
      page: pageOf(document),
    }
  },
})

const voidDocument = defineAction({
  name: 'void',
  title: 'Void',
  says: 'Voids an approved document that nothing was paid or credited on; a draft is deleted.',
  fields: [documentField],
  act: (desk, given) => {
    const document = documentNamed(desk.organisation, given.text('document'))
    demandUntouched(desk.organisation, document)
    const verb = endOf(desk, document)
    return { did: `${verb} ${nameOf(document)}.`, id: document.id, page: pageOf(document) }
  },
})

function endOf({ person }: Desk, document: PaymentTarget): 'Voided' | 'Deleted' {
  const isDraft = document.status === 'DRAFT' || document.status === 'SUBMITTED'
  if (!isCredit(document)) {
    if (isDraft) person.deleteInvoice(document.id)
    else person.voidInvoice(document.id)
  } else if (document.kind === 'CreditNote') person.money.voidCreditNote(document.id)
  else person.money.voidDeposit(document.id)
  return isDraft ? 'Deleted' : 'Voided'
}

export const documentActions: readonly Action[] = [createInvoice, credit, editTotal, voidDocument]
