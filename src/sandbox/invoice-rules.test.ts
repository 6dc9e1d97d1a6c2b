// What else decides about a new invoice: its number, lock dates, the switches both ways, and its contact (§3.3, §4.2, §4.3).

import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import type { JsonObject } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, warningsOf } from './test-client.ts'
import { bill, putOne, sale, withLine } from './test-documents.ts'

afterEach(stopSandboxes)

const invalid = (code: string) => `Account code '${code}' is not a valid code for this document.`

describe('numbers of sales invoices', () => {
  test('are given in turn, around those that are taken', async () => {
    const client = await startedSandbox()
    await putOne(client, { ...sale, InvoiceNumber: 'INV-0002' })
    const numbers = [await putOne(client, sale), await putOne(client, sale)].map(
      (element) => element['InvoiceNumber'],
    )
    expect(numbers).toEqual(['INV-0001', 'INV-0003'])
  })

  test('are unique, whatever their case, in one batch too; bills share theirs', async () => {
    const client = await startedSandbox()
    const numbered = [
      { ...sale, InvoiceNumber: 'A-1' },
      { ...sale, InvoiceNumber: 'a-1' },
      { ...bill, InvoiceNumber: 'A-1' },
      { ...bill, InvoiceNumber: 'A-1' },
    ]
    const answer = await client.put('/Invoices?summarizeErrors=false', { Invoices: numbered })
    expect(answer.list('Invoices').map(errorsOf)).toEqual([[], ['Invoice # must be unique.'], [], []])
  })

  const reuse: readonly [ended: 'VOIDED' | 'DELETED', switches: Partial<Switches>, isFree: boolean][] = [
    ['DELETED', { deletedNumberFree: true }, true],
    ['DELETED', { deletedNumberFree: false }, false],
    ['VOIDED', { voidedNumberFree: true }, true],
    ['VOIDED', { voidedNumberFree: false }, false],
  ]
  test.each(reuse)('of a %s invoice, %j: free is %s', async (ended, switches, isFree) => {
    const client = await startedSandbox({ switches })
    const status = ended === 'VOIDED' ? 'AUTHORISED' : 'DRAFT'
    const made = await putOne(client, { ...sale, InvoiceNumber: 'A-1', Status: status })
    await client.post(`/Invoices/${made['InvoiceID']}`, { Status: ended })
    expect(errorsOf(await putOne(client, { ...sale, InvoiceNumber: 'A-1' }))).toEqual(
      isFree ? [] : ['Invoice # must be unique.'],
    )
  })
})

describe('lock dates', () => {
  const period = 'The document date cannot be before the period lock date, currently set at 30-Sep-2026'
  const year = 'The document date cannot be before the end of year lock date, currently set at 31-Mar-2026'
  const rows: readonly [date: string, status: string, switches: Partial<Switches>, errors: string[]][] = [
    ['2026-10-01', 'AUTHORISED', {}, []],
    ['2026-09-30', 'AUTHORISED', {}, [period]],
    ['2026-03-31', 'AUTHORISED', {}, [year]],
    ['2026-09-30', 'DRAFT', { draftsInLockedPeriod: 'refused' }, [period]],
    ['2026-09-30', 'DRAFT', { draftsInLockedPeriod: 'allowed' }, []],
  ]
  test.each(rows)('dated %s, %s, %j', async (date, status, switches, errors) => {
    const client = await startedSandbox({ switches })
    client.sandbox.person().setLockDate('2026-09-30' as PlainDate)
    client.sandbox.person().setEndOfYearLockDate('2026-03-31' as PlainDate)
    expect(errorsOf(await putOne(client, { ...sale, Date: date, Status: status }))).toEqual(errors)
  })
})

