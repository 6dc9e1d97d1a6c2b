// Credit notes of sales and of suppliers: lists, one by id or number, PUT creates, POST creates or edits, POST /{id}
// edits. Their allocations are allocations.ts's business.

import { readElements, UnreadableBody } from './body.ts'
import { answerWith, type Call, type Route } from './call.ts'
import { listCredits } from './credit-list.ts'
import {
  createCreditNote,
  creditNoteTexts,
  creditNumberHolder,
  editCreditNote,
} from './credit-note-change.ts'
import { creditNoteShape } from './credit-note-shape.ts'
import type { CreditNote } from './credit-record.ts'
import { refusedCreditNote, showCredit } from './credit-view.ts'
import { type Verdict, writeElements } from './elements.ts'
import { isGuid } from './guid.ts'
import { type JsonObject, textOf } from './json.ts'
import { checkUnitDp, listQuery, pageQuery } from './listing.ts'
import { notFound, type Reply } from './reply.ts'

function all(call: Call): Reply {
  checkUnitDp(call)
  return listCredits(call, 'CreditNote', call.organisation.creditNotes)
}

function one(call: Call): Reply {
  checkUnitDp(call)
  const key = call.path['CreditNoteID'] ?? ''
  const note = isGuid(key) ? call.organisation.creditNotes.get(key.toLowerCase()) : byNumber(call, key)
  return note ? answerWith(call, 'CreditNotes', [showCredit(call, note, 'single')]) : notFound
}

function byNumber(call: Call, number: string): CreditNote | undefined {
  const numbered = call.organisation.creditNotesNumbered('ACCRECCREDIT', number)
  return creditNumberHolder(call, number) ?? numbered.at(-1)
}

const kind = { key: 'CreditNotes', flag: 'HasErrors' } as const

function elements(call: Call): readonly JsonObject[] {
  checkUnitDp(call)
  return readElements(call.body, 'CreditNotes', creditNoteShape, call.switches)
}

function create(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) =>
    element['CreditNoteID'] === undefined
      ? createCreditNote(call, element)
      : refused(call, element, creditNoteTexts.notValid),
  )
}

function upsert(call: Call): Reply {
  return writeElements(call, kind, elements(call), (element) => {
    const id = textOf(element, 'CreditNoteID')
    if (id === undefined) {
      const match = matchedByNumber(call, element)
      return match ? editCreditNote(call, match, element) : createCreditNote(call, element)
    }
    const note = call.organisation.creditNotes.get(id)
    return note ? editCreditNote(call, note, element) : refused(call, element, creditNoteTexts.unknown)
  })
}

/** Without an id POST edits the sales credit note that has the number, as it does invoices (§3.1). */
function matchedByNumber(call: Call, element: JsonObject): CreditNote | undefined {
  const number = textOf(element, 'CreditNoteNumber')
  if (!number || (textOf(element, 'Type') ?? 'ACCRECCREDIT') !== 'ACCRECCREDIT') return undefined
  return creditNumberHolder(call, number)
}

function update(call: Call): Reply {
  const note = call.organisation.creditNotes.get((call.path['CreditNoteID'] ?? '').toLowerCase())
  if (!note) return notFound
  const [element, ...others] = elements(call)
  if (!element || others.length > 0) throw new UnreadableBody('Exactly one credit note is expected.')
  return writeElements(call, kind, [element], (sent) => editCreditNote(call, note, sent))
}

function refused(call: Call, element: JsonObject, ...errors: string[]): Verdict {
  return { kind: 'refused', echo: refusedCreditNote(call, null, element), errors }
}

const scopes = ['accounting.invoices']
const path = '/CreditNotes/{CreditNoteID}'
const writing = ['summarizeErrors', 'unitdp']

export const creditNoteRoutes: readonly Route[] = [
  { method: 'GET', path: '/CreditNotes', scopes, query: [...listQuery, ...pageQuery, 'unitdp'], answer: all },
  { method: 'GET', path, scopes, query: ['unitdp'], answer: one },
  { method: 'PUT', path: '/CreditNotes', scopes, query: writing, answer: create },
  { method: 'POST', path: '/CreditNotes', scopes, query: writing, answer: upsert },
  { method: 'POST', path, scopes, query: ['unitdp'], answer: update },
]
