// What applies a credit to a document, read from the ledger: rows of credit_allocation (N2), and payment discounts, whose credit
// auxo-sync made itself (N4). Both are one thing to the rules and to Xero. What becomes of them is allocation.ts.

import type { CreditAllocation, LedgerPayment } from '../../accounting/documents.ts'
import { type Cents, cents, type E6 } from '../../accounting/money.ts'
import { pairId, splitPair } from '../../accounting/thing-ids.ts'
import { readStandings, type StandingRow } from '../../ledger/parents.ts'
import { readCreditAllocations, readPayments } from '../../ledger/payments.ts'
import { readStandingAllocations, type StandingPart } from '../../ledger/standing-parts.ts'
import { readDocumentFacts } from '../../mapping/document.ts'
import { rowHash } from '../../mapping/facts.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { paymentDateOf } from '../../mapping/payment.ts'
import type { Parent } from '../../validation/context.ts'
import type { CheckScope, StandingParent } from '../scope.ts'
import { movedOfCredit } from './moved-money.ts'

export type AllocationKind = 'allocation' | 'discount_allocation'

/** A credit as an allocation sees it. */
export type AllocatedCredit = Parent & Pick<StandingParent, 'facts' | 'createdIn' | 'exchangeRate'>

export interface AllocationPair {
  id: string
  allocation: CreditAllocation
  credit: AllocatedCredit | null
  document: StandingParent | null
  /** What Xero has of the credit's allocations otherwise than the ledger. */
  moved: readonly StandingPart[]
  /** Of what the ledger says of it. */
  factsHash: string
}

/** What is read with: a check's scope, or what stands for it in a run. */
export type PairReader = Pick<CheckScope, 'ledger' | 'books' | 'planned' | 'assumesPlanned' | 'parents'>

/** The pairs with these ids; those that the ledger does not have any more are left out. */
export function readPairs(
  reader: PairReader,
  kind: AllocationKind,
  ids: readonly string[],
): Promise<Map<string, AllocationPair>> {
  return kind === 'allocation' ? readAllocationPairs(reader, ids) : readDiscountPairs(reader, ids)
}

async function readAllocationPairs(
  reader: PairReader,
  ids: readonly string[],
): Promise<Map<string, AllocationPair>> {
  const wanted = new Set(ids)
  const credits = [...new Set(ids.map((id) => splitPair(id)[0]))]
  const rows = await readCreditAllocations(reader.ledger, credits)
  const allocations = rows.filter(({ credit, document }) => wanted.has(pairId(credit, document)))
  const parents = await reader.parents(allocations.flatMap(({ credit, document }) => [credit, document]))
  const standing = await readStandingAllocations(reader.ledger, credits)
  const moved = movedOfCredit(standing, rows, parents)
  return new Map(
    allocations.map((allocation) => {
      const id = pairId(allocation.credit, allocation.document)
      const { amount, date } = allocation
      return [
        id,
        {
          id,
          allocation,
          credit: parents.get(allocation.credit) ?? null,
          document: parents.get(allocation.document) ?? null,
          moved: moved.filter(({ of }) => of === allocation.credit),
          factsHash: rowHash({ amount, date }),
        },
      ]
    }),
  )
}

async function readDiscountPairs(
  reader: PairReader,
  ids: readonly string[],
): Promise<Map<string, AllocationPair>> {
  const { ledger, books } = reader
  const payments = await readPayments(
    ledger,
    ids.map((id) => splitPair(id)[0]),
  )
  const parents = await reader.parents(ids.map((id) => splitPair(id)[1]))
  const standings = await readStandings(ledger, { entity: books.entity.code, kind: 'discount', ids })
  const pairs = new Map<string, AllocationPair>()
  for (const id of ids) {
    const [paymentId, documentId] = splitPair(id)
    const payment = payments.get(paymentId)
    const allocation = payment?.allocations.find(({ document }) => document === documentId)
    if (!payment || !allocation || payment.kind !== 'discount') continue
    const { amount } = allocation
    const date = paymentDateOf(payment, allocation)
    const document = parents.get(documentId) ?? null
    const discount = { payment, amount, standing: standings.get(id) }
    pairs.set(id, {
      id,
      allocation: { credit: id, document: documentId, amount, date, origin: 'ledger' },
      credit: document && creditOf(reader, id, discount, document),
      document,
      // What applies a discount follows its credit note, and that is asked.
      moved: [],
      factsHash: rowHash({ amount, date }),
    })
  }
  return pairs
}

interface Discount {
  payment: LedgerPayment
  amount: Cents
  standing: StandingRow | undefined
}

/** The credit note that the discount is, as a parent. */
function creditOf(
  reader: PairReader,
  id: string,
  { payment, amount, standing }: Discount,
  document: StandingParent,
): AllocatedCredit {
  const facts = standing?.facts ?? null
  const isDocument = facts !== null && !isSentAsJournal(facts)
  const number = isDocument ? readDocumentFacts(facts).number : null
  return {
    id,
    kind: document.kind === 'invoice' ? 'credit_note' : 'supplier_credit',
    number: number ?? `discount ${payment.id}`,
    status: 'sent',
    contact: document.contact,
    date: isDocument ? readDocumentFacts(facts).date : payment.date,
    currency: document.currency,
    exchangeRate: document.exchangeRate,
    total: cents(Math.abs(amount)),
    standing: standingOf(reader, id, standing),
    xeroId: standing?.xeroId ?? null,
    xeroStatus: standing?.xeroStatus ?? null,
    facts,
    createdIn: standing?.createdIn ?? null,
    heldReason: null,
  }
}

/** What applies it is only known of once it is exported (queueFollowers), or planned. */
function standingOf(
  { planned, assumesPlanned }: PairReader,
  id: string,
  standing: StandingRow | undefined,
): Parent['standing'] {
  if (standing?.state === 'exported' && standing.xeroId !== null) return 'exported'
  return assumesPlanned && planned.has(`discount/${id}`) ? 'planned' : 'waiting'
}

/**
 * The rate at which a document went to Xero in base currency (foreign_currency=base), or would; null where it is there in
 * its own. What is applied to it is converted by the same.
 */
export function convertedAt(
  parent: Pick<AllocatedCredit, 'currency' | 'exchangeRate' | 'facts'>,
  books: CheckScope['books'],
  baseCurrency: string,
): E6 | null {
  if (parent.currency === baseCurrency) return null
  const isConverted =
    parent.facts === null
      ? books.settings.foreign_currency === 'base'
      : readDocumentFacts(parent.facts).currency !== parent.currency
  return isConverted ? parent.exchangeRate : null
}
