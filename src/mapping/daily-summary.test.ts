import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aLine, anInvoice, day, money } from '../../test/support/books.ts'
import { entryOf, journalBooks, written } from '../../test/support/journals.ts'
import { type EntryLine, imbalanceOf, type JournalEntry } from '../accounting/journal-entry.ts'
import { cents } from '../accounting/money.ts'
import { type DailySummary, type SummarySource, summariseDay } from './daily-summary.ts'
import { roleLine } from './entry-lines.ts'
import { mapJournal } from './journal.ts'
import { journalOfDocument } from './journal-of-document.ts'

const books = journalBooks({ ar_style: 'journals', daily_summaries: 'invoice' })
const invoice = (amount: number, tax = amount * 0.15, account = '200') =>
  entryOf(
    journalOfDocument(
      anInvoice({ lines: [aLine({ amount: money(amount), tax: money(tax), account })] }),
      books,
    ),
  )
const source = (
  id: string,
  entry: JournalEntry | null,
  summarised: JournalEntry | null = null,
): SummarySource => ({
  id,
  revision: 1,
  entry,
  summarised,
})
const summarise = (sources: readonly SummarySource[], sequence = 1) =>
  summariseDay({ kind: 'invoice', date: day('2026-10-05'), sequence }, sources, books)
const linesOf = (summary: DailySummary | null) => summary && written(summary.entry)

describe('a day', () => {
  test('is one line for each account and tax type, and says of what', () => {
    const summary = summarise([
      source('a', invoice(100)),
      source('b', invoice(200)),
      source('c', invoice(50, 7.5, '260')),
    ])
    expect(linesOf(summary)).toEqual([
      '611 402.50',
      '200 -300.00 + -45.00 OUTPUT2',
      '260 -50.00 + -7.50 OUTPUT2',
    ])
    expect(summary?.entry.narration).toBe('Daily summary of invoices, 5 Oct 2026')
    expect(summary?.entry.lines.map((line) => line.description)).toEqual([
      'Account 611: 3 invoices',
      'Sales: 2 invoices',
      'Other Revenue: 1 invoice',
    ])
    expect(summary?.sources.map(({ id, amountCents }) => [id, amountCents])).toEqual([
      ['a', 11_500],
      ['b', 23_000],
      ['c', 5_750],
    ])
  })

  test('of which nothing is left to say has no journal', () => {
    expect(summarise([])).toBeNull()
    expect(summarise([source('a', invoice(100), invoice(100)), source('b', null)])).toBeNull()
  })
})

describe('the next journal of a day', () => {
  test('carries what came late, was edited and was voided', () => {
    const late = source('late', invoice(10))
    const edited = source('edited', invoice(150), invoice(100))
    const voided = source('voided', null, invoice(200))
    const same = source('same', invoice(70), invoice(70))
    const summary = summarise([late, edited, voided, same], 2)
    expect(linesOf(summary)).toEqual(['611 -161.00', '200 140.00 + 21.00 OUTPUT2'])
    expect(summary?.entry.narration).toBe('Daily summary of invoices, 5 Oct 2026, part 2')
    expect(summary?.sources.map(({ id, amountCents }) => [id, amountCents])).toEqual([
      ['late', 1_150],
      ['edited', 5_750],
      ['voided', -23_000],
    ])
  })

  test('where only tax changed says both, since Xero takes no tax without an amount', () => {
    expect(linesOf(summarise([source('a', invoice(100, 14), invoice(100, 15))], 2))).toEqual([
      '611 -1.00',
      '200 100.00 + 15.00 OUTPUT2',
      '200 -100.00 + -14.00 OUTPUT2',
    ])
  })
})

const anyLine = fc.record({
  account: fc.constantFrom('200', '260', '400'),
  amount: fc.integer({ min: -50_000, max: 50_000 }),
  percent: fc.constantFrom(0, 5, 15),
})
const anyEntry = fc.option(
  fc.array(anyLine, { minLength: 1, maxLength: 4 }).map((given): JournalEntry => {
    const lines = given.map(
      ({ account, amount, percent }): EntryLine => ({
        account,
        role: null,
        description: '',
        amount: cents(amount),
        taxCode: null,
        taxType: percent === 0 ? 'NONE' : `TAX${percent}`,
        tax: cents(Math.round((amount * percent) / 100)),
        tracking: [],
      }),
    )
    const rest = cents(-lines.reduce((sum, { amount, tax }) => sum + amount + tax, 0))
    return {
      date: day('2026-10-05'),
      narration: 'one',
      lines: [...lines, roleLine('debtors', rest, '', books)],
    }
  }),
)

test('whatever happens to a day, its journals balance, can be sent, and together say what the day is', () => {
  const days = fc.array(fc.array(anyEntry, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(days, (versions) => {
      let said: (JournalEntry | null)[] = [null, null, null]
      const posted = new Map<string, number>()
      for (const [index, entries] of versions.entries()) {
        const sources = entries.map((entry, place) => source(String(place), entry, said[place] ?? null))
        const summary = summarise(sources, index + 1)
        said = entries
        if (!summary) continue
        expect(imbalanceOf(summary.entry)).toBe(0)
        mapJournal(summary.entry, { kind: 'summary', id: '1' }, books)
        for (const { account, taxType, amount, tax } of summary.entry.lines) {
          expect(Math.abs(tax)).toBeLessThanOrEqual(Math.abs(amount))
          expect(tax * amount).toBeGreaterThanOrEqual(0)
          for (const [key, value] of [
            [`${account} ${taxType}`, amount],
            [`tax ${taxType}`, tax],
          ] as const)
            posted.set(key, (posted.get(key) ?? 0) + value)
        }
      }
      const wanted = new Map<string, number>()
      for (const { account, taxType, amount, tax } of said.flatMap((entry) => entry?.lines ?? []))
        for (const [key, value] of [
          [`${account} ${taxType}`, amount],
          [`tax ${taxType}`, tax],
        ] as const)
          wanted.set(key, (wanted.get(key) ?? 0) + value)
      const moving = (all: Map<string, number>) => [...all].filter(([, value]) => value !== 0).sort()
      expect(moving(posted)).toEqual(moving(wanted))
    }),
  )
})
