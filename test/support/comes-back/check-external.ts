// Whatever people paid in Xero on documents of the ledger, or took from its customers ahead of them, is in the ledger exactly
// once, with its amount, its date, what it is applied to and its state (X1 to X5).

import {
  depositsInXero,
  isEnded,
  isTheirs,
  linkedContacts,
  linkedDocuments,
  paymentsInXero,
  type Sides,
  worthOf,
} from './linked.ts'

/** Something that has to be in the ledger as one external payment. */
interface Expected {
  xeroId: string
  what: string
  amount: number
  date: string
  isLive: boolean
  /** `document amount`, sorted. */
  parts: string[]
  /** The contacts that it may be of; empty where that is not checked. */
  contacts: string[]
  states: readonly string[]
}

interface External {
  id: string
  xeroId: string
  amount: number
  date: string
  contact: string | null
  state: string
  deletedAt: string | null
  deletedBy: string | null
}

export function externalPayments(sides: Sides, seen: ReadonlySet<string>): string[] {
  const isOpen = sides.query("SELECT 1 FROM export_state WHERE state = 'uncertain'").length > 0
  const found = externals(sides)
  const wanted = [...paymentsOnDocuments(sides), ...refundsOfOurs(sides), ...depositsOfContacts(sides)]
  return [
    // What agrees with a lost answer waits for it: then something may be missing, and nothing else.
    ...wanted.flatMap((one) => compare(sides, one, found.get(one.xeroId) ?? [], { isOpen, seen })),
    ...unfounded(found, wanted),
  ]
}

/** Xero ids of the external payments that the ledger has now. */
export function externalIds(sides: Sides): string[] {
  return [...externals(sides).keys()].filter((id) => id !== '')
}

function compare(
  sides: Sides,
  wanted: Expected,
  rows: readonly External[],
  { isOpen, seen }: { isOpen: boolean; seen: ReadonlySet<string> },
): string[] {
  const [row, another] = rows
  const { what, isLive, amount, date } = wanted
  if (another) return [`${what} is in the ledger ${rows.length} times`]
  if (!row) {
    if (isLive) return isOpen ? [] : [`${what} is not in the ledger`]
    return seen.has(wanted.xeroId) ? [`${what} was deleted in Xero and its row is gone`] : []
  }
  if (isLive !== (row.state !== 'deleted'))
    return [`${what} is ${isLive ? 'live' : 'deleted'} in Xero and ${row.state} in the ledger`]
  if (!isLive) {
    const isSaid = row.deletedAt !== null && row.deletedBy === 'xero'
    return isSaid ? [] : [`${what} is deleted without date and cause (${row.deletedAt}, ${row.deletedBy})`]
  }
  const parts = partsOf(sides, row.id)
  return [
    ...(row.amount === amount ? [] : [`${what} is ${row.amount} in the ledger`]),
    ...(row.date === date ? [] : [`${what} is of ${date} and of ${row.date} in the ledger`]),
    ...(parts.join() === wanted.parts.join()
      ? []
      : [
          `${what} is applied to ${wanted.parts.join(' and ') || 'nothing'} in Xero, to ${parts.join(' and ') || 'nothing'} in the ledger`,
        ]),
    ...(wanted.states.includes(row.state)
      ? []
      : [`${what} is ${row.state} and should be ${wanted.states.join(' or ')}`]),
    ...(wanted.contacts.length === 0 || wanted.contacts.includes(row.contact ?? '')
      ? []
      : [`${what} is of ${row.contact} in the ledger and should be of ${wanted.contacts.join(' or ')}`]),
  ]
}

/** Payments of documents, and refunds of credits, that people made. */
function paymentsOnDocuments(sides: Sides): Expected[] {
  const documents = linkedDocuments(sides)
  return paymentsInXero(sides).flatMap((payment) => {
    const document = documents.get(payment.target.id)
    if (!document || !isTheirs(sides, payment)) return []
    return [
      {
        xeroId: payment.id,
        what: `the payment of ${payment.amount} on ${document.id} (${payment.id.slice(0, 4)})`,
        amount: payment.amount,
        date: payment.date,
        isLive: payment.status !== 'DELETED',
        parts: [`${document.id} ${payment.amount}`],
        contacts: [],
        states: ['applied'],
      },
    ]
  })
}

