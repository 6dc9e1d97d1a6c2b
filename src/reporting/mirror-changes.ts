// What changed in an organisation's books, in a few lines that a bookkeeper reads (R2). What counts as a change is
// accounting/mirror-changes.ts.

import type { MirrorChange, MirrorPart } from '../accounting/mirror-changes.ts'
import { countText } from './figures.ts'

const heads: Record<MirrorPart, string> = {
  organisation: 'Organisation',
  account: 'Accounts',
  tax_rate: 'Tax rates',
  tracking_category: 'Tracking categories',
  tracking_option: 'Tracking options',
  currency: 'Currencies',
}

const words = { added: 'added', gone: 'is no longer there', archived: 'archived', restored: 'restored' }

/** A whole new chart is told by its number. */
const toldMax = 8

/** One line a part: its head and what changed; none where nothing did. */
export function mirrorChangeLines(changes: readonly MirrorChange[]): { head: string; text: string }[] {
  const parts = [...new Set(changes.map(({ part }) => part))]
  return parts.map((part) => {
    const told = changes.filter((change) => change.part === part).map(changeText)
    const more = told.length - toldMax
    const text = told.slice(0, toldMax).join('; ') + (more > 0 ? `; and ${countText(more)} more` : '')
    return { head: heads[part], text: `${text}.` }
  })
}

function changeText(change: MirrorChange): string {
  const { part, name } = change
  if (change.change !== 'changed') return `${name} ${words[change.change]}`
  const { field, before, after } = change
  const values = `${after ?? 'not set'} (was ${before ?? 'not set'})`
  return part === 'organisation' ? `${field} is now ${values}` : `${name}: ${field} is now ${values}`
}
