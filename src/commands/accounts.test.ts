import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { accountsCommand } from './accounts.ts'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
})
afterEach(() => world.drop())

const list = (flags = {}) => world.run(accountsCommand, flags)

function account(code: string, row: Record<string, string | number | null> = {}): void {
  world.insert('mirror_account', {
    tenant_id: 'tenant-1',
    read_at: '2026-11-21T03:00:00.000Z',
    account_id: `account-${code}`,
    code,
    name: `Account ${code}`,
    type: 'CURRENT',
    class: 'ASSET',
    status: 'ACTIVE',
    enable_payments: 0,
    ...row,
  })
}

const map = (code: string, xero: string) =>
  world.insert('account_map', { entity: 'NZ01', account: code, xero_code: xero })
const role = (name: string, code: string) =>
  world.insert('role_account', { entity: 'NZ01', role: name, account: code })
const method = (name: string, code: string) =>
  world.insert('payment_method_map', { entity: 'NZ01', method: name, xero_account: code })

function payment(code: string, row: Record<string, string> = {}): void {
  world.insert('payment', {
    id: `P-${code}`,
    entity: 'NZ01',
    kind: 'payment',
    account: code,
    date: '2026-11-01',
    amount_cents: 100,
    ...row,
  })
}

function journal(kind: string, debit: string, credit: string): void {
  const id = `J-${debit}`
  world.insert('journal', { id, entity: 'NZ01', kind, date: '2026-11-01', status: 'posted' })
  world.insert('journal_line', { journal: id, position: 1, account: debit, amount_cents: 100 })
  world.insert('journal_line', { journal: id, position: 2, account: credit, amount_cents: -100 })
}

