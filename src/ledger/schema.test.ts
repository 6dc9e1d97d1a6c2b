import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roles } from '../accounting/books.ts'
import {
  amountsModes,
  documentKinds,
  documentStatuses,
  exportStates,
  lineKinds,
} from '../accounting/kinds.ts'
import { insertRow, type Row, type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
beforeAll(() => {
  world = testLedger()
})
afterAll(() => world.close())

interface Column {
  type: string
  isNullable: boolean
  hasDefault: boolean
}

/** Columns as SQLite has them; the one integer primary key is filled in by SQLite, which counts as a default. */
function columnsOf(table: string): Map<string, Column> {
  const info = world.rows('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', table)
  const keys = info.filter((row) => Number(row['pk']) > 0)
  return new Map(
    info.map((row) => {
      const isRowId = keys.length === 1 && row['pk'] === 1 && row['type'] === 'INTEGER'
      return [
        String(row['name']),
        {
          type: String(row['type']),
          isNullable: row['notnull'] === 0 && row['pk'] === 0,
          hasDefault: row['dflt_value'] !== null || isRowId,
        },
      ]
    }),
  )
}

/** What schema.ts and its larger tables say, read as text: types leave nothing behind to be asked. */
function declaredTables(): Map<string, Map<string, string>> {
  const text = ['./schema.ts', './sync-tables.ts']
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('\n')
    .replaceAll(/\/\*\*.*?\*\//gs, '')
  const fieldsOf = (body: string) =>
    new Map(
      [...body.matchAll(/(\w+): ([^;\n{}]+)(?:[;\n]|\s*$)/g)].map(([, name, type]) => [
        name ?? '',
        (type ?? '').trim(),
      ]),
    )
  const named = new Map(
    [...text.matchAll(/interface (\w+Table) \{([^}]*)\}/g)].map(([, name, body]) => [
      name ?? '',
      fieldsOf(body ?? ''),
    ]),
  )
  const schema = /export interface Schema \{(.*?)\n\}/s.exec(text)?.[1] ?? ''
  const tables = new Map<string, Map<string, string>>()
  for (const [, name, body, type] of schema.matchAll(/^ {2}(\w+): (?:\{([^}]*)\}|(\w+))/gms)) {
    tables.set(name ?? '', body === undefined ? (named.get(type ?? '') ?? new Map()) : fieldsOf(body))
  }
  return tables
}

const numberTypes = /^(number|Flag|1|Generated<(number|Flag|\d( \| \d)*)>)$/

describe('schema.ts agrees with the tables', () => {
  const tables = [...declaredTables()]
  test('and was read at all', () => {
    expect(tables.length).toBeGreaterThan(25)
    expect(tables.find(([name]) => name === 'chunk')?.[1].get('body')).toBe('Buffer | null')
  })

  test.each(tables)('%s', (table, fields) => {
    const columns = columnsOf(table)
    expect(fields.size).toBeGreaterThan(0)
    const isView = world.row('SELECT type FROM sqlite_schema WHERE name = ?', table)['type'] === 'view'
    for (const [name, declared] of fields) {
      const column = columns.get(name)
      if (!column) throw new Error(`${table}.${name} is not in the table`)
      const type = declared.replace(/ \| null$/, '')
      if (isView) continue
      expect([name, declared.endsWith('| null')]).toEqual([name, column.isNullable])
      const expected = type.startsWith('Buffer') ? 'BLOB' : numberTypes.test(type) ? 'INTEGER' : 'TEXT'
      expect([name, expected]).toEqual([name, column.type])
      if (declared.startsWith('Generated')) expect([name, column.hasDefault]).toEqual([name, true])
    }
  })

  test.each(tables.filter(([, fields]) => [...fields.values()].some((type) => type.startsWith('Generated'))))(
    '%s can be written with what schema.ts asks for',
    (table, fields) => {
      // A column without default that schema.ts does not list could never be given a value.
      const missing = [...columnsOf(table)].filter(
        ([name, column]) => !fields.has(name) && !column.isNullable && !column.hasDefault,
      )
      expect(missing).toEqual([])
    },
  )
})

