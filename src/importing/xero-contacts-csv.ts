// Xero's contact import template (D3): one row a contact, its people beside it. Xero's ContactName is name and code, as
// in the invoice templates; empty cells leave what the ledger has.

import { contactFinder } from './contact-names.ts'
import { type Column, type FileKind, type LoadContext, type Loader, named, type Row } from './file-kind.ts'
import { flag, oneLine } from './values.ts'
import { contactColumns, contactOf, contactUpdate } from './xero-addresses.ts'

/** Up to five people beside the first, as Xero has them (K8). */
const people = [1, 2, 3, 4, 5]

/** The columns of one person stand side by side; positions are taken apart below. */
const person = (prefix: string, position: number): Column[] => [
  named(`${prefix}FirstName`, 'contact_person', `first_name_${position}`, oneLine),
  named(`${prefix}LastName`, 'contact_person', `last_name_${position}`, oneLine),
]

const columns: readonly Column[] = [
  named('ContactName', 'contact', 'name', oneLine, 'cell'),
  ...contactColumns,
  named('PhoneNumber', 'contact', 'phone', oneLine),
  named('MobileNumber', 'contact', 'mobile', oneLine),
  named('TaxNumber', 'contact', 'tax_number', oneLine),
  ...person('', 1),
  ...people.flatMap((number) => [
    ...person(`Person${number}`, number + 1),
    named(`Person${number}Email`, 'contact_person', `email_${number + 1}`, oneLine),
    named(`Person${number}IncludeInEmails`, 'contact_person', `include_in_emails_${number + 1}`, flag),
    named(`Person${number}IncludeInEmail`, 'contact_person', `include_in_emails_${number + 1}`, flag),
  ]),
]

const ignored = [
  'AccountNumber',
  'POAttentionTo',
  'SAAttentionTo',
  'FaxNumber',
  'DDINumber',
  'SkypeName',
  'BankAccountName',
  'BankAccountNumber',
  'BankAccountParticulars',
  'TaxNumberName',
  'TaxNumberType',
  'AccountsReceivableTaxCodeName',
  'AccountsPayableTaxCodeName',
  'Website',
  'LegalName',
  'Discount',
  'CompanyNumber',
  'DueDateBillDay',
  'DueDateBillTerm',
  'DueDateSalesDay',
  'DueDateSalesTerm',
  'SalesAccount',
  'PurchasesAccount',
  'TrackingName1',
  'SalesTrackingOption1',
  'PurchasesTrackingOption1',
  'TrackingName2',
  'SalesTrackingOption2',
  'PurchasesTrackingOption2',
  'BrandingTheme',
  'DefaultTaxBills',
  'DefaultTaxBillsName',
  'DefaultTaxSales',
  'DefaultTaxSalesName',
]

export const xeroContactsCsv: FileKind = {
  name: 'xero-contacts',
  title: 'contacts (Xero template)',
  columns,
  ignored,
  tables: ['contact', 'contact_person'],
  dates: 'iso',
  namesContacts: true,
  open: openContacts,
}

function openContacts(context: LoadContext): Loader {
  const contacts = contactFinder(context)
  return {
    take: (row) => {
      const { name: _, ...details } = contactOf(row)
      const code = contacts.stage(row, details, null)
      if (code !== null && code !== undefined) stagePeople(context, row, code)
    },
    steps: () => [
      { table: 'contact', mode: 'fill', update: contactUpdate(context) },
      {
        table: 'contact_person',
        mode: 'fill',
        update: ['first_name', 'last_name', 'email', 'include_in_emails'],
      },
    ],
  }
}

function stagePeople(context: LoadContext, row: Row, contact: string): void {
  const cells = row.of('contact_person')
  for (const position of [1, ...people.map((number) => number + 1)]) {
    const values = {
      first_name: cells[`first_name_${position}`],
      last_name: cells[`last_name_${position}`],
      email: cells[`email_${position}`],
    }
    if (Object.values(values).every((value) => value === undefined)) continue
    const email = cells[`include_in_emails_${position}`]
    const person = { ...values, contact, position, include_in_emails: email }
    if (!context.stage.add('contact_person', person, row.line))
      context.stage.fill('contact_person', [contact, String(position)], person)
  }
}
