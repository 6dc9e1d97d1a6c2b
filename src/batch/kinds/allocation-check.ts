// Judges a page of what applies credits, and gathers what the rules ask about each: where both documents stand, what else is
// applied to them, who they are for. The rules are validation/allocation-rules.ts.

import { type Books, baseCurrencyOf } from '../../accounting/books.ts'
import type { PlainDate } from '../../accounting/calendar.ts'
import { type AppliedThing, readApplied } from '../../ledger/applied.ts'
import { findLinks } from '../../ledger/links.ts'
import type { Ledger } from '../../ledger/open.ts'
import { readWaiting } from '../../ledger/waiting.ts'
import {
  type AllocationCheckContext,
  type AllocationForm,
  allocationLabel,
  checkAllocation,
} from '../../validation/allocation-rules.ts'
import type { MoneyCheck } from '../../validation/money-check.ts'
import { noVerdicts, type PageVerdicts } from '../kind-row.ts'
import type { PlannedThing } from '../plan.ts'
import type { CheckScope } from '../scope.ts'
import { type AllocationKind, type AllocationPair, convertedAt, readPairs } from './allocation-pairs.ts'
import { type AppliedKey, appliedBeside, keyOf, plannedBefore } from './applied.ts'
import { editedAfterExport, placeMoney } from './money-verdict.ts'
import { movedMoney } from './moved-money.ts'
import { booksOfParent } from './parent-form.ts'

/** More than its model ever takes: an id, an amount and a date. */
const allocationBytes = 200

export async function checkAllocationPage(
  scope: CheckScope,
  kind: AllocationKind,
  ids: readonly string[],
): Promise<PageVerdicts> {
  const waiting = await readWaiting(scope.ledger, { entity: scope.books.entity.code, kind, ids })
  const pairs = await readPairs(scope, kind, ids)
  const passed = new Set<string>()
  const around = await surroundingsOf(
    scope,
    scope.tenantId,
    [...pairs.values()],
    plannedBefore(scope, passed),
  )
  const page = noVerdicts()
  for (const id of ids) {
    const pair = pairs.get(id)
    if (!pair) continue
    // What a plan assumes has no row of its own yet.
    const { state, revision, sentFactsHash } = waiting.get(id) ?? newThing
    const planned: PlannedThing = {
      id,
      revision,
      operation: state === 'exported' ? 'update' : 'create',
      group: pair.allocation.credit,
      bytes: allocationBytes,
      money: pair.document && { currency: pair.document.currency, amount: pair.allocation.amount },
    }
    if (state === 'exported' && sentFactsHash === pair.factsHash) page.unchanged.push({ id, revision })
    else if (state === 'exported') placeChanged(scope, page, kind, pair, planned)
    else {
      // In a run Xero is asked whether it still has what was moved, when the allocation is sent.
      const moved = scope.assumesPlanned ? pair.moved : []
      if (placeMoney(page, judgePair(kind, { ...pair, moved }, around, null), planned))
        passed.add(keyOf(ownKey(kind, pair)))
    }
  }
  return page
}

const newThing = { state: 'pending', revision: 1, sentFactsHash: null } as const

/** Nothing is ever sent for a change; whether a person has made it in Xero too is asked where Xero can be. */
function placeChanged(
  scope: CheckScope,
  page: PageVerdicts,
  kind: AllocationKind,
  pair: AllocationPair,
  planned: PlannedThing,
): void {
  if (scope.assumesPlanned) page.checked.push(editedAfterExport({ kind, id: pair.id, label: labelOf(pair) }))
  else {
    page.checked.push({ id: pair.id, verdict: null, reason: null, findings: [] })
    page.sendable.push({ ...planned, money: null })
  }
}

/** What is known around a page of pairs. */
export interface Surroundings {
  books: Books
  today: PlainDate
  applied: ReadonlyMap<string, readonly AppliedThing[]>
  /** Xero's contact by the ledger's code. */
  contacts: ReadonlyMap<string, string>
  isPlanned: (thing: AppliedThing) => boolean
}

export async function surroundingsOf(
  reader: { ledger: Ledger; books: Books; today: PlainDate },
  tenantId: string | null,
  pairs: readonly AllocationPair[],
  isPlanned: (thing: AppliedThing) => boolean,
): Promise<Surroundings> {
  const { ledger, books, today } = reader
  const parents = pairs.flatMap(({ credit, document }) => [credit, document])
  const codes = parents.flatMap((parent) => parent?.contact ?? [])
  const links = tenantId === null ? null : await findLinks(ledger, tenantId, codes)
  return {
    books,
    today,
    applied: await readApplied(
      ledger,
      parents.flatMap((parent) => parent?.id ?? []),
    ),
    contacts: new Map([...(links ?? [])].map(([code, { xeroContactId }]) => [code, xeroContactId])),
    isPlanned,
  }
}

/** `xero`: what is left of both there, where it was asked. */
export function judgePair(
  kind: AllocationKind,
  pair: AllocationPair,
  around: Surroundings,
  xero: AllocationCheckContext['xero'],
): MoneyCheck<AllocationForm> {
  const { allocation, credit, document } = pair
  const appliedTo = (id: string) =>
    appliedBeside(around.applied.get(id), ownKey(kind, pair), around.isPlanned)
  const linkOf = (code: string | null | undefined) => around.contacts.get(code ?? '') ?? null
  return checkAllocation(allocation, {
    thing: { kind, id: pair.id },
    books: booksOfPair(pair, around.books),
    today: around.today,
    credit,
    document,
    ofCredit: appliedTo(allocation.credit),
    moved: pair.moved.map(movedMoney),
    onDocument: appliedTo(allocation.document),
    convertedAt: document && convertedAt(document, around.books, baseCurrencyOf(around.books)),
    xero,
    isOneContactInXero:
      linkOf(credit?.contact) !== null && linkOf(credit?.contact) === linkOf(document?.contact),
  })
}

/** Where one of the two is a journal, nothing is applied in Xero. */
function booksOfPair({ credit, document }: AllocationPair, books: Books): Books {
  const styles = [credit, document].flatMap((parent) => (parent ? booksOfParent(parent, books) : []))
  return styles.find(({ settings }) => settings.ar_style === 'journals') ?? styles[0] ?? books
}

/** As ledger/applied.ts calls it: a discount and what applies it are one there. */
export function ownKey(kind: AllocationKind, { id }: AllocationPair): AppliedKey {
  return { kind: kind === 'allocation' ? 'allocation' : 'discount', id }
}

export function labelOf({ allocation, credit, document }: AllocationPair): string {
  return allocationLabel(allocation, { credit, document })
}
