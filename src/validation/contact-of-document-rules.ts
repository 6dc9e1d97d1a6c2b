// The contact that a document is for (K4, K7, K9, I11). What is wrong with the contact's own details is the contact's
// finding, in contact-rules.ts.

import type { Finding } from '../accounting/findings.ts'
import { complain, type DocumentView } from './document-view.ts'
import { linkComplaints } from './link-rules.ts'

export function checkContactOfDocument(view: DocumentView): Finding[] {
  const { document, context, form } = view
  // Journals have no contact, and contacts are not sent with them (J4).
  if (form === 'journal') return []
  const field = 'contact'
  if (!document.contact)
    return [
      complain(view, {
        code: 'contact-missing',
        field,
        message: 'has no contact.',
        why: 'Every document in Xero needs a contact.',
        fix: 'Name a contact on the document in the ledger.',
      }),
    ]
  if (!context.contact)
    return [
      complain(view, {
        code: 'contact-missing',
        field,
        message: `is for contact ${document.contact}, which the ledger does not have.`,
        why: 'Every document in Xero needs a contact, and contacts are made from the ledger.',
        fix: `Add contact ${document.contact} to the ledger, or correct the contact of the document.`,
      }),
    ]
  if (!context.contact.active)
    return [
      complain(view, {
        code: 'contact-inactive',
        field,
        message: `is for contact ${document.contact}, which is inactive.`,
        why: 'Inactive contacts are never sent to Xero.',
        fix: `Make contact ${document.contact} active in the ledger, or put the document on another contact.`,
      }),
    ]
  return linkComplaints(context.contact, context).map((complaint) =>
    complain(view, {
      ...complaint,
      field,
      message: `is for contact ${document.contact}: ${complaint.message}`,
    }),
  )
}
