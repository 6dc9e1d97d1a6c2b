// What stands around the report of a rehearsal (T2), so that nobody takes it for a run: what was played against what, what would go out
// in money, and what only Xero's answer would have said. The report itself is run-report.ts.

import type { SentMoney } from '../accounting/looking-back.ts'
import type { RunReport } from '../accounting/outcomes.ts'
import { countText, durationText } from './figures.ts'
import { printSentMoney } from './run-report.ts'
import { type Printer, toned } from './terminal.ts'

/** What an entity is played against. */
export interface Scene {
  entity: string
  /** The organisation's name; of an entity that is not connected the region's code. */
  organisation: string
  /** When its books were read (ISO UTC); null for an entity that is not connected. */
  readAt: string | null
  /** Calls of earlier runs whose answers were lost. */
  openCalls: number
}

export function printRehearsalHead(printer: Printer, scenes: readonly Scene[], now: number): void {
  printer.line(
    toned('caution', 'REHEARSAL: nothing goes to Xero, and the ledger stays as it is.'),
    ' What follows is what an export would do.',
  )
  for (const scene of scenes) printer.entry(2, `${scene.entity}: `, sceneText(scene, now))
  printer.line()
}

function sceneText({ organisation, readAt, openCalls }: Scene, now: number): string {
  if (readAt === null)
    return `not connected yet. It is played against an empty organisation with the standard accounts and tax rates of ${organisation}; its own will differ.`
  const age = durationText(now - Date.parse(readAt))
  const played = `played against what the ledger knows of ${organisation}: accounts, tax rates and tracking as they were ${age} ago. What people did there since is not known.`
  if (openCalls === 0) return played
  const calls =
    openCalls === 1
      ? 'The answer to 1 call was lost in an earlier run'
      : `The answers to ${countText(openCalls)} calls were lost in earlier runs`
  return `${played} ${calls}; the rehearsal goes on as if Xero had none of it, a real export asks.`
}

/** After an entity's report. */
export function printRehearsed(
  printer: Printer,
  { report, sent }: { report: Pick<RunReport, 'failures'>; sent: readonly SentMoney[] },
): void {
  printSentMoney(printer, 'What would go out, in money', sent)
  const refused = report.failures.filter(({ xeroMessages }) => xeroMessages.length > 0).length
  if (refused > 0)
    printer.entry(
      0,
      toned('bad', 'Xero would refuse: '),
      `${countText(refused)} of what is listed above ${refused === 1 ? 'was' : 'were'} refused by the sandbox as Xero does it, in Xero’s words. No rule of auxo-sync foresaw ${refused === 1 ? 'it' : 'them'}.`,
    )
}

export function printRehearsalEnd(printer: Printer): void {
  printer.line()
  printer.line(
    toned('caution', 'This was a rehearsal. Xero has nothing of it. '),
    'To do it: auxo-sync export',
  )
}
