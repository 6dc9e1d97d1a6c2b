// `mark-exported`: a document, or a payment on one, is right in Xero already, entered there by hand (M5).

import { markExported } from '../batch/cutover/mark-exported.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { chooseThings, type KindFlag, thingName } from './chosen-things.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { withOrganisation } from './mending.ts'
import { tellDone } from './telling.ts'

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function markExportedCommand(
  context: CommandContext,
  reference: string,
  flags: KindFlag & { xeroId: string },
): Promise<ExitCode> {
  const xeroId = flags.xeroId.toLowerCase()
  if (!guid.test(xeroId))
    throw new AuxoError(
      'usage',
      `“${flags.xeroId}” is no id of Xero. It stands in the address of the page in Xero, such as 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10.`,
    )
  return context.withLedger(async (ledger) => {
    const meant = await chooseThings(context, ledger, [reference], flags)
    // The receipt of a payment is nothing by itself in Xero.
    const [thing, another] = meant.filter(({ kind }) => kind !== 'receipt')
    if (!thing || another)
      throw new AuxoError(
        'usage',
        `“${reference}” is ${thing ? 'several things' : 'nothing that Xero has'}: name the one.`,
        {
          details: meant.map(({ label }) => label),
        },
      )
    const [entity] = await chooseEntities(ledger, thing.entity)
    if (!entity) return 2
    await withOrganisation(context, ledger, entity, 'mark-exported', (run) =>
      markExported(run, { ...thing, label: thingName(thing) }, { xeroId, who: whoOf(context.host) }),
    )
    const { kind, id, label } = thing
    const value = { markedExported: { kind, id, entity: thing.entity, number: label, xeroId } }
    tellDone(context, value, `${thingName(thing)} is ${xeroId} in Xero, and counts as exported.`)
    return 0
  })
}
