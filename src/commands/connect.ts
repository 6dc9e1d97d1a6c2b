// `connect`: pins an entity to the organisation that a log-in opens, with a browser or with a custom connection (Z1). How a person logs
// in is browser-login's, which organisation is meant connect-organisation's business.

import type { BillingEntity } from '../accounting/documents.ts'
import { findRegion } from '../accounting/regions.ts'
import { browserClientId, loginHost, xeroHosts } from '../config.ts'
import { AuxoError } from '../errors.ts'
import { callRecorder } from '../ledger/api-log.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { recordConnection } from '../ledger/connections.ts'
import { ledgerId } from '../ledger/identity.ts'
import { readMirror } from '../ledger/mirror.ts'
import type { Ledger } from '../ledger/open.ts'
import { listConnections, type Connection as OpenConnection } from '../xero/connections.ts'
import { defaultCallbackPort } from '../xero/consent.ts'
import { exchangeCode } from '../xero/consent-exchange.ts'
import type { KeyPlace } from '../xero/login-keys.ts'
import type { Login, LoginStore, LoginTokens, LoginUse } from '../xero/login-store.ts'
import { openLine } from '../xero/open-gateway.ts'
import { askForConsent } from './browser-login.ts'
import { chooseOrganisation, confirmOrganisation, refuseRepinning } from './connect-organisation.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { customLogin, isSameUser, loginStore, useOf } from './log-ins.ts'
import { connectionOptions, neededScopes, pullOrganisation } from './open-organisation.ts'
import { tellDone } from './telling.ts'

export interface ConnectFlags {
  custom?: boolean
  tenant?: string
  yes?: boolean
  /** Where Xero leads the browser back; 8710 where nothing is said. */
  port?: number
  /** Reading account balances is asked for too. */
  balances?: boolean
  /** False with --no-browser. */
  browser?: boolean
}

/** What a way of connecting comes to. */
interface Opened {
  organisation: OpenConnection
  login: 'custom' | 'browser'
  clientId: string
  scopes: readonly string[]
}

export async function connectCommand(context: CommandContext, flags: ConnectFlags): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const entity = await oneEntity(ledger, context.flags.entity)
    const connect = flags.custom ? withCustomConnection : withBrowser
    const { organisation, login, clientId, scopes } = await connect(context, ledger, entity, flags)
    await recordConnection(
      ledger,
      {
        entity: entity.code,
        tenantId: organisation.tenantId,
        organisation: organisation.tenantName,
        login,
        clientId,
        scopes: scopes.join(' '),
        apiUrl: xeroHosts(context.host.env).apiUrl,
      },
      whoOf(context.host),
    )
    await pullOrganisation(context, ledger, entity)
    await tell(context, ledger, entity, organisation)
    return 0
  })
}

async function oneEntity(ledger: Ledger, code: string | undefined): Promise<BillingEntity> {
  const [entity, another] = await chooseEntities(ledger, code)
  if (!entity || another) {
    throw new AuxoError('usage', 'The ledger has several billing entities: say which one with --entity CODE.')
  }
  return entity
}

async function withCustomConnection(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  flags: ConnectFlags,
): Promise<Opened> {
  const { settings } = await readBooks(ledger, entity, null)
  const scopes = await neededScopes(ledger, entity, settings)
  const login = await customLogin(context)
  const recorder = callRecorder(ledger, { run: null, entity: entity.code })
  const options = await connectionOptions(context, recorder, { login, settings, scopes })
  // A custom connection opens one organisation, so there is nothing to ask.
  const organisation = chooseFrom(await listConnections(options), flags)
  await refuseRepinning(ledger, entity, organisation, flags.yes ?? false)
  return { organisation, login: 'custom', clientId: login.clientId, scopes }
}

function chooseFrom(organisations: readonly OpenConnection[], { tenant }: ConnectFlags): OpenConnection {
  const advice = 'Authorise the custom connection at developer.xero.com, for the organisation that you mean.'
  const chosen = chooseOrganisation(organisations, tenant, advice)
  if (chosen) return chosen
  const details = organisations.map((one) => `${one.tenantName} (${one.tenantId})`)
  throw new AuxoError(
    'usage',
    'These credentials open several organisations: say which one with --tenant ID.',
    {
      details,
    },
  )
}

