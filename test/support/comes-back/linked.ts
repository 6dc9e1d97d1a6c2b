// The two sides of what comes back, put beside each other: the documents that the ledger has in Xero, and what people made there
// that hangs on them. Nothing here asks the program; it reads its tables and the sandbox.

import { type Credit, remainingCredit } from '../../../src/sandbox/credit-record.ts'
import type { Invoice } from '../../../src/sandbox/invoice-record.ts'
import type { Payment } from '../../../src/sandbox/payment-record.ts'
import { amountDue } from '../../../src/sandbox/settlement.ts'
import type { World } from '../world.ts'

/** What the checks look at. */
export type Sides = Pick<World, 'sandbox' | 'query' | 'leftByPerson'>

/** A document of the ledger and what it is in Xero. */
export interface Linked {
  id: string
  kind: 'invoice' | 'bill' | 'credit_note' | 'supplier_credit'
  state: string
  tenantId: string
  inXero: Invoice | Credit
}

const documentKinds = "('invoice', 'bill', 'credit_note', 'supplier_credit')"

/** Documents with an id in Xero, whatever state they are in, by that id. */
export function linkedDocuments(sides: Sides): Map<string, Linked> {
  const { sandbox } = sides
  const inXero = new Map<string, Invoice | Credit>()
  for (const { tenantId } of sandbox.organisations)
    for (const one of [...sandbox.invoices(tenantId), ...sandbox.creditNotes(tenantId)])
      inXero.set(one.id, one)
  const rows = sides.query<Omit<Linked, 'inXero' | 'tenantId'> & { xero_id: string; tenant_id: string }>(
    `SELECT source_id AS id, kind, state, xero_id, tenant_id FROM export_state
      WHERE kind IN ${documentKinds} AND xero_id IS NOT NULL AND tenant_id IS NOT NULL ORDER BY source_id`,
  )
  return new Map(
    rows.flatMap(({ xero_id, tenant_id: tenantId, ...row }) => {
      const found = inXero.get(xero_id)
      return found ? [[xero_id, { ...row, tenantId, inXero: found }] as const] : []
    }),
  )
}

export function isTheirs({ leftByPerson }: Pick<Sides, 'leftByPerson'>, { id }: { id: string }): boolean {
  return leftByPerson.get(id)?.isTheirs === true
}

export function isEnded({ status }: { status: string }): boolean {
  return status === 'VOIDED' || status === 'DELETED'
}

/** What is left to pay or to use, in cents; nothing of what ended. */
export function leftInXero(document: Invoice | Credit): number {
  if (isEnded(document)) return 0
  return 'kind' in document ? remainingCredit(document) : amountDue(document)
}

/** Of all organisations. */
export function paymentsInXero({ sandbox }: Pick<Sides, 'sandbox'>): Payment[] {
  return sandbox.organisations.flatMap(({ tenantId }) => [...sandbox.payments(tenantId)])
}

export function depositsInXero({ sandbox }: Pick<Sides, 'sandbox'>): Credit[] {
  return sandbox.organisations.flatMap(({ tenantId }) => [
    ...sandbox.prepayments(tenantId),
    ...sandbox.overpayments(tenantId),
  ])
}

/** What a deposit is worth: what came in less what was given back (X5). */
export function worthOf(credit: Credit): number {
  return credit.total - credit.payments.reduce((sum, { amount }) => sum + amount, 0)
}

/** Ledger contacts by the Xero contact that they are linked with. */
export function linkedContacts(sides: Pick<Sides, 'query'>): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { contact, xero_contact_id: id } of sides.query<{ contact: string; xero_contact_id: string }>(
    'SELECT contact, xero_contact_id FROM contact_link WHERE ended IS NULL ORDER BY contact',
  ))
    found.set(id, [...(found.get(id) ?? []), contact])
  return found
}

/** An id as it stands before the slash in the id of a thing. */
export function escapedId(id: string): string {
  return id.replaceAll('%', '%25').replaceAll('/', '%2F')
}
