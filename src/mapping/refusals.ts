// Xero's refusals in a bookkeeper's words (V3), by the rows of refusal-table.ts. What matches no row is passed on in Xero's own
// words, never lost.

import type { Finding } from '../accounting/findings.ts'
import { kindNames, type ThingKind } from '../accounting/kinds.ts'
import { type Refusal, type RefusalMark, refusals } from './refusal-table.ts'

/** The thing that was refused. `number` is what people call it. */
export interface RefusedThing {
  kind: ThingKind
  id: string
  number: string
}

/** Xero's messages about one thing as findings: one for each distinct cause, each with the words that say so. */
export function translateRefusal(messages: readonly string[], thing: RefusedThing): Finding[] {
  const byCause = new Map<Refusal | null, string[]>()
  for (const message of messages) {
    const cause = findRefusal(message)
    const words = byCause.get(cause)
    if (!words) byCause.set(cause, [message])
    else if (!words.includes(message)) words.push(message)
  }
  if (byCause.size === 0) byCause.set(null, [])
  return [...byCause].map(([cause, words]) => refusalFinding(thing, cause, words))
}

/** The first mark among the messages; null where the refusal is of the document alone. */
export function refusalMark(messages: readonly string[]): RefusalMark | null {
  for (const message of messages) {
    const mark = findRefusal(message)?.mark
    if (mark) return mark
  }
  return null
}

function findRefusal(message: string): Refusal | null {
  return refusals.find((refusal) => refusal.text.test(message)) ?? null
}

function refusalFinding(thing: RefusedThing, cause: Refusal | null, words: readonly string[]): Finding {
  const name = `${kindNames[thing.kind].one} ${thing.number}`
  const unknown = words.length === 0 ? 'without a reason.' : `“${words.join('” “')}”`
  return {
    kind: thing.kind,
    id: thing.id,
    number: thing.number,
    code: cause?.code ?? 'xero-refused',
    severity: 'error',
    field: cause?.field ?? null,
    message: `Xero refused ${name}: ${cause?.what ?? unknown}`,
    why: cause?.why ?? 'No rule of auxo-sync foresaw this refusal.',
    fix: cause?.fix ?? 'Correct what Xero names, in the ledger or in Xero, and run the export again.',
    xeroMessages: words,
  }
}
