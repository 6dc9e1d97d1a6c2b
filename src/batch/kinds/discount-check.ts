// Judges a page of payment discounts (N4): each by what it is a discount of, then as the credit note, supplier credit or journal that
// it is to be. The rules are validation/allocation-rules.ts and those of documents.

import { currencyOf } from '../../accounting/books.ts'
import type { LedgerDocument } from '../../accounting/documents.ts'
import type { Finding } from '../../accounting/findings.ts'
import { readAssignedNumbers } from '../../ledger/assigned-numbers.ts'
import { discountNumber } from '../../mapping/discount.ts'
import { formOf } from '../../mapping/document-form.ts'
import { isSentAsJournal } from '../../mapping/journal.ts'
import { documentSizeBound } from '../../mapping/size.ts'
import type { DiscountForm } from '../../validation/allocation-rules.ts'
import { complainOf, concluded, type MoneyCheck } from '../../validation/money-check.ts'
import { checkDocument } from '../../validation/rules.ts'
import { noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope, ContactStanding } from '../scope.ts'
import { keyOf, plannedBefore } from './applied.ts'
import {
  creditOf,
  type DiscountThing,
  judgeDiscount,
  numberOfParent,
  readDiscounts,
} from './discount-things.ts'
import { editedAfterExport, placeMoney } from './money-verdict.ts'

export async function checkDiscounts(scope: CheckScope, ids: readonly string[]): Promise<PageVerdicts> {
  const { ledger, books } = scope
  const discounts = await readDiscounts(scope, ids)
  const owner = { entity: books.entity.code, kind: 'discount' } as const
  const numbers = await readAssignedNumbers(ledger, owner, ids)
  const contacts = [...discounts.values()].flatMap(({ invoice }) => invoice?.contact ?? [])
  const standings = await scope.standings(contacts)
  const passed = new Set<string>()
  const isPlanned = plannedBefore(scope, passed)
  const page = noVerdicts()
  for (const id of ids) {
    const discount = discounts.get(id)
    if (!discount) continue
    if (discount.thing.state === 'exported') {
      placeChanged(scope, page, discount)
      continue
    }
    // A new one is judged under the first number; which it gets is only known when it goes (assigned-numbers.ts).
    const number = numbers.get(id) ?? discountNumber(numberOfParent(discount), 1)
    const credit = creditOf(discount, number)
    // In a run Xero is asked whether it still has what was moved, when the discount is sent.
    const moved = scope.assumesPlanned ? discount.moved : []
    const own = judgeDiscount({ ...discount, moved }, scope.today, isPlanned, null)
    const standing = standings.get(discount.invoice?.contact ?? '')
    const check = own.verdict === 'send' ? judgeCredit(scope, discount, credit, standing, own) : own
    if (placeMoney(page, check, plannedAs(discount, 'create', credit)))
      passed.add(keyOf({ kind: 'discount', id }))
  }
  return page
}

function plannedAs(
  { id, thing, books }: DiscountThing,
  operation: PlannedThing['operation'],
  credit: LedgerDocument | null,
): PlannedThing {
  return {
    id,
    revision: thing.revision,
    operation,
    group: credit === null ? '' : formOf(credit, books),
    bytes: credit === null ? 0 : documentSizeBound(credit, books),
    money: credit && { currency: currencyOf(credit, books), amount: credit.total },
  }
}

/** The findings of the credit note are the discount's own: people know no other. */
function judgeCredit(
  scope: CheckScope,
  discount: DiscountThing,
  credit: LedgerDocument | null,
  standing: ContactStanding | undefined,
  own: MoneyCheck<DiscountForm>,
): MoneyCheck<DiscountForm> {
  const { id, label, books } = discount
  if (credit === null) return concluded(own.form, [...own.findings, nothingToCredit(discount)])
  const said = new Set(own.findings.map(({ code }) => code))
  const findings = checkDocument(credit, {
    books,
    today: scope.today,
    contact: standing?.contact ?? null,
    contactLink: standing?.link ?? null,
    numberSharedBy: [],
    numberTakenInXero: [],
    duplicatesOfName: standing?.duplicatesOfName ?? [],
    exportedBefore: null,
    leftInXero: null,
    order: null,
    otherCredits: [],
    orderIsBilled: false,
    orderWasPosted: false,
  })
  return concluded(own.form, [
    ...own.findings,
    ...findings
      .filter(({ code }) => !said.has(code))
      .map((finding): Finding => ({ ...finding, kind: 'discount', id, number: label })),
  ])
}

function nothingToCredit({ id, label }: DiscountThing): Finding {
  return complainOf(
    { kind: 'discount', id, label },
    {
      code: 'total-mismatch',
      field: 'document',
      message: 'cannot be shared over the tax codes of its invoice.',
      why: 'The lines of the invoice do not add up to its total, or come to nothing.',
      fix: 'Correct the invoice in the ledger.',
    },
  )
}

/** A journal is changed and voided like any other. A credit note that is applied is not: see money-verdict.ts. */
function placeChanged(scope: CheckScope, page: PageVerdicts, discount: DiscountThing): void {
  const { id, label, thing, payment, factsHash } = discount
  const isDeleted = payment.state === 'deleted'
  if (thing.sentFactsHash === factsHash) {
    page.unchanged.push({ id, revision: thing.revision })
    return
  }
  const isJournal = thing.facts !== null && isSentAsJournal(thing.facts)
  if (scope.assumesPlanned && !isJournal) {
    page.checked.push(editedAfterExport({ kind: 'discount', id, label }, isDeleted))
    return
  }
  page.checked.push({ id, verdict: null, reason: null, findings: [] })
  const operation = isJournal && isDeleted ? 'void' : 'update'
  page.sendable.push({ ...plannedAs(discount, operation, null), group: isJournal ? 'journal' : 'credit' })
}
