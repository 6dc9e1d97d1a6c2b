import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { someBooks } from '../../test/support/books.ts'
import type { Finding } from '../accounting/findings.ts'
import type { SettingName } from '../accounting/settings.ts'
import { insertInvoice, insertRow, type TestLedger, testLedger, testTenant } from '../ledger/test-ledger.ts'
import { type CheckOptions, checkKind } from './check.ts'
import { documentKind } from './kinds/document.ts'
import { openScope } from './scope.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
  world.exec(`
    INSERT INTO contact (code, name) VALUES ('ACME', 'Acme Ltd');
    INSERT INTO contact_link (contact, tenant_id, xero_contact_id, made_by, since) VALUES ('ACME', '${testTenant}', 'x', 'create', 'then');
    INSERT INTO billing_entity (code, name, region) VALUES ('AU01', 'Other', 'AU'), ('GB01', 'Third', 'GB')`)
})
afterEach(() => world.close())

function connect(entity: string, tenant = testTenant): void {
  insertRow(world, 'connection', {
    entity,
    tenant_id: tenant,
    organisation_name: 'O',
    login: 'custom',
    client_id: 'c',
    scopes: 'accounting.invoices',
    api_url: 'u',
    connected_at: 'then',
  })
}

async function check(
  ids: readonly string[],
  options: { settings?: Partial<Record<SettingName, string>>; record?: CheckOptions['record'] } = {},
) {
  const books = someBooks({ settings: options.settings ?? {} })
  const scope = await openScope(world.ledger, books, testTenant, world.clock)
  const findings: Finding[] = []
  const report = await checkKind(documentKind('invoice'), scope, ids, {
    run: 1,
    record: options.record ?? 'states',
    onFindings: (some) => findings.push(...some),
    onPage: () => undefined,
  })
  return { report, scope, findings, codes: findings.map((one) => `${one.id} ${one.code}`) }
}

describe('numbers that two documents would have in Xero', () => {
  const other = (number: string, changes: Record<string, string> = {}) => {
    insertInvoice(world, 'other', { number, ...changes })
  }
  const cases: [title: string, own: string, prefix: string, make: () => void, shared: boolean][] = [
    ['nobody else’s', '7', '', () => other('8'), false],
    ['the same', '7', '', () => other('7'), true],
    ['the same in another case', 'inv-7', '', () => other('INV-7'), true],
    ['of a bill', '7', '', () => other('7', { kind: 'bill' }), false],
    ['of a draft', '7', '', () => other('7', { status: 'draft' }), false],
    ['of a void one', '7', '', () => other('7', { status: 'void' }), false],
    ['with the prefix written and not', '7', 'NZ-', () => other('NZ-7'), true],
    ['with the prefix not written and written', 'NZ-7', 'NZ-', () => other('7'), true],
    [
      'of an entity of another organisation',
      '7',
      '',
      () => {
        connect('AU01', 'tenant-9')
        other('7', { entity: 'AU01' })
      },
      false,
    ],
    ['of an entity that is not connected', '7', '', () => other('7', { entity: 'AU01' }), false],
    [
      'of an entity that shares the organisation',
      '7',
      '',
      () => {
        connect('AU01')
        other('7', { entity: 'AU01' })
      },
      true,
    ],
    [
      'of one that shares it, with another prefix',
      '7',
      'NZ-',
      () => {
        connect('AU01')
        world.exec("INSERT INTO setting VALUES ('AU01', 'number_prefix', 'AU-')")
        other('7', { entity: 'AU01' })
      },
      false,
    ],
    [
      'of one that shares it, whose prefix makes it the same',
      'AU-7',
      '',
      () => {
        connect('AU01')
        world.exec("INSERT INTO setting VALUES ('AU01', 'number_prefix', 'AU-')")
        other('7', { entity: 'AU01' })
      },
      true,
    ],
    [
      'of one that shares it, written out',
      'NZ-7',
      'NZ-',
      () => {
        connect('AU01')
        other('nz-7', { entity: 'AU01' })
      },
      true,
    ],
    ['none at all, both', '', '', () => other(''), false],
  ]
  test.each(cases)('%s', async (_title, own, prefix, make, shared) => {
    insertInvoice(world, 'own', { number: own })
    make()
    const { codes } = await check(['own'], { settings: prefix === '' ? {} : { number_prefix: prefix } })
    expect(codes.includes('own number-duplicate')).toBe(shared)
  })

  test('of very many documents: a few are named, and the others of another entity are still found', async () => {
    connect('AU01')
    world.exec("INSERT INTO setting VALUES ('AU01', 'number_prefix', 'AU-')")
    world.exec('BEGIN')
    for (let index = 0; index < 300; index += 1)
      insertInvoice(world, `A${index}`, { number: '7', entity: 'AU01' })
    for (let index = 0; index < 300; index += 1) insertInvoice(world, `N${index}`, { number: '7' })
    world.exec('COMMIT')
    const ids = Array.from({ length: 300 }, (_, index) => `N${index}`)
    const { findings, report } = await check(ids)
    expect(report.failed).toBe(300)
    const duplicates = findings.filter((one) => one.code === 'number-duplicate')
    expect(duplicates).toHaveLength(300)
    for (const one of duplicates) {
      expect(one.message.length).toBeLessThan(300)
      expect(one.message).not.toMatch(/document\S* A\d/)
    }
  })

  test('none at all, of very many documents: they are not compared with each other', async () => {
    world.exec('BEGIN')
    for (let index = 0; index < 3_000; index += 1) insertInvoice(world, `N${index}`, { number: '' })
    world.exec('COMMIT')
    const books = someBooks()
    const scope = await openScope(world.ledger, books, testTenant, world.clock)
    let asked = 0
    const prepare = world.ledger.sqlite.prepare.bind(world.ledger.sqlite)
    world.ledger.sqlite.prepare = ((sql: string) => {
      const statement = prepare(sql)
      if (!/UPPER/.test(sql)) return statement
      const all = statement.all.bind(statement)
      statement.all = ((...values: unknown[]) => {
        const rows = all(...values)
        asked += rows.length
        return rows
      }) as typeof statement.all // counts what it passes on
      return statement
    }) as typeof prepare // as above
    await checkKind(documentKind('invoice'), scope, ['N1', 'N2', 'N3'], {
      run: 1,
      record: 'nothing',
      onFindings: () => undefined,
      onPage: () => undefined,
    })
    expect(asked).toBe(0)
  })
})

