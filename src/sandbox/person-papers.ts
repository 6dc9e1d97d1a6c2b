// What someone who works in Xero does about journals, items, purchase orders and files. As person.ts: in process, past the
// API's rules, and every change moves UpdatedDateUTC.

import { createHash } from 'node:crypto'
import { dateInZone, type PlainDate } from '../accounting/calendar.ts'
import { cents } from '../accounting/money.ts'
import type { Attachment } from './attachment-record.ts'
import { type Item, type ItemSeed, seededItem } from './item-record.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import type { Organisation } from './organisation.ts'
import { found, type PersonContext } from './person-context.ts'
import type { PurchaseOrder } from './purchase-order-record.ts'

export interface PersonsJournal {
  readonly narration: string
  readonly date?: PlainDate
  readonly status?: 'DRAFT' | 'POSTED'
  /** Cents, debits above zero; they should sum to zero. Without tax. */
  readonly lines: readonly { readonly accountCode: string; readonly amount: number }[]
}

export class PersonPapers {
  readonly #organisation: Organisation
  readonly #now: () => number
  readonly #newGuid: () => string
  readonly #save: () => void

  constructor(organisation: Organisation, { now, newGuid, save }: PersonContext) {
    this.#organisation = organisation
    this.#now = now
    this.#newGuid = newGuid
    this.#save = save
  }

  createItem(seed: ItemSeed): Item {
    const item = seededItem(seed, this.#newGuid(), this.#now())
    this.#organisation.items.put(item)
    this.#save()
    return item
  }

  changeItem(itemId: string, change: Partial<Omit<Item, 'id' | 'updatedAt'>>): Item {
    const before = found(this.#organisation.items.get(itemId), `item ${itemId}`)
    const item = { ...before, ...change, updatedAt: this.#now() }
    this.#organisation.items.put(item)
    this.#save()
    return item
  }

  /** A look-alike of ours, too: nothing in a journal is unique. */
  createManualJournal(wanted: PersonsJournal): ManualJournal {
    return this.#putJournal({
      id: this.#newGuid(),
      updatedAt: this.#now(),
      status: wanted.status ?? 'POSTED',
      narration: wanted.narration,
      date: wanted.date ?? dateInZone(this.#now(), this.#organisation.timeZone),
      lineAmountTypes: 'NoTax',
      url: null,
      showOnCashBasisReports: true,
      lines: wanted.lines.map(({ accountCode, amount }) => ({
        description: null,
        accountId: found(this.#organisation.accountByCode(accountCode), `account ${accountCode}`).id,
        lineAmount: cents(amount),
        taxType: 'NONE',
        taxAmount: cents(0),
        tracking: [],
        isBlank: false,
      })),
    })
  }

  editManualJournal(
    journalId: string,
    change: Partial<Pick<ManualJournal, 'narration' | 'date' | 'url' | 'lines'>>,
  ): ManualJournal {
    return this.#putJournal({ ...this.#journal(journalId), ...change })
  }

  voidManualJournal(journalId: string): ManualJournal {
    return this.#putJournal({ ...this.#journal(journalId), status: 'VOIDED' })
  }

  deleteManualJournal(journalId: string): ManualJournal {
    return this.#putJournal({ ...this.#journal(journalId), status: 'DELETED' })
  }

  billPurchaseOrder(orderId: string): PurchaseOrder {
    return this.#putOrder(orderId, 'BILLED')
  }

  deletePurchaseOrder(orderId: string): PurchaseOrder {
    return this.#putOrder(orderId, 'DELETED')
  }

  /** To a document of any kind. */
  attach(documentId: string, fileName: string, content: string): Attachment {
    const attachment: Attachment = {
      id: this.#newGuid(),
      updatedAt: this.#now(),
      documentId,
      fileName,
      mimeType: 'text/plain',
      length: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
      includeOnline: false,
    }
    this.#organisation.attachments.put(attachment)
    this.#save()
    return attachment
  }

  #journal(id: string): ManualJournal {
    return found(this.#organisation.manualJournals.get(id), `manual journal ${id}`)
  }

  #putJournal(journal: ManualJournal): ManualJournal {
    const stored = { ...journal, updatedAt: this.#now() }
    this.#organisation.manualJournals.put(stored)
    this.#save()
    return stored
  }

  #putOrder(id: string, status: PurchaseOrder['status']): PurchaseOrder {
    const before = found(this.#organisation.purchaseOrders.get(id), `purchase order ${id}`)
    const stored = { ...before, status, updatedAt: this.#now() }
    this.#organisation.purchaseOrders.put(stored)
    this.#save()
    return stored
  }
}
