// What an address of the dashboard asks, checked: a question that makes no sense is told so, not answered with something else.

import { dateInZone, monthRange, type PlainDate, parseDate } from '../accounting/calendar.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { type DocumentKind, type ExportState, exportStates, isDocumentKind } from '../accounting/kinds.ts'
import type { DocumentFilter, ListPage } from '../ledger/document-list.ts'
import { type DocumentsAsked, isDocumentSort } from '../reporting/html/documents-page.ts'

/** What was asked is not there, or cannot be understood. */
export class Unanswerable extends Error {
  override readonly name = 'Unanswerable'
  readonly status: 400 | 404

  constructor(status: 400 | 404, message: string) {
    super(message)
    this.status = status
  }
}

export type Questions = URLSearchParams

const word = (asked: Questions, name: string) => (asked.get(name) ?? '').trim()

/** The entity that was asked for; null where none was. */
export function entityAsked(asked: Questions, entities: readonly BillingEntity[]): BillingEntity | null {
  const code = word(asked, 'entity')
  if (code === '') return null
  const found = entities.find((entity) => entity.code === code)
  if (!found) throw new Unanswerable(404, `There is no billing entity “${code}” here.`)
  return found
}

/** Where one has to be chosen, the first. */
export function oneEntity(asked: Questions, entities: readonly BillingEntity[]): BillingEntity {
  const entity = entityAsked(asked, entities) ?? entities[0]
  if (!entity) throw new Unanswerable(404, 'The ledger has no billing entity yet.')
  return entity
}

export function dayAsked(asked: Questions, name: string): PlainDate | null {
  const text = word(asked, name)
  if (text === '') return null
  const date = parseDate(text)
  if (!date) throw new Unanswerable(400, `“${text}” is no date such as 2026-10-31.`)
  return date
}

export interface MonthAsked {
  month: string
  from: PlainDate
  to: PlainDate
}

/** The month that was asked for, else that of a day. */
export function monthAsked(asked: Questions, day: PlainDate): MonthAsked {
  const text = word(asked, 'month') || day.slice(0, 7)
  const range = monthRange(text)
  if (!range) throw new Unanswerable(400, `“${text}” is no month such as 2026-10.`)
  return { month: text, ...range }
}

/** That month and those before it, the oldest first. */
export function monthsUpTo({ month }: MonthAsked, many: number): MonthAsked[] {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return Array.from({ length: many }, (_, place) => {
    const first = new Date(Date.UTC(year, number - many + place, 1))
    return monthAsked(new URLSearchParams(), dateInZone(first.getTime(), 'UTC'))
  })
}

/** A whole number from 1; null where none was asked. */
export function numberAsked(asked: Questions, name: string): number | null {
  const text = word(asked, name)
  if (text === '') return null
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Unanswerable(400, `“${text}” is no whole number above 0.`)
  return Number(text)
}

function kindAsked(asked: Questions): DocumentKind | null {
  const text = word(asked, 'kind')
  if (text === '') return null
  if (!isDocumentKind(text)) throw new Unanswerable(400, `There is no kind of document “${text}”.`)
  return text
}

function stateAsked(asked: Questions): ExportState | null {
  const text = word(asked, 'state')
  const state = exportStates.find((one) => one === text)
  if (text !== '' && !state) throw new Unanswerable(400, `No document is ever “${text}”.`)
  return state ?? null
}

export const documentsPageSize = 50

/** Without an entity all of those that are shown at all; where only some are, a list has to name one. */
export function documentsAsked(
  asked: Questions,
  entities: readonly BillingEntity[],
  onlyEntity: string | null,
): { asked: DocumentsAsked; filter: DocumentFilter; page: ListPage } {
  const entity = entityAsked(asked, entities)?.code ?? onlyEntity
  const sort = word(asked, 'sort') || 'date'
  if (!isDocumentSort(sort)) throw new Unanswerable(400, `Documents cannot be sorted by “${sort}”.`)
  const direction = word(asked, 'direction') === 'ascending' ? 'ascending' : 'descending'
  const page = numberAsked(asked, 'page') ?? 1
  const [kind, state] = [kindAsked(asked), stateAsked(asked)]
  const [from, to] = [dayAsked(asked, 'from'), dayAsked(asked, 'to')]
  const [search, contact, isDue] = [word(asked, 'q'), word(asked, 'contact'), word(asked, 'due') === 'open']
  return {
    asked: {
      entity,
      kind: kind ?? '',
      state: state ?? '',
      due: isDue ? 'open' : '',
      q: search,
      contact,
      from: from ?? '',
      to: to ?? '',
      sort,
      direction,
      page,
    },
    filter: { entity, kind, state, isDue, search, contact: contact === '' ? null : contact, from, to },
    page: { sort, direction, page, size: documentsPageSize },
  }
}
