// Taking into the ledger what Xero has already, without sending: for a restored or copied ledger (`adopt-copy`, E13). Where a
// person says what became of a lost answer is settle.ts.

import type { Finding } from '../accounting/findings.ts'
import { isDocumentKind, kindNames, type ThingKind } from '../accounting/kinds.ts'
import { prepareChunk } from '../ledger/chunks.ts'
import { readDocuments } from '../ledger/documents.ts'
import { holdAgain, takeUpHeld } from '../ledger/holds.ts'
import { lastChunkOf, renewLedgerId, type SentMark } from '../ledger/identity.ts'
import { recordLinks } from '../ledger/links.ts'
import type { Ledger } from '../ledger/open.ts'
import { leaveUncertain } from '../ledger/open-chunks.ts'
import { readPayments } from '../ledger/payments.ts'
import { adoptThings, findTakenXeroIds, recordChecks } from '../ledger/things.ts'
import { findWaitingIds } from '../ledger/waiting.ts'
import { adoptChanges } from './adopt-changes.ts'
import type { Channel, ChannelName, Found } from './channels/channel.ts'
import { channelTable } from './channels/channel-table.ts'
import { unknownContact } from './channels/documents.ts'
import type { RunContext } from './context.ts'
import type { KindRow, LoadedThing } from './kind-row.ts'
import { kindTable, runVisits } from './kind-table.ts'
import { loadToLookFor } from './load-to-look-for.ts'
import { sentKinds } from './report.ts'
import { lookAlikeFinding, resolveOpenChunks } from './resolve.ts'
import { type CheckScope, openScope } from './scope.ts'

const pageSize = 200

export interface AdoptReport {
  /** Waiting things that were looked up. */
  lookedUp: number
  adopted: number
  /** What Xero has under our number or mark and does not agree: for a person to look at. */
  lookAlikes: number
  /** Could not be put into Xero's shape, and so could not be looked for: `kind id`. */
  notLookedUp: string[]
}

/**
 * Looks up everything that waits by its number, mark or facts; what is there and agrees counts as exported. Parents before what
 * hangs on them, so that payments are looked for on the documents that were found.
 */
export async function adoptCopy(context: RunContext): Promise<AdoptReport> {
  const { ledger, books } = context
  await resolveOpenChunks(context)
  const report: AdoptReport = { lookedUp: 0, adopted: 0, lookAlikes: 0, notLookedUp: [] }
  await adoptKinds(context, { isHeldToo: false }, report)
  // Held now, it may have been released and sent since: released again, it would be there twice.
  try {
    if ((await takeUpHeld(ledger, books.entity.code)) > 0)
      await adoptKinds(context, { isHeldToo: true }, report)
  } finally {
    await holdAgain(ledger, books.entity.code)
  }
  return report
}

