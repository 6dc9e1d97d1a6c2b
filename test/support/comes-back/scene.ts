// Where a history happens: one world, the exporting system's own copy of what it wrote, and the choices of the act at hand.

import type { Person } from '../../../src/sandbox/person.ts'
import { asPerson } from '../people.ts'
import type { Choices } from '../simulation/choices.ts'
import type { World } from '../world.ts'
import { OwnRows } from './own-rows.ts'
import type { SmallPages } from './small-pages.ts'

/** One thing that happens. Says what it did; null where there was nothing to do it to. */
export type Act = (scene: Scene) => string | null | Promise<string | null>

export class Scene {
  readonly world: World
  readonly own = new OwnRows()
  readonly contacts: number
  /** Of the act at hand, so that leaving another out does not change it. */
  c: Choices
  /** Whether a run is under way: then its transactions are waited for. */
  isRunning = false
  /** Where Xero cuts lists shorter than is asked for. */
  pages: SmallPages | null = null
  /** Allocations that moved no date on either side: [credit, invoice] of each. */
  readonly unseen: (readonly [string, string])[] = []
  /** SQL that brings back a document whose rows were taken away. */
  readonly away: string[] = []
  readonly #made = new Map<string, number>()

  constructor(world: World, c: Choices, contacts: number) {
    this.world = world
    this.c = c
    this.contacts = contacts
  }

  newId(letter: string): string {
    const made = (this.#made.get(letter) ?? 0) + 1
    this.#made.set(letter, made)
    return `${letter}${made}`
  }

  /** As the exporting system. */
  write(sql: string): void {
    this.own.write(sql)
    if (this.isRunning) this.world.sqlMeanwhile(sql)
    else this.world.sql(sql)
  }

  /** As a person in Xero; no two of them act in the same millisecond. */
  person<Result>(act: (person: Person) => Result): Result {
    this.world.clock.advance(1)
    return asPerson(this.world, act)
  }

  close(): void {
    this.pages?.stop()
    this.own.close()
  }
}
