// What a season is made of: the scene that everybody acts on, and the trades, each a family of kinds with what exporting
// systems write of them and what people do about them in Xero.

import type { Person } from '../../../src/sandbox/person.ts'
import { asPerson } from '../people.ts'
import type { World } from '../world.ts'
import type { Choices } from './choices.ts'

export interface Scene {
  readonly world: World
  readonly c: Choices
  readonly contacts: number
  /** Ids of everything that was ever written into the ledger, by kind. */
  readonly ids: Map<string, string[]>
  /** A word for the trace. */
  note(what: string): void
}

/** SQL of one change of the ledger; nothing where there is nothing to change. */
export type LedgerAct = (scene: Scene) => string
/** Something a person does in Xero. */
export type XeroAct = (scene: Scene, person: Person) => void

export interface Trade {
  /** Endpoints that it writes to. */
  readonly targets: readonly string[]
  /** Settings and rows that the season begins with. */
  begin(scene: Scene): string
  /** One more row of a kind. */
  readonly adds: readonly LedgerAct[]
  readonly edits: readonly LedgerAct[]
  readonly people: readonly XeroAct[]
}

/** A new id of a kind, remembered: the first letter tells people what it is. */
export function newId({ ids }: Scene, kind: string, letter: string): string {
  const known = ids.get(kind) ?? []
  const id = `${letter}${known.length + 1}`
  ids.set(kind, [...known, id])
  return id
}

export function someId({ ids, c }: Scene, ...kinds: readonly string[]): string | undefined {
  return c.any(kinds.flatMap((kind) => ids.get(kind) ?? []))
}

/** Lets a person act, remembering what they did. */
export function letPeople(scene: Scene, acts: readonly XeroAct[]): void {
  const act = scene.c.any(acts)
  if (!act) return
  scene.note(`person ${act.name}`)
  asPerson(scene.world, (person) => act(scene, person))
}

/** Ours in Xero: what no person made. */
export function isOurs({ world }: Scene, { id }: { id: string }): boolean {
  return world.leftByPerson.get(id)?.isTheirs !== true
}

export function settingSql(name: string, value: string | number): string {
  return `INSERT OR REPLACE INTO setting VALUES ('NZ01', '${name}', '${value}');`
}
