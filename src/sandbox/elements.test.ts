// summarizeErrors: what a list with good and bad elements answers, and what is stored of it (§3.2).

import { afterEach, describe, expect, test } from 'vitest'
import { listOf } from './json.ts'
import type { Switches } from './switches.ts'
import { errorsOf, startedSandbox, stopSandboxes, type TestClient } from './test-client.ts'

afterEach(stopSandboxes)

const mixed = { Contacts: [{ Name: 'Good' }, { ContactNumber: 'bad' }, { Name: 'Better' }] }
const names = (client: TestClient) =>
  client.sandbox
    .contacts()
    .map(({ name }) => name)
    .sort()

describe('with summarizeErrors=false', () => {
  test.each(['false', 'False'])(
    '(%s) each element has its verdict and the good ones are stored',
    async (value) => {
      const client = await startedSandbox()
      const answer = await client.put(`/Contacts?summarizeErrors=${value}`, mixed)
      expect(answer.status).toBe(200)
      expect(answer.json).toMatchObject({
        Id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        Status: 'OK',
        ProviderName: 'Sandbox App',
        DateTimeUTC: '/Date(1795381200000)/',
      })
      const seen = answer
        .list('Contacts')
        .map((one) => [one['StatusAttributeString'], one['HasValidationErrors']])
      expect(seen).toEqual([
        ['OK', false],
        ['ERROR', true],
        ['OK', false],
      ])
      expect(names(client)).toEqual(['Better', 'Good'])
    },
  )
})

describe('in the default mode', () => {
  test('all good: 200 without StatusAttributeString', async () => {
    const client = await startedSandbox()
    const answer = await client.put('/Contacts', { Contacts: [{ Name: 'Good' }] })
    expect(answer.list('Contacts')[0]).not.toHaveProperty('StatusAttributeString')
  })

  test.each(['', '?summarizeErrors=true'])(
    'one bad (%s): 400 with the bad one, without an envelope',
    async (query) => {
      const client = await startedSandbox()
      const answer = await client.put(`/Contacts${query}`, mixed)
      expect(answer.status).toBe(400)
      const { Elements, ...rest } = answer.json
      const exception = {
        ErrorNumber: 10,
        Type: 'ValidationException',
        Message: 'A validation exception occurred',
      }
      expect(rest).toEqual(exception)
      expect(Elements).toMatchObject([
        { ContactID: '00000000-0000-0000-0000-000000000000', HasValidationErrors: true },
      ])
      expect(errorsOf(listOf(answer.json, 'Elements')?.[0])).toEqual(['Contact Name cannot be empty.'])
    },
  )

  const rows: readonly [switches: Partial<Switches>, stored: string[], listed: number][] = [
    [{ defaultModeStoresGood: false }, [], 1],
    [{ defaultModeStoresGood: true }, ['Better', 'Good'], 1],
    [{ refusalLists: 'all' }, [], 3],
  ]
  test.each(rows)('%j', async (switches, stored, listed) => {
    const client = await startedSandbox({ switches })
    const answer = await client.put('/Contacts', mixed)
    expect(names(client)).toEqual(stored)
    expect(listOf(answer.json, 'Elements')).toHaveLength(listed)
  })

  test.each([
    ['published', false],
    ['full', true],
  ] as const)('the echo of a refusal is %s', async (refusalEcho, hasNumber) => {
    const client = await startedSandbox({ switches: { refusalEcho } })
    const element = listOf((await client.put('/Contacts', mixed)).json, 'Elements')?.[0] ?? {}
    expect('ContactNumber' in element).toBe(hasNumber)
  })

  test('what was taken back leaves numbers, names and indexes free', async () => {
    const client = await startedSandbox()
    await client.put('/Contacts', mixed)
    expect((await client.put('/Contacts', { Contacts: [{ Name: 'Good' }, { Name: 'Better' }] })).status).toBe(
      200,
    )
  })
})

test('a bare object is a list of one', async () => {
  const client = await startedSandbox()
  expect((await client.put('/Contacts', { Name: 'Acme' })).list('Contacts')).toHaveLength(1)
})
