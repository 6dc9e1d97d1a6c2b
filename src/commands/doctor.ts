// `doctor`: looks at everything that could keep an export from running, and says of each thing what to do (Q2). The facts are
// found out here, whatever state the ledger is in; checkup/ judges them.

import { type Check, caution, exitCodeOf } from '../checkup/check.ts'
import { judgeEntity } from '../checkup/entity.ts'
import { judgeLedger } from '../checkup/ledger.ts'
import { judgeMachine } from '../checkup/machine.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities, listEntities } from '../ledger/books.ts'
import { findOpenConnection } from '../ledger/connections.ts'
import { type LedgerHealth, readHealth } from '../ledger/health.ts'
import { type Ledger, openLedgerToRead } from '../ledger/open.ts'
import { checkupJson, printCheckup } from '../reporting/checkup-report.ts'
import { type CommandContext, type ExitCode, openOptions } from './context.ts'
import { entityFacts } from './doctor-entities.ts'
import { machineFacts } from './doctor-machine.ts'
import { printerOf, writeJson } from './telling.ts'

export interface DoctorFlags {
  offline?: boolean
}

export async function doctorCommand(context: CommandContext, flags: DoctorFlags): Promise<ExitCode> {
  const { ledgerFile } = context
  const machine = judgeMachine(await machineFacts(context))
  const health = readHealth(ledgerFile, placeOptions(context))
  const checks = [
    ...machine,
    ...judgeLedger(health),
    ...(isReadable(health) ? await entityChecks(context, health, flags) : []),
  ]
  if (context.flags.json) writeJson(context, checkupJson(checks))
  else printCheckup(await printerOf(context), checks, { isQuiet: context.flags.quiet })
  return exitCodeOf(checks)
}

/** What the environment says wrongly is told by itself. */
function placeOptions({ host }: CommandContext): ReturnType<typeof openOptions> {
  try {
    return openOptions(host)
  } catch (error) {
    if (!(error instanceof AuxoError)) throw error
    return { clock: host.clock, wrap: host.wrapDatabase, folderType: host.folderType }
  }
}

function isReadable({ problem, damage, network }: LedgerHealth): boolean {
  return problem === null && damage !== null && damage.length === 0 && (network === null || network.isAllowed)
}

/** Calls to Xero are logged in the ledger: where it cannot be written, or offline, nothing is asked and nothing written. */
async function entityChecks(
  context: CommandContext,
  { rights }: LedgerHealth,
  { offline = false }: DoctorFlags,
): Promise<Check[]> {
  const mayAsk = !offline && rights !== null && rights.isFileWritable && rights.isFolderWritable
  if (mayAsk) return context.withLedger((ledger) => checkEntities(context, ledger, mayAsk))
  const ledger = openLedgerToRead(context.ledgerFile, placeOptions(context))
  try {
    return await checkEntities(context, ledger, mayAsk)
  } finally {
    ledger.close()
  }
}

async function checkEntities(context: CommandContext, ledger: Ledger, mayAsk: boolean): Promise<Check[]> {
  const all = await listEntities(ledger)
  if (all.length === 0) {
    return [
      caution('entities', {
        found: 'The ledger has no billing entity yet.',
        cure: 'auxo-sync entities add NZ01 --name "Example Ltd" --region NZ',
      }),
    ]
  }
  const connected: string[] = []
  for (const { code } of all) if (await findOpenConnection(ledger, code)) connected.push(code)
  const checks: Check[] = []
  for (const entity of await chooseEntities(ledger, context.flags.entity)) {
    const hasOthers = context.flags.entity === undefined && connected.some((code) => code !== entity.code)
    checks.push(...judgeEntity(await entityFacts(context, ledger, entity, { hasOthers, mayAsk })))
  }
  return checks
}
