// A copy of a ledger to play with (T2): as it is at one moment, what is in its WAL included, while exporting systems go on writing to the
// original. The original and the files beside it stay as they are. What the copy is made to believe is here too.

import { existsSync } from 'node:fs'
import { sql } from 'kysely'
import { isoInstant } from '../clock.ts'
import { type Ledger, type OpenOptions, openLedger, openLedgerToRead } from './open.ts'

/** AuxoError `ledger-…` where the original is none of this version. */
export async function copyLedger(file: string, copy: string, options: OpenOptions): Promise<void> {
  // Who only reads leaves files behind where there were none, and who may write takes away those that were there.
  const isInUse = existsSync(`${file}-wal`)
  const ledger = isInUse ? openLedgerToRead(file, options) : openLedger(file, options)
  try {
    // One moment of it: else each write of an exporting system would make the copying begin again.
    if (!ledger.sqlite.inTransaction) ledger.sqlite.exec('BEGIN')
    await ledger.sqlite.backup(copy)
  } finally {
    ledger.close()
  }
}

/** Entities of a copy go to another place, with its log-in: no call of it can reach Xero. */
export async function pointConnectionsAt(
  copy: Ledger,
  place: { apiUrl: string; clientId: string },
): Promise<void> {
  await copy.db
    .updateTable('connection')
    // One that was ended opens again: nothing is asked of Xero.
    .set({ api_url: place.apiUrl, client_id: place.clientId, login: 'custom', scopes: 'rehearsal' })
    .execute()
}

/**
 * Journals that Xero generates are asked for once a day where it refused them: from now on it is as if it had refused them just now.
 * Nobody but Xero can make them.
 */
export async function askNoGeneratedJournals(copy: Ledger, tenantId: string): Promise<void> {
  const now = isoInstant(copy.clock.now())
  await sql`
    INSERT INTO watermark (tenant_id, resource, reached, read_at) VALUES (${tenantId}, 'generated_journals_refused', ${now}, ${now})
    ON CONFLICT (tenant_id, resource) DO UPDATE SET reached = ${now}`.execute(copy.db)
}
