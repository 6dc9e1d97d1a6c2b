// Prepayments and overpayments: lists and one by id. They are made as bank transactions (bank-transactions.ts) and
// allocated in allocations.ts.

import { answerWith, type Call, type Route } from './call.ts'
import { listCredits } from './credit-list.ts'
import type { Credit, CreditKind } from './credit-record.ts'
import { showCredit } from './credit-view.ts'
import { checkUnitDp, listParameter, listQuery, pageQuery } from './listing.ts'
import { notFound, type Reply } from './reply.ts'

function prepayments(call: Call): Reply {
  checkUnitDp(call)
  return listCredits(call, 'Prepayment', call.organisation.prepayments, isWanted(call, 'InvoiceNumbers'))
}

function overpayments(call: Call): Reply {
  checkUnitDp(call)
  return listCredits(call, 'Overpayment', call.organisation.overpayments, isWanted(call, 'References'))
}

/** By the parameter that names them; voided ones where the switch says so. */
function isWanted(call: Call, parameter: string): (credit: Credit) => boolean {
  const named = listParameter(call, parameter)
  return ({ reference, status }) =>
    (named?.includes(reference) ?? true) && (status !== 'VOIDED' || call.switches.listsVoidedDeposits)
}

const one =
  (kind: CreditKind) =>
  (call: Call): Reply => {
    const credit = call.organisation.credit(kind, (call.path[`${kind}ID`] ?? '').toLowerCase())
    return credit ? answerWith(call, `${kind}s`, [showCredit(call, credit, 'single')]) : notFound
  }

const scopes = ['accounting.payments']
const listing = [...listQuery, ...pageQuery, 'unitdp']

export const creditBalanceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/Prepayments',
    scopes,
    query: [...listing, 'InvoiceNumbers'],
    answer: prepayments,
  },
  { method: 'GET', path: '/Prepayments/{PrepaymentID}', scopes, query: [], answer: one('Prepayment') },
  { method: 'GET', path: '/Overpayments', scopes, query: [...listing, 'References'], answer: overpayments },
  { method: 'GET', path: '/Overpayments/{OverpaymentID}', scopes, query: [], answer: one('Overpayment') },
]
