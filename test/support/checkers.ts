// What must hold after every scenario and every simulated run, whatever happened: not expected outputs, but what the
// program promises. Each returns the sentences of what does not hold.

import type { World } from './world.ts'

interface Exported {
  source_id: string
  number: string
  total_cents: number
  tax_cents: number
  xero_id: string | null
  state: string
}

/** Every promise; an empty list where all hold. `settled`: no outcome may be open any more. */
export function brokenPromises(world: World, options: { settled?: boolean } = {}): string[] {
  return [
    ...onceInXero(world),
    ...nothingLost(world, options.settled ?? true),
    ...loggedCalls(world),
    ...noSecrets(world),
  ]
}

function sandboxInvoices(world: World) {
  return world.sandbox.invoices().filter((invoice) => invoice.type === 'ACCREC')
}

/** Each exported document is in Xero exactly once, under its id, to the cent; nothing that was not exported is there. */
function onceInXero(world: World): string[] {
  const broken: string[] = []
  const byNumber = new Map<string, number>()
  for (const invoice of sandboxInvoices(world)) {
    const number = invoice.number ?? ''
    byNumber.set(number, (byNumber.get(number) ?? 0) + 1)
  }
  const byId = new Map(sandboxInvoices(world).map((invoice) => [invoice.id, invoice]))
  const rows = world.query<Exported>(
    `SELECT e.source_id, d.number, d.total_cents, d.tax_cents, e.xero_id, e.state
       FROM export_state AS e JOIN document AS d ON d.id = e.source_id AND d.kind = e.kind
      WHERE e.kind = 'invoice'`,
  )
  for (const row of rows) {
    if ((byNumber.get(row.number) ?? 0) > 1)
      broken.push(`${row.number} is in Xero ${byNumber.get(row.number)} times`)
    if (row.state !== 'exported') continue
    const invoice = byId.get(row.xero_id ?? '')
    if (!invoice) broken.push(`${row.number} counts as exported and is not in Xero`)
    else if (invoice.total !== row.total_cents || invoice.totalTax !== row.tax_cents) {
      broken.push(
        `${row.number} is ${invoice.total}/${invoice.totalTax} in Xero, ${row.total_cents}/${row.tax_cents} in the ledger`,
      )
    }
  }
  const names = new Map<string, number>()
  for (const contact of world.sandbox.contacts()) {
    if (contact.status !== 'ACTIVE') continue
    const key = contact.name.toLowerCase()
    names.set(key, (names.get(key) ?? 0) + 1)
  }
  for (const [name, count] of names)
    if (count > 1) broken.push(`the contact ${name} is in Xero ${count} times`)
  return broken
}

/** Nothing is `sending` after a run; nothing in Xero is unknown to the ledger once all is settled. */
function nothingLost(world: World, settled: boolean): string[] {
  const broken: string[] = []
  const open = world.query<{ source_id: string; state: string }>(
    `SELECT source_id, state FROM export_state WHERE state IN ('sending'${settled ? ", 'uncertain'" : ''})`,
  )
  for (const row of open) broken.push(`${row.source_id} is still ${row.state}`)
  if (!settled) return broken
  const known = new Set(
    world
      .query<{ xero_id: string }>('SELECT xero_id FROM export_state WHERE xero_id IS NOT NULL')
      .map((row) => row.xero_id),
  )
  const ours = new Set(
    world.query<{ number: string }>('SELECT number FROM document').map((row) => row.number),
  )
  for (const invoice of sandboxInvoices(world)) {
    if (
      ours.has(invoice.number ?? '') &&
      !known.has(invoice.id) &&
      invoice.reference !== 'entered by a person'
    ) {
      broken.push(`${invoice.number} is in Xero and the ledger does not know it`)
    }
  }
  return broken
}

/** Every request has exactly one row in the API log. A killed process may have written a row for a call that never left. */
function loggedCalls(world: World): string[] {
  const rows = world.query<{ calls: number }>(
    'SELECT COUNT(*) AS calls FROM api_log WHERE status IS NOT NULL',
  )
  const answered = world.exchanges.filter((exchange) => exchange.status !== null).length
  const logged = rows[0]?.calls ?? 0
  return logged > answered ? [`${logged} answers are logged, ${answered} were given`] : []
}

/** No secret in the ledger file (Z3). */
function noSecrets(world: World): string[] {
  const bytes = world.ledgerBytes()
  return bytes.includes(world.sandbox.clientSecret) ? ['the client secret stands in the ledger'] : []
}
