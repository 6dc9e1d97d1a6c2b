import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { taxCodesCommand } from './tax-codes.ts'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
})
afterEach(() => world.drop())

const list = (flags = {}) => world.run(taxCodesCommand, flags)

function rate(taxType: string, row: Record<string, string | number> = {}): void {
  world.insert('mirror_tax_rate', {
    tenant_id: 'tenant-1',
    read_at: '2026-11-21T03:00:00.000Z',
    tax_type: taxType,
    name: `Rate ${taxType}`,
    status: 'ACTIVE',
    rate_e4: 125_000,
    applies_to_assets: 1,
    applies_to_equity: 1,
    applies_to_expenses: 1,
    applies_to_liabilities: 1,
    applies_to_revenue: 1,
    ...row,
  })
}

/** A document of one line with this code. */
function uses(code: string | null, document: Record<string, string> = {}): void {
  const id = `${document['kind'] ?? 'invoice'}-${code}`
  world.invoice(id, { id, ...document })
  world.ledger.sqlite.prepare('UPDATE document_line SET tax_code = ? WHERE document = ?').run(code, id)
}

const map = (code: string, sales: string | null, purchase: string | null) =>
  world.insert('tax_code_map', {
    entity: 'NZ01',
    tax_code: code,
    sales_type: sales,
    purchase_type: purchase,
  })

