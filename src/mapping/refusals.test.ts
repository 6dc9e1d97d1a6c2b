import { expect, test } from 'vitest'
import { refusalMark, translateRefusal } from './refusals.ts'

const thing = { kind: 'invoice', id: 'doc-7', number: 'INV-7' } as const

// Xero's own words as they were seen (xero-api.md §4.1); the code is what we make of them.
test.each([
  [
    'The contact name Acme is already assigned to another contact. The contact name must be unique across all active contacts.',
    'contact-name-duplicate',
  ],
  [
    'The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.',
    'contact-archived',
  ],
  [
    'The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.',
    'contact-archived',
  ],
  ['Another contact has this contact number. Please enter a different contact number.', 'contact-ambiguous'],
  ['Contact Name cannot be empty.', 'contact-name-missing'],
  ['Email address must be valid', 'text-invalid'],
  ['A Contact must be specified for this type of transaction', 'contact-missing'],
  ['Invoice # must be unique.', 'number-in-use'],
  ['The document DueDate field must be specified', 'due-date-missing'],
  ['Invoice not of valid status for modification', 'xero-refused'],
  [
    'This document cannot be edited as it has a payment or credit note allocated to it.',
    'edited-after-payment',
  ],
  [
    'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.',
    'edited-after-payment',
  ],
  ["Account code '999' is not a valid code for this document.", 'account-unknown'],
  [
    "Account code '290' has been archived, or has been deleted. Each line item must reference a valid account.",
    'account-archived',
  ],
  ['The account code or ID must be specified', 'account-missing'],
  ['Account must be valid.', 'account-unknown'],
  ['Tax rate must be valid.', 'tax-unknown'],
  ['The TaxType code OUTPUT9 does not exist or cannot be used for this type of transaction.', 'tax-unknown'],
  ["The TaxType code 'INPUT2' cannot be used with account code '200'.", 'tax-not-applicable'],
  ['The tax amount cannot be greater than the line amount!', 'tax-amount-invalid'],
  ['The line total 1.00 does not match the expected line total 100.00', 'total-mismatch'],
  ['The document total does not equal the sum of the lines.', 'total-mismatch'],
  ['Organisation is not subscribed to currency EUR', 'currency-not-enabled'],
  ['The document date cannot be before the period lock date, currently set at 30-Sep-2026', 'period-locked'],
  [
    'The document date cannot be before the end of year lock date, currently set at 30-Sep-2021',
    'period-locked',
  ],
  ['You have reached the limit of invoices you can approve', 'plan-limit'],
  [
    'An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status.',
    'outcome-uncertain',
  ],
  ['The User specified does not have the correct permissions to perform this action', 'xero-refused'],
  ['Credit Note # must be unique.', 'number-in-use'],
  ['Order number must be unique', 'number-in-use'],
  ["Price List Item with Code 'abc' already exists", 'number-in-use'],
  ["Item code 'abc' is not valid", 'item-unknown'],
  ['Credit Note not of valid status for modification', 'xero-refused'],
  ['Payment not of valid status for modification', 'xero-refused'],
  ['Deleted PurchaseOrders cannot be updated', 'xero-refused'],
  ['To update fields on a paid invoice line item, you must supply a LineItemID', 'edited-after-payment'],
  ["The quantity value '-2.0000' is invalid. Quantity must not be less than zero.", 'amount-invalid'],
  ['An existing Credit Note with the specified CreditNoteID could not be found', 'edited-in-xero'],
  ['The document with the supplied id was not found for this endpoint.', 'edited-in-xero'],
  ['Payment amount exceeds the amount outstanding on this document', 'payment-exceeds-due'],
  ['The invoice you are trying to allocate to has already been paid off', 'payment-exceeds-due'],
  ['Payments can only be made against Authorised documents', 'xero-refused'],
  ['Only Status accepted for updates.', 'edited-after-export'],
  ['Payments within a batch cannot be deleted.', 'xero-refused'],
  ['This payment cannot be deleted as it has been reconciled with a Bank Statement', 'xero-refused'],
  ['Credit Note cannot be allocated as amount is greater than amount outstanding', 'credit-exceeds'],
  ['Credit Note cannot be allocated to an incorrect invoice type', 'target-wrong-kind'],
  ['The total debits (100.00) must equal total credits (-10.00)', 'journal-unbalanced'],
  ["The status 'ARCHIVED' is not valid for contacts", 'contact-archived'],
  ['The Account Number already exists. Please enter a different Account Number.', 'contact-ambiguous'],
  ['Website must be valid', 'text-invalid'],
  [
    'The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber',
    'contact-missing',
  ],
  ['The document DueDate field must be specified.', 'due-date-missing'],
  ['Document not of valid status for modification', 'xero-refused'],
  ['An existing Invoice with the specified InvoiceID could not be found', 'edited-in-xero'],
  [
    "Account code '290' has been archived or has been deleted. Each line item must reference a valid account.",
    'account-archived',
  ],
  ['Tax amount cannot be greater than the line amount', 'tax-amount-invalid'],
  ["The current organisation is not subscribed to currency 'EUR'.", 'currency-not-enabled'],
  ['The document date cannot be before the period lock date', 'period-locked'],
  [
    'This document cannot be edited as it is currently dated before the end of year lock date',
    'period-locked',
  ],
  ['This cannot be edited as it has been reconciled with a Bank Statement', 'xero-refused'],
  ['Bank accounts must use the same currency as the organisations base currency', 'account-not-payable'],
  ["Sorry this was created by Xero Expenses and can't be modified via the API", 'xero-refused'],
  ['A valid user should be identified using the UserID', 'xero-refused'],
  ['Something that nobody has seen yet', 'xero-refused'],
])('%s', (message, code) => {
  const [finding, ...rest] = translateRefusal([message], thing)
  expect(rest).toEqual([])
  expect(finding).toMatchObject({ ...thing, code, severity: 'error', xeroMessages: [message] })
  expect(finding?.message).toMatch(/^Xero refused invoice INV-7: ./)
  // Recognised: its own words are not all that is said.
  expect(finding?.message.includes(message)).toBe(message.startsWith('Something'))
  expect(finding?.why).toMatch(/\.$/)
  expect(finding?.fix).toMatch(/\.$/)
})

test('one finding for each cause, with all the words that say so; unknown ones together', () => {
  const messages = [
    "Account code '1' is not a valid code for this document.",
    'Odd.',
    "Account code '2' is not a valid code for this document.",
    "Account code '1' is not a valid code for this document.",
    'Odder.',
  ]
  const findings = translateRefusal(messages, thing)
  expect(findings.map(({ code, xeroMessages }) => [code, xeroMessages])).toEqual([
    ['account-unknown', [messages[0], messages[2]]],
    ['xero-refused', ['Odd.', 'Odder.']],
  ])
  expect(findings[1]?.message).toBe('Xero refused invoice INV-7: “Odd.” “Odder.”')
})

test('a refusal without words is still a finding', () => {
  expect(translateRefusal([], thing)).toMatchObject([
    { code: 'xero-refused', message: 'Xero refused invoice INV-7: without a reason.' },
  ])
})

test.each([
  [['Odd.', 'Invoice # must be unique.'], 'number-in-use'],
  [['Order number must be unique'], 'number-in-use'],
  [["Price List Item with Code 'abc' already exists"], 'number-in-use'],
  [['You have reached the limit of invoices you can approve'], 'plan-limit'],
  [['An error occurred in Xero.'], 'transient'],
  [['The document DueDate field must be specified'], null],
  [[], null],
])('what the batch does about %j: %s', (messages, mark) => {
  expect(refusalMark(messages)).toBe(mark)
})
