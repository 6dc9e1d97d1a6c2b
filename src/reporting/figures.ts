// Numbers, times and lists as people read them. The JSON forms are those of cli.md and are made where they are printed.

import { dateInZone, longDate } from '../accounting/calendar.ts'

export function countText(count: number): string {
  return count.toLocaleString('en')
}

/** Decimal text as it is stored, with thousands: "1234.50" is "1,234.50". */
export function moneyText(amount: string): string {
  return amount.replace(/\d+(?=\.|$)/, (digits) => digits.replaceAll(/\B(?=(\d{3})+$)/g, ','))
}

/** A unit price: at least two decimals, as many as it has. "35" is "35.00", "12.495" stays. */
export function priceText(price: string): string {
  const [whole = '', decimals = ''] = price.split('.')
  return price === '' ? '' : moneyText(`${whole}.${decimals.padEnd(2, '0')}`)
}

export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** "about 3 minutes", for what is still to come or long past. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 100) return unit(seconds, 'second')
  if (seconds < 5_400) return unit(Math.round(seconds / 60), 'minute')
  if (seconds < 129_600) return unit(Math.round(seconds / 3_600), 'hour')
  return unit(Math.round(seconds / 86_400), 'day')
}

function unit(count: number, name: string): string {
  return `${countText(count)} ${name}${count === 1 ? '' : 's'}`
}

/** An ISO instant as "22 Nov 2026 16:04 GMT+13" in a time zone. */
export function instantText(instant: string, timeZone: string): string {
  const ms = Date.parse(instant)
  if (Number.isNaN(ms)) return instant
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return `${longDate(dateInZone(ms, timeZone))} ${time.format(ms)}`
}

/** The first of them, and how many more there are. */
export function firstOf(names: readonly string[], max: number): string {
  const more = names.length - max
  const shown = names.slice(0, max).join(', ')
  return more > 0 ? `${shown} and ${countText(more)} more` : shown
}

/** "a, b and c". */
export function listText(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
