// Findings as one self-contained page: no script, nothing loaded, every text escaped; it prints on paper and stacks its
// columns on a phone.

import { kindNames } from '../accounting/kinds.ts'
import { countText } from './figures.ts'
import {
  type FindingsReport,
  mirrorTexts,
  type ReportedFinding,
  severities,
  summaryText,
} from './findings-report.ts'
import { html, page, plainStyle } from './page.ts'

export interface PageHead {
  /** What was looked at, such as "NZ01, October 2026". */
  scope: string
  /** When, as people read it. */
  at: string
}

export function findingsPage(report: FindingsReport, head: PageHead): string {
  const title = `Findings: ${head.scope}`
  return page(
    title,
    style,
    `<h1>${html(title)}</h1>
<p>${html(summaryText(report.counts))} <span class="at">${html(head.at)}</span></p>
${mirrorTexts(report.mirrors)
  .map((text) => `<p>${html(text)}</p>\n`)
  .join('')}${severities.map((severity) => section(severity, report)).join('')}`,
  )
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
${findings.map(row).join('')}</tbody>
</table>
</section>
`
}

function row(finding: ReportedFinding): string {
  const words = finding.xeroMessages.map((message) => `<q>${html(message)}</q>`).join(' ')
  return `<tr><td data-head="Document"><b>${html(finding.number)}</b><small>${html(finding.entity)} · ${html(kindNames[finding.kind].one)}</small></td><td data-head="What">${html(finding.message)}${words === '' ? '' : ` Xero: ${words}`}<small>${html([finding.code, finding.field ?? ''].filter((part) => part !== '').join(' · '))}</small></td><td data-head="Why">${html(finding.why)}</td><td data-head="What to do">${html(finding.fix)}</td></tr>
`
}

const style = `${plainStyle}
.error h2 { color: #c0272d; }
.warning h2 { color: #a86400; }
`
