// What can be taken out of Xero of some things of a run, and why the rest stays (M6): what the ledger knows to stand on them, and what
// Xero has of them now. The judgement is judge.ts.

import { isDocumentKind } from '../../accounting/kinds.ts'
import type { Ledger } from '../../ledger/open.ts'
import { findStanding, findSummed, type PostedThing, type Standing } from '../../ledger/posted-things.ts'
import type { AllocationFacts } from '../../mapping/allocation.ts'
import type { PaymentFacts } from '../../mapping/payment.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import { judge, type Planned, type Undoable } from './judge.ts'
import { readBack } from './read-back.ts'

export interface Found {
  undoable: Undoable[]
  ended: PostedThing[]
  stays: { thing: PostedThing; why: string }[]
}

interface Reader {
  ledger: Ledger
  gateway: XeroGateway
}

/** `planned`: what would go before, where nothing is taken out yet; its things count as gone. */
export async function findUndoable(
  { ledger, gateway }: Reader,
  things: readonly PostedThing[],
  { planned, gone }: { planned: Planned; gone: ReadonlySet<string> },
): Promise<Found> {
  const found: Found = { undoable: [], ended: [], stays: [] }
  const { free, stays } = await withoutSummedTwice(ledger, things)
  found.stays.push(...stays)
  const standing = await readStanding(ledger, free, gone)
  for (const seen of await readBack(gateway, free)) {
    const { posted } = seen
    const judged = judge(seen, standing.get(keyOf(posted)) ?? [], planned)
    if (judged.is === 'undoable') found.undoable.push(judged.thing)
    else if (judged.is === 'ended') found.ended.push(posted)
    else found.stays.push({ thing: posted, why: judged.why })
  }
  return found
}

export function keyOf({ kind, id }: { kind: string; id: string }): string {
  return `${kind}/${id}`
}

/** By the key of the thing that something stands on: a document, or the summary that documents went out with. */
async function readStanding(
  ledger: Ledger,
  things: readonly PostedThing[],
  gone: ReadonlySet<string>,
): Promise<Map<string, Standing[]>> {
  const own = things.filter(({ kind }) => isDocumentKind(kind))
  const documents = new Map(own.map((thing) => [thing.id, keyOf(thing)]))
  for (const { summary, kind, id } of await summedBy(ledger, things))
    if (isDocumentKind(kind)) documents.set(id, `summary/${summary}`)
  const standing = new Map<string, Standing[]>()
  for (const one of await findStanding(ledger, [...documents.keys()])) {
    const on = documents.get(one.on)
    if (on === undefined || gone.has(keyOf(one))) continue
    standing.set(on, [...(standing.get(on) ?? []), one])
  }
  return standing
}

/** Sources of the daily summaries among these. */
export async function summedBy(ledger: Ledger, things: readonly PostedThing[]) {
  const summaries = things.filter(({ kind }) => kind === 'summary')
  const [first] = summaries
  if (!first) return []
  const ids = summaries.map(({ id }) => id)
  return findSummed(ledger, first.entity, ids)
}

/** A summary that completes an earlier one of its day, or is completed by a later one, cannot go alone. */
async function withoutSummedTwice(
  ledger: Ledger,
  things: readonly PostedThing[],
): Promise<{ free: PostedThing[]; stays: Found['stays'] }> {
  const others = new Map<string, string>()
  for (const { summary, otherSummary } of await summedBy(ledger, things))
    if (otherSummary !== null) others.set(summary, otherSummary)
  const isHeld = (thing: PostedThing) => thing.kind === 'summary' && others.has(thing.id)
  return {
    free: things.filter((thing) => !isHeld(thing)),
    stays: things.filter(isHeld).map((thing) => ({
      thing,
      why: `The daily summary ${others.get(thing.id)} says something of the same documents or payments: the two only make sense together. Void both in Xero by hand, or post the difference there.`,
    })),
  }
}

/** These as gone before what comes after them. */
export function plannedWith(planned: Planned, things: readonly Undoable[]): Planned {
  const next = { payments: [...planned.payments], allocations: [...planned.allocations] }
  for (const { by, facts } of things) {
    if (by === 'delete-payment') {
      const { targetId, amountCents } = JSON.parse(facts) as PaymentFacts // written by mapPayment
      next.payments.push({ onto: targetId, amount: amountCents })
    } else if (by === 'remove-allocation') {
      const { parentId, invoiceId, amountCents } = JSON.parse(facts) as AllocationFacts // written by mapAllocation
      next.allocations.push({ credit: parentId, invoice: invoiceId, amount: amountCents })
    }
  }
  return next
}
