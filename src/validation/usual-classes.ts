// Which class of account is usual for what it is used for. Xero takes others, so nothing is refused for it: a list of accounts says
// so, because a wrong role puts money where nobody looks for it.

import type { Role, Side } from '../accounting/books.ts'

/** Where money stands before it is where it belongs. */
const balance = ['ASSET', 'LIABILITY']
const result = ['REVENUE', 'EXPENSE']

/** Null: any. */
const ofRoles: Record<Role, readonly string[] | null> = {
  clearing: balance,
  bank_clearing: balance,
  unapplied_payments: balance,
  unapplied_deposits: balance,
  prepayment: balance,
  debtors: ['ASSET'],
  stock_on_hand: ['ASSET'],
  work_in_progress: ['ASSET'],
  cost_of_goods_sold: ['EXPENSE'],
  stock_adjustment: result,
  freight: result,
  discount: result,
  rounding: null,
  exchange_gain_loss: result,
}

/** Of lines only the opposite is unusual: what is sold may be an asset, what is bought too. */
const unusualOnLines: Record<Side, string> = { sales: 'EXPENSE', purchases: 'REVENUE' }

/** An unknown class, which Xero left empty, is never unusual. */
export function isUsualForRole(accountClass: string, role: Role): boolean {
  return accountClass === '' || (ofRoles[role]?.includes(accountClass) ?? true)
}

export function isUsualOnLines(accountClass: string, side: Side): boolean {
  return accountClass !== unusualOnLines[side]
}
