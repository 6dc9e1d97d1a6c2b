// Turns xero-node's models into the exact bytes of a request, once. Names, order and shapes come from the SDK's own
// attribute maps; unlike its serializer this one refuses what the SDK drops or garbles without a word.

import { createRequire } from 'node:module'
import type { WireList } from './gateway.ts'

const require = createRequire(import.meta.url)

/** One property of a model: its name in the SDK, on the wire, and how its value is checked and rewritten. */
interface Attribute {
  name: string
  wireName: string
  rewrite: Rewrite
}

/** Value in, wire value out; throws a WireError. */
type Rewrite = (value: unknown) => unknown

/** A bug of the mapping: the models are not what the SDK's types say. */
export class WireError extends TypeError {
  override readonly name = 'WireError'
  readonly path: string
  readonly why: string

  constructor(path: string, why: string) {
    super(`${path || 'the request'} ${why}`)
    this.path = path
    this.why = why
  }
}

/** The path is put together on the way out, since it is hardly ever wanted and there are thousands of values. */
function within(place: string, error: unknown): unknown {
  if (!(error instanceof WireError)) return error
  const isList = error.path.startsWith('[') || error.path === ''
  return new WireError(isList ? `${place}${error.path}` : `${place}.${error.path}`, error.why)
}

function refuse(why: string): never {
  throw new WireError('', why)
}

/** The member of the SDK's model of a list, which bears the list's own name. Null: its bodies are no models. */
const listMembers: Readonly<Record<WireList, string | null>> = {
  Contacts: 'contacts',
  Items: 'items',
  Invoices: 'invoices',
  CreditNotes: 'creditNotes',
  PurchaseOrders: 'purchaseOrders',
  ManualJournals: 'manualJournals',
  BankTransactions: 'bankTransactions',
  Payments: 'payments',
  Allocations: 'allocations',
  HistoryRecords: 'historyRecords',
  Attachments: null, // the bytes of a file
}

/**
 * `{"Invoices":[…]}` as UTF-8, byte for byte what xero-node sends for the same models. Throws WireError for unknown or
 * wrongly cased properties, null, NaN, Infinity, Date objects and anything that is not plain, and for Attachments.
 */
export function encodeModels(list: WireList, models: readonly object[]): Uint8Array {
  if (models.length === 0) throw new WireError('', `holds no ${list}`)
  const member = listMembers[list]
  if (member === null) throw new WireError('', `holds ${list}, which are files and not models`)
  return encode(list, { [member]: models })
}

/** The only body that POST /Payments/{id} takes; the SDK sends it bare, without the list around it (§4.5). */
export function encodeDeletion(): Uint8Array {
  return encode('PaymentDelete', { status: 'DELETED' })
}

function encode(model: string, value: object): Uint8Array {
  return Buffer.from(JSON.stringify(rewriterOf(model)(value)), 'utf8')
}

const rewriters = new Map<string, Rewrite>()

/** Compiled on first use and kept. Self-reference is looked up by name at the time of use. */
function rewriterOf(type: string): Rewrite {
  const known = rewriters.get(type)
  if (known) return known
  const rewriter = compile(type)
  rewriters.set(type, rewriter)
  return rewriter
}

function compile(type: string): Rewrite {
  const array = /^Array<(.+)>$/.exec(type)?.[1]
  // The SDK joins these with commas, which cannot be undone where a value holds one; no model that we send has them.
  if (array === 'string') return () => refuse('is a list of text, which is not supported')
  if (array) return arrayOf(array)
  switch (type) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : refuse(`must be text, not ${typeof value}`))
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : refuse('must be true or false'))
    case 'number':
      return (value) => (Number.isFinite(value) ? value : refuse(`must be a number, not ${String(value)}`))
    case 'Date':
      return () => refuse('is an instant that Xero sets itself')
  }
  const attributes = attributesOf(type)
  // What has no attribute map is an enumeration, whose values are text on the wire.
  return attributes ? modelOf(type, attributes) : compile('string')
}

function arrayOf(type: string): Rewrite {
  return (value) => {
    if (!Array.isArray(value)) refuse('must be a list')
    const rewrite = rewriterOf(type)
    const wire: unknown[] = []
    for (let index = 0; index < value.length; index += 1) {
      try {
        wire.push(rewrite(value[index]))
      } catch (error) {
        throw within(`[${index}]`, error)
      }
    }
    return wire
  }
}

function modelOf(type: string, attributes: readonly Attribute[]): Rewrite {
  const names = new Set(attributes.map((attribute) => attribute.name))
  return (value) => {
    if (!isPlain(value)) refuse(`must be a plain ${type}`)
    const wire: Record<string, unknown> = {}
    let taken = 0
    for (const { name, wireName, rewrite } of attributes) {
      const member = value[name]
      if (member === undefined) continue
      taken += 1
      try {
        wire[wireName] = rewrite(member)
      } catch (error) {
        throw within(wireName, error)
      }
    }
    for (const key in value) {
      if (value[key] === undefined) continue
      taken -= 1
      if (!names.has(key)) refuse(`has “${key}”, which ${type} has not`)
    }
    return taken === 0 ? wire : refuse('has hidden properties')
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The SDK's attribute map of a model, or null for an enumeration. Each model is a file of its own, so that only what is
 * sent is loaded: the whole SDK would cost the program a third of a second at every start.
 */
function attributesOf(type: string): Attribute[] | null {
  const [owner = '', nested] = type.split('.')
  if (nested !== undefined) return null // Invoice.StatusEnum
  const file = owner.charAt(0).toLowerCase() + owner.slice(1)
  const module: Record<string, unknown> = require(`xero-node/dist/gen/model/accounting/${file}.js`)
  const model = module[owner]
  if (!hasAttributes(model)) return null
  return model.getAttributeTypeMap().map(({ name, baseName, type: attributeType }) => {
    let found: Rewrite | null = null // looked up when used: models refer to each other in circles
    const rewrite: Rewrite = (value) => {
      found ??= rewriterOf(attributeType)
      return found(value)
    }
    return { name, wireName: baseName, rewrite }
  })
}

function hasAttributes(
  model: unknown,
): model is { getAttributeTypeMap(): { name: string; baseName: string; type: string }[] } {
  return typeof model === 'function' && 'getAttributeTypeMap' in model
}
