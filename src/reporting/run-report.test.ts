import { describe, expect, test } from 'vitest'
import { capturedStream } from '../../test/support/host.ts'
import type { Finding } from '../accounting/findings.ts'
import { noCounts, nothingPulled, type PlanReport, type RunReport } from '../accounting/outcomes.ts'
import { printRunReport, sizesText } from './run-report.ts'
import { createPrinter } from './terminal.ts'

function aReport(report: Partial<RunReport> = {}): RunReport {
  return {
    id: 12,
    entity: 'NZ01',
    organisation: { tenantId: 'tenant', name: 'Harbour Motors' },
    mirror: { readAt: '2026-11-22T02:31:00.000Z' },
    state: 'sent',
    startedAt: '2026-11-22T03:00:00.000Z',
    finishedAt: '2026-11-22T03:01:00.000Z',
    dryRun: false,
    kinds: noCounts(),
    verb: 'export',
    isPulled: false,
    pulled: nothingPulled(),
    chunks: [],
    failures: [],
    waiting: { futureDated: 0, held: 0, uncertain: 0 },
    calls: { made: 9, minuteLeft: 51, dayLeft: 4991, bytesOut: 120_000, bytesIn: 900 },
    stopReason: null,
    settleFrom: null,
    plan: null,
    warnings: [],
    ...report,
  }
}

function aFailure(number: string, finding: Partial<Finding> = {}): Finding {
  return {
    kind: 'invoice',
    id: `id-${number}`,
    number,
    code: 'account-unknown',
    severity: 'error',
    field: 'lines[2].account',
    message: `Invoice ${number}, line 2, has account 999, which Xero does not have.`,
    why: 'An account that is not mapped is a code of Xero.',
    fix: 'Map it.',
    xeroMessages: [],
    ...finding,
  }
}

const aPlan: PlanReport = {
  kinds: [
    { kind: 'contact', documents: 60, chunks: 1, totals: [] },
    {
      kind: 'invoice',
      documents: 350,
      chunks: 4,
      totals: [
        { currency: 'NZD', total: '1234567.80' },
        { currency: 'USD', total: '10.00' },
      ],
    },
  ],
  callsNeeded: 5,
  notes: [],
  bytesNeeded: 1_200_000,
  minutesNeeded: 1,
  dayLeft: 4991,
}

async function printed(report: Partial<RunReport>): Promise<string> {
  const stream = capturedStream()
  printRunReport(await createPrinter(stream, {}, { json: false }), aReport(report))
  return stream.text()
}

describe('the report of a run', () => {
  test('tells what went out, the size of each call and the calls left', async () => {
    const kinds = noCounts()
    kinds.contact.exported = 60
    kinds.invoice.exported = 350
    const chunks = [100, 100, 100, 50].map((documents, index) => ({
      kind: 'invoice' as const,
      number: index + 1,
      of: 4,
      documents,
    }))
    expect(await printed({ kinds, chunks })).toBe(
      [
        'NZ01 → Harbour Motors: run 12, sent',
        '            exported  failed  remaining',
        '  contacts        60       0          0',
        '  invoices       350       0          0',
        '  Invoices in calls of 100/100/100/50',
        'Accounts, tax rates and tracking of Xero as they were 30 minutes ago.',
        '9 calls to Xero, 4,991 left today; 120 kB sent, 900 bytes read.',
        '',
      ].join('\n'),
    )
  })

  test('one cause with 180 documents is told once, with the first hundred numbers', async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => `INV-${index + 1}`)
    const failures = Array.from({ length: 180 }, (_, index) => aFailure(`INV-${index + 1}`))
    const text = await printed({ state: 'partial', failures })
    expect(text).toContain(
      `  account-unknown  180 invoices: ${numbers.join(', ')} and 80 more\n` +
        '    For example: Invoice INV-1, line 2, has account 999, which Xero does not have.\n' +
        '    Why: An account that is not mapped is a code of Xero.\n' +
        '    To do: Map it.\n',
    )
    expect(text.match(/Map it/g)).toHaveLength(1)
  })

  test.each<{ title: string; report: Partial<RunReport>; says: string }>([
    { title: 'nothing', report: { state: 'nothing' }, says: '  Nothing to send.\n' },
    {
      title: 'Xero’s own words',
      report: { failures: [aFailure('INV-1', { xeroMessages: ['Account code ‘999’ is not valid'] })] },
      says: 'Xero: Account code ‘999’ is not valid\n',
    },
    {
      title: 'future-dated documents',
      report: { waiting: { futureDated: 1, held: 0, uncertain: 0 } },
      says: 'Waiting: 1 dated in the future; it goes out when the day has come.\n',
    },
    {
      title: 'held documents',
      report: { waiting: { futureDated: 0, held: 2, uncertain: 0 } },
      says: 'Held back: 2, until auxo-sync release.\n',
    },
    {
      title: 'outcomes that time settles',
      report: {
        waiting: { futureDated: 0, held: 0, uncertain: 100 },
        settleFrom: '2026-11-22T03:07:00.000Z',
      },
      says: 'Run the export again from 22 Nov 2026 03:07 UTC: it asks Xero and settles them.\n',
    },
    {
      title: 'outcomes that a person settles',
      report: { waiting: { futureDated: 0, held: 0, uncertain: 1 } },
      says: 'a person must settle, with auxo-sync settle.\n',
    },
    {
      title: 'why it stopped',
      report: { state: 'stopped', stopReason: 'The day limit.' },
      says: 'Stopped: The day limit.\n',
    },
    {
      title: 'a mirror that was never read',
      report: { mirror: null },
      says: 'Nothing to send.\n9 calls',
    },
    {
      title: 'warnings once',
      report: { warnings: ['Look here.', 'Look here.'] },
      says: 'Note: Look here.\nAccounts',
    },
  ])('says aloud: $title', async ({ report, says }) => {
    expect(await printed(report)).toContain(says)
  })

  test('a dry run prints the plan: documents, calls, money and what is left today', async () => {
    expect(await printed({ id: 0, dryRun: true, plan: aPlan, state: 'nothing' })).toBe(
      [
        'NZ01 → Harbour Motors: dry run, nothing was sent',
        '  would be sent  number  calls                         total',
        '  contacts           60      1',
        '  invoices          350      4  1,234,567.80 NZD + 10.00 USD',
        '  Takes 5 calls of the 4,991 left today, up to 1.2 MB, within a minute.',
        'Accounts, tax rates and tracking of Xero as they were 30 minutes ago.',
        '',
      ].join('\n'),
    )
  })

  test('a plan that needs more calls than the day has left says so', async () => {
    expect(await printed({ dryRun: true, plan: { ...aPlan, dayLeft: 3 } })).toContain(
      'More than today allows',
    )
    expect(await printed({ dryRun: true, plan: { ...aPlan, dayLeft: 5 } })).not.toContain('More than today')
  })
})

test.each([
  [[100, 100, 100, 50], '100/100/100/50'],
  [[...Array.from({ length: 99 }, () => 100), 1], '99 × 100, 1 × 1'],
])('sizes of calls %#', (sizes, text) => {
  expect(sizesText(sizes)).toBe(text)
})
