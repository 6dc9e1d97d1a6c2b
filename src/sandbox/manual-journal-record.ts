// Manual journals as the sandbox keeps them: debits above zero, credits below, in cents (§4.7).

import type { PlainDate } from '../accounting/calendar.ts'
import type { Cents } from '../accounting/money.ts'
import type { LineAmountTypes, LineTracking } from './invoice-record.ts'

export const manualJournalStatuses = ['DRAFT', 'POSTED', 'DELETED', 'VOIDED', 'ARCHIVED'] as const
export type ManualJournalStatus = (typeof manualJournalStatuses)[number]

export interface JournalLine {
  readonly description: string | null
  readonly accountId: string | null
  /** Including tax where the journal's amounts are. */
  readonly lineAmount: Cents
  readonly taxType: string | null
  readonly taxAmount: Cents
  readonly tracking: readonly LineTracking[]
  /** Neither account nor amount. */
  readonly isBlank: boolean
}

export interface ManualJournal {
  readonly id: string
  readonly updatedAt: number
  readonly status: ManualJournalStatus
  readonly narration: string
  readonly date: PlainDate
  readonly lineAmountTypes: LineAmountTypes
  readonly url: string | null
  readonly showOnCashBasisReports: boolean
  readonly lines: readonly JournalLine[]
}
