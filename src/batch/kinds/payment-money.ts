// What is asked about payments beside themselves, gathered for a page of them: what became of their receipts and of what they are
// applied to, whose money it is, where their documents stand (P1 to P8). What follows from it is mapping/payment-forms.ts.

import { type Books, currencyOf, sideOf } from '../../accounting/books.ts'
import type { LedgerContact, LedgerPayment } from '../../accounting/documents.ts'
import { cents, zeroCents } from '../../accounting/money.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import { readContacts } from '../../ledger/documents.ts'
import { readPayments } from '../../ledger/payments.ts'
import { type ReceiptRow, readReceipts, readSentParts, type SentPart } from '../../ledger/receipts.ts'
import { readStandingParts, type StandingPart } from '../../ledger/standing-parts.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import {
  documentsBeside,
  type FormContext,
  receiptFormOf,
  type SentReceipt,
  sideOfPayment,
} from '../../mapping/payment-forms.ts'
import { type ReceiptFacts, sentReceiptAmount } from '../../mapping/receipt.ts'
import type { CheckScope, StandingParent } from '../scope.ts'
import { movedOfPayment } from './moved-money.ts'
import { booksOfParent } from './parent-form.ts'

/** What is read with: a check's scope, or what stands for it in a run. */
export type MoneyReader = Pick<
  CheckScope,
  'ledger' | 'books' | 'today' | 'planned' | 'assumesPlanned' | 'parents'
>

export interface PaymentMoney {
  /** Every document that the payments are applied to. */
  parents: ReadonlyMap<string, StandingParent>
  /** Payments that are given back by refunds among these, by id. */
  refunded: ReadonlyMap<string, LedgerPayment>
  /** Of a refund: what became of the receipt that it gives back. */
  contextOf(payment: LedgerPayment): FormContext
  /** The receipt as a thing: of the payment itself, or of the one that it refunds. */
  receiptOf(payment: LedgerPayment): ReceiptRow | null
  /** What Xero has of it otherwise than the ledger. */
  movedOf(payment: LedgerPayment): readonly StandingPart[]
}

interface Gathered {
  reader: MoneyReader
  parents: ReadonlyMap<string, StandingParent>
  receipts: ReadonlyMap<string, ReceiptRow>
  parts: ReadonlyMap<string, SentPart[]>
  contacts: ReadonlyMap<string, LedgerContact>
}

export async function gatherMoney(
  reader: MoneyReader,
  payments: readonly LedgerPayment[],
): Promise<PaymentMoney> {
  const { ledger, books } = reader
  const refunded = await readPayments(
    ledger,
    payments.flatMap(({ refundOf }) => refundOf ?? []),
  )
  const all = [...payments, ...refunded.values()]
  const filter = { entity: books.entity.code, payments: all.map(({ id }) => id) }
  const parts = new Map<string, SentPart[]>()
  for (const part of await readSentParts(ledger, filter))
    parts.set(part.payment, [...(parts.get(part.payment) ?? []), part])
  const standing = new Map<string, StandingPart[]>()
  for (const part of await readStandingParts(
    ledger,
    payments.map(({ id }) => id),
  ))
    standing.set(part.of, [...(standing.get(part.of) ?? []), part])
  const gathered: Gathered = {
    reader,
    parents: await reader.parents(
      all.flatMap(({ allocations }) => allocations.map(({ document }) => document)),
    ),
    receipts: await readReceipts(ledger, filter),
    parts,
    contacts: await readContacts(
      ledger,
      all.flatMap(({ contact }) => contact ?? []),
    ),
  }
  const received = (payment: LedgerPayment) =>
    payment.refundOf === null ? payment : (refunded.get(payment.refundOf) ?? null)
  // One receipt may be applied to very many documents, and is then asked for with each.
  const contexts = new Map<string, FormContext>()
  return {
    parents: gathered.parents,
    refunded,
    contextOf: (payment) => {
      const known = contexts.get(payment.id) ?? contextOf(gathered, payment, received(payment))
      contexts.set(payment.id, known)
      return known
    },
    movedOf: (payment) => movedOfPayment(standing.get(payment.id) ?? [], payment, gathered.parents, books),
    receiptOf: (payment) => gathered.receipts.get(received(payment)?.id ?? '') ?? null,
  }
}

