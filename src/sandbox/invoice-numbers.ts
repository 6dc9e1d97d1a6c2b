// Numbers of sales invoices: unique, and given by Xero where none is sent. Bills may share theirs (§4.3).

import type { Call } from './call.ts'
import type { Invoice } from './invoice-record.ts'

const numberTaken = 'Invoice # must be unique.'

/** Whether a document that is over still owns its number is not established: two switches (§3.3). */
function holds(call: Call, invoice: Invoice): boolean {
  if (invoice.status === 'DELETED') return !call.switches.deletedNumberFree
  if (invoice.status === 'VOIDED') return !call.switches.voidedNumberFree
  return true
}

/** The sales invoice that POST by number would edit: the one that owns the number (§3.1). */
export function holderOf(call: Call, type: Invoice['type'], number: string): Invoice | undefined {
  return call.organisation.invoicesNumbered(type, number).find((invoice) => holds(call, invoice))
}

export function numberProblem(call: Call, invoice: Invoice): string | null {
  if (invoice.type !== 'ACCREC' || invoice.number === '') return null
  const holders = call.organisation.invoicesNumbered('ACCREC', invoice.number)
  return holders.some((other) => other.id !== invoice.id && holds(call, other)) ? numberTaken : null
}

/** The next automatic number of a sales invoice. */
export function freeNumber({ organisation }: Pick<Call, 'organisation'>): string {
  let next = organisation.lastAutoNumber
  let number: string
  do {
    next += 1
    number = `INV-${String(next).padStart(4, '0')}`
  } while (organisation.invoicesNumbered('ACCREC', number).length > 0)
  organisation.assign('lastAutoNumber', next)
  return number
}
