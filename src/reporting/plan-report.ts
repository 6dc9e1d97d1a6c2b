// The plan of a dry run (E11): what would go out in which calls, the money in it, and what of today's calls it takes.

import { kindNames } from '../accounting/kinds.ts'
import type { PlanReport } from '../accounting/outcomes.ts'
import { bytesText, countText, moneyText } from './figures.ts'
import { type Printer, toned } from './terminal.ts'

export function printPlan(printer: Printer, plan: PlanReport): void {
  const kinds = plan.kinds.filter(({ documents }) => documents > 0)
  if (kinds.length === 0) {
    printer.line('  Nothing to send.')
    return
  }
  printer.table(
    [
      { head: 'would be sent' },
      { head: 'number', align: 'right' },
      { head: 'calls', align: 'right' },
      { head: 'total', align: 'right' },
    ],
    kinds.map(({ kind, documents, chunks, totals }) => [
      kindNames[kind].many,
      countText(documents),
      countText(chunks),
      totals.map(({ currency, total }) => `${moneyText(total)} ${currency}`).join(' + '),
    ]),
    2,
  )
  const { callsNeeded, bytesNeeded, minutesNeeded, dayLeft } = plan
  const minutes = minutesNeeded <= 1 ? 'within a minute' : `about ${countText(minutesNeeded)} minutes`
  const left = dayLeft === null ? '' : ` of the ${countText(dayLeft)} left today`
  printer.entry(
    2,
    '',
    `Takes ${countText(callsNeeded)} ${callsNeeded === 1 ? 'call' : 'calls'}${left}, up to ${bytesText(bytesNeeded)}, ${minutes}.`,
  )
  for (const note of plan.notes) printer.entry(2, toned('faint', 'Note: '), note)
  if (dayLeft !== null && callsNeeded > dayLeft) {
    printer.entry(
      2,
      toned('caution', 'More than today allows: '),
      'the run would stop at the limit, and what is left would go out tomorrow.',
    )
  }
}
