// Slips of the fingers: whatever is typed wrong, the nearest of what there is, is suggested (Q3).

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { testHost } from '../../test/support/host.ts'
import { runProgram } from '../program.ts'

let books: CommandLedger

beforeAll(() => {
  books = commandLedger()
  books.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors', region: 'NZ' })
  books.invoice('INV-0042')
})

afterAll(() => books.drop())

test.each([
  ['a verb', 'exprot', 'export'],
  ['a verb of a group', 'contacts lnk A B', 'link'],
  ['a verb of a group without arguments', 'settings gte', 'get'],
  ['an option', 'export --dryrun', '--dry-run'],
  ['an option of a verb of a group', 'contacts match --aply', '--apply'],
  ['a common option', 'status --enttiy NZ01', '--entity'],
  ['a setting', 'settings get cutoverdate', 'cutover_date'],
  ['a setting that is changed', 'settings set chunksize 50', 'chunk_size'],
  ['a billing entity', 'status --entity NZ0l', 'NZ01'],
  ['a kind to export', 'export --only invoices', 'invoice'],
  ['a kind of document', 'show INV-0042 --kind invoce', 'invoice'],
  ['a kind of thing', 'hold INV-0042 --reason x --kind jornal', 'journal'],
  ['a document’s number', 'show INV-0043', 'INV-0042'],
  ['a kind of file', 'import a.csv --as document', 'documents'],
  ['one of the demo’s businesses', 'demo workshp', 'workshop'],
])('%s that is not there: %s', async (_, typed, meant) => {
  const host = testHost({ env: { AUXO_LEDGER: books.ledger.file }, cwd: books.folder })
  expect(await runProgram(typed.split(' '), host)).toBe(2)
  expect(host.err()).toMatch(new RegExp(`Did you mean (.* or )?${meant}\\b`))
})

test('an option’s value that is not there: the values that it takes are named', async () => {
  const host = testHost()
  expect(await runProgram(['validate', '--format', 'pdf'], host)).toBe(2)
  expect(host.err()).toContain('Allowed choices are table, json, csv, html')
})

test('a word that is like none suggests nothing', async () => {
  const host = testHost()
  expect(await runProgram(['perambulate'], host)).toBe(2)
  expect(host.err()).toContain('unknown command')
  expect(host.err()).not.toContain('Did you mean')
})

test.each([
  ['an option that must be given', 'reconcile', '(auxo-sync reconcile --help shows how)'],
  [
    'a verb of a group without its argument',
    'contacts link ACME',
    '(auxo-sync contacts link --help shows how)',
  ],
  ['no verb at all', 'perambulate', '(auxo-sync --help lists the commands)'],
])('%s: the help that says it is named', async (_, typed, hint) => {
  const host = testHost()
  expect(await runProgram(typed.split(' '), host)).toBe(2)
  expect(host.err()).toContain(hint)
})
