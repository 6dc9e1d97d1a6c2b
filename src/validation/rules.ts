// The rules, listed: what is checked before anything is sent (V1, V3), in the order in which findings are reported. Each
// rule is a small function beside others of its subject; a finding blocks only its own document (V2).

import type { LedgerContact, LedgerDocument, LedgerItem } from '../accounting/documents.ts'
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
import type { ContactContext, DocumentContext, ItemContext } from './context.ts'
import {
  checkCutover,
  checkDates,
  checkDueDate,
  checkFuture,
  checkLockDates,
  checkLockOfSent,
} from './date-rules.ts'
import { type DocumentView, viewDocument } from './document-view.ts'
import { checkContactOfSent, checkKindKept, checkSignKept } from './history-rules.ts'
import { itemRules } from './item-rules.ts'
import { checkItemsKnown } from './line-item-rules.ts'
import { checkNumber, checkNumberInXero, checkNumberIsAlone } from './number-rules.ts'
import {
  checkCreditedQuantities,
  checkOrderIsBilled,
  checkOrderIsFinalised,
  checkOrderNotPosted,
} from './order-rules.ts'
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

type DocumentRule = (view: DocumentView) => readonly Finding[]

/** Information by which a document is not sent at all: nothing else matters then. */
const settlingRules: readonly DocumentRule[] = [checkCutover, checkOrderIsBilled]

const documentRules: readonly DocumentRule[] = [
  checkKindKept,
  checkSignKept,
  checkNumber,
  checkNumberIsAlone,
  checkNumberInXero,
  checkContactOfDocument,
  checkDates,
  checkDueDate,
  checkLockDates,
  checkLockOfSent,
  checkFuture,
  checkOrderNotPosted,
  checkOrderIsFinalised,
  checkCreditedQuantities,
  checkCurrency,
  checkLines,
  checkAmounts,
  checkItemsKnown,
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

/** What was never sent and is void only has to be in an open period; its lines may be as they like. */
const voidRules: readonly DocumentRule[] = [checkKindKept, checkLockDates]

/** What Xero looks at where a document is voided there: its own date and contact of it. */
const endingRules: readonly DocumentRule[] = [checkLockOfSent, checkContactOfSent]

/**
 * Every finding of a document of any kind, in the order of the rules and then of the lines. It may be sent where none is an
 * error and none says that it waits. Before the cutover nothing else matters: it is never exported (M3); nor is an order
 * that a bill stands for (B1). What has no form in Xero (document-form.ts: `none`) has no findings.
 */
export function checkDocument(document: LedgerDocument, context: DocumentContext): Finding[] {
  const view = viewDocument(document, context)
  if (view.form === 'none') return []
  const settled = settlingRules.flatMap((rule) => rule(view))
  if (settled.length > 0) return settled
  const rules = document.status === 'void' ? voidRules : documentRules
  return rules.flatMap((rule) => rule(view))
}

/** What stands against voiding in Xero what was exported and is void in the ledger. */
export function checkVoid(document: LedgerDocument, context: DocumentContext): Finding[] {
  const view = viewDocument(document, context)
  return endingRules.flatMap((rule) => rule(view))
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

/** Every finding of an item (R1), in the order of the rules. */
export function checkItem(item: LedgerItem, context: ItemContext): Finding[] {
  return itemRules.flatMap((rule) => rule(item, context))
}
