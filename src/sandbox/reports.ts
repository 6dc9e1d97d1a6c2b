// Reports: the trial balance at a day, with the month's own movement beside what stands there (GET /Reports/TrialBalance). The cash
// basis (`paymentsOnly`) is not imitated. What posts what is postings.ts's business.

import { addDays, longDate, type PlainDate } from '../accounting/calendar.ts'
import { type Account, type AccountClass, classOf } from './account-record.ts'
import { answerWith, type Call, type Route, today } from './call.ts'
import { msDateBare, readDate } from './dates.ts'
import type { JsonObject } from './json.ts'
import { postedRecords } from './postings.ts'
import type { Reply } from './reply.ts'
import { UnreadableQuery } from './where.ts'

/** Cents, debits above zero. */
interface Movement {
  month: number
  yearToDate: number
}

function trialBalance(call: Call): Reply {
  const sent = call.query.get('date')
  const date = sent === null ? today(call) : readDate(sent)
  if (date === null) throw new UnreadableQuery('date is not a date.')
  const movements = movementsOf(call, date)
  return answerWith(call, 'Reports', [
    {
      ReportID: 'TrialBalance',
      ReportName: 'Trial Balance',
      ReportType: 'TrialBalance',
      ReportTitles: ['Trial Balance', call.organisation.profile.name, `As at ${longDate(date)}`],
      ReportDate: longDate(today(call)),
      UpdatedDateUTC: msDateBare(call.now),
      Fields: [],
      Rows: [header, ...sections(call, movements), total(movements)],
    },
  ])
}

/** By account: what was posted in the day's month up to it, and since the year began; what is no income or expense, since ever. */
function movementsOf(call: Call, date: PlainDate): Map<Account, Movement> {
  const { organisation } = call
  const monthStart = `${date.slice(0, 7)}-01`
  const yearStart = yearStartOf(date)
  const movements = new Map<Account, Movement>()
  for (const record of postedRecords(organisation)) {
    if (record.date > date) continue
    for (const { accountId, cents } of record.postings) {
      const account = organisation.accounts.get(accountId)
      if (!account) continue
      const movement = movements.get(account) ?? { month: 0, yearToDate: 0 }
      if (record.date >= monthStart) movement.month += cents
      if (record.date >= yearStart || !isOfTheYear(account)) movement.yearToDate += cents
      movements.set(account, movement)
    }
  }
  return movements
}

const isOfTheYear = ({ type }: Account) => classOf(type) === 'REVENUE' || classOf(type) === 'EXPENSE'

/** The year ends on 31 March, as organisations.ts says. */
function yearStartOf(date: PlainDate): PlainDate {
  const year = Number(date.slice(0, 4))
  const end = readDate(`${date.slice(5) > '03-31' ? year : year - 1}-03-31`)
  if (end === null) throw new Error(`no year ends before ${date}`)
  return addDays(end, 1)
}

const cells = (...values: string[]): JsonObject[] => values.map((Value) => ({ Value }))
const header = { RowType: 'Header', Cells: cells('Account', 'Debit', 'Credit', 'YTD Debit', 'YTD Credit') }

const titles: Record<AccountClass, string> = {
  REVENUE: 'Revenue',
  EXPENSE: 'Expenses',
  ASSET: 'Assets',
  LIABILITY: 'Liabilities',
  EQUITY: 'Equity',
}

function sections(call: Call, movements: ReadonlyMap<Account, Movement>): JsonObject[] {
  const accounts = call.organisation.accounts.all()
  return Object.entries(titles).flatMap(([accountClass, title]) => {
    const rows = accounts.flatMap((account) => {
      const movement = movements.get(account)
      if (!movement || classOf(account.type) !== accountClass) return []
      const attributes = { Attributes: [{ Value: account.id, Id: 'account' }] }
      const name = account.code === null ? account.name : `${account.name} (${account.code})`
      const values = [name, ...sides(movement.month), ...sides(movement.yearToDate)]
      return { RowType: 'Row', Cells: cells(...values).map((cell) => ({ ...cell, ...attributes })) }
    })
    return rows.length === 0 ? [] : { RowType: 'Section', Title: title, Rows: rows }
  })
}

/** Debit and credit: one of them is empty. */
function sides(cents: number): [string, string] {
  const text = (Math.abs(cents) / 100).toFixed(2)
  return cents < 0 ? ['', text] : [text, '']
}

function total(movements: ReadonlyMap<Account, Movement>): JsonObject {
  const all = [...movements.values()]
  const debits = (of: (movement: Movement) => number) =>
    (all.reduce((sum, movement) => sum + Math.max(0, of(movement)), 0) / 100).toFixed(2)
  const month = debits(({ month }) => month)
  const year = debits(({ yearToDate }) => yearToDate)
  return {
    RowType: 'Section',
    Title: '',
    Rows: [{ RowType: 'SummaryRow', Cells: cells('Total', month, month, year, year) }],
  }
}

export const reportRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/Reports/TrialBalance',
    scopes: ['accounting.reports.trialbalance'],
    query: ['date', 'paymentsOnly'],
    answer: trialBalance,
  },
]
