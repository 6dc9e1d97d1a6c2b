// `migrate`: brings an old ledger up to date, after a back-up.

import { migrateLedger } from '../ledger/create.ts'
import { type CommandContext, type ExitCode, openOptions } from './context.ts'
import { tellDone } from './telling.ts'

export async function migrateCommand(context: CommandContext): Promise<ExitCode> {
  const { host, ledgerFile } = context
  const report = migrateLedger(ledgerFile, openOptions(host))
  const sentence =
    report.applied.length === 0
      ? `The ledger ${ledgerFile} is up to date.`
      : `Brought ${ledgerFile} up to date: ${report.applied.join(', ')}. The ledger as it was is kept in ${report.backup}.`
  tellDone(context, { ledger: ledgerFile, ...report }, sentence)
  return 0
}
