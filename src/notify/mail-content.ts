// What a mail says: subject, first sentence and sections, of one run or of the runs of a day. What it looks like is
// mail-form.ts. Pure.

import { longDate, type PlainDate } from '../accounting/calendar.ts'
import { type ReportedKind, reportedKinds } from '../accounting/kinds.ts'
import { nothingPulled, type PulledCounts } from '../accounting/outcomes.ts'
import { countText, instantText } from '../reporting/figures.ts'
import { printable } from '../reporting/printable.ts'
import { kindsText, pulledText } from '../reporting/run-report.ts'
import type { MailKind } from './mail-rule.ts'
import type { EntitySummary, Need, RunSummary } from './run-summary.ts'

export interface MailItem {
  text: string
  lines: readonly { label: string; text: string }[]
}

export interface MailContent {
  subject: string
  headline: string
  sections: { title: string; items: MailItem[] }[]
  footer: string[]
}

export interface MailFacts {
  kind: MailKind
  /** Oldest first; the last one is the run that sends the mail. */
  runs: readonly RunSummary[]
  today: PlainDate
  timeZone: string
  machine: string
  /** Name of the ledger's file. */
  ledger: string
  version: string
}

const subjectMax = 160
const needsMax = 60
const runsMax = 30

export function mailContent(facts: MailFacts): MailContent {
  const needs = facts.runs.flatMap((run) => run.needs)
  const entities = mergeEntities(facts.runs)
  const { subject, headline } = titleOf(facts, needs, entities)
  const sections = [
    { title: 'To do', items: needItems(needs) },
    {
      title: 'Went out',
      items: entities.map((entity) => item(`${nameOf(entity)}: ${kindsText(entity.sent) ?? 'nothing'}`)),
    },
    {
      title: 'Came back from Xero',
      items: entities.map((entity) =>
        item(`${nameOf(entity)}: ${pulledText(entity.pulled) ?? 'nothing new'}`),
      ),
    },
    {
      title: 'Waits',
      items: entities.flatMap(({ entity, waits }) => waits.map((text) => item(`${entity}: ${text}`))),
    },
    {
      title: 'Notes',
      items: entities.flatMap(({ entity, notes }) => notes.map((text) => item(`${entity}: ${text}`))),
    },
    { title: 'Runs', items: runItems(facts) },
  ]
  return {
    subject: cut(printable(subject)),
    headline,
    sections: sections.filter(({ items }) => items.length > 0),
    footer: footerOf(facts),
  }
}

function item(text: string): MailItem {
  return { text, lines: [] }
}

function titleOf(
  { kind, runs, today }: MailFacts,
  needs: readonly Need[],
  entities: readonly EntitySummary[],
): { subject: string; headline: string } {
  const who = [...new Set([...entities, ...needs].flatMap(({ entity }) => entity ?? []))]
    .slice(0, 3)
    .join(', ')
  const from = who === '' ? 'auxo-sync' : `auxo-sync ${who}`
  const sent = kindsText(sumSent(entities)) ?? 'nothing'
  const [first] = needs
  if (kind === 'digest') {
    const counted = runs.length === 1 ? '1 run' : `${countText(runs.length)} runs`
    const todo = needs.length === 0 ? 'nothing to do' : `${countText(needs.length)} to do`
    const headline = `${counted} since the last digest. Sent: ${sent}. ${needs.length === 0 ? 'Nothing needs you.' : `To do: ${countText(needs.length)}.`}`
    return { subject: `${from}, ${longDate(today)}: ${counted}, ${sent} sent, ${todo}`, headline }
  }
  if (!first) {
    const isAgain = kind === 'clear'
    return {
      subject: `${from}: all is well${isAgain ? ' again' : ''}, ${sent} sent`,
      headline: isAgain
        ? 'What the last mail asked for is done: nothing needs you any more.'
        : 'Nothing needs you.',
    }
  }
  const more = needs.length === 1 ? '' : ` and ${countText(needs.length - 1)} more`
  return {
    subject: `${from}: ${kind === 'again' ? 'still ' : ''}${first.what}${more}`,
    headline:
      kind === 'again'
        ? 'This was told before and still needs you.'
        : needs.length === 1
          ? 'One thing needs you.'
          : `${countText(needs.length)} things need you.`,
  }
}

