// What hangs on a document: its attached files, of which the sandbox keeps the fingerprint and not the bytes, and the notes
// in its history. Which documents can have them is document-endpoints.ts's business.

export interface Attachment {
  readonly id: string
  readonly updatedAt: number
  readonly documentId: string
  readonly fileName: string
  readonly mimeType: string
  /** Bytes. */
  readonly length: number
  /** Of the content, in hex. */
  readonly sha256: string
  /** Null where the endpoint has no such thing. */
  readonly includeOnline: boolean | null
}

export interface Note {
  readonly id: string
  /** When it was written: a note never changes and cannot be removed (§2.3). */
  readonly updatedAt: number
  readonly documentId: string
  readonly details: string
}
