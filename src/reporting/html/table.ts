// Tables of pages: heads that print again on every sheet, rows that no page break cuts, and on a phone a block a row with the head
// before each value. Roles are written out, since browsers forget them where a table is laid out as blocks.

import { type Html, html, type Part } from './html.ts'

export interface PageColumn {
  head: string
  /** Numbers stand to the right. */
  isNumber?: boolean
  /** Names its row: the first column, as a rule. */
  isRowHead?: boolean
  /** Where the head sorts: its address, and how it is sorted now. */
  sort?: { href: string; now: 'ascending' | 'descending' | null }
}

export interface PageTable {
  /** What it is a table of; read out, and shown unless a heading says it already. */
  caption: string
  isCaptionHidden?: boolean
  columns: readonly PageColumn[]
  rows: readonly (readonly Part[])[]
  /** Sums, under the rows. */
  foot?: readonly (readonly Part[])[]
  /** May be wider than its page: then it moves within a frame of its own, by hand or by key. */
  isWide?: boolean
  /** Said instead of an empty table. */
  empty?: string
}

/** A table of so few columns is no wider than it has to be: an eye does not find its way across a whole page. */
const narrowMax = 3

export function pageTable(table: PageTable): Html {
  const { rows, empty, caption } = table
  if (rows.length === 0 && empty !== undefined) return html`<p class="none">${empty}</p>\n`
  if (table.isWide !== true) return plainTable(table)
  return html`<div class="wide" role="region" tabindex="0" aria-label="${caption}">${plainTable(table)}</div>\n`
}

function plainTable({ caption, isCaptionHidden, columns, rows, foot }: PageTable): Html {
  return html`<table role="table"${columns.length <= narrowMax && html` class="narrow"`}>
<caption${isCaptionHidden === true && html` class="unseen"`}>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(head)}</tr></thead>
<tbody role="rowgroup">
${rows.map((cells) => row(columns, cells))}</tbody>
${foot !== undefined && foot.length > 0 && html`<tfoot role="rowgroup">\n${foot.map((cells) => row(columns, cells))}</tfoot>\n`}</table>
`
}

function head({ head: text, isNumber, sort }: PageColumn): Html {
  const name = sort
    ? html`<a href="${sort.href}">${text}<span aria-hidden="true">${arrows[sort.now ?? 'none']}</span></a>`
    : text
  return html`<th role="columnheader" scope="col"${isNumber === true && html` class="number"`}${sort?.now !== undefined && sort.now !== null && html` aria-sort="${sort.now}"`}>${name}</th>`
}

const arrows = { ascending: ' ▲', descending: ' ▼', none: '' }

function row(columns: readonly PageColumn[], cells: readonly Part[]): Html {
  return html`<tr role="row">${columns.map((column, index) => cell(column, cells[index] ?? ''))}</tr>\n`
}

function cell({ head: name, isNumber, isRowHead }: PageColumn, content: Part): Html {
  const kind = isNumber === true && html` class="number"`
  return isRowHead === true
    ? html`<th role="rowheader" scope="row"${kind} data-head="${name}">${content}</th>`
    : html`<td role="cell"${kind} data-head="${name}">${content}</td>`
}
