// The verbs by which a person settles, holds back and lets go.

import type { Command } from 'commander'
import { type Choose, verb, wholeNumber } from './verb.ts'

export function addMending(program: Command, choose: Choose): void {
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
        (await import('../commands/settle.ts')).settleCommand(context, reference, options),
      )
    })
  verb(
    program,
    'adopt-copy',
    'take a restored or copied ledger into use: looks up in Xero what is there already',
    'auxo-sync adopt-copy',
  ).action(function (this: Command) {
    choose(this, async (context) => (await import('../commands/adopt-copy.ts')).adoptCopyCommand(context))
  })
  addHolding(program, choose)
  addRollback(program, choose)
}

function addRollback(program: Command, choose: Choose): void {
  verb(
    program,
    'rollback',
    'take out of Xero what a run posted, as far as Xero permits, and hold it',
    'auxo-sync rollback --run 12 --dry-run',
  )
    .requiredOption('--run <number>', 'the run, by its number', wholeNumber)
    .option('--dry-run', 'only show what would be taken out, and what stays')
    .option('--yes', 'do not ask')
    .action(function (this: Command, options: { run: number; dryRun?: boolean; yes?: boolean }) {
      choose(this, async (context) =>
        (await import('../commands/rollback.ts')).rollbackCommand(context, options),
      )
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
        (await import('../commands/hold.ts')).holdCommand(context, references, options),
      )
    })
  verb(
    program,
    'release [reference...]',
    'let documents go that were held back',
    'auxo-sync release INV-0042',
    'auxo-sync release --run 12',
  )
    .option('--kind <kind>', 'where a number is used by several kinds')
    .option('--run <number>', 'everything that is held since this run was rolled back', wholeNumber)
    .action(function (this: Command, references: string[], options: { kind?: string; run?: number }) {
      choose(this, async (context) =>
        (await import('../commands/hold.ts')).releaseCommand(context, references, options),
      )
    })
}
