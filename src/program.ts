// The command tree: verbs, flags, help with examples. Commands are loaded when they run, so that `--help` is instant.
// The one place where errors become exit codes.

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import {
  type CommandContext,
  commandContext,
  type ExitCode,
  type GlobalFlags,
  type Host,
} from './commands/context.ts'
import type { ExportFlags } from './commands/export.ts'
import type { ImportCommandOptions } from './commands/import.ts'
import type { ValidateFlags } from './commands/validate.ts'
import { ledgerPath } from './config.ts'
import { AuxoError, exitCodes } from './errors.ts'

type Run = (context: CommandContext) => Promise<ExitCode>

/** Runs the program; never throws. The result is the exit code of the public contract. */
export async function runProgram(argv: readonly string[], host: Host): Promise<number> {
  const outcome: { run: Run | null; command: Command | null } = { run: null, command: null }
  const program = buildProgram(host, (command, run) => {
    outcome.run = run
    outcome.command = command
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    if (!outcome.run || !outcome.command) return 0
    return await outcome.run(commandContext(host, globalFlags(outcome.command)))
  } catch (error) {
    return tellError(error, host, outcome.command)
  }
}

function globalFlags(command: Command): GlobalFlags {
  const options = command.optsWithGlobals()
  return {
    ledger: options['ledger'],
    entity: options['entity'],
    json: options['json'] === true,
    quiet: options['quiet'] === true,
    verbose: options['verbose'] === true,
    logFormat: options['logFormat'] === 'json' ? 'json' : 'text',
  }
}

async function tellError(error: unknown, host: Host, command: Command | null): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
  const known = error instanceof AuxoError ? error : await ledgerError(error, host, command)
  if (known) {
    const { errorText } = await import('./reporting/error-text.ts')
    host.stderr.write(errorText(known))
    return exitCodes[known.code]
  }
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error)
  host.stderr.write(
    `This is a bug of auxo-sync ${host.version}. What was sent is recorded, and the next run asks Xero about anything open.\n${bug}\n`,
  )
  return 70
}

async function ledgerError(error: unknown, host: Host, command: Command | null): Promise<AuxoError | null> {
  if (!command) return null
  const { ledgerProblem } = await import('./ledger/problems.ts')
  return ledgerProblem(error, ledgerPath(globalFlags(command).ledger, host.env, host.cwd))
}

type Choose = (command: Command, run: Run) => void

function buildProgram(host: Host, choose: Choose): Command {
  const program = new Command('auxo-sync')
    .description('Exports a business ledger to Xero, each document exactly once.')
    .version(host.version, '-V, --version', 'print the version')
    .option('--ledger <file>', 'the ledger (else AUXO_LEDGER, else ./ledger.db)')
    .option('--entity <code>', 'one billing entity (all if left out)')
    .option('--json', 'one JSON value on stdout and nothing else')
    .option('--quiet', 'nothing but errors')
    .option('--verbose', 'every call to Xero as it comes back, too')
    .addOption(
      new Option('--log-format <format>', 'progress as text or one JSON event a line')
        .choices(['text', 'json'])
        .default('text'),
    )
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .showHelpAfterError('(auxo-sync --help lists the commands)')
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    .exitOverride()
  // Options may stand before or after the verb.
  program.addHelpText('after', firstSteps)
  addSetup(program, choose)
  addDaily(program, choose)
  addLooking(program, choose)
  addMending(program, choose)
  addRehearsal(program, choose)
  shareOptions(program, program.options)
  return program
}

const firstSteps = `
First steps:
  $ auxo-sync demo                                   see it work, no account needed
  $ auxo-sync init ledger.db --entity NZ01 --name "Example Ltd" --region NZ
  $ auxo-sync import invoices.csv                    your Xero import template will do
  $ auxo-sync connect --custom                       with XERO_CLIENT_ID and XERO_CLIENT_SECRET set
  $ auxo-sync validate
  $ auxo-sync export --dry-run
  $ auxo-sync export`

