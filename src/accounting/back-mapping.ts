// From Xero's codes back to the ledger's: only where the maps leave no doubt, in every entity that shares the organisation. The way
// there is books.ts.

import type { Books, Side } from './books.ts'

export type CodeMaps = Pick<Books, 'accountMap' | 'taxMap'>

/**
 * The ledger's account that is this one of Xero in all of these maps: the one that they name, else the code itself where it is
 * mapped to nothing else. Null where several are, or none is.
 */
export function ledgerAccountOf(xeroCode: string, maps: readonly CodeMaps[]): string | null {
  const leadsThere = (code: string) =>
    maps.every(({ accountMap }) => (accountMap.get(code) ?? code) === xeroCode)
  const named = new Set(maps.flatMap(({ accountMap }) => namesOf(accountMap, (to) => to === xeroCode)))
  return onlyOne([...named].filter(leadsThere), leadsThere(xeroCode) ? xeroCode : null)
}

/** The same of a tax type on one side. `isKnown`: the organisation has a rate of this type, so that it may stand for itself. */
export function ledgerTaxCodeOf(
  taxType: string,
  side: Side,
  maps: readonly CodeMaps[],
  isKnown: boolean,
): string | null {
  const typeOf = (mapped: { sales: string | null; purchase: string | null }) =>
    side === 'sales' ? mapped.sales : mapped.purchase
  const leadsThere = (code: string) =>
    maps.every(({ taxMap }) => {
      const mapped = taxMap.get(code)
      return mapped ? typeOf(mapped) === taxType : isKnown && code === taxType
    })
  const named = new Set(maps.flatMap(({ taxMap }) => namesOf(taxMap, (mapped) => typeOf(mapped) === taxType)))
  return onlyOne([...named].filter(leadsThere), leadsThere(taxType) ? taxType : null)
}

function namesOf<To>(map: ReadonlyMap<string, To>, matches: (to: To) => boolean): string[] {
  return [...map].flatMap(([code, to]) => (matches(to) ? code : []))
}

function onlyOne([first, second]: readonly string[], itself: string | null): string | null {
  if (first === undefined) return itself
  return second === undefined ? first : null
}
