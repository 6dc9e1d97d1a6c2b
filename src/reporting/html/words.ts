// Words, amounts and lists as pages show them.

import { formatCents } from '../../accounting/money.ts'
import { countText, moneyText } from '../figures.ts'
import { type Html, html } from './html.ts'

/** 123450 as "1,234.50"; a minus sign as wide as a digit. */
export function amount(cents: number): string {
  return moneyText(formatCents(cents)).replace('-', '−')
}

/** The same, with nothing for nothing: in columns of many noughts only the others are read. */
export function amountOrNothing(cents: number): string {
  return cents === 0 ? '' : amount(cents)
}

export function count(number: number, one: string, many: string): string {
  return `${countText(number)} ${number === 1 ? one : many}`
}

export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** "October 2026", of a month that is one. */
export function monthName(month: string): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01T00:00:00Z`),
  )
}

/** Facts about the thing that the page is of, without those that are not known. */
export function facts(pairs: readonly (readonly [string, Html | string | null])[]): Html {
  const known = pairs.filter(([, value]) => value !== null && value !== '')
  return html`<dl class="facts">${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>\n`
}

/** Figures that are read first. */
export function tiles(figures: readonly { name: string; value: string; note?: string }[]): Html {
  return html`<ul class="tiles">${figures.map(
    ({ name, value, note }) =>
      html`<li>${name}<b>${value}</b>${note !== undefined && html`<small>${note}</small>`}</li>`,
  )}</ul>\n`
}
