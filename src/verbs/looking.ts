// The verbs that look and change nothing: what waits, what went out, what Xero has, reports, dashboard.

import { type Command, Option } from 'commander'
import type { JournalsFlags } from '../commands/journals.ts'
import type { ReconcileFlags } from '../commands/reconcile.ts'
import type { ReportCommandFlags } from '../commands/report.ts'
import { type Choose, verb, wholeNumber, withPeriod } from './verb.ts'

export function addLooking(program: Command, choose: Choose): void {
  verb(
    program,
    'accounts',
    "the ledger's accounts beside Xero's, and what is missing, archived or unfit",
    'auxo-sync accounts --entity NZ01',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('../commands/accounts.ts')).accountsCommand(context))
  })
  verb(
    program,
    'tax-codes',
    "the ledger's tax codes beside Xero's rates, and what is missing, mismatched or archived",
    'auxo-sync tax-codes --entity NZ01',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('../commands/tax-codes.ts')).taxCodesCommand(context))
  })
  verb(program, 'status', 'what waits, what failed and why, and the last run', 'auxo-sync status').action(
    function (this: Command) {
      choose(this, async (context) => (await import('../commands/status.ts')).statusCommand(context))
    },
  )
  verb(program, 'history', 'the runs: what went out and came back', 'auxo-sync history --month 2026-11')
    .option('--month <yyyy-mm>', 'runs of one month')
    .action(function (this: Command, options: { month?: string }) {
      choose(this, async (context) =>
        (await import('../commands/history.ts')).historyCommand(context, options),
      )
    })
  verb(program, 'log', 'the API log: one row a call', 'auxo-sync log --run 12 --failed')
    .option('--run <number>', 'calls of one run', wholeNumber)
    .option('--failed', 'only calls that went wrong')
    .option('--call <number>', 'one call with its request and answer', wholeNumber)
    .action(function (this: Command, options: { run?: number; failed?: boolean; call?: number }) {
      choose(this, async (context) => (await import('../commands/log.ts')).logCommand(context, options))
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
        (await import('../commands/show.ts')).showCommand(context, document, options),
      )
    })
  addReconcile(program, choose)
  addReports(program, choose)
  addDashboard(program, choose)
  addJournals(program, choose)
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
        (await import('../commands/reconcile.ts')).reconcileCommand(context, options),
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
      choose(this, async (context) => (await import('../commands/report.ts')).reportCommand(context, options))
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
        (await import('../commands/dashboard.ts')).dashboardCommand(context, options),
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
        (await import('../commands/journals.ts')).journalsCommand(context, options),
      )
    })
}
