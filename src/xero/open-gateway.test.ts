// The gateway as a whole: which addresses it takes, how many calls are under way, that no secret leaves it, how it closes.

import { expect, test } from 'vitest'
import type { XeroGateway } from './gateway.ts'
import { type Answer, openTestGateway, request, secret, send, tenantId, withGateway } from './test-gateway.ts'
import { defaultSettings } from './test-line.ts'

test('at most calls_at_once are under way, reads and writes together', async () => {
  let underWay = 0
  let most = 0
  const held: (() => void)[] = []
  const answer: Answer = (received, response) => {
    underWay += 1
    most = Math.max(most, underWay)
    held.push(() => {
      underWay -= 1
      send(response, received.method === 'GET' ? { Currencies: [] } : { Invoices: [] })
    })
  }
  const settings = { ...defaultSettings, calls_at_once: 2 }
  await withGateway(
    answer,
    async ({ gateway, clock }) => {
      let isDone = false
      const all = Promise.all([
        ...Array.from({ length: 4 }, () => gateway.write(request)),
        ...Array.from({ length: 4 }, () => gateway.currencies()),
      ]).then(() => {
        isDone = true
      })
      while (!isDone) {
        await clock.advance(0)
        if (underWay === 2 || held.length > 0) held.shift()?.()
      }
      await all
    },
    { settings },
  )
  expect(most).toBe(2)
})

test('no secret stands in an error, a reason or a log row, whatever the other side echoes', async () => {
  const basic = Buffer.from(`client-id:${secret}`).toString('base64')
  const echo = `Bearer MARKED-ACCESS-1 Basic ${basic} ${secret}`
  const answer: Answer = (received, response) => {
    if (received.method !== 'GET')
      send(
        response,
        { Message: echo, Invoices: [{ ValidationErrors: [{ Message: echo }] }] },
        {},
        received.url.includes('ok') ? 200 : 400,
      )
    else send(response, { Message: echo, Detail: echo }, {}, 500)
  }
  await withGateway(answer, async ({ gateway, clock, log }) => {
    const written = [
      await gateway.write(request),
      await gateway.write({ ...request, path: '/Invoices?ok=1' }),
    ]
    const error = await clock.run(gateway.currencies()).catch((caught: Error) => caught)
    const bodies = [...log.rows.map((row) => row.result), ...written.map((one) => one.result)].map((result) =>
      Buffer.from(result?.responseBody ?? []).toString('latin1'),
    )
    const all =
      JSON.stringify([written, log.rows]) + String(error instanceof Error && error.stack) + bodies.join()
    expect(bodies.join()).toContain('[hidden]')
    expect(all).not.toContain('MARKED')
    expect(all).not.toContain(basic)
  })
})

test.each([
  ['http://api.xero.com', false],
  ['https://api.xero.com/', true],
  ['http://localhost:9', true],
])('%s is accepted: %s', async (apiUrl, isAccepted) => {
  const opening = (): XeroGateway =>
    openTestGateway(apiUrl, { identityUrl: 'https://identity.xero.com' }).gateway
  if (!isAccepted) return expect(opening).toThrow(/must begin with https/)
  const gateway = opening()
  expect(gateway).toMatchObject({
    tenantId,
    apiUrl: apiUrl.replace(/\/$/, ''),
    isLoopback: apiUrl.includes('localhost'),
  })
  await gateway.close()
})

test('closing ends a call that waits for the minute', async () => {
  await withGateway(
    (_, response) => send(response, { Currencies: [] }),
    async ({ gateway, clock }) => {
      await gateway.currencies()
      const waiting = gateway.currencies()
      waiting.catch(() => undefined)
      while (clock.waiting === 0) await clock.advance(0)
      await gateway.close()
      await expect(waiting).rejects.toMatchObject({ code: 'interrupted' })
    },
    { settings: { ...defaultSettings, calls_per_minute: 1 } },
  )
})
