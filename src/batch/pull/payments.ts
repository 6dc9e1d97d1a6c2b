// What the feed of payments says, compared with the ledger (X1, X2, X5, P7): a payment made in Xero on a document of the ledger
// becomes an external one, one that was deleted there is marked deleted, ours and theirs alike. Writing it is write-payments.ts,
// credits are credits.ts.

import type { PlainDate } from '../../accounting/calendar.ts'
import type { LedgerPayment } from '../../accounting/documents.ts'
import type { Ledger } from '../../ledger/open.ts'
import { readPayments } from '../../ledger/payments.ts'
import type { ExternalPayment } from '../../ledger/pulled-external.ts'
import {
  findExternalRefs,
  findKnownThings,
  type KnownDocument,
  type KnownThing,
  type OpenThing,
  type PendingPayment,
  readKnownDocuments,
  readOpenThings,
  readOwnPayments,
  readPendingPayments,
} from '../../ledger/pulled-pending.ts'
import { findRolledBack } from '../../ledger/rolled-back.ts'
import { markerTag, tagOf } from '../../mapping/marker.ts'
import { readPaymentLikes } from '../kinds/payment-like.ts'
import {
  externalId,
  factsOf,
  findOpenTwin,
  goOn,
  inLedger,
  isDocument,
  isDocumentInXero,
  isOpen,
  mustWait,
  type PullContext,
  pullsPayments,
} from './pull-context.ts'
import { type OwnStanding, type PaymentVerdict, writePayments } from './write-payments.ts'

const pageSize = 200

/** Compares every payment that is pending; what agrees with an open call of ours waits for its outcome. */
export async function applyPayments(context: PullContext): Promise<void> {
  const { ledger, writer } = context
  const open = await readOpenThings(ledger, writer.tenantId)
  for (let after = ''; ; ) {
    await goOn(context)
    const page = await readPendingPayments(ledger, { tenantId: writer.tenantId, after, limit: pageSize })
    const last = page.at(-1)
    if (!last) return
    after = last.xeroId
    const around = await readAround(context, page, open)
    const verdicts = page.map((payment) => ({ payment, verdict: judge(payment, around) }))
    await writePayments(context, verdicts)
  }
}

/** What the ledger knows of a page of payments. */
interface Around {
  things: ReadonlyMap<string, KnownThing>
  documents: ReadonlyMap<string, KnownDocument>
  external: ReadonlyMap<string, { kind: string; sourceId: string }>
  /** Ids of those that were ours and that we took out of Xero. */
  rolledBack: ReadonlySet<string>
  open: readonly OpenThing[]
  /** Tags that payments of the ledger's own on these documents carry in Xero, by tag. */
  ownTags: ReadonlyMap<string, string>
  entities: PullContext['entities']
  /** Receipts of the ledger's own that these are refunds of, by id. */
  receipts: ReadonlyMap<string, LedgerPayment>
  /** Of our own that were deleted, by source id. */
  standings: ReadonlyMap<string, OwnStanding>
}

async function readAround(
  { ledger, writer, entities }: PullContext,
  page: readonly PendingPayment[],
  open: readonly OpenThing[],
): Promise<Around> {
  const ids = page.flatMap(({ xeroId, targetId }) => (targetId === null ? [xeroId] : [xeroId, targetId]))
  const things = await findKnownThings(ledger, ids)
  const documentIds = [...things.values()].filter(isDocument).map(({ sourceId }) => sourceId)
  const documents = await readKnownDocuments(ledger, documentIds)
  const external = await findExternalRefs(ledger, writer.tenantId, ids)
  const rolledBack = await findRolledBack(ledger, ids)
  const tagged = page.filter(({ xeroId, reference }) => tagOf(reference) !== null && !things.has(xeroId))
  const ownTags = await readOwnTags(
    ledger,
    tagged.flatMap(({ targetId }) => things.get(targetId ?? '')?.sourceId ?? []),
  )
  const refunded = [...things.values()].filter(({ kind }) => kind === 'receipt')
  const receipts = await readPayments(
    ledger,
    refunded.map(({ sourceId }) => sourceId),
  )
  const ended = page.flatMap(({ xeroId, status }) =>
    status === 'AUTHORISED' ? [] : (things.get(xeroId) ?? []),
  )
  const standings = await readStandingsOf(ledger, ended)
  return { things, documents, external, rolledBack, open, ownTags, entities, receipts, standings }
}

