// Journals that Xero generates of whatever is posted, as the sandbox keeps them: numbered in their order and never changed; what
// was changed or voided gets a reversal. Cents of the base currency.

import type { PlainDate } from '../accounting/calendar.ts'
import type { JournalSource, Posting } from './posting-record.ts'

export interface GeneratedLine extends Posting {
  readonly id: string
}

export interface GeneratedJournal {
  readonly id: string
  /** When it was generated. */
  readonly updatedAt: number
  readonly number: number
  /** Of the record that it posts, or the part of it (PostedRecord). */
  readonly key: string
  readonly isReversal: boolean
  readonly date: PlainDate
  readonly reference: string
  readonly sourceId: string
  readonly sourceType: JournalSource
  readonly lines: readonly GeneratedLine[]
}
