// Waits that a person would notice: they are told, and they end at once when the program is asked to stop. How long is
// waited and why is for limits, calls and auth to say.

import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'

/** `minute-limit`: calls of a minute are used up; `asked`: a 429 named the time; `repeat`: before a failed call is made again. */
export type WaitReason = 'minute-limit' | 'asked' | 'repeat'

export interface WaitOptions {
  /** Aborted when a person or the system asks to stop. What is under way is finished, and nothing else leaves. */
  interrupt?: AbortSignal | undefined
  /** Hears of every wait of more than two seconds, once. */
  onWait?: ((ms: number, why: WaitReason) => void) | undefined
}

/** Shorter waits are not worth a word. */
export const untoldMs = 2000

/** Throws `interrupted` where the program was asked to stop. */
export function refuseInterrupted({ interrupt }: WaitOptions): void {
  if (interrupt?.aborted) {
    throw new AuxoError('interrupted', 'The run was interrupted; Xero is not asked for anything more.')
  }
}

/** Sleeps before a call is repeated; rejects with `interrupted` as soon as the program is asked to stop. */
export async function waitToRepeat(clock: Clock, ms: number, options: WaitOptions): Promise<void> {
  refuseInterrupted(options)
  if (ms > untoldMs) options.onWait?.(ms, 'repeat')
  try {
    await clock.sleep(ms, options.interrupt)
  } catch (error) {
    refuseInterrupted(options)
    throw error
  }
}
