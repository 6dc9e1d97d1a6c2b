// The bookkeeper of a season, who reads what is reported and mends it as the finding says, knowing what is true: what people
// typed into Xero and what is ours. What they cannot mend is left as it is only where the program says why.

import type { FindingCode } from '../../../src/accounting/findings.ts'
import { asPerson } from '../people.ts'
import { type Facts, listOf } from '../promises/watched.ts'
import { type XeroRecord, xeroRecords } from '../xero-records.ts'
import { documentKinds } from './documents.ts'
import type { Scene } from './trade.ts'

export interface Failure {
  kind: string
  id: string
  code: string
  number: string
  message: string
}

/** Runs a command and says what came of it. */
export type Command = (argv: readonly string[], allowed: readonly number[]) => Promise<number>

/** What the ledger says and Xero does not, with no way to make them agree but by hand: it may stay. */
const mayStay: ReadonlySet<string> = new Set<FindingCode>([
  'edited-after-export',
  'edited-after-payment',
  'edited-in-xero',
  'deleted-in-ledger',
  'kind-changed',
])

type Remedy = (scene: Scene, failure: Failure, command: Command) => Promise<void> | string[] | undefined

const onDocument =
  (sql: (failure: Failure, scene: Scene) => string): Remedy =>
  (scene, failure) => {
    scene.world.sql(sql(failure, scene))
    return undefined
  }

const accountOf = `CASE (SELECT kind FROM document WHERE id = document) WHEN 'invoice' THEN '200' WHEN 'credit_note' THEN '200' ELSE '400' END`
const taxOf = `CASE (SELECT kind FROM document WHERE id = document) WHEN 'invoice' THEN 'OUTPUT2' WHEN 'credit_note' THEN 'OUTPUT2' ELSE 'INPUT2' END`

const giveAccount = onDocument(
  ({ id }) => `UPDATE document_line SET account = ${accountOf} WHERE document = '${id}'`,
)
const giveTaxCode = onDocument(
  ({ id }) => `UPDATE document_line SET tax_code = ${taxOf} WHERE document = '${id}'`,
)
const giveNumber = onDocument(
  ({ id, kind }, { c }) =>
    `UPDATE document SET number = '${kind === 'invoice' ? 'INV' : 'N'}-M${id}-${c.whole(1, 1e6)}' WHERE id = '${id}'`,
)
/** Takes back what should not have been written in the first place. */
function withdraw({ world }: Scene, { kind, id }: Failure): undefined {
  world.sql(withdrawal(kind, id))
}

function withdrawal(kind: string, id: string): string {
  const [first = '', second = ''] = id.split('/') // ids of a season have neither slash nor percent sign
  switch (kind) {
    case 'payment':
    case 'refund':
    case 'discount':
    case 'discount_allocation':
      return second === ''
        ? `UPDATE payment SET state = 'deleted' WHERE id = '${first}'`
        : `DELETE FROM payment_allocation WHERE payment = '${first}' AND document = '${second}'`
    case 'receipt':
      return `UPDATE payment SET state = 'deleted' WHERE id = '${id}'`
    case 'allocation':
      return `DELETE FROM credit_allocation WHERE credit = '${first}' AND document = '${second}'`
    case 'attachment':
      return `DELETE FROM document_attachment WHERE document = '${first}' AND file = '${second}'`
    case 'journal':
      return `DELETE FROM journal_line WHERE journal = '${id}'; DELETE FROM journal WHERE id = '${id}'`
    case 'stock_movement':
      return `DELETE FROM stock_movement WHERE id = '${id}'`
    case 'item':
      return `UPDATE item SET sale_account = '200' WHERE code = '${id}'`
    default:
      return `UPDATE document SET status = 'void' WHERE id = '${id}'`
  }
}

const isDocument = ({ kind }: Failure) => documentKinds.some((known) => known === kind)

/** What makes money, journals and files wrong that is not wrong by itself: the bookkeeper takes them back. */
const withdrawn: ReadonlySet<string> = new Set<FindingCode>([
  'payment-exceeds-due',
  'payment-duplicate',
  'payment-moved',
  'payment-no-account',
  'parent-not-exported',
  'parent-draft',
  'parent-void',
  'contact-differs',
  'allocations-exceed-payment',
  'credit-exceeds',
  'refund-target-missing',
  'target-wrong-kind',
  'amount-invalid',
  'journal-unbalanced',
  'account-system',
  'account-unknown',
  'account-wrong-class',
  'journal-too-short',
])

const remedies: Partial<Record<FindingCode, Remedy>> = {
  'number-in-use': giveNumber,
  'number-duplicate': giveNumber,
  'number-missing': giveNumber,
  'account-missing': giveAccount,
  'account-unknown': giveAccount,
  'tax-unknown': giveTaxCode,
  'tax-unmapped': giveTaxCode,
  'contact-missing': onDocument(({ id }) => `UPDATE document SET contact = 'C001' WHERE id = '${id}'`),
  'due-date-missing': onDocument(
    ({ id }) => `UPDATE document SET due_date = '2026-12-20' WHERE id = '${id}'`,
  ),
  'contact-archived': restoreContacts,
  'contact-ambiguous': restoreContacts,
  'contact-name-duplicate': restoreContacts,
  'parent-not-exported': restoreContacts,
  'credit-exceeds-order': withdraw,
  'parent-draft': withdraw,
  'total-negative': withdraw,
  'journal-too-short': withdraw,
  'order-billed': withdraw,
  'look-alike-in-xero': settle,
  'xero-refused': setDate,
  'account-not-payable': ({ world }, { id }) => {
    world.sql(`UPDATE payment SET account = '090', method = NULL WHERE id = '${id.split('/')[0]}'`)
    return undefined
  },
}

