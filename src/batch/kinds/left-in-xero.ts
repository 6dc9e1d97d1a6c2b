// What the rules are told of how documents stand in Xero: those that were exported before, as they were last left there, and whether
// somebody else's document has the number of one.

import { xeroNumberOf } from '../../accounting/books.ts'
import type { LedgerDocument, MirrorContact } from '../../accounting/documents.ts'
import type { Cents } from '../../accounting/money.ts'
import { findMirrorContacts } from '../../ledger/mirror-contacts.ts'
import type { NumberedInXero } from '../../ledger/numbers-in-xero.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import { readDocumentFacts } from '../../mapping/document.ts'
import { type DocumentForm, formOf } from '../../mapping/document-form.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import type { LeftInXero } from '../../validation/context.ts'
import type { CheckScope } from '../scope.ts'

/** By id, those of these things that Xero has as documents. */
export async function readLeftInXero(
  { ledger, tenantId }: Pick<CheckScope, 'ledger' | 'tenantId'>,
  waiting: ReadonlyMap<string, WaitingThing>,
): Promise<Map<string, LeftInXero>> {
  const sent = [...waiting].flatMap(([id, { facts, xeroStatus }]) =>
    facts === null || isSentAsJournal(facts) ? [] : [{ id, facts: readDocumentFacts(facts), xeroStatus }],
  )
  if (sent.length === 0 || tenantId === null) return new Map()
  const ids = [...new Set(sent.map(({ facts }) => facts.contactId))]
  const contacts = new Map(
    (await findMirrorContacts(ledger, tenantId, { ids })).map((one): [string, MirrorContact] => [
      one.contactId,
      one,
    ]),
  )
  return new Map(
    sent.map(({ id, facts, xeroStatus }) => [
      id,
      {
        date: facts.date,
        isDraft: (xeroStatus ?? facts.status) === 'DRAFT',
        contact: contacts.get(facts.contactId) ?? null,
      },
    ]),
  )
}

/** Forms of which Xero takes each number once, and tells of them in a feed. */
const numbered: Partial<Record<DocumentForm, NumberedInXero>> = {
  sales_invoice: 'sales_invoice',
  sales_credit: 'sales_credit',
}

/** By id, the totals of what else stands in Xero under the numbers of these documents. */
export async function readNumberTaken(
  scope: CheckScope,
  documents: readonly LedgerDocument[],
): Promise<Map<string, readonly Cents[]>> {
  const taken = new Map<string, readonly Cents[]>()
  for (const document of documents) {
    const form = numbered[formOf(document, scope.books)]
    if (form === undefined || document.number.trim() === '') continue
    const totals = (await scope.numbersInXero(form)).get(
      asciiUpper(xeroNumberOf(document.number, scope.books)),
    )
    if (totals) taken.set(document.id, totals)
  }
  return taken
}

/** As SQLite's UPPER: only A to Z. */
export function asciiUpper(text: string): string {
  return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase())
}
