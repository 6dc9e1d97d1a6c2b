// The table of kinds: a new kind is a row here and its files in mapping/ and validation/; a kind without a row does not
// compile. What a row holds is kind-row.ts.

import type { ExportedKind } from '../accounting/kinds.ts'
import { contactKind } from './contact-kind.ts'
import { invoiceKind } from './invoice-kind.ts'
import type { KindRow } from './kind-row.ts'

export const kindTable: { readonly [Kind in ExportedKind]: KindRow } = {
  contact: contactKind,
  invoice: invoiceKind,
}