describe('a page of documents', () => {
  const states = () =>
    world.rows("SELECT source_id, state, queued FROM export_state WHERE kind = 'invoice' ORDER BY source_id")

  test('one with an amount that no computer of ours holds exactly fails alone', async () => {
    insertInvoice(world, 'A')
    insertInvoice(world, 'B')
    world.exec("UPDATE document SET total_cents = 9007199254740993 WHERE id = 'B'")
    const { report, codes } = await check(['A', 'B'])
    expect(report.sendable.map((one) => one.id)).toEqual(['A'])
    expect(codes).toEqual(['B amount-too-large'])
    expect(states()).toEqual([
      { source_id: 'A', state: 'pending', queued: 1 },
      { source_id: 'B', state: 'failed', queued: 1 },
    ])
  })

  test('an exported one that is as it was sent leaves the queue; an edited one is planned as an update, a void one as a void', async () => {
    insertInvoice(world, 'A')
    const first = await check(['A'])
    expect(first.report.sendable).toHaveLength(1)
    const { documentHash } = await import('../mapping/facts.ts')
    const { readDocuments } = await import('../ledger/documents.ts')
    const document = (await readDocuments(world.ledger, ['A'])).get('A')
    if (!document) throw new Error('gone')
    world.ledger.sqlite
      .prepare("UPDATE export_state SET state = 'exported', facts_hash = ?")
      .run(documentHash(document))
    expect((await check(['A'])).codes).toEqual([])
    expect(states()).toEqual([{ source_id: 'A', state: 'exported', queued: 0 }])
    world.exec("UPDATE document SET reference = 'changed'")
    const { codes, report } = await check(['A'])
    expect(codes).toEqual([])
    expect(report.sendable).toMatchObject([{ id: 'A', operation: 'update' }])
    expect(states()).toEqual([{ source_id: 'A', state: 'exported', queued: 1 }])
    world.exec("UPDATE document SET status = 'void'")
    expect((await check(['A'])).report.sendable).toMatchObject([{ id: 'A', operation: 'void' }])
    world.exec("UPDATE document SET status = 'draft'")
    const draft = await check(['A'])
    expect([draft.report.sendable, draft.codes]).toEqual([[], ['A edited-after-export']])
    expect(states()).toEqual([{ source_id: 'A', state: 'exported', queued: 1 }])
  })

  test.each(['nothing', 'findings'] as const)('recorded as “%s” moves no state', async (record) => {
    insertInvoice(world, 'A', { number: '' })
    expect((await check(['A'], { record })).report.failed).toBe(1)
    expect(states()).toEqual([{ source_id: 'A', state: 'pending', queued: 1 }])
    expect(world.rows('SELECT code FROM finding')).toEqual(
      record === 'nothing' ? [] : [{ code: 'number-missing' }],
    )
  })

  test('what was mended is pending again, and its findings are gone', async () => {
    insertInvoice(world, 'A', { number: '' })
    await check(['A'])
    expect(states()).toMatchObject([{ state: 'failed' }])
    world.exec("UPDATE document SET number = 'INV-1'")
    await check(['A'])
    expect(states()).toMatchObject([{ state: 'pending' }])
    expect(world.rows('SELECT code FROM finding')).toEqual([])
  })

  test('a contact that cannot be created holds its documents back, with its reason', async () => {
    world.exec("INSERT INTO contact (code, name, active) VALUES ('K', 'Kea', 0)")
    insertInvoice(world, 'A', { contact: 'K' })
    const { report, codes, scope } = await check(['A'])
    expect(report.sendable).toEqual([])
    expect(scope.neededContacts.size).toBe(0)
    expect(codes.length).toBeGreaterThan(0)
    expect(world.row("SELECT reason FROM export_state WHERE kind = 'invoice'")['reason']).not.toBeNull()
  })

  test('money is added up by currency, in more documents than a page', async () => {
    world.exec('BEGIN')
    for (let index = 0; index < 450; index += 1)
      insertInvoice(world, `D${index}`, {
        currency: index % 2 ? 'USD' : null,
        exchange_rate_e6: index % 2 ? 600_000 : null,
      })
    world.exec('COMMIT')
    const ids = Array.from({ length: 450 }, (_, index) => `D${index}`)
    const { report, codes } = await check([...ids, 'nobody'])
    expect(codes).toEqual([])
    expect(report.checked).toBe(450)
    expect(report.sendable.map((one) => one.id)).toEqual(ids)
    const moneyOf = (currency: string) =>
      report.sendable.reduce((sum, { money }) => sum + (money?.currency === currency ? money.amount : 0), 0)
    expect([moneyOf('NZD'), moneyOf('USD')]).toEqual([225 * 11_500, 225 * 11_500])
  })
})
