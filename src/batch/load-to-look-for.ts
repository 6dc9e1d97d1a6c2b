// Things that wait, in the form in which they would be sent, so that they can be looked for in Xero: for a ledger that may have
// lost that it sent them (E13). What follows from what is found is adopt.ts and refuse-restored.ts.

import { kindNames } from '../accounting/kinds.ts'
import { isSendable, readWaiting } from '../ledger/waiting.ts'
import type { RunContext } from './context.ts'
import type { KindRow, LoadedThing } from './kind-row.ts'
import type { PlannedThing } from './plan.ts'

/** As they would be sent, whatever the rules say of them: they may have been sent under other circumstances. `notLoaded`: `kind id`. */
export async function loadToLookFor(
  context: RunContext,
  row: KindRow,
  ids: readonly string[],
): Promise<{ things: LoadedThing[]; notLoaded: string[] }> {
  const { ledger, books } = context
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: row.kind, ids })
  const planned = ids.flatMap((id): PlannedThing[] => {
    const thing = waiting.get(id)
    return thing && isSendable(thing.state)
      ? [{ id, revision: thing.revision, operation: 'create', group: '', bytes: 0, money: null }]
      : []
  })
  try {
    return { things: [...(await row.load(context, planned, 'adopt')).things], notLoaded: [] }
  } catch {
    // One that cannot be mapped must not keep the others from being found.
    const things: LoadedThing[] = []
    const notLoaded: string[] = []
    for (const one of planned) {
      const loaded = await row.load(context, [one], 'adopt').catch(() => null)
      if (loaded) things.push(...loaded.things)
      else notLoaded.push(`${kindNames[row.kind].one} ${one.id}`)
    }
    return { things, notLoaded }
  }
}
