// The dashboard's addresses: for each what is read of the ledger and which page tells it. Every page opens the ledger anew, to read only.

import { addDays } from '../accounting/calendar.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { isDocumentKind } from '../accounting/kinds.ts'
import { ageingTotals } from '../accounting/looking-back.ts'
import { findRegion } from '../accounting/regions.ts'
import { readAccountHistory } from '../batch/account-history.ts'
import { ageingFilter, readMonthReport, runLine } from '../batch/month-report.ts'
import { readRunStory } from '../batch/run-story.ts'
import { todayOf } from '../batch/scope.ts'
import { readAgeing } from '../ledger/ageing.ts'
import { readBooks } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import { listDocuments } from '../ledger/document-list.ts'
import { readFindings } from '../ledger/findings.ts'
import { findDocuments } from '../ledger/looking-back.ts'
import { sumMoneyByDay } from '../ledger/money-moved.ts'
import type { Ledger } from '../ledger/open.ts'
import { readRuns } from '../ledger/runs.ts'
import { accountsBody, monthChoices } from '../reporting/html/accounts-page.ts'
import { documentBody, documentTitle } from '../reporting/html/document-page.ts'
import { documentHref, documentsBody } from '../reporting/html/documents-page.ts'
import { ageingBody, findingsBody, monthBody, runsBody } from '../reporting/html/looking-pages.ts'
import { type OverviewEntity, overviewBody } from '../reporting/html/overview-page.ts'
import { runParts } from '../reporting/html/run-parts.ts'
import type { SitePage } from '../reporting/html/site.ts'
import { monthName } from '../reporting/html/words.ts'
import type { CommandContext } from './context.ts'
import {
  dayAsked,
  documentsAsked,
  documentsPageSize,
  entityAsked,
  monthAsked,
  monthsUpTo,
  numberAsked,
  oneEntity,
  type Questions,
  Unanswerable,
} from './dashboard-questions.ts'
import { readLife, tellingOf } from './show.ts'
import { statusOf } from './status.ts'
import { timeZoneOf } from './telling.ts'

export interface Visit {
  context: CommandContext
  ledger: Ledger
  asked: Questions
  /** Those that are shown: all, or the one of --entity. */
  entities: readonly BillingEntity[]
}

export const routes: Readonly<Record<string, (visit: Visit) => Promise<SitePage>>> = {
  '/': overview,
  '/documents': documents,
  '/document': document,
  '/ageing': ageing,
  '/accounts': accounts,
  '/month': month,
  '/runs': runs,
  '/run': run,
  '/findings': findings,
}

async function booksOf(ledger: Ledger, entity: BillingEntity) {
  const connection = await findConnection(ledger, entity.code)
  return readBooks(ledger, entity, connection?.tenantId ?? null)
}

const runsShown = 5
const paidDays = 30

async function overview({ ledger, asked, entities }: Visit): Promise<SitePage> {
  const chosen = entityAsked(asked, entities)
  const parts: OverviewEntity[] = []
  for (const entity of chosen ? [chosen] : entities) parts.push(await overviewOf(ledger, entity))
  return { title: 'Overview', place: '/', body: overviewBody(parts) }
}

async function overviewOf(ledger: Ledger, entity: BillingEntity): Promise<OverviewEntity> {
  const books = await booksOf(ledger, entity)
  const { status } = await statusOf(ledger, entity)
  const today = todayOf(books, ledger.clock)
  const days = { from: addDays(today, 1 - paidDays), to: today }
  const filter = ageingFilter(books, today)
  const owed = []
  for (const side of ['sales', 'purchases'] as const)
    owed.push({ side, totals: ageingTotals((await readAgeing(ledger, side, filter)).rows) })
  return {
    code: entity.code,
    name: entity.name,
    organisation: status.organisation?.name ?? null,
    mirrorAgeMs: status.mirror && Math.max(0, ledger.clock.now() - Date.parse(status.mirror.readAt)),
    remaining: status.remaining,
    failed: status.failed,
    waiting: status.waiting,
    runs: (await readRuns(ledger, { entity: entity.code, limit: runsShown })).map(runLine),
    owed,
    paid: await sumMoneyByDay(ledger, { ...filter, ...days }),
    paidDays: days,
    zone: await timeZoneOf(ledger, entity),
  }
}

async function documents({ ledger, asked: questions, entities }: Visit): Promise<SitePage> {
  const [only] = entities
  const { asked, filter, page } = documentsAsked(
    questions,
    entities,
    entities.length === 1 ? (only?.code ?? null) : null,
  )
  const { documents: found, count } = await listDocuments(ledger, filter, page)
  const body = documentsBody(asked, {
    documents: found.map((one) => ({ ...one, currency: one.currency || currencyOf(entities, one.entity) })),
    count,
    pageSize: documentsPageSize,
    entities,
  })
  return { title: 'Documents', place: '/documents', body }
}

