// A journal entry in Xero's shape, and the facts by which Xero can find it again: every manual journal that is sent, of
// whatever it comes, goes through here (J1). It takes entries that validation has let through.

import type { ManualJournal, ManualJournalLine } from 'xero-node'
import type { Books } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { type ContentLine, contentOf } from '../accounting/content.ts'
import {
  debitTotalOf,
  type EntryLine,
  imbalanceOf,
  isTaxedEntry,
  type JournalEntry,
} from '../accounting/journal-entry.ts'
import type { ThingKind } from '../accounting/kinds.ts'
import { type Cents, centsToWire, zeroCents } from '../accounting/money.ts'
import { markerUrl } from './marker.ts'
import { findTracking } from './tracking.ts'
import { journalStatusWord, lineAmountWord } from './xero-words.ts'

/** By what a sent journal is recognised in Xero, and what its answer is compared with. */
export interface JournalFacts {
  /** Tells them from the facts of documents, which have a form of their own. */
  form: 'journal'
  /** Its Url in Xero. */
  marker: string
  date: PlainDate
  narration: string
  /** Its lines as accounting/content.ts writes them; amounts are signed. */
  content: string
  /** Tax included. */
  totalDebitCents: Cents
}

export interface JournalMapping {
  model: ManualJournal
  facts: JournalFacts
}

/**
 * The journal for Xero: POSTED, since it would arrive as a draft otherwise, and with its own tax amounts where any line
 * has a tax type (§4.7).
 */
export function mapJournal(
  entry: JournalEntry,
  thing: { kind: ThingKind; id: string },
  books: Books,
): JournalMapping {
  if (entry.lines.length < 2 || imbalanceOf(entry) !== 0)
    throw new Error(`${thing.kind} ${thing.id} does not balance and passed validation`)
  const marker = markerUrl(books.settings.marker_url, { entity: books.entity.code, ...thing })
  const isTaxed = isTaxedEntry(entry, books.region.noTaxType)
  const content = entry.lines.map((line) => contentLineOf(line, isTaxed, books))
  return {
    model: {
      narration: entry.narration,
      date: entry.date,
      status: journalStatusWord('POSTED'),
      lineAmountTypes: lineAmountWord(isTaxed ? 'exclusive' : 'no_tax'),
      url: marker,
      journalLines: content.map((line) => journalLineOf(line, isTaxed)),
    },
    facts: {
      form: 'journal',
      marker,
      date: entry.date,
      narration: entry.narration,
      content: contentOf(content),
      totalDebitCents: debitTotalOf(entry),
    },
  }
}

/** What was written down with a journal when it was sent. */
export function readJournalFacts(text: string): JournalFacts {
  return JSON.parse(text) as JournalFacts // of mapJournal
}

/** The daily summary in which it is (J5), as that is called in the ledger; null for what went out by itself. */
export function summaryOf(facts: string): string | null {
  const { summary } = JSON.parse(facts) as { summary?: string } // written by ledger/summaries.ts
  return summary ?? null
}

/** Whether what was sent of a document or payment was a journal, by the facts that were written down with it. */
export function isSentAsJournal(facts: string): boolean {
  return (JSON.parse(facts) as { form?: unknown }).form === 'journal' // facts are objects
}

/** A change of a posted journal: by its id, with all its lines in place of those that it has (§4.7). */
export function journalUpdate({ model, facts }: JournalMapping, xeroId: string): JournalMapping {
  return { model: { ...model, manualJournalID: xeroId }, facts }
}

/** A posted journal is voided, not deleted (§4.7); Xero asks for the narration with every change. */
export function journalVoid({ narration }: Pick<JournalFacts, 'narration'>, xeroId: string): ManualJournal {
  return { manualJournalID: xeroId, narration, status: journalStatusWord('VOIDED') }
}

function contentLineOf(line: EntryLine, isTaxed: boolean, books: Books): ContentLine {
  if (line.account === null || (isTaxed && line.taxType === null))
    throw new Error('a journal line without account or tax type passed validation')
  return {
    description: line.description.trim(),
    account: line.account,
    taxType: isTaxed ? line.taxType : null,
    amount: line.amount,
    tax: isTaxed ? line.tax : zeroCents,
    tracking: line.tracking.map(({ category, option }) => {
      if (category === null || option === null) throw new Error('half a tracking pair cannot be sent')
      // As Xero spells them, so that a difference in case cannot make Xero refuse or drop them.
      const found = books.mirror ? findTracking(books.mirror.tracking, category, option) : null
      return { category: found?.category?.name ?? category, option: found?.option?.name ?? option }
    }),
  }
}

function journalLineOf(line: ContentLine, isTaxed: boolean): ManualJournalLine {
  const model: ManualJournalLine = { lineAmount: centsToWire(line.amount), accountCode: line.account ?? '' }
  if (line.description !== '') model.description = line.description
  if (isTaxed) {
    if (line.taxType !== null) model.taxType = line.taxType
    model.taxAmount = centsToWire(line.tax)
  }
  if (line.tracking.length > 0)
    model.tracking = line.tracking.map(({ category, option }) => ({ name: category, option }))
  return model
}
