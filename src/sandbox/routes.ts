// The table of endpoints: a resource is its file and its row here.

import { accountRoutes } from './accounts.ts'
import { allocationRoutes } from './allocations.ts'
import { attachmentRoutes } from './attachments.ts'
import { bankTransactionRoutes } from './bank-transactions.ts'
import type { Method, Route } from './call.ts'
import { contactRoutes } from './contacts.ts'
import { creditBalanceRoutes } from './credit-balances.ts'
import { creditNoteRoutes } from './credit-notes.ts'
import { currencyRoutes } from './currencies.ts'
import { historyRoutes } from './history.ts'
import { invoiceRoutes } from './invoices.ts'
import { itemRoutes } from './items.ts'
import { journalRoutes } from './journals.ts'
import { manualJournalRoutes } from './manual-journals.ts'
import { organisationRoutes } from './organisations.ts'
import { paymentRoutes } from './payments.ts'
import { purchaseOrderRoutes } from './purchase-orders.ts'
import { reportRoutes } from './reports.ts'
import { taxRateRoutes } from './tax-rates.ts'
import { trackingCategoryRoutes } from './tracking-categories.ts'

const routes: readonly Route[] = [
  ...organisationRoutes,
  ...accountRoutes,
  ...taxRateRoutes,
  ...currencyRoutes,
  ...trackingCategoryRoutes,
  ...contactRoutes,
  ...invoiceRoutes,
  ...creditNoteRoutes,
  ...bankTransactionRoutes,
  ...creditBalanceRoutes,
  ...allocationRoutes,
  ...paymentRoutes,
  ...itemRoutes,
  ...manualJournalRoutes,
  ...journalRoutes,
  ...purchaseOrderRoutes,
  ...attachmentRoutes,
  ...historyRoutes,
  ...reportRoutes,
]

interface CompiledRoute {
  readonly route: Route
  readonly pattern: RegExp
  readonly names: readonly string[]
}

const compiled: readonly CompiledRoute[] = routes.map((route) => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  return { route, pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '([^/]+)')}$`), names }
})

export type Found =
  | { readonly kind: 'route'; readonly route: Route; readonly path: Readonly<Record<string, string>> }
  | { readonly kind: 'other-method' }
  | { readonly kind: 'none' }

/** The path is below /api.xro/2.0. Xero knows no other spelling of it: what is not here is a 404. */
export function findRoute(method: string, path: string): Found {
  let isKnownPath = false
  for (const { route, pattern, names } of compiled) {
    const match = pattern.exec(path)
    if (!match) continue
    isKnownPath = true
    if (!isMethod(method, route)) continue
    const values = names.map((name, at) => [name, decoded(match[at + 1] ?? '')] as const)
    return { kind: 'route', route, path: Object.fromEntries(values) }
  }
  return isKnownPath ? { kind: 'other-method' } : { kind: 'none' }
}

function isMethod(method: string, route: Route): method is Method {
  return route.method === method
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A broken escape names nothing: left as it is, it will not be found.
    return part
  }
}
