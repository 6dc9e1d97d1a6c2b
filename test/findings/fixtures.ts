// Every finding code with its fixture: a code without one does not compile.

import type { FindingCode } from '../../src/accounting/findings.ts'
import { contacts } from './cases/contacts.ts'
import { documents } from './cases/documents.ts'
import { knownInXero } from './cases/in-xero.ts'
import { lines } from './cases/lines.ts'
import { money, numbersInXero } from './cases/money.ts'
import { papers } from './cases/papers.ts'
import type { Fixture } from './fixture.ts'

export const fixtures: Readonly<Record<FindingCode, Fixture>> = {
  ...contacts,
  ...lines,
  ...documents,
  ...money,
  ...numbersInXero,
  ...papers,
  ...knownInXero,
}
