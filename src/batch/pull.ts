// The pull (X7): what happened in Xero since the last one comes into the ledger, before anything is sent. It lists the steps: feeds
// are read and stored, what changed is compared with the ledger, what does not agree is asked for. The steps are pull/.

import type { Books } from '../accounting/books.ts'
import { findRegion } from '../accounting/regions.ts'
import { readSettings } from '../accounting/settings.ts'
import { listEntities, readBooks } from '../ledger/books.ts'
import { connectedSince, entitiesOf } from '../ledger/connections.ts'
import type { Lease } from '../ledger/lease.ts'
import { applyContacts } from '../ledger/mirror-contacts.ts'
import { storeCredits, storeDocuments, storePayments } from '../ledger/mirror-money.ts'
import type { Ledger } from '../ledger/open.ts'
import { markAsked } from '../ledger/pulled-pending.ts'
import { readStoredSettings } from '../ledger/settings.ts'
import { finishFeed, readWatermark } from '../ledger/watermarks.ts'
import type { CreditKind } from '../xero/found.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { syncContacts } from './contact-sync.ts'
import { refuseInterrupted } from './context.ts'
import { askFor, warnOf } from './pull/asked.ts'
import { applyCredits, askForRefunds } from './pull/credits.ts'
import { applyDocuments } from './pull/documents.ts'
import { applyPayments } from './pull/payments.ts'
import {
  goOn,
  type PullContext,
  type PulledEntity,
  type PullReport,
  pullsPayments,
} from './pull/pull-context.ts'
import { isReferenceNeeded, pullReferenceExtras, refreshReference } from './reference.ts'

/** Reads overlap, since a change may be stored later than it is dated (§5). */
const overlapMs = 5 * 60_000

interface PullInput {
  ledger: Ledger
  gateway: XeroGateway
  lease: Lease
  run: number | null
  interrupt: AbortSignal
}

/**
 * Everything that comes back, into `report` as it goes, so that what an interrupted pull did is told too. The books of Xero are read
 * only where something waits to be sent, and last: `books` are those that the run began with. Returns Xero's clock.
 */
export async function pullEverything(
  input: PullInput & { books: Books },
  report: PullReport,
): Promise<{ serverTime: number }> {
  const { ledger, gateway, books, run } = input
  const { tenantId } = gateway
  await pullContacts(ledger, gateway)
  const contacts = await syncContacts({ ledger, books, tenantId, run })
  report.counts.contacts += contacts.pulled
  report.warnings.push(...contacts.warnings)
  const pulled = await pullMoney(input, report)
  refuseInterrupted(input.interrupt)
  if (await isReferenceNeeded(ledger, books)) await refreshReference(ledger, gateway)
  const extras = await pullReferenceExtras(ledger, gateway, await readBooks(ledger, books.entity, tenantId))
  report.counts.items += extras.items
  report.counts.journals += extras.manualJournals + extras.generatedJournals
  report.warnings.push(...extras.warnings)
  return pulled
}

/**
 * Brings the mirror up to date; AuxoError where Xero cannot be asked. Contacts are read as they changed, or all of them. Returns
 * Xero's clock at the end, and how many contacts were new or changed.
 */
export async function pullMirror(
  ledger: Ledger,
  gateway: XeroGateway,
  options: { allContacts?: boolean } = {},
): Promise<{ serverTime: number; contacts: number }> {
  await refreshReference(ledger, gateway)
  return pullContacts(ledger, gateway, options)
}

/** Contacts that changed, or all of them. */
export async function pullContacts(
  ledger: Ledger,
  gateway: XeroGateway,
  { allContacts = false }: { allContacts?: boolean } = {},
): Promise<{ serverTime: number; contacts: number }> {
  const { tenantId } = gateway
  const reached = allContacts ? null : await readWatermark(ledger, tenantId, 'contacts')
  let count = 0
  const { serverTime } = await gateway.contactsSince(
    reached === null ? null : reached - overlapMs,
    async (contacts) => {
      const latest = contacts.reduce((max, contact) => Math.max(max, contact.updatedAt), 0)
      await applyContacts(ledger, tenantId, contacts, latest === 0 ? null : latest)
      // The overlap shows some again that are known.
      count += contacts.filter(({ updatedAt }) => reached === null || updatedAt > reached).length
    },
  )
  await finishFeed(ledger, { tenantId, resource: 'contacts', reached: serverTime - overlapMs })
  return { serverTime, contacts: count }
}

