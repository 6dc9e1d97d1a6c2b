// Periods as they are typed: --month, --from and --to.

import { monthRange, type PlainDate, parseDate } from '../accounting/calendar.ts'
import { AuxoError } from '../errors.ts'

export interface PeriodFlags {
  month?: string
  from?: string
  to?: string
}

export function monthOption(text: string): { from: PlainDate; to: PlainDate } {
  const range = monthRange(text)
  if (!range) throw new AuxoError('usage', `--month takes a month such as 2026-10, not “${text}”.`)
  return range
}

function dayOption(text: string, name: string): PlainDate {
  const date = parseDate(text)
  if (!date) throw new AuxoError('usage', `${name} takes a date such as 2026-10-31, not “${text}”.`)
  return date
}

/** First and last day that were asked for; null where that end is open. */
export function periodOption(flags: PeriodFlags): { from: PlainDate | null; to: PlainDate | null } {
  if (flags.month !== undefined) {
    if (flags.from !== undefined || flags.to !== undefined) {
      throw new AuxoError('usage', 'Name either --month or --from and --to, not both.')
    }
    return monthOption(flags.month)
  }
  const from = flags.from === undefined ? null : dayOption(flags.from, '--from')
  const to = flags.to === undefined ? null : dayOption(flags.to, '--to')
  if (from !== null && to !== null && from > to) {
    throw new AuxoError('usage', `--from ${from} is after --to ${to}: no day lies between them.`)
  }
  return { from, to }
}
