// What `report` tells of a rollback later (M6): of its own run what stayed in Xero and why, and of the run that it undid that it was.

import { countOf, kindNames, type ThingKind } from '../../accounting/kinds.ts'
import type { Ledger } from '../../ledger/open.ts'
import { keepRunReport, readKeptReport } from '../../ledger/run-records.ts'
import { readRuns } from '../../ledger/runs.ts'
import { rebuiltReport } from '../run-story.ts'

interface Stays {
  kind: ThingKind
  number: string
  why: string
  needsPerson: boolean
}

interface Told {
  run: number
  byRun: number | null
  undone: readonly unknown[]
  notUndone: readonly Stays[]
}

export async function keepReports(ledger: Ledger, { run, byRun, undone, notUndone }: Told): Promise<void> {
  const [own] = byRun === null ? [] : await readRuns(ledger, { id: byRun })
  if (!own) return
  const report = await rebuiltReport(ledger, own)
  const isStopped = own.state === 'stopped'
  const said = isStopped || own.reason === null ? [] : [own.reason]
  await keepRunReport(ledger, {
    ...report,
    stopReason: isStopped ? own.reason : null,
    warnings: [...said, ...staying(notUndone), ...report.warnings],
  })
  const before = await readKeptReport(ledger, run)
  if (!before || undone.length === 0) return
  const note = `Run ${own.id} took ${undone.length.toLocaleString('en')} of what it posted out of Xero again.`
  await keepRunReport(ledger, {
    ...before,
    warnings: [note, ...before.warnings.filter((one) => one !== note)],
  })
}

/** Each that somebody can do something about, and of the others how many. */
function staying(things: readonly Stays[]): string[] {
  const kept = new Map<string, { kind: ThingKind; why: string; count: number }>()
  for (const { kind, why, needsPerson } of things) {
    if (needsPerson) continue
    const known = kept.get(`${kind} ${why}`) ?? { kind, why, count: 0 }
    kept.set(`${kind} ${why}`, { ...known, count: known.count + 1 })
  }
  return [
    ...things
      .filter(({ needsPerson }) => needsPerson)
      .map(({ kind, number, why }) => `In Xero still: ${kindNames[kind].one} ${number}. ${why}`),
    ...[...kept.values()].map(({ kind, why, count }) => `In Xero still: ${countOf(count, kind)}. ${why}`),
  ]
}
