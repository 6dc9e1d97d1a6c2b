// What the groups of verbs share: a verb with its example, lists, periods, and values as they are typed. Running them is
// program.ts.

import { type Command, InvalidArgumentError } from 'commander'
import { didYouMean } from '../accounting/nearest.ts'
import type { CommandContext, ExitCode } from '../commands/context.ts'
import { AuxoError } from '../errors.ts'

export type Run = (context: CommandContext) => Promise<ExitCode>

/** Told which command was typed, and what runs it. */
export type Choose = (command: Command, run: Run) => void

/** A verb with its example. */
export function verb(parent: Command, usage: string, description: string, example: string): Command {
  return parent.command(usage).description(description).addHelpText('after', `\nExample:\n  $ ${example}`)
}

/** What a group of verbs does without one. A word after the group that is none of its verbs is a slip, not a list. */
export function addList(group: Command, choose: Choose, description: string, run: Run): void {
  group
    .command('list', { isDefault: true })
    .description(description)
    .allowExcessArguments(true)
    .action(function (this: Command) {
      const [word] = this.args
      if (word !== undefined) {
        const verbs = group.commands.map((command) => command.name())
        throw new AuxoError(
          'usage',
          `auxo-sync ${group.name()} has no verb “${word}”.${didYouMean(word, verbs)} It has: ${verbs.join(', ')}.`,
        )
      }
      choose(this, run)
    })
}

export function withPeriod(command: Command, what = 'documents'): Command {
  return command
    .option('--month <yyyy-mm>', `${what} of one month`)
    .option('--from <date>', `${what} dated on or after`)
    .option('--to <date>', `${what} dated on or before`)
}

export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
