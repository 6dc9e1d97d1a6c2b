// Opens the way to the organisation that an entity is pinned to, for every command that talks to Xero: the pin is checked
// (tenant and host), credentials and tokens are found, and calls are logged.

import type { BillingEntity } from '../accounting/documents.ts'
import { combinedSettingProblems, type EntitySettings } from '../accounting/settings.ts'
import { pullMirror } from '../batch/pull.ts'
import { isLoopbackHost, xeroHosts } from '../config.ts'
import { AuxoError } from '../errors.ts'
import { callRecorder, countCallsToday } from '../ledger/api-log.ts'
import { hasAttachments } from '../ledger/attachments.ts'
import { readBooks } from '../ledger/books.ts'
import { type Connection, entitiesOf, findConnection } from '../ledger/connections.ts'
import { type SentMark, sentMark } from '../ledger/identity.ts'
import { type Holder, whileLeased } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import { findOpenChannels } from '../ledger/open-chunks.ts'
import { refuseDamagedLedger } from '../ledger/soundness.ts'
import { callTeller } from '../reporting/call-teller.ts'
import { progressTeller, waitProgress } from '../reporting/progress.ts'
import { listConnections } from '../xero/connections.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { type ConnectionOptions, type LoginOptions, openGateway } from '../xero/open-gateway.ts'
import { proxyEnvironment } from '../xero/proxy.ts'
import { scopesFor } from '../xero/scopes.ts'
import type { WaitOptions } from '../xero/waits.ts'
import { type CommandContext, whoOf } from './context.ts'
import { loginOf } from './log-ins.ts'

export interface OpenOrganisation {
  connection: Connection
  gateway: XeroGateway
  mark: SentMark
  holder: Holder
  /** From now on calls are logged under this run. */
  logUnder(run: number): void
}

export function holderOf(context: CommandContext): Holder {
  const { host } = context
  return { host: host.hostname, pid: host.pid, who: whoOf(host), isAlive: host.isAlive }
}

/** What a command reads beyond what the settings need; `channels` are ways on which it sends whatever the settings say now. */
export type Asked = Pick<Parameters<typeof scopesFor>[1], 'readsBalances'> & { channels?: readonly string[] }

/**
 * The least that the entity's settings and files need, and what is to be asked after lost answers (Z1). A token that was given for
 * less is not used again.
 */
export async function neededScopes(
  ledger: Ledger,
  entity: BillingEntity,
  settings: EntitySettings,
  { channels = [], ...asked }: Asked = {},
): Promise<string[]> {
  const connection = await findConnection(ledger, entity.code)
  return scopesFor(settings, {
    hasAttachments: await hasAttachments(ledger, entity.code),
    open: [...channels, ...(connection ? await findOpenChannels(ledger, connection.tenantId) : [])],
    ...asked,
  })
}

/** What opening a line to Xero takes, on this machine. */
export async function connectionOptions(
  context: CommandContext,
  recorder: ConnectionOptions['recorder'],
  asked: {
    login: LoginOptions
    settings: EntitySettings
    scopes: readonly string[]
    waits?: WaitOptions | undefined
  },
): Promise<ConnectionOptions> {
  const { host } = context
  const { login, settings, scopes, waits } = asked
  return {
    ...xeroHosts(host.env),
    login,
    scopes,
    clock: host.clock,
    recorder: toldRecorder(recorder, callTeller(host, context.flags)),
    env: proxyEnvironment(host.env),
    version: host.version,
    settings,
    ...(waits ?? { onWait: await waitLine(context) }),
  }
}

/** Long waits as a line each, for a command that shows no progress of its own. */
async function waitLine({ host, flags }: CommandContext): Promise<NonNullable<WaitOptions['onWait']>> {
  // Told as with --verbose: nobody would take a spinner away again.
  const teller = await progressTeller(host, { ...flags, verbose: true })
  return (ms, why) => teller.tell(waitProgress(ms, why))
}

/**
 * AuxoError `not-connected` for an entity without a connection; `other-organisation` where pin and reality differ. Without
 * `waits` nothing interrupts, and long waits are told in lines.
 */
export async function openOrganisation(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  waits?: WaitOptions,
  asked: Asked = {},
): Promise<OpenOrganisation> {
  const connection = await findConnection(ledger, entity.code)
  if (!connection || connection.isDisconnected) throw notConnected(entity, connection)
  const { apiUrl } = xeroHosts(context.host.env)
  refuseOtherHost(connection, apiUrl)
  const { settings } = await readBooks(ledger, entity, null)
  await refuseDamagedLedger(ledger, await context.configFolder())
  const problems = combinedSettingProblems(settings, isLoopbackHost(new URL(apiUrl).hostname))
  if (problems.length > 0)
    throw new AuxoError('configuration-invalid', `Settings of ${entity.code} do not go together.`, {
      details: problems,
    })
  const owner: { run: number | null; entity: string } = { run: null, entity: entity.code }
  const scopes = await neededScopes(ledger, entity, settings, asked)
  const login = await loginOf(context, ledger, connection, waits)
  const options = await connectionOptions(context, callRecorder(ledger, owner), {
    login,
    settings,
    scopes,
    waits,
  })
  await refuseOtherOrganisation(connection, options)
  const gateway = toldGateway(
    openGateway({
      ...options,
      tenantId: connection.tenantId,
      callsUsedToday: await countCallsToday(ledger, await entitiesOf(ledger, connection.tenantId)),
    }),
    callTeller(context.host, context.flags),
  )
  return {
    connection,
    gateway,
    mark: await sentMark(ledger, await context.configFolder(), connection.tenantId),
    holder: holderOf(context),
    logUnder: (run) => {
      owner.run = run
    },
  }
}

