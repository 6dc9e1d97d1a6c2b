// Whether something that a run posted can be taken out of Xero again (M6): it stands there as it was left, and nothing stands on it but
// what goes before it. Pure; what Xero has is read-back.ts, how it is taken out undo-thing.ts.

import { kindNames } from '../../accounting/kinds.ts'
import { cents, formatCents } from '../../accounting/money.ts'
import type { PostedThing, Standing } from '../../ledger/posted-things.ts'
import type { ReceiptFacts } from '../../mapping/receipt.ts'
import type { FoundAllocation, FoundCreditNote, FoundInvoice } from '../../xero/found.ts'
import type { Found } from '../channels/channel.ts'
import { channelOf } from '../channels/channel-table.ts'
import { idOfAllocation, recogniseReceipt } from '../channels/money.ts'
import type { Seen } from './read-back.ts'

/** What can be taken out, with what its call names. */
export type Undoable = { posted: PostedThing; facts: string; xeroId: string } & (
  | { by: 'void'; found: Found }
  | { by: 'delete-payment'; reference: string | null }
  | { by: 'remove-allocation'; allocationId: string }
  | { by: 'delete-transaction'; transactionId: string; reference: string | null }
)

export type Judgement =
  | { is: 'undoable'; thing: Undoable }
  /** It is void or deleted in Xero already. */
  | { is: 'ended' }
  | { is: 'stays'; why: string }

/** What goes before, in Xero's ids and cents: nothing stands on a document that only these stand on. */
export interface Planned {
  payments: readonly { onto: string; amount: number }[]
  allocations: readonly { credit: string; invoice: string; amount: number }[]
}

export const nothingPlanned: Planned = { payments: [], allocations: [] }

const stays = (why: string): Judgement => ({ is: 'stays', why })

const edited = stays(
  'It was changed in Xero after it was posted. Nothing was taken out, so that nobody’s work is lost: compare both, and void or delete it there by hand.',
)

/** `standing`: what the ledger knows to stand on it and does not go before it. */
export function judge(seen: Seen, standing: readonly Standing[], planned: Planned): Judgement {
  const { posted } = seen
  const { xeroId, facts } = posted
  if (posted.state !== 'exported')
    return stays(
      'Whether Xero has it is not known yet: an answer was lost. Run the rollback again in some minutes.',
    )
  if (posted.heldReason !== null)
    return stays(`It is held back by hand (${posted.heldReason}). Release it first.`)
  if (xeroId === null || facts === null)
    return stays('It is not known what it is in Xero. Look for it there.')
  const thing = { posted, facts, xeroId }
  switch (seen.what) {
    case 'missing':
      return stays('Xero does not show it any more. Look in Xero’s history what became of it.')
    case 'allocation':
      return judgeAllocation(thing, seen.facts.amountCents, seen.facts.parentId, seen.onInvoice)
    case 'deposit':
      return judgeDeposit(thing, seen, planned)
    case 'thing':
      return judgeFound(thing, seen.found, standing, planned)
    default:
      return seen satisfies never
  }
}

type Thing = Pick<Undoable, 'posted' | 'facts' | 'xeroId'>

function judgeFound(thing: Thing, found: Found, standing: readonly Standing[], planned: Planned): Judgement {
  if (isEnded(found.status)) return { is: 'ended' }
  const channel = channelOf(thing.posted.channel)
  if (channel.list === 'Payments') {
    if (!channel.agrees(thing.facts, found)) return edited
    return { is: 'undoable', thing: { ...thing, by: 'delete-payment', reference: found.number } }
  }
  const on = standing[0] ? standsOn(standing[0]) : settledBy(found, planned)
  if (on !== null) return stays(on)
  if (!channel.agrees(thing.facts, found)) return edited
  return { is: 'undoable', thing: { ...thing, by: 'void', found } }
}

function isEnded(status: string): boolean {
  return status === 'VOIDED' || status === 'DELETED'
}

function standsOn({ kind, id, run }: Standing): string {
  const name = kindNames[kind].one
  const from = run === null ? '' : ` of run ${run}`
  return `${/^[aeiou]/.test(name) ? 'An' : 'A'} ${name}${from} stands on it (${id}), and has to be taken out first.`
}

/** Xero voids nothing that something was paid, credited or applied on (§4.3). Null: nothing is left on it. */
function settledBy({ xeroId, status, row }: Found, planned: Planned): string | null {
  if (status === 'BILLED') return 'It is billed in Xero, and Xero’s bill stands for it.'
  const { amountPaid, amountCredited, remaining, total } = row as Partial<FoundInvoice & FoundCreditNote> // of a document of any sort
  const used = remaining === undefined || total === undefined ? 0 : total - remaining
  const left = (amountPaid ?? 0) + (amountCredited ?? 0) + used - plannedOn(xeroId, planned)
  return left === 0
    ? null
    : `${formatCents(cents(left))} that is not of this run was paid, credited or applied on it in Xero, and Xero voids nothing with that on it. Take it back there first.`
}

/** Cents that go before: paid on it, or taken off it, or of it. */
function plannedOn(xeroId: string, { payments, allocations }: Planned): number {
  const paid = payments.filter(({ onto }) => onto === xeroId)
  const applied = allocations.filter(({ credit, invoice }) => credit === xeroId || invoice === xeroId)
  return [...paid, ...applied].reduce((sum, { amount }) => sum + amount, 0)
}

function judgeAllocation(
  thing: Thing,
  amount: number,
  parentId: string,
  onInvoice: readonly FoundAllocation[],
): Judgement {
  const [own, another] = onInvoice.filter((one) => one.amount === amount)
  if (own && another)
    return stays('Somebody applied the same amount a second time, and the two cannot be told apart.')
  if (!own) return onInvoice.length === 0 ? { is: 'ended' } : edited
  if (own.allocationId === null)
    return stays('Xero gives it no id by which it could be taken back. Remove it in Xero.')
  const allocationId = idOfAllocation(parentId, own)
  return { is: 'undoable', thing: { ...thing, by: 'remove-allocation', allocationId } }
}

function judgeDeposit(
  thing: Thing,
  { credit, transaction }: Extract<Seen, { what: 'deposit' }>,
  planned: Planned,
): Judgement {
  if (isEnded(credit.status)) return { is: 'ended' }
  const used = credit.total - credit.remaining - plannedOn(credit.xeroId, planned)
  if (used !== 0)
    return stays(
      `${formatCents(cents(used))} of it is applied or paid back by what is not of this run. Take that back first.`,
    )
  if (transaction === null)
    return stays('The bank transaction that made it was not found in Xero. Delete it there by hand.')
  if (recogniseReceipt(JSON.parse(thing.facts) as ReceiptFacts, transaction) !== 'ours') return edited // of mapReceipt
  const { xeroId: transactionId, reference } = transaction
  return { is: 'undoable', thing: { ...thing, by: 'delete-transaction', transactionId, reference } }
}
