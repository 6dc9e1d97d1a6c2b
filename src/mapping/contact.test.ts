import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aContact, noAddress, someBooks } from '../../test/support/books.ts'
import type { ContactPerson, LedgerContact } from '../accounting/documents.ts'
import { nameKey } from '../accounting/names.ts'
import { contactNumberOf, mapContact } from './contact.ts'
import { contactSizeBound } from './size.ts'

function person(position: number, rest: Partial<ContactPerson> = {}): ContactPerson {
  return { position, firstName: `P${position}`, lastName: null, email: null, includeInEmails: false, ...rest }
}

const full: Partial<LedgerContact> = {
  name: '  Acme   Ltd ',
  email: 'office@acme.test',
  phone: '09 555 1234',
  mobile: '021 123 456',
  taxNumber: '123-456-789',
  currency: 'USD',
  street: { ...noAddress, street1: '1 Quay St', city: 'Auckland', country: 'New Zealand' },
  postal: { ...noAddress, street1: 'PO Box 1', street2: 'Ponsonby', state: 'AKL', postcode: '1140' },
  notes: 'pays late',
  people: [
    person(1, { firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.test' }),
    person(2, { includeInEmails: true }),
  ],
}

function sent(contact: Partial<LedgerContact>, detail = 'full'): unknown {
  const books = someBooks({ settings: { contact_detail: detail } })
  return JSON.parse(JSON.stringify(mapContact(aContact(contact), { books }).model))
}

describe('a contact for Xero (K1, K2, K6 to K8)', () => {
  test('everything that the ledger has', () => {
    expect(sent(full)).toEqual({
      name: 'Acme Ltd',
      contactNumber: 'ACME',
      emailAddress: 'office@acme.test',
      taxNumber: '123-456-789',
      defaultCurrency: 'USD',
      phones: [
        { phoneType: 'DEFAULT', phoneNumber: '09 555 1234' },
        { phoneType: 'MOBILE', phoneNumber: '021 123 456' },
      ],
      addresses: [
        { addressType: 'STREET', addressLine1: '1 Quay St', city: 'Auckland', country: 'New Zealand' },
        {
          addressType: 'POBOX',
          addressLine1: 'PO Box 1',
          addressLine2: 'Ponsonby',
          region: 'AKL',
          postalCode: '1140',
        },
      ],
      firstName: 'Ann',
      lastName: 'Lee',
      contactPersons: [{ firstName: 'P2', includeInEmails: true }],
    })
  })

  test('name and number alone with contact_detail=name (K2)', () => {
    expect(sent(full, 'name')).toEqual({ name: 'Acme Ltd', contactNumber: 'ACME' })
  })

  test('what is empty or blank is not there at all (K6)', () => {
    const blank = { ...noAddress, street1: ' ', city: '' }
    expect(
      sent({
        email: '',
        phone: ' ',
        taxNumber: '',
        currency: null,
        street: blank,
        people: [person(1, { firstName: ' ' })],
      }),
    ).toEqual({
      name: 'Acme Ltd',
      contactNumber: 'ACME',
    })
  })

  test('the primary person lends its e-mail where the contact has none', () => {
    expect(sent({ people: [person(1, { email: 'ann@acme.test' })] })).toMatchObject({
      firstName: 'P1',
      emailAddress: 'ann@acme.test',
    })
  })

  test('five more people at most (K8)', () => {
    const { model } = mapContact(aContact({ people: [1, 2, 3, 4, 5, 6, 7].map((n) => person(n)) }), {
      books: someBooks(),
    })
    expect(model.contactPersons?.map(({ firstName }) => firstName)).toEqual(['P2', 'P3', 'P4', 'P5', 'P6'])
  })

  test('facts are number and name', () => {
    expect(mapContact(aContact(), { books: someBooks() }).facts).toEqual({ number: 'ACME', name: 'Acme Ltd' })
  })

  test('the size is bounded from above', () => {
    const text = fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 300 }))
    const address = fc.record({
      street1: text,
      street2: text,
      city: text,
      state: text,
      postcode: text,
      country: text,
    })
    const people = fc.array(fc.tuple(text, text, text), { maxLength: 8 })
    fc.assert(
      fc.property(
        text,
        text,
        text,
        address,
        address,
        people,
        (email, phone, taxNumber, street, postal, names) => {
          const contact = aContact({
            email,
            phone,
            taxNumber,
            street,
            postal,
            people: names.map(([firstName, lastName, mail], index) =>
              person(index, { firstName, lastName, email: mail }),
            ),
          })
          const json = JSON.stringify(mapContact(contact, { books: someBooks() }).model)
          expect(Buffer.byteLength(json)).toBeLessThanOrEqual(contactSizeBound(contact))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('contact numbers (K1)', () => {
  test.each([
    ['short ones are themselves', 'ACME', /^ACME$/],
    ['fifty characters too', 'x'.repeat(50), /^x{50}$/],
    ['longer ones are cut and get a hash', 'x'.repeat(51), /^x{33}-[0-9a-f]{16}$/],
    ['odd spaces get one too', ' ACME', /^ACME-[0-9a-f]{16}$/],
  ])('%s', (_, code, number) => {
    expect(contactNumberOf(code)).toMatch(number)
  })

  test('whatever the codes: at most 50 characters, well formed, stable, and never the same for two', () => {
    const code = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀', '\ud800'), minLength: 1, maxLength: 80 }),
    )
    fc.assert(
      fc.property(code, code, (one, other) => {
        const number = contactNumberOf(one)
        expect(number.length).toBeLessThanOrEqual(50)
        expect(number).not.toMatch(/\p{Cc}|\p{Surrogate}|^\s|\s$|\s\s/u)
        expect(contactNumberOf(one)).toBe(number)
        if (one !== other) expect(contactNumberOf(other)).not.toBe(number)
      }),
      { numRuns: 2000 },
    )
  })
})

test.each([
  ['Acme Ltd', ' ACME   ltd', true],
  ['Café', 'Cafe\u0301', true],
  ['Acme Ltd', 'Acme Limited', false],
  ['Café', 'Cafe', false],
])('names: %s and %s are the same: %s', (one, other, same) => {
  expect(nameKey(one) === nameKey(other)).toBe(same)
})
