// What the feeds of credit notes, prepayments and overpayments say, compared with the ledger (X3, X4, X5, N3, X6): those made in
// Xero become external payments or lower the balances that they are set against; of the ledger's own it is seen what a person
// applied or took back. Writing it is write-credits.ts.

import type { ExternalPart, ExternalPayment } from '../../ledger/pulled-external.ts'
import { noPart, type OwnPart, type PartOwner, readOwnParts } from '../../ledger/pulled-parts.ts'
import {
  findExternalRefs,
  findKnownThings,
  findLinkedContacts,
  type KnownDocument,
  type KnownThing,
  type OpenThing,
  type PendingCredit,
  readKnownDocuments,
  readUnsentReceipts,
} from '../../ledger/pulled-pending.ts'
import { findRolledBack } from '../../ledger/rolled-back.ts'
import { markerTag, tagOf } from '../../mapping/marker.ts'
import {
  type DocumentThing,
  externalId,
  factsOf,
  findOpenTwin,
  inLedger,
  isDocument,
  isDocumentInXero,
  isOpen,
  moneyText,
  type PullContext,
  pullsPayments,
} from './pull-context.ts'

export interface JudgedCredit {
  credit: PendingCredit
  verdict: CreditVerdict
  /** It is set against a document whose row the exporting system took away: it is compared again by every pull until that is back. */
  isAwaiting: boolean
}

/** What one of our own credits is applied to in Xero, document by document. */
export interface OwnChange {
  part: OwnPart
  /** Cents that Xero has of it now, as the ledger counts them. */
  live: number
  date: string | null
}

export type CreditVerdict =
  | { is: 'parked' }
  | { is: 'unknown-own'; id: string }
  | { is: 'nothing' }
  /** A part of ours seems to be gone: Xero is asked by id before it is believed. */
  | { is: 'to-ask' }
  /** A prepayment or overpayment that was made in Xero. */
  | { is: 'deposit'; payment: ExternalPayment }
  | { is: 'deposit-ended'; id: string }
  /** A credit note that was made in Xero: only what it takes off the ledger's documents (N3). */
  | { is: 'credit-note'; id: string; parts: ExternalPart[] }
  | { is: 'own'; thing: KnownThing; owner: PartOwner; isEnded: boolean; changes: OwnChange[] }

export interface CreditsAround {
  things: ReadonlyMap<string, KnownThing>
  /** By id in the ledger; of those whose row is not there what their things say. */
  documents: ReadonlyMap<string, KnownDocument>
  /** Xero ids of documents whose row is not there. */
  rowless: ReadonlySet<string>
  external: ReadonlyMap<string, { kind: string; sourceId: string }>
  /** Ids of those that were ours and that we took out of Xero. */
  rolledBack: ReadonlySet<string>
  contacts: ReadonlyMap<string, string>
  open: readonly OpenThing[]
}

type WireAllocation = [invoiceId: string, amount: number, date: string | null]

function allocationsOf({ allocations }: PendingCredit): WireAllocation[] {
  return JSON.parse(allocations) as WireAllocation[] // written by ledger/mirror-money.ts
}

export async function readCreditsAround(
  { ledger, writer }: PullContext,
  page: readonly PendingCredit[],
  open: readonly OpenThing[],
): Promise<CreditsAround> {
  const credits = page.map(({ xeroId }) => xeroId)
  const invoices = page.flatMap((credit) => allocationsOf(credit).map(([invoiceId]) => invoiceId))
  const things = await findKnownThings(ledger, [...credits, ...invoices])
  const documentThings = [...things.values()].filter(isDocument)
  const known = await readKnownDocuments(
    ledger,
    documentThings.map(({ sourceId }) => sourceId),
  )
  const rowless = documentThings.filter(({ sourceId }) => !known.has(sourceId))
  return {
    things,
    documents: new Map([...known, ...rowless.map((thing) => [thing.sourceId, withoutRow(thing)] as const)]),
    rowless: new Set(rowless.map(({ xeroId }) => xeroId)),
    external: await findExternalRefs(ledger, writer.tenantId, credits),
    rolledBack: await findRolledBack(ledger, credits),
    contacts: await findLinkedContacts(
      ledger,
      writer.tenantId,
      page.map(({ contactId }) => contactId),
    ),
    open,
  }
}

/** What is set against it stays set against it: the other documents of the same credit are compared all the same. */
function withoutRow({ sourceId, kind, entity }: DocumentThing): KnownDocument {
  return {
    id: sourceId,
    kind,
    entity,
    number: '',
    contact: null,
    currency: null,
    total: 0,
    exchangeRate: null,
  }
}

