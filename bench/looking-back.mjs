// What looking back costs in a ledger with years in it (V6, V7, E7): `status`, `history`, `log` and `show` with 1,000 exported documents
// and 20 runs, and with 100,000 and 2,000. None reads what it does not print, so the CPU times of both are much the same.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'

const here = dirname(fileURLToPath(import.meta.url))
const program = process.env.BENCH_PROGRAM ?? join(here, '..', 'bin', 'auxo-sync.js')
const folder = mkdtempSync(join(tmpdir(), 'auxo-sync-bench-'))
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const callsOfRun = 60
const small = { documents: 1_000, runs: 20 }
const large = { documents: 100_000, runs: 2_000 }

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

function run(env, ...args) {
  const preload = ['--import', pathToFileURL(join(here, 'usage-at-exit.mjs')).href]
  const done = spawnSync(process.execPath, [...preload, program, ...args], {
    env,
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}`)
  return JSON.parse(readFileSync(env.BENCH_USAGE, 'utf8')).cpuMs
}

/** A ledger whose documents were all exported long ago, run by run, with every call in the log. */
function prepared(name, size) {
  const home = join(folder, name)
  mkdirSync(home)
  const env = {
    ...process.env,
    NO_COLOR: '1',
    AUXO_LEDGER: join(home, 'ledger.db'),
    AUXO_CONFIG_DIR: join(home, 'config'),
    BENCH_USAGE: join(home, 'usage.json'),
  }
  run(env, 'init', '--entity', 'NZ01', '--name', 'Bench Ltd', '--region', 'NZ')
  const database = new Database(env.AUXO_LEDGER)
  database.transaction(() => fill(database, size))()
  database.exec('ANALYZE')
  database.close()
  return env
}

function fill(database, { documents, runs }) {
  const at = (index) => new Date(Date.UTC(2020, 0, 1) + index * 86_400_000).toISOString()
  const document = database.prepare(
    `INSERT INTO document (id, entity, kind, number, contact, status, date, due_date, subtotal_cents, tax_cents, total_cents)
     VALUES (?, 'NZ01', 'invoice', ?, 'C1', 'sent', '2026-01-10', '2026-03-20', 10000, 1500, 11500)`,
  )
  const line = database.prepare(
    `INSERT INTO document_line (document, position, description, amount_cents, account, tax_code, tax_cents)
     VALUES (?, 1, 'Work', 10000, '200', 'OUTPUT2', 1500)`,
  )
  const batch = database.prepare(
    `INSERT INTO batch_run (id, entity, tenant_id, organisation_name, verb, started_at, ended_at, state, kinds, calls, who)
     VALUES (?, 'NZ01', 'tenant', 'Bench', 'export', ?, ?, 'sent', '{"invoice":{"exported":50,"updated":0,"failed":0,"skipped":0,"uncertain":0,"remaining":0}}', 60, 'bench')`,
  )
  const chunk = database.prepare(
    `INSERT INTO chunk (id, run, entity, tenant_id, kind, operation, number, of, method, path, idempotency_key, body_hash, bytes, state, prepared_at)
     VALUES (?, ?, 'NZ01', 'tenant', 'invoice', 'create', 1, 1, 'PUT', '/api.xro/2.0/Invoices', ?, 'hash', 1000, 'settled', ?)`,
  )
  const thing = database.prepare(
    `INSERT INTO chunk_thing (chunk, position, kind, source_id, entity, revision, facts_hash, facts, outcome)
     VALUES (?, ?, 'invoice', ?, 'NZ01', 1, 'hash', '{}', 'exported')`,
  )
  const call = database.prepare(
    `INSERT INTO api_log (run, entity, at, kind, chunk_id, chunk, of, method, path, status, documents, exported, failed, duration_ms, bytes_out, bytes_in)
     VALUES (?, 'NZ01', ?, 'invoice', ?, 1, 1, 'PUT', '/api.xro/2.0/Invoices', 200, 50, 50, 0, 100, 1000, 1000)`,
  )
  database.exec("INSERT INTO contact (code, name, is_customer) VALUES ('C1', 'Customer', 1)")
  for (let index = 0; index < documents; index += 1) {
    document.run(`D${index}`, `INV-${index}`)
    line.run(`D${index}`)
  }
  const share = documents / runs
  for (let id = 1; id <= runs; id += 1) {
    batch.run(id, at(id), at(id))
    chunk.run(id, id, `key-${id}`, at(id))
    for (let place = 0; place < share; place += 1) thing.run(id, place, `D${(id - 1) * share + place}`)
    for (let place = 0; place < callsOfRun; place += 1) call.run(id, at(id), place === 0 ? id : null)
  }
  database.exec(
    `UPDATE export_state SET state = 'exported', queued = 0, sent_revision = revision, tenant_id = 'tenant', xero_id = 'x-' || source_id,
            xero_status = 'AUTHORISED', facts_hash = 'hash', facts = '{"totalCents":11500,"currency":"NZD"}' WHERE kind = 'invoice'`,
  )
}

try {
  const [few, many] = [prepared('small', small), prepared('large', large)]
  const verbs = [
    ['status'],
    ['history'],
    ['log'],
    ['log', '--run', '19'],
    ['log', '--failed'],
    ['show', 'INV-500'],
  ]
  for (const verb of verbs) {
    const times = { few: [], many: [] }
    for (let round = 0; round < rounds; round += 1) {
      times.few.push(run(few, ...verb))
      times.many.push(run(many, ...verb))
    }
    const [less, more] = [median(times.few), median(times.many)]
    process.stdout.write(
      `${verb.join(' ').padEnd(14)} ${Math.round(less)} ms CPU with ${small.documents.toLocaleString('en')} documents, ${Math.round(more)} ms with ${large.documents.toLocaleString('en')}: ratio ${(more / less).toFixed(2)}\n`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
