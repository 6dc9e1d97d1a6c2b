// Which thing each element of an answer is about, and what it says of it. Our own key first, position second: the order
// of an answer is not promised (§3.3). Pure.

import type { Finding } from '../accounting/findings.ts'
import type { ThingKind } from '../accounting/kinds.ts'
import { nameKey } from '../accounting/names.ts'
import type { ThingOutcome } from '../ledger/chunk-outcomes.ts'
import { refusalMark, translateRefusal } from '../mapping/refusals.ts'
import type { ReplyElement, WireList } from '../xero/gateway.ts'
import { channelTable } from './channels/channel-table.ts'
import type { KindRow, LoadedThing } from './kind-row.ts'

export interface Verdicts {
  outcomes: readonly ThingOutcome[]
  /** Why the other things of the chunk are still open; null where none is. */
  openReason: string | null
  /** Xero's plan allows no more of this kind: the kind stops (E5). */
  planLimit: string | null
}

/**
 * One verdict per thing that the answer speaks of. A refusal proves something only on a first attempt: after an unknown
 * one, "number already used" may be our own first success.
 */
export function judgeElements(
  delivery: { kind: Pick<KindRow, 'kind'>; things: readonly LoadedThing[] },
  elements: readonly ReplyElement[],
  options: { isFirstAttempt: boolean },
): Verdicts {
  const { things } = delivery
  const elementOf = matchElements(things, elements)
  const shared = sharedIds(things, elementOf)
  const outcomes: ThingOutcome[] = []
  let openReason: string | null = null
  let planLimit: string | null = null
  things.forEach((thing, position) => {
    const element = elementOf[position]
    if (!element) {
      openReason ??= 'Xero’s answer left out some of what was sent.'
      return
    }
    const xeroId = idOf(thing, element)
    if (element.accepted && xeroId !== null && !shared.has(xeroId)) {
      outcomes.push(exported(thing, position, element, xeroId))
      return
    }
    const mark = refusalMark(element.errors)
    const unproven = whyUnproven(element, mark === 'transient', options.isFirstAttempt)
    if (unproven !== null) {
      openReason ??= unproven
      return
    }
    if (mark === 'plan-limit') planLimit = element.errors.join(' ')
    outcomes.push(refused(delivery.kind.kind, thing, position, element))
  })
  return { outcomes, openReason, planLimit }
}

/** Why a verdict that is no success proves nothing; null where it is a refusal for certain. */
function whyUnproven(element: ReplyElement, isTransient: boolean, isFirstAttempt: boolean): string | null {
  if (element.accepted) return 'Xero’s answer accepted a document without an id of its own.'
  if (isTransient) return 'Xero had an error of its own.'
  return isFirstAttempt ? null : 'Xero refused to repeat what may have been stored already.'
}

/** Ids that stand for more than one thing: which of them was stored cannot be told. */
function sharedIds(
  things: readonly LoadedThing[],
  elements: readonly (ReplyElement | undefined)[],
): Set<string> {
  const ids = things.flatMap((thing, position) => {
    const element = elements[position]
    return element?.accepted ? (idOf(thing, element) ?? []) : []
  })
  return new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
}

function idOf(thing: LoadedThing, element: ReplyElement): string | null {
  return thing.xeroIdOf ? thing.xeroIdOf(element) : element.xeroId
}

function refused(kind: ThingKind, thing: LoadedThing, position: number, element: ReplyElement): ThingOutcome {
  const findings = translateRefusal(element.errors, { kind, id: thing.sourceId, number: thing.label })
  return { position, outcome: 'failed', reason: findings[0]?.message ?? element.errors.join(' '), findings }
}

/** What is told by its link, or by the document that it is on, has no number (a look-up finds none either). */
const numberless: readonly WireList[] = ['ManualJournals', 'Allocations']

function exported(thing: LoadedThing, position: number, element: ReplyElement, xeroId: string): ThingOutcome {
  const findings: Finding[] = thing.compare(element)
  return {
    position,
    outcome: 'exported',
    xeroId,
    xeroNumber: numberless.includes(channelTable[thing.channel].list) ? null : element.key,
    xeroStatus: element.status,
    findings,
    ...(thing.factsOf ? { facts: thing.factsOf(element) } : {}),
  }
}

/** The element of each thing by position; undefined where none can be told to be its. */
function matchElements(
  things: readonly LoadedThing[],
  elements: readonly ReplyElement[],
): (ReplyElement | undefined)[] {
  const matched: (ReplyElement | undefined)[] = things.map(() => undefined)
  const byKey = new Map<string, number>()
  // Suppliers' numbers are their own, and two of them may have the same.
  const shared = new Set<string>()
  things.forEach((thing, position) => {
    if (thing.key !== null && byKey.has(`#${thing.key}`)) shared.add(thing.key)
    if (thing.key !== null) byKey.set(`#${thing.key}`, position)
    if (thing.name !== null) byKey.set(`@${nameKey(thing.name)}`, position)
  })
  const keyless: { element: ReplyElement; index: number; isShared: boolean }[] = []
  let isShuffled = false
  elements.forEach((element, index) => {
    const isShared = element.key !== null && shared.has(element.key)
    const position =
      (element.key === null || isShared ? undefined : byKey.get(`#${element.key}`)) ??
      (element.name === null ? undefined : byKey.get(`@${nameKey(element.name)}`))
    if (position !== undefined && position !== index) isShuffled = true
    if (position !== undefined && matched[position] === undefined) matched[position] = element
    else if (isShared ? isPlaced(things[index], element) : element.key === null || isNameless(things[index]))
      keyless.push({ element, index, isShared })
  })
  // A refused element may echo nothing of ours, what went without a key gets one from Xero, and of several with one key none is told
  // by it. The place tells, if the answer is complete and the place is free.
  if (elements.length === things.length) {
    for (const { element, index, isShared } of keyless)
      if (!isShared || !isShuffled) matched[index] ??= element
  }
  return matched
}

function isNameless(thing: LoadedThing | undefined): boolean {
  return thing !== undefined && thing.key === null && thing.name === null
}

/** Of several things with one key the one at the element's place, where it has that key and nothing in the answer speaks against it. */
function isPlaced(thing: LoadedThing | undefined, element: ReplyElement): boolean {
  return thing?.key === element.key && (!element.accepted || thing.compare(element).length === 0)
}
