// What takes something out of Xero again, as the element of a call (M6): documents and journals voided, payments and bank transactions
// deleted, allocations removed (§4.3 to §4.7). Whether that may be is judge.ts.

import type { Books } from '../../accounting/books.ts'
import type { PostedThing } from '../../ledger/posted-things.ts'
import type { AllocationFacts } from '../../mapping/allocation.ts'
import { answerDifferences } from '../../mapping/answer-differences.ts'
import { readDocumentFacts } from '../../mapping/document.ts'
import { isSentAsJournal, journalVoid, readJournalFacts } from '../../mapping/journal.ts'
import { deletedTransaction, type ReceiptFacts } from '../../mapping/receipt.ts'
import { mapVoid } from '../../mapping/void.ts'
import { isChannelName } from '../channels/channel.ts'
import { channelOf } from '../channels/channel-table.ts'
import type { AllocationRemoval } from '../channels/money.ts'
import type { LoadedThing } from '../kind-row.ts'
import { formRoutes } from '../kinds/document-thing.ts'
import type { Undoable } from './judge.ts'

/** Lists whose elements have a number of their own; of payments Xero’s number is only our reference. */
const numbered: readonly string[] = ['Invoices', 'CreditNotes', 'PurchaseOrders']

/** What people call it: its number, a journal its id. */
export function labelOf({ id, channel, xeroNumber, facts }: PostedThing): string {
  if (channel === 'manual_journals') return id
  const number = numbered.includes(channelOf(channel).list) ? xeroNumber : null
  return number || (facts === null ? id : channelOf(channel).labelOf(facts))
}

export function undoThing(thing: Undoable, books: Books): LoadedThing {
  const { posted, facts } = thing
  const label = labelOf(posted)
  const ended = endingOf(thing, books)
  const subject = { kind: posted.kind, id: posted.id, number: label }
  if (!isChannelName(posted.channel)) throw new Error(`${label} went out on ${posted.channel}`)
  return {
    sourceId: posted.id,
    label,
    revision: posted.revision,
    factsHash: posted.factsHash ?? '',
    facts,
    channel: posted.channel,
    name: null,
    compare: (element) =>
      answerDifferences(element, { totalCents: null, taxCents: null, status: ended.status }, subject),
    ...ended.call,
  }
}

interface Ending {
  status: 'VOIDED' | 'DELETED'
  call: Pick<LoadedThing, 'operation' | 'method' | 'path' | 'key' | 'payload'> &
    Partial<Pick<LoadedThing, 'facts'>>
}

function endingOf(thing: Undoable, books: Books): Ending {
  switch (thing.by) {
    case 'void':
      return isSentAsJournal(thing.facts) ? journalEnding(thing) : documentEnding(thing)
    case 'delete-payment':
      return {
        status: 'DELETED',
        call: {
          operation: 'delete',
          method: 'POST',
          path: `/Payments/${thing.xeroId}`,
          key: thing.reference,
          payload: { deletion: true },
        },
      }
    case 'remove-allocation':
      return allocationEnding(thing)
    case 'delete-transaction':
      return {
        status: 'DELETED',
        call: {
          operation: 'delete',
          method: 'POST',
          path: `/BankTransactions/${thing.transactionId}`,
          key: thing.reference,
          // written by mapReceipt
          payload: { model: deletedTransaction(JSON.parse(thing.facts) as ReceiptFacts, books) },
        },
      }
    default:
      return thing satisfies never
  }
}

function documentEnding({ facts: text, xeroId, found }: Extract<Undoable, { by: 'void' }>): Ending {
  const facts = readDocumentFacts(text)
  const isDraft = found.status === 'DRAFT' || found.status === 'SUBMITTED'
  const { model, facts: ending } = mapVoid({
    form: facts.form,
    xeroId,
    status: isDraft ? 'DRAFT' : 'AUTHORISED',
  })
  const { path } = formRoutes[facts.form]
  return {
    status: ending.status,
    call: { operation: 'void', method: 'POST', path, key: facts.number, payload: { model } },
  }
}

function journalEnding({ facts: text, xeroId }: Extract<Undoable, { by: 'void' }>): Ending {
  const facts = readJournalFacts(text)
  const path = '/ManualJournals?summarizeErrors=false'
  const payload = { model: journalVoid(facts, xeroId) }
  return { status: 'VOIDED', call: { operation: 'void', method: 'POST', path, key: facts.marker, payload } }
}

function allocationEnding({
  facts: text,
  allocationId,
}: Extract<Undoable, { by: 'remove-allocation' }>): Ending {
  const facts = JSON.parse(text) as AllocationFacts // written by mapAllocation
  const removal: AllocationRemoval = { ...facts, allocationId }
  return {
    status: 'DELETED',
    call: {
      operation: 'delete',
      method: 'DELETE',
      path: `/${facts.endpoint}/${facts.parentId}/Allocations/${allocationId}`,
      key: null,
      payload: { none: true },
      facts: JSON.stringify(removal),
    },
  }
}
