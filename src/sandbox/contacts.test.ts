// Contacts through the wire: every refusal in Xero's words, matching, partial updates, lists (§4.1, §4.2).

import { afterEach, describe, expect, test } from 'vitest'
import { cents } from '../accounting/money.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

afterEach(stopSandboxes)

const taken = (name: string) =>
  `The contact name ${name} is already assigned to another contact. The contact name must be unique across all active contacts.`
const archived =
  'The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.'
const zero = '00000000-0000-0000-0000-000000000000'

/** Acme (number A-1, account number ACC), Old (archived, number O-1). */
async function withTwo(
  switches: Partial<Switches> = {},
): Promise<{ client: TestClient; acme: string; old: string }> {
  const client = await startedSandbox({ switches })
  const first = { Name: 'Acme', ContactNumber: 'A-1', AccountNumber: 'ACC', EmailAddress: 'a@acme.example' }
  const made = await client.put('/Contacts', { Contacts: [first, { Name: 'Old', ContactNumber: 'O-1' }] })
  const [acme = '', old = ''] = made.list('Contacts').map((contact) => String(contact['ContactID']))
  client.clock.advance(1000)
  client.sandbox.person().archiveContact(old)
  return { client, acme, old }
}

const refusedCreates: readonly [sent: JsonObject, errors: string[]][] = [
  [{ Name: 'Acme' }, [taken('Acme')]],
  [{ Name: 'ACME' }, [taken('ACME')]],
  [
    { Name: 'New', ContactNumber: 'A-1' },
    ['Another contact has this contact number. Please enter a different contact number.'],
  ],
  [
    { Name: 'New', ContactNumber: 'O-1' },
    ['Another contact has this contact number. Please enter a different contact number.'],
  ],
  [
    { Name: 'New', AccountNumber: 'ACC' },
    ['The Account Number already exists. Please enter a different Account Number.'],
  ],
  [{ ContactNumber: 'N-1' }, ['Contact Name cannot be empty.']],
  [{ Name: '  ' }, ['Contact Name cannot be empty.']],
  [{ Name: 'New', EmailAddress: 'nobody' }, ['Email address must be valid']],
  [{ Name: 'New', EmailAddress: 'jürgen@acme.example' }, ['Email address must be valid']],
  [{ Name: 'New', ContactStatus: 'ARCHIVED' }, ["The status 'ARCHIVED' is not valid for contacts"]],
  [{ Name: 'a'.repeat(256) }, ['The Contact field Name must not be longer than 255 characters.']],
  [
    { Name: 'New', ContactNumber: 'n'.repeat(51) },
    ['The Contact field ContactNumber must not be longer than 50 characters.'],
  ],
  [
    { Name: 'A <b>' },
    ['Contact Name must not contain < or >, nor begin or end with a space or have two in a row.'],
  ],
  [
    { Name: 'acme', ContactNumber: 'A-1', EmailAddress: 'x' },
    [
      taken('acme'),
      'Another contact has this contact number. Please enter a different contact number.',
      'Email address must be valid',
    ],
  ],
  [
    { Name: 'New', ContactPersons: Array.from({ length: 6 }, () => ({ FirstName: 'X' })) },
    ['A contact cannot have more than 5 contact persons.'],
  ],
]

describe('creating', () => {
  test.each(refusedCreates)('%j is refused', async (sent, errors) => {
    const { client } = await withTwo()
    const answer = await client.put('/Contacts?summarizeErrors=false', { Contacts: [sent] })
    const [element] = answer.list('Contacts')
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject({
      ContactID: zero,
      HasValidationErrors: true,
      StatusAttributeString: 'ERROR',
    })
    expect(client.sandbox.contacts()).toHaveLength(2)
  })

  test('answers four phones and two addresses, empty strings where nothing was sent', async () => {
    const client = await startedSandbox()
    const phone = { PhoneType: 'MOBILE', PhoneNumber: '555' }
    const answer = await client.put('/Contacts', { Name: 'Acme', Phones: [phone] })
    const empty = { PhoneNumber: '', PhoneAreaCode: '', PhoneCountryCode: '' }
    const [contact] = answer.list('Contacts')
    expect(contact).toMatchObject({
      ContactStatus: 'ACTIVE',
      Name: 'Acme',
      IsCustomer: false,
      IsSupplier: false,
      HasValidationErrors: false,
      UpdatedDateUTC: '/Date(1795381200000+0000)/',
      Phones: [
        { PhoneType: 'DEFAULT', ...empty },
        { PhoneType: 'DDI' },
        { PhoneType: 'FAX' },
        { ...empty, ...phone },
      ],
      Addresses: [{ AddressType: 'STREET', City: '' }, { AddressType: 'POBOX' }],
    })
    expect(contact).not.toHaveProperty('StatusAttributeString')
    expect((await client.get('/Contacts')).list('Contacts')[0]).toMatchObject({ Phones: contact?.['Phones'] })
  })

  test('the name of an archived contact is free', async () => {
    const { client } = await withTwo()
    expect((await client.put('/Contacts', { Name: 'Old' })).status).toBe(200)
  })

  test.each([
    ['refused', 400],
    ['trimmed', 200],
  ] as const)('a name with stray spaces: %s', async (contactNameSpaces, status) => {
    const client = await startedSandbox({ switches: { contactNameSpaces } })
    expect((await client.put('/Contacts', { Name: ' Acme  Motors ' })).status).toBe(status)
    expect(client.sandbox.contacts().map(({ name }) => name)).toEqual(status === 200 ? ['Acme Motors'] : [])
  })
})

