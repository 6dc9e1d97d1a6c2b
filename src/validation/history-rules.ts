// A document that Xero was told of before: it stays what it was there (I7). Edits are sent; whether Xero still has it as we
// left it is asked by batch before they leave.

import type { Finding } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import { isCreditForm, isTurned } from '../mapping/document-form.ts'
import { complain, type DocumentView } from './document-view.ts'

export function checkKindKept(view: DocumentView): Finding[] {
  const { document, context } = view
  const before = context.exportedBefore
  if (!before || before.kind === document.kind) return []
  return [
    complain(view, {
      code: 'kind-changed',
      field: 'kind',
      message: `was exported as ${kindNames[before.kind].one} and is now ${kindNames[document.kind].one}.`,
      why: 'Xero cannot turn one kind of document into another.',
      fix: 'Give the new document an id of its own in the ledger, and void the old one in Xero.',
    }),
  ]
}

/** An invoice or bill whose total changed its sign would be a credit in Xero, or the other way round (I7, I13). */
export function checkSignKept(view: DocumentView): Finding[] {
  const { document, context } = view
  const before = context.exportedBefore
  if (!before || before.form === null || before.form === 'journal' || before.kind !== document.kind) return []
  if (document.kind !== 'invoice' && document.kind !== 'bill') return []
  const wasCredit = isCreditForm(before.form)
  if (wasCredit === isTurned(document)) return []
  const name = kindNames[document.kind].one
  return [
    complain(view, {
      code: 'kind-changed',
      field: 'total',
      message: wasCredit
        ? 'was exported as a credit, and its total is no longer below zero.'
        : `was exported as ${name}, and its total is now below zero.`,
      why: `What is below zero is a credit in Xero, which cannot turn it into ${wasCredit ? name : 'one'}.`,
      fix: 'Give the new document an id of its own in the ledger, and void the old one there.',
    }),
  ]
}

/** Xero voids nothing of an archived contact (K9, §4.1). One that was merged has handed its documents on. */
export function checkContactOfSent(view: DocumentView): Finding[] {
  const { leftInXero } = view.context
  const contact = leftInXero?.contact
  if (!leftInXero || !contact || leftInXero.isDraft || view.form === 'purchase_order') return []
  if (contact.status === 'ACTIVE' || contact.mergedTo !== null) return []
  return [
    complain(view, {
      code: 'contact-archived',
      field: 'contact',
      message: `is void in the ledger, and its contact “${contact.name}” is ${contact.status === 'ARCHIVED' ? 'archived' : 'no longer active'} in Xero. It was not voided there.`,
      why: 'Xero voids no documents of archived contacts, and no other program can restore them.',
      fix: 'Restore the contact in Xero and export again: the document is voided then. The contact can be archived again afterwards.',
    }),
  ]
}
