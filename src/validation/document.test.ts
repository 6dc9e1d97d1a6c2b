// One table a subject: a document that has the finding, and one that nearly has it and does not. The base invoice has none.

import { describe, expect, test } from 'vitest'
import { aContact, aLine, aMirrorContact, day, money } from '../../test/support/books.ts'
import { check, oneLine, tests } from '../../test/support/checked-document.ts'
import type { DocumentKind } from '../accounting/kinds.ts'
import { e4, e6 } from '../accounting/money.ts'
import type { DocumentForm } from '../mapping/document-form.ts'

tests('nothing wrong', [
  ['the base invoice', {}, []],
  ['before the first connection', { mirror: null, context: { contactLink: null } }, []],
])

tests('number', [
  ['none', { number: '' }, ['number-missing number']],
  ['blank', { number: '  ' }, ['number-missing number']],
  ['space around it', { number: 'INV-1 ' }, ['text-invalid number']],
  ['space inside it', { number: 'INV 1' }, []],
  ['shared', { context: { numberSharedBy: ['doc-2'] } }, ['number-duplicate number']],
  [
    'missing numbers are not shared ones',
    { number: '', context: { numberSharedBy: ['doc-2'] } },
    ['number-missing number'],
  ],
  ['255 characters', { number: 'x'.repeat(255) }, []],
  ['256 characters', { number: 'x'.repeat(256) }, ['text-too-long number']],
  [
    '256 with the prefix',
    { number: 'x'.repeat(253), settings: { number_prefix: 'NZ-' } },
    ['text-too-long number'],
  ],
])

const ambiguous = { outcome: 'ambiguous', xeroContactIds: ['a', 'b'], why: 'Two.' } as const
tests('contact (K4, K7, K9, I11)', [
  ['none named', { contact: null }, ['contact-missing contact']],
  ['one that the ledger has not', { context: { contact: null } }, ['contact-missing contact']],
  ['inactive', { context: { contact: aContact({ active: false }) } }, ['contact-inactive contact']],
  [
    'archived in Xero',
    {
      context: {
        contactLink: { state: 'linked', xeroContactId: 'x', mirror: aMirrorContact({ status: 'ARCHIVED' }) },
      },
    },
    ['contact-archived contact'],
  ],
  [
    'erased in Xero',
    {
      context: {
        contactLink: {
          state: 'linked',
          xeroContactId: 'x',
          mirror: aMirrorContact({ status: 'GDPRREQUEST' }),
        },
      },
    },
    ['contact-archived contact'],
  ],
  [
    'linked and not read yet',
    { context: { contactLink: { state: 'linked', xeroContactId: 'x', mirror: null } } },
    [],
  ],
  [
    'not linked, none there',
    { context: { contactLink: { state: 'unlinked', match: { outcome: 'none' } } } },
    [],
  ],
  [
    'not linked, one there',
    { context: { contactLink: { state: 'unlinked', match: { outcome: 'match', xeroContactId: 'x' } } } },
    [],
  ],
  [
    'not linked, two there',
    { context: { contactLink: { state: 'unlinked', match: ambiguous } } },
    ['contact-ambiguous contact'],
  ],
  [
    'namesakes in the ledger',
    {
      context: {
        contactLink: { state: 'unlinked', match: { outcome: 'none' } },
        duplicatesOfName: ['ACME2'],
      },
    },
    ['contact-name-duplicate contact'],
  ],
  [
    'namesakes before the first connection',
    { context: { contactLink: null, duplicatesOfName: ['ACME2'] } },
    ['contact-name-duplicate contact'],
  ],
  ['namesakes, linked by hand', { context: { duplicatesOfName: ['ACME2'] } }, []],
])

