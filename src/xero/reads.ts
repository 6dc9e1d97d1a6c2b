// The questions that are put to Xero, each as path, query and the shape of its answer. Repeats, limits and errors of the
// line are calls' business; what is done with the rows is the caller's.

import type * as z from 'zod'
import { AuxoError } from '../errors.ts'
import type { ApiCalls, ReadAnswer } from './calls.ts'
import type { FoundContact, FoundInvoice, XeroGateway } from './gateway.ts'
import { isAskableNumber } from './gateway.ts'
import {
  accountRows,
  contactRows,
  currencyRows,
  invoiceRows,
  organisationRows,
  paged,
  taxRateRows,
  trackingCategoryRows,
} from './rows.ts'
import { type SeekPage, seekRows } from './seek.ts'

/** Contacts are small: the largest page there is (§2.3). */
const contactPageSize = 1000
/** Invoices come with all their lines: fewer, so that an answer stays in the low megabytes. */
const invoicePageSize = 500
/** Longer addresses are answered 404 (§2.3). */
const urlLengthMax = 2000
const numbersPerCall = 40

export type Reads = Pick<
  XeroGateway,
  | 'organisation'
  | 'accounts'
  | 'taxRates'
  | 'trackingCategories'
  | 'currencies'
  | 'contactsSince'
  | 'invoicesSince'
  | 'invoicesByNumber'
  | 'invoiceById'
  | 'contactById'
>

export function createReads(calls: ApiCalls, options: { apiUrl: string; tenantId: string }): Reads {
  const list = async <Rows>(subject: string, path: string, rows: z.ZodType<Rows>): Promise<Rows> =>
    readRows(subject, await calls.read(subject, path), rows)

  return {
    async organisation() {
      const [found] = await list('organisation', '/Organisation', organisationRows)
      if (!found) throw unreadable('organisation')
      return { tenantId: options.tenantId, ...found }
    },
    accounts: () => list('accounts', '/Accounts', accountRows),
    taxRates: () => list('tax rates', '/TaxRates', taxRateRows),
    trackingCategories: () =>
      list(
        'tracking categories',
        query('/TrackingCategories', { includeArchived: 'true' }),
        trackingCategoryRows,
      ),
    currencies: () => list('currencies', '/Currencies', currencyRows),

    async contactsSince(since, onPage) {
      const seeking = {
        since,
        pageSize: contactPageSize,
        what: 'contacts',
        idOf: (row: FoundContact) => row.contactId,
        findPage: (place: Place) =>
          findPage(calls, 'contacts', contactRows, place, (paging) =>
            query('/Contacts', { order: 'UpdatedDateUTC ASC', includeArchived: 'true', ...paging }),
          ),
      }
      const serverTime = await seekRows(seeking, async (rows, time) => {
        if (rows.length > 0) await onPage(rows, time)
      })
      return { serverTime }
    },
    invoicesSince: (since) => findInvoices(calls, {}, since),
    async invoicesByNumber(numbers) {
      const found = new Map<string, FoundInvoice>()
      let serverTime = Number.POSITIVE_INFINITY
      for (const filter of numberFilters(numbers, options.apiUrl)) {
        const read = await findInvoices(calls, filter, null)
        for (const row of read.rows) found.set(row.xeroId, row)
        serverTime = Math.min(serverTime, read.serverTime) // nothing is known of the time after the first answer
      }
      const asked = new Set(numbers.map(folded))
      const rows = [...found.values()].filter(
        (row) => row.type === 'ACCREC' && row.number !== null && asked.has(folded(row.number)),
      )
      return { rows, serverTime: numbers.length === 0 ? 0 : serverTime }
    },
    invoiceById: (xeroId) =>
      findOne(calls, 'invoice', `/Invoices/${encodeURIComponent(xeroId)}`, invoiceRows),
    contactById: (xeroId) =>
      findOne(calls, 'contact', `/Contacts/${encodeURIComponent(xeroId)}`, contactRows),
  }
}

/** Whether Xero's numbers are the same regardless of case is not established: what may be ours is shown. */
function folded(number: string): string {
  return number.trim().toLowerCase()
}

