// `refresh`: reads the mirror of each entity's organisation again (R2).

import { chooseEntities } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import { readMirror } from '../ledger/mirror.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { pullOrganisation } from './open-organisation.ts'
import { tellDone } from './telling.ts'

export async function refreshCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    for (const entity of await chooseEntities(ledger, context.flags.entity)) {
      await pullOrganisation(context, ledger, entity)
      const connection = await findConnection(ledger, entity.code)
      const mirror = connection ? await readMirror(ledger, connection.tenantId) : null
      if (!connection || !mirror) continue
      const counts = {
        accounts: mirror.accounts.size,
        taxRates: mirror.taxRates.size,
        currencies: mirror.currencies.size,
      }
      tellDone(
        context,
        { entity: entity.code, organisation: connection.organisation, ...counts },
        `${entity.code}: read ${counts.accounts} accounts, ${counts.taxRates} tax rates, ${counts.currencies} currencies, tracking and contacts of “${mirror.organisation.name}”.`,
      )
    }
    return 0
  })
}