tests('dates', [
  ['not in the calendar', { date: day('2026-02-30') }, ['date-invalid date']],
  [
    'not in the calendar, after today: not told as a wait',
    { date: day('2026-13-45') },
    ['date-invalid date'],
  ],
  [
    'not in the calendar, without a due date',
    { date: day('2026-09-31'), dueDate: null },
    ['date-invalid date'],
  ],
  ['due date not in the calendar', { dueDate: day('2026-02-30') }, ['date-invalid dueDate']],
  ['no due date', { dueDate: null }, ['information due-date-missing dueDate']],
  [
    'on the period lock date',
    { organisation: { periodLockDate: day('2026-10-05') } },
    ['period-locked date'],
  ],
  ['the day after it', { organisation: { periodLockDate: day('2026-10-04') } }, []],
  [
    'on the end of year lock date',
    { organisation: { endOfYearLockDate: day('2026-10-05') } },
    ['period-locked date'],
  ],
  ['the day after that', { organisation: { endOfYearLockDate: day('2026-10-04') } }, []],
  [
    'both: said once',
    { organisation: { endOfYearLockDate: day('2026-10-05'), periodLockDate: day('2026-10-06') } },
    ['period-locked date'],
  ],
  ['tomorrow', { context: { today: day('2026-10-04') } }, ['information future-dated date']],
  ['today', { context: { today: day('2026-10-05') } }, []],
  ['before the cutover', { settings: { cutover_date: '2026-10-06' } }, ['information before-cutover date']],
  ['on the cutover', { settings: { cutover_date: '2026-10-05' } }, []],
  [
    'before the cutover nothing else matters',
    { number: '', settings: { cutover_date: '2026-10-06' } },
    ['information before-cutover date'],
  ],
])

tests('currency (I10)', [
  ['not enabled', { currency: 'EUR' }, ['currency-not-enabled currency']],
  ['enabled', { currency: 'USD' }, []],
  [
    'not enabled, but converted',
    { currency: 'EUR', exchangeRate: e6(500_000), settings: { foreign_currency: 'base' } },
    [],
  ],
  [
    'converted without a rate',
    { currency: 'EUR', settings: { foreign_currency: 'base' } },
    ['rate-missing exchangeRate'],
  ],
  ['base currency needs no rate', { currency: 'NZD', settings: { foreign_currency: 'base' } }, []],
  ['the base currency is always there', { mirror: { currencies: new Set() } }, []],
  ['nobody knows before the first connection', { currency: 'EUR', mirror: null }, []],
])

const huge = money(9_999_999_999.99)
tests('totals (I5, I13)', [
  ['no lines', { lines: [] }, ['lines-missing lines']],
  ['no lines and a total', { lines: [], subtotal: money(1), total: money(1) }, ['lines-missing lines']],
  ['header that contradicts itself', { total: money(116) }, ['total-mismatch total']],
  ['two cents of net', { subtotal: money(100.02), total: money(115.02) }, ['total-mismatch total']],
  ['tax that no line can take', { tax: money(101), total: money(201) }, ['total-mismatch tax']],
  ['tax in a document without', { amounts: 'no_tax' }, ['total-mismatch tax']],
  ['a cent of tax moves', { tax: money(15.01), total: money(115.01) }, []],
  [
    'two cents on one line are no rounding',
    { tax: money(15.02), total: money(115.02) },
    ['warning tax-difference tax'],
  ],
  [
    'two cents on two lines are',
    { lines: [aLine(), aLine()], subtotal: money(200), tax: money(30.02), total: money(230.02) },
    [],
  ],
  ['zero', oneLine({ amount: money(0), tax: money(0) }), []],
  ['negative: it goes out as a credit note', oneLine({ amount: money(-1), tax: money(-0.15) }), []],
  ['as large as Xero takes', oneLine({ amount: huge, tax: money(0), taxCode: 'NONE' }), []],
  [
    'larger',
    oneLine({ amount: money(10_000_000_000), tax: money(0), taxCode: 'NONE' }),
    ['amount-too-large lines[1].amount'],
  ],
  ['a header larger than that', { subtotal: money(10_000_000_000) }, ['amount-too-large total']],
])

