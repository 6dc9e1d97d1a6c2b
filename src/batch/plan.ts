// The plan of a run as a value: ordered chunks of at most 100 things of one kind, each within the size of a call. Pure;
// `--dry-run` prints this same value. What is in a thing is read again when its chunk is prepared.

import { type Operation, type ReportedKind, reportedAs, type ThingKind } from '../accounting/kinds.ts'
import type { Cents } from '../accounting/money.ts'

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
  operation: Operation
  /** Things of different groups cannot share a call: another endpoint, another parent. */
  group: string
  /** Upper bound of its bytes in a call. */
  bytes: number
  /** Money for the plan; null where it has none. */
  money: { currency: string; amount: Cents } | null
}

export interface PlannedChunk {
  kind: ThingKind
  /** From 1. */
  number: number
  of: number
  things: readonly PlannedThing[]
}

/** Where the things of a chunk are counted: by its group too, since a deposit may be a payment, a prepayment or an allocation. */
export function reportedIn({ kind, things: [first] }: PlannedChunk): ReportedKind {
  const group = first?.group ?? ''
  if (/^(prepayment|overpayment)_allocation /.test(group)) return 'allocation'
  if (kind === 'receipt' && (group === 'overpayment' || group === 'journal')) return group
  if (kind === 'discount' && group === 'supplier_credit') return group
  return kind === 'journal' && group === 'payments' ? 'payment' : reportedAs[kind]
}

/**
 * Cuts things into chunks in their order, for each operation and group: 350 are 100/100/100/50. One that is above the
 * size of a call goes alone.
 */
export function planChunks(
  kind: ThingKind,
  things: readonly PlannedThing[],
  chunkSize: number,
): PlannedChunk[] {
  if (chunkSize < 1 || chunkSize > chunkSizeMax)
    throw new RangeError(`a chunk of ${chunkSize} is not allowed`)
  const chunks = [...byCall(things)].flatMap((group) => cut(group, chunkSize))
  return chunks.map((chunk, index) => ({ kind, number: index + 1, of: chunks.length, things: chunk }))
}

function byCall(things: readonly PlannedThing[]): Iterable<PlannedThing[]> {
  const groups = new Map<string, PlannedThing[]>()
  for (const thing of things) {
    const key = `${thing.operation} ${thing.group}`
    const group = groups.get(key)
    if (group) group.push(thing)
    else groups.set(key, [thing])
  }
  return groups.values()
}

function cut(things: readonly PlannedThing[], chunkSize: number): PlannedThing[][] {
  const chunks: PlannedThing[][] = []
  let chunk: PlannedThing[] = []
  let bytes = envelopeBytes
  for (const thing of things) {
    if (chunk.length > 0 && (chunk.length === chunkSize || bytes + thing.bytes > chunkBytesMax)) {
      chunks.push(chunk)
      chunk = []
      bytes = envelopeBytes
    }
    chunk.push(thing)
    bytes += thing.bytes
  }
  if (chunk.length > 0) chunks.push(chunk)
  return chunks
}
