// What else is on a document, or taken from a credit, beside the thing that is judged: what Xero has of it, and what goes out
// in this run before it. The rows are ledger/applied.ts, the rules that ask validation/money-amount-rules.ts.

import { addCents } from '../../accounting/money.ts'
import type { AppliedThing } from '../../ledger/applied.ts'
import type { Applied } from '../../validation/money-amount-rules.ts'
import type { CheckScope } from '../scope.ts'

export type AppliedKey = Pick<AppliedThing, 'kind' | 'id'>

export function keyOf({ kind, id }: AppliedKey): string {
  return `${kind}/${id}`
}

/** Of all that is on one document: what is not `own`. A discount and what applies it are one thing, of kind discount. */
export function appliedBeside(
  things: readonly AppliedThing[] | undefined,
  own: AppliedKey,
  isPlanned: (thing: AppliedThing) => boolean,
): Applied {
  const others = (things ?? []).filter((thing) => keyOf(thing) !== keyOf(own))
  const amountOf = (some: readonly AppliedThing[]) => addCents(...some.map(({ amount }) => amount))
  return {
    before: amountOf(others.filter(({ isInXero }) => isInXero)),
    planned: amountOf(others.filter((thing) => !thing.isInXero && isPlanned(thing))),
  }
}

/** What goes out before: found right on the same page (`passed`, keys), or earlier in the same check. */
export function plannedBefore(
  scope: Pick<CheckScope, 'planned' | 'assumesPlanned'>,
  passed: ReadonlySet<string>,
): (thing: AppliedThing) => boolean {
  return (thing) => {
    if (passed.has(keyOf(thing))) return true
    // In a run kinds before this one were sent: what did not arrive was refused, or waits again.
    return scope.planned.has(keyOf(thing)) && (scope.assumesPlanned || thing.state === 'pending')
  }
}