/** Of documents that name none (D4). */
function currencyOf(entities: readonly BillingEntity[], code: string): string {
  const entity = entities.find((one) => one.code === code)
  return (entity && findRegion(entity.region)?.currency) ?? ''
}

async function document({ context, ledger, asked, entities }: Visit): Promise<SitePage> {
  const [kind, id] = [asked.get('kind') ?? '', asked.get('id') ?? '']
  const found = isDocumentKind(kind) ? await findDocuments(ledger, id, { kind }) : []
  const one = found.find((each) => each.id === id && entities.some(({ code }) => code === each.entity))
  if (!one) throw new Unanswerable(404, `There is no ${kind.replaceAll('_', ' ')} with the id “${id}” here.`)
  const life = await readLife(ledger, one)
  const currency = life.columns['currency']
  const telling = await tellingOf(context, ledger, one.entity)
  return {
    title: documentTitle(life),
    place: '/documents',
    body: documentBody(life, {
      ...telling,
      currency: typeof currency === 'string' ? currency : currencyOf(entities, one.entity),
    }),
  }
}

async function ageing({ ledger, asked, entities }: Visit): Promise<SitePage> {
  const entity = oneEntity(asked, entities)
  const books = await booksOf(ledger, entity)
  const asOf = dayAsked(asked, 'day') ?? todayOf(books, ledger.clock)
  const filter = ageingFilter(books, asOf)
  const sides = [await readAgeing(ledger, 'sales', filter), await readAgeing(ledger, 'purchases', filter)]
  return {
    title: 'Receivable and payable',
    place: '/ageing',
    body: ageingBody({ entity: entity.code, entities, asOf }, sides),
  }
}

async function accounts({ ledger, asked, entities }: Visit): Promise<SitePage> {
  const entity = oneEntity(asked, entities)
  const books = await booksOf(ledger, entity)
  const last = monthAsked(asked, todayOf(books, ledger.clock))
  const many = numberAsked(asked, 'months') ?? monthChoices[1]
  if (!monthChoices.some((choice) => choice === many))
    throw new Unanswerable(400, `Accounts are shown over ${monthChoices.join(', ')} months.`)
  const history = await readAccountHistory(ledger, books, monthsUpTo(last, many))
  return {
    title: 'Accounts',
    place: '/accounts',
    body: accountsBody({ entity: entity.code, entities, month: last.month, months: many }, history),
  }
}

async function month({ ledger, asked, entities }: Visit): Promise<SitePage> {
  const entity = oneEntity(asked, entities)
  const books = await booksOf(ledger, entity)
  const chosen = monthAsked(asked, todayOf(books, ledger.clock))
  const zone = await timeZoneOf(ledger, entity)
  const report = await readMonthReport(ledger, books, { ...chosen, zone })
  return {
    title: `Month end, ${monthName(chosen.month)}`,
    place: '/month',
    body: monthBody({ entity: entity.code, entities }, report, zone),
  }
}

const runsPageSize = 50

async function runs({ ledger, asked, entities }: Visit): Promise<SitePage> {
  const entity = entityAsked(asked, entities)
  const before = numberAsked(asked, 'before')
  const [first] = entities
  const only = entity ?? (entities.length === 1 ? first : null)
  const found = await readRuns(ledger, {
    ...(only ? { entity: only.code } : {}),
    ...(before === null ? {} : { before }),
    limit: runsPageSize + 1,
  })
  const shown = found.slice(0, runsPageSize)
  return {
    title: 'Runs',
    place: '/runs',
    body: runsBody(
      { entity: entity?.code ?? null, entities },
      {
        runs: shown.map(runLine),
        older: found.length > runsPageSize ? (shown.at(-1)?.id ?? null) : null,
        zone: first ? await timeZoneOf(ledger, first) : 'UTC',
      },
    ),
  }
}

async function run({ ledger, asked, entities }: Visit): Promise<SitePage> {
  const id = numberAsked(asked, 'run')
  const [found] = id === null ? [] : await readRuns(ledger, { id })
  const entity = entities.find(({ code }) => code === found?.entity)
  if (!found || !entity) throw new Unanswerable(404, `There is no run ${id ?? ''} here.`)
  const zone = await timeZoneOf(ledger, entity)
  const books = await readBooks(ledger, entity, found.tenantId)
  const story = await readRunStory(ledger, found, { books, zone })
  return { title: `Run ${found.id}`, place: '/runs', body: runParts(story, { zone, link: documentHref }) }
}

async function findings({ ledger, asked, entities }: Visit): Promise<SitePage> {
  const entity = entityAsked(asked, entities)
  const code = asked.get('code') ?? ''
  const all = []
  for (const one of entity ? [entity] : entities)
    all.push(...(await readFindings(ledger, { entity: one.code })))
  const codes = [...new Set(all.map((finding) => finding.code))].sort()
  return {
    title: 'Findings',
    place: '/findings',
    body: findingsBody(
      { entity: entity?.code ?? null, entities, code },
      code === '' ? all : all.filter((finding) => finding.code === code),
      codes,
    ),
  }
}
