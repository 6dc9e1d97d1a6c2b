// The values of Xero's rows, as pieces of their descriptions: what a member may be and what it becomes. Which members a
// row has is the business of the files whose names end in -rows.

import * as z from 'zod'
import { centsFromWire, e6 } from '../accounting/money.ts'
import { dateFromWire, idFromWire, instantFromWire } from './wire-values.ts'

/** Null where there is none: Xero writes empty text, null or nothing. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value || null)
/** More than this is beyond what cents can hold exactly. */
const amountMax = 9e13
const amount = z.number().min(-amountMax).max(amountMax)
export const money = amount.transform(centsFromWire)
export const moneyOrZero = amount.nullish().transform((value) => centsFromWire(value ?? 0))
export const moneyOrNull = amount
  .nullish()
  .transform((value) => (value == null ? null : centsFromWire(value)))
/** Foreign units for one of the base currency; null where there is none. */
export const rateOrNull = z
  .number()
  .positive()
  .max(1e9)
  .nullish()
  .transform((value) => (value == null ? null : e6(Math.round(value * 1_000_000))))
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true)

/** A value that one of the readers of wire-values must understand. */
function read<Value>(reader: (text: string) => Value | null, what: string) {
  return z.string().transform((value, context) => {
    const result = reader(value)
    if (result !== null) return result
    context.addIssue({ code: 'custom', message: `is no ${what}` })
    return z.NEVER
  })
}

export const id = read(idFromWire, 'Xero id')
/** Null where there is none, or the zero id. */
export const idOrNull = z
  .string()
  .nullish()
  .transform((value) => idFromWire(value))
export const instant = read(instantFromWire, 'instant')
export const date = read(dateFromWire, 'date')
  .nullish()
  .transform((value) => value ?? null)
