// One Xero organisation: its facts, its tables and their indexes. It keeps state and applies no rule; seeds say how it starts.

import type { PlainDate } from '../accounting/calendar.ts'
import { type Account, type AccountSeed, auChart, nzChart } from './account-record.ts'
import type { Attachment, Note } from './attachment-record.ts'
import type { BankTransaction } from './bank-transaction-record.ts'
import { type Contact, nameKey } from './contact-record.ts'
import type { Credit, CreditKind, CreditNote, Overpayment, Prepayment } from './credit-record.ts'
import { zoneOf } from './dates.ts'
import { guidFrom } from './guid.ts'
import { type Invoice, numberKey } from './invoice-record.ts'
import { type Item, type ItemSeed, itemKey, seededItem } from './item-record.ts'
import type { GeneratedJournal } from './journal-record.ts'
import type { ManualJournal } from './manual-journal-record.ts'
import type { Payment } from './payment-record.ts'
import type { PurchaseOrder } from './purchase-order-record.ts'
import { Changes, Index, type SavedTable, Table } from './table.ts'
import { auTaxRates, nzTaxRates, type TaxRate } from './tax-rate-record.ts'

interface TrackingOption {
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'ARCHIVED'
}

export interface TrackingCategory {
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'ARCHIVED'
  readonly options: readonly TrackingOption[]
}

export interface Currency {
  readonly code: string
  readonly description: string
}

export interface OrganisationProfile {
  readonly name: string
  readonly legalName: string
  readonly country: string
  readonly baseCurrency: string
  readonly timezone: string
  readonly isDemoCompany: boolean
  readonly class: string
  readonly taxNumber: string
  readonly shortCode: string
  readonly createdAt: number
  readonly periodLockDate: PlainDate | null
  readonly endOfYearLockDate: PlainDate | null
}

export interface OrganisationSeed {
  name: string
  country: string
  baseCurrency: string
  /** Xero's name of the time zone, such as NEWZEALANDSTANDARDTIME. */
  timezone: string
  isDemoCompany?: boolean
  class?: string
  accounts: readonly AccountSeed[]
  taxRates: readonly TaxRate[]
  currencies: readonly Currency[]
  tracking: readonly { name: string; options: readonly string[]; archivedOptions?: readonly string[] }[]
  /** Contacts that are there before the sandbox is used. */
  contacts?: readonly { name: string; number?: string; email?: string; isArchived?: boolean }[]
  items?: readonly ItemSeed[]
  periodLockDate?: PlainDate
  endOfYearLockDate?: PlainDate
}

const nzd: Currency = { code: 'NZD', description: 'New Zealand Dollar' }
const aud: Currency = { code: 'AUD', description: 'Australian Dollar' }
const usd: Currency = { code: 'USD', description: 'United States Dollar' }

const region = {
  name: 'Region',
  options: ['North', 'South', 'East', 'West'],
  archivedOptions: ['Head Office'],
}

export function nzDemoCompany(change: Partial<OrganisationSeed> = {}): OrganisationSeed {
  return {
    name: 'Demo Company (NZ)',
    country: 'NZ',
    baseCurrency: 'NZD',
    timezone: 'NEWZEALANDSTANDARDTIME',
    isDemoCompany: true,
    class: 'DEMO',
    accounts: nzChart,
    taxRates: nzTaxRates,
    currencies: [nzd, aud, usd],
    tracking: [region],
    ...change,
  }
}

export function auDemoCompany(change: Partial<OrganisationSeed> = {}): OrganisationSeed {
  return {
    name: 'Demo Company (AU)',
    country: 'AU',
    baseCurrency: 'AUD',
    timezone: 'AUSEASTERNSTANDARDTIME',
    isDemoCompany: true,
    class: 'DEMO',
    accounts: auChart,
    taxRates: auTaxRates,
    currencies: [aud, nzd, usd],
    tracking: [region],
    ...change,
  }
}

/** How many documents were approved in a month, for plans with a cap (§4.1). */
export type Approvals = Record<string, number>

export interface OrganisationIds {
  readonly tenantId: string
  /** The connection's id, which is not the tenant's (§1.3). */
  readonly connectionId: string
  readonly organisationId: string
  readonly brandingThemeId: string
}

export class Organisation implements OrganisationIds {
  readonly tenantId: string
  readonly connectionId: string
  readonly organisationId: string
  readonly brandingThemeId: string
  readonly changes = new Changes()

  readonly accountsByCode = new Index<Account>((account) => (account.code === null ? [] : [account.code]))
  readonly accountsByName = new Index<Account>((account) => [nameKey(account.name)])
  readonly accounts = new Table<Account>(this.changes, [this.accountsByCode, this.accountsByName])