describe('switches', () => {
  const free = withLine({ UnitAmount: 0 })
  const negative = withLine({ UnitAmount: -10 })
  const tie = withLine({ Quantity: 1, UnitAmount: 0.1, AccountCode: '200' })
  const moon = withLine({ Tracking: [{ Name: 'Region', Option: 'Moon' }] })
  const removed =
    "Tracking 'Region: Moon' has been removed as it does not match a recognised tracking category and option."
  const rows: readonly [
    switches: Partial<Switches>,
    invoice: JsonObject,
    found: JsonObject,
    errors: string[],
  ][] = [
    [{ zeroTotalPaid: true }, free, { Status: 'PAID', FullyPaidOnDate: '/Date(1795132800000+0000)/' }, []],
    [{ zeroTotalPaid: false }, free, { Status: 'AUTHORISED' }, []],
    [{ negativeTotal: 'refused' }, negative, {}, ['The document total cannot be less than zero.']],
    [{ negativeTotal: 'accepted' }, negative, { Total: -23 }, []],
    [{ wrongTotals: 'ignored' }, { ...sale, Total: 1 }, { Total: 24.15 }, []],
    [{ halfRounding: 'away' }, tie, { TotalTax: 0.02 }, []],
    [{ halfRounding: 'even' }, tie, { TotalTax: 0.02 }, []],
    [{ halfRounding: 'away' }, withLine({ Quantity: 1, UnitAmount: 0.3 }), { TotalTax: 0.05 }, []],
    [{ halfRounding: 'even' }, withLine({ Quantity: 1, UnitAmount: 0.3 }), { TotalTax: 0.04 }, []],
    [{ billReference: 'ignored' }, { ...bill, Reference: 'x' }, { Reference: '' }, []],
    [{ billReference: 'kept' }, { ...bill, Reference: 'x' }, { Reference: 'x' }, []],
    [
      { unknownContactName: 'refused' },
      sale,
      {},
      ['A Contact must be specified for this type of transaction'],
    ],
    [
      { unknownTracking: 'warning' },
      moon,
      { StatusAttributeString: 'WARNING', LineItems: [{ Tracking: [] }] },
      [],
    ],
    [{ unknownTracking: 'refused' }, moon, {}, [removed]],
    [{ inventoryAccountOnLines: 'refused' }, withLine({ AccountCode: '630' }, bill), {}, [invalid('630')]],
    [
      { inventoryAccountOnLines: 'allowed' },
      withLine({ AccountCode: '630' }, bill),
      { HasErrors: false },
      [],
    ],
    [{ accountClasses: 'strict' }, withLine({ AccountCode: '400', TaxType: 'NONE' }), {}, [invalid('400')]],
    [
      { accountClasses: 'strict' },
      withLine({ AccountCode: '200', TaxType: 'NONE' }, bill),
      {},
      [invalid('200')],
    ],
    [{ accountClasses: 'any' }, withLine({ AccountCode: '400', TaxType: 'NONE' }), { HasErrors: false }, []],
  ]
  test.each(rows)('%j', async (switches, invoice, found, errors) => {
    const client = await startedSandbox({ switches })
    const element = await putOne(client, invoice)
    expect(errorsOf(element)).toEqual(errors)
    expect(element).toMatchObject(found)
  })

  test('unknown and archived tracking is dropped with a warning', async () => {
    const client = await startedSandbox()
    expect(warningsOf(await putOne(client, moon))).toEqual([removed])
    client.sandbox.person().archiveTrackingOption('Region', 'North')
    const element = await putOne(client, withLine({ Tracking: [{ Name: 'Region', Option: 'North' }] }))
    expect(warningsOf(element)).toHaveLength(1)
  })

  test('a plan’s cap counts approvals of a month, each type by itself', async () => {
    const client = await startedSandbox({ switches: { approvalCap: { ACCREC: 2, ACCPAY: 1 } } })
    const all = [sale, { ...sale, Status: 'DRAFT' }, sale, sale, bill, bill]
    const answer = await client.put('/Invoices?summarizeErrors=false', { Invoices: all })
    const cap = 'You have reached the limit of invoices you can approve'
    expect(answer.list('Invoices').map((element) => errorsOf(element)[0])).toEqual([
      ...[undefined, undefined, undefined, cap],
      ...[undefined, cap],
    ])
    client.clock.advance(10 * 86_400_000)
    await client.connect()
    expect(errorsOf(await putOne(client, sale))).toEqual([])
  })

  test('properties that Xero has not are ignored where the switch says so', async () => {
    const client = await startedSandbox({ switches: { unknownProperties: 'ignored' } })
    expect(await putOne(client, { ...sale, Colour: 'red' })).toMatchObject({ HasErrors: false })
  })
})

describe('the contact of a document', () => {
  const known = { name: 'Acme', number: 'A-1', email: 'a@acme.example' }
  const rows: readonly [
    what: string,
    contact: (id: string) => JsonObject,
    stored: JsonObject,
    contacts: number,
  ][] = [
    ['by id', (id) => ({ ContactID: id }), { name: 'Acme' }, 1],
    ['by number', () => ({ ContactNumber: 'A-1' }), { name: 'Acme' }, 1],
    ['by name, whatever its case', () => ({ Name: 'ACME' }), { name: 'Acme' }, 1],
    ['by a new name: made', () => ({ Name: 'New' }), { name: 'Acme' }, 2],
    ['with another name: renamed', (id) => ({ ContactID: id, Name: 'Acme Ltd' }), { name: 'Acme Ltd' }, 1],
    [
      'with an address: changed',
      (id) => ({ ContactID: id, EmailAddress: 'b@acme.example' }),
      { email: 'b@acme.example' },
      1,
    ],
  ]
  test.each(rows)('%s', async (_what, contact, stored, count) => {
    const client = await startedSandbox()
    const { id } = client.sandbox.person().createContact(known)
    client.clock.advance(1000)
    expect(errorsOf(await putOne(client, { ...sale, Contact: contact(id) }))).toEqual([])
    expect(client.sandbox.contacts()).toHaveLength(count)
    expect(client.sandbox.contacts().find((one) => one.id === id)).toMatchObject(stored)
  })

  test('other fields drop the persons that are not listed', async () => {
    const client = await startedSandbox()
    await client.put('/Contacts', { Name: 'Acme', ContactPersons: [{ FirstName: 'Ann' }] })
    await putOne(client, { ...sale, Contact: { Name: 'Acme', FirstName: 'Bob' } })
    expect(client.sandbox.contacts()[0]?.persons).toEqual([])
  })

  test('becomes a customer or supplier with the first document, and its date does not move', async () => {
    const client = await startedSandbox()
    const { id, updatedAt } = client.sandbox.person().createContact(known)
    client.clock.advance(60_000)
    const element = await putOne(client, { ...sale, Contact: { ContactID: id } })
    expect(element).toMatchObject({ Contact: { IsCustomer: true, IsSupplier: false } })
    await putOne(client, { ...bill, Contact: { ContactID: id } })
    expect(client.sandbox.contacts()[0]).toMatchObject({ isCustomer: true, isSupplier: true, updatedAt })
    const changed = await client.get('/Contacts', { 'if-modified-since': '2026-11-22T21:00:30' })
    expect(changed.list('Contacts')).toEqual([])
  })
})
