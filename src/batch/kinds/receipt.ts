// The row of receipts in the table of kinds: what a payment or deposit is in Xero by itself, a prepayment, an overpayment or the
// journal of money received (P4, P6, P8). Most payments are nothing by themselves: they leave the queue and cost nothing more.

import type { LedgerPayment } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { readPayments } from '../../ledger/payments.ts'
import { requeueReceipts } from '../../ledger/receipts.ts'
import { readWaiting, type WaitingThing } from '../../ledger/waiting.ts'
import type { FormContext, ReceiptForm } from '../../mapping/payment-forms.ts'
import { receiptCurrencyOf, sentReceiptAmount } from '../../mapping/receipt.ts'
import { receiptJournal } from '../../mapping/receipt-journal.ts'
import { receiptSizeBound } from '../../mapping/size.ts'
import { unfittingFinding } from '../../validation/journal-rules.ts'
import type { MoneyCheck } from '../../validation/money-check.ts'
import type { MovedMoney } from '../../validation/moved-money-rules.ts'
import { checkReceipt } from '../../validation/receipt-rules.ts'
import { type KindRow, noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { CheckScope, ContactStanding } from '../scope.ts'
import { countFindings, countJournal } from './journal-page.ts'
import { placeMoney } from './money-verdict.ts'
import { movedMoney } from './moved-money.ts'
import { staysInLedger } from './payment.ts'
import { gatherMoney } from './payment-money.ts'
import { countChangedReceipt } from './receipt-change.ts'
import { contactOfReceipt, loadReceipts } from './receipt-load.ts'

export const receiptKind: KindRow = {
  kind: 'receipt',
  isLeftOut: staysInLedger,
  async derive({ ledger, books }) {
    const { receipts, deposits } = books.settings
    if (receipts === 'clearing' || deposits === 'prepayment') await requeueReceipts(ledger, books.entity.code)
  },
  checkPage: checkReceiptPage,
  load: loadReceipts,
}

async function checkReceiptPage(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const waiting = await readWaiting(ledger, { entity: books.entity.code, kind: 'receipt', ids })
  const payments = await readPayments(ledger, ids)
  const money = await gatherMoney(scope, [...payments.values()])
  const standings = await scope.standings(
    [...payments.values()].flatMap((payment) => contactOfReceipt(payment, money) ?? []),
  )
  const page = noVerdicts()
  for (const id of ids) {
    const payment = payments.get(id)
    const thing = waiting.get(id)
    if (!payment || !thing) continue
    const context = money.contextOf(payment)
    if (thing.state === 'exported') countChangedReceipt(scope, page, payment, context, thing)
    else {
      const standing = standings.get(contactOfReceipt(payment, money) ?? '')
      const moved = money.movedOf(payment).map(movedMoney)
      countNew(scope, page, { payment, context, thing, standing, moved })
    }
  }
  return page
}

interface NewReceipt {
  payment: LedgerPayment
  context: FormContext
  thing: WaitingThing
  standing: ContactStanding | undefined
  moved: readonly MovedMoney[]
}

function countNew(scope: CheckScope, page: PageVerdicts, receipt: NewReceipt): void {
  const { payment, context, thing, standing, moved } = receipt
  const check = checkReceipt(payment, {
    ...context,
    today: scope.today,
    // In a run Xero is asked whether it still has what was moved, when the receipt is sent.
    moved: scope.assumesPlanned ? moved : [],
    contact: standing?.contact ?? null,
    contactLink: standing?.link ?? null,
    duplicatesOfName: standing?.duplicatesOfName ?? [],
  })
  const { form } = check
  if (check.verdict !== 'send' || form === 'none')
    placeMoney(page, check, {
      id: payment.id,
      revision: thing.revision,
      operation: 'create',
      group: form,
      bytes: 0,
      money: null,
    })
  else if (form === 'journal') countReceiptJournal(scope, page, receipt, check)
  else countTransaction(scope, page, receipt, check, form)
}

function countTransaction(
  scope: CheckScope,
  page: PageVerdicts,
  { payment, context, thing, standing }: NewReceipt,
  check: MoneyCheck<ReceiptForm>,
  form: 'prepayment' | 'overpayment',
): void {
  // A contact that cannot be created holds its receipts back, as it does its documents.
  const against = standing?.findings.find(({ severity }) => severity === 'error')
  if (against) {
    const held: Finding = {
      ...against,
      kind: 'receipt',
      id: payment.id,
      number: payment.id,
      field: 'contact',
    }
    countFindings(page, payment.id, [...check.findings, held])
    return
  }
  const amount = sentReceiptAmount(payment, { ...context, form })
  const isSent = placeMoney(page, check, {
    id: payment.id,
    revision: thing.revision,
    operation: 'create',
    group: 'bank_transactions',
    bytes: receiptSizeBound(payment),
    money: amount === null ? null : { currency: receiptCurrencyOf(payment, context.books), amount },
  })
  if (isSent && standing && standing.link?.state !== 'linked')
    scope.neededContacts.set(standing.contact.code, standing)
}

function countReceiptJournal(
  scope: CheckScope,
  page: PageVerdicts,
  { payment, context, thing }: NewReceipt,
  { findings }: MoneyCheck<ReceiptForm>,
): void {
  const { id } = payment
  const entry = receiptJournal(payment, context.books)
  if ('fits' in entry)
    countFindings(page, id, [...findings, unfittingFinding({ kind: 'receipt', id, number: id }, entry)])
  else
    countJournal(scope, page, { kind: 'receipt', id, label: id, thing, entry, operation: 'create', findings })
}
