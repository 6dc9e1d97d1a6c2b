// Compares the credits that are pending with the ledger, page by page. What follows is judge-credit.ts, writing it write-credits.ts.

import { storeCredits, storePayments } from '../../ledger/mirror-money.ts'
import {
  findLivePayments,
  type OpenThing,
  type PendingCredit,
  readOpenThings,
  readPendingCredits,
} from '../../ledger/pulled-pending.ts'
import {
  type CreditVerdict,
  isAwaiting,
  type JudgedCredit,
  judgeCredit,
  readCreditsAround,
  refundsDiffer,
} from './judge-credit.ts'
import { goOn, type PullContext } from './pull-context.ts'
import { writeCredits } from './write-credits.ts'

const pageSize = 200

/**
 * Compares every credit that is pending; what a call of ours may have made or changed waits for its outcome. Gives back those
 * of which Xero says that other sums were paid back than the feed of payments told of.
 */
export async function applyCredits(context: PullContext): Promise<string[]> {
  const { ledger, writer } = context
  const open = await readOpenThings(ledger, writer.tenantId)
  const differing: string[] = []
  for (let after = ''; ; ) {
    await goOn(context)
    const page = await readPendingCredits(ledger, { tenantId: writer.tenantId, after, limit: pageSize })
    const last = page.at(-1)
    if (!last) return differing
    after = last.xeroId
    const around = await readCreditsAround(context, page, open)
    const judged: JudgedCredit[] = []
    for (const credit of page) {
      const verdict = await judgeCredit(context, credit, around)
      const isKnown = verdict.is === 'own' || verdict.is === 'deposit'
      if (isKnown && refundsDiffer(credit)) differing.push(credit.xeroId)
      const isAsked = verdict.is === 'to-ask'
      judged.push(
        isAsked
          ? await asked(context, credit, open)
          : { credit, verdict, isAwaiting: isAwaiting(credit, around) },
      )
    }
    await writeCredits(context, judged)
  }
}

/** The same, read by its id. One that is not there by its id is no removal. */
async function asked(
  context: PullContext,
  credit: PendingCredit,
  open: readonly OpenThing[],
): Promise<JudgedCredit> {
  const { ledger, gateway, writer } = context
  const nothing: CreditVerdict = { is: 'nothing' }
  const found = await gateway.creditById(credit.kind, credit.xeroId)
  if (!found) return { credit, verdict: nothing, isAwaiting: false }
  await storeCredits(ledger, { tenantId: writer.tenantId, resource: null }, [found])
  const place = { tenantId: writer.tenantId, after: credit.xeroId, limit: 1 }
  const [now = credit] = await readPendingCredits(ledger, { ...place, isThis: true })
  const around = await readCreditsAround(context, [now], open)
  const verdict = await judgeCredit(context, now, around, true)
  return { credit: now, verdict, isAwaiting: isAwaiting(now, around) }
}

/** A feed may hide that a refund was deleted (§9): each that is known is read by its id. */
export async function askForRefunds(context: PullContext, credits: readonly string[]): Promise<void> {
  const { ledger, gateway, writer } = context
  const page = { tenantId: writer.tenantId, resource: null }
  for (const credit of credits) {
    await goOn(context)
    for (const xeroId of await findLivePayments(ledger, writer.tenantId, credit)) {
      const payment = await gateway.paymentById(xeroId)
      if (payment) await storePayments(ledger, page, [payment])
    }
  }
}
