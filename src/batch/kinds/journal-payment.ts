// Journals of the ledger that are themselves the payment of a document (P2): read as the payments that they are, so that they are
// judged and sent by the rules of payments (payment.ts).

import type { Books } from '../../accounting/books.ts'
import type { LedgerJournal } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { readDocuments } from '../../ledger/documents.ts'
import type { Ledger } from '../../ledger/open.ts'
import { journalHash } from '../../mapping/facts.ts'
import { journalRoleOf, paymentOfJournal } from '../../mapping/journal-of-ledger.ts'
import type { PaymentLike } from './payment-like.ts'

/** Payments by the ids of their journals; null where the document is foreign and has no rate. Other journals are left out. */
export async function readJournalPayments(
  ledger: Ledger,
  books: Books,
  journals: readonly LedgerJournal[],
): Promise<Map<string, PaymentLike | null>> {
  const asked = journals.flatMap((journal) => {
    const role = journalRoleOf(journal)
    return role.form === 'payment' && role.debits.length === 1 ? [{ journal, role }] : []
  })
  if (asked.length === 0) return new Map()
  const documents = await readDocuments(
    ledger,
    asked.map(({ role }) => role.document),
  )
  return new Map(
    asked.map(({ journal, role }) => {
      const { document: id, debits } = role
      // What is not in the ledger is what the rules of payments say first.
      const document = documents.get(id) ?? { id, contact: null, currency: null, exchangeRate: null }
      const payment = paymentOfJournal(journal, debits, document, books)
      return [journal.id, payment && likeOf(journal, payment)]
    }),
  )
}

function likeOf(journal: LedgerJournal, payment: PaymentLike['payment']): PaymentLike {
  const [allocation = null] = payment.allocations
  return { kind: 'journal', id: journal.id, payment, allocation, factsHash: journalHash(journal) }
}

/** It is in base currency, and nobody says what that is of the document. */
export function rateMissing({ id, document }: LedgerJournal): Finding {
  return {
    kind: 'journal',
    id,
    number: id,
    code: 'rate-missing',
    severity: 'error',
    field: 'document',
    message: `Journal ${id} pays document ${document}, which is in a foreign currency and has no exchange rate.`,
    why: 'Journals are in the organisation’s currency: what one pays of a foreign document goes by the rate of that.',
    fix: 'Give the document its exchange rate in the ledger.',
    xeroMessages: [],
  }
}
