// Updates and voids of documents that Xero has (I7): each is read back by its id first, and only sent where Xero still has it as we
// left it and nothing was paid or credited on it. What is not sent says why.

import type { LedgerDocument } from '../../accounting/documents.ts'
import type { Finding, FindingCode } from '../../accounting/findings.ts'
import { kindNames, type Operation } from '../../accounting/kinds.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import { mapDocument, readDocumentFacts, type SentDocumentFacts } from '../../mapping/document.ts'
import { documentHash } from '../../mapping/facts.ts'
import { mapVoid } from '../../mapping/void.ts'
import type { Found } from '../channels/channel.ts'
import { channelTable } from '../channels/channel-table.ts'
import type { RunContext } from '../context.ts'
import type { Loaded, LoadedThing } from '../kind-row.ts'
import { formRoutes, type ReadyDocument, sentThing } from './document-thing.ts'

/** What Xero has of a document that was sent before. */
interface InXero {
  found: Found
  /** As it was last left there. */
  facts: SentDocumentFacts
  xeroId: string
}

export async function loadChanges(
  context: RunContext,
  operation: Operation,
  documents: readonly ReadyDocument[],
): Promise<Loaded> {
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  const rows = await readBack(context, documents)
  for (const ready of documents) {
    const { document, thing } = ready
    if (thing.facts === null || thing.xeroId === null) continue
    const facts = readDocumentFacts(thing.facts)
    const found = rows.get(thing.xeroId)
    if (!found) {
      loaded.skipped.push(refusal(document, 'gone'))
      continue
    }
    const inXero = { found, facts, xeroId: thing.xeroId }
    if (operation === 'void') loadVoid(ready, inXero, loaded)
    else loadUpdate(context, ready, inXero, loaded)
  }
  return loaded
}

/** Invoices and bills 40 in a call; of the others Xero gives one at a time. */
async function readBack(
  context: RunContext,
  documents: readonly ReadyDocument[],
): Promise<Map<string, Found>> {
  const rows = new Map<string, Found>()
  const invoices: string[] = []
  for (const { thing } of documents) {
    if (thing.facts === null || thing.xeroId === null) continue
    const { channel } = formRoutes[readDocumentFacts(thing.facts).form]
    if (channel === 'sales_invoices' || channel === 'bills') invoices.push(thing.xeroId)
    else {
      const found = await channelTable[channel].findById(context.gateway, thing.xeroId, thing.facts)
      if (found) rows.set(thing.xeroId, found)
    }
  }
  if (invoices.length > 0) {
    const read = await context.gateway.invoicesByIds(invoices)
    for (const row of read.rows)
      rows.set(row.xeroId, { xeroId: row.xeroId, number: row.number, status: row.status, row })
  }
  return rows
}

function loadVoid({ document, thing, xeroContactId }: ReadyDocument, inXero: InXero, loaded: Loaded): void {
  const { found, facts, xeroId } = inXero
  if (isEnded(found)) {
    loaded.unchanged.push({ id: document.id, revision: thing.revision, factsHash: documentHash(document) })
    return
  }
  if (isSettled(found)) {
    loaded.skipped.push(refusal(document, 'paid'))
    return
  }
  // Voiding would undo a person's work as much as overwriting it.
  const { channel } = formRoutes[facts.form]
  const left = asLeft(facts, xeroContactId || facts.contactId)
  if (!left.some((one) => channelTable[channel].agrees(one, found))) {
    loaded.skipped.push(refusal(document, 'edited'))
    return
  }
  const status = found.status === 'DRAFT' ? 'DRAFT' : 'AUTHORISED'
  const { model, facts: ending } = mapVoid({ form: facts.form, xeroId, status })
  const subject = { kind: document.kind, id: document.id, number: document.number }
  loaded.things.push({
    ...sentThing(document, thing, facts),
    operation: 'void',
    method: 'POST',
    payload: { model },
    compare: (element) => answerDifferences(element, ending, subject),
  })
}