function contextOf(
  gathered: Gathered,
  payment: LedgerPayment,
  /** The payment itself, or what it refunds; null where the ledger does not have that. */
  received: LedgerPayment | null,
): FormContext {
  const own = plainContext(gathered, payment)
  if (received === null) return own
  if (received.id === payment.id) return { ...own, receipt: receiptOf(gathered, payment, own) }
  const given = plainContext(gathered, received)
  return {
    ...own,
    side: payment.allocations.length > 0 ? own.side : given.side,
    receipt: receiptOf(gathered, received, given),
  }
}

/** All but the receipt. */
function plainContext(
  { reader, parents, receipts, parts, contacts }: Gathered,
  payment: LedgerPayment,
): FormContext {
  const documents = payment.allocations.flatMap(({ document }) => parents.get(document) ?? [])
  const sale = documents.find(({ facts, kind }) => facts !== null && sideOf(kind) === 'sales')
  const currency = currencyOf(payment, reader.books)
  return {
    books: sale ? booksOfParent(sale, reader.books) : reader.books,
    receipt: null,
    hasOwnJournal: receipts.get(payment.id)?.hasOwnJournal ?? false,
    side: sideOfPayment(
      documents.map(({ kind }) => kind),
      contacts.get(payment.contact ?? '') ?? null,
    ),
    sentAsPayments: new Set(
      (parts.get(payment.id) ?? []).flatMap(({ kind, id, facts }) =>
        kind === 'payment' && !isOfReceipt(facts) ? splitPair(id)[1] : [],
      ),
    ),
    isOneCurrency: documents.every((document) => document.currency === currency),
  }
}

/** What was sent of a payment, as far as it matters here: of an allocation, a payment or a journal. */
interface PartFacts {
  channel?: 'allocations' | 'payments'
  targetKind?: string
  amountCents?: number
}

function readPart(facts: string | null): PartFacts {
  return facts === null ? {} : (JSON.parse(facts) as PartFacts) // written down when it was sent
}

/** Taken off the prepayment or overpayment that the receipt became, and no money of its own. */
function isOfReceipt(facts: string | null): boolean {
  return readPart(facts).channel === 'allocations'
}

function receiptOf(gathered: Gathered, payment: LedgerPayment, context: FormContext): SentReceipt | null {
  const row = gathered.receipts.get(payment.id)
  if (row?.facts && isWrittenDown(row))
    return sentReceipt(row, row.facts, gathered.parts.get(payment.id) ?? [])
  const { planned, assumesPlanned } = gathered.reader
  return assumesPlanned && planned.has(`receipt/${payment.id}`) ? plannedReceipt(payment, context) : null
}

function isWrittenDown({ state }: ReceiptRow): boolean {
  return state === 'sending' || state === 'uncertain' || state === 'exported'
}

function sentReceipt(row: ReceiptRow, sent: string, parts: readonly SentPart[]): SentReceipt {
  const standing = row.state === 'exported' ? 'exported' : 'uncertain'
  if (isSentAsJournal(sent))
    return { form: 'journal', standing, xeroId: null, besides: [], remaining: zeroCents }
  const facts = JSON.parse(sent) as ReceiptFacts // of mapReceipt: a receipt is a journal or a bank transaction
  const isEnded = row.xeroStatus === 'VOIDED' || row.xeroStatus === 'DELETED'
  const taken = parts.map((part) => readPart(part.facts)).filter(isTaken)
  const left = facts.amountCents - taken.reduce((sum, { amountCents }) => sum + (amountCents ?? 0), 0)
  return {
    form: facts.type.endsWith('-PREPAYMENT') ? 'prepayment' : 'overpayment',
    standing,
    xeroId: standing === 'exported' ? row.xeroId : null,
    besides: facts.besides,
    remaining: isEnded ? zeroCents : cents(left),
  }
}

/** Applied from the receipt, or paid back of it. */
function isTaken({ channel, targetKind }: PartFacts): boolean {
  return channel === 'allocations' || targetKind === 'prepayment' || targetKind === 'overpayment'
}

/** As it is about to go out, in a plan. */
function plannedReceipt(payment: LedgerPayment, context: FormContext): SentReceipt | null {
  const form = receiptFormOf(payment, context)
  if (form === 'none') return null
  const planned = { form, standing: 'planned', xeroId: null } as const
  if (form === 'journal') return { ...planned, besides: [], remaining: zeroCents }
  return {
    ...planned,
    besides: documentsBeside(form, payment, context),
    remaining: sentReceiptAmount(payment, { ...context, form }) ?? zeroCents,
  }
}

/** The books as they are for what is applied to this document: in the style that it has in Xero. */
export function booksOnto(parent: StandingParent | null, books: Books): Books {
  return parent === null || sideOf(parent.kind) === 'purchases' ? books : booksOfParent(parent, books)
}
