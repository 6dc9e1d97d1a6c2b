// The verbs: their names, flags, help and examples. Each command is loaded when it runs, so that `--help` is instant. How
// a run begins and how its errors become exit codes is program.ts.

import { type Command, InvalidArgumentError, Option } from 'commander'
import type { MatchFlags } from './commands/contacts-match.ts'
import type { CommandContext, ExitCode } from './commands/context.ts'
import type { ExportFlags } from './commands/export.ts'
import type { ImportCommandOptions } from './commands/import.ts'
import type { JournalsFlags } from './commands/journals.ts'
import type { MockExportFlags } from './commands/mock-export.ts'
import type { ReconcileFlags } from './commands/reconcile.ts'
import type { ReportCommandFlags } from './commands/report.ts'
import type { ValidateFlags } from './commands/validate.ts'
import { AuxoError } from './errors.ts'

export type Run = (context: CommandContext) => Promise<ExitCode>

/** Told which command was typed, and what runs it. */
export type Choose = (command: Command, run: Run) => void

export function addVerbs(program: Command, choose: Choose): void {
  addSetup(program, choose)
  addDaily(program, choose)
  addLooking(program, choose)
  addReports(program, choose)
  addDashboard(program, choose)
  addJournals(program, choose)
  addContacts(program, choose)
  addMending(program, choose)
  addHolding(program, choose)
  addCutover(program, choose)
  addRehearsal(program, choose)
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
    .option('--no-pull', 'do not ask Xero first what happened there')
    .option('--wait', 'wait until lost answers can be settled, and settle them (for cron)')
    .option('--strict', 'exit with 1 for warnings, held and future-dated documents too')
    .action(function (this: Command, options: ExportFlags) {
      choose(this, async (context) => (await import('./commands/export.ts')).exportCommand(context, options))
    })
  verb(
    program,
    'pull',
    'bring back what happened in Xero: payments, credits, deletions, changes; send nothing',
    'auxo-sync pull --entity NZ01',
  )
    .option('--strict', 'exit with 1 for warnings too')
    .action(function (this: Command, options: { strict?: boolean }) {
      choose(this, async (context) => (await import('./commands/export.ts')).pullCommand(context, options))
    })
  verb(
    program,
    'refresh',
    'read accounts, tax rates, tracking, currencies and contacts from Xero, and say what changed',
    'auxo-sync refresh --all',
  )
    .option('--all', 'contacts, items and manual journals from the beginning, not only those that changed')
    .action(function (this: Command, options: { all?: boolean }) {
      choose(this, async (context) =>
        (await import('./commands/refresh.ts')).refreshCommand(context, options),
      )
    })
}

function addLooking(program: Command, choose: Choose): void {
  verb(
    program,
    'accounts',
    "the ledger's accounts beside Xero's, and what is missing, archived or unfit",
    'auxo-sync accounts --entity NZ01',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('./commands/accounts.ts')).accountsCommand(context))
  })
  verb(
    program,
    'tax-codes',
    "the ledger's tax codes beside Xero's rates, and what is missing, mismatched or archived",
    'auxo-sync tax-codes --entity NZ01',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('./commands/tax-codes.ts')).taxCodesCommand(context))
  })
  addReconcile(program, choose)
  verb(program, 'status', 'what waits, what failed and why, and the last run', 'auxo-sync status').action(
    function (this: Command) {
      choose(this, async (context) => (await import('./commands/status.ts')).statusCommand(context))
    },
  )
  verb(program, 'history', 'the runs: what went out and came back', 'auxo-sync history --month 2026-11')
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
  verb(
    program,
    'show <document>',
    "one document's whole life, or a payment's (payment:ID)",
    'auxo-sync show INV-0042',
  )
    .option('--kind <kind>', 'where a number is used by several kinds')
    .action(function (this: Command, document: string, options: { kind?: string }) {
      choose(this, async (context) =>
        (await import('./commands/show.ts')).showCommand(context, document, options),
      )
    })
}

function addReconcile(program: Command, choose: Choose): void {
  verb(
    program,
    'reconcile',
    'hold a month of the ledger against Xero, document by document; change nothing',
    'auxo-sync reconcile --month 2026-10 --output month-end.html',
  )
    .requiredOption('--month <yyyy-mm>', 'documents dated in this month')
    .option('--problems', 'only the problems')
    .addOption(new Option('--format <format>', 'how it is written').choices(['table', 'json', 'csv', 'html']))
    .option('--output <file>', 'write it to a file')
    .action(function (this: Command, options: ReconcileFlags) {
      choose(this, async (context) =>
        (await import('./commands/reconcile.ts')).reconcileCommand(context, options),
      )
    })
}

function addReports(program: Command, choose: Choose): void {
  verb(
    program,
    'report',
    'a run as it was told, or the month end: printed, or as a page to keep and print',
    'auxo-sync report --month 2026-10 --html october.html',
  )
    .option('--run <number>', 'a run of the history', wholeNumber)
    .option('--month <yyyy-mm>', 'the month end: invoiced, paid, owed, what is not in Xero and why')
    .option('--html <file>', 'write it as one page that opens anywhere and prints on A4')
    .action(function (this: Command, options: ReportCommandFlags) {
      choose(this, async (context) => (await import('./commands/report.ts')).reportCommand(context, options))
    })
}

