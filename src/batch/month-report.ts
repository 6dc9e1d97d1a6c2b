// The month of an entity for its report, gathered from the ledger as it is known today. How it is told is reporting/.

import type { Books } from '../accounting/books.ts'
import { addDays, dateInZone, type PlainDate } from '../accounting/calendar.ts'
import { documentKinds } from '../accounting/kinds.ts'
import type { MonthReport, RunLine } from '../accounting/looking-back.ts'
import { isoInstant } from '../clock.ts'
import { type AgeingFilter, readAgeing } from '../ledger/ageing.ts'
import { sumMoneyByDay } from '../ledger/money-moved.ts'
import { findAdjustments, findNotInXero, sumDocuments } from '../ledger/month-figures.ts'
import type { Ledger } from '../ledger/open.ts'
import { readRuns, type StoredRun } from '../ledger/runs.ts'
import { sentKinds } from './report.ts'
import { todayOf } from './scope.ts'

export interface MonthQuestion {
  /** YYYY-MM, with its first and last day. */
  month: string
  from: PlainDate
  to: PlainDate
  /** Where the entity's days are. */
  zone: string
}

export async function readMonthReport(
  ledger: Ledger,
  books: Books,
  { month, from, to, zone }: MonthQuestion,
): Promise<MonthReport> {
  const today = todayOf(books, ledger.clock)
  const asOf = to < today ? to : today
  const days = { entity: books.entity.code, defaultCurrency: books.region.currency, from, to }
  const ageing = ageingFilter(books, asOf)
  const cutover = books.settings.cutover_date === 'none' ? null : books.settings.cutover_date
  const kinds = documentKinds.filter((kind) => sentKinds(books.settings).includes(kind))
  return {
    entity: books.entity.code,
    name: books.entity.name,
    organisation: books.mirror?.organisation.name ?? null,
    month,
    from,
    to,
    asOf,
    documents: await sumDocuments(ledger, days),
    paid: await sumMoneyByDay(ledger, days),
    receivable: await readAgeing(ledger, 'sales', ageing),
    payable: await readAgeing(ledger, 'purchases', ageing),
    notInXero: await findNotInXero(ledger, { ...days, today, cutover, kinds }),
    adjustments: (await findAdjustments(ledger, { ...days, ...instantsAround(from, to) })).filter(({ at }) =>
      isWithin(at, { from, to, zone }),
    ),
    runs: await findMonthRuns(ledger, books.entity.code, { from, to, zone }),
    mirrorReadAt: books.mirror && isoInstant(books.mirror.readAt),
  }
}

/** What the books say of what is owed at the end of a day. */
export function ageingFilter(books: Books, asOf: PlainDate): AgeingFilter {
  return {
    entity: books.entity.code,
    defaultCurrency: books.region.currency,
    asOf,
    ordersAreBills: books.settings.purchase_orders === 'bills',
  }
}

interface Days {
  from: PlainDate
  to: PlainDate
  zone: string
}

/** Instants are UTC: a day more on each side holds every zone's days. */
function instantsAround(from: PlainDate, to: PlainDate): { from: string; before: string } {
  return { from: addDays(from, -1), before: addDays(to, 2) }
}

function isWithin(instant: string, { from, to, zone }: Days): boolean {
  const day = dateInZone(Date.parse(instant), zone)
  return day >= from && day <= to
}

/** Runs that began on one of these days, newest first. */
async function findMonthRuns(ledger: Ledger, entity: string, days: Days): Promise<RunLine[]> {
  const { from, before } = instantsAround(days.from, days.to)
  const runs = await readRuns(ledger, { entity, startedFrom: from, startedBefore: before })
  return runs.filter(({ startedAt }) => isWithin(startedAt, days)).map(runLine)
}

export function runLine({ id, entity, verb, startedAt, state, kinds, calls, who }: StoredRun): RunLine {
  return { id, entity, verb, startedAt, state, kinds, calls, who }
}
