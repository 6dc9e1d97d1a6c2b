// `connect --custom`: pins an entity to the organisation that a custom connection opens (Z1). Browser log-in is not part
// of this version and is said so.

import type { BillingEntity } from '../accounting/documents.ts'
import { findRegion } from '../accounting/regions.ts'
import { xeroHosts } from '../config.ts'
import { AuxoError } from '../errors.ts'
import { callRecorder } from '../ledger/api-log.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { findConnection, recordConnection } from '../ledger/connections.ts'
import { readMirror } from '../ledger/mirror.ts'
import type { Ledger } from '../ledger/open.ts'
import { hasExported } from '../ledger/settings.ts'
import { listConnections, type Connection as OpenConnection } from '../xero/connections.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { connectionOptions, neededScopes, pullOrganisation } from './open-organisation.ts'
import { tellDone } from './telling.ts'

export interface ConnectFlags {
  custom?: boolean
  tenant?: string
  yes?: boolean
}

export async function connectCommand(context: CommandContext, flags: ConnectFlags): Promise<ExitCode> {
  if (!flags.custom) {
    throw new AuxoError(
      'usage',
      'This version connects with a custom connection only: auxo-sync connect --custom, with XERO_CLIENT_ID and XERO_CLIENT_SECRET set. Logging in with a browser is not part of it yet.',
    )
  }
  return context.withLedger(async (ledger) => {
    const entity = await oneEntity(ledger, context.flags.entity)
    const { settings } = await readBooks(ledger, entity, null)
    const recorder = callRecorder(ledger, { run: null, entity: entity.code })
    const scopes = await neededScopes(ledger, entity, settings)
    const options = await connectionOptions(context, recorder, { settings, scopes })
    const organisation = chooseOrganisation(await listConnections(options), flags.tenant)
    await refuseRepinning(ledger, entity, organisation, flags.yes ?? false)
    await recordConnection(
      ledger,
      {
        entity: entity.code,
        tenantId: organisation.tenantId,
        organisation: organisation.tenantName,
        login: 'custom',
        clientId: options.clientId,
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

function chooseOrganisation(
  organisations: readonly OpenConnection[],
  tenant: string | undefined,
): OpenConnection {
  const list = organisations.map((one) => `${one.tenantName} (${one.tenantId})`)
  const chosen = tenant === undefined ? organisations : organisations.filter((one) => one.tenantId === tenant)
  const [only, second] = chosen
  if (only && !second) return only
  if (second)
    throw new AuxoError(
      'usage',
      'These credentials open several organisations: say which one with --tenant ID.',
      { details: list },
    )
  throw new AuxoError(
    'not-authorised',
    tenant === undefined
      ? 'These credentials open no organisation. Authorise the custom connection at developer.xero.com, for the organisation that you mean.'
      : `These credentials do not open the organisation ${tenant}.`,
    { details: list },
  )
}

/** What was exported belongs to the organisation that it went to: the pin does not move after that. */
async function refuseRepinning(
  ledger: Ledger,
  entity: BillingEntity,
  organisation: OpenConnection,
  isConfirmed: boolean,
): Promise<void> {
  const before = await findConnection(ledger, entity.code)
  if (!before || before.tenantId === organisation.tenantId) return
  if (await hasExported(ledger, entity.code)) {
    throw new AuxoError(
      'other-organisation',
      `${entity.code} has exported to “${before.organisation}” already and stays with it. Nothing was changed. For “${organisation.tenantName}” use another billing entity.`,
    )
  }
  if (!isConfirmed) {
    throw new AuxoError(
      'needs-yes',
      `${entity.code} is connected to “${before.organisation}”. To connect it to “${organisation.tenantName}” instead, add --yes.`,
    )
  }
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
