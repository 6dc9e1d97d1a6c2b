// What the commands that are told of documents and other things by hand share: which things their references mean (cli.md, DOC and
// REF), and the kinds that such commands take.

import { isDocumentKind, kindNames, type ThingKind, thingKinds } from '../accounting/kinds.ts'
import { didYouMean } from '../accounting/nearest.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { findNamedThings, isOneMeaning, type NamedThing } from '../ledger/named-things.ts'
import type { Ledger } from '../ledger/open.ts'
import { listText } from '../reporting/figures.ts'
import type { CommandContext } from './context.ts'

export interface KindFlag {
  kind?: string
}

/**
 * The things that these references mean, each once; AuxoError `usage` where one means nothing, or several things. Contacts and items
 * are none: they go along with what needs them.
 */
export async function chooseThings(
  context: CommandContext,
  ledger: Ledger,
  references: readonly string[],
  flags: KindFlag,
): Promise<NamedThing[]> {
  const { entity } = context.flags
  if (entity !== undefined) await chooseEntities(ledger, entity)
  const kind = kindOption(flags.kind)
  const chosen = new Map<string, NamedThing>()
  for (const reference of references) {
    refuseCompanions(reference, kind)
    const found = await findNamedThings(ledger, reference, { kind, entity })
    if (found.length === 0) throw unknownReference(reference, entity)
    if (!isOneMeaning(found)) throw severalMeant(reference, found)
    for (const thing of found) chosen.set(JSON.stringify([thing.kind, thing.id, thing.entity]), thing)
  }
  return [...chosen.values()]
}

function refuseCompanions(reference: string, kind: ThingKind | undefined): void {
  const named = /^(contact|item):/.exec(reference)?.[1] ?? kind
  if (named !== 'contact' && named !== 'item') return
  throw new AuxoError(
    'usage',
    `${reference}: a ${named} goes to Xero with the documents that need it. Name the documents.`,
  )
}

/** "invoice INV-7", "payment P1/I1". */
export function thingName({ kind, label }: Pick<NamedThing, 'kind' | 'label'>): string {
  const name = label.startsWith(`${kind}:`) ? label.slice(kind.length + 1) : label
  return `${kindNames[kind].one} ${name}`
}

function kindOption(word: string | undefined): ThingKind | undefined {
  const kind = thingKinds.find((one) => one === word)
  if (word === undefined || kind !== undefined) return kind
  const kinds = thingKinds.filter((one) => one !== 'contact' && one !== 'item')
  throw new AuxoError(
    'usage',
    `There is no kind “${word}”.${didYouMean(word, kinds)} --kind takes: ${kinds.join(', ')}.`,
  )
}

function unknownReference(reference: string, entity: string | undefined): AuxoError {
  return new AuxoError(
    'usage',
    `There is nothing with the id or number “${reference}”${entity === undefined ? '' : ` in ${entity}`}. A document is named by its id or number, anything else by kind:id, such as payment:P-17.`,
  )
}

function severalMeant(reference: string, found: readonly NamedThing[]): AuxoError {
  const kinds = [...new Set(found.filter(({ kind }) => isDocumentKind(kind)).map(({ kind }) => kind))]
  const entities = [...new Set(found.map(({ entity }) => entity))]
  const how =
    kinds.length > 1
      ? `say which with --kind (${listText(kinds)})`
      : entities.length > 1
        ? `say which with --entity (${listText(entities)})`
        : `name the one by its id: ${found.map(({ id }) => id).join(', ')}`
  return new AuxoError('usage', `“${reference}” could be ${found.length} things: ${how}.`)
}