describe('accounts', () => {
  test('each stands beside its account in Xero, with all that uses it', async () => {
    world.connect('NZ01')
    account('090', { type: 'BANK' })
    world.invoice('INV-1')
    world.insert('item', { code: 'OIL', name: 'Oil', sale_account: '200' })
    role('freight', '200')
    method('EFTPOS', '090')
    method('card', '090')
    expect((await list({ json: true })).json).toEqual([
      {
        entity: 'NZ01',
        mirror: { readAt: '2026-11-21T03:00:00.000Z' },
        code: '200',
        isMapped: false,
        xeroAccount: '200',
        uses: { salesLines: 1, saleItems: 1 },
        roles: ['freight'],
        methods: [],
        account: {
          accountId: 'account-200',
          code: '200',
          name: 'Sales',
          type: 'REVENUE',
          class: 'REVENUE',
          status: 'ACTIVE',
          systemAccount: null,
          enablePayments: false,
        },
        problems: [],
        unusual: null,
      },
      expect.objectContaining({ code: null, xeroAccount: '090', methods: ['EFTPOS', 'card'], problems: [] }),
    ])
    const { code, out, err } = await list()
    expect(code).toBe(0)
    expect(out).toMatch(
      /200 +1 sales line, 1 item sold, role freight +200 +Sales +REVENUE +REVENUE +ACTIVE\n/,
    )
    expect(out).toContain('method EFTPOS, method card')
    expect(out).toMatch(/\n {2}2 accounts: nothing wrong\.\n$/)
    expect(err).toContain('auxo-sync refresh reads it again')
  })

  test.each<{ title: string; prepare: () => void; problems: string[] }>([
    {
      title: 'unknown, as mapped',
      prepare: () => map('200', '999'),
      problems: ['200 account-unknown Xero does not have it'],
    },
    {
      title: 'archived',
      prepare: () => {
        account('400', { status: 'ARCHIVED' })
        role('discount', '400')
      },
      problems: ['400 account-archived archived in Xero'],
    },
    {
      title: 'a bank account on lines, of which payments take it',
      prepare: () => {
        account('090', { type: 'BANK' })
        world.invoice('INV-1')
        map('200', '090')
        payment('200')
        journal('general', '200', '200')
      },
      problems: ['200 account-wrong-class type BANK takes no lines (sales, journals)'],
    },
    {
      title: 'no payments enabled',
      prepare: () => {
        account('610')
        role('clearing', '610')
        method('cash', '610')
        payment('610')
      },
      problems: [
        '610 account-not-payable no bank account, and payments are not enabled (payments, role clearing)',
        'null account-not-payable no bank account, and payments are not enabled (method cash)',
      ],
    },
    {
      title: 'payments enabled, and two-step receipts',
      prepare: () => {
        account('610', { enable_payments: 1 })
        role('clearing', '610')
        role('unapplied_payments', '610')
        role('bank_clearing', '610')
      },
      problems: [],
    },
    {
      title: 'a bank account in the place of bank clearing',
      prepare: () => {
        account('090', { type: 'BANK' })
        role('bank_clearing', '090')
      },
      problems: ['090 account-wrong-class type BANK takes no lines (role bank_clearing)'],
    },
    {
      title: "Xero's own receivables",
      prepare: () => {
        account('1200', { system_account: 'DEBTORS' })
        role('debtors', '1200')
      },
      problems: ['1200 account-system Xero keeps it for itself (role debtors)'],
    },
    {
      title: 'a journal that posts a payment: the debit side is money, the other is not sent',
      prepare: () => {
        account('090', { type: 'BANK' })
        journal('invoice_payment', '090', '1200')
      },
      problems: [],
    },
    {
      title: 'an account that lines name by its id',
      prepare: () => {
        account('400')
        role('discount', 'account-400')
      },
      problems: ['account-400 account-unknown named by its id: only payments take one (role discount)'],
    },
  ])('$title: $problems', async ({ prepare, problems }) => {
    world.connect('NZ01')
    prepare()
    const rows = (await list({ json: true })).json as {
      code: string | null
      problems: { code: string; message: string }[]
    }[] // lines of accountsCommand
    expect(
      rows.flatMap((row) => row.problems.map((one) => `${row.code} ${one.code} ${one.message}`)),
    ).toEqual(problems)
    const { out } = await list()
    for (const row of rows) for (const { message } of row.problems) expect(out).toContain(message)
  })

  test('one of a class that is not made for its place is pointed out, and is no problem', async () => {
    world.connect('NZ01')
    account('310', { type: 'DIRECTCOSTS', class: 'EXPENSE' })
    account('631')
    account('090', { type: 'BANK', class: '' })
    role('cost_of_goods_sold', '200')
    role('stock_on_hand', '310')
    role('work_in_progress', '631')
    role('clearing', '090')
    world.invoice('BILL-1', { kind: 'bill' })
    world.insert('item', { code: 'OIL', name: 'Oil', sale_account: '310', purchase_account: '631' })
    const rows = (await list({ json: true })).json as { code: string; unusual: string | null }[] // as above
    expect(rows.map(({ code, unusual }) => `${code} ${unusual}`)).toEqual([
      '090 null',
      '200 class REVENUE is unusual here (role cost_of_goods_sold, purchases)',
      '310 class EXPENSE is unusual here (role stock_on_hand, sales)',
      '631 null',
    ])
    const { out, code } = await list()
    expect(out).toContain('class EXPENSE is unusual here (role stock_on_hand, sales)')
    expect([code, out.includes('4 accounts: nothing wrong.')]).toEqual([0, true])
  })

  test('the last line names those with a problem', async () => {
    world.connect('NZ01')
    role('discount', '999')
    world.invoice('INV-1')
    expect((await list()).out).toMatch(/\n {2}2 accounts, 1 with a problem: 999\.\n$/)
  })

  test('what is void, deleted, a discount or of Xero itself does not count', async () => {
    world.invoice('INV-1', { status: 'void' })
    payment('1', { state: 'deleted' })
    payment('2', { kind: 'discount' })
    payment('3', { origin: 'external' })
    journal('invoice_payment', '4', '5')
    const { json, err } = await list({ json: true })
    expect(json).toMatchObject([{ code: '4', uses: { paymentJournals: 1 }, account: null, problems: [] }])
    expect(err).toContain('Connect first')
  })

  test('a ledger without accounts says so', async () => {
    expect((await list()).out).toBe('NZ01: the ledger uses no account yet.\n')
  })
})
