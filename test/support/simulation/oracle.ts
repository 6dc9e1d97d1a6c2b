// What the accounts of Xero have to come to where nobody works there: worked out from the source rows of all that counts as
// exported, by the rules of bookkeeping alone. Only amounts of one currency; what they go out as is told by the ledger.

import type { World } from '../world.ts'

interface ThingRow {
  kind: string
  sourceId: string
  facts: { channel?: string; form?: string; type?: string; taxCents?: number }
}

const receivable = '610'
const payable = '800'
const gst = '820'

type Role =
  | 'clearing'
  | 'bank_clearing'
  | 'unapplied_payments'
  | 'unapplied_deposits'
  | 'prepayment'
  | 'stock_on_hand'
  | 'stock_adjustment'
  | 'discount'

function account(world: World, role: Role): string {
  const [row] = world.query<{ account: string }>('SELECT account FROM role_account WHERE role = ?', role)
  return row?.account ?? ''
}

/** Cents by account, debits above zero. */
class Balance {
  readonly accounts = new Map<string, number>()

  move(debit: string, credit: string, cents: number): void {
    this.add(debit, cents)
    this.add(credit, -cents)
  }

  add(account: string, cents: number): void {
    this.accounts.set(account, (this.accounts.get(account) ?? 0) + cents)
  }
}

/** Differences between Xero's accounts and the ledger's; none where the ledger cannot tell. */
export function offBalance(world: World): string[] {
  if (!canTell(world)) return []
  const expected = new Balance()
  for (const thing of exportedThings(world)) postings[thing.kind]?.(world, thing, expected)
  const actual = new Balance()
  for (const { account, cents } of world.sandbox.trialBalance()) actual.add(account, cents)
  const accounts = [...new Set([...expected.accounts.keys(), ...actual.accounts.keys()])].sort()
  return accounts.flatMap((account) => {
    const [there, here] = [actual.accounts.get(account) ?? 0, expected.accounts.get(account) ?? 0]
    return there === here ? [] : [`account ${account} is ${there} in Xero, ${here} by the ledger`]
  })
}

/** Nobody changed anything in Xero, and nothing changed in the ledger that Xero was not told. */
function canTell(world: World): boolean {
  if (world.leftByPerson.size + world.touchedByPerson.size > 0) return false
  const [row] = world.query<{ untold: number }>(
    `SELECT (SELECT COUNT(*) FROM export_state WHERE state = 'exported' AND kind <> 'contact'
               AND (revision IS NOT sent_revision OR source_gone = 1 OR xero_status IS 'DELETED'))
          + (SELECT COUNT(*) FROM payment WHERE state = 'deleted' AND EXISTS (
               SELECT 1 FROM export_state WHERE source_id LIKE payment.id || '%' AND kind IN ('payment', 'refund', 'receipt', 'discount') AND state = 'exported'))
          + (SELECT COUNT(*) FROM setting WHERE name = 'ar_style' AND value = 'journals') AS untold`,
  )
  return row?.untold === 0
}

function exportedThings(world: World): ThingRow[] {
  return world
    .query<{ kind: string; source_id: string; facts: string }>(
      `SELECT kind, source_id, facts FROM export_state WHERE state = 'exported' AND kind <> 'contact' AND facts IS NOT NULL`,
    )
    .map((row) => ({ kind: row.kind, sourceId: row.source_id, facts: JSON.parse(row.facts) }))
}

type Post = (world: World, thing: ThingRow, balance: Balance) => void

interface DocumentRow {
  kind: string
  status: string
  total: number
  tax: number
}

function documentOf(world: World, id: string): DocumentRow | undefined {
  const [row] = world.query<DocumentRow>(
    'SELECT kind, status, total_cents AS total, tax_cents AS tax FROM document WHERE id = ?',
    id,
  )
  return row
}

/** Sales are credits on their accounts, purchases debits; credits of either the other way round. */
const postDocument: Post = (world, { kind, sourceId, facts }, balance) => {
  const document = documentOf(world, sourceId)
  if (document?.status !== 'sent' || facts.form === 'purchase_order') return
  const isSale = kind === 'invoice' || kind === 'credit_note'
  const sign = kind === 'invoice' || kind === 'supplier_credit' ? -1 : 1
  const lines = world.query<{ account: string; amount: number }>(
    `SELECT COALESCE(account, (SELECT i.sale_account FROM item AS i WHERE i.code = l.item)) AS account, amount_cents AS amount
       FROM document_line AS l WHERE document = ?`,
    sourceId,
  )
  for (const { account, amount } of lines) balance.add(account, sign * amount)
  balance.add(gst, sign * document.tax)
  balance.add(isSale ? receivable : payable, -sign * document.total)
}

interface PaymentRow {
  kind: string
  account: string | null
  amount: number
  applied: number
}

function paymentOf(world: World, id: string, document: string): PaymentRow | undefined {
  const [row] = world.query<PaymentRow>(
    `SELECT kind, account, amount_cents AS amount,
            COALESCE((SELECT SUM(amount_cents) FROM payment_allocation WHERE payment = id AND (? = '' OR document = ?)), 0) AS applied
       FROM payment WHERE id = ?`,
    document,
    document,
    id,
  )
  return row
}

/** The account of the payment; its method is mapped to none, so that the clearing account stands in. */
function moneyAccount(world: World, payment: PaymentRow): string {
  return payment.account ?? account(world, 'clearing')
}

function unapplied(world: World, { kind }: PaymentRow): string {
  return account(world, kind === 'deposit' ? 'unapplied_deposits' : 'unapplied_payments')
}

