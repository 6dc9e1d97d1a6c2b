import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { type ValidateFlags, validateCommand } from './validate.ts'

let world: CommandLedger
beforeEach(() => {
  world = commandLedger()
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
  world.insert('contact', { code: 'ACME', name: 'Acme Ltd' })
  world.connect('NZ01')
})
afterEach(() => world.drop())

const validate = (flags: ValidateFlags, global: { json?: boolean; quiet?: boolean; entity?: string } = {}) =>
  world.run((context) => validateCommand(context, { offline: true, ...flags }), global)

function wrongAccount(number: string): void {
  world.invoice(number)
  world.ledger.sqlite
    .prepare(`UPDATE document_line SET account = '999' WHERE document = ?`)
    .run(`doc-${number}`)
}

describe('validate', () => {
  test('says aloud when all is well, and how many were checked', async () => {
    world.invoice('INV-1')
    world.invoice('INV-2')
    const { code, out, err } = await validate({})
    expect([code, out]).toEqual([
      0,
      '2 documents checked: all is well.\nNZ01: checked against Harbour Motors as it was 24 hours ago.\n',
    ])
    expect(err).toBe('Checked 2 of 2 invoices\n')
  })

  test('says aloud when there is nothing to check', async () => {
    const { code, out } = await validate({})
    expect(code).toBe(0)
    expect(out).toMatch(/^Nothing to check: no document waits to be exported\.\nNZ01: checked against /)
  })

  test('names errors with why and what to do, records them, and exits with 1', async () => {
    world.invoice('INV-1')
    wrongAccount('INV-2')
    const { code, out } = await validate({})
    expect(code).toBe(1)
    expect(out).toContain('account-unknown  invoice INV-2\n')
    expect(out).toContain('Why: ')
    expect(out).toContain('To do: ')
    expect(out).toContain('2 documents checked: 1 error.\n')
    expect(world.ledger.sqlite.prepare('SELECT source_id, code FROM finding').all()).toEqual([
      { source_id: 'doc-INV-2', code: 'account-unknown' },
    ])
    expect(
      world.ledger.sqlite.prepare(`SELECT COUNT(*) AS n FROM export_state WHERE state <> 'pending'`).get(),
    ).toEqual({ n: 0 })
  })

  test('JSON is one value of the public shape', async () => {
    wrongAccount('INV-2')
    const { json } = await validate({}, { json: true })
    expect(json).toEqual([
      {
        findings: [
          {
            entity: 'NZ01',
            kind: 'invoice',
            id: 'doc-INV-2',
            number: 'INV-2',
            code: 'account-unknown',
            severity: 'error',
            field: expect.any(String),
            message: expect.stringContaining('999'),
            why: expect.any(String),
            fix: expect.any(String),
            xeroMessages: [],
          },
        ],
        counts: { error: 1, warning: 0, information: 0, checked: 1 },
        mirror: [{ entity: 'NZ01', organisation: 'Harbour Motors', readAt: '2026-11-21T03:00:00.000Z' }],
      },
    ])
  })

  test('warnings are an exit code only with --strict', async () => {
    world.invoice('INV-1', { tax_cents: 1_510, total_cents: 11_510 })
    const plain = await validate({}, { json: true })
    expect(plain.json).toMatchObject([{ counts: { error: 0, warning: 1 } }])
    expect(plain.code).toBe(0)
    expect((await validate({ strict: true })).code).toBe(1)
  })

  test('documents of the future are told, and are no error', async () => {
    world.invoice('INV-1', { date: '2027-01-05', due_date: '2027-01-20' })
    const { code, json } = await validate({}, { json: true })
    expect(code).toBe(0)
    expect(json).toMatchObject([
      { findings: [{ code: 'future-dated', severity: 'information' }], counts: { checked: 1 } },
    ])
  })

  test.each<{ flags: ValidateFlags; checked: number }>([
    { flags: {}, checked: 3 },
    { flags: { month: '2026-10' }, checked: 2 },
    { flags: { from: '2026-10-31' }, checked: 2 },
    { flags: { to: '2026-10-30' }, checked: 1 },
    { flags: { from: '2026-10-31', to: '2026-10-31' }, checked: 1 },
  ])('a period narrows: $flags', async ({ flags, checked }) => {
    for (const [number, date] of [
      ['1', '2026-10-01'],
      ['2', '2026-10-31'],
      ['3', '2026-11-01'],
    ] as const)
      world.invoice(number, { date, due_date: date })
    expect((await validate(flags, { json: true })).json).toMatchObject([{ counts: { checked } }])
  })

  test('what is before the cutover is not looked at', async () => {
    world.invoice('INV-1')
    world.insert('setting', { entity: 'NZ01', name: 'cutover_date', value: '2026-10-06' })
    expect((await validate({}, { json: true })).json).toMatchObject([{ counts: { checked: 0 } }])
  })

  test.each<{ flags: ValidateFlags; json?: boolean; says: string }>([
    { flags: { month: '2026-13' }, says: '--month takes a month such as 2026-10' },
    { flags: { month: '2026-10', from: '2026-10-01' }, says: 'either --month or --from' },
    { flags: { from: '1 May' }, says: '--from takes a date such as' },
    { flags: { from: '2026-10-02', to: '2026-10-01' }, says: 'no day lies between' },
    { flags: { format: 'csv' }, json: true, says: 'leave one out' },
    { flags: { output: 'no-such-folder/findings.csv' }, says: 'cannot be written' },
  ])('refuses $flags', async ({ flags, json = false, says }) => {
    await expect(validate(flags, { json })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(says),
    })
  })

  test.each([
    ['findings.csv', '\ufeffentity,severity'],
    ['findings.HTML', '<!DOCTYPE html>'],
    ['findings.json', '{"findings":[{'],
    ['findings.txt', 'Errors'],
  ])('writes %s in the format of its ending', async (output, begins) => {
    wrongAccount('INV-2')
    const { out, code } = await validate({ output })
    expect(code).toBe(1)
    expect(out).toBe(`1 document checked: 1 error. Written to ${join(world.folder, output)}.\n`)
    const text = readFileSync(join(world.folder, output), 'utf8')
    expect(text.startsWith(begins)).toBe(true)
    expect(text).toContain('INV-2')
  })

  test('CSV and HTML go to stdout alone', async () => {
    wrongAccount('INV-2')
    const csv = await validate({ format: 'csv' })
    expect(csv.out.split('\r\n')).toHaveLength(3)
    expect(csv.err).toContain('1 document checked: 1 error.')
    expect((await validate({ format: 'html' })).out).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n$/)
  })

  test('several entities are checked together, one with --entity', async () => {
    world.insert('billing_entity', { code: 'NZ02', name: 'Second', region: 'NZ' })
    wrongAccount('INV-1')
    world.invoice('INV-2', { entity: 'NZ02', contact: null })
    const both = await validate({}, { json: true })
    expect(both.json).toMatchObject([{ findings: [{ entity: 'NZ01' }, { entity: 'NZ02', number: 'INV-2' }] }])
    expect(both.err).toContain('NZ02: Xero was not asked: connect first')
    expect((await validate({}, { json: true, entity: 'NZ01' })).json).toMatchObject([
      { counts: { checked: 1 } },
    ])
  })

  test('without credentials it says why Xero was not asked, and checks against what was read last', async () => {
    world.invoice('INV-1')
    const { code, err, out } = await validate({ offline: false })
    expect(code).toBe(0)
    expect(err).toMatch(/^NZ01: Xero was not asked\. XERO_CLIENT_ID/)
    expect(out).toContain('as it was 24 hours ago')
  })
})
