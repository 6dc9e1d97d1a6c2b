// Attachments as Xero shows them: in their own list, and on the document that has them (§4.9).

import type { Attachment } from './attachment-record.ts'
import type { Call } from './call.ts'
import type { JsonObject } from './json.ts'

/** The endpoint is the plural in the path, such as Invoices. */
export function showAttachment(endpoint: string, attachment: Attachment): JsonObject {
  const { id, documentId, fileName, mimeType, length, includeOnline } = attachment
  const name = encodeURIComponent(fileName)
  return {
    AttachmentID: id,
    FileName: fileName,
    Url: `https://api.xero.com/api.xro/2.0/${endpoint}/${documentId}/Attachments/${name}`,
    MimeType: mimeType,
    ContentLength: length,
    IncludeOnline: includeOnline ?? undefined,
  }
}

/** HasAttachments everywhere but in write answers, and the files themselves on a document that is read singly (§0.1). */
export function shownAttachments(
  call: Call,
  endpoint: string,
  documentId: string,
  isSingle: boolean,
): JsonObject {
  const attachments = call.organisation.attachmentsOf(documentId)
  const shown = attachments.map((attachment) => showAttachment(endpoint, attachment))
  return { HasAttachments: attachments.length > 0, ...(isSingle ? { Attachments: shown } : {}) }
}
