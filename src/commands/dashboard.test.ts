// `dashboard` over real HTTP: what it shows of a ledger, that it is live, that nothing can be changed, and how it ends.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { testContext, testHost } from '../../test/support/host.ts'
import { noCounts } from '../accounting/outcomes.ts'
import { openLedgerToRead } from '../ledger/open.ts'
import { dashboardCommand } from './dashboard.ts'

let books: CommandLedger
let stop: () => void
let ended: Promise<number>
let url: URL
let said: () => string
let cookie: string

beforeEach(() => {
  books = commandLedger()
  books.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors', region: 'NZ' })
  books.insert('contact', { code: 'ACME', name: '<b>Acme</b> & "Sons"' })
  books.connect('NZ01')
  books.invoice('INV-1')
  books.invoice('INV-2', { date: '2026-11-01', total_cents: 50_000 })
  books.insert('batch_run', {
    id: 7,
    entity: 'NZ01',
    tenant_id: 'tenant-1',
    organisation_name: 'Harbour Motors',
    verb: 'export',
    started_at: '2026-11-21T03:00:00.000Z',
    ended_at: '2026-11-21T03:01:00.000Z',
    state: 'sent',
    kinds: JSON.stringify(noCounts()),
    calls: 9,
    who: 'mere@office',
  })
})

afterEach(async () => {
  stop()
  await ended
  books.drop()
})

/** Begins it and goes in. */
async function open(
  flags: { open?: boolean } = {},
  more: Parameters<typeof testHost>[0] = {},
  entity?: string,
): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    stop = resolve
  })
  const host = testHost({
    ...more,
    cwd: books.folder,
    env: { AUXO_LEDGER: join(books.folder, 'ledger.db'), ...more.env },
    onInterrupt: (callback) => {
      void interrupted.then(callback)
      return () => undefined
    },
  })
  said = () => host.out() + host.err()
  ended = dashboardCommand(testContext(host, { entity }), { port: 0, ...flags })
  while (host.out() === '') await Promise.race([new Promise(setImmediate), ended])
  url = new URL(host.out().trim())
  cookie = (await fetch(url)).headers.get('set-cookie') ?? ''
}

