import { describe, expect, test } from 'vitest'
import { aContact, aMirrorContact, noAddress, someBooks } from '../../test/support/books.ts'
import type { ContactPerson, LedgerContact } from '../accounting/documents.ts'
import type { ContactContext } from './context.ts'
import { checkContact } from './rules.ts'

interface Situation extends Partial<LedgerContact> {
  detail?: 'full' | 'name'
  context?: Partial<ContactContext>
}

function check({ detail = 'full', context, ...contact }: Situation) {
  return checkContact(aContact(contact), {
    books: someBooks({ settings: { contact_detail: detail } }),
    contactLink: { state: 'unlinked', match: { outcome: 'none' } },
    duplicatesOfName: [],
    ...context,
  })
}

function person(rest: Partial<ContactPerson>): ContactPerson {
  return { position: 1, firstName: 'Ann', lastName: null, email: null, includeInEmails: false, ...rest }
}

const ambiguous = { outcome: 'ambiguous', xeroContactIds: ['a', 'b'], why: 'Two.' } as const
const archived = {
  state: 'linked',
  xeroContactId: 'x',
  mirror: aMirrorContact({ status: 'ARCHIVED' }),
} as const

describe('contacts (§4.2, K1, K2, K4, K7 to K9)', () => {
  test.each<[string, Situation, string[]]>([
    ['nothing wrong', {}, []],
    ['inactive', { active: false }, ['contact-inactive active']],
    ['no name', { name: ' ' }, ['contact-name-missing name']],
    ['a name of 255', { name: 'x'.repeat(255) }, []],
    ['a name of 256', { name: 'x'.repeat(256) }, ['text-too-long name']],
    ['a name of 256 with space that is not sent', { name: ` ${'x'.repeat(255)}` }, []],
    ['angle brackets', { name: 'A <b>' }, ['text-invalid name']],
    ['other brackets', { name: 'A (b)' }, []],
    ['a control character', { name: 'A\u0001b' }, ['text-invalid name']],
    ['namesakes', { context: { duplicatesOfName: ['B'] } }, ['contact-name-duplicate name']],
    [
      'namesakes, linked',
      { context: { duplicatesOfName: ['B'], contactLink: { ...archived, mirror: null } } },
      [],
    ],
    [
      'two in Xero',
      { context: { contactLink: { state: 'unlinked', match: ambiguous } } },
      ['contact-ambiguous name'],
    ],
    ['archived in Xero', { context: { contactLink: archived } }, ['contact-archived name']],
    ['an e-mail', { email: "o'neil+x@acme.co.nz" }, []],
    ['no e-mail', { email: ' ' }, []],
    ['none that is one', { email: 'acme.test' }, ['text-invalid email']],
    ['two', { email: 'a@acme.test, b@acme.test' }, ['text-invalid email']],
    ['accents', { email: 'müller@acme.test' }, ['text-invalid email']],
    ['too long', { email: `${'x'.repeat(250)}@acme.test` }, ['text-too-long email']],
    ['the e-mail of the primary person', { people: [person({ email: 'ann' })] }, ['text-invalid email']],
    ['that is not sent', { email: 'a@acme.test', people: [person({ email: 'ann' })] }, []],
    [
      'the e-mail of another person',
      { people: [person({}), person({ email: 'bob' })] },
      ['text-invalid people[2].email'],
    ],
    ['a phone of 51', { phone: '1'.repeat(51) }, ['text-too-long phone']],
    ['a phone of 50', { phone: '1'.repeat(50) }, []],
    ['a tax number of 51', { taxNumber: '1'.repeat(51) }, ['text-too-long taxNumber']],
    [
      'a postcode of 51',
      { postal: { ...noAddress, postcode: '1'.repeat(51) } },
      ['text-too-long postal.postcode'],
    ],
    ['lines in a street', { street: { ...noAddress, street1: 'a\nb' } }, []],
    ['lines in a city', { street: { ...noAddress, city: 'a\nb' } }, ['text-invalid street.city']],
    [
      'a first name of 256',
      { people: [person({ firstName: 'x'.repeat(256) })] },
      ['text-too-long people[1].firstName'],
    ],
    ['a currency that is not enabled', { currency: 'EUR' }, ['currency-not-enabled currency']],
    ['one that is', { currency: 'USD' }, []],
    ['six people', { people: Array.from({ length: 6 }, () => person({})) }, []],
    ['seven people', { people: Array.from({ length: 7 }, () => person({})) }, ['people-left-out people']],
    [
      'what is not sent does not matter (K2)',
      {
        detail: 'name',
        email: 'x',
        phone: '1'.repeat(51),
        currency: 'EUR',
        people: Array.from({ length: 7 }, () => person({ email: 'x' })),
      },
      [],
    ],
  ])('%s', (_, situation, findings) => {
    expect(check(situation).map(({ code, field }) => `${code} ${field}`)).toEqual(findings)
  })

  test('fields are named in words', () => {
    const street = { ...noAddress, street1: 'x'.repeat(501) }
    expect(check({ taxNumber: 'x'.repeat(51), street }).map(({ message }) => message)).toEqual([
      'Contact ACME has a tax number that has 51 characters.',
      'Contact ACME has a street street 1 that has 501 characters.',
    ])
  })

  test('people left out are a warning, everything else stops the contact', () => {
    expect(check({ people: Array.from({ length: 8 }, () => person({})) })).toMatchObject([
      { severity: 'warning', message: 'Contact ACME has 2 more people than Xero keeps.' },
    ])
    expect(check({ name: '' })).toMatchObject([
      {
        kind: 'contact',
        id: 'ACME',
        number: 'ACME',
        severity: 'error',
        message: 'Contact ACME has no name.',
      },
    ])
  })
})
