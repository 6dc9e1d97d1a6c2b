// Says in time that a log-in is about to end (Z2): it does where nothing used it for 60 days, and then no run goes on without a person.

import { AuxoError } from '../errors.ts'
import { listEntities } from '../ledger/books.ts'
import { type Connection, findConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import { type Piece, toned } from '../reporting/terminal.ts'
import type { CommandContext } from './context.ts'
import { daysLeftOf, warningDays } from './log-ins.ts'

export interface LoginWarning {
  entity: string
  daysLeft: number
  message: string
}

/** Of all entities of the ledger, whichever a run was of: those that a run leaves out are the ones whose log-in ends. */
export async function loginWarnings(context: CommandContext, ledger: Ledger): Promise<LoginWarning[]> {
  const warnings: LoginWarning[] = []
  for (const { code: entity } of await listEntities(ledger)) {
    const connection = await findConnection(ledger, entity)
    const daysLeft = connection && (await daysLeftIfReadable(context, ledger, connection))
    if (daysLeft === null || daysLeft > warningDays) continue
    warnings.push({ entity, daysLeft, message: warningText(entity, daysLeft) })
  }
  return warnings
}

/** Null where the file of log-ins cannot be read: the runs that need it say so. */
async function daysLeftIfReadable(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
): Promise<number | null> {
  try {
    return await daysLeftOf(context, ledger, connection)
  } catch (error) {
    if (error instanceof AuxoError) return null
    throw error
  }
}

function warningText(entity: string, daysLeft: number): string {
  if (daysLeft === 0)
    return `The log-in of ${entity} to Xero has ended. Log in again: auxo-sync connect --entity ${entity}`
  const days = daysLeft === 1 ? '1 day' : `${daysLeft} days`
  return `The log-in of ${entity} to Xero ends in ${days} unless it is used: any run of it does, auxo-sync pull --entity ${entity} for one.`
}

/** Days left as a table shows them. */
export function daysText({
  login,
  daysLeft,
}: {
  login: 'browser' | 'custom'
  daysLeft: number | null
}): Piece {
  if (login === 'custom') return 'no end'
  if (daysLeft === null) return toned('bad', 'not here')
  if (daysLeft === 0) return toned('bad', 'ended')
  return daysLeft <= warningDays ? toned('caution', String(daysLeft)) : String(daysLeft)
}
