// Whatever stands in the ledger stays text: in every page, in every place of it.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlainDate } from '../../accounting/calendar.ts'
import type { Finding } from '../../accounting/findings.ts'
import type { AgeingRow, MonthReport, RunStory } from '../../accounting/looking-back.ts'
import { noCounts, nothingPulled } from '../../accounting/outcomes.ts'
import { html, joined } from './html.ts'
import { monthPage } from './month-page.ts'
import { runPage } from './run-page.ts'
import { pageTable } from './table.ts'

/** Text that would be more than text where somebody forgot to escape it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><style>*{display:none}',
    '</table></main>',
    '&lt;b&gt;',
    '<!--',
    ']]>',
    '\u202egnp.exe',
    '\u0000\u001b[31m',
    'javascript:alert(1)',
  ),
)

/** The tags of a page by name, in order: they are ours alone, whatever the text. */
function tagsOf(page: string): string[] {
  return page.match(/<\/?[a-z!][a-z0-9]*/gi) ?? []
}

/** What stands in the attributes of a page, by name: text may be a value, and never a name. */
function attributesOf(page: string): string[] {
  const tags = page.match(/<[a-z][^>]*>/gi) ?? []
  return tags.flatMap((tag) =>
    [...tag.replaceAll(/"[^"]*"/g, '""').matchAll(/\s([a-z-]+)(?==|[\s>])/gi)].map(([, name = '']) => name),
  )
}

describe('a template', () => {
  test('lets text be text anywhere', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page =
          html`<p title="${text}">${text}</p>${[text, html`<b>${text}</b>`]}${joined([text, text], html`<br>`)}`
            .text
        expect(tagsOf(page)).toEqual(['<p', '</p', '<b', '</b', '<br'])
        expect(attributesOf(page)).toEqual(['title'])
        expect(page).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
      }),
    )
  })

  test('shows what was written, and nothing for nothing', () => {
    expect(html`${'a & "b"'}${null}${false}${undefined}${0}`.text).toBe('a &amp; &quot;b&quot;0')
  })
})

const finding = (text: string, number = text): Finding => ({
  kind: 'invoice',
  id: text,
  number,
  code: 'account-unknown',
  severity: 'error',
  field: text,
  message: text,
  why: text,
  fix: text,
  xeroMessages: [text],
})

function story(text: string, failures: readonly Finding[] = [finding(text)]): RunStory {
  const counts = noCounts()
  counts.invoice = { ...counts.invoice, exported: 3, failed: failures.length }
  const paidDays = { from: '2026-11-01' as PlainDate, to: '2026-11-30' as PlainDate }
  return {
    report: {
      id: 12,
      verb: 'export',
      entity: text,
      organisation: { tenantId: text, name: text },
      mirror: { readAt: '2026-11-22T00:00:00.000Z' },
      state: 'partial',
      startedAt: '2026-11-22T00:00:00.000Z',
      finishedAt: '2026-11-22T00:01:00.000Z',
      dryRun: false,
      kinds: counts,
      pulled: { ...nothingPulled(), payments: 2 },
      isPulled: true,
      chunks: [],
      failures: [...failures],
      waiting: { futureDated: 1, held: 1, uncertain: 1 },
      calls: { made: 9, minuteLeft: 51, dayLeft: 4991, bytesOut: 10, bytesIn: 10 },
      stopReason: text,
      settleFrom: null,
      plan: null,
      warnings: [text],
    },
    verb: text,
    who: text,
    sent: [{ kind: 'invoice', operation: 'create', things: 3, currency: text, totalCents: 123_456 }],
    paid: [{ date: paidDays.from, currency: text, inCents: 100, outCents: 5 }],
    paidDays,
    isRebuilt: true,
  }
}

