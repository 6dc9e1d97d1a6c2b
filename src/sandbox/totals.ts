// How a document adds up in Xero: tax per line, rounded to cents, then summed (§6). Written from Xero's rules alone, so
// that a mistake in our mapping shows.

import Big from 'big.js'
import {
  type Cents,
  cents,
  divideRounded,
  type E4,
  type E6,
  e4,
  e6,
  isTie,
  lineFraction,
} from '../accounting/money.ts'
import type { Line, LineAmountTypes, Totals } from './invoice-record.ts'
import type { Switches } from './switches.ts'

export type HalfRounding = Switches['halfRounding']

function whole(value: number, places: number, rounding: HalfRounding): number {
  const mode = rounding === 'away' ? Big.roundHalfUp : Big.roundHalfEven
  return new Big(value).times(new Big(10).pow(places)).round(0, mode).toNumber()
}

export function readCents(value: number, rounding: HalfRounding): Cents {
  return cents(whole(value, 2, rounding))
}

export function readE4(value: number, rounding: HalfRounding): E4 {
  return e4(whole(value, 4, rounding))
}

export function readE6(value: number): E6 {
  return e6(whole(value, 6, 'away'))
}

/** Prices are kept to 2 decimals, or 4 with unitdp=4 (§3.5). */
export function readUnitAmount(value: number, places: 2 | 4, rounding: HalfRounding): E4 {
  return e4(whole(value, places, rounding) * (places === 2 ? 100 : 1))
}

/** The same rounding for showing a 4-decimal price to a reader who did not ask for unitdp=4. */
export function shownUnitAmount(value: E4, places: 2 | 4, rounding: HalfRounding): number {
  if (places === 4) return value / 10_000
  return Number(rounded(BigInt(value), 100n, rounding)) / 100
}

function rounded(numerator: bigint, divisor: bigint, rounding: HalfRounding): bigint {
  const away = divideRounded(numerator, divisor)
  if (rounding === 'away' || !isTie(numerator, divisor) || away % 2n === 0n) return away
  return away > 0n ? away - 1n : away + 1n
}

/** Quantity × UnitAmount × (100 − DiscountRate) / 100, or less DiscountAmount (§4.3). */
export function lineAmountOf(
  quantity: E4,
  unitAmount: E4,
  discountRate: E4 | null,
  discountAmount: Cents | null,
  rounding: HalfRounding,
): Cents {
  const { numerator, divisor } = lineFraction(quantity, unitAmount, discountRate ?? e4(0))
  return cents(Number(rounded(numerator, divisor, rounding)) - (discountAmount ?? 0))
}

/** What a missing UnitAmount or Quantity must have been: the line's amount divided by the other. */
export function quotientE4(lineAmount: Cents, other: E4, places: 2 | 4, rounding: HalfRounding): E4 {
  if (other === 0) return e4(0)
  const sign = other < 0 ? -1n : 1n
  const scale = places === 4 ? 1n : 100n
  // cents / 100 / (other / 10^4), in units of 10^-places.
  const units = rounded(BigInt(lineAmount) * 1_000_000n * sign, BigInt(other) * sign * scale, rounding)
  return e4(Number(units * scale))
}

/** Percent such as 12.5. */
export function taxOf(
  amount: Cents,
  ratePercent: number,
  types: LineAmountTypes,
  rounding: HalfRounding,
): Cents {
  if (types === 'NoTax') return cents(0)
  const rate = BigInt(whole(ratePercent, 4, 'away'))
  const divisor = types === 'Exclusive' ? 1_000_000n : 1_000_000n + rate
  return cents(Number(rounded(BigInt(amount) * rate, divisor, rounding)))
}

export function totalsOf(lines: readonly Line[], types: LineAmountTypes, rounding: HalfRounding): Totals {
  let amounts = 0
  let totalTax = 0
  let totalDiscount = 0
  for (const line of lines) {
    amounts += line.lineAmount
    totalTax += line.taxAmount
    totalDiscount += discountOf(line, rounding)
  }
  const total = types === 'Inclusive' ? amounts : amounts + totalTax
  return {
    subTotal: cents(total - totalTax),
    totalTax: cents(totalTax),
    total: cents(total),
    totalDiscount: cents(totalDiscount),
  }
}

function discountOf(line: Line, rounding: HalfRounding): number {
  if (line.quantity === null || line.unitAmount === null) return 0
  if (line.discountRate === null && line.discountAmount === null) return 0
  return lineAmountOf(line.quantity, line.unitAmount, null, null, rounding) - line.lineAmount
}
