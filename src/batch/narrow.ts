// A chunk from its plan to its end, also where Xero refuses the call whole without naming a document (E10): it is cut
// until the bad one stands alone, in few calls, and the others go. One attempt and its outcomes are send-chunk.ts.

import type { Finding } from '../accounting/findings.ts'
import { reportedAs } from '../accounting/kinds.ts'
import type { ChunkReport } from '../accounting/outcomes.ts'
import { findLostCalls } from '../ledger/open-chunks.ts'
import { type CheckedThing, markSame, recordChecks } from '../ledger/things.ts'
import { translateRefusal } from '../mapping/refusals.ts'
import { clockOffset, type RunContext } from './context.ts'
import type { KindRow, LoadedThing } from './kind-row.ts'
import type { PlannedChunk } from './plan.ts'
import { type Delivery, type DeliveryOutcome, deliver } from './send-chunk.ts'

/** Extra calls that one chunk may cost before the rest of it is given up for this run. */
const extraCallsMax = 20

/** How often a chunk is read again because a document of it changed in the moment of writing it down. */
const readingsMax = 3

/** Below this many in a half, trying each is cheap and tells more than a probe. */
const probedFrom = 4

interface Narrowing {
  context: RunContext
  kind: KindRow
  chunk: PlannedChunk
  extraCalls: number
  tally: { exported: number; failed: number; uncertain: number }
}

/**
 * Loads, sends and records one planned chunk, and tells what went out as what; null where nothing was left to be sent. AuxoErrors
 * end the run; everything about documents is recorded.
 */
export async function sendChunk(
  context: RunContext,
  kind: KindRow,
  chunk: PlannedChunk,
): Promise<ChunkReport | null> {
  if (context.stopped.has(kind.kind)) return null
  let sent: ChunkReport | null = null
  const tally = { exported: 0, failed: 0, uncertain: 0 }
  const narrowing: Narrowing = { context, kind, chunk, extraCalls: 0, tally }
  for (let reading = 1; reading <= readingsMax; reading += 1) {
    const { things: loaded, skipped, unchanged } = await kind.load(context, chunk.things, 'send')
    const owner = { entity: context.books.entity.code, kind: kind.kind, run: context.runId }
    const { things, early } = await withoutEarly(context, kind, loaded)
    await recordChecks(context.ledger, owner, [...skipped, ...early], { moveStates: true })
    await markSame(context.ledger, owner, unchanged)
    const [first] = things
    if (!first) break
    const { number, of } = chunk
    sent = { kind: first.reportedAs ?? reportedAs[kind.kind], number, of, documents: things.length }
    if ((await sendParts(narrowing, things)) !== 'not-free') break
  }
  context.progress({
    event: 'chunk',
    kind: reportedAs[kind.kind],
    number: chunk.number,
    of: chunk.of,
    documents: chunk.things.length,
    ...tally,
  })
  return sent
}

/**
 * A change must not overtake an earlier call about the same thing whose answer was lost: executed after it, that call would bring
 * back what was changed, or create again what was voided. It goes once Xero cannot be storing it any more.
 */
async function withoutEarly(
  context: RunContext,
  { kind }: KindRow,
  loaded: readonly LoadedThing[],
): Promise<{ things: readonly LoadedThing[]; early: CheckedThing[] }> {
  const changes = loaded.filter((thing) => thing.operation !== 'create').map((thing) => thing.sourceId)
  if (changes.length === 0) return { things: loaded, early: [] }
  const owner = { kind, entity: context.books.entity.code }
  const lost = await findLostCalls(context.ledger, owner, changes)
  const xeroNow = context.clock.now() + clockOffset(context)
  const isEarly = ({ sourceId, operation }: LoadedThing) =>
    operation !== 'create' && xeroNow < (lost.get(sourceId) ?? 0) + context.books.settings.settle_window
  return {
    things: loaded.filter((thing) => !isEarly(thing)),
    early: loaded.filter(isEarly).map((thing) => earlyChange(kind, thing)),
  }
}

