// How far back the feeds of reference data are read.

/** Reads overlap, since a change may be stored later than it is dated (§5). */
export const overlapMs = 5 * 60_000

export interface PullExtent {
  /** Everything from the beginning, not only what changed since the last reading. */
  fromStart: boolean
}
