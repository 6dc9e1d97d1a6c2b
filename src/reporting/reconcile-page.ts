// A reconciliation (V4) as one page to print and sign at month end: the sum of it, the problems, the totals. What agrees is folded
// away, and is not printed.

import { kindNames } from '../accounting/kinds.ts'
import {
  type AccountTotal,
  type Figures,
  type ForeignDocument,
  type OrganisationReconciliation,
  type ReconciledDocument,
  type Reconciliation,
  totalsOf,
} from '../accounting/reconciliation.ts'
import { countText } from './figures.ts'
import { type Html, html, type Part } from './html/html.ts'
import { standalonePage } from './html/page.ts'
import { type PageColumn, pageTable } from './html/table.ts'
import { amount, capitalised, monthName } from './html/words.ts'
import {
  accountsText,
  allDocuments,
  problemsOf,
  type ReconcileTelling,
  statusText,
  verdictText,
} from './reconcile-report.ts'
import { entitiesText, freshnessText, leftOutTexts, summaryText } from './reconcile-texts.ts'

/** `at`: when, as people read it. */
export function reconcilePage(report: Reconciliation, telling: ReconcileTelling & { at: string }): string {
  const title = `Reconciliation, ${monthName(report.month)}: ${entitiesText(report)}`
  const problems = problemsOf(report)
  return standalonePage({
    title,
    body: html`<h1>${title}</h1>
<p class="state ${problems.length > 0 ? 'bad' : 'good'}">${summaryText(report)}</p>
${leftOutTexts(report).map((text) => html`<p>${text}</p>\n`)}${report.organisations.map((one) => freshness(one, telling.now))}${problems.length > 0 && section('Problems', documentColumns, problems.map(documentRow))}${!telling.isBrief && everything(report)}${signatures}`,
    foot: `From the ledger and Xero on ${telling.at}, by auxo-sync reconcile --month ${report.month}.`,
  })
}

function freshness(one: OrganisationReconciliation, now: number): Html {
  return html`<p class="soft">${freshnessText(one, now)}</p>
${one.notes.map((note) => html`<p class="caution">${note}</p>\n`)}`
}

function everything(report: Reconciliation): Html {
  const documents = allDocuments(report)
  const of = (result: string) => documents.filter(({ verdict }) => verdict.result === result).map(documentRow)
  const foreign = report.organisations.flatMap(({ onlyInXero }) => onlyInXero)
  return html`${totals(documents)}${report.organisations.map(accounts)}${[
    folded('Only in Xero, made by people', foreignColumns, foreign.map(foreignRow)),
    folded('Not compared', documentColumns, of('not_compared')),
    folded('Agree', documentColumns, of('agrees')),
  ]}`
}

function section(title: string, columns: readonly PageColumn[], rows: readonly (readonly Part[])[]): Html {
  return html`<h2>${title}</h2>
${pageTable({ caption: title, isCaptionHidden: true, columns, rows })}`
}

/** Nothing where there are no rows. */
function folded(title: string, columns: readonly PageColumn[], rows: readonly (readonly Part[])[]): Part {
  return (
    rows.length > 0 &&
    html`<details class="only-screen"><summary>${title} (${countText(rows.length)})</summary>
${pageTable({ caption: title, isCaptionHidden: true, columns, rows })}</details>
`
  )
}

const number = (head: string): PageColumn => ({ head, isNumber: true })

const documentColumns: PageColumn[] = [
  { head: 'Document', isRowHead: true },
  number('Total'),
  number('In Xero'),
  number('Due'),
  number('Due in Xero'),
  number('Variance'),
  { head: 'What, and what to do' },
]

const figure = (side: Figures | null, name: keyof Figures) => (side === null ? '' : amount(side[name]))
const about = (...parts: (string | null)[]) => html`<small>${parts.filter(Boolean).join(' · ')}</small>`

function documentRow(one: ReconciledDocument): Part[] {
  const { verdict, ledger, xero } = one
  const name = one.number || (one.id ?? '')
  return [
    html`${xero?.link ? html`<a href="${xero.link}">${name}</a>` : name}${about(one.entity, kindNames[one.kind].one, one.date, one.contact)}`,
    figure(ledger, 'total'),
    figure(xero, 'total'),
    figure(ledger, 'due'),
    figure(xero, 'due'),
    `${amount(one.variance)} ${one.currency}`,
    html`${verdictText(one)}${about(statusText(one))}${verdict.result === 'problem' && html`<small>${verdict.fix}</small>`}`,
  ]
}

function totals(documents: readonly ReconciledDocument[]): Html {
  const columns: PageColumn[] = [
    { head: 'Kind', isRowHead: true },
    ...['Documents', 'In Xero', 'Total', 'Total in Xero', 'Variance', 'Due', 'Due in Xero'].map(number),
  ]
  const rows = totalsOf(documents).map(({ kind, currency, ledger, xero, variance }) => [
    `${capitalised(kindNames[kind].many)}, ${currency}`,
    countText(ledger.documents),
    countText(xero.documents),
    amount(ledger.total),
    amount(xero.total),
    html`<b>${amount(variance)}</b>`,
    amount(ledger.due),
    amount(xero.due),
  ])
  return html`<h2>Totals</h2>
${pageTable({ caption: 'Totals', isCaptionHidden: true, columns, rows, empty: 'No documents.' })}`
}

function accounts({ accounts: rows, organisation, accountsNotCompared }: OrganisationReconciliation): Part {
  if (rows.length === 0) return null
  const columns: PageColumn[] = [
    { head: 'Account', isRowHead: true },
    ...['Ledger', 'Xero', 'Variance'].map(number),
  ]
  return html`<h2>Accounts of ${organisation}</h2>
${pageTable({ caption: accountsNotCompared ?? accountsText, columns, rows: rows.map(accountRow) })}`
}

function accountRow(one: AccountTotal): Part[] {
  const theirs = (cents: number | null) => (cents === null ? '' : amount(cents))
  return [`${one.account} ${one.name}`.trim(), amount(one.ledger), theirs(one.xero), theirs(one.variance)]
}

const foreignColumns: PageColumn[] = [
  { head: 'Document', isRowHead: true },
  number('Total'),
  number('Due'),
  { head: 'Status' },
]

function foreignRow(one: ForeignDocument): Part[] {
  return [
    html`${one.number ?? ''}${about(kindNames[one.kind].one, one.date, one.contact)}`,
    `${amount(one.total)} ${one.currency}`,
    amount(one.due),
    one.status,
  ]
}

/** Room for two names and days. */
const signatures = html`<table><tbody>
<tr><td>Prepared by<br><br></td><td>Date</td><td>Reviewed by</td><td>Date</td></tr>
</tbody></table>
`
