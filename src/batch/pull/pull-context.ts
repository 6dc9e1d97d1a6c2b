// What the steps of a pull share: whose feeds they are, what was found, and what is told of it. The steps are ../pull.ts.

import type { DocumentKind, ExportState, ThingKind } from '../../accounting/kinds.ts'
import { formatCents } from '../../accounting/money.ts'
import { nothingPulled, type PulledCounts } from '../../accounting/outcomes.ts'
import type { EntitySettings } from '../../accounting/settings.ts'
import { heartbeat, type Lease } from '../../ledger/lease.ts'
import type { Ledger } from '../../ledger/open.ts'
import type { PullWriter } from '../../ledger/pulled-events.ts'
import type { KnownDocument, KnownThing, OpenThing } from '../../ledger/pulled-pending.ts'
import type { Stranger } from '../../ledger/strangers.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import { refuseInterrupted } from '../context.ts'

/** An entity that is connected to the organisation. */
export interface PulledEntity {
  code: string
  /** The currency of documents that name none. */
  currency: string
  payments: EntitySettings['payments']
}

export interface PullContext {
  readonly ledger: Ledger
  readonly gateway: XeroGateway
  readonly writer: PullWriter
  /** Every entity of the ledger that is connected to the organisation, by code. */
  readonly entities: ReadonlyMap<string, PulledEntity>
  /** Aborted when a person or the system asks to stop: looked at between pages. */
  readonly interrupt: AbortSignal
  readonly lease: Lease
  /** When the run last said that it lives, ms since 1970. */
  readonly sign: { at: number }
  readonly counts: PulledCounts
  readonly warnings: string[]
  readonly strangers: Stranger[]
}

export interface PullReport {
  counts: PulledCounts
  warnings: string[]
  /** Documents of Xero's that may be ours, sent by a state of the ledger that was lost (refuse-restored.ts). */
  strangers: Stranger[]
}

const silentMs = 30_000

/**
 * Before each page and each question: whether the run was asked to stop, and a sign that it lives. A pull may take longer than a
 * holder may be silent, and one that slept through its replacement writes nothing more (E8).
 */
export async function goOn({ ledger, lease, sign, interrupt }: PullContext): Promise<void> {
  refuseInterrupted(interrupt)
  const now = ledger.clock.now()
  if (Math.abs(now - sign.at) < silentMs) return
  sign.at = now
  await heartbeat(ledger, lease)
}

export function noPull(): PullReport {
  return { counts: nothingPulled(), warnings: [], strangers: [] }
}

/** Whether payments made in Xero come back to this entity (X1). */
export function pullsPayments(entity: { payments: EntitySettings['payments'] } | undefined): boolean {
  return entity?.payments === 'both' || entity?.payments === 'from_xero'
}

const documentKinds: ReadonlySet<ThingKind> = new Set([
  'invoice',
  'bill',
  'credit_note',
  'supplier_credit',
  'purchase_order',
])

export type DocumentThing = KnownThing & { kind: DocumentKind }

/** What is known under its id in Xero is a document of the ledger. */
export function isDocument(thing: KnownThing | undefined): thing is DocumentThing {
  return thing !== undefined && documentKinds.has(thing.kind)
}

/** A document of the ledger that Xero has. */
export function isDocumentInXero(thing: KnownThing | undefined): thing is DocumentThing {
  return isDocument(thing) && !isOpen(thing) && !sendable.has(thing.state)
}

const sendable: ReadonlySet<ExportState> = new Set(['pending', 'failed', 'skipped'])

/** A call about it has no known outcome: what Xero has of it may be ours in a moment. */
export function isOpen(thing: KnownThing | undefined): boolean {
  return thing?.state === 'sending' || thing?.state === 'uncertain'
}

/**
 * What stands on this document cannot be compared now: a call about it is open, or the exporting system took its row away, and may
 * bring it back.
 */
export function mustWait(
  thing: KnownThing | undefined,
  documents: ReadonlyMap<string, KnownDocument>,
): boolean {
  return isDocument(thing) && (isOpen(thing) || !documents.has(thing.sourceId))
}

/** Facts as they were written down; an empty object where there are none. */
export function factsOf(thing: { facts: string | null } | undefined): Readonly<Record<string, unknown>> {
  return thing?.facts ? (JSON.parse(thing.facts) as Record<string, unknown>) : {} // facts are objects
}

/**
 * Cents of Xero's as the ledger counts them on a document: the same, but for a document that went out in base currency
 * (foreign_currency=base), whose payments are converted as its total was.
 */
export function inLedger(
  amount: number,
  document: Pick<KnownDocument, 'currency' | 'total'>,
  thing: { facts: string | null },
): number {
  const { totalCents } = factsOf(thing)
  if (!isConverted(document, thing)) return amount
  if (typeof totalCents !== 'number' || totalCents === 0) return amount
  return Math.round((amount * Math.abs(document.total)) / Math.abs(totalCents))
}

/** It went out in base currency, and is in another in the ledger. */
export function isConverted(
  document: Pick<KnownDocument, 'currency'>,
  thing: { facts: string | null },
): boolean {
  const { currency } = factsOf(thing)
  return document.currency !== null && currency !== undefined && currency !== document.currency
}

/** A thing of an open call that this payment or credit of Xero may be. */
export function findOpenTwin(
  open: readonly OpenThing[],
  seen: { targetId?: string | null; contactId?: string; amount: number; tag: string | null },
): OpenThing | undefined {
  return open.find((thing) => {
    const facts = factsOf(thing)
    if (seen.tag !== null && facts['tag'] === seen.tag) return true
    if (facts['amountCents'] !== seen.amount) return false
    return seen.contactId === undefined
      ? facts['targetId'] !== undefined && facts['targetId'] === seen.targetId
      : facts['channel'] === 'bank_transactions' && facts['contactId'] === seen.contactId
  })
}

/** The ledger's id of what was made in Xero. */
export function externalId(xeroId: string): string {
  return `xero:${xeroId}`
}

/** Cents as people read them. */
export function moneyText(amount: number): string {
  return formatCents(amount as Parameters<typeof formatCents>[0]) // cents of the mirror
}
