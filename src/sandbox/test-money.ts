// Money documents that tests of the sandbox send, and how they are sent: one by one, the element of the answer back.

import { type JsonObject, textOf } from './json.ts'
import type { TestClient } from './test-client.ts'
import { bill, line, putOne, sale } from './test-documents.ts'

export const creditNote: JsonObject = {
  Type: 'ACCRECCREDIT',
  Contact: { Name: 'Acme' },
  Date: '2026-11-20',
  Status: 'AUTHORISED',
  LineItems: [line],
}
export const supplierCredit: JsonObject = {
  ...creditNote,
  Type: 'ACCPAYCREDIT',
  LineItems: [{ ...line, AccountCode: '400' }],
}

/** 10.00 that a customer paid too much. */
export const overpayment: JsonObject = {
  Type: 'RECEIVE-OVERPAYMENT',
  Contact: { Name: 'Acme' },
  BankAccount: { Code: '090' },
  Date: '2026-11-20',
  LineItems: [{ Description: 'Too much', Quantity: 1, UnitAmount: 10, AccountCode: '610' }],
}
/** 10.00 that a customer paid ahead, on an account without tax. */
export const prepayment: JsonObject = {
  ...overpayment,
  Type: 'RECEIVE-PREPAYMENT',
  LineItems: [{ Description: 'Deposit', Quantity: 1, UnitAmount: 10, AccountCode: '835', TaxType: 'NONE' }],
}

/** The one element of the answer; a whole call that was refused stands for itself. */
async function putTo(
  client: TestClient,
  path: string,
  key: string,
  element: JsonObject,
): Promise<JsonObject> {
  const answer = await client.put(`${path}?summarizeErrors=false`, { [key]: [element] })
  return answer.list(key)[0] ?? { status: answer.status, ...answer.json }
}

export function putCreditNote(client: TestClient, note: JsonObject): Promise<JsonObject> {
  return putTo(client, '/CreditNotes', 'CreditNotes', note)
}

export function putPayment(client: TestClient, payment: JsonObject): Promise<JsonObject> {
  const whole = { Account: { Code: '090' }, Date: '2026-11-21', Amount: 10, ...payment }
  return putTo(client, '/Payments', 'Payments', whole)
}

export function putBankTransaction(client: TestClient, transaction: JsonObject): Promise<JsonObject> {
  return putTo(client, '/BankTransactions', 'BankTransactions', transaction)
}

/** `owner` is such as /CreditNotes/{id}. */
export function putAllocation(
  client: TestClient,
  owner: string,
  allocation: JsonObject,
): Promise<JsonObject> {
  return putTo(client, `${owner}/Allocations`, 'Allocations', { Date: '2026-11-21', ...allocation })
}

export function idOf(element: JsonObject, name: string): string {
  const id = textOf(element, name)
  if (id === undefined) throw new Error(`no ${name} in ${JSON.stringify(element)}`)
  return id
}

/** A sales invoice of 24.15, or a bill, approved. */
export async function invoiceId(client: TestClient, change: JsonObject = {}): Promise<string> {
  return idOf(
    await putOne(client, { ...(change['Type'] === 'ACCPAY' ? bill : sale), ...change }),
    'InvoiceID',
  )
}

/** A credit of each kind, approved; its path and its id. */
export async function credit(
  client: TestClient,
  kind: 'CreditNote' | 'Prepayment' | 'Overpayment',
): Promise<{ path: string; id: string }> {
  const made =
    kind === 'CreditNote'
      ? await putCreditNote(client, creditNote)
      : await putBankTransaction(client, kind === 'Prepayment' ? prepayment : overpayment)
  const id = idOf(made, `${kind}ID`)
  return { path: `/${kind}s/${id}`, id }
}

export async function getOne(client: TestClient, path: string): Promise<JsonObject> {
  const answer = await client.get(path)
  const key = path.split('/')[1] ?? ''
  return answer.list(key)[0] ?? { status: answer.status }
}
