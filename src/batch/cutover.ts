// `mock-export` (M1): everything dated before a day counts as exported, and nothing is sent. The steps: what it would be is counted,
// open documents are looked up in Xero and what is on them is paired, all of that is told, and then marked in one transaction.

import type { Books } from '../accounting/books.ts'
import { currencyOf } from '../accounting/books.ts'
import type { PlainDate } from '../accounting/calendar.ts'
import { type ReportedKind, reportedAs, reportedKinds, type ThingKind } from '../accounting/kinds.ts'
import { formatCents } from '../accounting/money.ts'
import { noCounts } from '../accounting/outcomes.ts'
import type { Clock } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import {
  type CutoverPeriod,
  countLeftByCutover,
  countMarkable,
  type LeftAlone,
  type MarkedCount,
  markExportedBefore,
} from '../ledger/cutover.ts'
import type { Ledger } from '../ledger/open.ts'
import { closeRun, countRunCalls, openRun, type RunClosing } from '../ledger/runs.ts'
import type { XeroGateway } from '../xero/gateway.ts'
import { type LinkPlan, planLinks } from './cutover/plan-links.ts'
import { storeLinked } from './cutover/store-linked.ts'

/** What is marked of a kind: how many, and their money by currency. */
export interface MarkedKind {
  kind: ReportedKind
  documents: number
  totals: { currency: string; total: string }[]
}

/** What is told before anything is marked; of a dry run it is all. */
export interface CutoverPreview {
  kinds: MarkedKind[]
  left: LeftAlone
  /** Null without --link. */
  links: LinkPlan | null
}

export interface CutoverInput {
  ledger: Ledger
  books: Books
  before: PlainDate
  who: string
  /** The organisation, where the entity has one. */
  organisation: { tenantId: string; name: string } | null
  /** With --link. */
  gateway: XeroGateway | null
  clock: Clock
  /** Told the run's number once it has one. */
  onRun: (run: number) => void
  onPreview: (preview: CutoverPreview) => void
  /** Told before the things of a kind are marked, with how many they are. */
  onKind: (kind: ThingKind, documents: number) => void
}

/** Only what it would be. */
export async function previewCutover(input: CutoverInput): Promise<CutoverPreview> {
  const { ledger, books, gateway, clock, before } = input
  const period = periodOf(input)
  const links = gateway ? await planLinks({ ledger, gateway, books, clock }, { ...period, before }) : null
  return {
    kinds: markedKinds(await countMarkable(ledger, period), books),
    left: await countLeftByCutover(ledger, period),
    links,
  }
}

export interface CutoverEnd {
  run: number
  kinds: MarkedKind[]
}

/** Tells what it is, and does it. A failed or killed one has marked nothing. */
export async function mockExport(input: CutoverInput): Promise<CutoverEnd> {
  const { ledger, books, organisation, who } = input
  const { id: run } = await openRun(ledger, {
    entity: books.entity.code,
    tenantId: organisation?.tenantId ?? null,
    organisation: organisation?.name ?? null,
    verb: 'mock-export',
    who,
  })
  input.onRun(run)
  try {
    const preview = await previewCutover(input)
    input.onPreview(preview)
    return { run, kinds: await mark(input, run, preview.links) }
  } catch (error) {
    if (error instanceof AuxoError)
      await closeRun(ledger, run, await closing(input, run, { state: 'failed', reason: error.message }))
    throw error
  }
}

async function mark(input: CutoverInput, run: number, links: LinkPlan | null): Promise<MarkedKind[]> {
  const { ledger, books, gateway, clock, who, before } = input
  const rows = links?.twins.map(({ row }) => row) ?? []
  if (links && gateway) await storeLinked({ ledger, gateway, books, clock }, rows, links.credits)
  const end = await closing(input, run, { state: 'nothing', reason: null })
  const request = {
    ...periodOf(input),
    run,
    who,
    links: links && gateway ? { tenantId: gateway.tenantId, things: links.things } : null,
  }
  const endOf = (counts: readonly MarkedCount[]): RunClosing => {
    const marked = counts.reduce((sum, { documents }) => sum + documents, 0)
    if (marked + rows.length === 0)
      return { ...end, reason: `Nothing was dated before ${before} and not sent.` }
    const linked = links ? `, ${rows.length.toLocaleString('en')} linked with Xero` : ''
    const reason = `${marked.toLocaleString('en')} dated before ${before} marked as exported${linked}. Nothing was sent.`
    return { ...end, state: 'sent', reason }
  }
  return markedKinds(await markExportedBefore(ledger, request, endOf, input.onKind), books)
}

async function closing(
  { ledger, gateway }: CutoverInput,
  run: number,
  end: Pick<RunClosing, 'state' | 'reason'>,
): Promise<RunClosing> {
  const calls = { ...(await countRunCalls(ledger, run)), dayLeft: gateway?.limits().dayLeft ?? null }
  return { ...end, kinds: noCounts(), calls }
}

function periodOf({ books, before }: CutoverInput): CutoverPeriod {
  return { entity: books.entity.code, before }
}

function markedKinds(counts: readonly MarkedCount[], books: Books): MarkedKind[] {
  return reportedKinds.flatMap((kind) => {
    const own = counts.filter((count) => reportedAs[count.kind] === kind)
    if (own.length === 0) return []
    const totals = new Map<string, number>()
    for (const count of own) {
      const currency = currencyOf(count, books)
      totals.set(currency, (totals.get(currency) ?? 0) + count.total)
    }
    return [
      {
        kind,
        documents: own.reduce((sum, { documents }) => sum + documents, 0),
        totals: [...totals].map(([currency, total]) => ({ currency, total: formatCents(total) })),
      },
    ]
  })
}