tests('text', [
  ['reference of 255', { reference: 'x'.repeat(255) }, []],
  ['reference of 256', { reference: 'x'.repeat(256) }, ['text-too-long reference']],
  [
    'reference from the template',
    { job: 'x'.repeat(256), settings: { reference_template: '{job}' } },
    ['text-too-long reference'],
  ],
  ['a control character', { reference: 'a\u0007b' }, ['text-invalid reference']],
  ['half a character', { reference: 'a\ud83d' }, ['text-invalid reference']],
  ['a whole one', { reference: 'a😀' }, []],
  ['lines in a reference', { reference: 'a\nb' }, ['text-invalid reference']],
  ['description of 4,000', oneLine({ description: 'x'.repeat(4000) }), []],
  [
    'description of 4,001',
    oneLine({ description: 'x'.repeat(4001) }),
    ['text-too-long lines[1].description'],
  ],
  [
    'description of 4,000 and pricing in words',
    oneLine({ description: 'x'.repeat(4000), quantity: e4(30_000) }),
    ['text-too-long lines[1].description'],
  ],
  ['lines in a description', oneLine({ description: 'a\r\n\tb' }), []],
  [
    'a control character in a description',
    oneLine({ description: 'a\u0000' }),
    ['text-invalid lines[1].description'],
  ],
  [
    'judged even where nothing adds up',
    { ...oneLine({ description: 'a\u0000' }), total: money(1) },
    ['total-mismatch total', 'text-invalid lines[1].description'],
  ],
  ['a link', { url: 'https://example.test/doc?id=1' }, []],
  ['an empty link', { url: '' }, []],
  ['a link that names Xero', { url: 'https://example.test/XERO/1' }, ['text-invalid url']],
  ['no link at all', { url: 'doc 1' }, ['text-invalid url']],
])

const bulky = Array.from({ length: 900 }, () => aLine({ description: 'x'.repeat(3900) }))
tests('size', [
  ['more than a call carries', { lines: bulky }, ['document-too-large null']],
  ['a thousand usual lines', { lines: Array.from({ length: 1000 }, () => aLine()) }, []],
])

const sentAs = (form: DocumentForm | null, kind: DocumentKind = 'invoice') => ({
  exportedBefore: { kind, form },
})
const negative = oneLine({ amount: money(-1), tax: money(-0.15) })
tests('exported before (I7)', [
  ['the same or edited: it is sent as an update', { context: sentAs('sales_invoice') }, []],
  ['marked by mock export', { context: sentAs(null) }, []],
  ['as another kind', { context: sentAs('bill', 'bill') }, ['kind-changed kind']],
  [
    'and its total went below zero',
    { ...negative, context: sentAs('sales_invoice') },
    ['kind-changed total'],
  ],
  ['below zero as before', { ...negative, context: sentAs('sales_credit') }, []],
  ['below zero before', { context: sentAs('sales_credit') }, ['kind-changed total']],
  [
    'below zero, as a journal: a journal has no sign',
    { ...negative, settings: { ar_style: 'journals' }, context: sentAs('journal') },
    [],
  ],
  [
    'it keeps its form, whatever the settings say now',
    { reference: 'x'.repeat(256), settings: { ar_style: 'journals' }, context: sentAs('sales_invoice') },
    ['text-too-long reference'],
  ],
])

tests('voided (I7)', [
  ['its lines are as they like', { ...oneLine({ account: '999', taxCode: 'S15' }), status: 'void' }, []],
  [
    'in a locked period',
    { status: 'void', organisation: { periodLockDate: day('2026-10-05') } },
    ['period-locked date'],
  ],
  ['as another kind', { status: 'void', context: sentAs('bill', 'bill') }, ['kind-changed kind']],
])

describe('what a bookkeeper reads', () => {
  test('every finding says what with the number, why, and how to fix it', () => {
    const findings = check({
      number: 'INV-7',
      contact: null,
      total: money(200),
      lines: [
        aLine(),
        aLine({ account: '999', taxCode: 'S15', tracking: [{ category: 'Region', option: null }] }),
      ],
    })
    expect(findings.map(({ message }) => message)).toEqual([
      'Invoice INV-7 has no contact.',
      'Invoice INV-7, line 2, has account 999, which Xero does not have.',
      'Invoice INV-7, line 2, has tax code S15, for which no sales tax type of Xero is known.',
      'Invoice INV-7, line 2, has tracking category Region without an option.',
      'Invoice INV-7 has a total of 200.00, but subtotal and tax come to 230.00.',
    ])
    for (const { why, fix, id, number } of findings) {
      expect([id, number]).toEqual(['doc-1', 'INV-7'])
      expect(why).toMatch(/^[A-Z].*\.$/)
      expect(fix).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('a document without a number is named by its id', () => {
    expect(check({ number: '' })[0]).toMatchObject({
      number: 'doc-1',
      message: 'Invoice doc-1 has no number.',
    })
  })

  test('many namesakes are counted', () => {
    const numberSharedBy = ['2', '3', '4', '5', '6']
    expect(check({ context: { numberSharedBy } })[0]?.message).toBe(
      'Invoice INV-1 has the number INV-1, which is also that of documents 2, 3, 4 and 2 more.',
    )
  })
})
