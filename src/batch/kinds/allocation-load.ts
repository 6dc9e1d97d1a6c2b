// What applies one credit, as the elements of one call (N2, N4, §4.4), as the ledger and Xero have it now. Nothing of ours is on an
// allocation: what Xero has of the credit before the call is written down with it, and what is there already is not sent again.

import { baseCurrencyOf } from '../../accounting/books.ts'
import type { Finding } from '../../accounting/findings.ts'
import { kindNames } from '../../accounting/kinds.ts'
import { addCents, type Cents, formatCents } from '../../accounting/money.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { mapAllocation } from '../../mapping/allocation.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import { sentAmount } from '../../mapping/payment-amounts.ts'
import { allocationDateOf } from '../../validation/allocation-rules.ts'
import type { FoundAllocation, FoundCreditNote, FoundInvoice } from '../../xero/found.ts'
import { allocationKey, idOfAllocation } from '../channels/money.ts'
import { isJustMade, type RunContext } from '../context.ts'
import type { Loaded, LoadedThing, LoadPurpose } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import { findParents, todayOf } from '../scope.ts'
import { judgePair, labelOf, ownKey, type Surroundings, surroundingsOf } from './allocation-check.ts'
import { type AllocationKind, type AllocationPair, convertedAt, readPairs } from './allocation-pairs.ts'
import { appliedBeside, keyOf } from './applied.ts'
import { checkedMoney, editedAfterExport } from './money-verdict.ts'
import { recordEndedParts } from './moved-money.ts'

export async function loadAllocations(
  context: RunContext,
  kind: AllocationKind,
  planned: readonly PlannedThing[],
  purpose: LoadPurpose = 'send',
): Promise<Loaded> {
  const { ledger, books } = context
  const ids = planned.map(({ id }) => id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind, ids })
  const parents = (some: readonly string[]) => findParents(ledger, books, some)
  const read = () =>
    readPairs({ ledger, books, planned: new Set(), assumesPlanned: false, parents }, kind, ids)
  const before = await read()
  const moved = [...before.values()].flatMap((pair) => pair.moved)
  const pairs = purpose === 'send' && (await recordEndedParts(context, moved)) ? await read() : before
  const ready = planned.flatMap(({ id, revision, operation }) => {
    const pair = pairs.get(id)
    const thing = waiting.get(id)
    if (!pair || thing?.revision !== revision) return []
    const isFree = operation === 'create' ? isSendable(thing.state) : thing.state === 'exported'
    return isFree ? [{ pair, thing }] : []
  })
  if (planned[0]?.operation === 'update') return loadChanged(context, kind, ready)
  return loadNew(context, kind, ready, purpose)
}

interface ReadyPair {
  pair: AllocationPair
  thing: WaitingThing
}

async function loadNew(
  context: RunContext,
  kind: AllocationKind,
  ready: readonly ReadyPair[],
  purpose: LoadPurpose,
): Promise<Loaded> {
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  const pairs = ready.map(({ pair }) => pair)
  const inXero = purpose === 'send' ? await readInXero(context, pairs) : nothingRead
  const passed = new Set<string>()
  const around = await surroundingsOf(
    { ...context, today: todayOf(context.books, context.clock) },
    context.lease.tenantId,
    pairs,
    (other) => passed.has(keyOf(other)),
  )
  for (const { pair, thing } of ready) {
    const seen = asSeen(pair, inXero)
    const check = judgePair(kind, seen.pair, around, seen.left)
    const twin = seen.credit?.allocations.find((one) => isTwin(pair, amountOf(kind, pair, around), one))
    if (purpose === 'send' && check.verdict !== 'send') loaded.skipped.push(checkedMoney(pair.id, check))
    else if (twin) loaded.skipped.push(enteredInXero(kind, pair))
    else {
      const created = createdThing(kind, pair, thing, around, seen.credit)
      if (created) loaded.things.push(created)
      passed.add(keyOf(ownKey(kind, pair)))
    }
  }
  return loaded
}

/** Xero's own words on the documents that were not just made, by their Xero ids; null: Xero has none. */
interface InXero {
  credits: ReadonlyMap<string, FoundCreditNote | null>
  invoices: ReadonlyMap<string, FoundInvoice | null>
}

const nothingRead: InXero = { credits: new Map(), invoices: new Map() }

/** What both are that were just made is known, and nothing was on them. */
async function readInXero(context: RunContext, pairs: readonly AllocationPair[]): Promise<InXero> {
  const { gateway } = context
  const read = pairs.filter(
    ({ credit, document }) => !(isJustMade(context, credit) && isJustMade(context, document)),
  )
  const credits = new Map<string, FoundCreditNote | null>()
  for (const xeroId of new Set(read.flatMap(({ credit }) => credit?.xeroId ?? [])))
    credits.set(xeroId, await gateway.creditNoteById(xeroId))
  const wanted = [...new Set(read.flatMap(({ document }) => document?.xeroId ?? []))]
  const invoices = new Map<string, FoundInvoice | null>(wanted.map((xeroId) => [xeroId, null]))
  if (wanted.length > 0)
    for (const row of (await gateway.invoicesByIds(wanted)).rows) invoices.set(row.xeroId, row)
  return { credits, invoices }
}

interface SeenPair {
  pair: AllocationPair
  credit: FoundCreditNote | null
  left: { remainingCredit: Cents | null; amountDue: Cents | null }
}

