// The row of the ledger's own journals in the table of kinds (J1, J6, J7): what each is to Xero, and how it gets there. Journals
// that are payments go out as such (P2): that is journal-payment.ts.

import type { LedgerJournal } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { readJournals } from '../../ledger/journals.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { journalHash } from '../../mapping/facts.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { journalFormOf, journalOfLedger, journalRoleOf } from '../../mapping/journal-of-ledger.ts'
import { checkPaymentJournal } from '../../validation/journal-rules.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, type LoadPurpose, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'
import { countFindings, countJournal } from './journal-page.ts'
import { rateMissing, readJournalPayments } from './journal-payment.ts'
import { loadJournals, type ReadyJournal } from './journal-thing.ts'
import { checkPaymentLikes, loadPaymentLikes } from './payment.ts'
import type { PaymentLike } from './payment-like.ts'

export const journalKind: KindRow = {
  kind: 'journal',
  // With only_invoices_and_payments those that are payments still go.
  isLeftOut: () => false,
  checkPage: checkJournals,
  load: loadLedgerJournals,
}

async function checkJournals(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'journal', ids })
  const journals = await readJournals(ledger, ids)
  const payments = await readJournalPayments(ledger, books, [...journals.values()])
  const page = noVerdicts()
  const likes = new Map<string, PaymentLike>()
  for (const id of ids) {
    const journal = journals.get(id)
    const thing = waiting.get(id)
    if (!journal || !thing) continue
    const isPayment =
      thing.state === 'exported'
        ? countChange(scope, page, journal, thing)
        : countNew(scope, page, journal, thing)
    if (!isPayment) continue
    const payment = payments.get(id)
    if (payment) likes.set(id, payment)
    else countFindings(page, id, [rateMissing(journal)])
  }
  return likes.size === 0 ? page : joined(page, await checkPaymentLikes(scope, 'journal', likes))
}

function joined(one: PageVerdicts, other: PageVerdicts): PageVerdicts {
  return {
    checked: [...one.checked, ...other.checked],
    unchanged: [...one.unchanged, ...other.unchanged],
    idle: [...one.idle, ...other.idle],
    sendable: [...one.sendable, ...other.sendable],
    summed: [...one.summed, ...other.summed],
  }
}

/** Counts a journal that Xero was never told of. True for one that is a payment, and judged as such. */
function countNew(
  scope: CheckScope,
  page: PageVerdicts,
  journal: LedgerJournal,
  thing: WaitingThing,
): boolean {
  const form = journalFormOf(journal, scope.books)
  const unclear = checkPaymentJournal(journal, form)
  if (form.form === 'journal') countEntry(scope, page, journal, thing)
  else if (unclear.length > 0) countFindings(page, journal.id, unclear)
  else if (form.form === 'payment') return true
  else page.idle.push({ id: journal.id, revision: thing.revision })
  return false
}

/** The same for one that Xero has: it keeps the form in which it was sent, whatever the settings say now. */
function countChange(
  scope: CheckScope,
  page: PageVerdicts,
  journal: LedgerJournal,
  thing: WaitingThing,
): boolean {
  const role = journalRoleOf(journal)
  // The payment that it was ended in Xero: it only names the account of another now.
  const isReplaced = role.form === 'gives-account' && isEndedInXero(thing)
  if (isReplaced || thing.sentFactsHash === journalHash(journal)) {
    page.unchanged.push({ id: journal.id, revision: thing.revision })
    return false
  }
  const findings = [...changeFindings(journal, thing), ...checkPaymentJournal(journal, role)]
  if (findings.length > 0) countFindings(page, journal.id, findings)
  else if (role.form === 'payment') return true
  else countEntry(scope, page, journal, thing)
  return false
}

function isEndedInXero({ xeroStatus }: WaitingThing): boolean {
  return xeroStatus === 'DELETED' || xeroStatus === 'VOIDED'
}

function countEntry(
  scope: CheckScope,
  page: PageVerdicts,
  journal: LedgerJournal,
  thing: WaitingThing,
): void {
  countJournal(scope, page, {
    kind: 'journal',
    id: journal.id,
    label: journal.id,
    thing,
    entry: journalOfLedger(journal, scope.books),
    operation: thing.state === 'exported' ? 'update' : 'create',
  })
}

/** What stands against sending the change of an exported journal, apart from the journal itself. */
function changeFindings(journal: LedgerJournal, thing: WaitingThing): Finding[] {
  const { form } = journalRoleOf(journal)
  const isFinal = journal.status === (journal.kind === 'pay_run' ? 'paid' : 'posted')
  const wasJournal = thing.facts === null || isSentAsJournal(thing.facts)
  // A payment may be a journal in Xero too (J4), and was judged by the rules of payments then.
  if (form !== 'payment' && !(form === 'journal' && wasJournal)) return [complaint(journal, 'kind')]
  return isFinal ? [] : [complaint(journal, 'status')]
}

function complaint({ id }: LedgerJournal, field: 'kind' | 'status'): Finding {
  const said = {
    kind: {
      code: 'kind-changed' as const,
      message: 'was exported, and its kind was changed since: it would go out in another way now.',
      why: 'Xero cannot turn a journal into a payment, or a payment into a journal.',
      fix: 'Give the new journal an id of its own in the ledger, and reverse the old one.',
    },
    status: {
      code: 'edited-after-export' as const,
      message: 'was taken back in the ledger after it was exported. Nothing was changed in Xero.',
      why: 'Xero cannot turn a posted journal into a draft.',
      fix: 'Post it again in the ledger, with changes if need be; to undo it, post a journal that reverses it.',
    },
  }[field]
  return {
    kind: 'journal',
    id,
    number: id,
    severity: 'error',
    field,
    xeroMessages: [],
    ...said,
    message: `Journal ${id} ${said.message}`,
  }
}

async function loadLedgerJournals(
  context: RunContext,
  planned: readonly PlannedThing[],
  purpose: LoadPurpose = 'send',
): Promise<Loaded> {
  const { ledger, books } = context
  const ids = planned.map((thing) => thing.id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'journal', ids })
  const journals = await readJournals(ledger, ids)
  const likes = new Map<string, PaymentLike>()
  for (const [id, payment] of await readJournalPayments(ledger, books, [...journals.values()]))
    if (payment) likes.set(id, payment)
  const posted: ReadyJournal[] = []
  for (const { id, revision, operation } of planned) {
    const journal = journals.get(id)
    const thing = waiting.get(id)
    if (!journal || thing?.revision !== revision || journalRoleOf(journal).form !== 'journal') continue
    if (operation === 'create' ? !isSendable(thing.state) : thing.state !== 'exported') continue
    const entry = journalOfLedger(journal, books)
    posted.push({ kind: 'journal', id, label: id, entry, factsHash: journalHash(journal), thing })
  }
  const ofJournals = await loadJournals(context, planned[0]?.operation ?? 'create', posted)
  if (likes.size === 0) return ofJournals
  const payments = planned.filter(({ id }) => likes.has(id))
  const ofPayments = await loadPaymentLikes(context, payments, { likes, waiting }, purpose)
  return {
    things: [...ofJournals.things, ...ofPayments.things],
    skipped: [...ofJournals.skipped, ...ofPayments.skipped],
    unchanged: [...ofJournals.unchanged, ...ofPayments.unchanged],
  }
}
