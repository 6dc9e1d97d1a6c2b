// Parts of payments and credits that Xero has and the ledger has no more, or with less: moved to another document, deleted, lowered, or
// become another kind. They are compared with the ledger here, and asked for in Xero; the rule is validation/moved-money-rules.ts.

import { currencyOf } from '../../accounting/books.ts'
import type { CreditAllocation, LedgerPayment } from '../../accounting/documents.ts'
import { kindNames } from '../../accounting/kinds.ts'
import { type Cents, cents, toBase } from '../../accounting/money.ts'
import { splitPair } from '../../accounting/thing-ids.ts'
import { recordEnded, type StandingPart } from '../../ledger/standing-parts.ts'
import type { AllocationEndpoint } from '../../mapping/allocation.ts'
import { readDocumentFacts } from '../../mapping/document.ts'
import { isSentAsJournal, readJournalFacts, summaryOf } from '../../mapping/journal.ts'
import { refundedAmount, thingKindOf } from '../../mapping/payment-forms.ts'
import { type ReceiptFacts, receiptAmountNow } from '../../mapping/receipt.ts'
import type { MovedMoney } from '../../validation/moved-money-rules.ts'
import type { FoundAllocation } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import type { Channel } from '../channels/channel.ts'
import { channelTable } from '../channels/channel-table.ts'
import { bankTransactions, payments } from '../channels/money.ts'
import { manualJournals } from '../channels/records.ts'
import type { RunContext } from '../context.ts'
import type { CheckScope, StandingParent } from '../scope.ts'
import { formRoutes } from './document-thing.ts'

type Books = CheckScope['books']

/** What was written down with a payment, an allocation, a receipt or a document when it was sent, as far as it is asked here. */
interface SentMoney {
  channel?: string
  endpoint?: AllocationEndpoint
  parentId?: string
  invoiceId?: string
  amountCents?: Cents
  currency?: string
  type?: string
  label?: string
  number?: string | null
}

function readSent(facts: string): SentMoney {
  return JSON.parse(facts) as SentMoney // of the mappings of these
}
/** What a part is on, with its currency in the ledger and as it was sent. */
type Parent = Pick<StandingParent, 'currency' | 'exchangeRate' | 'facts'>
type Parents = ReadonlyMap<string, Parent>

/** Of these parts, all of one payment, those that the ledger has no more as Xero has them. */
export function movedOfPayment(
  parts: readonly StandingPart[],
  payment: LedgerPayment,
  parents: Parents,
  books: Books,
): StandingPart[] {
  const kind = thingKindOf(payment)
  return parts.filter((part) => {
    if (part.entity !== payment.entity) return true
    if (part.kind === 'receipt') return kind !== 'payment' || isReceiptLess(part, payment, books)
    if (part.kind !== kind) return true
    const [, document] = splitPair(part.id)
    const allocation = payment.allocations.find((one) => one.document === document)
    const { exchangeRate } = payment
    if (document === '')
      return isLess(refundedAmount(payment), part.facts, {
        currency: currencyOf(payment, books),
        exchangeRate,
        facts: null,
      })
    return !allocation || isLess(allocation.amount, part.facts, parents.get(document))
  })
}

/** Of these parts, all of one credit, those that the ledger has no more as Xero has them. */
export function movedOfCredit(
  parts: readonly StandingPart[],
  allocations: readonly CreditAllocation[],
  parents: Parents,
): StandingPart[] {
  return parts.filter(({ id, facts }) => {
    const [credit, document] = splitPair(id)
    const allocation = allocations.find((one) => one.credit === credit && one.document === document)
    return !allocation || isLess(allocation.amount, facts, parents.get(document))
  })
}

/** Journals are changed in Xero as they are in the ledger; what was marked at cutover has no amount there that is known. */
function isLess(amount: Cents, facts: string | null, parent: Parent | undefined): boolean {
  if (facts === null || isSentAsJournal(facts) || !parent) return false
  const sent = readMoney(facts)
  const currency = sent.currency ?? currencyInXero(parent)
  if (currency === null || currency === parent.currency) return amount < sent.amount
  // What was converted went by the sums of its document, and may be a cent off what it is by itself.
  return parent.exchangeRate !== null && toBase(amount, parent.exchangeRate) + 1 < sent.amount
}

function currencyInXero({ facts }: Parent): string | null {
  return facts === null || isSentAsJournal(facts) ? null : readDocumentFacts(facts).currency
}

