// Account balances at the ends of months beside each other, and what the last month changed (V8).

import type { AccountHistory } from '../../accounting/looking-back.ts'
import { trendLine } from './charts.ts'
import { entityField, type Field, filterForm } from './forms.ts'
import { type Html, html, type Part } from './html.ts'
import { address } from './site.ts'
import { type PageColumn, pageTable } from './table.ts'
import { amount, amountOrNothing, capitalised, count, monthName } from './words.ts'

export interface AccountsAsked {
  entity: string
  entities: readonly { code: string; name: string }[]
  /** YYYY-MM: the last month shown. */
  month: string
  /** How many months. */
  months: number
}

export const monthChoices = [3, 6, 12] as const

export function accountsBody(asked: AccountsAsked, history: AccountHistory): Html {
  const columns: PageColumn[] = [
    { head: 'Account', isRowHead: true },
    ...history.months.map((month) => ({ head: shortMonth(month), isNumber: true })),
    { head: 'Change', isNumber: true },
    { head: 'Course' },
  ]
  const cells = (name: Part, balances: readonly number[]): Part[] => [
    name,
    ...balances.map(amountOrNothing),
    changeText(balances),
    trendLine(balances),
  ]
  return html`${filterForm('/accounts', fields(asked))}
<p>Balances at the end of each month from what the ledger posts, in ${history.currency}, debits above zero. Bank, clearing and tax accounts are told by Xero alone, and what is owed by its <a href="${address('/ageing', { entity: asked.entity })}">own page</a>.</p>
${history.unrated > 0 && html`<p class="caution">${count(history.unrated, 'document in a foreign currency has', 'documents in foreign currencies have')} no exchange rate in the ledger, and count for nothing here.</p>`}
${pageTable({
  caption: 'By class, then by code',
  isWide: true,
  columns,
  rows: inClasses(history).map(({ account, name, type, balances }) =>
    cells(html`${account} ${name} <small>${className(type)}</small>`, balances),
  ),
  empty: 'Nothing was posted yet.',
})}`
}

function fields({ entity, entities, month, months }: AccountsAsked): Field[] {
  return [
    ...entityField(entities, entity),
    { type: 'month', name: 'month', label: 'Up to the end of', value: month },
    {
      type: 'select',
      name: 'months',
      label: 'Months',
      value: String(months),
      choices: monthChoices.map((choice) => ({ value: String(choice), name: String(choice) })),
    },
  ]
}

/** "Oct 2026": twelve of them stand beside each other. */
function shortMonth(month: string): string {
  const [name = '', year = ''] = monthName(month).split(' ')
  return `${name.slice(0, 3)} ${year}`
}

/** Of the last month against the one before. */
function changeText(balances: readonly number[]): string {
  const change = (balances.at(-1) ?? 0) - (balances.at(-2) ?? 0)
  return change > 0 ? `+${amount(change)}` : amountOrNothing(change)
}

/** As an accountant reads them: what was earned and spent, then what there is and what is owed. */
const classes = ['REVENUE', 'EXPENSE', 'ASSET', 'LIABILITY', 'EQUITY']

function inClasses({ accounts }: AccountHistory): AccountHistory['accounts'] {
  const place = (type: string) => (classes.includes(type) ? classes.indexOf(type) : classes.length)
  return [...accounts].sort((one, other) => place(one.type) - place(other.type))
}

function className(type: string): string {
  return type === '' ? 'Xero has no such account' : capitalised(type.toLowerCase())
}
