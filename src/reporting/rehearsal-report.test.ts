import { expect, test } from 'vitest'
import { capturedStream } from '../../test/support/host.ts'
import type { Finding } from '../accounting/findings.ts'
import { printRehearsalHead, printRehearsed, type Scene } from './rehearsal-report.ts'
import { createPrinter } from './terminal.ts'

const now = Date.parse('2026-11-22T12:00:00Z')

async function headOf(scene: Partial<Scene>): Promise<string> {
  const stream = capturedStream()
  const known = {
    entity: 'NZ01',
    organisation: 'Harbour Motors',
    readAt: '2026-11-20T12:00:00.000Z',
    openCalls: 0,
  }
  printRehearsalHead(await createPrinter(stream, {}, { json: false }), [{ ...known, ...scene }], now)
  return stream.text()
}

function refusal(xeroMessages: readonly string[]): Finding {
  const id = 'INV-7'
  const facts = { field: null, message: 'It was refused.', why: 'Because.', fix: 'Mend it.' }
  return { kind: 'invoice', id, number: id, code: 'number-in-use', severity: 'error', xeroMessages, ...facts }
}

async function rehearsed(failures: Finding[]): Promise<string> {
  const stream = capturedStream()
  printRehearsed(await createPrinter(stream, {}, { json: false }), {
    report: { failures },
    sent: [{ kind: 'invoice', operation: 'create', things: 2, currency: 'NZD', totalCents: 123_456 }],
  })
  return stream.text()
}

test('the first line says that it is a rehearsal, the next against what was known since when', async () => {
  const text = await headOf({})
  expect(text).toMatch(/^REHEARSAL: nothing goes to Xero/)
  expect(text).toContain('NZ01: played against what the ledger knows of Harbour Motors')
  expect(text).toContain('as they were 2 days ago')
  expect(text).not.toContain('lost')
})

test('of calls whose answers were lost it says what the rehearsal makes of them', async () => {
  expect(await headOf({ openCalls: 1 })).toContain(
    'The answer to 1 call was lost in an earlier run; the rehearsal goes on as if Xero had none of it',
  )
  expect(await headOf({ openCalls: 3 })).toContain('The answers to 3 calls were lost in earlier runs')
})

test('what only the sandbox refused is counted apart from what a rule found', async () => {
  const text = await rehearsed([refusal(['Invoice # must be unique.']), refusal([])])
  expect(text).toMatch(/invoices +new +2 +1,234\.56 +NZD/)
  expect(text).toContain('Xero would refuse: 1 of what is listed above was refused by the sandbox')
  expect(await rehearsed([refusal([])])).not.toContain('Xero would refuse')
})
