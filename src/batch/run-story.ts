// A run of the history as it was told when it ended, put together from the ledger: its report, what went out in money, what was paid in the
// days before. How it is told is reporting/.

import { type Books, baseCurrencyOf } from '../accounting/books.ts'
import { addDays, dateInZone } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import { operations, type ReportedKind, reportedAs, reportedKinds } from '../accounting/kinds.ts'
import type { RunStory, SentMoney } from '../accounting/looking-back.ts'
import { noCounts, nothingPulled, type RunReport } from '../accounting/outcomes.ts'
import { isoInstant } from '../clock.ts'
import { readFindings } from '../ledger/findings.ts'
import { sumMoneyByDay } from '../ledger/money-moved.ts'
import type { Ledger } from '../ledger/open.ts'
import {
  type RecordedChunk,
  readKeptReport,
  readRunChunks,
  type SentSum,
  sumSent,
} from '../ledger/run-records.ts'
import type { StoredRun } from '../ledger/runs.ts'

/** Days of payments beside a run. */
const paidDays = 30

/** `books` are those of the run's entity; `zone` is where its days are. */
export async function readRunStory(
  ledger: Ledger,
  run: StoredRun,
  { books, zone }: { books: Books; zone: string },
): Promise<RunStory> {
  const day = dateInZone(Date.parse(run.startedAt), zone)
  const days = { from: addDays(day, 1 - paidDays), to: day }
  const kept = await readKeptReport(ledger, run.id)
  return {
    report: kept ?? (await rebuiltReport(ledger, run)),
    verb: run.verb,
    who: run.who,
    sent: await readSentMoney(ledger, run.id, books),
    paid: await sumMoneyByDay(ledger, {
      entity: run.entity,
      defaultCurrency: books.region.currency,
      ...days,
    }),
    paidDays: days,
    isRebuilt: kept === null,
  }
}

/** What a run did in Xero, with its money; `books` are those of its entity. */
export async function readSentMoney(ledger: Ledger, run: number, books: Books): Promise<SentMoney[]> {
  return sentMoney(await sumSent(ledger, run), baseCurrencyOf(books))
}

/** The report as far as the ledger still knows it: a finding that a later run found again, or mended, is that run's. */
export async function rebuiltReport(ledger: Ledger, run: StoredRun): Promise<RunReport> {
  const findings = await readFindings(ledger, { run: run.id })
  const kinds = { ...noCounts(), ...run.kinds }
  const chunks = await readRunChunks(ledger, run.id)
  return {
    id: run.id,
    verb: run.verb === 'pull' ? 'pull' : 'export',
    entity: run.entity,
    organisation: { tenantId: run.tenantId ?? '', name: run.organisation ?? '' },
    mirror: null,
    state: run.state === 'running' ? 'stopped' : run.state,
    startedAt: run.startedAt,
    finishedAt: run.endedAt ?? isoInstant(ledger.clock.now()),
    dryRun: false,
    kinds,
    pulled: { ...nothingPulled(), ...run.pulled },
    isPulled: Object.keys(run.pulled).length > 0,
    chunks: chunks.map((chunk) => ({
      kind: countedAs(chunk),
      number: chunk.number,
      of: chunk.of,
      documents: chunk.documents,
    })),
    failures: findings.filter(({ severity }) => severity === 'error').map(plainFinding),
    waiting: {
      futureDated: 0,
      held: 0,
      uncertain: reportedKinds.reduce((sum, kind) => sum + kinds[kind].uncertain, 0),
    },
    calls: {
      made: run.calls,
      minuteLeft: null,
      dayLeft: run.dayLeft,
      bytesOut: run.bytesOut,
      bytesIn: run.bytesIn,
    },
    stopReason: run.state === 'running' ? 'The run has not ended.' : run.reason,
    settleFrom: null,
    plan: null,
    warnings: findings.filter(({ severity }) => severity === 'warning').map(({ message }) => message),
  }
}

/** Only the public fields. */
function plainFinding({
  kind,
  id,
  number,
  code,
  severity,
  field,
  message,
  why,
  fix,
  xeroMessages,
}: Finding): Finding {
  return { kind, id, number, code, severity, field, message, why, fix, xeroMessages }
}

/** Where the things of a call were counted, as the plan counted them (plan.ts, reportedIn). */
export function countedAs({
  kind,
  channel,
  type,
}: Pick<RecordedChunk, 'kind' | 'channel' | 'type'>): ReportedKind {
  if (channel === 'prepayment_allocations' || channel === 'overpayment_allocations') return 'allocation'
  if (kind === 'receipt' && channel === 'manual_journals') return 'journal'
  if (kind === 'receipt' && type?.endsWith('OVERPAYMENT')) return 'overpayment'
  if (kind === 'discount' && channel === 'supplier_credits') return 'supplier_credit'
  return kind === 'journal' && channel === 'payments' ? 'payment' : reportedAs[kind]
}

/** By kind in the order of reports; money whose currency was not written down is in the organisation's. */
function sentMoney(sums: readonly SentSum[], baseCurrency: string): SentMoney[] {
  const merged = new Map<string, SentMoney>()
  for (const sum of sums) {
    const kind = countedAs(sum)
    const currency = sum.cents === null ? null : (sum.currency ?? baseCurrency)
    const key = `${kind} ${sum.operation} ${currency}`
    const known = merged.get(key) ?? { kind, operation: sum.operation, things: 0, currency, totalCents: 0 }
    merged.set(key, {
      ...known,
      things: known.things + sum.things,
      totalCents: known.totalCents + (sum.cents ?? 0),
    })
  }
  return [...merged.values()].sort((one, other) => order(one) - order(other))
}

function order({ kind, operation }: SentMoney): number {
  return reportedKinds.indexOf(kind) * operations.length + operations.indexOf(operation)
}
