import { describe, expect, test } from 'vitest'
import { aContact, aLine, anInvoice, day, money } from '../../test/support/books.ts'
import type { LedgerContact, LedgerDocument } from '../accounting/documents.ts'
import { contactHash, documentHash } from './facts.ts'

describe('the hash of the source facts', () => {
  test.each<[string, Partial<LedgerDocument>, boolean]>([
    ['the same', {}, true],
    ['another date', { date: day('2026-10-06') }, false],
    ['another reference', { reference: 'x' }, false],
    ['another line', { lines: [aLine({ description: 'Other' })] }, false],
    ['another line tax', { lines: [aLine({ tax: money(15.01) })] }, false],
    ['lines in another order', { lines: [aLine(), aLine({ description: 'B' })] }, false],
    ['voided', { status: 'void' }, false],
    ['another source document: it is never sent', { sourceDocument: 'PO-1' }, true],
  ])('document: %s', (_, change, same) => {
    expect(documentHash(anInvoice(change)) === documentHash(anInvoice())).toBe(same)
  })

  test.each<[string, Partial<LedgerContact>, boolean]>([
    ['the same', {}, true],
    ['another name', { name: 'Bolt' }, false],
    ['an e-mail', { email: 'a@b.test' }, false],
    ['notes, flags and activity are never sent', { notes: 'x', isSupplier: true, active: false }, true],
  ])('contact: %s', (_, change, same) => {
    expect(contactHash(aContact(change)) === contactHash(aContact())).toBe(same)
  })

  test('neither the order of columns nor a new empty one changes it', () => {
    const reordered = Object.fromEntries(Object.entries(anInvoice()).reverse())
    const widened = { ...reordered, brandNewColumn: null } as unknown as LedgerDocument // as a later version reads it
    expect(documentHash(widened)).toBe(documentHash(anInvoice()))
  })

  test('it stays what it was: a change of this value would make every exported document look edited', () => {
    expect(documentHash(anInvoice())).toMatchInlineSnapshot(
      `"6e71103b5d642fd26f5535343b3b222112561425a1e7e0941120c72367938850"`,
    )
    expect(contactHash(aContact())).toMatchInlineSnapshot(
      `"7fbe81ae7b34436139b74cd3fe17180cea841ae6053db4b0df389e6a7c319548"`,
    )
  })
})
