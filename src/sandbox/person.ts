// Someone who works in Xero while we do: changes made there, in process, as the web pages would make them. Nothing here
// goes through the API's rules, and every change moves UpdatedDateUTC.

import { addDays, dateInZone, type PlainDate } from '../accounting/calendar.ts'
import { type Cents, e4, e6 } from '../accounting/money.ts'
import type { Account, AccountSeed } from './account-record.ts'
import type { Contact } from './contact-record.ts'
import { currencyNamed } from './currencies.ts'
import type { Invoice, InvoiceType, Line } from './invoice-record.ts'
import type { Organisation, OrganisationProfile } from './organisation.ts'
import { found, type PersonContext } from './person-context.ts'
import { PersonMoney } from './person-money.ts'
import { PersonPapers } from './person-papers.ts'
import type { Stored, Table } from './table.ts'
import { taxOf, totalsOf } from './totals.ts'

export interface PersonsInvoice {
  readonly type?: InvoiceType
  readonly number?: string
  readonly reference?: string
  readonly contactId: string
  readonly date?: PlainDate
  readonly dueDate?: PlainDate
  /** Including tax. */
  readonly total: Cents
  readonly accountCode?: string
  readonly status?: 'DRAFT' | 'AUTHORISED'
  readonly currencyCode?: string
}

export class Person {
  /** Payments, credits, deposits and allocations. */
  readonly money: PersonMoney
  /** Journals, items, purchase orders and files. */
  readonly papers: PersonPapers
  readonly #organisation: Organisation
  readonly #now: () => number
  readonly #newGuid: () => string
  readonly #save: () => void
  readonly #disconnectApps: PersonContext['disconnectApps']

  constructor(organisation: Organisation, context: PersonContext) {
    this.#organisation = organisation
    this.#now = context.now
    this.#newGuid = context.newGuid
    this.#save = context.save
    this.#disconnectApps = context.disconnectApps
    this.money = new PersonMoney(organisation, context)
    this.papers = new PersonPapers(organisation, context)
  }

