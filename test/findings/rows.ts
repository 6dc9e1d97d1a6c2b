// Rows that the situations of findings are made of: documents, contacts and payments that are right in everything, named as people
// name them, so that a situation says only what is wrong.

import type { DocumentKind, ThingKind } from '../../src/accounting/kinds.ts'
import { insertSql, quote, type SqlValue } from '../support/sql.ts'
import { type DocumentSpec, documentSql } from '../support/workload.ts'
import type { Situation } from './fixture.ts'

type Columns = Readonly<Record<string, SqlValue>>

/** A document of 100.00 and its tax; the number is the id unless the changes name another. */
export function document(kind: DocumentKind, id: string, changes: Partial<DocumentSpec> = {}): string {
  return documentSql(kind, { id, number: id, ...changes })
}

/** A situation that is one document. */
export function aDocument(
  kind: DocumentKind,
  id: string,
  is: string,
  changes: Partial<DocumentSpec> = {},
  columns: Columns = {},
): Situation {
  return {
    is,
    thing: `${kind}:${id}`,
    sql: document(kind, id, changes) + changed('document', 'id', id, columns),
  }
}

export const anInvoice = (id: string, is: string, changes?: Partial<DocumentSpec>, columns?: Columns) =>
  aDocument('invoice', id, is, changes, columns)
export const aBill = (id: string, is: string, changes?: Partial<DocumentSpec>, columns?: Columns) =>
  aDocument('bill', id, is, changes, columns)

/** An invoice whose first line has these columns besides. */
export function withLine(situation: Situation, columns: Columns): Situation {
  const id = situation.thing.slice(situation.thing.indexOf(':') + 1)
  return { ...situation, sql: `${situation.sql}${changed('document_line', 'document', id, columns)}` }
}

/** Columns of a row that no builder knows. */
export function changed(table: string, key: string, id: string, columns: Columns): string {
  const set = Object.entries(columns).map(([name, value]) => `${name} = ${quote(value)}`)
  return set.length === 0 ? '' : `\nUPDATE ${table} SET ${set.join(', ')} WHERE ${key} = ${quote(id)};`
}

/** A contact, and an invoice for it. */
export function aContact(
  code: string,
  is: string,
  columns: Columns,
  options: { thing?: 'contact' | 'invoice' } = {},
): Situation {
  const invoice = `INV-${code}`
  return {
    is,
    thing: options.thing === 'invoice' ? `invoice:${invoice}` : `contact:${code}`,
    sql: contact(code, columns) + document('invoice', invoice, { contact: code }),
  }
}

export function contact(code: string, columns: Columns): string {
  return insertSql('contact', { code, name: `${code} Limited`, ...columns })
}

/** A situation with rows before it, which stay as they are. */
export function after(sql: string, situation: Situation, thing?: `${ThingKind}:${string}`): Situation {
  return { ...situation, thing: thing ?? situation.thing, sql: `${sql}\n${situation.sql}` }
}
