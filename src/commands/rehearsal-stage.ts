// What a rehearsal is played on (T2): a copy of the ledger, a config folder of its own, and an embedded sandbox with the organisations of
// the real connections under their own ids. An entity without one gets an empty organisation of its region.

import { join } from 'node:path'
import type { BillingEntity } from '../accounting/documents.ts'
import { findRegion, regionCodes } from '../accounting/regions.ts'
import { readSettings } from '../accounting/settings.ts'
import { type Clock, isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { countCallsToday } from '../ledger/api-log.ts'
import { chooseEntities } from '../ledger/books.ts'
import { readBooksInXero } from '../ledger/books-in-xero.ts'
import {
  type Connection,
  connectedSince,
  entitiesOf,
  findConnection,
  recordConnection,
} from '../ledger/connections.ts'
import { askNoGeneratedJournals, copyLedger, pointConnectionsAt } from '../ledger/copy.ts'
import { sentMark } from '../ledger/identity.ts'
import { type Ledger, openLedger } from '../ledger/open.ts'
import { findOpenChunks } from '../ledger/open-chunks.ts'
import { readStoredSettings } from '../ledger/settings.ts'
import type { Scene } from '../reporting/rehearsal-report.ts'
import { filledOrganisation } from '../sandbox/filled-organisation.ts'
import { makeOrganisation, type Organisation } from '../sandbox/organisation.ts'
import { type Sandbox, startSandbox } from '../sandbox/server.ts'
import { standardOrganisation } from '../sandbox/standard-organisation.ts'
import { type CommandContext, commandContext, type Host, openOptions, whoOf } from './context.ts'
import { skippingClock } from './skipping-clock.ts'

export interface Stage {
  /** In place of the real one: whatever runs with it stays on this machine and off the ledger. */
  context: CommandContext
  /** What each entity is played against. */
  scenes: readonly Scene[]
  close(): Promise<void>
}

/** `folder` is empty and the caller's to remove. AuxoError where there is no ledger of this version, or nothing to play with. */
export async function setStage(
  context: CommandContext,
  folder: string,
  interrupt: AbortSignal,
): Promise<Stage> {
  const { host, ledgerFile } = context
  const clock = skippingClock(host.clock)
  const copy = join(folder, 'ledger.db')
  await copyLedger(ledgerFile, copy, openOptions(host))
  const withLedger = ledgerOpener({ copy, ledgerFile, host, clock })
  refuseInterrupted(interrupt)
  const { organisations, scenes, callsLeftToday } = await withLedger((ledger) => prepare(context, ledger))
  const sandbox = await startSandbox({ clock, organisations, callsLeftToday })
  try {
    refuseInterrupted(interrupt)
    const configFolder = join(folder, 'config')
    const folders = { real: await context.configFolder(), own: configFolder }
    await withLedger((ledger) => settleIn(ledger, sandbox, folders))
    return {
      context: {
        // A context of its own, so that nobody is told of this run who is told of real ones.
        ...commandContext({ ...host, clock, env: environment(host.env, sandbox) }, context.flags),
        ledgerFile,
        configFolder: async () => configFolder,
        withLedger,
      },
      scenes,
      close: () => sandbox.close(),
    }
  } catch (error) {
    await sandbox.close()
    throw error
  }
}

function refuseInterrupted(interrupt: AbortSignal): void {
  if (interrupt.aborted)
    throw new AuxoError('interrupted', 'Stopped before the rehearsal began. Nothing was changed.')
}

/** The copy goes by the name of the original: in what is said, and where paths of files begin. */
function ledgerOpener(place: {
  copy: string
  ledgerFile: string
  host: Host
  clock: Clock
}): CommandContext['withLedger'] {
  const { copy, ledgerFile, host, clock } = place
  return async (work) => {
    const ledger = openLedger(copy, { ...openOptions(host), clock, isNetworkAllowed: true })
    // Nobody misses a copy after a power cut.
    ledger.sqlite.pragma('synchronous = OFF')
    try {
      return await work({ ...ledger, file: ledgerFile })
    } finally {
      ledger.close()
    }
  }
}

/** No address, no credential and no place of the real run: neither Xero's nor those of who is told about runs. */
function environment(env: Host['env'], sandbox: Sandbox): Host['env'] {
  const others = Object.entries(env).filter(([name]) => !/^(AUXO|XERO)_/.test(name))
  return {
    ...Object.fromEntries(others),
    XERO_API_URL: sandbox.url,
    XERO_IDENTITY_URL: sandbox.url,
    XERO_CLIENT_ID: sandbox.clientId,
    XERO_CLIENT_SECRET: sandbox.clientSecret,
  }
}

interface Prepared {
  organisations: Organisation[]
  scenes: Scene[]
  callsLeftToday: Record<string, number>
}

async function prepare(context: CommandContext, ledger: Ledger): Promise<Prepared> {
  const prepared: Prepared = { organisations: [], scenes: [], callsLeftToday: {} }
  for (const entity of await chooseEntities(ledger, context.flags.entity)) {
    const connection = await findConnection(ledger, entity.code)
    const { tenantId, scene } = connection
      ? await stageConnected(ledger, connection, prepared)
      : await stageUnconnected(context, ledger, entity, prepared)
    prepared.scenes.push(scene)
    // What is no value is told by the run, as ever.
    const { settings } = readSettings(await readStoredSettings(ledger, entity.code))
    const left = settings.calls_per_day - (await countCallsToday(ledger, await entitiesOf(ledger, tenantId)))
    prepared.callsLeftToday[tenantId] = Math.min(prepared.callsLeftToday[tenantId] ?? left, left)
  }
  return prepared
}

interface Staged {
  tenantId: string
  scene: Scene
}

const dayMs = 86_400_000

/** With everything in it older than whatever was read of the organisation: nothing of it is news. */
async function stageConnected(
  ledger: Ledger,
  connection: Connection,
  { organisations }: Prepared,
): Promise<Staged> {
  const { entity, tenantId, organisation: name } = connection
  const books = await readBooksInXero(ledger, tenantId)
  if (books === null)
    throw new AuxoError(
      'not-connected',
      `${entity} is connected to “${name}”, but nothing was ever read of it. Read it first: auxo-sync refresh --entity ${entity}`,
    )
  if (!organisations.some((known) => known.tenantId === tenantId)) {
    const changedAt = (await connectedSince(ledger, tenantId)) - dayMs
    organisations.push(filledOrganisation(books, changedAt))
  }
  const openCalls = (await findOpenChunks(ledger, tenantId)).length
  return {
    tenantId,
    scene: { entity, organisation: name, readAt: isoInstant(books.mirror.readAt), openCalls },
  }
}

async function stageUnconnected(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  { organisations }: Prepared,
): Promise<Staged> {
  const region = findRegion(entity.region)
  if (!region)
    throw new AuxoError(
      'configuration-invalid',
      `The region “${entity.region}” of ${entity.code} is not known. Known are: ${regionCodes.join(', ')}.`,
    )
  const name = `${entity.name} (not connected)`
  const seed = standardOrganisation(region, { name, currency: entity.baseCurrency })
  const organisation = makeOrganisation(seed, `rehearsal/${entity.code}`, context.host.clock.now() - dayMs)
  organisations.push(organisation)
  const { tenantId } = organisation
  await recordConnection(
    ledger,
    {
      entity: entity.code,
      tenantId,
      organisation: name,
      login: 'custom',
      clientId: '',
      scopes: '',
      apiUrl: '',
    },
    whoOf(context.host),
  )
  return {
    tenantId,
    scene: { entity: entity.code, organisation: region.code, readAt: null, openCalls: 0 },
  }
}

/** The copy is connected with the sandbox, and known outside as far as the original is: one that is behind stays behind (E13). */
async function settleIn(
  ledger: Ledger,
  sandbox: Sandbox,
  folders: { real: string; own: string },
): Promise<void> {
  await pointConnectionsAt(ledger, { apiUrl: sandbox.url, clientId: sandbox.clientId })
  for (const { tenantId } of sandbox.organisations) {
    await askNoGeneratedJournals(ledger, tenantId)
    const remembered = await (await sentMark(ledger, folders.real, tenantId)).read()
    if (remembered !== null) await (await sentMark(ledger, folders.own, tenantId)).write(remembered)
  }
}
