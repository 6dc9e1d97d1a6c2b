// What `import` says to a person and to a program.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CsvLedger, csvLedger } from '../../test/support/csv-ledger.ts'
import { testContext, testHost } from '../../test/support/host.ts'
import { importCommand } from './import.ts'

let at: CsvLedger
beforeEach(() => {
  at = csvLedger()
})
afterEach(() => at.close())

const contacts = 'code,name,email\nA,Acme,\nB,Bell,b@x.example\n'
const context = (flags: { json?: boolean; quiet?: boolean } = {}, stderr = {}) => {
  const host = testHost({ cwd: at.folder, stderr })
  return { host, context: testContext(host, { ledger: at.ledger.file, ...flags }) }
}

test('says what became of a file, and what to do next', async () => {
  at.write('contacts.csv', contacts)
  const first = context()
  expect(await importCommand(first.context, ['contacts.csv'], {})).toBe(0)
  expect(first.host.out()).toBe(
    [
      'contacts.csv: contacts, 2 rows',
      '                  new     changed   unchanged',
      '  contact           2           0           0',
      '',
    ].join('\n'),
  )
  expect(first.host.err()).toBe('Next: auxo-sync validate\n')
})

test('says removed lines and columns that are not kept', async () => {
  at.write(
    'sales.csv',
    'ContactName,InvoiceNumber,InvoiceDate,DueDate,Description,Quantity,UnitAmount,AccountCode,TaxType,BrandingTheme\nAcme,1,01/11/2026,20/11/2026,Work,1,10,200,No GST,Blue\n',
  )
  const run = context()
  await importCommand(run.context, ['sales.csv'], {})
  expect(run.host.out()).toContain('  Not kept, the ledger has no place for it: BrandingTheme\n')
})

test('--dry-run writes nothing and says so', async () => {
  at.write('contacts.csv', contacts)
  const before = at.dump()
  const run = context()
  expect(await importCommand(run.context, ['contacts.csv'], { dryRun: true })).toBe(0)
  expect(run.host.out()).toContain('contacts.csv: contacts, 2 rows (dry run: nothing was written)')
  expect(run.host.err()).toBe('Without --dry-run the same would be written.\n')
  expect(at.dump()).toBe(before)
})

test('--json is one value on stdout and nothing else', async () => {
  at.write('contacts.csv', contacts)
  const run = context({ json: true }, { isTTY: true })
  await importCommand(run.context, ['contacts.csv'], {})
  expect(JSON.parse(run.host.out())).toEqual({
    files: [
      {
        file: 'contacts.csv',
        kind: 'contacts',
        rows: 2,
        dryRun: false,
        tables: { contact: { new: 2, changed: 0, unchanged: 0, removed: 0 } },
        ignored: [],
        problems: [],
        problemCount: 0,
      },
    ],
  })
  expect(run.host.err()).toBe('')
})

test('a refused file is an error with every problem; the good one beside it is told and kept', async () => {
  at.write('contacts.csv', contacts)
  at.write('bad.csv', 'code,name,email\n,Acme,\nC,,\n')
  const run = context()
  await expect(importCommand(run.context, ['bad.csv', 'contacts.csv'], {})).rejects.toMatchObject({
    code: 'input-invalid',
    message:
      'bad.csv was not imported, and nothing of it was kept: 2 problems. Correct the file and import it again. The other file was imported.',
    details: [
      'bad.csv: line 2, code: is empty, but every row needs it.',
      'bad.csv: line 3, name: is empty, but every row needs it.',
    ],
  })
  expect(run.host.out()).toMatch(/^contacts\.csv: contacts, 2 rows\n/)
  expect(run.host.err()).toBe('')
  expect(at.rows('SELECT code FROM contact ORDER BY code')).toEqual([{ code: 'A' }, { code: 'B' }])
})

test('a terminal sees progress, a quiet run does not', async () => {
  at.write('contacts.csv', contacts)
  const shown = context({}, { isTTY: true })
  await importCommand(shown.context, ['contacts.csv'], {})
  expect(shown.host.err()).toContain('contacts.csv: 2 rows read')
  const quiet = context({ quiet: true }, { isTTY: true })
  await importCommand(quiet.context, ['contacts.csv'], {})
  expect(quiet.host.err()).toBe('')
})
