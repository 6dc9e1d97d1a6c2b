// What a verdict of the rules on money means for the queue: the same for discounts and allocations. The verdicts themselves are
// validation/money-check.ts.

import type { Finding } from '../../accounting/findings.ts'
import { kindNames, type ThingKind } from '../../accounting/kinds.ts'
import type { CheckedThing } from '../../ledger/things.ts'
import type { MoneyCheck } from '../../validation/money-check.ts'
import type { PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'

/** Puts a thing where its verdict says. True where it is to be sent. */
export function placeMoney(page: PageVerdicts, check: MoneyCheck<string>, planned: PlannedThing): boolean {
  page.checked.push(checkedMoney(planned.id, check))
  if (check.verdict === 'send') page.sendable.push(planned)
  // What only waits for its day stays on the queue and says so; what never goes out as it is leaves it.
  if (check.verdict === 'none' && check.findings.length === 0)
    page.idle.push({ id: planned.id, revision: planned.revision })
  return check.verdict === 'send'
}

/** As it is recorded. */
export function checkedMoney(id: string, check: MoneyCheck<string>): CheckedThing {
  const { findings, reason } = check
  const verdict = check.verdict === 'failed' || check.verdict === 'skipped' ? check.verdict : null
  return { id, verdict, reason: verdict === null ? null : reason, findings }
}

/**
 * Changed in the ledger after it was exported. Xero changes neither an allocation nor a credit that is applied: it would have to be
 * taken back and made anew, and between the two a person may use what is free for something else. So nothing is sent.
 */
export function editedAfterExport(
  thing: { kind: ThingKind; id: string; label: string },
  isDeleted = false,
): CheckedThing {
  const { kind, id, label } = thing
  const name = kindNames[kind].one
  const finding: Finding = {
    kind,
    id,
    number: label,
    code: 'edited-after-export',
    severity: 'error',
    field: null,
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${label} was ${isDeleted ? 'deleted' : 'changed'} in the ledger after it was exported. Nothing was sent.`,
    why: 'Xero changes no credit that is applied: it would have to be taken back first, and others may use what is free then.',
    fix: isDeleted
      ? 'Take it back and void its credit in Xero, or bring it back in the ledger. The finding ends when both agree.'
      : 'Make the same change in Xero by hand, or undo it in the ledger. The finding ends when both agree.',
    xeroMessages: [],
  }
  return { id, verdict: 'failed', reason: finding.message, findings: [finding] }
}
