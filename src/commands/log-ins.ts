// By what an entity's calls are allowed: a custom connection's client id and secret, or a log-in with a browser that is kept on this
// computer (Z1, Z2). Where the files are and how old a log-in is; renewing it is xero/login-auth.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { customCredentials, isLoopbackHost, passphraseOf, xeroHosts } from '../config.ts'
import type { Connection } from '../ledger/connections.ts'
import { ledgerId } from '../ledger/identity.ts'
import type { Ledger } from '../ledger/open.ts'
import { daysLeft } from '../xero/login-auth.ts'
import { type Login, type LoginStore, type LoginUse, openLoginStore } from '../xero/login-store.ts'
import type { LoginOptions } from '../xero/open-gateway.ts'
import type { WaitOptions } from '../xero/waits.ts'
import type { CommandContext } from './context.ts'

/** From so many days on before its end a log-in is warned of. */
export const warningDays = 14

export type CustomLogin = Extract<LoginOptions, { kind: 'custom' }>
export type BrowserLogin = Extract<LoginOptions, { kind: 'browser' }>

/** AuxoError `not-connected` where client id or secret are missing in the environment. */
export async function customLogin(context: CommandContext): Promise<CustomLogin> {
  const credentials = customCredentials(context.host.env)
  const name = appName(context, credentials.clientId)
  const cacheFile = join(await context.configFolder(), 'tokens', `${name}.json`)
  return { kind: 'custom', ...credentials, cacheFile }
}

/** The log-in of an entity that is connected. A custom connection's are in the environment, a browser's in the config folder. */
export async function loginOf(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
  waits: Pick<WaitOptions, 'interrupt'> = {},
): Promise<CustomLogin | BrowserLogin> {
  if (connection.login === 'custom') return customLogin(context)
  const use = useOf(connection, await ledgerId(ledger))
  return {
    kind: 'browser',
    clientId: connection.clientId,
    store: await loginStore(context, connection.clientId, waits),
    choose: (logins) => loginFor(use, logins),
    again: `auxo-sync connect --entity ${connection.entity}`,
  }
}

/** The log-ins of one app. AuxoError `configuration-invalid` where AUXO_PASSPHRASE is too short. */
export async function loginStore(
  context: CommandContext,
  clientId: string,
  { interrupt }: Pick<WaitOptions, 'interrupt'> = {},
): Promise<LoginStore> {
  const { host } = context
  const name = appName(context, clientId)
  const folder = join(await context.configFolder(), 'logins')
  const { clock, keychain = null, pid, hostname, isAlive } = host
  return openLoginStore({
    file: join(folder, `${name}.json`),
    belongsTo: name,
    keys: {
      passphrase: passphraseOf(host.env),
      keychain,
      account: name,
      keyFile: join(folder, `${name}.key`),
    },
    owner: { pid, hostname, isAlive },
    clock,
    interrupt,
  })
}

/** Xero apps are told apart by their client id and by where they log in. A sandbox takes another port each time, and stays the same. */
function appName({ host }: CommandContext, clientId: string): string {
  const url = new URL(xeroHosts(host.env).identityUrl)
  const place = isLoopbackHost(url.hostname) ? 'this machine' : url.origin
  return createHash('sha256').update(`${place} ${clientId}`).digest('hex').slice(0, 32)
}

export function useOf(
  { entity, tenantId }: Pick<Connection, 'entity' | 'tenantId'>,
  ledger: string,
): LoginUse {
  return { ledger, entity, tenantId }
}

export function isSameUser(one: LoginUse, other: LoginUse): boolean {
  return one.ledger === other.ledger && one.entity === other.entity
}

/** The log-in that this entity was connected by, else one for the same organisation: a ledger may have been copied or moved. */
export function loginFor(use: LoginUse, logins: readonly Login[]): Login | undefined {
  const isOwn = (other: LoginUse) => isSameUser(use, other) && use.tenantId === other.tenantId
  return (
    logins.find((login) => login.uses.some(isOwn)) ??
    logins.find((login) => login.uses.some(({ tenantId }) => tenantId === use.tenantId))
  )
}

/** The kept log-in of an entity; null for a custom connection, and where this computer keeps none. */
export async function keptLogin(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
): Promise<Login | null> {
  if (connection.login === 'custom' || connection.isDisconnected) return null
  const logins = await (await loginStore(context, connection.clientId)).list()
  return loginFor(useOf(connection, await ledgerId(ledger)), logins) ?? null
}

/** Days in which the entity's log-in must be used; null where it does not end by itself or is not kept here. */
export async function daysLeftOf(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
): Promise<number | null> {
  const login = await keptLogin(context, ledger, connection)
  return login && daysLeft(login, context.host.clock.now())
}
