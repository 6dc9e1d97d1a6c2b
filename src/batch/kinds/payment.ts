// The rows of payments and refunds in the table of kinds (P1 to P8), and their page of verdicts; journals that are payments are
// judged by the same (P2). What is known around a page is payment-like.ts, what is sent payment-load.ts.

import type { Operation } from '../../accounting/kinds.ts'
import type { EntitySettings } from '../../accounting/settings.ts'
import { isSendable, readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import { paymentSizeBound } from '../../mapping/size.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, type LoadPurpose, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'
import { plannedBefore } from './applied.ts'
import { countFindings, countJournal } from './journal-page.ts'
import { placeMoney } from './money-verdict.ts'
import { countChangedPayment, loadChangedPayments } from './payment-change.ts'
import {
  dateOfPayment,
  type JudgedPayment,
  judgePayment,
  labelOfPayment,
  letThrough,
  moneyOfPayment,
  type PaymentLike,
  type PaymentsAround,
  paymentEntry,
  paymentsAround,
  type ReadyPayment,
  readPaymentLikes,
  summedOf,
} from './payment-like.ts'
import { loadNewPayments } from './payment-load.ts'

export function paymentKind(kind: 'payment' | 'refund'): KindRow {
  return {
    kind,
    isLeftOut: staysInLedger,
    checkPage: async (scope, ids) =>
      checkPaymentLikes(scope, kind, await readPaymentLikes(scope.ledger, kind, ids)),
    load: async (context, planned, purpose = 'send') => {
      // The state first: an edit that comes in between shows as a newer revision and is left for the next run.
      const waiting = await readWaitingOf(context, kind, planned)
      const ids = planned.map(({ id }) => id)
      const likes = await readPaymentLikes(context.ledger, kind, ids)
      return loadPaymentLikes(context, planned, { likes, waiting }, purpose)
    },
  }
}

/** Nothing of payments is sent (P1). */
export function staysInLedger({ payments }: EntitySettings): boolean {
  return payments === 'none' || payments === 'from_xero'
}

/** What the rules say of these, by the ids of their things; journals that are payments too (P2). */
export async function checkPaymentLikes(
  scope: CheckScope,
  kind: PaymentLike['kind'],
  likes: ReadonlyMap<string, PaymentLike>,
): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind, ids: [...likes.keys()] })
  const passed = new Set<string>()
  const around = await paymentsAround(scope, [...likes.values()], plannedBefore(scope, passed))
  const page = noVerdicts()
  for (const [id, like] of likes) {
    const thing = waiting.get(id)
    if (!thing) continue
    const judged = judgeWaiting(scope, around, like, thing)
    if (thing.state === 'exported') countChangedPayment(scope, page, around, judged, thing)
    // Its day is not over yet: it is judged with the others of that day.
    else if (summedOf(judged, thing) && dateOfPayment(like) >= scope.today) continue
    else if (count(scope, page, around, judged, thing)) letThrough(around, passed, judged)
  }
  return page
}

/** In a run Xero is asked, when it is sent, whether it still has what was moved (payment-load.ts); of a day's summary it is not. */
function judgeWaiting(
  scope: CheckScope,
  around: PaymentsAround,
  like: PaymentLike,
  thing: WaitingThing,
): JudgedPayment {
  const judged = judgePayment(around, like)
  const isAsked = !scope.assumesPlanned && judged.context.moved.length > 0 && summedOf(judged, thing) === null
  return isAsked ? judgePayment(around, like, { willAskMoved: true }) : judged
}

/** Puts a payment that Xero was never told of where its verdict says. True where it is to be sent. */
function count(
  scope: CheckScope,
  page: PageVerdicts,
  around: PaymentsAround,
  judged: JudgedPayment,
  thing: WaitingThing,
): boolean {
  const { like, check } = judged
  if (check.form !== 'journal' || check.verdict !== 'send')
    return placeMoney(page, check, plannedPayment(around, judged, thing))
  const entry = paymentEntry(around, judged)
  if ('severity' in entry) {
    countFindings(page, like.id, [...check.findings, entry])
    return false
  }
  const before = page.sendable.length + page.summed.length
  const { kind, id } = like
  const label = labelOfPayment(judged)
  countJournal(scope, page, {
    kind,
    id,
    label,
    thing,
    entry,
    operation: 'create',
    findings: check.findings,
    summed: summedOf(judged, thing),
  })
  return page.sendable.length + page.summed.length > before
}

function plannedPayment(around: PaymentsAround, judged: JudgedPayment, thing: WaitingThing): PlannedThing {
  const { like, check } = judged
  // Xero takes allocations of one prepayment or overpayment a call.
  const isAllocation = check.form === 'prepayment_allocation' || check.form === 'overpayment_allocation'
  return {
    id: like.id,
    revision: thing.revision,
    operation: 'create',
    group: isAllocation ? `${check.form} ${like.payment.id}` : 'payments',
    bytes: paymentSizeBound(like.payment),
    money: moneyOfPayment(judged, around.books),
  }
}

/** Where planned payments stand now: read it before the payments themselves. */
export function readWaitingOf(
  { ledger, books }: RunContext,
  kind: PaymentLike['kind'],
  planned: readonly PlannedThing[],
): Promise<Map<string, WaitingThing>> {
  const ids = planned.map(({ id }) => id)
  return readWaiting(ledger, { entity: books.entity.code, kind, ids })
}

/**
 * Elements of calls out of payments, refunds or journals that are payments. `read`: as the ledger has them now, where they stand
 * (readWaitingOf) read before they were.
 */
export async function loadPaymentLikes(
  context: RunContext,
  planned: readonly PlannedThing[],
  read: { likes: ReadonlyMap<string, PaymentLike>; waiting: ReadonlyMap<string, WaitingThing> },
  purpose: LoadPurpose,
): Promise<Loaded> {
  const ready = planned.flatMap(({ id, revision, operation }): ReadyPayment[] => {
    const like = read.likes.get(id)
    const thing = read.waiting.get(id)
    if (!like || thing?.revision !== revision) return []
    const isFree = operation === 'create' ? isSendable(thing.state) : thing.state === 'exported'
    return isFree ? [{ like, thing }] : []
  })
  const operation: Operation = planned[0]?.operation ?? 'create'
  return operation === 'create'
    ? loadNewPayments(context, ready, purpose)
    : loadChangedPayments(context, operation, ready)
}
