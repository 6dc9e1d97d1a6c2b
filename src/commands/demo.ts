// `demo`: the main job from nothing, on the embedded sandbox: a ledger, an import, a connection, a validation, an export
// whose second call loses its answer, and another that finds nothing left to send. No account and no network needed.

import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AuxoError } from '../errors.ts'
import { type Sandbox, startSandbox } from '../sandbox/server.ts'
import { connectCommand } from './connect.ts'
import { type CommandContext, commandContext, type ExitCode, type Host } from './context.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { initCommand } from './init.ts'
import { writeJson } from './telling.ts'
import { validateCommand } from './validate.ts'

export interface DemoFlags {
  keep?: string
}

const entity = 'NZ01'

export async function demoCommand(context: CommandContext, flags: DemoFlags): Promise<ExitCode> {
  const { host } = context
  // With --json the story goes where it does not mix with the one value.
  const story = context.flags.json ? host.stderr : host.stdout
  const folder = await demoFolder(host, flags.keep)
  const sandbox = await startSandbox({ clock: host.clock })
  try {
    const demo = demoContext(context, story, folder, sandbox)
    for (const step of steps(demo, sandbox)) {
      story.write(`\n$ ${step.typed}\n`)
      if (step.note) story.write(`  (${step.note})\n`)
      const code = await step.run()
      if (code !== 0) return code
    }
    const held = holdings(sandbox)
    story.write(`\n${summary(held)}\n`)
    if (flags.keep !== undefined) {
      story.write(
        `The ledger is in ${folder}. Look at it: auxo-sync status --ledger ${join(folder, 'ledger.db')}\n`,
      )
    }
    if (context.flags.json)
      writeJson(context, { folder: flags.keep === undefined ? null : folder, sandbox: held })
    return 0
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

function steps(demo: CommandContext, sandbox: Sandbox): Step[] {
  const named: CommandContext = { ...demo, flags: { ...demo.flags, entity } }
  const csv = fileURLToPath(new URL('../../fixtures/demo/sales-invoices.csv', import.meta.url))
  return [
    {
      typed: `auxo-sync init ledger.db --entity ${entity} --name "Harbour Motors Ltd" --region NZ`,
      run: () => initCommand(named, 'ledger.db', { name: 'Harbour Motors Ltd', region: 'NZ' }),
    },
    { typed: 'auxo-sync import sales-invoices.csv', run: () => importCommand(demo, [csv], {}) },
    {
      typed: 'auxo-sync connect --custom',
      note: 'a Xero of our own on this machine, the sandbox, stands in for the real one',
      run: () => connectCommand(demo, { custom: true }),
    },
    { typed: 'auxo-sync validate', run: () => validateCommand(demo, {}) },
    { typed: 'auxo-sync export --dry-run', run: () => exportCommand(demo, { pull: true, dryRun: true }) },
    {
      typed: 'auxo-sync export',
      note: 'the sandbox stores the second chunk and then drops the line: the answer is lost, as it happens in life',
      run: () => {
        sandbox.fault({ method: 'PUT', path: '/Invoices', nth: 2, kind: 'drop-after-commit' })
        return exportCommand(demo, { pull: true })
      },
    },
    { typed: 'auxo-sync export', note: 'a second run', run: () => exportCommand(demo, { pull: true }) },
  ]
}

interface Holdings {
  invoices: number
  /** Different invoice numbers. */
  numbers: number
  contacts: number
}

function holdings(sandbox: Sandbox): Holdings {
  const invoices = sandbox.invoices()
  const numbers = new Set(invoices.map((invoice) => invoice.number))
  return { invoices: invoices.length, numbers: numbers.size, contacts: sandbox.contacts().length }
}

function summary({ invoices, numbers, contacts }: Holdings): string {
  return `The sandbox holds ${invoices} invoices with ${numbers} different numbers and ${contacts} contacts: every invoice of the file, each once.`
}