async function adoptKinds(
  context: RunContext,
  { isHeldToo }: { isHeldToo: boolean },
  report: AdoptReport,
): Promise<void> {
  const { ledger, books, lease, clock } = context
  const scope = { ...(await openScope(ledger, books, lease.tenantId, clock)), isHeldToo }
  const sent = sentKinds(books.settings)
  for (const kind of runVisits) {
    const row = kindTable[kind]
    if (!row || !sent.includes(kind) || kind === 'contact') continue
    await row.derive?.(context, scope)
    scope.visited.add(kind)
    const ids = await findWaitingIds(ledger, {
      entity: books.entity.code,
      kind,
      from: null,
      to: '9999-12-31' as typeof scope.today, // later than any date
      ids: null,
      isHeldToo,
    })
    for (let start = 0; start < ids.length; start += pageSize) {
      await adoptPage(context, scope, row, ids.slice(start, start + pageSize), report)
    }
  }
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

async function adoptPage(
  context: RunContext,
  scope: CheckScope,
  row: KindRow,
  ids: readonly string[],
  report: AdoptReport,
): Promise<void> {
  await linkContacts(context, scope, await contactsOf(context, row.kind, ids))
  const { things, notLoaded } = await loadToLookFor(context, row, ids)
  report.notLookedUp.push(...notLoaded)
  report.lookedUp += things.length
  for (const channel of new Set(things.map((thing) => thing.channel))) {
    await adoptOn(
      context,
      row.kind,
      channel,
      things.filter((thing) => thing.channel === channel),
      report,
    )
  }
  // What follows from changes of documents is made by auxo-sync itself, and would be sent again.
  if (isDocumentKind(row.kind)) report.adopted += await adoptChanges(context, scope, row, ids)
}

async function contactsOf(
  { ledger }: RunContext,
  kind: ThingKind,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = isDocumentKind(kind)
    ? await readDocuments(ledger, ids)
    : kind === 'receipt'
      ? await readPayments(ledger, ids)
      : new Map<string, { contact: string | null }>()
  return [...rows.values()].flatMap(({ contact }) => contact ?? [])
}

/** Contacts that Xero has: the original may have created them. */
async function linkContacts(context: RunContext, scope: CheckScope, codes: readonly string[]): Promise<void> {
  const standings = await scope.standings(codes)
  const matches = [...new Set(codes)].flatMap((code) => {
    const link = standings.get(code)?.link
    return link?.state === 'unlinked' && link.match.outcome === 'match'
      ? [{ contact: code, xeroContactId: link.match.xeroContactId }]
      : []
  })
  await recordLinks(context.ledger, context.lease.tenantId, matches, {
    madeBy: 'match',
    who: 'auxo-sync',
    run: context.runId,
  })
}

async function adoptOn(
  context: RunContext,
  kind: ThingKind,
  channelName: ChannelName,
  things: readonly LoadedThing[],
  report: AdoptReport,
): Promise<void> {
  const { ledger, books, lease, runId } = context
  const channel = channelTable[channelName]
  const { found } = await channel.lookUpKeys(
    context.gateway,
    things.map((thing) => thing.facts),
  )
  const taken = await findTakenXeroIds(
    ledger,
    found.map((one) => one.xeroId),
  )
  // One of Xero's is one of ours: what was adopted for a thing is not its twin's too.
  const free = new Set(found.filter((one) => !taken.has(one.xeroId)))
  const adopted: { thing: LoadedThing; is: Found }[] = []
  const left: LoadedThing[] = []
  // Under its own number first: what was numbered anew may have the number of another.
  for (const thing of things) {
    const is = [...free].find((one) => channel.recognise(thing.facts, one) === 'ours')
    if (is) free.delete(is)
    if (is) adopted.push({ thing, is })
    else left.push(thing)
  }
  const lookAlikes: { thing: LoadedThing; other: Found }[] = []
  for (const thing of left) {
    const is = [...free].find((one) => isUnderOtherNumber(channel, thing, one))
    const other = [...free].find((one) => channel.recognise(thing.facts, one) === 'look-alike')
    if (is) free.delete(is)
    if (is) adopted.push({ thing: { ...thing, facts: thing.factsAs?.(is.number ?? '') ?? thing.facts }, is })
    else if (other) lookAlikes.push({ thing, other })
  }
  await adoptThings(
    ledger,
    { entity: books.entity.code, kind, tenantId: lease.tenantId, run: runId },
    adopted.map(({ thing, is }) => ({
      id: thing.sourceId,
      revision: thing.revision,
      factsHash: thing.factsHash,
      facts: thing.facts,
      xeroId: is.xeroId,
      xeroNumber: is.number,
      xeroStatus: is.status,
    })),
  )
  for (const { thing, other } of lookAlikes) {
    // Where numbers are unique, Xero would refuse the second.
    if (channel.isUniqueInXero && !isOfUnknownContact(thing)) await recordInUse(context, kind, thing, other)
    else await leaveToPerson(context, kind, thing, other)
  }
  report.adopted += adopted.length
  report.lookAlikes += lookAlikes.length
}

function isUnderOtherNumber(channel: Channel, thing: LoadedThing, found: Found): boolean {
  const facts = found.number === null ? null : thing.factsAs?.(found.number)
  return typeof facts === 'string' && channel.recognise(facts, found) === 'ours'
}

/** The ledger has lost which contact of Xero it is for: it may be this one, and no number would make it another. */
function isOfUnknownContact({ facts }: LoadedThing): boolean {
  const { contactId } = JSON.parse(facts) as { contactId?: string } // what any kind wrote down
  return contactId === unknownContact
}

async function recordInUse(
  { ledger, books, runId }: RunContext,
  kind: ThingKind,
  thing: LoadedThing,
  other: Found,
): Promise<void> {
  const finding = inUse(kind, thing, other)
  const owner = { entity: books.entity.code, kind, run: runId }
  const checked = { id: finding.id, verdict: 'failed' as const, reason: finding.message, findings: [finding] }
  await recordChecks(ledger, owner, [checked], { moveStates: true })
}

/** It may be ours, sent from another copy of the ledger: it is not sent before a person says that it is not. */
async function leaveToPerson(
  { ledger, books, lease, runId, uuid }: RunContext,
  kind: ThingKind,
  thing: LoadedThing,
  other: Found,
): Promise<void> {
  const { sourceId, channel, method, path, revision, factsHash, facts, label } = thing
  const entity = books.entity.code
  const chunkId = await prepareChunk(ledger, lease, {
    run: runId,
    entity,
    kind,
    operation: 'create',
    channel,
    knownIds: [],
    settleWindowMs: books.settings.settle_window,
    number: 1,
    of: 1,
    method,
    path: `/api.xro/2.0${path}`,
    idempotencyKey: `auxo-${uuid()}`,
    body: new Uint8Array(),
    bodyHash: '',
    things: [{ kind, sourceId, entity, revision, factsHash, facts }],
    isHeldToo: true,
  })
  if (chunkId === null) return
  const finding = lookAlikeFinding(kind, sourceId, label, other)
  await leaveUncertain(ledger, chunkId, finding.message)
  const checked = { id: sourceId, verdict: null, reason: finding.message, findings: [finding] }
  await recordChecks(ledger, { entity, kind, run: runId }, [checked], { moveStates: false })
}

function inUse(kind: ThingKind, thing: LoadedThing, other: Found): Finding {
  const name = kindNames[kind].one
  return {
    kind,
    id: thing.sourceId,
    number: thing.label,
    code: 'number-in-use',
    severity: 'error',
    field: 'number',
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${thing.label} waits to be sent, but Xero has one like it that does not agree with it.`,
    why: 'It may be this one, changed since, or another one.',
    fix: `Compare both (its id in Xero is ${other.xeroId}). Correct the one that is wrong, or give the ${name} another number.`,
    xeroMessages: [],
  }
}
