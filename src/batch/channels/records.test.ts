import { expect, test } from 'vitest'
import { day, money } from '../../../test/support/books.ts'
import { aJournal, aJournalLine, journalBooks } from '../../../test/support/journals.ts'
import { debitTotalOf } from '../../accounting/journal-entry.ts'
import { mapJournal } from '../../mapping/journal.ts'
import { journalOfLedger } from '../../mapping/journal-of-ledger.ts'
import type { FoundJournal } from '../../xero/found.ts'
import { recogniseJournal } from './records.ts'

const books = journalBooks()
const factsOf = (amount: number) => {
  const lines = [
    aJournalLine({ amount: money(amount), taxCode: 'GST', tax: money(amount * 0.15) }),
    aJournalLine({ position: 2, account: '814', amount: money(-amount * 1.15) }),
  ]
  const entry = journalOfLedger(aJournal({ lines }), books)
  const { facts } = mapJournal(entry, { kind: 'journal', id: 'J-1' }, books)
  expect(facts.totalDebitCents).toBe(debitTotalOf(entry))
  return facts
}
const facts = factsOf(100)
const there: FoundJournal = {
  xeroId: 'x-1',
  status: 'POSTED',
  narration: facts.narration,
  date: facts.date,
  url: facts.marker,
  content: facts.content,
  updatedAt: 0,
}

test.each<[string, Partial<FoundJournal>, ReturnType<typeof recogniseJournal>]>([
  ['as it was sent', {}, 'ours'],
  ['voided since', { status: 'VOIDED' }, 'ours'],
  ['read without its lines', { content: null }, 'ours'],
  ['with its link and other words', { narration: 'Corrected' }, 'look-alike'],
  ['with its link and another date', { date: day('2026-10-06') }, 'look-alike'],
  ['with its link and another sum', { content: factsOf(99).content }, 'look-alike'],
  ['the same without a link', { url: null }, 'look-alike'],
  ['the same without a link, void', { url: null, status: 'VOIDED' }, 'other'],
  ['with the link of another', { url: `${facts.marker}0` }, 'look-alike'],
  ['other lines without a link', { url: null, content: factsOf(99).content }, 'other'],
])('a journal %s', (_, change, recognition) => {
  expect(recogniseJournal(facts, { ...there, ...change })).toBe(recognition)
})
