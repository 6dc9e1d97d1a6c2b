// Reconcile (V4): one month of the ledger held against Xero, document by document, in a handful of calls and without changing anything.
// It lists the steps; they are reconcile/.

import { type Books, baseCurrencyOf } from '../accounting/books.ts'
import { dateInZone, type PlainDate } from '../accounting/calendar.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { documentKinds } from '../accounting/kinds.ts'
import {
  type ForeignDocument,
  isEnded,
  type OrganisationReconciliation,
  type ReconciledDocument,
} from '../accounting/reconciliation.ts'
import { readBooks } from '../ledger/books.ts'
import type { Ledger } from '../ledger/open.ts'
import {
  countCallsAfter,
  feedsReadAt,
  lastCall,
  type MonthDocument,
  readMonthDocuments,
} from '../ledger/reconcile.ts'
import type { DocumentForm } from '../mapping/document-form.ts'
import type { DatedDocument } from '../xero/found.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { compareAccounts } from './reconcile/accounts.ts'
import { formInXero, type Judging, judgeDocument } from './reconcile/judge-document.ts'
import {
  findOurMarks,
  foreignDocument,
  type LeftOver,
  sortLeftOver,
  strayDocument,
} from './reconcile/left-over.ts'
import { type Pairing, pairDocuments } from './reconcile/pair-documents.ts'
import { listOf, type Month, readMissing, readXeroMonth, type XeroDocuments } from './reconcile/xero-month.ts'

export interface ReconcileInput {
  ledger: Ledger
  gateway: XeroGateway
  /** Every entity that is connected to the organisation: what is another's is not missing in the ledger (D5). */
  entities: readonly BillingEntity[]
  /** Codes of those that are told; the calls are logged under the first. */
  asked: readonly string[]
  month: Month
  /** In which today is known. */
  timeZone: string
  linkOf(form: DocumentForm, xeroId: string): string | null
}

/** AuxoError where Xero cannot be asked. */
export async function reconcileOrganisation(input: ReconcileInput): Promise<OrganisationReconciliation> {
  const { ledger, gateway, month, asked } = input
  const callsBefore = await lastCall(ledger)
  const books = await readAllBooks(input)
  const booksOf = (entity: string) => mustFind(books, entity)
  const isAsked = ({ entity }: { entity: string }) => asked.includes(entity)
  const all = await readDocuments(input)
  // A draft that was never sent is nobody's business yet.
  const documents = all.filter(({ status, xeroId }) => status !== 'draft' || xeroId !== null)
  const { xero, unasked } = await readXeroSide(input, { documents, booksOf })
  const rest = await sortLeftOver(ledger, gateway.tenantId, notLinked(xero, documents))
  const pairing = { tenantId: gateway.tenantId, booksOf, xero, unlinked: rest.unlinked, unasked }
  // An entity may have been connected here before, and is elsewhere now.
  const others = rest.ofOtherMonths.filter(({ entity }) => books.some((own) => own.entity.code === entity))
  const { compared, sameNumbers } = compare(input, pairing, [...documents, ...others])
  const { strays, foreign } = await judgeRest(input, books, rest, sameNumbers)
  const accounts = await compareAccounts(ledger, gateway, { books, month })
  const askedBooks = books.filter(({ entity }) => asked.includes(entity.code))
  return {
    organisation: books[0]?.mirror?.organisation.name ?? 'Xero',
    entities: asked,
    documents: [...compared, ...strays].filter(isAsked).sort(byKindAndDate),
    onlyInXero: foreign,
    accounts: accounts.accounts,
    accountsNotCompared: accounts.notCompared,
    notes: notesOf(askedBooks, accounts.unrated),
    drafts: all.filter((one) => isAsked(one) && !documents.includes(one)).length,
    readAt: ledger.clock.now(),
    pulledAt: await feedsReadAt(ledger, gateway.tenantId, pulledFeeds(askedBooks)),
    mirrorReadAt: books[0]?.mirror?.readAt ?? null,
    calls: await countCallsAfter(ledger, asked[0] ?? '', callsBefore),
  }
}

async function readAllBooks({ ledger, gateway, entities }: ReconcileInput): Promise<Books[]> {
  const books: Books[] = []
  for (const entity of entities) books.push(await readBooks(ledger, entity, gateway.tenantId))
  return books
}

function mustFind(books: readonly Books[], code: string): Books {
  const found = books.find(({ entity }) => entity.code === code)
  if (!found) throw new Error(`the entity ${code} is not connected to this organisation`)
  return found
}

async function readDocuments({ ledger, gateway, entities, month }: ReconcileInput): Promise<MonthDocument[]> {
  const documents: MonthDocument[] = []
  for (const { code } of entities) {
    for (const kind of documentKinds) {
      const of = { tenantId: gateway.tenantId, entity: code, kind, ...month }
      documents.push(...(await readMonthDocuments(ledger, of)))
    }
  }
  return documents
}

