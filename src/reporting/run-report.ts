// What a bookkeeper reads after `export`: what went out, what failed and what to do about it, what waits and why. The
// plan of a dry run is plan-report.ts; the JSON is the report itself.

import { countOf, kindNames, type Operation, type ReportedKind, reportedKinds } from '../accounting/kinds.ts'
import type { RunStory } from '../accounting/looking-back.ts'
import { formatCents } from '../accounting/money.ts'
import type { KindCounts, PulledCounts, RunReport } from '../accounting/outcomes.ts'
import { bytesText, countText, durationText, instantText, listText, moneyText } from './figures.ts'
import { printFindingGroups } from './finding-groups.ts'
import { printPlan } from './plan-report.ts'
import { type Printer, type Tone, toned } from './terminal.ts'

/** Prints a run, or the plan where it was a dry one. Times are told in the time zone, UTC where none is given. */
export function printRunReport(printer: Printer, report: RunReport, timeZone = 'UTC'): void {
  printHead(printer, report)
  if (report.dryRun && report.plan) printPlan(printer, report.plan)
  else {
    if (report.isPulled) printPulled(printer, report.pulled)
    if (report.verb === 'export') printOutcome(printer, report)
  }
  printFailures(printer, report)
  printWaiting(printer, report, timeZone)
  for (const warning of new Set(report.warnings)) printer.entry(0, toned('caution', 'Note: '), warning)
  printMirror(printer, report)
  printCalls(printer, report)
  if (report.stopReason !== null) printer.entry(0, toned('bad', 'Stopped: '), report.stopReason)
}

/** A run of the history: as it was printed when it ended, then what went out in money. */
export function printStory(
  printer: Printer,
  { report, verb, who, sent, isRebuilt }: RunStory,
  timeZone: string,
): void {
  printRunReport(printer, report, timeZone)
  printSentMoney(printer, 'What went out, in money', sent)
  const times = `${instantText(report.startedAt, timeZone)} to ${instantText(report.finishedAt, timeZone)}`
  printer.line(toned('faint', `auxo-sync ${verb} by ${who}, ${times}.`))
  if (isRebuilt) printer.entry(0, toned('caution', 'Note: '), rebuiltText)
}

export function printSentMoney(printer: Printer, title: string, sent: RunStory['sent']): void {
  const rows = sent.filter(({ currency }) => currency !== null)
  if (rows.length === 0) return
  printer.line()
  printer.line(toned('strong', title))
  printer.table(
    [
      { head: '' },
      { head: '' },
      { head: 'how many', align: 'right' },
      { head: 'amount', align: 'right' },
      { head: '' },
    ],
    rows.map(({ kind, operation, things, currency, totalCents }) => [
      kindNames[kind].many,
      operationWords[operation],
      countText(things),
      moneyText(formatCents(totalCents)),
      currency ?? '',
    ]),
    2,
  )
}

export const rebuiltText =
  'This run kept no report of its own. What it could not send and was mended since is missing here.'

export const operationWords: Record<Operation, string> = {
  create: 'new',
  update: 'changed',
  void: 'voided',
  delete: 'deleted',
}

export const stateWords: Record<RunReport['state'], { text: string; tone: Tone }> = {
  sent: { text: 'sent', tone: 'good' },
  partial: { text: 'not all sent', tone: 'caution' },
  nothing: { text: 'nothing to send', tone: 'faint' },
  stopped: { text: 'stopped early', tone: 'bad' },
  failed: { text: 'failed', tone: 'bad' },
}

/** The outcome of a run in a column: one word or two, beside what went out. What sends nothing of the ledger's is done, not sent. */
export function outcomeText(verb: string, state: RunReport['state'] | 'running' | 'cut off'): string {
  const isExport = verb === 'export'
  switch (state) {
    case 'sent':
      return isExport ? 'sent' : 'done'
    case 'partial':
      return 'in part'
    case 'nothing':
      return isExport ? 'nothing' : 'done'
    case 'running':
      return 'under way'
    case 'stopped':
    case 'failed':
    case 'cut off':
      return state
  }
}

function printHead(printer: Printer, report: RunReport): void {
  const name = report.organisation.name || 'Xero'
  const { text, tone } = stateWords[report.state]
  printer.line(
    toned('strong', `${report.entity} → ${name}`),
    ': ',
    ...(report.dryRun
      ? [toned('caution', 'dry run, nothing was sent')]
      : report.rehearsal
        ? [toned('caution', 'rehearsal, nothing was sent to Xero')]
        : [`run ${report.id}, `, report.verb === 'pull' ? pullText(report) : toned(tone, text)]),
  )
}

