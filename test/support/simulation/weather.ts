// What the line and Xero do in a season: faults by target, and how Xero behaves where nobody knows. The swarm takes some
// faults away and turns others up, anew for every seed.

import type { Fault, FaultEffect } from '../../../src/sandbox/fault.ts'
import type { Switches } from '../../../src/sandbox/switches.ts'
import type { Choices } from './choices.ts'

const writeFaults: ((c: Choices) => FaultEffect)[] = [
  () => ({ kind: 'error-before-commit' }),
  () => ({ kind: 'error-after-commit', status: 503 }),
  () => ({ kind: 'drop-before-commit' }),
  () => ({ kind: 'drop-after-commit' }),
  (c) => ({ kind: 'partial-commit', stored: c.whole(0, 8) }),
  (c) => ({ kind: 'late-commit', afterMs: c.whole(1, 300) * 1_000 }),
  (c) => ({ kind: 'slow', ms: c.whole(1, 120) * 1_000 }),
  () => ({ kind: 'black-hole' }),
  (c) => ({ kind: 'rate-limit', limit: 'minute', retryAfterS: c.whole(1, 60) }),
  () => ({ kind: 'rate-limit', limit: 'concurrent' }),
  (c) => ({ kind: 'rate-limit', limit: 'day', retryAfterS: c.whole(400, 4_000) }),
  (c) => ({ kind: 'garbage', isStored: c.chance(0.5) }),
  (c) => ({ kind: 'truncated', isStored: c.chance(0.5) }),
  (c) => ({ kind: 'proxy-html', status: c.one([200, 502] as const) }),
  () => ({ kind: 'unauthorized' }),
  () => ({ kind: 'forbidden' }),
  () => ({ kind: 'shuffled-order' }),
  () => ({ kind: 'missing-element' }),
  (c) => ({ kind: 'refuse-whole', containing: `-${c.whole(1, 40)}"` }),
]
/** What can happen to a call that changes nothing. */
const readFaults = writeFaults.filter((_, index) => ![4, 5, 16, 17, 18].includes(index))

export interface Weather {
  /** Faults for the next run. */
  arm(c: Choices): Fault[]
}

/** A season's weather over these endpoints. */
export function weatherOver(targets: readonly string[], c: Choices): Weather {
  const rate = c.one([0, 1, 1, 2, 4])
  const writes = writeFaults.filter(() => c.chance(0.4))
  const reads = readFaults.filter(() => c.chance(0.2))
  const writeTargets = ['/Contacts', ...targets]
  const readTargets = ['^.', '/connect/token', '/connections', '/Organisation', ...writeTargets]
  return {
    arm: (choose) => {
      const faults: Fault[] = []
      for (let count = choose.whole(0, rate); count > 0; count -= 1) {
        const isWrite = choose.chance(0.7)
        const make = choose.any(isWrite ? writes : reads)
        if (!make) continue
        faults.push({
          ...(isWrite ? { method: choose.one(['PUT', 'PUT', 'PUT', 'POST']) } : {}),
          path: isWrite && choose.chance(0.1) ? '^.' : choose.one(isWrite ? writeTargets : readTargets),
          nth: choose.whole(1, 4),
          times: choose.one([1, 1, 1, 2, 5]),
          ...make(choose),
        })
      }
      return faults
    },
  }
}

/** Both ways of everything that nobody outside Xero knows, where both are to end well. */
export function randomSwitches(c: Choices): Partial<Switches> {
  return {
    refusalLists: c.one(['bad', 'all'] as const),
    refusalEcho: c.one(['published', 'full'] as const),
    sameKeyInFlight: c.one(['waits', 'conflict', 'executes-twice'] as const),
    cachesValidationErrors: c.chance(0.5),
    modifiedSinceInclusive: c.chance(0.5),
    zeroTotalPaid: c.chance(0.5),
    deletedNumberFree: c.chance(0.5),
    voidedNumberFree: c.chance(0.5),
    contactNameSpaces: c.one(['refused', 'trimmed'] as const),
    unlistedPeople: c.one(['dropped', 'kept'] as const),
    phoneParts: c.one(['kept', 'split'] as const),
    postcodes: c.one(['kept', 'capitals'] as const),
    archiveWithDocuments: c.one(['allowed', 'refused'] as const),
    accountClasses: c.one(['any', 'strict'] as const),
    billPostByNumber: c.one(['creates', 'edits'] as const),
    billReference: c.one(['ignored', 'kept'] as const),
    draftsInLockedPeriod: c.one(['refused', 'allowed'] as const),
    lockedEdit: c.one(['error', 'text-only'] as const),
    paidBillEdit: c.one(['refused', 'silent'] as const),
    itemDefaults: c.one(['filled', 'left-out'] as const),
    billedOrderEdit: c.one(['refused', 'allowed'] as const),
    unpagedJournalLines: c.one(['left-out', 'shown'] as const),
    attachmentLimit: c.one(['25MB', '10MB'] as const),
    sameFileName: c.one(['adds', 'replaces'] as const),
    extrasMoveUpdated: c.chance(0.5),
    paymentNotes: c.one(['refused', 'accepted'] as const),
    supplierCreditNumber: c.one(['kept', 'dropped'] as const),
    allocationAnswerId: c.one(['without', 'with'] as const),
    allocationDates: c.one(['moved', 'kept-on-removal', 'kept'] as const),
    paymentVerdicts: c.one(['each', 'whole'] as const),
    listsDeletedPayments: c.chance(0.5),
    longPaymentReference: c.one(['kept', 'cut'] as const),
    paymentBeforeDocument: c.one(['accepted', 'refused'] as const),
    reconciledPaymentDelete: c.one(['refused', 'allowed'] as const),
    bankLineAmountTypes: c.one(['Inclusive', 'Exclusive'] as const),
    creditTransactionReference: c.one(['kept', 'ignored'] as const),
    creditTransactionDelete: c.one(['refused', 'allowed'] as const),
  }
}
