import { describe, expect, test } from 'vitest'
import { aContact, aMirrorContact } from '../../test/support/books.ts'
import type { LedgerContact, MirrorContact } from '../accounting/documents.ts'
import { matchContact } from './contact-matching.ts'
import { phoneKey } from './phone.ts'

type Mode = 'name' | 'name_and_email_or_phone'
const strict = 'name_and_email_or_phone'

/** "match xero-1", "none", or "ambiguous" with the ids. */
function outcome(
  contact: Partial<LedgerContact>,
  candidates: Partial<MirrorContact>[],
  mode: Mode,
  linkedTo: ReadonlyMap<string, string> = new Map(),
): string {
  const rule = { mode, regionCode: 'NZ', linkedTo }
  const match = matchContact(aContact(contact), candidates.map(aMirrorContact), rule)
  if (match.outcome === 'match') return `match ${match.xeroContactId}`
  return match.outcome === 'none' ? 'none' : `ambiguous ${match.xeroContactIds.join(' ')}`
}

describe('which contact of Xero it is (K4)', () => {
  const cases: [string, Mode, Partial<LedgerContact>, Partial<MirrorContact>[], string][] = [
    ['nobody there', 'name', {}, [], 'none'],
    ['the same name', 'name', {}, [{}], 'match xero-1'],
    ['but for case and space', 'name', {}, [{ name: ' ACME  ltd' }], 'match xero-1'],
    ['another name', 'name', {}, [{ name: 'Acme Limited' }], 'none'],
    ['archived ones do not count', 'name', {}, [{ status: 'ARCHIVED' }], 'none'],
    ['nor merged ones', 'name', {}, [{ mergedTo: 'xero-9' }], 'none'],
    [
      'an archived twin does not disturb',
      'name',
      {},
      [{}, { contactId: 'xero-2', status: 'ARCHIVED' }],
      'match xero-1',
    ],
    [
      'two of the name: no guess',
      'name',
      {},
      [{}, { contactId: 'xero-2', name: 'ACME LTD' }],
      'ambiguous xero-1 xero-2',
    ],
    [
      'our number and our name win over a namesake',
      'name',
      {},
      [{ contactNumber: 'ACME' }, { contactId: 'xero-2' }],
      'match xero-1',
    ],
    [
      'our number under another name: no guess',
      'name',
      {},
      [{ contactNumber: 'ACME', name: 'Bolt Ltd' }],
      'ambiguous xero-1',
    ],
    [
      'our number under another name, our name elsewhere: no guess',
      'name',
      {},
      [{ contactNumber: 'ACME', name: 'Bolt Ltd' }, { contactId: 'xero-2' }],
      'ambiguous xero-1 xero-2',
    ],
    [
      'our number on an archived one does not count',
      'name',
      {},
      [{ contactNumber: 'ACME', status: 'ARCHIVED', name: 'Bolt' }],
      'none',
    ],
    ['a foreign number on our name', 'name', {}, [{ contactNumber: 'C-99' }], 'match xero-1'],
    ['strict: e-mail agrees', strict, { email: 'A@acme.test ' }, [{ email: 'a@ACME.test' }], 'match xero-1'],
    [
      'strict: phone agrees',
      strict,
      { phone: '021 123 456' },
      [{ phones: ['+64 21 123456'] }],
      'match xero-1',
    ],
    [
      'strict: mobile agrees',
      strict,
      { mobile: '021 123 456' },
      [{ phones: ['09 5551234', '64 21 123456'] }],
      'match xero-1',
    ],
    [
      'strict: neither agrees: no guess',
      strict,
      { email: 'a@acme.test' },
      [{ email: 'b@acme.test' }],
      'ambiguous xero-1',
    ],
    ['strict: nothing to compare: no guess', strict, {}, [{}], 'ambiguous xero-1'],
    ['strict: our number and name are enough', strict, {}, [{ contactNumber: 'ACME' }], 'match xero-1'],
    ['strict: nobody there', strict, {}, [{ name: 'Bolt' }], 'none'],
    [
      'strict: two short extensions are no phone',
      strict,
      { phone: '101' },
      [{ phones: ['101'] }],
      'ambiguous xero-1',
    ],
  ]
  test.each(cases)('%s', (_, mode, contact, candidates, expected) => {
    expect(outcome(contact, candidates, mode)).toBe(expected)
  })

  test.each([
    ['by name', {}],
    ['by our number and name', { contactNumber: 'ACME' }],
  ])('one that is linked to another contact of the ledger: no guess, %s', (_, candidate) => {
    const linkedTo = new Map([['xero-1', 'OTHER']])
    expect(outcome({}, [candidate], 'name', linkedTo)).toBe('ambiguous xero-1')
    expect(outcome({}, [{ ...candidate, contactId: 'xero-2' }], 'name', linkedTo)).toBe('match xero-2')
  })
})

describe('telephone numbers', () => {
  test.each([
    ['021 123 456', '+64 21 123 456', 'NZ', true],
    ['021 123 456', '0064 21 123456', 'NZ', true],
    ['021 123 456', '+64 (0)21 123456', 'NZ', true],
    ['021 123 456', '64 21 123 4567', 'NZ', false],
    ['(09) 555-1234', '+64 9 555 1234', 'NZ', true],
    ['02 9555 1234', '+61 2 9555 1234', 'AU', true],
    ['021 123 456', '+61 21 123 456', 'NZ', false],
    ['020 7946 0018', '+44 20 7946 0018', 'GB', true],
    ['(555) 123-4567', '+1 555 123 4567', 'US', true],
    ['555 123 4567', '1-555-123-4567', 'US', true],
  ])('%s and %s in %s: %s', (one, other, region, same) => {
    expect(phoneKey(one, region) === phoneKey(other, region)).toBe(same)
  })
})
