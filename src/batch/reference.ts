// Reference data of the organisation (R1 to R4): when the mirror of its books must be read in a run, and reading it. Five calls
// (organisation, accounts, tax rates, tracking, currencies), which a run in which nothing waits does not make.

import type { Books } from '../accounting/books.ts'
import { findNewItems } from '../ledger/items.ts'
import { storeMirror } from '../ledger/mirror.ts'
import type { Ledger } from '../ledger/open.ts'
import { hasWaiting } from '../ledger/waiting.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import type { PullExtent } from './reference-extent.ts'
import { pullItems } from './reference-items.ts'
import { pullGeneratedJournals, pullManualJournals } from './reference-journals.ts'
import { sentKinds } from './report.ts'
import { todayOf } from './scope.ts'

/** Reads the five lists and stores them in one transaction, all or none; AuxoError where Xero cannot be asked. */
export async function refreshReference(ledger: Ledger, gateway: XeroGateway): Promise<void> {
  const reads = [
    gateway.organisation(),
    gateway.accounts(),
    gateway.taxRates(),
    gateway.trackingCategories(),
    gateway.currencies(),
  ] as const
  // Where one fails the others are waited for all the same: each has a row in the API log to complete.
  await Promise.allSettled(reads)
  const [organisation, accounts, taxRates, tracking, currencies] = await Promise.all(reads)
  await storeMirror(ledger, {
    organisation: { ...organisation, tenantId: gateway.tenantId },
    accounts,
    taxRates,
    tracking,
    currencies,
  })
}

/**
 * Whether a run of this entity must read the mirror first: there is none, or something of the entity waits to be sent and will be
 * checked against it. However old, a quiet run does not: nightly ones would always find it a day old. `books` are those that the
 * run began with.
 */
export async function isReferenceNeeded(ledger: Ledger, books: Books): Promise<boolean> {
  const { mirror, settings, entity } = books
  // A mirror of the future was read before the clock was put back: nobody knows its age.
  if (mirror === null || mirror.readAt > ledger.clock.now()) return true
  const isWaiting = await hasWaiting(ledger, {
    entity: entity.code,
    kinds: sentKinds(settings),
    from: settings.cutover_date === 'none' ? null : settings.cutover_date,
    to: todayOf(books, ledger.clock),
  })
  if (isWaiting || settings.items !== 'all') return isWaiting
  return (await findNewItems(ledger, entity.code, { all: true, named: [] })).length > 0
}

/** What came into the ledger beside money and contacts. */
export interface ReferenceExtras {
  /** Items of Xero that the ledger took over, or whose changes it followed (R1). */
  items: number
  /** Manual journals of people in Xero that are new or changed (R4). */
  manualJournals: number
  /** Journals that Xero generated (R4). */
  generatedJournals: number
  /** Sentences for the report of the run. */
  warnings: readonly string[]
}

/**
 * Items (`items_pull`) and journals (`journals_pull`), last of all that is pulled; no call for what is off. `books` are the entity's,
 * with the mirror as it is now. Books read before know nothing of the items that came in. With `fromStart` everything is read again.
 * AuxoError where Xero cannot be asked.
 */
export async function pullReferenceExtras(
  ledger: Ledger,
  gateway: XeroGateway,
  books: Books,
  extent: PullExtent = { fromStart: false },
): Promise<ReferenceExtras> {
  const { items_pull, journals_pull } = books.settings
  const items =
    items_pull === 'on' ? await pullItems(ledger, gateway, books, extent) : { items: 0, warnings: [] }
  const manualJournals = journals_pull === 'off' ? 0 : await pullManualJournals(ledger, gateway, extent)
  const generated =
    journals_pull === 'generated'
      ? await pullGeneratedJournals(ledger, gateway, { isAskedAnew: extent.fromStart })
      : { journals: 0, warnings: [] }
  return {
    items: items.items,
    manualJournals,
    generatedJournals: generated.journals,
    warnings: [...items.warnings, ...generated.warnings],
  }
}
