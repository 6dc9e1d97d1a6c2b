// What a page or a script can ask a person in Xero to do: an action with its fields, and what was typed into them. The
// actions themselves are in the person-…-actions.ts files.

import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import { type Cents, parseCents } from '../accounting/money.ts'
import type { Organisation } from './organisation.ts'
import type { Person } from './person.ts'

/** A sentence for the person who asked; nothing was changed. */
export class Mistake extends Error {}

export interface Field<Name extends string = string> {
  readonly name: Name
  readonly label: string
  /** What to write into it. */
  readonly says: string
  readonly kind: 'text' | 'money' | 'date' | 'choice'
  /** Of a choice; the first is taken where nothing is said. */
  readonly choices?: readonly [string, ...string[]]
  readonly isOptional?: true
}

export interface Desk {
  readonly organisation: Organisation
  readonly person: Person
  /** In the organisation's own time zone. */
  readonly today: PlainDate
}

export interface Done {
  /** A sentence on what was done. */
  readonly did: string
  /** Of what was made or changed. */
  readonly id: string
  /** Where it is seen, below /_person/. */
  readonly page: string
}

export interface Action {
  readonly name: string
  /** On a button. */
  readonly title: string
  readonly says: string
  readonly fields: readonly Field[]
  /** Throws a Mistake, and has then changed nothing. */
  readonly act: (desk: Desk, values: Readonly<Record<string, unknown>>) => Done
}

/** An action whose deed can ask for its own fields only. */
export function defineAction<const Name extends string>(definition: {
  readonly name: string
  readonly title: string
  readonly says: string
  readonly fields: readonly Field<Name>[]
  readonly act: (desk: Desk, given: Given<Name>) => Done
}): Action {
  const { act, ...rest } = definition
  return { ...rest, act: (desk, values) => act(desk, new Given(definition.name, definition.fields, values)) }
}

/** What was typed into the fields of an action. Spaces around it do not count, and nothing typed is nothing given. */
export class Given<Name extends string = string> {
  readonly #fields: readonly Field[]
  readonly #values = new Map<string, string>()

  constructor(action: string, fields: readonly Field<Name>[], values: Readonly<Record<string, unknown>>) {
    this.#fields = fields
    for (const [name, value] of Object.entries(values)) {
      if (!fields.some((field) => field.name === name)) throw new Mistake(unknownField(action, name, fields))
      this.#values.set(name, asText(name, value))
    }
    for (const { name, label, isOptional } of fields) {
      if (isOptional !== true && !this.#values.get(name)) throw new Mistake(`${label} (${name}) is missing.`)
    }
  }

  /** Empty only where an optional field was left out. */
  text(name: Name): string {
    const field = this.#fields.find((one) => one.name === name)
    const value = this.#values.get(name) ?? ''
    if (!field?.choices) return value
    if (value === '') return field.choices[0]
    if (field.choices.includes(value)) return value
    throw new Mistake(`“${value}” is no ${field.label.toLowerCase()}: it is ${field.choices.join(' or ')}.`)
  }

  /** Above zero. */
  money(name: Name): Cents {
    const value = this.text(name)
    const amount = parseCents(value)
    if (amount === null) throw new Mistake(`“${value}” is no amount: write it like 1250.00.`)
    if (amount <= 0) throw new Mistake(`“${value}” is not above zero.`)
    if (amount > largest) throw new Mistake(`“${value}” is more than Xero takes.`)
    return amount
  }

  moneyOr(name: Name, otherwise: Cents): Cents {
    return this.text(name) === '' ? otherwise : this.money(name)
  }

  dateOr<Otherwise>(name: Name, otherwise: Otherwise): PlainDate | Otherwise {
    const value = this.text(name)
    if (value === '') return otherwise
    const date = parseDate(value)
    if (date === null) throw new Mistake(`“${value}” is no day of the calendar: write it like 2026-11-22.`)
    return date
  }
}

/** 9,999,999,999.99 (§4.3). */
const largest = 999_999_999_999

function asText(name: string, value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number') return String(value)
  if (value === null || value === undefined) return ''
  throw new Mistake(`${name} is neither text nor a number.`)
}

function unknownField(action: string, name: string, fields: readonly Field[]): string {
  return `There is no field “${name}”: ${action} takes ${fields.map((field) => field.name).join(', ')}.`
}
