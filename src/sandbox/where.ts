// The `where` language of lists, as far as Xero's own pages show it (§2.3): comparisons, AND and OR, brackets, strings,
// DateTime(y,m,d), guid("…"), .Contains, .StartsWith, .ToLower. Everything else is refused with 400.

type FieldType = 'text' | 'number' | 'boolean' | 'date' | 'guid'
/** Dates are ms since 1970; guids are lower case. */
type Value = string | number | boolean | null

interface FilterField<T> {
  readonly type: FieldType
  readonly read: (record: T) => Value
}

export type FilterFields<T> = Readonly<Record<string, FilterField<T>>>

export class UnreadableQuery extends Error {}

type Token = { kind: 'name' | 'text' | 'number' | 'sign'; value: string }

const tokenPattern =
  /\s*(?:(\.?[A-Za-z][A-Za-z0-9_.]*)|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|(==|!=|>=|<=|&&|\|\||[=<>(),]))/y

function tokens(source: string): Token[] {
  const found: Token[] = []
  tokenPattern.lastIndex = 0
  while (source.slice(tokenPattern.lastIndex).trim() !== '') {
    const at = tokenPattern.lastIndex
    const match = tokenPattern.exec(source)
    if (!match) throw new UnreadableQuery(`Cannot read the filter at '${source.slice(at, at + 20)}'.`)
    const [, name, text, number, sign] = match
    if (name !== undefined) found.push({ kind: 'name', value: name })
    else if (text !== undefined) found.push({ kind: 'text', value: text.replace(/\\(.)/g, '$1') })
    else if (number !== undefined) found.push({ kind: 'number', value: number })
    else found.push({ kind: 'sign', value: sign ?? '' })
  }
  return found
}

/** Compiles a filter; throws UnreadableQuery for what Xero's pages do not show. */
export function compileWhere<T>(source: string, fields: FilterFields<T>): (record: T) => boolean {
  const parser = new Parser(tokens(source), fields)
  const test = parser.either()
  parser.end()
  return test
}

type Operand<T> = { readonly type: FieldType | 'null'; readonly read: (record: T) => Value }

class Parser<T> {
  readonly #tokens: readonly Token[]
  readonly #fields: FilterFields<T>
  #at = 0

  constructor(list: readonly Token[], fields: FilterFields<T>) {
    this.#tokens = list
    this.#fields = fields
  }

  end(): void {
    const token = this.#tokens[this.#at]
    if (token) throw new UnreadableQuery(`Unexpected '${token.value}' in the filter.`)
  }

  either(): (record: T) => boolean {
    const parts = [this.#both()]
    while (this.#take('||') || this.#takeWord('OR')) parts.push(this.#both())
    return (record) => parts.some((part) => part(record))
  }

  #both(): (record: T) => boolean {
    const parts = [this.#term()]
    while (this.#take('&&') || this.#takeWord('AND')) parts.push(this.#term())
    return (record) => parts.every((part) => part(record))
  }

  #term(): (record: T) => boolean {
    if (this.#take('(')) {
      const inner = this.either()
      this.#expect(')')
      return inner
    }
    const left = this.#operand()
    if (left.type === 'boolean' && !this.#isComparison()) return (record) => left.read(record) === true
    return this.#comparison(left)
  }

  #isComparison(): boolean {
    return ['==', '=', '!=', '>', '>=', '<', '<='].includes(this.#tokens[this.#at]?.value ?? '')
  }

  #comparison(left: Operand<T>): (record: T) => boolean {
    const sign = this.#tokens[this.#at]
    if (sign?.kind !== 'sign' || !this.#isComparison()) {
      throw new UnreadableQuery('A comparison is expected in the filter.')
    }
    this.#at += 1
    const right = this.#operand()
    if (left.type !== right.type && left.type !== 'null' && right.type !== 'null') {
      throw new UnreadableQuery(
        `Operator '${sign.value}' incompatible with operand types '${left.type}' and '${right.type}'.`,
      )
    }
    return (record) => compare(left.read(record), sign.value, right.read(record))
  }

  #operand(): Operand<T> {
    const token = this.#tokens[this.#at]
    if (!token) throw new UnreadableQuery('The filter ends too early.')
    this.#at += 1
    switch (token.kind) {
      case 'text':
        return { type: 'text', read: () => token.value }
      case 'number':
        return { type: 'number', read: () => Number(token.value) }
      case 'sign':
        throw new UnreadableQuery(`Unexpected '${token.value}' in the filter.`)
      case 'name':
        return this.#named(token.value)
    }
  }

  #named(name: string): Operand<T> {
    if (name === 'null') return { type: 'null', read: () => null }
    if (name === 'true' || name === 'false') return { type: 'boolean', read: () => name === 'true' }
    if (name === 'DateTime') return this.#dateTime()
    if (name.toLowerCase() === 'guid') return this.#guid()
    return this.#field(name)
  }