function notConnected(entity: BillingEntity, before: Connection | null): AuxoError {
  const { code } = entity
  return new AuxoError(
    'not-connected',
    before
      ? `${code} was disconnected from “${before.organisation}”. Connect it again: ${connectAgain(before)}`
      : `${code} is not connected to a Xero organisation yet. Connect it: auxo-sync connect --entity ${code}, or with a custom connection: auxo-sync connect --custom --entity ${code}`,
  )
}

/** What is typed to connect it in the same way. A custom connection that was ended has to be authorised first. */
export function connectAgain({ entity, login }: Pick<Connection, 'entity' | 'login'>): string {
  return login === 'custom'
    ? `auxo-sync connect --custom --entity ${entity} (once the custom connection is authorised at developer.xero.com)`
    : `auxo-sync connect --entity ${entity}`
}

/**
 * The API host is pinned beside the tenant: a shell that still points at a sandbox must not mark a real ledger as
 * exported. Every address of this machine is the same place: a sandbox takes another port each time.
 */
export function refuseOtherHost(connection: Connection, apiUrl: string): void {
  const place = (text: string) => {
    const url = new URL(text)
    return isLoopbackHost(url.hostname) ? 'this machine' : url.origin
  }
  if (place(connection.apiUrl) === place(apiUrl)) return
  throw new AuxoError(
    'other-organisation',
    `${connection.entity} was connected at ${connection.apiUrl}, but XERO_API_URL now points to ${apiUrl}. Nothing was sent. Correct XERO_API_URL.`,
  )
}

async function refuseOtherOrganisation(connection: Connection, options: ConnectionOptions): Promise<void> {
  const open = await listConnections(options)
  if (open.some((one) => one.tenantId === connection.tenantId)) return
  const names = open.map((one) => one.tenantName).join(', ')
  const [opens, what] =
    connection.login === 'custom'
      ? ['these credentials open', 'Check XERO_CLIENT_ID, or the connection in Xero under Connected apps.']
      : [
          'the log-in opens',
          `It was disconnected in Xero, or the person who logged in may not use it any more. Connect it again: ${connectAgain(connection)}`,
        ]
  throw new AuxoError(
    'other-organisation',
    `${connection.entity} belongs to “${connection.organisation}”, but ${opens} ${names || 'no organisation'}. Nothing was sent. ${what}`,
  )
}

/** Brings the mirror up to date where that is possible now: null, else the reason why not. Never throws an AuxoError. */
export async function refreshMirror(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
): Promise<string | null> {
  try {
    await pullOrganisation(context, ledger, entity)
    return null
  } catch (error) {
    if (error instanceof AuxoError) return error.message
    throw error
  }
}

/** Reads the mirror under the organisation's lease. */
export async function pullOrganisation(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
): Promise<void> {
  await underLease(context, ledger, entity, (gateway) => pullMirror(ledger, gateway))
}

/** Does something with the organisation that nobody else may disturb. */
export async function underLease<Value>(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  work: (gateway: XeroGateway) => Promise<Value>,
  asked: Asked = {},
): Promise<Value> {
  const { connection, gateway, holder } = await openOrganisation(context, ledger, entity, undefined, asked)
  try {
    return await whileLeased(ledger, connection.tenantId, holder, () => work(gateway))
  } finally {
    await gateway.close()
  }
}

type Tell = ReturnType<typeof callTeller>

/** The recorder of what the gateway does by itself, telling each call as it comes back. */
function toldRecorder(recorder: ConnectionOptions['recorder'], tell: Tell): ConnectionOptions['recorder'] {
  const intents = new Map<number, Parameters<typeof recorder.begin>[0]>()
  return {
    begin: async (intent) => {
      const id = await recorder.begin(intent)
      intents.set(id, intent)
      return id
    },
    end: async (id, result) => {
      const intent = intents.get(id)
      intents.delete(id)
      await recorder.end(id, result)
      if (intent) tell({ ...result, method: intent.method, path: intent.path, bytesOut: intent.bytesOut })
    },
  }
}

/** The gateway, telling each write too: those are recorded by their sender. */
function toldGateway(gateway: XeroGateway, tell: Tell): XeroGateway {
  return {
    ...gateway,
    write: async (request) => {
      const attempt = await gateway.write(request)
      tell({
        ...attempt.result,
        method: request.method,
        path: `/api.xro/2.0${request.path}`,
        bytesOut: request.body.byteLength,
      })
      return attempt
    },
  }
}
