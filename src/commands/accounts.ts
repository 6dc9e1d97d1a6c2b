// `accounts`: every account that the ledger uses beside its account in Xero, and what is missing, archived or unfit for what
// it is used for (R3). Whether it is fit, the rules of validation say.

import { type Books, type Role, xeroAccountOf } from '../accounting/books.ts'
import type { MirrorAccount } from '../accounting/documents.ts'
import type { FindingCode } from '../accounting/findings.ts'
import { type AccountUse, accountUses, listUsedAccounts } from '../ledger/used-codes.ts'
import { findAccount } from '../mapping/payment-account.ts'
import { type Printer, toned } from '../reporting/terminal.ts'
import { accountComplaint } from '../validation/account-rules.ts'
import { entryAccountComplaint } from '../validation/journal-line-rules.ts'
import { moneyAccountComplaint } from '../validation/payment-account-rules.ts'
import { isUsualForRole, isUsualOnLines } from '../validation/usual-classes.ts'
import { booksAsked, byCode, mirrorJson, printSum, type Uses, usesByCode, useTexts } from './beside-xero.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { printerOf, writeJson } from './telling.ts'

interface Problem {
  code: FindingCode
  message: string
}

interface AccountRow {
  /** The ledger's; null for an account of Xero's that payment_method_map names. */
  code: string | null
  isMapped: boolean
  /** A code of Xero's, or the id of an account. */
  xeroAccount: string
  uses: Uses<AccountUse>
  roles: Role[]
  methods: string[]
  account: MirrorAccount | null
  problems: Problem[]
  /** What Xero takes and is unusual: the places that a class is not made for. */
  unusual: string | null
}

/**
 * With --json a line each: {"entity","mirror":{"readAt"}|null,"code"|null,"isMapped","xeroAccount","uses":{"salesLines":3,…},"roles":[],"methods":[],
 * "account":{"accountId","code","name","type","class","status","systemAccount","enablePayments"}|null,
 * "problems":[{"code","message"}],"unusual"|null}. It only lists: problems are no exit code.
 */
export async function accountsCommand(context: CommandContext): Promise<ExitCode> {
  return context.withLedger(async (ledger) => {
    const printer = context.flags.json ? null : await printerOf(context)
    for (const books of await booksAsked(context, ledger)) {
      const rows = accountRows(books, usesByCode(await listUsedAccounts(ledger, books.entity.code)))
      if (printer) printAccounts(printer, books, rows)
      else for (const row of rows) writeJson(context, accountJson(books, row))
    }
    return 0
  })
}

function accountRows(books: Books, used: ReadonlyMap<string, Uses<AccountUse>>): AccountRow[] {
  const { accountMap, roleAccounts, paymentMethods } = books
  const codes = new Set([...used.keys(), ...accountMap.keys(), ...roleAccounts.values()])
  const ofLedger = [...codes].sort(byCode).map((code) =>
    accountRow(books, {
      code,
      isMapped: accountMap.has(code),
      xeroAccount: xeroAccountOf(code, books),
      uses: used.get(code) ?? {},
      roles: [...roleAccounts].filter(([, account]) => account === code).map(([role]) => role),
      methods: [],
    }),
  )
  // Methods name accounts of Xero, which account_map does not translate.
  const ofMethods = [...new Set(paymentMethods.values())].sort(byCode).map((xeroAccount) =>
    accountRow(books, {
      code: null,
      isMapped: false,
      xeroAccount,
      uses: {},
      roles: [],
      methods: [...paymentMethods].filter(([, account]) => account === xeroAccount).map(([method]) => method),
    }),
  )
  return [...ofLedger, ...ofMethods]
}

type Named = Omit<AccountRow, 'account' | 'problems' | 'unusual'>

function accountRow(books: Books, row: Named): AccountRow {
  const account = findAccount(row.xeroAccount, books)
  return { ...row, account, problems: problemsOf(row, account, books), unusual: unusualText(row, account) }
}

/** What an account is for: lines of documents or journals, or money itself. */
type Purpose = 'sales' | 'purchases' | 'journals' | 'payments'

const purposeOfUse: Record<AccountUse, Purpose> = {
  salesLines: 'sales',
  purchaseLines: 'purchases',
  journalLines: 'journals',
  paymentJournals: 'payments',
  payments: 'payments',
  saleItems: 'sales',
  purchaseItems: 'purchases',
}

const purposesOfRole: Record<Role, readonly Purpose[]> = {
  clearing: ['payments'],
  bank_clearing: ['journals'],
  unapplied_payments: ['journals', 'payments'],
  unapplied_deposits: ['journals', 'payments'],
  prepayment: ['sales'],
  debtors: ['journals'],
  stock_on_hand: ['purchases', 'journals'],
  work_in_progress: ['purchases', 'journals'],
  cost_of_goods_sold: ['journals'],
  stock_adjustment: ['journals'],
  freight: ['sales'],
  discount: ['sales'],
  rounding: ['sales'],
  exchange_gain_loss: ['journals'],
}