function isClearing(world: World): boolean {
  return world.query("SELECT 1 FROM setting WHERE name = 'receipts' AND value = 'clearing'").length > 0
}

const postPayment: Post = (world, { sourceId, facts }, balance) => {
  const [id = '', document = ''] = sourceId.split('/')
  const payment = paymentOf(world, id, document)
  if (!payment) return
  if (facts.channel?.endsWith('allocations')) {
    // An overpayment is on the receivables already.
    if (receiptOf(world, id) === 'RECEIVE-PREPAYMENT')
      balance.move(account(world, 'prepayment'), receivable, payment.applied)
    return
  }
  const isSale = documentOf(world, document)?.kind === 'invoice'
  const hasReceipt = isSale && isClearing(world)
  const money = hasReceipt ? unapplied(world, payment) : moneyAccount(world, payment)
  if (isSale) balance.move(money, receivable, payment.applied)
  else balance.move(payable, money, payment.applied)
}

/** Xero's word for what was received by a payment; null where it went out as nothing of its own. */
function receiptOf(world: World, payment: string): string | null {
  const [row] = world.query<{ type: string | null }>(
    `SELECT facts ->> 'type' AS type FROM export_state WHERE kind = 'receipt' AND source_id = ? AND state = 'exported'`,
    payment,
  )
  return row?.type ?? null
}

const postReceipt: Post = (world, { sourceId, facts }, balance) => {
  const payment = paymentOf(world, sourceId, '')
  if (!payment) return
  if (facts.channel !== 'bank_transactions') {
    balance.move(account(world, 'bank_clearing'), unapplied(world, payment), payment.amount)
    return
  }
  const money = moneyAccount(world, payment)
  const isPrepayment = facts.type?.endsWith('PREPAYMENT') === true
  const left = payment.amount - (isPrepayment ? 0 : payment.applied)
  if (facts.type?.startsWith('SPEND'))
    balance.move(isPrepayment ? account(world, 'prepayment') : payable, money, left)
  else balance.move(money, isPrepayment ? account(world, 'prepayment') : receivable, left)
}

const postRefund: Post = (world, { sourceId, facts }, balance) => {
  const [id = '', document = ''] = sourceId.split('/')
  const refund = paymentOf(world, id, document)
  if (!refund) return
  const [row] = world.query<{ refunded: string | null }>(
    'SELECT refund_of AS refunded FROM payment WHERE id = ?',
    id,
  )
  if (document === '' && facts.form === 'journal') {
    // What a journal received a journal gives back.
    const received = paymentOf(world, row?.refunded ?? '', '')
    if (received) balance.move(unapplied(world, received), account(world, 'bank_clearing'), refund.amount)
  } else if (document === '') {
    const type = receiptOf(world, row?.refunded ?? '')
    const from = type?.endsWith('PREPAYMENT')
      ? account(world, 'prepayment')
      : type?.startsWith('SPEND')
        ? payable
        : receivable
    if (type?.startsWith('SPEND')) balance.move(moneyAccount(world, refund), from, refund.amount)
    else balance.move(from, moneyAccount(world, refund), refund.amount)
  } else if (documentOf(world, document)?.kind === 'supplier_credit')
    balance.move(moneyAccount(world, refund), payable, refund.applied)
  else balance.move(receivable, moneyAccount(world, refund), refund.applied)
}

const postDiscount: Post = (world, { sourceId, facts }, balance) => {
  const [id = '', document = ''] = sourceId.split('/')
  const discount = paymentOf(world, id, document)
  if (!discount) return
  const tax = facts.taxCents ?? 0
  balance.move(account(world, 'discount'), receivable, discount.applied - tax)
  balance.move(gst, receivable, tax)
}

const postJournal: Post = (world, { sourceId }, balance) => {
  const lines = world.query<{ account: string; amount: number; tax: number }>(
    'SELECT account, amount_cents AS amount, tax_cents AS tax FROM journal_line WHERE journal = ?',
    sourceId,
  )
  for (const { account, amount, tax } of lines) {
    balance.add(account, amount)
    balance.add(gst, tax)
  }
}

const postMovement: Post = (world, { sourceId }, balance) => {
  const [row] = world.query<{ quantity: number; cost: number }>(
    'SELECT quantity_e4 AS quantity, unit_cost_e4 AS cost FROM stock_movement WHERE id = ?',
    sourceId,
  )
  if (row)
    balance.move(
      account(world, 'stock_on_hand'),
      account(world, 'stock_adjustment'),
      Math.round((row.quantity * row.cost) / 1e6),
    )
}

/** What a part cost was fixed when its document went out, and stands in no source row. */
const postCost: Post = (world, { sourceId }, balance) => {
  const [document = '', position = '', sequence = ''] = sourceId.split('/')
  const lines = world.query<{ account: string; amount: number }>(
    `SELECT l.value ->> 'account' AS account, l.value ->> 'amount' AS amount
       FROM cogs_posting AS p, json_each(p.entry, '$.lines') AS l
      WHERE p.document = ? AND p.position = ? AND p.sequence = ?`,
    document,
    Number(position),
    Number(sequence),
  )
  for (const { account, amount } of lines) balance.add(account, amount)
}

const postings: Record<string, Post> = {
  invoice: postDocument,
  bill: postDocument,
  credit_note: postDocument,
  supplier_credit: postDocument,
  purchase_order: postDocument,
  payment: postPayment,
  receipt: postReceipt,
  refund: postRefund,
  discount: postDiscount,
  journal: postJournal,
  stock_movement: postMovement,
  cogs: postCost,
}
