// The benchmarks of README.md in this folder. Everything runs on this machine, against the embedded sandbox.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'

const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, '..', 'bin', 'auxo-sync.js')
const folder = mkdtempSync(join(tmpdir(), 'auxo-sync-bench-'))
const children = []

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Starts a process that serves, and resolves with its first lines. */
function serve(args, lines) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return new Promise((resolve) => {
    const seen = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      seen.push(line)
      if (seen.length === lines) resolve(seen)
    })
  })
}

async function sandboxEnvironment(name) {
  const lines = await serve([program, 'sandbox', '--port', '0', '--quiet'], 5)
  const home = join(folder, name)
  mkdirSync(home)
  return {
    ...process.env,
    NO_COLOR: '1',
    AUXO_LEDGER: join(home, 'ledger.db'),
    AUXO_CONFIG_DIR: join(home, 'config'),
    BENCH_USAGE: join(home, 'usage.json'),
    ...Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
  }
}

function must(env, ...args) {
  const done = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}`)
}

/** A ledger with so many invoices of five lines each, of 60 customers. */
function fill(file, invoices) {
  const database = new Database(file)
  const contact = database.prepare('INSERT INTO contact (code, name, is_customer) VALUES (?, ?, 1)')
  const document = database.prepare(
    `INSERT INTO document (id, entity, kind, number, contact, status, date, due_date, reference, subtotal_cents, tax_cents, total_cents)
     VALUES (?, 'NZ01', 'invoice', ?, ?, 'sent', ?, ?, ?, ?, ?, ?)`,
  )
  const line = database.prepare(
    `INSERT INTO document_line (document, position, description, quantity_e4, unit_price_e4, amount_cents, account, tax_code, tax_cents)
     VALUES (?, ?, ?, ?, ?, ?, '200', 'OUTPUT2', ?)`,
  )
  database.transaction(() => {
    for (let index = 0; index < 60; index += 1) contact.run(`C${index}`, `Customer number ${index}`)
    for (let index = 0; index < invoices; index += 1) {
      const amount = 1_000 + (index % 900)
      const tax = Math.round(amount * 0.15)
      const day = String(1 + (index % 20)).padStart(2, '0')
      document.run(
        `D${index}`,
        `INV-${index}`,
        `C${index % 60}`,
        `2026-01-${day}`,
        '2026-03-20',
        `PO ${index}`,
        amount * 5,
        tax * 5,
        (amount + tax) * 5,
      )
      for (let position = 1; position <= 5; position += 1) {
        line.run(
          `D${index}`,
          position,
          `Line ${position} of the work on job ${index}`,
          10_000,
          amount * 100,
          amount,
          tax,
        )
      }
    }
  })()
  database.close()
}

async function prepared(name, invoices) {
  const env = await sandboxEnvironment(name)
  must(env, 'init', '--entity', 'NZ01', '--name', 'Bench Ltd', '--region', 'NZ')
  must(env, 'connect', '--custom')
  fill(env.AUXO_LEDGER, invoices)
  return env
}

/** Runs an export and returns its own account of CPU and memory; stopped after so many chunks, if given. */
function measuredExport(env, stopAfterChunks) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', join(here, 'usage-at-exit.mjs'), program, 'export', '--log-format', 'json'],
      {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let chunks = 0
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (!line.includes('"event":"chunk"')) return
      chunks += 1
      if (chunks === stopAfterChunks) child.kill('SIGTERM')
    })
    child.on('exit', (code) =>
      code === 0 || code === 130
        ? resolve(JSON.parse(readFileSync(env.BENCH_USAGE, 'utf8')))
        : reject(new Error(`export ended with ${code}`)),
    )
  })
}

async function cpu() {
  const env = await prepared('cpu', 5_000)
  const used = await measuredExport(env)
  const bodies = join(folder, 'bodies')
  mkdirSync(bodies)
  const database = new Database(env.AUXO_LEDGER, { readonly: true })
  const rows = database
    .prepare(
      "SELECT l.id, b.request, b.response FROM api_log AS l JOIN api_log_body AS b ON b.api_log = l.id WHERE l.kind = 'invoice'",
    )
    .all()
  for (const row of rows) {
    writeFileSync(join(bodies, `${row.id}.request`), gunzipSync(row.request))
    writeFileSync(join(bodies, `${row.id}.response`), gunzipSync(row.response))
  }
  database.close()
  const [origin] = await serve([join(here, 'replay-server.mjs'), bodies], 1)
  const bareEnv = { ...env, BENCH_USAGE: join(folder, 'bare.json') }
  const bare = []
  for (let round = 0; round < 3; round += 1) {
    const done = spawnSync(
      process.execPath,
      ['--import', join(here, 'usage-at-exit.mjs'), join(here, 'bare-loop.mjs'), bodies, origin],
      { env: bareEnv },
    )
    if (done.status !== 0) throw new Error('the bare loop failed')
    bare.push(JSON.parse(readFileSync(bareEnv.BENCH_USAGE, 'utf8')).cpuMs)
  }
  const ratio = used.cpuMs / median(bare)
  console.log(
    `CPU, 5,000 invoices of 5 lines: export ${Math.round(used.cpuMs)} ms, bare loop ${Math.round(median(bare))} ms, ratio ${ratio.toFixed(2)} (aim 3)`,
  )
}

function help() {
  const time = (args) => {
    const start = process.hrtime.bigint()
    spawnSync(process.execPath, args)
    return Number(process.hrtime.bigint() - start) / 1e6
  }
  const pairs = Array.from({ length: 15 }, () => [time([program, '--help']), time(['-e', '0'])])
  const ratio = median(pairs.map(([ours, bare]) => ours / bare))
  console.log(
    `--help: ${Math.round(median(pairs.map(([ours]) => ours)))} ms, node -e 0: ${Math.round(median(pairs.map(([, bare]) => bare)))} ms, ratio ${ratio.toFixed(2)} (aim 1.5)`,
  )
}

async function memory() {
  const peaks = []
  for (const invoices of [1_000, 10_000, 50_000]) {
    const env = await prepared(`memory-${invoices}`, invoices)
    const { peakMb } = await measuredExport(env, invoices > 4_000 ? 40 : undefined)
    peaks.push({ invoices, peakMb })
  }
  const [first] = peaks
  const told = peaks.map(
    ({ invoices, peakMb }) =>
      `${invoices.toLocaleString('en')}: ${Math.round(peakMb)} MB (×${(peakMb / first.peakMb).toFixed(2)})`,
  )
  console.log(`Peak memory by pending invoices: ${told.join(', ')}`)
}

async function calls() {
  const env = await prepared('calls', 1_000)
  await measuredExport(env)
  const database = new Database(env.AUXO_LEDGER, { readonly: true })
  const run = database.prepare('SELECT MAX(id) FROM batch_run').pluck().get()
  const count = (kind) =>
    database.prepare('SELECT COUNT(*) FROM api_log WHERE run = ? AND kind = ?').pluck().get(run, kind)
  const all = database
    .prepare("SELECT COUNT(*) FROM api_log WHERE run = ? AND path LIKE '/api.xro/%'")
    .pluck()
    .get(run)
  const invoices = count('invoice')
  const contacts = count('contact')
  database.close()
  console.log(
    `Calls, 1,000 invoices of 60 new customers: ${invoices} for invoices (floor 10), ${contacts} for contacts, ${all - invoices - contacts} for the mirror`,
  )
}

try {
  help()
  await calls()
  await cpu()
  await memory()
} finally {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}
