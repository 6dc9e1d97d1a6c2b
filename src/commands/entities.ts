// `entities`: the billing entities and what they are connected to; `entities add` makes one.

import { longDate, parseDate } from '../accounting/calendar.ts'
import { AuxoError } from '../errors.ts'
import { listEntities } from '../ledger/books.ts'
import { type Connection, findConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import { addEntity } from '../ledger/settings.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { checkedEntity } from './init.ts'
import { daysText } from './log-in-warnings.ts'
import { daysLeftOf } from './log-ins.ts'
import { printerOf, tellDone, writeJson } from './telling.ts'

export interface AddEntityFlags {
  name: string
  region: string
  currency?: string
}

/** With --json a line each: {"code","name","region","baseCurrency","organisation":{"tenantId","name","since","connected","login","daysLeft"}|null}. */
export async function entitiesCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const rows = []
    for (const entity of await listEntities(ledger)) {
      const connection = await findConnection(ledger, entity.code)
      rows.push({
        ...entity,
        organisation: connection && (await organisationOf(context, ledger, connection)),
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
        { head: 'days left' },
      ],
      rows.map(({ code, name, region, baseCurrency, organisation }) => [
        code,
        name,
        region,
        baseCurrency ?? '',
        organisation === null
          ? 'not connected'
          : organisation.name + (organisation.connected ? '' : ' (disconnected)'),
        dayText(organisation?.since),
        organisation?.connected ? daysText(organisation) : '',
      ]),
    )
    return 0
  })
}

/** What an entity is connected to, with the days in which its log-in has to be used. */
async function organisationOf(context: CommandContext, ledger: Ledger, connection: Connection) {
  return {
    tenantId: connection.tenantId,
    name: connection.organisation,
    since: connection.connectedAt,
    connected: !connection.isDisconnected,
    login: connection.login,
    daysLeft: await daysLeftOf(context, ledger, connection),
  }
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
      context.host.stderr.write(`Next: auxo-sync connect --entity ${entity.code}\n`)
    }
    return 0
  })
}