function cut(text: string): string {
  return text.length <= subjectMax ? text : `${text.slice(0, subjectMax - 1)}…`
}

function needItems(needs: readonly Need[]): MailItem[] {
  const items = needs
    .slice(0, needsMax)
    .map(({ entity, what, lines }) => ({ text: entity === null ? what : `${entity}: ${what}`, lines }))
  const more = needs.length - items.length
  return more > 0 ? [...items, item(`${countText(more)} more: see auxo-sync status.`)] : items
}

/** Of many runs those that did not end with 0; one alone stands in the footer. */
function runItems({ runs, timeZone }: MailFacts): MailItem[] {
  if (runs.length < 2) return []
  const odd = runs.filter(({ exitCode }) => exitCode !== 0)
  const told = odd.slice(-runsMax).map(({ verb, at, exitCode }) => {
    return item(`${verb} that ended ${instantText(at, timeZone)} with exit code ${exitCode}`)
  })
  const well = runs.length - odd.length
  const first =
    well === runs.length ? 'All ended well.' : `${countText(well)} of ${countText(runs.length)} ended well.`
  return [item(first), ...told]
}

function footerOf({ runs, kind, machine, ledger, timeZone, version }: MailFacts): string[] {
  const last = runs.at(-1)
  if (!last) return []
  const numbers = last.entities.map(({ entity, run, state }) => `${entity} run ${run}, ${state}`).join('; ')
  return [
    `${last.verb} on ${machine}, ledger ${ledger}, ended ${instantText(last.at, timeZone)} with exit code ${last.exitCode}${numbers === '' ? '' : ` (${numbers})`}. auxo-sync ${version}.`,
    kindWords[kind],
  ]
}

const failureWords =
  'Mails come when something new needs you, once a day while it stays, and once when it is done (AUXO_MAIL_ON=failure).'
const kindWords: Record<MailKind, string> = {
  needs: failureWords,
  again: failureWords,
  clear: failureWords,
  run: 'A mail comes after each run (AUXO_MAIL_ON=always).',
  digest: 'A mail comes with the first run of each day (AUXO_MAIL_ON=digest).',
}

/** What all runs did for each entity; what waits and what is noted is of the last one. */
function mergeEntities(runs: readonly RunSummary[]): EntitySummary[] {
  const merged = new Map<string, EntitySummary>()
  for (const entity of runs.flatMap((run) => run.entities)) {
    const before = merged.get(entity.entity)
    merged.set(entity.entity, {
      ...entity,
      sent: sumSent(before ? [before, entity] : [entity]),
      pulled: sumPulled(before ? [before, entity] : [entity]),
    })
  }
  return [...merged.values()]
}

function sumSent(entities: readonly Pick<EntitySummary, 'sent'>[]): Partial<Record<ReportedKind, number>> {
  const sums = reportedKinds.map((kind) => [
    kind,
    entities.reduce((sum, { sent }) => sum + (sent[kind] ?? 0), 0),
  ])
  return Object.fromEntries(sums)
}

function sumPulled(entities: readonly EntitySummary[]): Partial<PulledCounts> {
  const names = Object.keys(nothingPulled()) as (keyof PulledCounts)[] // of that record
  return Object.fromEntries(
    names.map((name) => [name, entities.reduce((sum, { pulled }) => sum + (pulled[name] ?? 0), 0)]),
  )
}

function nameOf({ entity, organisation }: EntitySummary): string {
  return `${entity} → ${organisation}`
}
