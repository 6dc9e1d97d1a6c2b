// The channels of money: payments and bank transactions carry a tag at the end of their reference, allocations nothing at all,
// so that they are found under their parent by not having been there before. Their shapes are mapping/.

import { AuxoError } from '../../errors.ts'
import type { AllocationFacts } from '../../mapping/allocation.ts'
import { tagOf } from '../../mapping/marker.ts'
import type { PaymentFacts } from '../../mapping/payment.ts'
import type { ReceiptFacts } from '../../mapping/receipt.ts'
import type { FoundAllocation, FoundBankTransaction, FoundPayment } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import type { Channel, ChannelName, Found, LookUp, Recognition } from './channel.ts'
import { unknownContact } from './documents.ts'

export const payments: Channel = {
  name: 'payments',
  list: 'Payments',
  isUniqueInXero: false,
  foundBy: 'marker',
  lookUp: async (gateway, since) => paymentsFound(await gateway.paymentsSince(since)),
  lookUpKeys: async (gateway) => paymentsFound(await gateway.paymentsSince(0)),
  async findById(gateway, xeroId) {
    const row = await gateway.paymentById(xeroId)
    return row && foundPayment(row)
  },
  recognise: (facts, found) => recognisePayment(paymentFacts(facts), found.row as FoundPayment), // made by foundPayment
  agrees: (facts, found) => samePayment(paymentFacts(facts), found.row as FoundPayment), // as above
  labelOf: (facts) => paymentFacts(facts).label,
}

function paymentFacts(facts: string): PaymentFacts {
  return JSON.parse(facts) as PaymentFacts // written by kinds/payment.ts
}

function foundPayment(row: FoundPayment): Found {
  return { xeroId: row.xeroId, number: row.reference, status: row.status, row }
}

function paymentsFound(read: { rows: readonly FoundPayment[]; serverTime: number }): LookUp {
  return { found: read.rows.map(foundPayment), serverTime: read.serverTime }
}

function samePayment(facts: PaymentFacts, row: FoundPayment): boolean {
  return row.targetId === facts.targetId && row.amount === facts.amountCents && row.date === facts.date
}

/** Our tag tells. Without it a payment like ours on the same document is a person's, until a person says otherwise. */
export function recognisePayment(facts: PaymentFacts, row: FoundPayment): Recognition {
  const same = samePayment(facts, row)
  if (tagOf(row.reference) === facts.tag) return same ? 'ours' : 'look-alike'
  // Xero may have cut our reference; what carries another thing's tag is that thing's.
  return same && row.status !== 'DELETED' && tagOf(row.reference) === null ? 'look-alike' : 'other'
}

export const bankTransactions: Channel = {
  name: 'bank_transactions',
  list: 'BankTransactions',
  isUniqueInXero: false,
  foundBy: 'marker',
  lookUp: async (gateway, since) => transactionsFound(await gateway.bankTransactionsSince(since)),
  lookUpKeys: async (gateway) => transactionsFound(await gateway.bankTransactionsSince(0)),
  /** By the id of the prepayment or overpayment that it made, which is what the ledger remembers. */
  async findById(gateway, xeroId) {
    const credit = (await gateway.prepaymentById(xeroId)) ?? (await gateway.overpaymentById(xeroId))
    return credit && { xeroId: credit.xeroId, number: null, status: credit.status, row: credit }
  },
  recognise: (facts, found) => recogniseReceipt(receiptFacts(facts), found.row),
  agrees: (facts, found) => recogniseReceipt(receiptFacts(facts), found.row) === 'ours',
  labelOf: (facts) => receiptFacts(facts).label,
}

function receiptFacts(facts: string): ReceiptFacts {
  return JSON.parse(facts) as ReceiptFacts // written by kinds/receipt.ts
}

function transactionsFound(read: { rows: readonly FoundBankTransaction[]; serverTime: number }): LookUp {
  // One of ours without a prepayment or overpayment of its own is no reason to send it again: a person looks at it.
  const found = read.rows.map((row) => ({
    xeroId: row.creditId ?? row.xeroId,
    number: row.reference,
    status: row.status,
    row: row as unknown,
  }))
  return { found, serverTime: read.serverTime }
}

