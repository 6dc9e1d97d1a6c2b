// What the groups of verbs share: a verb with its example, lists, periods, and values as they are typed. Running them is
// program.ts.

import { type Command, InvalidArgumentError } from 'commander'
import { didYouMean } from '../accounting/nearest.ts'
import type { CommandContext, ExitCode } from '../commands/context.ts'
import { AuxoError } from '../errors.ts'

export type Run = (context: CommandContext) => Promise<ExitCode>

/** Told which command was typed, and what runs it. */
export type Choose = (command: Command, run: Run) => void

/** What stands in a help beside what commander knows, for the man page: commander keeps such text to itself. */
const told = new WeakMap<Command, { examples: readonly string[]; notes: string[] }>()

export function examplesOf(command: Command): readonly string[] {
  return told.get(command)?.examples ?? []
}

export function notesOf(command: Command): readonly string[] {
  return told.get(command)?.notes ?? []
}

/** A verb with its examples: command lines that run as they stand (test/examples.test.ts). */
export function verb(
  parent: Command,
  usage: string,
  description: string,
  ...examples: [string, ...string[]]
): Command {
  return describe(parent.command(usage), description, examples)
}

function describe(command: Command, description: string, examples: readonly string[]): Command {
  told.set(command, { examples, notes: [] })
  const head = examples.length > 1 ? 'Examples:' : 'Example:'
  return command
    .description(description)
    .addHelpText('after', ['', head, ...examples.map((example) => `  $ ${example}`)].join('\n'))
}

/** A paragraph at the end of a verb's help. */
export function withNote(command: Command, lines: readonly string[]): Command {
  told.get(command)?.notes.push(lines.join(' '))
  return command.addHelpText('after', ['', ...lines].join('\n'))
}

/** What a group of verbs does without one. A word after the group that is none of its verbs is a slip, not a list. */
export function addList(group: Command, choose: Choose, description: string, run: Run): void {
  describe(group.command('list', { isDefault: true }), description, [`auxo-sync ${group.name()} list`])
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
