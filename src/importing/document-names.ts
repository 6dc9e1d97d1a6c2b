// Finds the document that a row names by id or by number. The ids that documents get are document-ids.ts.

import type { DocumentKind } from '../accounting/kinds.ts'
import type { LoadTable } from '../ledger/loading.ts'
import type { LoadContext, Row } from './file-kind.ts'

/**
 * The id of the document in the cell; null where the row is refused. An id needs no entity; a number is looked for among
 * the entity's documents, and among `kinds` alone where they are given. `what` is a word for those.
 */
export function documentNamed(
  context: LoadContext,
  row: Row,
  cell: { table: LoadTable; column: string; entity: string; kinds?: readonly DocumentKind[]; what?: string },
): string | null {
  const { table, column, entity, kinds, what = 'document' } = cell
  const ids = context.lookups.documentIds(entity, String(row.of(table)[column]), kinds)
  if (ids[0] !== undefined && ids.length === 1) return ids[0]
  row.refuse(
    table,
    column,
    ids.length === 0
      ? `is no ${what} of the ledger, by id or by number. Import the documents first.`
      : `is the number of several documents (ids ${ids.join(', ')}). Name the ${what} by its id.`,
  )
  return null
}
