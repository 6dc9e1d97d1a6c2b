import { describe, expect, test } from 'vitest'
import { parseDate } from './calendar.ts'
import type { Mirror, MirrorAccount, MirrorTaxRate } from './documents.ts'
import { mirrorChanges } from './mirror-changes.ts'
import { e4 } from './money.ts'

const account = (code: string, changes: Partial<MirrorAccount> = {}): MirrorAccount => ({
  accountId: `id-${code}`,
  code,
  name: `Account ${code}`,
  type: 'REVENUE',
  class: 'REVENUE',
  status: 'ACTIVE',
  systemAccount: null,
  enablePayments: false,
  taxType: 'OUTPUT2',
  ...changes,
})

const rate = (taxType: string, changes: Partial<MirrorTaxRate> = {}): MirrorTaxRate => ({
  taxType,
  name: '15% GST on Income',
  status: 'ACTIVE',
  rate: e4(150_000),
  canApplyTo: { assets: true, equity: false, expenses: false, liabilities: false, revenue: true },
  ...changes,
})

interface Parts {
  accounts: MirrorAccount[]
  rates: MirrorTaxRate[]
  tracking: Mirror['tracking']
  currencies: string[]
  organisation: Partial<Mirror['organisation']>
}

function mirror({ accounts, rates, tracking, currencies, organisation }: Partial<Parts>): Mirror {
  return {
    organisation: {
      tenantId: 'tenant',
      name: 'Harbour Motors',
      baseCurrency: 'NZD',
      countryCode: 'NZ',
      timezone: 'NEWZEALANDSTANDARDTIME',
      periodLockDate: null,
      endOfYearLockDate: null,
      shortCode: null,
      ...organisation,
    },
    accounts: new Map((accounts ?? []).map((one) => [one.code ?? one.accountId, one])),
    taxRates: new Map((rates ?? []).map((one) => [one.taxType, one])),
    tracking: tracking ?? [],
    currencies: new Set(currencies ?? []),
    readAt: 0,
  }
}

const region = (status: string, ...names: string[]): Mirror['tracking'] => [
  {
    categoryId: 'c1',
    name: 'Region',
    status,
    options: names.map((name, index) => ({ optionId: `o${index}`, name, status: 'ACTIVE' })),
  },
]

describe('between two readings', () => {
  const cases: [title: string, before: Partial<Parts>, after: Partial<Parts>, expected: string[]][] = [
    ['nothing', { accounts: [account('200')] }, { accounts: [account('200')] }, []],
    [
      'an account was added, another is no longer there',
      { accounts: [account('200')] },
      { accounts: [account('400')] },
      ['account 400 Account 400 added', 'account 200 Account 200 gone'],
    ],
    [
      'an account was archived',
      { accounts: [account('200')] },
      { accounts: [account('200', { status: 'ARCHIVED' })] },
      ['account 200 Account 200 archived'],
    ],
    [
      'an account got another code and name: it is known by its id',
      { accounts: [account('200')] },
      { accounts: [account('200', { code: '201', name: 'Sales' })] },
      ['account 200 Account 200 code: 200 -> 201', 'account 200 Account 200 name: Account 200 -> Sales'],
    ],
    [
      'payments to an account were allowed',
      { accounts: [account('880')] },
      { accounts: [account('880', { enablePayments: true })] },
      ['account 880 Account 880 payments to it: not allowed -> allowed'],
    ],
    [
      'a tax rate has another percentage, and goes with expenses too',
      { rates: [rate('OUTPUT2')] },
      {
        rates: [
          rate('OUTPUT2', { rate: e4(160_000), canApplyTo: { ...rate('').canApplyTo, expenses: true } }),
        ],
      },
      [
        'tax_rate OUTPUT2 15% GST on Income percentage: 15 -> 16',
        'tax_rate OUTPUT2 15% GST on Income goes with: assets, revenue -> assets, expenses, revenue',
      ],
    ],
    [
      'a deleted tax rate was restored',
      { rates: [rate('TAX001', { status: 'DELETED' })] },
      { rates: [rate('TAX001')] },
      ['tax_rate TAX001 15% GST on Income restored'],
    ],
    [
      'a tracking option was renamed and one added, its category archived',
      { tracking: region('ACTIVE', 'North') },
      { tracking: region('ARCHIVED', 'Northland', 'South') },
      [
        'tracking_category Region archived',
        'tracking_option Region: North name: North -> Northland',
        'tracking_option Region: South added',
      ],
    ],
    [
      'a currency was enabled',
      { currencies: ['NZD'] },
      { currencies: ['NZD', 'USD'] },
      ['currency USD added'],
    ],
    [
      'a period was locked, and opened again',
      { organisation: { periodLockDate: parseDate('2026-03-31') } },
      { organisation: { endOfYearLockDate: parseDate('2026-06-30') } },
      [
        'organisation Harbour Motors period lock date: 2026-03-31 -> null',
        'organisation Harbour Motors end of year lock date: null -> 2026-06-30',
      ],
    ],
  ]
  test.each(cases)('%s', (_title, before, after, expected) => {
    expect(
      mirrorChanges(mirror(before), mirror(after)).map((one) =>
        one.change === 'changed'
          ? `${one.part} ${one.name} ${one.field}: ${one.before} -> ${one.after}`
          : `${one.part} ${one.name} ${one.change}`,
      ),
    ).toEqual(expected)
  })
})