/** The pair with the statuses that its documents have in Xero now; what is not there any more was deleted. */
function asSeen(pair: AllocationPair, { credits, invoices }: InXero): SeenPair {
  const credit = credits.get(pair.credit?.xeroId ?? '')
  const invoice = invoices.get(pair.document?.xeroId ?? '')
  const statusOf = (found: { status: string } | null | undefined) =>
    found === undefined ? {} : { xeroStatus: found?.status ?? 'DELETED' }
  return {
    pair: {
      ...pair,
      credit: pair.credit && { ...pair.credit, ...statusOf(credit) },
      document: pair.document && { ...pair.document, ...statusOf(invoice) },
    },
    credit: credit ?? null,
    left: {
      remainingCredit: isEnded(credit) ? null : (credit?.remaining ?? null),
      amountDue: isEnded(invoice) ? null : (invoice?.amountDue ?? null),
    },
  }
}

/** Nothing is left of what is void: that it is void says all. */
function isEnded(found: { status: string } | null | undefined): boolean {
  return found?.status === 'VOIDED' || found?.status === 'DELETED'
}

function isTwin({ document }: AllocationPair, amount: Cents, found: FoundAllocation): boolean {
  return found.invoiceId === document?.xeroId && found.amount === amount
}

/** Sent a second time it would take the amount off twice: which of the two is right only a person knows (P5). */
function enteredInXero(kind: AllocationKind, pair: AllocationPair): CheckedThing {
  const label = labelOf(pair)
  const name = kindNames[kind].one
  const finding: Finding = {
    kind,
    id: pair.id,
    number: label,
    code: 'payment-duplicate',
    severity: 'error',
    field: 'amount',
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${label} of ${formatCents(pair.allocation.amount)} is in Xero already, entered there by somebody. It was not sent a second time.`,
    why: 'Xero would take the same amount off twice.',
    fix: 'Delete it in the ledger if it is the same. If both are right, change one of them so that they differ, or make one of the sum.',
    xeroMessages: [],
  }
  return { id: pair.id, verdict: 'failed', reason: finding.message, findings: [finding] }
}

/**
 * In the currency and amount in which both are in Xero. Converted ones go by the sums of their documents: the smaller part, so that
 * no cent too much is asked of either.
 */
function amountOf(kind: AllocationKind, pair: AllocationPair, around: Surroundings): Cents {
  const { allocation, credit, document } = pair
  const base = baseCurrencyOf(around.books)
  const parts = [credit, document].flatMap((parent) => {
    if (!parent) return []
    const money = { currency: parent.currency, convertedAt: convertedAt(parent, around.books, base) }
    const { before, planned } = appliedBeside(
      around.applied.get(parent.id),
      ownKey(kind, pair),
      around.isPlanned,
    )
    return [sentAmount(allocation.amount, addCents(before, planned), money)]
  })
  return parts.reduce((least, part) => (part < least ? part : least), parts[0] ?? allocation.amount)
}

/** Null where one of the two is not in Xero. */
function createdThing(
  kind: AllocationKind,
  pair: AllocationPair,
  thing: WaitingThing,
  around: Surroundings,
  found: FoundCreditNote | null,
): LoadedThing | null {
  const { credit, document, allocation } = pair
  const parentId = credit?.xeroId
  const invoiceId = document?.xeroId
  const date = allocationDateOf(allocation, credit)
  if (!parentId || !invoiceId || date === null) return null
  const label = labelOf(pair)
  const amountCents = amountOf(kind, pair, around)
  const { model, facts } = mapAllocation({
    endpoint: 'CreditNotes',
    parentId,
    invoiceId,
    amountCents,
    date,
    label,
  })
  const subject = { kind, id: pair.id, number: label }
  return {
    sourceId: pair.id,
    label,
    revision: thing.revision,
    factsHash: pair.factsHash,
    facts: JSON.stringify(facts),
    channel: 'credit_allocations',
    operation: 'create',
    method: 'PUT',
    path: `/CreditNotes/${parentId}/Allocations?summarizeErrors=false`,
    key: invoiceId.toLowerCase(),
    name: null,
    payload: { model },
    knownIds: (found?.allocations ?? []).map((one) => idOfAllocation(parentId, one)),
    xeroIdOf: (element) => element.xeroId ?? allocationKey(parentId, invoiceId),
    compare: (element) =>
      answerDifferences(element, { totalCents: amountCents, taxCents: null, status: '' }, subject),
  }
}

/** What a person changed in Xero as the ledger has it now is settled; anything else stays a finding (money-verdict.ts). */
async function loadChanged(
  context: RunContext,
  kind: AllocationKind,
  ready: readonly ReadyPair[],
): Promise<Loaded> {
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const { pair, thing } of ready) {
    const { credit, document, allocation } = pair
    const found = credit?.xeroId ? await context.gateway.creditNoteById(credit.xeroId) : null
    const there = found?.allocations.filter(({ invoiceId }) => invoiceId === document?.xeroId) ?? []
    const [only] = there
    const date = allocationDateOf(allocation, credit)
    const isSame = there.length === 1 && only?.amount === allocation.amount && only.date === date
    if (isSame) loaded.unchanged.push({ id: pair.id, revision: thing.revision, factsHash: pair.factsHash })
    else loaded.skipped.push(editedAfterExport({ kind, id: pair.id, label: labelOf(pair) }))
  }
  return loaded
}
