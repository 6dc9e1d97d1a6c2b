// For the tests of this folder: a run over a temporary ledger whose gateway answers writes as told. Nothing of the
// program imports it.

import { someBooks } from '../../test/support/books.ts'
import type { Books } from '../accounting/books.ts'
import { cents } from '../accounting/money.ts'
import type { Progress } from '../accounting/outcomes.ts'
import { noCounts } from '../accounting/outcomes.ts'
import type { SettingName } from '../accounting/settings.ts'
import { insertInvoice, insertRow, type TestLedger, testLedger, testTenant } from '../ledger/test-ledger.ts'
import type { ReplyElement, WriteAnswer, WriteRequest, XeroGateway } from '../xero/gateway.ts'
import type { RunContext } from './context.ts'

/** Numbers of the invoices of a call, in their order. */
export type Answer = (numbers: readonly string[], call: number) => WriteAnswer

export interface TestRun {
  world: TestLedger
  context: RunContext
  /** Numbers of every call that was made. */
  calls: string[][]
  said: Progress[]
  answer: Answer
  interrupt: AbortController
  close(): void
}

/** Every invoice accepted. */
export const accepted = (numbers: readonly string[]): WriteAnswer => ({
  outcome: 'elements',
  elements: numbers.map(
    (number): ReplyElement => ({
      xeroId: `xero-${number}`,
      key: number,
      creditId: null,
      name: null,
      status: 'AUTHORISED',
      total: cents(11_500),
      tax: cents(1_500),
      accepted: true,
      errors: [],
      warnings: [],
    }),
  ),
})

/** The whole call refused, with the place of a document where one is named. */
export const refusedWhole = (message: string, index: number | null = null): WriteAnswer => ({
  outcome: 'refused',
  status: 400,
  messages: [message],
  index,
  elements: [],
  keyMismatch: false,
})

/** Invoices D0, D1 … of one linked contact wait. */
export function testRun(
  options: {
    invoices?: number
    settings?: Partial<Record<SettingName, string>>
    books?: Partial<Books>
  } = {},
): TestRun {
  const world = testLedger()
  insertRow(world, 'contact', { code: 'ACME', name: 'Acme Ltd' })
  insertRow(world, 'contact_link', {
    contact: 'ACME',
    tenant_id: testTenant,
    xero_contact_id: 'xero-acme',
    made_by: 'create',
    since: '2026-11-01T00:00:00.000Z',
  })
  world.exec('BEGIN')
  for (let index = 0; index < (options.invoices ?? 0); index += 1) insertInvoice(world, `D${index}`)
  world.exec('COMMIT')
  const calls: string[][] = []
  const said: Progress[] = []
  const interrupt = new AbortController()
  let uuids = 0
  const books = { ...someBooks({ settings: options.settings ?? {} }), ...options.books }
  const run: TestRun = {
    world,
    calls,
    said,
    interrupt,
    answer: accepted,
    close: () => world.close(),
    context: {
      ledger: world.ledger,
      gateway: writingGateway(world, (numbers) => {
        calls.push([...numbers])
        return run.answer(numbers, calls.length)
      }),
      books,
      lease: world.lease,
      mark: { read: async () => 0, write: async () => undefined },
      runId: 1,
      chunksBefore: 0,
      clock: world.clock,
      uuid: () => `uuid-${uuids++}`,
      interrupt: interrupt.signal,
      counts: noCounts(),
      progress: (progress) => said.push(progress),
      stopped: new Map(),
      xeroTime: { aheadOfMonotonicMs: null },
    },
  }
  return run
}

function writingGateway(world: TestLedger, answer: (numbers: readonly string[]) => WriteAnswer): XeroGateway {
  const part = {
    tenantId: testTenant,
    apiUrl: 'https://api.xero.com',
    isLoopback: false,
    encode: async (_list: string, models: readonly object[]) =>
      new TextEncoder().encode(JSON.stringify(models)),
    ready: async () => undefined,
    discardToken: () => undefined,
    limits: () => ({ minuteLeft: null, dayLeft: null }),
    write: async (request: WriteRequest) => {
      const models = JSON.parse(new TextDecoder().decode(request.body)) as { invoiceNumber: string }[] // of encode
      world.clock.advance(100)
      return {
        answer: answer(models.map((model) => model.invoiceNumber)),
        result: {
          status: 200,
          durationMs: 100,
          bytesIn: 2,
          correlationId: null,
          dayLeft: null,
          minuteLeft: null,
          problem: null,
          responseBody: null,
        },
        serverTime: world.clock.now(),
      }
    },
    close: async () => undefined,
  }
  // Reads are not asked for by what these tests run: the compiler's list of methods would hide that.
  return part as unknown as XeroGateway
}
