// Organisation, accounts, tax rates, currencies and tracking, as the demo company has them (§4.9, §6).

import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../accounting/calendar.ts'
import type { JsonObject } from './json.ts'
import { listOf } from './json.ts'
import { auDemoCompany } from './organisation.ts'
import { errorsOf, startedSandbox, stopSandboxes } from './test-client.ts'

afterEach(stopSandboxes)

test('the organisation has no lock dates until they are set', async () => {
  const client = await startedSandbox()
  const [before] = (await client.get('/Organisation')).list('Organisations')
  expect(before).toMatchObject({
    Name: 'Demo Company (NZ)',
    BaseCurrency: 'NZD',
    CountryCode: 'NZ',
    Timezone: 'NEWZEALANDSTANDARDTIME',
    Class: 'DEMO',
    IsDemoCompany: true,
    CreatedDateUTC: '/Date(1795381200000)/',
  })
  expect(before).not.toHaveProperty('PeriodLockDate')
  client.sandbox.person().setLockDate('2009-09-30' as PlainDate)
  const [after] = (await client.get('/Organisation')).list('Organisations')
  expect(after).toMatchObject({ PeriodLockDate: '/Date(1254268800000+0000)/' })
})

describe('accounts', () => {
  const rows: readonly [code: string, facts: JsonObject][] = [
    [
      '090',
      { Type: 'BANK', Class: 'ASSET', EnablePaymentsToAccount: false, CurrencyCode: 'NZD', TaxType: 'NONE' },
    ],
    ['200', { Name: 'Sales', Type: 'REVENUE', TaxType: 'OUTPUT2', SystemAccount: '' }],
    ['310', { Name: 'Cost of Goods Sold', Type: 'DIRECTCOSTS', Class: 'EXPENSE' }],
    ['425', { Name: 'Freight & Courier', TaxType: 'INPUT2' }],
    ['610', { SystemAccount: 'DEBTORS', Class: 'ASSET' }],
    ['630', { Type: 'INVENTORY' }],
    ['631', { Type: 'CURRENT', Name: 'Stock on Hand' }],
    ['632', { Type: 'CURRENT', Name: 'Work in Progress' }],
    ['800', { SystemAccount: 'CREDITORS', Class: 'LIABILITY' }],
    ['820', { SystemAccount: 'GST' }],
    ['855', { EnablePaymentsToAccount: true }],
    ['860', { SystemAccount: 'ROUNDING' }],
    ['960', { SystemAccount: 'RETAINEDEARNINGS' }],
    ['599', { Status: 'ARCHIVED' }],
  ]
  test.each(rows)('%s', async (Code, facts) => {
    const client = await startedSandbox()
    const list = (await client.get(`/Accounts?where=${encodeURIComponent(`Code=="${Code}"`)}`)).list(
      'Accounts',
    )
    expect(list).toMatchObject([{ Code, ...facts }])
  })

  test('a bank account has no SystemAccount', async () => {
    const client = await startedSandbox()
    const [bank] = (await client.get(`/Accounts?where=${encodeURIComponent('Type=="BANK"')}`)).list(
      'Accounts',
    )
    expect(bank).not.toHaveProperty('SystemAccount')
  })

  const refusals: readonly [account: JsonObject, errors: string[]][] = [
    [{ Code: '201', Name: 'sales', Type: 'REVENUE' }, ['Please enter a unique Name.']],
    [{ Code: '200', Name: 'More', Type: 'REVENUE' }, ['Please enter a unique Code.']],
    [{ Code: '201', Type: 'REVENUE' }, ['The Name field is mandatory.']],
    [{ Code: '201', Name: 'More' }, ['The Type field is mandatory.']],
    [{ Name: 'More', Type: 'REVENUE' }, ['The Code field is mandatory.']],
    [
      { Code: '12345678901', Name: 'More', Type: 'REVENUE' },
      ['The Account field Code must not be longer than 10 characters.'],
    ],
    [
      { Code: '092', Name: 'Euros', Type: 'BANK', BankAccountNumber: '1', CurrencyCode: 'EUR' },
      ["The current organisation is not subscribed to currency 'EUR'."],
    ],
  ]
  test.each(refusals)('%j is refused', async (account, errors) => {
    const client = await startedSandbox()
    const answer = await client.put('/Accounts', account)
    expect(answer.status).toBe(400)
    expect(errorsOf(listOf(answer.json, 'Elements')?.[0])).toEqual(errors)
  })

  test('a new one can be used at once, an archived one no more', async () => {
    const client = await startedSandbox()
    const account = { Code: '201', Name: 'Parts', Type: 'REVENUE', TaxType: 'OUTPUT2' }
    expect((await client.put('/Accounts', account)).list('Accounts')).toMatchObject([
      { ...account, Class: 'REVENUE' },
    ])
    const invoice = {
      Type: 'ACCREC',
      Contact: { Name: 'Acme' },
      LineItems: [{ Description: 'x', UnitAmount: 1, AccountCode: '201' }],
    }
    expect((await client.put('/Invoices', invoice)).status).toBe(200)
    client.sandbox.person().archiveAccount('201')
    expect((await client.put('/Invoices', invoice)).status).toBe(400)
  })
})

test('tax rates carry the classes that they may be used on', async () => {
  const client = await startedSandbox()
  const rates = (await client.get('/TaxRates')).list('TaxRates')
  expect(rates).toHaveLength(7)
  const sales = rates.find((rate) => rate['TaxType'] === 'OUTPUT2')
  expect(sales).toMatchObject({
    EffectiveRate: 15,
    CanApplyToRevenue: true,
    CanApplyToExpenses: false,
    Status: 'ACTIVE',
  })
  expect(rates.filter((rate) => rate['Status'] === 'DELETED')).toHaveLength(2)
})

test('a currency is added once and allows documents in it', async () => {
  const client = await startedSandbox()
  expect((await client.get('/Currencies')).list('Currencies').map((one) => one['Code'])).toEqual([
    'NZD',
    'AUD',
    'USD',
  ])
  expect((await client.put('/Currencies', { Code: 'EUR' })).list('Currencies')).toEqual([
    { Code: 'EUR', Description: 'Euro' },
  ])
  await client.put('/Currencies', { Code: 'EUR' })
  expect((await client.get('/Currencies')).list('Currencies')).toHaveLength(4)
  expect((await client.put('/Currencies', { Code: 'euro' })).json).toMatchObject({ ErrorNumber: 14 })
})

test.each([
  ['', ['North', 'South', 'East', 'West']],
  ['?includeArchived=true', ['North', 'South', 'East', 'West', 'Head Office']],
])('tracking categories%s', async (query, names) => {
  const client = await startedSandbox()
  const [region = {}] = (await client.get(`/TrackingCategories${query}`)).list('TrackingCategories')
  expect(region['Name']).toBe('Region')
  expect(listOf(region, 'Options')?.map((option) => option['Name'])).toEqual(names)
})

test('an Australian organisation has its own money, taxes and zone', async () => {
  const client = await startedSandbox({ organisations: [auDemoCompany()] })
  expect((await client.get('/Organisation')).list('Organisations')[0]).toMatchObject({
    BaseCurrency: 'AUD',
    Version: 'AU',
  })
  const line = { Description: 'x', UnitAmount: 100, AccountCode: '200' }
  const invoice = { Type: 'ACCREC', Contact: { Name: 'Acme' }, LineItems: [line] }
  expect((await client.put('/Invoices', invoice)).list('Invoices')[0]).toMatchObject({
    Total: 110,
    CurrencyCode: 'AUD',
    LineItems: [{ TaxType: 'OUTPUT' }],
  })
})