export function isAwaiting(credit: PendingCredit, { rowless }: CreditsAround): boolean {
  return allocationsOf(credit).some(([id]) => rowless.has(id))
}

/** `isAsked`: it was read by its id just now, so that what it says is what Xero has. */
export async function judgeCredit(
  context: PullContext,
  credit: PendingCredit,
  around: CreditsAround,
  isAsked = false,
): Promise<CreditVerdict> {
  // What it is set against must be known, or an allocation would seem to be gone.
  if (allocationsOf(credit).some(([id]) => isOpenDocument(around.things.get(id)))) return { is: 'parked' }
  const own = around.things.get(credit.xeroId)
  if (own) {
    const verdict = await judgeOwn(context, credit, own, around)
    return !isAsked && verdict.is === 'own' && isLessened(verdict) ? { is: 'to-ask' } : verdict
  }
  // A list that is behind may show it as it was.
  if (around.rolledBack.has(credit.xeroId)) return { is: 'nothing' }
  if (isEnded(credit)) return judgeEnded(credit, around)
  if (credit.kind === 'credit_note')
    return { is: 'credit-note', id: keyOf(credit), parts: partsOf(credit, around) }
  const tag = tagOf(credit.reference)
  if (findOpenTwin(around.open, { contactId: credit.contactId, amount: credit.total, tag }))
    return { is: 'parked' }
  const receipts = tag === null ? [] : await readUnsentReceipts(context.ledger, credit.total)
  const ours = receipts.find(({ id, entity }) => markerTag({ entity, kind: 'receipt', id }) === tag)
  if (ours) return { is: 'unknown-own', id: ours.id }
  return judgeDeposit(context, credit, around)
}

function isOpenDocument(thing: KnownThing | undefined): boolean {
  return isDocument(thing) && isOpen(thing)
}

/** What the feed said last may be older than what we applied since; a void is explicit. */
function isLessened({ isEnded, changes }: Extract<CreditVerdict, { is: 'own' }>): boolean {
  return !isEnded && changes.some(({ part, live }) => part.sent !== null && live < (part.live ?? part.sent))
}

function isEnded({ status }: PendingCredit): boolean {
  return status === 'VOIDED' || status === 'DELETED'
}

function judgeEnded(credit: PendingCredit, { external }: CreditsAround): CreditVerdict {
  if (credit.kind === 'credit_note') return { is: 'credit-note', id: keyOf(credit), parts: [] }
  const known = external.get(credit.xeroId)
  return known ? { is: 'deposit-ended', id: known.sourceId } : { is: 'nothing' }
}

/** The key of a credit note of Xero's in credit_allocation. */
function keyOf({ xeroId }: PendingCredit): string {
  return externalId(xeroId)
}

/** What it is set against of the ledger's, a document each. */
function partsOf(credit: PendingCredit, around: CreditsAround): ExternalPart[] {
  return liveParts(credit, around).map(({ document, amount, date }) => ({
    document: document.id,
    amount,
    date,
  }))
}

interface LivePart {
  document: KnownDocument
  thing: KnownThing
  amount: number
  date: string | null
}

/** Several allocations on one document are one part, dated by the last. */
function liveParts(credit: PendingCredit, { things, documents }: CreditsAround): LivePart[] {
  const parts = new Map<string, { part: LivePart; inXero: number }>()
  for (const [invoiceId, amount, date] of allocationsOf(credit)) {
    const thing = things.get(invoiceId)
    const document = isDocumentInXero(thing) ? documents.get(thing.sourceId) : undefined
    if (!thing || !document) continue
    const before = parts.get(document.id)
    const inXero = amount + (before?.inXero ?? 0)
    const last = [before?.part.date ?? '', date ?? ''].sort().at(-1) || null
    parts.set(document.id, {
      inXero,
      part: { document, thing, amount: inLedger(inXero, document, thing), date: last },
    })
  }
  return [...parts.values()].map(({ part }) => part)
}

/** What a credit of ours is set against that is not the ledger's lowers what is left of it all the same. */
function partsElsewhere(credit: PendingCredit, { things }: CreditsAround): ExternalPart[] {
  const parts = new Map<string, ExternalPart>()
  for (const [invoiceId, amount, date] of allocationsOf(credit)) {
    if (isDocument(things.get(invoiceId))) continue
    const document = externalId(invoiceId)
    parts.set(document, { document, amount: amount + (parts.get(document)?.amount ?? 0), date })
  }
  return [...parts.values()]
}

