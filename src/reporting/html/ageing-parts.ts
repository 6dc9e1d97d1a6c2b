// What is owed, and how late it is: sums as tiles and a chart, then contact by contact.

import {
  type Ageing,
  type AgeingBucket,
  type AgeingRow,
  ageingBuckets,
  ageingTotals,
  type BooksSide,
  bucketNames,
} from '../../accounting/looking-back.ts'
import { barChart, type Colour } from './charts.ts'
import { type Html, html, type Part } from './html.ts'
import { type PageColumn, pageTable } from './table.ts'
import { amount, amountOrNothing } from './words.ts'

export const sideNames: Record<BooksSide, { owed: string; nothing: string }> = {
  sales: { owed: 'Receivable', nothing: 'Nobody owes anything.' },
  purchases: { owed: 'Payable', nothing: 'Nothing is owed to anybody.' },
}

const colours: Record<AgeingBucket, Colour> = {
  current: 'good',
  days30: 'blue',
  days60: 'caution',
  days90: 'orange',
  older: 'bad',
}

/** `contactHref` leads to a contact's documents where there are pages of them. */
export function ageingParts(
  { side, rows }: Ageing,
  contactHref: ((contact: string, side: BooksSide) => string) | null = null,
): Html {
  const totals = ageingTotals(rows)
  if (totals.length === 0) return html`<p class="none">${sideNames[side].nothing}</p>\n`
  return html`${totals.map((total) => ageingChart(side, total))}${ageingTable({ side, rows, totals, contactHref })}`
}

export function ageingChart(side: BooksSide, total: AgeingRow): Html {
  return html`<p>${amount(total.total)} ${total.currency}${total.unapplied !== 0 && `, after credits and deposits of ${amount(-total.unapplied)} that stand against no document`}.</p>
${barChart({
  title: `${sideNames[side].owed} by age, ${total.currency}`,
  series: [{ name: 'Due', colour: 'blue' }],
  points: ageingBuckets.map((bucket) => ({ name: bucketNames[bucket], values: [total[bucket]] })),
  valueText: amountOrNothing,
  colourOf: (place) => colours[ageingBuckets[place] ?? 'current'],
})}`
}

function ageingTable({
  side,
  rows,
  totals,
  contactHref,
}: {
  side: BooksSide
  rows: readonly AgeingRow[]
  totals: readonly AgeingRow[]
  contactHref: ((contact: string, side: BooksSide) => string) | null
}): Html {
  const isForeign = totals.length > 1
  const columns: PageColumn[] = [
    { head: side === 'sales' ? 'Customer' : 'Supplier', isRowHead: true },
    ...(isForeign ? [{ head: 'Currency' }] : []),
    ...ageingBuckets.map((bucket) => ({ head: bucketNames[bucket], isNumber: true })),
    { head: 'Not applied', isNumber: true },
    { head: 'Total', isNumber: true },
  ]
  const cells = (name: Part, row: AgeingRow): Part[] => [
    name,
    ...(isForeign ? [row.currency] : []),
    ...ageingBuckets.map((bucket) => amountOrNothing(row[bucket])),
    amountOrNothing(row.unapplied),
    amount(row.total),
  ]
  return pageTable({
    caption: `By contact, in ${isForeign ? 'each document’s currency' : (totals[0]?.currency ?? '')}; credits and deposits that are not applied are below zero.`,
    columns,
    rows: rows.map((row) => cells(contactName(row, side, contactHref), row)),
    foot: totals.map((row) => cells('Together', row)),
  })
}

function contactName(
  { contact, name }: AgeingRow,
  side: BooksSide,
  contactHref: ((contact: string, side: BooksSide) => string) | null,
): Part {
  if (contact === null) return 'No contact'
  const shown = name ?? contact
  return contactHref === null ? shown : html`<a href="${contactHref(contact, side)}">${shown}</a>`
}
