// Reads request bodies: JSON, the plural key or a bare object, and every property against the shape that Xero publishes.
// What cannot be read refuses the whole call; what can be read and is wrong is each element's own verdict.

import { readDate } from './dates.ts'
import { isGuid } from './guid.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import type { Switches } from './switches.ts'

export type Field =
  | { readonly kind: 'text'; readonly max?: number }
  | { readonly kind: 'number' | 'boolean' | 'date' | 'guid' }
  /** Known, and without effect in a request. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'choice'; readonly of: readonly string[]; readonly typeName: string }
  | { readonly kind: 'object' | 'list'; readonly shape: Shape }

export interface Shape {
  readonly name: string
  readonly fields: Readonly<Record<string, Field>>
}

export const text = (max?: number): Field => (max === undefined ? { kind: 'text' } : { kind: 'text', max })
export const number: Field = { kind: 'number' }
export const boolean: Field = { kind: 'boolean' }
export const date: Field = { kind: 'date' }
export const guid: Field = { kind: 'guid' }
export const ignored: Field = { kind: 'ignored' }
export const object = (shape: Shape): Field => ({ kind: 'object', shape })
export const list = (shape: Shape): Field => ({ kind: 'list', shape })
export const choice = (typeName: string, of: readonly string[]): Field => ({ kind: 'choice', of, typeName })

/** The whole call cannot be read: 400 with ErrorNumber 14 (§3.2). */
export class UnreadableBody extends Error {}

export function parseJson(body: string): JsonObject {
  let value: Json
  try {
    // JSON.parse is typed any; what it gives is Json by definition.
    value = JSON.parse(body) as Json
  } catch (cause) {
    throw new UnreadableBody('The request body is not valid JSON.', { cause })
  }
  if (!isObject(value)) throw new UnreadableBody('The request body is not a JSON object.')
  return value
}

/** The elements of a write: `{"Invoices":[…]}`, or one bare object (§3.1). */
export function readElements(
  body: string,
  key: string,
  shape: Shape,
  switches: Switches,
): readonly JsonObject[] {
  const whole = parseJson(body)
  const wrapper = findKey(whole, key, switches)
  if (wrapper === undefined) {
    if (Object.keys(whole).length === 0) throw new UnreadableBody(`No ${key} in the request body.`)
    return [readObject(whole, shape, '', switches)]
  }
  const stray = Object.keys(whole).find((name) => name !== wrapper)
  if (stray !== undefined && switches.unknownProperties === 'refused') throw unknown(stray, key, [key], stray)
  const elements = whole[wrapper]
  if (!Array.isArray(elements)) throw new UnreadableBody(`${key} is not a list. Path '${key}'.`)
  return elements.map((element, at) => {
    if (!isObject(element)) throw new UnreadableBody(`${key}[${at}] is not an object. Path '${key}[${at}]'.`)
    return readObject(element, shape, `${key}[${at}].`, switches)
  })
}

function findKey(whole: JsonObject, key: string, switches: Switches): string | undefined {
  if (key in whole) return key
  const other = Object.keys(whole).find((name) => name.toLowerCase() === key.toLowerCase())
  if (other === undefined || switches.unknownProperties === 'ignored') return other
  throw unknown(other, 'the request', [key], other)
}

export function readObject(value: JsonObject, shape: Shape, path: string, switches: Switches): JsonObject {
  const out: Record<string, Json> = {}
  for (const [name, content] of Object.entries(value)) {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
    if (!field) {
      if (switches.unknownProperties === 'ignored') continue
      throw unknown(name, shape.name, Object.keys(shape.fields), path + name)
    }
    if (content === null || content === undefined || field.kind === 'ignored') continue
    out[name] = readField(content, field, path + name, switches)
  }
  return out
}

function readField(value: Json, field: Field, path: string, switches: Switches): Json {
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' ? value : refuse(value, 'System.String', path)
    case 'number':
      return typeof value === 'number' ? value : refuse(value, 'System.Decimal', path)
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(value, 'System.Boolean', path)
    case 'date':
      return typeof value === 'string' && readDate(value) !== null
        ? value
        : refuse(value, 'System.DateTime', path)
    case 'guid':
      return typeof value === 'string' && isGuid(value)
        ? value.toLowerCase()
        : refuse(value, 'System.Guid', path)
    case 'choice':
      return typeof value === 'string' && field.of.includes(value)
        ? value
        : refuse(value, `Xero.API.Library..${field.typeName}`, path)
    case 'object':
      return isObject(value)
        ? readObject(value, field.shape, `${path}.`, switches)
        : refuse(value, field.shape.name, path)
    case 'list':
      if (!Array.isArray(value)) return refuse(value, `${field.shape.name}[]`, path)
      return value.map((element, at) =>
        isObject(element)
          ? readObject(element, field.shape, `${path}[${at}].`, switches)
          : refuse(element, field.shape.name, `${path}[${at}]`),
      )
    case 'ignored':
      return null
  }
}

function refuse(value: Json, typeName: string, path: string): never {
  throw new UnreadableBody(
    `Error converting value ${JSON.stringify(value)} to type '${typeName}'. Path '${path}'.`,
  )
}

function unknown(name: string, owner: string, known: readonly string[], path: string): UnreadableBody {
  const cased = known.find((other) => other.toLowerCase() === name.toLowerCase())
  const hint = cased === undefined ? '' : `, it is spelt '${cased}'`
  return new UnreadableBody(`'${name}' is not a property of ${owner}${hint}. Path '${path}'.`)
}

/** Texts above their published length, as messages of the element. Xero's own words are not known (§9). */
export function tooLong(value: JsonObject, shape: Shape): string[] {
  const messages: string[] = []
  for (const [name, content] of Object.entries(value)) {
    const field = shape.fields[name]
    if (
      field?.kind === 'text' &&
      field.max !== undefined &&
      typeof content === 'string' &&
      content.length > field.max
    ) {
      messages.push(`The ${shape.name} field ${name} must not be longer than ${field.max} characters.`)
    }
    if (field?.kind === 'object' && isObject(content)) messages.push(...tooLong(content, field.shape))
    if (field?.kind === 'list' && Array.isArray(content)) {
      for (const element of content) if (isObject(element)) messages.push(...tooLong(element, field.shape))
    }
  }
  return messages
}
