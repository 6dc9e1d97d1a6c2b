// What linking at cutover and `mark-exported` work with: the ledger, the organisation, and the books of one entity.

import type { Books } from '../../accounting/books.ts'
import type { Clock } from '../../clock.ts'
import type { Ledger } from '../../ledger/open.ts'
import type { XeroGateway } from '../../xero/gateway.ts'

export interface LinkContext {
  readonly ledger: Ledger
  readonly gateway: XeroGateway
  readonly books: Books
  readonly clock: Clock
}
