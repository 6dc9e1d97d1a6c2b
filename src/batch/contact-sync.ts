// Contacts after they were read (K3): what changed in Xero is compared with the ledger, before anything is checked or sent. With
// `two_way` what changed there alone comes into the ledger, and what both sides changed is told. What goes out is
// kinds/contact-change.ts.

import type { Books } from '../accounting/books.ts'
import {
  type CardFields,
  type ContactCard,
  type ContactField,
  cardOf,
  fieldInWords,
  namedPeople,
  personKey,
} from '../accounting/contact-card.ts'
import type { LedgerContact } from '../accounting/documents.ts'
import {
  type ContactBase,
  findUnsentContacts,
  type LinkedContact,
  readLinkedContacts,
  recordBases,
} from '../ledger/contact-cards.ts'
import {
  type BroughtChange,
  clearPending,
  clearUnlinked,
  findPendingContacts,
  writeBrought,
} from '../ledger/contact-changes.ts'
import { readContacts } from '../ledger/documents.ts'
import type { Ledger } from '../ledger/open.ts'
import { bringsSomething, type ContactMerge, type FieldConflict } from '../mapping/contact-merge.ts'
import { isKeptInStep, mergeLinked } from './contact-step.ts'

export interface ContactSync {
  ledger: Ledger
  /** Of the entity that runs: its settings say whether changes in Xero come into the ledger. */
  books: Books
  tenantId: string
  /** The run that it belongs to; null for a pull by itself. */
  run: number | null
}

export interface ContactSyncReport {
  /** Contacts of the ledger that took something over from Xero. */
  pulled: number
  /** Fields that both sides changed: the ledger's value goes out in the same run. */
  conflicts: number
  /** Sentences for the report of the run. */
  warnings: readonly string[]
}

/** Few enough that an exporting system never waits long for its turn to write. */
const pageSize = 200

/** After the contacts were read and before the check. Asks Xero nothing. With `push` changes in Xero are left alone. */
export async function syncContacts(sync: ContactSync): Promise<ContactSyncReport> {
  const { ledger, tenantId } = sync
  const told: Told[] = []
  await ledger.transaction((tx) => clearUnlinked(tx, tenantId))
  for (let isMore = true; isMore; ) {
    isMore = await ledger.transaction(async (tx, now) => {
      const page = await findPendingContacts(tx, tenantId, pageSize)
      const codes = page.flatMap((one) => one.contacts)
      told.push(...(await compare(tx, sync, codes, now)))
      const ids = page.map((one) => one.xeroContactId)
      await clearPending(tx, tenantId, ids)
      return page.length === pageSize
    })
  }
  return {
    pulled: told.filter(({ isBrought }) => isBrought).length,
    conflicts: told.reduce((count, { conflicts }) => count + conflicts.length, 0),
    warnings: told.flatMap(({ contact, conflicts }) => conflicts.map((one) => warningOf(contact, one))),
  }
}

type Tx = Parameters<Parameters<Ledger['transaction']>[0]>[0]

/** What became of one contact. */
interface Told {
  contact: LedgerContact
  isBrought: boolean
  conflicts: readonly FieldConflict[]
}

async function compare(
  tx: Tx,
  { books, tenantId, run }: ContactSync,
  codes: readonly string[],
  now: string,
): Promise<Told[]> {
  const contacts = await readContacts({ db: tx }, codes)
  const links = await readLinkedContacts({ db: tx }, tenantId, codes)
  const unsent = await findUnsentContacts(tx, tenantId, codes)
  const bases: ContactBase[] = []
  const told: Told[] = []
  for (const [code, linked] of links) {
    const contact = contacts.get(code)
    const xero = linked.inXero?.card
    if (!contact || !xero) continue
    // What an earlier version linked has none: it is in step as it is, but for a change that waits to be sent.
    const base = linked.base.ledger ?? (unsent.has(code) ? nothing : cardOf(contact))
    const known: LinkedContact = { ...linked, base: { ...linked.base, ledger: base } }
    const ledgerCard =
      books.settings.contact_sync === 'two_way' && isKeptInStep(linked)
        ? await bring(tx, { books, run, now }, contact, { ...known, xero }, told)
        : base
    bases.push({ contact: code, ledger: ledgerCard, xero })
  }
  await recordBases(tx, tenantId, bases, now)
  return told
}

