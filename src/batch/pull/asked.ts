// Asks Xero about documents that do not agree with what the feeds said (X2): a feed may hide a deletion, and a removed allocation
// vanishes from its credit (§5, §9). The document is read by its id, then what stands on it, or does not any more. What is read is
// stored like a feed's page; nothing is taken for deleted that Xero does not say to be.

import { splitPair } from '../../accounting/thing-ids.ts'
import { storeCredits, storeDocuments, storePayments } from '../../ledger/mirror-money.ts'
import { type KnownMoney, readKnownMoney } from '../../ledger/pulled-pending.ts'
import type { FoundInvoice } from '../../xero/found.ts'
import type { Disagreement } from './documents.ts'
import { goOn, moneyText, type PullContext } from './pull-context.ts'

/** Reads these documents and what hangs on them. What is new or changed is pending then, and to be compared once more. */
export async function askFor(context: PullContext, disagreements: readonly Disagreement[]): Promise<void> {
  const { ledger, gateway, writer } = context
  const ids = disagreements.map(({ document }) => document.xeroId)
  const { rows } = await gateway.invoicesByIds(ids)
  const page = { tenantId: writer.tenantId, resource: null }
  for (const row of rows) {
    await goOn(context)
    const known = await readKnownMoney(ledger, writer.tenantId, row.xeroId)
    await askForPayments(context, row, known)
    await askForCredits(context, row, known)
    await storeDocuments(ledger, page, [summaryOf(row)])
  }
}

/** A document read by id, as the feed shows one. */
export function summaryOf(row: FoundInvoice) {
  const { xeroId, type, number, status, total, updatedAt } = row
  return {
    xeroId,
    type,
    number,
    status,
    total,
    paid: row.amountPaid,
    credited: row.amountCredited,
    due: row.amountDue,
    updatedAt,
  }
}

const paymentTypes: Readonly<Record<string, string>> = {
  ACCREC: 'ACCRECPAYMENT',
  ACCPAY: 'ACCPAYPAYMENT',
  ACCRECCREDIT: 'ARCREDITPAYMENT',
  ACCPAYCREDIT: 'APCREDITPAYMENT',
}

/** What stands under a document, or under a credit, as the feed of payments shows it: without account or status it is live. */
export function standingPayments({
  type,
  xeroId,
  payments,
}: Pick<FoundInvoice, 'type' | 'xeroId' | 'payments'>) {
  return payments.map((payment) => ({
    ...payment,
    status: 'AUTHORISED',
    type: paymentTypes[type] ?? 'ACCRECPAYMENT',
    targetId: xeroId,
    account: null,
    // An embedded payment has no time of its own: it never overwrites what the feed said.
    updatedAt: null,
  }))
}

/** What stands under a document is there; what is known and does not stand there any more is asked for by its id. */
async function askForPayments(context: PullContext, row: FoundInvoice, known: KnownMoney): Promise<void> {
  const { ledger, gateway, writer } = context
  const page = { tenantId: writer.tenantId, resource: null }
  await storePayments(ledger, page, standingPayments(row))
  const there = new Set(row.payments.map(({ xeroId }) => xeroId))
  for (const xeroId of known.payments) {
    if (there.has(xeroId)) continue
    const payment = await gateway.paymentById(xeroId)
    if (payment) await storePayments(ledger, page, [payment])
  }
}

async function askForCredits(context: PullContext, row: FoundInvoice, known: KnownMoney): Promise<void> {
  const { ledger, gateway, writer } = context
  const page = { tenantId: writer.tenantId, resource: null }
  const there = new Map(row.credits.map((credit) => [credit.xeroId, credit]))
  const asked = [
    ...row.credits.filter(
      ({ xeroId, applied }) => applied === null || known.credits.get(xeroId)?.amount !== applied,
    ),
    ...[...known.credits].flatMap(([xeroId, { kind }]) => (there.has(xeroId) ? [] : [{ kind, xeroId }])),
  ]
  for (const { kind, xeroId } of asked) {
    const credit = await gateway.creditById(kind, xeroId)
    if (credit) await storeCredits(ledger, page, [credit])
  }
}

/** What still does not agree is told; it is asked for once more by the next pull, and then when it changes. */
export function warnOf({ document, thing }: Disagreement): string {
  const name = document.number ?? nameOfSource(thing.sourceId)
  const { paid, credited, knownPaid, knownCredited } = document
  const sides = [
    paid === knownPaid ? null : `paid ${told(paid)}, its payments there come to ${moneyText(knownPaid)}`,
    credited === knownCredited
      ? null
      : `credited ${told(credited)}, its credits there come to ${moneyText(knownCredited)}`,
  ].filter((side) => side !== null)
  return `${name}: Xero says ${sides.join(', and ')}. The ledger was left as it was; look at it in Xero.`
}

function told(amount: number | null): string {
  return amount === null ? 'nothing' : moneyText(amount)
}

function nameOfSource(id: string): string {
  return id.includes('/') ? splitPair(id)[1] : id
}
