// Judges a page of documents: gathers what the rules ask about (contacts, numbers, orders), and decides what is to be done with each:
// create, update, void, nothing. The rules themselves are validation/.

import { currencyOf, xeroNumberOf } from '../../accounting/books.ts'
import type { LedgerDocument } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { type DocumentKind, isDocumentKind, kindNames } from '../../accounting/kinds.ts'
import { readDocuments } from '../../ledger/documents.ts'
import { findOrderFacts, type OrderFacts } from '../../ledger/orders.ts'
import { findSharedNumbers } from '../../ledger/shared-numbers.ts'
import { type CheckedThing, findFormerKinds } from '../../ledger/things.ts'
import { readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { readDocumentFacts } from '../../mapping/document.ts'
import { type DocumentForm, formOf } from '../../mapping/document-form.ts'
import { documentHash } from '../../mapping/facts.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { documentSizeBound } from '../../mapping/size.ts'
import type { DocumentContext, ExportedBefore } from '../../validation/context.ts'
import { checkDocument, checkVoid } from '../../validation/rules.ts'
import { noVerdicts, type PageVerdicts } from '../kind-row.ts'
import { type CheckScope, type ContactStanding, someOthers } from '../scope.ts'
import { countDocumentJournal } from './document-journal.ts'
import { asciiUpper, readLeftInXero, readNumberTaken } from './left-in-xero.ts'

/** A document with all that is known of it. */
interface Judged {
  document: LedgerDocument
  thing: WaitingThing
  standing: ContactStanding | undefined
  verdict: CheckedThing
}

export async function checkDocumentPage(
  scope: CheckScope,
  kind: DocumentKind,
  ids: readonly string[],
): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const owner = { entity: books.entity.code, kind }
  const waiting = await readWaiting(ledger, { ...owner, ids })
  const documents = await readDocuments(ledger, ids)
  const all = [...documents.values()]
  const standings = await scope.standings(all.flatMap((document) => document.contact ?? []))
  const shared = await sharedNumbers(scope, kind, all)
  const taken = await readNumberTaken(scope, all)
  const left = await readLeftInXero(scope, waiting)
  const former = await findFormerKinds(ledger, { ...owner, ids })
  const orders = await findOrderFacts(ledger, all)
  const page = noVerdicts()
  for (const id of ids) {
    const document = documents.get(id)
    const thing = waiting.get(id)
    if (!document || !thing) continue
    if (thing.state === 'exported' && isAsSent(document, thing)) {
      page.unchanged.push({ id, revision: thing.revision })
      continue
    }
    const form = formSent(thing) ?? formOf(document, books)
    const standing =
      document.contact === null || form === 'journal' ? undefined : standings.get(document.contact)
    const context: DocumentContext = {
      books,
      today: scope.today,
      contact: standing?.contact ?? null,
      contactLink: standing?.link ?? null,
      numberSharedBy: shared.get(id) ?? [],
      numberTakenInXero: taken.get(id) ?? [],
      duplicatesOfName: standing?.duplicatesOfName ?? [],
      exportedBefore: exportedBefore(kind, thing, former.get(id)),
      leftInXero: left.get(id) ?? null,
      ...orderContext(document, orders),
    }
    const judged =
      thing.state === 'exported' && document.status !== 'sent'
        ? withdrawn(document, context)
        : checkDocument(document, context)
    const findings = thing.state === 'exported' ? judged.flatMap((one) => movedBack(one) ?? []) : judged
    if (form === 'journal') countDocumentJournal(scope, page, { document, thing }, findings)
    else count(scope, page, { document, thing, standing, verdict: judge(document, findings, standing) })
  }
  return page
}

/** Before the cutover are the opening balances: what is in Xero must not be moved into them (M3). */
function movedBack(finding: Finding): Finding | null {
  if (finding.code === 'future-dated') return null
  if (finding.code !== 'before-cutover') return finding
  return {
    ...finding,
    code: 'edited-after-export',
    severity: 'error',
    message: `${finding.number} was moved to a day before the cutover after it was exported. Nothing was sent.`,
    why: 'What is dated before the cutover is in the opening balances of Xero.',
    fix: 'Give it its day back in the ledger.',
  }
}

/** As it was sent, or ended in Xero by us as it is in the ledger. */
function isAsSent(document: LedgerDocument, thing: WaitingThing): boolean {
  const isEnded = thing.xeroStatus === 'VOIDED' || thing.xeroStatus === 'DELETED'
  return thing.sentFactsHash === documentHash(document) || (isEnded && document.status === 'void')
}

