// Taking into the ledger what Xero has already, without sending: for a restored or copied ledger (`adopt-copy`, E13), and
// where a person says what became of a lost answer (`settle`).

import { currencyOf, xeroNumberOf } from '../accounting/books.ts'
import type { LedgerDocument } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { AuxoError } from '../errors.ts'
import { readDocuments } from '../ledger/documents.ts'
import { lastChunkOf, renewLedgerId, type SentMark } from '../ledger/identity.ts'
import { recordLinks } from '../ledger/links.ts'
import type { Ledger } from '../ledger/open.ts'
import { findOpenChunks, type OpenChunk, resolveChunk } from '../ledger/open-chunks.ts'
import { adoptThings, findTakenXeroIds, findWaitingIds, readWaiting, recordChecks } from '../ledger/things.ts'
import { documentHash } from '../mapping/facts.ts'
import { type InvoiceFacts, mapInvoice } from '../mapping/invoice.ts'
import { checkInvoice } from '../validation/rules.ts'
import type { RunContext } from './context.ts'
import { recogniseInvoice } from './invoice-kind.ts'
import { kindTable } from './kinds.ts'
import { resolveOpenChunks } from './resolve.ts'
import { type CheckScope, openScope } from './scope.ts'

const pageSize = 200

export interface AdoptReport {
  /** Waiting documents that were looked up. */
  lookedUp: number
  adopted: number
  /** Numbers that Xero has on a document which does not agree: for a person to look at. */
  lookAlikes: number
}

/** Looks up every waiting invoice in Xero by its number; what is there and agrees counts as exported. */
export async function adoptCopy(context: RunContext): Promise<AdoptReport> {
  const { ledger, books, lease, clock } = context
  await resolveOpenChunks(context)
  const scope = await openScope(ledger, books, lease.tenantId, clock)
  const report: AdoptReport = { lookedUp: 0, adopted: 0, lookAlikes: 0 }
  const ids = await findWaitingIds(ledger, {
    entity: books.entity.code,
    kind: 'invoice',
    from: null,
    to: '9999-12-31' as typeof scope.today, // later than any date
    ids: null,
  })
  for (let start = 0; start < ids.length; start += pageSize) {
    await adoptPage(context, scope, ids.slice(start, start + pageSize), report)
  }
  return report
}

/**
 * From now on this file has its own identity, and is at home here for these organisations; the ledger that it was copied
 * from keeps its own memory. The marks come last: a crash before them is a copy again, never a free hand.
 */
export async function takeIntoUse(
  ledger: Ledger,
  newId: string,
  tenantIds: readonly string[],
  openMark: (tenantId: string) => Promise<SentMark>,
): Promise<void> {
  await renewLedgerId(ledger, newId)
  for (const tenantId of new Set(tenantIds)) {
    const mark = await openMark(tenantId)
    await mark.write(await lastChunkOf(ledger, tenantId))
  }
}

interface Waiting {
  document: LedgerDocument
  revision: number
  facts: InvoiceFacts
}

async function adoptPage(
  context: RunContext,
  scope: CheckScope,
  ids: readonly string[],
  report: AdoptReport,
): Promise<void> {
  const { ledger, books, gateway, lease, runId } = context
  const waiting = await waitingWithFacts(context, scope, ids)
  report.lookedUp += waiting.length
  const { rows } = await gateway.invoicesByNumber(waiting.map((one) => one.facts.number))
  const taken = await findTakenXeroIds(
    ledger,
    rows.map((row) => row.xeroId),
  )
  // One of Xero's is one of ours: what was adopted for a document is not its twin's too.
  const free = new Set(rows.filter((row) => !taken.has(row.xeroId)))
  const links = new Map<string, string>()
  const adopted: Parameters<typeof adoptThings>[2] = []
  const lookAlikes: Finding[] = []
  for (const { document, revision, facts } of waiting) {
    const ours = [...free].find((row) => recogniseInvoice(facts, row) === 'ours')
    const other = [...free].find((row) => recogniseInvoice(facts, row) === 'look-alike')
    if (ours) {
      free.delete(ours)
      links.set(document.contact ?? '', ours.contactId)
      adopted.push({
        id: document.id,
        revision,
        factsHash: documentHash(document),
        xeroId: ours.xeroId,
        xeroNumber: ours.number,
        xeroStatus: ours.status,
      })
    } else if (other) {
      lookAlikes.push(numberInUse(document, facts.number, other.xeroId))
    }
  }
  await recordLinks(
    ledger,
    lease.tenantId,
    [...links].map(([contact, xeroContactId]) => ({ contact, xeroContactId })),
    { madeBy: 'match', who: 'auxo-sync', run: runId },
  )
  await adoptThings(
    ledger,
    { entity: books.entity.code, kind: 'invoice', tenantId: lease.tenantId, run: runId },
    adopted,
  )
  await recordChecks(
    ledger,
    { entity: books.entity.code, kind: 'invoice', run: runId },
    lookAlikes.map((finding) => ({
      id: finding.id,
      verdict: 'failed',
      reason: finding.message,
      findings: [finding],
    })),
    { moveStates: true },
  )
  report.adopted += adopted.length
  report.lookAlikes += lookAlikes.length
}