/** Everything that can fail without a person is done before one is asked. */
async function withBrowser(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  flags: ConnectFlags,
): Promise<Opened> {
  const { host } = context
  if (!flags.yes && !host.ask) {
    throw new AuxoError(
      'needs-yes',
      'Nobody sits at a terminal to say whether it is the right organisation. Add --yes, and --tenant ID where the log-in opens several.',
    )
  }
  const clientId = browserClientId(host.env)
  const { settings } = await readBooks(ledger, entity, null)
  const store = await loginStore(context, clientId)
  const keyIn = await store.locked((held) => held.prepareKey())
  const needed = await neededScopes(ledger, entity, settings, { readsBalances: flags.balances ?? false })
  const scopes = scopesToAsk(needed, await store.list())
  const { port = defaultCallbackPort, browser: opens = true } = flags
  const { code, consent } = await askForConsent(context, {
    loginUrl: loginHost(host.env),
    clientId,
    scopes,
    port,
    opens,
  })
  const recorder = callRecorder(ledger, { run: null, entity: entity.code })
  const lineOptions = (accessToken: string) =>
    connectionOptions(context, recorder, { login: { kind: 'token', accessToken }, settings, scopes })
  const line = openLine(await lineOptions(''))
  const given = await exchangeCode(line, { code, consent, clientId, scopes }).finally(() =>
    line.transport.close(),
  )
  const organisations = await listConnections(await lineOptions(given.tokens.accessToken))
  const organisation = await confirmOrganisation(context, organisations, { entity, ...flags })
  await refuseRepinning(ledger, entity, organisation, true)
  const use = useOf({ entity: entity.code, tenantId: organisation.tenantId }, await ledgerId(ledger))
  await keepLogin(store, given, { use, opens: organisations.map(({ tenantId }) => tenantId) })
  tellWhere(context, store, keyIn)
  return { organisation, login: 'browser', clientId, scopes: given.login.scopes }
}

/**
 * The least that is needed, what earlier log-ins were allowed since the new one takes their place, and tokens that can be renewed. Where
 * writing is asked for, reading is in it (§1.4).
 */
function scopesToAsk(needed: readonly string[], logins: readonly Login[]): string[] {
  const all = new Set(['offline_access', ...needed, ...logins.flatMap((login) => login.scopes)])
  return [...all].filter((scope) => !(scope.endsWith('.read') && all.has(scope.replace(/\.read$/, ''))))
}

/**
 * Takes the place of the same person's earlier log-in, where it opens what that one is used for, and of any other by which this entity
 * was connected.
 */
async function keepLogin(
  store: LoginStore,
  { login, tokens }: { login: Login; tokens: LoginTokens },
  { use, opens }: { use: LoginUse; opens: readonly string[] },
): Promise<void> {
  await store.locked(async (held) => {
    const logins = await store.list()
    const without = (one: Login | undefined) => one?.uses.filter((other) => !isSameUser(use, other)) ?? []
    const isOpen = ({ tenantId }: LoginUse) => opens.includes(tenantId)
    const before = logins.find((one) => one.person === login.person && without(one).every(isOpen))
    const isTaken = !before && logins.some((one) => one.user === login.user)
    const user = before?.user ?? (isTaken ? `${login.user} at ${use.tenantId}` : login.user)
    await held.record({ ...login, user, uses: [...without(before), use] }, tokens)
    for (const other of logins) {
      const uses = without(other)
      if (other.user === user || uses.length === other.uses.length) continue
      if (uses.length === 0) await held.forget(other.user)
      else await held.record({ ...other, uses }, await store.tokensOf(other.user))
    }
  })
}

const keyTexts: Record<KeyPlace['kind'], string> = {
  passphrase: 'locked with AUXO_PASSPHRASE: every job has to know it too',
  keychain:
    'its key in the keychain of this computer. A scheduled job that runs while nobody is logged in may not open that: then set AUXO_PASSPHRASE and connect again',
  file: 'its key in a file beside it, both for this user only. Set AUXO_PASSPHRASE before connecting to lock it with a passphrase instead',
}

function tellWhere({ host, flags }: CommandContext, store: LoginStore, keyIn: KeyPlace['kind']): void {
  if (flags.quiet || flags.json) return
  host.stderr.write(`The log-in is kept in ${store.file}, ${keyTexts[keyIn]}.\n`)
}

async function tell(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  organisation: OpenConnection,
): Promise<void> {
  const { host, flags } = context
  const { tenantId, tenantName } = organisation
  const value = { entity: entity.code, organisation: { tenantId, name: tenantName } }
  tellDone(context, value, `${entity.code} is connected to “${tenantName}” (${tenantId}).`)
  const mirror = await readMirror(ledger, tenantId)
  const country = mirror?.organisation.countryCode
  const region = findRegion(entity.region)
  if (country && region && findRegion(country)?.code !== region.code) {
    host.stderr.write(
      `Note: ${entity.code} is in the region ${region.code}, but the organisation is in ${country}. Is it the right one?\n`,
    )
  }
  if (!flags.quiet && !flags.json)
    host.stderr.write('Next: auxo-sync validate, then auxo-sync export --dry-run\n')
}
