import { expect, test } from 'vitest'
import { anInvoice, money, someBooks } from '../../test/support/books.ts'
import { answerDifferences, type DocumentAnswer } from './answer-differences.ts'
import { mapDocument } from './document.ts'
import { mapVoid } from './void.ts'

const { facts } = mapDocument(anInvoice(), { books: someBooks(), xeroContactId: 'xero-1' })
const nothing = { ...facts, totalCents: money(0) }
const lost = "Account code '476' has been removed as it does not match a recognised account."

test.each<[string, Partial<DocumentAnswer>, typeof facts, string[]]>([
  ['stored to the cent', {}, facts, []],
  ['an answer that says nothing', { total: null, tax: null, status: null }, facts, []],
  ['another total', { total: money(115.01) }, facts, ['differs-in-xero error total']],
  ['another tax', { tax: money(14.99) }, facts, ['differs-in-xero error tax']],
  ['another status', { status: 'SUBMITTED' }, facts, ['differs-in-xero error status']],
  ['paid at once', { status: 'PAID' }, facts, ['differs-in-xero error status']],
  ['paid at once, being nothing', { status: 'PAID', total: money(0) }, nothing, []],
  ['an account dropped', { warnings: [lost, lost] }, facts, ['xero-warning error null']],
  ['a remark', { warnings: ['Nice weather'] }, facts, ['xero-warning warning null']],
])('%s', (_, change, sent, expected) => {
  const answer = { total: money(115), tax: money(15), status: 'AUTHORISED', warnings: [], ...change }
  const findings = answerDifferences(answer, sent, { kind: 'invoice', id: 'doc-1', number: 'INV-1' })
  expect(findings.map(({ code, severity, field }) => `${code} ${severity} ${field}`)).toEqual(expected)
})

test('of what is voided only the status is compared (I7)', () => {
  const { facts: ending } = mapVoid({ form: 'bill', xeroId: 'x', status: 'AUTHORISED' })
  const thing = { kind: 'bill', id: 'doc-1', number: 'B-1' } as const
  const answer = { total: money(115), tax: money(15), status: 'VOIDED', warnings: [] }
  expect(answerDifferences(answer, ending, thing)).toEqual([])
  expect(answerDifferences({ ...answer, status: 'AUTHORISED' }, ending, thing)).toMatchObject([
    {
      code: 'differs-in-xero',
      field: 'status',
      message: 'Xero has bill B-1 with status AUTHORISED instead of VOIDED.',
    },
  ])
})
