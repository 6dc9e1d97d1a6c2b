// What is checked of every journal before it is sent (J1): it balances, has two lines at least, stands on a date that is
// open, and Xero takes its texts. Its lines are journal-line-rules.ts.

import { longDate, parseDate } from '../accounting/calendar.ts'
import type { LedgerJournal } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { imbalanceOf } from '../accounting/journal-entry.ts'
import { cents, formatCents } from '../accounting/money.ts'
import type { UnfittingTotals } from '../accounting/totals.ts'
import type { JournalForm } from '../mapping/journal-of-ledger.ts'
import { journalSizeBound, requestBytesMax } from '../mapping/size.ts'
import { type Complaint, lineAmountMax } from './document-view.ts'
import {
  checkEntryAccounts,
  checkEntryTaxAmounts,
  checkEntryTaxTypes,
  checkEntryTexts,
  checkEntryTracking,
} from './journal-line-rules.ts'
import {
  complainOfEntryLine,
  complainOfJournal,
  type JournalContext,
  type JournalRule,
  type JournalThing,
  type JournalView,
} from './journal-view.ts'
import { textProblem } from './text-rules.ts'
import { megabytes } from './wording.ts'

const rules: readonly JournalRule[] = [
  checkDate,
  checkLocked,
  checkFutureDate,
  checkLineCount,
  checkAmountSizes,
  checkBalance,
  checkEntryAccounts,
  checkEntryTaxTypes,
  checkEntryTaxAmounts,
  checkEntryTracking,
  checkNarration,
  checkEntryTexts,
  checkJournalSize,
]

/**
 * Every finding of a journal, in the order of the rules and then of the lines. It may be sent where none is an error and
 * none says that it waits. Before the cutover nothing else matters: it is never exported (M3).
 */
export function checkJournal(thing: JournalThing, context: JournalContext): Finding[] {
  const view: JournalView = { thing, entry: thing.entry, context }
  const before = checkBeforeCutover(view)
  return before.length > 0 ? [...before] : rules.flatMap((rule) => rule(view))
}

/** The finding of a document or payment of which no journal can be made (J4). */
export function unfittingFinding(thing: Omit<JournalThing, 'entry'>, unfit: UnfittingTotals): Finding {
  if (unfit.which === 'rate')
    return complainOfJournal(thing, {
      code: 'rate-missing',
      field: 'exchangeRate',
      message: `is in ${unfit.currency} and has no exchange rate.`,
      why: `A journal in Xero is always in the organisation's currency, ${unfit.baseCurrency}.`,
      fix: 'Give it its exchange rate in the ledger.',
    })
  return complainOfJournal(thing, {
    code: 'total-mismatch',
    field: unfit.which === 'tax' ? 'tax' : 'total',
    message:
      unfit.which === 'tax'
        ? `has ${formatCents(unfit.ledgerTotal)} tax, but its lines have ${formatCents(unfit.linesTotal)}.`
        : `has a total of ${formatCents(unfit.ledgerTotal)}, but its amounts come to ${formatCents(unfit.linesTotal)}.`,
    why: 'Differences above rounding_tolerance are not rounding.',
    fix: 'Correct the totals or the lines in the ledger.',
  })
}

/** An invoice payment or deposit that says too little or too much to be a payment in Xero (P2). */
export function checkPaymentJournal(journal: LedgerJournal, form: JournalForm): Finding[] {
  const thing = { kind: 'journal' as const, id: journal.id, number: journal.id }
  if (form.form === 'unattached')
    return [
      complainOfJournal(thing, {
        code: 'journal-side-unclear',
        field: 'document',
        message: 'posts a payment, and names neither the payment nor the document that is paid.',
        why: 'Journals of this kind are sent as payments, and a payment in Xero is of a document.',
        fix: 'Name the document or the payment on the journal in the ledger.',
      }),
    ]
  if (form.form !== 'payment' || form.debits.length === 1) return []
  const accounts = form.debits.map(({ account }) => account).join(', ')
  return [
    complainOfJournal(thing, {
      code: 'journal-side-unclear',
      field: 'lines',
      message:
        form.debits.length === 0
          ? 'posts a payment and has no debit side.'
          : `posts a payment and debits several accounts: ${accounts}.`,
      why: 'The debit side is what is sent: the account and the amount of one payment.',
      fix: 'Give the journal one debit account in the ledger, or enter a payment for each.',
    }),
  ]
}

function checkDate({ thing, entry }: JournalView): Finding[] {
  if (parseDate(entry.date) !== null) return []
  return [
    complainOfJournal(thing, {
      code: 'date-invalid',
      field: 'date',
      message: `has the date ${entry.date}, which is not in the calendar.`,
      why: 'Xero takes only real dates.',
      fix: 'Correct the date in the ledger.',
    }),
  ]
}

