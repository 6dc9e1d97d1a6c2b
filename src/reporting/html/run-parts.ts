// The parts that tell a run: how its things fared, what went out in money, what came back, what waits and what it took. A page of its own
// (run-page.ts) and the dashboard have the same.

import { addDays, longDate, type PlainDate } from '../../accounting/calendar.ts'
import { kindNames, reportedKinds } from '../../accounting/kinds.ts'
import type { DayMoney, RunLine, RunStory, SentMoney } from '../../accounting/looking-back.ts'
import { paidByCurrency } from '../../accounting/looking-back.ts'
import type { KindCounts, RunReport } from '../../accounting/outcomes.ts'
import { bytesText, countText, instantText } from '../figures.ts'
import {
  failedOf,
  operationWords,
  outcomeText,
  pulledText,
  rebuiltText,
  stateWords,
  wentOutText,
} from '../run-report.ts'
import { causes, type NumberLink } from './causes.ts'
import { barChart, columnChart, type Point, type Series } from './charts.ts'
import { type Html, html } from './html.ts'
import { pageTable } from './table.ts'
import { amount, amountOrNothing, capitalised, count, facts, tiles } from './words.ts'

export interface RunTelling {
  /** IANA zone in which its times are told. */
  zone: string
  link: NumberLink
}

/** Everything below the heading. */
export function runParts(story: RunStory, telling: RunTelling): Html {
  const { report } = story
  return html`${head(story, telling)}
${story.isRebuilt && html`<p class="caution">${rebuiltText}</p>`}
${report.stopReason !== null && html`<p class="bad"><span class="state">Stopped:</span> ${report.stopReason}</p>`}
${runTiles(report)}
${wentOut(story)}
${failures(report, telling)}
<h2>Back from Xero</h2>
<p>${report.isPulled ? `${capitalised(pulledText(report.pulled) ?? 'nothing new')}.` : 'Xero was not asked what happened there.'}</p>
${waiting(report, telling)}
${paidParts(story.paid, story.paidDays)}
${calls(report)}`
}

function head({ report, verb, who }: RunStory, { zone }: RunTelling): Html {
  return facts([
    ['Entity', report.entity],
    ['Organisation', report.organisation.name],
    ['What', `auxo-sync ${verb}, by ${who}`],
    ['Began', instantText(report.startedAt, zone)],
    ['Ended', instantText(report.finishedAt, zone)],
    [
      'Outcome',
      html`<span class="state ${report.state === 'sent' || report.state === 'nothing' ? 'good' : report.state === 'partial' ? 'caution' : 'bad'}">${stateWords[report.state].text}</span>`,
    ],
  ])
}

function total(report: RunReport, column: keyof KindCounts): number {
  return reportedKinds.reduce((sum, kind) => sum + report.kinds[kind][column], 0)
}

function runTiles(report: RunReport): Html {
  return tiles([
    { name: 'Went out', value: countText(total(report, 'exported') + total(report, 'updated')) },
    { name: 'Failed', value: countText(total(report, 'failed')) },
    { name: 'Still to be sent', value: countText(total(report, 'remaining')) },
    { name: 'Calls to Xero', value: countText(report.calls.made) },
  ])
}

const outcomes: readonly (Series & { key: keyof KindCounts })[] = [
  { key: 'exported', name: 'Exported', colour: 'good' },
  { key: 'updated', name: 'Updated', colour: 'blue' },
  { key: 'skipped', name: 'Skipped', colour: 'grey' },
  { key: 'uncertain', name: 'Uncertain', colour: 'caution' },
  { key: 'failed', name: 'Failed', colour: 'bad' },
]

/** Counts that are nothing in every kind are left out. */
function wentOut({ report, sent }: RunStory): Html {
  const columns = [...outcomes, { key: 'remaining', name: 'Still to be sent' } as const]
  const kinds = reportedKinds.filter((kind) => columns.some(({ key }) => report.kinds[kind][key] > 0))
  if (kinds.length === 0) return html`<h2>What went out</h2><p>Nothing had to be sent.</p>`
  const shown = columns.filter(
    ({ key }) => key === 'exported' || kinds.some((kind) => report.kinds[kind][key] > 0),
  )
  const charted = outcomes.filter(({ key }) => shown.some((column) => column.key === key))
  return html`<h2>What went out</h2>
${pageTable({
  caption: 'How many of each kind',
  columns: [{ head: 'Kind', isRowHead: true }, ...shown.map(({ name }) => ({ head: name, isNumber: true }))],
  rows: kinds.map((kind) => [
    capitalised(kindNames[kind].many),
    ...shown.map(({ key }) => countText(report.kinds[kind][key])),
  ]),
})}${barChart({
  title: 'Things by kind and outcome',
  series: charted,
  points: kinds.map((kind) => ({
    name: capitalised(kindNames[kind].many),
    values: charted.map(({ key }) => report.kinds[kind][key]),
  })),
  valueText: countText,
})}${money(sent)}`
}

