// What the table of kinds says of a kind: which of its things wait, what the rules say of them, and how they become elements of
// a call. The rows are files of their own, the table is kind-table.ts; the ways on which calls go out are channels/.

import type { PlainDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import type { JournalEntry } from '../accounting/journal-entry.ts'
import type { Operation, ReportedKind, ThingKind } from '../accounting/kinds.ts'
import type { EntitySettings, SummarisedKind } from '../accounting/settings.ts'
import type { CheckedThing } from '../ledger/things.ts'
import type { ReplyElement } from '../xero/gateway.ts'
import type { ChannelName } from './channels/channel.ts'
import type { RunContext } from './context.ts'
import type { PlannedThing } from './plan.ts'
import type { CheckScope } from './scope.ts'

/** A thing with its payload, ready to be written down. */
export interface LoadedThing {
  sourceId: string
  /** What people call it. */
  label: string
  revision: number
  factsHash: string
  /** The facts by which Xero can find it again, as JSON. */
  facts: string
  channel: ChannelName
  operation: Operation
  /** Under the API root: where the call goes. All things of a call agree. */
  method: 'PUT' | 'POST' | 'DELETE'
  path: string
  /** Our own key as Xero echoes it (see ReplyElement); null where it goes without one. */
  key: string | null
  /** A second name by which an element of the answer is ours: the contact's. */
  name: string | null
  /** A model of xero-node; `bytes` instead for a file, `deletion` where the path says what ends, `none` where the method does too. */
  payload:
    | { model: object }
    | { bytes: Uint8Array; contentType: string }
    | { deletion: true }
    | { none: true }
  /** Where things carry no marker: ids in Xero that look like it already (Exactly once, 1). */
  knownIds?: readonly string[]
  /** Where it is counted; the kind's own where absent. */
  reportedAs?: ReportedKind
  /**
   * Where auxo-sync numbered it: the facts under another number of that count; null for any other number. A ledger that was
   * put back counts anew, and may give what Xero has another number (E13).
   */
  factsAs?(number: string): string | null
  /** The id that it is remembered by, where that is not the element's own: a prepayment's, an allocation's pair. */
  xeroIdOf?(element: ReplyElement): string | null
  /** Its facts with what Xero's answer made of it, where Xero's own words are remembered with them. */
  factsOf?(element: ReplyElement): string
  /** What Xero's answer says otherwise than we sent: a total, a status, a dropped tracking option. */
  compare(element: ReplyElement): Finding[]
}

/** What the rules said of a page of things. */
export interface PageVerdicts {
  checked: CheckedThing[]
  /** Exported, and as it was sent: off the queue. */
  unchanged: { id: string; revision: number }[]
  /** Nothing of it is to be sent as it is: off the queue until it changes. */
  idle: { id: string; revision: number }[]
  sendable: PlannedThing[]
  /** Goes to Xero within its day's summary, and not by itself (J5): it stays on the queue until that is there. */
  summed: SummedThing[]
}

/** What a thing is to a day's summary. */
export interface SummedThing {
  kind: ThingKind
  id: string
  revision: number
  factsHash: string
  /** With what it is summed up. */
  of: SummarisedKind
  date: PlainDate
  /** What it is on that day; null where it was voided or deleted. */
  entry: JournalEntry | null
}

export function noVerdicts(): PageVerdicts {
  return { checked: [], unchanged: [], idle: [], sendable: [], summed: [] }
}

export interface Loaded {
  things: LoadedThing[]
  /** Waits for something else, or a finding that was only seen now; with its reason. */
  skipped: CheckedThing[]
  /** Exported, and Xero has it as it would be sent: nothing to send. `xeroStatus` where it was seen to be another. */
  unchanged: { id: string; revision: number; factsHash: string; xeroStatus?: string }[]
}

/** `adopt`: as they would be sent, only to look for them in Xero; nothing of Xero's stands against them. */
export type LoadPurpose = 'send' | 'adopt'

export interface KindRow {
  readonly kind: ThingKind
  /** Whether the settings leave the kind out altogether: then nothing of it is looked for, checked or counted. */
  isLeftOut(settings: EntitySettings): boolean
  /** At most this many in a call, where the endpoint takes fewer than a chunk. */
  readonly callSizeMax?: number
  /** Makes the things that only auxo-sync can make, before they are looked for (J2, J5). */
  derive?(context: RunContext, scope: CheckScope): Promise<void>
  /** Ids of what `derive` would make, for a plan and for `validate`, which make nothing. */
  underived?(scope: CheckScope): Promise<string[]>
  /** What the rules say of these things, without sending (V1, V3). */
  checkPage(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts>
  /** Takes as exported what Xero has already, before any is created; gives back what is still to be sent. */
  withoutExisting?(context: RunContext, planned: readonly PlannedThing[]): Promise<readonly PlannedThing[]>
  /**
   * Payloads of planned things as the ledger has them now. What changed since it was checked is left out and taken by
   * the next run; what waits for another thing is `skipped` with its reason.
   */
  load(context: RunContext, planned: readonly PlannedThing[], purpose?: LoadPurpose): Promise<Loaded>
}
