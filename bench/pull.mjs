// What a pull costs (X7): ten changes in Xero, read into a ledger with a thousand exported documents and into one with a hundred
// thousand. The same calls, and the same time within noise. Everything runs on this machine, against the embedded sandbox.
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'

const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, '..', 'bin', 'auxo-sync.js')
const folder = mkdtempSync(join(tmpdir(), 'auxo-sync-bench-'))
const children = []
const rounds = 5
const changes = 10
const live = 30

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

function serve() {
  const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return new Promise((resolve) => {
    const seen = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      seen.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
      if (seen.length === 5) resolve(Object.fromEntries(seen))
    })
  })
}

function run(env, ...args) {
  const done = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8', maxBuffer: 1e9 })
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}`)
  return done.stdout
}

/** A ledger with so many documents that are in Xero and settled, and some that people in Xero work on. */
async function prepared(name, history) {
  const home = join(folder, name)
  mkdirSync(home)
  const env = {
    ...process.env,
    NO_COLOR: '1',
    AUXO_LEDGER: join(home, 'ledger.db'),
    AUXO_CONFIG_DIR: join(home, 'config'),
    ...(await serve()),
  }
  run(env, 'init', '--entity', 'NZ01', '--name', 'Bench Ltd', '--region', 'NZ')
  run(env, 'connect', '--custom')
  fill(env.AUXO_LEDGER, 'L', live)
  run(env, 'export', '--quiet')
  fill(env.AUXO_LEDGER, 'H', history)
  settle(env.AUXO_LEDGER)
  run(env, 'export', '--quiet')
  return env
}

function fill(file, letter, count) {
  const database = new Database(file)
  database.exec("INSERT OR IGNORE INTO contact (code, name, is_customer) VALUES ('C1', 'Customer', 1)")
  const document = database.prepare(
    `INSERT INTO document (id, entity, kind, number, contact, status, date, due_date, subtotal_cents, tax_cents, total_cents)
     VALUES (?, 'NZ01', 'invoice', ?, 'C1', 'sent', '2026-01-10', '2026-03-20', 10000, 1500, 11500)`,
  )
  const line = database.prepare(
    `INSERT INTO document_line (document, position, description, unit_price_e4, amount_cents, account, tax_code, tax_cents)
     VALUES (?, 1, 'Work', 1000000, 10000, '200', 'OUTPUT2', 1500)`,
  )
  const payment = database.prepare(
    "INSERT INTO payment (id, entity, contact, kind, account, date, amount_cents, state) VALUES (?, 'NZ01', 'C1', 'payment', '090', '2026-02-10', 11500, 'applied')",
  )
  const part = database.prepare(
    'INSERT INTO payment_allocation (payment, document, amount_cents) VALUES (?, ?, 11500)',
  )
  database.transaction(() => {
    for (let index = 0; index < count; index += 1) {
      const id = `${letter}${index}`
      document.run(id, id)
      line.run(id)
      if (letter !== 'H') continue
      payment.run(`P${index}`)
      part.run(`P${index}`, id)
    }
  })()
  database.close()
}

/** As if it had been exported and read back long ago. */
function settle(file) {
  const database = new Database(file)
  const [connection] = database.prepare('SELECT tenant_id AS tenant FROM connection').all()
  const waiting = database
    .prepare("SELECT kind, source_id AS id FROM export_state WHERE queued = 1 AND state = 'pending'")
    .all()
  const exported = database.prepare(
    `UPDATE export_state SET state = 'exported', queued = 0, sent_revision = revision, tenant_id = ?, xero_id = ?, xero_status = 'PAID',
            facts_hash = 'settled', facts = '{"totalCents":11500,"currency":"NZD","amountCents":11500}'
      WHERE kind = ? AND source_id = ? AND entity = 'NZ01'`,
  )
  const long = '2026-02-10T00:00:00.000Z'
  const document = database.prepare(
    "INSERT INTO mirror_document (tenant_id, document_id, type, status, total_cents, paid_cents, credited_cents, due_cents, updated_at, read_at, pending) VALUES (?, ?, 'ACCREC', 'PAID', 11500, 11500, 0, 0, ?, ?, 0)",
  )
  const payment = database.prepare(
    "INSERT INTO mirror_payment (tenant_id, payment_id, status, type, target_id, amount_cents, updated_at, read_at, pending) VALUES (?, ?, 'AUTHORISED', 'ACCRECPAYMENT', ?, 11500, ?, ?, 0)",
  )
  const tenant = connection.tenant
  const ids = new Map()
  database.transaction(() => {
    for (const { kind, id } of waiting) {
      const xeroId = randomUUID()
      exported.run(tenant, xeroId, kind, id)
      if (kind === 'invoice') {
        ids.set(id, xeroId)
        document.run(tenant, xeroId, long, long)
      }
    }
    for (const { kind, id } of waiting)
      if (kind === 'payment')
        payment.run(tenant, randomUUID(), ids.get(id.slice(id.indexOf('/') + 1)) ?? null, long, long)
  })()
  database.exec('ANALYZE')
  database.close()
}

async function change(env) {
  for (let index = 0; index < changes; index += 1) {
    const answer = await fetch(new URL('/_person/pay', env.XERO_API_URL), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ invoice: `L${index}`, amount: '1.00' }),
    })
    const told = await answer.json()
    if (!told.ok) throw new Error(told.message)
  }
}

function measured(env, ...args) {
  const start = process.hrtime.bigint()
  const [report] = JSON.parse(run(env, ...args, '--json')).runs
  return {
    ms: Number(process.hrtime.bigint() - start) / 1e6,
    ...report.calls,
    pulled: report.pulled.payments,
  }
}

try {
  const few = await prepared('few', 1_000)
  const many = await prepared('many', 100_000)
  const pairs = []
  for (let round = 0; round < rounds; round += 1) {
    await change(few)
    await change(many)
    pairs.push([measured(few, 'export'), measured(many, 'export')])
  }
  for (const [one, other] of pairs) {
    if (one.pulled !== changes || other.pulled !== changes)
      throw new Error(`pulled ${one.pulled} and ${other.pulled} payments instead of ${changes}`)
  }
  const [a, b] = pairs.at(-1)
  const ratio = median(pairs.map(([one, other]) => other.ms / one.ms))
  console.log(
    `Ten changes: ${a.made} calls and ${a.bytesIn} bytes with 1,000 documents, ${b.made} calls and ${b.bytesIn} bytes with 100,000; time ${Math.round(median(pairs.map(([one]) => one.ms)))} ms and ${Math.round(median(pairs.map(([, other]) => other.ms)))} ms, ratio ${ratio.toFixed(2)} (aim 1, within noise)`,
  )
  const quiet = measured(many, 'export')
  console.log(
    `No change: ${quiet.made} calls, ${quiet.bytesIn} bytes read (aim: 8 calls, 20 kB; the overlap shows the last ten minutes again)`,
  )
} finally {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}
