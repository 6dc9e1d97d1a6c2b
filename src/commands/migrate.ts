// `migrate`: brings an old ledger up to date, after a back-up.

import { migrateLedger } from '../ledger/create.ts'
import type { CommandContext, ExitCode } from './context.ts'

export async function migrateCommand(context: CommandContext): Promise<ExitCode> {
  const { host, flags, ledgerFile } = context
  const report = migrateLedger(ledgerFile, { clock: host.clock, wrap: host.wrapDatabase })
  if (flags.json) host.stdout.write(`${JSON.stringify({ ledger: ledgerFile, ...report })}\n`)
  else if (report.applied.length === 0) host.stdout.write(`The ledger ${ledgerFile} is up to date.\n`)
  else
    host.stdout.write(
      `Brought ${ledgerFile} up to date: ${report.applied.join(', ')}. The ledger as it was is kept in ${report.backup}.\n`,
    )
  return 0
}
