// The end of the demo: somebody works in Xero, and the next export brings it back. What they do is done in the sandbox, in process;
// what follows are the commands themselves. The rest of the demo is demo.ts.

import { type Cents, cents, formatCents } from '../accounting/money.ts'
import { readDocumentRows } from '../ledger/looking-back.ts'
import { findKnownThings } from '../ledger/pulled-pending.ts'
import { moneyText } from '../reporting/figures.ts'
import { amountCredited, amountPaid, type Invoice } from '../sandbox/invoice-record.ts'
import type { Sandbox } from '../sandbox/server.ts'
import type { CommandContext } from './context.ts'

/** What somebody did in Xero, as the demo tells it, and the document of the ledger that it was done to. */
export interface DoneInXero {
  told: string
  document: { entity: string; number: string }
}

/**
 * Pays what is left of an invoice and deletes our payment of it, as after a cheque that was dishonoured; where no invoice is paid in
 * part, pays one. Null where Xero has none that is open.
 */
export async function actInXero(demo: CommandContext, sandbox: Sandbox): Promise<DoneInXero | null> {
  const open = sandbox.invoices().filter((invoice) => dueOf(invoice) > 0 && invoice.status === 'AUTHORISED')
  const invoice = open.find(({ type, payments }) => type === 'ACCREC' && payments.length > 0) ?? open[0]
  const document = invoice && (await documentOf(demo, invoice))
  if (!document) return null
  const { money } = sandbox.person()
  const due = dueOf(invoice)
  const [ours] = invoice.payments
  if (ours) money.deletePayment(ours.id)
  money.pay(invoice.id, { amount: due })
  const name = `${invoice.type === 'ACCREC' ? 'invoice' : 'bill'} ${document.number}`
  const paid = `Now somebody works in Xero: enters a payment of ${text(due)} ${invoice.currencyCode} on ${name}`
  const told = ours
    ? `${paid}, and deletes ours of ${text(ours.amount)}, which the bank had turned down. The next export brings both back.`
    : `${paid}. The next export brings it back.`
  return { told, document }
}

function dueOf(invoice: Invoice): Cents {
  return cents(invoice.total - amountPaid(invoice) - amountCredited(invoice))
}

function text(amount: Cents): string {
  return moneyText(formatCents(amount))
}

async function documentOf(demo: CommandContext, { id }: Invoice): Promise<DoneInXero['document'] | null> {
  return demo.withLedger(async (ledger) => {
    const thing = (await findKnownThings(ledger, [id])).get(id)
    if (!thing) return null
    const { document } = await readDocumentRows(ledger, thing.sourceId)
    return { entity: thing.entity, number: String(document['number'] || thing.sourceId) }
  })
}
