// A run as a mail tells it: short, in words, and small enough to be kept until the digest. Pure.

import { createHash } from 'node:crypto'
import { type FindingGroup, groupFindings } from '../accounting/finding-groups.ts'
import type { Finding } from '../accounting/findings.ts'
import { countOf, kindNames, type ReportedKind } from '../accounting/kinds.ts'
import { nothingPulled, type PulledCounts, type RunReport } from '../accounting/outcomes.ts'
import { countText, firstOf, instantText } from '../reporting/figures.ts'
import { stateWords, wentOutOf } from '../reporting/run-report.ts'
import type { NotifyingVerb, RunError, RunResult } from './run-result.ts'

/** One thing that a person has to do. */
export interface Need {
  entity: string | null
  what: string
  /** What, for example, is wrong; why; what to do; Xero's own words: each with its label, and only where there is something. */
  lines: { label: string; text: string }[]
  /** What it is about, hashed: the same until something else needs somebody. */
  keys: string[]
}

export interface EntitySummary {
  entity: string
  organisation: string
  run: number
  state: string
  sent: Partial<Record<ReportedKind, number>>
  pulled: Partial<PulledCounts>
  /** Sentences. */
  waits: string[]
  notes: string[]
}

export interface RunSummary {
  verb: NotifyingVerb
  scope: string
  /** When it ended, ISO UTC. */
  at: string
  exitCode: number
  entities: EntitySummary[]
  needs: Need[]
}

const numbersMax = 20

export function summarise(result: RunResult): RunSummary {
  const { verb, scope, endedAt, exitCode, reports, errors, warnings, findings, timeZone } = result
  const needs = [
    ...errors.map(errorNeed),
    ...warnings.map(warningNeed),
    ...reports.flatMap((report) => reportNeeds(report, timeZone)),
    ...findingNeeds(findings.filter(({ severity }) => severity === 'error')),
  ]
  return {
    verb,
    scope,
    at: endedAt,
    exitCode,
    entities: reports.map(entitySummary),
    needs: exitCode !== 0 && needs.length === 0 ? [codeNeed(exitCode)] : needs,
  }
}

function errorNeed({ entity, code, message, details }: RunError): Need {
  const lines = details.slice(0, numbersMax).map((text) => ({ label: '', text }))
  return { entity, what: message, lines, keys: [keyOf(entity, 'error', code)] }
}

function warningNeed({ entity, message }: RunResult['warnings'][number]): Need {
  return { entity, what: message, lines: [], keys: [keyOf(entity, 'warning', withoutFigures(message))] }
}

function reportNeeds(report: RunReport, timeZone: string): Need[] {
  const { entity, stopReason, failures, waiting, settleFrom } = report
  const stopped: Need[] =
    stopReason === null
      ? []
      : [
          {
            entity,
            what: `Stopped: ${stopReason}`,
            lines: [],
            keys: [keyOf(entity, 'stopped', withoutFigures(stopReason))],
          },
        ]
  const uncertain: Need[] =
    waiting.uncertain === 0
      ? []
      : [
          {
            entity,
            what: `Answers were lost: of ${countText(waiting.uncertain)} sent it is not known yet whether Xero has them. Nothing is sent twice.`,
            lines: [
              {
                label: 'To do',
                text:
                  settleFrom === null
                    ? 'See auxo-sync status, and settle them with auxo-sync settle.'
                    : `Run again after ${instantText(settleFrom, timeZone)}; the next run settles them by itself.`,
              },
            ],
            keys: [keyOf(entity, 'uncertain', settleFrom === null ? 'person' : 'time')],
          },
        ]
  return [...stopped, ...findingNeeds(failures.map((failure) => ({ entity, ...failure }))), ...uncertain]
}

/** The same reason at another time, or after another count, is the same. */
function withoutFigures(text: string): string {
  return text.replaceAll(/\d+/g, '')
}

function findingNeeds(findings: readonly (Finding & { entity: string })[]): Need[] {
  const entities = [...new Set(findings.map(({ entity }) => entity))]
  return entities.flatMap((entity) =>
    groupFindings(findings.filter((finding) => finding.entity === entity)).map((group) =>
      groupNeed(entity, group),
    ),
  )
}

function groupNeed(entity: string, { first, subjects, xeroMessages }: FindingGroup): Need {
  const numbers = subjects.map(({ number }) => number)
  const isOne = numbers.length === 1
  const who = isOne ? `${kindNames[first.kind].one} ${first.number}` : countOf(numbers.length, first.kind)
  return {
    entity,
    what: `${who} not sent (${first.code})`,
    lines: [
      ...(isOne ? [] : [{ label: 'Which', text: firstOf(numbers, numbersMax) }]),
      { label: isOne ? 'What' : 'For example', text: first.message },
      { label: 'Why', text: first.why },
      { label: 'To do', text: first.fix },
      ...xeroMessages.map((text) => ({ label: 'Xero', text })),
    ],
    keys: subjects.map(({ id }) => keyOf(entity, first.kind, first.code, id)),
  }
}

/** Whatever the reason is, a run that did not end well is never told as one that did. */
function codeNeed(exitCode: number): Need {
  const lines = [{ label: 'To do', text: 'See auxo-sync status and what the run said.' }]
  const what = `The run ended with exit code ${exitCode}.`
  return { entity: null, what, lines, keys: [keyOf(null, 'code', String(exitCode))] }
}

/** Not to be read back: the memory of what was told holds no names. */
function keyOf(entity: string | null, ...parts: string[]): string {
  return createHash('sha256')
    .update([entity ?? '', ...parts].join('\n'))
    .digest('hex')
    .slice(0, 16)
}

function entitySummary(report: RunReport): EntitySummary {
  const { entity, id, verb, state, pulled, waiting, warnings } = report
  const { futureDated, held } = waiting
  return {
    entity,
    organisation: report.organisation.name || 'Xero',
    run: id,
    state: verb === 'pull' && state !== 'stopped' ? 'read, nothing was sent' : stateWords[state].text,
    sent: wentOutOf(report),
    pulled: withoutZeros(pulled),
    waits: [
      ...(futureDated > 0 ? [`${countText(futureDated)} dated in the future, until the day has come`] : []),
      ...(held > 0 ? [`${countText(held)} held back`] : []),
    ],
    notes: [...new Set(warnings)].slice(0, numbersMax),
  }
}

function withoutZeros(pulled: PulledCounts): Partial<PulledCounts> {
  const names = Object.keys(nothingPulled()) as (keyof PulledCounts)[] // of that record
  return Object.fromEntries(names.filter((name) => pulled[name] > 0).map((name) => [name, pulled[name]]))
}
