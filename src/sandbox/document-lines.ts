// Lines of a document: amounts, accounts, tax and tracking by Xero's rules and in its words (§4.1, §4.3, §6).

import { type Cents, cents, type E4, e4, formatCents } from '../accounting/money.ts'
import type { Account } from './account-record.ts'
import { tooLong } from './body.ts'
import type { Call } from './call.ts'
import { accountProblem, type Side, taxProblem, texts } from './document-rules.ts'
import type { Line, LineAmountTypes, LineTracking } from './invoice-record.ts'
import { lineShape } from './invoice-shape.ts'
import { type JsonObject, listOf, numberOf, textOf } from './json.ts'
import { lineAmountOf, quotientE4, readCents, readE4, readUnitAmount, taxOf } from './totals.ts'

export interface LinesContext {
  readonly call: Call
  readonly side: Side
  readonly types: LineAmountTypes
  /** Being approved: what a draft may still lack is now required. */
  readonly isApproved: boolean
  readonly places: 2 | 4
  /** Discounts exist on sales invoices only (§4.3). */
  readonly mayDiscount: boolean
  /** In place of what invoices ask of an account. */
  readonly accountRule?: (account: Account) => string | null
  /** The document's lines until now: a sent LineItemID must be one of them. */
  readonly before: readonly Line[]
}

