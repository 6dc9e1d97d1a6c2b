// One act of many, each as often as it weighs.

import type { Choices } from '../simulation/choices.ts'
import type { Act } from './scene.ts'

export type WeighedAct = readonly [name: string, weight: number, act: Act]

export function weighted(c: Choices, acts: readonly WeighedAct[]): readonly [string, Act] {
  const total = acts.reduce((sum, [, weight]) => sum + weight, 0)
  let left = (c.whole(0, 999_999) / 1_000_000) * total
  for (const [name, weight, act] of acts) {
    left -= weight
    if (left < 0) return [name, act]
  }
  throw new Error('there is no act to choose from')
}