/** Common options are known to every verb, so that they may stand where a person types them. */
function shareOptions(program: Command, options: readonly Option[]): void {
  const shared = options.filter((option) => option.long !== '--version')
  const walk = (command: Command) => {
    for (const child of command.commands) {
      child
        .exitOverride()
        .configureOutput({ ...program.configureOutput() })
        .helpOption('-h, --help', 'print this help')
      if (child.commands.length === 0) {
        for (const option of shared) {
          const copy = new Option(option.flags, option.description).hideHelp()
          if (option.argChoices) copy.choices(option.argChoices)
          if (!child.options.some((known) => known.long === option.long)) child.addOption(copy)
        }
      }
      walk(child)
    }
  }
  walk(program)
}

/** A verb with its example. */
function verb(parent: Command, usage: string, description: string, example: string): Command {
  return parent.command(usage).description(description).addHelpText('after', `\nExample:\n  $ ${example}`)
}

/** What a group of verbs does without one. A word after the group that is none of its verbs is a slip, not a list. */
function addList(group: Command, choose: Choose, description: string, run: Run): void {
  group
    .command('list', { isDefault: true })
    .description(description)
    .allowExcessArguments(true)
    .action(function (this: Command) {
      const [word] = this.args
      if (word !== undefined) {
        const verbs = group.commands.map((command) => command.name()).join(', ')
        throw new AuxoError('usage', `auxo-sync ${group.name()} has no verb “${word}”. It has: ${verbs}.`)
      }
      choose(this, run)
    })
}

function addSetup(program: Command, choose: Choose): void {
  verb(
    program,
    'init [file]',
    'make a new ledger, with a first billing entity if one is named',
    'auxo-sync init ledger.db --entity NZ01 --name "Example Ltd" --region NZ',
  )
    .option('--name <name>', 'name of the first billing entity (its code is --entity)')
    .option('--region <cc>', 'country of the entity: NZ, AU, GB, US, SG, ZA …')
    .option('--currency <cur>', 'base currency, where it is not the region’s')
    .action(function (
      this: Command,
      file: string | undefined,
      options: { name?: string; region?: string; currency?: string },
    ) {
      choose(this, async (context) =>
        (await import('./commands/init.ts')).initCommand(context, file, options),
      )
    })
  verb(
    program,
    'migrate',
    'bring an old ledger up to date, after a back-up',
    'auxo-sync migrate --ledger ledger.db',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('./commands/migrate.ts')).migrateCommand(context))
  })
  const entities = verb(
    program,
    'entities',
    'the billing entities and what they are connected to',
    'auxo-sync entities add AU01 --name "Example Pty Ltd" --region AU',
  )
  addList(entities, choose, 'list them', async (context) =>
    (await import('./commands/entities.ts')).entitiesCommand(context),
  )
  entities
    .command('add <code>')
    .description('add a billing entity')
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--region <cc>', 'its country: NZ, AU, GB, US, SG, ZA …')
    .option('--currency <cur>', 'base currency, where it is not the region’s')
    .action(function (
      this: Command,
      code: string,
      options: { name: string; region: string; currency?: string },
    ) {
      choose(this, async (context) =>
        (await import('./commands/entities.ts')).addEntityCommand(context, code, options),
      )
    })
  verb(
    program,
    'connect',
    'connect an entity to its Xero organisation',
    'auxo-sync connect --custom --entity NZ01',
  )
    .option('--custom', 'with a custom connection: XERO_CLIENT_ID and XERO_CLIENT_SECRET, no browser')
    .option('--tenant <id>', 'the organisation, where the credentials open several')
    .option('--yes', 'do not ask whether it is the right organisation')
    .action(function (this: Command, options: { custom?: boolean; tenant?: string; yes?: boolean }) {
      choose(this, async (context) =>
        (await import('./commands/connect.ts')).connectCommand(context, options),
      )
    })
  addSettings(program, choose)
}