/** Invoices and bills, in Xero's default order: oldest change first (§2.3). */
async function findInvoices(
  calls: ApiCalls,
  filter: Readonly<Record<string, string>>,
  since: number | null,
): Promise<{ rows: FoundInvoice[]; serverTime: number }> {
  const latest = new Map<string, FoundInvoice>()
  const seeking = {
    since,
    pageSize: invoicePageSize,
    what: 'invoices',
    idOf: (row: FoundInvoice) => row.xeroId,
    findPage: (place: Place) =>
      findPage(calls, 'invoices', invoiceRows, place, (paging) =>
        query('/Invoices', { ...filter, ...paging }),
      ),
  }
  // Of the time after the first answer nothing is promised: what is stored while later pages are read may be missed.
  let firstPageTime = Number.POSITIVE_INFINITY
  const lastPageTime = await seekRows(seeking, async (rows, time) => {
    firstPageTime = Math.min(firstPageTime, time)
    for (const row of rows) latest.set(row.xeroId, row)
  })
  return { rows: [...latest.values()], serverTime: Math.min(firstPageTime, lastPageTime) }
}

async function findOne<Row>(
  calls: ApiCalls,
  subject: string,
  path: string,
  rows: z.ZodType<Row[]>,
): Promise<Row | null> {
  const answer = await calls.read(subject, path)
  return answer.outcome === 'nothing' ? null : (readRows(subject, answer, rows)[0] ?? null)
}

interface Place {
  since: number | null
  page: number
  pageSize: number
}

async function findPage<Row>(
  calls: ApiCalls,
  subject: string,
  rows: z.ZodType<Row[]>,
  { since, page, pageSize }: Place,
  pathOf: (paging: { page: string; pageSize: string }) => string,
): Promise<SeekPage<Row> | null> {
  const answer = await calls.read(subject, pathOf({ page: String(page), pageSize: String(pageSize) }), since)
  if (answer.outcome === 'too-large') return null
  if (answer.outcome === 'nothing') {
    // 304 says that nothing changed; a list that is not there at all is no empty list.
    if (answer.serverTime === null || answer.status !== 304) throw unreadable(subject)
    return { rows: [], isLast: true, serverTime: answer.serverTime }
  }
  const found = readRows(subject, answer, rows)
  const pages = paged.safeParse(answer.json).data?.pagination
  // Xero may cut a page shorter than was asked for (§2.3): a short page is short of what Xero says it gives.
  const isLast = pages ? pages.page >= pages.pageCount : found.length < pageSize
  return { rows: found, isLast, serverTime: answer.serverTime }
}

function readRows<Rows>(subject: string, answer: ReadAnswer, rows: z.ZodType<Rows>): Rows {
  if (answer.outcome !== 'json') throw unreadable(subject)
  const parsed = rows.safeParse(answer.json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw unreadable(subject, issue && `${issue.path.join('.')} ${issue.message}`)
}

function unreadable(subject: string, where?: string): AuxoError {
  return new AuxoError(
    'xero-away',
    `What Xero answered about ${subject} cannot be read${where ? ` (${where})` : ''}. Nothing was changed; run again later.`,
  )
}

/** Percent-encoded throughout, except commas between the values of a list, as xero-node writes them. */
function query(path: string, parameters: Readonly<Record<string, string>>): string {
  const parts = Object.entries(parameters).map(([name, value]) => `${name}=${encoded(value)}`)
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`
}

function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll('%2C', ',')
}

/**
 * Numbers in as few calls as their length allows. A list is separated by commas, so a number that holds one is asked
 * for by a condition, alone.
 */
function numberFilters(numbers: readonly string[], apiUrl: string): Record<string, string>[] {
  const filters: Record<string, string>[] = []
  let group: string[] = []
  let length = 0
  const room = urlLengthMax - apiUrl.length - 100 // path, paging and the parameter's name
  for (const number of new Set(numbers)) {
    if (!isAskableNumber(number))
      throw new RangeError(`Xero cannot be asked for the number ${JSON.stringify(number)}`)
    if (number.includes(',')) {
      filters.push({ where: `InvoiceNumber=="${number}"` })
      continue
    }
    const more = encoded(number).length + 1
    if (group.length === numbersPerCall || (group.length > 0 && length + more > room)) {
      filters.push({ InvoiceNumbers: group.join(',') })
      group = []
      length = 0
    }
    group.push(number)
    length += more
  }
  return group.length > 0 ? [...filters, { InvoiceNumbers: group.join(',') }] : filters
}
