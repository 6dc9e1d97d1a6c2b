// Documents that tests of the sandbox send: one of each type, good as they stand.

import type { JsonObject } from './json.ts'
import type { TestClient } from './test-client.ts'

export const line: JsonObject = { Description: 'Part', Quantity: 2, UnitAmount: 10.5, AccountCode: '200' }
export const sale: JsonObject = {
  Type: 'ACCREC',
  Contact: { Name: 'Acme' },
  Date: '2026-11-20',
  DueDate: '2026-12-20',
  Status: 'AUTHORISED',
  LineItems: [line],
}
export const bill: JsonObject = { ...sale, Type: 'ACCPAY', LineItems: [{ ...line, AccountCode: '400' }] }

export const withLine = (change: JsonObject, base: JsonObject = sale): JsonObject => {
  const [first = {}] = base['LineItems'] as readonly JsonObject[]
  return { ...base, LineItems: [{ ...first, ...change }] }
}

/** The one element of the answer; a whole call that was refused stands for itself. */
export async function putOne(client: TestClient, invoice: JsonObject, query = ''): Promise<JsonObject> {
  const answer = await client.put(`/Invoices?summarizeErrors=false${query}`, { Invoices: [invoice] })
  return answer.list('Invoices')[0] ?? { status: answer.status, ...answer.json }
}
