// The ledger's nouns as the pure parts of the program see them: a document with its lines, a contact, and what
// was last read of the Xero organisation (the mirror). Reading them is ledger/, judging them validation/.

import type { PlainDate } from './calendar.ts'
import type {
  AmountsMode,
  Destination,
  DocumentKind,
  DocumentStatus,
  JournalKind,
  JournalStatus,
  LineKind,
  PaymentKind,
  Supply,
} from './kinds.ts'
import type { Cents, E4, E6 } from './money.ts'

export interface TrackingPair {
  category: string | null
  option: string | null
}

export interface DocumentLine {
  position: number
  kind: LineKind
  item: string | null
  description: string | null
  quantity: E4
  /** Null where the ledger keeps only the amount. */
  unitPrice: E4 | null
  discountPercent: E4
  amount: Cents
  account: string | null
  taxCode: string | null
  tax: Cents
  /** One or two pairs; a pair with neither half is left out. */
  tracking: readonly TrackingPair[]
  /** Parts of a sales document only (J2). */
  supply: Supply | null
  /** Of one unit, in the organisation's currency. */
  averageCost: E4 | null
  /** Purchases only (B3). */
  destination: Destination | null
  /** Null: as much as was ordered. */
  quantityReceived: E4 | null
}

export interface LedgerDocument {
  id: string
  entity: string
  kind: DocumentKind
  number: string
  /** Contact code. */
  contact: string | null
  status: DocumentStatus
  date: PlainDate
  dueDate: PlainDate | null
  /** Null: the default currency of the entity's region (D4). */
  currency: string | null
  exchangeRate: E6 | null
  amounts: AmountsMode
  reference: string | null
  vehicleRegistration: string | null
  poNumber: string | null
  job: string | null
  employee: string | null
  weekEnding: string | null
  recruiters: string | null
  subtotal: Cents
  tax: Cents
  total: Cents
  url: string | null
  sourceDocument: string | null
  lines: readonly DocumentLine[]
}

export interface PaymentAllocation {
  document: string
  /** In the document's currency. */
  amount: Cents
  /** Null: the payment's own. */
  date: PlainDate | null
}

export interface LedgerPayment {
  id: string
  entity: string
  /** Contact code; null where only the documents that it pays name one. */
  contact: string | null
  kind: PaymentKind
  method: string | null
  account: string | null
  date: PlainDate
  /** The whole receipt. */
  amount: Cents
  /** Null: the default currency of the entity's region (D4). */
  currency: string | null
  exchangeRate: E6 | null
  reference: string | null
  origin: 'ledger' | 'external'
  state: 'received' | 'applied' | 'deleted'
  /** Id of the payment that this refunds. */
  refundOf: string | null
  allocations: readonly PaymentAllocation[]
  /** Account of the debit side of the journals that post this payment (P2); null where none does. */
  journalAccount: string | null
}

/** What a credit (credit note, supplier credit) takes off a document. */
export interface CreditAllocation {
  credit: string
  document: string
  amount: Cents
  /** Null: the credit's own. */
  date: PlainDate | null
  origin: 'ledger' | 'external'
}

export interface JournalLine {
  position: number
  account: string | null
  description: string | null
  /** Debit +, credit -, without tax. */
  amount: Cents
  taxCode: string | null
  tax: Cents
  tracking: readonly TrackingPair[]
  /** Pay runs. */
  employee: string | null
}

export interface LedgerJournal {
  id: string
  entity: string
  kind: JournalKind
  date: PlainDate
  narration: string | null
  status: JournalStatus
  /** What it posts, where it posts something (P2). */
  document: string | null
  payment: string | null
  lines: readonly JournalLine[]
}

export interface LedgerItem {
  code: string
  name: string
  description: string | null
  salePrice: E4 | null
  saleAccount: string | null
  saleTaxCode: string | null
  purchasePrice: E4 | null
  purchaseAccount: string | null
  purchaseTaxCode: string | null
  isStocked: boolean
  averageCost: E4 | null
}

export interface StockMovement {
  id: string
  entity: string
  item: string
  date: PlainDate
  kind: 'adjustment' | 'stocktake'
  quantity: E4
  unitCost: E4
  note: string | null
}

export interface Address {
  street1: string | null
  street2: string | null
  city: string | null
  state: string | null
  postcode: string | null
  country: string | null
}

export interface ContactPerson {
  position: number
  firstName: string | null
  lastName: string | null
  email: string | null
  includeInEmails: boolean
}

export interface LedgerContact {
  code: string
  name: string
  isCustomer: boolean
  isSupplier: boolean
  active: boolean
  email: string | null
  phone: string | null
  mobile: string | null
  taxNumber: string | null
  currency: string | null
  street: Address
  postal: Address
  notes: string | null
  people: readonly ContactPerson[]
}

export interface BillingEntity {
  code: string
  name: string
  /** ISO country code: NZ, AU, GB, US, SG, ZA … */
  region: string
  baseCurrency: string | null
}

/** An account of Xero's chart, as last read. */
export interface MirrorAccount {
  accountId: string
  code: string | null
  name: string
  /** BANK, REVENUE, SALES, EXPENSE … */
  type: string
  /** ASSET, EQUITY, EXPENSE, LIABILITY, REVENUE */
  class: string
  status: string
  systemAccount: string | null
  enablePayments: boolean
  taxType: string | null
}

export interface MirrorTaxRate {
  taxType: string
  name: string
  status: string
  /** Effective rate in e4 percent: 15 % is 150000. */
  rate: E4
  canApplyTo: { assets: boolean; equity: boolean; expenses: boolean; liabilities: boolean; revenue: boolean }
}

export interface MirrorTrackingCategory {
  categoryId: string
  name: string
  status: string
  options: readonly { optionId: string; name: string; status: string }[]
}

export interface MirrorContact {
  contactId: string
  name: string
  contactNumber: string | null
  email: string | null
  /** Digits and signs as Xero has them, every phone that is set. */
  phones: readonly string[]
  /** ACTIVE, ARCHIVED, GDPRREQUEST */
  status: string
  mergedTo: string | null
}

export interface MirrorOrganisation {
  tenantId: string
  name: string
  baseCurrency: string
  countryCode: string
  /** Xero's own word, e.g. NEWZEALANDSTANDARDTIME. */
  timezone: string
  periodLockDate: PlainDate | null
  endOfYearLockDate: PlainDate | null
  shortCode: string | null
}

/**
 * What rules and mapping may ask about the Xero organisation. Contacts are asked for one by one, since there may be
 * many. `readAt` is ms since 1970 of the oldest part.
 */
export interface Mirror {
  organisation: MirrorOrganisation
  accounts: ReadonlyMap<string, MirrorAccount>
  taxRates: ReadonlyMap<string, MirrorTaxRate>
  tracking: readonly MirrorTrackingCategory[]
  currencies: ReadonlySet<string>
  readAt: number
}
