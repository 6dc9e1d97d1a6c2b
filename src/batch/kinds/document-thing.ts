// What every call about a document has in common, whether it creates, updates or voids: where its form goes, and the facts that are
// written down with it. Creations are document-load.ts, changes document-change.ts.

import type { LedgerDocument } from '../../accounting/documents.ts'
import type { WaitingThing } from '../../ledger/waiting.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import type { SentDocumentFacts } from '../../mapping/document.ts'
import type { SentForm } from '../../mapping/document-form.ts'
import { documentHash } from '../../mapping/facts.ts'
import type { ChannelName } from '../channels/channel.ts'
import type { LoadedThing } from '../kind-row.ts'

/** Where each form goes. PUT creates only: a POST by number would edit whatever holds the number (§3.1). */
export const formRoutes: Record<SentForm, { channel: ChannelName; path: string }> = {
  sales_invoice: { channel: 'sales_invoices', path: '/Invoices?summarizeErrors=false&unitdp=4' },
  bill: { channel: 'bills', path: '/Invoices?summarizeErrors=false&unitdp=4' },
  order_as_bill: { channel: 'bills', path: '/Invoices?summarizeErrors=false&unitdp=4' },
  sales_credit: { channel: 'sales_credits', path: '/CreditNotes?summarizeErrors=false&unitdp=4' },
  supplier_credit: { channel: 'supplier_credits', path: '/CreditNotes?summarizeErrors=false&unitdp=4' },
  purchase_order: { channel: 'purchase_orders', path: '/PurchaseOrders?summarizeErrors=false' },
}

/** A document that is as it was checked, with where it stands and who it is for. */
export interface ReadyDocument {
  document: LedgerDocument
  thing: WaitingThing
  xeroContactId: string
  number: string | null
}

/** What a document's creation and its update have in common. */
export function sentThing(
  document: LedgerDocument,
  thing: WaitingThing,
  facts: SentDocumentFacts,
): Omit<LoadedThing, 'operation' | 'method' | 'payload'> {
  const { channel, path } = formRoutes[facts.form]
  const number = document.number.trim() || facts.number || document.id
  const subject = { kind: document.kind, id: document.id, number }
  return {
    sourceId: document.id,
    label: number,
    revision: thing.revision,
    factsHash: documentHash(document),
    facts: JSON.stringify(facts),
    channel,
    path,
    key: facts.number,
    name: null,
    compare: (element) => answerDifferences(element, facts, subject),
  }
}
