// Payment discounts as credit notes in a call (N4), numbered `{invoice}-D{n}` when they first go and never anew; under
// ar_style=journals as journals. As the ledger and Xero have them now.

import type { LedgerDocument } from '../../accounting/documents.ts'
import { addCents, type Cents } from '../../accounting/money.ts'
import type { AppliedThing } from '../../ledger/applied.ts'
import { assignNumbers } from '../../ledger/assigned-numbers.ts'
import { findLinks } from '../../ledger/links.ts'
import { isSendable } from '../../ledger/waiting.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import { discountNumber } from '../../mapping/discount.ts'
import { mapDocument, readDocumentFacts } from '../../mapping/document.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { journalOfPayment } from '../../mapping/journal-of-payment.ts'
import { channelTable } from '../channels/channel-table.ts'
import { isJustMade, type RunContext } from '../context.ts'
import type { Loaded, LoadedThing, LoadPurpose } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import { findParents, todayOf } from '../scope.ts'
import { appliedBeside, keyOf } from './applied.ts'
import {
  creditOf,
  type DiscountThing,
  judgeDiscount,
  numberOfParent,
  readDiscounts,
} from './discount-things.ts'
import { contactNotThere, withKnownIds } from './document-load.ts'
import { formRoutes, sentThing } from './document-thing.ts'
import { loadJournals, type ReadyJournal } from './journal-thing.ts'
import { checkedMoney, editedAfterExport } from './money-verdict.ts'
import { recordEndedParts } from './moved-money.ts'

export async function loadDiscounts(
  context: RunContext,
  planned: readonly PlannedThing[],
  purpose: LoadPurpose = 'send',
): Promise<Loaded> {
  const { ledger, books } = context
  const parents = (ids: readonly string[]) => findParents(ledger, books, ids)
  const read = () =>
    readDiscounts(
      { ledger, books, parents },
      planned.map(({ id }) => id),
    )
  const before = await read()
  const moved = [...before.values()].flatMap((discount) => discount.moved)
  const discounts = purpose === 'send' && (await recordEndedParts(context, moved)) ? await read() : before
  const ready = planned.flatMap(({ id, revision, operation }) => {
    const discount = discounts.get(id)
    if (discount?.thing.revision !== revision) return []
    const { state } = discount.thing
    return (operation === 'create' ? isSendable(state) : state === 'exported') ? [discount] : []
  })
  const operation = planned[0]?.operation ?? 'create'
  if (operation === 'create') return loadNew(context, ready, purpose)
  return planned[0]?.group === 'journal'
    ? loadJournals(
        context,
        operation,
        ready.map((discount) => readyJournal(discount, () => false)),
      )
    : loadChanged(context, ready)
}

async function loadNew(
  context: RunContext,
  ready: readonly DiscountThing[],
  purpose: LoadPurpose,
): Promise<Loaded> {
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  const dueOf = purpose === 'send' ? await readDue(context, ready) : new Map<string, Due>()
  const today = todayOf(context.books, context.clock)
  const passed = new Set<string>()
  const isPlanned = (thing: AppliedThing) => passed.has(keyOf(thing))
  const journals: ReadyJournal[] = []
  const credits: DiscountThing[] = []
  for (const discount of ready) {
    const due = dueOf.get(discount.parent?.xeroId ?? '')
    const seen =
      due && discount.parent
        ? { ...discount, parent: { ...discount.parent, xeroStatus: due.status } }
        : discount
    const check = judgeDiscount(seen, today, isPlanned, due ?? null)
    if (purpose === 'send' && check.verdict !== 'send') {
      loaded.skipped.push(checkedMoney(discount.id, check))
      continue
    }
    if (check.form === 'journal') journals.push(readyJournal(discount, isPlanned))
    else if (check.form === 'credit_note') credits.push(discount)
    passed.add(keyOf({ kind: 'discount', id: discount.id }))
  }
  await loadCredits(context, credits, loaded)
  const posted = await loadJournals(context, 'create', journals)
  return { ...loaded, things: [...loaded.things, ...posted.things] }
}

interface Due {
  amountDue: Cents
  status: string
}

/** What is due in Xero on the invoices that were not just made: a credit that cannot be applied would be left over. */
async function readDue(context: RunContext, discounts: readonly DiscountThing[]): Promise<Map<string, Due>> {
  const ids = discounts.flatMap(({ parent }) =>
    parent?.xeroId && !isJustMade(context, parent) && !isJournal(parent.facts) ? [parent.xeroId] : [],
  )
  if (ids.length === 0) return new Map()
  const { rows } = await context.gateway.invoicesByIds(ids)
  return new Map(rows.map((row) => [row.xeroId, row]))
}