function checkLocked({ thing, entry, context }: JournalView): Finding[] {
  const organisation = context.books.mirror?.organisation
  const dates = [organisation?.periodLockDate, organisation?.endOfYearLockDate].flatMap((date) => date ?? [])
  const [lockDate] = dates.sort().toReversed()
  if (!organisation || !lockDate || entry.date > lockDate) return []
  return [
    complainOfJournal(thing, {
      code: 'period-locked',
      field: 'date',
      message: `is dated ${longDate(entry.date)}, and ${organisation.name} is locked up to ${longDate(lockDate)}.`,
      why: 'Nothing may be posted on or before a lock date.',
      fix: 'Have an adviser move the lock date in Xero and run auxo-sync refresh, or give it a later date.',
    }),
  ]
}

/** Information only: what is of the future waits for its day (I3). */
function checkFutureDate({ thing, entry, context }: JournalView): Finding[] {
  if (entry.date <= context.today || parseDate(entry.date) === null) return []
  return [
    complainOfJournal(thing, {
      code: 'future-dated',
      severity: 'information',
      field: 'date',
      message: `is dated ${longDate(entry.date)} and waits until then.`,
      why: 'Journals are exported up to today.',
      fix: 'Nothing to do: it goes out on its day.',
    }),
  ]
}

/** Information only: what is before the cutover is never exported (M3). */
function checkBeforeCutover({ thing, entry, context }: JournalView): Finding[] {
  const cutover = context.books.settings.cutover_date
  if (cutover === 'none' || entry.date >= cutover) return []
  return [
    complainOfJournal(thing, {
      code: 'before-cutover',
      severity: 'information',
      field: 'date',
      message: `is dated ${longDate(entry.date)}, before the cutover of ${longDate(cutover)}, and is not exported.`,
      why: 'What is dated before the cutover is in Xero already or belongs to the old books.',
      fix: 'Nothing to do. If it should be exported, change cutover_date with auxo-sync settings.',
    }),
  ]
}

/** Lines of 0.00 move nothing and do not count: so a nil pay run is refused (J6). */
function checkLineCount({ thing, entry }: JournalView): Finding[] {
  if (entry.lines.length >= 2) return []
  return [
    complainOfJournal(thing, {
      code: 'journal-too-short',
      field: 'lines',
      message: entry.lines.length === 0 ? 'has no line with an amount.' : 'has only one line with an amount.',
      why: 'A journal in Xero needs two lines at least; lines of 0.00 are not sent.',
      fix: 'Complete the journal in the ledger. A pay run of nothing need not be exported: keep it a draft.',
    }),
  ]
}

function checkBalance({ thing, entry }: JournalView): Finding[] {
  // Nothing balances with one line, and amounts that are too large cannot be added up: those are said already.
  if (entry.lines.length < 2 || entry.lines.some(isTooLarge)) return []
  const difference = imbalanceOf(entry)
  if (difference === 0) return []
  const side = difference > 0 ? 'debits' : 'credits'
  return [
    complainOfJournal(thing, {
      code: 'journal-unbalanced',
      field: 'lines',
      message: `does not balance: its ${side} are ${formatCents(Math.abs(difference))} too high, tax included.`,
      why: 'In Xero debits and credits of a journal are equal to the cent, with tax.',
      fix: 'Correct the amounts or taxes of its lines in the ledger.',
    }),
  ]
}

function isTooLarge({ amount, tax }: { amount: number; tax: number }): boolean {
  return Math.max(Math.abs(amount), Math.abs(tax)) > lineAmountMax
}

function checkAmountSizes(view: JournalView): Finding[] {
  return view.entry.lines.filter(isTooLarge).map((line) =>
    complainOfEntryLine(view, line, {
      code: 'amount-too-large',
      field: 'amount',
      message: `has an amount above ${formatCents(cents(lineAmountMax))}.`,
      why: 'Xero takes no larger amounts.',
      fix: 'Correct the amounts in the ledger.',
    }),
  )
}

const narrationMax = 4000

function checkNarration({ thing, entry }: JournalView): Finding[] {
  const problem = textProblem(entry.narration, narrationMax, { mayHaveLines: true })
  if (!problem) return []
  const complaint: Complaint = {
    ...problem,
    field: 'narration',
    message: `has a narration that ${problem.message}.`,
  }
  return [complainOfJournal(thing, complaint)]
}

function checkJournalSize({ thing, entry }: JournalView): Finding[] {
  const bytes = journalSizeBound(entry)
  if (bytes <= requestBytesMax) return []
  return [
    complainOfJournal(thing, {
      code: 'document-too-large',
      message: `has ${entry.lines.length.toLocaleString('en')} lines and takes up to ${megabytes(bytes)}.`,
      why: 'A call to Xero carries 3.5 MB at most, and a journal cannot be cut in two.',
      fix: 'Shorten the descriptions or split the journal in the ledger; a pay run can be summed up (payroll_summary).',
    }),
  ]
}
