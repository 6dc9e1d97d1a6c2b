import { describe, expect, test } from 'vitest'
import { aMirror, anInvoice, day, money } from '../../test/support/books.ts'
import { aJournal, aJournalLine, journalBooks } from '../../test/support/journals.ts'
import type { Books } from '../accounting/books.ts'
import type { JournalLine, LedgerJournal } from '../accounting/documents.ts'
import { journalOfDocument } from '../mapping/journal-of-document.ts'
import { journalFormOf, journalOfLedger } from '../mapping/journal-of-ledger.ts'
import { checkJournal, checkPaymentJournal, unfittingFinding } from './journal-rules.ts'

const today = day('2026-11-20')
const check = (journal: LedgerJournal, books: Books = journalBooks()) =>
  checkJournal(
    { kind: 'journal', id: journal.id, number: journal.id, entry: journalOfLedger(journal, books) },
    { books, today },
  )
const findings = (...args: Parameters<typeof check>) =>
  check(...args).map(({ code, field, severity }) => [code, field, severity].join(' '))

/** 100.00 in all, changed in one line; 814 takes the rest. */
const withLine = (line: Partial<JournalLine>) => {
  const first = aJournalLine(line)
  return aJournal({
    lines: [
      first,
      aJournalLine({ position: 2, account: '814', amount: money(-(first.amount + first.tax) / 100) }),
    ],
  })
}
const locked = { periodLockDate: day('2026-09-30'), endOfYearLockDate: day('2026-10-31') }
const mirror = journalBooks().mirror ?? aMirror()

test('a journal that is fine has no findings', () => {
  expect(findings(aJournal())).toEqual([])
  expect(
    findings(
      withLine({ taxCode: 'GST', tax: money(15), tracking: [{ category: 'branch', option: 'city' }] }),
    ),
  ).toEqual([])
})

test.each<[string, LedgerJournal, string[]]>([
  [
    'a cent too much',
    aJournal({ lines: [aJournalLine(), aJournalLine({ account: '814', amount: money(-99.99) })] }),
    ['journal-unbalanced lines error'],
  ],
  [
    'balanced only without tax',
    aJournal({
      lines: [
        aJournalLine({ taxCode: 'GST', tax: money(15) }),
        aJournalLine({ account: '814', amount: money(-100) }),
      ],
    }),
    ['journal-unbalanced lines error'],
  ],
  ['one line', aJournal({ lines: [aJournalLine()] }), ['journal-too-short lines error']],
  [
    'a nil pay run',
    aJournal({
      kind: 'pay_run',
      status: 'paid',
      lines: [aJournalLine({ amount: money(0) }), aJournalLine({ amount: money(0), account: '814' })],
    }),
    ['journal-too-short lines error'],
  ],
  ['no account', withLine({ account: null }), ['account-missing lines[1].account error']],
  ['an unknown account', withLine({ account: '999' }), ['account-unknown lines[1].account error']],
  ['an archived account', withLine({ account: '290' }), ['account-archived lines[1].account error']],
  ['receivables', withLine({ account: '610' }), ['account-system lines[1].account error']],
  ['retained earnings', withLine({ account: '960' }), ['account-system lines[1].account error']],
  ['a bank account', withLine({ account: '090' }), ['account-wrong-class lines[1].account error']],
  ['an inventory account', withLine({ account: '630' }), ['account-wrong-class lines[1].account error']],
  ['sales tax itself', withLine({ account: '820' }), []],
  ['an unmapped tax code', withLine({ taxCode: 'X' }), ['tax-unmapped lines[1].taxCode error']],
  ['tax without a code', withLine({ tax: money(15) }), ['tax-unmapped lines[1].taxCode error']],
  ['a tax type no longer used', withLine({ taxCode: 'OUTPUT' }), ['tax-unknown lines[1].taxCode error']],
  [
    'a type that does not go with the account',
    withLine({ taxCode: 'ZERORATED' }),
    ['tax-not-applicable lines[1].taxCode error'],
  ],
  [
    'tax of the other sign',
    withLine({ taxCode: 'GST', tax: money(-15) }),
    ['tax-amount-invalid lines[1].tax error'],
  ],
  [
    'tax without an amount',
    withLine({ amount: money(0), taxCode: 'GST', tax: money(15) }),
    ['tax-amount-invalid lines[1].tax error'],
  ],
  [
    'half a tracking',
    withLine({ tracking: [{ category: 'Branch', option: null }] }),
    ['tracking-half lines[1].tracking error'],
  ],
  [
    'tracking that Xero has not',
    withLine({ tracking: [{ category: 'Branch', option: 'Moon' }] }),
    ['tracking-unknown lines[1].tracking error'],
  ],
  [
    'archived tracking',
    withLine({ tracking: [{ category: 'Region', option: 'South' }] }),
    ['tracking-unknown lines[1].tracking error'],
  ],
  [
    'a category twice',
    withLine({
      tracking: [
        { category: 'Branch', option: 'City' },
        { category: 'branch', option: 'City' },
      ],
    }),
    ['tracking-twice lines[1].tracking error'],
  ],
  [
    'too large',
    withLine({ amount: 1_000_000_000_000 as never }),
    ['amount-too-large lines[1].amount error', 'amount-too-large lines[2].amount error'],
  ],
  ['no real date', aJournal({ date: day('2026-02-30') }), ['date-invalid date error']],
  ['of the future', aJournal({ date: day('2026-11-21') }), ['future-dated date information']],
  ['a long narration', aJournal({ narration: 'x'.repeat(4001) }), ['text-too-long narration error']],
  [
    'a long description',
    withLine({ description: 'x'.repeat(4001) }),
    ['text-too-long lines[1].description error'],
  ],
])('%s', (_, journal, expected) => {
  expect(findings(journal)).toEqual(expected)
})

