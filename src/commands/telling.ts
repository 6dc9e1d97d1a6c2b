// What the commands that look back share: the time zone in which an entity reads its times, the one organisation that a
// question is about, and lines of JSON.

import type { BillingEntity } from '../accounting/documents.ts'
import { findRegion, timeZoneOfXero } from '../accounting/regions.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { type Connection, findConnection } from '../ledger/connections.ts'
import { findOrganisation } from '../ledger/looking-back.ts'
import type { Ledger } from '../ledger/open.ts'
import { jsonText, printable } from '../reporting/printable.ts'
import { createPrinter, type Printer } from '../reporting/terminal.ts'
import type { CommandContext } from './context.ts'

export function printerOf(context: CommandContext): Promise<Printer> {
  return createPrinter(context.host.stdout, context.host.env, context.flags)
}

export function writeJson(context: CommandContext, value: unknown): void {
  context.host.stdout.write(`${jsonText(value)}\n`)
}

/** What a command that changes something says of it: a sentence for a person, a value with --json, nothing with --quiet. */
export function tellDone(context: CommandContext, value: unknown, sentence: string): void {
  if (context.flags.json) writeJson(context, value)
  else if (!context.flags.quiet) context.host.stdout.write(`${printable(sentence)}\n`)
}

/** The organisation's zone, before it was read the region's. */
export async function timeZoneOf(ledger: Ledger, entity: BillingEntity): Promise<string> {
  const connection = await findConnection(ledger, entity.code)
  const organisation = connection ? await findOrganisation(ledger, connection.tenantId) : null
  const zone = organisation ? timeZoneOfXero(organisation.timezone) : null
  return zone ?? findRegion(entity.region)?.timeZone ?? 'UTC'
}

/** The organisation that --entity, or the whole ledger, is connected to; AuxoError where there is none or several. */
export async function chooseOrganisation(ledger: Ledger, code: string | undefined): Promise<Connection> {
  const entities = await chooseEntities(ledger, code)
  const connections: Connection[] = []
  for (const entity of entities) {
    const connection = await findConnection(ledger, entity.code)
    if (connection) connections.push(connection)
  }
  const [first] = connections
  if (!first) {
    throw new AuxoError(
      'not-connected',
      `${entities.map((entity) => entity.code).join(', ')} ${entities.length === 1 ? 'is' : 'are'} not connected to a Xero organisation yet. Connect first: auxo-sync connect`,
    )
  }
  if (connections.some((connection) => connection.tenantId !== first.tenantId)) {
    throw new AuxoError(
      'usage',
      `The entities of this ledger are connected to different organisations: say which with --entity (${connections.map((connection) => connection.entity).join(', ')}).`,
    )
  }
  return first
}