/** Cents that were paid back of it by Xero's own sums, where that is not what the feed of payments told of. */
export function refundsDiffer(credit: PendingCredit): boolean {
  if (isEnded(credit)) return false
  const allocated = allocationsOf(credit).reduce((sum, [, amount]) => sum + amount, 0)
  return credit.total - credit.remaining - allocated !== credit.refunded
}

/**
 * An over- or prepayment of Xero's comes in where its contact is one of the ledger's, or where it is set against a document of the
 * ledger: an organisation may have many that the ledger has nothing to do with.
 */
function judgeDeposit(context: PullContext, credit: PendingCredit, around: CreditsAround): CreditVerdict {
  const parts = liveParts(credit, around).filter(({ document }) =>
    pullsPayments(context.entities.get(document.entity)),
  )
  const contact = around.contacts.get(credit.contactId) ?? parts[0]?.document.contact ?? null
  const entity = entityOf(context, parts)
  const isKnown = around.external.has(credit.xeroId)
  if (entity === null || (contact === null && !isKnown)) return { is: 'nothing' }
  return {
    is: 'deposit',
    payment: {
      id: externalId(credit.xeroId),
      entity,
      contact,
      kind: credit.kind === 'prepayment' ? 'deposit' : 'payment',
      date: credit.date ?? '1970-01-01',
      // X5: less what was paid back.
      amount: credit.total - credit.refunded,
      currency: credit.currency,
      rate: credit.rate === 1_000_000 ? null : credit.rate,
      reference: credit.reference,
      account: null,
      refundOf: null,
      parts: parts.map(({ document, amount, date }) => ({ document: document.id, amount, date })),
      xero: { kind: 'payment', id: credit.xeroId },
    },
  }
}

/** Of the document that it is set against first; else the first entity whose payments come back. */
function entityOf({ entities }: PullContext, parts: readonly LivePart[]): string | null {
  const [first] = parts
  if (first) return first.document.entity
  return [...entities.values()].find(pullsPayments)?.code ?? null
}

async function judgeOwn(
  { ledger }: PullContext,
  credit: PendingCredit,
  thing: KnownThing,
  around: CreditsAround,
): Promise<CreditVerdict> {
  if (isOpen(thing)) return { is: 'parked' }
  const owner = ownerOf(thing, credit)
  if (!owner) return { is: 'nothing' }
  const parts = await readOwnParts(ledger, owner)
  // A call that applies it is on its way: what Xero shows may be of before or after it.
  if ([...parts.values()].some(({ state }) => state === 'sending' || state === 'uncertain'))
    return { is: 'parked' }
  const ofLedger = new Map(
    (isEnded(credit) ? [] : liveParts(credit, around)).map((part) => [part.document.id, part]),
  )
  const elsewhere = isEnded(credit) || owner.is !== 'credit' ? [] : partsElsewhere(credit, around)
  const live = new Map<string, { amount: number; date: string | null }>([
    ...ofLedger,
    ...elsewhere.map((part) => [part.document, part] as const),
  ])
  const documents = new Set([...parts.keys(), ...live.keys()])
  const changes = [...documents].map((document): OwnChange => {
    const now = live.get(document)
    return {
      part: inLedgersCents(parts.get(document) ?? noPart(document), ofLedger.get(document)),
      live: now?.amount ?? 0,
      date: now?.date ?? null,
    }
  })
  return { is: 'own', thing, owner, isEnded: isEnded(credit), changes }
}

/** What was sent went out in Xero's cents; of what is not there any more it stays so. */
function inLedgersCents(part: OwnPart, now: LivePart | undefined): OwnPart {
  if (!now) return part
  const converted = (amount: number) => inLedger(amount, now.document, now.thing)
  return {
    ...part,
    sent: part.sent === null ? null : converted(part.sent),
    beside: part.beside && { ...part.beside, amount: converted(part.beside.amount) },
  }
}

/** Null for what went out as a journal, which Xero knows no allocations of. */
function ownerOf(thing: KnownThing, { xeroId }: PendingCredit): PartOwner | null {
  const { kind, sourceId: source, entity } = thing
  if (factsOf(thing)['form'] === 'journal') return null
  if (kind === 'receipt') return { is: 'receipt', source, entity, xeroId }
  if (kind === 'discount') return { is: 'discount', source, entity, xeroId }
  return isDocumentInXero(thing) ? { is: 'credit', source, entity, xeroId } : null
}

/** For what is told of it: "credit note CN-7", "overpayment of 2026-11-02". */
export function nameOfCredit({ kind, number, date, total }: PendingCredit): string {
  const name = kind.replace('_', ' ')
  return number ? `${name} ${number}` : `${name} of ${moneyText(total)}${date ? ` of ${date}` : ''}`
}
