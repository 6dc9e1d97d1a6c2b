// What Xero has of a month and no document of the ledger's month is linked to (V4): documents of another month of the ledger, documents
// that the ledger deleted, others with our number or mark, and what people made there.

import { type Books, xeroNumberOf } from '../../accounting/books.ts'
import { type DocumentKind, documentKinds, isDocumentKind, kindNames } from '../../accounting/kinds.ts'
import { cents } from '../../accounting/money.ts'
import {
  type ForeignDocument,
  isEnded,
  type ReconciledDocument,
  type XeroFigures,
} from '../../accounting/reconciliation.ts'
import { settingsTable } from '../../accounting/settings.ts'
import { findLinks } from '../../ledger/links.ts'
import type { Ledger } from '../../ledger/open.ts'
import { findKnownThings } from '../../ledger/pulled-pending.ts'
import { type MonthDocument, readLedgerDocuments } from '../../ledger/reconcile.ts'
import { findSharedNumbers, type NumberHolder } from '../../ledger/shared-numbers.ts'
import type { sentForms } from '../../mapping/document-form.ts'
import { markedThing } from '../../mapping/marker.ts'
import type { DatedDocument } from '../../xero/found.ts'
import { folded, type Judging } from './judge-document.ts'
import { keyOf, numberKey } from './pair-documents.ts'
import { problem } from './problems.ts'

export interface LeftOver {
  /** Documents of the ledger that are dated in another month there. */
  ofOtherMonths: MonthDocument[]
  /** Linked to things whose document the ledger has no more. */
  gone: { seen: DatedDocument; entity: string; kind: DocumentKind; id: string }[]
  /** Linked to nothing. */
  unlinked: DatedDocument[]
}

/** `rows` are linked to no document of the ledger's month. */
export async function sortLeftOver(
  ledger: Ledger,
  tenantId: string,
  rows: readonly DatedDocument[],
): Promise<LeftOver> {
  const known = await findKnownThings(
    ledger,
    rows.map(({ xeroId }) => xeroId),
  )
  const things = [...known.values()].filter(({ kind }) => isDocumentKind(kind))
  const ids = things.map(({ sourceId }) => sourceId)
  const documents = await readLedgerDocuments(ledger, tenantId, ids)
  const found = new Set(documents.flatMap(({ xeroId }) => xeroId ?? []))
  return {
    ofOtherMonths: documents,
    gone: rows.flatMap((seen) => {
      const thing = known.get(seen.xeroId)
      if (!thing || !isDocumentKind(thing.kind) || found.has(seen.xeroId) || isEnded(seen.status)) return []
      return { seen, entity: thing.entity, kind: thing.kind, id: thing.sourceId }
    }),
    // What is known and no document is ours too: a payment discount is a credit note there (N4).
    unlinked: rows.filter(({ xeroId }) => !known.has(xeroId)),
  }
}

export interface Owners {
  tenantId: string
  books: readonly Books[]
}

/** Which of these have a number or a mark of the ledger's: their ids with the entity whose it is. */
export async function findOurMarks(
  ledger: Ledger,
  { tenantId, books }: Owners,
  rows: readonly DatedDocument[],
): Promise<Map<string, string>> {
  const marks = new Map<string, string>()
  const holders = await holdersOf(ledger, books, rows)
  const links = await findLinks(
    ledger,
    tenantId,
    holders.flatMap(({ contact }) => contact ?? []),
  )
  const ours = new Map<string, string>()
  for (const holder of holders) {
    const own = books.find(({ entity }) => entity.code === holder.entity)
    const xeroContactId = holder.contact === null ? null : (links.get(holder.contact)?.xeroContactId ?? null)
    const key = own && keyOf({ ...holder, form: null, assignedNumber: null, xeroContactId }, own)
    if (key) ours.set(key, holder.entity)
  }
  for (const row of rows) {
    const entity = markOwner(row, books) ?? ours.get(numberKey(row.type, row.number ?? '', row.contactId))
    if (entity !== undefined) marks.set(row.xeroId, entity)
  }
  return marks
}

/** Documents of the ledger, whatever their month, that may have these numbers; written without the prefix that they get, too. */
async function holdersOf(
  ledger: Ledger,
  books: readonly Books[],
  rows: readonly DatedDocument[],
): Promise<NumberHolder[]> {
  const numbers = new Set<string>()
  for (const { number } of rows) {
    if (number === null) continue
    numbers.add(folded(number))
    for (const own of books) {
      const prefix = folded(xeroNumberOf('', own))
      if (prefix !== '' && folded(number).startsWith(prefix)) numbers.add(folded(number).slice(prefix.length))
    }
  }
  const entities = books.map(({ entity }) => entity.code)
  return findSharedNumbers(ledger, { entities, kinds: documentKinds, numbers: [...numbers] })
}

function markOwner({ url }: DatedDocument, books: readonly Books[]): string | undefined {
  return books.find(({ entity, settings }) =>
    [settings.marker_url, settingsTable.marker_url.default].some(
      (template) => markedThing(url, template)?.entity === entity.code,
    ),
  )?.entity.code
}

const kindOfType: Readonly<Record<string, DocumentKind>> = {
  ACCREC: 'invoice',
  ACCPAY: 'bill',
  ACCRECCREDIT: 'credit_note',
  ACCPAYCREDIT: 'supplier_credit',
  PURCHASEORDER: 'purchase_order',
}
const formOfKind = {
  invoice: 'sales_invoice',
  bill: 'bill',
  credit_note: 'sales_credit',
  supplier_credit: 'supplier_credit',
  purchase_order: 'purchase_order',
} as const satisfies Record<DocumentKind, (typeof sentForms)[number]>

/** What the ledger deleted, or somebody made a second time: a document that only Xero has, and that is a problem. */
export function strayDocument(
  seen: DatedDocument,
  owner: { entity: string; kind: DocumentKind | null; id: string | null },
  judging: Pick<Judging, 'linkOf'>,
): ReconciledDocument {
  const kind = owner.kind ?? kindOf(seen)
  const code = owner.id === null ? 'twice-in-xero' : 'missing-in-ledger'
  return {
    entity: owner.entity,
    kind,
    id: owner.id,
    number: seen.number ?? '',
    contact: seen.contactName,
    date: seen.date,
    currency: seen.currency,
    ledger: null,
    xero: asFound(seen, judging),
    variance: cents(-seen.total),
    verdict: problem(code, { name: kindNames[kind].one, currency: seen.currency }),
  }
}

export function foreignDocument(seen: DatedDocument, judging: Pick<Judging, 'linkOf'>): ForeignDocument {
  const { paid: _, credited: __, ...figures } = asFound(seen, judging)
  return { ...figures, kind: kindOf(seen), contact: seen.contactName, currency: seen.currency }
}

function kindOf({ type }: DatedDocument): DocumentKind {
  return kindOfType[type] ?? 'invoice'
}

function asFound(seen: DatedDocument, { linkOf }: Pick<Judging, 'linkOf'>): XeroFigures {
  const due = seen.due ?? seen.total
  const credited = seen.credited ?? 0
  return {
    id: seen.xeroId,
    number: seen.number,
    date: seen.date,
    status: seen.status,
    total: seen.total,
    paid: seen.paid ?? cents(seen.total - due - credited),
    credited: cents(credited),
    due,
    link: linkOf(formOfKind[kindOf(seen)], seen.xeroId),
  }
}
