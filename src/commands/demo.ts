// `demo`: a business from its files to its books in Xero, on the embedded sandbox: a ledger, an import, a connection, a
// validation, a plan, an export in which an answer is lost, and another that finds nothing left to send. Then the books in the
// sandbox stand beside those that were worked out by hand; and at the end somebody works in Xero, and an export brings it back
// (demo-coming-back.ts). No account and no network needed.

import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { cents, formatCents, parseCents, zeroCents } from '../accounting/money.ts'
import { AuxoError } from '../errors.ts'
import { moneyText } from '../reporting/figures.ts'
import { type Printer, toned } from '../reporting/terminal.ts'
import { type Sandbox, startSandbox } from '../sandbox/server.ts'
import { connectCommand } from './connect.ts'
import { type CommandContext, commandContext, type ExitCode, type Host } from './context.ts'
import {
  type Business,
  businesses,
  chooseBusiness,
  expectedBooks,
  ledgerFiles,
  organisationOf,
} from './demo-business.ts'
import { actInXero } from './demo-coming-back.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { initCommand } from './init.ts'
import { showCommand } from './show.ts'
import { skippingClock } from './skipping-clock.ts'
import { printerOf, writeJson } from './telling.ts'
import { validateCommand } from './validate.ts'

export interface DemoFlags {
  keep?: string
}

