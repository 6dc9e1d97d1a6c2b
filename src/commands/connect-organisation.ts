// Which of the organisations that a log-in opens an entity is pinned to (Z1): named, chosen or confirmed by a person, and never another
// once something was sent.

import type { BillingEntity } from '../accounting/documents.ts'
import { AuxoError } from '../errors.ts'
import { findConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import { hasExported } from '../ledger/settings.ts'
import { printable } from '../reporting/printable.ts'
import type { Connection as OpenConnection } from '../xero/connections.ts'
import type { CommandContext } from './context.ts'

/**
 * The named one, else the only one; null where there are several to choose from. AuxoError `not-authorised` where there is none; `advice`
 * says what to do then.
 */
export function chooseOrganisation(
  organisations: readonly OpenConnection[],
  tenant: string | undefined,
  advice: string,
): OpenConnection | null {
  const chosen = tenant === undefined ? organisations : organisations.filter((one) => one.tenantId === tenant)
  const [only, second] = chosen
  if (only) return second ? null : only
  throw new AuxoError(
    'not-authorised',
    tenant === undefined
      ? `These credentials open no organisation. ${advice}`
      : `These credentials do not open the organisation ${tenant}.`,
    { details: organisations.map(nameOf) },
  )
}

/** The organisation that the person means. AuxoError `usage` where it cannot be told without asking, `needs-yes` where they say no. */
export async function confirmOrganisation(
  context: CommandContext,
  organisations: readonly OpenConnection[],
  { entity, tenant, yes }: { entity: BillingEntity; tenant?: string; yes?: boolean },
): Promise<OpenConnection> {
  const { ask, stderr } = context.host
  const known = chooseOrganisation(organisations, tenant, 'Log in again and choose one in Xero.')
  if (known && (yes || !ask)) return known
  if (!ask) {
    throw new AuxoError(
      'usage',
      'The log-in opens several organisations: say which one with --tenant ID. Nothing was changed.',
      { details: organisations.map(nameOf) },
    )
  }
  if (known) {
    const answer = await ask(`Connect ${entity.code} (${printable(entity.name)}) to ${nameOf(known)}? [y/N] `)
    if (/^y(es)?$/i.test(answer?.trim() ?? '')) return known
    throw new AuxoError(
      'needs-yes',
      `Nothing was changed: ${entity.code} is not connected to ${nameOf(known)}.`,
    )
  }
  stderr.write(`The log-in opens ${organisations.length} organisations:\n`)
  for (const [index, one] of organisations.entries()) stderr.write(`  ${index + 1}  ${nameOf(one)}\n`)
  const answer = await ask(
    `Which one is ${entity.code} (${printable(entity.name)})? Its number, or nothing to stop: `,
  )
  const chosen = /^\d{1,4}$/.test(answer?.trim() ?? '') ? organisations[Number(answer) - 1] : undefined
  if (chosen) return chosen
  throw new AuxoError('needs-yes', 'None was chosen, and nothing was changed.')
}

/** What was exported belongs to the organisation that it went to: the pin does not move after that, disconnected or not. */
export async function refuseRepinning(
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

function nameOf({ tenantName, tenantId }: OpenConnection): string {
  return `“${printable(tenantName)}” (${tenantId})`
}
