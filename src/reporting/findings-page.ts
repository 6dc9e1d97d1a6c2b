// Findings as one self-contained page: no script, nothing loaded, every text escaped; it prints on paper and stacks its
// columns on a phone.

import { type FindingGroup, groupFindings } from '../accounting/finding-groups.ts'
import { countOf, kindNames } from '../accounting/kinds.ts'
import { countText } from './figures.ts'
import {
  type FindingsReport,
  mirrorTexts,
  pagesText,
  type ReportedFinding,
  severities,
  summaryText,
} from './findings-report.ts'
import { printable } from './printable.ts'

export interface PageHead {
  /** What was looked at, such as "NZ01, October 2026". */
  scope: string
  /** When, as people read it. */
  at: string
}

export function findingsPage(report: FindingsReport, head: PageHead): string {
  const title = `Findings: ${head.scope}`
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${html(title)}</h1>
<p>${html(summaryText(report.counts))} <span class="at">${html(head.at)}</span></p>
${mirrorTexts(report.mirrors)
  .map((text) => `<p>${html(text)}</p>\n`)
  .join('')}${severities.map((severity) => section(severity, report)).join('')}${foot(report)}</body>
</html>
`
}

function foot({ findings: [first] }: FindingsReport): string {
  return first ? `<p class="at">${html(pagesText(first))}</p>\n` : ''
}

const heads = {
  error: 'Errors',
  warning: 'Warnings',
  information: 'Good to know',
} as const

function section(severity: ReportedFinding['severity'], report: FindingsReport): string {
  const findings = report.findings.filter((finding) => finding.severity === severity)
  if (findings.length === 0) return ''
  return `<section class="${severity}">
<h2>${heads[severity]} (${countText(findings.length)})</h2>
<table>
<thead><tr><th>Document</th><th>What</th><th>Why</th><th>What to do</th></tr></thead>
<tbody>
${byEntity(findings)
  .flatMap(([entity, some]) => groupFindings(some).map((group) => row(entity, group)))
  .join('')}</tbody>
</table>
</section>
`
}

function byEntity(findings: readonly ReportedFinding[]): [string, ReportedFinding[]][] {
  const entities = new Map<string, ReportedFinding[]>()
  for (const finding of findings) {
    const known = entities.get(finding.entity)
    if (known) known.push(finding)
    else entities.set(finding.entity, [finding])
  }
  return [...entities]
}

/** One cause is one row, with the numbers of all that it concerns. */
function row(entity: string, { first, subjects, xeroMessages }: FindingGroup): string {
  const isOne = subjects.length === 1
  const words = xeroMessages.map((message) => `<q>${html(message)}</q>`).join(' ')
  const numbers = subjects.map(({ id, number }) => html(number === '' ? id : number)).join(', ')
  const kind = isOne ? kindNames[first.kind].one : countOf(subjects.length, first.kind)
  const code = [first.code, isOne ? (first.field ?? '') : ''].filter((part) => part !== '').join(' · ')
  return `<tr><td data-head="Document"><b>${numbers}</b><small>${html(entity)} · ${html(kind)}</small></td><td data-head="What">${isOne ? '' : 'For example: '}${html(first.message)}${words === '' ? '' : ` Xero: ${words}`}<small>${html(code)}</small></td><td data-head="Why">${html(first.why)}</td><td data-head="What to do">${html(first.fix)}</td></tr>
`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for any place of a page. */
function html(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.error h2 { color: #c0272d; }
.warning h2 { color: #a86400; }
.at, small { opacity: .7; }
small { display: block; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8885; padding: .45rem .6rem .45rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
@media (max-width: 45rem) {
  thead { display: none; }
  tr { display: block; border-bottom: 2px solid #8888; padding: .5rem 0; }
  td { display: block; border: 0; padding: .15rem 0; }
  td::before { content: attr(data-head) ": "; opacity: .7; }
}
@page { size: A4; margin: 15mm; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`
