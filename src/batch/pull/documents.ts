// What the feed of invoices and bills says, compared with the ledger (I9): totals edited and documents voided in Xero become one
// adjustment each. Which of them do not agree with the payments and credits that are known is asked by id: asked.ts.

import type { Ledger } from '../../ledger/open.ts'
import { noteOnDocument } from '../../ledger/pulled-events.ts'
import {
  findKnownThings,
  type KnownDocument,
  type KnownThing,
  type PendingDocument,
  readKnownDocuments,
  readPendingDocuments,
} from '../../ledger/pulled-pending.ts'
import { markCompared, noteXeroStatus, putAdjustment } from '../../ledger/pulled-write.ts'
import { findStrangers } from '../../ledger/strangers.ts'
import {
  factsOf,
  goOn,
  inLedger,
  isConverted,
  isDocumentInXero,
  moneyText,
  mustWait,
  type PullContext,
} from './pull-context.ts'

const pageSize = 200

/** A document of the ledger on which Xero counts otherwise than the payments and credits that are known. */
export interface Disagreement {
  document: PendingDocument
  thing: KnownThing
}

/** Compares every document that is pending; gives back those to be asked for. */
export async function applyDocuments(
  context: PullContext,
  { isCompared }: { isCompared: boolean },
): Promise<Disagreement[]> {
  const { ledger, writer } = context
  const disagreements: Disagreement[] = []
  for (let after = ''; ; ) {
    await goOn(context)
    const page = await readPendingDocuments(ledger, { tenantId: writer.tenantId, after, limit: pageSize })
    const last = page.at(-1)
    if (!last) return disagreements
    after = last.xeroId
    const things = await findKnownThings(
      ledger,
      page.map(({ xeroId }) => xeroId),
    )
    const known = await readKnownDocuments(
      ledger,
      [...things.values()].map(({ sourceId }) => sourceId),
    )
    const strangers = await strangersOf(context, page, things)
    await ledger.transaction(async (tx, now) => {
      const compared: string[] = []
      for (const document of page) {
        // Pending until what waits under its number was sent, or is known to be this.
        if (strangers.has(document.xeroId)) continue
        const thing = things.get(document.xeroId)
        // An update of ours that is on its way may have made the total what it is.
        if (mustWait(thing, known)) continue
        const inLedgerToo = thing && known.get(thing.sourceId)
        if (inLedgerToo && isDocumentInXero(thing)) {
          await putDifference({ context, tx, now }, { thing, document: inLedgerToo, seen: document })
          if (isCompared && disagrees(document)) {
            disagreements.push({ document, thing })
            continue
          }
        }
        compared.push(document.xeroId)
      }
      await markCompared(tx, writer.tenantId, 'document', compared)
    })
  }
}

/** Ids in Xero of documents that the ledger does not know there, and that it is about to send, or will be once they are released. */
async function strangersOf(
  { ledger, strangers }: PullContext,
  page: readonly PendingDocument[],
  things: ReadonlyMap<string, KnownThing>,
): Promise<Set<string>> {
  const found = await findStrangers(
    ledger,
    page.filter(({ xeroId, status }) => !things.has(xeroId) && status !== 'VOIDED' && status !== 'DELETED'),
  )
  const told = new Set(strangers.map(({ xeroId }) => xeroId))
  strangers.push(...found.filter(({ xeroId, isHeld }) => !isHeld && !told.has(xeroId)))
  return new Set(found.map(({ xeroId }) => xeroId))
}

function disagrees({ paid, credited, knownPaid, knownCredited }: PendingDocument): boolean {
  return paid !== knownPaid || credited !== knownCredited
}

interface Writing {
  context: PullContext
  tx: Parameters<Parameters<Ledger['transaction']>[0]>[0]
  now: string
}

/**
 * The one difference that Xero made to a document's total since we left it there: edited, or voided. It is what the ledger's own
 * total lacks of it, so that an edit that both sides made counts once.
 */
export async function putDifference(
  { context, tx, now }: Writing,
  found: {
    thing: KnownThing
    document: Pick<KnownDocument, 'total' | 'currency'>
    seen: { status: string; total: number }
  },
): Promise<void> {
  const { thing, document, seen } = found
  const { kind, sourceId: id, entity } = thing
  await noteXeroStatus(tx, now, { kind, id, entity, xeroStatus: seen.status })
  const isEnded = seen.status === 'VOIDED' || seen.status === 'DELETED'
  const isOurs = isEnded && (await isVoidInLedger(tx, id))
  // A document below zero is a credit in Xero, with its sign turned.
  const amount = isOurs ? 0 : differenceOf(found, isEnded ? 0 : seen.total) * (document.total < 0 ? -1 : 1)
  const reason = isEnded ? `${seen.status.toLowerCase()} in Xero` : 'total edited in Xero'
  const adjustment = { document: id, tenantId: context.writer.tenantId, reason }
  if (!(await putAdjustment(tx, now, { ...adjustment, amount: amount === 0 ? null : amount }))) return
  context.counts.adjustments += 1
  await noteOnDocument(tx, context.writer, now, {
    document: id,
    what: amount === 0 ? 'total in Xero as in the ledger again' : reason,
    detail: amount === 0 ? null : moneyText(amount),
  })
}

function differenceOf(
  { thing, document }: { thing: KnownThing; document: Pick<KnownDocument, 'total' | 'currency'> },
  worth: number,
): number {
  const { totalCents } = factsOf(thing)
  const total = Math.abs(document.total)
  const sent = typeof totalCents === 'number' ? totalCents : total
  if (worth === sent) return 0
  // Linked at cutover it may have had another total from the start, such as what was left of it in the opening balances (M1).
  if (thing.state === 'mock_exported') return inLedger(worth - sent, document, thing)
  return isConverted(document, thing) ? inLedger(worth - sent, document, thing) : worth - total
}

/** Voided in the ledger and then in Xero is no difference: both say the same. */
async function isVoidInLedger(tx: Writing['tx'], id: string): Promise<boolean> {
  const row = await tx.selectFrom('document').select('status').where('id', '=', id).executeTakeFirst()
  return row?.status === 'void'
}
