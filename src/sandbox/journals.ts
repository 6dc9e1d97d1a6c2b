// Journals that Xero generates: 100 a call by their numbers, and one by id or number; only where the plan allows (§4.9). The cash
// basis (`paymentsOnly`) is not imitated.

import { answerWith, type Call, type Route } from './call.ts'
import { msDate, msOfDate } from './dates.ts'
import { bookJournals } from './journal-book.ts'
import type { GeneratedJournal, GeneratedLine } from './journal-record.ts'
import type { JsonObject } from './json.ts'
import { select } from './listing.ts'
import { notFound, problem, type Reply } from './reply.ts'
import { UnreadableQuery } from './where.ts'

const pageSize = 100

/** Journals whose number is greater than `offset`. */
function all(call: Call): Reply {
  const refusal = refused(call)
  if (refusal) return refusal
  const offset = call.query.get('offset') ?? '0'
  if (!/^\d{1,9}$/.test(offset)) throw new UnreadableQuery('offset is not a whole number.')
  const found = journals(call)
    .filter(({ number }) => number > Number(offset))
    .slice(0, pageSize)
  return answerWith(
    call,
    'Journals',
    found.map((journal) => show(call, journal)),
  )
}

function one(call: Call): Reply {
  const refusal = refused(call)
  if (refusal) return refusal
  const key = (call.path['JournalID'] ?? '').toLowerCase()
  const found = journals(call).find(({ id, number }) => id === key || String(number) === key)
  return found ? answerWith(call, 'Journals', [show(call, found)]) : notFound
}

/** Two answers are told of plans without journals. */
function refused({ switches, newGuid }: Call): Reply | null {
  switch (switches.journalsPlan) {
    case 'allowed':
      return null
    case 'forbidden':
      return problem(403, 'AuthenticationUnsuccessful', newGuid())
    case 'no-scope':
    case 'unauthorised':
      return problem(401, 'AuthorizationUnsuccessful', newGuid(), {
        'WWW-Authenticate': 'Bearer error="insufficient_scope"',
      })
  }
}

function journals(call: Call): GeneratedJournal[] {
  bookJournals(call.organisation, call.now, call.newGuid)
  return select(call, call.organisation.journals, {}).toSorted((a, b) => a.number - b.number)
}

function show(call: Call, journal: GeneratedJournal): JsonObject {
  return {
    JournalID: journal.id,
    JournalDate: msDate(msOfDate(journal.date)),
    JournalNumber: journal.number,
    CreatedDateUTC: msDate(journal.updatedAt),
    Reference: journal.reference,
    SourceID: journal.sourceId,
    SourceType: journal.sourceType,
    JournalLines: journal.lines.map((line) => showLine(call, line)),
  }
}

function showLine({ organisation }: Call, line: GeneratedLine): JsonObject {
  const account = organisation.accounts.get(line.accountId)
  const { taxType } = line
  return {
    JournalLineID: line.id,
    AccountID: line.accountId,
    AccountCode: account?.code ?? undefined,
    AccountType: account?.type,
    AccountName: account?.name,
    Description: '',
    NetAmount: line.cents / 100,
    GrossAmount: (line.cents + line.taxCents) / 100,
    TaxAmount: line.taxCents / 100,
    ...(taxType === null ? {} : { TaxType: taxType, TaxName: organisation.taxRate(taxType)?.name }),
    TrackingCategories: line.tracking.map((entry) => ({
      Name: entry.name,
      Option: entry.option,
      TrackingCategoryID: entry.categoryId,
      TrackingOptionID: entry.optionId,
      Options: [],
    })),
  }
}

const scopes = ['accounting.journals']

export const journalRoutes: readonly Route[] = [
  { method: 'GET', path: '/Journals', scopes, query: ['offset'], answer: all },
  { method: 'GET', path: '/Journals/{JournalID}', scopes, query: [], answer: one },
]
