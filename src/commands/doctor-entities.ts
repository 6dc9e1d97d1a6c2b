// What `doctor` finds out about each billing entity: from the ledger, and where it may ask, from Xero with one call beside the
// list of connections. What it means is checkup/entity.ts.

import type { BillingEntity } from '../accounting/documents.ts'
import { combinedSettingProblems, type EntitySettings, readSettings } from '../accounting/settings.ts'
import type { EntityFacts, XeroFacts } from '../checkup/entity.ts'
import { isLoopbackHost, xeroHosts } from '../config.ts'
import { AuxoError } from '../errors.ts'
import { countCallsToday } from '../ledger/api-log.ts'
import { type Connection, entitiesOf, findConnection } from '../ledger/connections.ts'
import { lastChunkOf, sentMark } from '../ledger/identity.ts'
import { findLease } from '../ledger/lease.ts'
import { findOrganisation, lastOpenAttempt } from '../ledger/looking-back.ts'
import type { Ledger } from '../ledger/open.ts'
import { findOpenChunks } from '../ledger/open-chunks.ts'
import { readStoredSettings } from '../ledger/settings.ts'
import { missingScopes } from '../xero/login-auth.ts'
import type { CommandContext } from './context.ts'
import { daysLeftOf, keptLogin, loginOf } from './log-ins.ts'
import { neededScopes, openOrganisation, refuseOtherHost } from './open-organisation.ts'

export async function entityFacts(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  { hasOthers, mayAsk }: { hasOthers: boolean; mayAsk: boolean },
): Promise<EntityFacts> {
  const { host } = context
  const connection = await findConnection(ledger, entity.code)
  const { settings, problems } = readSettings(await readStoredSettings(ledger, entity.code))
  const tenantId = connection?.tenantId ?? null
  const organisation = tenantId === null ? null : await findOrganisation(ledger, tenantId)
  const isOpen = connection !== null && !connection.isDisconnected
  return {
    entity: entity.code,
    hasOthers,
    now: host.clock.now(),
    settingProblems: [...problems, ...combinedSettingProblems(settings, isRehearsal(context))],
    connection: connection && (await connectionFacts(context, ledger, entity, { connection, settings })),
    mirrorReadAt: organisation && Date.parse(organisation.readAt),
    callsToday: tenantId === null ? 0 : await countCallsToday(ledger, await entitiesOf(ledger, tenantId)),
    callsPerDay: settings.calls_per_day,
    copyProblem: tenantId === null ? null : await copyProblem(context, ledger, tenantId),
    open: await openFacts(ledger, entity.code, { tenantId, settings }),
    lease:
      tenantId === null
        ? null
        : await findLease(ledger, tenantId, { host: host.hostname, isAlive: host.isAlive }),
    xero: isOpen && mayAsk ? await askXero(context, ledger, entity) : null,
  }
}

function isRehearsal({ host }: CommandContext): boolean {
  return (
    sentence(() => xeroHosts(host.env)) === null &&
    isLoopbackHost(new URL(xeroHosts(host.env).apiUrl).hostname)
  )
}

async function connectionFacts(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  { connection, settings }: { connection: Connection; settings: EntitySettings },
): Promise<EntityFacts['connection']> {
  const { host } = context
  const needed = await neededScopes(ledger, entity, settings)
  const isOpen = !connection.isDisconnected
  const login = isOpen
    ? await orSentence(() => keptLogin(context, ledger, connection))
    : { value: null, problem: null }
  const granted = login.value?.scopes ?? connection.scopes.split(' ')
  const credentials = isOpen ? await orSentence(() => loginOf(context, ledger, connection)) : null
  return {
    organisation: connection.organisation,
    login: connection.login,
    isDisconnected: connection.isDisconnected,
    otherHost: sentence(() => refuseOtherHost(connection, xeroHosts(host.env).apiUrl)),
    missingScopes: missingScopes(needed, granted),
    credentialProblem: login.problem ?? credentials?.problem ?? null,
    daysLeft:
      connection.login === 'custom' || login.problem !== null
        ? null
        : login.value === null
          ? undefined
          : await daysLeftOf(context, ledger, connection),
  }
}

/** Read only: the refusal itself remembers a ledger that has sent nothing (ledger/identity.ts). */
async function copyProblem(
  context: CommandContext,
  ledger: Ledger,
  tenantId: string,
): Promise<string | null> {
  const mark = await sentMark(ledger, await context.configFolder(), tenantId)
  const known = await lastChunkOf(ledger, tenantId)
  const { value: remembered, problem } = await orSentence(() => mark.read())
  if (problem !== null) return problem
  if (remembered === null) {
    return known === 0
      ? null
      : 'This ledger has exported before, but not from this machine or user: it may be a copy.'
  }
  if (remembered <= known) return null
  return `This ledger is behind what was sent from it (it knows ${known} calls, ${remembered} were made): it may be a restored back-up.`
}

async function openFacts(
  ledger: Ledger,
  entity: string,
  { tenantId, settings }: { tenantId: string | null; settings: EntitySettings },
): Promise<EntityFacts['open']> {
  if (tenantId === null) return { chunks: 0, settleFrom: null }
  const chunks = (await findOpenChunks(ledger, tenantId)).filter((chunk) => chunk.entity === entity)
  const ended = await lastOpenAttempt(ledger, entity)
  return {
    chunks: chunks.length,
    settleFrom: ended === null ? null : Date.parse(ended) + settings.settle_window,
  }
}

/** The way that an export takes, as far as its first answer. */
async function askXero(context: CommandContext, ledger: Ledger, entity: BillingEntity): Promise<XeroFacts> {
  const { clock } = context.host
  try {
    const { gateway } = await openOrganisation(context, ledger, entity)
    try {
      const { name } = await gateway.organisation()
      const answeredAt = gateway.answeredAt()
      return {
        outcome: 'answered',
        name,
        aheadMs: answeredAt === null ? null : answeredAt - clock.now(),
        ...gateway.limits(),
      }
    } finally {
      await gateway.close()
    }
  } catch (error) {
    if (!(error instanceof AuxoError)) throw error
    return { outcome: 'failed', code: error.code, message: [error.message, ...error.details].join(' ') }
  }
}

/** What it refuses with; null where it does not. */
function sentence(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof AuxoError) return error.message
    throw error
  }
}

async function orSentence<T>(
  work: () => Promise<T>,
): Promise<{ value: T; problem: null } | { value: null; problem: string }> {
  try {
    return { value: await work(), problem: null }
  } catch (error) {
    if (error instanceof AuxoError) return { value: null, problem: error.message }
    throw error
  }
}
