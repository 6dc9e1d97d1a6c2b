// What the ledger knows of an organisation's books in Xero, for a rehearsal (T2): its own things as they were last left there, and
// what the mirror has of everybody else's. Reads only, row by row, so that a long history is never held twice. What is paid, refunded
// and applied is money-in-xero.ts; what a sandbox makes of it is sandbox/.

import type { BooksInXero, KnownContact, KnownFile, KnownItem } from '../accounting/books-in-xero.ts'
import type { ContactCard } from '../accounting/contact-card.ts'
import { type E4, e4 } from '../accounting/money.ts'
import { readMirror } from './mirror.ts'
import { knownAllocations, knownPayments } from './money-in-xero.ts'
import type { Ledger } from './open.ts'
import { knownPapers } from './papers-in-xero.ts'

/** Null where the organisation was never read. Lists are read as they are gone through, and nothing may be written meanwhile. */
export async function readBooksInXero(ledger: Ledger, tenantId: string): Promise<BooksInXero | null> {
  const mirror = await readMirror(ledger, tenantId)
  if (mirror === null) return null
  return {
    tenantId,
    mirror,
    contacts: knownContacts(ledger, tenantId),
    items: knownItems(ledger, tenantId),
    papers: knownPapers(ledger, { tenantId, baseCurrency: mirror.organisation.baseCurrency }),
    payments: knownPayments(ledger, tenantId),
    allocations: knownAllocations(ledger, tenantId),
    files: knownFiles(ledger, tenantId),
  }
}

interface ContactRow {
  xeroId: string
  name: string
  number: string | null
  email: string | null
  status: string
  mergedTo: string | null
  card: string | null
  isCustomer: number | null
  isSupplier: number | null
}

/** Those of the mirror, and those that we made since it was read: of them what both sides said then. */
function* knownContacts({ sqlite }: Ledger, tenantId: string): Iterable<KnownContact> {
  const rows = sqlite
    .prepare<[string, string], ContactRow>(`
      SELECT contact_id AS xeroId, name, contact_number AS number, email, status, merged_to AS mergedTo, card,
             is_customer AS isCustomer, is_supplier AS isSupplier
        FROM mirror_contact WHERE tenant_id = ?
       UNION ALL
      SELECT l.xero_contact_id, c.name, (SELECT e.facts ->> '$.number' FROM export_state AS e
                                          WHERE e.kind = 'contact' AND e.source_id = l.contact AND e.facts IS NOT NULL LIMIT 1),
             c.email, 'ACTIVE', NULL, b.xero, NULL, NULL
        FROM contact_link AS l JOIN contact AS c ON c.code = l.contact
        LEFT JOIN contact_base AS b ON b.tenant_id = l.tenant_id AND b.contact = l.contact
       WHERE l.tenant_id = ? AND l.ended IS NULL AND l.made_by = 'create' AND NOT EXISTS (
         SELECT 1 FROM mirror_contact AS m WHERE m.tenant_id = l.tenant_id AND m.contact_id = l.xero_contact_id)
       GROUP BY l.xero_contact_id`)
    .iterate(tenantId, tenantId)
  for (const row of rows) {
    yield {
      ...row,
      card: row.card === null ? null : (JSON.parse(row.card) as ContactCard), // cards are written by this folder alone
      isCustomer: row.isCustomer === 1,
      isSupplier: row.isSupplier === 1,
    }
  }
}

interface ItemRow {
  xeroId: string
  code: string
  name: string | null
  description: string | null
  salePrice: number | null
  saleAccount: string | null
  saleTaxType: string | null
  purchasePrice: number | null
  purchaseAccount: string | null
  purchaseTaxType: string | null
  isTracked: number
}

/** Of our own that were never read back only code and name are known: lines name their price and account themselves. */
function* knownItems({ sqlite }: Ledger, tenantId: string): Iterable<KnownItem> {
  const rows = sqlite
    .prepare<[string, string], ItemRow>(`
      SELECT item_id AS xeroId, code, name, description, sale_price_e4 AS salePrice, sale_account AS saleAccount,
             sale_tax_type AS saleTaxType, purchase_price_e4 AS purchasePrice, purchase_account AS purchaseAccount,
             purchase_tax_type AS purchaseTaxType, is_tracked AS isTracked
        FROM mirror_item WHERE tenant_id = ?
       UNION ALL
      SELECT e.xero_id, COALESCE(e.facts ->> '$.code', e.source_id), e.facts ->> '$.name', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0
        FROM export_state AS e
       WHERE e.tenant_id = ? AND e.kind = 'item' AND e.xero_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM mirror_item AS m WHERE m.tenant_id = e.tenant_id AND m.item_id = e.xero_id)
       GROUP BY e.xero_id`)
    .iterate(tenantId, tenantId)
  const price = (value: number | null): E4 | null => (value === null ? null : e4(value))
  for (const row of rows) {
    yield {
      xeroId: row.xeroId,
      code: row.code,
      name: row.name,
      description: row.description,
      sale: { price: price(row.salePrice), account: row.saleAccount, taxType: row.saleTaxType },
      purchase: {
        price: price(row.purchasePrice),
        account: row.purchaseAccount,
        taxType: row.purchaseTaxType,
      },
      isTracked: row.isTracked === 1,
    }
  }
}

function* knownFiles({ sqlite }: Ledger, tenantId: string): Iterable<KnownFile> {
  yield* sqlite
    .prepare<[string], KnownFile>(`
      SELECT xero_id AS xeroId, facts ->> '$.parentId' AS documentId, facts ->> '$.fileName' AS fileName, facts ->> '$.bytes' AS bytes
        FROM export_state
       WHERE tenant_id = ? AND kind = 'attachment' AND xero_id IS NOT NULL AND facts ->> '$.fileName' IS NOT NULL`)
    .iterate(tenantId)
}
