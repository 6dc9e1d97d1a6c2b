// The month as a page by itself: an entity after the other, each on a sheet of its own.

import type { MonthReport } from '../../accounting/looking-back.ts'
import { instantText } from '../figures.ts'
import { html } from './html.ts'
import { monthParts } from './month-parts.ts'
import { standalonePage } from './page.ts'
import { monthName } from './words.ts'

/** `months` are of one month, with the time zone of each; `madeAt` is ISO UTC. */
export function monthPage(
  months: readonly { report: MonthReport; zone: string }[],
  made: { month: string; madeAt: string },
): string {
  const title = `Month end, ${monthName(made.month)}`
  const [first, ...others] = months
  return standalonePage({
    title: months.length === 1 && first ? `${title}: ${first.report.entity}` : title,
    body: html`${first && html`<h1>${title}: ${first.report.name}</h1>\n${monthParts(first.report, { zone: first.zone, links: null })}`}${others.map(
      ({ report, zone }) =>
        html`<h1 class="next-sheet">${title}: ${report.name}</h1>\n${monthParts(report, { zone, links: null })}`,
    )}`,
    foot: `From the ledger on ${instantText(made.madeAt, first?.zone ?? 'UTC')}, by auxo-sync report --month ${made.month}.`,
  })
}
