// The parts that tell the month of an entity: what was invoiced, credited and paid, what is owed at its end, what is not in Xero and why,
// what people changed there, and the runs. A page of its own (month-page.ts) and the dashboard have the same.

import { longDate } from '../../accounting/calendar.ts'
import { kindNames } from '../../accounting/kinds.ts'
import {
  ageingTotals,
  type BooksSide,
  type MonthReport,
  type NotInXero,
  paidByCurrency,
} from '../../accounting/looking-back.ts'
import { countText, instantText } from '../figures.ts'
import { ageingParts } from './ageing-parts.ts'
import type { NumberLink } from './causes.ts'
import { type Html, html, type Part } from './html.ts'
import { paidParts, runTable } from './run-parts.ts'
import { pageTable } from './table.ts'
import { amount, capitalised, count, facts, tiles } from './words.ts'

export interface MonthTelling {
  zone: string
  /** Addresses of other pages; null where there are none. */
  links: {
    document: NonNullable<NumberLink>
    contact: (contact: string, side: BooksSide) => string
    run: (run: number) => string
  } | null
}

/** Everything below the heading. */
export function monthParts(month: MonthReport, telling: MonthTelling): Html {
  const { links, zone } = telling
  const contactHref = links?.contact ?? null
  return html`${facts([
    ['Entity', `${month.entity}, ${month.name}`],
    ['Organisation', month.organisation ?? 'not connected to Xero'],
    ['Xero as it was read', month.mirrorReadAt === null ? 'never' : instantText(month.mirrorReadAt, zone)],
    [
      'As of',
      month.asOf === month.to ? longDate(month.asOf) : `${longDate(month.asOf)}: the month is not over yet`,
    ],
  ])}${monthTiles(month)}<h2>Invoiced and credited</h2>
${documents(month)}${paidParts(month.paid, month)}
<h2>Receivable on ${longDate(month.asOf)}</h2>
${ageingParts(month.receivable, contactHref)}<h2>Payable on ${longDate(month.asOf)}</h2>
${ageingParts(month.payable, contactHref)}<h2>Not in Xero yet, and why</h2>
${notInXero(month.notInXero, links?.document ?? null)}<h2>Changed in Xero</h2>
${adjustments(month, telling)}<h2>Runs of the month</h2>
${runTable(month.runs, { zone, href: links?.run ?? null, caption: 'The newest first' })}`
}

function monthTiles({ paid, receivable, payable, notInXero: missing }: MonthReport): Html {
  const sums = paidByCurrency(paid)
  return tiles([
    ...sums.map(({ currency, inCents }) => ({ name: 'Paid in', value: amount(inCents), note: currency })),
    ...sums.map(({ currency, outCents }) => ({ name: 'Paid out', value: amount(outCents), note: currency })),
    ...ageingTotals(receivable.rows).map(({ currency, total }) => ({
      name: 'Receivable',
      value: amount(total),
      note: currency,
    })),
    ...ageingTotals(payable.rows).map(({ currency, total }) => ({
      name: 'Payable',
      value: amount(total),
      note: currency,
    })),
    {
      name: 'Not in Xero yet',
      value: countText(missing.length),
      note: missing.length === 1 ? 'document' : 'documents',
    },
  ])
}

function documents({ documents: kinds }: MonthReport): Html {
  return pageTable({
    caption: 'Documents dated in the month, without drafts and void ones',
    columns: [
      { head: 'Kind', isRowHead: true },
      { head: 'Documents', isNumber: true },
      { head: 'Currency' },
      { head: 'Net', isNumber: true },
      { head: 'Tax', isNumber: true },
      { head: 'Total', isNumber: true },
    ],
    rows: kinds.map(({ kind, documents: many, currency, netCents, taxCents, totalCents }) => [
      capitalised(kindNames[kind].many),
      countText(many),
      currency,
      amount(netCents),
      amount(taxCents),
      amount(totalCents),
    ]),
    empty: 'No document is dated in this month.',
  })
}

/** One cause is one part, however many documents it has; the largest first. */
function notInXero(missing: readonly NotInXero[], link: NumberLink): Html {
  if (missing.length === 0) return html`<p>Everything dated up to the month’s end is there.</p>\n`
  const causes = new Map<string, NotInXero[]>()
  for (const document of missing) {
    const cause = withoutOwnNumber(document)
    causes.set(cause, [...(causes.get(cause) ?? []), document])
  }
  const parts = [...causes].sort(([, one], [, other]) => other.length - one.length)
  return html`${parts.map(([, some]) => cause(some, link))}`
}

/** What is the same for all documents of one cause. */
function withoutOwnNumber({ why, number }: NotInXero): string {
  return number === '' ? why : why.replaceAll(number, '…')
}

/** More rows than these are folded, since a cause of 5,000 documents is read by its first line. */
const shownMax = 10

function cause(some: readonly NotInXero[], link: NumberLink): Html {
  const sums = new Map<string, number>()
  for (const { currency, totalCents } of some) sums.set(currency, (sums.get(currency) ?? 0) + totalCents)
  const money = [...sums].map(([currency, cents]) => `${amount(cents)} ${currency}`).join(', ')
  const list = pageTable({
    caption: 'The oldest first',
    isCaptionHidden: true,
    columns: [
      { head: 'Document', isRowHead: true },
      { head: 'Date' },
      { head: 'Contact' },
      { head: 'Total', isNumber: true },
    ],
    rows: some.map((document) => [
      documentName(document, link),
      longDate(document.date),
      document.contact ?? '',
      `${amount(document.totalCents)} ${document.currency}`,
    ]),
  })
  const [first] = some
  return html`<section class="cause ${first?.state === 'failed' ? 'error' : 'warning'}">
<h3>${count(some.length, 'document', 'documents')}, ${money}</h3>
<p>${some.length > 1 && first !== undefined && first.number !== '' && first.why.includes(first.number) && 'For example: '}${first?.why ?? ''}</p>
${some.length > shownMax ? html`<details><summary>All ${countText(some.length)} documents</summary>${list}</details>` : list}</section>
`
}

function documentName(
  { kind, id, number }: Pick<NotInXero, 'kind' | 'id' | 'number'>,
  link: NumberLink,
): Part {
  const name = `${kindNames[kind].one} ${number === '' ? id : number}`
  const href = link?.({ kind, id }) ?? null
  return href === null ? name : html`<a href="${href}">${name}</a>`
}

function adjustments({ adjustments: changed }: MonthReport, { zone, links }: MonthTelling): Html {
  return pageTable({
    caption: 'Totals that somebody changed in Xero; the ledger’s document stays as it is.',
    columns: [
      { head: 'Document', isRowHead: true },
      { head: 'Noticed' },
      { head: 'What' },
      { head: 'Difference', isNumber: true },
    ],
    rows: changed.map((one) => [
      documentName(one, links?.document ?? null),
      instantText(one.at, zone),
      one.reason,
      `${amount(one.amountCents)} ${one.currency}`,
    ]),
    empty: 'No total was changed there.',
  })
}
