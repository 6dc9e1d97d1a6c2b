// Dates: real ones, not in a locked period (§4.3), not before the cutover (M3), not in the future (I3).

import { longDate, parseDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import { complain, type DocumentView } from './document-view.ts'

export function checkDates(view: DocumentView): Finding[] {
  const { date, dueDate } = view.document
  const findings: Finding[] = []
  for (const [field, words, value] of [
    ['date', 'date', date],
    ['dueDate', 'due date', dueDate],
  ] as const) {
    if (value === null || parseDate(value) !== null) continue
    findings.push(
      complain(view, {
        code: 'date-invalid',
        field,
        message: `has the ${words} ${value}, which is not in the calendar.`,
        why: 'Xero takes only real dates.',
        fix: `Correct the ${words} in the ledger.`,
      }),
    )
  }
  return findings
}

/** What is approved in Xero needs a due date where it is to be paid: credits and orders are not. */
export function checkDueDate(view: DocumentView): Finding[] {
  const { date, dueDate } = view.document
  const isPayable = view.form === 'sales_invoice' || view.form === 'bill' || view.form === 'order_as_bill'
  if (!isPayable || dueDate !== null || parseDate(date) === null) return []
  return [
    complain(view, {
      code: 'due-date-missing',
      severity: 'information',
      field: 'dueDate',
      message: `has no due date: it goes to Xero as due on its own date, ${longDate(date)}.`,
      why: 'Xero approves no invoice or bill without a due date.',
      fix: 'Give it a due date in the ledger if it is due later.',
    }),
  ]
}

export function checkLockDates(view: DocumentView): Finding[] {
  const { date } = view.document
  return checkLock(view, date, `is dated ${longDate(date)}`, 'give the document a later date')
}

/** Xero changes and voids nothing in a locked period, wherever the ledger has moved it since; drafts post nothing. */
export function checkLockOfSent(view: DocumentView): Finding[] {
  const { leftInXero, exportedBefore } = view.context
  if (!leftInXero || leftInXero.isDraft || !exportedBefore) return []
  const isVoid = view.document.status === 'void'
  // Said already of the date that it has now.
  if (!isVoid && checkLockDates(view).length > 0) return []
  const what = isVoid ? 'is void in the ledger' : 'was changed in the ledger'
  const message = `${what}, and in Xero it is dated ${longDate(leftInXero.date)}`
  return checkLock(
    view,
    leftInXero.date,
    message,
    `undo this in the ledger and post what is missing with a later date`,
  )
}

function checkLock(view: DocumentView, date: string, message: string, otherwise: string): Finding[] {
  const { context, form } = view
  const organisation = context.books.mirror?.organisation
  // An order posts nothing, so that no period is closed to it (§4.9).
  if (!organisation || form === 'purchase_order') return []
  const { name, periodLockDate, endOfYearLockDate } = organisation
  const isEndOfYear = endOfYearLockDate !== null && date <= endOfYearLockDate
  const lock = isEndOfYear ? endOfYearLockDate : periodLockDate
  if (lock === null || date > lock) return []
  return [
    complain(view, {
      code: 'period-locked',
      field: 'date',
      message: `${message}, and ${name} is locked${isEndOfYear ? ' for everyone' : ''} up to ${longDate(lock)}.`,
      why: isEndOfYear
        ? 'Nothing may be posted on or before the end of year lock date.'
        : 'Nothing may be posted on or before the period lock date, except by advisers inside Xero.',
      fix: `Have an adviser move the lock date in Xero and run auxo-sync refresh, or ${otherwise}.`,
    }),
  ]
}

/** Information only: a document of the future waits for its day (I3). */
export function checkFuture(view: DocumentView): Finding[] {
  const { document, context } = view
  if (document.date <= context.today || parseDate(document.date) === null) return []
  return [
    complain(view, {
      code: 'future-dated',
      severity: 'information',
      field: 'date',
      message: `is dated ${longDate(document.date)} and waits until then.`,
      why: 'Documents are exported up to today.',
      fix: 'Nothing to do: it goes out on its day. To send it now, give it an earlier date in the ledger.',
    }),
  ]
}

/** Information only: what is before the cutover is never exported (M3). */
export function checkCutover(view: DocumentView): Finding[] {
  const { document, context } = view
  const cutover = context.books.settings.cutover_date
  if (cutover === 'none' || document.date >= cutover) return []
  return [
    complain(view, {
      code: 'before-cutover',
      severity: 'information',
      field: 'date',
      message: `is dated ${longDate(document.date)}, before the cutover of ${longDate(cutover)}, and is not exported.`,
      why: 'What is dated before the cutover is in Xero already or belongs to the old books.',
      fix: 'Nothing to do. If it should be exported, change cutover_date with auxo-sync settings.',
    }),
  ]
}