async function get(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(`${url.origin}${path}`, {
    headers: { cookie: cookie.split(';')[0] ?? '' },
    ...init,
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

describe('the pages', () => {
  beforeEach(() => open())

  test.each([
    ['/', ['Overview', 'To be sent', 'Harbour Motors', 'Receivable']],
    ['/documents', ['2 documents.', 'INV-1', 'INV-2', '&lt;b&gt;Acme&lt;/b&gt; &amp; &quot;Sons&quot;']],
    ['/document?kind=invoice&id=doc-INV-1', ['Invoice INV-1', 'Service', '115.00']],
    ['/ageing', ['Receivable', 'Payable', '615.00', 'Together']],
    ['/ageing?day=2026-10-06', ['115.00']],
    ['/accounts', ['200 Sales', '−100.00', '−200.00', 'Oct 2026']],
    ['/month?month=2026-10', ['Month end, October 2026', 'It waits for the next export.']],
    ['/runs', ['mere@office', 'href="/run?run=7"']],
    ['/run?run=7', ['Run 7', 'What went out']],
    ['/findings', ['Nothing was found.']],
  ])('%s', async (path, words) => {
    const { status, text } = await get(path)
    expect(status).toBe(200)
    for (const word of words) expect(text).toContain(word)
    expect(text).not.toContain('<b>Acme')
  })

  test('a list is searched, narrowed and sorted by its address', async () => {
    const numbers = async (query: string) => {
      const { text } = await get(`/documents?${query}`)
      return [...text.matchAll(/id=doc-(INV-\d)"/g)].map(([, number]) => number)
    }
    expect(await numbers('')).toEqual(['INV-2', 'INV-1'])
    expect(await numbers('direction=ascending')).toEqual(['INV-1', 'INV-2'])
    expect(await numbers('sort=total')).toEqual(['INV-2', 'INV-1'])
    expect(await numbers('sort=number&direction=ascending')).toEqual(['INV-1', 'INV-2'])
    expect(await numbers('q=v-2')).toEqual(['INV-2'])
    expect(await numbers('q=acme')).toEqual(['INV-2', 'INV-1'])
    expect(await numbers('q=%25')).toEqual([])
    expect(await numbers('to=2026-10-31')).toEqual(['INV-1'])
    expect(await numbers('kind=bill')).toEqual([])
    expect(await numbers('state=exported')).toEqual([])
    expect(await numbers('state=pending&due=open&contact=ACME')).toEqual(['INV-2', 'INV-1'])
  })

  test.each([
    ['/nothing', 404],
    ['/constructor', 404],
    ['/document?kind=invoice&id=nobody', 404],
    ['/document?kind=__proto__&id=x', 404],
    ['/run?run=99', 404],
    ['/documents?entity=AU01', 404],
    ['/documents?sort=colour', 400],
    ['/documents?from=yesterday', 400],
    ['/documents?page=0', 400],
    ['/month?month=2026-13', 400],
    ['/accounts?months=7', 400],
  ])('%s has no answer, and says why', async (path, status) => {
    const found = await get(path)
    expect(found.status).toBe(status)
    expect(found.text).toMatch(/<p>[^<]+\.<\/p>/)
  })

  test('are live: what an exporting system writes is on the next page', async () => {
    books.invoice('INV-3')
    expect((await get('/documents')).text).toContain('INV-3')
  })

  test('load nothing from anywhere else, and a browser is told so', async () => {
    const { headers, text } = await get('/')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; img-src data:; form-action 'self'/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(text).not.toMatch(/<script|\sstyle="|https?:\/\//)
  })
})

describe('the door', () => {
  beforeEach(() => open())

  test('opens with the printed address alone, whose token becomes a cookie that no script can read', async () => {
    expect(cookie).toMatch(/^auxo-dashboard-\d+=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect((await fetch(url.origin)).status).toBe(403)
    expect((await fetch(`${url.origin}/enter?token=guess`)).status).toBe(403)
    expect((await fetch(`${url.origin}/style.css`)).status).toBe(403)
  })

  test('is shut to another host’s name, which only a page elsewhere would send', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(
        {
          host: '127.0.0.1',
          port: url.port,
          path: '/',
          headers: { host: 'evil.example', cookie: cookie.split(';')[0] },
        },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
        .once('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('lets nobody %s', async (method) => {
    const { status, headers } = await get('/', { method })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, HEAD')
  })

  test('the ledger behind it cannot be written', () => {
    const ledger = openLedgerToRead(join(books.folder, 'ledger.db'), { clock: books.ledger.clock })
    try {
      expect(() => ledger.sqlite.exec("UPDATE document SET status = 'void'")).toThrow(/readonly/)
    } finally {
      ledger.close()
    }
  })
})

test('--entity shows that one alone', async () => {
  books.insert('billing_entity', { code: 'AU01', name: 'Harbour Pty', region: 'AU' })
  await open({}, {}, 'AU01')
  expect((await get('/documents')).text).toContain('No document fits.')
  expect((await get('/document?kind=invoice&id=doc-INV-1')).status).toBe(404)
  expect((await get('/run?run=7')).status).toBe(404)
  expect((await get('/documents?entity=NZ01')).status).toBe(404)
  expect((await get('/runs')).text).not.toContain('mere@office')
})

test('it ends with 0 when it is stopped, and its port is free again', async () => {
  await open()
  stop()
  expect(await ended).toBe(0)
  await expect(fetch(url.origin)).rejects.toThrow()
})

test('a ledger that goes away is told on the page, and the dashboard stays', async () => {
  await open()
  books.ledger.sqlite.exec("UPDATE billing_entity SET region = 'XX'")
  const { status, text } = await get('/ageing')
  expect(status).toBe(503)
  expect(text).toContain('The region “XX” of NZ01 is not known.')
  expect((await get('/style.css')).status).toBe(200)
})

test('--open hands the browser a file, so that the token stands in no list of processes', async () => {
  const bin = join(books.folder, 'bin')
  mkdirSync(bin)
  const seen = join(books.folder, 'seen')
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(
      join(bin, name),
      `#!/bin/sh\nprintf '%s' "$1" > "${seen}.tmp"; cat "$1" > "${seen}.page"; mv "${seen}.tmp" "${seen}"\n`,
    )
    chmodSync(join(bin, name), 0o755)
  }
  await open({ open: true }, { env: { PATH: `${bin}:/usr/bin:/bin` } })
  let file = ''
  while (file === '') {
    try {
      file = readFileSync(seen, 'utf8')
    } catch {
      await new Promise(setImmediate)
    }
  }
  expect(file).not.toContain(url.searchParams.get('token'))
  expect(readFileSync(`${seen}.page`, 'utf8')).toContain(url.href)
})

test('--open without a browser says so, and goes on', async () => {
  await open({ open: true }, { env: { PATH: books.folder } })
  while (!said().includes('No browser')) await new Promise(setImmediate)
  expect((await get('/')).status).toBe(200)
})
