// The first page of the dashboard: of each entity what waits, what failed and why, the last runs, what is owed, and how old what is known
// of Xero is.

import type { PlainDate } from '../../accounting/calendar.ts'
import type { Finding } from '../../accounting/findings.ts'
import { kindNames, type ReportedKind, reportedKinds } from '../../accounting/kinds.ts'
import type { AgeingRow, BooksSide, DayMoney, RunLine } from '../../accounting/looking-back.ts'
import { countText, durationText, instantText } from '../figures.ts'
import { ageingChart, sideNames } from './ageing-parts.ts'
import { causes } from './causes.ts'
import { documentHref } from './documents-page.ts'
import { type Html, html } from './html.ts'
import { paidParts, runTable } from './run-parts.ts'
import { address } from './site.ts'
import { pageTable } from './table.ts'
import { capitalised, facts, tiles } from './words.ts'

export interface OverviewEntity {
  code: string
  name: string
  organisation: string | null
  /** ms since the organisation was read; null where it never was. */
  mirrorAgeMs: number | null
  remaining: Record<ReportedKind, number>
  failed: readonly Finding[]
  waiting: {
    futureDated: number
    held: number
    uncertain: number
    beforeCutover: number
    /** ISO UTC. */
    settleFrom: string | null
  }
  runs: readonly RunLine[]
  owed: readonly { side: BooksSide; totals: readonly AgeingRow[] }[]
  paid: readonly DayMoney[]
  paidDays: { from: PlainDate; to: PlainDate }
  zone: string
}

export function overviewBody(entities: readonly OverviewEntity[]): Html {
  return html`${entities.map((entity) => entityPart(entity, entities.length > 1))}`
}

function entityPart(entity: OverviewEntity, isOneOfMany: boolean): Html {
  const { code, name, failed, owed, paid, paidDays, runs, zone } = entity
  const link = (thing: { kind: string; id: string }) => documentHref(thing)
  return html`${isOneOfMany && html`<h2>${code}, ${name}</h2>\n`}${head(entity)}${figures(entity)}${waits(entity)}
<h2>To be mended${isOneOfMany && html`<span class="unseen"> in ${code}</span>`}</h2>
${failed.length === 0 ? html`<p>Nothing.</p>` : causes(failed, link)}
<h2>Last runs${isOneOfMany && html`<span class="unseen"> of ${code}</span>`}</h2>
${runTable(runs, { zone, caption: 'The newest first', href: (run) => address('/run', { run }) })}
<div class="panels">${owed.flatMap(({ side, totals }) =>
    totals.map(
      (total) =>
        html`<section><h2>${sideNames[side].owed}, ${total.currency}</h2>\n${ageingChart(side, total)}<p><a href="${address('/ageing', { entity: code })}">By contact<span class="unseen">: ${sideNames[side].owed}, ${total.currency}, ${code}</span></a></p></section>`,
    ),
  )}</div>
${paidParts(paid, paidDays)}`
}

function head({ code, name, organisation, mirrorAgeMs }: OverviewEntity): Html {
  return facts([
    ['Entity', `${code}, ${name}`],
    ['Organisation', organisation ?? 'not connected to Xero yet'],
    [
      'Read of Xero',
      mirrorAgeMs === null
        ? 'never'
        : `accounts, tax rates and tracking as they were ${durationText(mirrorAgeMs)} ago`,
    ],
  ])
}

function figures({ remaining, failed, waiting }: OverviewEntity): Html {
  const sum = reportedKinds.reduce((total, kind) => total + remaining[kind], 0)
  return tiles([
    { name: 'To be sent', value: countText(sum) },
    { name: 'To be mended', value: countText(new Set(failed.map(({ kind, id }) => `${kind} ${id}`)).size) },
    { name: 'Answer lost', value: countText(waiting.uncertain) },
    { name: 'Held back', value: countText(waiting.held) },
  ])
}

function waits({ remaining, waiting, zone, code }: OverviewEntity): Html {
  const kinds = reportedKinds.filter((kind) => remaining[kind] > 0)
  const { futureDated, beforeCutover, settleFrom, uncertain } = waiting
  const notes = [
    ...(futureDated > 0 ? [`${countText(futureDated)} of them dated in the future.`] : []),
    ...(uncertain > 0 && settleFrom !== null
      ? [`What became of lost answers, an export from ${instantText(settleFrom, zone)} finds out.`]
      : []),
    ...(beforeCutover > 0
      ? [
          `${countText(beforeCutover)} dated before the cutover ${beforeCutover === 1 ? 'is' : 'are'} never sent.`,
        ]
      : []),
  ]
  return html`<h2>What waits<span class="unseen"> in ${code}</span></h2>
${pageTable({
  caption: 'Things that are to be sent',
  isCaptionHidden: true,
  columns: [
    { head: 'Kind', isRowHead: true },
    { head: 'How many', isNumber: true },
  ],
  rows: kinds.map((kind) => [capitalised(kindNames[kind].many), countText(remaining[kind])]),
  empty: 'Nothing: everything is in Xero.',
})}${notes.map((note) => html`<p>${note}</p>`)}`
}
