// The rows of the five kinds of documents in the table of kinds. What the rules are told is document-check.ts, how documents become
// elements of a call document-load.ts and, where Xero has them already, document-change.ts.

import type { DocumentKind } from '../../accounting/kinds.ts'
import type { EntitySettings } from '../../accounting/settings.ts'
import type { KindRow } from '../kind-row.ts'
import { checkDocumentPage } from './document-check.ts'
import { loadDocuments } from './document-load.ts'

export function documentKind(
  kind: DocumentKind,
  isLeftOut: (settings: EntitySettings) => boolean = () => false,
): KindRow {
  return {
    kind,
    isLeftOut,
    checkPage: (scope, ids) => checkDocumentPage(scope, kind, ids),
    load: (context, planned, purpose) => loadDocuments(context, kind, planned, purpose),
  }
}