function loadUpdate(context: RunContext, ready: ReadyDocument, inXero: InXero, loaded: Loaded): void {
  const { document, thing, xeroContactId, number } = ready
  const { found, facts, xeroId } = inXero
  const channel = channelTable[formRoutes[facts.form].channel]
  const mapping = mapDocument(document, {
    books: context.books,
    xeroContactId,
    number: number ?? facts.number,
    xeroId,
    form: facts.form,
    status: found.status === 'DRAFT' ? 'DRAFT' : 'AUTHORISED',
    lineIds: lineIdsOf(found),
  })
  const wanted = JSON.stringify(mapping.facts)
  const change: LoadedThing = {
    ...sentThing(document, thing, mapping.facts),
    operation: 'update',
    method: 'POST',
    payload: { model: mapping.model },
  }
  if (channel.agrees(wanted, found) && wanted === thing.facts) {
    // What changed in the ledger does not reach Xero.
    loaded.unchanged.push({ id: document.id, revision: thing.revision, factsHash: documentHash(document) })
  } else if (isEnded(found)) loaded.skipped.push(refusal(document, 'ended'))
  else if (isSettled(found)) loaded.skipped.push(refusal(document, 'paid'))
  else if (![...asLeft(facts, xeroContactId), wanted].some((one) => channel.agrees(one, found)))
    loaded.skipped.push(refusal(document, 'edited'))
  else loaded.things.push(change)
}

/** As it was last left there. Where contacts were merged, what was theirs has moved to the one that is linked since (K5). */
function asLeft(facts: SentDocumentFacts, xeroContactId: string): string[] {
  return [facts, { ...facts, contactId: xeroContactId }].map((one) => JSON.stringify(one))
}

function lineIdsOf(found: Found): readonly string[] {
  const row = found.row as { lineIds?: readonly string[] } // a document's row has them
  return row.lineIds ?? []
}

function isEnded({ status }: Found): boolean {
  return status === 'VOIDED' || status === 'DELETED'
}

/** Something was paid, credited or applied on it, so that Xero takes no change any more (§4.3). */
function isSettled(found: Found): boolean {
  const row = found.row as {
    amountPaid?: number
    amountCredited?: number
    remaining?: number
    total?: number
  } // of an invoice, or of a credit
  if (found.status === 'PAID' || found.status === 'BILLED') return true
  if ((row.amountPaid ?? 0) !== 0 || (row.amountCredited ?? 0) !== 0) return true
  return row.remaining !== undefined && row.remaining !== row.total
}

const refusals: Record<
  'paid' | 'edited' | 'ended' | 'gone',
  { code: FindingCode; message: string; why: string; fix: string }
> = {
  paid: {
    code: 'edited-after-payment',
    message:
      'was changed in the ledger after something was paid or credited on it in Xero. Nothing was sent.',
    why: 'Xero takes no change of a document with payments or credits on it.',
    fix: 'Undo the change in the ledger, or remove the payment or credit in Xero and export again.',
  },
  edited: {
    code: 'edited-in-xero',
    message: 'was changed in the ledger and in Xero. Nothing was sent, so that nobody’s work is lost.',
    why: 'Its lines, total or date in Xero are not as auxo-sync left them.',
    fix: 'Compare both and make the same change in Xero; the finding ends when the ledger and Xero agree.',
  },
  ended: {
    code: 'edited-in-xero',
    message: 'was changed in the ledger, and is void in Xero. Nothing was sent.',
    why: 'Xero takes no change of a document that was voided or deleted.',
    fix: 'Void it in the ledger too. To send it all the same, write it under a new id and number.',
  },
  gone: {
    code: 'edited-in-xero',
    message: 'was changed in the ledger, and Xero has it no more.',
    why: 'It was found in Xero neither by its id nor among what is voided.',
    fix: 'Look in Xero’s history of the contact what became of it.',
  },
}

function refusal(document: LedgerDocument, why: keyof typeof refusals): CheckedThing {
  const { kind, id, number } = document
  const name = kindNames[kind].one
  const { message, ...rest } = refusals[why]
  const finding: Finding = {
    kind,
    id,
    number,
    severity: 'error',
    field: null,
    xeroMessages: [],
    ...rest,
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${number} ${message}`,
  }
  return { id, verdict: 'failed', reason: finding.message, findings: [finding] }
}
