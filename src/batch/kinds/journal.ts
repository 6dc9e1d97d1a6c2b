// The row of the ledger's own journals in the table of kinds (J1, J6, J7): what each is to Xero, and how it gets there. Journals
// that are payments go out as such (P2): that is journal-payment.ts.

import type { LedgerJournal } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { readJournals } from '../../ledger/journals.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { journalHash } from '../../mapping/facts.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import {
  type JournalForm,
  journalFormOf,
  journalOfLedger,
  journalRoleOf,
} from '../../mapping/journal-of-ledger.ts'
import { checkPaymentJournal } from '../../validation/journal-rules.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'
import { countFindings, countJournal } from './journal-page.ts'
import { loadJournals, type ReadyJournal } from './journal-thing.ts'

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
  const page = noVerdicts()
  for (const id of ids) {
    const journal = journals.get(id)
    const thing = waiting.get(id)
    if (!journal || !thing) continue
    if (thing.state === 'exported') countChange(scope, page, journal, thing)
    else countNew(scope, page, journal, thing)
  }
  return page
}

function countNew(scope: CheckScope, page: PageVerdicts, journal: LedgerJournal, thing: WaitingThing): void {
  const form = journalFormOf(journal, scope.books)
  if (form.form === 'journal') countEntry(scope, page, journal, thing)
  else if (isUnclear(journal, form)) countFindings(page, journal.id, checkPaymentJournal(journal, form))
  else page.idle.push({ id: journal.id, revision: thing.revision })
}

/** What Xero has already keeps the form in which it was sent, whatever the settings say now. */
function countChange(
  scope: CheckScope,
  page: PageVerdicts,
  journal: LedgerJournal,
  thing: WaitingThing,
): void {
  if (thing.sentFactsHash === journalHash(journal)) {
    page.unchanged.push({ id: journal.id, revision: thing.revision })
    return
  }
  const findings = changeFindings(journal, thing)
  if (findings.length > 0) countFindings(page, journal.id, findings)
  else countEntry(scope, page, journal, thing)
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

function isUnclear(journal: LedgerJournal, form: JournalForm): boolean {
  return checkPaymentJournal(journal, form).length > 0
}

/** What stands against sending the change of an exported journal, apart from the journal itself. */
function changeFindings(journal: LedgerJournal, thing: WaitingThing): Finding[] {
  const isFinal = journal.status === (journal.kind === 'pay_run' ? 'paid' : 'posted')
  const wasJournal = thing.facts === null || isSentAsJournal(thing.facts)
  if (wasJournal !== (journalRoleOf(journal).form === 'journal')) return [complaint(journal, 'kind')]
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

async function loadLedgerJournals(context: RunContext, planned: readonly PlannedThing[]): Promise<Loaded> {
  const { ledger, books } = context
  const ids = planned.map((thing) => thing.id)
  // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'journal', ids })
  const journals = await readJournals(ledger, ids)
  const ready: ReadyJournal[] = []
  for (const { id, revision, operation } of planned) {
    const journal = journals.get(id)
    const thing = waiting.get(id)
    if (!journal || thing?.revision !== revision) continue
    if (operation === 'create' ? !isSendable(thing.state) : thing.state !== 'exported') continue
    ready.push({
      kind: 'journal',
      id,
      label: id,
      entry: journalOfLedger(journal, books),
      factsHash: journalHash(journal),
      thing,
    })
  }
  return loadJournals(context, planned[0]?.operation ?? 'create', ready)
}
