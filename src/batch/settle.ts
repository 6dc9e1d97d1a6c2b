// `settle`: a person says what became of a lost answer (E13), and Xero is asked whether that can be.

import { kindNames, type ThingKind } from '../accounting/kinds.ts'
import { AuxoError } from '../errors.ts'
import { findOpenChunks, type OpenChunk, resolveChunk } from '../ledger/open-chunks.ts'
import { findTakenXeroIds } from '../ledger/things.ts'
import { channelOf } from './channels/channel-table.ts'
import type { RunContext } from './context.ts'

export interface SettleRequest {
  kind: ThingKind
  sourceId: string
  /** The document in Xero that it is; null: it is not there. */
  xeroId: string | null
}

/** Settles one uncertain thing as a person says, after asking Xero whether that can be. AuxoError where it cannot. */
export async function settleThing(context: RunContext, request: SettleRequest): Promise<void> {
  const { chunk, thing } = await findUncertain(context, request)
  if (request.xeroId === null) return settleNotThere(context, chunk, thing)
  const channel = channelOf(chunk.channel)
  const found = await channel.findById(context.gateway, request.xeroId, thing.facts)
  const taken = await findTakenXeroIds(context.ledger, [request.xeroId])
  if (!found || channel.recognise(thing.facts, found) === 'other' || taken.size > 0) {
    throw new AuxoError(
      'needs-person',
      taken.size > 0
        ? `${request.xeroId} belongs to another document of the ledger already. Nothing was changed.`
        : `${request.xeroId} is not ${channel.labelOf(thing.facts)} in Xero: its kind, number or amount is another. Nothing was changed.`,
    )
  }
  const { xeroId, number, status } = found
  await resolveChunk(
    context.ledger,
    chunk.id,
    context.runId,
    [
      {
        position: thing.position,
        outcome: 'exported',
        xeroId,
        xeroNumber: number,
        xeroStatus: status,
        findings: [],
      },
    ],
    [],
  )
}

type OpenThing = OpenChunk['things'][number]

async function settleNotThere(context: RunContext, chunk: OpenChunk, thing: OpenThing): Promise<void> {
  if (chunk.operation !== 'create')
    throw new AuxoError(
      'needs-person',
      'What is uncertain is a change of something that Xero has. The next export settles it by itself.',
    )
  const channel = channelOf(chunk.channel)
  const { found, serverTime } = await channel.lookUpKeys(context.gateway, [thing.facts])
  const known = new Set(chunk.knownIds)
  const taken = await findTakenXeroIds(
    context.ledger,
    found.map((one) => one.xeroId),
  )
  const there = found.find(
    (one) =>
      !known.has(one.xeroId) && !taken.has(one.xeroId) && channel.recognise(thing.facts, one) === 'ours',
  )
  if (there) {
    throw new AuxoError(
      'needs-person',
      `Xero has it: ${channel.labelOf(thing.facts)} is there as ${there.xeroId}. Settle it with --xero-id ${there.xeroId}`,
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
}

async function findUncertain(context: RunContext, request: SettleRequest) {
  const chunks = await findOpenChunks(context.ledger, context.lease.tenantId)
  for (const chunk of chunks) {
    const thing = chunk.things.find((one) => one.kind === request.kind && one.sourceId === request.sourceId)
    if (thing && chunk.state === 'uncertain') return { chunk, thing }
  }
  throw new AuxoError(
    'needs-person',
    `The outcome of ${kindNames[request.kind].one} ${request.sourceId} is not uncertain: there is nothing to settle. Nothing was changed.`,
  )
}

/** Xero may still be storing it: a person who looks too early sees nothing, and it would be doubled. */
function refuseTooEarly(context: RunContext, chunk: OpenChunk, serverTime: number): void {
  const leftMs = (chunk.lastEndedAt ?? 0) + chunk.clockOffsetMs + chunk.settleWindowMs - serverTime
  if (leftMs <= 0) return
  const free = context.clock.now() + leftMs
  throw new AuxoError(
    'uncertain',
    `It is too early to tell: Xero may still be storing it. Try again after ${new Date(free).toISOString()}, or run auxo-sync export --wait.`,
  )
}
