// Files whose every row is one row of one table: contacts, items, stock movements, entities and the configuration tables
// under their own names.

import { roles } from '../accounting/books.ts'
import { nearest } from '../accounting/nearest.ts'
import { findRegion, regionCodes } from '../accounting/regions.ts'
import { isSettingName, settingNames, settingProblem } from '../accounting/settings.ts'
import { type LoadTable, loadTables, recordSettingEvents } from '../ledger/loading.ts'
import {
  type Column,
  type FileKind,
  type FileKindName,
  type LoadContext,
  type Loader,
  named,
  own,
  type Row,
} from './file-kind.ts'
import { Refusal } from './problems.ts'
import { type CellReader, currencyCode, flag, oneLine, prose, quantity, word } from './values.ts'

interface PlainKind {
  name: FileKindName
  title: string
  table: LoadTable
  columns: readonly Column[]
  /** True where the row is right as a whole. */
  check?: (row: Row, context: LoadContext, entity: string) => boolean
  prepare?: (context: LoadContext) => Loader['prepare']
}

function plain(kind: PlainKind): FileKind {
  return {
    name: kind.name,
    title: kind.title,
    columns: kind.columns,
    ignored: [],
    tables: [kind.table],
    dates: 'iso',
    namesContacts: false,
    open: (context) => openPlain(context, kind),
  }
}

function openPlain(context: LoadContext, kind: PlainKind): Loader {
  const { table } = kind
  const hasEntity = kind.columns.some((column) => column.column === 'entity')
  const key: readonly string[] = loadTables[table].key
  const prepare = kind.prepare?.(context)
  return {
    take: (row) => {
      const entity = hasEntity ? context.entities.of(row, table) : null
      if (hasEntity && !entity) return
      if (kind.check && !kind.check(row, context, entity?.code ?? '')) return
      const values = entity ? { ...row.of(table), entity: entity.code } : row.of(table)
      if (context.stage.add(table, values, row.line)) return
      const before = context.stage.find(
        table,
        key.map((column) => String(values[column])),
      )
      row.refuse(
        table,
        key[key.length - 1] ?? '',
        `is on line ${before?.line} already. Keep one of the two rows.`,
      )
    },
    steps: () => [
      {
        table,
        mode: 'replace',
        update: context.columnsOf(table).filter((column) => !key.includes(column)),
      },
    ],
    ...(prepare ? { prepare } : {}),
  }
}

const regionCode: CellReader = (text) => {
  const region = findRegion(text.trim())
  if (region) return region.code
  return new Refusal(`is no country that is known here. Known are: ${regionCodes.join(', ')}.`)
}

const addressColumns = (prefix: '' | 'postal_') =>
  ['street_1', 'street_2', 'city', 'state', 'postcode', 'country'].map((field) =>
    own('contact', `${prefix}${field}`, oneLine),
  )

export const contactsCsv = plain({
  name: 'contacts',
  title: 'contacts',
  table: 'contact',
  columns: [
    own('contact', 'code', oneLine, 'cell'),
    own('contact', 'name', oneLine, 'cell'),
    own('contact', 'is_customer', flag),
    own('contact', 'is_supplier', flag),
    own('contact', 'active', flag),
    own('contact', 'email', oneLine),
    own('contact', 'phone', oneLine),
    own('contact', 'mobile', oneLine),
    own('contact', 'tax_number', oneLine),
    own('contact', 'currency', currencyCode),
    ...addressColumns(''),
    ...addressColumns('postal_'),
    own('contact', 'notes', prose),
  ],
})

export const itemsCsv = plain({
  name: 'items',
  title: 'items',
  table: 'item',
  columns: [
    own('item', 'code', oneLine, 'cell'),
    own('item', 'name', oneLine, 'cell'),
    own('item', 'description', prose),
    named('sale_price', 'item', 'sale_price_e4', quantity),
    own('item', 'sale_account', oneLine),
    own('item', 'sale_tax_code', oneLine),
    named('purchase_price', 'item', 'purchase_price_e4', quantity),
    own('item', 'purchase_account', oneLine),
    own('item', 'purchase_tax_code', oneLine),
    own('item', 'is_stocked', flag),
    named('average_cost', 'item', 'average_cost_e4', quantity),
  ],
})