/** Some organisations may refuse a payment that is dated before its document (§9). */
function setDate({ world }: Scene, { kind, id, message }: Failure): string[] | undefined {
  const isDated = message.includes('payment date')
  if (isDated && (kind === 'payment' || kind === 'refund'))
    world.sql(`UPDATE payment SET date = '2026-11-20' WHERE id = '${id.split('/')[0]}'`)
  return isDated ? undefined : [message]
}

/** Mends what can be mended; says what nobody knows how to mend. */
export async function mend(scene: Scene, failure: Failure, command: Command): Promise<string[]> {
  const { code, kind, id } = failure
  if (mayStay.has(code)) return []
  scene.note(`mend ${code} of ${kind} ${id}`)
  if (!isDocument(failure) && withdrawn.has(code)) {
    withdraw(scene, failure)
    return []
  }
  const remedy = remedies[code as FindingCode] // a code of the report
  if (!remedy) return [`nobody knows how to mend this: ${JSON.stringify(failure)}`]
  return (await remedy(scene, failure, command)) ?? []
}

export function isMendable(failure: Failure): boolean {
  return !mayStay.has(failure.code)
}

/** What was said of things that nobody in Xero touched, and that cannot be so. */
export function unfounded({ world }: Scene, failure: Failure): string[] {
  if (failure.code !== 'edited-in-xero' || !isDocument(failure)) return []
  const [row] = world.query<{ xero_id: string }>(
    `SELECT xero_id FROM export_state WHERE kind = ? AND source_id = ? AND xero_id IS NOT NULL`,
    failure.kind,
    failure.id,
  )
  return row && !world.touchedByPerson.has(row.xero_id)
    ? [`${failure.kind} ${failure.id} counts as edited in Xero, where nobody touched it: ${failure.message}`]
    : []
}

/** Restores what can be restored; where another one has the name by now, the link ends and the next run finds that one. */
async function restoreContacts(scene: Scene, failure: Failure, command: Command): Promise<void> {
  const { world } = scene
  const { sandbox } = world
  for (const contact of sandbox.contacts()) {
    const isFree = !sandbox
      .contacts()
      .some((other) => other.status === 'ACTIVE' && other.name.toLowerCase() === contact.name.toLowerCase())
    if (contact.status === 'ARCHIVED' && contact.mergedTo === null && isFree)
      asPerson(world, (person) => person.restoreContact(contact.id))
  }
  if (failure.code !== 'contact-archived') return
  const [row] = world.query<{ contact: string; xero_contact_id: string }>(
    `SELECT l.contact, l.xero_contact_id FROM contact_link AS l JOIN document AS d ON d.contact = l.contact
      WHERE l.ended IS NULL AND d.id = ?`,
    failure.id,
  )
  const there = sandbox.contacts().find((contact) => contact.id === row?.xero_contact_id)
  if (row && there?.status === 'ARCHIVED') await command(['contacts', 'unlink', row.contact], [0])
}

/** Looks in Xero, where a person sees what was typed in and what was not. */
async function settle(scene: Scene, failure: Failure, command: Command): Promise<void> {
  const { world } = scene
  const [row] = world.query<{ facts: string }>(
    `SELECT t.facts FROM chunk_thing AS t JOIN export_state AS e
         ON e.chunk = t.chunk AND e.kind = t.kind AND e.source_id = t.source_id AND e.entity = t.entity
      WHERE t.kind = ? AND t.source_id = ? AND e.state = 'uncertain'`,
    failure.kind,
    failure.id,
  )
  if (!row) return
  const id =
    failure.kind === 'contact'
      ? contactInXero(scene, JSON.parse(row.facts))
      : inXero(scene, failure.kind, row.facts)
  if (id !== null) world.touchedByPerson.add(id)
  const answer = id === null ? ['--not-there'] : ['--xero-id', id]
  await command(['settle', `${failure.kind}:${failure.id}`, ...answer], [0, 1, 8])
}

function contactInXero({ world }: Scene, { name }: { name: string }): string | null {
  const there = world.sandbox.contacts().find((one) => one.status === 'ACTIVE' && one.name === name)
  return there?.id ?? null
}

/** The one in Xero that is this thing, whatever people did to it since; null where none is. */
function inXero({ world }: Scene, kind: string, text: string): string | null {
  const facts = JSON.parse(text) as Facts & {
    marker?: string
    tag?: string
    number?: string
    targetId?: string
  } // of any kind
  const taken = new Set(
    world
      .query<{ xero_id: string }>('SELECT xero_id FROM export_state WHERE xero_id IS NOT NULL')
      .map((one) => one.xero_id),
  )
  const list = listOf({ kind, facts })
  // What was received is known by the prepayment or overpayment that it made, which carries nothing itself.
  const isReceipt = list === 'prepayment' || list === 'overpayment'
  const candidates = xeroRecords(world.sandbox).filter(
    (record) =>
      record.list === list &&
      world.leftByPerson.get(record.id)?.isTheirs !== true &&
      !taken.has(record.id) &&
      !(record.otherId !== null && taken.has(record.otherId)),
  )
  const is = candidates.find((record) =>
    isReceipt ? record.amount === facts.amountCents && record.isLive : isThing(record, facts),
  )
  return is ? (list === 'allocation' ? is.otherId : is.id) : null
}

function isThing(
  record: XeroRecord,
  facts: Facts & { marker?: string; tag?: string; number?: string; targetId?: string },
): boolean {
  if (record.mark?.startsWith('http')) return record.mark.includes(facts.marker ?? ' ')
  if (record.mark?.startsWith('#')) return record.mark === facts.tag
  if (facts.number) return record.name.endsWith(` ${facts.number}`)
  return record.amount === (facts.amountCents ?? facts.totalCents)
}
