import { describe, expect, test } from 'vitest'
import { aLine, anInvoice, someBooks } from '../../test/support/books.ts'
import type { DocumentLine, LedgerDocument } from '../accounting/documents.ts'
import { e4 } from '../accounting/money.ts'
import { lineDescription, referenceOf } from './templates.ts'

describe('templates (I2)', () => {
  test.each<[string, string | null, Partial<LedgerDocument>, string | undefined]>([
    ['the own reference wins', null, { reference: 'PO 9', vehicleRegistration: 'ABC123' }, 'PO 9'],
    ['a blank one does not', null, { reference: ' ', vehicleRegistration: 'ABC123' }, 'ABC123'],
    ['the first value of several', null, { vehicleRegistration: 'ABC123; DEF456' }, 'ABC123'],
    ['nothing to say', null, {}, undefined],
    ['tokens that touch: the first with a value', '{po_number}{job}', { job: 'J1', poNumber: null }, 'J1'],
    ['tokens that touch: only the first', '{po_number}{job}', { job: 'J1', poNumber: 'P1' }, 'P1'],
    ['tokens with text between', 'Job {job} / {po_number}', { job: 'J1', poNumber: 'P1' }, 'Job J1 / P1'],
    ['words alone say nothing', 'Job {job}', {}, undefined],
    ['a template without tokens', 'Workshop', {}, 'Workshop'],
    ['a comma separates a list', '{recruiters}', { recruiters: 'Ana, Ben' }, 'Ana'],
    ['and not the name of a job', '{job}', { job: 'Hull, deck and mast' }, 'Hull, deck and mast'],
    [
      'every token',
      '{employee} {week_ending} {number}',
      { employee: 'Jo Lee', weekEnding: '2026-10-04' },
      'Jo Lee 2026-10-04 INV-1',
    ],
  ])('reference: %s', (_, template, document, sent) => {
    const settings = template === null ? {} : { reference_template: template }
    expect(referenceOf(anInvoice(document), someBooks({ settings })) ?? undefined).toBe(sent)
  })

  test.each<[string, string, Partial<DocumentLine>, string]>([
    ['its own text', '{description}', { description: ' Oil ' }, 'Oil'],
    ['else the item', '{description}', { description: null, item: 'OIL-5' }, 'OIL-5'],
    ['else the kind in words', '{description}', { description: ' ', kind: 'labour' }, 'Labour'],
    [
      'a template',
      '{item}: {description} {quantity} × {unit_price} ({number})',
      { item: 'OIL', unitPrice: e4(1_000_000) },
      'OIL: Service 1 × 100.00 (INV-1)',
    ],
    ['a template without values', '{item}', { kind: 'freight', account: '260' }, 'Freight'],
  ])('description: %s', (_, template, line, sent) => {
    const books = someBooks({ settings: { line_description_template: template } })
    expect(lineDescription(aLine(line), anInvoice(), books)).toBe(sent)
  })
})