describe('POST', () => {
  const matches: readonly [
    what: string,
    sent: (ids: { acme: string; old: string }) => JsonObject,
    outcome: string,
  ][] = [
    ['by id', ({ acme }) => ({ ContactID: acme, FirstName: 'Ann' }), 'edited'],
    ['by number', () => ({ ContactNumber: 'A-1', FirstName: 'Ann' }), 'edited'],
    ['by name, whatever its case', () => ({ Name: 'aCME', FirstName: 'Ann' }), 'edited'],
    ['by number before name', () => ({ ContactNumber: 'A-1', Name: 'Renamed', FirstName: 'Ann' }), 'edited'],
    ['nobody', () => ({ Name: 'New', FirstName: 'Ann' }), 'created'],
    ['the name of an archived one', () => ({ Name: 'Old', FirstName: 'Ann' }), 'created'],
    ['an archived one by id', ({ old }) => ({ ContactID: old, ContactStatus: 'ARCHIVED' }), archived],
    ['un-archiving', ({ old }) => ({ ContactID: old, ContactStatus: 'ACTIVE' }), archived],
    ['an archived one by number', () => ({ ContactNumber: 'O-1', Name: 'X' }), archived],
    [
      'an unknown id',
      () => ({ ContactID: '11111111-1111-1111-1111-111111111111', Name: 'X' }),
      'An existing Contact with the specified ContactID could not be found',
    ],
    ['a rename to a taken name', ({ acme }) => ({ ContactID: acme, Name: 'Third' }), taken('Third')],
    [
      'an odd status',
      ({ acme }) => ({ ContactID: acme, ContactStatus: 'GDPRREQUEST' }),
      "The status 'GDPRREQUEST' is not valid for contacts",
    ],
  ]
  test.each(matches)('%s', async (_what, sent, outcome) => {
    const { client, acme, old } = await withTwo()
    client.sandbox.person().createContact({ name: 'Third' })
    const answer = await client.post('/Contacts?summarizeErrors=false', { Contacts: [sent({ acme, old })] })
    const [element] = answer.list('Contacts')
    if (outcome === 'edited') expect(element).toMatchObject({ ContactID: acme, FirstName: 'Ann' })
    else if (outcome === 'created') expect(client.sandbox.contacts()).toHaveLength(4)
    else expect(errorsOf(element)).toEqual([outcome])
  })

  test('a refused edit shows what is stored under the real id', async () => {
    const { client, old } = await withTwo()
    const answer = await client.post('/Contacts?summarizeErrors=false', {
      Contacts: [{ ContactID: old, ContactStatus: 'ARCHIVED' }],
    })
    const arrays = { Addresses: [], Phones: [], ContactGroups: [], ContactPersons: [] }
    expect(answer.list('Contacts')[0]).toMatchObject({
      ContactID: old,
      ContactStatus: 'ARCHIVED',
      Name: 'Old',
      ...arrays,
    })
  })

  test.each([
    ['dropped', []],
    ['kept', [{ FirstName: 'P' }]],
  ] as const)(
    'what is not sent stays, an empty text clears, a null is nothing; people who are not listed are %s',
    async (unlistedPeople, people) => {
      const { client, acme } = await withTwo({ unlistedPeople })
      const phone = { PhoneType: 'DEFAULT', PhoneNumber: '1', PhoneAreaCode: '', PhoneCountryCode: '' }
      await client.post(`/Contacts/${acme}`, {
        FirstName: 'Ann',
        Phones: [phone],
        ContactPersons: [{ FirstName: 'P' }],
      })
      client.clock.advance(1000)
      const answer = await client.post(`/Contacts/${acme}`, {
        FirstName: '',
        EmailAddress: null,
        AccountNumber: '',
      })
      expect(answer.list('Contacts')[0]).toMatchObject({
        FirstName: '',
        EmailAddress: 'a@acme.example',
        Phones: [phone, {}, {}, {}],
        ContactPersons: people,
        UpdatedDateUTC: '/Date(1795381202000+0000)/',
      })
      expect(answer.list('Contacts')[0]).not.toHaveProperty('AccountNumber')
    },
  )

  test('archiving leaves the people', async () => {
    const { client, acme } = await withTwo()
    await client.post(`/Contacts/${acme}`, { ContactPersons: [{ FirstName: 'P' }] })
    const answer = await client.post('/Contacts', { ContactID: acme, ContactStatus: 'ARCHIVED' })
    expect(answer.list('Contacts')[0]).toMatchObject({ ContactPersons: [{ FirstName: 'P' }] })
  })

  test.each([
    ['kept', { PhoneNumber: '+64 21 123 456', PhoneAreaCode: '', PhoneCountryCode: '' }],
    ['split', { PhoneNumber: '123 456', PhoneAreaCode: '21', PhoneCountryCode: '64' }],
  ] as const)('a whole number as a phone is %s', async (phoneParts, phone) => {
    const { client, acme } = await withTwo({ phoneParts })
    const sent = { PhoneType: 'DEFAULT', PhoneNumber: '+64 21 123 456' }
    const answer = await client.post(`/Contacts/${acme}`, { Phones: [sent] })
    expect(answer.list('Contacts')[0]).toMatchObject({ Phones: [phone, {}, {}, {}] })
  })

  test.each([
    ['kept', 'ab1 2cd'],
    ['capitals', 'AB1 2CD'],
  ] as const)('a postcode: %s', async (postcodes, stored) => {
    const { client, acme } = await withTwo({ postcodes })
    const sent = { AddressType: 'STREET', PostalCode: 'ab1 2cd' }
    const answer = await client.post(`/Contacts/${acme}`, { Addresses: [sent] })
    expect(answer.list('Contacts')[0]).toMatchObject({ Addresses: [{ PostalCode: stored }, {}] })
  })

  test.each([
    ['allowed', []],
    [
      'refused',
      ['The contact cannot be archived while it has documents that are not paid, voided or deleted.'],
    ],
  ] as const)('archiving a contact with documents: %s', async (archiveWithDocuments, errors) => {
    const { client, acme } = await withTwo({ archiveWithDocuments })
    client.sandbox.person().createInvoice({ contactId: acme, total: cents(100) })
    const answer = await client.post('/Contacts?summarizeErrors=false', {
      Contacts: [{ ContactID: acme, ContactStatus: 'ARCHIVED' }],
    })
    expect(errorsOf(answer.list('Contacts')[0])).toEqual(errors)
  })

  test('POST to an unknown id in the path is a 404', async () => {
    const client = await startedSandbox()
    const answer = await client.post(`/Contacts/${zero}`, { Name: 'X' })
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
      404,
      'text/html; charset=utf-8',
      '',
    ])
  })
})

