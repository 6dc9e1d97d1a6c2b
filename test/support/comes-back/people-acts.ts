// What people do in Xero about money that the ledger hears of: they pay, overpay, allocate, give back, and take back what they or
// we did. Only what Xero's web pages let them do.

import { cents } from '../../../src/accounting/money.ts'
import { type Credit, isUsed, remainingCredit, sideOfCredit } from '../../../src/sandbox/credit-record.ts'
import { hasAllocations, type Invoice } from '../../../src/sandbox/invoice-record.ts'
import type { Payment } from '../../../src/sandbox/payment-record.ts'
import { amountDue } from '../../../src/sandbox/settlement.ts'
import { byPerson } from '../promises/watched.ts'
import { isTheirs } from './linked.ts'
import { allocateQuietly, removeQuietly } from './quiet-allocations.ts'
import type { Act, Scene } from './scene.ts'

const short = (id: string) => id.slice(0, 4)
const whose = (scene: Scene, one: { id: string }) => (isTheirs(scene.world, one) ? 'their' : 'our')

function nameOf(document: Invoice | Credit): string {
  const number = 'kind' in document && document.kind !== 'CreditNote' ? '' : document.number
  return number || `${'kind' in document ? document.kind : document.type} ${short(document.id)}`
}

function openInvoices({ world }: Scene): Invoice[] {
  return world.sandbox.invoices().filter((one) => one.status === 'AUTHORISED' && amountDue(one) > 0)
}

function credits({ world: { sandbox } }: Scene): Credit[] {
  return [...sandbox.creditNotes(), ...sandbox.prepayments(), ...sandbox.overpayments()]
}

function openCredits(scene: Scene): Credit[] {
  return credits(scene).filter((one) => one.status === 'AUTHORISED' && remainingCredit(one) > 0)
}

function some({ c }: Scene, of: number): number {
  return c.one([of, of, Math.ceil(of / 2), Math.ceil(of / 3), 1])
}

const pays: Act = (scene) => {
  const invoice = scene.c.any(openInvoices(scene))
  if (!invoice) return null
  const amount = some(scene, amountDue(invoice))
  scene.person(({ money }) => money.pay(invoice.id, { amount: cents(amount), reference: byPerson }))
  return `pays ${amount} of ${nameOf(invoice)}`
}

function deletes(words: string, is: (scene: Scene, payment: Payment) => boolean): Act {
  return (scene) => {
    const all = scene.world.sandbox.payments().filter((one) => one.status !== 'DELETED' && is(scene, one))
    const payment = scene.c.any(all)
    if (!payment) return null
    scene.person(({ money }) => money.deletePayment(payment.id))
    return `deletes ${words} of ${payment.amount} (${short(payment.id)})`
  }
}

function takes(kind: 'overpay' | 'prepay'): Act {
  return (scene) => {
    const contact = scene.c.any(scene.world.sandbox.contacts().filter(({ status }) => status === 'ACTIVE'))
    if (!contact) return null
    const total = cents(scene.c.whole(1, 9_000))
    const direction = scene.c.one(['RECEIVE', 'RECEIVE', 'SPEND'] as const)
    const made = scene.person(({ money }) =>
      money[kind]({ contactId: contact.id, total, direction, reference: byPerson }),
    )
    return `${kind}s ${total} (${direction.toLowerCase()}) for ${contact.name} (${short(made.id)})`
  }
}

const credit: Act = (scene) => {
  const contact = scene.c.any(scene.world.sandbox.contacts().filter(({ status }) => status === 'ACTIVE'))
  if (!contact) return null
  const total = cents(scene.c.whole(1, 9_000))
  const type = scene.c.one(['ACCRECCREDIT', 'ACCRECCREDIT', 'ACCPAYCREDIT'] as const)
  const made = scene.person(({ money }) =>
    money.createCreditNote({ contactId: contact.id, total, type, number: `X-${total}` }),
  )
  return `makes ${type} ${short(made.id)} of ${total} for ${contact.name}`
}

const allocates: Act = (scene) => {
  const { c } = scene
  const found = c.any(
    openCredits(scene).flatMap((one) =>
      openInvoices(scene)
        .filter(
          (invoice) =>
            invoice.contactId === one.contactId &&
            invoice.currencyCode === one.currencyCode &&
            (sideOfCredit(one) === 'sales') === (invoice.type === 'ACCREC'),
        )
        .map((invoice) => [one, invoice] as const),
    ),
  )
  if (!found) return null
  const [one, invoice] = found
  const amount = cents(some(scene, Math.min(remainingCredit(one), amountDue(invoice))))
  const moves = allocateQuietly(scene, one, invoice, amount)
  return `allocates ${amount} of ${whose(scene, one)} ${nameOf(one)} to ${nameOf(invoice)}${moves}`
}

const removes: Act = (scene) => {
  const found = scene.c.any(
    credits(scene).flatMap((one) => one.allocations.map((part) => [one, part] as const)),
  )
  if (!found) return null
  const [one, part] = found
  const moves = removeQuietly(scene, one, part)
  const invoice = scene.world.sandbox.invoices().find(({ id }) => id === part.invoiceId)
  return `takes ${part.amount} of ${whose(scene, one)} ${nameOf(one)} off ${invoice ? nameOf(invoice) : 'nothing'}${moves}`
}

