// Every exported document with nothing of the ledger's own waiting or refused on it owes in the ledger what it owes in Xero, and
// its total with what Xero made of it is Xero's (I9).

import { isEnded, type Linked, leftInXero, linkedDocuments, type Sides } from './linked.ts'

interface Balance {
  document: string
  total: number
  adjusted: number
  due: number
  state: string
}

export function balancesAgree(sides: Sides, failures: ReadonlySet<string>): string[] {
  const balances = new Map(
    sides
      .query<Balance>(
        `SELECT document, total_cents AS total, adjusted_cents AS adjusted, due_cents AS due, state FROM document_balance`,
      )
      .map((row) => [row.document, row]),
  )
  return comparable(sides, failures).flatMap((linked) => {
    const balance = balances.get(linked.id)
    return balance ? differences(linked, balance) : [`${linked.id} has no balance`]
  })
}

function differences({ id, inXero }: Linked, { total, adjusted, due, state }: Balance): string[] {
  const left = leftInXero(inXero)
  const worth = isEnded(inXero) ? 0 : inXero.total
  const isPaid = state === 'paid'
  return [
    ...(due === left ? [] : [`${id} owes ${due} in the ledger and ${left} in Xero`]),
    ...(total + adjusted === worth
      ? []
      : [`${id} comes to ${total + adjusted} in the ledger and to ${worth} in Xero`]),
    ...(isPaid === left <= 0 ? [] : [`${id} is ${state} in the ledger and ${left} are left in Xero`]),
  ]
}

/** Documents of which the ledger says nothing that Xero does not know yet. */
export function comparable(sides: Sides, failures: ReadonlySet<string>): Linked[] {
  const live = new Set(
    sides.query<{ id: string }>("SELECT id FROM document WHERE status = 'sent'").map(({ id }) => id),
  )
  const untold = waitingOn(sides)
  for (const failure of failures) for (const id of documentsOf(sides, failure)) untold.add(id)
  return [...linkedDocuments(sides).values()].filter(
    ({ id, state }) => state === 'exported' && live.has(id) && !untold.has(id),
  )
}

/** Documents on which a thing of the ledger's waits: not sent, refused, uncertain or warned of. What was deleted before it went never goes. */
function waitingOn(sides: Sides): Set<string> {
  const things = sides.query<{ kind: string; id: string }>(
    `SELECT kind, source_id AS id FROM export_state AS e
      WHERE state <> 'exported' AND kind NOT IN ('contact', 'item')
        AND NOT (kind IN ('payment', 'refund', 'discount', 'receipt') AND state IN ('pending', 'failed', 'skipped') AND EXISTS (
          SELECT 1 FROM payment AS p WHERE p.state = 'deleted' AND (e.source_id = p.id OR e.source_id LIKE p.id || '/%')))`,
  )
  // What changed here after it went out and cannot follow there is said as a warning.
  const findings = sides.query<{ kind: string; id: string }>(
    "SELECT kind, source_id AS id FROM finding WHERE severity <> 'information' AND kind <> 'contact'",
  )
  return new Set([...things, ...findings].flatMap(({ kind, id }) => documentsOf(sides, `${kind} ${id}`)))
}

/** The documents that a thing is about: itself, what stands on both sides of its slash, and what a receipt or a void credit is applied to. */
function documentsOf(sides: Sides, thing: string): string[] {
  const [kind = '', id = ''] = thing.split(/ (.*)/s)
  const ids = id.split('/')
  if (kind === 'allocation') return ids
  const payment = ids[0] ?? ''
  const applied = ['receipt', 'prepayment', 'overpayment', 'payment', 'refund', 'discount'].includes(kind)
    ? sides
        .query<{ document: string }>(
          `SELECT document FROM payment_allocation WHERE payment = ? OR payment = (SELECT refund_of FROM payment WHERE id = ?)`,
          payment,
          payment,
        )
        .map(({ document }) => document)
    : []
  // A credit that is void in the ledger and not yet in Xero, or never there since it is used, counts there alone.
  const credited =
    kind === 'credit_note' || kind === 'supplier_credit'
      ? sides
          .query<{ document: string }>(
            `SELECT a.document FROM credit_allocation AS a JOIN document AS d ON d.id = a.credit WHERE a.credit = ? AND d.status = 'void'`,
            id,
          )
          .map(({ document }) => document)
      : []
  return [...ids, ...applied, ...credited]
}
