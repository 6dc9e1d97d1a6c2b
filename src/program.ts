// One run of the program: common options, the command that was typed, and the one place where errors become exit codes.
// Which verbs there are is verbs.ts.

import { Command, CommanderError, Option } from 'commander'
import { commandContext, type GlobalFlags, type Host } from './commands/context.ts'
import { configPath, ledgerPath } from './config.ts'
import { AuxoError, exitCodes } from './errors.ts'
import { createNotifier, type Notifier, silentNotifier } from './notify/notifier.ts'
import { eventStream, wantsEvents } from './reporting/events.ts'
import { createLogTail } from './reporting/log-tail.ts'
import { printable } from './reporting/printable.ts'
import type { Choose, Run } from './verbs/verb.ts'
import { addVerbs } from './verbs.ts'

/** Runs the program; never throws. The result is the exit code of the public contract. */
export async function runProgram(argv: readonly string[], machine: Host): Promise<number> {
  const tail = createLogTail(logTailLength)
  const heard = { ...machine, stdout: tail.record(machine.stdout), stderr: tail.record(machine.stderr) }
  const host = wantsEvents(argv) ? withEvents(heard, argv.includes('--quiet')) : heard
  const isWatched = isTerminal(machine.stdout) || isTerminal(machine.stderr)
  const exitCode = await runVerb(argv, host, { isWatched, log: tail.text })
  host.stderr.event?.({ event: 'end', level: exitCode === 0 ? 'info' : 'error', exitCode })
  return exitCode
}

/** Characters of what a command wrote that those who are told of it may see (notify/). */
const logTailLength = 20_000

function isTerminal({ isTTY }: Host['stdout']): boolean {
  return isTTY === true
}

/** The same machine, with a log of events (--log-format json). */
function withEvents(host: Host, quiet: boolean): Host {
  return { ...host, stderr: eventStream(host.stderr, { clock: host.clock, quiet }) }
}

async function runVerb(
  argv: readonly string[],
  host: Host,
  seen: { isWatched: boolean; log: () => string },
): Promise<number> {
  const outcome: { run: Run | null; command: Command | null } = { run: null, command: null }
  let notifier: Notifier = silentNotifier
  const program = buildProgram(host, (command, run) => {
    outcome.run = run
    outcome.command = command
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    if (!outcome.run || !outcome.command) return 0
    const flags = globalFlags(outcome.command)
    notifier = createNotifier({
      ...host,
      ...seen,
      ledgerFile: ledgerPath(flags.ledger, host.env, host.cwd),
      configFolder: () => configPath(host.env, host.cwd),
    })
    const exitCode = await outcome.run(commandContext(host, flags, notifier))
    await notifier.end(exitCode)
    return exitCode
  } catch (error) {
    const exitCode = await endWith(error, host, { command: outcome.command, notifier })
    await notifier.end(exitCode)
    return exitCode
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
  }
}

async function endWith(
  error: unknown,
  host: Host,
  { command, notifier }: { command: Command | null; notifier: Notifier },
): Promise<number> {
  const { tellError } = await import('./reporting/error-text.ts')
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    // Its text is written already.
    if (host.stderr.event) tellError(host.stderr, { code: 'usage', message: error.message, details: [] })
    return exitCodes.usage
  }
  const known = error instanceof AuxoError ? error : await ledgerError(error, host, command)
  if (known) {
    const { code, message, details } = known
    tellError(host.stderr, known)
    notifier.failed({ entity: null, code, message, details })
    return exitCodes[code]
  }
  notifier.failed({ entity: null, code: 'bug', message: tellBug(error, host), details: [] })
  return bugExitCode
}

const bugExitCode = 70

/** The sentence that it told first. */
function tellBug(error: unknown, { stderr, version }: Host): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = `This is a bug of auxo-sync ${version}. What was sent is recorded, and the next run asks Xero about anything open.`
  if (!stderr.event) stderr.write(`${message}\n${stack}\n`)
  else
    stderr.event({
      event: 'error',
      level: 'error',
      code: 'bug',
      exitCode: bugExitCode,
      message,
      details: stack.split('\n'),
    })
  return message
}

async function ledgerError(error: unknown, host: Host, command: Command | null): Promise<AuxoError | null> {
  if (!command) return null
  const { ledgerProblem } = await import('./ledger/problems.ts')
  const file = ledgerPath(globalFlags(command).ledger, host.env, host.cwd)
  const known = ledgerProblem(error, file)
  if (known) return known
  const { damageBehind } = await import('./ledger/soundness.ts')
  return damageBehind(file)
}

/** The whole tree of verbs; `choose` hears which one was typed. */
export function buildProgram(host: Pick<Host, 'version' | 'stdout' | 'stderr'>, choose: Choose): Command {
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
      // What was typed comes back in it.
      writeErr: (text) => host.stderr.write(text.split('\n').map(printable).join('\n')),
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
  $ auxo-sync connect                                with XERO_CLIENT_ID set: log in to Xero with a browser
  $ auxo-sync validate
  $ auxo-sync export --dry-run
  $ auxo-sync export`

/** Common options are known to every verb, so that they may stand where a person types them. */
function shareOptions(program: Command, options: readonly Option[]): void {
  const shared = options.filter((option) => option.long !== '--version')
  const walk = (command: Command, path: string) => {
    for (const child of command.commands) {
      const name = `${path} ${child.name()}`
      child
        .exitOverride()
        .showHelpAfterError(`(${name} --help shows how)`)
        .configureOutput({ ...program.configureOutput() })
        .helpOption('-h, --help', 'print this help')
      if (child.commands.length === 0) {
        for (const option of shared) {
          const copy = new Option(option.flags, option.description).hideHelp()
          if (option.argChoices) copy.choices(option.argChoices)
          if (!child.options.some((known) => known.long === option.long)) child.addOption(copy)
        }
      }
      walk(child, name)
    }
  }
  walk(program, program.name())
}
