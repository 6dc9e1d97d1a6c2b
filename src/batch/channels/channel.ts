// What the table of channels says of a way to Xero: the list that its calls carry, whether they may be repeated, and by what
// its things are found again when an answer was lost (architecture, Resolve). The table is channel-table.ts.

import type { WireList, XeroGateway } from '../../xero/gateway.ts'

export const channelNames = [
  'contacts',
  'items',
  'sales_invoices',
  'bills',
  'sales_credits',
  'supplier_credits',
  'purchase_orders',
  'manual_journals',
  'bank_transactions',
  'payments',
  'credit_allocations',
  'prepayment_allocations',
  'overpayment_allocations',
  'attachments',
  'notes',
] as const
export type ChannelName = (typeof channelNames)[number]

export function isChannelName(name: string): name is ChannelName {
  return channelNames.some((known) => known === name)
}

/** Something found in Xero that may be one of ours. */
export interface Found {
  xeroId: string
  number: string | null
  status: string
  /** The read's own fields, for `recognise` of the same channel. */
  row: unknown
}

export interface LookUp {
  found: Found[]
  /** Xero's clock up to which that is complete, ms since 1970. */
  serverTime: number
}

/**
 * `ours`: it carries our key or marker and agrees in all facts. `look-alike`: it agrees with some and not with all of
 * what would make it ours; a person may have entered or changed it. `other`: something else.
 */
export type Recognition = 'ours' | 'look-alike' | 'other'

export interface Channel {
  readonly name: ChannelName
  readonly list: WireList
  /**
   * Whether a call may be repeated under its key after a time-out. Only where a number is unique in Xero: should Xero
   * execute twice, it refuses the second.
   */
  readonly isUniqueInXero: boolean
  /** `new-id`: nothing of ours is on it, so it is ours if it was not there at prepare and agrees in every fact. */
  readonly foundBy: 'key' | 'marker' | 'new-id'
  /**
   * Everything of this channel that Xero changed since (ms since 1970, Xero's clock); `facts` of the open things, where only
   * their parents can be asked.
   */
  lookUp(gateway: XeroGateway, since: number, facts: readonly string[]): Promise<LookUp>
  /** By key, whatever its age: for copies and settling. */
  lookUpKeys(gateway: XeroGateway, facts: readonly string[]): Promise<LookUp>
  /** One by its Xero id; null where Xero has none. `facts` says where it is, for what is only found under a parent. */
  findById(gateway: XeroGateway, xeroId: string, facts: string): Promise<Found | null>
  /** Several by their ids in few calls, where Xero gives them so; those that are not there are left out. */
  findByIds?(gateway: XeroGateway, xeroIds: readonly string[]): Promise<LookUp>
  /**
   * Whether what was deleted is gone, where Xero keeps nothing of it that could say so: an allocation vanishes from its credit. The
   * facts are those of the deletion.
   */
  isGone?(gateway: XeroGateway, facts: string): Promise<boolean>
  recognise(facts: string, found: Found): Recognition
  /** Whether Xero has it exactly as the facts say, line by line: nobody changed it since, or our own change arrived (I7). */
  agrees(facts: string, found: Found): boolean
  /** The facts of a thing with what was found of it, where Xero's own words are remembered with them. */
  factsOf?(facts: string, found: Found): string
  /** What people call a thing, from its stored facts. */
  labelOf(facts: string): string
}