describe('reading', () => {
  const lists: readonly [query: string, names: string][] = [
    ['', 'Acme'],
    ['?includeArchived=true', 'Acme Old'],
    ['?includeArchived=True', 'Acme Old'],
    [`?where=${encodeURIComponent('Name=="ACME"')}`, 'Acme'],
    [`?where=${encodeURIComponent('EmailAddress=="a@acme.example"')}`, 'Acme'],
    [`?where=${encodeURIComponent('ContactStatus=="ARCHIVED"')}&includeArchived=true`, 'Old'],
    ['?includeArchived=true&order=Name%20DESC', 'Old Acme'],
    ['?includeArchived=true&page=2&pageSize=1', 'Old'],
    ['?page=3', ''],
    ['?searchTerm=ACM', 'Acme'],
    ['?searchTerm=zzz', ''],
  ]
  test.each(lists)('GET /Contacts%s', async (query, names) => {
    const { client } = await withTwo()
    const answer = await client.get(`/Contacts${query}`)
    expect(
      answer
        .list('Contacts')
        .map((contact) => contact['Name'])
        .join(' '),
    ).toBe(names)
  })

  test('one by id, by number, or not at all', async () => {
    const { client, acme, old } = await withTwo()
    for (const key of [acme, acme.toUpperCase(), 'A-1']) {
      expect((await client.get(`/Contacts/${key}`)).list('Contacts')[0]).toMatchObject({ Name: 'Acme' })
    }
    expect((await client.get(`/Contacts/${old}`)).status).toBe(200)
    expect((await client.get('/Contacts/A-2')).status).toBe(404)
  })

  test('a summary is paged and says nothing of customers', async () => {
    const { client } = await withTwo()
    const answer = await client.get('/Contacts?summaryOnly=true')
    expect(answer.json).toMatchObject({ pagination: { page: 1, pageSize: 100, pageCount: 1, itemCount: 1 } })
    expect(answer.list('Contacts')[0]).not.toHaveProperty('IsCustomer')
  })

  test('where a merged contact went shows singly and in pages, and its documents went along', async () => {
    const { client, acme } = await withTwo()
    const person = client.sandbox.person()
    const other = person.createContact({ name: 'Akme' })
    const invoice = person.createInvoice({ contactId: other.id, total: cents(115) })
    person.mergeContact(other.id, acme)
    expect((await client.get(`/Invoices/${invoice.id}`)).list('Invoices')[0]).toMatchObject({
      Contact: { ContactID: acme },
    })
    const merged = { ContactID: other.id, MergedToContactID: acme, ContactStatus: 'ARCHIVED' }
    expect((await client.get(`/Contacts/${other.id}`)).list('Contacts')[0]).toMatchObject(merged)
    const query = `includeArchived=true&IDs=${other.id}`
    expect((await client.get(`/Contacts?page=1&${query}`)).list('Contacts')).toMatchObject([merged])
    expect((await client.get(`/Contacts?${query}`)).list('Contacts')[0]).not.toHaveProperty(
      'MergedToContactID',
    )
  })
})
