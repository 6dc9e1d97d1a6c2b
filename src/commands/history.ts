// `history`: the runs, newest first: who, when, what went out and what came back (E7).

import { addDays, dateInZone } from '../accounting/calendar.ts'
import { nothingPulled, type PulledCounts } from '../accounting/outcomes.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findLiveRuns, stateNow } from '../ledger/logged-calls.ts'
import type { Ledger } from '../ledger/open.ts'
import { countRuns, readRuns, type StoredRun } from '../ledger/runs.ts'
import { countText, instantText } from '../reporting/figures.ts'
import { failedOf, outcomeText, pulledText, wentOutText } from '../reporting/run-report.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { monthOption } from './period.ts'
import { printerOf, timeZoneOf, writeJson } from './telling.ts'

export interface HistoryFlags {
  month?: string
}

/** Without a month a person is shown the last ones; JSON has all. */
const shownMax = 50

export async function historyCommand(context: CommandContext, flags: HistoryFlags): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const { runs, zones, all } = await findRuns(context, ledger, flags)
    if (context.flags.json) {
      for (const run of runs) writeJson(context, runJson(run))
      return 0
    }
    const printer = await printerOf(context)
    const { hostname: host, isAlive } = context.host
    const live = await findLiveRuns(ledger, { host, isAlive })
    if (runs.length === 0) {
      printer.line(flags.month === undefined ? 'No run yet.' : `No run in ${flags.month}.`)
      return 0
    }
    printer.table(
      [
        { head: 'run', align: 'right' },
        { head: 'entity' },
        { head: 'started' },
        { head: 'what', isSpare: true },
        { head: 'outcome' },
        { head: 'went out', isFlexible: true },
        { head: 'came back', isFlexible: true },
        { head: 'failed', align: 'right' },
        { head: 'calls', align: 'right', isSpare: true },
        { head: 'who', isFlexible: true, isSpare: true },
      ],
      runs.map((run) => [
        String(run.id),
        run.entity,
        instantText(run.startedAt, zones.get(run.entity) ?? 'UTC'),
        run.rollsBack === null ? run.verb : `rollback of ${run.rollsBack}`,
        outcomeText(run.verb, stateNow(run, live)),
        sentText(run),
        cameBackText(run),
        countText(failedOf(run)),
        countText(run.calls),
        run.who,
      ]),
    )
    if (runs.length < all) {
      context.host.stderr.write(
        `These are the last ${runs.length} of ${countText(all)} runs; --month shows those of a month.\n`,
      )
    }
    return 0
  })
}

/** Newest first, of the chosen entities; a month is one where the entity is. `all`: how many there are, shown or not. */
async function findRuns(
  context: CommandContext,
  ledger: Ledger,
  flags: HistoryFlags,
): Promise<{ runs: StoredRun[]; zones: Map<string, string>; all: number }> {
  const month = flags.month === undefined ? null : monthOption(flags.month)
  // Instants are UTC: a day more on each side holds every zone's month.
  const range = month ? { startedFrom: addDays(month.from, -1), startedBefore: addDays(month.to, 2) } : {}
  const isWhole = month !== null || context.flags.json
  const limit = isWhole ? {} : { limit: shownMax }
  const zones = new Map<string, string>()
  const runs: StoredRun[] = []
  let all = 0
  for (const entity of await chooseEntities(ledger, context.flags.entity)) {
    const zone = await timeZoneOf(ledger, entity)
    zones.set(entity.code, zone)
    if (!isWhole) all += await countRuns(ledger, entity.code)
    for (const run of await readRuns(ledger, { entity: entity.code, ...range, ...limit })) {
      const day = dateInZone(Date.parse(run.startedAt), zone)
      if (!month || (day >= month.from && day <= month.to)) runs.push(run)
    }
  }
  runs.sort((a, b) => b.id - a.id)
  return isWhole ? { runs, zones, all: runs.length } : { runs: runs.slice(0, shownMax), zones, all }
}

/** What a rollback took out went out before. */
function sentText(run: StoredRun): string {
  return run.rollsBack === null ? wentOutText(run) : `taken out: ${wentOutText(run)}`
}

/** A run as `history --json` and `status --json` have it. */
export function runJson(run: StoredRun) {
  return {
    id: run.id,
    entity: run.entity,
    organisation: { tenantId: run.tenantId, name: run.organisation },
    verb: run.verb,
    rollsBack: run.rollsBack,
    state: run.state,
    startedAt: run.startedAt,
    finishedAt: run.endedAt,
    kinds: run.kinds,
    pulled: pulledOf(run),
    calls: { made: run.calls, dayLeft: run.dayLeft, bytesOut: run.bytesOut, bytesIn: run.bytesIn },
    reason: run.reason,
    who: run.who,
  }
}

/** What came back from Xero; null where Xero was not asked, or the run ended before it could be written down. */
export function pulledOf({ pulled }: StoredRun): PulledCounts | null {
  return Object.keys(pulled).length === 0 ? null : { ...nothingPulled(), ...pulled }
}

function cameBackText(run: StoredRun): string {
  const pulled = pulledOf(run)
  return pulled === null ? '' : (pulledText(pulled) ?? 'nothing')
}
