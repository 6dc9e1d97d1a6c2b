// `init`: a new ledger, with a first billing entity where one is named.

import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { findRegion, regionCodes } from '../accounting/regions.ts'
import { AuxoError } from '../errors.ts'
import { createLedger } from '../ledger/create.ts'
import { addEntity } from '../ledger/settings.ts'
import { type CommandContext, type ExitCode, openOptions } from './context.ts'
import { tellDone } from './telling.ts'

export interface InitFlags {
  name?: string
  region?: string
  currency?: string
}

export async function initCommand(
  context: CommandContext,
  file: string | undefined,
  flags: InitFlags,
): Promise<ExitCode> {
  const { host } = context
  const path = file === undefined ? context.ledgerFile : resolve(host.cwd, file)
  const entity = firstEntity(context.flags.entity, flags)
  if (!existsSync(dirname(path))) {
    throw new AuxoError(
      'ledger-unwritable',
      `There is no folder ${dirname(path)}. Make it first, or name another place.`,
    )
  }
  const ledger = createLedger(path, { ...openOptions(host), uuid: host.uuid })
  try {
    if (entity) await addEntity(ledger, entity)
  } finally {
    ledger.close()
  }
  const first = entity ? ` with the billing entity ${entity.code} (${entity.name})` : ''
  tellDone(context, { ledger: path, entity: entity?.code ?? null }, `Made the ledger ${path}${first}.`)
  if (!context.flags.quiet && !context.flags.json) {
    host.stderr.write(
      entity
        ? 'Next: auxo-sync import invoices.csv, or let your system write its tables; then auxo-sync connect\n'
        : 'Next: auxo-sync entities add NZ01 --name "Example Ltd" --region NZ\n',
    )
  }
  return 0
}

function firstEntity(code: string | undefined, flags: InitFlags) {
  const { name, region } = flags
  if (code === undefined && name === undefined && region === undefined) return null
  if (code === undefined || name === undefined || region === undefined) {
    throw new AuxoError(
      'usage',
      'A first billing entity needs all of --entity CODE, --name NAME and --region CC.',
    )
  }
  return checkedEntity(code, {
    name,
    region,
    ...(flags.currency === undefined ? {} : { currency: flags.currency }),
  })
}

/** An entity as it is stored; AuxoError where a value is none. */
export function checkedEntity(
  code: string,
  flags: { name: string; region: string; currency?: string },
): { code: string; name: string; region: string; baseCurrency: string | null } {
  const region = findRegion(flags.region)
  if (!region) {
    throw new AuxoError(
      'usage',
      `The region “${flags.region}” is not known. Known are: ${regionCodes.join(', ')}.`,
    )
  }
  const currency = flags.currency?.toUpperCase() ?? null
  if (currency !== null && !/^[A-Z]{3}$/.test(currency)) {
    throw new AuxoError('usage', `“${flags.currency}” is no currency code. An example: NZD`)
  }
  if (!/^[^\s:/]{1,50}$/.test(code)) {
    throw new AuxoError(
      'usage',
      `“${code}” cannot be the code of an entity: up to 50 characters without spaces, colons or slashes.`,
    )
  }
  if (flags.name.trim() === '') throw new AuxoError('usage', 'The entity needs a name.')
  return { code, name: flags.name.trim(), region: region.code, baseCurrency: currency }
}
