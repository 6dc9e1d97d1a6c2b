// Every page in a real browser, on a phone and on a desk, light and dark: nothing is complained of, nothing is loaded from elsewhere,
// nothing is wider than the window, and axe finds nothing that keeps somebody out. Skipped where there is no Chromium.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noCounts } from '../src/accounting/outcomes.ts'
import { dashboardCommand } from '../src/commands/dashboard.ts'
import { reportCommand } from '../src/commands/report.ts'
import { Browser, findChromium } from './support/browser.ts'
import { type CommandLedger, commandLedger } from './support/command-ledger.ts'
import { testContext, testHost } from './support/host.ts'

const chromium = findChromium()
if (chromium === null)
  process.stderr.write('There is no Chromium here: the pages are not tried in a browser.\n')
/** Between the margins of A4, in the pixels of a style sheet. */
const paperWidth = 687

/** Names as they come: long, without a place to break, and with what would be HTML. */
const longName = `Whakatāne ${'Engineering and Sons '.repeat(6)}<script>alert(1)</script>`
const unbroken = `INV-${'0123456789'.repeat(8)}`

/** Documents of one cause. */
const many = 12

const paths = [
  '/',
  '/documents',
  '/documents?q=INV&state=failed',
  '/document?kind=invoice&id=doc-1',
  '/ageing',
  '/accounts?months=12',
  '/month?month=2026-10',
  '/runs',
  '/run?run=7',
  '/findings',
  '/nothing',
]

describe.skipIf(chromium === null)('in a browser', () => {
  let books: CommandLedger
  let browser: Browser
  let origin: string
  let stop: () => void
  let ended: Promise<number>

  beforeAll(async () => {
    books = commandLedger()
    fill(books)
    await books.run((context) => reportCommand(context, { run: 7, html: 'run.html' }))
    await books.run((context) => reportCommand(context, { month: '2026-10', html: 'month.html' }))
    browser = await Browser.open(chromium ?? '')
    const entrance = await beginDashboard()
    origin = new URL(entrance).origin
    await browser.enter(entrance, `${origin}/`)
  })

  afterAll(async () => {
    stop()
    await ended
    await browser.close()
    books.drop()
  })

  async function beginDashboard(): Promise<string> {
    const interrupted = new Promise<void>((resolve) => {
      stop = resolve
    })
    const host = testHost({
      cwd: books.folder,
      env: { AUXO_LEDGER: join(books.folder, 'ledger.db') },
      onInterrupt: (callback) => {
        void interrupted.then(callback)
        return () => undefined
      },
    })
    ended = dashboardCommand(testContext(host), { port: 0 })
    while (host.out() === '') await Promise.race([new Promise(setImmediate), ended])
    return host.out().trim()
  }

  /** What is wrong with the page that is open. */
  async function faults(): Promise<unknown> {
    const width = await browser.evaluate<number[]>(
      '[document.documentElement.scrollWidth, window.innerWidth]',
    )
    await browser.evaluate(`${axe.source}; 0`)
    const found = await browser.evaluate<{ id: string; nodes: string[] }[]>(
      `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
        .then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + node.failureSummary) })))`,
    )
    const isElsewhere = (address: string) =>
      !/^(file:|data:)/.test(address) && !address.startsWith(`${origin}/`)
    return {
      isTooWide: (width[0] ?? 0) > (width[1] ?? 0),
      complaints: browser.seen.complaints.filter((one) => !one.includes('status of 404')),
      elsewhere: browser.seen.requests.filter(isElsewhere),
      axe: found,
    }
  }

  const none = { isTooWide: false, complaints: [], elsewhere: [], axe: [] }

  test.each(paths)('%s', async (path) => {
    await browser.goTo(`${origin}${path}`, 390, 'dark')
    expect(await faults()).toEqual(none)
    await browser.goTo(`${origin}${path}`, 1280)
    expect(await faults()).toEqual(none)
  })

  test.each(['run.html', 'month.html'])('%s', async (file) => {
    const { href } = pathToFileURL(join(books.folder, file))
    await browser.goTo(href, 390)
    expect(await faults()).toEqual(none)
    await browser.goTo(href, 1280, 'dark')
    expect(await faults()).toEqual(none)
    await browser.goTo(href, paperWidth, 'print')
    expect(await browser.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(paperWidth)
    expect((await browser.pdf()).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('a cause of many documents opens without a script', async () => {
    await browser.goTo(`${origin}/findings`, 1280)
    expect(await browser.evaluate("document.querySelectorAll('details:not([open]) li').length")).toBe(many)
    await browser.evaluate("document.querySelector('.cause summary').click()")
    expect(await browser.evaluate("document.querySelectorAll('details[open] li').length")).toBe(many)
  })
})

function fill(books: CommandLedger): void {
  books.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors', region: 'NZ' })
  books.insert('contact', { code: 'ACME', name: longName })
  books.connect('NZ01')
  const now = '2026-11-21T03:00:00.000Z'
  for (let index = 1; index <= many; index += 1) {
    const number = index === 1 ? unbroken : `INV-${index}`
    books.invoice(number, { id: `doc-${index}`, due_date: `2026-0${1 + (index % 9)}-15`, date: '2026-10-05' })
    books.ledger.sqlite.exec(`UPDATE export_state SET state = 'failed' WHERE source_id = 'doc-${index}'`)
    books.insert('finding', {
      kind: 'invoice',
      source_id: `doc-${index}`,
      entity: 'NZ01',
      position: 1,
      number,
      code: 'account-unknown',
      severity: 'error',
      message: `${number} names an account that is not there.`,
      why: 'Xero has no such account.',
      fix: `Name another than ${'9'.repeat(90)}.`,
      xero_messages: JSON.stringify([longName]),
      run: 7,
      found_at: now,
    })
  }
  books.insert('payment', {
    id: 'p-1',
    entity: 'NZ01',
    contact: 'ACME',
    kind: 'payment',
    date: '2026-10-20',
    amount_cents: 5_000,
  })
  books.insert('payment_allocation', { payment: 'p-1', document: 'doc-1', amount_cents: 5_000 })
  books.insert('adjustment', {
    document: 'doc-1',
    tenant_id: 'tenant-1',
    at: '2026-10-30T00:00:00.000Z',
    amount_cents: 100,
    reason: longName,
  })
  const kinds = noCounts()
  kinds.invoice = { ...kinds.invoice, exported: 5, failed: many, remaining: many }
  books.insert('batch_run', {
    id: 7,
    entity: 'NZ01',
    tenant_id: 'tenant-1',
    organisation_name: longName,
    verb: 'export',
    started_at: now,
    ended_at: now,
    state: 'partial',
    kinds: JSON.stringify(kinds),
    calls: 9,
    who: `${'mere'.repeat(20)}@office`,
  })
}
