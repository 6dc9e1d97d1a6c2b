import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capturedStream } from '../../test/support/host.ts'
import { groupFindings } from '../accounting/finding-groups.ts'
import { findingsPage } from './findings-page.ts'
import {
  countFindings,
  csvRow,
  findingsCsv,
  findingsJson,
  printFindings,
  type ReportedFinding,
  summaryText,
} from './findings-report.ts'
import { createPrinter } from './terminal.ts'

function aFinding(number: string, finding: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    entity: 'NZ01',
    kind: 'invoice',
    id: `id-${number}`,
    number,
    code: 'account-unknown',
    severity: 'error',
    field: 'lines[2].account',
    message: `Invoice ${number}, line 2, has account 999, which Xero does not have.`,
    why: 'It is not mapped.',
    fix: 'Map it.',
    xeroMessages: [],
    ...finding,
  }
}

const reportOf = (findings: ReportedFinding[], checked = 350) => ({
  findings,
  counts: countFindings(findings, checked),
  mirrors: [
    {
      entity: 'NZ01',
      organisation: 'Harbour Motors',
      readAt: '2026-11-21T03:00:00.000Z',
      ageMs: 7_200_000,
    },
  ],
})

describe('findings as CSV', () => {
  test('one row a finding, under a header', () => {
    expect(findingsCsv(reportOf([aFinding('INV-1', { xeroMessages: ['a', 'b'], field: null })]))).toBe(
      'entity,severity,code,kind,number,id,field,message,why,fix,xero_messages,cause\r\n' +
        'NZ01,error,account-unknown,invoice,INV-1,id-INV-1,,"Invoice INV-1, line 2, has account 999, which Xero does not have.",It is not mapped.,Map it.,a | b,1\r\n',
    )
  })

  test.each([
    ['plain', 'plain'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['a=1', 'a=1'],
    ['two\nlines', '"two\nlines"'],
    ['\u001b[31mred', '[31mred'],
    ['\u001b=1', "'=1"],
  ])('%j is the cell %j', (text, cell) => {
    expect(csvRow([text])).toBe(`${cell}\r\n`)
  })

  test('whatever is in the data, a reader gets the same cells and none is a formula', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('=', '+', '"', ',', '\r', '\n', "'", '\t'), fc.string()),
    })
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (cells) => {
        const [row = []] = parse(csvRow(cells), { relaxQuotes: false, recordDelimiter: '\r\n' })
        expect(row).toHaveLength(cells.length)
        for (const [index, cell] of cells.entries()) {
          const plain = cell.replaceAll(/(?![\t\r\n])\p{Cc}/gu, '')
          expect([plain, `'${plain}`]).toContain(row[index])
          expect(row[index]).not.toMatch(/^[=+\-@\t\r]/)
        }
      }),
    )
  })
})

test('findings as JSON have the fields of the public contract', () => {
  const findings = [aFinding('INV-1'), aFinding('INV-2', { severity: 'warning' })]
  expect(JSON.parse(findingsJson(reportOf(findings)))).toEqual({
    findings: [
      {
        entity: 'NZ01',
        kind: 'invoice',
        id: 'id-INV-1',
        number: 'INV-1',
        code: 'account-unknown',
        severity: 'error',
        field: 'lines[2].account',
        message: 'Invoice INV-1, line 2, has account 999, which Xero does not have.',
        why: 'It is not mapped.',
        fix: 'Map it.',
        xeroMessages: [],
      },
      expect.objectContaining({ severity: 'warning' }),
    ],
    counts: { error: 1, warning: 1, information: 0, checked: 350 },
    mirror: [{ entity: 'NZ01', organisation: 'Harbour Motors', readAt: '2026-11-21T03:00:00.000Z' }],
  })
})

