// `reconcile`: one month of the ledger held against Xero, document by document (V4). It only reads.

import { resolve } from 'node:path'
import type { BillingEntity } from '../accounting/documents.ts'
import {
  countReconciled,
  type OrganisationReconciliation,
  type Reconciliation,
} from '../accounting/reconciliation.ts'
import { reconcileOrganisation } from '../batch/reconcile.ts'
import { isoInstant } from '../clock.ts'
import { chooseEntities, listEntities } from '../ledger/books.ts'
import { entitiesOf, findConnection, findOpenConnection } from '../ledger/connections.ts'
import { findOrganisation } from '../ledger/looking-back.ts'
import type { Ledger } from '../ledger/open.ts'
import { deepLink } from '../reporting/deep-link.ts'
import { instantText } from '../reporting/figures.ts'
import { printable } from '../reporting/printable.ts'
import { reconcileCsv, reconcileJson } from '../reporting/reconcile-data.ts'
import { reconcilePage } from '../reporting/reconcile-page.ts'
import { printReconciliation, problemsOf } from '../reporting/reconcile-report.ts'
import { freshnessText, summaryText } from '../reporting/reconcile-texts.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { underLease } from './open-organisation.ts'
import { monthOption } from './period.ts'
import {
  byteOrderMark,
  formatOf,
  printedText,
  type ReportFlags,
  type ReportFormat,
  writeReport,
} from './report-file.ts'
import { printerOf, timeZoneOf } from './telling.ts'

export interface ReconcileFlags extends ReportFlags {
  month: string
  problems?: boolean
}

/** 1 where there are problems. */
export async function reconcileCommand(context: CommandContext, flags: ReconcileFlags): Promise<ExitCode> {
  const { from, to } = monthOption(flags.month)
  const format = formatOf(context, flags)
  return context.withLedger(async (ledger) => {
    const entities = await connectedEntities(context, ledger)
    const organisations: OrganisationReconciliation[] = []
    for (const group of await byOrganisation(ledger, entities)) {
      organisations.push(await reconcileGroup(context, ledger, group, { from, to }))
    }
    const report = { month: flags.month, organisations }
    await tell(context, ledger, report, { format, flags, first: entities[0] })
    return countReconciled(report).problems > 0 ? 1 : 0
  })
}

/** One that is not connected keeps the others from nothing; where it was named or is the only one, opening it says so. */
async function connectedEntities(context: CommandContext, ledger: Ledger): Promise<BillingEntity[]> {
  const entities = await chooseEntities(ledger, context.flags.entity)
  const connected: BillingEntity[] = []
  for (const entity of entities) if (await findOpenConnection(ledger, entity.code)) connected.push(entity)
  if (connected.length === 0) return entities.slice(0, 1)
  const leftOut = entities.filter((entity) => !connected.includes(entity))
  for (const { code } of context.flags.quiet ? [] : leftOut) {
    const said = `${code} is left out: it is not connected to a Xero organisation yet.`
    context.host.stderr.write(`${printable(said)}\n`)
  }
  return connected
}

/** Entities that share an organisation are reconciled together: its documents are read once. */
async function byOrganisation(
  ledger: Ledger,
  entities: readonly BillingEntity[],
): Promise<[BillingEntity, ...BillingEntity[]][]> {
  const groups = new Map<string, [BillingEntity, ...BillingEntity[]]>()
  for (const entity of entities) {
    const tenant = (await findConnection(ledger, entity.code))?.tenantId ?? ''
    const group = groups.get(tenant)
    if (group) group.push(entity)
    else groups.set(tenant, [entity])
  }
  return [...groups.values()]
}

async function reconcileGroup(
  context: CommandContext,
  ledger: Ledger,
  group: readonly [BillingEntity, ...BillingEntity[]],
  month: Parameters<typeof reconcileOrganisation>[0]['month'],
): Promise<OrganisationReconciliation> {
  const [first] = group
  const reconcile = async (gateway: Parameters<typeof reconcileOrganisation>[0]['gateway']) => {
    const { tenantId } = gateway
    const sharing = new Set(await entitiesOf(ledger, tenantId))
    const organisation = await findOrganisation(ledger, tenantId)
    return reconcileOrganisation({
      ledger,
      gateway,
      entities: (await listEntities(ledger)).filter(({ code }) => sharing.has(code)),
      asked: group.map(({ code }) => code),
      month,
      timeZone: await timeZoneOf(ledger, first),
      linkOf: (form, xeroId) =>
        form === 'none' ? null : deepLink(form, xeroId, organisation?.shortCode ?? null),
    })
  }
  return underLease(context, ledger, first, reconcile, { readsBalances: true })
}

interface Telling {
  format: ReportFormat
  flags: ReconcileFlags
  first: BillingEntity | undefined
}

async function tell(
  context: CommandContext,
  ledger: Ledger,
  report: Reconciliation,
  telling: Telling,
): Promise<void> {
  const { host } = context
  const { output } = telling.flags
  const { isBrief } = tellingOf(ledger, telling)
  if (output !== undefined) {
    const file = resolve(host.cwd, output)
    await writeReport(file, await reportText(ledger, report, telling), 'The reconciliation')
    if (context.flags.json) host.stdout.write(reconcileJson(report, { isBrief }))
    else if (!context.flags.quiet)
      (await printerOf(context)).line(`${summaryText(report)} Written to ${file}.`)
    return
  }
  if (telling.format === 'table') {
    if (context.flags.quiet && problemsOf(report).length === 0) return
    printReconciliation(await printerOf(context), report, tellingOf(ledger, telling))
    return
  }
  host.stdout.write(await reportText(ledger, report, telling))
  if (telling.format === 'json' || context.flags.quiet) return
  const fresh = report.organisations.map((one) => freshnessText(one, ledger.clock.now()))
  host.stderr.write(`${[summaryText(report), ...fresh].map(printable).join('\n')}\n`)
}

function tellingOf(ledger: Ledger, { flags }: Telling): { isBrief: boolean; now: number } {
  return { isBrief: flags.problems === true, now: ledger.clock.now() }
}

async function reportText(ledger: Ledger, report: Reconciliation, telling: Telling): Promise<string> {
  const told = tellingOf(ledger, telling)
  switch (telling.format) {
    case 'json':
      return reconcileJson(report, told)
    case 'csv':
      return `${telling.flags.output === undefined ? '' : byteOrderMark}${reconcileCsv(report, told)}`
    case 'html': {
      const zone = telling.first ? await timeZoneOf(ledger, telling.first) : 'UTC'
      return reconcilePage(report, { ...told, at: instantText(isoInstant(ledger.clock.now()), zone) })
    }
    case 'table':
      return printedText((printer) => printReconciliation(printer, report, told))
  }
}