/** Invoices with the facts under which they would be in Xero; those that could never have been sent are left out. */
async function waitingWithFacts(
  context: RunContext,
  scope: CheckScope,
  ids: readonly string[],
): Promise<Waiting[]> {
  const { ledger, books } = context
  const states = await readWaiting(ledger, { entity: books.entity.code, kind: 'invoice', ids })
  const documents = await readDocuments(ledger, ids)
  const standings = await scope.standings(
    [...documents.values()].flatMap((document) => document.contact ?? []),
  )
  return ids.flatMap((id) => {
    const document = documents.get(id)
    const state = states.get(id)
    const standing = standings.get(document?.contact ?? '')
    const xeroContactId =
      standing?.link?.state === 'linked'
        ? standing.link.xeroContactId
        : standing?.link?.match.outcome === 'match'
          ? standing.link.match.xeroContactId
          : null
    if (!document || !state || state.state === 'exported' || document.status !== 'sent') return []
    const findings = checkInvoice(document, {
      books,
      today: scope.today,
      contact: standing?.contact ?? null,
      contactLink: null,
      numberSharedBy: [],
      duplicatesOfName: [],
      exportedBefore: null,
    })
    // What does not add up cannot be put into Xero's shape; its number, date and total are looked up all the same.
    const facts: InvoiceFacts = findings.some((finding) => finding.severity === 'error')
      ? bareFacts(document, books, xeroContactId ?? '')
      : mapInvoice(document, { books, xeroContactId: xeroContactId ?? '' }).facts
    return [{ document, revision: state.revision, facts }]
  })
}

function bareFacts(document: LedgerDocument, books: RunContext['books'], contactId: string): InvoiceFacts {
  return {
    type: 'ACCREC',
    number: xeroNumberOf(document.number, books),
    contactId,
    date: document.date,
    currency: currencyOf(document, books),
    totalCents: document.total,
    taxCents: document.tax,
    status: 'AUTHORISED',
  }
}

function numberInUse(document: LedgerDocument, number: string, xeroId: string): Finding {
  return {
    kind: 'invoice',
    id: document.id,
    number: document.number,
    code: 'number-in-use',
    severity: 'error',
    field: 'number',
    message: `Invoice ${document.number} waits to be sent, but Xero has an invoice ${number} that does not agree with it.`,
    why: 'Xero takes each sales invoice number once. It may be this invoice, changed since, or another one.',
    fix: `Compare both (its id in Xero is ${xeroId}). Correct the one that is wrong, or give the invoice another number.`,
    xeroMessages: [],
  }
}

export interface SettleRequest {
  kind: 'contact' | 'invoice'
  sourceId: string
  /** The document in Xero that it is; null: it is not there. */
  xeroId: string | null
}

/** Settles one uncertain thing as a person says, after asking Xero whether that can be. AuxoError where it cannot. */
export async function settleThing(context: RunContext, request: SettleRequest): Promise<void> {
  const { chunk, thing } = await findUncertain(context, request)
  const row = kindTable[request.kind]
  if (request.xeroId === null) {
    const { found, serverTime } = await row.lookUpKeys(context.gateway, [thing.facts])
    const there = found.find((one) => row.recognise(thing.facts, one) === 'ours')
    if (there) {
      throw new AuxoError(
        'needs-person',
        `Xero has it: ${row.labelOf(thing.facts)} is there as ${there.xeroId}. Settle it with --xero-id ${there.xeroId}`,
      )
    }
    refuseTooEarly(context, chunk, serverTime)
    await resolveChunk(
      context.ledger,
      chunk.id,
      context.runId,
      [{ position: thing.position, outcome: 'returned' }],
      [],
    )
    return
  }
  const found = await findInXero(context, request.kind, request.xeroId)
  const taken = await findTakenXeroIds(context.ledger, [request.xeroId])
  if (!found || row.recognise(thing.facts, found) === 'other' || taken.size > 0) {
    throw new AuxoError(
      'needs-person',
      taken.size > 0
        ? `${request.xeroId} belongs to another document of the ledger already. Nothing was changed.`
        : `${request.xeroId} is not ${row.labelOf(thing.facts)} in Xero: its kind or number is another. Nothing was changed.`,
    )
  }
  await resolveChunk(
    context.ledger,
    chunk.id,
    context.runId,
    [
      {
        position: thing.position,
        outcome: 'exported',
        xeroId: found.xeroId,
        xeroNumber: found.number,
        xeroStatus: found.status,
        findings: [],
      },
    ],
    [],
  )
}

async function findUncertain(context: RunContext, request: SettleRequest) {
  const chunks = await findOpenChunks(context.ledger, context.lease.tenantId)
  for (const chunk of chunks) {
    const thing = chunk.things.find((one) => one.kind === request.kind && one.sourceId === request.sourceId)
    if (thing && chunk.state === 'uncertain') return { chunk, thing }
  }
  throw new AuxoError(
    'needs-person',
    `The outcome of ${request.kind} ${request.sourceId} is not uncertain: there is nothing to settle. Nothing was changed.`,
  )
}

async function findInXero(context: RunContext, kind: SettleRequest['kind'], xeroId: string) {
  if (kind === 'invoice') {
    const row = await context.gateway.invoiceById(xeroId)
    return row ? { xeroId: row.xeroId, number: row.number, status: row.status, row } : null
  }
  const row = await context.gateway.contactById(xeroId)
  return row ? { xeroId: row.contactId, number: row.contactNumber, status: row.status, row } : null
}

/** Xero may still be storing it: a person who looks too early sees nothing, and it would be doubled. */
function refuseTooEarly(context: RunContext, chunk: OpenChunk, serverTime: number): void {
  const leftMs =
    (chunk.lastEndedAt ?? 0) + chunk.clockOffsetMs + context.books.settings.settle_window - serverTime
  if (leftMs <= 0) return
  const free = context.clock.now() + leftMs
  throw new AuxoError(
    'uncertain',
    `It is too early to tell: Xero may still be storing it. Try again after ${new Date(free).toISOString()}, or run auxo-sync export --wait.`,
  )
}
