// `settings`: what can be set per entity, with what each does; a new value is checked, alone and with the others.

import type { BillingEntity } from '../accounting/documents.ts'
import { nearest } from '../accounting/nearest.ts'
import {
  combinedSettingProblems,
  isSettingName,
  readSettings,
  type SettingName,
  settingNames,
  settingProblem,
  settingsTable,
} from '../accounting/settings.ts'
import { isLoopbackHost, xeroHosts } from '../config.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findConnection, findOpenConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import { hasExported, readStoredSettings, recordSetting } from '../ledger/settings.ts'
import { type Printer, toned } from '../reporting/terminal.ts'
import { missingScopes } from '../xero/login-auth.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { keptLogin } from './log-ins.ts'
import { connectAgain, neededScopes } from './open-organisation.ts'
import { printerOf, tellDone, writeJson } from './telling.ts'

interface ToldSetting {
  entity: string
  name: SettingName
  value: string
  default: string
  explanation: string
}

function toldSetting(entity: string, name: SettingName, stored: ReadonlyMap<string, string>): ToldSetting {
  const { default: fallback, explanation } = settingsTable[name]
  return { entity, name, value: stored.get(name) ?? fallback, default: fallback, explanation }
}

export async function listSettingsCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const entities = await chooseEntities(ledger, context.flags.entity)
    const printer = context.flags.json ? null : await printerOf(context)
    for (const [index, entity] of entities.entries()) {
      const stored = await readStoredSettings(ledger, entity.code)
      const told = settingNames.map((name) => toldSetting(entity.code, name, stored))
      if (!printer) {
        for (const setting of told) writeJson(context, setting)
        continue
      }
      if (index > 0) printer.line()
      if (entities.length > 1) printer.line(toned('strong', entity.code))
      for (const setting of told) printSetting(printer, setting)
    }
    return 0
  })
}

function printSetting(printer: Printer, setting: ToldSetting): void {
  const isDefault = setting.value === setting.default
  printer.line(
    toned('strong', setting.name),
    ` = ${shown(setting.value)}`,
    toned('faint', isDefault ? ' (default)' : ` (default: ${shown(setting.default)})`),
  )
  printer.entry(4, '', setting.explanation)
}

/** A value as people read it. */
function shown(value: string): string {
  return value === '' ? 'empty' : value
}

export async function getSettingCommand(context: CommandContext, name: string): Promise<ExitCode> {
  const known = knownName(name)
  return context.withLedger(async (ledger) => {
    const entities = await chooseEntities(ledger, context.flags.entity)
    const printer = context.flags.json ? null : await printerOf(context)
    for (const entity of entities) {
      const told = toldSetting(entity.code, known, await readStoredSettings(ledger, entity.code))
      if (!printer) writeJson(context, told)
      else if (entities.length === 1) printer.line(told.value)
      else printer.line(`${entity.code}: ${told.value}`)
    }
    return 0
  })
}

function knownName(name: string): SettingName {
  if (isSettingName(name)) return name
  const meant = nearest(name, settingNames)
  throw new AuxoError(
    'usage',
    `There is no setting “${name}”.${meant ? ` Did you mean ${meant}?` : ' auxo-sync settings lists them.'}`,
  )
}

/** AuxoError `configuration-invalid` where the value is none, or does not go with the other settings. */
export async function setSettingCommand(
  context: CommandContext,
  name: string,
  value: string,
): Promise<ExitCode> {
  const known = knownName(name)
  const problem = settingProblem(known, value)
  if (problem) throw new AuxoError('configuration-invalid', problem)
  return context.withLedger(async (ledger) => {
    const entity = oneEntity(await chooseEntities(ledger, context.flags.entity))
    const stored = await readStoredSettings(ledger, entity.code)
    const before = toldSetting(entity.code, known, stored)
    await refuseFrozen(ledger, before, value)
    await refuseCombination(context, ledger, entity, new Map(stored).set(known, value))
    await recordSetting(ledger, { entity: entity.code, name: known, value, who: whoOf(context.host) })
    const after = { ...before, value }
    tellDone(context, after, changeText(before, after))
    await tellMissingScopes(context, ledger, entity, new Map(stored).set(known, value))
    return 0
  })
}

/** What the new settings need and the connection was not allowed: better said now than by the run of the night (Z1). */
async function tellMissingScopes(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  stored: ReadonlyMap<string, string>,
): Promise<void> {
  const connection = await findOpenConnection(ledger, entity.code)
  if (!connection) return
  const login = await keptLogin(context, ledger, connection)
  const needed = await neededScopes(ledger, entity, readSettings(stored).settings)
  const missing = missingScopes(needed, login?.scopes ?? connection.scopes.split(' '))
  if (missing.length === 0) return
  const add =
    connection.login === 'custom' ? 'Add that to the custom connection at developer.xero.com' : 'Log in again'
  context.host.stderr.write(
    `Note: the connection of ${entity.code} to Xero does not allow ${missing.join(', ')} yet, which this needs. ${add}: ${connectAgain(connection)}\n`,
  )
}

function changeText(before: ToldSetting, after: ToldSetting): string {
  return before.value === after.value
    ? `${after.name} of ${after.entity} is ${shown(after.value)}, as it was.`
    : `${after.name} of ${after.entity} is now ${shown(after.value)}; it was ${shown(before.value)}.`
}

function oneEntity(entities: readonly BillingEntity[]): BillingEntity {
  const [entity, another] = entities
  if (!entity || another) {
    throw new AuxoError(
      'usage',
      `The ledger has several billing entities: say which with --entity (${entities.map(({ code }) => code).join(', ')}).`,
    )
  }
  return entity
}

/** Numbers that went out with one prefix would be unknown under another (D5). */
async function refuseFrozen(ledger: Ledger, before: ToldSetting, value: string): Promise<void> {
  if (before.name !== 'number_prefix' || before.value === value) return
  if (!(await hasExported(ledger, before.entity))) return
  throw new AuxoError(
    'configuration-invalid',
    `number_prefix of ${before.entity} stays ${before.value === '' ? 'empty' : `“${before.value}”`}: documents have gone to Xero under it, and with another prefix they would not be found again.`,
  )
}

async function refuseCombination(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  stored: ReadonlyMap<string, string>,
): Promise<void> {
  const connection = await findConnection(ledger, entity.code)
  const apiUrl = connection?.apiUrl ?? xeroHosts(context.host.env).apiUrl
  const { settings } = readSettings(stored)
  const problems = combinedSettingProblems(settings, isLoopbackHost(new URL(apiUrl).hostname))
  const [only, another] = problems
  if (only === undefined) return
  if (another === undefined) throw new AuxoError('configuration-invalid', only)
  throw new AuxoError('configuration-invalid', `The settings of ${entity.code} would not go together.`, {
    details: problems,
  })
}
