// Text that a template makes: the reference of a document and the descriptions of its lines (I2). Whether the text is
// too long for Xero is validation's business.

import type { Books } from '../accounting/books.ts'
import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import type { LineKind } from '../accounting/kinds.ts'
import { type E4, formatCents, formatE4 } from '../accounting/money.ts'
import type { descriptionTokens, referenceTokens } from '../accounting/settings.ts'

type ReferenceToken = (typeof referenceTokens)[number]
type DescriptionToken = (typeof descriptionTokens)[number]

/**
 * Fills a template. Tokens that touch, such as `{po_number}{job}`, are alternatives: the first that has a value is
 * used. Null where the template has tokens and none has a value: then its fixed words say nothing.
 */
function fillTemplate(template: string, find: (token: string) => string): string | null {
  let hasTokens = false
  let hasValue = false
  const text = template.replaceAll(/(?:\{[^}]*\})+/g, (run) => {
    hasTokens = true
    for (const [, token = ''] of run.matchAll(/\{([^}]*)\}/g)) {
      const value = find(token)
      if (value === '') continue
      hasValue = true
      return value
    }
    return ''
  })
  return hasTokens && !hasValue ? null : text.trim() || null
}

/** Fields that are lists by nature: a comma there separates values, in a job's name it does not. */
const listTokens: ReadonlySet<ReferenceToken> = new Set([
  'vehicle_registration',
  'po_number',
  'week_ending',
  'recruiters',
])

/** The first value of a field that holds several, separated by semicolons, bars or lines (lists also by commas). */
function firstValue(text: string | null, token: ReferenceToken): string {
  if (text === null) return ''
  for (const value of text.split(listTokens.has(token) ? /[;|\r\n,]/ : /[;|\r\n]/)) {
    const trimmed = value.trim()
    if (trimmed !== '') return trimmed
  }
  return ''
}

function documentValue(token: ReferenceToken, document: LedgerDocument): string {
  switch (token) {
    case 'vehicle_registration':
      return firstValue(document.vehicleRegistration, token)
    case 'po_number':
      return firstValue(document.poNumber, token)
    case 'job':
      return firstValue(document.job, token)
    case 'employee':
      return firstValue(document.employee, token)
    case 'week_ending':
      return firstValue(document.weekEnding, token)
    case 'recruiters':
      return firstValue(document.recruiters, token)
    case 'number':
      return document.number
  }
}

/** The document's own reference, else what the entity's template makes of it; null where there is nothing to say. */
export function referenceOf(document: LedgerDocument, books: Books): string | null {
  const own = document.reference?.trim()
  if (own) return own
  // The setting was checked to hold no other tokens (settings.ts).
  return fillTemplate(books.settings.reference_template, (token) =>
    documentValue(token as ReferenceToken, document),
  )
}

const kindWords: Record<LineKind, string> = {
  charge: 'Charge',
  part: 'Part',
  labour: 'Labour',
  outwork: 'Outwork',
  freight: 'Freight',
  discount: 'Discount',
  rounding: 'Rounding',
  note: 'Note',
}

/** What Xero shows for a line: the template's text, else the item, else the kind in words; never empty (§4.3). */
export function lineDescription(line: DocumentLine, document: LedgerDocument, books: Books): string {
  const template = books.settings.line_description_template
  const text =
    template === '{description}'
      ? line.description?.trim()
      : // The setting was checked to hold no other tokens (settings.ts).
        fillTemplate(template, (token) => lineValue(token as DescriptionToken, line, document))
  return text || line.item?.trim() || kindWords[line.kind]
}

function lineValue(token: DescriptionToken, line: DocumentLine, document: LedgerDocument): string {
  switch (token) {
    case 'description':
      return line.description?.trim() ?? ''
    case 'item':
      return line.item?.trim() ?? ''
    case 'quantity':
      return formatE4(line.quantity)
    case 'unit_price':
      return line.unitPrice === null ? '' : formatPrice(line.unitPrice)
    default:
      return documentValue(token, document)
  }
}

/** A unit price as people write it: two decimals, more only where it has them. */
function formatPrice(price: E4): string {
  return price % 100 === 0 ? formatCents(price / 100) : formatE4(price)
}

/**
 * Quantity, price and discount in words, for a line that goes to Xero as one times its amount: "2.5 × 33.3333 less 10%".
 * Null where they say no more than the amount does. The currency is named where the amount is sent in another.
 */
export function pricingInWords(line: DocumentLine, foreignCurrency: string | null): string | null {
  const { quantity, unitPrice, discountPercent } = line
  const currency = foreignCurrency === null ? '' : ` ${foreignCurrency}`
  const discount = discountPercent === 0 ? '' : `less ${formatE4(discountPercent)}%`
  if (unitPrice !== null) {
    const isPlain = quantity === 10_000 && discount === '' && unitPrice === line.amount * 100
    if (isPlain && currency === '') return null
    return `${formatE4(quantity)} × ${formatPrice(unitPrice)}${currency} ${discount}`.trim()
  }
  const words = [
    quantity === 10_000 ? '' : `quantity ${formatE4(quantity)}`,
    discount,
    currency === '' ? '' : `${formatCents(line.amount)}${currency}`,
  ].filter((word) => word !== '')
  return words.length === 0 ? null : words.join(', ')
}