export interface ReadLines {
  readonly lines: readonly Line[]
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

const lineTexts = {
  negativeQuantity: (quantity: number) =>
    `The quantity value '${quantity.toFixed(4)}' is invalid. Quantity must not be less than zero.`,
  lineTotal: (sent: Cents, expected: Cents) =>
    `The line total ${formatCents(sent)} does not match the expected line total ${formatCents(expected)}`,
  taxTooLarge: 'The tax amount cannot be greater than the line amount!',
  lineTooLarge: 'The line amount cannot be greater than 9,999,999,999.99',
  noDiscount: 'Discounts are not supported on this type of document.',
  descriptionMissing: 'Description needs to be at least 1 character long.',
  tooMuchTracking: 'A line item can have at most 2 tracking categories.',
  lineUnknown: (id: string) => `The line item ${id} does not belong to this document.`,
  itemUnknown: (code: string) => `Item code '${code}' is not valid`,
  trackingRemoved: (name: string) =>
    `Tracking '${name}' has been removed as it does not match a recognised tracking category and option.`,
}

export function readLines(context: LinesContext, sent: readonly JsonObject[]): ReadLines {
  const errors: string[] = []
  const warnings: string[] = []
  if (sent.length === 0) errors.push(texts.linesMissing)
  const lines = sent.map((element) => readLine(context, element, errors, warnings))
  // Xero tells each thing once however many lines have it.
  return { lines, errors: [...new Set(errors)], warnings: [...new Set(warnings)] }
}

function readLine(context: LinesContext, sent: JsonObject, errors: string[], warnings: string[]): Line {
  errors.push(...tooLong(sent, lineShape))
  const element = withItem(context, sent, errors)
  const description = textOf(element, 'Description') ?? null
  const id = lineId(context, element, errors)
  const tracking = readTracking(context, element, errors, warnings)
  const itemCode = textOf(element, 'ItemCode') ?? null
  const blank = { id, description, itemCode, tracking }
  if (isDescriptionOnly(element))
    return { ...blank, ...nothing, ...missingDescription(context, description, errors) }
  const amounts = readAmounts(context, element, errors)
  if (description === null || description === '') missingDescription(context, description, errors)
  const account = readAccount(context, element, errors)
  const tax = readTax(context, element, account, amounts.lineAmount, errors)
  return { ...blank, ...amounts, accountId: account?.id ?? null, ...tax }
}

/** A line that names an item takes from it what it does not say itself; an unknown code is refused. */
function withItem({ call, side }: LinesContext, element: JsonObject, errors: string[]): JsonObject {
  const code = textOf(element, 'ItemCode')
  if (code === undefined) return element
  const item = call.organisation.itemByCode(code)
  if (!item) errors.push(lineTexts.itemUnknown(code))
  if (!item || call.switches.itemDefaults === 'left-out') return element
  const { unitPrice, accountCode, taxType } = item[side]
  const isPriced = element['UnitAmount'] !== undefined || element['LineAmount'] !== undefined
  const hasAccount = element['AccountCode'] !== undefined || element['AccountID'] !== undefined
  const description = side === 'sales' ? item.description : item.purchaseDescription
  return {
    ...(description === null ? {} : { Description: description }),
    ...(isPriced || unitPrice === null ? {} : { UnitAmount: unitPrice / 10_000 }),
    // The item's tax type belongs to its account: another account brings its own.
    ...(hasAccount || accountCode === null ? {} : { AccountCode: accountCode }),
    ...(hasAccount || taxType === null ? {} : { TaxType: taxType }),
    ...element,
  }
}

const nothing = {
  quantity: null,
  unitAmount: null,
  discountRate: null,
  discountAmount: null,
  accountId: null,
  taxType: null,
  taxAmount: cents(0),
  lineAmount: cents(0),
}

function missingDescription(context: LinesContext, description: string | null, errors: string[]): object {
  if (context.isApproved && (description === null || description === ''))
    errors.push(lineTexts.descriptionMissing)
  return {}
}

/** Legal: a line that says something and costs nothing (§4.3). */
function isDescriptionOnly(element: JsonObject): boolean {
  const more = ['Quantity', 'UnitAmount', 'LineAmount', 'AccountCode', 'AccountID', 'TaxAmount', 'ItemCode']
  return more.every((name) => element[name] === undefined)
}

/** A line sent without its id is a new line (§0.1). */
function lineId(context: LinesContext, element: JsonObject, errors: string[]): string {
  const id = textOf(element, 'LineItemID')
  if (id === undefined) return context.call.newGuid()
  if (!context.before.some((line) => line.id === id)) errors.push(lineTexts.lineUnknown(id))
  return id
}

type Amounts = Pick<Line, 'quantity' | 'unitAmount' | 'discountRate' | 'discountAmount' | 'lineAmount'>

function readAmounts(context: LinesContext, element: JsonObject, errors: string[]): Amounts {
  const rounding = context.call.switches.halfRounding
  const sentQuantity = numberOf(element, 'Quantity')
  const sentUnit = numberOf(element, 'UnitAmount')
  const sentAmount = numberOf(element, 'LineAmount')
  const rate = numberOf(element, 'DiscountRate')
  const off = numberOf(element, 'DiscountAmount')
  if (!context.mayDiscount && (rate ?? off ?? 0) !== 0) errors.push(lineTexts.noDiscount)
  if (sentQuantity !== undefined && sentQuantity < 0) errors.push(lineTexts.negativeQuantity(sentQuantity))
  const discountRate = rate ? readE4(rate, rounding) : null
  const discountAmount = off && !rate ? readCents(off, rounding) : null
  const amount = sentAmount === undefined ? null : readCents(sentAmount, rounding)
  const { quantity, unitAmount } = factors(context, sentQuantity, sentUnit, amount)
  const isComplete = sentUnit !== undefined && (sentQuantity !== undefined || amount === null)
  const expected = lineAmountOf(quantity, unitAmount, discountRate, discountAmount, rounding)
  if (amount !== null && isComplete && amount !== expected) errors.push(lineTexts.lineTotal(amount, expected))
  const lineAmount = amount !== null && !isComplete ? amount : expected
  if (Math.abs(lineAmount) > 999_999_999_999) errors.push(lineTexts.lineTooLarge)
  return { quantity, unitAmount, discountRate, discountAmount, lineAmount }
}

/** Of Quantity, UnitAmount and LineAmount one may be left out, and Quantity counts as 1 where nothing tells otherwise. */
function factors(
  context: LinesContext,
  quantity: number | undefined,
  unit: number | undefined,
  amount: Cents | null,
): { quantity: E4; unitAmount: E4 } {
  const { places } = context
  const rounding = context.call.switches.halfRounding
  const one = e4(10_000)
  if (unit !== undefined) {
    const unitAmount = readUnitAmount(unit, places, rounding)
    if (quantity !== undefined) return { quantity: readE4(quantity, rounding), unitAmount }
    return { quantity: amount === null ? one : quotientE4(amount, unitAmount, 4, rounding), unitAmount }
  }
  const known = quantity === undefined ? one : readE4(quantity, rounding)
  return {
    quantity: known,
    unitAmount: amount === null ? e4(0) : quotientE4(amount, known, places, rounding),
  }
}

function readAccount(context: LinesContext, element: JsonObject, errors: string[]): Account | null {
  const { organisation, switches } = context.call
  const code = textOf(element, 'AccountCode')
  const id = textOf(element, 'AccountID')
  if (!code && id === undefined) {
    if (context.isApproved) errors.push(texts.accountMissing)
    return null
  }
  const account = code ? organisation.accountByCode(code) : organisation.accounts.get(id ?? '')
  const rule = context.accountRule ?? ((named: Account) => accountProblem(named, context.side, switches))
  const problem = account ? rule(account) : texts.accountInvalid(code ?? id ?? '')
  if (problem !== null) errors.push(problem)
  return account ?? null
}

export function readTax(
  context: Pick<LinesContext, 'call' | 'types'>,
  element: JsonObject,
  account: Account | null,
  lineAmount: Cents,
  errors: string[],
): Pick<Line, 'taxType' | 'taxAmount'> {
  const { organisation, switches } = context.call
  const sentType = textOf(element, 'TaxType')
  const taxType = sentType ?? account?.taxType ?? null
  const rate = taxType === null ? undefined : organisation.taxRate(taxType)
  const problem = taxType === null ? null : taxProblem(rate, taxType, account)
  if (problem !== null) errors.push(problem)
  if (context.types === 'NoTax') return { taxType: 'NONE', taxAmount: cents(0) }
  const sentTax = numberOf(element, 'TaxAmount')
  if (sentTax === undefined) {
    return { taxType, taxAmount: taxOf(lineAmount, rate?.rate ?? 0, context.types, switches.halfRounding) }
  }
  const taxAmount = readCents(sentTax, switches.halfRounding)
  const isTooLarge = Math.abs(taxAmount) > Math.abs(lineAmount) || taxAmount * lineAmount < 0
  if (isTooLarge) errors.push(lineTexts.taxTooLarge)
  return { taxType, taxAmount }
}

export function readTracking(
  context: Pick<LinesContext, 'call'>,
  element: JsonObject,
  errors: string[],
  warnings: string[],
): LineTracking[] {
  const sent = listOf(element, 'Tracking') ?? []
  if (sent.length > 2) errors.push(lineTexts.tooMuchTracking)
  return sent.flatMap((entry) => {
    const found = trackingOf(context.call, entry)
    if (found) return [found]
    const name = [textOf(entry, 'Name'), textOf(entry, 'Option')].filter(Boolean).join(': ')
    const target = context.call.switches.unknownTracking === 'refused' ? errors : warnings
    target.push(lineTexts.trackingRemoved(name))
    return []
  })
}

function trackingOf(call: Call, entry: JsonObject): LineTracking | null {
  const categoryId = textOf(entry, 'TrackingCategoryID')
  const categoryName = textOf(entry, 'Name')
  const category = call.organisation.tracking.find(
    ({ id, name, status }) =>
      status === 'ACTIVE' && (categoryId === undefined ? name === categoryName : id === categoryId),
  )
  const optionId = textOf(entry, 'TrackingOptionID')
  const optionName = textOf(entry, 'Option')
  const option = category?.options.find(
    ({ id, name, status }) =>
      status === 'ACTIVE' && (optionId === undefined ? name === optionName : id === optionId),
  )
  if (!category || !option) return null
  return { categoryId: category.id, optionId: option.id, name: category.name, option: option.name }
}
