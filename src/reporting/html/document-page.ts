// A page of one document: its whole life, as `show` tells it (V7, V8).

import { dateInZone, longDate, parseDate } from '../../accounting/calendar.ts'
import { type ExportState, exportStates, kindNames } from '../../accounting/kinds.ts'
import type { LoggedCall } from '../calls-report.ts'
import type { LedgerColumns } from '../decimal-rows.ts'
import type { DocumentLife } from '../document-report.ts'
import { countText, instantText, moneyText, priceText } from '../figures.ts'
import { appliedLineText, appliedToText, paidText } from '../money-lines.ts'
import { causes } from './causes.ts'
import { stateClass, stateNames } from './documents-page.ts'
import { type Html, html } from './html.ts'
import { address } from './site.ts'
import { pageTable } from './table.ts'
import { capitalised, facts, tiles } from './words.ts'

/** Shown in the head or under another name. */
const shownElsewhere = [
  'id',
  'kind',
  'number',
  'contact',
  'subtotal',
  'tax',
  'total',
  'entity',
  'status',
  'date',
  'due_date',
  'currency',
  'updated_at',
]

export function documentTitle({ columns: { kind, number, id } }: DocumentLife): string {
  return `${capitalised(kindNames[kind].one)} ${number === '' ? id : number}`
}

/** `currency` is the document's, or its region's where it names none. */
export function documentBody(
  life: DocumentLife,
  {
    zone,
    currency,
    isUnderWay,
  }: { zone: string; currency: string; isUnderWay: (call: LoggedCall) => boolean },
): Html {
  return html`${head(life)}${balance(life, currency)}${life.findings.length > 0 && html`<h2>Findings</h2>\n${causes(life.findings)}`}${lines(life)}${moves(life, zone)}${xero(life)}${history(life, zone, isUnderWay)}`
}

function day(value: LedgerColumns[string] | undefined): string {
  const date = parseDate(cell(value))
  return date === null ? cell(value) : longDate(date)
}

function cell(value: LedgerColumns[string] | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}

function head({ columns, contactName }: DocumentLife): Html {
  const others = Object.entries(columns).filter(([name]) => !shownElsewhere.includes(name))
  return facts([
    [
      'Contact',
      contactName === null
        ? `${cell(columns['contact'])} (not in the ledger)`
        : `${contactName} (${cell(columns['contact'])})`,
    ],
    ['Entity', columns.entity],
    ['Status', cell(columns['status'])],
    ['Date', day(columns['date'])],
    ['Due', day(columns['due_date'])],
    ...others.map(([name, value]) => [columnName(name), cell(value)] as const),
    ['Id in the ledger', columns.id],
  ])
}

function columnName(name: string): string {
  return capitalised(name.replace(/^po_/, 'PO ').replaceAll('_', ' '))
}

function balance(
  { balance: { total, paid, credited, adjusted, due } }: DocumentLife,
  currency: string,
): Html {
  const figures = [
    { name: 'Total', value: total },
    { name: 'Paid', value: paid },
    { name: 'Credited', value: credited },
    { name: 'Changed in Xero', value: adjusted },
    { name: 'To pay', value: due },
  ].filter(({ name, value }) => value !== '0.00' || name === 'Total' || name === 'To pay')
  return tiles(figures.map(({ name, value }) => ({ name, value: moneyText(value), note: currency })))
}

function lines({ lines: rows }: DocumentLife): Html {
  return html`<h2>Lines</h2>
${pageTable({
  caption: 'As the ledger has them',
  isCaptionHidden: true,
  columns: [
    { head: 'Line', isRowHead: true },
    { head: 'Description' },
    { head: 'Quantity', isNumber: true },
    { head: 'Price', isNumber: true },
    { head: 'Account' },
    { head: 'Tax code' },
    { head: 'Tax', isNumber: true },
    { head: 'Amount', isNumber: true },
  ],
  rows: rows.map((line) => [
    cell(line['position']),
    html`${cell(line['description'] ?? line['item'])} <small>${cell(line['kind'])}</small>`,
    cell(line['quantity']),
    priceText(cell(line['unit_price'])),
    cell(line['account']),
    cell(line['tax_code']),
    moneyText(cell(line['tax'])),
    moneyText(cell(line['amount'])),
  ]),
  empty: 'It has no lines.',
})}`
}

function moves({ columns, payments, allocations, adjustments }: DocumentLife, zone: string): Html {
  const rows = [
    ...payments.map((paid) => ({ date: paid.date, what: paidText(paid, zone), amount: paid.amount })),
    ...allocations.map((applied) => ({
      date: applied.date ?? '',
      what: applied.source === columns.id ? appliedToText(applied) : appliedLineText(applied),
      amount: applied.amount,
    })),
    ...adjustments.map(({ at, amount, reason }) => ({
      date: dateInZone(Date.parse(at), zone),
      what: `changed in Xero: ${reason}`,
      amount,
    })),
  ].sort((one, other) => (one.date < other.date ? -1 : 1))
  return html`<h2>Payments and credits</h2>
${pageTable({
  caption: 'The oldest first',
  isCaptionHidden: true,
  columns: [{ head: 'Date', isRowHead: true }, { head: 'What' }, { head: 'Amount', isNumber: true }],
  rows: rows.map(({ date, what, amount }) => [day(date), capitalised(what), moneyText(amount)]),
  empty: 'Nothing was paid or credited.',
})}`
}

function xero({ export: state, exportReason, xero: there }: DocumentLife): Html {
  const known = exportStates.find((one) => one === state)
  return html`<h2>In Xero</h2>
${facts([
  ['Export', known === undefined ? 'not queued' : stateText(known)],
  ['Why', exportReason],
  ['Number there', there?.number ?? null],
  ['Status there', there?.status ?? null],
  ['Id there', there?.id ?? null],
  ['Open it', there?.link ? html`<a href="${there.link}" rel="noreferrer noopener">in Xero</a>` : null],
])}`
}

function stateText(state: ExportState): Html {
  return html`<span class="state ${stateClass(state)}">${stateNames[state]}</span>`
}

function history(
  { events, calls }: DocumentLife,
  zone: string,
  isUnderWay: (call: LoggedCall) => boolean,
): Html {
  return html`<h2>What happened</h2>
${pageTable({
  caption: 'Events',
  columns: [{ head: 'When', isRowHead: true }, { head: 'What' }, { head: 'By' }],
  rows: events.map(({ at, who, what, detail }) => [
    instantText(at, zone),
    html`${capitalised(what)}${detail !== null && `: ${detail}`}`,
    who,
  ]),
  empty: 'Nobody did anything with it by hand.',
})}${pageTable({
  caption: 'Calls to Xero that it was in',
  columns: [
    { head: 'When', isRowHead: true },
    { head: 'Call' },
    { head: 'Run' },
    { head: 'Answer' },
    { head: 'Time', isNumber: true },
  ],
  rows: calls.map((call) => [
    instantText(call.at, zone),
    html`${call.method} ${call.path.replace(/\?.*/, '')}${call.problem !== null && html`<small>${call.problem}</small>`}`,
    call.run === null ? '' : html`<a href="${address('/run', { run: call.run })}">${call.run}</a>`,
    answerText(call, isUnderWay(call)),
    call.durationMs === null ? '' : `${countText(call.durationMs)} ms`,
  ]),
  empty: 'It was in no call yet.',
})}`
}

function answerText({ status, durationMs }: LoggedCall, isUnderWay: boolean): string {
  if (status !== null) return String(status)
  return durationMs === null && isUnderWay ? 'under way' : 'none recorded'
}
