// Checks HTTP exchanges against Xero's published description of the Accounting API, which nobody here wrote. It says
// nothing about meaning: sums, statuses, limits and matching are the sandbox's own tests.

import { existsSync, readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'
import { parse } from 'yaml'

export interface Exchange {
  method: string
  url: string
  requestHeaders: Readonly<Record<string, string | undefined>>
  requestBody: string
  status: number | null
  responseHeaders: Readonly<Record<string, string | undefined>>
  responseBody: string | null
}

export interface Finding {
  side: 'request' | 'response'
  level: 'error' | 'warning'
  rule: string
  operation: string | null
  at: string
  detail: string
}

type Node = { readonly [name: string]: unknown }
type Side = Finding['side']

interface Operation {
  id: string
  method: string
  pattern: RegExp
  pathNames: string[]
  parameters: { name: string; in: string; isRequired: boolean; schema: Node }[]
  requestSchema: Node | null
  takesBody: boolean
  responses: Node
}

/** Statuses that Xero documents for every endpoint in prose and lists for none in the description. */
const everywhere = new Set([401, 403, 404, 405, 412, 413, 415, 429, 500, 501, 502, 503, 504])

/** Where Xero's description contradicts Xero's own examples; nothing else is excused. */
const tolerated: readonly { operation: RegExp; side: RegExp; rule: RegExp; at: RegExp }[] = [
  // Its getPayments example sends these two as strings.
  {
    operation: /^(getPayments?|createPayments?|getBatchPayments?)$/,
    side: /^response$/,
    rule: /^schema$/,
    at: /\/BatchPayment\/(TotalAmount|IsReconciled)$/,
  },
  // Its example of a deleted allocation lacks what the schema requires.
  { operation: /^delete\w+Allocations$/, side: /^response$/, rule: /^schema$/, at: /^(\/|\/Invoice)$/ },
  // Its example wraps the payment in a list.
  {
    operation: /^(createPayment|deletePayment)$/,
    side: /^request$/,
    rule: /^(unknown-property|schema)$/,
    at: /^(\/|\/Payments)$/,
  },
  // A rate is no money: of invoices it says itself that it has six decimals.
  { operation: /./, side: /./, rule: /^money$/, at: /\/CurrencyRate$/ },
  // An empty object by design.
  { operation: /^emailInvoice$/, side: /^request$/, rule: /^empty$/, at: /./ },
  // In its examples, and in no schema.
  {
    operation: /./,
    side: /./,
    rule: /^unknown-property$/,
    at: /\/LineItems\/\d+\/DiscountEnteredAsPercent$/,
  },
]

const msDate = /^\/Date\(-?\d+(?:[+-]\d{4})?\)\/$/
const isoDate = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d\d:\d\d:\d\d(\.\d+)?Z?)?$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export class OpenApi {
  readonly #root: Node
  readonly #operations: Operation[]
  readonly #ajv = new Ajv({ strict: false, allErrors: true })
  readonly #compiled = new Map<string, ValidateFunction>()
  /** Properties that only Xero's own example answers show, by the name of the schema they were found in. */
  readonly #shown = new Map<string, Set<string>>()

  constructor(yaml: string) {
    const document: unknown = parse(yaml)
    if (!isNode(document)) throw new Error('the OpenAPI description is no object')
    this.#root = document
    // The package is CommonJS: under nodenext its default export is the module, whose own default is the function.
    addFormatsModule.default(this.#ajv)
    this.#ajv.addSchema({ $id: 'xero', components: bare(document['components']) }, 'xero')
    this.#operations = this.#readOperations()
    this.#readExamples()
  }

  get operations(): string[] {
    return this.#operations.map((operation) => operation.id)
  }

  check(exchange: Exchange): Finding[] {
    return [...this.checkRequest(exchange), ...this.checkResponse(exchange)]
  }

  checkRequest(exchange: Exchange): Finding[] {
    const found = this.#match(exchange)
    if (typeof found === 'string') return [finding('request', null, found, exchange.url, exchange.method)]
    const { operation } = found
    const out: Finding[] = []
    const add = (rule: string, at: string, detail: string, level: Finding['level'] = 'error') =>
      out.push({ ...finding('request', operation.id, rule, at, detail), level })
    this.#checkParameters(exchange, found, add)
    const headers = exchange.requestHeaders
    if (!/^Bearer \S+$/.test(headers['authorization'] ?? ''))
      add('authorization', 'header', 'no bearer token')
    if (!/application\/json|\*\/\*/.test(headers['accept'] ?? ''))
      add('accept', 'header', String(headers['accept']))
    if ((headers['idempotency-key'] ?? '').length > 128)
      add('idempotency-key', 'header', 'longer than 128 characters')
    const isWrite = exchange.method === 'PUT' || exchange.method === 'POST'
    if (isWrite && !headers['idempotency-key'])
      add('idempotency-key', 'header', 'absent on a write', 'warning')
    this.#checkRequestBody(exchange, operation, add)
    return out.filter((one) => !isTolerated(one))
  }

  checkResponse(exchange: Exchange): Finding[] {
    const found = this.#match(exchange)
    const { status } = exchange
    if (status === null) return []
    if (typeof found === 'string') {
      return status === 404 ? [] : [finding('response', null, found, exchange.url, String(status))]
    }
    const { operation } = found
    const documented = this.#resolve(operation.responses[String(status)])
    const out = documented
      ? this.#checkDocumented(exchange, operation, documented)
      : undocumented(exchange, operation.id, status)
    return out.filter((one) => !isTolerated(one))
  }

  #checkDocumented(exchange: Exchange, operation: Operation, documented: Node): Finding[] {
    const schema = jsonSchema(documented)
    if (!schema) return []
    const out: Finding[] = []
    const type = exchange.responseHeaders['content-type'] ?? exchange.responseHeaders['Content-Type'] ?? ''
    if (!type.startsWith('application/json'))
      out.push(finding('response', operation.id, 'content-type', 'header', type))
    const value = parsed(exchange.responseBody ?? '')
    if (value === undefined)
      return [...out, finding('response', operation.id, 'json', '/', 'the body is not JSON')]
    return [
      ...out,
      ...this.#checkBody('response', operation.id, schema, value, `${operation.id}.${exchange.status}`),
    ]
  }

  #checkRequestBody(exchange: Exchange, operation: Operation, add: Add): void {
    const text = exchange.requestBody
    if (!operation.takesBody) {
      // xero-node sends {} with every GET.
      if (text !== '' && text !== '{}') add('unexpected-body', '/', text.slice(0, 80))
      return
    }
    if (!operation.requestSchema) return
    const type = exchange.requestHeaders['content-type'] ?? ''
    if (!type.startsWith('application/json')) add('content-type', 'header', type)
    const value = parsed(text)
    if (value === undefined) {
      add('json', '/', 'the body is not JSON')
      return
    }
    if (isNode(value) && Object.keys(value).length === 0) add('empty', '/', 'an empty object')
    for (const one of this.#checkBody(
      'request',
      operation.id,
      operation.requestSchema,
      value,
      operation.id,
    )) {
      add(one.rule, one.at, one.detail, one.level)
    }
  }

  #checkParameters(exchange: Exchange, { operation, values, query }: Match, add: Add): void {
    for (const { name, in: place, isRequired, schema } of operation.parameters) {
      const sent = {
        query: query.get(name),
        header: exchange.requestHeaders[name.toLowerCase()],
        path: values[name],
      }
      const value = place === 'query' ? sent.query : place === 'header' ? sent.header : sent.path
      if (value === undefined || value === null) {
        if (isRequired && place !== 'path') add(`${place}-missing`, name, 'required')
        continue
      }
      const problem = this.#parameterProblem(schema, value)
      if (problem !== null) add(`${place}-type`, name, `${value}: ${problem}`)
    }
    const known = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
    for (const name of new Set(query.keys())) {
      if (!known.includes(name)) add('query-unknown', name, 'not a parameter of this operation')
      else if (query.getAll(name).length > 1) add('query-repeated', name, 'more than once')
    }
  }

  #parameterProblem(schema: Node, value: string): string | null {
    const resolved = this.#resolve(schema) ?? {}
    if (resolved['type'] !== 'array') return scalarProblem(resolved, value)
    const items = this.#resolve(resolved['items']) ?? {}
    for (const part of value.split(',')) {
      const problem = scalarProblem(items, part)
      if (problem !== null) return problem
    }
    return null
  }

  #checkBody(side: Side, operation: string, schema: Node, value: unknown, label: string): Finding[] {
    const out: Finding[] = []
    const validate = this.#compile(schema)
    if (!validate(value)) {
      for (const error of validate.errors ?? []) {
        out.push(
          finding(side, operation, 'schema', error.instancePath || '/', error.message ?? error.keyword),
        )
      }
    }
    this.#walk(
      schema,
      value,
      '',
      label,
      (rule, at, detail, level = 'error') => {
        out.push({ ...finding(side, operation, rule, at, detail), level })
      },
      side,
    )
    return out
  }

  /** What JSON Schema cannot say of this description: unknown names, read-only fields, two spellings of dates, money. */
  #walk(schema: unknown, value: unknown, at: string, label: string, add: Add, side: Side): void {
    const name = refName(schema) ?? label
    const resolved = this.#resolve(schema)
    if (!resolved || value === null || value === undefined) return
    if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) {
        this.#walk(resolved['items'], entry, `${at}/${index}`, `${name}[]`, add, side)
      }
    } else if (isNode(value)) {
      this.#walkObject(resolved, value, at, name, add, side)
    } else {
      checkScalar(resolved, value, at, add, side)
    }
  }

  #walkObject(schema: Node, value: Node, at: string, name: string, add: Add, side: Side): void {
    const properties = isNode(schema['properties']) ? schema['properties'] : null
    for (const [key, content] of Object.entries(value)) {
      const property = properties?.[key]
      if (property === undefined) {
        const isShown = side === 'response' && this.#shown.get(name)?.has(key)
        if (properties && !isShown) add('unknown-property', `${at}/${key}`, `${name} has no such property`)
        continue
      }
      if (side === 'request' && this.#resolve(property)?.['readOnly'] === true) {
        add('read-only', `${at}/${key}`, 'in a request', 'warning')
      }
      this.#walk(property, content, `${at}/${key}`, `${name}.${key}`, add, side)
    }
  }

  #compile(schema: Node): ValidateFunction {
    const text = JSON.stringify(bare(schema)).replaceAll('"#/components/', '"xero#/components/')
    const known = this.#compiled.get(text)
    if (known) return known
    // bare() gives an object back for an object.
    const validate = this.#ajv.compile(JSON.parse(text) as object)
    this.#compiled.set(text, validate)
    return validate
  }

  #resolve(schema: unknown): Node | null {
    let node = schema
    while (isNode(node) && typeof node['$ref'] === 'string') {
      let target: unknown = this.#root
      for (const part of node['$ref'].split('/').slice(1)) target = isNode(target) ? target[part] : undefined
      node = target
    }
    return isNode(node) ? node : null
  }

  #match(exchange: Exchange): Match | 'path-unknown' | 'method-unknown' {
    const url = new URL(exchange.url, 'http://localhost')
    const base = '/api.xro/2.0'
    if (!url.pathname.startsWith(`${base}/`)) return 'path-unknown'
    const path = url.pathname.slice(base.length)
    const fitting = this.#operations.filter((operation) => operation.pattern.test(path))
    const operation = fitting.find(({ method }) => method === exchange.method)
    if (!operation) return fitting.length > 0 ? 'method-unknown' : 'path-unknown'
    const parts = operation.pattern.exec(path)?.slice(1) ?? []
    const values = operation.pathNames.map((name, index) => [name, decodeURIComponent(parts[index] ?? '')])
    return { operation, values: Object.fromEntries(values), query: url.searchParams }
  }

  #readOperations(): Operation[] {
    const operations: Operation[] = []
    for (const [path, item] of Object.entries(isNode(this.#root['paths']) ? this.#root['paths'] : {})) {
      if (!isNode(item)) continue
      for (const method of ['get', 'put', 'post', 'delete']) {
        const operation = item[method]
        if (isNode(operation)) operations.push(this.#readOperation(path, method, item, operation))
      }
    }
    // Fewer variable parts first: a literal path wins.
    return operations.sort((a, b) => a.pathNames.length - b.pathNames.length)
  }

  #readOperation(path: string, method: string, item: Node, operation: Node): Operation {
    const both = [item['parameters'], operation['parameters']].flatMap((list) =>
      Array.isArray(list) ? list : [],
    )
    const body = this.#resolve(operation['requestBody'])
    return {
      id: String(operation['operationId']),
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`),
      pathNames: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
      parameters: both.flatMap((entry) => {
        const parameter = this.#resolve(entry)
        if (!parameter || !isNode(parameter['schema'])) return []
        const { name, schema } = parameter
        return [
          {
            name: String(name),
            in: String(parameter['in']),
            isRequired: parameter['required'] === true,
            schema,
          },
        ]
      }),
      takesBody: body !== null,
      requestSchema: body ? jsonSchema(body) : null,
      responses: isNode(operation['responses']) ? operation['responses'] : {},
    }
  }

  #readExamples(): void {
    for (const { id, responses } of this.#operations) {
      for (const [status, entry] of Object.entries(responses)) {
        const response = this.#resolve(entry)
        const content =
          response && isNode(response['content']) ? response['content']['application/json'] : null
        if (isNode(content) && content['example'] !== undefined) {
          this.#collect(content['schema'], content['example'], `${id}.${status}`)
        }
      }
    }
  }

  #collect(schema: unknown, value: unknown, label: string): void {
    const name = refName(schema) ?? label
    const resolved = this.#resolve(schema)
    if (!resolved) return
    if (Array.isArray(value)) {
      for (const entry of value) this.#collect(resolved['items'], entry, `${name}[]`)
    } else if (isNode(value)) {
      const properties = isNode(resolved['properties']) ? resolved['properties'] : {}
      for (const [key, content] of Object.entries(value)) {
        if (properties[key] !== undefined) this.#collect(properties[key], content, `${name}.${key}`)
        else this.#shown.set(name, (this.#shown.get(name) ?? new Set()).add(key))
      }
    }
  }
}

type Add = (rule: string, at: string, detail: string, level?: Finding['level']) => void

interface Match {
  operation: Operation
  values: Record<string, string>
  query: URLSearchParams
}

function finding(side: Side, operation: string | null, rule: string, at: string, detail: string): Finding {
  return { side, level: 'error', rule, operation, at, detail }
}

function isTolerated(one: Finding): boolean {
  return tolerated.some(
    ({ operation, side, rule, at }) =>
      operation.test(one.operation ?? '') && side.test(one.side) && rule.test(one.rule) && at.test(one.at),
  )
}

function undocumented(exchange: Exchange, operation: string, status: number): Finding[] {
  const out: Finding[] = []
  const add = (rule: string, detail: string, level: Finding['level'] = 'error') =>
    out.push({ ...finding('response', operation, rule, 'header', detail), level })
  if (status === 304 && exchange.method === 'GET') add('status', '304 is not in the description', 'warning')
  else if (!everywhere.has(status) && !(status === 400 && isBodyless(exchange))) add('status', String(status))
  if (status === 429) {
    const headers = exchange.responseHeaders
    const retryAfter = headers['retry-after'] ?? headers['Retry-After'] ?? ''
    const problem = headers['x-rate-limit-problem'] ?? headers['X-Rate-Limit-Problem'] ?? ''
    if (!/^\d+$/.test(retryAfter)) add('retry-after', `429 with '${retryAfter}'`)
    if (!/^(minute|appminute|day|concurrent)$/i.test(problem)) add('rate-limit-problem', problem, 'warning')
  }
  return out
}

/** For these the description names no refusal at all, though Xero refuses them like others: an allocation that is gone, say. */
function isBodyless({ method }: Exchange): boolean {
  return method === 'GET' || method === 'DELETE'
}

function jsonSchema(holder: Node): Node | null {
  const content = isNode(holder['content']) ? holder['content']['application/json'] : null
  return isNode(content) && isNode(content['schema']) ? content['schema'] : null
}

function refName(schema: unknown): string | undefined {
  const ref = isNode(schema) ? schema['$ref'] : undefined
  return typeof ref === 'string' ? ref.split('/').at(-1) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function scalarProblem(schema: Node, value: string): string | null {
  const { type, format } = schema
  if (type === 'integer' && !/^-?\d+$/.test(value)) return 'not an integer'
  if (type === 'number' && !Number.isFinite(Number(value))) return 'not a number'
  if (type === 'boolean' && !/^(true|false)$/i.test(value)) return 'not a boolean'
  if (format === 'uuid' && !uuid.test(value)) return 'not a uuid'
  if (format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(value)) return 'not a date'
  if (format === 'date-time' && !(isoDate.test(value) && value.includes('T'))) return 'not a date-time'
  const words = schema['enum']
  return Array.isArray(words) && !words.includes(value) ? `not one of ${words.join(', ')}` : null
}

function checkScalar(schema: Node, value: unknown, at: string, add: Add, side: Side): void {
  const isDate = schema['x-is-msdate'] === true || schema['x-is-msdate-time'] === true
  if (typeof value === 'string' && isDate) {
    const isFine = msDate.test(value) || (side === 'request' && isoDate.test(value))
    if (!isFine) add('date', at, value)
  }
  if (typeof value !== 'number') return
  if (!Number.isFinite(value)) add('number', at, String(value))
  else if (schema['x-is-money'] === true && Math.abs(value * 1e4 - Math.round(value * 1e4)) > 1e-4) {
    add('money', at, `${value} has more than 4 decimals`)
  }
}

/** Prose and the neighbours of a $ref taken out: JSON Schema would read some of them as rules. */
function bare(node: unknown, areProperties = false): unknown {
  if (Array.isArray(node)) return node.map((entry) => bare(entry))
  if (!isNode(node)) return node
  if (typeof node['$ref'] === 'string') return { $ref: node['$ref'] }
  const prose = ['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'default']
  const kept = Object.entries(node).filter(([name]) => areProperties || !prose.includes(name))
  return Object.fromEntries(kept.map(([name, content]) => [name, bare(content, name === 'properties')]))
}

const reason = 'Set XERO_OPENAPI to a copy of xero_accounting.yaml from github.com/XeroAPI/Xero-OpenAPI.'

/**
 * The description, or null where there is none on this machine: then conformance tests are skipped, except in CI, where
 * a skipped check would pass for a passed one.
 */
export function loadOpenApi(): OpenApi | null {
  const file =
    process.env['XERO_OPENAPI'] ?? new URL('../../../shared/spec/xero_accounting.yaml', import.meta.url)
  if (existsSync(file)) return new OpenApi(readFileSync(file, 'utf8'))
  if (process.env['CI']) throw new Error(`Xero's OpenAPI description is missing. ${reason}`)
  console.log(`Conformance to Xero's published description was not checked. ${reason}`)
  return null
}