function earlyChange(kind: KindRow['kind'], { sourceId, label }: LoadedThing): CheckedThing {
  const message = `The change of ${label} was not sent yet: the answer to an earlier call about it was lost a few minutes ago.`
  const finding: Finding = {
    kind,
    id: sourceId,
    number: label,
    code: 'outcome-uncertain',
    severity: 'warning',
    field: null,
    message,
    why: 'Xero may still be working on that call, and would then undo the change.',
    fix: 'Run the export again in some minutes: the change goes along by itself.',
    xeroMessages: [],
  }
  return { id: sourceId, verdict: 'skipped', reason: message, findings: [finding] }
}

/** Sends the things, narrowing where they are refused whole. Tells how the first call of them ended. */
async function sendParts(
  narrowing: Narrowing,
  things: readonly LoadedThing[],
): Promise<DeliveryOutcome['outcome']> {
  const outcome = await sendPart(narrowing, things)
  if (outcome.outcome !== 'refused') return outcome.outcome
  const { index, messages } = outcome
  const named = index === null ? undefined : things[index]
  if (named) {
    await failThings(narrowing, [named], messages)
    await sendFurther(
      narrowing,
      things.filter((thing) => thing !== named),
    )
  } else if (things.length === 1) {
    await failThings(narrowing, things, messages)
  } else {
    await sendHalves(narrowing, things, messages)
  }
  return outcome.outcome
}

async function sendFurther(narrowing: Narrowing, things: readonly LoadedThing[]): Promise<void> {
  if (things.length === 0) return
  if (narrowing.extraCalls >= extraCallsMax) return skipThings(narrowing, things)
  narrowing.extraCalls += 1
  await sendParts(narrowing, things)
}

/** Documents that were refused together, with Xero's words and the place of the one that they name, if they do. */
interface Refused {
  half: readonly LoadedThing[]
  messages: readonly string[]
  index: number | null
}

/**
 * Both halves refused in the same words: it may be no document but the call itself. One document of each half, alone,
 * settles that: if both are refused alike, the kind stops and everything else stays pending.
 */
async function sendHalves(
  narrowing: Narrowing,
  things: readonly LoadedThing[],
  messages: readonly string[],
): Promise<void> {
  const middle = Math.ceil(things.length / 2)
  const halves = [things.slice(0, middle), things.slice(middle)]
  const refused: Refused[] = []
  let isFirstTaken = false
  for (const half of halves) {
    if (narrowing.extraCalls >= extraCallsMax) {
      await skipThings(narrowing, half)
      continue
    }
    // What Xero cannot read stands in the half that is left: no call is spent on learning that.
    if (isFirstTaken && half.length > 1) {
      refused.push({ half, messages, index: null })
      continue
    }
    narrowing.extraCalls += 1
    const outcome = await sendPart(narrowing, half)
    if (outcome.outcome === 'settled') isFirstTaken = true
    if (outcome.outcome === 'refused')
      refused.push({ half, messages: outcome.messages, index: outcome.index })
  }
  for (const part of await probeHalves(narrowing, refused)) await narrowFurther(narrowing, part)
}

/** What is left to be narrowed, without the probes that had their outcome; nothing where the kind stops. */
async function probeHalves(narrowing: Narrowing, refused: readonly Refused[]): Promise<readonly Refused[]> {
  const [first, second] = refused
  if (!first || !second || first.half.length < probedFrom || first.index !== null) return refused
  if (!sameMessages(first.messages, second.messages)) return refused
  const left = [...refused]
  for (const [at, part] of refused.entries()) {
    const probed = await probe(narrowing, part)
    if (probed === 'open') return left
    // A probe that had its outcome must not go again with its half: prepared once more, it would keep the half back.
    left[at] = { ...part, half: part.half.slice(1) }
    if (probed === 'told') return left
  }
  const { context, kind } = narrowing
  context.stopped.set(kind.kind, `Xero refuses every call of this kind: “${first.messages.join('” “')}”`)
  return []
}

async function narrowFurther(narrowing: Narrowing, part: Refused): Promise<void> {
  const named = part.index === null ? undefined : part.half[part.index]
  if (named) {
    await failThings(narrowing, [named], part.messages)
    await sendFurther(
      narrowing,
      part.half.filter((thing) => thing !== named),
    )
  } else if (part.half.length === 1) {
    await failThings(narrowing, part.half, part.messages)
  } else {
    await sendHalves(narrowing, part.half, part.messages)
  }
}