/** What people gave back of the ledger's own prepayments and overpayments: a refund of its payment, on no document. */
function refundsOfOurs(sides: Sides): Expected[] {
  const ours = new Set(depositsInXero(sides).flatMap((one) => (isTheirs(sides, one) ? [] : one.id)))
  return paymentsInXero(sides).flatMap((payment) => {
    if (!ours.has(payment.target.id) || !isTheirs(sides, payment)) return []
    return [
      {
        xeroId: payment.id,
        what: `the refund of ${payment.amount} of our deposit (${payment.id.slice(0, 4)})`,
        amount: payment.amount,
        date: payment.date,
        isLive: payment.status !== 'DELETED',
        parts: [],
        contacts: [],
        states: ['received', 'applied'],
      },
    ]
  })
}

/** Overpayments and prepayments that people took from or gave to contacts of the ledger. */
function depositsOfContacts(sides: Sides): Expected[] {
  const documents = linkedDocuments(sides)
  const contacts = linkedContacts(sides)
  return depositsInXero(sides).flatMap((credit) => {
    const codes = contacts.get(credit.contactId)
    if (!codes || !isTheirs(sides, credit)) return []
    const applied = new Map<string, number>()
    for (const { invoiceId, amount } of credit.allocations) {
      const id = documents.get(invoiceId)?.id
      if (id !== undefined) applied.set(id, (applied.get(id) ?? 0) + amount)
    }
    const parts = [...applied].map(([id, amount]) => `${id} ${amount}`).sort()
    const isUnallocated = credit.allocations.length === 0
    return [
      {
        xeroId: credit.id,
        what: `the ${credit.kind.toLowerCase()} of ${credit.total} (${credit.id.slice(0, 4)})`,
        amount: worthOf(credit),
        date: credit.date,
        isLive: !isEnded(credit),
        parts,
        contacts: codes,
        // In between the specification does not say (X3).
        states: isUnallocated ? ['received'] : ['received', 'applied'],
      },
    ]
  })
}

/** External payments by what they are in Xero; under '' what names nothing there. */
function externals(sides: Pick<Sides, 'query'>): Map<string, External[]> {
  const rows = sides.query<External>(
    `SELECT p.id, COALESCE(r.xero_id, '') AS xeroId, p.amount_cents AS amount, p.date, p.contact, p.state,
            p.deleted_at AS deletedAt, p.deleted_by AS deletedBy
       FROM payment AS p LEFT JOIN external_ref AS r ON r.source_id = p.id AND r.kind IN ('payment', 'refund')
      WHERE p.origin = 'external' ORDER BY p.id`,
  )
  const found = new Map<string, External[]>()
  for (const row of rows) found.set(row.xeroId, [...(found.get(row.xeroId) ?? []), row])
  return found
}

/** What counts of it: an allocation that Xero has otherwise, or no longer, counts as Xero has it. */
function partsOf(sides: Pick<Sides, 'query'>, payment: string): string[] {
  return sides
    .query<{ document: string; amount: number }>(
      `SELECT a.document, COALESCE(x.live_cents, a.amount_cents) AS amount FROM payment_allocation AS a
       LEFT JOIN part_in_xero AS x ON x.kind = 'payment' AND x.source = a.payment AND x.document = a.document
      WHERE a.payment = ? AND COALESCE(x.live_cents, a.amount_cents) <> 0`,
      payment,
    )
    .map(({ document, amount }) => `${document} ${amount}`)
    .sort()
}

/** External payments of the ledger that no person made in Xero on anything of ours. */
function unfounded(found: ReadonlyMap<string, readonly External[]>, wanted: readonly Expected[]): string[] {
  const known = new Set(wanted.map(({ xeroId }) => xeroId))
  return [...found].flatMap(([xeroId, rows]) =>
    known.has(xeroId)
      ? []
      : rows.map(
          ({ id, amount }) => `the external payment ${id} of ${amount} is nothing that a person made on ours`,
        ),
  )
}
