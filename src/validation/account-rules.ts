// The account of each line: there is one, Xero has it, and it may stand on a document (§4.1).

import { type Books, type Role, roundingAccountOf, type Side } from '../accounting/books.ts'
import type { DocumentLine } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import type { LineKind } from '../accounting/kinds.ts'
import { formatCents } from '../accounting/money.ts'
import { type Complaint, complain, complainOfLine, type DocumentView } from './document-view.ts'

export function checkAccounts(view: DocumentView): Finding[] {
  return view.lines.flatMap((line) => {
    if (line.isNote) return []
    const complaint =
      line.account === null
        ? missingAccount(roleOf(line.line, view.side))
        : accountComplaint(line.account, view.side, view.context.books)
    return complaint ? [complainOfLine(view, line, { ...complaint, field: 'account' })] : []
  })
}

/** The automatic rounding line needs an account like any other (I5). */
export function checkRoundingAccount(view: DocumentView): Finding[] {
  const { totals, context } = view
  if (!totals?.fits || !totals.roundingLine || !context.books.mirror) return []
  const account = roundingAccountOf(context.books)
  const difference = formatCents(totals.roundingLine.amount)
  if (account !== null) {
    const complaint = accountComplaint(account, view.side, context.books)
    return complaint
      ? [complain(view, { ...complaint, message: `rounds by ${difference} and ${complaint.message}` })]
      : []
  }
  return [
    complain(view, {
      code: 'account-missing',
      message: `differs from its lines by ${difference}, and there is no account for rounding.`,
      why: "The difference needs a line of its own. Xero's own rounding account was not found.",
      fix: 'Name an account for the role rounding in role_account, or correct the amounts in the ledger.',
    }),
  ]
}

const roleOfKind: Partial<Record<LineKind, Role>> = {
  freight: 'freight',
  discount: 'discount',
  rounding: 'rounding',
}

/** The role that would give the line its account, where it has none of its own (B3). */
function roleOf({ kind, destination }: DocumentLine, side: Side): Role | null {
  const role = roleOfKind[kind]
  if (role || side === 'sales' || destination === null) return role ?? null
  return destination === 'stock' ? 'stock_on_hand' : 'work_in_progress'
}

function missingAccount(role: Role | null): Complaint {
  return {
    code: 'account-missing',
    message: 'has no account.',
    why: 'Xero approves no line without an account.',
    fix: role
      ? `Give the line an account in the ledger, or name one for the role ${role} in role_account.`
      : 'Give the line or its item an account in the ledger.',
  }
}

/** System accounts that Xero posts to by itself. ROUNDING may be used: it is Xero's own recipe (§6). */
const closedSystemAccounts: Record<string, string> = {
  DEBTORS: 'accounts receivable',
  CREDITORS: 'accounts payable',
  GST: 'sales tax',
  GSTONIMPORTS: 'tax on imports',
  HISTORICAL: 'historical adjustments',
  RETAINEDEARNINGS: 'retained earnings',
  TRACKINGTRANSFERS: 'tracking transfers',
  UNPAIDEXPCLM: 'unpaid expense claims',
  BANKCURRENCYGAIN: 'bank revaluations',
  REALISEDCURRENCYGAIN: 'realised currency gains',
  UNREALISEDCURRENCYGAIN: 'unrealised currency gains',
}

const bankComplaints: Record<Side, Pick<Complaint, 'why' | 'fix'>> = {
  sales: {
    why: 'Xero takes no bank account on an invoice: money in is a payment.',
    fix: 'Use a revenue account on the line, or map it to one in account_map.',
  },
  purchases: {
    why: 'Xero takes no bank account on a bill: money out is a payment.',
    fix: 'Use an expense or asset account on the line, or map it to one in account_map.',
  },
}

/** Why an account of Xero's cannot stand on a document; null where it can, or nothing was read of Xero yet. */
export function accountComplaint(code: string, side: Side, { mirror }: Books): Complaint | null {
  if (!mirror) return null
  const account = mirror.accounts.get(code)
  if (!account)
    return {
      code: 'account-unknown',
      message: `has account ${code}, which Xero does not have.`,
      why: "An account of the ledger that is not mapped is taken for one of Xero's codes.",
      fix: "Map it to one of Xero's codes in account_map, or add it in Xero and run auxo-sync refresh.",
    }
  const named = `has account ${code} (${account.name})`
  if (account.status !== 'ACTIVE')
    return {
      code: 'account-archived',
      message: `${named}, which is archived in Xero.`,
      why: 'Xero posts only to active accounts.',
      fix: 'Restore the account in Xero and run auxo-sync refresh, or use another.',
    }
  const purpose = closedSystemAccounts[account.systemAccount ?? '']
  if (purpose)
    return {
      code: 'account-system',
      message: `${named}, which Xero keeps for ${purpose}.`,
      why: 'Xero posts to this account by itself and takes no line on it.',
      fix: 'Use another account on the line, or map it to another in account_map.',
    }
  if (account.type === 'BANK')
    return {
      code: 'account-wrong-class',
      message: `${named}, which is a bank account.`,
      ...bankComplaints[side],
    }
  return null
}
