// Which things of which kinds a run, a plan or a validation looks at, and what the checks say of them. The order in which they are
// sent is run.ts, what a check asks the kind's row.

import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { isDocumentKind, type ReportedKind, reportedAs, type ThingKind } from '../accounting/kinds.ts'
import { findWrittenContacts } from '../ledger/contact-cards.ts'
import type { Ledger } from '../ledger/open.ts'
import { recordChecks } from '../ledger/things.ts'
import { findWaitingIds } from '../ledger/waiting.ts'
import { type CheckOptions, checkKind, type KindCheck, nothingChecked } from './check.ts'
import type { KindRow } from './kind-row.ts'
import { kindTable, runOrder } from './kind-table.ts'
import { contactKind } from './kinds/contact.ts'
import { chunkSizeMax, type PlannedChunk, type PlannedThing, planChunks } from './plan.ts'
import type { CheckScope } from './scope.ts'
/** Kinds whose things need contacts: they are checked before anything is sent, since contacts go first. */
export const contactedKinds: readonly ThingKind[] = [
  'purchase_order',
  'invoice',
  'bill',
  'credit_note',
  'supplier_credit',
  'receipt',
]

export interface ExportOptions {
  from: PlainDate | null
  to: PlainDate | null
  /** Only these kinds; null for all. Contacts that a document needs always go along. */
  only: readonly ReportedKind[] | null
  /** Only these documents, by id, and nothing of other kinds but what they need; null for all. */
  documents: readonly string[] | null
  dryRun: boolean
  /** Uses the mirror as it is. */
  noPull: boolean
  /** Waits until uncertain outcomes can be settled, and settles them. */
  wait: boolean
}

/** Which things are looked for. */
export interface Chosen {
  ledger: Ledger
  options: Pick<ExportOptions, 'from' | 'to' | 'only' | 'documents'> & {
    /** What is dated after today too: `validate` says of it that it waits. */
    isFutureAsked?: boolean
  }
}

/** All kinds as they are now, what is planned counting as sent: for a plan, and for `validate`. */
export async function checkEveryKind(
  input: Chosen,
  scope: CheckScope,
  options: CheckOptions,
): Promise<Map<ThingKind, KindCheck>> {
  const checks = new Map<ThingKind, KindCheck>()
  const later = runOrder.filter((kind) => !contactedKinds.includes(kind))
  for (const kind of contactedKinds) checks.set(kind, await checkWaiting(input, scope, kind, options))
  await tellNewContacts(scope, options)
  for (const kind of later) checks.set(kind, await checkWaiting(input, scope, kind, options))
  return checks
}

/** What is to be known of contacts that go along for the first time. Their errors are said of the documents that need them. */
async function tellNewContacts(
  { ledger, books, neededContacts }: CheckScope,
  { record, run, onFindings }: CheckOptions,
): Promise<void> {
  const checked = [...neededContacts.values()].map(({ contact, findings }) => ({
    id: contact.code,
    verdict: null,
    reason: null,
    findings,
  }))
  const owner = { entity: books.entity.code, kind: 'contact' as const, run }
  if (record !== 'nothing') await recordChecks(ledger, owner, checked, { moveStates: false })
  for (const { findings } of checked) onFindings(findings)
}

/** Contacts and items that something needs always go along; with named documents only what they need does. */
export function isWanted(
  { options }: Chosen,
  kind: ThingKind,
  row: KindRow,
  { books }: Pick<CheckScope, 'books'>,
): boolean {
  if (row.isLeftOut(books.settings)) return false
  if (kind === 'contact' || kind === 'item') return true
  if (options.documents !== null && !isDocumentKind(kind)) return false
  return options.only === null || options.only.includes(reportedAs[kind])
}

export function planKind(kind: ThingKind, things: readonly PlannedThing[], books: Books): PlannedChunk[] {
  const size = Math.min(books.settings.chunk_size, kindTable[kind]?.callSizeMax ?? chunkSizeMax)
  return planChunks(kind, things, size)
}

export async function checkWaiting(
  input: Chosen,
  scope: CheckScope,
  kind: ThingKind,
  options: CheckOptions,
  offered: ReadonlySet<string> = new Set(),
): Promise<KindCheck> {
  const row = kindTable[kind]
  if (!row || !isWanted(input, kind, row, scope)) return nothingChecked
  if (kind === 'contact') return checkChangedContacts(input, scope, options)
  const { from, to, isFutureAsked = false } = input.options
  const { cutover_date } = scope.books.settings
  const chosen = chosenIds(input, kind, scope)
  const ids = await findWaitingIds(input.ledger, {
    entity: scope.books.entity.code,
    kind,
    from: latest(from, cutover_date === 'none' ? null : cutover_date),
    to: to !== null && (to < scope.today || isFutureAsked) ? to : scope.today,
    ids: chosen,
  })
  const underived = scope.assumesPlanned ? ((await row.underived?.(scope)) ?? []) : []
  const isChosen = (id: string) => chosen === null || chosen.includes(id)
  const left = offered.size === 0 ? ids : ids.filter((id) => !offered.has(`${kind}/${id}`))
  return checkKind(row, scope, [...left, ...underived.filter(isChosen)], options)
}

/** Contacts that Xero has and that changed since; those that it has not go with what needs them. With a narrower choice none. */
async function checkChangedContacts(
  { ledger, options: { documents, only } }: Chosen,
  scope: CheckScope,
  options: CheckOptions,
): Promise<KindCheck> {
  if (documents !== null || only?.includes('contact') === false) return nothingChecked
  const codes = await findWrittenContacts(ledger, scope.books.entity.code)
  return checkKind(contactKind, scope, codes, options)
}

/** Only these; null for all. With a narrower choice items go along where something that goes names them. */
function chosenIds(
  { options }: Chosen,
  kind: ThingKind,
  { neededItems }: Pick<CheckScope, 'neededItems'>,
): readonly string[] | null {
  if (isDocumentKind(kind)) return options.documents
  const isNarrower = options.documents !== null || options.only?.includes('item') === false
  return kind === 'item' && isNarrower ? [...neededItems] : null
}

function latest(one: PlainDate | null, other: PlainDate | null): PlainDate | null {
  if (one === null || other === null) return one ?? other
  return one > other ? one : other
}
