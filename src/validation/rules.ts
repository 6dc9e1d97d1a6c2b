// The rules, listed: what is checked before anything is sent (V1, V3), in the order in which findings are reported. Each
// rule is a small function beside others of its subject; a finding blocks only its own document (V2).

import type { LedgerContact, LedgerDocument } from '../accounting/documents.ts'
import type { Finding } from '../accounting/findings.ts'
import { checkAccounts, checkRoundingAccount } from './account-rules.ts'
import { checkContactOfDocument } from './contact-of-document-rules.ts'
import {
  type ContactRule,
  checkActive,
  checkContactCurrency,
  checkDetails,
  checkEmails,
  checkLink,
  checkName,
  checkPeople,
} from './contact-rules.ts'
import type { ContactContext, InvoiceContext } from './context.ts'
import { checkCutover, checkDates, checkDueDate, checkFuture, checkLockDates } from './date-rules.ts'
import { checkKindKept, checkUnchanged } from './history-rules.ts'
import { type InvoiceView, viewInvoice } from './invoice-view.ts'
import { checkNumber, checkNumberIsAlone } from './number-rules.ts'
import { checkRoundingTax, checkTaxAmounts, checkTaxTypes } from './tax-rules.ts'
import { checkDescriptions, checkTexts, checkUrl } from './text-rules.ts'
import {
  checkAmounts,
  checkCurrency,
  checkLines,
  checkMovedTax,
  checkNegativeTotal,
  checkSize,
  checkTotals,
} from './totals-rules.ts'
import { checkTracking } from './tracking-rules.ts'

type InvoiceRule = (view: InvoiceView) => readonly Finding[]

const invoiceRules: readonly InvoiceRule[] = [
  checkKindKept,
  checkUnchanged,
  checkNumber,
  checkNumberIsAlone,
  checkContactOfDocument,
  checkDates,
  checkDueDate,
  checkLockDates,
  checkFuture,
  checkCurrency,
  checkLines,
  checkAmounts,
  checkAccounts,
  checkTaxTypes,
  checkTracking,
  checkTotals,
  checkMovedTax,
  checkNegativeTotal,
  checkTaxAmounts,
  checkRoundingAccount,
  checkRoundingTax,
  checkTexts,
  checkDescriptions,
  checkUrl,
  checkSize,
]

/**
 * Every finding of a sales invoice, in the order of the rules and then of the lines. It may be sent where none is an
 * error and none says that it waits. Before the cutover nothing else matters: it is never exported (M3).
 */
export function checkInvoice(document: LedgerDocument, context: InvoiceContext): Finding[] {
  const view = viewInvoice(document, context)
  const before = checkCutover(view)
  return before.length > 0 ? before : invoiceRules.flatMap((rule) => rule(view))
}

const contactRules: readonly ContactRule[] = [
  checkActive,
  checkLink,
  checkName,
  checkEmails,
  checkDetails,
  checkContactCurrency,
  checkPeople,
]

/** Every finding of a contact that documents need, in the order of the rules. */
export function checkContact(contact: LedgerContact, context: ContactContext): Finding[] {
  return contactRules.flatMap((rule) => rule(contact, context))
}
