// What each problem of a reconciliation says and what is to be done about it, in a bookkeeper's words. Which of them a document has is
// judge-document.ts's business.

import { longDate, type PlainDate } from '../../accounting/calendar.ts'
import { formatCents } from '../../accounting/money.ts'
import type { ProblemCode, Verdict } from '../../accounting/reconciliation.ts'

type Problem = Extract<Verdict, { result: 'problem' }>

/** What a text speaks of. Amounts are cents of `currency`. */
export interface Particulars {
  /** "invoice" */
  name: string
  currency: string
  /** The ledger less Xero. */
  difference?: number
  /** Xero's number, date, total or currency, where that is what differs. */
  number?: string | null
  date?: PlainDate | null
  total?: number
  otherCurrency?: string
  /** What the last run said, a sentence; empty where it said nothing. */
  reason?: string
}

type Text = (of: Particulars) => string

const money = (amount = 0, currency: string) => `${formatCents(Math.abs(amount))} ${currency}`
const moreOrLess = (difference = 0) => (difference > 0 ? 'more' : 'less')
const withReason = (text: string, reason = '') => (reason === '' ? text : `${text} ${reason}`)
const day = (date: PlainDate | null | undefined) => (date ? longDate(date) : 'no date')

const texts: Record<ProblemCode, { text: Text; fix: string }> = {
  'missing-in-xero': {
    text: ({ name, reason }) =>
      withReason(`It was exported, and Xero has no such ${name} any more or on that date.`, reason),
    fix: 'Look for it in Xero by its number, and check that this is the organisation it was exported to.',
  },
  'missing-in-ledger': {
    text: ({ name }) => `It was exported, and the ledger has deleted the ${name}; it still counts in Xero.`,
    fix: 'Void it in Xero, or bring it back in the system that writes the ledger.',
  },
  'twice-in-xero': {
    text: ({ name }) => `Xero has another ${name} with our number or mark that the ledger did not make.`,
    fix: 'Open both in Xero and void the one that is too many.',
  },
  'linked-twice': {
    text: ({ name }) => `Two documents of the ledger stand for this one ${name} of Xero.`,
    fix: 'Say which of the two it is, and void the other in the ledger or send it again.',
  },
  'total-differs': {
    text: ({ difference, currency, reason }) =>
      withReason(
        `The total differs: the ledger has ${money(difference, currency)} ${moreOrLess(difference)} than Xero.`,
        reason,
      ),
    fix: 'See with auxo-sync show who changed it. Correct the side that is wrong.',
  },
  'currency-differs': {
    text: ({ currency, otherCurrency }) =>
      `It is in ${currency} in the ledger and in ${otherCurrency} in Xero.`,
    fix: 'Void it in Xero and enter it there in the right currency, or correct the ledger.',
  },
  'due-differs': {
    text: ({ difference, currency, reason }) =>
      withReason(
        `What is due differs: ${money(difference, currency)} ${moreOrLess(difference)} is due in the ledger than in Xero.`,
        reason,
      ),
    fix: 'Run auxo-sync pull and auxo-sync export first; then compare payments and credits with auxo-sync show.',
  },
  'voided-in-xero': {
    text: () => 'It was voided in Xero, and counts in the ledger.',
    fix: 'Void it in the ledger too, or enter it in Xero again.',
  },
  'deleted-in-xero': {
    text: () => 'It was deleted in Xero, and counts in the ledger.',
    fix: 'Void it in the ledger too, or enter it in Xero again.',
  },
  'voided-in-ledger': {
    text: ({ reason }) => withReason('It is void in the ledger, and still counts in Xero.', reason),
    fix: 'Run auxo-sync export, which voids it in Xero. Where a payment stands on it, remove that in Xero first.',
  },
  'draft-in-ledger': {
    text: () => 'It is a draft in the ledger again, and was exported before.',
    fix: 'Send it again in the ledger, or void it there.',
  },
  'not-approved': {
    text: () => 'It was sent as approved, and is a draft in Xero now: it does not count there.',
    fix: 'Approve it in Xero.',
  },
  'date-differs': {
    text: ({ date }) => `It is in another month in Xero: dated ${day(date)} there.`,
    fix: 'Correct the date on the side that is wrong.',
  },
  'number-differs': {
    text: ({ number }) => `It has another number in Xero: ${number ?? 'none'}.`,
    fix: 'Give it its own number again in Xero.',
  },
  'number-in-use': {
    text: ({ total, currency, reason }) =>
      withReason(
        `Xero has this number under another total, ${money(total, currency)}, and it is not linked to the ledger.`,
        reason,
      ),
    fix: 'Compare the two. Give one of them another number, or correct the total.',
  },
  'number-duplicate': {
    text: ({ reason }) => withReason('Another document of the ledger has the same number.', reason),
    fix: 'Give one of them another number, and run auxo-sync export.',
  },
  'not-linked': {
    text: ({ reason }) =>
      withReason('Xero has it under the same number and total, but the ledger is not linked to it.', reason),
    fix: 'If it was entered by hand there, say so with auxo-sync mark-exported; do not send it again.',
  },
  'other-organisation': {
    text: () => 'It was exported to another organisation than the one that is connected now.',
    fix: 'Connect the entity to the organisation that its documents went to.',
  },
  uncertain: {
    text: () => 'Nobody knows yet whether Xero has it: the answer was lost.',
    fix: 'Run auxo-sync export, which asks Xero. If that does not settle it, auxo-sync settle does.',
  },
  failed: {
    text: ({ reason }) => withReason('It was refused and is not in Xero.', reason),
    fix: 'auxo-sync validate says what is to be mended; then run auxo-sync export.',
  },
  waits: {
    text: ({ reason }) => withReason('It waits for something else and is not in Xero.', reason),
    fix: 'Mend what it waits for; then run auxo-sync export.',
  },
  held: {
    text: ({ reason }) => withReason('It was not sent.', reason),
    fix: 'Let it go with auxo-sync release when it may.',
  },
  'mock-exported': {
    text: () => 'It was marked as exported without being sent, and is not linked to one in Xero.',
    fix: 'Say with auxo-sync mark-exported which one in Xero it is; or auxo-sync reset, if Xero has none.',
  },
  'not-sent': {
    text: ({ reason }) => withReason('It was not sent yet.', reason),
    fix: 'Run auxo-sync export.',
  },
}

export function problem(code: ProblemCode, of: Particulars): Problem {
  const { text, fix } = texts[code]
  return { result: 'problem', code, text: text(of), fix }
}
