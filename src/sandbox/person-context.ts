// What someone who works in Xero is given, and how what they name is found: shared by person.ts and its parts.

import type { Switches } from './switches.ts'

export interface PersonContext {
  /** Where Xero's own behaviour is not known, people's work follows the same answers as the API's. */
  readonly switches: Switches
  readonly now: () => number
  readonly newGuid: () => string
  /** Takes an organisation from the apps that people logged in to. */
  readonly disconnectApps: (tenantId: string) => void
  /** After each change. */
  readonly save: () => void
}

/** A mistake of the caller's where there is none. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what} in this organisation`)
  return value
}
