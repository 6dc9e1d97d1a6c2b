import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandLedger, commandLedger } from '../../test/support/command-ledger.ts'
import { aCall, aRun, type Row } from '../../test/support/left-rows.ts'
import { logCommand } from './log.ts'

const living = 77
let world: CommandLedger
beforeEach(() => {
  world = commandLedger({ isAlive: (pid) => pid === living })
  world.insert('billing_entity', { code: 'NZ01', name: 'Harbour Motors Ltd', region: 'NZ' })
  world.insert('contact', { code: 'ACME', name: 'Acme Ltd' })
  world.connect('NZ01')
})
afterEach(() => world.drop())

describe('log', () => {
  const log = (flags: Parameters<typeof logCommand>[1], global = {}) =>
    world.run((context) => logCommand(context, flags), global)
  const ids = async (flags: Parameters<typeof logCommand>[1], global = {}) =>
    (await log(flags, { json: true, ...global })).json.map((call) => (call as Row)['id'])

  test('JSON is a line a call, as cli.md has it', async () => {
    aCall(world, 1)
    expect((await log({}, { json: true })).json).toEqual([
      {
        id: 1,
        run: 1,
        entity: 'NZ01',
        at: '2026-11-20T03:00:30.000Z',
        kind: 'invoice',
        chunk: 1,
        of: 4,
        method: 'PUT',
        path: '/api.xro/2.0/Invoices',
        query: 'summarizeErrors=false&unitdp=4',
        status: 200,
        attempt: 1,
        documents: 100,
        exported: 100,
        failed: 0,
        durationMs: 830,
        bytesOut: 5_000,
        bytesIn: 9_000,
        idempotencyKey: 'key-1',
        problem: null,
      },
    ])
  })

  test('rows are chosen by run, by failure and by entity', async () => {
    aCall(world, 1)
    aCall(world, 2, { status: 503 })
    aCall(world, 3, { run: 2, failed: 3 })
    aCall(world, 4, { run: 2, status: null, duration_ms: null })
    aCall(world, 5, { run: 2, problem: 'unreadable' })
    aCall(world, 6, { run: null, entity: null, kind: 'connections' })
    expect(await ids({})).toEqual([1, 2, 3, 4, 5, 6])
    expect(await ids({ run: 2 })).toEqual([3, 4, 5])
    expect(await ids({ failed: true })).toEqual([2, 3, 4, 5])
    expect(await ids({ run: 1, failed: true })).toEqual([2])
    expect(await ids({}, { entity: 'NZ01' })).toEqual([1, 2, 3, 4, 5])
  })

  test('JSON has them all, however many; a person is shown the last', async () => {
    const insert = world.ledger.sqlite.prepare(
      `INSERT INTO api_log (id, run, at, method, path, status, duration_ms) VALUES (?, 7, '2026-11-20T03:00:30.000Z', 'GET', '/', 200, 1)`,
    )
    world.ledger.sqlite.transaction(() => {
      for (let id = 1; id <= 2_500; id++) insert.run(id)
    })()
    expect(await ids({})).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1))
    const { out, err } = await log({})
    expect(out.trimEnd().split('\n')).toHaveLength(101)
    expect(out).toContain('2500 ')
    expect(err).toContain('the last 100 calls')
    const whole = await log({ run: 7 })
    expect(whole.out.trimEnd().split('\n')).toHaveLength(2_501)
    expect(whole.err).toBe('')
  })

  test('an attempt without an end was cut off, unless its process lives', async () => {
    const noEnd = { status: null, duration_ms: null, exported: null, failed: null, bytes_in: null }
    aRun(world, 1, { state: 'running', ended_at: null })
    aCall(world, 1, noEnd)
    aCall(world, 2, { ...noEnd, duration_ms: 60_000, problem: 'time-out' })
    const lease = (pid: number, host: string, heartbeat: string) =>
      world.ledger.sqlite
        .prepare(
          `INSERT OR REPLACE INTO run_lease VALUES ('tenant-1', 1, 1, 'mere@office', ?, ?, '2026-11-22T02:00:00.000Z', ?)`,
        )
        .run(host, pid, heartbeat)
    expect((await log({})).out).toMatch(/no answer recorded[\s\S]*no answer .*time-out/)
    lease(living, 'office', '2026-11-22T02:00:00.000Z')
    expect((await log({})).out).toContain('under way')
    lease(78, 'office', '2026-11-22T02:59:59.000Z')
    expect((await log({})).out).toContain('no answer recorded')
    lease(78, 'elsewhere', '2026-11-22T02:59:59.000Z')
    expect((await log({})).out).toContain('under way')
    lease(78, 'elsewhere', '2026-11-22T02:00:00.000Z')
    expect((await log({})).out).toContain('no answer recorded')
  })

  test('one call is shown with its request and answer', async () => {
    aCall(world, 1)
    world.insert('api_log_body', {
      api_log: 1,
      request: gzipSync('{"Invoices":[{"Type":"ACCREC"}]}'),
      response: gzipSync('<html>\u001b[31mproxy</html>'),
    })
    const { out } = await log({ call: 1 })
    expect(out).toContain('request  PUT /api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4\n')
    expect(out).toContain('Request\n{\n  "Invoices": [\n    {\n      "Type": "ACCREC"\n')
    expect(out).toContain('Answer\n<html>proxy</html>\n')
    expect((await log({ call: 1 }, { json: true })).json).toMatchObject([
      { id: 1, request: { Invoices: [{ Type: 'ACCREC' }] }, response: '<html>\u001b[31mproxy</html>' },
    ])
    aCall(world, 2)
    expect((await log({ call: 2 })).out).toContain('Request: none is kept\n')
    await expect(log({ call: 3 })).rejects.toMatchObject({ code: 'usage' })
  })

  test('says aloud when there is nothing', async () => {
    expect((await log({})).out).toBe('No call is recorded.\n')
    expect((await log({ run: 3, failed: true })).out).toBe('No call of run 3 went wrong.\n')
  })
})
