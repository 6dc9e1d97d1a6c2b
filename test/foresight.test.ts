// The rule by which a season holds `validate` to what Xero refuses (support/simulation/foresight.ts): it sees what was not said, and
// lets pass what only Xero can know.

import { expect, test } from 'vitest'
import type { Finding } from '../src/accounting/findings.ts'
import { onlyXeroKnows, type Refusal, unforeseen } from './support/simulation/foresight.ts'

const refused = (...xeroMessages: string[]): Refusal => ({
  kind: 'invoice',
  id: 'D1',
  code: 'xero-refused',
  message: '',
  xeroMessages,
})
const said = (severity: Finding['severity'], id = 'D1'): Finding => ({
  kind: 'invoice',
  id,
  number: id,
  code: 'account-unknown',
  severity,
  field: null,
  message: '',
  why: '',
  fix: '',
  xeroMessages: [],
})
const words = "Account code '999' is not a valid code for this document."
const limit = 'You have reached the limit of invoices you can approve'

test.each<[string, Refusal, Finding[], number]>([
  ['refused and not said', refused(words), [], 1],
  ['said of another document', refused(words), [said('error', 'D2')], 1],
  ['said as a warning only', refused(words), [said('warning')], 1],
  ['said as an error', refused(words), [said('error')], 0],
  ['refused by our own rules', refused(), [], 0],
  ['for Xero alone to know', refused(limit), [], 0],
  ['that, and something else', refused(limit, words), [], 1],
])('%s', (_title, refusal, findings, found) => {
  expect(unforeseen([refusal], findings)).toHaveLength(found)
})

test('what only Xero knows has a name and a reason each', () => {
  expect(new Set(onlyXeroKnows.map(({ name }) => name)).size).toBe(onlyXeroKnows.length)
  expect(onlyXeroKnows.filter(({ reason }) => reason.length < 20)).toEqual([])
})
