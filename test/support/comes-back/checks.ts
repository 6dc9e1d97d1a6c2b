// What must hold of what came back, once two runs had nothing in their way: the two sides agree (issue 4). Each check gives the
// sentences of what does not hold; comes-back/checks.test.ts breaks each of them once.

import { balancesAgree } from './check-balances.ts'
import { externalPayments } from './check-external.ts'
import { deletionsAgree, nothingExternalSent } from './check-ours.ts'
import type { Sides } from './linked.ts'
import type { OwnRows } from './own-rows.ts'

export interface CheckOptions {
  /** `kind id` of what the last run reported as failed: the ledger's own waits or was refused there. */
  failures: ReadonlySet<string>
  own: OwnRows
  /** Xero ids of external payments that the ledger had at an earlier look: their rows stay for audit (X2). */
  seen: ReadonlySet<string>
}

export function whatDoesNotAgree(sides: Sides, { failures, own, seen }: CheckOptions): string[] {
  return [
    ...balancesAgree(sides, failures),
    ...externalPayments(sides, seen),
    ...deletionsAgree(sides),
    ...nothingExternalSent(sides),
    ...own.differences(sides),
  ]
}