function isReceiptLess({ facts }: StandingPart, payment: LedgerPayment, books: Books): boolean {
  if (facts === null || isSentAsJournal(facts)) return false
  const sent = JSON.parse(facts) as ReceiptFacts // of mapReceipt: a receipt is a journal or a bank transaction
  const slack = currencyOf(payment, books) === sent.currency ? 0 : 1
  return receiptAmountNow(payment, sent, books) + slack < sent.amountCents
}

/** What was sent; its currency is null where it is that of its document. */
function readMoney(facts: string): { amount: Cents; currency: string | null } {
  const sent = readSent(facts)
  if (sent.amountCents !== undefined) return { amount: sent.amountCents, currency: sent.currency ?? null }
  const { totalCents, currency } = readDocumentFacts(facts)
  return { amount: cents(Math.abs(totalCents)), currency }
}

/** As people know it. */
export function movedMoney({ kind, id, facts, isKnown }: StandingPart): MovedMoney {
  const name = kindNames[kind].one
  if (facts === null) return { name: `${name} ${id}`, amount: null, isKnown }
  if (isSentAsJournal(facts)) {
    const { narration, totalDebitCents } = readJournalFacts(facts)
    return summaryOf(facts) === null
      ? { name: `journal “${narration}”`, amount: totalDebitCents, isKnown }
      : { name: `${name} ${id} in a summary of its day`, amount: null, isKnown }
  }
  const { label, type, number } = readSent(facts)
  const amount = readMoney(facts).amount
  if (kind === 'discount') return { name: `credit ${number ?? id}`, amount, isKnown }
  const form = type?.endsWith('-PREPAYMENT') ? 'prepayment' : 'overpayment'
  return { name: `${kind === 'receipt' ? form : name} ${label ?? id}`, amount, isKnown }
}

/**
 * Asks Xero for what was moved, and records what a person deleted, voided or took back there: then nothing stands against sending it
 * anew. True where there was any.
 */
export async function recordEndedParts(
  context: RunContext,
  moved: readonly StandingPart[],
): Promise<boolean> {
  const byId = new Map(moved.map((part) => [`${part.kind}/${part.id}/${part.entity}`, part]))
  const ended: Parameters<typeof recordEnded>[2][number][] = []
  for (const part of byId.values()) {
    const xeroStatus = await endedStatus(context.gateway, part)
    if (xeroStatus !== null) ended.push({ ...part, xeroStatus })
  }
  await recordEnded(context.ledger, context.runId, ended)
  return ended.length > 0
}

/** Null where it stands, or where Xero does not say: only what says DELETED or VOIDED counts as ended (X2). */
async function endedStatus(
  gateway: XeroGateway,
  { kind, isKnown, xeroId, facts }: StandingPart,
): Promise<string | null> {
  if (!isKnown || xeroId === null || facts === null) return null
  const { channel, endpoint, parentId, invoiceId } = readSent(facts)
  if (channel === 'allocations' && endpoint && parentId) {
    const parent = await readParent[endpoint](gateway, parentId)
    // An allocation that was taken back vanishes from its parent.
    const isThere = parent === null || parent.allocations.some((one) => one.invoiceId === invoiceId)
    return isThere && !isEnded(parent?.status) ? null : 'DELETED'
  }
  const found = await channelOfPart(kind, facts)?.findById(gateway, xeroId, facts)
  return isEnded(found?.status) ? (found?.status ?? null) : null
}

function isEnded(status: string | undefined): boolean {
  return status === 'DELETED' || status === 'VOIDED'
}

type FoundParent = { status: string; allocations: readonly FoundAllocation[] } | null

const readParent: Record<AllocationEndpoint, (gateway: XeroGateway, xeroId: string) => Promise<FoundParent>> =
  {
    CreditNotes: (gateway, xeroId) => gateway.creditNoteById(xeroId),
    Prepayments: (gateway, xeroId) => gateway.prepaymentById(xeroId),
    Overpayments: (gateway, xeroId) => gateway.overpaymentById(xeroId),
  }

/** By which way it is found; null for a part of a summary, which is not in Xero by itself. */
function channelOfPart(kind: StandingPart['kind'], facts: string): Channel | null {
  if (isSentAsJournal(facts)) return summaryOf(facts) === null ? manualJournals : null
  if (kind === 'receipt') return bankTransactions
  if (kind === 'discount') return channelTable[formRoutes[readDocumentFacts(facts).form].channel]
  return payments
}
