// Everything that a --help promises is tried: each example runs as it stands there, and each option of each verb is used at
// least once, in one business that all of it happens to. What the options do in all their cases, the tests of the verbs hold; a
// new option without a try fails here.

import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cents } from '../src/accounting/money.ts'
import { buildProgram } from '../src/program.ts'
import { allVerbs, type VerbTree } from '../src/reporting/verb-tree.ts'
import { readTree } from '../src/verbs/tree.ts'
import { connectInBrowser } from './support/browser-person.ts'
import { testHost } from './support/host.ts'
import { asPerson } from './support/people.ts'
import { contactsSql, invoiceSql } from './support/workload.ts'
import { type Outcome, World } from './support/world.ts'

interface Try {
  /** What has to be so before. */
  before?: () => Promise<void> | void
  /** 0 where nothing is said. */
  code?: number
  /** What it says, on either stream. */
  says?: RegExp
  /** A file that it writes. */
  writes?: string
  /** Words that stand for others: an id that Xero has, a port that is free. */
  instead?: Record<string, string> | (() => Record<string, string>)
  env?: Record<string, string>
  /** It runs until it is stopped: as soon as it serves, or after some minutes. */
  stopped?: 'serving' | 'later'
  /** A person logs in. */
  isLoggedIn?: true
}

let w: World
let tree: VerbTree

beforeAll(async () => {
  tree = readTree(buildProgram(testHost(), () => undefined))
  w = await World.open()
  inXero = asPerson(w, (person) => person.createContact({ name: 'Acme Limited' }).id)
  await w.prepare(`${contactsSql(3)}INSERT INTO contact (code, name) VALUES ('ACME', 'Acme Ltd');`)
  // The history begins with run 12, which the examples name.
  w.sql(`INSERT INTO batch_run (id, entity, verb, started_at, state, who)
         VALUES (11, 'NZ01', 'export', '2026-11-01T00:00:00.000Z', 'nothing', 'tester')`)
  w.sql(invoiceSql({ id: 'D1', contact: 'C001' }) + invoiceSql({ id: 'D2', contact: 'C002' }))
  await w.must(['export'])
  copyFileSync('fixtures/demo/sales-invoices.csv', join(w.folder, 'invoices.csv'))
  writeFileSync(join(w.folder, 'contacts.csv'), 'code,name,email\nK1,Kea Ltd,kea@example.com\n')
})

afterAll(() => w.close())

let inXero: string
let numbered = 0

/** The invoice of the examples, new: that of an earlier one gets another number. */
function newInvoice(): void {
  numbered += 1
  w.sql(`UPDATE document SET number = 'OLD-${numbered}' WHERE number = 'INV-0042'`)
  w.sql(invoiceSql({ id: `I42-${numbered}`, number: 'INV-0042', contact: 'C001', date: '2026-10-05' }))
}

/** Its answer was lost, Xero never had it, and the time in which it could still come is over. */
async function loseInvoice(): Promise<void> {
  newInvoice()
  w.sandbox.fault({ method: 'PUT', path: '/Invoices', times: 9, kind: 'black-hole' })
  await w.export('--document', 'INV-0042')
  w.sandbox.clearFaults()
  w.clock.advance(15 * 60_000)
}

/** Somebody entered it in Xero by hand. */
function enterInvoice(): Record<string, string> {
  newInvoice()
  return enter()
}

function enter(): Record<string, string> {
  const id = asPerson(w, (person) => {
    const contactId = w.sandbox.contacts().find(({ name }) => name === 'Customer 1')?.id ?? ''
    return person.createInvoice({ contactId, number: 'INV-0042', total: cents(11_500) }).id
  })
  return { [anId]: id }
}

