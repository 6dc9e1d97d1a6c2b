// A reconciliation (V4) as one page to print and sign at month end: the sum of it, the problems, the totals. What agrees is listed
// folded away, and is not printed.

import { kindNames } from '../accounting/kinds.ts'
import {
  type AccountTotal,
  countReconciled,
  type ForeignDocument,
  type ReconciledDocument,
  type Reconciliation,
  totalsOf,
} from '../accounting/reconciliation.ts'
import { countText } from './figures.ts'
import { html, page, plainStyle } from './page.ts'
import {
  accountsText,
  allDocuments,
  amountText,
  problemsOf,
  type ReconcileTelling,
  statusText,
  verdictText,
} from './reconcile-report.ts'
import { entitiesText, freshnessText, leftOutTexts, summaryText } from './reconcile-texts.ts'

/** `at`: when, as people read it. */
export function reconcilePage(report: Reconciliation, telling: ReconcileTelling & { at: string }): string {
  const title = `Reconciliation: ${entitiesText(report)}, ${report.month}`
  const documents = allDocuments(report)
  const { problems } = countReconciled(report)
  return page(
    title,
    style,
    [
      `<h1>${html(title)}</h1>\n`,
      `<p class="sum ${problems > 0 ? 'bad' : 'good'}">${html(summaryText(report))} <span class="at">${html(telling.at)}</span></p>\n`,
      ...leftOutTexts(report).map(paragraph),
      ...report.organisations.flatMap((one) => [
        paragraph(freshnessText(one, telling.now)),
        ...one.notes.map((note) => paragraph(`Note: ${note}`)),
      ]),
      section('Problems', documentHeads, problemsOf(report).map(documentRow)),
      ...(telling.isBrief ? [] : [totals(documents), ...accounts(report), ...others(report, documents)]),
      signatures,
    ].join(''),
  )
}

function paragraph(text: string): string {
  return `<p>${html(text)}</p>\n`
}

interface Head {
  text: string
  isAmount?: boolean
}

const amount = (text: string): Head => ({ text, isAmount: true })
const text = (name: string): Head => ({ text: name })

/** Cells are HTML already. Nothing where there are no rows. */
function section(
  title: string,
  heads: readonly Head[],
  rows: readonly (readonly string[])[],
  intro = '',
): string {
  if (rows.length === 0) return ''
  return `<section>
<h2>${html(title)} (${countText(rows.length)})</h2>
${intro === '' ? '' : paragraph(intro)}${table(heads, rows)}</section>
`
}

/** The same folded away. */
function folded(title: string, heads: readonly Head[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  return `<details>
<summary>${html(title)} (${countText(rows.length)})</summary>
${table(heads, rows)}</details>
`
}

function table(heads: readonly Head[], rows: readonly (readonly string[])[]): string {
  const sideOf = ({ isAmount }: Head) => (isAmount ? ' class="amount"' : '')
  const top = heads.map((head) => `<th${sideOf(head)}>${html(head.text)}</th>`).join('')
  const body = rows.map((cells) => {
    const inner = heads.map(
      (head, index) => `<td${sideOf(head)} data-head="${html(head.text)}">${cells[index] ?? ''}</td>`,
    )
    return `<tr>${inner.join('')}</tr>\n`
  })
  return `<table>
<thead><tr>${top}</tr></thead>
<tbody>
${body.join('')}</tbody>
</table>
`
}

const documentHeads = [
  text('Document'),
  amount('Total'),
  amount('In Xero'),
  amount('Due'),
  amount('Due in Xero'),
  amount('Variance'),
  text('What and what to do'),
]

function documentRow(one: ReconciledDocument): string[] {
  const { verdict, xero } = one
  const number = html(one.number || (one.id ?? ''))
  const named = xero?.link ? `<a href="${html(xero.link)}">${number}</a>` : number
  const fix = verdict.result === 'problem' ? `<small>${html(verdict.fix)}</small>` : ''
  const about = [one.entity, kindNames[one.kind].one, one.date ?? '', one.contact ?? '']
  return [
    `<b>${named}</b><small>${html(about.filter((part) => part !== '').join(' · '))}</small>`,
    html(amountText(one.ledger?.total)),
    html(amountText(one.xero?.total)),
    html(amountText(one.ledger?.due)),
    html(amountText(one.xero?.due)),
    html(`${amountText(one.variance)} ${one.currency}`),
    `${html(verdictText(one))}<small>${html(statusText(one))}</small>${fix}`,
  ]
}

function totals(documents: readonly ReconciledDocument[]): string {
  const heads = [
    text('Kind'),
    amount('Documents'),
    amount('In Xero'),
    amount('Ledger'),
    amount('Xero'),
    amount('Variance'),
    amount('Due'),
    amount('Due in Xero'),
  ]
  const rows = totalsOf(documents).map(({ kind, currency, ledger, xero, variance }) => [
    html(`${kindNames[kind].many}, ${currency}`),
    countText(ledger.documents),
    countText(xero.documents),
    html(amountText(ledger.total)),
    html(amountText(xero.total)),
    `<b>${html(amountText(variance))}</b>`,
    html(amountText(ledger.due)),
    html(amountText(xero.due)),
  ])
  return section('Totals', heads, rows)
}

function accounts(report: Reconciliation): string[] {
  const heads = [text('Account'), amount('Ledger'), amount('Xero'), amount('Variance')]
  return report.organisations.map((one) =>
    section(
      `Accounts of ${one.organisation}`,
      heads,
      one.accounts.map(accountRow),
      one.accountsNotCompared ?? accountsText,
    ),
  )
}

function accountRow(one: AccountTotal): string[] {
  const name = `${one.account} ${one.name}`.trim()
  return [
    one.isStock ? `<b>${html(name)}</b>` : html(name),
    html(amountText(one.ledger)),
    html(amountText(one.xero)),
    html(amountText(one.variance)),
  ]
}

function others(report: Reconciliation, documents: readonly ReconciledDocument[]): string[] {
  const of = (result: string) => documents.filter(({ verdict }) => verdict.result === result).map(documentRow)
  const foreign = report.organisations.flatMap(({ onlyInXero }) => onlyInXero)
  const foreignHeads = [text('Document'), amount('Total'), amount('Due'), text('Status')]
  return [
    folded('Only in Xero, made by people', foreignHeads, foreign.map(foreignRow)),
    folded('Not compared', documentHeads, of('not_compared')),
    folded('Agree', documentHeads, of('agrees')),
  ]
}

function foreignRow(one: ForeignDocument): string[] {
  const about = [kindNames[one.kind].one, one.date ?? '', one.contact ?? '']
  return [
    `<b>${html(one.number ?? '')}</b><small>${html(about.filter((part) => part !== '').join(' · '))}</small>`,
    html(`${amountText(one.total)} ${one.currency}`),
    html(amountText(one.due)),
    html(one.status),
  ]
}

const signatures = `<table class="signed">
<tbody><tr><td>Prepared by</td><td>Date</td></tr><tr><td>Reviewed by</td><td>Date</td></tr></tbody>
</table>
`

const style = `${plainStyle}
.sum { font-size: 1.2rem; }
.bad { color: #c0272d; }
.good { color: #1c7c3c; }
.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
details { margin: 2rem 0; }
summary { cursor: pointer; font-weight: 600; }
.signed { margin-top: 3rem; }
.signed td { height: 2.5rem; vertical-align: bottom; width: 50%; }
.signed td::before { content: none; }
@media (max-width: 45rem) { .amount { text-align: left; } }
@media print { details { display: none; } a { color: inherit; text-decoration: none; } }
`