function addSettings(program: Command, choose: Choose): void {
  const settings = verb(
    program,
    'settings',
    'what can be set per entity, with what each does',
    'auxo-sync settings set cutover_date 2026-04-01',
  )
  addList(settings, choose, 'all of them', async (context) =>
    (await import('./commands/settings.ts')).listSettingsCommand(context),
  )
  settings
    .command('get <name>')
    .description('one setting')
    .action(function (this: Command, name: string) {
      choose(this, async (context) =>
        (await import('./commands/settings.ts')).getSettingCommand(context, name),
      )
    })
  settings
    .command('set <name> <value>')
    .description('change one; what was exported stays as it is')
    .action(function (this: Command, name: string, value: string) {
      choose(this, async (context) =>
        (await import('./commands/settings.ts')).setSettingCommand(context, name, value),
      )
    })
}

function addDaily(program: Command, choose: Choose): void {
  verb(
    program,
    'import <files...>',
    'load CSV files into the ledger',
    'auxo-sync import invoices.csv contacts.csv --dry-run',
  )
    .option('--as <kind>', 'the kind of file, where its header does not tell')
    .option('--dry-run', 'check the files and change nothing')
    .option('--date-format <format>', 'how dates are written, such as DD/MM/YYYY')
    .addOption(
      new Option(
        '--amounts <mode>',
        'whether amounts of a Xero template are without tax, with it, or have none',
      ).choices(['exclusive', 'inclusive', 'no_tax']),
    )
    .action(function (this: Command, files: string[], options: ImportCommandOptions) {
      choose(this, async (context) =>
        (await import('./commands/import.ts')).importCommand(context, files, options),
      )
    })
  withPeriod(
    verb(
      program,
      'validate',
      'say what is wrong before anything is sent',
      'auxo-sync validate --month 2026-10 --format csv --output findings.csv',
    ),
  )
    .addOption(
      new Option('--format <format>', 'how findings are written').choices(['table', 'json', 'csv', 'html']),
    )
    .option('--output <file>', 'write them to a file')
    .option('--offline', 'do not ask Xero; use what was read last')
    .option('--strict', 'exit with 1 for warnings too')
    .action(function (this: Command, options: ValidateFlags) {
      choose(this, async (context) =>
        (await import('./commands/validate.ts')).validateCommand(context, options),
      )
    })
  verb(program, 'export', 'send what waits to Xero, each document exactly once', 'auxo-sync export --dry-run')
    .option('--from <date>', 'documents dated on or after')
    .option('--to <date>', 'documents dated on or before')
    .option('--only <kinds>', 'only these kinds, such as contact,invoice', commaList)
    .option('--document <id...>', 'only these documents, by id or number')
    .option('--dry-run', 'print the plan and send nothing')
    .option('--no-pull', 'do not read accounts, tax rates and contacts first')
    .option('--wait', 'wait until lost answers can be settled, and settle them (for cron)')
    .option('--strict', 'exit with 1 for warnings, held and future-dated documents too')
    .action(function (this: Command, options: ExportFlags) {
      choose(this, async (context) => (await import('./commands/export.ts')).exportCommand(context, options))
    })
  verb(
    program,
    'refresh',
    'read accounts, tax rates, tracking, currencies and contacts from Xero',
    'auxo-sync refresh',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('./commands/refresh.ts')).refreshCommand(context))
  })
}