async function readStandingsOf(
  ledger: Ledger,
  things: readonly KnownThing[],
): Promise<Map<string, OwnStanding>> {
  const standings = new Map<string, OwnStanding>()
  for (const kind of ['payment', 'refund'] as const) {
    const ofKind = things.filter((thing) => thing.kind === kind)
    if (ofKind.length === 0) continue
    const ids = ofKind.map(({ sourceId }) => sourceId)
    const likes = await readPaymentLikes(ledger, kind, ids)
    for (const { sourceId, factsHash } of ofKind) {
      const like = likes.get(sourceId)
      const isSame = factsHash === null || like?.factsHash === factsHash
      standings.set(sourceId, like === undefined ? 'moved' : isSame ? 'as-sent' : 'edited')
    }
  }
  return standings
}

async function readOwnTags(ledger: Ledger, documents: readonly string[]): Promise<Map<string, string>> {
  if (documents.length === 0) return new Map()
  const own = await readOwnPayments(ledger, documents)
  return new Map(own.map(({ kind, id, entity }) => [markerTag({ entity, kind, id }), id]))
}

/** Pure. */
function judge(payment: PendingPayment, around: Around): PaymentVerdict {
  const isDeleted = payment.status === 'DELETED' || payment.status === 'VOIDED'
  const own = around.things.get(payment.xeroId)
  if (own) {
    if (isOpen(own)) return { is: 'parked' }
    const standing = around.standings.get(own.sourceId) ?? 'as-sent'
    return isDeleted ? { is: 'ours-ended', thing: own, standing } : { is: 'ours' }
  }
  // A list that is behind may show it as it was.
  if (around.rolledBack.has(payment.xeroId)) return { is: 'nothing' }
  const known = around.external.get(payment.xeroId)
  // Of what came from Xero a refund is the credit's question (X5).
  if (around.external.has(payment.targetId ?? '')) return { is: 'nothing' }
  if (isDeleted) return known ? { is: 'external-ended', id: known.sourceId } : { is: 'nothing' }
  const tag = tagOf(payment.reference)
  if (findOpenTwin(around.open, { targetId: payment.targetId, amount: payment.amount, tag }))
    return { is: 'parked' }
  const ownId = tag === null ? undefined : around.ownTags.get(tag)
  if (ownId !== undefined) return { is: 'unknown-own', id: ownId }
  return judgeExternal(payment, around)
}

function judgeExternal(payment: PendingPayment, around: Around): PaymentVerdict {
  const target = around.things.get(payment.targetId ?? '')
  if (mustWait(target, around.documents)) return { is: 'parked' }
  if (isDocumentInXero(target)) {
    const document = around.documents.get(target.sourceId)
    if (!document || !pullsPayments(around.entities.get(document.entity))) return { is: 'nothing' }
    return { is: 'external', payment: paymentOn(payment, document, target, around) }
  }
  // A refund of what the ledger itself received in advance.
  if (target?.kind === 'receipt' && pullsPayments(around.entities.get(target.entity)))
    return { is: 'external', payment: refundOf(payment, target, around) }
  return { is: 'nothing' }
}

const refundTypes = /^A[RP](CREDIT|OVERPAYMENT|PREPAYMENT)PAYMENT$/

function paymentOn(
  payment: PendingPayment,
  document: KnownDocument,
  target: KnownThing,
  { entities }: Around,
): ExternalPayment {
  const isRefund = refundTypes.test(payment.type)
  const amount = inLedger(payment.amount, document, target)
  return {
    ...ofXero(payment),
    entity: document.entity,
    contact: document.contact,
    kind: isRefund ? 'refund' : 'payment',
    amount,
    currency: document.currency ?? entities.get(document.entity)?.currency ?? null,
    rate: null,
    refundOf: null,
    parts: [{ document: document.id, amount, date: payment.date }],
    xero: { kind: 'payment', id: payment.xeroId },
  }
}

/** In the currency in which the receipt went out. */
function refundOf(payment: PendingPayment, receipt: KnownThing, { receipts }: Around): ExternalPayment {
  const received = receipts.get(receipt.sourceId)
  const { currency } = factsOf(receipt)
  return {
    ...ofXero(payment),
    entity: receipt.entity,
    contact: received?.contact ?? null,
    kind: 'refund',
    amount: payment.amount,
    currency: typeof currency === 'string' ? currency : (received?.currency ?? null),
    rate: null,
    refundOf: receipt.sourceId,
    parts: [],
    xero: { kind: 'refund', id: payment.xeroId },
  }
}

function ofXero({ xeroId, date, reference, account }: PendingPayment) {
  return { id: externalId(xeroId), date: date ?? unknownDate, reference, account }
}

/** Xero dates every payment; a row without a date is read all the same. */
const unknownDate = '1970-01-01' as PlainDate // a date
