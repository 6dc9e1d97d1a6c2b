// Dates of payments, receipts, discounts and allocations: real ones, not in a locked period (§4.3), not before the cutover
// (M3), not in the future.

import type { Books } from '../accounting/books.ts'
import { longDate, type PlainDate, parseDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import { complainOf, type MoneyThing } from './money-check.ts'

/** Information only: what is dated before the cutover is never exported, by its own date (M3). Empty where it is. */
export function checkMoneyCutover(thing: MoneyThing, date: PlainDate, { settings }: Books): Finding[] {
  const cutover = settings.cutover_date
  if (cutover === 'none' || date >= cutover) return []
  return [
    complainOf(thing, {
      code: 'before-cutover',
      severity: 'information',
      field: 'date',
      message: `is dated ${longDate(date)}, before the cutover of ${longDate(cutover)}, and is not exported.`,
      why: 'What is dated before the cutover is in Xero already or belongs to the old books.',
      fix: 'Nothing to do. If it should be exported, change cutover_date with auxo-sync settings.',
    }),
  ]
}

/** The date with which it goes out. */
export function checkMoneyDate(
  thing: MoneyThing,
  date: PlainDate,
  { books, today }: { books: Books; today: PlainDate },
): Finding[] {
  if (parseDate(date) === null)
    return [
      complainOf(thing, {
        code: 'date-invalid',
        field: 'date',
        message: `has the date ${date}, which is not in the calendar.`,
        why: 'Xero takes only real dates.',
        fix: 'Correct the date in the ledger.',
      }),
    ]
  const findings = checkMoneyLock(thing, date, books)
  if (date > today)
    findings.push(
      complainOf(thing, {
        code: 'future-dated',
        severity: 'information',
        field: 'date',
        message: `is dated ${longDate(date)} and waits until then.`,
        why: 'Everything is exported up to today.',
        fix: 'Nothing to do: it goes out on its day.',
      }),
    )
  return findings
}

function checkMoneyLock(thing: MoneyThing, date: PlainDate, books: Books): Finding[] {
  const organisation = books.mirror?.organisation
  if (!organisation) return []
  const { name, periodLockDate, endOfYearLockDate } = organisation
  const isEndOfYear = endOfYearLockDate !== null && date <= endOfYearLockDate
  const lock = isEndOfYear ? endOfYearLockDate : periodLockDate
  if (lock === null || date > lock) return []
  return [
    complainOf(thing, {
      code: 'period-locked',
      field: 'date',
      message: `is dated ${longDate(date)}, and ${name} is locked${isEndOfYear ? ' for everyone' : ''} up to ${longDate(lock)}.`,
      why: isEndOfYear
        ? 'Nothing may be posted on or before the end of year lock date.'
        : 'Nothing may be posted on or before the period lock date, except by advisers inside Xero.',
      fix: 'Have an adviser move the lock date in Xero and run auxo-sync refresh, or give it a later date in the ledger.',
    }),
  ]
}
