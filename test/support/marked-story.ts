// A whole set-up lived with marked secrets: every verb and every failure, with a custom connection and with a log-in in a browser.

import type { Fault } from '../../src/sandbox/fault.ts'
import { type MarkedLife, markedSecrets, styles } from './marked-life.ts'
import { everyKindSql } from './mixed-ledger.ts'

const enc = encodeURIComponent

export async function liveEverything(life: MarkedLife): Promise<void> {
  await life.live('init --entity NZ01 --name Harbour --region NZ')
  life.keepWriteAheadLog()
  await connectCustom(life)
  life.world.sql(everyKindSql(life.world.folder))
  await life.live('export --verbose --only contact')
  await connectByBrowser(life)
  for (const [line, fault] of failures) await life.liveWith(fault, line)
  await life.live('export --verbose', { death: { atRequest: 3 } })
  await letTokensEnd(life)
  for (const line of lines) await life.live(line)
  for (const line of untilStopped) await life.liveUntilStopped(line)
  await readLog(life)
  await life.readDashboard()
  for (const fault of endings) await life.liveWith(fault, 'disconnect --yes')
  await life.live('disconnect --yes --verbose')
}

const asJson = { kind: 'proxy-echo', form: 'json' } as const

async function connectCustom(life: MarkedLife): Promise<void> {
  const { wrongSecret, hostPassword } = markedSecrets
  await life.live('connect --custom', { env: { XERO_CLIENT_SECRET: wrongSecret } })
  for (const path of ['/connect/token', '/connections'])
    for (const _ of styles) await life.liveWith({ path, ...asJson }, 'connect --custom')
  await life.liveWith({ path: '/connect/token', times: 9, kind: 'proxy-echo' }, 'connect --custom')
  await life.liveBehindProxy('connect --custom --verbose')
  for (const address of [`https://me:${enc(hostPassword)}@xero.invalid`, `//me:${hostPassword}@x`]) {
    await life.live('connect --custom', { env: { XERO_API_URL: address } })
    await life.live('connect --custom', { env: { XERO_IDENTITY_URL: address } })
  }
  await life.live('connect --custom --verbose')
  await life.live('adopt-copy')
}

/** First under a key in a file, then under a passphrase. */
async function connectByBrowser(life: MarkedLife): Promise<void> {
  await life.logIn({ decline: true })
  await life.logIn({
    instead: async (redirect) => {
      redirect.searchParams.set('state', 'of another log-in')
      await (await fetch(redirect)).text()
    },
  })
  for (const path of ['/connect/token', '/connections']) {
    await life.logIn({}, { path, ...asJson })
    await life.logIn({}, { path, times: 9, kind: 'proxy-echo' })
  }
  await life.logIn({}, { path: '/connect/token', kind: 'invalid-grant' })
  await life.logIn()
  life.world.env['AUXO_PASSPHRASE'] = markedSecrets.passphrase
  await life.logIn()
}

/** Every way in which a call ends. */
const failures: readonly (readonly [line: string, fault: Fault])[] = [
  ['export', { path: '/Items', ...asJson }],
  ['export', { path: '/Invoices', method: 'PUT', kind: 'proxy-echo', times: 4 }],
  ['export', { path: '/connections', kind: 'proxy-echo', times: 9 }],
  ['export', { path: '/Invoices', method: 'PUT', ...asJson }],
  ['export', { path: '/Invoices', method: 'PUT', kind: 'token-expires' }],
  ['export', { path: '/Payments', kind: 'unauthorized', times: 9 }],
  ['export', { path: '/BankTransactions', kind: 'drop-after-commit' }],
  ['export', { path: '/CreditNotes', kind: 'forbidden' }],
  ['pull', { path: '/Payments', kind: 'truncated', times: 9 }],
  ['refresh', { path: '/Accounts', ...asJson }],
  ['validate --month 2026-11', { path: '/Organisation', kind: 'error-before-commit' }],
]

/** Refreshes: refused with all that was sent, lost on the way back, and taken for spent. */
async function letTokensEnd(life: MarkedLife): Promise<void> {
  const path = '/connect/token'
  for (const fault of [
    { path, ...asJson },
    { path, kind: 'drop-after-commit' },
  ] as const) {
    life.world.clock.advance(31 * 60_000)
    await life.liveWith(fault, 'export')
  }
  life.world.clock.advance(10 * 60_000)
  await life.live('export --verbose')
  life.world.clock.advance(31 * 60_000)
  await life.liveWith({ path, kind: 'invalid-grant', times: 9 }, 'export')
  await life.logIn()
}

/** What cannot be told to Xero removes nothing here, so that the last one is for good. */
const endings: readonly Fault[] = [
  { path: '/connections', kind: 'proxy-echo', times: 9 },
  { path: '/connect/revocation', kind: 'proxy-echo', times: 9 },
]

/** A line for each verb; those that run until they are stopped come after them. */
const lines: readonly string[] = [
  'init other.db',
  'migrate',
  'entities list',
  'entities add AU01 --name Tasman --region AU',
  'connections --json',
  'settings list',
  'settings get payments',
  'settings set history_notes on',
  'import invoices.csv --dry-run',
  'validate --format html --output findings.html',
  'validate --format csv --output findings.csv',
  'validate --json',
  'export --dry-run --verbose',
  'export --sandbox --verbose',
  'export --wait --verbose --log-format json',
  'pull --json',
  'refresh --all',
  'accounts',
  'tax-codes',
  'status --json',
  'reconcile --month 2026-11 --format html --output month.html',
  'journals',
  'history',
  'report --run 2 --html run.html',
  'report --month 2026-11 --html month-end.html',
  'log --json',
  'log --failed',
  'show INV1',
  'show INV1 --json',
  'contacts list',
  'contacts link C001 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  'contacts unlink C001',
  'contacts match',
  'settle INV3 --not-there',
  'hold INV3 --reason later',
  'release INV3',
  'mock-export --before 2020-01-01',
  'reset INV3',
  'mark-exported INV3 --xero-id 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  'rollback --run 2 --yes',
  'doctor --verbose',
  'doctor --json',
  'completion bash',
  'demo',
]
const untilStopped = ['sandbox --port 0', 'watch --verbose']

/** Calls with secrets in their bodies, and what went wrong. */
async function readLog(life: MarkedLife): Promise<void> {
  const told = "SELECT id FROM api_log WHERE path NOT LIKE '/api.xro/%' OR problem IS NOT NULL ORDER BY id"
  for (const { id } of life.world.query<{ id: number }>(told).slice(0, 60))
    await life.live(['log', '--call', String(id), ...(id % 2 ? ['--json'] : [])])
}