/** Void in the ledger is voided in Xero, where it can be; a draft again is nothing that Xero could follow. */
function withdrawn(document: LedgerDocument, context: DocumentContext): Finding[] {
  if (document.status === 'void') return checkVoid(document, context)
  const name = kindNames[document.kind].one
  return [
    {
      kind: document.kind,
      id: document.id,
      number: document.number,
      code: 'edited-after-export',
      severity: 'error',
      field: 'status',
      message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${document.number} was made a draft again after it was exported.`,
      why: 'Xero cannot turn an approved document into a draft, so nothing was sent.',
      fix: 'Void it in the ledger if it should not exist, or finish it: the change then goes to Xero.',
      xeroMessages: [],
    },
  ]
}

function orderContext(document: LedgerDocument, orders: OrderFacts) {
  const order = document.sourceDocument === null ? null : (orders.orders.get(document.sourceDocument) ?? null)
  return {
    order,
    otherCredits:
      order === null
        ? []
        : (orders.credits.get(order.id) ?? []).filter((credit) => goesBefore(credit, document, orders)),
    orderIsBilled: orders.billed.has(document.id),
    orderWasPosted: order !== null && orders.posted.has(order.id),
  }
}

/** What Xero has of an order comes first, then one credit after the other: only the one that is too much is refused (V2). */
function goesBefore(credit: LedgerDocument, document: LedgerDocument, orders: OrderFacts): boolean {
  if (credit.id === document.id) return false
  const place = ({ date, id }: LedgerDocument) => `${orders.sentCredits.has(id) ? 0 : 1} ${date} ${id}`
  return place(credit) < place(document)
}

/** A contact that cannot be created holds its documents back; their own errors come first. */
function judge(
  document: LedgerDocument,
  findings: Finding[],
  standing: ContactStanding | undefined,
): CheckedThing {
  const error = findings.find((finding) => finding.severity === 'error')
  if (error) return { id: document.id, verdict: 'failed', reason: error.message, findings }
  const against = standing?.findings.find((finding) => finding.severity === 'error')
  if (!against) return { id: document.id, verdict: null, reason: null, findings }
  const held: Finding = {
    ...against,
    kind: document.kind,
    id: document.id,
    number: document.number,
    field: 'contact',
  }
  return { id: document.id, verdict: 'failed', reason: against.message, findings: [...findings, held] }
}

function count(scope: CheckScope, page: PageVerdicts, judged: Judged): void {
  const { document, thing, verdict, standing } = judged
  page.checked.push(verdict)
  const isNew = thing.state !== 'exported'
  const waits = isNew && verdict.findings.some((finding) => waitsFor.has(finding.code))
  if (verdict.verdict !== null || waits) return
  const form = formOf(document, scope.books)
  if (isNew && (form === 'none' || verdict.findings.some((finding) => finding.code === 'order-billed'))) {
    page.idle.push({ id: document.id, revision: thing.revision })
    return
  }
  page.sendable.push({
    id: document.id,
    revision: thing.revision,
    operation: isNew ? 'create' : document.status === 'void' ? 'void' : 'update',
    group: isNew ? form : (formSent(thing) ?? form),
    bytes: documentSizeBound(document, scope.books),
    money: { currency: currencyOf(document, scope.books), amount: document.total },
  })
  for (const { item } of document.lines) if (item) scope.neededItems.add(item)
  if (standing && standing.link?.state !== 'linked') scope.neededContacts.set(standing.contact.code, standing)
}

/** Said as information, and a reason for a new document to wait. */
const waitsFor: ReadonlySet<string> = new Set(['future-dated', 'before-cutover'])

/** What it is in Xero, which it stays; null where nothing was sent. */
function formSent({ facts }: WaitingThing): DocumentForm | null {
  if (facts === null) return null
  return isSentAsJournal(facts) ? 'journal' : readDocumentFacts(facts).form
}

function exportedBefore(
  kind: DocumentKind,
  thing: WaitingThing,
  formerKind: string | undefined,
): ExportedBefore | null {
  if (thing.state === 'exported') return { kind, form: formSent(thing) }
  return formerKind !== undefined && isDocumentKind(formerKind) ? { kind: formerKind, form: null } : null
}

/** Kinds whose documents may go out in one form: a negative invoice is a credit, an order may be a bill. */
const kindsBeside: Record<DocumentKind, readonly DocumentKind[]> = {
  invoice: ['invoice', 'credit_note'],
  credit_note: ['invoice', 'credit_note'],
  bill: ['bill', 'purchase_order', 'supplier_credit'],
  supplier_credit: ['bill', 'supplier_credit'],
  purchase_order: ['bill', 'purchase_order'],
}

type Numbered = Pick<LedgerDocument, 'kind' | 'total' | 'number' | 'contact'>

/**
 * Within what a number is looked for: its form, and for what has the supplier's own numbers its contact too, since only
 * another document of the same contact is a surprise there.
 */
function numberKey({ kind, total, number, contact }: Numbered, prefix: string, scope: CheckScope): string {
  const form = formOf({ kind, total }, scope.books)
  const space = form === 'order_as_bill' ? 'bill' : form
  const inXero = asciiUpper(prefix && !number.startsWith(prefix) ? `${prefix}${number}` : number)
  const isPerContact = space === 'bill' || space === 'supplier_credit'
  return JSON.stringify([space, inXero, isPerContact ? contact : null, form === 'journal' ? kind : null])
}

/** Which other documents would have the same number in Xero, by id of ours (`number-duplicate`). */
async function sharedNumbers(
  scope: CheckScope,
  kind: DocumentKind,
  documents: readonly LedgerDocument[],
): Promise<Map<string, string[]>> {
  const written = new Set<string>()
  for (const document of documents) {
    // What has no number is a finding by itself, and very many may have none.
    if (document.number === '') continue
    const inXero = asciiUpper(xeroNumberOf(document.number, scope.books))
    written.add(inXero)
    // Another document may be written without the prefix that it will get.
    for (const prefix of scope.prefixes.values()) {
      if (prefix && inXero.startsWith(asciiUpper(prefix))) written.add(inXero.slice(prefix.length))
    }
  }
  const others = await findSharedNumbers(scope.ledger, {
    entities: [...scope.prefixes.keys()],
    kinds: kindsBeside[kind],
    numbers: [...written],
  })
  const holders = new Map<string, string[]>()
  for (const other of others) {
    const key = numberKey(other, scope.prefixes.get(other.entity) ?? '', scope)
    const known = holders.get(key)
    if (known) known.push(other.id)
    else holders.set(key, [other.id])
  }
  const { number_prefix: own } = scope.books.settings
  return new Map(
    documents.map((document) => [
      document.id,
      someOthers(holders.get(numberKey(document, own, scope)), document.id),
    ]),
  )
}
