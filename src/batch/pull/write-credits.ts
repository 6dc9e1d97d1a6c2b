// Writes what judge-credit.ts judged, a page of credits in one transaction: rows, parts that Xero has otherwise, what is told of
// them, and the counts of the run's report.

import type { Ledger } from '../../ledger/open.ts'
import { noteOnDocument, noteOnPayment } from '../../ledger/pulled-events.ts'
import {
  endExternalPayment,
  forgetExternal,
  type PartChange,
  putExternalAllocation,
  putExternalCredit,
  putExternalPayment,
  removeExternalAllocation,
} from '../../ledger/pulled-external.ts'
import type { OwnPart, PartOwner } from '../../ledger/pulled-parts.ts'
import type { KnownThing, PendingCredit } from '../../ledger/pulled-pending.ts'
import { endOwnPayment, endThing, markCompared, partKeyOf, putPart } from '../../ledger/pulled-write.ts'
import { putDifference } from './documents.ts'
import { type CreditVerdict, type JudgedCredit, nameOfCredit, type OwnChange } from './judge-credit.ts'
import { externalId, moneyText, type PullContext } from './pull-context.ts'

type Tx = Parameters<Parameters<Ledger['transaction']>[0]>[0]

interface Writing {
  context: PullContext
  tx: Tx
  now: string
  credit: PendingCredit
}

export async function writeCredits(context: PullContext, judged: readonly JudgedCredit[]): Promise<void> {
  const { ledger, writer } = context
  await ledger.transaction(async (tx, now) => {
    for (const { credit, verdict } of judged) await writeVerdict({ context, tx, now, credit }, verdict)
    const compared = judged.filter(
      ({ verdict, isAwaiting }) => verdict.is !== 'parked' && verdict.is !== 'to-ask' && !isAwaiting,
    )
    const ids = compared.map(({ credit }) => credit.xeroId)
    await markCompared(tx, writer.tenantId, 'credit', ids)
  })
}

async function writeVerdict(writing: Writing, verdict: CreditVerdict): Promise<void> {
  const { context, tx, now, credit } = writing
  const { writer, counts } = context
  switch (verdict.is) {
    case 'parked':
    case 'nothing':
    case 'to-ask':
      return
    case 'unknown-own':
      context.warnings.push(
        `Xero has receipt ${verdict.id} of ${moneyText(credit.total)} with our own mark (${credit.xeroId}), which this ledger does not know to be sent. If this ledger was put back from a back-up, run: auxo-sync adopt-copy`,
      )
      return
    case 'deposit': {
      const { id: payment } = verdict.payment
      const { isNew, changes } = await putExternalPayment(tx, writer, now, verdict.payment)
      if (isNew) {
        counts[credit.kind === 'prepayment' ? 'prepayments' : 'overpayments'] += 1
        await tellSource(writing, { payment }, `${credit.kind} made in Xero`, amountOf(credit))
      }
      await tellChanges(writing, { payment }, changes)
      await countRefunds(writing, payment)
      return
    }
    case 'deposit-ended':
      return endDeposit(writing, verdict.id)
    case 'credit-note': {
      const { id, parts } = verdict
      const { changes } = await putExternalCredit(tx, writer, now, { id, xeroId: credit.xeroId, parts })
      await tellChanges(writing, null, changes)
      return
    }
    case 'own':
      await forgetExternal(tx, writer.tenantId, credit.xeroId)
      await writeOwn(writing, verdict)
      return
    default:
      verdict satisfies never
  }
}

/** Whose the money is: a payment of the ledger, or its own credit; null for a credit note of Xero's, which the ledger has not. */
type Source = { payment: string } | { document: string } | null

async function tellSource(
  { context, tx, now }: Writing,
  source: Source,
  what: string,
  detail: string,
): Promise<void> {
  if (source === null) return
  if ('payment' in source) await noteOnPayment(tx, context.writer, now, { ...source, what, detail })
  else await noteOnDocument(tx, context.writer, now, { ...source, what, detail })
}

/** Its row and parts stay, and count no more: documents that it was still applied to here are told so. */
async function endDeposit(writing: Writing, payment: string): Promise<void> {
  const { context, tx, now, credit } = writing
  if (!(await endExternalPayment(tx, now, payment))) return
  const parts = await tx
    .selectFrom('payment_allocation')
    .select(['document', 'amount_cents as before'])
    .where('payment', '=', payment)
    .execute()
  await tellChanges(
    writing,
    { payment },
    parts.map((part) => ({ ...part, after: 0 })),
  )
  context.counts.deletedPayments += 1
  await tellSource(writing, { payment }, `${credit.kind} voided in Xero`, amountOf(credit))
}

/** What is told of each document and of what was set against it, and counted. */
async function tellChanges(writing: Writing, source: Source, changes: readonly PartChange[]): Promise<void> {
  const { context, tx, now, credit } = writing
  const name = nameOfCredit(credit)
  for (const { document, before, after } of changes) {
    const isMore = after > before
    context.counts[isMore ? 'allocations' : 'removedAllocations'] += 1
    const amount = moneyText(Math.abs(after - before))
    const what = isMore ? `${credit.kind.replace('_', ' ')} applied in Xero` : 'allocation removed in Xero'
    const told = { document, what, detail: `${amount} of ${name}` }
    const number = await noteOnDocument(tx, context.writer, now, told)
    const whatOfSource = isMore ? 'applied in Xero' : 'allocation removed in Xero'
    await tellSource(writing, source, whatOfSource, `${amount} on ${number}`)
  }
}

function amountOf({ total, date }: { total: number; date: string | null }): string {
  return `${moneyText(total)}${date ? ` of ${date}` : ''}`
}

