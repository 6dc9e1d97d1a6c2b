// What the table of kinds says of a kind: how its payloads are made, which call creates it, and by what it is found again
// when an answer was lost. The rows are files of their own, the table is kinds.ts.

import type { Finding } from '../accounting/findings.ts'
import type { ExportedKind } from '../accounting/kinds.ts'
import type { CheckedThing } from '../ledger/things.ts'
import type { ReplyElement, WireList, XeroGateway } from '../xero/gateway.ts'
import type { RunContext } from './context.ts'
import type { PlannedThing } from './plan.ts'

/** A thing with its payload, ready to be written down. */
export interface LoadedThing {
  sourceId: string
  /** What people call it. */
  label: string
  revision: number
  factsHash: string
  /** The facts by which Xero can find it again, as JSON. */
  facts: string
  /** Our own key as Xero echoes it (InvoiceNumber, ContactNumber); null where it goes without one. */
  key: string | null
  /** A second name by which an element of the answer is ours: the contact's. */
  name: string | null
  model: object
  /** What Xero's answer says otherwise than we sent: a total, a status, a dropped tracking option. */
  compare(element: ReplyElement): Finding[]
}

/** Something found in Xero that may be one of ours. */
export interface Found {
  xeroId: string
  number: string | null
  status: string
  /** The read's own fields, for `recognise` of the same kind. */
  row: unknown
}

/**
 * `ours`: it carries our key and agrees in all facts. `look-alike`: it has our key and disagrees in a fact; a person
 * may have entered or changed it. `other`: something else.
 */
export type Recognition = 'ours' | 'look-alike' | 'other'

export interface KindRow {
  readonly kind: ExportedKind
  readonly list: WireList
  /** PUT creates only: a POST by number would edit whatever holds the number (§3.1). */
  readonly create: { readonly method: 'PUT'; readonly path: string }
  /**
   * Whether a call may be repeated under its key after a time-out. Only kinds whose number is unique in Xero: should
   * Xero execute twice, it refuses the second.
   */
  readonly isUniqueInXero: boolean
  /**
   * Payloads of planned things as the ledger has them now. What changed since it was checked is left out and taken by
   * the next run; what waits for another thing is `skipped` with its reason.
   */
  load(
    context: RunContext,
    planned: readonly PlannedThing[],
  ): Promise<{ things: LoadedThing[]; skipped: CheckedThing[] }>
  /** Everything of this kind that Xero changed since (ms since 1970, Xero's clock), and Xero's clock up to which that is complete. */
  lookUp(gateway: XeroGateway, since: number): Promise<{ found: Found[]; serverTime: number }>
  /** By key, whatever its age: for copies and settling. */
  lookUpKeys(gateway: XeroGateway, facts: readonly string[]): Promise<{ found: Found[]; serverTime: number }>
  recognise(facts: string, found: Found): Recognition
  /** What people call a thing, from its stored facts. */
  labelOf(facts: string): string
}
