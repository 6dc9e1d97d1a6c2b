// The report of a run as a page by itself (V5), for the bookkeeper to read, keep or print.

import type { RunStory } from '../../accounting/looking-back.ts'
import { instantText } from '../figures.ts'
import { html } from './html.ts'
import { standalonePage } from './page.ts'
import { runParts } from './run-parts.ts'

/** `madeAt` is ISO UTC, `zone` where its times are told. */
export function runPage(story: RunStory, made: { madeAt: string; zone: string }): string {
  const { id, entity, organisation } = story.report
  const title = `Run ${id}: ${entity}${organisation.name === '' ? '' : ` to ${organisation.name}`}`
  return standalonePage({
    title,
    body: html`<h1>${title}</h1>\n${runParts(story, { zone: made.zone, link: null })}`,
    foot: `From the ledger on ${instantText(made.madeAt, made.zone)}, by auxo-sync report --run ${id}.`,
  })
}
