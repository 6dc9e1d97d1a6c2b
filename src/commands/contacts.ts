// `contacts`: what each contact of the ledger is in Xero, and making or ending such a link by hand (K5).

import { nearest } from '../accounting/nearest.ts'
import { AuxoError } from '../errors.ts'
import { chooseEntities } from '../ledger/books.ts'
import { type Connection, findConnection } from '../ledger/connections.ts'
import { listContactNames, readContacts } from '../ledger/documents.ts'
import { type ContactWithLink, endLink, findLinks, listContacts, recordLinks } from '../ledger/links.ts'
import { findMirrorContacts } from '../ledger/mirror-contacts.ts'
import type { Ledger } from '../ledger/open.ts'
import { printable } from '../reporting/printable.ts'
import { type CommandContext, type ExitCode, whoOf } from './context.ts'
import { chooseOrganisation, printerOf, writeJson } from './telling.ts'

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function listContactsCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const contacts = await listContacts(ledger, await tenantAsked(context, ledger))
    if (context.flags.json) {
      for (const contact of contacts) writeJson(context, contactJson(contact))
      return 0
    }
    const printer = await printerOf(context)
    if (contacts.length === 0) {
      printer.line('The ledger has no contacts yet.')
      return 0
    }
    printer.table(
      [
        { head: 'code', isFlexible: true },
        { head: 'name', isFlexible: true },
        { head: 'active' },
        { head: 'contact in Xero' },
        { head: 'organisation', isFlexible: true, isSpare: true },
        { head: 'made by', isSpare: true },
        { head: 'since', isSpare: true },
      ],
      contacts.map(({ code, name, active, link }) => [
        code,
        name,
        active ? 'yes' : 'no',
        link?.xeroContactId ?? '',
        link?.organisation ?? '',
        link?.madeBy ?? '',
        link?.since.slice(0, 10) ?? '',
      ]),
    )
    return 0
  })
}

/** Links of every organisation, unless an entity was named. */
async function tenantAsked(context: CommandContext, ledger: Ledger): Promise<string | null> {
  if (context.flags.entity === undefined) return null
  const [entity] = await chooseEntities(ledger, context.flags.entity)
  const connection = entity ? await findConnection(ledger, entity.code) : null
  // An entity without an organisation has no links: no tenant has this name.
  return connection?.tenantId ?? ''
}

function contactJson({ code, name, active, link, inXero }: ContactWithLink) {
  return {
    code,
    name,
    active,
    link: link && {
      xeroContactId: link.xeroContactId,
      organisation: link.organisation,
      madeBy: link.madeBy,
      since: link.since,
    },
    inXero,
  }
}

export async function linkContactCommand(
  context: CommandContext,
  code: string,
  xeroId: string,
): Promise<ExitCode> {
  if (!guid.test(xeroId)) {
    throw new AuxoError(
      'usage',
      `“${xeroId}” is no id of a contact in Xero. It stands in the address of the contact's page, such as 7c0b7ea4-5d3f-4f3c-8a53-7e6c4d8b2f10.`,
    )
  }
  return context.withLedger(async (ledger) => {
    const connection = await chooseOrganisation(ledger, context.flags.entity)
    const contact = await knownContact(ledger, code)
    const xeroContactId = xeroId.toLowerCase()
    await warnOfMirror(context, ledger, connection, xeroContactId)
    await recordLinks(ledger, connection.tenantId, [{ contact: code, xeroContactId }], {
      madeBy: 'hand',
      who: whoOf(context.host),
      run: null,
      replace: true,
    })
    await tellContact(context, ledger, connection, {
      ...contact,
      said: `${code} (${contact.name}) is linked to contact ${xeroContactId} of ${connection.organisation}.`,
    })
    return 0
  })
}

export async function unlinkContactCommand(context: CommandContext, code: string): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const connection = await chooseOrganisation(ledger, context.flags.entity)
    const contact = await knownContact(ledger, code)
    const isEnded = await endLink(ledger, connection.tenantId, code, whoOf(context.host))
    await tellContact(context, ledger, connection, {
      ...contact,
      said: isEnded
        ? `${code} (${contact.name}) is not linked any more. The next export matches it again or makes a new contact in ${connection.organisation}.`
        : `${code} (${contact.name}) had no link in ${connection.organisation}: nothing was changed.`,
    })
    return 0
  })
}

async function knownContact(
  ledger: Ledger,
  code: string,
): Promise<{ code: string; name: string; active: boolean }> {
  const contact = (await readContacts(ledger, [code])).get(code)
  if (contact) return { code, name: contact.name, active: contact.active }
  const meant = nearest(
    code,
    (await listContactNames(ledger)).map((one) => one.code),
  )
  throw new AuxoError(
    'usage',
    `The ledger has no contact “${code}”.${meant ? ` Did you mean ${meant}?` : ' auxo-sync contacts list shows them.'}`,
  )
}

/** A link by hand is believed; what the mirror says against it is told, since it may be older than Xero. */
async function warnOfMirror(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
  xeroContactId: string,
): Promise<void> {
  const [known] = await findMirrorContacts(ledger, connection.tenantId, { ids: [xeroContactId] })
  const warning = !known
    ? `Contact ${xeroContactId} was not among those last read from ${connection.organisation}. Check the id, or run auxo-sync refresh.`
    : known.mergedTo !== null
      ? `“${known.name}” was merged into another contact in Xero: link ${known.mergedTo} instead.`
      : known.status === 'ACTIVE'
        ? null
        : `“${known.name}” is archived in Xero: documents for it fail until it is restored there.`
  if (warning !== null) context.host.stderr.write(`Warning: ${printable(warning)}\n`)
}

async function tellContact(
  context: CommandContext,
  ledger: Ledger,
  connection: Connection,
  contact: { code: string; name: string; active: boolean; said: string },
): Promise<void> {
  const { code, name, active, said } = contact
  if (!context.flags.json) {
    if (!context.flags.quiet) (await printerOf(context)).line(said)
    return
  }
  const link = (await findLinks(ledger, connection.tenantId, [code])).get(code)
  const told = link && { ...link, tenantId: connection.tenantId, organisation: connection.organisation }
  writeJson(context, contactJson({ code, name, active, link: told ?? null, inXero: null }))
}