function addDashboard(program: Command, choose: Choose): void {
  verb(
    program,
    'dashboard',
    'the ledger as pages in your browser, on this machine alone, until stopped',
    'auxo-sync dashboard --open',
  )
    .option('--port <number>', 'port on this machine; 0 takes any free one', wholeNumber, 0)
    .option('--open', 'open it in your browser')
    .action(function (this: Command, options: { port: number; open?: boolean }) {
      choose(this, async (context) =>
        (await import('./commands/dashboard.ts')).dashboardCommand(context, options),
      )
    })
}

function addJournals(program: Command, choose: Choose): void {
  withPeriod(
    verb(
      program,
      'journals',
      'the manual journals that people made in Xero, as journals_pull keeps them',
      'auxo-sync journals --month 2026-10',
    ),
    'journals',
  )
    .option('--generated', 'the journals that Xero generated of everything that was posted')
    .action(function (this: Command, options: JournalsFlags) {
      choose(this, async (context) =>
        (await import('./commands/journals.ts')).journalsCommand(context, options),
      )
    })
}

function addMending(program: Command, choose: Choose): void {
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

function addHolding(program: Command, choose: Choose): void {
  verb(
    program,
    'hold <reference...>',
    'leave documents out on purpose, until they are released',
    'auxo-sync hold INV-0042 --reason "disputed, wait for the new quote"',
  )
    .requiredOption('--reason <text>', 'why, for whoever looks next')
    .option('--kind <kind>', 'where a number is used by several kinds')
    .action(function (this: Command, references: string[], options: { reason: string; kind?: string }) {
      choose(this, async (context) =>
        (await import('./commands/hold.ts')).holdCommand(context, references, options),
      )
    })
  verb(
    program,
    'release <reference...>',
    'let documents go that were held back',
    'auxo-sync release INV-0042',
  )
    .option('--kind <kind>', 'where a number is used by several kinds')
    .action(function (this: Command, references: string[], options: { kind?: string }) {
      choose(this, async (context) =>
        (await import('./commands/hold.ts')).releaseCommand(context, references, options),
      )
    })
}

function addCutover(program: Command, choose: Choose): void {
  verb(
    program,
    'mock-export',
    'count everything dated before a day as exported, without sending it',
    'auxo-sync mock-export --before 2026-04-01 --link --dry-run',
  )
    .option('--before <date>', 'the first day that is exported; everything dated earlier is marked')
    .option('--dry-run', 'only show what would be marked')
    .option('--link', 'find open documents in Xero, so that later payments on them go there and come back')
    .option('--undo [run]', 'take the last one back, or that of a run, while nothing was exported since')
    .action(function (this: Command, options: MockExportFlags) {
      choose(this, async (context) =>
        (await import('./commands/mock-export.ts')).mockExportCommand(context, options),
      )
    })
  verb(
    program,
    'mark-exported <reference>',
    'say that a document is in Xero already, entered there by hand',
    'auxo-sync mark-exported INV-0042 --xero-id 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10',
  )
    .requiredOption('--xero-id <id>', 'which one it is in Xero')
    .option('--kind <kind>', 'where a number is used by several kinds')
    .action(function (this: Command, reference: string, options: { xeroId: string; kind?: string }) {
      choose(this, async (context) =>
        (await import('./commands/mark-exported.ts')).markExportedCommand(context, reference, options),
      )
    })
  verb(
    program,
    'reset <reference...>',
    'export documents after all that a mock export marked',
    'auxo-sync reset INV-0042',
  )
    .option('--unlink', 'also where it is linked with a document in Xero: the link is wrong')
    .option('--kind <kind>', 'where a number is used by several kinds')
    .action(function (this: Command, references: string[], options: { unlink?: boolean; kind?: string }) {
      choose(this, async (context) =>
        (await import('./commands/reset.ts')).resetCommand(context, references, options),
      )
    })
}

function addContacts(program: Command, choose: Choose): void {
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
    .command('match')
    .description('what each unlinked contact would be linked to in Xero')
    .option('--apply', 'link those that are sure')
    .action(function (this: Command, options: MatchFlags) {
      choose(this, async (context) =>
        (await import('./commands/contacts-match.ts')).matchContactsCommand(context, options),
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
    .option('--business <name>', 'with the accounts of one of the demo’s businesses')
    .addHelpText(
      'after',
      [
        '',
        'A person at work in this Xero: open XERO_API_URL with /_person/ behind it, such as http://127.0.0.1:4098/_person/,',
        'in a browser on this machine, to pay, credit, allocate, void, merge or lock by hand. Scripts post JSON to',
        '/_person/pay and the others that GET /_person/actions lists.',
      ].join('\n'),
    )
    .action(function (
      this: Command,
      options: { port: number; state?: string; fault?: string[]; switch?: string[]; business?: string },
    ) {
      choose(this, async (context) =>
        (await import('./commands/sandbox.ts')).sandboxCommand(context, options),
      )
    })
  verb(
    program,
    'demo',
    'a business from its files to its books in a sandbox Xero, in one go',
    'auxo-sync demo workshop --keep demo-folder',
  )
    .argument('[business]', 'workshop, manufacturer, manufacturer-journals or agency; workshop if left out')
    .option('--keep <folder>', 'leave the ledger there to look at')
    .action(function (this: Command, business: string | undefined, options: { keep?: string }) {
      choose(this, async (context) =>
        (await import('./commands/demo.ts')).demoCommand(context, business, options),
      )
    })
}

function withPeriod(command: Command, what = 'documents'): Command {
  return command
    .option('--month <yyyy-mm>', `${what} of one month`)
    .option('--from <date>', `${what} dated on or after`)
    .option('--to <date>', `${what} dated on or before`)
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
