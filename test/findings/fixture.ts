// What a fixture of a finding is (V1): a situation that has it and one that nearly has it and does not. Both stand in a ledger that they
// share with others of their sort; the situations themselves are cases/, the list of all is fixtures.ts.

import type { ThingKind } from '../../src/accounting/kinds.ts'
import { asPerson } from '../support/people.ts'
import type { World } from '../support/world.ts'
import type { Rewrite } from './altered-answers.ts'

/** One thing and how it came to stand as it does. */
export interface Situation {
  /** Completes a title: "a reference of 256 characters". */
  is: string
  /** `kind:id`, the thing that is looked at. */
  thing: `${ThingKind}:${string}`
  /** SQL of what was exported before anything else happens. */
  before?: string
  /** What people do in Xero after that, which is read before the ledger is written to. */
  inXero?: (world: World) => void
  /** What the exporting system then writes. */
  sql?: string | ((world: World) => string)
}

/** Found by `validate`, before anything is sent. */
export interface Foreseen {
  foundBy: 'validate'
  /** `plain` has the settings as they are by default and an account for every role; the others are ledgers.ts. */
  ledger?: 'plain' | 'old-books'
  has: Situation
  nearly: Situation
}

/** Known only once Xero was asked or has answered: nothing that the ledger or the mirror could say before. */
export interface OnlyInRuns {
  foundBy: 'run'
  /** Why `validate` cannot know it. */
  reason: string
  /** Everything up to and including the run that finds it. */
  live: (open: OpenWorld) => Promise<Lived>
}

/** `rewrite`: answers of Xero pass through it. */
export interface WorldSettings extends NonNullable<Parameters<typeof World.open>[0]> {
  rewrite?: Rewrite
}

export type OpenWorld = (settings?: WorldSettings) => Promise<World>

export interface Lived {
  world: World
  has: Situation['thing']
  nearly: Situation['thing']
}

export type Fixture = Foreseen | OnlyInRuns

export const foreseen = (has: Situation, nearly: Situation): Foreseen => ({
  foundBy: 'validate',
  has,
  nearly,
})

export const inOldBooks = (has: Situation, nearly: Situation): Foreseen => ({
  ...foreseen(has, nearly),
  ledger: 'old-books',
})

/** Lets a person do something with an invoice or bill of this number. */
export function withInvoice(
  number: string,
  act: (person: ReturnType<World['sandbox']['person']>, invoiceId: string) => void,
): (world: World) => void {
  return (world) => {
    const invoice = world.sandbox.invoices().find((one) => one.number === number)
    if (!invoice) throw new Error(`Xero has no invoice ${number}`)
    asPerson(world, (person) => act(person, invoice.id))
  }
}

/** The same with the active contact of this name. */
export function withContact(
  name: string,
  act: (person: ReturnType<World['sandbox']['person']>, contactId: string) => void,
): (world: World) => void {
  return (world) => {
    const contact = world.sandbox.contacts().find((one) => one.name === name)
    if (!contact) throw new Error(`Xero has no contact ${name}`)
    asPerson(world, (person) => act(person, contact.id))
  }
}
