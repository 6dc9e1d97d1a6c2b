// `connections`: which organisation each entity is connected to, by what log-in, and how long that lasts (Z2). Xero is not asked.

import { longDate, parseDate } from '../accounting/calendar.ts'
import { chooseEntities } from '../ledger/books.ts'
import { type Connection, findConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import type { Piece } from '../reporting/terminal.ts'
import { daysLeft } from '../xero/login-auth.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { daysText } from './log-in-warnings.ts'
import { keptLogin } from './log-ins.ts'
import { printerOf, writeJson } from './telling.ts'

/** One line of `connections --json`. */
interface ToldConnection {
  entity: string
  organisation: { tenantId: string; name: string }
  login: 'browser' | 'custom'
  /** False after `disconnect`: the pin stays. */
  connected: boolean
  scopes: readonly string[]
  since: string
  /** Whole days in which the log-in has to be used; null for a custom connection, and where this computer keeps none. */
  daysLeft: number | null
  host: string
}

export async function connectionsCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const rows: ToldConnection[] = []
    for (const { code } of await chooseEntities(ledger, context.flags.entity)) {
      const connection = await findConnection(ledger, code)
      if (connection) rows.push(await told(context, ledger, connection))
    }
    if (context.flags.json) for (const row of rows) writeJson(context, row)
    else await print(context, rows)
    return 0
  })
}

async function told(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
): Promise<ToldConnection> {
  const login = await keptLogin(context, ledger, connection)
  return {
    entity: connection.entity,
    organisation: { tenantId: connection.tenantId, name: connection.organisation },
    login: connection.login,
    connected: !connection.isDisconnected,
    scopes: login?.scopes ?? connection.scopes.split(' ').filter((scope) => scope !== ''),
    since: connection.connectedAt,
    daysLeft: login && daysLeft(login, context.host.clock.now()),
    host: new URL(connection.apiUrl).host,
  }
}

/** Without what says nothing of the books. */
function allowedText(scopes: readonly string[]): string {
  return scopes
    .filter((scope) => scope !== 'offline_access')
    .map((scope) => scope.replace(/^accounting\./, ''))
    .join(', ')
}

async function print(context: CommandContext, rows: readonly ToldConnection[]): Promise<void> {
  const printer = await printerOf(context)
  if (rows.length === 0)
    return printer.line('Nothing is connected yet. Connect an entity: auxo-sync connect --entity CODE')
  printer.table(
    [
      { head: 'entity' },
      { head: 'Xero organisation', isFlexible: true },
      { head: 'log-in' },
      { head: 'since', isSpare: true },
      { head: 'days left' },
      { head: 'host', isSpare: true },
      { head: 'allowed', isFlexible: true },
    ],
    rows.map((row): Piece[] => {
      const day = parseDate(row.since.slice(0, 10))
      return [
        row.entity,
        row.organisation.name,
        row.connected ? row.login : 'disconnected',
        day ? longDate(day) : '',
        row.connected ? daysText(row) : '',
        row.host,
        allowedText(row.scopes),
      ]
    }),
  )
}
