// `refresh`: reads the mirror of each entity's organisation again, whatever its age, and says what changed in it (R2).

import type { BillingEntity, Mirror } from '../accounting/documents.ts'
import { type MirrorChange, mirrorChanges } from '../accounting/mirror-changes.ts'
import { pullMirror } from '../batch/pull.ts'
import { pullReferenceExtras, type ReferenceExtras } from '../batch/reference.ts'
import { isoInstant } from '../clock.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { findConnection, findOpenConnection } from '../ledger/connections.ts'
import { readMirror } from '../ledger/mirror.ts'
import type { Ledger } from '../ledger/open.ts'
import { countText, durationText } from '../reporting/figures.ts'
import { mirrorChangeLines } from '../reporting/mirror-changes.ts'
import { printable } from '../reporting/printable.ts'
import { type Printer, toned } from '../reporting/terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { underLease } from './open-organisation.ts'
import { printerOf, writeJson } from './telling.ts'

export interface RefreshFlags {
  /** Contacts, items and manual journals from the beginning. */
  all?: boolean
}

interface Refreshed {
  before: Mirror | null
  after: Mirror
  contacts: number
  /** Items and journals, where the settings have them read. */
  extras: ReferenceExtras
}

/**
 * With --json a line an entity: {"entity","organisation","accounts","taxRates","trackingCategories","currencies","contacts",
 * "items","manualJournals","generatedJournals","warnings":[],"mirror":{"readAt"},"changes":[{"part","name","change":"added"|"gone"|"archived"|"restored"|"changed","field","before","after"}]|null};
 * `contacts` are those that changed (all of them with --all), `changes` is null at the first reading.
 */
export async function refreshCommand(context: CommandContext, flags: RefreshFlags): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const printer = context.flags.json || context.flags.quiet ? null : await printerOf(context)
    // What entities share is read once, but for what only some of them want.
    const known = new Map<string, Refreshed>()
    for (const entity of await entitiesAsked(context, ledger)) {
      const tenant = (await findConnection(ledger, entity.code))?.tenantId ?? ''
      const shared = (await wantsExtras(ledger, entity)) ? undefined : known.get(tenant)
      const done = shared ?? (await refresh(context, ledger, entity, flags))
      known.set(tenant, done)
      if (context.flags.json) writeJson(context, refreshedJson(entity, done))
      if (printer) printRefreshed(printer, entity, done, flags)
    }
    return 0
  })
}

/** One that is not connected yet keeps the others from nothing; where it was named or is the only one, it is told as an error. */
async function entitiesAsked(context: CommandContext, ledger: Ledger): Promise<BillingEntity[]> {
  const entities = await chooseEntities(ledger, context.flags.entity)
  const connected: BillingEntity[] = []
  for (const entity of entities) if (await findOpenConnection(ledger, entity.code)) connected.push(entity)
  if (connected.length === 0) return entities
  for (const { code } of entities.filter((entity) => !connected.includes(entity))) {
    const said = `${code} is left out: it is not connected to a Xero organisation yet.`
    context.host.stderr.write(`${printable(said)}\n`)
  }
  return connected
}

async function wantsExtras(ledger: Ledger, entity: BillingEntity): Promise<boolean> {
  const { settings } = await readBooks(ledger, entity, null)
  return settings.items_pull === 'on' || settings.journals_pull !== 'off'
}

async function refresh(
  context: CommandContext,
  ledger: Ledger,
  entity: BillingEntity,
  { all = false }: RefreshFlags,
): Promise<Refreshed> {
  const tenant = (await findConnection(ledger, entity.code))?.tenantId
  const before = tenant === undefined ? null : await readMirror(ledger, tenant)
  return underLease(context, ledger, entity, async (gateway) => {
    const { contacts } = await pullMirror(ledger, gateway, { allContacts: all })
    const books = await readBooks(ledger, entity, gateway.tenantId)
    if (!books.mirror) throw new Error(`the mirror of ${entity.code} was not stored`)
    const extras = await pullReferenceExtras(ledger, gateway, books, { fromStart: all })
    return { before, after: books.mirror, contacts, extras }
  })
}

function changesOf({ before, after }: Refreshed): MirrorChange[] | null {
  return before && mirrorChanges(before, after)
}

function refreshedJson(entity: BillingEntity, done: Refreshed) {
  const { organisation, accounts, taxRates, tracking, currencies, readAt } = done.after
  return {
    entity: entity.code,
    organisation: organisation.name,
    accounts: accounts.size,
    taxRates: taxRates.size,
    trackingCategories: tracking.length,
    currencies: currencies.size,
    contacts: done.contacts,
    items: done.extras.items,
    manualJournals: done.extras.manualJournals,
    generatedJournals: done.extras.generatedJournals,
    warnings: done.extras.warnings,
    mirror: { readAt: isoInstant(readAt) },
    changes: changesOf(done),
  }
}

function printRefreshed(
  printer: Printer,
  entity: BillingEntity,
  done: Refreshed,
  { all = false }: RefreshFlags,
): void {
  const { organisation, accounts, taxRates, tracking, currencies } = done.after
  const read = [
    counted(accounts.size, 'account'),
    counted(taxRates.size, 'tax rate'),
    counted(tracking.length, 'tracking category', 'tracking categories'),
    counted(currencies.size, 'currency', 'currencies'),
    counted(done.contacts, all ? 'contact' : 'changed contact'),
  ].join(', ')
  printer.line(`${entity.code}: read “${organisation.name}”: ${read}.`)
  for (const text of extrasTexts(done.extras)) printer.line(`  ${text}`)
  for (const warning of done.extras.warnings) printer.entry(2, toned('caution', 'Note: '), warning)
  const changes = changesOf(done)
  if (changes === null || done.before === null) return
  if (changes.length === 0) {
    const age = durationText(done.after.readAt - done.before.readAt)
    printer.line(`  Its books are as they were ${age} ago.`)
  }
  for (const { head, text } of mirrorChangeLines(changes)) printer.entry(2, `${head}: `, text)
}

/** What came into the ledger beside; nothing is said of nothing. */
function extrasTexts({ items, manualJournals, generatedJournals }: ReferenceExtras): string[] {
  const texts = [
    { count: items, text: `${counted(items, 'item')} came into the ledger or changed there.` },
    { count: manualJournals, text: `${counted(manualJournals, 'manual journal')} made or changed in Xero.` },
    { count: generatedJournals, text: `${counted(generatedJournals, 'journal')} generated by Xero.` },
  ]
  return texts.flatMap(({ count, text }) => (count === 0 ? [] : text))
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}
