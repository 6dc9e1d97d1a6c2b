// How many calls each kind takes against the fewest that Xero's API allows, counted from the API log of the built program. It
// waits for Xero's minute limit as any run does, so it takes a few minutes: `npm run bench:calls`.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'

const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'auxo-sync.js')
const folder = mkdtempSync(join(tmpdir(), 'auxo-sync-bench-'))
mkdirSync(join(folder, 'config'))

/** Kinds that go a hundred to a call, and those that Xero takes one a call (or one call a credit). */
const many = 300
const few = 12

function sandbox() {
  const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve) => {
    const env = {}
    createInterface({ input: child.stdout }).on('line', (line) => {
      env[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
      if (Object.keys(env).length === 5) resolve({ child, env })
    })
  })
}

function must(env, ...args) {
  const done = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' })
  if (done.status !== 0)
    throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}${done.stdout}`)
}

function documents(database, kind, count, options = {}) {
  const document = database.prepare(
    `INSERT INTO document (id, entity, kind, number, contact, status, date, due_date, subtotal_cents, tax_cents, total_cents)
     VALUES (?, 'NZ01', ?, ?, 'C1', 'sent', '2026-10-05', '2026-11-05', 10000, 1500, 11500)`,
  )
  const line = database.prepare(
    `INSERT INTO document_line (document, position, kind, item, description, unit_price_e4, amount_cents, account, tax_code, tax_cents, supply, average_cost_e4)
     VALUES (?, 1, ?, ?, 'Work', 1000000, 10000, ?, ?, 1500, ?, ?)`,
  )
  const isSale = kind === 'invoice' || kind === 'credit_note'
  for (let index = 0; index < count; index += 1) {
    const id = `${options.prefix ?? kind}-${index}`
    document.run(id, kind, id)
    const isPart = options.part === true
    line.run(
      id,
      isPart ? 'part' : 'charge',
      isPart ? 'I-0' : null,
      isSale ? '200' : '400',
      isSale ? 'OUTPUT2' : 'INPUT2',
      isPart ? 'stocked' : null,
      isPart ? 400_000 : null,
    )
  }
}

function fill(database) {
  database.exec("INSERT INTO contact (code, name) VALUES ('C1', 'Customer and supplier')")
  const role = database.prepare("INSERT INTO role_account VALUES ('NZ01', ?, ?)")
  for (const [name, account] of [
    ['clearing', '090'],
    ['prepayment', '620'],
    ['stock_on_hand', '850'],
    ['work_in_progress', '850'],
    ['cost_of_goods_sold', '300'],
    ['stock_adjustment', '400'],
    ['discount', '200'],
  ])
    role.run(name, account)
  const setting = database.prepare("INSERT INTO setting VALUES ('NZ01', ?, ?)")
  for (const [name, value] of [
    ['purchase_orders', 'purchase_orders'],
    ['deposits', 'prepayment'],
    ['inventory_journals', 'on'],
  ])
    setting.run(name, value)
  const item = database.prepare('INSERT INTO item (code, name) VALUES (?, ?)')
  for (let index = 0; index < many; index += 1) item.run(`I-${index}`, `Item ${index}`)
  for (const kind of ['bill', 'credit_note', 'supplier_credit', 'purchase_order'])
    documents(database, kind, many)
  documents(database, 'invoice', many)
  documents(database, 'invoice', many, { prefix: 'part', part: true })
  const allocation = database.prepare(
    'INSERT INTO credit_allocation (credit, document, amount_cents) VALUES (?, ?, 5000)',
  )
  for (let index = 0; index < few; index += 1) allocation.run(`credit_note-${index}`, `part-${index}`)
  const payment = database.prepare(
    "INSERT INTO payment (id, entity, contact, kind, date, amount_cents) VALUES (?, 'NZ01', 'C1', ?, '2026-10-20', ?)",
  )
  const applied = database.prepare(
    'INSERT INTO payment_allocation (payment, document, amount_cents) VALUES (?, ?, ?)',
  )
  for (let index = 0; index < many; index += 1) {
    payment.run(`P-${index}`, 'payment', 11_500)
    applied.run(`P-${index}`, `invoice-${index}`, 11_500)
    payment.run(`Q-${index}`, 'deposit', 2_000)
  }
  const journal = database.prepare(
    "INSERT INTO journal (id, entity, kind, date, narration, status) VALUES (?, 'NZ01', 'general', '2026-10-31', ?, 'posted')",
  )
  const journalLine = database.prepare(
    'INSERT INTO journal_line (journal, position, account, amount_cents) VALUES (?, ?, ?, ?)',
  )
  const stock = database.prepare(
    "INSERT INTO stock_movement (id, entity, item, date, kind, quantity_e4, unit_cost_e4) VALUES (?, 'NZ01', 'I-1', '2026-10-31', 'adjustment', 20000, 55000)",
  )
  for (let index = 0; index < many; index += 1) {
    journal.run(`J-${index}`, `Accrual ${index}`)
    journalLine.run(`J-${index}`, 1, '400', 1_000 + index)
    journalLine.run(`J-${index}`, 2, '260', -1_000 - index)
    stock.run(`S-${index}`)
  }
  writeFileSync(join(folder, 'paper.txt'), 'A paper\n')
  const attachment = database.prepare('INSERT INTO document_attachment (document, file) VALUES (?, ?)')
  for (let index = 0; index < few; index += 1) attachment.run(`bill-${index}`, 'paper.txt')
}

/** The fewest calls that the API allows for so many: 100 to a call, one call a credit, one a file. */
function floorOf(kind, count) {
  return kind === 'allocation' || kind === 'attachment' ? count : Math.ceil(count / 100)
}

const { child, env: xero } = await sandbox()
try {
  const env = {
    ...process.env,
    ...xero,
    NO_COLOR: '1',
    AUXO_LEDGER: join(folder, 'ledger.db'),
    AUXO_CONFIG_DIR: join(folder, 'config'),
  }
  must(env, 'init', '--entity', 'NZ01', '--name', 'Bench Ltd', '--region', 'NZ')
  must(env, 'connect', '--custom')
  const database = new Database(env.AUXO_LEDGER)
  database.transaction(() => fill(database))()
  must(env, 'export', '--quiet')
  const rows = database
    .prepare(
      `SELECT c.kind, SUM(l.id IS NOT NULL) AS calls, (SELECT COUNT(*) FROM chunk_thing AS t JOIN chunk AS o ON o.id = t.chunk
         WHERE o.kind = c.kind AND t.outcome = 'exported') AS things
         FROM chunk AS c LEFT JOIN api_log AS l ON l.chunk_id = c.id GROUP BY c.kind ORDER BY c.kind`,
    )
    .all()
  const reads = database
    .prepare(
      "SELECT COUNT(*) FROM api_log WHERE run IS NOT NULL AND chunk_id IS NULL AND path LIKE '/api.xro/%'",
    )
    .pluck()
    .get()
  database.close()
  for (const { kind, calls, things } of rows)
    console.log(
      `${kind.padEnd(20)} ${String(things).padStart(4)} in ${String(calls).padStart(3)} calls, floor ${floorOf(kind, things)}`,
    )
  console.log(`reads of the run: ${reads}`)
} finally {
  child.kill()
  rmSync(folder, { recursive: true, force: true })
}
