// The row of history notes in the table of kinds (I15). A note cannot be removed from Xero: it is sent once at most, and one whose
// answer was lost counts as written (channels/records.ts). What it says is mapping/note.ts.

import { splitPair } from '../../accounting/thing-ids.ts'
import { readWaiting } from '../../ledger/waiting.ts'
import { rowHash } from '../../mapping/facts.ts'
import { endpointOfForm, formInXero } from '../../mapping/form-in-xero.ts'
import { mapNote, noteBytes } from '../../mapping/note.ts'
import { type NoteFacts, noteKey } from '../channels/records.ts'
import type { RunContext } from '../context.ts'
import { type KindRow, type Loaded, type LoadedThing, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import { type CheckScope, findParents, type StandingParent } from '../scope.ts'

export const noteKind: KindRow = {
  kind: 'note',
  isLeftOut: (settings) => settings.history_notes === 'off',
  callSizeMax: 1,
  checkPage: checkNotePage,
  load: loadNotes,
}

/** `kind/id` of the document. */
function documentOf(id: string): { kind: string; document: string } {
  const [kind, document] = splitPair(id)
  return { kind, document }
}

async function checkNotePage(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'note', ids })
  const parents = await scope.parents(ids.map((id) => documentOf(id).document))
  const page = noVerdicts()
  for (const id of ids) {
    const { kind, document } = documentOf(id)
    const thing = waiting.get(id)
    const parent = parents.get(document)
    if (!thing || !parent) continue
    const { revision } = thing
    page.checked.push({ id, verdict: null, reason: null, findings: [] })
    // It was exported, or there would be no note; a change of it whose outcome is open is waited for.
    if (parent.standing === 'exported' && parent.kind === kind)
      page.sendable.push({ id, revision, operation: 'create', group: '', bytes: noteBytes, money: null })
    else if (parent.kind !== kind) page.idle.push({ id, revision })
  }
  return page
}

async function loadNotes(context: RunContext, planned: readonly PlannedThing[]): Promise<Loaded> {
  const { ledger, books } = context
  const documents = planned.map((thing) => documentOf(thing.id).document)
  const parents = await findParents(ledger, books, documents)
  const loaded: Loaded = { things: [], skipped: [], unchanged: [] }
  for (const { id, revision } of planned) {
    const parent = parents.get(documentOf(id).document)
    if (parent?.standing !== 'exported' || parent.xeroId === null) continue
    loaded.things.push(loadedNote(context, { id, revision }, parent, parent.xeroId))
  }
  return loaded
}

function loadedNote(
  { books, runId }: RunContext,
  { id, revision }: Pick<PlannedThing, 'id' | 'revision'>,
  parent: StandingParent,
  parentId: string,
): LoadedThing {
  const endpoint = endpointOfForm[formInXero(parent, books.settings)]
  const label = parent.number.trim() || parent.id
  const facts: NoteFacts = { endpoint, parentId, label }
  const text = JSON.stringify(facts)
  return {
    sourceId: id,
    label,
    revision,
    factsHash: rowHash(facts),
    facts: text,
    channel: 'notes',
    operation: 'create',
    method: 'PUT',
    path: `/${endpoint}/${parentId}/History`,
    key: null,
    name: null,
    payload: { model: mapNote(parent, parent.run ?? runId) },
    // Xero gives a note no id.
    xeroIdOf: () => noteKey(text),
    compare: () => [],
  }
}
