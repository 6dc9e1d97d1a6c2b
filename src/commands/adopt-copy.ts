// `adopt-copy`: takes a restored or copied ledger into use, after looking up in Xero what is there already (E13).

import { adoptCopy, takeIntoUse } from '../batch/adopt.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import { sentMark } from '../ledger/identity.ts'
import { countText, listText } from '../reporting/figures.ts'
import { printable } from '../reporting/printable.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { withOrganisation } from './mending.ts'
import { tellDone } from './telling.ts'

export async function adoptCopyCommand(context: CommandContext): Promise<ExitCode> {
  const { host } = context
  return context.withLedger(async (ledger) => {
    const entities = await chooseEntities(ledger, undefined)
    let worst: ExitCode = 0
    const tenantIds: string[] = []
    for (const entity of entities) {
      const connection = await findConnection(ledger, entity.code)
      if (!connection) continue
      tenantIds.push(connection.tenantId)
      const report = await withOrganisation(context, ledger, entity, 'adopt-copy', async (run) =>
        adoptCopy(run),
      )
      if (report.lookAlikes + report.notLookedUp.length > 0) worst = 1
      tellDone(
        context,
        { entity: entity.code, ...report },
        `${entity.code}: looked up in Xero what waits, ${countText(report.lookedUp)} in all. ${countText(report.adopted)} found there, now counted as exported; ${countText(report.lookAlikes)} to be looked at (auxo-sync status).`,
      )
      if (report.notLookedUp.length > 0)
        host.stderr.write(
          `${printable(`${entity.code}: could not be looked up, since they cannot be put into Xero’s shape as they are: ${listText(report.notLookedUp)}. See to it that Xero does not have them before they are mended.`)}\n`,
        )
    }
    if (tenantIds.length === 0)
      throw new AuxoError(
        'not-connected',
        'No entity of this ledger is connected to Xero yet: there is nothing to look up.',
      )
    // Only once every organisation was looked through may this copy send.
    const folder = await context.configFolder()
    await takeIntoUse(ledger, host.uuid(), tenantIds, (tenantId) => sentMark(ledger, folder, tenantId))
    return worst
  })
}