describe('tax-codes', () => {
  test('every code stands beside its rates, then the types that no code uses', async () => {
    world.connect('NZ01')
    rate('INPUT2')
    rate('NONE', { rate_e4: 0 })
    rate('OLD', { status: 'DELETED' })
    uses('GST')
    uses('GST', { kind: 'bill' })
    map('GST', 'OUTPUT2', 'INPUT2')
    expect((await list({ json: true })).json).toEqual([
      {
        entity: 'NZ01',
        mirror: { readAt: '2026-11-21T03:00:00.000Z' },
        code: 'GST',
        isMapped: true,
        uses: { salesLines: 1, purchaseLines: 1 },
        settings: [],
        salesType: 'OUTPUT2',
        purchaseType: 'INPUT2',
        salesRate: { taxType: 'OUTPUT2', name: '15% GST on Income', percent: '15', status: 'ACTIVE' },
        purchaseRate: { taxType: 'INPUT2', name: 'Rate INPUT2', percent: '12.5', status: 'ACTIVE' },
        unusedRate: null,
        problems: [],
      },
      expect.objectContaining({
        code: null,
        salesType: null,
        unusedRate: { taxType: 'NONE', name: 'Rate NONE', percent: '0', status: 'ACTIVE' },
      }),
    ])
    const { code, out, err } = await list()
    expect(code).toBe(0)
    expect(out).toMatch(
      /GST +1 sales line, 1 purchase line +sales +OUTPUT2 +15% GST on Income +15 +ACTIVE\n +purchases +INPUT2 /,
    )
    expect(out).toMatch(/lines without a tax code +NONE/)
    expect(out).toMatch(/\n {2}1 tax code: nothing wrong\.\n$/)
    expect(err).toBe('NZ01: Harbour Motors as it was 24 hours ago; auxo-sync refresh reads it again.\n')
  })

  test('the last line names those with a problem, also one that is only mapped', async () => {
    world.connect('NZ01')
    map('GST', 'OUTPUT2', null)
    map('OLD', 'GONE', null)
    const { out } = await list()
    expect(out).toMatch(/GST +tax_code_map alone +sales +OUTPUT2/)
    expect(out).toMatch(/\n {2}2 tax codes, 1 with a problem: OLD\.\n$/)
  })

  test.each<{ title: string; prepare: () => void; code?: string; problems: string[] }>([
    { title: 'one that stands for itself', prepare: () => uses('OUTPUT2'), code: 'OUTPUT2', problems: [] },
    {
      title: 'one that Xero does not have',
      prepare: () => uses('GST'),
      problems: ['tax-unmapped null not in tax_code_map, and no type of Xero'],
    },
    {
      title: 'one in another case',
      prepare: () => uses('output2'),
      code: 'output2',
      problems: ['tax-unmapped null not in tax_code_map; Xero spells it OUTPUT2'],
    },
    {
      title: 'a mapped type in another case',
      prepare: () => map('GST', 'Output2', null),
      problems: ['tax-unknown sales Xero spells it OUTPUT2'],
    },
    {
      title: 'mapped types that Xero does not have, or no longer uses',
      prepare: () => {
        rate('OLD', { status: 'DELETED' })
        map('GST', 'NEW', 'OLD')
      },
      problems: ['tax-unknown sales Xero does not have it', 'tax-unknown purchases archived in Xero'],
    },
    {
      title: 'a side that is used and not mapped',
      prepare: () => {
        map('GST', 'OUTPUT2', null)
        uses('GST', { kind: 'supplier_credit' })
      },
      problems: ['tax-unmapped purchases no purchase type in tax_code_map'],
    },
    {
      title: 'a side that is neither',
      prepare: () => {
        map('GST', 'OUTPUT2', null)
        uses('GST', { kind: 'credit_note' })
      },
      problems: [],
    },
    {
      title: 'types of the other side',
      prepare: () => {
        rate('IN', { applies_to_revenue: 0 })
        rate('OUT', { applies_to_expenses: 0 })
        map('GST', 'IN', 'OUT')
      },
      problems: [
        'tax-not-applicable sales does not go with revenue',
        'tax-not-applicable purchases does not go with expenses',
      ],
    },
    {
      title: 'a type of one side that stands for itself there',
      prepare: () => {
        rate('OUT', { applies_to_expenses: 0 })
        uses('OUT')
      },
      code: 'OUT',
      problems: [],
    },
    {
      title: 'a type of one side that stands for itself on the other',
      prepare: () => {
        rate('OUT', { applies_to_expenses: 0 })
        world.insert('item', { code: 'OIL', name: 'Oil', purchase_tax_code: 'OUT' })
      },
      code: 'OUT',
      problems: ['tax-not-applicable purchases does not go with expenses'],
    },
    {
      title: 'the code of a setting',
      prepare: () => world.insert('setting', { entity: 'NZ01', name: 'prepayment_tax_code', value: 'GST' }),
      problems: ['tax-unmapped null not in tax_code_map, and no type of Xero'],
    },
  ])('$title: $problems', async ({ prepare, code = 'GST', problems }) => {
    world.connect('NZ01')
    prepare()
    const rows = (await list({ json: true })).json as {
      code: string | null
      problems: { code: string; side: string | null; message: string }[]
    }[] // lines of taxCodesCommand
    const row = rows.find((one) => one.code === code)
    expect(row?.problems.map((one) => `${one.code} ${one.side} ${one.message}`)).toEqual(problems)
    const { out } = await list()
    for (const { message } of row?.problems ?? []) expect(out).toContain(message)
  })

  test('void documents, those without tax, and rows of other entities do not count; journals do', async () => {
    world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
    uses('VOID', { status: 'void' })
    uses('NOTAX', { amounts: 'no_tax' })
    uses('OTHER', { entity: 'NZ02' })
    uses(null)
    world.insert('journal', {
      id: 'J',
      entity: 'NZ01',
      kind: 'general',
      date: '2026-11-01',
      status: 'posted',
    })
    world.insert('journal_line', { journal: 'J', position: 1, amount_cents: 1, tax_code: 'JOURNAL' })
    const { json, err } = await list({ json: true, entity: 'NZ01' })
    expect(json).toMatchObject([{ entity: 'NZ01', code: 'JOURNAL', uses: { journalLines: 1 } }])
    expect(err).toContain('Connect first')
    expect((await list({ json: true })).json).toMatchObject([{ code: 'JOURNAL' }, { code: 'OTHER' }])
    expect((await list({ quiet: true, entity: 'NZ02' })).err).toBe('')
  })
})
