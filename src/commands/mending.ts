// What `settle` and `adopt-copy` share: an organisation opened under its lease, with a run of its own in the history.

import type { BillingEntity } from '../accounting/documents.ts'
import { noCounts } from '../accounting/outcomes.ts'
import type { RunContext } from '../batch/context.ts'
import { pullMirror } from '../batch/pull.ts'
import { AuxoError } from '../errors.ts'
import { readBooks } from '../ledger/books.ts'
import { lastChunkOf } from '../ledger/identity.ts'
import { whileLeased } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import { closeRun, countRunCalls, openRun } from '../ledger/runs.ts'
import type { CommandContext } from './context.ts'
import { openOrganisation } from './open-organisation.ts'

/** Runs the work against the entity's organisation with a fresh mirror; the run's row says how it ended. */
export async function withOrganisation<T>(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  verb: string,
  work: (run: RunContext) => Promise<T>,
): Promise<T> {
  const { host } = context
  const { connection, gateway, mark, holder, logUnder } = await openOrganisation(context, ledger, entity)
  const { tenantId } = connection
  try {
    return await whileLeased(ledger, tenantId, holder, async (lease) => {
      const run = await openRun(ledger, {
        entity: entity.code,
        tenantId,
        organisation: connection.organisation,
        verb,
        who: holder.who,
      })
      logUnder(run.id)
      const end = async (state: 'sent' | 'failed', reason: string | null) => {
        const calls = { ...(await countRunCalls(ledger, run.id)), dayLeft: gateway.limits().dayLeft }
        await closeRun(ledger, run.id, { state, kinds: noCounts(), calls, reason })
      }
      try {
        const { serverTime } = await pullMirror(ledger, gateway)
        const done = await work({
          ledger,
          gateway,
          books: await readBooks(ledger, entity, tenantId),
          lease,
          mark,
          runId: run.id,
          chunksBefore: await lastChunkOf(ledger, tenantId),
          clock: host.clock,
          uuid: host.uuid,
          interrupt: new AbortController().signal,
          counts: noCounts(),
          progress: () => undefined,
          stopped: new Map(),
          xeroTime: { aheadOfMonotonicMs: serverTime - host.clock.monotonicMs() },
        })
        await end('sent', null)
        return done
      } catch (error) {
        if (error instanceof AuxoError) await end('failed', error.message)
        throw error
      }
    })
  } finally {
    await gateway.close()
  }
}
