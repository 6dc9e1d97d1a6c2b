// GUIDs from a seed: the same seed and the same calls give the same ids, so that a run replays.

import { createHash } from 'node:crypto'

/** What Xero answers as the id of a thing that it refused to create (§3.2). */
export const zeroGuid = '00000000-0000-0000-0000-000000000000'

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isGuid(text: string): boolean {
  return pattern.test(text)
}

export function guidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export class GuidSource {
  readonly #seed: number
  #drawn: number

  constructor(seed: number, drawn = 0) {
    this.#seed = seed
    this.#drawn = drawn
  }

  /** How many were drawn: kept in the state file, so that a restarted sandbox does not repeat itself. */
  get drawn(): number {
    return this.#drawn
  }

  next(): string {
    this.#drawn += 1
    return guidFrom(`${this.#seed}/${this.#drawn}`)
  }
}