/** The public contract: names and types that exporting systems rely on. `?` may be NULL, `=` has a default. */
const contract: Record<string, string> = {
  billing_entity: 'code name region base_currency?',
  contact:
    'code name is_customer#= is_supplier#= active#= email? phone? mobile? tax_number? currency? street_1? street_2? city? ' +
    'state? postcode? country? postal_street_1? postal_street_2? postal_city? postal_state? postal_postcode? postal_country? notes?',
  contact_person: 'contact position# first_name? last_name? email? include_in_emails#=',
  item:
    'code name description? sale_price_e4#? sale_account? sale_tax_code? purchase_price_e4#? purchase_account? ' +
    'purchase_tax_code? is_stocked#= average_cost_e4#?',
  document:
    'id entity kind number= contact? status date due_date? currency? exchange_rate_e6#? amounts= reference? ' +
    'vehicle_registration? po_number? job? employee? week_ending? recruiters? subtotal_cents# tax_cents# total_cents# ' +
    'url? source_document? updated_at?',
  document_line:
    'document position# kind= item? description? quantity_e4#= unit_price_e4#? discount_percent_e4#? amount_cents#= ' +
    'account? tax_code? tax_cents#= tracking_1_category? tracking_1_option? tracking_2_category? tracking_2_option? ' +
    'supply? average_cost_e4#? destination? quantity_received_e4#?',
  document_attachment: 'document file include_online#=',
  payment:
    'id entity contact? kind method? account? date amount_cents# currency? exchange_rate_e6#? reference? origin= state= ' +
    'deleted_at? deleted_by? refund_of?',
  payment_allocation: 'payment document amount_cents# date?',
  credit_allocation: 'credit document amount_cents# date? origin=',
  journal: 'id entity kind date narration? status document? payment?',
  journal_line:
    'journal position# account? description? amount_cents# tax_code? tax_cents#= tracking_1_category? ' +
    'tracking_1_option? tracking_2_category? tracking_2_option? employee?',
  stock_movement: 'id entity item date kind quantity_e4# unit_cost_e4#= note?',
  setting: 'entity name value',
  account_map: 'entity account xero_code',
  tax_code_map: 'entity tax_code sales_type? purchase_type?',
  payment_method_map: 'entity method xero_account',
  role_account: 'entity role account',
}

const readableViews = [
  'readable_document',
  'readable_document_line',
  'readable_document_balance',
  'readable_payment',
  'readable_payment_allocation',
  'readable_credit_allocation',
  'readable_journal',
  'readable_item',
  'readable_stock_movement',
  'readable_item_in_xero',
  'readable_manual_journal',
  'readable_generated_journal',
]

const defaults: [table: string, row: Row, expected: Row][] = [
  ['contact', { code: 'A', name: 'A' }, { active: 1, is_customer: 0, is_supplier: 0 }],
  [
    'document',
    {
      id: 'D',
      entity: 'NZ01',
      kind: 'invoice',
      status: 'draft',
      date: '2026-11-01',
      subtotal_cents: 0,
      tax_cents: 0,
      total_cents: 0,
    },
    { amounts: 'exclusive', currency: null, due_date: null },
  ],
  ['document_line', { document: 'D', position: 1 }, { quantity_e4: 10_000, kind: 'charge', tax_cents: 0 }],
  [
    'payment',
    { id: 'P', entity: 'NZ01', kind: 'payment', date: '2026-11-01', amount_cents: 1 },
    { origin: 'ledger', state: 'received' },
  ],
  ['credit_allocation', { credit: 'C', document: 'D', amount_cents: 1 }, { origin: 'ledger' }],
  [
    'export_state',
    { kind: 'note', source_id: 'x', entity: 'NZ01' },
    { state: 'pending', revision: 1, queued: 1 },
  ],
]

