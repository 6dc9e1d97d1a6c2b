// How old the mirror is against which something was checked, in words and as JSON (R2). Reading it is ledger/.

import type { Mirror } from '../accounting/documents.ts'
import { durationText } from './figures.ts'

/** When the mirror of an entity's organisation was read, ISO UTC; `readAt` null before the first reading. */
export interface MirrorAge {
  entity: string
  organisation: string | null
  readAt: string | null
  /** At the time of the report. */
  ageMs: number | null
}

/** `now` in ms since 1970. */
export function mirrorAge(entity: string, mirror: Mirror | null, now: number): MirrorAge {
  return {
    entity,
    organisation: mirror?.organisation.name ?? null,
    readAt: mirror && new Date(mirror.readAt).toISOString(),
    ageMs: mirror && Math.max(0, now - mirror.readAt),
  }
}

/** "Demo Company (NZ) as it was 3 hours ago". */
export function asItWas({ organisation, ageMs }: MirrorAge): string {
  return organisation === null || ageMs === null
    ? 'Xero, which was never read'
    : `${organisation} as it was ${durationText(ageMs)} ago`
}