describe('findings as a page', () => {
  const evil = `</style><script>alert("x")</script><img src=x onerror='y'>&amp;`
  const page = findingsPage(
    reportOf([
      aFinding(evil, {
        id: evil,
        entity: evil,
        message: evil,
        why: evil,
        fix: evil,
        field: evil,
        xeroMessages: [evil],
      }),
    ]),
    { scope: evil, at: evil },
  )

  test('no text of the data is markup', () => {
    expect(page).not.toMatch(/<script|<img|<\/style><|onerror='/)
    expect(page.match(/&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;/g)?.length).toBeGreaterThan(7)
    expect(page).toContain('&amp;amp;')
  })

  test('nothing is loaded and nothing runs', () => {
    expect(findingsPage(reportOf([aFinding('INV-1')]), { scope: 'NZ01', at: 'now' })).not.toMatch(
      /<script|https?:|src=|href=|url\(|@import/,
    )
  })

  test('says aloud when all is well', () => {
    expect(findingsPage(reportOf([]), { scope: 'NZ01', at: 'now' })).toContain(
      '350 documents checked: all is well.',
    )
  })

  test('says against what was checked, and how old that is', () => {
    expect(page).toContain('<p>NZ01: checked against Harbour Motors as it was 2 hours ago.</p>')
    const unread = [{ entity: 'NZ01', organisation: null, readAt: null, ageMs: null }]
    expect(findingsPage({ ...reportOf([]), mirrors: unread }, { scope: 'NZ01', at: 'now' })).toContain(
      '<p>NZ01: Xero was never read; accounts, tax rates and contacts were not checked against it.</p>',
    )
  })
})

describe('findings by cause', () => {
  test.each<{ title: string; findings: ReportedFinding[]; groups: string[][] }>([
    {
      title: 'the same wrong account on different lines',
      findings: [
        aFinding('INV-1'),
        aFinding('INV-2', { message: 'Invoice INV-2, line 7, has account 999, which Xero does not have.' }),
      ],
      groups: [['INV-1', 'INV-2']],
    },
    {
      title: 'another account is another cause',
      findings: [
        aFinding('INV-1'),
        aFinding('INV-2', { message: 'Invoice INV-2, line 2, has account 998, which Xero does not have.' }),
      ],
      groups: [['INV-1'], ['INV-2']],
    },
    {
      title: 'two lines of one document count once',
      findings: [aFinding('INV-1'), aFinding('INV-1', { field: 'lines[3].account' })],
      groups: [['INV-1']],
    },
    {
      title: 'dates and amounts do not part them',
      findings: [
        aFinding('7', { message: 'Invoice 7 is dated 5 Oct 2026 and differs by 0.02.' }),
        aFinding('8', { message: 'Invoice 8 is dated 17 Nov 2026 and differs by 1,200.50.' }),
      ],
      groups: [['7', '8']],
    },
    {
      title: 'a number inside a word is no number',
      findings: [
        aFinding('1', { message: 'Invoice 1 has account 100.' }),
        aFinding('2', { message: 'Invoice 2 has account 200.' }),
      ],
      groups: [['1'], ['2']],
    },
    {
      title: 'a document without a number',
      findings: [aFinding('', { message: 'Invoice x has no number.' })],
      groups: [['']],
    },
    {
      title: 'another severity is another group',
      findings: [aFinding('INV-1'), aFinding('INV-2', { severity: 'warning' })],
      groups: [['INV-1'], ['INV-2']],
    },
  ])('$title', ({ findings, groups }) => {
    expect(groupFindings(findings).map((group) => group.subjects.map(({ number }) => number))).toEqual(groups)
  })

  test('errors come first, whatever order they were found in', async () => {
    const stream = capturedStream()
    const findings = [
      aFinding('INV-3', { severity: 'information', code: 'future-dated' }),
      aFinding('INV-2', { severity: 'warning' }),
      aFinding('INV-1'),
    ]
    printFindings(await createPrinter(stream, {}, { json: false }), reportOf(findings))
    const order = ['Errors', 'INV-1', 'Warnings', 'INV-2', 'Good to know', 'INV-3', '1 error and 1 warning']
    expect(order.map((word) => stream.text().indexOf(word))).toEqual(
      [...order.map((word) => stream.text().indexOf(word))].sort((a, b) => a - b),
    )
    expect(order.every((word) => stream.text().includes(word))).toBe(true)
  })
})

test.each([
  [{ error: 0, warning: 0, information: 3, checked: 350 }, '350 documents checked: all is well.'],
  [{ error: 1, warning: 2, information: 0, checked: 1 }, '1 document checked: 1 error and 2 warnings.'],
  [
    { error: 0, warning: 0, information: 0, checked: 0 },
    'Nothing to check: no document waits to be exported.',
  ],
])('%j is told as %s', (counts, text) => {
  expect(summaryText(counts)).toBe(text)
})
