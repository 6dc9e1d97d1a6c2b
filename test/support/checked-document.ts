// Base documents under the rules of validation, changed by what a test is about: as built they have no finding.

import { describe, expect, test } from 'vitest'
import type {
  DocumentLine,
  LedgerDocument,
  Mirror,
  MirrorOrganisation,
} from '../../src/accounting/documents.ts'
import type { SettingName } from '../../src/accounting/settings.ts'
import type { DocumentContext } from '../../src/validation/context.ts'
import { checkDocument } from '../../src/validation/rules.ts'
import { aContact, aLine, aMirror, aMirrorContact, anInvoice, day, someBooks } from './books.ts'

export interface Situation extends Partial<LedgerDocument> {
  settings?: Partial<Record<SettingName, string>>
  mirror?: Partial<Mirror> | null
  organisation?: Partial<MirrorOrganisation>
  books?: Parameters<typeof someBooks>[0]
  context?: Partial<DocumentContext>
}

export function check(situation: Situation) {
  const { settings, mirror, organisation, books, context, ...document } = situation
  const base = aMirror(mirror ?? {})
  return checkDocument(anInvoice(document), {
    books: someBooks({
      settings: settings ?? {},
      mirror: mirror === null ? null : { ...base, organisation: { ...base.organisation, ...organisation } },
      ...books,
    }),
    today: day('2026-11-01'),
    contact: aContact(),
    contactLink: { state: 'linked', xeroContactId: 'xero-1', mirror: aMirrorContact() },
    numberSharedBy: [],
    numberTakenInXero: [],
    duplicatesOfName: [],
    exportedBefore: null,
    leftInXero: null,
    order: null,
    otherCredits: [],
    orderIsBilled: false,
    orderWasPosted: false,
    ...context,
  })
}

/** "account-unknown lines[1].account": errors plain, others with their severity. */
function brief(situation: Situation): string[] {
  return check(situation).map(
    ({ code, severity, field }) => `${severity === 'error' ? '' : `${severity} `}${code} ${field}`,
  )
}

export const oneLine = (line: Partial<DocumentLine>) => ({ lines: [aLine(line)] })
type Table = [name: string, situation: Situation, findings: string[]][]

/** One test a row: what the rules say of the situation. */
export function tests(subject: string, table: Table) {
  describe(subject, () => {
    test.each(table)('%s', (_, situation, findings) => {
      expect(brief(situation)).toEqual(findings)
    })
  })
}
