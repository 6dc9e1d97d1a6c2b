// The document that a payment, a discount or an allocation hangs on: it is in Xero, approved, and goes before it in this run
// at the latest (E4, M3).

import type { Books } from '../accounting/books.ts'
import { longDate } from '../accounting/calendar.ts'
import type { Finding } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import type { Parent } from './context.ts'
import type { Complaint } from './document-view.ts'
import { complainOf, type MoneyThing } from './money-check.ts'

/** "invoice INV-7", as sentences name a parent. */
export function parentName(parent: Pick<Parent, 'kind' | 'number' | 'id'>): string {
  return `${kindNames[parent.kind].one} ${parent.number.trim() || parent.id}`
}

/** Why the thing cannot go onto the document, or not yet. At most one finding: the first that decides. */
export function checkParent(
  thing: MoneyThing,
  parent: Parent | null,
  /** The document's id as the thing names it. */
  documentId: string,
  books: Books,
): Finding[] {
  const complaint = parent === null ? unknownParent(documentId) : parentComplaint(parent, books)
  return complaint ? [complainOf(thing, { field: 'document', ...complaint })] : []
}

function unknownParent(documentId: string): Complaint {
  return {
    code: 'parent-not-exported',
    severity: 'warning',
    message: `is for document ${documentId}, which the ledger does not have.`,
    why: 'What it is applied to has to be in Xero first.',
    fix: `Write document ${documentId} to the ledger, or correct the id. It is taken up by itself then.`,
  }
}

function parentComplaint(parent: Parent, books: Books): Complaint | null {
  const name = parentName(parent)
  const { xeroStatus } = parent
  if (parent.status === 'void' || xeroStatus === 'VOIDED' || xeroStatus === 'DELETED')
    return {
      code: 'parent-void',
      message: `is for ${name}, which is ${parent.status === 'void' ? 'void in the ledger' : 'voided or deleted in Xero'}.`,
      why: 'Xero takes nothing for a document that no longer stands.',
      fix: 'Apply it to another document, or delete it in the ledger.',
    }
  if (parent.heldReason !== null) return heldParent(name, parent.heldReason)
  if (parent.status === 'draft') return draftParent(`${name}, which is a draft in the ledger`)
  if (xeroStatus === 'DRAFT' || xeroStatus === 'SUBMITTED')
    return draftParent(`${name}, which is not approved in Xero`)
  if (parent.standing === 'planned')
    return books.settings.document_status === 'draft'
      ? draftParent(`${name}, which goes to Xero as a draft (document_status)`)
      : null
  if (parent.standing === 'exported' && parent.xeroId !== null) return null
  return waitingParent(parent, books)
}

/** What hangs on a document that a person holds back waits with it (M4). */
function heldParent(name: string, reason: string): Complaint {
  return {
    code: 'parent-not-exported',
    severity: 'warning',
    message: `waits for ${name}, which is held back by hand: ${reason}`,
    why: 'What hangs on a document that is held back is not sent either.',
    fix: 'Let the document go with auxo-sync release once that is settled. It is taken up by itself then.',
  }
}

function draftParent(what: string): Complaint {
  return {
    code: 'parent-draft',
    severity: 'warning',
    message: `waits for ${what}.`,
    why: 'Xero takes payments and credits only on approved documents.',
    fix: 'Approve the document. It is taken up by itself then.',
  }
}

function waitingParent(parent: Parent, { settings }: Books): Complaint {
  const name = parentName(parent)
  const cutover = settings.cutover_date
  if (cutover !== 'none' && parent.date < cutover && parent.standing !== 'uncertain')
    return {
      code: 'before-cutover',
      severity: 'information',
      message: `is for ${name} of ${longDate(parent.date)}, before the cutover of ${longDate(cutover)}, which is not linked with Xero.`,
      why: 'What is applied to a document of the old books goes out only where that is linked with its twin in Xero.',
      fix: `Nothing to do if it was entered in Xero by hand. Else link the document with the one in Xero: auxo-sync mark-exported ${parent.number.trim() || parent.id} --xero-id ID`,
    }
  const standing =
    parent.standing === 'uncertain'
      ? 'and whether that is in Xero is not known yet'
      : parent.standing === 'exported'
        ? 'which counts as exported and is not linked with Xero'
        : 'which is not in Xero yet'
  return {
    code: 'parent-not-exported',
    severity: 'warning',
    message: `is for ${name}, ${standing}.`,
    why: 'What it is applied to has to be in Xero first.',
    fix:
      parent.standing === 'exported'
        ? `If Xero has ${name}, link it: auxo-sync mark-exported ${parent.number.trim() || parent.id} --xero-id ID. If not, let it go out: auxo-sync reset ${parent.number.trim() || parent.id}`
        : `See what stands against ${name} (auxo-sync status), mend that and export again: it goes along by itself.`,
  }
}
