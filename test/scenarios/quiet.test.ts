// --quiet is nothing but errors: what went well says nothing on either stream, and what went wrong still does.

import { afterEach, expect, test } from 'vitest'
import { invoicesSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

test('a whole way from nothing to a second export is silent', async () => {
  const w = await World.open()
  world = w
  const silent = async (...argv: string[]) => {
    const { code, out, err } = await w.must([...argv, '--quiet'])
    expect({ argv, code, out, err }).toEqual({ argv, code: 0, out: '', err: '' })
  }
  await silent('init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ')
  await silent('entities', 'add', 'AU01', '--name', 'Harbour Print Pty', '--region', 'AU')
  await silent('connect', '--custom', '--entity', 'NZ01')
  await silent('settings', 'set', 'chunk_size', '10', '--entity', 'NZ01')
  await silent('refresh', '--entity', 'NZ01')
  await silent('migrate')
  w.sql(invoicesSql(12, 2))
  await silent('export', '--entity', 'NZ01')
  // AU01 is not connected: no reason to write to anybody every night.
  await silent('export')
  await silent('pull')
  expect(w.sandbox.invoices()).toHaveLength(12)
})

test('what failed, and when to run again, is said on stderr', async () => {
  const w = await World.open()
  world = w
  await w.prepare(invoicesSql(12, 2))
  w.sql(`INSERT INTO setting VALUES ('NZ01', 'chunk_size', '6')`)
  w.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
  w.sandbox.fault({ method: 'PUT', path: '/Invoices', kind: 'partial-commit', stored: 2 })
  const { code, out, err } = await w.run(['export', '--quiet'])
  expect({ code, out }).toEqual({ code: 8, out: '' })
  expect(err).toMatch(/answers were lost.*Run again after 22 Nov 2026/)
  expect(err).toMatch(/D0001 has no contact/)
})

test('twelve documents with one cause are one thing to do, and nothing else is said', async () => {
  const w = await World.open()
  world = w
  await w.prepare(invoicesSql(12, 2))
  w.sql(`UPDATE document_line SET account = '999'`)
  const { code, out, err } = await w.run(['export', '--quiet'])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err.split('\n')[0]).toBe('NZ01 → Demo Company (NZ): run 1 needs a look')
  expect(err.match(/account-unknown/g)).toHaveLength(1)
  expect(err).toContain('12 invoices: INV-D0001, ')
  expect(err).toContain('To do: ')
})

test('a run that reads nothing and sends nothing says both', async () => {
  const w = await World.open()
  world = w
  await w.prepare()
  const { out } = await w.must(['export'])
  expect(out).toContain('Back from Xero: nothing new.\n  Nothing to send.\n')
  expect((await w.must(['pull'])).out).toContain('Back from Xero: nothing new.\n')
})