const isJournal = (facts: string | null) => facts !== null && isSentAsJournal(facts)

async function loadCredits(
  context: RunContext,
  discounts: readonly DiscountThing[],
  loaded: Loaded,
): Promise<void> {
  const { ledger, books, lease } = context
  const codes = discounts.flatMap(({ invoice }) => invoice?.contact ?? [])
  const links = await findLinks(ledger, lease.tenantId, codes)
  const owner = { entity: books.entity.code, kind: 'discount' } as const
  const numbers = await assignNumbers(
    ledger,
    owner,
    discounts.map((discount) => ({
      id: discount.id,
      parent: discount.allocation.document,
      numberOf: (sequence) => discountNumber(numberOfParent(discount), sequence),
    })),
  )
  const things: LoadedThing[] = []
  for (const discount of discounts) {
    const { id, label } = discount
    const credit = creditOf(discount, numbers.get(id) ?? '')
    const xeroContactId = links.get(credit?.contact ?? '')?.xeroContactId ?? contactOfInvoice(discount)
    if (!credit) continue
    if (xeroContactId) things.push(creditThing(discount, credit, xeroContactId))
    else
      loaded.skipped.push(contactNotThere({ kind: 'discount', id, number: label, contact: credit.contact }))
  }
  loaded.things.push(...(await withKnownIds(context, things)))
}

/** Of a contact that was unlinked since: Xero applies a credit to its own contact's invoices alone. */
function contactOfInvoice({ parent }: DiscountThing): string | null {
  return parent?.facts ? readDocumentFacts(parent.facts).contactId : null
}

function creditThing(discount: DiscountThing, credit: LedgerDocument, xeroContactId: string): LoadedThing {
  const { id, label, thing, factsHash, books } = discount
  const { model, facts } = mapDocument(credit, { books, xeroContactId })
  return {
    ...sentThing(credit, thing, facts),
    label,
    factsHash,
    operation: 'create',
    method: 'PUT',
    payload: { model },
    reportedAs: credit.kind === 'supplier_credit' ? 'supplier_credit' : 'credit_note',
    compare: (element) => answerDifferences(element, facts, { kind: 'discount', id, number: label }),
  }
}

function readyJournal(discount: DiscountThing, isPlanned: (thing: AppliedThing) => boolean): ReadyJournal {
  const { id, label, payment, allocation, invoice, applied, factsHash, thing, books } = discount
  const { before, planned } = appliedBeside(applied, { kind: 'discount', id }, isPlanned)
  const appliedBefore = addCents(before, planned)
  const entry =
    invoice &&
    journalOfPayment({ payment, allocation, document: invoice, appliedBefore, isReceived: false }, books)
  return {
    kind: 'discount',
    id,
    label,
    entry: entry && 'fits' in entry ? null : entry,
    factsHash,
    thing,
  }
}

/** What a person changed in Xero as the ledger has it now is settled; anything else stays a finding (money-verdict.ts). */
async function loadChanged(context: RunContext, discounts: readonly DiscountThing[]): Promise<Loaded> {
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const discount of discounts) {
    const { id, label, thing, payment, factsHash } = discount
    const isDeleted = payment.state === 'deleted'
    if (await isDoneInXero(context, discount))
      loaded.unchanged.push({ id, revision: thing.revision, factsHash })
    else loaded.skipped.push(editedAfterExport({ kind: 'discount', id, label }, isDeleted))
  }
  return loaded
}

async function isDoneInXero(context: RunContext, discount: DiscountThing): Promise<boolean> {
  const { thing, payment, books } = discount
  if (thing.facts === null || thing.xeroId === null) return false
  const sent = readDocumentFacts(thing.facts)
  const channel = channelTable[formRoutes[sent.form].channel]
  const found = await channel.findById(context.gateway, thing.xeroId, thing.facts)
  // Only what says so is gone (X2).
  if (payment.state === 'deleted') return found?.status === 'VOIDED' || found?.status === 'DELETED'
  const credit = creditOf(discount, sent.number ?? '')
  if (found === null || credit === null) return false
  const { facts } = mapDocument(credit, { books, xeroContactId: sent.contactId, form: sent.form })
  return channel.agrees(JSON.stringify(facts), found)
}