  readonly contactsByActiveName = new Index<Contact>((contact) =>
    contact.status === 'ACTIVE' ? [nameKey(contact.name)] : [],
  )
  readonly contactsByNumber = new Index<Contact>((contact) =>
    contact.number === null ? [] : [contact.number],
  )
  readonly contactsByAccountNumber = new Index<Contact>((contact) =>
    contact.accountNumber === null ? [] : [contact.accountNumber],
  )
  readonly contacts = new Table<Contact>(this.changes, [
    this.contactsByActiveName,
    this.contactsByNumber,
    this.contactsByAccountNumber,
  ])

  readonly invoicesByNumber = new Index<Invoice>((invoice) =>
    invoice.number === '' ? [] : [`${invoice.type}/${numberKey(invoice.number)}`],
  )
  readonly invoicesByContact = new Index<Invoice>((invoice) => [invoice.contactId])
  readonly invoices = new Table<Invoice>(this.changes, [this.invoicesByNumber, this.invoicesByContact])

  readonly itemsByCode = new Index<Item>((item) => [itemKey(item.code)])
  readonly items = new Table<Item>(this.changes, [this.itemsByCode])

  readonly purchaseOrdersByNumber = new Index<PurchaseOrder>((order) => [numberKey(order.number)])
  readonly purchaseOrders = new Table<PurchaseOrder>(this.changes, [this.purchaseOrdersByNumber])

  readonly manualJournals = new Table<ManualJournal>(this.changes)
  /** Filled where the plan allows to read them. */
  readonly journals = new Table<GeneratedJournal>(this.changes)

  readonly attachmentsByDocument = new Index<Attachment>((attachment) => [attachment.documentId])
  readonly attachments = new Table<Attachment>(this.changes, [this.attachmentsByDocument])
  readonly notesByDocument = new Index<Note>((note) => [note.documentId])
  readonly notes = new Table<Note>(this.changes, [this.notesByDocument])

  readonly creditNotesByNumber = new Index<CreditNote>((note) =>
    note.number === '' ? [] : [`${note.type}/${numberKey(note.number)}`],
  )
  readonly creditNotes = new Table<CreditNote>(this.changes, [this.creditNotesByNumber])
  readonly prepayments = new Table<Prepayment>(this.changes)
  readonly overpayments = new Table<Overpayment>(this.changes)
  readonly payments = new Table<Payment>(this.changes)
  readonly bankTransactions = new Table<BankTransaction>(this.changes)

  /** Every table by its name in the state file. */
  readonly tables: Readonly<Record<string, SavedTable>> = {
    accounts: this.accounts,
    contacts: this.contacts,
    invoices: this.invoices,
    items: this.items,
    purchaseOrders: this.purchaseOrders,
    manualJournals: this.manualJournals,
    journals: this.journals,
    attachments: this.attachments,
    notes: this.notes,
    creditNotes: this.creditNotes,
    prepayments: this.prepayments,
    overpayments: this.overpayments,
    payments: this.payments,
    bankTransactions: this.bankTransactions,
  }

  taxRates: readonly TaxRate[] = []
  currencies: readonly Currency[] = []
  tracking: readonly TrackingCategory[] = []
  profile: OrganisationProfile
  approvals: Approvals = {}
  /** The next automatic number is INV- and one more than this. */
  lastAutoNumber = 0
  /** The next automatic number of a credit note is CN- and one more than this. */
  lastCreditNumber = 0
  isConnected = true
  /** Does the person who connects the apps hold the reports role here? (§1.4) */
  hasReportsRole = true

  constructor(ids: OrganisationIds, profile: OrganisationProfile) {
    this.tenantId = ids.tenantId
    this.connectionId = ids.connectionId
    this.organisationId = ids.organisationId
    this.brandingThemeId = ids.brandingThemeId
    this.profile = profile
  }

  get timeZone(): string {
    return zoneOf(this.profile.timezone)
  }

  accountByCode(code: string): Account | undefined {
    return this.accounts.find(this.accountsByCode, code)[0]
  }

  taxRate(taxType: string): TaxRate | undefined {
    return this.taxRates.find((rate) => rate.taxType === taxType)
  }

  hasCurrency(code: string): boolean {
    return this.currencies.some((currency) => currency.code === code)
  }

  contactByActiveName(name: string): Contact | undefined {
    return this.contacts.find(this.contactsByActiveName, nameKey(name))[0]
  }

  contactByNumber(number: string): Contact | undefined {
    return this.contacts.find(this.contactsByNumber, number)[0]
  }

  invoicesNumbered(type: 'ACCREC' | 'ACCPAY', number: string): Invoice[] {
    return this.invoices.find(this.invoicesByNumber, `${type}/${numberKey(number)}`)
  }

  creditNotesNumbered(type: CreditNote['type'], number: string): CreditNote[] {
    return this.creditNotes.find(this.creditNotesByNumber, `${type}/${numberKey(number)}`)
  }