export const stockCsv = plain({
  name: 'stock',
  title: 'stock movements',
  table: 'stock_movement',
  columns: [
    own('stock_movement', 'id', oneLine, 'cell'),
    own('stock_movement', 'entity', oneLine),
    own('stock_movement', 'item', oneLine, 'cell'),
    own('stock_movement', 'date', 'date', 'cell'),
    own('stock_movement', 'kind', word(['adjustment', 'stocktake']), 'cell'),
    named('quantity', 'stock_movement', 'quantity_e4', quantity, 'cell'),
    named('unit_cost', 'stock_movement', 'unit_cost_e4', quantity),
    own('stock_movement', 'note', prose),
  ],
})

export const entitiesCsv = plain({
  name: 'entities',
  title: 'billing entities',
  table: 'billing_entity',
  columns: [
    own('billing_entity', 'code', oneLine, 'cell'),
    own('billing_entity', 'name', oneLine, 'cell'),
    own('billing_entity', 'region', regionCode, 'cell'),
    own('billing_entity', 'base_currency', currencyCode),
  ],
})

const settingCsv = plain({
  name: 'setting',
  title: 'settings',
  table: 'setting',
  columns: [
    own('setting', 'entity', oneLine),
    own('setting', 'name', oneLine, 'cell'),
    own('setting', 'value', oneLine, 'column'),
  ],
  check: isSettingRow,
  prepare:
    ({ who }) =>
    (sqlite, now) =>
      recordSettingEvents(sqlite, who, now),
})

function isSettingRow(row: Row, context: LoadContext, entity: string): boolean {
  const setting = row.of('setting')
  const name = String(setting['name'])
  const value = String(setting['value'] ?? '')
  setting['value'] = value
  if (!isSettingName(name)) {
    const meant = nearest(name, settingNames)
    row.refuse('setting', 'name', `is no setting.${meant ? ` Did you mean ${meant}?` : ''}`)
    return false
  }
  const problem =
    name === 'number_prefix' && context.lookups.isFrozenPrefix(entity, value)
      ? 'cannot be changed: documents of this entity have been exported under the prefix that it has.'
      : settingProblem(name, value)
  if (problem) row.refuse('setting', 'value', problem)
  return problem === null
}

export const configurationCsvs: readonly FileKind[] = [
  settingCsv,
  plain({
    name: 'account_map',
    title: 'the account map',
    table: 'account_map',
    columns: [
      own('account_map', 'entity', oneLine),
      own('account_map', 'account', oneLine, 'cell'),
      own('account_map', 'xero_code', oneLine, 'cell'),
    ],
  }),
  plain({
    name: 'tax_code_map',
    title: 'the tax code map',
    table: 'tax_code_map',
    columns: [
      own('tax_code_map', 'entity', oneLine),
      own('tax_code_map', 'tax_code', oneLine, 'cell'),
      own('tax_code_map', 'sales_type', oneLine, 'column'),
      own('tax_code_map', 'purchase_type', oneLine, 'column'),
    ],
  }),
  plain({
    name: 'payment_method_map',
    title: 'the payment method map',
    table: 'payment_method_map',
    columns: [
      own('payment_method_map', 'entity', oneLine),
      own('payment_method_map', 'method', oneLine, 'cell'),
      own('payment_method_map', 'xero_account', oneLine, 'cell'),
    ],
  }),
  plain({
    name: 'role_account',
    title: 'role accounts',
    table: 'role_account',
    columns: [
      own('role_account', 'entity', oneLine),
      own('role_account', 'role', word(roles), 'cell'),
      own('role_account', 'account', oneLine, 'cell'),
    ],
  }),
]