const nothing: ContactCard = { fields: {}, people: [] }

/** Writes into the ledger what changed in Xero alone; gives back what the ledger says in step with Xero from then on. */
async function bring(
  tx: Tx,
  context: { books: Books; run: number | null; now: string },
  contact: LedgerContact,
  linked: LinkedContact & { xero: ContactCard },
  told: Told[],
): Promise<ContactCard> {
  const merge = mergeLinked(contact, linked, linked.xero, context.books)
  const isSent = contact.active && linked.inXero?.status === 'ACTIVE'
  const conflicts = isSent ? merge.conflicts : []
  const change: BroughtChange = {
    fields: withPrimary(contact, merge, linked.xero),
    people: merge.bringPeople,
  }
  const isBrought = bringsSomething(merge)
  if (isBrought) await writeBrought(tx, contact, change)
  const after = (await readContacts({ db: tx }, [contact.code])).get(contact.code) ?? contact
  if (isBrought) await recordEvent(tx, context, contact.code, 'changed in Xero', inWords(contact, change))
  for (const conflict of conflicts)
    await recordEvent(
      tx,
      context,
      contact.code,
      'changed in the ledger and in Xero',
      warningOf(contact, conflict),
    )
  told.push({ contact, isBrought, conflicts })
  return stepped(merge, linked.base.ledger ?? nothing, cardOf(after))
}

/** The first person of a contact is its primary one: where it has nobody, Xero's comes along with the others. */
function withPrimary(
  contact: LedgerContact,
  { bring: fields, bringPeople }: ContactMerge,
  { fields: there }: ContactCard,
): CardFields {
  if (bringPeople.added.length === 0 || namedPeople(contact).length > 0) return fields
  const { first_name, last_name } = there
  return { ...(first_name ? { first_name } : {}), ...(last_name ? { last_name } : {}), ...fields }
}

/** What goes to Xero next is not in step yet: of that stays what was. */
function stepped(merge: ContactMerge, was: ContactCard, now: ContactCard): ContactCard {
  const fields: CardFields = { ...now.fields }
  for (const field of Object.keys(merge.send) as ContactField[]) {
    const before = was.fields[field]
    if (before === undefined) delete fields[field]
    else fields[field] = before
  }
  if (merge.sendPeople === null) return { fields, people: now.people }
  const brought = new Set(merge.bringPeople.added.map(personKey))
  return { fields, people: [...was.people, ...now.people.filter((one) => brought.has(personKey(one)))] }
}

function warningOf({ code, name }: LedgerContact, { field, ledger, xero }: FieldConflict): string {
  return `Contact ${code} (${name}): the ${fieldInWords(field)} was changed in the ledger to “${ledger}” and in Xero to “${xero}”. The ledger's goes to Xero.`
}

/** “phone: 09 1 → 09 2; person added: Ann Lee”. */
function inWords(contact: LedgerContact, { fields, people }: BroughtChange): string {
  const before = cardOf(contact).fields
  return [
    ...(Object.keys(fields) as ContactField[]).map(
      (field) => `${fieldInWords(field)}: ${before[field] ?? 'empty'} → ${fields[field]}`,
    ),
    ...people.added.map(
      (one) => `person added: ${[one.firstName, one.lastName, one.email].filter(Boolean).join(' ')}`,
    ),
    ...people.changed.map(
      (one) =>
        `${one.firstName} ${one.lastName} ${one.includeInEmails ? 'gets' : 'does not get'} the e-mails`,
    ),
  ].join('; ')
}

async function recordEvent(
  tx: Tx,
  { books, run, now }: { books: Books; run: number | null; now: string },
  contact: string,
  what: string,
  detail: string,
): Promise<void> {
  const owner = { entity: books.entity.code, kind: 'contact', source_id: contact }
  await tx
    .insertInto('event')
    .values({ at: now, who: 'auxo-sync', run, ...owner, what, detail })
    .execute()
}
