// The plan of a run as a value: ordered chunks of at most 100 things of one kind, each within the size of a call. Pure;
// `--dry-run` prints this same value. What is in a thing is read again when its chunk is prepared.

import type { ExportedKind } from '../accounting/kinds.ts'

/** The most that Xero takes well in one call (E1). */
export const chunkSizeMax = 100

/** Xero states 10 MB and speaks of 3.5 MB; the smaller is safe (§2.3). */
export const chunkBytesMax = 3_500_000

/** Around the elements: `{"Invoices":[…]}` and the commas. */
const envelopeBytes = 64

export interface PlannedThing {
  id: string
  /** Revision that was checked. */
  revision: number
  /** Upper bound of its bytes in a call. */
  bytes: number
}

export interface PlannedChunk {
  kind: ExportedKind
  /** From 1. */
  number: number
  of: number
  things: readonly PlannedThing[]
}

/** Cuts things into chunks in their order: 350 are 100/100/100/50. A thing above the size alone must not get here. */
export function planChunks(
  kind: ExportedKind,
  things: readonly PlannedThing[],
  chunkSize: number,
): PlannedChunk[] {
  if (chunkSize < 1 || chunkSize > chunkSizeMax)
    throw new RangeError(`a chunk of ${chunkSize} is not allowed`)
  const groups: PlannedThing[][] = []
  let group: PlannedThing[] = []
  let bytes = envelopeBytes
  for (const thing of things) {
    if (envelopeBytes + thing.bytes > chunkBytesMax)
      throw new RangeError(`${kind} ${thing.id} is too large for a call`)
    if (group.length === chunkSize || bytes + thing.bytes > chunkBytesMax) {
      groups.push(group)
      group = []
      bytes = envelopeBytes
    }
    group.push(thing)
    bytes += thing.bytes
  }
  if (group.length > 0) groups.push(group)
  return groups.map((chunk, index) => ({ kind, number: index + 1, of: groups.length, things: chunk }))
}
