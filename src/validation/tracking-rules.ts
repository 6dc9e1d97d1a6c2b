// The tracking of each line: whole pairs that Xero has, at most two, and no category twice (I12). Unknown names are never
// created silently, and a half pair is never sent.

import type { TrackingPair } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { nameKey } from '../accounting/names.ts'
import { findTracking } from '../mapping/tracking.ts'
import { type Complaint, complainOfLine, type DocumentView } from './document-view.ts'

/** Xero keeps two tracking elements a line (§4.3). */
const pairsMax = 2

export function checkTracking(view: DocumentView): Finding[] {
  return view.lines.flatMap((line) => {
    const { tracking } = line
    const complaints = tracking.flatMap((pair) => pairComplaint(pair, view) ?? [])
    const together = pairsComplaint(tracking)
    if (together) complaints.push(together)
    return complaints.map((complaint) => complainOfLine(view, line, { ...complaint, field: 'tracking' }))
  })
}

function pairsComplaint(tracking: readonly TrackingPair[]): Complaint | null {
  const categories = new Set(tracking.map(({ category }) => nameKey(category ?? '')))
  if (tracking.length <= pairsMax && categories.size === tracking.length) return null
  return {
    code: 'tracking-twice',
    message:
      tracking.length > pairsMax
        ? `has ${tracking.length} tracking options.`
        : `has tracking category ${tracking[0]?.category} twice.`,
    why: 'A line in Xero takes two tracking options at most, each of its own category.',
    fix: 'Keep one option a category on the line in the ledger.',
  }
}

function pairComplaint({ category, option }: TrackingPair, { context }: DocumentView): Complaint | null {
  if (category === null || option === null)
    return {
      code: 'tracking-half',
      message:
        option === null
          ? `has tracking category ${category} without an option.`
          : `has tracking option ${option} without a category.`,
      why: 'Xero takes a category only together with one of its options.',
      fix: 'Give both on the line in the ledger, or neither.',
    }
  const { mirror } = context.books
  if (!mirror) return null
  const found = findTracking(mirror.tracking, category, option)
  const unknown =
    found.category === null ? `category ${category}` : `option ${option} of category ${category}`
  if (found.category === null || found.option === null)
    return {
      code: 'tracking-unknown',
      message: `has tracking ${unknown}, which Xero does not have.`,
      why: 'Tracking is never created in Xero without a person asking for it.',
      fix: 'Add it in Xero and run auxo-sync refresh, or correct it on the line or in default_tracking_1 and _2.',
    }
  if (found.category.status === 'ACTIVE' && found.option.status === 'ACTIVE') return null
  return {
    code: 'tracking-unknown',
    message: `has tracking ${category}: ${option}, which is archived in Xero.`,
    why: 'Xero takes only active tracking categories and options.',
    fix: 'Restore it in Xero and run auxo-sync refresh, or correct it on the line in the ledger.',
  }
}
