// Choices from a seed: the same seed chooses the same.

import { randomSource } from '../random.ts'

export interface Choices {
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number
  chance(probability: number): boolean
  one<Item>(items: readonly Item[]): Item
  /** One of them, or nothing where there is none. */
  any<Item>(items: readonly Item[]): Item | undefined
}

export function choices(seed: number): Choices {
  const real = randomSource(seed)
  const whole = (from: number, to: number) => from + Math.floor(real() * (to - from + 1))
  const any = <Item>(items: readonly Item[]) => items[whole(0, Math.max(0, items.length - 1))]
  return {
    whole,
    chance: (probability) => real() < probability,
    one: (items) => any(items) as (typeof items)[number], // never empty
    any,
  }
}