const anId = '7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10'
const marked = () => {
  newInvoice()
  w.sql(`UPDATE export_state SET state = 'mock_exported' WHERE source_id = 'I42-${numbered}'`)
}
const oldInvoice = () => w.sql(invoiceSql({ id: 'OLD', contact: 'C001', date: '2026-03-01' }))
const held = async () => {
  newInvoice()
  await w.must(['hold', 'INV-0042', '--reason', 'x'])
}
/** In this order, in one business. */
const tries: readonly [line: string, how?: Try][] = [
  ['init ledger.db --entity NZ01 --name "Example Ltd" --region NZ', { instead: { 'ledger.db': 'new.db' } }],
  ['init another.db --entity GB01 --name "Example plc" --region GB --currency EUR'],
  ['migrate --ledger ledger.db', { says: /is up to date|nothing/i }],
  ['entities', { says: /NZ01/ }],
  ['entities list', { says: /NZ01/ }],
  ['settings', { says: /chunk_size/ }],
  ['settings list', { says: /chunk_size/ }],
  ['settings get cutover_date'],
  ['settings set cutover_date 2026-04-01', { says: /2026-04-01/ }],
  ['import invoices.csv contacts.csv --dry-run'],
  ['import contacts.csv --as contacts', { says: /contact/ }],
  ['import invoices.csv --date-format DD/MM/YYYY --amounts exclusive --dry-run --entity NZ01'],
  ['validate --month 2026-10 --format csv --output findings.csv', { writes: 'findings.csv' }],
  [
    'validate --from 2026-10-01 --to 2026-10-31 --offline --strict --notify --entity NZ01',
    { says: /nothing is wrong|\d/ },
  ],
  ['export --dry-run'],
  ['export --sandbox'],
  ['export --from 2026-01-01 --to 2026-12-31 --only invoice --no-pull --wait --strict --entity NZ01'],
  ['export --document INV-0042 --notify --entity NZ01', { before: newInvoice }],
  ['pull --entity NZ01'],
  ['pull --strict --notify --entity NZ01', { says: /Back from Xero|nothing/ }],
  ['refresh --all'],
  ['accounts --entity NZ01', { says: /Sales/ }],
  ['tax-codes --entity NZ01', { says: /OUTPUT2/ }],
  ['status', { says: /Last run/ }],
  ['history --month 2026-11', { says: /export/ }],
  ['log --run 12 --failed'],
  ['log --call 1', { says: /POST|GET/ }],
  ['show INV-0042', { says: /INV-0042/ }],
  ['show INV-0042 --kind invoice', { says: /INV-0042/ }],
  ['reconcile --month 2026-10 --output month-end.html', { writes: 'month-end.html' }],
  ['reconcile --month 2026-10 --problems --format csv --entity NZ01'],
  ['report --month 2026-10 --html october.html', { writes: 'october.html' }],
  ['report --run 12', { says: /run 12/ }],
  ['journals --month 2026-10'],
  ['journals --from 2026-10-01 --to 2026-10-31 --generated'],
  ['dashboard --open', { stopped: 'serving', env: { PATH: '' }, says: /127\.0\.0\.1/ }],
  ['dashboard --port 0', { stopped: 'serving', says: /127\.0\.0\.1/ }],
  ['contacts', { says: /ACME/ }],
  ['contacts list', { says: /ACME/ }],
  [`contacts link ACME ${anId}`, { instead: () => ({ [anId]: inXero }) }],
  ['contacts unlink ACME'],
  ['contacts match --apply'],
  ['settle INV-0042 --not-there', { before: loseInvoice }],
  [`settle INV-0042 --kind invoice --xero-id ${anId}`, { before: loseInvoice, instead: enter }],
  ['hold INV-0042 --reason "disputed, wait for the new quote"', { before: newInvoice }],
  ['hold INV-0042 --kind invoice --reason again'],
  ['release INV-0042', { before: held }],
  ['release INV-0042 --kind invoice', { before: held }],
  [`mark-exported INV-0042 --xero-id ${anId}`, { instead: enterInvoice }],
  [`mark-exported INV-0042 --kind invoice --xero-id ${anId}`, { instead: enterInvoice }],
  ['reset INV-0042', { before: marked }],
  ['reset INV-0042 --kind invoice --unlink', { before: marked }],
  ['mock-export --before 2026-04-01 --link --dry-run'],
  ['mock-export --before 2026-04-01', { before: oldInvoice }],
  ['mock-export --undo'],
  ['rollback --run 12 --dry-run'],
  ['rollback --run 12 --yes'],
  ['release --run 12'],
  ['adopt-copy'],
  [
    'sandbox --port 4098 --fault "PUT /Invoices:2 drop-after-commit"',
    { stopped: 'serving', instead: { 4098: '0' }, says: /XERO_API_URL=/ },
  ],
  [
    'sandbox --state xero.json --switch paymentNotes=accepted --business agency',
    { stopped: 'serving', instead: () => ({ 'xero.json': join(w.folder, 'xero.json') }) },
  ],
  ['doctor', { says: /Ledger/ }],
  ['doctor --offline'],
  ['watch --every 30', { stopped: 'later' }],
  ['watch --pause 1', { stopped: 'later' }],
  ['completion bash > auxo-sync.bash', { says: /complete -F/ }],
  [
    'connect --custom --tenant TENANT --yes --entity NZ01',
    { instead: () => ({ TENANT: w.sandbox.organisations[0]?.tenantId ?? '' }) },
  ],
  ['connections --json', { says: /"NZ01"/ }],
  ['disconnect --entity NZ01', { code: 2, says: /--yes/ }],
  ['disconnect --entity NZ01 --yes'],
  ['connect --entity NZ01', { isLoggedIn: true }],
  ['connect --entity NZ01 --port 8710 --no-browser --balances', { isLoggedIn: true }],
  ['entities add AU01 --name "Example Pty Ltd" --region AU'],
  ['entities add SG01 --name "Example Pte" --region SG --currency USD'],
]

