// The list of documents: search, filters, sorting and pages (V8).

import { longDate } from '../../accounting/calendar.ts'
import { documentKinds, type ExportState, exportStates, kindNames } from '../../accounting/kinds.ts'
import { type DocumentSort, documentSorts, type ListedDocument } from '../../accounting/looking-back.ts'
import { countText } from '../figures.ts'
import { entityField, filterForm } from './forms.ts'
import { type Html, html, type Part } from './html.ts'
import { address } from './site.ts'
import { type PageColumn, pageTable } from './table.ts'
import { amount, capitalised } from './words.ts'

/** What was asked, in the words of the address. */
export interface DocumentsAsked {
  entity: string | null
  kind: string
  state: string
  due: string
  q: string
  contact: string
  from: string
  to: string
  sort: DocumentSort
  direction: 'ascending' | 'descending'
  page: number
}

export interface DocumentsFound {
  documents: readonly (ListedDocument & { currency: string })[]
  count: number
  pageSize: number
  entities: readonly { code: string; name: string }[]
}

export const stateNames: Record<ExportState, string> = {
  pending: 'not in Xero',
  sending: 'is being sent',
  exported: 'in Xero',
  failed: 'failed',
  uncertain: 'answer lost',
  skipped: 'waits for another',
  held: 'held back',
  mock_exported: 'marked at cutover',
}

export function documentsBody(asked: DocumentsAsked, found: DocumentsFound): Html {
  const pages = Math.max(1, Math.ceil(found.count / found.pageSize))
  return html`${filters(asked, found)}
<p>${found.count === 0 ? 'No document fits.' : `${countText(found.count)} ${found.count === 1 ? 'document' : 'documents'}${pages > 1 ? `, page ${countText(asked.page)} of ${countText(pages)}` : ''}.`}</p>
${found.count > 0 && list(asked, found)}${pages > 1 && pageLinks(asked, pages)}`
}

function filters(asked: DocumentsAsked, { entities }: DocumentsFound): Html {
  const any = { value: '', name: 'All' }
  return filterForm('/documents', [
    { type: 'search', name: 'q', label: 'Number, contact or reference', value: asked.q },
    ...entityField(entities, asked.entity, 'all'),
    {
      type: 'select',
      name: 'kind',
      label: 'Kind',
      value: asked.kind,
      choices: [
        any,
        ...documentKinds.map((kind) => ({ value: kind, name: capitalised(kindNames[kind].many) })),
      ],
    },
    {
      type: 'select',
      name: 'state',
      label: 'Xero',
      value: asked.state,
      choices: [
        any,
        ...exportStates.map((state) => ({ value: state, name: capitalised(stateNames[state]) })),
      ],
    },
    {
      type: 'select',
      name: 'due',
      label: 'Balance',
      value: asked.due,
      choices: [any, { value: 'open', name: 'Something is due' }],
    },
    { type: 'date', name: 'from', label: 'From', value: asked.from },
    { type: 'date', name: 'to', label: 'To', value: asked.to },
    ...(asked.contact === ''
      ? []
      : [{ type: 'search', name: 'contact', label: 'Contact’s code', value: asked.contact } as const]),
    { type: 'hidden', name: 'sort', value: asked.sort },
    { type: 'hidden', name: 'direction', value: asked.direction },
  ])
}

function link(asked: DocumentsAsked, changed: Partial<DocumentsAsked>): string {
  return address('/documents', { ...asked, ...changed })
}

const sortHeads: Record<DocumentSort, string> = {
  date: 'Date',
  number: 'Document',
  contact: 'Contact',
  total: 'Total',
}

function sorted(asked: DocumentsAsked, sort: DocumentSort): PageColumn {
  const isNow = asked.sort === sort
  const direction = isNow && asked.direction === 'descending' ? 'ascending' : 'descending'
  return {
    head: sortHeads[sort],
    sort: { href: link(asked, { sort, direction, page: 1 }), now: isNow ? asked.direction : null },
  }
}

function list(asked: DocumentsAsked, { documents, entities }: DocumentsFound): Html {
  return pageTable({
    caption: 'The heads of the columns sort.',
    columns: [
      { ...sorted(asked, 'number'), isRowHead: true },
      sorted(asked, 'date'),
      { head: 'Due' },
      sorted(asked, 'contact'),
      ...(entities.length > 1 ? [{ head: 'Entity' }] : []),
      { head: 'Xero' },
      { ...sorted(asked, 'total'), isNumber: true },
      { head: 'To pay', isNumber: true },
    ],
    rows: documents.map((document) => row(document, entities.length > 1)),
  })
}

function row(document: DocumentsFound['documents'][number], hasEntity: boolean): Part[] {
  const { id, kind, number, status, state, currency } = document
  return [
    html`<a href="${documentHref({ kind, id }) ?? ''}">${number === '' ? id : number}</a> <small>${kindNames[kind].one}${status !== 'sent' && `, ${status}`}</small>`,
    longDate(document.date),
    document.dueDate === null ? '' : longDate(document.dueDate),
    document.contact ?? '',
    ...(hasEntity ? [document.entity] : []),
    state === null ? 'not queued' : html`<span class="${stateClass(state)}">${stateNames[state]}</span>`,
    html`${amount(document.totalCents)} ${currency}`,
    status === 'sent' ? (document.dueCents === 0 ? 'nothing' : amount(document.dueCents)) : '',
  ]
}

export function stateClass(state: ExportState): 'good' | 'bad' | 'caution' | 'soft' {
  if (state === 'exported') return 'good'
  if (state === 'failed') return 'bad'
  return state === 'pending' || state === 'mock_exported' ? 'soft' : 'caution'
}

/** Of things that are documents; others have no page. */
export function documentHref({ kind, id }: { kind: string; id: string }): string | null {
  return documentKinds.some((known) => known === kind) ? address('/document', { kind, id }) : null
}

/** A contact's open documents. */
export function contactHref(contact: string, entity: string): string {
  return address('/documents', { contact, entity, due: 'open' })
}

function pageLinks(asked: DocumentsAsked, pages: number): Html {
  const { page } = asked
  const steps = [
    { name: 'First page', to: 1, isThere: page > 2 },
    { name: 'Page before', to: page - 1, isThere: page > 1 },
    { name: 'Next page', to: page + 1, isThere: page < pages },
    { name: 'Last page', to: pages, isThere: page < pages - 1 },
  ]
  return html`<nav class="pages" aria-label="Pages of the list">${steps
    .filter(({ isThere }) => isThere)
    .map(({ name, to }) => html`<a href="${link(asked, { page: to })}">${name}</a> `)}</nav>\n`
}

export function isDocumentSort(word: string): word is DocumentSort {
  return documentSorts.some((known) => known === word)
}