function pullText({ state }: RunReport) {
  return state === 'stopped' ? toned('bad', 'stopped early') : 'read, nothing was sent'
}

const pulledNames: Record<keyof PulledCounts, { one: string; many: string }> = {
  payments: { one: 'payment', many: 'payments' },
  deletedPayments: { one: 'payment deleted', many: 'payments deleted' },
  overpayments: { one: 'overpayment', many: 'overpayments' },
  prepayments: { one: 'prepayment', many: 'prepayments' },
  allocations: { one: 'credit applied', many: 'credits applied' },
  removedAllocations: { one: 'allocation removed', many: 'allocations removed' },
  refunds: { one: 'refund', many: 'refunds' },
  contacts: { one: 'contact changed', many: 'contacts changed' },
  adjustments: { one: 'total changed', many: 'totals changed' },
  items: { one: 'item', many: 'items' },
  journals: { one: 'journal', many: 'journals' },
}

/** Nothing is said aloud too: a pull that reads nothing must not look like one that was not made (X7). */
function printPulled(printer: Printer, pulled: PulledCounts): void {
  printer.entry(2, 'Back from Xero: ', `${pulledText(pulled) ?? 'nothing new'}.`)
}

/** "1 payment, 2 payments deleted"; null where nothing came back. */
export function pulledText(pulled: Partial<PulledCounts>): string | null {
  const names = Object.keys(pulledNames) as (keyof PulledCounts)[] // of that record
  const told = names.flatMap((name) => {
    const count = pulled[name] ?? 0
    return count > 0 ? [`${countText(count)} ${pulledNames[name][count === 1 ? 'one' : 'many']}`] : []
  })
  return told.length === 0 ? null : told.join(', ')
}

/** "60 contacts and 350 invoices", or "nothing"; of a run's counts by kind. */
export function wentOutText({ kinds }: { kinds: Partial<RunReport['kinds']> }): string {
  return kindsText(wentOutOf({ kinds })) ?? 'nothing'
}

/** How many of each kind went out, new or changed; kinds of which none did are left out. */
export function wentOutOf({
  kinds,
}: {
  kinds: Partial<RunReport['kinds']>
}): Partial<Record<ReportedKind, number>> {
  const sent: Partial<Record<ReportedKind, number>> = {}
  for (const kind of reportedKinds) {
    const counts = kinds[kind]
    if (counts && wentOut(counts) > 0) sent[kind] = wentOut(counts)
  }
  return sent
}

/** "60 contacts and 350 invoices"; null where there are none. */
export function kindsText(numbers: Partial<Record<ReportedKind, number>>): string | null {
  const parts = reportedKinds.flatMap((kind) => {
    const number = numbers[kind]
    return number ? [countOf(number, kind)] : []
  })
  return parts.length > 0 ? listText(parts) : null
}

export function failedOf({ kinds }: { kinds: Partial<RunReport['kinds']> }): number {
  return Object.values(kinds).reduce((sum, counts) => sum + counts.failed, 0)
}

const columns: readonly { key: keyof KindCounts; head: string }[] = [
  { key: 'exported', head: 'exported' },
  { key: 'updated', head: 'updated' },
  { key: 'failed', head: 'failed' },
  { key: 'skipped', head: 'skipped' },
  { key: 'uncertain', head: 'uncertain' },
  { key: 'remaining', head: 'remaining' },
]
/** Shown even where they are 0: what went out, and what is left to do. */
const alwaysShown: readonly (keyof KindCounts)[] = ['exported', 'failed', 'remaining']

function printOutcome(printer: Printer, report: RunReport): void {
  const isSilent = (kind: ReportedKind) => columns.every(({ key }) => report.kinds[kind][key] === 0)
  const kinds = reportedKinds.filter((kind) => !isSilent(kind))
  if (report.chunks.length === 0 && kinds.every((kind) => wentOut(report.kinds[kind]) === 0)) {
    printer.line(`  ${nothingText(report)}`)
  }
  if (kinds.length > 0) {
    const shown = columns.filter(
      ({ key }) => alwaysShown.includes(key) || kinds.some((kind) => report.kinds[kind][key] > 0),
    )
    printer.table(
      [{ head: '' }, ...shown.map(({ head }) => ({ head, align: 'right' as const }))],
      kinds.map((kind) => [
        kindNames[kind].many,
        ...shown.map(({ key }) => countCell(key, report.kinds[kind][key])),
      ]),
      2,
    )
  }
  for (const [kind, sizes] of chunkSizes(report.chunks)) {
    if (sizes.length === 1) continue
    printer.entry(2, toned('faint', `${capitalised(kindNames[kind].many)} in calls of `), sizesText(sizes))
  }
}