  credit(kind: CreditKind, id: string): Credit | undefined {
    return { CreditNote: this.creditNotes, Prepayment: this.prepayments, Overpayment: this.overpayments }[
      kind
    ].get(id)
  }

  putCredit(credit: Credit): void {
    if (credit.kind === 'CreditNote') this.creditNotes.put(credit)
    else if (credit.kind === 'Prepayment') this.prepayments.put(credit)
    else this.overpayments.put(credit)
  }

  itemByCode(code: string): Item | undefined {
    return this.items.find(this.itemsByCode, itemKey(code))[0]
  }

  purchaseOrderNumbered(number: string): PurchaseOrder | undefined {
    return this.purchaseOrders.find(this.purchaseOrdersByNumber, numberKey(number))[0]
  }

  attachmentsOf(documentId: string): Attachment[] {
    return this.attachments.find(this.attachmentsByDocument, documentId)
  }

  /** Changes a value outside the tables so that a refused batch can take it back. */
  assign<
    K extends
      | 'taxRates'
      | 'currencies'
      | 'tracking'
      | 'profile'
      | 'approvals'
      | 'lastAutoNumber'
      | 'lastCreditNumber'
      | 'isConnected'
      | 'hasReportsRole',
  >(name: K, value: Organisation[K]): void {
    const before = this[name]
    this.changes.note(() => this.#restore(name, before))
    this.#restore(name, value)
  }

  #restore<K extends keyof Organisation>(name: K, value: Organisation[K]): void {
    Object.assign(this, { [name]: value })
  }
}

/** Makes an organisation from its seed; the ids depend on the seed number and its place only. */
export function makeOrganisation(seed: OrganisationSeed, key: string, now: number): Organisation {
  const id = (what: string) => guidFrom(`${key}/${what}`)
  const organisation = new Organisation(
    {
      tenantId: id('tenant'),
      connectionId: id('connection'),
      organisationId: id('organisation'),
      brandingThemeId: id('theme'),
    },
    {
      name: seed.name,
      legalName: seed.name,
      country: seed.country,
      baseCurrency: seed.baseCurrency,
      timezone: seed.timezone,
      isDemoCompany: seed.isDemoCompany ?? false,
      class: seed.class ?? 'STANDARD',
      taxNumber: '101-2-303',
      shortCode: `!${id('short').slice(0, 5)}`,
      createdAt: now,
      periodLockDate: seed.periodLockDate ?? null,
      endOfYearLockDate: seed.endOfYearLockDate ?? null,
    },
  )
  organisation.taxRates = seed.taxRates
  organisation.currencies = seed.currencies
  organisation.tracking = seed.tracking.map((category) => seededCategory(category, id))
  for (const account of seed.accounts)
    organisation.accounts.put(seededAccount(account, id(`account/${account.code}`), now))
  for (const contact of seed.contacts ?? []) {
    organisation.contacts.put(seededContact(contact, id(`contact/${contact.name}`), now))
  }
  for (const item of seed.items ?? []) organisation.items.put(seededItem(item, id(`item/${item.code}`), now))
  return organisation
}

function seededCategory(
  seed: OrganisationSeed['tracking'][number],
  id: (what: string) => string,
): TrackingCategory {
  const option = (status: TrackingOption['status']) => (name: string) => ({
    id: id(`tracking/${seed.name}/${name}`),
    name,
    status,
  })
  return {
    id: id(`tracking/${seed.name}`),
    name: seed.name,
    status: 'ACTIVE',
    options: [...seed.options.map(option('ACTIVE')), ...(seed.archivedOptions ?? []).map(option('ARCHIVED'))],
  }
}

function seededAccount(seed: AccountSeed, id: string, now: number): Account {
  return {
    id,
    updatedAt: now,
    code: seed.code,
    name: seed.name,
    type: seed.type,
    taxType: seed.taxType,
    status: seed.status ?? 'ACTIVE',
    description: null,
    systemAccount: seed.systemAccount ?? null,
    enablePayments: seed.enablePayments ?? false,
    bankAccountNumber: seed.bankAccountNumber ?? null,
    currencyCode: seed.currencyCode ?? null,
  }
}

type ContactSeed = NonNullable<OrganisationSeed['contacts']>[number]

function seededContact(seed: ContactSeed, id: string, now: number): Contact {
  return {
    id,
    updatedAt: now,
    status: seed.isArchived ? 'ARCHIVED' : 'ACTIVE',
    name: seed.name,
    number: seed.number ?? null,
    accountNumber: null,
    email: seed.email ?? null,
    plain: {},
    addresses: {},
    phones: {},
    persons: [],
    isCustomer: false,
    isSupplier: false,
    mergedTo: null,
    isDemo: true,
  }
}
