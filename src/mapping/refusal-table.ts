// Xero's refusals of §4.1, one row for each text that something of ours can meet, with what a bookkeeper reads instead. The
// texts are Xero's and may change. How they are applied is refusals.ts's business.

import type { FindingCode } from '../accounting/findings.ts'

/**
 * What the batch does about a refusal beside recording it: a number in use may be ours after all (exactly once, 6), a
 * plan's limit stops the kind (E5), a fault of Xero's proves nothing about what was stored.
 */
export type RefusalMark = 'number-in-use' | 'plan-limit' | 'transient'

export interface Refusal {
  text: RegExp
  code: FindingCode
  mark?: RefusalMark
  field?: string
  /** After "Xero refused invoice INV-7: ". */
  what: string
  why: string
  fix: string
}

/** The first row that matches a text decides, so the narrower ones stand before the wider ones. */
export const refusals: readonly Refusal[] = [
  {
    text: /An error occurred in Xero/i,
    code: 'outcome-uncertain',
    mark: 'transient',
    what: 'Xero had a fault of its own.',
    why: "The fault is on Xero's side; the document itself may be fine.",
    fix: 'Run the export again later. Nothing is sent twice.',
  },
  {
    text: /reached the limit of invoices you can approve/i,
    code: 'plan-limit',
    mark: 'plan-limit',
    what: "the Xero plan's limit of approved invoices is reached.",
    why: "The organisation's Xero plan allows only so many approved invoices a month.",
    fix: 'Upgrade the plan in Xero, wait for the next month, or set document_status to draft.',
  },
  {
    text: /(Invoice #|Credit ?Note (#|number)|Order number) must be unique/i,
    code: 'number-in-use',
    mark: 'number-in-use',
    field: 'number',
    what: 'its number is used by another document there.',
    why: 'Xero takes each number of a sales invoice, credit note or purchase order once. Another document has this one; it may be a void one, which keeps its number.',
    fix: 'Look the number up in Xero. If it is the same document, auxo-sync adopt-copy finds it and counts it as exported. If not, renumber one of them.',
  },
  {
    text: /Price List Item with Code .* already exists/i,
    code: 'number-in-use',
    mark: 'number-in-use',
    field: 'code',
    what: 'its code is used by another item there.',
    why: 'Xero takes each code of an item once.',
    fix: 'Run the export again: items that are there already are found by their code. If it is another item, rename one of them.',
  },
  {
    text: /contact name .* is already assigned to another contact/i,
    code: 'contact-name-duplicate',
    field: 'name',
    what: 'another contact there has this name.',
    why: 'Names of active contacts are unique in Xero.',
    fix: 'Link the contact to that one with auxo-sync contacts link, or rename one of them.',
  },
  {
    text: /archived contact|contact.*has been archived|contact must be un-?archived|status 'ARCHIVED' is not valid/i,
    code: 'contact-archived',
    field: 'contact',
    what: 'the contact is archived there.',
    why: 'Xero takes no documents for archived contacts and does not let other programs restore them.',
    fix: 'Restore the contact in Xero, or unlink it with auxo-sync contacts unlink.',
  },
  {
    text: /Another contact has this contact number/i,
    code: 'contact-ambiguous',
    field: 'code',
    what: 'another contact there has this contact number.',
    why: 'The contact code of Xero is ours, and it is on another contact, perhaps after a merge.',
    fix: 'Link the right contact by hand with auxo-sync contacts link.',
  },
  {
    text: /Account Number already exists/i,
    code: 'contact-ambiguous',
    field: 'code',
    what: 'another contact there has this account number.',
    why: 'Account numbers of contacts are unique in Xero.',
    fix: 'Clear the account number of one of the two in Xero, or link the right contact by hand with auxo-sync contacts link.',
  },
  {
    text: /Contact Name cannot be empty/i,
    code: 'contact-name-missing',
    field: 'name',
    what: 'the contact has no name.',
    why: 'Xero keeps no contact without a name.',
    fix: 'Give the contact a name in the ledger.',
  },
  {
    text: /Email address must be valid/i,
    code: 'text-invalid',
    field: 'email',
    what: 'the e-mail address is not one.',
    why: 'Xero takes one plain address without accents.',
    fix: 'Correct the e-mail address in the ledger.',
  },
  {
    text: /Website must be valid/i,
    code: 'text-invalid',
    what: 'the web address of the contact there is none.',
    why: 'Xero checks the whole contact when anything of it is changed.',
    fix: 'Correct the web address of the contact in Xero, and export again.',
  },
  {
    text: /A Contact must be specified|Contact must contain at least 1 of/i,
    code: 'contact-missing',
    field: 'contact',
    what: 'it has no contact that Xero knows.',
    why: 'Every document needs a contact.',
    fix: 'Check the link with auxo-sync contacts list and run the export again.',
  },
  {
    text: /DueDate field must be specified/i,
    code: 'due-date-missing',
    field: 'dueDate',
    what: 'it has no due date.',
    why: 'Xero approves no document without a due date.',
    fix: 'Give the document a due date in the ledger.',
  },
  {
    text: /lock date/i,
    code: 'period-locked',
    field: 'date',
    what: 'its date is in a locked period.',
    why: 'Nothing may be posted on or before the lock dates of the organisation.',
    fix: 'Have an adviser move the lock date in Xero, or give the document a later date.',
  },
  {
    text: /not subscribed to currency/i,
    code: 'currency-not-enabled',
    field: 'currency',
    what: 'its currency is not enabled there.',
    why: 'An organisation takes only the currencies that were added to it.',
    fix: 'Add the currency in Xero, then run auxo-sync refresh.',
  },
  {
    text: /Account code .* has been archived|archived,? or has been deleted/i,
    code: 'account-archived',
    what: 'one of its accounts is archived or deleted there.',
    why: 'Xero posts only to active accounts.',
    fix: 'Restore the account in Xero or use another, then run auxo-sync refresh.',
  },
  {
    text: /TaxType code .* cannot be used with account code/i,
    code: 'tax-not-applicable',
    what: 'a tax rate does not go with the account of its line.',
    why: 'Each tax rate in Xero applies to some kinds of accounts only.',
    fix: 'Change the tax code or the account of the line, or map them to others in tax_code_map or account_map.',
  },
  {
    text: /Account code .* is not a valid code for this document|^Account must be valid/i,
    code: 'account-unknown',
    what: 'one of its accounts does not exist there or cannot be used on it.',
    why: 'Xero takes no unknown, bank or system accounts on the lines of a document.',
    fix: 'Run auxo-sync refresh, and map the account to one that may be used in account_map.',
  },
  {
    text: /account code or ID must be specified/i,
    code: 'account-missing',
    what: 'a line has no account.',
    why: 'Xero approves no line without an account.',
    fix: 'Give the line an account in the ledger.',
  },
  {
    text: /TaxType code .* does not exist|^Tax rate must be valid/i,
    code: 'tax-unknown',
    what: 'one of its tax rates does not exist there or cannot be used on it.',
    why: 'Xero takes only the tax types that the organisation has, spelt exactly.',
    fix: 'Run auxo-sync refresh, and map the tax code in tax_code_map to one of the types that auxo-sync tax-codes lists.',
  },
  {
    text: /tax amount cannot be greater than the line amount/i,
    code: 'tax-amount-invalid',
    what: 'the tax of a line is more than the line.',
    why: 'Xero takes no tax above the amount that it is on.',
    fix: 'Correct the tax of the line in the ledger.',
  },
  {
    text: /line total .* does not match|document total does not equal the sum/i,
    code: 'total-mismatch',
    what: 'it adds up to something else there.',
    why: 'Xero computes lines and totals itself and compares.',
    fix: 'Report this: auxo-sync should have sent amounts that add up.',
  },
  {
    text: /payments? or credit notes? allocated to it|To update fields on a paid invoice line item/i,
    code: 'edited-after-payment',
    what: 'a payment or credit is on it already.',
    why: 'Xero changes or voids no document that a payment or credit touches.',
    fix: 'Remove the payment or credit in Xero, or leave the document as it is.',
  },
  {
    text: /not of valid status for modification|(Deleted|Billed) PurchaseOrders? cannot be updated|status change is invalid/i,
    code: 'xero-refused',
    what: 'it is paid, billed, voided or deleted there.',
    why: 'Xero changes only drafts and open documents.',
    fix: 'Look it up in Xero by its number.',
  },
  {
    text: /amount exceeds the amount outstanding|already been paid off/i,
    code: 'payment-exceeds-due',
    field: 'amount',
    what: 'it is more than is still due there.',
    why: 'Xero takes no more than is outstanding on a document.',
    fix: 'See what is paid in Xero: the same payment may have been entered there. Correct the amount in the ledger, or delete one of the two.',
  },
  {
    text: /amount is greater than amount outstanding/i,
    code: 'credit-exceeds',
    field: 'amount',
    what: 'it is more than is left of the credit or due on the document there.',
    why: 'Xero applies no more than remains of a credit, and no more than is due.',
    fix: 'See in Xero what the credit was applied to, and correct the amount in the ledger.',
  },
  {
    text: /cannot be allocated to an incorrect invoice type/i,
    code: 'target-wrong-kind',
    field: 'document',
    what: 'it is applied to a document of the other side.',
    why: 'Sales credits go on invoices, supplier credits on bills.',
    fix: 'Apply it to another document in the ledger.',
  },
  {
    text: /can only be made (against|to) Authorised documents/i,
    code: 'xero-refused',
    what: 'the document that it is for is a draft, paid or voided there.',
    why: 'Xero takes payments and credits for approved documents with something due.',
    fix: 'Look the document up in Xero; approve it there, or correct what the payment is for in the ledger.',
  },
  {
    text: /within a batch cannot be deleted|reconciled with a bank statement/i,
    code: 'xero-refused',
    what: 'it is part of a batch payment or reconciled with a bank statement there.',
    why: 'Xero changes and deletes no such payment for other programs.',
    fix: 'Undo the batch or the reconciliation in Xero and export again, or take back the deletion in the ledger.',
  },
  {
    text: /Bank accounts must use the same currency/i,
    code: 'account-not-payable',
    field: 'account',
    what: 'its bank account is in another currency.',
    why: 'Xero takes such payments on accounts in the currency of the organisation only.',
    fix: 'Name another account in the ledger or in payment_method_map, or enter the payment in Xero.',
  },
  {
    text: /created by Xero Expenses/i,
    code: 'xero-refused',
    what: 'it was made by Xero Expenses there.',
    why: 'Xero lets no other program change what Xero Expenses made.',
    fix: 'Change it in Xero, and take the change back in the ledger.',
  },
  {
    text: /Only Status accepted for updates/i,
    code: 'edited-after-export',
    what: 'a payment cannot be changed there.',
    why: 'Xero only deletes payments.',
    fix: 'Delete the payment in the ledger and enter it anew under an id of its own.',
  },
  {
    text: /total debits .* must equal total credits/i,
    code: 'journal-unbalanced',
    field: 'lines',
    what: 'its debits and credits differ.',
    why: 'A journal in Xero is balanced to the cent, tax included.',
    fix: 'Correct the lines in the ledger.',
  },
  {
    text: /Quantity must not be less than zero/i,
    code: 'amount-invalid',
    field: 'lines',
    what: 'a line has a quantity below zero.',
    why: 'Xero takes negative prices and no negative quantities.',
    fix: 'Report this: auxo-sync should have turned the quantity.',
  },
  {
    text: /Item code .* is not valid/i,
    code: 'item-unknown',
    field: 'lines',
    what: 'an item of its lines is not there.',
    why: 'Xero takes only codes of items that it has.',
    fix: 'Run the export again: the item is sent first. If somebody deleted it in Xero, run auxo-sync refresh before.',
  },
  {
    text: /existing .* with the specified .*ID could not be found|supplied id was not found/i,
    code: 'edited-in-xero',
    what: 'Xero has it no more, or not what it is for.',
    why: 'What was deleted in Xero can neither be changed nor paid.',
    fix: 'Look in Xero what became of it, and void or delete it in the ledger too.',
  },
  {
    text: /does not have the correct permissions|valid user should be identified/i,
    code: 'xero-refused',
    what: 'the connected user may not do this there.',
    why: 'What the connection may do depends on the role of the user who connected it.',
    fix: 'Give that user the role in Xero, or connect again as another user.',
  },
  {
    text: /tracking/i,
    code: 'tracking-unknown',
    what: 'a tracking category or option cannot be used.',
    why: 'Tracking must exist and be active in Xero.',
    fix: 'Run auxo-sync refresh and correct the tracking of the line.',
  },
]
