// Allocations made and removed by people where it is not established which sides move their UpdatedDateUTC (§5): both, one of
// them, or neither. What moves neither is seen by nobody until something else moves.

import type { Cents } from '../../../src/accounting/money.ts'
import type { Allocation, Credit } from '../../../src/sandbox/credit-record.ts'
import type { Invoice } from '../../../src/sandbox/invoice-record.ts'
import type { Scene } from './scene.ts'

type Moving = 'both' | 'credit' | 'invoice' | 'neither'

/** What the switch of the sandbox permits, at random within it. */
function moving({ c, world }: Scene, act: 'allocate' | 'remove'): Moving {
  const { allocationDates } = world.sandbox.switches
  if (allocationDates === 'moved' || (allocationDates === 'kept-on-removal' && act === 'allocate'))
    return 'both'
  return c.one(['credit', 'invoice', 'neither'])
}

/** Lets a person allocate; says which dates stood still. */
export function allocateQuietly(scene: Scene, credit: Credit, invoice: Invoice, amount: Cents): string {
  return act(scene, 'allocate', credit, invoice.id, (money) => {
    money.allocate(credit.id, invoice.id, { amount })
  })
}

export function removeQuietly(scene: Scene, credit: Credit, { id, invoiceId }: Allocation): string {
  const moves = act(scene, 'remove', credit, invoiceId, (money) => money.removeAllocation(credit.id, id))
  // Who made it took it away: nothing of theirs was overwritten.
  scene.world.leftByPerson.delete(id)
  return moves
}

function act(
  scene: Scene,
  what: 'allocate' | 'remove',
  credit: Credit,
  invoiceId: string,
  change: (money: Parameters<Parameters<Scene['person']>[0]>[0]['money']) => void,
): string {
  const [organisation] = scene.world.sandbox.organisations
  const moves = moving(scene, what)
  const invoiceBefore = organisation?.invoices.get(invoiceId)
  scene.person(({ money }) => change(money))
  const now = scene.world.clock.forServer().now()
  const creditNow = organisation?.credit(credit.kind, credit.id)
  const invoiceNow = organisation?.invoices.get(invoiceId)
  const creditMoves = moves === 'both' || moves === 'credit'
  const invoiceMoves = moves === 'both' || moves === 'invoice'
  if (creditNow) organisation?.putCredit({ ...creditNow, updatedAt: creditMoves ? now : credit.updatedAt })
  if (invoiceNow && invoiceBefore)
    organisation?.invoices.put({ ...invoiceNow, updatedAt: invoiceMoves ? now : invoiceBefore.updatedAt })
  if (moves === 'neither') scene.unseen.push([credit.id, invoiceId])
  return moves === 'both'
    ? ''
    : `, and the date of ${moves === 'neither' ? 'neither' : `the ${moves} alone`} moves`
}

/** One side of each allocation that nobody could see moves for another reason. */
export function moveWhatWasUnseen(scene: Scene): void {
  const { c, world } = scene
  const [organisation] = world.sandbox.organisations
  for (const [creditId, invoiceId] of scene.unseen.splice(0)) {
    world.clock.advance(1)
    const now = world.clock.forServer().now()
    if (c.chance(0.5)) organisation?.invoices.touch(invoiceId, now)
    else
      for (const kind of ['CreditNote', 'Prepayment', 'Overpayment'] as const) {
        const credit = organisation?.credit(kind, creditId)
        if (credit) organisation?.putCredit({ ...credit, updatedAt: now })
      }
  }
}
