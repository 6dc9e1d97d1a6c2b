// The tax codes of one entity as a file may name them: their rates, and the types behind the names that Xero shows. The
// organisation as last read decides; before it was read, the region's own list (xero-api §6).

import type { BillingEntity } from '../accounting/documents.ts'
import type { E4 } from '../accounting/money.ts'
import { findRegion } from '../accounting/regions.ts'
import { findMirrorTaxRates, findTaxCodeMap, type LoadedTaxRate } from '../ledger/loading-lookups.ts'
import type { Ledger } from '../ledger/open.ts'

export type TaxSide = 'sales' | 'purchase'

export interface TaxCodes {
  /** The rate of a ledger tax code in e4 per cent; null where it is not known. */
  rateOf(code: string, side: TaxSide): E4 | null
  /** The type of a name that Xero shows ("15% GST on Income"), or of a type itself; null where it is not known. */
  typeNamed(name: string, side: TaxSide): string | null
  /** The names that are known. */
  names: readonly string[]
}

export function taxCodesOf(ledger: Ledger, entity: BillingEntity): TaxCodes {
  const map = findTaxCodeMap(ledger, entity.code)
  const mirror = findMirrorTaxRates(ledger, entity.code)
  const builtIn = (findRegion(entity.region)?.taxes ?? []).map(
    (tax): LoadedTaxRate => ({ ...tax, isActive: true, onRevenue: true, onExpenses: true }),
  )
  const all = [...mirror, ...builtIn]
  return {
    rateOf: (code, side) => {
      const mapped = map.get(code)
      const type = mapped ? mapped[side] : code
      return all.find((tax) => tax.taxType === type)?.rate ?? null
    },
    typeNamed: (name, side) => {
      const wanted = name.trim().toLowerCase()
      const of = (taxes: readonly LoadedTaxRate[]) => {
        const same = taxes.filter((tax) => tax.name.toLowerCase() === wanted)
        return (same.find((tax) => (side === 'sales' ? tax.onRevenue : tax.onExpenses)) ?? same[0])?.taxType
      }
      const active = mirror.filter((tax) => tax.isActive)
      return of(active) ?? of(builtIn) ?? all.find((tax) => tax.taxType === name.trim())?.taxType ?? null
    },
    names: [
      ...new Set((mirror.length > 0 ? mirror.filter((tax) => tax.isActive) : builtIn).map((tax) => tax.name)),
    ],
  }
}