interface Place {
  name: string
  purpose: Purpose
  role: Role | null
}

function placesOf({ uses, roles, methods }: Pick<AccountRow, 'uses' | 'roles' | 'methods'>): Place[] {
  const places: Place[] = accountUses
    .filter((use) => uses[use])
    .map((use) => ({ name: purposeOfUse[use], purpose: purposeOfUse[use], role: null }))
  for (const role of roles) {
    for (const purpose of purposesOfRole[role]) places.push({ name: `role ${role}`, purpose, role })
  }
  for (const method of methods) places.push({ name: `method ${method}`, purpose: 'payments', role: null })
  return places
}

/** What is wrong with the account at all, else what each place has against it: the same said once, with its places. */
function problemsOf(row: Named, account: MirrorAccount | null, books: Books): Problem[] {
  if (!books.mirror) return []
  if (!account) return [{ code: 'account-unknown', message: 'Xero does not have it' }]
  if (account.status !== 'ACTIVE') return [{ code: 'account-archived', message: 'archived in Xero' }]
  const named = new Map<FindingCode, Set<string>>()
  for (const place of placesOf(row)) {
    const code = complaintOf(place, row.xeroAccount, books)
    if (code) named.set(code, (named.get(code) ?? new Set()).add(place.name))
  }
  return [...named].map(([code, places]) => ({
    code,
    message: `${messageOf(code, account)} (${[...places].join(', ')})`,
  }))
}

/** The finding that a document, journal or payment of this place would get. */
function complaintOf({ purpose, role }: Place, account: string, books: Books): FindingCode | null {
  const complaint =
    purpose === 'payments'
      ? moneyAccountComplaint({ account, from: role === null ? 'payment' : 'role' }, books, false)
      : purpose === 'journals'
        ? entryAccountComplaint(account, role, books)
        : accountComplaint(account, purpose, books)
  return complaint?.code ?? null
}

/** Xero takes a cost of goods sold on a revenue account: whoever set it up should look again. */
function unusualText(row: Named, account: MirrorAccount | null): string | null {
  if (!account) return null
  const places = [
    ...row.roles.filter((role) => !isUsualForRole(account.class, role)).map((role) => `role ${role}`),
    ...accountUses.flatMap((use) => {
      const side = purposeOfUse[use]
      if (!row.uses[use] || (side !== 'sales' && side !== 'purchases')) return []
      return isUsualOnLines(account.class, side) ? [] : side
    }),
  ]
  if (places.length === 0) return null
  return `class ${account.class} is unusual here (${[...new Set(places)].join(', ')})`
}

function messageOf(code: FindingCode, { type }: MirrorAccount): string {
  if (code === 'account-system') return 'Xero keeps it for itself'
  if (code === 'account-not-payable') return 'no bank account, and payments are not enabled'
  if (code === 'account-wrong-class') return `type ${type} takes no lines`
  return 'named by its id: only payments take one'
}

function accountJson(books: Books, row: AccountRow) {
  const { account } = row
  return {
    entity: books.entity.code,
    mirror: mirrorJson(books),
    ...row,
    account: account && {
      accountId: account.accountId,
      code: account.code,
      name: account.name,
      type: account.type,
      class: account.class,
      status: account.status,
      systemAccount: account.systemAccount,
      enablePayments: account.enablePayments,
    },
  }
}

function printAccounts(printer: Printer, { entity, mirror }: Books, rows: readonly AccountRow[]): void {
  if (rows.length === 0) {
    printer.line(`${entity.code}: the ledger uses no account yet.`)
    return
  }
  printer.line(toned('strong', `${entity.code} → ${mirror?.organisation.name ?? 'Xero was never read'}`))
  printer.table(
    [
      { head: 'account' },
      { head: 'used by', isFlexible: true },
      { head: 'in Xero', isFlexible: true },
      { head: 'name in Xero', isFlexible: true },
      { head: 'type', isSpare: true },
      { head: 'class', isSpare: true },
      { head: 'status', isSpare: true },
      { head: 'problem', isFlexible: true },
    ],
    rows.map(({ code, xeroAccount, account, problems, unusual, ...row }) => [
      code ?? '',
      [
        ...useTexts(row.uses),
        ...row.roles.map((role) => `role ${role}`),
        ...row.methods.map((method) => `method ${method}`),
      ].join(', ') || 'account_map alone',
      xeroAccount,
      account?.name ?? '',
      account?.type ?? '',
      account?.class ?? '',
      account?.status ?? '',
      problems.length > 0
        ? toned('bad', problems.map(({ message }) => message).join('; '))
        : toned('caution', unusual ?? ''),
    ]),
    2,
  )
  const bad = rows.filter(({ problems }) => problems.length > 0)
  if (mirror === null) return
  printSum(printer, {
    count: rows.length,
    what: 'account',
    bad: bad.map((row) => row.code ?? row.xeroAccount),
  })
}
