// What `report` tells of a rollback later (M6): of its own run what stayed in Xero and why, and of the run that it undid that it was.

import { kindNames, type ThingKind } from '../../accounting/kinds.ts'
import type { Ledger } from '../../ledger/open.ts'
import { keepRunReport, readKeptReport } from '../../ledger/run-records.ts'
import { readRuns } from '../../ledger/runs.ts'
import { rebuiltReport } from '../run-story.ts'

interface Told {
  run: number
  byRun: number | null
  undone: readonly unknown[]
  notUndone: readonly { kind: ThingKind; number: string; why: string }[]
}

export async function keepReports(ledger: Ledger, { run, byRun, undone, notUndone }: Told): Promise<void> {
  const [own] = byRun === null ? [] : await readRuns(ledger, { id: byRun })
  if (!own) return
  const stays = notUndone.map(
    ({ kind, number, why }) => `Stays in Xero: ${kindNames[kind].one} ${number}. ${why}`,
  )
  const report = await rebuiltReport(ledger, own)
  await keepRunReport(ledger, { ...report, warnings: [...stays, ...report.warnings] })
  const before = await readKeptReport(ledger, run)
  if (!before || undone.length === 0) return
  const note = `Run ${own.id} took ${undone.length.toLocaleString('en')} of what it posted out of Xero again.`
  await keepRunReport(ledger, {
    ...before,
    warnings: [note, ...before.warnings.filter((one) => one !== note)],
  })
}
