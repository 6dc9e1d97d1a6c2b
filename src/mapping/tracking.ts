// The tracking that goes with a line: its own pairs, else the entity's default ones (I12). Names are sent as Xero spells
// them, so that a difference in case cannot make Xero refuse or drop them; unknown ones are a finding of validation.

import type { Books } from '../accounting/books.ts'
import type { DocumentLine, MirrorTrackingCategory, TrackingPair } from '../accounting/documents.ts'
import { nameKey } from '../accounting/names.ts'

export interface FoundTracking {
  category: MirrorTrackingCategory | null
  option: MirrorTrackingCategory['options'][number] | null
}

/** The pairs of a line as the ledger or the settings name them; halves included, for validation to find. */
export function trackingOf(line: Pick<DocumentLine, 'tracking'>, books: Books): readonly TrackingPair[] {
  if (line.tracking.length > 0) return line.tracking
  const { default_tracking_1: first, default_tracking_2: second } = books.settings
  const defaults: TrackingPair[] = []
  if (first !== 'none') defaults.push(first)
  if (second !== 'none') defaults.push(second)
  return defaults
}

/** The category and option of these names, whatever their status; an active one is preferred to an archived twin. */
export function findTracking(
  categories: readonly MirrorTrackingCategory[],
  categoryName: string,
  optionName: string,
): FoundTracking {
  const category = findNamed(categories, categoryName)
  return { category, option: category ? findNamed(category.options, optionName) : null }
}

function findNamed<Row extends { name: string; status: string }>(
  rows: readonly Row[],
  name: string,
): Row | null {
  const key = nameKey(name)
  let found: Row | null = null
  for (const row of rows) {
    if (row.name !== name && nameKey(row.name) !== key) continue
    if (row.status === 'ACTIVE') return row
    found ??= row
  }
  return found
}

/** The pairs of a line as they are sent. Half pairs never get here: validation refuses them, so one is a bug. */
export function sentTracking(line: DocumentLine, books: Books): { category: string; option: string }[] {
  return trackingOf(line, books).map(({ category, option }) => {
    if (category === null || option === null) throw new Error('half a tracking pair cannot be sent')
    const found = books.mirror ? findTracking(books.mirror.tracking, category, option) : null
    return { category: found?.category?.name ?? category, option: found?.option?.name ?? option }
  })
}
