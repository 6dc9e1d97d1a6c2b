// Which runs can be rolled back at all (M6): exports, of the organisation that their entity is connected to.

import { AuxoError } from '../../errors.ts'
import type { Connection } from '../../ledger/connections.ts'
import type { StoredRun } from '../../ledger/runs.ts'

/** AuxoError `needs-person` where the run is none that can be rolled back, or went to another organisation. */
export function refuseRun(run: StoredRun, connection: Pick<Connection, 'tenantId' | 'organisation'>): void {
  if (run.verb !== 'export')
    throw new AuxoError(
      'needs-person',
      `Run ${run.id} is no export but “${run.verb}”, and posted nothing: there is nothing to roll back.${run.verb === 'mock-export' ? ' A mock export is taken back with: auxo-sync mock-export --undo' : ''}`,
    )
  if (run.tenantId !== null && run.tenantId !== connection.tenantId)
    throw new AuxoError(
      'needs-person',
      `Run ${run.id} posted to ${run.organisation ?? 'another organisation'}, and ${run.entity} is connected to ${connection.organisation} now. Nothing was changed: void in Xero by hand what it posted.`,
    )
}