test('lock dates: the later one counts, and the day itself is locked', () => {
  const books = journalBooks(
    {},
    { mirror: { ...mirror, organisation: { ...mirror.organisation, ...locked } } },
  )
  expect(findings(aJournal({ date: day('2026-10-31') }), books)).toEqual(['period-locked date error'])
  expect(findings(aJournal({ date: day('2026-11-01') }), books)).toEqual([])
})

test('too large for a call', () => {
  const long = { description: 'x'.repeat(4000) }
  const lines = Array.from({ length: 800 }, (_, index) =>
    aJournalLine({ ...long, amount: money(index % 2 === 0 ? 1 : -1) }),
  )
  expect(findings(aJournal({ lines }))).toEqual(['document-too-large  error'])
})

test('before the cutover nothing else matters', () => {
  const books = journalBooks({ cutover_date: '2026-10-06' })
  expect(findings(aJournal({ lines: [] }), books)).toEqual(['before-cutover date information'])
  expect(findings(aJournal({ date: day('2026-10-06') }), books)).toEqual([])
})

test('before the first connection Xero’s own rules wait', () => {
  expect(findings(withLine({ account: '999' }), journalBooks({}, { mirror: null }))).toEqual([])
})

describe('what a journal needs of the roles', () => {
  const checkSale = (books: Books) => {
    const entry = journalOfDocument(anInvoice(), books)
    if ('fits' in entry) throw new Error(entry.which)
    return checkJournal({ kind: 'invoice', id: 'doc-1', number: 'INV-1', entry }, { books, today })
  }
  test('the finding names role and table', () => {
    const [finding] = checkSale(journalBooks({}, { roleAccounts: new Map() }))
    expect(finding).toMatchObject({
      kind: 'invoice',
      number: 'INV-1',
      code: 'account-missing',
      field: 'lines[1].account',
      message: 'Invoice INV-1, line 1, needs the account of the role debtors, and none is named.',
      fix: 'Name an account for the role debtors in role_account.',
    })
  })
  test('debtors cannot be Xero’s own', () => {
    const [finding] = checkSale(journalBooks({}, { roleAccounts: new Map([['debtors', '610']]) }))
    expect(finding).toMatchObject({
      code: 'account-system',
      fix: 'Name another account for the role debtors in role_account.',
    })
    expect(finding?.why).toContain('an account of your own')
  })
})

describe('journals that are payments', () => {
  const books = journalBooks()
  const payment = (journal: Partial<LedgerJournal>) => {
    const whole = aJournal({ kind: 'invoice_payment', ...journal })
    return checkPaymentJournal(whole, journalFormOf(whole, books)).map(
      ({ code, message }) => `${code}: ${message}`,
    )
  }
  test.each<[Partial<LedgerJournal>, RegExp | null]>([
    [{ document: 'doc-1' }, null],
    [{ payment: 'PAY-1' }, null],
    [{}, /names neither/],
    [{ document: 'doc-1', lines: [] }, /has no debit side/],
    [
      { document: 'doc-1', lines: [aJournalLine(), aJournalLine({ account: '858' })] },
      /several accounts: 400, 858/,
    ],
  ])('%o', (journal, message) => {
    const [finding] = payment(journal)
    if (message === null) expect(finding).toBeUndefined()
    else expect(finding).toMatch(message)
  })
})

test.each([
  [
    { fits: false, which: 'rate', currency: 'USD', baseCurrency: 'NZD' },
    'rate-missing',
    /is in USD and has no exchange rate/,
  ],
  [
    { fits: false, which: 'tax', ledgerTotal: money(15), linesTotal: money(14) },
    'total-mismatch',
    /15\.00 tax, but its lines have 14\.00/,
  ],
  [
    { fits: false, which: 'net', ledgerTotal: money(15), linesTotal: money(14) },
    'total-mismatch',
    /a total of 15\.00/,
  ],
] as const)('no journal can be made: %o', (unfit, code, message) => {
  const finding = unfittingFinding({ kind: 'invoice', id: 'doc-1', number: 'INV-1' }, unfit)
  expect(finding.code).toBe(code)
  expect(finding.message).toMatch(message)
})
