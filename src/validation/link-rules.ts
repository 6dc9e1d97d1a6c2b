// Whether a contact of the ledger is surely one contact of Xero (K1, K4, K9): what is said of the contact and of every
// document for it.

import type { LedgerContact } from '../accounting/documents.ts'
import type { ContactContext } from './context.ts'
import type { Complaint } from './document-view.ts'
import { listed } from './wording.ts'

/** Complaints about the link, whose messages are whole sentences. */
export function linkComplaints(
  contact: LedgerContact,
  { contactLink, duplicatesOfName }: Pick<ContactContext, 'contactLink' | 'duplicatesOfName'>,
): Complaint[] {
  if (contactLink?.state === 'linked')
    return archivedComplaints(contact, contactLink.mirror?.status ?? 'ACTIVE')
  const complaints: Complaint[] = []
  if (duplicatesOfName.length > 0)
    complaints.push({
      code: 'contact-name-duplicate',
      field: 'name',
      message: `the name “${contact.name}” is also that of ${listed('contact', duplicatesOfName)}.`,
      why: 'Names of active contacts are unique in Xero, whatever their case, so both would become one.',
      fix: 'Rename one of them in the ledger, or link each by hand with auxo-sync contacts link.',
    })
  if (contactLink?.match.outcome === 'ambiguous')
    complaints.push({
      code: 'contact-ambiguous',
      field: 'name',
      message: `which contact of Xero it is cannot be said. ${contactLink.match.why}`,
      why: 'A guess could put the documents of one customer on another.',
      fix: `Run auxo-sync contacts link ${contact.code} with the id of the right contact: ${contactLink.match.xeroContactIds.join(' or ')}.`,
    })
  return complaints
}

function archivedComplaints(contact: LedgerContact, status: string): Complaint[] {
  if (status === 'ACTIVE') return []
  return [
    {
      code: 'contact-archived',
      field: 'name',
      message: `“${contact.name}” is ${status === 'ARCHIVED' ? 'archived' : 'no longer active'} in Xero.`,
      why: 'Xero takes no documents for archived contacts, and no other program can restore them.',
      fix: `Restore the contact in Xero, or run auxo-sync contacts unlink ${contact.code} to make a new one.`,
    },
  ]
}
