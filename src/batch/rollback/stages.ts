// In which order a run is rolled back (M6): what stands on something before what it stands on, the reverse of how it went out (E4).

import type { ThingKind } from '../../accounting/kinds.ts'
import type { PostedThing } from '../../ledger/posted-things.ts'
import { isChannelName } from '../channels/channel.ts'
import { channelTable } from '../channels/channel-table.ts'
import { runOrder } from '../kind-table.ts'

/**
 * Payments of every kind, then allocations, then the rest kind by kind in the reverse order of a run. Summaries one by one: those of
 * payments stand on those of documents.
 */
export function stagesOf(things: readonly PostedThing[]): PostedThing[][] {
  const stages = new Map<number, PostedThing[]>()
  for (const [index, thing] of [...things].reverse().entries()) {
    const stage = stageOf(thing) + (thing.kind === 'summary' ? index / things.length : 0)
    stages.set(stage, [...(stages.get(stage) ?? []), thing])
  }
  return [...stages].sort(([one], [other]) => one - other).map(([, ofStage]) => ofStage)
}

function stageOf({ kind, channel }: PostedThing): number {
  const { list } = channelTable[named(channel)]
  if (list === 'Payments') return 0
  if (list === 'Allocations') return 1
  return 2 + runOrder.length - runOrder.indexOf(kind)
}

function named(channel: string) {
  if (!isChannelName(channel)) throw new Error(`a call went out on “${channel}”, which no version knows`)
  return channel
}

/** Why Xero keeps it, whatever is done; null for what can be taken out. */
export function keptByXero(kind: ThingKind): string | null {
  switch (kind) {
    case 'contact':
      return 'Xero deletes no contact. It stays, and the next documents use it.'
    case 'item':
      return 'Items stay in Xero: whether other documents use one cannot be asked there.'
    case 'attachment':
      return 'Xero deletes no file for other programs. It stays on the document, void or not.'
    case 'note':
      return 'A history note cannot be taken back. It stays on the document, void or not.'
    default:
      return null
  }
}
