// Whose rows a file holds: the billing entity named in its rows, else the one of --entity, else the ledger's only one.

import type { BillingEntity } from '../accounting/documents.ts'
import { nearest } from '../accounting/nearest.ts'
import type { LoadTable } from '../ledger/loading.ts'
import type { Row } from './file-kind.ts'
import { FileRefused } from './problems.ts'

export interface EntityScope {
  /** The row's entity; null where it is refused. */
  of(row: Row, table: LoadTable): BillingEntity | null
  /** The entity of a file that has no column for it. FileRefused where it is not clear. */
  only(): BillingEntity
}

/** `chosen` is --entity. */
export function entityScope(entities: readonly BillingEntity[], chosen: string | undefined): EntityScope {
  const byCode = new Map(entities.map((entity) => [entity.code, entity]))
  const codes = [...byCode.keys()].join(', ')
  const fallback =
    chosen === undefined ? (entities.length === 1 ? entities[0] : undefined) : byCode.get(chosen)
  const unclear =
    chosen !== undefined
      ? unknownEntity(chosen, byCode, codes)
      : entities.length === 0
        ? 'The ledger has no billing entity yet. Add one first: auxo-sync entities add CODE --name NAME --region NZ'
        : `The ledger has several billing entities (${codes}) and the file does not say which one is meant. Add --entity CODE.`
  const only = () => {
    if (fallback) return fallback
    throw new FileRefused(unclear)
  }
  return {
    only,
    of: (row, table) => {
      const code = row.of(table)['entity']
      if (code === undefined) {
        if (fallback) return fallback
        row.refuse(table, 'entity', unclear)
        return null
      }
      const found = byCode.get(String(code))
      if (!found) row.refuse(table, 'entity', unknownEntity(String(code), byCode, codes))
      else if (chosen !== undefined && found.code !== chosen) {
        row.refuse(table, 'entity', `belongs to another entity than --entity ${chosen}.`)
        return null
      }
      return found ?? null
    },
  }
}

function unknownEntity(code: string, known: ReadonlyMap<string, BillingEntity>, codes: string): string {
  const meant = nearest(code, known.keys())
  const hint = meant ? ` Did you mean ${meant}?` : ''
  return codes === ''
    ? `There is no billing entity “${code}”: the ledger has none yet. Add it first: auxo-sync entities add`
    : `There is no billing entity “${code}” in the ledger, which has ${codes}.${hint}`
}