function wentOut(counts: KindCounts): number {
  return counts.exported + counts.updated
}

function countCell(key: keyof KindCounts, count: number) {
  if (count === 0) return toned('faint', '0')
  if (key === 'failed') return toned('bad', countText(count))
  if (key === 'skipped' || key === 'uncertain') return toned('caution', countText(count))
  return countText(count)
}

/** Sizes of the chunks of each kind, in their order. */
function chunkSizes(chunks: RunReport['chunks']): Map<ReportedKind, number[]> {
  const sizes = new Map<ReportedKind, number[]>()
  for (const { kind, documents } of chunks) sizes.set(kind, [...(sizes.get(kind) ?? []), documents])
  return sizes
}

const sizesMax = 12

/** "100/100/100/50"; many are counted: "99 × 100, 1 × 50". */
export function sizesText(sizes: readonly number[]): string {
  if (sizes.length <= sizesMax) return sizes.join('/')
  const counts = new Map<number, number>()
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1)
  return [...counts].map(([size, count]) => `${countText(count)} × ${size}`).join(', ')
}

function printFailures(printer: Printer, report: RunReport): void {
  if (report.failures.length === 0) return
  printer.line()
  printer.line(toned('strong', report.dryRun ? 'Would not be sent' : 'Not sent, and what to do'))
  printFindingGroups(printer, report.failures, 2)
}

function printWaiting(printer: Printer, report: RunReport, timeZone: string): void {
  const { futureDated, held, uncertain } = report.waiting
  if (futureDated + held + uncertain > 0) printer.line()
  if (futureDated > 0) {
    printer.entry(
      0,
      'Waiting: ',
      `${countText(futureDated)} dated in the future; ${futureDated === 1 ? 'it goes' : 'they go'} out when the day has come.`,
    )
  }
  if (held > 0) printer.entry(0, 'Held back: ', `${countText(held)}, until auxo-sync release.`)
  if (uncertain > 0) printer.entry(0, toned('caution', 'Uncertain: '), uncertainText(report, timeZone))
}

function uncertainText(report: RunReport, timeZone: string): string {
  const { uncertain } = report.waiting
  const what = `of ${countText(uncertain)} sent ${uncertain === 1 ? 'document or contact' : 'documents or contacts'} it is not known yet whether Xero has ${uncertain === 1 ? 'it' : 'them'}. Nothing is sent twice.`
  return report.settleFrom === null
    ? `${what} auxo-sync status names what a person must settle, with auxo-sync settle.`
    : `${what} Run the export again from ${instantText(report.settleFrom, timeZone)}: it asks Xero and settles ${uncertain === 1 ? 'it' : 'them'}.`
}

function printMirror(printer: Printer, { mirror, finishedAt, rehearsal }: RunReport): void {
  // A rehearsal says it first of all, by the real clock.
  if (mirror === null || rehearsal) return
  const age = durationText(Date.parse(finishedAt) - Date.parse(mirror.readAt))
  printer.line(toned('faint', `Accounts, tax rates and tracking of Xero as they were ${age} ago.`))
}

function printCalls(printer: Printer, report: RunReport): void {
  const { made, dayLeft, bytesOut, bytesIn } = report.calls
  if (report.dryRun) return
  const left = dayLeft === null ? '' : `, ${countText(dayLeft)} left today`
  printer.line(
    toned(
      'faint',
      `${countText(made)} ${made === 1 ? 'call' : 'calls'} to ${report.rehearsal ? 'the sandbox in place of Xero' : 'Xero'}${left}; ${bytesText(bytesOut)} sent, ${bytesText(bytesIn)} read.`,
    ),
  )
}

/** A run that stopped, or whose documents were refused, had something to send. */
function nothingText(report: RunReport): string {
  if (report.stopReason !== null) return 'Nothing was sent.'
  return report.failures.length > 0 ? 'Nothing could be sent.' : 'Nothing to send.'
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
