// What Xero has now of what a run posted (M6), each read before it is judged: invoices 40 in a call, of the others those that changed
// since they were sent in one read where they are many, else one by one. What follows is judge.ts.

import type { PostedThing } from '../../ledger/posted-things.ts'
import type { AllocationFacts } from '../../mapping/allocation.ts'
import type { FoundAllocation, FoundBankTransaction, FoundCredit } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import type { Channel, Found } from '../channels/channel.ts'
import { channelOf } from '../channels/channel-table.ts'

/** A thing as Xero has it. */
export type Seen = { posted: PostedThing } & (
  | { what: 'missing' }
  | { what: 'thing'; found: Found }
  /** What its credit is set against on the same invoice; the credit itself was there. */
  | { what: 'allocation'; facts: AllocationFacts; onInvoice: readonly FoundAllocation[] }
  /** A prepayment or overpayment, and the bank transaction that made it. */
  | { what: 'deposit'; credit: FoundCredit; transaction: FoundBankTransaction | null }
)

/** From so many of a channel on, one read of what changed costs less than each by its id. */
const manyFrom = 6
/** Xero's feeds are accurate to the second, and clocks differ. */
const lookBackMs = 10 * 60_000

export async function readBack(gateway: XeroGateway, things: readonly PostedThing[]): Promise<Seen[]> {
  const seen: Seen[] = []
  for (const name of new Set(things.map(({ channel }) => channel))) {
    const ofChannel = things.filter(({ channel }) => channel === name)
    const channel = channelOf(name)
    if (channel.list === 'Allocations') seen.push(...(await readAllocations(gateway, ofChannel)))
    else if (channel.list === 'BankTransactions') seen.push(...(await readDeposits(gateway, ofChannel)))
    else seen.push(...(await readThings(gateway, channel, ofChannel)))
  }
  return seen
}

async function readThings(
  gateway: XeroGateway,
  channel: Channel,
  things: readonly PostedThing[],
): Promise<Seen[]> {
  const known = await readMany(gateway, channel, things)
  const seen: Seen[] = []
  for (const posted of things) {
    const { xeroId, facts } = posted
    const isRead = channel.list === 'Invoices' || xeroId === null || facts === null
    const found = known.get(xeroId ?? '') ?? (isRead ? null : await channel.findById(gateway, xeroId, facts))
    seen.push(found ? { posted, what: 'thing', found } : { posted, what: 'missing' })
  }
  return seen
}

async function readMany(
  gateway: XeroGateway,
  channel: Channel,
  things: readonly PostedThing[],
): Promise<Map<string, Found>> {
  if (channel.list === 'Invoices') {
    const { rows } = await gateway.invoicesByIds(things.flatMap(({ xeroId }) => xeroId ?? []))
    return new Map(
      rows.map((row) => [row.xeroId, { xeroId: row.xeroId, number: row.number, status: row.status, row }]),
    )
  }
  if (things.length < manyFrom) return new Map()
  const facts = things.flatMap((thing) => thing.facts ?? [])
  const { found } = await channel.lookUp(gateway, sinceOf(things), facts)
  return new Map(found.map((one) => [one.xeroId, one]))
}

function sinceOf(things: readonly PostedThing[]): number {
  return Math.max(0, Math.min(...things.map(({ sentAt }) => sentAt)) - lookBackMs)
}

async function readAllocations(gateway: XeroGateway, things: readonly PostedThing[]): Promise<Seen[]> {
  const parents = new Map<string, readonly FoundAllocation[] | null>()
  const seen: Seen[] = []
  for (const posted of things) {
    const facts = JSON.parse(posted.facts ?? '{}') as AllocationFacts // written by mapAllocation
    if (!parents.has(facts.parentId)) parents.set(facts.parentId, await readParent(gateway, facts))
    const allocations = parents.get(facts.parentId) ?? null
    if (allocations === null) seen.push({ posted, what: 'missing' })
    else {
      const onInvoice = allocations.filter(({ invoiceId }) => invoiceId === facts.invoiceId)
      seen.push({ posted, what: 'allocation', facts, onInvoice })
    }
  }
  return seen
}

async function readParent(
  gateway: XeroGateway,
  { endpoint, parentId }: AllocationFacts,
): Promise<readonly FoundAllocation[] | null> {
  const read = {
    CreditNotes: () => gateway.creditNoteById(parentId),
    Prepayments: () => gateway.prepaymentById(parentId),
    Overpayments: () => gateway.overpaymentById(parentId),
  }
  return (await read[endpoint]())?.allocations ?? null
}

/** The ledger knows the credit; what is deleted is the transaction that made it, which only its own list names. */
async function readDeposits(gateway: XeroGateway, things: readonly PostedThing[]): Promise<Seen[]> {
  const { rows } = await gateway.bankTransactionsSince(sinceOf(things))
  const seen: Seen[] = []
  for (const posted of things) {
    const id = posted.xeroId ?? ''
    const credit = (await gateway.prepaymentById(id)) ?? (await gateway.overpaymentById(id))
    const transaction = rows.find(({ creditId }) => creditId === id) ?? null
    seen.push(credit ? { posted, what: 'deposit', credit, transaction } : { posted, what: 'missing' })
  }
  return seen
}
