// Checks the things of a kind that wait, page by page: the same rules for `validate` and `export` (V3). What is wrong is
// recorded, what is right is handed on to the plan. What the rules are is validation/, who applies them the kind's row.

import type { Finding } from '../accounting/findings.ts'
import type { ThingKind } from '../accounting/kinds.ts'
import { markUnchanged, recordChecks, takeOffQueue } from '../ledger/things.ts'
import { refuseInterrupted } from './context.ts'
import type { KindRow, PageVerdicts } from './kind-row.ts'
import type { PlannedThing } from './plan.ts'
import type { CheckScope } from './scope.ts'

const pageSize = 200

/** Kinds that take something off a document: what goes out before them counts, also of an earlier page (P5). */
const appliedKinds: ReadonlySet<ThingKind> = new Set([
  'payment',
  'refund',
  'discount',
  'allocation',
  'journal',
])

export interface CheckOptions {
  /** The run that the findings belong to; null for `validate`. */
  run: number | null
  /** `states`: findings and states are recorded (export); `findings`: only those (validate); `nothing`: a dry run. */
  record: 'states' | 'findings' | 'nothing'
  /** Stops the check with `interrupted`; `validate` has none. */
  interrupt?: AbortSignal
  onFindings: (findings: readonly Finding[]) => void
  onPage: (kind: ThingKind, done: number, total: number) => void
}

export interface KindCheck {
  checked: number
  /** Nothing stands against sending these, in their order. */
  sendable: PlannedThing[]
  failed: number
  skipped: number
}

export const nothingChecked: Readonly<KindCheck> = { checked: 0, sendable: [], failed: 0, skipped: 0 }

/** Checks these things of a kind. Findings of every severity are told; only errors stand against sending. */
export async function checkKind(
  row: Pick<KindRow, 'kind' | 'checkPage'>,
  scope: CheckScope,
  ids: readonly string[],
  options: CheckOptions,
): Promise<KindCheck> {
  const check: KindCheck = { checked: 0, sendable: [], failed: 0, skipped: 0 }
  const isCounted = (kind: ThingKind) => scope.assumesPlanned || appliedKinds.has(kind)
  for (let start = 0; start < ids.length; start += pageSize) {
    const page = ids.slice(start, start + pageSize)
    const verdicts = await row.checkPage(scope, page)
    await record(row, scope, verdicts, options)
    for (const thing of verdicts.checked) {
      options.onFindings(thing.findings)
      if (thing.verdict !== null) check[thing.verdict] += 1
    }
    check.checked += verdicts.checked.length + verdicts.unchanged.length
    // One by one: a page may be large, and arguments are not endless.
    for (const thing of verdicts.sendable) {
      check.sendable.push(thing)
      if (isCounted(row.kind)) scope.planned.add(`${row.kind}/${thing.id}`)
    }
    for (const { kind, id } of verdicts.summed) if (isCounted(kind)) scope.planned.add(`${kind}/${id}`)
    if (options.interrupt) refuseInterrupted(options.interrupt)
    options.onPage(row.kind, Math.min(start + pageSize, ids.length), ids.length)
  }
  return check
}

async function record(
  row: Pick<KindRow, 'kind'>,
  scope: CheckScope,
  verdicts: PageVerdicts,
  options: CheckOptions,
): Promise<void> {
  if (options.record === 'nothing') return
  const { ledger, books } = scope
  const owner = { entity: books.entity.code, kind: row.kind, run: options.run }
  await markUnchanged(ledger, owner, verdicts.unchanged)
  // Later, so that what is left as it was sent may still have a word said of it.
  await recordChecks(ledger, owner, verdicts.checked, { moveStates: options.record === 'states' })
  // What `validate` looks at is not yet what a run would: only a run takes things off the queue.
  if (options.record === 'states') await takeOffQueue(ledger, owner, verdicts.idle)
}
