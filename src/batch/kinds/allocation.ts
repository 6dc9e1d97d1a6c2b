// The rows of what applies credits: allocations of the ledger (N2, I13) and applied discounts (N4). All that one credit is applied
// to is one call, since Xero takes allocations under their credit (§4.4). Judged in allocation-check.ts, sent by allocation-load.ts.

import type { KindRow } from '../kind-row.ts'
import type { CheckScope } from '../scope.ts'
import { checkAllocationPage } from './allocation-check.ts'
import { loadAllocations } from './allocation-load.ts'
import type { AllocationKind } from './allocation-pairs.ts'

export function allocationKind(kind: AllocationKind): KindRow {
  return {
    kind,
    isLeftOut: () => false,
    checkPage: (scope, ids) => checkAllocationPage(scope, kind, ids),
    load: (context, planned, purpose) => loadAllocations(context, kind, planned, purpose),
    // An applied discount is made when its credit note is exported (queueFollowers).
    underived: async (scope) => (kind === 'discount_allocation' ? plannedDiscounts(scope) : []),
  }
}

function plannedDiscounts({ planned }: CheckScope): string[] {
  const prefix = 'discount/'
  return [...planned].flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []))
}
