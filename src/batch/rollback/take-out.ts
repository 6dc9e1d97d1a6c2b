// Takes things of one stage out of Xero (M6): documents and journals as many to a call as an export sends, what its path names alone.
// What a call is and what its outcomes mean is send-chunk.ts's business.

import { findLostCalls } from '../../ledger/open-chunks.ts'
import type { PostedThing } from '../../ledger/posted-things.ts'
import { whyOf } from '../../ledger/rolled-back.ts'
import { clockOffset, type RunContext, refuseInterrupted } from '../context.ts'
import type { LoadedThing } from '../kind-row.ts'
import { deliver } from '../send-chunk.ts'
import type { Undoable } from './judge.ts'
import { undoThing } from './undo-thing.ts'

export interface Kept {
  thing: PostedThing
  why: string
}

/**
 * A deletion must not overtake an earlier call about the same thing whose answer was lost: executed after it, that call would create
 * again what was taken out. `from`: when the last of these may go, ms by our clock.
 */
export async function withoutEarly(
  context: RunContext,
  things: readonly Undoable[],
): Promise<{ free: Undoable[]; early: Undoable[]; from: number | null }> {
  const { ledger, books, clock } = context
  const offset = clockOffset(context)
  const ends = new Map<Undoable, number>()
  for (const kind of new Set(things.map(({ posted }) => posted.kind))) {
    const ofKind = things.filter(({ posted }) => posted.kind === kind)
    const owner = { kind, entity: books.entity.code }
    const lost = await findLostCalls(
      ledger,
      owner,
      ofKind.map(({ posted }) => posted.id),
    )
    for (const thing of ofKind) {
      const end = lost.get(thing.posted.id)
      if (end !== undefined) ends.set(thing, end + books.settings.settle_window - offset)
    }
  }
  const isEarly = (thing: Undoable) => clock.now() < (ends.get(thing) ?? 0)
  const early = things.filter(isEarly)
  return {
    free: things.filter((thing) => !isEarly(thing)),
    early,
    from: early.length === 0 ? null : Math.max(...early.map((thing) => ends.get(thing) ?? 0)),
  }
}

interface Call {
  things: { thing: PostedThing; loaded: LoadedThing }[]
}

/** What stays, and why. AuxoErrors end it; what was done until then is recorded. */
export async function takeOut(
  context: RunContext,
  run: number,
  things: readonly Undoable[],
): Promise<Kept[]> {
  const kept: Kept[] = []
  const calls = callsOf(context, things)
  for (const [index, call] of calls.entries()) {
    refuseInterrupted(context.interrupt)
    const place = { number: index + 1, of: calls.length }
    kept.push(...(await send(context, run, call, place)))
  }
  return kept
}

function callsOf(context: RunContext, things: readonly Undoable[]): Call[] {
  const { books } = context
  const calls: Call[] = []
  for (const undoable of things) {
    const loaded = undoThing(undoable, books)
    const last = calls.find(({ things: [one], things: all }) => {
      const isSameWay =
        one?.loaded.path === loaded.path &&
        one.loaded.operation === loaded.operation &&
        one.loaded.channel === loaded.channel &&
        one.thing.kind === undoable.posted.kind
      return isSameWay && all.length < books.settings.chunk_size
    })
    const thing = { thing: undoable.posted, loaded }
    if (last && undoable.by === 'void') last.things.push(thing)
    else calls.push({ things: [thing] })
  }
  return calls
}

/** Whether Xero deletes such a transaction for other programs is not established. */
function byHand({ channel }: PostedThing): string {
  return channel === 'bank_transactions' ? ' Delete it in Xero by hand: open its bank transaction there.' : ''
}

async function send(
  context: RunContext,
  run: number,
  { things }: Call,
  place: { number: number; of: number },
): Promise<Kept[]> {
  const [first] = things
  if (!first) return []
  const kind = { kind: first.thing.kind }
  const loaded = things.map((one) => one.loaded)
  const outcome = await deliver(context, { kind, ...place, things: loaded, rollsBack: run })
  const keep = (why: string) => things.map(({ thing }) => ({ thing, why }))
  switch (outcome.outcome) {
    case 'settled':
      return outcome.verdicts.outcomes.flatMap((one) => {
        const thing = things[one.position]?.thing
        const isOut =
          one.outcome === 'exported' && (one.xeroStatus === 'VOIDED' || one.xeroStatus === 'DELETED')
        return !thing || isOut ? [] : [{ thing, why: whyOf(one) + byHand(thing) }]
      })
    case 'uncertain':
      return keep(
        'Whether Xero has it still is not known: the answer to its call was lost. Run the rollback again in some minutes.',
      )
    case 'not-free':
      return keep('It was changed in the ledger at this very moment. Run the rollback again.')
    case 'refused': {
      // Refused as a whole, it names nobody: each is asked for alone.
      if (things.length === 1) return keep(`Xero refused: “${outcome.messages.join('” “')}”`)
      const kept: Kept[] = []
      for (const one of things) kept.push(...(await send(context, run, { things: [one] }, place)))
      return kept
    }
    default:
      return outcome satisfies never
  }
}
