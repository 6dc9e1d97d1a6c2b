// Compares the credits that are pending with the ledger, page by page. What follows is judge-credit.ts, writing it write-credits.ts.

import { readOpenThings, readPendingCredits } from '../../ledger/pulled-pending.ts'
import { refuseInterrupted } from '../context.ts'
import { type JudgedCredit, judgeCredit, readCreditsAround } from './judge-credit.ts'
import type { PullContext } from './pull-context.ts'
import { writeCredits } from './write-credits.ts'

const pageSize = 200

/** Compares every credit that is pending; what a call of ours may have made or changed waits for its outcome. */
export async function applyCredits(context: PullContext): Promise<void> {
  const { ledger, writer } = context
  const open = await readOpenThings(ledger, writer.tenantId)
  for (let after = ''; ; ) {
    refuseInterrupted(context.interrupt)
    const page = await readPendingCredits(ledger, { tenantId: writer.tenantId, after, limit: pageSize })
    const last = page.at(-1)
    if (!last) return
    after = last.xeroId
    const around = await readCreditsAround(context, page, open)
    const judged: JudgedCredit[] = []
    for (const credit of page) judged.push({ credit, verdict: await judgeCredit(context, credit, around) })
    await writeCredits(context, judged)
  }
}