/** Refunds of what came from Xero lower its amount (X5); each is remembered, so that it is told and counted once. */
async function countRefunds(writing: Writing, payment: string): Promise<void> {
  const { context, tx, now, credit } = writing
  const { writer, counts } = context
  const refunds = await tx
    .selectFrom('mirror_payment as p')
    .leftJoin('external_ref as r', (join) =>
      join
        .onRef('r.tenant_id', '=', 'p.tenant_id')
        .onRef('r.xero_id', '=', 'p.payment_id')
        .on('r.kind', '=', 'refund'),
    )
    .select(['p.payment_id as xeroId', 'r.xero_id as known', 'p.status as status'])
    .select(['p.amount_cents as total', 'p.date as date'])
    .where('p.target_id', '=', credit.xeroId)
    .execute()
  for (const { xeroId, known, status, total, date } of refunds) {
    if (status !== 'AUTHORISED') {
      if (known === null) continue
      counts.deletedPayments += 1
      await tellSource(writing, { payment }, 'refund deleted in Xero', amountOf({ total, date }))
      await tx
        .deleteFrom('external_ref')
        .where('tenant_id', '=', writer.tenantId)
        .where('kind', '=', 'refund')
        .where('xero_id', '=', xeroId)
        .execute()
      continue
    }
    if (known !== null) continue
    counts.refunds += 1
    await tellSource(writing, { payment }, 'refunded in Xero', amountOf({ total, date }))
    await tx
      .insertInto('external_ref')
      .values({
        tenant_id: writer.tenantId,
        kind: 'refund',
        source_id: externalId(xeroId),
        xero_id: xeroId,
        updated_at: now,
      })
      .execute()
  }
}

/** Of the ledger's own credit or receipt: what a person applied or took back, part by part. */
async function writeOwn(writing: Writing, verdict: Extract<CreditVerdict, { is: 'own' }>): Promise<void> {
  const { context, tx, now, credit } = writing
  const { thing, owner, isEnded, changes } = verdict
  const told: PartChange[] = []
  for (const change of changes) {
    const done = await writePart(writing, owner, change)
    if (done !== null) told.push(done)
  }
  const source = sourceOf(owner)
  await tellChanges(writing, source, told)
  const { kind, sourceId: id, entity } = thing
  if (owner.is === 'credit') await writeDifference(writing, thing)
  if (!isEnded || owner.is === 'credit') return
  const isNew = await endThing(tx, now, { kind, id, entity, xeroStatus: 'VOIDED' })
  if (isNew) {
    context.counts.deletedPayments += 1
    await tellSource(writing, source, `${credit.kind.replace('_', ' ')} voided in Xero`, amountOf(credit))
  }
  if (owner.is === 'receipt') await endOwnPayment(tx, now, owner.source)
}

function sourceOf(owner: PartOwner): Source {
  return owner.is === 'credit' ? { document: owner.source } : { payment: partKeyOf(owner).source }
}

/** Its total edited in Xero, or voided there (I9). */
async function writeDifference({ context, tx, now, credit }: Writing, thing: KnownThing): Promise<void> {
  const document = await tx
    .selectFrom('document')
    .select(['total_cents as total', 'currency'])
    .where('id', '=', thing.sourceId)
    .executeTakeFirst()
  if (document) await putDifference({ context, tx, now }, { thing, document, seen: credit })
}

/** Null where nothing changed since it was looked at last. */
async function writePart(
  writing: Writing,
  owner: PartOwner,
  { part, live, date }: OwnChange,
): Promise<PartChange | null> {
  const { tx, now } = writing
  const { document } = part
  const key = partKeyOf(owner)
  if (part.beside !== null) return writeBeside(writing, owner, { part, live, date })
  const before =
    part.live ?? (isSent(part) ? (part.sent ?? part.amount) : part.isExternal ? part.amount : null)
  if (isSent(part)) {
    const isAsSent = live === (part.sent ?? part.amount) && !isGone(part)
    const cause = live === 0 ? 'taken back in Xero' : 'changed in Xero'
    await putPart(tx, now, { ...key, document, live: isAsSent ? null : live, cause })
    if (live === 0 && part.thing)
      await endThing(tx, now, { ...part.thing, entity: owner.entity, xeroStatus: 'DELETED' })
  } else if (part.amount !== null && !part.isExternal) {
    // The ledger's own row was not sent yet: its check sees what is there already, and says so.
    return null
  } else if (owner.is === 'credit') {
    if (live === 0) await removeExternalAllocation(tx, owner.source, document)
    else await putExternalAllocation(tx, owner.source, { document, amount: live, date })
  } else
    await putPart(tx, now, { ...key, document, live: live === 0 ? null : live, cause: 'applied in Xero' })
  return live === (before ?? 0) ? null : { document, before: before ?? 0, after: live }
}

/** What a person set of a receipt against the very document that its payment is on counts beside that payment. */
async function writeBeside(
  { tx, now }: Writing,
  owner: PartOwner,
  { part, live }: OwnChange,
): Promise<PartChange | null> {
  const { document, beside } = part
  const paid = beside && !beside.isEnded ? beside.amount : 0
  const isAsSent = live === 0 && beside?.isEnded === false
  const cause = live === 0 ? 'deleted in Xero' : 'applied in Xero'
  await putPart(tx, now, { ...partKeyOf(owner), document, live: isAsSent ? null : paid + live, cause })
  const before = part.live ?? paid
  return paid + live === before ? null : { document, before, after: paid + live }
}

function isSent({ state }: OwnPart): boolean {
  return state === 'exported' || state === 'mock_exported'
}

function isGone({ xeroStatus }: OwnPart): boolean {
  return xeroStatus === 'DELETED' || xeroStatus === 'VOIDED'
}