type ReadXero = Pick<Pairing, 'booksOf'> & { documents: readonly MonthDocument[] }

/** The documents of the month, and by their ids those of the ledger's that are not among them. */
async function readXeroSide(
  { gateway, month }: ReconcileInput,
  { documents, booksOf }: ReadXero,
): Promise<{ xero: XeroDocuments; unasked: Set<string> }> {
  const formOf = (one: MonthDocument) => formInXero(one, booksOf(one.entity))
  const withOrders = documents.some((one) => formOf(one) === 'purchase_order')
  const xero = await readXeroMonth(gateway, month, { withOrders })
  const missing = documents.flatMap((one) => {
    const { xeroId, tenantId } = one
    if (xeroId === null || tenantId !== gateway.tenantId || xero.has(xeroId)) return []
    return { xeroId, list: listOf(formOf(one)) }
  })
  const { found, unasked } = await readMissing(gateway, missing)
  return { xero: new Map([...xero, ...found]), unasked }
}

function notLinked(xero: XeroDocuments, documents: readonly MonthDocument[]): DatedDocument[] {
  const linked = new Set(documents.flatMap(({ xeroId }) => xeroId ?? []))
  return [...xero.values()].filter(({ xeroId }) => !linked.has(xeroId))
}

interface Compared {
  compared: ReconciledDocument[]
  /** Documents of Xero that are told beside one of the ledger that has their number. */
  sameNumbers: Set<string>
}

function compare(input: ReconcileInput, pairing: Pairing, documents: readonly MonthDocument[]): Compared {
  const today = dateInZone(input.ledger.clock.now(), input.timeZone)
  const { from, to } = input.month
  const pairs = pairDocuments(documents, pairing)
  const compared = pairs.map((pair) => {
    const books = pairing.booksOf(pair.document.entity)
    const judging: Judging = { books, tenantId: pairing.tenantId, today, from, to, linkOf: input.linkOf }
    return judgeDocument(pair, judging)
  })
  return {
    // A document of another month is told only where it is a problem here.
    compared: compared.filter(
      ({ date, verdict }) => isWithin(date, input.month) || verdict.result === 'problem',
    ),
    sameNumbers: new Set(pairs.flatMap(({ sameNumber }) => sameNumber?.xeroId ?? [])),
  }
}

function isWithin(date: PlainDate | null, { from, to }: Month): boolean {
  return date !== null && date >= from && date <= to
}

async function judgeRest(
  input: ReconcileInput,
  books: readonly Books[],
  { gone, unlinked }: LeftOver,
  sameNumbers: ReadonlySet<string>,
): Promise<{ strays: ReconciledDocument[]; foreign: ForeignDocument[] }> {
  const live = unlinked.filter(({ xeroId, status }) => !isEnded(status) && !sameNumbers.has(xeroId))
  const marks = await findOurMarks(input.ledger, { tenantId: input.gateway.tenantId, books }, live)
  const strays = gone.map(({ seen, ...owner }) => strayDocument(seen, owner, input))
  const foreign: ForeignDocument[] = []
  for (const row of live) {
    const entity = marks.get(row.xeroId)
    if (entity === undefined) foreign.push(foreignDocument(row, input))
    else strays.push(strayDocument(row, { entity, kind: null, id: null }, input))
  }
  return { strays, foreign }
}

function byKindAndDate(a: ReconciledDocument, b: ReconciledDocument): number {
  return (
    documentKinds.indexOf(a.kind) - documentKinds.indexOf(b.kind) ||
    (a.date ?? '').localeCompare(b.date ?? '') ||
    a.number.localeCompare(b.number, 'en', { numeric: true })
  )
}

/** Without payments their feeds are not read. */
function pulledFeeds(books: readonly Books[]): string[] {
  const isPulled = books.some(
    ({ settings }) => settings.payments === 'both' || settings.payments === 'from_xero',
  )
  return isPulled ? ['documents', 'credit_notes', 'payments'] : ['documents', 'credit_notes']
}

function notesOf(books: readonly Books[], unrated: number): string[] {
  const notes = books.flatMap((own) => notesOfEntity(own).map((note) => `${own.entity.code}: ${note}`))
  if (unrated === 0) return notes
  const have = unrated === 1 ? 'document has' : 'documents have'
  return [
    ...notes,
    `${unrated} foreign ${have} no exchange rate in the ledger, and count for nothing on the accounts.`,
  ]
}

function notesOfEntity(books: Books): string[] {
  const { payments, ar_style, foreign_currency } = books.settings
  const notes: string[] = []
  if (payments === 'none') notes.push('payments=none: what is paid and due was not compared.')
  if (ar_style === 'journals')
    notes.push('ar_style=journals: sales go to Xero as journals, and were not compared one by one.')
  if (foreign_currency === 'base')
    notes.push(
      `foreign_currency=base: Xero has foreign documents in ${baseCurrencyOf(books)}; its figures are turned back into theirs.`,
    )
  return notes
}
