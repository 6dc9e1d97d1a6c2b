// `mark-exported` (M5): a person says that a document, or a payment on one, is in Xero already, entered there by hand. Xero is asked
// before it is believed; what does not agree is told, and nothing is changed.

import { currencyOf, xeroNumberOf } from '../../accounting/books.ts'
import type { LedgerDocument } from '../../accounting/documents.ts'
import { isDocumentKind, kindNames } from '../../accounting/kinds.ts'
import { formatCents } from '../../accounting/money.ts'
import { AuxoError } from '../../errors.ts'
import { readDocuments } from '../../ledger/documents.ts'
import { readStandingThings, type ThingName } from '../../ledger/holds.ts'
import { recordLinks } from '../../ledger/links.ts'
import { type EnteredThing, recordEntered } from '../../ledger/marked-exported.ts'
import { findTakenXeroIds } from '../../ledger/things.ts'
import { readWaiting } from '../../ledger/waiting.ts'
import { formOf, isSentForm, type SentForm } from '../../mapping/document-form.ts'
import { documentHash } from '../../mapping/facts.ts'
import { factsOfFound, wireTypes } from '../../mapping/found-document.ts'
import type { FeedCredit, FoundCreditNote, FoundDocument, FoundInvoice } from '../../xero/found.ts'
import type { RunContext } from '../context.ts'
import { enteredPayment } from './entered-payment.ts'
import { storeLinked } from './store-linked.ts'
import { contactsInXero, isLive } from './twins.ts'

/** AuxoError `needs-person` where it cannot be so, with every difference; nothing is changed then. */
export async function markExported(
  context: RunContext,
  thing: ThingName & { label: string },
  request: { xeroId: string; who: string },
): Promise<void> {
  const { ledger, lease, runId } = context
  await refuseByState(context, thing)
  await refuseTaken(context, thing, request.xeroId)
  const entered = isDocumentKind(thing.kind)
    ? await enteredDocument(context, thing, request.xeroId)
    : await enteredPayment(context, thing, request.xeroId)
  const by = { tenantId: lease.tenantId, run: runId, who: request.who }
  if (!(await recordEntered(ledger, entered, by)))
    throw new AuxoError(
      'needs-person',
      `${thing.label} was changed meanwhile. Nothing was marked. Run this again.`,
    )
}

async function refuseByState({ ledger }: RunContext, thing: ThingName & { label: string }): Promise<void> {
  const [standing] = await readStandingThings(ledger, [thing])
  if (standing?.state === 'exported')
    throw new AuxoError(
      'needs-person',
      `${thing.label} is exported already, as ${standing.xeroId}. Nothing was changed.`,
    )
  if (standing?.state === 'sending' || standing?.state === 'uncertain')
    throw new AuxoError(
      'needs-person',
      `${thing.label} was sent, and whether Xero has it is not known yet. Nothing was changed. Run auxo-sync export, or: auxo-sync settle ${thing.label} --xero-id ID`,
    )
}

/** One of Xero's is one of ours. */
async function refuseTaken({ ledger }: RunContext, thing: ThingName, xeroId: string): Promise<void> {
  const [standing] = await readStandingThings(ledger, [thing])
  if (standing?.xeroId === xeroId) return
  if ((await findTakenXeroIds(ledger, [xeroId])).size > 0)
    throw new AuxoError(
      'needs-person',
      `${xeroId} belongs to another document of the ledger already. Nothing was changed.`,
    )
}