/** Examples that another file runs, since they take a business of their own. */
const elsewhere: Record<string, string> = {
  'demo workshop --keep demo-folder': 'test/scenarios/demo.test.ts',
}

/** As a shell takes a command line apart: blanks, quotes, and `> file`, which is the shell's own. */
function wordsOf(line: string): string[] {
  const words = line.replace(/ > \S+$/, '').matchAll(/"([^"]*)"|(\S+)/g)
  return [...words].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

async function attempt(line: string, how: Try): Promise<string | null> {
  await how.before?.()
  const instead = typeof how.instead === 'function' ? how.instead() : (how.instead ?? {})
  const argv = wordsOf(line).flatMap((word) => instead[word]?.split(' ') ?? word)
  const { code, out, err } = await outcomeOf(argv, how)
  if (code !== (how.code ?? 0)) return `${line}\n  ended with ${code}: ${err}${out}`
  if (how.says && !how.says.test(out + err)) return `${line}\n  does not say ${how.says}: ${err}${out}`
  return how.writes && !existsSync(join(w.folder, how.writes)) ? `${line}\n  wrote no ${how.writes}` : null
}

function outcomeOf(argv: string[], { env = {}, stopped, isLoggedIn }: Try): Promise<Outcome> {
  if (isLoggedIn) {
    // Its own port is one that is free, and nobody at a terminal is asked whether it is the right organisation.
    const flags = argv.slice(1).filter((word) => !['--port', '8710', '--no-browser'].includes(word))
    return connectInBrowser(w, [...flags, '--yes'])
  }
  const running = w.run(argv, { env })
  if (stopped === 'serving') stopWhenItServes(running)
  if (stopped === 'later') w.clock.forServer().after(120_000, () => w.interrupt())
  return running
}

/** Asks again and again: it hears it as soon as it can be stopped. */
function stopWhenItServes(running: Promise<unknown>): void {
  let isOver = false
  void running.finally(() => {
    isOver = true
  })
  const ask = () => {
    w.interrupt()
    if (!isOver) setImmediate(ask)
  }
  setImmediate(ask)
}

test('every example, and every option of every verb, does what it says', async () => {
  const problems: string[] = []
  for (const [line, how = {}] of tries) problems.push((await attempt(line, how)) ?? '')
  expect(problems.filter((problem) => problem !== '').join('\n')).toBe('')
})

test('every verb has an example that is tried', () => {
  const known = new Set([...tries.map(([line]) => line), ...Object.keys(elsewhere)])
  for (const { path, verb } of allVerbs(tree)) {
    expect(verb.examples, path).not.toEqual([])
    for (const example of verb.examples) expect([...known]).toContain(example.replace('auxo-sync ', ''))
  }
})

test('every option of every verb is tried', () => {
  const lines = [...tries.map(([line]) => line), ...Object.keys(elsewhere)]
  const untried = allVerbs(tree).flatMap(({ path, verb }) =>
    verb.options
      .filter(({ long }) => !lines.some((line) => isOf(line, path) && wordsOf(line).includes(long)))
      .map(({ long }) => `${path} ${long}`),
  )
  expect(untried).toEqual([])
})

function isOf(line: string, path: string): boolean {
  return line === path || line.startsWith(`${path} `)
}

test('what is tried elsewhere is', () => {
  for (const [line, file] of Object.entries(elsewhere)) {
    const text = readFileSync(file, 'utf8')
    for (const word of wordsOf(line).filter((one) => one.startsWith('--')))
      expect(text).toContain(`'${word}'`)
  }
})
