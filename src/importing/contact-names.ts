// Finds the contact that a Xero template names: there is no code in those files, only the name that Xero shows, which
// Xero compares ignoring case. A name that the ledger does not have becomes a contact with the name as its code.

import type { LoadContext, Row } from './file-kind.ts'
import type { TaxSide } from './tax-codes.ts'
import type { CellValue } from './values.ts'

export interface ContactFinder {
  /**
   * Stages the row's contact with its details and returns its code; undefined where a later line of a document leaves
   * the name empty, null where the row is refused. `side` says what a new contact is; null for neither.
   */
  stage(
    row: Row,
    details: Record<string, CellValue | undefined>,
    side: TaxSide | null,
  ): string | undefined | null
}

export function contactFinder(context: LoadContext): ContactFinder {
  const { stage, lookups } = context
  let last: { name: string; code: string; details: string } | null = null
  return {
    stage: (row, details, side) => {
      const name = row.of('document')['contact'] ?? row.of('contact')['name']
      if (name === undefined) return undefined
      const written = String(name)
      const seen = JSON.stringify(details)
      if (last?.name === written && last.details === seen) return last.code
      const code = last?.name === written ? last.code : findCode(row, written)
      if (code === null) return null
      const contact = {
        ...details,
        code,
        name: written,
        is_customer: side === 'sales' ? 1 : 0,
        is_supplier: side === 'purchase' ? 1 : 0,
      }
      if (!stage.add('contact', contact, row.line)) stage.fill('contact', [code], details)
      last = { name: written, code, details: seen }
      return code
    },
  }

  function findCode(row: Row, name: string): string | null {
    if (lookups.hasContact(name)) return name
    const codes = lookups.contactCodes(name)
    if (codes.length > 1) {
      row.refuse(
        row.of('document')['contact'] === undefined ? 'contact' : 'document',
        row.of('document')['contact'] === undefined ? 'name' : 'contact',
        `is the name of several contacts in the ledger (codes ${codes.join(', ')}). Give them different names there, or delete what is doubled.`,
      )
      return null
    }
    return codes[0] ?? lookups.stagedContact(name) ?? name
  }
}
