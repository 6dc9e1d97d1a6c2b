// What must hold after every scenario and every simulated run, whatever happened: not expected outputs, but what the program
// promises, a file a subject in promises/. Each promise returns the sentences of what does not hold.

import { violations } from './conforming.ts'
import { loggedCalls, noSecrets, rightCalls, safeRepeats } from './promises/calls.ts'
import { linkedContacts, onceByName } from './promises/contacts.ts'
import { onceInXero, rolledBackIsGone } from './promises/in-xero.ts'
import { soundBooks } from './promises/money.ts'
import { noOrphans, nothingOverwritten, nothingTwice, nothingUnknown } from './promises/ours-and-theirs.ts'
import { nothingOpen, soundState, soundSummaries } from './promises/state.ts'
import type { Watched } from './promises/watched.ts'

export interface PromiseOptions {
  /** No outcome may be open any more. */
  settled?: boolean
}

/** Every promise; an empty list where all hold. `settled` (unless false): no outcome may be open any more. */
export function brokenPromises(world: Watched, { settled = true }: PromiseOptions = {}): string[] {
  return [
    ...onceInXero(world),
    ...rolledBackIsGone(world),
    ...nothingTwice(world),
    ...(settled ? nothingUnknown(world) : []),
    ...nothingOverwritten(world),
    ...noOrphans(world),
    ...soundBooks(world),
    ...onceByName(world),
    ...linkedContacts(world),
    ...nothingOpen(world, settled),
    ...soundState(world, settled),
    ...soundSummaries(world),
    ...loggedCalls(world),
    ...rightCalls(world),
    ...safeRepeats(world),
    ...noSecrets(world),
    ...violations(world.exchanges),
  ]
}
