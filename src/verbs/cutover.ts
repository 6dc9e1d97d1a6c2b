// The verbs of cutover: what counts as exported without being sent.

import type { Command } from 'commander'
import type { MockExportFlags } from '../commands/mock-export.ts'
import { type Choose, verb } from './verb.ts'

export function addCutover(program: Command, choose: Choose): void {
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
        (await import('../commands/mock-export.ts')).mockExportCommand(context, options),
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
        (await import('../commands/mark-exported.ts')).markExportedCommand(context, reference, options),
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
        (await import('../commands/reset.ts')).resetCommand(context, references, options),
      )
    })
}