/** Of the kinds that are money. */
function money(sent: readonly SentMoney[]): Html {
  const rows = sent.filter(({ currency }) => currency !== null)
  return html`${rows.length > 0 && html`<h3>In money</h3>`}${
    rows.length > 0 &&
    pageTable({
      caption: 'As Xero has them by what is known today; a journal counts its debits.',
      columns: [
        { head: 'Kind', isRowHead: true },
        { head: 'What' },
        { head: 'How many', isNumber: true },
        { head: 'Currency' },
        { head: 'Amount', isNumber: true },
      ],
      rows: rows.map(({ kind, operation, things, currency, totalCents }) => [
        capitalised(kindNames[kind].many),
        operationWords[operation],
        countText(things),
        currency,
        amount(totalCents),
      ]),
    })
  }`
}

function failures(report: RunReport, { link }: RunTelling): Html {
  if (report.failures.length === 0) return html`<h2>What failed</h2><p>Nothing.</p>`
  return html`<h2>What failed, and what to do</h2>
${total(report, 'failed') > 0 && html`<p>${count(total(report, 'failed'), 'thing was', 'things were')} not sent. The next export offers them again.</p>`}
${causes(report.failures, link)}`
}

function waiting(report: RunReport, { zone }: RunTelling): Html {
  const { futureDated, held, uncertain } = report.waiting
  const texts = [
    ...(futureDated > 0
      ? [`${countText(futureDated)} dated in the future; they go out when the day has come.`]
      : []),
    ...(held > 0 ? [`${countText(held)} held back.`] : []),
    ...(uncertain > 0
      ? [
          `${countText(uncertain)} with a lost answer${report.settleFrom === null ? '' : `; an export from ${instantText(report.settleFrom, zone)} settles them`}. Nothing is sent twice.`,
        ]
      : []),
    ...new Set(report.warnings),
  ]
  return html`<h2>What waits</h2>
${texts.length === 0 ? html`<p>Nothing more.</p>` : html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`}`
}

/** A chart for each currency over all of the days; nothing where nothing was paid. */
export function paidParts(paid: readonly DayMoney[], days: { from: PlainDate; to: PlainDate }): Html {
  const sums = paidByCurrency(paid)
  return html`${sums.length > 0 && html`<h2>Money in and out</h2>\n`}${sums.map(
    ({
      currency,
      inCents,
      outCents,
    }) => html`<p>${longDate(days.from)} to ${longDate(days.to)}: ${amount(inCents)} ${currency} in, ${amount(outCents)} ${currency} out.</p>
${columnChart({
  title: `Paid in and out by day, ${currency}`,
  series: [
    { name: 'In', colour: 'blue' },
    { name: 'Out', colour: 'orange' },
  ],
  points: everyDay(paid, currency, days),
  valueText: amountOrNothing,
})}`,
  )}`
}

/** Days without money too: a chart without its gaps would lie. */
function everyDay(
  paid: readonly DayMoney[],
  currency: string,
  { from, to }: { from: PlainDate; to: PlainDate },
): Point[] {
  const known = new Map(paid.filter((day) => day.currency === currency).map((day) => [day.date, day]))
  const points: Point[] = []
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const day = known.get(date)
    points.push({
      name: longDate(date),
      values: [Math.max(0, day?.inCents ?? 0), Math.max(0, day?.outCents ?? 0)],
    })
  }
  return points
}

function calls({ calls: { made, dayLeft, bytesOut, bytesIn }, mirror, finishedAt }: RunReport): Html {
  const age = mirror === null ? null : Date.parse(finishedAt) - Date.parse(mirror.readAt)
  return html`<h2>Calls</h2>
<p>${count(made, 'call', 'calls')} to Xero${dayLeft !== null && `, ${countText(dayLeft)} left that day`}; ${bytesText(bytesOut)} sent, ${bytesText(bytesIn)} read.${age !== null && html` Accounts, tax rates and tracking of Xero were ${countText(Math.max(0, Math.round(age / 60_000)))} minutes old.`}</p>
`
}

/** Runs as lines of a table; `href` leads to each where there are pages of them. */
export function runTable(
  runs: readonly RunLine[],
  telling: { zone: string; href: ((run: number) => string) | null; caption: string },
): Html {
  return pageTable({
    caption: telling.caption,
    columns: [
      { head: 'Run', isRowHead: true },
      { head: 'Began' },
      { head: 'What' },
      { head: 'Outcome' },
      { head: 'Went out' },
      { head: 'Failed', isNumber: true },
      { head: 'Calls', isNumber: true },
    ],
    rows: runs.map((run) => [
      telling.href === null ? String(run.id) : html`<a href="${telling.href(run.id)}">${run.id}</a>`,
      instantText(run.startedAt, telling.zone),
      html`${run.verb} <small>${run.entity}, ${run.who}</small>`,
      outcomeText(run.verb, run.state),
      wentOutText(run),
      countText(failedOf(run)),
      countText(run.calls),
    ]),
    empty: 'No run.',
  })
}
