// A document that Xero was told of before: what has changed in the ledger since is said and not sent (I7).

import type { Finding } from '../accounting/findings.ts'
import { kindNames } from '../accounting/kinds.ts'
import { documentHash } from '../mapping/facts.ts'
import { complain, type InvoiceView } from './invoice-view.ts'

export function checkKindKept(view: InvoiceView): Finding[] {
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

export function checkUnchanged(view: InvoiceView): Finding[] {
  const { document, context } = view
  const before = context.exportedBefore
  if (!before || before.kind !== document.kind || before.hash === null) return []
  if (before.hash === documentHash(document)) return []
  const isVoid = document.status === 'void'
  return [
    complain(view, {
      code: 'edited-after-export',
      message: isVoid
        ? 'was voided in the ledger after it was exported.'
        : 'was changed in the ledger after it was exported.',
      why: 'This version sends each document once and does not change what is in Xero.',
      fix: `${isVoid ? 'Void it in Xero too.' : 'Make the same change in Xero.'} The finding ends when the ledger is as it was sent.`,
    }),
  ]
}