  createContact(contact: { name: string; email?: string; number?: string }): Contact {
    return this.#putContact({
      id: this.#newGuid(),
      updatedAt: this.#now(),
      status: 'ACTIVE',
      name: contact.name,
      number: contact.number ?? null,
      accountNumber: null,
      email: contact.email ?? null,
      plain: {},
      addresses: {},
      phones: {},
      persons: [],
      isCustomer: false,
      isSupplier: false,
      mergedTo: null,
      isDemo: false,
    })
  }

  renameContact(contactId: string, name: string): Contact {
    return this.#putContact({ ...this.#contact(contactId), name })
  }

  /** What is named of it; of phones, addresses and other fields those that are named, in the wire's words. */
  changeContact(
    contactId: string,
    change: Partial<Pick<Contact, 'email' | 'number' | 'phones' | 'addresses' | 'persons' | 'plain'>>,
  ): Contact {
    const before = this.#contact(contactId)
    return this.#putContact({
      ...before,
      ...change,
      phones: { ...before.phones, ...change.phones },
      addresses: { ...before.addresses, ...change.addresses },
      plain: { ...before.plain, ...change.plain },
    })
  }

  archiveContact(contactId: string): Contact {
    return this.#putContact({ ...this.#contact(contactId), status: 'ARCHIVED' })
  }

  /** The web pages can do what the API cannot (§4.1). */
  restoreContact(contactId: string): Contact {
    return this.#putContact({ ...this.#contact(contactId), status: 'ACTIVE' })
  }

  /** Merging archives the one and points it at the other (§4.2), which gets all that was recorded for it. */
  mergeContact(contactId: string, intoContactId: string): Contact {
    const organisation = this.#organisation
    this.#moveToContact(organisation.invoices, contactId, intoContactId)
    this.#moveToContact(organisation.creditNotes, contactId, intoContactId)
    this.#moveToContact(organisation.prepayments, contactId, intoContactId)
    this.#moveToContact(organisation.overpayments, contactId, intoContactId)
    this.#moveToContact(organisation.purchaseOrders, contactId, intoContactId)
    this.#moveToContact(organisation.bankTransactions, contactId, intoContactId)
    return this.#putContact({
      ...this.#contact(contactId),
      status: 'ARCHIVED',
      mergedTo: this.#contact(intoContactId).id,
    })
  }

  createInvoice(wanted: PersonsInvoice): Invoice {
    const type = wanted.type ?? 'ACCREC'
    const today = dateInZone(this.#now(), this.#organisation.timeZone)
    const line = this.#line(wanted.total, wanted.accountCode ?? (type === 'ACCREC' ? '200' : '400'))
    const date = wanted.date ?? today
    return this.#putInvoice({
      ...totalsOf([line], 'Inclusive', 'away'),
      id: this.#newGuid(),
      updatedAt: this.#now(),
      type,
      status: wanted.status ?? 'AUTHORISED',
      number: wanted.number ?? '',
      reference: wanted.reference ?? '',
      contactId: this.#contact(wanted.contactId).id,
      date,
      dueDate: wanted.dueDate ?? addDays(date, 20),
      expectedPaymentDate: null,
      plannedPaymentDate: null,
      fullyPaidOn: null,
      lineAmountTypes: 'Inclusive',
      currencyCode: wanted.currencyCode ?? this.#organisation.profile.baseCurrency,
      currencyRate: e6(1_000_000),
      brandingThemeId: type === 'ACCREC' ? this.#organisation.brandingThemeId : null,
      url: null,
      sentToContact: false,
      lines: [line],
      payments: [],
      credits: [],
    })
  }

  /** The lines become one, on the first line's account, that comes to this total including tax. */
  editInvoiceTotal(invoiceId: string, total: Cents): Invoice {
    const invoice = this.#invoice(invoiceId)
    const account = this.#organisation.accounts.get(invoice.lines[0]?.accountId ?? '')
    const line = this.#line(total, account?.code ?? '200')
    return this.#putInvoice({
      ...invoice,
      ...totalsOf([line], 'Inclusive', 'away'),
      lineAmountTypes: 'Inclusive',
      lines: [line],
    })
  }

  editInvoice(
    invoiceId: string,
    change: Partial<Pick<Invoice, 'number' | 'reference' | 'date' | 'dueDate' | 'contactId' | 'url'>>,
  ): Invoice {
    return this.#putInvoice({ ...this.#invoice(invoiceId), ...change })
  }

  voidInvoice(invoiceId: string): Invoice {
    return this.#putInvoice({ ...this.#invoice(invoiceId), status: 'VOIDED' })
  }

  deleteInvoice(invoiceId: string): Invoice {
    return this.#putInvoice({ ...this.#invoice(invoiceId), status: 'DELETED' })
  }

  addAccount(account: AccountSeed): Account {
    return this.#putAccount({
      id: this.#newGuid(),
      updatedAt: this.#now(),
      code: account.code,
      name: account.name,
      type: account.type,
      taxType: account.taxType,
      status: account.status ?? 'ACTIVE',
      description: null,
      systemAccount: account.systemAccount ?? null,
      enablePayments: account.enablePayments ?? false,
      bankAccountNumber: account.bankAccountNumber ?? null,
      currencyCode: account.currencyCode ?? null,
    })
  }

  archiveAccount(code: string): Account {
    return this.#putAccount({ ...this.#account(code), status: 'ARCHIVED' })
  }

  setLockDate(date: PlainDate | null): void {
    this.#setProfile({ periodLockDate: date })
  }

  setEndOfYearLockDate(date: PlainDate | null): void {
    this.#setProfile({ endOfYearLockDate: date })
  }

  enableCurrency(code: string): void {
    if (this.#organisation.hasCurrency(code)) return
    this.#organisation.assign('currencies', [...this.#organisation.currencies, currencyNamed(code)])
    this.#save()
  }

  archiveTrackingOption(category: string, option: string): void {
    const tracking = this.#organisation.tracking.map((one) =>
      one.name !== category
        ? one
        : {
            ...one,
            options: one.options.map((o) => (o.name === option ? { ...o, status: 'ARCHIVED' as const } : o)),
          },
    )
    this.#organisation.assign('tracking', tracking)
    this.#save()
  }

  /** The reports role of the person who connected the apps (§1.4). */
  setReportsRole(hasReportsRole: boolean): void {
    this.#organisation.assign('hasReportsRole', hasReportsRole)
    this.#save()
  }

  /** The organisation's people can end the connection too, of every app. */
  disconnect(): void {
    this.#organisation.assign('isConnected', false)
    this.#disconnectApps(this.#organisation.tenantId)
    this.#save()
  }

  reconnect(): void {
    this.#organisation.assign('isConnected', true)
    this.#save()
  }

  #line(total: Cents, accountCode: string): Line {
    const account = this.#account(accountCode)
    const rate = this.#organisation.taxRate(account.taxType)
    return {
      id: this.#newGuid(),
      description: 'Entered in Xero',
      quantity: e4(10_000),
      unitAmount: e4(total * 100),
      discountRate: null,
      discountAmount: null,
      accountId: account.id,
      taxType: account.taxType,
      taxAmount: taxOf(total, rate?.rate ?? 0, 'Inclusive', 'away'),
      lineAmount: total,
      itemCode: null,
      tracking: [],
    }
  }

  #setProfile(change: Partial<OrganisationProfile>): void {
    this.#organisation.assign('profile', { ...this.#organisation.profile, ...change })
    this.#save()
  }

  #moveToContact<Row extends Stored & { contactId: string }>(
    table: Table<Row>,
    contactId: string,
    intoContactId: string,
  ): void {
    for (const row of table.all())
      if (row.contactId === contactId) table.put({ ...row, contactId: intoContactId, updatedAt: this.#now() })
  }

  #contact(id: string): Contact {
    return found(this.#organisation.contacts.get(id), `contact ${id}`)
  }

  #invoice(id: string): Invoice {
    return found(this.#organisation.invoices.get(id), `invoice ${id}`)
  }

  #account(code: string): Account {
    return found(this.#organisation.accountByCode(code), `account ${code}`)
  }

  #putContact(contact: Contact): Contact {
    const stored = { ...contact, updatedAt: this.#now() }
    this.#organisation.contacts.put(stored)
    this.#save()
    return stored
  }

  #putInvoice(invoice: Invoice): Invoice {
    const stored = { ...invoice, updatedAt: this.#now() }
    this.#organisation.invoices.put(stored)
    this.#save()
    return stored
  }

  #putAccount(account: Account): Account {
    const stored = { ...account, updatedAt: this.#now() }
    this.#organisation.accounts.put(stored)
    this.#save()
    return stored
  }
}
