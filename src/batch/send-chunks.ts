// Sends the chunks of a kind side by side, and stops what has not left yet where one of them cannot go on. One chunk from its plan to
// its end is narrow.ts.

import pLimit from 'p-limit'
import { reportedAs } from '../accounting/kinds.ts'
import type { ChunkReport } from '../accounting/outcomes.ts'
import { AuxoError } from '../errors.ts'
import { type RunContext, refuseInterrupted } from './context.ts'
import type { KindRow } from './kind-row.ts'
import { sendChunk } from './narrow.ts'
import type { PlannedChunk } from './plan.ts'
/** Sends chunks side by side, `calls_at_once` at a time. The first error stops what has not left yet, and is thrown. */
export async function sendChunks(
  context: RunContext,
  row: KindRow,
  chunks: readonly PlannedChunk[],
  halt: Halt,
  sent: ChunkReport[],
): Promise<void> {
  const [first] = chunks
  if (!first) return
  const reports = new Map<number, ChunkReport>()
  refuseInterrupted(context.interrupt)
  const documents = chunks.reduce((count, chunk) => count + chunk.things.length, 0)
  context.progress({ event: 'sending', kind: reportedAs[first.kind], documents, chunks: chunks.length })
  const atOnce = pLimit(context.books.settings.calls_at_once)
  const errors: unknown[] = []
  await Promise.all(
    chunks.map((chunk) =>
      atOnce(async () => {
        if (context.interrupt.aborted) return
        try {
          const report = await sendChunk(context, row, chunk)
          if (report) reports.set(chunk.number, report)
        } catch (error) {
          errors.push(error)
          halt.stop()
        }
      }),
    ),
  )
  sent.push(...chunks.flatMap((chunk) => reports.get(chunk.number) ?? []))
  const bug = errors.find((error) => !(error instanceof AuxoError))
  if (bug !== undefined) throw bug
  if (errors.length > 0) throw errors[0]
  refuseInterrupted(context.interrupt)
}

export interface Halt {
  signal: AbortSignal
  /** Lets calls in flight finish and no further one leave. */
  stop(): void
  release(): void
}

export function haltOn(interrupt: AbortSignal): Halt {
  const controller = new AbortController()
  const stop = () => controller.abort()
  if (interrupt.aborted) stop()
  interrupt.addEventListener('abort', stop, { once: true })
  return { signal: controller.signal, stop, release: () => interrupt.removeEventListener('abort', stop) }
}
