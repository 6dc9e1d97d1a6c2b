// `show payment:ID`: one payment's whole life, be it the ledger's own or made in Xero (V7, X1 to X5). Documents are show.ts.

import { paymentKinds } from '../accounting/kinds.ts'
import { AuxoError } from '../errors.ts'
import { readPaymentParts } from '../ledger/document-money.ts'
import { readContacts } from '../ledger/documents.ts'
import { readFindings } from '../ledger/findings.ts'
import { readCallsOf } from '../ledger/logged-calls.ts'
import { readPaymentEvents } from '../ledger/looking-back.ts'
import type { Ledger } from '../ledger/open.ts'
import {
  type FoundPayment,
  findPayment,
  readDeposit,
  readPaymentRow,
  readPaymentThings,
  readRefunds,
} from '../ledger/payment-life.ts'
import { decimalColumns, inDecimals } from '../reporting/decimal-rows.ts'
import type { PaymentLife } from '../reporting/payment-report.ts'

/** Kinds by which a payment's row, or what was sent of it, is named: `payment:P-17`, `refund:R-3/CN-7`. */
const namedBy: readonly string[] = [...paymentKinds, 'receipt', 'prepayment', 'overpayment']

/** Null where the reference names no payment by its kind; AuxoError `usage` where it does and the ledger has none. */
export async function findNamedPayment(
  ledger: Ledger,
  reference: string,
  entity: string | undefined,
): Promise<FoundPayment | null> {
  const [, kind = '', id = ''] = /^([a-z]+):(.+)$/s.exec(reference) ?? []
  if (!namedBy.includes(kind)) return null
  const found = await findPayment(ledger, id)
  if (found && (entity === undefined || found.entity === entity)) return found
  const where = entity === undefined ? '' : ` in ${entity}`
  throw new AuxoError('usage', `There is no ${kind} with the id “${id}”${where}.`)
}

export async function readPaymentLife(ledger: Ledger, found: FoundPayment): Promise<PaymentLife> {
  const { id, entity } = found
  const row = await readPaymentRow(ledger, id)
  const contact = row['contact']
  const contacts = typeof contact === 'string' ? await readContacts(ledger, [contact]) : null
  const deposit = await readDeposit(ledger, id)
  const parts = await readPaymentParts(ledger, { payment: id })
  const things = await readPaymentThings(ledger, found)
  const calls = await Promise.all(things.map((thing) => readCallsOf(ledger, { ...thing, entity })))
  const findings = await Promise.all(
    things.map(({ kind, id: sourceId }) => readFindings(ledger, { kind, sourceId, entity })),
  )
  return {
    columns: { ...decimalColumns(row), ...found },
    contactName: contacts?.get(String(contact))?.name ?? null,
    xero: deposit && inDecimals(deposit),
    payments: parts.payments.map(inDecimals),
    allocations: parts.allocations.map(inDecimals),
    refunds: (await readRefunds(ledger, id, deposit)).map(inDecimals),
    exports: things,
    // A call may carry several of its things.
    calls: [...new Map(calls.flat().map((call) => [call.id, call])).values()].sort((a, b) => a.id - b.id),
    findings: findings.flat(),
    events: await readPaymentEvents(ledger, { id, things }),
  }
}
