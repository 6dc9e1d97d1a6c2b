// `mock-export`: everything dated before a day counts as exported (M1), entity after entity; `--undo` takes the last one back.

import { type PlainDate, parseDate } from '../accounting/calendar.ts'
import type { BillingEntity } from '../accounting/documents.ts'
import { countOf } from '../accounting/kinds.ts'
import { formatCents } from '../accounting/money.ts'
import type { LinkPlan } from '../batch/cutover/plan-links.ts'
import {
  type CutoverInput,
  type CutoverPreview,
  type MarkedKind,
  mockExport,
  previewCutover,
} from '../batch/cutover.ts'
import { pullMirror } from '../batch/pull.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { type Connection, findConnection } from '../ledger/connections.ts'
import { undoMockExport } from '../ledger/cutover-undo.ts'
import { whileLeased } from '../ledger/lease.ts'
import type { Ledger } from '../ledger/open.ts'
import { type LinksTold, printCutover, type UnpairedLine } from '../reporting/cutover-report.ts'
import { countText } from '../reporting/figures.ts'
import { progressTeller } from '../reporting/progress.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { holderOf, type OpenOrganisation, openOrganisation } from './open-organisation.ts'
import { printerOf, tellDone, writeJson } from './telling.ts'

export interface MockExportFlags {
  before?: string
  dryRun?: boolean
  link?: boolean
  /** True for the last one, or the number of its run. */
  undo?: true | string
}

export async function mockExportCommand(context: CommandContext, flags: MockExportFlags): Promise<ExitCode> {
  if (flags.undo !== undefined) return undoCommand(context, flags)
  const before = parseDate(flags.before ?? '')
  if (!before)
    throw new AuxoError(
      'usage',
      'Say up to which day: --before takes a date such as 2026-04-01, the day itself is exported.',
    )
  return context.withLedger(async (ledger) => {
    for (const entity of await chooseEntities(ledger, context.flags.entity))
      await markEntity(context, ledger, entity, before, flags)
    return 0
  })
}

/** Under the lease of the organisation, where there is one: no export may run meanwhile. */
async function markEntity(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  before: PlainDate,
  flags: MockExportFlags,
): Promise<void> {
  const connection = await findConnection(ledger, entity.code)
  const open = flags.link ? await openOrganisation(context, ledger, entity) : null
  try {
    await underLeaseOf(context, ledger, connection, async () => {
      if (open) await pullMirror(ledger, open.gateway)
      await markAndTell(context, ledger, { entity, connection, open, before, dryRun: flags.dryRun ?? false })
    })
  } finally {
    await open?.gateway.close()
  }
}

async function underLeaseOf(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection | null,
  work: () => Promise<void>,
): Promise<void> {
  if (connection === null) return work()
  await whileLeased(ledger, connection.tenantId, holderOf(context), work)
}

interface Asked {
  entity: BillingEntity
  connection: Connection | null
  open: OpenOrganisation | null
  before: PlainDate
  dryRun: boolean
}

async function markAndTell(context: CommandContext, ledger: Ledger, asked: Asked): Promise<void> {
  const { entity, connection, open, before, dryRun } = asked
  const books = await readBooks(ledger, entity, connection?.tenantId ?? null)
  const printer = context.flags.json || context.flags.quiet ? null : await printerOf(context)
  const teller = await progressTeller(context.host, context.flags)
  const setting = books.settings.cutover_date
  let told: CutoverPreview | null = null
  const onPreview = (preview: CutoverPreview) => {
    told = preview
    if (!printer) return
    const links = preview.links && linksTold(preview.links)
    const cutoverDate = setting === 'none' ? null : setting
    printCutover(printer, { ...preview, entity: entity.code, before, dryRun, links, cutoverDate })
  }
  const input: CutoverInput = {
    ledger,
    books,
    before,
    who: whoOf(context.host),
    organisation: connection && { tenantId: connection.tenantId, name: connection.organisation },
    gateway: open?.gateway ?? null,
    clock: context.host.clock,
    onRun: (run) => open?.logUnder(run),
    onPreview,
    onKind: (kind, documents) =>
      teller.tell({ event: 'step', step: 'check', detail: `Marking ${countOf(documents, kind)}` }),
  }
  if (dryRun) {
    const preview = await previewCutover(input)
    onPreview(preview)
    if (context.flags.json) writeJson(context, json(asked, null, preview.kinds, preview))
    return
  }
  const { run, kinds } = await mockExport(input).finally(() => teller.stop())
  if (context.flags.json) return writeJson(context, json(asked, run, kinds, told))
  if (kinds.length > 0)
    printer?.line(`  Run ${run}: marked. Nothing was sent. auxo-sync mock-export --undo takes it back.`)
}

