// The row of daily summaries in the table of kinds (J5): what a day's documents and payments come to goes out as one journal a kind,
// the day after. What a summary says is worked out by summary-days.ts, and what becomes of its sources by ledger/summaries.ts.

import type { ThingKind } from '../../accounting/kinds.ts'
import { type SummarisedKind, summarisedKinds } from '../../accounting/settings.ts'
import { hasSummaries, readSummaries, recordSummaries, summaryThingId } from '../../ledger/summaries.ts'
import { markSame } from '../../ledger/things.ts'
import { findWaitingIds, isSendable, readWaiting } from '../../ledger/waiting.ts'
import { rowHash } from '../../mapping/facts.ts'
import { type CheckOptions, checkKind } from '../check.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, noVerdicts, type PageVerdicts, type SummedThing } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'
import { checkDocumentPage } from './document-check.ts'
import { journalKind } from './journal.ts'
import { countForeseen, countJournal } from './journal-page.ts'
import { loadJournals, type ReadyJournal } from './journal-thing.ts'
import { paymentKind } from './payment.ts'
import { planDays } from './summary-days.ts'

type Source = Pick<KindRow, 'kind' | 'checkPage'> & { kind: Exclude<ThingKind, 'contact'> }

const documents: readonly Source[] = [
  { kind: 'invoice', checkPage: (scope, ids) => checkDocumentPage(scope, 'invoice', ids) },
  { kind: 'credit_note', checkPage: (scope, ids) => checkDocumentPage(scope, 'credit_note', ids) },
]
const payments: readonly Source[] = [
  { kind: 'payment', checkPage: paymentKind('payment').checkPage },
  { kind: 'journal', checkPage: journalKind.checkPage },
]

export const summaryKind: KindRow = {
  kind: 'summary',
  // What was summed up before stays so, whatever the settings say now.
  isLeftOut: () => false,
  derive: deriveSummaries,
  underived: foreseeSummaries,
  checkPage: checkSummaries,
  load: loadSummaries,
}

/** Documents first, and payments once theirs are in Xero: a run comes here before and after payments (E4). */
async function deriveSummaries({ runId }: RunContext, scope: CheckScope): Promise<void> {
  const { ledger, books } = scope
  const entity = books.entity.code
  if (!(await isAsked(scope))) return
  const stage = stageOf(scope)
  const things = await findSummed(scope, stage.sources, { run: runId, record: 'states' })
  const { summaries, same } = await planDays(scope, things, stage.kinds)
  await recordSummaries(ledger, entity, summaries)
  for (const { kind } of stage.sources)
    await markSame(
      ledger,
      { entity, kind },
      same.filter((one) => one.kind === kind),
    )
}

async function isAsked({ ledger, books }: CheckScope): Promise<boolean> {
  const { ar_style, daily_summaries } = books.settings
  return (ar_style === 'journals' && daily_summaries.length > 0) || hasSummaries(ledger, books.entity.code)
}

/** The same for a plan, payments and all: documents that are planned count as sent there. Gives back the ids of new ones. */
async function foreseeSummaries(scope: CheckScope): Promise<string[]> {
  if (!(await isAsked(scope))) return []
  // Looked at before their turn: payments must not count as planned for each other yet.
  const ahead = { ...scope, planned: new Set(scope.planned) }
  const things = await findSummed(ahead, [...documents, ...payments], { run: null, record: 'nothing' })
  const { summaries } = await planDays(scope, things, summarisedKinds)
  const made: string[] = []
  for (const { of: kind, date, sequence, row, entry } of summaries) {
    const id = summaryThingId({ kind, date, sequence })
    scope.foreseen.set(`summary/${id}`, entry && { label: id, entry, findings: [] })
    if (row === null) made.push(id)
  }
  return made
}

function stageOf({ visited }: CheckScope): { sources: readonly Source[]; kinds: readonly SummarisedKind[] } {
  return visited.has('payment')
    ? { sources: payments, kinds: ['payment', 'deposit'] }
    : { sources: documents, kinds: ['invoice', 'credit_note'] }
}

/** Everything of days that are over that goes with a summary and has no error; errors are recorded as ever. */
async function findSummed(
  scope: CheckScope,
  sources: readonly Source[],
  options: Pick<CheckOptions, 'run' | 'record'>,
): Promise<SummedThing[]> {
  const { ledger, books } = scope
  const { cutover_date } = books.settings
  const summed: SummedThing[] = []
  for (const { kind, checkPage } of sources) {
    const ids = await findWaitingIds(ledger, {
      entity: books.entity.code,
      kind,
      from: cutover_date === 'none' ? null : cutover_date,
      to: scope.today,
      ids: null,
      isHeldToo: scope.isHeldToo ?? false,
    })
    const row: Source = {
      kind,
      checkPage: async (of, page) => {
        const verdicts = await checkPage(of, page)
        summed.push(...verdicts.summed)
        return verdicts
      },
    }
    await checkKind(row, scope, ids, {
      ...options,
      onFindings: () => undefined,
      onPage: () => undefined,
    })
  }
  // What was moved to a day that is not over stays where it was until then.
  return summed.filter(({ entry, date }) => entry === null || date < scope.today)
}

async function checkSummaries(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'summary', ids })
  const entries = await readSummaries(ledger, books.entity.code, ids)
  const page = noVerdicts()
  for (const id of countForeseen(scope, page, 'summary', ids, waiting)) {
    const entry = entries.get(id)
    const thing = waiting.get(id)
    // Those of payments are made anew, and sent, after their documents.
    const isDue = stageOf(scope).kinds.some((kind) => id.startsWith(`${kind}/`))
    if (isDue && entry && thing && isSendable(thing.state))
      countJournal(scope, page, { kind: 'summary', id, label: id, thing, entry, operation: 'create' })
  }
  return page
}

async function loadSummaries(context: RunContext, planned: readonly PlannedThing[]): Promise<Loaded> {
  const { ledger, books } = context
  const ids = planned.map((thing) => thing.id)
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'summary', ids })
  const entries = await readSummaries(ledger, books.entity.code, ids)
  const ready = planned.flatMap(({ id, revision }): ReadyJournal[] => {
    const entry = entries.get(id)
    const thing = waiting.get(id)
    if (!entry || thing?.revision !== revision || !isSendable(thing.state)) return []
    return [{ kind: 'summary', id, label: id, entry, factsHash: rowHash(entry), thing }]
  })
  return loadJournals(context, 'create', ready)
}
