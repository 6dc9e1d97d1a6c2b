// A file of a document before it goes to Xero (I14, §2.3, §4.9): it is there and not too large, its name and its place are free, and
// its document is in Xero. What the file is like was looked up by batch.

import type { Finding } from '../accounting/findings.ts'
import { fileNameInXero } from '../mapping/attachment.ts'
import type { AttachmentContext, FileState } from './context.ts'
import type { Complaint } from './document-view.ts'
import { complainOf, concluded, type MoneyCheck } from './money-check.ts'
import { parentName } from './parent-rules.ts'
import { megabytes } from './wording.ts'

/** Xero's pages speak of 10 MB and of 25 MB (§2.3): the smaller is safe. */
export const fileBytesMax = 10_000_000

/** The most that a document of Xero can have (§2.3). */
export const filesMax = 10

/** Longer ones do not fit into the address of a call once they are encoded (§2.3). */
const nameMax = 200

/** A file of the ledger; `id` is the thing's, `label` what people call it. */
export interface CheckedAttachment {
  id: string
  label: string
  /** As the ledger names it. */
  file: string
}

/** What stands against sending it. The document comes last: its own troubles are told with it. */
export function checkAttachment(attachment: CheckedAttachment, context: AttachmentContext): MoneyCheck<null> {
  const gone = documentEnded(context)
  const complaints = gone
    ? [gone]
    : [
        fileComplaint(context.file),
        nameComplaint(fileNameInXero(attachment.file), context.namesBefore),
        placeComplaint(context.namesBefore.length),
        waitsForDocument(context),
      ]
  const thing = { kind: 'attachment', id: attachment.id, label: attachment.label } as const
  const findings = complaints.flatMap((complaint): Finding[] =>
    complaint ? [complainOf(thing, { field: 'file', ...complaint })] : [],
  )
  if (gone) return { form: null, findings, verdict: 'none', reason: null }
  return concluded(null, findings)
}

function fileComplaint(file: FileState): Complaint | null {
  switch (file.is) {
    case 'missing':
      return {
        code: 'file-missing',
        message: 'is not there.',
        why: `It was looked for at ${file.path}.`,
        fix: 'Put the file there, or correct its path in the ledger. Paths that do not begin at the root begin at the ledger’s folder.',
      }
    case 'other':
      return {
        code: 'file-missing',
        message: 'is a folder or something else that is no file.',
        why: 'Only files can be attached.',
        fix: 'Name a file in the ledger.',
      }
    case 'unreadable':
      return {
        code: 'file-missing',
        message: `cannot be read (${file.reason}).`,
        why: 'Files are read as the user that runs the export.',
        fix: 'Let this user read the file.',
      }
    case 'file':
      return sizeComplaint(file.bytes)
  }
}

function sizeComplaint(bytes: number): Complaint | null {
  if (bytes === 0)
    return {
      code: 'file-empty',
      message: 'is empty.',
      why: 'Xero takes no empty files.',
      fix: 'Write the file again, or take it off the document.',
    }
  if (bytes <= fileBytesMax) return null
  return {
    code: 'file-too-large',
    message: `has ${megabytes(bytes)}.`,
    why: 'Xero takes files of up to 10 MB for certain.',
    fix: 'Make the file smaller or divide it.',
  }
}

function nameComplaint(name: string, namesBefore: readonly string[]): Complaint | null {
  if (name === '' || name.length > nameMax)
    return {
      code: 'file-name-invalid',
      message:
        name === '' ? 'has no name.' : `has a name of ${name.length} characters, and Xero takes ${nameMax}.`,
      why: 'In Xero a file is known by its name.',
      fix: 'Rename the file, and name it so in the ledger.',
    }
  if (!namesBefore.some((other) => other.toLowerCase() === name.toLowerCase())) return null
  return {
    code: 'file-name-invalid',
    message: `would be called ${name} in Xero, as another file of the same document is.`,
    why: 'Xero knows no folders: which of two files of one name is meant could not be told.',
    fix: 'Rename one of them, and name it so in the ledger.',
  }
}

function placeComplaint(filesBefore: number): Complaint | null {
  if (filesBefore < filesMax) return null
  return {
    code: 'files-too-many',
    message: `is one of more than ${filesMax} files.`,
    why: `Xero takes ${filesMax} files for each document.`,
    fix: 'Join some of them, or take those off that are not needed.',
  }
}

/** A file for what is voided helps nobody, and it is no mistake. */
function documentEnded({ parent }: AttachmentContext): Complaint | null {
  if (parent.xeroStatus !== 'VOIDED' && parent.xeroStatus !== 'DELETED') return null
  return {
    code: 'parent-void',
    severity: 'information',
    field: 'document',
    message: `was not sent, because ${parentName(parent)} is voided or deleted in Xero.`,
    why: 'A document that no longer stands needs no files.',
    fix: 'Nothing to do.',
  }
}

function waitsForDocument({ parent }: AttachmentContext): Complaint | null {
  if (parent.standing === 'planned') return null
  if (parent.standing === 'exported' && parent.xeroId !== null) return null
  const name = parentName(parent)
  return {
    code: 'parent-not-exported',
    severity: 'warning',
    field: 'document',
    message: `waits for ${name}, ${parent.standing === 'uncertain' ? 'and whether that is in Xero is not known yet' : 'which is not in Xero yet'}.`,
    why: 'A file can only be put on a document that Xero has.',
    fix: `See what stands against ${name} (auxo-sync status), mend that and export again: the file goes along by itself.`,
  }
}
