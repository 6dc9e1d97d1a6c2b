// Journals of the organisation are kept as read-only records (R4, `journals_pull`): manual ones that people make in Xero, and those
// that Xero generates. Ours are not kept: what we sent is in the ledger.

import { settingsTable } from '../accounting/settings.ts'
import { AuxoError } from '../errors.ts'
import { listEntities } from '../ledger/books.ts'
import { connectedSince } from '../ledger/connections.ts'
import {
  lastGeneratedNumber,
  storeGeneratedJournals,
  storeManualJournals,
} from '../ledger/mirror-journals.ts'
import type { Ledger } from '../ledger/open.ts'
import { readStoredSettings } from '../ledger/settings.ts'
import { findTakenXeroIds } from '../ledger/things.ts'
import { finishFeed, readWatermark } from '../ledger/watermarks.ts'
import { markedThing } from '../mapping/marker.ts'
import type { FeedJournal } from '../xero/found.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { overlapMs, type PullExtent } from './reference-extent.ts'

/** The first time from when the organisation was connected on. Returns how many are new or changed. */
export async function pullManualJournals(
  ledger: Ledger,
  gateway: XeroGateway,
  { fromStart }: PullExtent,
): Promise<number> {
  const { tenantId } = gateway
  const templates = await markerTemplates(ledger)
  const reached =
    (await readWatermark(ledger, tenantId, 'manual_journals')) ?? (await connectedSince(ledger, tenantId))
  let count = 0
  const { serverTime } = await gateway.manualJournalFeed(
    fromStart ? null : reached - overlapMs,
    async (journals) => {
      const theirs = await withoutOurs(ledger, journals, templates)
      const latest = journals.reduce((max, { updatedAt }) => Math.max(max, updatedAt), 0)
      const page = { tenantId, reached: fromStart || latest === 0 ? null : latest }
      count += await storeManualJournals(ledger, page, theirs)
    },
  )
  await finishFeed(ledger, { tenantId, resource: 'manual_journals', reached: serverTime })
  return count
}

/** Of every entity of the ledger: its marker's template, now and as it comes. */
async function markerTemplates(ledger: Ledger): Promise<Map<string, string[]>> {
  const templates = new Map<string, string[]>()
  for (const { code } of await listEntities(ledger)) {
    const own = (await readStoredSettings(ledger, code)).get('marker_url')
    const byDefault = settingsTable.marker_url.default
    templates.set(code, own === undefined ? [byDefault] : [own, byDefault])
  }
  return templates
}

/** Ours by their ids, or by their markers while it is not known yet what became of a lost answer. */
async function withoutOurs(
  ledger: Ledger,
  journals: readonly FeedJournal[],
  templates: ReadonlyMap<string, readonly string[]>,
): Promise<FeedJournal[]> {
  const taken = await findTakenXeroIds(
    ledger,
    journals.map(({ xeroId }) => xeroId),
  )
  const isMarked = ({ url }: FeedJournal) =>
    [...templates].some(([entity, forms]) => forms.some((form) => markedThing(url, form)?.entity === entity))
  return journals.filter((journal) => !taken.has(journal.xeroId) && !isMarked(journal))
}

/** A page of generated journals is a hundred (§4.9). */
const generatedPage = 100
/** Of a run: their history is long, and the day's calls are needed for other things. */
const generatedCallsMax = 30
/** What appears late may have a number a little below the last. */
const generatedOverlap = 50
/** A plan that does not allow it is asked again after a day. */
const refusedForMs = 24 * 3_600_000

/**
 * Those that were generated since the organisation was connected. Where the plan does not allow it, that is said once a day and
 * nothing else is disturbed; `isAskedAnew` asks in any case.
 */
export async function pullGeneratedJournals(
  ledger: Ledger,
  gateway: XeroGateway,
  { isAskedAnew }: { isAskedAnew: boolean },
): Promise<{ journals: number; warnings: string[] }> {
  const { tenantId } = gateway
  const refusedAt = await readWatermark(ledger, tenantId, 'generated_journals_refused')
  if (!isAskedAnew && refusedAt !== null && ledger.clock.now() - refusedAt < refusedForMs)
    return { journals: 0, warnings: [] }
  try {
    const { journals, isComplete } = await readGenerated(ledger, gateway)
    return { journals, warnings: isComplete ? [] : [moreText] }
  } catch (error) {
    if (!(error instanceof AuxoError) || !isRefusal(error)) throw error
    await finishFeed(ledger, {
      tenantId,
      resource: 'generated_journals_refused',
      reached: ledger.clock.now(),
    })
    return { journals: 0, warnings: [refusedText] }
  }
}

async function readGenerated(
  ledger: Ledger,
  gateway: XeroGateway,
): Promise<{ journals: number; isComplete: boolean }> {
  const { tenantId } = gateway
  const last = await lastGeneratedNumber(ledger, tenantId)
  const since = last === null ? await connectedSince(ledger, tenantId) : null
  let after = Math.max(0, (last ?? 0) - generatedOverlap)
  let journals = 0
  for (let call = 1; call <= generatedCallsMax; call += 1) {
    const page = await gateway.generatedJournals(after, since)
    journals += await storeGeneratedJournals(ledger, tenantId, page)
    after = page.reduce((max, { number }) => Math.max(max, number), after)
    if (page.length < generatedPage) return { journals, isComplete: true }
  }
  return { journals, isComplete: false }
}

/** Xero answers 401 or 403; a connection that opens nothing at all fails with the next call. */
function isRefusal({ code }: AuxoError): boolean {
  return code === 'not-authorised' || code === 'other-organisation'
}

const refusedText =
  "Xero does not let this connection read the journals that it generates: that needs the scope accounting.journals.read and the Advanced tier of Xero's developer plans. The run goes on without them; with journals_pull=manual they are not asked for."
const moreText = 'Xero has generated more journals than one run reads; the next runs read the rest.'
