// What `accounts` and `tax-codes` share (R3): the books of each entity with how old the mirror is, and words for where a
// code is used. Xero is not asked.

import type { Books } from '../accounting/books.ts'
import { isoInstant } from '../clock.ts'
import { chooseEntities, readBooks } from '../ledger/books.ts'
import { findConnection } from '../ledger/connections.ts'
import type { Ledger } from '../ledger/open.ts'
import { type AccountUse, accountUses, type UsedCode } from '../ledger/used-codes.ts'
import { countText, firstOf } from '../reporting/figures.ts'
import { asItWas, mirrorAge } from '../reporting/mirror-age.ts'
import { printable } from '../reporting/printable.ts'
import { type Printer, toned } from '../reporting/terminal.ts'
import type { CommandContext } from './context.ts'

/** Books of the entities asked for. Says to stderr, also with --json, what was read of Xero and how long ago. */
export async function booksAsked(context: CommandContext, ledger: Ledger): Promise<Books[]> {
  const all: Books[] = []
  for (const entity of await chooseEntities(ledger, context.flags.entity)) {
    const connection = await findConnection(ledger, entity.code)
    const books = await readBooks(ledger, entity, connection?.tenantId ?? null)
    const { mirror } = books
    const said = mirror
      ? `${asItWas(mirrorAge(entity.code, mirror, ledger.clock.now()))}; auxo-sync refresh reads it again.`
      : connection
        ? 'Xero was never read: auxo-sync refresh reads it.'
        : 'Xero was never read. Connect first: auxo-sync connect'
    if (!context.flags.quiet) context.host.stderr.write(`${printable(`${entity.code}: ${said}`)}\n`)
    all.push(books)
  }
  return all
}

/** What every line of JSON says of the mirror: when it was read (ISO UTC), null where it never was. */
export function mirrorJson({ mirror }: Books): { readAt: string } | null {
  return mirror && { readAt: isoInstant(mirror.readAt) }
}

/** Rows by where they name a code: `{salesLines: 3, saleItems: 1}`. */
export type Uses<Use extends string> = Partial<Record<Use, number>>

/** Uses by code. */
export function usesByCode<Use extends string>(rows: readonly UsedCode<Use>[]): Map<string, Uses<Use>> {
  const byCode = new Map<string, Uses<Use>>()
  for (const { code, use, rows: count } of rows) {
    byCode.set(code, { ...(byCode.get(code) ?? {}), [use]: count } as Uses<Use>) // a computed key loses its type
  }
  return byCode
}

const useWords: Record<AccountUse, { one: string; many: string }> = {
  salesLines: { one: 'sales line', many: 'sales lines' },
  purchaseLines: { one: 'purchase line', many: 'purchase lines' },
  journalLines: { one: 'journal line', many: 'journal lines' },
  paymentJournals: { one: 'payment journal', many: 'payment journals' },
  payments: { one: 'payment', many: 'payments' },
  saleItems: { one: 'item sold', many: 'items sold' },
  purchaseItems: { one: 'item bought', many: 'items bought' },
}

/** `12 sales lines`, one text a use. */
export function useTexts(uses: Uses<AccountUse>): string[] {
  return accountUses.flatMap((use) => {
    const count = uses[use]
    if (!count) return []
    return [`${count.toLocaleString('en')} ${count === 1 ? useWords[use].one : useWords[use].many}`]
  })
}

/** The last line of a list: whether anything in it needs somebody, and what. */
export function printSum(
  printer: Printer,
  sum: { count: number; what: string; bad: readonly string[] },
): void {
  const { count, what, bad } = sum
  if (count === 0) return
  const all = `${countText(count)} ${what}${count === 1 ? '' : 's'}`
  if (bad.length === 0) printer.line(toned('good', `  ${all}: nothing wrong.`))
  else printer.line(toned('bad', `  ${all}, ${countText(bad.length)} with a problem: ${firstOf(bad, 10)}.`))
}

/** By code, digits by their value. */
export function byCode(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true }) || (one < other ? -1 : 1)
}