function month(text: string): MonthReport {
  const day = '2026-10-31' as PlainDate
  const row: AgeingRow = {
    contact: text,
    name: text,
    currency: text,
    current: 5,
    days30: 0,
    days60: 0,
    days90: 0,
    older: 7,
    unapplied: -1,
    total: 11,
  }
  const document = { kind: 'invoice', id: text, number: text, currency: text } as const
  return {
    entity: text,
    name: text,
    organisation: text,
    month: '2026-10',
    from: '2026-10-01' as PlainDate,
    to: day,
    asOf: day,
    documents: [{ kind: 'bill', currency: text, documents: 1, netCents: 1, taxCents: 1, totalCents: 2 }],
    paid: [{ date: day, currency: text, inCents: 1, outCents: 2 }],
    receivable: { side: 'sales', asOf: day, rows: [row] },
    payable: { side: 'purchases', asOf: day, rows: [row] },
    notInXero: [{ ...document, contact: text, date: day, totalCents: 5, state: 'failed', why: text }],
    adjustments: [{ ...document, at: '2026-10-30T00:00:00.000Z', amountCents: -100, reason: text }],
    runs: [
      {
        id: 3,
        entity: text,
        verb: text,
        startedAt: '2026-10-30T00:00:00.000Z',
        state: 'sent',
        kinds: {},
        calls: 3,
        who: text,
      },
    ],
    mirrorReadAt: null,
  }
}

const made = { madeAt: '2026-11-22T00:00:00.000Z', zone: 'UTC', month: '2026-10' }

describe('a page by itself', () => {
  // A number that is a message's own word is told apart from others: such texts make the same tags, only fewer or more of them.
  const plain = 'plain'
  test.each([
    ['run', (text: string) => runPage(story(text), made)],
    ['month', (text: string) => monthPage([{ report: month(text), zone: 'UTC' }], made)],
  ])('of a %s has the same tags whatever stands in every field', (_, page) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const told = page(text === '' ? plain : text)
        expect(new Set(tagsOf(told))).toEqual(new Set(tagsOf(page(plain))))
        expect(new Set(attributesOf(told))).toEqual(new Set(attributesOf(page(plain))))
      }),
      { numRuns: 40 },
    )
  })

  test('loads nothing, has no script, and says so in its policy', () => {
    const page = runPage(story(plain), made)
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-')
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\sstyle=|@import|url\(|http-equiv="refresh"/i)
  })

  test('80 documents of one cause are one thing to do, with their 80 numbers', () => {
    const failures = Array.from({ length: 80 }, (_, index) => ({
      ...finding(`doc-${index}`, `INV-${index}`),
      message: `INV-${index} names account 999.`,
      why: 'Xero has no such account.',
      fix: 'Name another.',
    }))
    const page = runPage(story(plain, failures), made)
    expect(page.match(/class="cause/g)).toHaveLength(1)
    expect(page).toContain('<h3>80 invoices</h3>')
    expect(page.match(/<li>INV-\d+<\/li>/g)).toHaveLength(80)
  })

  test('5,000 documents that are not in Xero make a page of a few megabytes', () => {
    const [one] = month(plain).notInXero
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      ...one,
      id: `d-${index}`,
      number: `INV-${index}`,
    }))
    const page = monthPage(
      [{ report: { ...month(plain), notInXero: many as MonthReport['notInXero'] }, zone: 'UTC' }],
      made,
    )
    expect(page.match(/>invoice INV-\d+</g)).toHaveLength(5_000)
    expect(page.length).toBeLessThan(3_000_000)
  })
})

test('a table names its columns, its rows and what it is a table of', () => {
  const table = pageTable({
    caption: 'Days',
    columns: [
      { head: 'Day', isRowHead: true },
      { head: 'Paid', isNumber: true, sort: { href: '?sort=paid', now: 'descending' } },
    ],
    rows: [['Monday', '1.00']],
  }).text
  expect(table).toContain('<caption>Days</caption>')
  expect(table).toContain(
    '<th role="columnheader" scope="col" class="number" aria-sort="descending"><a href="?sort=paid">',
  )
  expect(table).toContain('<th role="rowheader" scope="row" data-head="Day">Monday</th>')
})