function addLooking(program: Command, choose: Choose): void {
  verb(program, 'status', 'what waits, what failed and why, and the last run', 'auxo-sync status').action(
    function (this: Command) {
      choose(this, async (context) => (await import('./commands/status.ts')).statusCommand(context))
    },
  )
  verb(program, 'history', 'the runs: who, when, what went out', 'auxo-sync history --month 2026-11')
    .option('--month <yyyy-mm>', 'runs of one month')
    .action(function (this: Command, options: { month?: string }) {
      choose(this, async (context) =>
        (await import('./commands/history.ts')).historyCommand(context, options),
      )
    })
  verb(program, 'log', 'the API log: one row a call', 'auxo-sync log --run 12 --failed')
    .option('--run <number>', 'calls of one run', wholeNumber)
    .option('--failed', 'only calls that went wrong')
    .option('--call <number>', 'one call with its request and answer', wholeNumber)
    .action(function (this: Command, options: { run?: number; failed?: boolean; call?: number }) {
      choose(this, async (context) => (await import('./commands/log.ts')).logCommand(context, options))
    })
  verb(program, 'show <document>', "one document's whole life", 'auxo-sync show INV-0042')
    .option('--kind <kind>', 'where a number is used by several kinds')
    .action(function (this: Command, document: string, options: { kind?: string }) {
      choose(this, async (context) =>
        (await import('./commands/show.ts')).showCommand(context, document, options),
      )
    })
}

function addMending(program: Command, choose: Choose): void {
  const contacts = verb(
    program,
    'contacts',
    'contacts and what they are in Xero',
    'auxo-sync contacts link ACME 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  )
  addList(contacts, choose, 'all of them with their links', async (context) =>
    (await import('./commands/contacts.ts')).listContactsCommand(context),
  )
  contacts
    .command('link <code> <xeroId>')
    .description('say by hand which contact of Xero it is')
    .action(function (this: Command, code: string, xeroId: string) {
      choose(this, async (context) =>
        (await import('./commands/contacts.ts')).linkContactCommand(context, code, xeroId),
      )
    })
  contacts
    .command('unlink <code>')
    .description('forget it; the next export makes a new link')
    .action(function (this: Command, code: string) {
      choose(this, async (context) =>
        (await import('./commands/contacts.ts')).unlinkContactCommand(context, code),
      )
    })
  verb(
    program,
    'settle <reference>',
    'say by hand what became of a lost answer',
    'auxo-sync settle INV-0042 --not-there',
  )
    .option('--xero-id <id>', 'it is this one in Xero')
    .option('--not-there', 'it is not in Xero: send it again')
    .option('--kind <kind>', 'where a number is used by several kinds')
    .action(function (
      this: Command,
      reference: string,
      options: { xeroId?: string; notThere?: boolean; kind?: string },
    ) {
      choose(this, async (context) =>
        (await import('./commands/settle.ts')).settleCommand(context, reference, options),
      )
    })
  verb(
    program,
    'adopt-copy',
    'take a restored or copied ledger into use: looks up in Xero what is there already',
    'auxo-sync adopt-copy',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('./commands/adopt-copy.ts')).adoptCopyCommand(context))
  })
}

function addRehearsal(program: Command, choose: Choose): void {
  verb(
    program,
    'sandbox',
    'a local Xero to try things on, until stopped',
    'auxo-sync sandbox --port 4098 --fault "PUT /Invoices:2 drop-after-commit"',
  )
    .option('--port <number>', 'port on this machine; 0 takes any free one', wholeNumber, 0)
    .option('--state <file>', 'keep what it holds in this file')
    .option('--fault <spec...>', 'things that go wrong; --fault help lists them')
    .option('--switch <name=value...>', 'how it behaves where Xero’s own behaviour is not known')
    .action(function (
      this: Command,
      options: { port: number; state?: string; fault?: string[]; switch?: string[] },
    ) {
      choose(this, async (context) =>
        (await import('./commands/sandbox.ts')).sandboxCommand(context, options),
      )
    })
  verb(
    program,
    'demo',
    'a ledger, a sandbox, a validation and exports, in one go',
    'auxo-sync demo --keep demo-folder',
  )
    .option('--keep <folder>', 'leave the ledger there to look at')
    .action(function (this: Command, options: { keep?: string }) {
      choose(this, async (context) => (await import('./commands/demo.ts')).demoCommand(context, options))
    })
}

function withPeriod(command: Command): Command {
  return command
    .option('--month <yyyy-mm>', 'documents of one month')
    .option('--from <date>', 'documents dated on or after')
    .option('--to <date>', 'documents dated on or before')
}

function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