describe('the public contract', () => {
  test.each(Object.entries(contract))('%s has its columns', (table, promised) => {
    const columns = columnsOf(table)
    const found = [...columns].map(([name, column]) => {
      const optional = column.isNullable ? '?' : column.hasDefault ? '=' : ''
      return `${name}${column.type === 'INTEGER' ? '#' : ''}${optional}`
    })
    expect(found).toEqual(promised.split(' '))
  })

  test.each([
    'connection',
    'export_state',
    'batch_run',
    'chunk',
    'chunk_thing',
    'summary',
    'summary_source',
    'api_log',
    'contact_link',
    'external_ref',
    'watermark',
    'adjustment',
    'finding',
    'mirror_organisation',
    'mirror_account',
    'mirror_tax_rate',
    'mirror_tracking',
    'mirror_currency',
    'mirror_contact',
    'event',
    'run_lease',
  ])('the sync table %s is there', (table) => {
    expect(columnsOf(table).size).toBeGreaterThan(0)
  })

  test('every table is STRICT, and no sync table refers to a source table', () => {
    const tables = world.rows(
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'",
    )
    const loose = tables.filter((row) => row['strict'] !== 1 && !String(row['name']).startsWith('sqlite_'))
    expect(loose).toEqual([])
    for (const { name } of tables) {
      if (contract[String(name)]) continue
      const targets = world.rows('SELECT "table" AS target FROM pragma_foreign_key_list(?)', name)
      expect([name, targets.filter(({ target }) => contract[String(target)])]).toEqual([name, []])
    }
  })

  test.each(defaults)('%s fills in its defaults', (table, row, expected) => {
    world.exec('BEGIN')
    try {
      insertRow(world, table, row)
      const [key, value] = Object.entries(row)[table === 'export_state' ? 1 : 0] ?? []
      expect(world.row(`SELECT * FROM ${table} WHERE ${key} = ?`, value)).toMatchObject(expected)
    } finally {
      world.exec('ROLLBACK')
    }
  })

  test.each(readableViews)('%s can be read', (view) => {
    expect(world.rows(`SELECT * FROM ${view}`)).toBeInstanceOf(Array)
  })
})

const day = '2026-11-01'
/** A row that is taken, the column with a closed set, and every word of the set. */
const closedSets: [table: string, column: string, words: readonly (string | number)[], row: Row][] = [
  ['document', 'kind', documentKinds, documentRow()],
  ['document', 'status', documentStatuses, documentRow()],
  ['document', 'amounts', amountsModes, documentRow()],
  ['document_line', 'kind', lineKinds, lineRow()],
  ['document_line', 'supply', ['stocked', 'job_ordered', 'unstocked'], lineRow()],
  ['document_line', 'destination', ['stock', 'job'], lineRow()],
  ['payment', 'kind', ['payment', 'deposit', 'discount', 'refund'], paymentRow()],
  ['payment', 'origin', ['ledger', 'external'], paymentRow()],
  ['payment', 'state', ['received', 'applied', 'deleted'], paymentRow()],
  ['payment', 'deleted_by', ['ledger', 'xero'], paymentRow()],
  ['credit_allocation', 'origin', ['ledger', 'external'], { credit: 'c', document: 'd', amount_cents: 1 }],
  [
    'journal',
    'kind',
    ['general', 'stock_adjustment', 'pay_run', 'receipt', 'deposit', 'invoice_payment', 'invoice_deposit'],
    journalRow(),
  ],
  ['journal', 'status', ['draft', 'posted', 'paid'], journalRow()],
  [
    'stock_movement',
    'kind',
    ['adjustment', 'stocktake'],
    { id: 'S', entity: 'NZ01', item: 'I', date: day, quantity_e4: 1 },
  ],
  ['role_account', 'role', roles, { entity: 'NZ01', account: '200' }],
  ['contact', 'active', [0, 1], { code: 'K', name: 'K' }],
  ['contact', 'is_customer', [0, 1], { code: 'K', name: 'K' }],
  ['item', 'is_stocked', [0, 1], { code: 'K', name: 'K' }],
  ['export_state', 'state', exportStates, { kind: 'invoice', source_id: 'x', entity: 'NZ01' }],
  ['export_state', 'queued', [0, 1], { kind: 'invoice', source_id: 'x', entity: 'NZ01' }],
  [
    'batch_run',
    'state',
    ['running', 'sent', 'partial', 'nothing', 'stopped', 'failed'],
    { entity: 'NZ01', verb: 'export', started_at: day, who: 'me' },
  ],
  ['chunk', 'state', ['prepared', 'sent', 'uncertain', 'settled', 'resolved', 'abandoned'], chunkRow()],
  [
    'contact_link',
    'made_by',
    ['match', 'create', 'hand', 'merge'],
    { contact: 'K', tenant_id: 't', xero_contact_id: 'x', since: day },
  ],
]