/**
 * Sends the first document alone. `alike`: it is refused in the words that all were refused in. `told`: it has an
 * outcome of its own. `open`: it waits as before.
 */
async function probe(narrowing: Narrowing, { half, messages }: Refused): Promise<'alike' | 'told' | 'open'> {
  const [first] = half
  if (!first || narrowing.extraCalls >= extraCallsMax) return 'open'
  narrowing.extraCalls += 1
  const outcome = await sendPart(narrowing, [first])
  if (outcome.outcome === 'not-free') return 'open'
  if (outcome.outcome !== 'refused') return 'told'
  // Refused by itself, it is bad, whatever becomes of the kind; without its name nobody could begin to look.
  await failThings(narrowing, [first], outcome.messages)
  return sameMessages(outcome.messages, messages) ? 'alike' : 'told'
}

function sameMessages(one: readonly string[], other: readonly string[]): boolean {
  // A path into the call differs between halves and says nothing about the cause.
  const words = (messages: readonly string[]) => messages.join('\n').replaceAll(/\[\d+\]/g, '[]')
  return words(one) === words(other)
}

async function sendPart(narrowing: Narrowing, things: readonly LoadedThing[]): Promise<DeliveryOutcome> {
  const { context, kind, chunk, tally } = narrowing
  const delivery: Delivery = { kind, number: chunk.number, of: chunk.of, things }
  const outcome = await deliver(context, delivery)
  if (outcome.outcome === 'uncertain') tally.uncertain += things.length
  if (outcome.outcome === 'settled') {
    for (const { position, outcome: became } of outcome.verdicts.outcomes) {
      const thing = things[position]
      if (!thing) continue
      tally[became] += 1
      countOutcome(context, kind, thing, became)
    }
    tally.uncertain += things.length - outcome.verdicts.outcomes.length
    if (outcome.verdicts.planLimit !== null) {
      context.stopped.set(
        kind.kind,
        `The Xero plan allows no more of these now: “${outcome.verdicts.planLimit}”`,
      )
    }
  }
  return outcome
}

/** What failed is counted when the run ends, by states and findings (report.ts). */
function countOutcome(
  context: RunContext,
  kind: KindRow,
  thing: LoadedThing,
  became: 'exported' | 'failed',
): void {
  const counts = context.counts[thing.reportedAs ?? reportedAs[kind.kind]]
  if (became === 'exported') counts[thing.operation === 'create' ? 'exported' : 'updated'] += 1
}

/** Refused alone or by name: recorded like any refusal, and offered again once it was changed. */
async function failThings(
  narrowing: Narrowing,
  things: readonly LoadedThing[],
  messages: readonly string[],
): Promise<void> {
  const { context, kind, tally } = narrowing
  const checked = things.map((thing) => {
    const findings: Finding[] = translateRefusal(messages, {
      kind: kind.kind,
      id: thing.sourceId,
      number: thing.label,
    })
    return { id: thing.sourceId, verdict: 'failed' as const, reason: findings[0]?.message ?? '', findings }
  })
  const owner = { entity: context.books.entity.code, kind: kind.kind, run: context.runId }
  await recordChecks(context.ledger, owner, checked, { moveStates: true })
  tally.failed += things.length
}

/** The calls that a chunk may cost are used up: nobody knows which of these is wrong, so none of them is called refused. */
async function skipThings(narrowing: Narrowing, things: readonly LoadedThing[]): Promise<void> {
  const { context, kind } = narrowing
  const skipped = things.map((thing) => {
    const finding: Finding = {
      kind: kind.kind,
      id: thing.sourceId,
      number: thing.label,
      code: 'xero-refused',
      severity: 'error',
      field: null,
      message: `${thing.label} was not sent: Xero refused the calls that it was in without naming a document.`,
      why: 'Several documents of one call cannot be read by Xero, and looking for them took as many calls as are allowed.',
      fix: 'Correct the documents that are reported as refused, and run the export again: this one goes along.',
      xeroMessages: [],
    }
    return { id: thing.sourceId, verdict: 'skipped' as const, reason: finding.message, findings: [finding] }
  })
  const owner = { entity: context.books.entity.code, kind: kind.kind, run: context.runId }
  await recordChecks(context.ledger, owner, skipped, { moveStates: true })
}