/** Our tag tells, as for payments. What a person names (`settle`) is a prepayment or overpayment and has no reference. */
export function recogniseReceipt(facts: ReceiptFacts, row: unknown): Recognition {
  if (!isTransaction(row)) {
    const credit = row as { contactId: string; total: number; currency: string } // of findById
    const same =
      isSameContact(facts, credit.contactId) &&
      credit.total === facts.amountCents &&
      credit.currency === facts.currency
    return same ? 'look-alike' : 'other'
  }
  const same =
    row.type === facts.type &&
    isSameContact(facts, row.contactId) &&
    row.date === facts.date &&
    row.currency === facts.currency &&
    row.total === facts.amountCents
  if (tagOf(row.reference) === facts.tag) return same && row.creditId !== null ? 'ours' : 'look-alike'
  const isLive = row.status !== 'DELETED' && row.status !== 'VOIDED'
  return same && isLive && tagOf(row.reference) === null ? 'look-alike' : 'other'
}

function isSameContact(facts: ReceiptFacts, contactId: string | null): boolean {
  return facts.contactId === unknownContact || facts.contactId === contactId
}

function isTransaction(row: unknown): row is FoundBankTransaction {
  return typeof row === 'object' && row !== null && 'creditId' in row
}

/** What is written down with the call that takes an allocation back. */
export type AllocationRemoval = AllocationFacts & { allocationId: string }

interface AllocationRow {
  parentId: string
  allocation: FoundAllocation
}

type Parent = { allocations: readonly FoundAllocation[] } | null

function allocationChannel(
  name: ChannelName,
  parentById: (gateway: XeroGateway, xeroId: string) => Promise<Parent>,
): Channel {
  const under = async (gateway: XeroGateway, facts: readonly string[]): Promise<LookUp> => {
    const found: Found[] = []
    let serverTime: number | null = null
    for (const parentId of new Set(facts.map((one) => allocationFacts(one).parentId))) {
      const parent = await parentById(gateway, parentId)
      // Of the time after the first answer nothing is known.
      serverTime ??= gateway.answeredAt()
      for (const allocation of parent?.allocations ?? [])
        found.push(foundAllocation({ parentId, allocation }))
    }
    if (serverTime === null)
      throw new AuxoError('xero-away', 'Xero’s answers carry no time. Run again later.')
    return { found, serverTime }
  }
  return {
    name,
    list: 'Allocations',
    isUniqueInXero: false,
    foundBy: 'new-id',
    lookUp: (gateway, _since, facts) => under(gateway, facts),
    lookUpKeys: under,
    async findById(gateway, xeroId, facts) {
      const { found } = await under(gateway, [facts])
      return found.find((one) => one.xeroId === xeroId) ?? null
    },
    async isGone(gateway, facts) {
      const { parentId, allocationId } = JSON.parse(facts) as AllocationRemoval // written by rollback/undo-thing.ts
      const parent = await parentById(gateway, parentId)
      // Where the credit itself cannot be seen nothing is known.
      return (
        parent !== null && !parent.allocations.some((one) => idOfAllocation(parentId, one) === allocationId)
      )
    },
    recognise: (facts, found) => recogniseAllocation(allocationFacts(facts), found.row as AllocationRow), // made here
    agrees: (facts, found) =>
      recogniseAllocation(allocationFacts(facts), found.row as AllocationRow) === 'ours', // as above
    labelOf: (facts) => allocationFacts(facts).label,
  }
}

function allocationFacts(facts: string): AllocationFacts {
  return JSON.parse(facts) as AllocationFacts // written by kinds/allocation.ts
}

/** What an allocation is remembered by where Xero gives it no id of its own: its two documents. */
export function allocationKey(parentId: string, invoiceId: string): string {
  return `${parentId}/${invoiceId}`
}

/** By what Xero's own read names an allocation. */
export function idOfAllocation(parentId: string, { allocationId, invoiceId }: FoundAllocation): string {
  return allocationId ?? allocationKey(parentId, invoiceId)
}

function foundAllocation(row: AllocationRow): Found {
  return { xeroId: idOfAllocation(row.parentId, row.allocation), number: null, status: 'AUTHORISED', row }
}

function recogniseAllocation(facts: AllocationFacts, { parentId, allocation }: AllocationRow): Recognition {
  const same =
    parentId === facts.parentId &&
    allocation.invoiceId === facts.invoiceId &&
    allocation.amount === facts.amountCents
  return same ? 'ours' : 'other'
}

export const creditAllocations = allocationChannel('credit_allocations', (gateway, xeroId) =>
  gateway.creditNoteById(xeroId),
)
export const prepaymentAllocations = allocationChannel('prepayment_allocations', (gateway, xeroId) =>
  gateway.prepaymentById(xeroId),
)
export const overpaymentAllocations = allocationChannel('overpayment_allocations', (gateway, xeroId) =>
  gateway.overpaymentById(xeroId),
)
