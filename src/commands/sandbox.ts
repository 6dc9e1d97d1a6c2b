// `sandbox`: the local Xero for people to try things on, until stopped. What it does is sandbox/.

import { AuxoError } from '../errors.ts'
import { parseFault, parseSwitch, UnreadableSpec } from '../sandbox/fault-spec.ts'
import type { OrganisationSeed } from '../sandbox/organisation.ts'
import { type Sandbox, startSandbox } from '../sandbox/server.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { chooseBusiness, organisationOf } from './demo-business.ts'

export interface SandboxFlags {
  port: number
  state?: string
  fault?: string[]
  switch?: string[]
  /** An organisation for each. */
  business?: string[]
}

export async function sandboxCommand(context: CommandContext, flags: SandboxFlags): Promise<ExitCode> {
  const { host } = context
  if (flags.fault?.includes('help')) {
    host.stdout.write(`${faultHelp()}\n`)
    return 0
  }
  const faults = readable(() => (flags.fault ?? []).map(parseFault))
  const switches = readable(() => Object.assign({}, ...(flags.switch ?? []).map(parseSwitch)))
  const sandbox = await start(context, flags, switches)
  for (const fault of faults) sandbox.fault(fault)
  host.stdout.write(sandboxEnvironment(sandbox))
  if (!context.flags.quiet) {
    host.stderr.write(
      [
        'The sandbox runs until you stop it with Ctrl-C. Set the lines above in another terminal, then: auxo-sync connect --custom',
        `To log in with a browser instead, set XERO_CLIENT_ID to ${sandbox.browserClientId}, then: auxo-sync connect`,
        `To pay, credit or void in this Xero by hand, open ${sandbox.personUrl} in a browser on this machine.`,
        '',
      ].join('\n'),
    )
  }
  await new Promise<void>((resolve) => {
    host.onInterrupt(resolve)
  })
  await sandbox.close()
  return 0
}

/** The lines that point auxo-sync at a sandbox; the last is the id to put in XERO_CLIENT_ID's place for a log-in with a browser. */
export function sandboxEnvironment(sandbox: Sandbox): string {
  return [
    `XERO_API_URL=${sandbox.url}`,
    `XERO_IDENTITY_URL=${sandbox.url}`,
    `XERO_LOGIN_URL=${sandbox.url}`,
    `XERO_CLIENT_ID=${sandbox.clientId}`,
    `XERO_CLIENT_SECRET=${sandbox.clientSecret}`,
    `XERO_BROWSER_CLIENT_ID=${sandbox.browserClientId}`,
    '',
  ].join('\n')
}

async function start(
  context: CommandContext,
  flags: SandboxFlags,
  switches: NonNullable<Parameters<typeof startSandbox>[0]['switches']>,
): Promise<Sandbox> {
  try {
    return await startSandbox({
      clock: context.host.clock,
      port: flags.port,
      switches,
      ...(flags.state === undefined ? {} : { stateFile: flags.state }),
      ...(flags.business === undefined ? {} : { organisations: organisationsOf(flags.business) }),
    })
  } catch (error) {
    throw startProblem(error, flags) ?? error
  }
}

/** Several are told apart by the business in their names. */
function organisationsOf(names: readonly string[]): OrganisationSeed[] {
  return names.map((name) => {
    const seed = organisationOf(chooseBusiness(name))
    return names.length === 1 ? seed : { ...seed, name: `${seed.name}, ${name}` }
  })
}

/** What keeps a sandbox from starting, in words; null for what only a bug explains. */
function startProblem(error: unknown, { port, state }: SandboxFlags): AuxoError | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error ? String(error.code) : ''
  const usage = (message: string) => new AuxoError('usage', message, { cause: error })
  const otherPort = 'Take another, or --port 0 for any free one.'
  if (code === 'ERR_SOCKET_BAD_PORT') return usage(`There is no port ${port}: ports go from 0 to 65535.`)
  if (code === 'EADDRINUSE') return usage(`Port ${port} cannot be used: another program has it. ${otherPort}`)
  if (code === 'EACCES' && 'port' in error)
    return usage(`Port ${port} cannot be used: this user may not. ${otherPort}`)
  if (state === undefined) return null
  const unusable = (words: string) =>
    new AuxoError('configuration-invalid', `${state} ${words}`, { cause: error })
  if (error instanceof SyntaxError || error.message.includes('is not a state file'))
    return unusable(
      'is not a state file of this sandbox. Name another with --state, or delete it to begin anew.',
    )
  if (code.startsWith('E'))
    return unusable(`cannot be used as the state file (${code}). Name another with --state.`)
  return null
}

/** The forms of a fault, without the complaint that they come with. */
function faultHelp(): string {
  try {
    parseFault('')
    return ''
  } catch (error) {
    return error instanceof UnreadableSpec ? error.message.split('\n').slice(1).join('\n') : ''
  }
}

function readable<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof UnreadableSpec) throw new AuxoError('usage', error.message, { cause: error })
    throw error
  }
}
