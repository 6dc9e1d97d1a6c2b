// Findings of a validation (V1, V2) for people and programs: told by cause, as CSV for a spreadsheet, as the public
// JSON. The page to print is findings-page.ts.

import { causeOf } from '../accounting/finding-groups.ts'
import { type Finding, pageOf, type Severity } from '../accounting/findings.ts'
import { type Cents, formatCents } from '../accounting/money.ts'
import { countText, listText } from './figures.ts'
import { printFindingGroups } from './finding-groups.ts'
import { asItWas, type MirrorAge } from './mirror-age.ts'
import { jsonText } from './printable.ts'
import { type Printer, toned } from './terminal.ts'

export interface ReportedFinding extends Finding {
  entity: string
}

export interface FindingCounts {
  error: number
  warning: number
  information: number
  /** Documents that were looked at. */
  checked: number
}

export interface FindingsReport {
  findings: readonly ReportedFinding[]
  counts: FindingCounts
  /** Of each entity: against what it was checked. */
  mirrors: readonly MirrorAge[]
}

export const severities: readonly Severity[] = ['error', 'warning', 'information']

export function countFindings(findings: readonly Finding[], checked: number): FindingCounts {
  const counts = { error: 0, warning: 0, information: 0, checked }
  for (const finding of findings) counts[finding.severity] += 1
  return counts
}

const headOf: Record<Severity, string> = {
  error: 'Errors: these are not sent until they are mended',
  warning: 'Warnings: these are sent as they are',
  information: 'Good to know',
}

/** Causes, the gravest first, each with the documents that it concerns; then the sum. */
export function printFindings(printer: Printer, report: FindingsReport): void {
  for (const severity of severities) {
    const some = report.findings.filter((finding) => finding.severity === severity)
    if (some.length === 0) continue
    printer.line(toned('strong', headOf[severity]))
    printFindingGroups(printer, some, 2)
    printer.line()
  }
  printer.line(toned(toneOf(report.counts), summaryText(report.counts)))
  for (const text of mirrorTexts(report.mirrors)) printer.line(toned('faint', text))
  const [first] = report.findings
  if (first) printer.line(toned('faint', pagesText(first)))
}

/** Where more is said of each code, by the example of one. */
export function pagesText({ code }: Pick<Finding, 'code'>): string {
  return `Each code has a page beside the program: ${pageOf(code)}.`
}

function toneOf(counts: FindingCounts) {
  return counts.error > 0 ? 'bad' : counts.warning > 0 ? 'caution' : 'good'
}

/** "NZ01: checked against Demo Company (NZ) as it was 3 hours ago.", a line an entity. */
export function mirrorTexts(mirrors: readonly MirrorAge[]): string[] {
  return mirrors.map((age) =>
    age.readAt === null
      ? `${age.entity}: Xero was never read; accounts, tax rates and contacts were not checked against it.`
      : `${age.entity}: checked against ${asItWas(age)}.`,
  )
}

/** "350 documents checked: 1 error and 2 warnings." */
export function summaryText(counts: FindingCounts): string {
  if (counts.checked === 0) return 'Nothing to check: no document waits to be exported.'
  const documents = `${countText(counts.checked)} ${counts.checked === 1 ? 'document' : 'documents'} checked`
  const parts = [
    ...(counts.error > 0 ? [`${countText(counts.error)} ${counts.error === 1 ? 'error' : 'errors'}`] : []),
    ...(counts.warning > 0
      ? [`${countText(counts.warning)} ${counts.warning === 1 ? 'warning' : 'warnings'}`]
      : []),
  ]
  return parts.length > 0 ? `${documents}: ${listText(parts)}.` : `${documents}: all is well.`
}

/** The public JSON of `validate --json`, as one line. */
export function findingsJson(report: FindingsReport): string {
  const mirror = report.mirrors.map(({ entity, organisation, readAt }) => ({ entity, organisation, readAt }))
  return `${jsonText({ findings: report.findings, counts: report.counts, mirror })}\n`
}

const csvColumns = [
  ['entity', (finding) => finding.entity],
  ['severity', (finding) => finding.severity],
  ['code', (finding) => finding.code],
  ['kind', (finding) => finding.kind],
  ['number', (finding) => finding.number],
  ['id', (finding) => finding.id],
  ['field', (finding) => finding.field ?? ''],
  ['message', (finding) => finding.message],
  ['why', (finding) => finding.why],
  ['fix', (finding) => finding.fix],
  ['xero_messages', (finding) => finding.xeroMessages.join(' | ')],
] as const satisfies readonly (readonly [string, (finding: ReportedFinding) => string])[]

/**
 * RFC 4180: one row a finding under a header, lines ended by CRLF. The last column numbers the causes, so that a spreadsheet can put
 * together what is one thing to do.
 */
export function findingsCsv(report: FindingsReport): string {
  const causes = new Map<string, number>()
  const rows = report.findings.map((finding) => {
    const cause = causeOf(finding)
    const number = causes.get(cause) ?? causes.size + 1
    causes.set(cause, number)
    return csvRow([...csvColumns.map(([, textOf]) => textOf(finding)), String(number)])
  })
  return [csvRow([...csvColumns.map(([name]) => name), 'cause']), ...rows].join('')
}

/** Amounts are ours, and stay numbers to a spreadsheet below zero too. */
export function csvRow(cells: readonly (string | Cents)[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? csvCell(cell) : formatCents(cell))).join(',')}\r\n`
}

/**
 * A spreadsheet runs what begins like a formula, whatever wrote it and quoted or not: an apostrophe makes it text
 * again. Control characters other than line breaks and tabs say nothing in a cell and might reach a terminal.
 */
function csvCell(text: string): string {
  const plain = text.replaceAll(/(?![\t\r\n])\p{Cc}/gu, '')
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(plain) ? `'${plain}` : plain
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
