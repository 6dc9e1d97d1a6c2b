// `entities`: the billing entities and what they are connected to; `entities add` makes one.

import { longDate, parseDate } from '../accounting/calendar.ts'
import { AuxoError } from '../errors.ts'
import { listEntities } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import { addEntity } from '../ledger/settings.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { checkedEntity } from './init.ts'
import { printerOf, tellDone, writeJson } from './telling.ts'

export interface AddEntityFlags {
  name: string
  region: string
  currency?: string
}

/** With --json a line each: {"code","name","region","baseCurrency","organisation":{"tenantId","name","since"}|null}. */
export async function entitiesCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const rows = []
    for (const entity of await listEntities(ledger)) {
      const connection = await findConnection(ledger, entity.code)
      rows.push({
        ...entity,
        organisation: connection
          ? { tenantId: connection.tenantId, name: connection.organisation, since: connection.connectedAt }
          : null,
      })
    }
    if (context.flags.json) {
      for (const row of rows) writeJson(context, row)
      return 0
    }
    const printer = await printerOf(context)
    if (rows.length === 0) {
      printer.line(
        'No billing entity yet. Add one: auxo-sync entities add NZ01 --name "Example Ltd" --region NZ',
      )
      return 0
    }
    printer.table(
      [
        { head: 'code' },
        { head: 'name', isFlexible: true },
        { head: 'region' },
        { head: 'currency' },
        { head: 'Xero organisation', isFlexible: true },
        { head: 'since', isSpare: true },
      ],
      rows.map(({ code, name, region, baseCurrency, organisation }) => [
        code,
        name,
        region,
        baseCurrency ?? '',
        organisation?.name ?? 'not connected',
        dayText(organisation?.since),
      ]),
    )
    return 0
  })
}

function dayText(instant: string | undefined): string {
  const day = parseDate(instant?.slice(0, 10) ?? '')
  return day ? longDate(day) : ''
}

export async function addEntityCommand(
  context: CommandContext,
  code: string,
  flags: AddEntityFlags,
): Promise<ExitCode> {
  const entity = checkedEntity(code, flags)
  return context.withLedger(async (ledger) => {
    const known = (await listEntities(ledger)).find((one) => one.code === code)
    if (known) {
      throw new AuxoError(
        'usage',
        `There is a billing entity ${code} already: ${known.name}. Nothing was changed.`,
      )
    }
    await addEntity(ledger, entity)
    const said = `Added the billing entity ${entity.code} (${entity.name}).`
    tellDone(context, { ...entity, organisation: null }, said)
    if (!context.flags.quiet && !context.flags.json) {
      context.host.stderr.write(`Next: auxo-sync connect --custom --entity ${entity.code}\n`)
    }
    return 0
  })
}