/** `total` where all of it is in one currency; `totals` always. */
function json(
  { entity, before, dryRun }: Asked,
  run: number | null,
  kinds: readonly MarkedKind[],
  preview: CutoverPreview | null,
) {
  return {
    run,
    entity: entity.code,
    dryRun,
    before,
    kinds: Object.fromEntries(
      kinds.map(({ kind, documents, totals }) => {
        const [only, another] = totals
        return [kind, { documents, total: only && !another ? only.total : null, totals }]
      }),
    ),
    left: preview?.left ?? null,
    links: preview?.links ? linksTold(preview.links) : null,
  }
}

function linksTold({ twins, notLinked, money }: LinkPlan): LinksTold {
  const nameOf = ({ id, number }: { id: string; number: string }) => number.trim() || id
  const numberOf = new Map(twins.map(({ document }) => [document.id, nameOf(document)]))
  const line = (one: {
    document: string
    date: string | null
    amount: number
  }): Omit<UnpairedLine, 'what' | 'id'> => ({
    document: numberOf.get(one.document) ?? one.document,
    date: one.date,
    amount: formatCents(one.amount),
  })
  return {
    linked: twins.map(({ document, row }) => ({
      kind: document.kind,
      id: document.id,
      number: nameOf(document),
      xeroId: row.xeroId,
    })),
    paired: money.payments.length + money.credits.length + money.deposits.length,
    unpaired: {
      ledger: money.unpairedOurs.map((one) => ({
        ...line(one),
        what: one.kind.replaceAll('_', ' '),
        id: one.id,
      })),
      xero: money.unpairedTheirs.map((one) =>
        'credit' in one
          ? {
              ...line(one),
              what: one.credit.kind.replaceAll('_', ' '),
              id: one.credit.number ?? one.credit.xeroId,
            }
          : { ...line(one), what: 'payment', id: one.reference ?? one.xeroId },
      ),
    },
    differences: twins.flatMap(({ document, row }) =>
      Math.abs(document.total) === row.total
        ? []
        : [
            {
              number: nameOf(document),
              ledger: formatCents(Math.abs(document.total)),
              xero: formatCents(row.total),
            },
          ],
    ),
    notLinked: notLinked.map(({ document, why }) => ({
      kind: document.kind,
      id: document.id,
      number: nameOf(document),
      why,
    })),
  }
}

async function undoCommand(context: CommandContext, flags: MockExportFlags): Promise<ExitCode> {
  if (flags.before !== undefined || flags.dryRun || flags.link)
    throw new AuxoError('usage', '--undo stands alone: it takes back a mock export, and marks nothing.')
  const run = flags.undo === true ? null : Number(flags.undo)
  if (run !== null && !Number.isSafeInteger(run))
    throw new AuxoError(
      'usage',
      `--undo takes the number of a run, not “${flags.undo}”. auxo-sync history lists them.`,
    )
  return context.withLedger(async (ledger) => {
    const [entity, another] = await chooseEntities(ledger, context.flags.entity)
    if (!entity || another)
      throw new AuxoError('usage', 'Say of which entity it is to be undone: --entity CODE.')
    const connection = await findConnection(ledger, entity.code)
    await underLeaseOf(context, ledger, connection, async () => {
      const undone = await undoMockExport(ledger, { entity: entity.code, run, who: whoOf(context.host) })
      if (undone.outcome === 'nothing-marked')
        throw new AuxoError(
          'needs-person',
          `${run === null ? `${entity.code} has no mock export to undo` : `Run ${run} is no mock export of ${entity.code} of which anything is still marked`}. Nothing was changed.`,
        )
      if (undone.outcome === 'exported-since')
        throw new AuxoError(
          'needs-person',
          `The mock export of run ${undone.undoneRun} cannot be undone: run ${undone.since} exported documents since. Nothing was changed. Single documents can be reset: auxo-sync reset DOC`,
        )
      const { undoneRun, things } = undone
      tellDone(
        context,
        { run: undone.run, entity: entity.code, undone: undoneRun, things },
        `Run ${undoneRun} undone: everything that it marked (${countText(things)}) waits to be exported again.`,
      )
    })
    return 0
  })
}
