// The dashboard's smaller pages: what is owed, the month end, runs and findings. Their parts are those of the reports.

import type { Finding, Severity } from '../../accounting/findings.ts'
import type { Ageing, MonthReport, RunLine } from '../../accounting/looking-back.ts'
import { countText } from '../figures.ts'
import { ageingParts, sideNames } from './ageing-parts.ts'
import { causes } from './causes.ts'
import { contactHref, documentHref } from './documents-page.ts'
import { entityField, filterForm } from './forms.ts'
import { type Html, html } from './html.ts'
import { monthParts } from './month-parts.ts'
import { runTable } from './run-parts.ts'
import { address } from './site.ts'

interface Asked {
  entity: string
  entities: readonly { code: string; name: string }[]
}

export function ageingBody(
  { entity, entities, asOf }: Asked & { asOf: string },
  sides: readonly Ageing[],
): Html {
  return html`${filterForm('/ageing', [...entityField(entities, entity), { type: 'date', name: 'day', label: 'At the end of', value: asOf }])}
${sides.map((ageing) => html`<h2>${sideNames[ageing.side].owed}</h2>\n${ageingParts(ageing, (contact) => contactHref(contact, entity))}`)}`
}

export function monthBody({ entity, entities }: Asked, report: MonthReport, zone: string): Html {
  return html`${filterForm('/month', [...entityField(entities, entity), { type: 'month', name: 'month', label: 'Month', value: report.month }])}
${monthParts(report, {
  zone,
  links: {
    document: documentHref,
    contact: (contact) => contactHref(contact, entity),
    run: (run) => address('/run', { run }),
  },
})}`
}

export function runsBody(
  { entity, entities }: Omit<Asked, 'entity'> & { entity: string | null },
  { runs, older, zone }: { runs: readonly RunLine[]; older: number | null; zone: string },
): Html {
  const fields = entityField(entities, entity, 'all')
  return html`${fields.length > 0 && filterForm('/runs', fields)}
${runTable(runs, { zone, caption: 'The newest first', href: (run) => address('/run', { run }) })}
${older !== null && html`<nav class="pages" aria-label="Pages of the list"><a href="${address('/runs', { entity, before: older })}">Older runs</a></nav>\n`}`
}

const severityNames: Record<Severity, string> = {
  error: 'Errors: not sent until they are mended',
  warning: 'Warnings: sent as they are',
  information: 'Good to know',
}

export interface FindingsAsked {
  entity: string | null
  entities: readonly { code: string; name: string }[]
  code: string
}

/** `codes` are those that there are. */
export function findingsBody(
  { entity, entities, code }: FindingsAsked,
  findings: readonly Finding[],
  codes: readonly string[],
): Html {
  const severities = Object.keys(severityNames) as Severity[] // of that record
  return html`${filterForm('/findings', [
    ...entityField(entities, entity, 'all'),
    {
      type: 'select',
      name: 'code',
      label: 'Code',
      value: code,
      choices: [{ value: '', name: 'All' }, ...codes.map((one) => ({ value: one, name: one }))],
    },
  ])}
<p>As the last export or validate found them.</p>
${findings.length === 0 && html`<p class="none">Nothing was found.</p>`}
${severities.map((severity) => {
  const some = findings.filter((finding) => finding.severity === severity)
  return (
    some.length > 0 &&
    html`<h2>${severityNames[severity]} (${countText(some.length)})</h2>\n${causes(some, documentHref)}`
  )
})}`
}
