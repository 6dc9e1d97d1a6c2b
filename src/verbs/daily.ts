// The verbs of every day: import, validate, export, pull, refresh.

import { type Command, Option } from 'commander'
import type { ExportFlags } from '../commands/export.ts'
import type { ImportCommandOptions } from '../commands/import.ts'
import type { ValidateFlags } from '../commands/validate.ts'
import { type Choose, commaList, verb, withPeriod } from './verb.ts'

const notifyText = 'tell ping, webhook and mail at a terminal too, to try them'

export function addDaily(program: Command, choose: Choose): void {
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
        (await import('../commands/import.ts')).importCommand(context, files, options),
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
    .option('--notify', 'tell ping, webhook and mail what it found')
    .action(function (this: Command, options: ValidateFlags) {
      choose(this, async (context) =>
        (await import('../commands/validate.ts')).validateCommand(context, options),
      )
    })
  addExport(program, choose)
  verb(
    program,
    'pull',
    'bring back what happened in Xero: payments, credits, deletions, changes; send nothing',
    'auxo-sync pull --entity NZ01',
  )
    .option('--strict', 'exit with 1 for warnings too')
    .option('--notify', notifyText)
    .action(function (this: Command, options: { strict?: boolean; notify?: boolean }) {
      choose(this, async (context) => (await import('../commands/export.ts')).pullCommand(context, options))
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
        (await import('../commands/refresh.ts')).refreshCommand(context, options),
      )
    })
}

function addExport(program: Command, choose: Choose): void {
  verb(
    program,
    'export',
    'send what waits to Xero, each document exactly once',
    'auxo-sync export --dry-run',
    'auxo-sync export --sandbox',
  )
    .option('--from <date>', 'documents dated on or after')
    .option('--to <date>', 'documents dated on or before')
    .option('--only <kinds>', 'only these kinds, such as contact,invoice', commaList)
    .option('--document <id...>', 'only these documents, by id or number')
    .option('--dry-run', 'print the plan and send nothing')
    .option('--no-pull', 'do not ask Xero first what happened there')
    .option('--wait', 'wait until lost answers can be settled, and settle them (for cron)')
    .option('--strict', 'exit with 1 for warnings, held and future-dated documents too')
    .addOption(new Option('--notify', notifyText).conflicts(['dryRun', 'sandbox']))
    .option(
      '--sandbox',
      'rehearse: play the run against a copy of the ledger and a sandbox; Xero gets nothing',
    )
    .action(function (this: Command, options: ExportFlags) {
      choose(this, async (context) =>
        options.sandbox
          ? (await import('../commands/rehearsal.ts')).rehearsalCommand(context, options)
          : (await import('../commands/export.ts')).exportCommand(context, options),
      )
    })
}
