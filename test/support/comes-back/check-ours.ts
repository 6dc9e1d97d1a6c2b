// What is the ledger's own: a payment is deleted there when and only when all of it is deleted in Xero (X2), and nothing that came
// from Xero ever goes out (X1).

import { escapedId, isEnded, type Sides } from './linked.ts'

interface OwnPayment {
  id: string
  state: string
  deletedAt: string | null
  deletedBy: string | null
}

interface Sent {
  id: string
  state: string
  xeroId: string | null
}

export function deletionsAgree(sides: Sides): string[] {
  const statuses = moneyInXero(sides)
  const payments = sides.query<OwnPayment>(
    `SELECT id, state, deleted_at AS deletedAt, deleted_by AS deletedBy FROM payment WHERE origin = 'ledger' AND kind <> 'discount'`,
  )
  return payments.flatMap((payment) => {
    const sent = sentOf(sides, payment.id)
    const standing = sent.flatMap(({ xeroId }) => statuses.get(xeroId ?? '') ?? [])
    const isAllGone =
      sent.length > 0 && standing.length === sent.length && standing.every((is) => is === 'ended')
    const isSomeLive = standing.some((is) => is === 'live')
    const isByXero = payment.deletedBy === 'xero'
    if (payment.state === 'deleted' && isByXero && isSomeLive)
      return [`${payment.id} is deleted in the ledger and lives in Xero`]
    if (payment.state === 'deleted' && isByXero && payment.deletedAt === null)
      return [`${payment.id} is deleted without a date`]
    if (payment.state !== 'deleted' && isAllGone)
      return [`${payment.id} is deleted in Xero and ${payment.state} in the ledger`]
    return []
  })
}

/** What went out of a payment, all in its own form; nothing where the form cannot tell of a deletion. */
function sentOf(sides: Pick<Sides, 'query'>, id: string): Sent[] {
  const things = sides.query<Sent & { channel: string | null }>(
    `SELECT source_id AS id, state, xero_id AS xeroId, facts ->> 'channel' AS channel FROM export_state
      WHERE kind IN ('payment', 'refund', 'receipt') AND (source_id = ? OR substr(source_id, 1, length(?) + 1) = ? || '/')`,
    id,
    escapedId(id),
    escapedId(id),
  )
  const asMoney = things.filter(({ channel }) => channel === 'payments' || channel === 'bank_transactions')
  // A part that never went out stands in the ledger alone, and its payment with it.
  const hasUnsent = things.some(({ id: thing, state }) => thing.includes('/') && state !== 'exported')
  return hasUnsent ? [] : asMoney
}

function moneyInXero({ sandbox }: Pick<Sides, 'sandbox'>): Map<string, 'live' | 'ended'> {
  const records = sandbox.organisations.flatMap(({ tenantId }) => [
    ...sandbox.payments(tenantId),
    ...sandbox.prepayments(tenantId),
    ...sandbox.overpayments(tenantId),
  ])
  return new Map(records.map((record) => [record.id, isEnded(record) ? 'ended' : 'live']))
}

export function nothingExternalSent(sides: Pick<Sides, 'query'>): string[] {
  const queued = sides.query<{ kind: string; id: string; state: string }>(
    `SELECT e.kind, e.source_id AS id, e.state FROM export_state AS e
      WHERE e.kind IN ('payment', 'refund', 'receipt', 'discount') AND (e.state <> 'pending' OR e.queued = 1) AND EXISTS (
        SELECT 1 FROM payment AS p WHERE p.origin = 'external'
          AND (e.source_id = p.id OR substr(e.source_id, 1, length(p.id) + 1) = p.id || '/'))`,
  )
  const sent = sides.query<{ kind: string; id: string }>(
    `SELECT t.kind, t.source_id AS id FROM chunk_thing AS t
      WHERE t.kind IN ('payment', 'refund', 'receipt', 'discount') AND EXISTS (
        SELECT 1 FROM payment AS p WHERE p.origin = 'external'
          AND (t.source_id = p.id OR substr(t.source_id, 1, length(p.id) + 1) = p.id || '/'))
      UNION ALL
     SELECT t.kind, t.source_id FROM chunk_thing AS t JOIN credit_allocation AS c ON c.origin = 'external'
        AND t.source_id = replace(replace(c.credit, '%', '%25'), '/', '%2F') || '/' || c.document
      WHERE t.kind = 'allocation'`,
  )
  return [
    ...queued.map(({ kind, id, state }) => `${kind} ${id} came from Xero and is ${state} to be sent there`),
    ...sent.map(({ kind, id }) => `${kind} ${id} came from Xero and was sent there`),
  ]
}
