import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { e4 } from '../accounting/money.ts'
import { type MirrorParts, readMirror, storeMirror } from './mirror.ts'
import { type TestLedger, testLedger, testTenant } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
})
afterEach(() => world.close())

describe('the books of an organisation', () => {
  const canApplyTo = { assets: true, equity: false, expenses: true, liabilities: false, revenue: true }
  const parts = (changes: Partial<MirrorParts> = {}): MirrorParts => ({
    organisation: {
      tenantId: testTenant,
      name: 'Harbour Motors',
      baseCurrency: 'NZD',
      countryCode: 'NZ',
      timezone: 'NEWZEALANDSTANDARDTIME',
      periodLockDate: null,
      endOfYearLockDate: '2026-03-31' as NonNullable<MirrorParts['organisation']['endOfYearLockDate']>, // a literal
      shortCode: '!abc',
    },
    accounts: [
      {
        accountId: 'a1',
        code: '200',
        name: 'Sales',
        type: 'REVENUE',
        class: 'REVENUE',
        status: 'ACTIVE',
        systemAccount: null,
        enablePayments: true,
        taxType: 'OUTPUT2',
      },
      {
        accountId: 'a2',
        code: null,
        name: 'Bank',
        type: 'BANK',
        class: 'ASSET',
        status: 'ACTIVE',
        systemAccount: null,
        enablePayments: false,
        taxType: null,
      },
    ],
    taxRates: [
      { taxType: 'OUTPUT2', name: '15%', status: 'ACTIVE', rate: e4(150_000), canApplyTo },
      { taxType: 'OUTPUT2', name: 'old', status: 'DELETED', rate: e4(125_000), canApplyTo },
    ],
    tracking: [
      {
        categoryId: 'c1',
        name: 'Region',
        status: 'ACTIVE',
        options: [
          { optionId: 'o1', name: 'North', status: 'ACTIVE' },
          { optionId: 'o2', name: 'South', status: 'ARCHIVED' },
        ],
      },
    ],
    currencies: ['NZD', 'USD'],
    ...changes,
  })

  test('comes back as it was stored', async () => {
    expect(await readMirror(world.ledger, testTenant)).toBeNull()
    await storeMirror(world.ledger, parts())
    const mirror = await readMirror(world.ledger, testTenant)
    expect(mirror?.organisation).toEqual(parts().organisation)
    expect([...(mirror?.accounts.values() ?? [])]).toEqual(parts().accounts)
    expect([...(mirror?.taxRates.values() ?? [])]).toEqual([parts().taxRates[0]])
    expect(mirror?.tracking).toEqual(parts().tracking)
    expect([...(mirror?.currencies ?? [])]).toEqual(['NZD', 'USD'])
    expect(mirror?.readAt).toBe(world.clock.now())
  })

  test('is replaced whole, of this organisation alone', async () => {
    await storeMirror(world.ledger, parts())
    await storeMirror(world.ledger, parts({ organisation: { ...parts().organisation, tenantId: 'another' } }))
    await storeMirror(world.ledger, parts({ accounts: [], taxRates: [], tracking: [], currencies: ['NZD'] }))
    const mirror = await readMirror(world.ledger, testTenant)
    expect([mirror?.accounts.size, mirror?.taxRates.size, mirror?.tracking, mirror?.currencies.size]).toEqual(
      [0, 0, [], 1],
    )
    expect((await readMirror(world.ledger, 'another'))?.accounts.size).toBe(2)
  })

  test('a part that cannot be stored leaves the old mirror', async () => {
    await storeMirror(world.ledger, parts())
    const [account] = parts().accounts
    if (!account) throw new Error('no account')
    await expect(storeMirror(world.ledger, parts({ accounts: [account, account] }))).rejects.toThrow(/UNIQUE/)
    expect((await readMirror(world.ledger, testTenant))?.accounts.size).toBe(2)
  })
})
