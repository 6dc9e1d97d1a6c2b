// The faults, the idempotency store, the meters and the state file on endpoints that have no key of their own: what a
// client that lost an answer finds in Xero afterwards (§3.3, §3.4).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { violations } from '../../test/support/conforming.ts'
import type { FaultEffect } from './fault.ts'
import type { Json, JsonObject } from './json.ts'
import { type Answer, startedSandbox, stopSandboxes, type TestClient, until } from './test-client.ts'
import { credit, creditNote, getOne, invoiceId, overpayment } from './test-money.ts'

let client: TestClient
afterEach(async () => {
  expect(violations(client.exchanges)).toEqual([])
  await stopSandboxes()
})

interface Endpoint {
  readonly path: string
  readonly key: string
  /** Three of them, each good. */
  readonly elements: readonly JsonObject[]
  readonly stored: () => number
}

/** Three of everything, with what they need there already. */
const endpoints: Record<string, () => Promise<Endpoint>> = {
  payments: async () => {
    const element = {
      Invoice: { InvoiceID: await invoiceId(client) },
      Account: { Code: '090' },
      Date: '2026-11-21',
      Amount: 5,
    }
    return {
      path: '/Payments',
      key: 'Payments',
      elements: [element, element, element],
      stored: () => client.sandbox.payments().length,
    }
  },
  'credit notes': async () => ({
    path: '/CreditNotes',
    key: 'CreditNotes',
    elements: [creditNote, creditNote, creditNote],
    stored: () => client.sandbox.creditNotes().length,
  }),
  'bank transactions': async () => ({
    path: '/BankTransactions',
    key: 'BankTransactions',
    elements: [overpayment, overpayment, overpayment],
    stored: () => client.sandbox.overpayments().length,
  }),
  allocations: async () => {
    const { path, id } = await credit(client, 'CreditNote')
    const element = { Invoice: { InvoiceID: await invoiceId(client) }, Amount: 5, Date: '2026-11-21' }
    const table = client.sandbox.organisations[0]?.creditNotes
    return {
      path: `${path}/Allocations`,
      key: 'Allocations',
      elements: [element, element, element],
      stored: () => table?.get(id)?.allocations.length ?? -1,
    }
  },
}

async function seen(call: Promise<Answer>): Promise<string> {
  try {
    return String((await call).status)
  } catch {
    return 'no answer'
  }
}

const body = ({ key, elements }: Endpoint): Json => ({ [key]: elements })

const outcomes: readonly [fault: FaultEffect, first: string, stored: number, again: string, then: number][] =
  [
    [{ kind: 'error-before-commit' }, '500', 0, '500', 0],
    [{ kind: 'error-after-commit' }, '500', 3, '500', 3],
    [{ kind: 'drop-before-commit' }, 'no answer', 0, '200', 3],
    [{ kind: 'drop-after-commit' }, 'no answer', 3, '200', 3],
    [{ kind: 'partial-commit', stored: 2 }, '500', 2, '500', 2],
    [{ kind: 'rate-limit', limit: 'minute' }, '429', 0, '200', 3],
  ]

describe.each(Object.keys(endpoints))('%s', (name) => {
  const prepared = async (): Promise<Endpoint> => {
    client = await startedSandbox()
    const prepare = endpoints[name]
    if (!prepare) throw new Error(`no endpoint ${name}`)
    return prepare()
  }
  const put = (endpoint: Endpoint, key: string) =>
    client.put(`${endpoint.path}?summarizeErrors=false`, body(endpoint), { 'idempotency-key': key })

  test.each(outcomes)(
    '%j: %s with %i stored; with the same key %s with %i',
    async (fault, first, stored, again, then) => {
      const endpoint = await prepared()
      client.sandbox.fault({ method: 'PUT', path: endpoint.path, ...fault })
      expect(await seen(put(endpoint, 'k'))).toBe(first)
      expect(endpoint.stored()).toBe(stored)
      expect(await seen(put(endpoint, 'k'))).toBe(again)
      expect(endpoint.stored()).toBe(then)
    },
  )

  test('late-commit stores although the client has gone', async () => {
    const endpoint = await prepared()
    client.sandbox.fault({ method: 'PUT', path: endpoint.path, kind: 'late-commit', afterMs: 90_000 })
    const patience = new AbortController()
    const call = client.api('PUT', endpoint.path, { body: body(endpoint), signal: patience.signal })
    await until(() => client.clock.sleepers > 0)
    patience.abort()
    await expect(call).rejects.toThrow()
    expect(endpoint.stored()).toBe(0)
    client.clock.advance(90_000)
    await client.sandbox.settleHeld()
    expect(endpoint.stored()).toBe(3)
  })

  test('after six minutes the same key makes more: nothing else keeps it from it', async () => {
    const endpoint = await prepared()
    await put({ ...endpoint, elements: endpoint.elements.slice(0, 1) }, 'k')
    client.clock.advance(6 * 60_000)
    await put({ ...endpoint, elements: endpoint.elements.slice(0, 1) }, 'k')
    expect(endpoint.stored()).toBe(2)
  })

  test('every call is metered', async () => {
    const endpoint = await prepared()
    const before = Number((await client.get('/Organisation')).headers.get('x-minlimit-remaining'))
    const answer = await put(endpoint, 'k')
    expect(Number(answer.headers.get('x-minlimit-remaining'))).toBe(before - 1)
  })
})

test('a default-mode batch that is refused takes back what its payments did to the invoice', async () => {
  client = await startedSandbox()
  const InvoiceID = await invoiceId(client)
  const payment = { Invoice: { InvoiceID }, Account: { Code: '090' }, Date: '2026-11-21', Amount: 15 }
  const before = client.sandbox.invoices()[0]
  expect((await client.put('/Payments', { Payments: [payment, payment] })).status).toBe(400)
  expect(client.sandbox.invoices()[0]).toEqual(before)
})

test('a sandbox that is started again has its payments, credits, deposits and numbers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const stateFile = join(folder, 'state.json')
  client = await startedSandbox({ stateFile })
  const { path } = await credit(client, 'CreditNote')
  const deposit = await credit(client, 'Prepayment')
  const owed = await invoiceId(client)
  const allocation = { Invoice: { InvoiceID: owed }, Amount: 1, Date: '2026-11-21' }
  await client.put(`${path}/Allocations`, allocation)
  await client.post('/Payments', { ...allocation, Account: { Code: '090' } })
  const paths = [
    path,
    deposit.path,
    `/Payments/${client.sandbox.payments()[0]?.id}`,
    `/BankTransactions/${client.sandbox.bankTransactions()[0]?.id}`,
    `/Invoices/${owed}`,
  ]
  // Its number is free again, and yet not given a second time.
  const [draft = {}] = (await client.put('/CreditNotes', { ...creditNote, Status: 'DRAFT' })).list(
    'CreditNotes',
  )
  expect(draft['CreditNoteNumber']).toBe('CN-0002')
  await client.post(`/CreditNotes/${draft['CreditNoteID']}`, { CreditNoteNumber: 'Renamed' })
  const told = await Promise.all(paths.map((one) => getOne(client, one)))
  await client.sandbox.close()
  client = await startedSandbox({ stateFile })
  expect(await Promise.all(paths.map((one) => getOne(client, one)))).toEqual(told)
  const next = await client.put('/CreditNotes', { CreditNotes: [creditNote] })
  expect(next.list('CreditNotes')).toMatchObject([{ CreditNoteNumber: 'CN-0003' }])
  rmSync(folder, { recursive: true })
})
