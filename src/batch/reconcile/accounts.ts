// What the month moved on each account (V4): in the ledger's documents, journals, costs of goods and stock movements, and in Xero's trial
// balance where the connection may read it. Payments, receivables, payables and tax are not among the ledger's.

import {
  accountOf,
  type Books,
  baseCurrencyOf,
  roleAccountOf,
  sideOf,
  xeroAccountOf,
} from '../../accounting/books.ts'
import type { DocumentLine } from '../../accounting/documents.ts'
import type { DocumentKind } from '../../accounting/kinds.ts'
import { cents, e4, zeroCents } from '../../accounting/money.ts'
import type { AccountTotal } from '../../accounting/reconciliation.ts'
import { AuxoError } from '../../errors.ts'
import { readStockMovements } from '../../ledger/journals.ts'
import type { Ledger } from '../../ledger/open.ts'
import {
  findStockMovements,
  type PostedDays,
  type PostedLines,
  sumCosts,
  sumDocumentLines,
  sumJournalLines,
} from '../../ledger/reconcile-accounts.ts'
import { journalOfStockMovement } from '../../mapping/stock-movement.ts'
import type { AccountMovement } from '../../xero/found.ts'
import type { XeroGateway } from '../../xero/gateway.ts'
import type { Month } from './xero-month.ts'

export interface ComparedAccounts {
  accounts: AccountTotal[]
  /** Why Xero's side is missing; null where it is there. */
  notCompared: string | null
  /** Documents that count for nothing here, since they have no exchange rate of the ledger's. */
  unrated: number
}

/** `books`: of every entity of the organisation, since Xero's accounts hold what all of them post. */
export async function compareAccounts(
  ledger: Ledger,
  gateway: XeroGateway,
  { books, month }: { books: readonly Books[]; month: Month },
): Promise<ComparedAccounts> {
  const sums = new Map<string, number>()
  let unrated = 0
  for (const own of books) unrated += await addPostings(ledger, own, month, sums)
  const stock = new Set(
    books.flatMap((own) =>
      (['stock_on_hand', 'work_in_progress'] as const).flatMap((role) => roleAccountOf(role, own) ?? []),
    ),
  )
  const read = await readMovements(gateway, month)
  const codes = [...new Set([...stock, ...sums.keys()])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
  const accounts = codes.flatMap((account): AccountTotal[] => {
    const known = books.flatMap(({ mirror }) => mirror?.accounts.get(account) ?? [])[0]
    const ours = cents(sums.get(account) ?? 0)
    const theirs = read.movements && cents(read.movements.get(known?.accountId ?? '') ?? 0)
    const isStock = stock.has(account)
    if (!isStock && ours === 0 && !theirs) return []
    return [
      {
        account,
        name: known?.name ?? '',
        isStock,
        ledger: ours,
        xero: theirs,
        variance: theirs === null ? null : cents(ours - theirs),
      },
    ]
  })
  return { accounts, notCompared: read.refusal, unrated }
}

/** Xero's side by account id; null with the reason where it may not be read. */
async function readMovements(
  gateway: XeroGateway,
  { to }: Month,
): Promise<{ movements: Map<string, number> | null; refusal: string | null }> {
  try {
    const rows = await gateway.trialBalance(to)
    return {
      movements: new Map(rows.map(({ accountId, month }: AccountMovement) => [accountId, month])),
      refusal: null,
    }
  } catch (error) {
    if (!(error instanceof AuxoError) || !isRefusal(error)) throw error
    return { movements: null, refusal: refusedText }
  }
}

/** 401 without the scope, 403 without the role (§1.5). */
function isRefusal({ code }: AuxoError): boolean {
  return code === 'not-authorised' || code === 'other-organisation'
}

const refusedText =
  "Accounts were not compared: this connection may not read Xero's trial balance. It needs the scope accounting.reports.trialbalance.read (auxo-sync connect --balances asks for it; a custom connection gets it at developer.xero.com), and the user who connected it the role that sees reports."

/** Adds what an entity posts, by Xero's code, debits above zero. Returns how many documents have no rate. */
export async function addPostings(
  ledger: Ledger,
  books: Books,
  { from, to }: Month,
  sums: Map<string, number>,
): Promise<number> {
  const add = (account: string | null, amount: number) => {
    if (account !== null) sums.set(account, (sums.get(account) ?? 0) + amount)
  }
  const days: PostedDays = { entity: books.entity.code, from, to }
  const documents = await sumDocumentLines(ledger, {
    ...days,
    kinds: postedKinds(books),
    baseCurrency: baseCurrencyOf(books),
    defaultCurrency: books.region.currency,
  })
  for (const line of documents.lines) add(accountOfLine(line, books), signOf[line.kind] * line.cents)
  if (books.settings.only_invoices_and_payments === 'on') return documents.unrated
  for (const { account, cents: amount } of await sumJournalLines(ledger, days))
    add(xeroAccountOf(account, books), amount)
  for (const { account, cents: amount } of await sumCosts(ledger, days)) add(account, amount)
  if (books.settings.inventory_journals === 'on') await addStock(ledger, books, days, add)
  return documents.unrated
}

function postedKinds({ settings }: Books): DocumentKind[] {
  const always: DocumentKind[] = ['invoice', 'credit_note', 'bill', 'supplier_credit']
  return settings.purchase_orders === 'bills' ? [...always, 'purchase_order'] : always
}

const signOf: Record<DocumentKind, 1 | -1> = {
  invoice: -1,
  credit_note: 1,
  bill: 1,
  supplier_credit: -1,
  purchase_order: 1,
}

function accountOfLine(
  { kind, lineKind, account, destination, item }: PostedLines,
  books: Books,
): string | null {
  const found = accountOf({ ...noLine, kind: lineKind, account, destination, item }, sideOf(kind), books)
  return found === null ? null : xeroAccountOf(found, books)
}

/** Of a line only what names its account counts here. */
const noLine: DocumentLine = {
  position: 0,
  kind: 'charge',
  item: null,
  description: null,
  quantity: e4(0),
  unitPrice: null,
  discountPercent: e4(0),
  amount: zeroCents,
  account: null,
  taxCode: null,
  tax: zeroCents,
  tracking: [],
  supply: null,
  averageCost: null,
  destination: null,
  quantityReceived: null,
}

const movementsPage = 500

async function addStock(
  ledger: Ledger,
  books: Books,
  days: PostedDays,
  add: (account: string | null, amount: number) => void,
): Promise<void> {
  for (let after = ''; ; ) {
    const ids = await findStockMovements(ledger, days, { after, limit: movementsPage })
    for (const movement of (await readStockMovements(ledger, ids)).values()) {
      for (const { account, amount } of journalOfStockMovement(movement, books)?.lines ?? [])
        add(account, amount)
    }
    const last = ids.at(-1)
    if (last === undefined || ids.length < movementsPage) return
    after = last
  }
}
