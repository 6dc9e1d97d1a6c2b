// Findings by their cause: one wrong account under 80 documents is one thing to do, with the 80 numbers folded beneath it.

import { type FindingGroup, groupFindings } from '../../accounting/finding-groups.ts'
import { pageOf } from '../../accounting/findings.ts'
import { countOf, kindNames } from '../../accounting/kinds.ts'
import { countText } from '../figures.ts'
import { type Html, html } from './html.ts'
import { capitalised } from './words.ts'

/** More numbers than these are folded. */
const shownMax = 6

/** Where a thing's page is; null where it has none, or where there are no pages of things at all. */
export type NumberLink = ((thing: { kind: string; id: string }) => string | null) | null

export function causes(findings: Parameters<typeof groupFindings>[0], numberLink: NumberLink = null): Html {
  return html`${groupFindings(findings).map((group) => cause(group, numberLink))}`
}

function cause(group: FindingGroup, numberLink: NumberLink): Html {
  const { first, subjects } = group
  const isOne = subjects.length === 1
  const head = isOne
    ? `${capitalised(kindNames[first.kind].one)} ${first.number}`
    : countOf(subjects.length, first.kind)
  return html`<section class="cause ${first.severity}">
<h3>${head}</h3>
<p>${!isOne && 'For example: '}${first.message}</p>
<dl class="facts"><dt>Why</dt><dd>${first.why}</dd><dt>To do</dt><dd>${first.fix}</dd>${group.xeroMessages.map((words) => html`<dt>Xero says</dt><dd><q>${words}</q></dd>`)}</dl>
${(!isOne || numberLink !== null) && numberList(group, numberLink)}<small>${first.code}: more in ${pageOf(first.code)}</small>
</section>
`
}

function numberList({ subjects, first }: FindingGroup, numberLink: NumberLink): Html {
  const items = subjects.map(({ id, number }) => {
    const name = number === '' ? id : number
    const href = numberLink?.({ kind: first.kind, id }) ?? null
    return html`<li>${href === null ? name : html`<a href="${href}">${name}</a>`}</li>`
  })
  const list = html`<ul class="numbers">${items}</ul>`
  if (subjects.length <= shownMax) return html`${list}\n`
  return html`<details><summary>All ${countText(subjects.length)} ${kindNames[first.kind].many}</summary>${list}</details>\n`
}
