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

/** Value in, wire value out; throws a WireError that names the path. */
type Rewrite = (value: unknown, path: string) => unknown

/** A bug of the mapping: the models are not what the SDK's types say. */
export class WireError extends TypeError {
  override readonly name = 'WireError'
}

const lists: Readonly<Record<WireList, { model: string; member: string }>> = {
  Contacts: { model: 'Contacts', member: 'contacts' },
  Invoices: { model: 'Invoices', member: 'invoices' },
}

/**
 * `{"Invoices":[…]}` as UTF-8, byte for byte what xero-node sends for the same models. Throws WireError for unknown or
 * wrongly cased properties, null, NaN, Infinity, Date objects and anything that is not plain.
 */
export function encodeModels(list: WireList, models: readonly object[]): Uint8Array {
  if (models.length === 0) throw new WireError(`a request without ${list}`)
  const { model, member } = lists[list]
  return Buffer.from(JSON.stringify(rewriterOf(model)({ [member]: models }, '')), 'utf8')
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
  if (array === 'string') return (_, path) => refuse(path, 'lists of text are not supported')
  if (array) return arrayOf(array)
  switch (type) {
    case 'string':
      return (value, path) =>
        typeof value === 'string' ? value : refuse(path, `must be text, not ${typeof value}`)
    case 'boolean':
      return (value, path) => (typeof value === 'boolean' ? value : refuse(path, `must be true or false`))
    case 'number':
      return (value, path) =>
        Number.isFinite(value) ? value : refuse(path, `must be a number, not ${String(value)}`)
    case 'Date':
      return (_, path) => refuse(path, 'is an instant that Xero sets itself')
  }
  const attributes = attributesOf(type)
  // What has no attribute map is an enumeration, whose values are text on the wire.
  return attributes ? modelOf(type, attributes) : compile('string')
}

function arrayOf(type: string): Rewrite {
  return (value, path) => {
    if (!Array.isArray(value)) refuse(path, 'must be a list')
    const rewrite = rewriterOf(type)
    // Array.from also visits holes, which map would leave.
    return Array.from(value, (one: unknown, index) => rewrite(one, `${path}[${index}]`))
  }
}

function modelOf(type: string, attributes: readonly Attribute[]): Rewrite {
  const names = new Set(attributes.map((attribute) => attribute.name))
  return (value, path) => {
    if (!isPlain(value)) refuse(path, `must be a plain ${type}`)
    const wire: Record<string, unknown> = {}
    let taken = 0
    for (const { name, wireName, rewrite } of attributes) {
      const member = value[name]
      if (member === undefined) continue
      taken += 1
      wire[wireName] = rewrite(member, `${path}.${wireName}`)
    }
    const given = Object.keys(value).filter((key) => value[key] !== undefined)
    if (given.length !== taken) {
      const unknown = given.find((key) => !names.has(key))
      refuse(path, `has “${unknown ?? 'an inherited property'}”, which ${type} has not`)
    }
    return wire
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function refuse(path: string, why: string): never {
  throw new WireError(`${path.replace(/^\./, '') || 'the request'} ${why}`)
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
  return model.getAttributeTypeMap().map(({ name, baseName, type: attributeType }) => ({
    name,
    wireName: baseName,
    // Looked up when used: models refer to each other in circles.
    rewrite: (value, path) => rewriterOf(attributeType)(value, path),
  }))
}

function hasAttributes(
  model: unknown,
): model is { getAttributeTypeMap(): { name: string; baseName: string; type: string }[] } {
  return typeof model === 'function' && 'getAttributeTypeMap' in model
}