/**
 * Payments, credits and documents. The first time from when the organisation was connected on: what was before is told by linking
 * at cutover (M1). AuxoError where Xero cannot be asked: what was read before is kept, and is not read again.
 */
async function pullMoney(input: PullInput, report: PullReport): Promise<{ serverTime: number }> {
  const { ledger, gateway, lease, run, interrupt } = input
  const entities = await readPulledEntities(ledger, gateway.tenantId)
  const writer = { tenantId: gateway.tenantId, run }
  const sign = { at: 0 }
  const context: PullContext = { ledger, gateway, writer, entities, interrupt, lease, sign, ...report }
  const isPulled = [...entities.values()].some(pullsPayments)
  const serverTime = await readFeeds(context, isPulled)
  const differing = await apply(context)
  if (isPulled && differing.length > 0) {
    await askForRefunds(context, differing)
    await apply(context)
  }
  // Without the feeds of money there is nothing to compare with.
  const disagreements = await applyDocuments(context, { isCompared: isPulled })
  if (disagreements.length > 0) {
    await askFor(context, disagreements)
    await apply(context)
    const still = await applyDocuments(context, { isCompared: isPulled })
    context.warnings.push(...still.map(warnOf))
    await markAsked(
      ledger,
      writer.tenantId,
      still.map(({ document }) => document.xeroId),
    )
  }
  return { serverTime }
}

/** Credits first: what a refund or an allocation belongs to is known then; and again those that a deleted payment stood beside. */
async function apply(context: PullContext): Promise<string[]> {
  const differing = await applyCredits(context)
  await applyPayments(context)
  return [...new Set([...differing, ...(await applyCredits(context))])]
}

async function readPulledEntities(ledger: Ledger, tenantId: string): Promise<Map<string, PulledEntity>> {
  const connected = new Set(await entitiesOf(ledger, tenantId))
  const entities = new Map<string, PulledEntity>()
  for (const { code, region, baseCurrency } of await listEntities(ledger)) {
    if (!connected.has(code)) continue
    const { settings } = readSettings(await readStoredSettings(ledger, code))
    const currency = findRegion(region)?.currency ?? baseCurrency ?? ''
    entities.set(code, { code, currency, payments: settings.payments })
  }
  return entities
}

/** What is not pulled is not asked for. Documents last: what stands on them was read before, and can be compared. */
async function readFeeds(context: PullContext, isPulled: boolean): Promise<number> {
  const { ledger, gateway, writer } = context
  const page = (resource: string) => ({ tenantId: writer.tenantId, resource })
  if (isPulled) {
    await readFeed(context, 'payments', (since) =>
      gateway.paymentFeed(since, async (rows) => {
        await goOn(context)
        await storePayments(ledger, page('payments'), rows)
      }),
    )
  }
  const credits: [resource: string, kind: CreditKind][] = [['credit_notes', 'credit_note']]
  if (isPulled) credits.push(['prepayments', 'prepayment'], ['overpayments', 'overpayment'])
  for (const [resource, kind] of credits) {
    await readFeed(context, resource, (since) =>
      gateway.creditFeed(kind, since, async (rows) => {
        await goOn(context)
        await storeCredits(ledger, page(resource), rows)
      }),
    )
  }
  return readFeed(context, 'documents', (since) =>
    gateway.documentFeed(since, async (rows) => {
      await goOn(context)
      await storeDocuments(ledger, page('documents'), rows)
    }),
  )
}

/** One feed to its end; returns Xero's clock at its first answer, up to which it is complete. */
async function readFeed(
  context: PullContext,
  resource: string,
  read: (since: number) => Promise<{ serverTime: number }>,
): Promise<number> {
  await goOn(context)
  const { ledger, writer } = context
  const { tenantId } = writer
  const reached =
    (await readWatermark(ledger, tenantId, resource)) ?? (await connectedSince(ledger, tenantId))
  const { serverTime } = await read(reached - overlapMs)
  await finishFeed(ledger, { tenantId, resource, reached: serverTime - overlapMs })
  return serverTime
}
