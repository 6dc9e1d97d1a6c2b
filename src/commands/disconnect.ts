// `disconnect`: ends at Xero what an entity was allowed, and forgets its log-in here (Z4). What was sent, and where to, stays in the
// ledger. Killed on the way, it is done again: what has ended already is as good as ended.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import type { BillingEntity } from '../accounting/documents.ts'
import { xeroHosts } from '../config.ts'
import { AuxoError } from '../errors.ts'
import { callRecorder } from '../ledger/api-log.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import {
  type Connection,
  entitiesOf,
  findOpenConnection,
  recordDisconnection,
} from '../ledger/connections.ts'
import { ledgerId } from '../ledger/identity.ts'
import { whileLeased } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import { findOpenChannels } from '../ledger/open-chunks.ts'
import { printable } from '../reporting/printable.ts'
import { readConnections } from '../xero/connections.ts'
import { endConnection, revokeLogin } from '../xero/endings.ts'
import type { Login, LoginUse } from '../xero/login-store.ts'
import { type Line, openLine } from '../xero/open-gateway.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { type BrowserLogin, type CustomLogin, isSameUser, loginOf, useOf } from './log-ins.ts'
import { connectAgain, connectionOptions, holderOf, refuseOtherHost } from './open-organisation.ts'
import { tellDone } from './telling.ts'

/** What became of it at Xero. */
interface Ended {
  /** Of the organisation: ended now, had ended before, or left because another entity uses it. */
  connection: 'ended' | 'had-ended' | 'in-use'
  /** Of the log-in; null for a custom connection, which has none. */
  login: 'ended' | 'had-ended' | 'in-use' | null
}

export async function disconnectCommand(
  context: CommandContext,
  flags: { yes?: boolean },
): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const connection = await oneConnection(ledger, context.flags.entity)
    await confirm(context, connection, flags.yes ?? false)
    await whileLeased(ledger, connection.tenantId, holderOf(context), async () => {
      const ended = await endAtXero(context, ledger, connection)
      await recordDisconnection(ledger, connection, whoOf(context.host))
      await tell(context, ledger, connection, ended)
    })
    return 0
  })
}

async function oneConnection(ledger: Ledger, code: string | undefined): Promise<Connection> {
  const open: Connection[] = []
  for (const entity of await chooseEntities(ledger, code)) {
    const connection = await findOpenConnection(ledger, entity.code)
    if (connection) open.push(connection)
  }
  const [only, another] = open
  if (!only)
    throw new AuxoError(
      'not-connected',
      `${code ?? 'No billing entity'} is ${code ? 'not ' : ''}connected to Xero: there is nothing to end.`,
    )
  if (!another) return only
  throw new AuxoError(
    'usage',
    `Several entities are connected: say which one with --entity (${open.map(({ entity }) => entity).join(', ')}).`,
  )
}

async function confirm(
  { host }: CommandContext,
  { entity, organisation }: Connection,
  isConfirmed: boolean,
): Promise<void> {
  if (isConfirmed) return
  const answer = host.ask
    ? await host.ask(
        `Disconnect ${entity} from “${printable(organisation)}”? Nothing is sent any more until it is connected again. [y/N] `,
      )
    : null
  if (/^y(es)?$/i.test(answer?.trim() ?? '')) return
  throw new AuxoError(
    'needs-yes',
    host.ask
      ? `Nothing was changed: ${entity} stays connected.`
      : `To disconnect ${entity} from “${organisation}” without being asked, add --yes.`,
  )
}

async function endAtXero(context: CommandContext, ledger: Ledger, connection: Connection): Promise<Ended> {
  refuseOtherHost(connection, xeroHosts(context.host.env).apiUrl)
  const entity = await entityOf(ledger, connection.entity)
  const { settings } = await readBooks(ledger, entity, null)
  const login = await loginOf(context, ledger, connection)
  const recorder = callRecorder(ledger, { run: null, entity: connection.entity })
  const line = openLine(await connectionOptions(context, recorder, { login, settings, scopes: [] }))
  try {
    return login.kind === 'custom'
      ? await endCustom(ledger, connection, login, line)
      : await endBrowser(ledger, connection, login, line)
  } finally {
    await line.transport.close()
  }
}

