// `settle REF`: a person says what became of a lost answer (E13).

import { settleThing } from '../batch/settle.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findUncertainThings } from '../ledger/things.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { withOrganisation } from './mending.ts'
import { tellDone } from './telling.ts'

export interface SettleFlags {
  xeroId?: string
  notThere?: boolean
  kind?: string
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function settleCommand(
  context: CommandContext,
  reference: string,
  flags: SettleFlags,
): Promise<ExitCode> {
  if ((flags.xeroId === undefined) === !flags.notThere) {
    throw new AuxoError(
      'usage',
      'Say what became of it: --xero-id ID (it is this one in Xero) or --not-there (send it again).',
    )
  }
  if (flags.xeroId !== undefined && !guid.test(flags.xeroId)) {
    throw new AuxoError(
      'usage',
      `“${flags.xeroId}” is no id of Xero. It stands in the address of the page in Xero, such as 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10.`,
    )
  }
  return context.withLedger(async (ledger) => {
    const things = await findUncertainThings(ledger, reference)
    const matching = things.filter(
      (thing) =>
        (flags.kind === undefined || thing.kind === flags.kind) &&
        (context.flags.entity === undefined || thing.entity === context.flags.entity),
    )
    const [thing, another] = matching
    if (!thing)
      throw new AuxoError(
        'needs-person',
        `The outcome of “${reference}” is not uncertain: there is nothing to settle. auxo-sync status lists what is.`,
      )
    if (another)
      throw new AuxoError('usage', `“${reference}” could be several things: add --kind or --entity.`, {
        details: matching.map((one) => `${one.kind} ${one.sourceId} of ${one.entity}`),
      })
    const [entity] = await chooseEntities(ledger, thing.entity)
    if (!entity) return 2
    await withOrganisation(context, ledger, entity, 'settle', (run) =>
      settleThing(run, { kind: thing.kind, sourceId: thing.sourceId, xeroId: flags.xeroId ?? null }),
    )
    const said =
      flags.xeroId === undefined
        ? 'is not in Xero: the next export sends it again'
        : `is ${flags.xeroId} in Xero`
    const settled = { kind: thing.kind, id: thing.sourceId, xeroId: flags.xeroId ?? null }
    tellDone(context, { settled }, `Settled: ${reference} ${said}.`)
    return 0
  })
}