  #dateTime(): Operand<T> {
    const parts = this.#arguments().map(Number)
    const [year = Number.NaN, month = Number.NaN, day = Number.NaN, hour = 0, minute = 0, second = 0] = parts
    const ms = Date.UTC(year, month - 1, day, hour, minute, second)
    if (Number.isNaN(ms)) throw new UnreadableQuery('DateTime needs a year, a month and a day.')
    return { type: 'date', read: () => ms }
  }

  #guid(): Operand<T> {
    const [value = ''] = this.#arguments()
    return { type: 'guid', read: () => value.toLowerCase() }
  }

  #arguments(): string[] {
    this.#expect('(')
    const values: string[] = []
    while (!this.#take(')')) {
      const token = this.#tokens[this.#at]
      if (!token || token.kind === 'name') throw new UnreadableQuery('A value is expected in the brackets.')
      this.#at += 1
      if (token.kind !== 'sign') values.push(token.value)
      else if (token.value !== ',') throw new UnreadableQuery(`Unexpected '${token.value}' in the brackets.`)
    }
    return values
  }

  /** `Name`, `Contact.Name`, and a text followed by methods: `Name.ToLower().Contains("x")`. */
  #field(path: string): Operand<T> {
    const dot = path.lastIndexOf('.')
    const hasMethod = dot > 0 && ['ToLower', 'Contains', 'StartsWith'].includes(path.slice(dot + 1))
    const name = hasMethod ? path.slice(0, dot) : path
    const field = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined
    if (!field) throw new UnreadableQuery(`No property or field '${path}' exists.`)
    return hasMethod ? this.#method(field, path.slice(dot + 1)) : field
  }

  #method(owner: Operand<T>, method: string): Operand<T> {
    if (owner.type !== 'text') throw new UnreadableQuery(`'${method}' is for texts only.`)
    const [argument] = this.#arguments()
    const read = (record: T) => String(owner.read(record) ?? '').toLowerCase()
    if (method === 'ToLower') {
      const next = this.#tokens[this.#at]
      if (next?.kind !== 'name' || !next.value.startsWith('.')) return { type: 'text', read }
      this.#at += 1
      return this.#method({ type: 'text', read }, next.value.slice(1))
    }
    if (argument === undefined) throw new UnreadableQuery(`'${method}' needs a text.`)
    const wanted = argument.toLowerCase()
    if (method === 'Contains') return { type: 'boolean', read: (record) => read(record).includes(wanted) }
    if (method === 'StartsWith') return { type: 'boolean', read: (record) => read(record).startsWith(wanted) }
    throw new UnreadableQuery(`No method '${method}' exists.`)
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'sign' || token.value !== sign) return false
    this.#at += 1
    return true
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'name' || token.value.toUpperCase() !== word) return false
    this.#at += 1
    return true
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw new UnreadableQuery(`'${sign}' is expected in the filter.`)
  }
}

/** Texts compare without regard to case: recorded for Name (§2.3). */
function fold(value: Value): Value {
  return typeof value === 'string' ? value.toLowerCase() : value
}

function compare(left: Value, sign: string, right: Value): boolean {
  const a = fold(left)
  const b = fold(right)
  if (sign === '=' || sign === '==') return a === b
  if (sign === '!=') return a !== b
  if (a === null || b === null) return false
  if (sign === '>') return a > b
  if (sign === '>=') return a >= b
  if (sign === '<') return a < b
  return a <= b
}

/** `order=Date DESC, InvoiceNumber`: a comparison, or null for the default order. */
export function compileOrder<T>(source: string, fields: FilterFields<T>): (a: T, b: T) => number {
  const parts = source.split(',').map((part) => {
    const [name = '', direction = 'ASC', ...rest] = part.trim().split(/\s+/)
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field) throw new UnreadableQuery(`No property or field '${name}' exists.`)
    const sign = { ASC: 1, DESC: -1 }[direction.toUpperCase()]
    if (sign === undefined || rest.length > 0)
      throw new UnreadableQuery(`Cannot read the order '${part.trim()}'.`)
    return { field, sign }
  })
  return (a, b) => {
    for (const { field, sign } of parts) {
      const x = fold(field.read(a)) ?? ''
      const y = fold(field.read(b)) ?? ''
      if (x !== y) return x < y ? -sign : sign
    }
    return 0
  }
}
