// What looking through a large ledger costs (V1): `validate --offline` on 100,000 documents of five lines, as a ratio to reading the
// same rows with bare better-sqlite3. CPU time of whole processes, the median of a few rounds taken in turn.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'

const here = dirname(fileURLToPath(import.meta.url))
const program = process.env.BENCH_PROGRAM ?? join(here, '..', 'bin', 'auxo-sync.js')
const documents = Number(process.env.BENCH_DOCUMENTS ?? 100_000)
const customers = 2_000
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const aim = 4
const folder = mkdtempSync(join(tmpdir(), 'auxo-sync-bench-'))
const usage = join(folder, 'usage.json')

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

function serve() {
  const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve) => {
    const seen = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      seen.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
      if (seen.length === 5) resolve({ child, lines: Object.fromEntries(seen) })
    })
  })
}

/** CPU in ms of a process that ends well, and what it printed. */
function measured(env, ...args) {
  const preload = ['--import', pathToFileURL(join(here, 'usage-at-exit.mjs')).href]
  const done = spawnSync(process.execPath, [...preload, ...args], {
    env: { ...env, BENCH_USAGE: usage },
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}`)
  return { ...JSON.parse(readFileSync(usage, 'utf8')), out: done.stdout }
}

function fill(file) {
  const database = new Database(file)
  const contact = database.prepare('INSERT INTO contact (code, name, is_customer) VALUES (?, ?, 1)')
  const document = database.prepare(
    `INSERT INTO document (id, entity, kind, number, contact, status, date, due_date, reference, subtotal_cents, tax_cents, total_cents)
     VALUES (?, 'NZ01', 'invoice', ?, ?, 'sent', ?, '2026-03-20', ?, ?, ?, ?)`,
  )
  const line = database.prepare(
    `INSERT INTO document_line (document, position, description, quantity_e4, unit_price_e4, amount_cents, account, tax_code, tax_cents)
     VALUES (?, ?, 'Service of the vehicle, parts and labour', 10000, ?, ?, '200', 'OUTPUT2', ?)`,
  )
  database.transaction(() => {
    for (let index = 0; index < customers; index += 1) contact.run(`C${index}`, `Customer number ${index}`)
    for (let index = 0; index < documents; index += 1) {
      const amount = 1_000 + (index % 900)
      const tax = Math.round(amount * 0.15)
      const day = String(1 + (index % 20)).padStart(2, '0')
      const sums = [amount * 5, tax * 5, (amount + tax) * 5]
      document.run(
        `D${index}`,
        `INV-${index}`,
        `C${index % customers}`,
        `2026-01-${day}`,
        `PO ${index}`,
        ...sums,
      )
      for (let position = 1; position <= 5; position += 1)
        line.run(`D${index}`, position, amount * 100, amount, tax)
    }
  })()
  database.exec('ANALYZE')
  database.close()
}

const { child, lines } = await serve()
try {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    AUXO_LEDGER: join(folder, 'ledger.db'),
    AUXO_CONFIG_DIR: join(folder, 'config'),
    ...lines,
  }
  measured(env, program, 'init', '--entity', 'NZ01', '--name', 'Bench Ltd', '--region', 'NZ')
  measured(env, program, 'connect', '--custom')
  measured(env, program, 'refresh', '--quiet')
  fill(env.AUXO_LEDGER)
  const ours = []
  const bare = []
  for (let round = 0; round < rounds; round += 1) {
    bare.push(measured(env, join(here, 'bare-read.mjs'), env.AUXO_LEDGER))
    ours.push(measured(env, program, 'validate', '--offline', '--json'))
  }
  const { counts } = JSON.parse(ours[0].out)
  if (counts.checked !== documents || counts.error !== 0) throw new Error(JSON.stringify(counts))
  const [cpu, least] = [ours, bare].map((all) => median(all.map(({ cpuMs }) => cpuMs)))
  process.stdout.write(
    `validate --offline, ${documents.toLocaleString('en')} documents of 5 lines: ${Math.round(cpu)} ms CPU, bare reading ${Math.round(least)} ms, ratio ${(cpu / least).toFixed(2)} (below ${aim}), peak ${Math.round(Math.max(...ours.map(({ peakMb }) => peakMb)))} MB\n`,
  )
  if (cpu / least >= aim) process.exitCode = 1
} finally {
  child.kill()
  rmSync(folder, { recursive: true, force: true })
}
