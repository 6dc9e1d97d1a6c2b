// What `watch` asks of a ledger between runs: whether somebody else wrote to it, whether it is still the same file, and
// what waits. Runs themselves are batch/.

import { createHash } from 'node:crypto'
import { type Stats, statSync } from 'node:fs'
import { AuxoError } from '../errors.ts'
import { checkSchema } from './migrations.ts'
import type { Ledger } from './open.ts'

export interface LedgerWatch {
  /** Moves with every commit of another connection, never with this ledger's own. */
  version(): number
  /** A key for all that could be sent now, by thing and revision, and one for the settings and maps that decide how. */
  waiting(): ReadonlySet<string>
  /** True where another file stands in its place: a back-up was put back. */
  isReplaced(): boolean
  /** AuxoError where a run must not begin: the file is gone, or its schema is not this program's any more. */
  confirm(): void
}

/** `ledger` has to be the one that the runs use: only so their writes are not taken for somebody else's. */
export function watchLedger(ledger: Ledger): LedgerWatch {
  const { sqlite, file } = ledger
  const opened = identityOf(file)
  return {
    version: () => Number(sqlite.pragma('data_version', { simple: true })),
    waiting: () => {
      const things = sqlite.prepare(waitingThings).pluck().all() as string[] // one text a row
      return new Set([...things, `books ${hashOf(sqlite.prepare(booksRows).pluck().all() as string[])}`])
    },
    isReplaced: () => {
      const now = identityOf(file)
      return now !== null && now !== opened
    },
    confirm: () => {
      if (identityOf(file) !== opened) {
        throw new AuxoError(
          'ledger-missing',
          `The ledger ${file} is not there any more. Nothing more was sent. Put it back and start again: auxo-sync watch`,
        )
      }
      checkSchema(sqlite, file)
    },
  }
}

/** Drafts are no reason for a run, however often they are saved; what a person holds back is none either. */
const waitingThings = `
  SELECT e.entity || ' ' || e.kind || ' ' || e.source_id || ' ' || e.revision FROM export_state AS e
   WHERE e.queued = 1 AND e.state NOT IN ('held', 'mock_exported') AND e.held_reason IS NULL
     AND NOT EXISTS (SELECT 1 FROM document AS d WHERE d.id = e.source_id AND d.kind = e.kind AND d.status = 'draft')`

/** What was connected, set or mapped anew, or a contact that was mended, may let go what failed before. */
const booksRows = `
  SELECT json_array('setting', entity, name, value) FROM setting
  UNION ALL SELECT json_array('account', entity, account, xero_code) FROM account_map
  UNION ALL SELECT json_array('tax', entity, tax_code, sales_type, purchase_type) FROM tax_code_map
  UNION ALL SELECT json_array('method', entity, method, xero_account) FROM payment_method_map
  UNION ALL SELECT json_array('role', entity, role, account) FROM role_account
  UNION ALL SELECT json_array('connection', entity, connected_at) FROM connection
  UNION ALL SELECT json_array('contact', code, name, active) FROM contact WHERE code IN (
    SELECT d.contact FROM export_state AS e CROSS JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind
     WHERE e.queued = 1 AND e.state IN ('failed', 'skipped'))
  ORDER BY 1`

function hashOf(rows: readonly string[]): string {
  return createHash('sha256').update(rows.join('\n')).digest('hex')
}

/** Device and inode; null where there is no file. */
function identityOf(file: string): string | null {
  const found: Stats | undefined = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.dev}/${found.ino}` : null
}
