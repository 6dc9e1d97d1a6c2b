// One run of the program: common options, the command that was typed, and the one place where errors become exit codes.
// Which verbs there are is verbs.ts.

import { Command, CommanderError, Option } from 'commander'
import { commandContext, type GlobalFlags, type Host } from './commands/context.ts'
import { ledgerPath } from './config.ts'
import { AuxoError, exitCodes } from './errors.ts'
import type { Choose, Run } from './verbs/verb.ts'
import { addVerbs } from './verbs.ts'

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
  addVerbs(program, choose)
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
