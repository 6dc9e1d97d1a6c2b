// Money and quantities as whole numbers: cents, ten-thousandths (e4) and millionths (e6).
// Decimals exist only where text comes in or goes out; how a document adds up is mapping's business.

import Big from 'big.js'

declare const unit: unique symbol
/** Whole cents of the document's currency. */
export type Cents = number & { readonly [unit]: 'cents' }
/** Ten-thousandths: quantities, unit prices, percentages. */
export type E4 = number & { readonly [unit]: 'e4' }
/** Millionths: exchange rates, foreign units for one of the base currency. */
export type E6 = number & { readonly [unit]: 'e6' }

export const zeroCents = 0 as Cents

/** Takes a whole number of cents; anything else is a bug of the caller. */
export function cents(value: number): Cents {
  return whole(value, 'cents') as Cents
}

export function e4(value: number): E4 {
  return whole(value, 'e4') as E4
}

export function e6(value: number): E6 {
  return whole(value, 'e6') as E6
}

function whole(value: number, name: string): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of ${name}`)
  return value === 0 ? 0 : value
}

export function addCents(...amounts: readonly Cents[]): Cents {
  let sum = 0
  for (const amount of amounts) sum += amount
  return cents(sum)
}

export function subtractCents(from: Cents, amount: Cents): Cents {
  return cents(from - amount)
}

const decimalPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)$/

/**
 * Reads decimal text into units of 10^-places. Null when it is no plain decimal, has more decimals than the unit
 * can hold, or is too large to be held exactly.
 */
function parseDecimal(text: string, places: number): number | null {
  if (!decimalPattern.test(text)) return null
  const units = bigOf(text).times(new Big(10).pow(places))
  const rounded = units.round(0, Big.roundHalfUp)
  if (!units.eq(rounded)) return null
  const value = rounded.toNumber()
  return Number.isSafeInteger(value) ? whole(value, 'units') : null
}

/** The library takes a minus but no plus. */
const bigOf = (text: string) => new Big(text.startsWith('+') ? text.slice(1) : text)

/** "12.3" is 1230 cents; "12.345" is null: money has two decimals. */
export function parseCents(text: string): Cents | null {
  return parseDecimal(text, 2) as Cents | null
}

export function parseE4(text: string): E4 | null {
  return parseDecimal(text, 4) as E4 | null
}

export function parseE6(text: string): E6 | null {
  return parseDecimal(text, 6) as E6 | null
}

/** Rounds decimal text to cents, half away from zero: for amounts that are computed elsewhere with more decimals. */
export function roundTextToCents(text: string): Cents | null {
  if (!decimalPattern.test(text)) return null
  const value = bigOf(text).times(100).round(0, Big.roundHalfUp).toNumber()
  return Number.isSafeInteger(value) ? cents(value) : null
}

/** A number off Xero's wire (a double with at most 4 decimals) as cents, half away from zero. */
export function centsFromWire(value: number): Cents {
  const scaled = value * 100
  const nearest = Math.round(scaled)
  // Doubles with two decimals land within a millionth of a whole cent; only the others need decimal care.
  if (Math.abs(scaled - nearest) < 1e-6 && Number.isSafeInteger(nearest)) return cents(nearest)
  return cents(new Big(value).times(100).round(0, Big.roundHalfUp).toNumber())
}

/** The double that prints as exactly this many cents: 1230 is 12.3. Division of two integers rounds once. */
export function centsToWire(amount: Cents): number {
  return amount / 100
}

export function e4ToWire(value: E4): number {
  return value / 10_000
}

export function e6ToWire(value: E6): number {
  return value / 1_000_000
}

/** 1230 as "12.30". */
export function formatCents(amount: Cents | number): string {
  return fixed(amount, 2)
}

/** 25000 as "2.5": trailing zeros say nothing in a quantity. */
export function formatE4(value: E4 | number): string {
  return fixed(value, 4).replace(/\.?0+$/, '')
}

function fixed(value: number, places: number): string {
  const digits = Math.abs(value)
    .toString()
    .padStart(places + 1, '0')
  const cut = digits.length - places
  return `${value < 0 ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`
}

/** Divides and rounds half away from zero, as money is rounded everywhere here. The divisor is positive. */
export function divideRounded(numerator: bigint, divisor: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator
  const quotient = (2n * magnitude + divisor) / (2n * divisor)
  return numerator < 0n ? -quotient : quotient
}

/** True where the quotient lies exactly between two whole numbers: there Xero's own rounding is not known (§6). */
export function isTie(numerator: bigint, divisor: bigint): boolean {
  const magnitude = numerator < 0n ? -numerator : numerator
  return (2n * magnitude) % (2n * divisor) === divisor
}

/** Quantity times unit price less a discount percentage, as an exact fraction of cents. */
export function lineFraction(
  quantity: E4,
  unitPrice: E4,
  discountPercent: E4,
): { numerator: bigint; divisor: bigint } {
  // e4 * e4 is 10^-8; a percentage in e4 is 10^-6 of one. In cents (10^-2): 10^(8+6-2) = 10^12.
  const numerator = BigInt(quantity) * BigInt(unitPrice) * BigInt(1_000_000 - discountPercent)
  return { numerator, divisor: 1_000_000_000_000n }
}

/** Quantity × price less discount, rounded to cents half away from zero. */
export function lineAmount(quantity: E4, unitPrice: E4, discountPercent: E4): Cents {
  const { numerator, divisor } = lineFraction(quantity, unitPrice, discountPercent)
  return cents(Number(divideRounded(numerator, divisor)))
}

/** Tax on a net amount at a rate in e4 percent (15 % is 150000), rounded per line as Xero does (§6). */
export function taxOnNet(net: Cents, ratePercent: E4): Cents {
  return cents(Number(divideRounded(BigInt(net) * BigInt(ratePercent), 1_000_000n)))
}

/** Tax inside a gross amount: amount × r / (100 + r), rounded per line (§6). */
export function taxInGross(gross: Cents, ratePercent: E4): Cents {
  return cents(Number(divideRounded(BigInt(gross) * BigInt(ratePercent), 1_000_000n + BigInt(ratePercent))))
}

/** Converts a foreign amount to base currency: amount / rate, half away from zero. */
export function toBase(amount: Cents, rate: E6): Cents {
  return cents(Number(divideRounded(BigInt(amount) * 1_000_000n, BigInt(rate))))
}

/**
 * Shares an amount in proportion to weights (whole numbers, none negative, not all zero): each share rounded down, and
 * the cents that are missing to the largest remainders, the first of equals first. The shares sum to the amount.
 */
export function shareCents(amount: Cents, weights: readonly number[]): Cents[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n)
  const magnitude = BigInt(Math.abs(amount))
  const shares = weights.map((weight, index) => {
    const scaled = magnitude * BigInt(weight)
    return { index, units: Number(scaled / sum), remainder: scaled % sum }
  })
  let missing = Math.abs(amount) - shares.reduce((total, share) => total + share.units, 0)
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  )
  for (const share of byRemainder) {
    if (missing === 0) break
    share.units += 1
    missing -= 1
  }
  return shares.map(({ units }) => cents(amount < 0 ? -units : units))
}