const refunds: Act = (scene) => {
  const one = scene.c.any(openCredits(scene))
  if (!one) return null
  const amount = cents(some(scene, remainingCredit(one)))
  scene.person(({ money }) => money.refund(one.id, { amount, reference: byPerson }))
  return `gives ${amount} of ${whose(scene, one)} ${nameOf(one)} back`
}

const voidsCredit: Act = (scene) => {
  const one = scene.c.any(credits(scene).filter((any) => any.status === 'AUTHORISED' && !isUsed(any)))
  if (!one) return null
  scene.person(({ money }) =>
    one.kind === 'CreditNote' ? money.voidCreditNote(one.id) : money.voidDeposit(one.id),
  )
  return `voids ${whose(scene, one)} ${nameOf(one)} of ${one.total}`
}

const editsTotal: Act = (scene) => {
  const invoice = scene.c.any(openInvoices(scene))
  if (!invoice) return null
  const used = invoice.total - amountDue(invoice)
  const total = cents(used + scene.c.whole(1, 15_000))
  scene.person((person) => person.editInvoiceTotal(invoice.id, total))
  return `makes ${nameOf(invoice)} ${total} instead of ${invoice.total}`
}

const voidsInvoice: Act = (scene) => {
  const invoice = scene.c.any(openInvoices(scene).filter((one) => !hasAllocations(one)))
  if (!invoice) return null
  scene.person((person) => person.voidInvoice(invoice.id))
  return `voids ${nameOf(invoice)}`
}

/** A change that says nothing about money, and moves the date all the same. */
const touches: Act = (scene) => {
  const invoice = scene.c.any(scene.world.sandbox.invoices().filter(({ status }) => status !== 'VOIDED'))
  if (!invoice) return null
  scene.person((person) => person.editInvoice(invoice.id, { reference: `seen ${scene.c.whole(1, 99)}` }))
  return `writes a reference on ${nameOf(invoice)}`
}

const reconciles: Act = (scene) => {
  const payment = scene.c.any(scene.world.sandbox.payments().filter(({ status }) => status !== 'DELETED'))
  if (!payment) return null
  scene.person(({ money }) => money.reconcile(payment.id))
  return `reconciles ${whose(scene, payment)} payment of ${payment.amount}`
}

/** An invoice that is no business of the ledger's, and paid. */
const invoices: Act = (scene) => {
  const contact = scene.c.any(scene.world.sandbox.contacts().filter(({ status }) => status === 'ACTIVE'))
  if (!contact) return null
  const total = cents(scene.c.whole(1, 9_000))
  scene.person((person) => {
    const { id } = person.createInvoice({ contactId: contact.id, total, number: `theirs ${total}` })
    person.money.pay(id, { amount: cents(1), reference: byPerson })
  })
  return `invoices ${contact.name} ${total}`
}

const merges: Act = (scene) => {
  const active = scene.world.sandbox.contacts().filter(({ status }) => status === 'ACTIVE')
  const from = scene.c.any(active)
  const into = scene.c.any(active.filter(({ id }) => id !== from?.id))
  if (!from || !into) return null
  scene.person((person) => person.mergeContact(from.id, into.id))
  return `merges ${from.name} into ${into.name}`
}

const archives: Act = (scene) => {
  const all = scene.world.sandbox.contacts()
  const contact = scene.c.any(
    all.filter(
      (one) =>
        one.mergedTo === null &&
        // A name is taken once (§4.2): another one may have it by now.
        !all.some(({ id, status, name }) => id !== one.id && status === 'ACTIVE' && name === one.name),
    ),
  )
  if (!contact) return null
  const isActive = contact.status === 'ACTIVE'
  scene.person((person) => (isActive ? person.archiveContact(contact.id) : person.restoreContact(contact.id)))
  return `${isActive ? 'archives' : 'restores'} ${contact.name}`
}

const ours = (scene: Scene, one: Payment) => !isTheirs(scene.world, one)

/** Acts with how often they come up. */
export const peopleActs: readonly (readonly [string, number, Act])[] = [
  ['pays', 6, pays],
  ['deletes-theirs', 2, deletes('their payment', (scene, one) => !ours(scene, one))],
  ['deletes-ours', 3, deletes('our payment', ours)],
  ['overpays', 2, takes('overpay')],
  ['prepays', 2, takes('prepay')],
  ['credits', 2, credit],
  ['allocates', 6, allocates],
  ['removes', 4, removes],
  ['gives-back', 2, refunds],
  ['voids-credit', 1, voidsCredit],
  ['edits-total', 1.5, editsTotal],
  ['voids-invoice', 0.7, voidsInvoice],
  ['touches', 1, touches],
  ['reconciles', 0.7, reconciles],
  ['invoices', 0.7, invoices],
  ['merges', 0.4, merges],
  ['archives', 0.3, archives],
]