async function entityOf(ledger: Ledger, code: string): Promise<BillingEntity> {
  const [entity] = await chooseEntities(ledger, code)
  assert(entity, `a connection of ${code}, which is no entity`)
  return entity
}

async function endCustom(
  ledger: Ledger,
  connection: Connection,
  { cacheFile }: CustomLogin,
  line: Line,
): Promise<Ended> {
  const others: string[] = []
  for (const entity of await entitiesOf(ledger, connection.tenantId)) {
    if (entity !== connection.entity && (await findOpenConnection(ledger, entity))) others.push(entity)
  }
  if (others.length > 0) return { connection: 'in-use', login: null }
  const ended = await endTenant(line, connection.tenantId)
  if (cacheFile !== null) await rm(cacheFile, { force: true })
  return { connection: ended, login: null }
}

async function endBrowser(
  ledger: Ledger,
  connection: Connection,
  { store, choose, clientId }: BrowserLogin,
  line: Line,
): Promise<Ended> {
  const own = useOf(connection, await ledgerId(ledger))
  const logins = await store.list()
  const isOther = othersThan(own, logins)
  const login = choose(logins)
  if (!login) return { connection: 'had-ended', login: 'had-ended' }
  await store.tokensOf(login.user) // what cannot be opened cannot be ended: better said now
  const isShared = logins.some((one) =>
    one.uses.some((use) => isOther(use) && use.tenantId === connection.tenantId),
  )
  const ended = isShared ? 'in-use' : await endTenant(line, connection.tenantId)
  return store.locked(async (held) => {
    const known = choose(await store.list()) ?? login // renewed meanwhile, perhaps
    const tokens = await store.tokensOf(known.user)
    const left = known.uses.filter(isOther)
    // Revoking would end all that the person allowed the app.
    const hasOthers = (await store.list()).some(
      (one) => one.user !== known.user && one.person === known.person && one.uses.length > 0,
    )
    if (left.length > 0) await held.record({ ...known, uses: left }, tokens)
    else if (hasOthers) await held.forget(known.user)
    if (left.length > 0 || hasOthers) return { connection: ended, login: 'in-use' }
    const isRevoked = await revokeLogin(line, clientId, tokens.refreshToken)
    await held.forget(known.user)
    return { connection: ended, login: isRevoked && known.endedAt === null ? 'ended' : 'had-ended' }
  })
}

/** A ledger that was adopted as a copy has another id than when it was connected: then the entity's old use is its own. */
function othersThan(own: LoginUse, logins: readonly Login[]): (use: LoginUse) => boolean {
  const isKnown = logins.some((login) => login.uses.some((use) => isSameUser(use, own)))
  return isKnown
    ? (use) => !isSameUser(use, own)
    : (use) => use.entity !== own.entity || use.tenantId !== own.tenantId
}

/** A log-in that Xero does not accept any more has nothing left to end. */
async function endTenant(line: Line, tenantId: string): Promise<'ended' | 'had-ended'> {
  try {
    const open = (await readConnections(line)).find((one) => one.tenantId === tenantId)
    return open && (await endConnection(line, open.id)) ? 'ended' : 'had-ended'
  } catch (error) {
    if (error instanceof AuxoError && error.code === 'not-authorised') return 'had-ended'
    throw error
  }
}

const endTexts: Record<Ended['connection'], string> = {
  ended: 'Xero let go of the organisation.',
  'had-ended': 'In Xero the connection had ended already.',
  'in-use': 'Another entity uses the organisation too, so that its connection stays.',
}

async function tell(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
  ended: Ended,
): Promise<void> {
  const { entity, organisation, tenantId } = connection
  const value = {
    entity,
    organisation: { tenantId, name: organisation },
    connection: ended.connection,
    login: ended.login,
  }
  const kept = ended.login === 'in-use' ? ' The log-in stays: another entity uses it.' : ''
  tellDone(
    context,
    value,
    `${entity} is disconnected from “${organisation}”. ${endTexts[ended.connection]}${kept} What was sent stays known. To connect it again: ${connectAgain(connection)}`,
  )
  if ((await findOpenChannels(ledger, tenantId)).length > 0)
    context.host.stderr.write(
      `Note: of some calls it is not known what Xero has of them. Connect ${entity} again, or look in Xero and say it with auxo-sync settle.\n`,
    )
}