async function enteredDocument(
  context: RunContext,
  thing: ThingName & { label: string },
  xeroId: string,
): Promise<EnteredThing> {
  const { ledger, books } = context
  // The state first: an edit that comes in between shows as a newer revision.
  const waiting = await readWaiting(ledger, { entity: thing.entity, kind: thing.kind, ids: [thing.id] })
  const document = (await readDocuments(ledger, [thing.id])).get(thing.id)
  const revision = waiting.get(thing.id)?.revision
  const form = document ? formOf(document, books) : 'none'
  if (!document || revision === undefined || document.status !== 'sent' || !isSentForm(form))
    throw new AuxoError(
      'needs-person',
      `${thing.label} ${document?.status === 'sent' ? 'does not go to Xero as a document' : `is ${document?.status ?? 'not in the ledger'}`}. Nothing was changed.`,
    )
  const found = await findInXero(context, form, xeroId)
  if (!found)
    throw new AuxoError(
      'needs-person',
      `Xero has no ${kindNames[document.kind].one} with the id ${xeroId}. Nothing was changed. The id stands in the address of its page in Xero.`,
    )
  const contacts = await contactsInXero(context, document.contact === null ? [] : [document.contact])
  const contactId = contacts.get(document.contact ?? '') ?? null
  const differences = differencesOf(document, form, found, contactId, context)
  if (differences.length > 0)
    throw new AuxoError('needs-person', `${thing.label} is not as it is in Xero. Nothing was changed.`, {
      details: differences,
    })
  await linkContact(context, document, found)
  await storeFound(context, found)
  const { xeroId: id, number, status } = found
  const facts = factsOfFound(form, found, document.date)
  const inXero = { xeroId: id, xeroNumber: number, xeroStatus: status, facts }
  return { ...thing, revision, factsHash: documentHash(document), ...inXero }
}

type FoundAny = FoundDocument & { type?: string }

function findInXero({ gateway }: RunContext, form: SentForm, xeroId: string): Promise<FoundAny | null> {
  if (form === 'purchase_order') return gateway.purchaseOrderById(xeroId)
  return form === 'sales_credit' || form === 'supplier_credit'
    ? gateway.creditNoteById(xeroId)
    : gateway.invoiceById(xeroId)
}

/** Type, status, number, contact, currency and total. */
function differencesOf(
  document: LedgerDocument,
  form: SentForm,
  found: FoundAny,
  contactId: string | null,
  { books }: RunContext,
): string[] {
  const name = kindNames[document.kind].one
  const number = document.number.trim() === '' ? '' : xeroNumberOf(document.number.trim(), books)
  const currency = currencyOf(document, books)
  const total = Math.abs(document.total)
  const type = wireTypes[form]
  const isPurchase = form === 'bill' || form === 'supplier_credit' || form === 'order_as_bill'
  const differences: string[] = []
  if (type !== null && found.type !== type)
    differences.push(`type: it is no ${name} in Xero, but ${found.type}`)
  if (!isLive(found.status) && !(form === 'purchase_order' && found.status === 'BILLED'))
    differences.push(`status: it is ${found.status.toLowerCase()} in Xero, and not approved`)
  if (found.number?.trim().toLowerCase() !== number.toLowerCase() && !(isPurchase && !found.number))
    differences.push(`number: ${number || 'none'} in the ledger, ${found.number || 'none'} in Xero`)
  if (contactId === null)
    differences.push(
      `contact: ${document.contact ?? 'none'} is not linked with a contact of Xero. If it is the one of that document: auxo-sync contacts link ${document.contact ?? 'CODE'} ${found.contactId}`,
    )
  else if (found.contactId !== contactId)
    differences.push(
      `contact: it is another’s in Xero (${found.contactId}), and not that of ${document.contact}`,
    )
  if (found.currency !== currency)
    differences.push(`currency: ${currency} in the ledger, ${found.currency} in Xero`)
  if (found.total !== total)
    differences.push(`total: ${formatCents(total)} in the ledger, ${formatCents(found.total)} in Xero`)
  return differences
}

/** Later edits go to that contact's document. */
async function linkContact(
  { ledger, lease, runId }: RunContext,
  { contact }: LedgerDocument,
  found: FoundAny,
): Promise<void> {
  if (contact === null) return
  const how = { madeBy: 'match', who: 'auxo-sync', run: runId } as const
  await recordLinks(ledger, lease.tenantId, [{ contact, xeroContactId: found.contactId }], how)
}

/** What is on it in Xero comes back with the next pull. */
async function storeFound(context: RunContext, found: FoundAny): Promise<void> {
  if (!isMoneyDocument(found)) return
  const kinds = 'credits' in found ? found.credits : [{ kind: 'credit_note' as const, xeroId: found.xeroId }]
  const credits: FeedCredit[] = []
  for (const { kind, xeroId } of kinds) {
    const credit = await context.gateway.creditById(kind, xeroId)
    if (credit) credits.push(credit)
  }
  await storeLinked(context, [found], credits)
}

function isMoneyDocument(found: FoundAny): found is FoundInvoice | FoundCreditNote {
  return 'payments' in found
}
