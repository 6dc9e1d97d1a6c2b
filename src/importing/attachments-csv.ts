// attachments.csv: the files that belong to documents (I14), one row a file. Sending them is not this file's business.

import { existsSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { documentNamed } from './document-names.ts'
import { type FileKind, type LoadContext, type Loader, own } from './file-kind.ts'
import { flag, oneLine } from './values.ts'

export const attachmentsCsv: FileKind = {
  name: 'attachments',
  title: 'attachments',
  columns: [
    own('document_attachment', 'entity', oneLine),
    own('document_attachment', 'document', oneLine, 'cell'),
    own('document_attachment', 'file', oneLine, 'cell'),
    own('document_attachment', 'include_online', flag),
  ],
  ignored: [],
  tables: ['document_attachment'],
  dates: 'iso',
  namesContacts: false,
  open: openAttachments,
}

function openAttachments(context: LoadContext): Loader {
  const table = 'document_attachment'
  return {
    take: (row) => {
      const entity = context.entities.of(row, table)?.code
      if (entity === undefined) return
      const document = documentNamed(context, row, { table, column: 'document', entity })
      if (document === null) return
      const file = pathFromLedger(context, String(row.of(table)['file']))
      if (context.stage.add(table, { ...row.of(table), document, file }, row.line)) return
      const before = context.stage.find(table, [document, file])
      row.refuse(table, 'file', `is on line ${before?.line} already. Keep one of the two rows.`)
    },
    steps: () => [
      {
        table,
        mode: 'replace',
        update: context.columnsOf(table).filter((column) => column === 'include_online'),
      },
    ],
  }
}

/**
 * The path as the ledger holds it: relative to the ledger's folder, or absolute. People put the files beside the CSV, so
 * a relative path is looked for there first; what is nowhere is kept as it is written, for validation to say.
 */
function pathFromLedger(context: LoadContext, written: string): string {
  const beside = resolve(context.folder, written)
  if (isAbsolute(written) || !existsSync(beside)) return written
  const path = relative(dirname(resolve(context.ledger.file)), beside)
  return path.startsWith('..') || isAbsolute(path) ? beside : path
}
