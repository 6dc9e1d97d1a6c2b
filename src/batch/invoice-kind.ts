// The row of sales invoices in the table of kinds. What an invoice looks like in Xero is mapping/invoice.ts.

import type { Finding } from '../accounting/findings.ts'
import { readDocuments } from '../ledger/documents.ts'
import { findLinks } from '../ledger/links.ts'
import { type CheckedThing, isSendable, readWaiting } from '../ledger/things.ts'
import { answerDifferences } from '../mapping/answer-differences.ts'
import { documentHash } from '../mapping/facts.ts'
import { type InvoiceFacts, mapInvoice } from '../mapping/invoice.ts'
import type { FoundInvoice } from '../xero/gateway.ts'
import type { Found, KindRow, LoadedThing, Recognition } from './kind-row.ts'

export const invoiceKind: KindRow = {
  kind: 'invoice',
  list: 'Invoices',
  create: { method: 'PUT', path: '/Invoices?summarizeErrors=false&unitdp=4' },
  isUniqueInXero: true,

  async load(context, planned) {
    const { ledger, books, lease } = context
    const ids = planned.map((thing) => thing.id)
    // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
    const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'invoice', ids })
    const documents = await readDocuments(ledger, ids)
    const contacts = [...documents.values()].flatMap((document) => document.contact ?? [])
    const links = await findLinks(ledger, lease.tenantId, contacts)
    const things: LoadedThing[] = []
    const skipped: CheckedThing[] = []
    for (const { id, revision } of planned) {
      const document = documents.get(id)
      const state = waiting.get(id)
      if (!document || state?.revision !== revision || !isSendable(state.state)) continue
      if (document.status !== 'sent') continue
      const link = links.get(document.contact ?? '')
      if (!link) {
        skipped.push(contactNotThere(id, document.number, document.contact ?? ''))
        continue
      }
      const { model, facts } = mapInvoice(document, { books, xeroContactId: link.xeroContactId })
      const subject = { kind: 'invoice' as const, id, number: document.number }
      things.push({
        sourceId: id,
        label: document.number,
        revision,
        factsHash: documentHash(document),
        facts: JSON.stringify(facts),
        key: facts.number,
        name: null,
        model,
        compare: (element) => answerDifferences(element, facts, subject),
      })
    }
    return { things, skipped }
  },

  async lookUp(gateway, since) {
    const { rows, serverTime } = await gateway.invoicesSince(since)
    return { found: rows.map(foundInvoice), serverTime }
  },

  async lookUpKeys(gateway, facts) {
    const { rows, serverTime } = await gateway.invoicesByNumber(facts.map((one) => factsOf(one).number))
    return { found: rows.map(foundInvoice), serverTime }
  },

  recognise(facts, found) {
    return recogniseInvoice(factsOf(facts), found.row as FoundInvoice) // made by foundInvoice
  },

  labelOf: (facts) => factsOf(facts).number,
}

function factsOf(facts: string): InvoiceFacts {
  return JSON.parse(facts) as InvoiceFacts // written by load
}

function foundInvoice(row: FoundInvoice): Found {
  return { xeroId: row.xeroId, number: row.number, status: row.status, row }
}

/**
 * Sales numbers are unique in Xero, so a sales invoice of our number that agrees in contact, date, currency and total
 * is ours. One that was voided or deleted since still is.
 */
export function recogniseInvoice(facts: InvoiceFacts, row: FoundInvoice): Recognition {
  if (row.type !== facts.type || row.number?.toUpperCase() !== facts.number.toUpperCase()) return 'other'
  const agrees =
    row.number === facts.number &&
    row.contactId === facts.contactId &&
    row.date === facts.date &&
    row.currency === facts.currency &&
    row.total === facts.totalCents
  return agrees ? 'ours' : 'look-alike'
}

/** The contact was refused or its outcome is not known: the invoice is taken up next time (E4). */
function contactNotThere(id: string, number: string, contact: string): CheckedThing {
  const finding: Finding = {
    kind: 'invoice',
    id,
    number,
    code: 'parent-not-exported',
    severity: 'error',
    field: 'contact',
    message: `Invoice ${number} was not sent, because its contact ${contact} is not in Xero yet.`,
    why: 'An invoice can only be sent once its contact is in Xero.',
    fix: `See why the contact was not created (auxo-sync status), mend that and export again: the invoice goes along by itself.`,
    xeroMessages: [],
  }
  return { id, verdict: 'skipped', reason: `contact ${contact} is not in Xero yet`, findings: [finding] }
}
