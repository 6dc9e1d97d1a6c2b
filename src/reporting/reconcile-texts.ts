// The sentences that every form of a reconciliation has in common (V4): the sum of it, how fresh each side is, what was left out.

import {
  countReconciled,
  type OrganisationReconciliation,
  type Reconciliation,
} from '../accounting/reconciliation.ts'
import { countText, durationText, listText } from './figures.ts'

const counted = (count: number, one: string, many = `${one}s`) =>
  `${countText(count)} ${count === 1 ? one : many}`

/** "118 documents agree, 3 problems." */
export function summaryText(report: Reconciliation): string {
  const { agree, problems, documents } = countReconciled(report)
  if (documents === 0) return 'The ledger has no documents in this month.'
  const agreed = `${counted(agree, 'document')} ${agree === 1 ? 'agrees' : 'agree'}`
  return `${agreed}, ${problems === 0 ? 'no problems' : counted(problems, 'problem')}.`
}

/** What is in neither number, a sentence each. */
export function leftOutTexts(report: Reconciliation): string[] {
  const { notCompared, onlyInXero } = countReconciled(report)
  const drafts = report.organisations.reduce((sum, one) => sum + one.drafts, 0)
  const texts: string[] = []
  if (notCompared > 0)
    texts.push(`${counted(notCompared, 'document')} ${notCompared === 1 ? 'was' : 'were'} not compared.`)
  if (drafts > 0)
    texts.push(`${counted(drafts, 'draft')} of the ledger ${drafts === 1 ? 'is' : 'are'} left out.`)
  if (onlyInXero > 0)
    texts.push(
      `${counted(onlyInXero, 'document')} of Xero ${onlyInXero === 1 ? 'was' : 'were'} made there by people.`,
    )
  return texts
}

/** "NZ01, NZ02" */
export function entitiesText(report: Reconciliation): string {
  return listText(report.organisations.flatMap(({ entities }) => entities))
}

/** How old each part is and what it cost to read; `now` in ms since 1970. */
export function freshnessText(one: OrganisationReconciliation, now: number): string {
  const ago = (then: number | null) => (then === null ? 'never' : `${durationText(now - then)} ago`)
  return [
    `${listText([...one.entities])}: documents of ${one.organisation} read ${ago(one.readAt)}, in ${counted(one.calls, 'call')}.`,
    one.pulledAt === null
      ? 'What happened there never came into the ledger yet: auxo-sync pull brings it.'
      : `What happened there came into the ledger ${ago(one.pulledAt)}.`,
    `Accounts and settings as they were ${ago(one.mirrorReadAt)}.`,
  ].join(' ')
}
