// What each record of an organisation posts to its accounts, in cents of the base currency, debits above zero: the rules
// behind the trial balance and the journals. Drafts, orders and whatever is voided or deleted post nothing.

import { toBase } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import { type Credit, sideOfCredit } from './credit-record.ts'
import type { Invoice } from './invoice-record.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import type { Organisation } from './organisation.ts'
import {
  accountOf,
  controlOf,
  type Document,
  type PostedRecord,
  type Posting,
  parts,
  plain,
  record,
  sideOf,
  systemAccount,
} from './posting-record.ts'
import { settlementRecords, sourceOfTransaction } from './settlement-postings.ts'

/** Of everything that the organisation has. */
export function postings(organisation: Organisation): Posting[] {
  return postedRecords(organisation).flatMap((record) => record.postings)
}

/** Everything that the organisation has and that posts something. */
export function postedRecords(organisation: Organisation): PostedRecord[] {
  const invoices = organisation.invoices.all().filter(({ status }) => isPosted(status))
  const credits = liveCredits(organisation)
  return [
    ...invoices.map((invoice) =>
      record(invoice, invoice.type, invoice.reference, invoicePostings(organisation, invoice)),
    ),
    ...credits.flatMap((note) =>
      note.kind === 'CreditNote'
        ? record(note, note.type, note.reference, creditNotePostings(organisation, note))
        : [],
    ),
    ...organisation.bankTransactions
      .all()
      .filter(({ status }) => status === 'AUTHORISED')
      .map((transaction) =>
        record(
          transaction,
          sourceOfTransaction[transaction.type],
          transaction.reference,
          bankPostings(organisation, transaction),
        ),
      ),
    ...organisation.manualJournals
      .all()
      .filter(({ status }) => status === 'POSTED')
      .map((journal) =>
        record(journal, 'MANJOURNAL', journal.narration, journalPostings(organisation, journal)),
      ),
    ...settlementRecords(organisation, credits),
  ]
}

const isPosted = (status: string) => status === 'AUTHORISED' || status === 'PAID'

function liveCredits(organisation: Organisation): Credit[] {
  const { creditNotes, prepayments, overpayments } = organisation
  const all: Credit[] = [...creditNotes.all(), ...prepayments.all(), ...overpayments.all()]
  return all.filter(({ status }) => isPosted(status))
}

/** The parts on one side and the total on the other; `sign` is that of the parts. */
function balanced(organisation: Organisation, document: Document, account: Account, sign: 1 | -1): Posting[] {
  const total = toBase(document.total, document.currencyRate)
  const signed = parts(organisation, document).map((part) => ({
    ...part,
    cents: sign * part.cents,
    taxCents: sign * part.taxCents,
  }))
  return [...signed, plain(account, -sign * total)]
}

function invoicePostings(organisation: Organisation, invoice: Invoice): Posting[] {
  const side = sideOf(invoice)
  return balanced(organisation, invoice, controlOf(organisation, side), side === 'sales' ? -1 : 1)
}

function creditNotePostings(organisation: Organisation, note: Credit): Posting[] {
  const side = sideOfCredit(note)
  return balanced(organisation, note, controlOf(organisation, side), side === 'sales' ? 1 : -1)
}

/** An overpayment's line names receivables or payables itself; a prepayment's stays on its account until it is used. */
function bankPostings(organisation: Organisation, transaction: BankTransaction): Posting[] {
  const bank = accountOf(organisation, transaction.bankAccountId)
  return balanced(organisation, transaction, bank, transaction.type.startsWith('RECEIVE') ? -1 : 1)
}

function journalPostings(organisation: Organisation, journal: ManualJournal): Posting[] {
  const tax = journal.lines.reduce((sum, { taxAmount }) => sum + taxAmount, 0)
  const lines = journal.lines.flatMap(
    ({ accountId, lineAmount, taxAmount, taxType, tracking }): Posting[] => {
      if (accountId === null) return []
      const net = journal.lineAmountTypes === 'Inclusive' ? lineAmount - taxAmount : lineAmount
      return [{ accountId, tracking, cents: net, taxType, taxCents: taxAmount }]
    },
  )
  return tax === 0 ? lines : [...lines, plain(systemAccount(organisation, 'GST'), tax)]
}
