// JSON as it comes off and goes onto the wire, and reading single values out of it. What a value means is the resources' business.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
/** Undefined values are left out when written, so that a view can say `Url: invoice.url`. */
export interface JsonObject {
  readonly [name: string]: Json | undefined
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Null counts as not sent: whether null clears a field in Xero is not established (§9). */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  return typeof value === 'string' ? value : undefined
}

export function numberOf(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  return typeof value === 'number' ? value : undefined
}

export function booleanOf(object: JsonObject, name: string): boolean | undefined {
  const value = object[name]
  return typeof value === 'boolean' ? value : undefined
}

export function objectOf(object: JsonObject, name: string): JsonObject | undefined {
  const value = object[name]
  return isObject(value) ? value : undefined
}

/** The objects of a list, or undefined where the list was not sent. */
export function listOf(object: JsonObject, name: string): readonly JsonObject[] | undefined {
  const value = object[name]
  return Array.isArray(value) ? value.filter(isObject) : undefined
}