function documentRow(): Row {
  return {
    id: 'X',
    entity: 'NZ01',
    kind: 'invoice',
    status: 'sent',
    date: day,
    subtotal_cents: 0,
    tax_cents: 0,
    total_cents: 0,
  }
}
function lineRow(): Row {
  return { document: 'X', position: 1 }
}
function paymentRow(): Row {
  return { id: 'P', entity: 'NZ01', kind: 'payment', date: day, amount_cents: 1 }
}
function journalRow(): Row {
  return { id: 'J', entity: 'NZ01', kind: 'general', date: day, status: 'posted' }
}
function chunkRow(): Row {
  return {
    run: 1,
    entity: 'NZ01',
    tenant_id: 't',
    kind: 'invoice',
    operation: 'create',
    number: 1,
    of: 1,
    method: 'PUT',
    path: '/',
    idempotency_key: 'k',
    body_hash: 'h',
    bytes: 1,
    state: 'prepared',
    prepared_at: day,
  }
}

function tryInsert(table: string, row: Row): string {
  world.exec('BEGIN')
  try {
    insertRow(world, table, row)
    return 'taken'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    world.exec('ROLLBACK')
  }
}

describe('closed sets', () => {
  test.each(closedSets)('%s.%s takes its words and no other', (table, column, words, row) => {
    for (const word of words)
      expect([word, tryInsert(table, { ...row, [column]: word })]).toEqual([word, 'taken'])
    const [first] = words
    const others =
      typeof first === 'number'
        ? [2, -1]
        : ['', 'Invoice', 'unknown', `${first} `, String(first).toUpperCase()]
    for (const word of others)
      expect([word, tryInsert(table, { ...row, [column]: word })]).toEqual([
        word,
        expect.stringMatching(/CHECK/),
      ])
  })

  const refused: [table: string, row: Row, words: RegExp][] = [
    ['document', { ...documentRow(), total_cents: 12.5 }, /REAL value in INTEGER column/],
    ['document', { ...documentRow(), total_cents: 'much' }, /TEXT value in INTEGER column/],
    ['document_line', { ...lineRow(), quantity_e4: 0.5 }, /REAL value in INTEGER column/],
    ['payment', { ...paymentRow(), amount_cents: 12.5 }, /REAL value in INTEGER column/],
    ['document', { ...documentRow(), date: '2026-11-1' }, /CHECK/],
    ['document', { ...documentRow(), date: '01/11/2026' }, /CHECK/],
    ['document', { ...documentRow(), date: '2026-11-01T00:00:00Z' }, /CHECK/],
    ['document', { ...documentRow(), due_date: 'soon' }, /CHECK/],
    ['document', { ...documentRow(), currency: 'NZDX' }, /CHECK/],
    ['document', { ...documentRow(), exchange_rate_e6: 0 }, /CHECK/],
    ['document', { ...documentRow(), id: '' }, /CHECK/],
    ['document', { ...documentRow(), id: null }, /NOT NULL/],
    ['document_line', { ...lineRow(), discount_percent_e4: 1_000_001 }, /CHECK/],
    ['document_line', { ...lineRow(), discount_percent_e4: -1 }, /CHECK/],
    ['ledger_identity', { only: 2, id: 'other', created_at: day }, /CHECK/],
  ]
  test.each(refused)('%s refuses %o', (table, row, words) => {
    expect(tryInsert(table, row)).toMatch(words)
  })

  test('12.0 is whole: it is taken as 12', () => {
    world.exec('BEGIN')
    insertRow(world, 'document', { ...documentRow(), total_cents: 12.0 })
    expect(world.row("SELECT total_cents, typeof(total_cents) AS type FROM document WHERE id = 'X'")).toEqual(
      {
        total_cents: 12,
        type: 'integer',
      },
    )
    world.exec('ROLLBACK')
  })

  test('events are append-only', () => {
    world.exec("INSERT INTO event (at, who, what) VALUES ('2026-11-22', 'me', 'something')")
    expect(() => world.exec("UPDATE event SET who = 'you'")).toThrow(/append-only/)
    expect(() => world.exec('DELETE FROM event')).toThrow(/append-only/)
  })

  test('a foreign key is checked at the end, so that any order may be loaded', () => {
    const load = (id: string, document: string) => {
      world.exec('BEGIN')
      try {
        insertRow(world, 'document_line', { document: id, position: 1 })
        insertRow(world, 'document', { ...documentRow(), id: document })
        world.exec('COMMIT')
        return 'taken'
      } catch (error) {
        world.exec('ROLLBACK')
        return error instanceof Error ? error.message : ''
      }
    }
    expect(load('LATE', 'LATE')).toBe('taken')
    expect(load('LOST', 'OTHER')).toMatch(/FOREIGN KEY/)
  })
})
