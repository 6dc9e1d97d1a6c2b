// The note in a document's history in Xero (I15): which run of which ledger row it came from. It cannot be changed or removed there, so
// that it says nothing that may become wrong.

import type { HistoryRecord } from 'xero-node'
import { type DocumentKind, kindNames } from '../accounting/kinds.ts'

/** The most that Xero takes (§2.3). */
const noteMax = 2500

/** An upper bound in bytes of its JSON: each character as long as one can be. */
export const noteBytes = noteMax * 6 + 100

/** One note; `run` is the run that sent the document. */
export function mapNote(
  { kind, id, number }: { kind: DocumentKind; id: string; number: string },
  run: number,
): HistoryRecord {
  const name = `${kindNames[kind].one}${number.trim() === '' ? '' : ` ${number.trim()}`}`
  return { details: `Sent by auxo-sync, run ${run}: ${name}, in the ledger ${id}`.slice(0, noteMax) }
}
