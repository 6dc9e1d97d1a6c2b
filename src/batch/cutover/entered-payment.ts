// A payment or refund that a person entered in Xero by hand, for `mark-exported` (M5): it is on the same document there, of the same
// amount, and not deleted.

import { currencyOf } from '../../accounting/books.ts'
import { kindNames } from '../../accounting/kinds.ts'
import { formatCents } from '../../accounting/money.ts'
import { AuxoError } from '../../errors.ts'
import type { ThingName } from '../../ledger/holds.ts'
import type { EnteredThing } from '../../ledger/marked-exported.ts'
import { readWaiting } from '../../ledger/waiting.ts'
import { tagOf } from '../../mapping/marker.ts'
import { type PaymentFacts, targetKindOf } from '../../mapping/payment.ts'
import type { FoundPayment } from '../../xero/found.ts'
import type { RunContext } from '../context.ts'
import { readPaymentLikes } from '../kinds/payment-like.ts'
import { findParents, type StandingParent } from '../scope.ts'

/** AuxoError `needs-person` where it is not so, and for what has no payment of its own in Xero. */
export async function enteredPayment(
  context: RunContext,
  thing: ThingName & { label: string },
  xeroId: string,
): Promise<EnteredThing> {
  const { ledger, books, gateway } = context
  if (thing.kind !== 'payment' && thing.kind !== 'refund')
    throw new AuxoError(
      'usage',
      `A ${kindNames[thing.kind].one} cannot be marked by hand: documents can, and payments and refunds on them. Hold it back instead: auxo-sync hold ${thing.label} --reason TEXT`,
    )
  const waiting = await readWaiting(ledger, { entity: thing.entity, kind: thing.kind, ids: [thing.id] })
  const like = (await readPaymentLikes(ledger, thing.kind, [thing.id])).get(thing.id)
  const revision = waiting.get(thing.id)?.revision
  const document = like?.allocation?.document ?? ''
  const parent = (await findParents(ledger, books, [document])).get(document)
  if (!like?.allocation || revision === undefined || !parent?.xeroId)
    throw new AuxoError(
      'needs-person',
      `${thing.label} is on no document that is in Xero. Nothing was changed. Mark its document first.`,
    )
  const found = await gateway.paymentById(xeroId)
  if (!found)
    throw new AuxoError('needs-person', `Xero has no payment with the id ${xeroId}. Nothing was changed.`)
  const differences = differencesOf(found, parent, like.allocation.amount)
  if (differences.length > 0)
    throw new AuxoError('needs-person', `${thing.label} is not as it is in Xero. Nothing was changed.`, {
      details: differences,
    })
  const facts: PaymentFacts = {
    channel: 'payments',
    targetKind: targetKindOf(parent),
    targetId: parent.xeroId,
    amountCents: found.amount,
    currency: currencyOf(parent, books),
    date: found.date ?? like.payment.date,
    tag: tagOf(found.reference) ?? '',
    account: found.account ?? '',
    bankAmountCents: null,
    label: `${like.payment.id} on ${parent.number.trim() || parent.id}`,
  }
  const inXero = { xeroId: found.xeroId, xeroNumber: found.reference, xeroStatus: found.status, facts }
  return { ...thing, revision, factsHash: like.factsHash, ...inXero }
}

function differencesOf(found: FoundPayment, parent: StandingParent, amount: number): string[] {
  const name = parent.number.trim() || parent.id
  return [
    ...(found.status === 'AUTHORISED' ? [] : [`status: it is ${found.status.toLowerCase()} in Xero`]),
    ...(found.targetId === parent.xeroId ? [] : [`document: it is on another document in Xero than ${name}`]),
    ...(found.amount === amount
      ? []
      : [`amount: ${formatCents(amount)} in the ledger, ${formatCents(found.amount)} in Xero`]),
  ]
}