export async function demoCommand(
  context: CommandContext,
  name: string | undefined,
  flags: DemoFlags,
): Promise<ExitCode> {
  const { host } = context
  const business = chooseBusiness(name)
  // With --json the story goes where it does not mix with the one value.
  const story = context.flags.json ? host.stderr : host.stdout
  const folder = await demoFolder(host, flags.keep)
  // Xero's pace is kept, and nobody who only looks has to sit through it.
  const clock = skippingClock(host.clock)
  const sandbox = await startSandbox({ clock, organisations: [organisationOf(business)] })
  try {
    const demo = demoContext({ ...context, host: { ...host, clock } }, story, folder, sandbox)
    story.write(`This is ${business.title}.\n`)
    const going = await runSteps(story, steps(demo, business, sandbox))
    if (going !== 0) return going
    const books = compareBooks(business, sandbox)
    printBooks(await printerOf(demo), books)
    const coming = await runSteps(story, await comingBack(demo, business, sandbox, story))
    if (coming !== 0) return coming
    tellFurther(story, business, flags.keep === undefined ? null : folder)
    if (context.flags.json)
      writeJson(context, {
        business: business.name,
        folder: flags.keep === undefined ? null : folder,
        books,
      })
    return books.every((row) => row.agrees) ? 0 : 1
  } finally {
    await sandbox.close()
    if (flags.keep === undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function demoFolder(host: Host, keep: string | undefined): Promise<string> {
  if (keep === undefined) return mkdtemp(join(tmpdir(), 'auxo-sync-demo-'))
  const folder = resolve(host.cwd, keep)
  const files = await mkdir(folder, { recursive: true })
    .then(() => readdir(folder))
    .catch((error: unknown) => {
      throw new AuxoError('usage', `The folder ${folder} cannot be made or read. Name another with --keep.`, {
        cause: error,
      })
    })
  if (files.length > 0) {
    throw new AuxoError('usage', `The folder ${folder} is not empty. Name an empty or a new one.`)
  }
  return folder
}

/** The same machine, pointed at the sandbox and at a ledger and a config folder of the demo's own. */
function demoContext(
  context: CommandContext,
  story: Host['stdout'],
  folder: string,
  sandbox: Sandbox,
): CommandContext {
  const host: Host = {
    ...context.host,
    stdout: story,
    cwd: folder,
    env: {
      ...context.host.env,
      AUXO_LEDGER: join(folder, 'ledger.db'),
      AUXO_CONFIG_DIR: join(folder, 'config'),
      XERO_API_URL: sandbox.url,
      XERO_IDENTITY_URL: sandbox.url,
      XERO_CLIENT_ID: sandbox.clientId,
      XERO_CLIENT_SECRET: sandbox.clientSecret,
    },
  }
  return commandContext(host, { ...context.flags, ledger: undefined, entity: undefined, json: false })
}

interface Step {
  typed: string
  note?: string
  run: () => Promise<ExitCode>
}

/** Up to the first that does not end well. */
async function runSteps(story: Host['stdout'], steps: readonly Step[]): Promise<ExitCode> {
  for (const step of steps) {
    story.write(`\n$ ${step.typed}\n`)
    if (step.note) story.write(`  (${step.note})\n`)
    const code = await step.run()
    if (code !== 0) return code
  }
  return 0
}

function steps(demo: CommandContext, business: Business, sandbox: Sandbox): Step[] {
  const files = ledgerFiles(business)
  return [
    { typed: 'auxo-sync init ledger.db', run: () => initCommand(demo, 'ledger.db', {}) },
    {
      typed: `auxo-sync import ${files.map((file) => basename(file)).join(' ')}`,
      run: () => importCommand(demo, files, {}),
    },
    ...business.entities.map((entity) => connecting(demo, entity)),
    { typed: 'auxo-sync validate', run: () => validateCommand(demo, {}) },
    { typed: 'auxo-sync export --dry-run', run: () => exportCommand(demo, { pull: true, dryRun: true }) },
    {
      typed: 'auxo-sync export',
      ...(business.lostCall === null
        ? {}
        : {
            note: 'the sandbox stores a chunk of invoices and then drops the line: the answer is lost, as it happens in life',
          }),
      run: () => {
        if (business.lostCall !== null)
          sandbox.fault({
            method: 'PUT',
            path: '/Invoices',
            nth: business.lostCall,
            kind: 'drop-after-commit',
          })
        return exportCommand(demo, { pull: true })
      },
    },
    { typed: 'auxo-sync export', note: 'a second run', run: () => exportCommand(demo, { pull: true }) },
  ]
}

/** After somebody worked in Xero. */
async function comingBack(
  demo: CommandContext,
  business: Business,
  sandbox: Sandbox,
  story: Host['stdout'],
): Promise<Step[]> {
  const done = await actInXero(demo, sandbox)
  if (done === null) return []
  story.write(`\n${done.told}\n`)
  const { entity, number } = done.document
  const whose = business.entities.length > 1 ? ` --entity ${entity}` : ''
  return [
    { typed: 'auxo-sync export', run: () => exportCommand(demo, { pull: true }) },
    {
      typed: `auxo-sync show ${number}${whose}`,
      run: () => showCommand({ ...demo, flags: { ...demo.flags, entity } }, number, {}),
    },
  ]
}

function connecting(demo: CommandContext, entity: string): Step {
  return {
    typed: `auxo-sync connect --custom --entity ${entity}`,
    note: 'a Xero of our own on this machine, the sandbox, stands in for the real one',
    run: () => connectCommand({ ...demo, flags: { ...demo.flags, entity } }, { custom: true }),
  }
}

interface BookRow {
  account: string
  name: string
  tracking: string | null
  expected: string
  inXero: string
  agrees: boolean
}

/** Account by account, by tracking option where there is one: what was worked out by hand beside what the sandbox has. */
function compareBooks(business: Business, sandbox: Sandbox): BookRow[] {
  const key = (account: string, tracking: string | null) => `${account}\n${tracking ?? ''}`
  const names = new Map(organisationOf(business).accounts.map((account) => [account.code, account.name]))
  const rows = new Map<string, BookRow>()
  for (const row of expectedBooks(business)) {
    const { account, name, tracking, balance } = row
    rows.set(key(account, tracking), {
      account,
      name,
      tracking,
      expected: formatCents(parseCents(balance) ?? zeroCents),
      inXero: '0.00',
      agrees: false,
    })
  }
  for (const { account, trackingOption, cents: balance } of sandbox.trialBalance()) {
    const known = rows.get(key(account, trackingOption))
    rows.set(key(account, trackingOption), {
      ...(known ?? {
        account,
        name: names.get(account) ?? '',
        tracking: trackingOption,
        expected: '0.00',
        agrees: false,
      }),
      inXero: formatCents(cents(balance)),
    })
  }
  return [...rows.values()]
    .map((row) => ({ ...row, agrees: row.expected === row.inXero }))
    .sort((one, other) => key(one.account, one.tracking).localeCompare(key(other.account, other.tracking)))
}

function printBooks(printer: Printer, books: readonly BookRow[]): void {
  printer.line()
  printer.line(toned('strong', 'The books in the sandbox, beside those that were worked out by hand'))
  printer.table(
    [
      { head: 'account' },
      { head: '' },
      { head: 'tracking' },
      { head: 'by hand', align: 'right' },
      { head: 'in Xero', align: 'right' },
    ],
    books.map((row) => [
      row.account,
      row.name,
      row.tracking ?? '',
      moneyText(row.expected),
      row.agrees ? moneyText(row.inXero) : toned('bad', `${moneyText(row.inXero)} differs`),
    ]),
    2,
  )
  const agreeing = books.filter((row) => row.agrees).length
  printer.line(
    agreeing === books.length
      ? toned(
          'good',
          `All ${books.length} balances agree to the cent: every document, payment and journal, each once.`,
        )
      : toned('bad', `${books.length - agreeing} of ${books.length} balances differ.`),
  )
}

function tellFurther(story: Host['stdout'], shown: Business, folder: string | null): void {
  if (folder !== null)
    story.write(
      `The ledger is in ${folder}. Look at it: auxo-sync status --ledger ${join(folder, 'ledger.db')}\n`,
    )
  story.write('\nThere are more to see:\n')
  const others = businesses.filter((one) => one !== shown)
  const width = Math.max(...others.map(({ name }) => name.length))
  for (const { name, title } of others) story.write(`  auxo-sync demo ${name.padEnd(width)}  ${title}\n`)
}
