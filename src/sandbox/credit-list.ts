// Lists of credit notes, prepayments and overpayments, and one by its id: the same for all three.

import { answerWith, type Call } from './call.ts'
import { type Credit, remainingCredit } from './credit-record.ts'
import { showCredit } from './credit-view.ts'
import { msOfDate } from './dates.ts'
import { paged, pageQuery, select } from './listing.ts'
import type { Organisation } from './organisation.ts'
import type { Reply } from './reply.ts'
import type { Table } from './table.ts'
import type { FilterFields } from './where.ts'

function fieldsOf(organisation: Organisation, kind: Credit['kind']): FilterFields<Credit> {
  const contact = (credit: Credit) => organisation.contacts.get(credit.contactId)
  const number = (credit: Credit) => (credit.kind === 'CreditNote' ? credit.number : credit.reference)
  return {
    [`${kind}ID`]: { type: 'guid', read: (credit) => credit.id },
    [kind === 'CreditNote' ? 'CreditNoteNumber' : 'InvoiceNumber']: { type: 'text', read: number },
    Reference: { type: 'text', read: (credit) => credit.reference },
    Type: { type: 'text', read: (credit) => credit.type },
    Status: { type: 'text', read: (credit) => credit.status },
    CurrencyCode: { type: 'text', read: (credit) => credit.currencyCode },
    Date: { type: 'date', read: (credit) => msOfDate(credit.date) },
    UpdatedDateUTC: { type: 'date', read: (credit) => credit.updatedAt },
    Total: { type: 'number', read: (credit) => credit.total / 100 },
    RemainingCredit: { type: 'number', read: (credit) => remainingCredit(credit) / 100 },
    'Contact.ContactID': { type: 'guid', read: (credit) => credit.contactId },
    'Contact.Name': { type: 'text', read: (credit) => contact(credit)?.name ?? null },
    'Contact.ContactNumber': { type: 'text', read: (credit) => contact(credit)?.number ?? null },
  }
}

/** Without paging rows have no lines, as invoices (§2.3). */
export function listCredits<T extends Credit>(
  call: Call,
  kind: T['kind'],
  table: Table<T>,
  keep?: (credit: T) => boolean,
): Reply {
  const key = `${kind}s`
  const found = select(call, table, fieldsOf(call.organisation, kind), keep)
  if (!pageQuery.some((name) => call.query.has(name)))
    return answerWith(
      call,
      key,
      found.map((credit) => showCredit(call, credit, 'unpaged')),
    )
  const { rows, page } = paged(call, found)
  return answerWith(
    call,
    key,
    rows.map((credit) => showCredit(call, credit, 'listed')),
    page,
  )
}
