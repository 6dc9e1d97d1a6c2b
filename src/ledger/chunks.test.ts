import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Finding } from '../accounting/findings.ts'
import { AuxoError } from '../errors.ts'
import type { ThingOutcome } from './chunk-outcomes.ts'
import {
  type Attempt,
  beginAttempt,
  type ChunkIntent,
  markUncertain,
  narrowChunk,
  noteUnexecuted,
  prepareChunk,
  returnChunk,
  settleChunk,
} from './chunks.ts'
import { closeChunk, findOpenChunks, type Resolution, resolveChunk } from './open-chunks.ts'
import type { ChunkState } from './sync-tables.ts'
import { insertInvoice, insertRow, type TestLedger, testLedger, testTenant } from './test-ledger.ts'

let world: TestLedger
beforeEach(() => {
  world = testLedger()
  for (const id of ['A', 'B', 'C']) insertInvoice(world, id)
})
afterEach(() => world.close())

const log = (status: number | null = 200, durationMs = 250.6) => ({
  result: {
    status,
    durationMs,
    bytesIn: 10,
    correlationId: null,
    problem: null,
    exported: null,
    failed: null,
  },
  bodies: { request: Buffer.from('q'), response: Buffer.from('a') },
})
let keys = 0
const revisionOf = (id: string) =>
  Number(
    world.row("SELECT revision FROM export_state WHERE kind = 'invoice' AND source_id = ?", id)['revision'],
  )

function intent(ids: readonly string[] = ['A', 'B', 'C'], changes: Partial<ChunkIntent> = {}): ChunkIntent {
  keys += 1
  return {
    run: 7,
    entity: 'NZ01',
    kind: 'invoice',
    operation: 'create',
    channel: 'sales_invoices',
    knownIds: [],
    settleWindowMs: 360_000,
    number: 1,
    of: 2,
    method: 'PUT',
    path: '/api.xro/2.0/Invoices',
    idempotencyKey: `key-${keys}`,
    body: new TextEncoder().encode('{"Invoices":[]}'),
    bodyHash: 'hash',
    things: ids.map((id) => ({
      kind: 'invoice',
      sourceId: id,
      entity: 'NZ01',
      revision: revisionOf(id),
      factsHash: `facts-${id}`,
      facts: `{"number":"INV-${id}"}`,
    })),
    ...changes,
  }
}

const attemptIntent = { documents: 3, timeoutMs: 60_000, clockOffsetMs: 0, maxAgeMs: 270_000 }

async function prepared(ids?: readonly string[]): Promise<number> {
  const chunk = await prepareChunk(world.ledger, world.lease, intent(ids))
  if (chunk === null) throw new Error('not free')
  return chunk
}

async function attempted(chunk: number): Promise<Attempt> {
  const attempt = await beginAttempt(world.ledger, world.lease, chunk, attemptIntent)
  if (!attempt) throw new Error('may not be sent')
  return attempt
}

const exported = (position: number, findings: readonly Finding[] = []): ThingOutcome => ({
  position,
  outcome: 'exported',
  xeroId: `xero-${position}`,
  xeroNumber: `INV-${position}`,
  xeroStatus: 'AUTHORISED',
  findings,
})
const failed = (position: number, findings: readonly Finding[] = []): ThingOutcome => ({
  position,
  outcome: 'failed',
  reason: 'refused',
  findings,
})
const all = [exported(0), exported(1), exported(2)]

function aFinding(id: string, code: Finding['code'] = 'xero-refused'): Finding {
  return {
    kind: 'invoice',
    id,
    number: `INV-${id}`,
    code,
    severity: 'error',
    field: null,
    message: `${id} was refused`,
    why: 'w',
    fix: 'f',
    xeroMessages: ['no'],
  }
}

const chunkRow = (chunk: number) => world.row('SELECT * FROM chunk WHERE id = ?', chunk)
const states = () =>
  world
    .rows("SELECT source_id, state FROM export_state WHERE kind = 'invoice' ORDER BY source_id")
    .map((row) => `${row['source_id']} ${row['state']}`)
    .join(', ')
const thing = (id: string) =>
  world.row("SELECT * FROM export_state WHERE kind = 'invoice' AND source_id = ?", id)
const findings = () => world.rows('SELECT source_id, code, run FROM finding ORDER BY source_id, position')

describe('the way of a chunk', () => {
  test('prepare writes it down whole and claims its things', async () => {
    const chunk = await prepared(['C', 'A'])
    expect(chunkRow(chunk)).toMatchObject({
      run: 7,
      entity: 'NZ01',
      tenant_id: testTenant,
      kind: 'invoice',
      number: 1,
      of: 2,
      state: 'prepared',
      attempts: 0,
      bytes: 15,
      body_hash: 'hash',
      first_sent_at: null,
      prepared_at: '2026-11-22T00:00:00.000Z',
    })
    expect(String(chunkRow(chunk)['body'])).toBe('{"Invoices":[]}')
    expect(
      world.rows('SELECT position, source_id, revision, facts_hash, facts, outcome FROM chunk_thing'),
    ).toEqual([
      {
        position: 0,
        source_id: 'C',
        revision: 2,
        facts_hash: 'facts-C',
        facts: '{"number":"INV-C"}',
        outcome: null,
      },
      {
        position: 1,
        source_id: 'A',
        revision: 2,
        facts_hash: 'facts-A',
        facts: '{"number":"INV-A"}',
        outcome: null,
      },
    ])
    expect(states()).toBe('A sending, B pending, C sending')
    expect(thing('A')).toMatchObject({ chunk, run: 7, tenant_id: testTenant, queued: 1, sent_revision: null })
  })

  test.each(['sending', 'exported', 'uncertain', 'held', 'mock_exported'])(
    'prepare changes nothing where one of its things is %s',
    async (state) => {
      world.exec(`UPDATE export_state SET state = '${state}' WHERE source_id = 'B'`)
      expect(await prepareChunk(world.ledger, world.lease, intent())).toBeNull()
      expect(states()).toBe(`A pending, B ${state}, C pending`)
      expect(world.rows('SELECT 1 FROM chunk UNION ALL SELECT 1 FROM chunk_thing')).toEqual([])
    },
  )

  test.each([
    ['edited', "UPDATE document SET reference = 'changed' WHERE id = 'B'"],
    ['voided', "UPDATE document SET status = 'void' WHERE id = 'B'"],
    ['deleted', "DELETE FROM document_line WHERE document = 'B'; DELETE FROM document WHERE id = 'B'"],
  ])('prepare changes nothing where one of its things was %s since it was read', async (_, statement) => {
    const read = intent()
    world.exec(statement)
    expect(await prepareChunk(world.ledger, world.lease, read)).toBeNull()
    expect(states()).toBe('A pending, B pending, C pending')
  })

  test('prepare changes nothing for a thing that is not there, or is twice in it', async () => {
    const two = intent(['A', 'B'])
    expect(
      await prepareChunk(world.ledger, world.lease, {
        ...two,
        things: two.things.map((one, index) => (index === 1 ? { ...one, sourceId: 'nobody' } : one)),
      }),
    ).toBeNull()
    expect(await prepareChunk(world.ledger, world.lease, intent(['A', 'A']))).toBeNull()
    expect(states()).toBe('A pending, B pending, C pending')
  })

  test('an attempt is noted with its log row before it leaves', async () => {
    const chunk = await prepared()
    world.clock.advance(1_000)
    const attempt = await beginAttempt(world.ledger, world.lease, chunk, {
      ...attemptIntent,
      clockOffsetMs: 1234.4,
    })
    expect(attempt).toMatchObject({ chunk, number: 1, startedAt: world.clock.now() })
    expect(chunkRow(chunk)).toMatchObject({
      state: 'sent',
      attempts: 1,
      first_sent_at: '2026-11-22T00:00:01.000Z',
      // Should nobody live to say when it ended: the time-out.
      last_ended_at: '2026-11-22T00:01:01.000Z',
      clock_offset_ms: 1234,
    })
    expect(world.row('SELECT * FROM api_log')).toMatchObject({
      id: attempt?.logId,
      run: 7,
      entity: 'NZ01',
      chunk_id: chunk,
      chunk: 1,
      of: 2,
      status: null,
      attempt: 1,
      documents: 3,
      bytes_out: 15,
      duration_ms: null,
    })
  })

  test('settle gives each thing its outcome, forgets the bytes and completes the log row', async () => {
    const chunk = await prepared()
    const attempt = await attempted(chunk)
    world.clock.advance(9_000)
    await settleChunk(world.ledger, attempt, [exported(2), failed(0, [aFinding('A')]), exported(1)], log())
    expect(states()).toBe('A failed, B exported, C exported')
    expect(thing('B')).toMatchObject({
      xero_id: 'xero-1',
      xero_number: 'INV-1',
      xero_status: 'AUTHORISED',
      sent_revision: 2,
      facts_hash: 'facts-B',
      queued: 0,
      reason: null,
    })
    expect(thing('A')).toMatchObject({ xero_id: null, sent_revision: null, queued: 1, reason: 'refused' })
    // By how long the call took, not by the wall.
    expect(chunkRow(chunk)).toMatchObject({
      state: 'settled',
      body: null,
      body_hash: 'hash',
      last_ended_at: '2026-11-22T00:00:00.251Z',
    })
    expect(world.row('SELECT status, duration_ms, bytes_in FROM api_log')).toEqual({
      status: 200,
      duration_ms: 251,
      bytes_in: 10,
    })
    expect(world.rows('SELECT outcome FROM chunk_thing ORDER BY position')).toEqual([
      { outcome: 'failed' },
      { outcome: 'exported' },
      { outcome: 'exported' },
    ])
    expect(findings()).toEqual([{ source_id: 'A', code: 'xero-refused', run: 7 }])
    expect(world.rows('SELECT source_id, what, detail, run FROM event ORDER BY source_id')).toEqual([
      { source_id: 'A', what: 'failed', detail: 'refused', run: 7 },
      { source_id: 'B', what: 'exported', detail: 'xero-1', run: 7 },
      { source_id: 'C', what: 'exported', detail: 'xero-2', run: 7 },
    ])
    expect(await findOpenChunks(world.ledger, testTenant)).toEqual([])
  })

  test('settle without an outcome for each thing is a bug, and changes nothing', async () => {
    const chunk = await prepared()
    const attempt = await attempted(chunk)
    await expect(settleChunk(world.ledger, attempt, [exported(0)], log())).rejects.toThrow(/without outcome/)
    expect(states()).toBe('A sending, B sending, C sending')
    expect(chunkRow(chunk)['state']).toBe('sent')
  })

  test('settle in part leaves the rest uncertain, with the bytes', async () => {
    const chunk = await prepared()
    const attempt = await attempted(chunk)
    await settleChunk(world.ledger, attempt, [exported(0), failed(1, [aFinding('B')])], log(), 'left out')
    expect(states()).toBe('A exported, B failed, C uncertain')
    expect(thing('C')['reason']).toBe('left out')
    expect(chunkRow(chunk)).toMatchObject({ state: 'uncertain', unknown_attempts: 1 })
    expect(chunkRow(chunk)['body']).not.toBeNull()
    const [open] = await findOpenChunks(world.ledger, testTenant)
    expect(open?.things.map((one) => one.sourceId)).toEqual(['C'])
  })

  test('what a look-up finds later does not touch the findings of those that were settled before', async () => {
    const chunk = await prepared()
    const attempt = await attempted(chunk)
    await settleChunk(world.ledger, attempt, [failed(0, [aFinding('A')]), exported(1)], log(), 'left out')
    await resolveChunk(world.ledger, chunk, 8, [exported(2)], [])
    expect(findings()).toEqual([{ source_id: 'A', code: 'xero-refused', run: 7 }])
    expect(states()).toBe('A failed, B exported, C exported')
    expect(chunkRow(chunk)).toMatchObject({ state: 'resolved', body: null })
  })

  test('a thing of an open chunk that was sent again elsewhere is left alone by it', async () => {
    const chunk = await prepared()
    await settleChunk(world.ledger, await attempted(chunk), [failed(0), exported(1)], log(), 'left out')
    const again = await prepared(['A'])
    await resolveChunk(world.ledger, chunk, 8, [{ position: 2, outcome: 'returned' }], [])
    expect(states()).toBe('A sending, B exported, C pending')
    expect(thing('A')['chunk']).toBe(again)
  })

  test.each([
    ['exported', [exported(0)], 'exported', 1],
    ['failed', [failed(0)], 'failed', 1],
  ] as const)(
    'an edit while it is under way keeps what is %s queued',
    async (_title, outcomes, state, queued) => {
      const chunk = await prepared(['A'])
      const attempt = await attempted(chunk)
      world.exec("UPDATE document SET reference = 'edited meanwhile' WHERE id = 'A'")
      await settleChunk(world.ledger, attempt, outcomes, log())
      expect(thing('A')).toMatchObject({ state, queued, revision: 3 })
      expect(thing('A')['sent_revision']).toBe(state === 'exported' ? 2 : null)
    },
  )

  test('a deletion while it is under way stays noticed', async () => {
    const chunk = await prepared(['A'])
    const attempt = await attempted(chunk)
    world.exec("DELETE FROM document_line WHERE document = 'A'; DELETE FROM document WHERE id = 'A'")
    await settleChunk(world.ledger, attempt, [exported(0)], log())
    expect(thing('A')).toMatchObject({ state: 'exported', queued: 1, source_gone: 1 })
  })

  test('an unknown outcome is a state, which a repeat or a look-up leaves', async () => {
    const chunk = await prepared()
    await markUncertain(world.ledger, await attempted(chunk), 'time-out', log(null))
    expect(states()).toBe('A uncertain, B uncertain, C uncertain')
    expect(chunkRow(chunk)).toMatchObject({ state: 'uncertain', unknown_attempts: 1, attempts: 1 })
    const second = await attempted(chunk)
    expect(second.number).toBe(2)
    await settleChunk(world.ledger, second, all, log())
    expect(states()).toBe('A exported, B exported, C exported')
    expect(world.rows('SELECT attempt, status FROM api_log ORDER BY id')).toEqual([
      { attempt: 1, status: null },
      { attempt: 2, status: 200 },
    ])
  })

  test('what Xero did not execute leaves it as before, but proves nothing after an unknown attempt', async () => {
    const chunk = await prepared()
    await noteUnexecuted(world.ledger, await attempted(chunk), log(429))
    expect(chunkRow(chunk)).toMatchObject({ state: 'prepared', unknown_attempts: 0, attempts: 1 })
    await markUncertain(world.ledger, await attempted(chunk), 'time-out', log(null))
    await noteUnexecuted(world.ledger, await attempted(chunk), log(429))
    expect(chunkRow(chunk)).toMatchObject({ state: 'uncertain', unknown_attempts: 1, attempts: 3 })
    expect(states()).toBe('A uncertain, B uncertain, C uncertain')
    await returnChunk(world.ledger, chunk)
    expect(states()).toBe('A uncertain, B uncertain, C uncertain')
  })

  test('a call that was refused whole gives its things back to be sent otherwise', async () => {
    const chunk = await prepared()
    await narrowChunk(world.ledger, await attempted(chunk), log(400))
    expect(states()).toBe('A pending, B pending, C pending')
    expect(chunkRow(chunk)).toMatchObject({ state: 'abandoned', body: null })
    expect(await prepareChunk(world.ledger, world.lease, intent(['A']))).not.toBeNull()
  })

  test('what was sent and found again is linked, where it is a contact', async () => {
    world.exec("INSERT INTO contact (code, name) VALUES ('K', 'Kea'), ('L', 'Lark'), ('M', 'Moa')")
    const codes = ['K', 'L', 'M']
    for (const code of codes)
      insertRow(world, 'export_state', { kind: 'contact', source_id: code, entity: 'NZ01' })
    insertRow(world, 'contact_link', {
      contact: 'L',
      tenant_id: testTenant,
      xero_contact_id: 'by-hand',
      made_by: 'hand',
      since: 'then',
    })
    const chunk = await prepareChunk(
      world.ledger,
      world.lease,
      intent([], {
        kind: 'contact',
        things: codes.map((code) => ({
          kind: 'contact',
          sourceId: code,
          entity: 'NZ01',
          revision: 1,
          factsHash: 'h',
          facts: '{}',
        })),
      }),
    )
    if (chunk === null) throw new Error('not free')
    await settleChunk(world.ledger, await attempted(chunk), [exported(0), exported(1), failed(2)], log())
    expect(
      world.rows(
        'SELECT contact, xero_contact_id, made_by FROM contact_link WHERE ended IS NULL ORDER BY contact',
      ),
    ).toEqual([
      { contact: 'K', xero_contact_id: 'xero-0', made_by: 'create' },
      { contact: 'L', xero_contact_id: 'by-hand', made_by: 'hand' },
    ])
  })
})

describe('resolve', () => {
  const uncertain = async () => {
    const chunk = await prepared()
    await markUncertain(world.ledger, await attempted(chunk), 'time-out', log(null))
    return chunk
  }
  const returned = (position: number): Resolution => ({ position, outcome: 'returned' })

  test('in part: the chunk stays open for the rest', async () => {
    const chunk = await uncertain()
    await resolveChunk(
      world.ledger,
      chunk,
      8,
      [exported(0), returned(1)],
      [aFinding('C', 'look-alike-in-xero')],
    )
    expect(states()).toBe('A exported, B pending, C uncertain')
    expect(chunkRow(chunk)).toMatchObject({ state: 'uncertain', settled_at: null })
    expect(chunkRow(chunk)['body']).not.toBeNull()
    expect(findings()).toEqual([{ source_id: 'C', code: 'look-alike-in-xero', run: 8 }])
    const [open] = await findOpenChunks(world.ledger, testTenant)
    expect(open?.things.map((one) => one.position)).toEqual([2])

    // Given back, it is sent elsewhere; the old chunk has no say over it any more.
    const next = await prepared(['B'])
    await resolveChunk(world.ledger, chunk, 9, [returned(2)], [])
    expect(states()).toBe('A exported, B sending, C pending')
    expect(thing('B')['chunk']).toBe(next)
    expect(chunkRow(chunk)).toMatchObject({ state: 'resolved', body: null })
    // What stood against it is settled with it.
    expect(findings()).toEqual([])
  })

  test('nothing decided changes nothing', async () => {
    const chunk = await uncertain()
    await resolveChunk(world.ledger, chunk, 8, [], [])
    expect(states()).toBe('A uncertain, B uncertain, C uncertain')
    expect(chunkRow(chunk)['state']).toBe('uncertain')
  })

  test('an edit while it was uncertain keeps it queued', async () => {
    const chunk = await uncertain()
    world.exec("UPDATE document SET reference = 'x' WHERE id = 'A'")
    await resolveChunk(world.ledger, chunk, 8, all, [])
    expect(thing('A')).toMatchObject({ state: 'exported', queued: 1, sent_revision: 2 })
    expect(thing('B')).toMatchObject({ state: 'exported', queued: 0 })
  })

  test('a chunk left under way by a dead process is closed first', async () => {
    const chunk = await prepared()
    await attempted(chunk)
    await closeChunk(world.ledger, chunk)
    expect(chunkRow(chunk)).toMatchObject({ state: 'uncertain', unknown_attempts: 1 })
    expect(states()).toBe('A uncertain, B uncertain, C uncertain')
    await closeChunk(world.ledger, chunk)
    expect(chunkRow(chunk)['unknown_attempts']).toBe(1)
  })
})

/** Brings a new chunk into a state. */
const ways: Record<ChunkState, (chunk: number) => Promise<void>> = {
  prepared: async () => undefined,
  sent: async (chunk) => void (await attempted(chunk)),
  uncertain: async (chunk) => markUncertain(world.ledger, await attempted(chunk), 'time-out', log(null)),
  settled: async (chunk) => settleChunk(world.ledger, await attempted(chunk), all, log()),
  resolved: async (chunk) => {
    await ways.uncertain(chunk)
    await resolveChunk(world.ledger, chunk, 8, all, [])
  },
  abandoned: async (chunk) => returnChunk(world.ledger, chunk),
}

/** What each step makes of each state; `no` where it is refused, `-` where it does nothing. */
type After = ChunkState | 'no' | '-'
const steps: Record<string, { run: (chunk: number) => Promise<unknown>; after: Record<ChunkState, After> }> =
  {
    begin: {
      run: (chunk) => beginAttempt(world.ledger, world.lease, chunk, attemptIntent),
      after: { prepared: 'sent', sent: '-', uncertain: 'sent', settled: '-', resolved: '-', abandoned: '-' },
    },
    settle: {
      run: (chunk) => settleChunk(world.ledger, lastAttempt(chunk), all, log()),
      after: {
        prepared: 'no',
        sent: 'settled',
        uncertain: 'no',
        settled: 'no',
        resolved: 'no',
        abandoned: 'no',
      },
    },
    'settle in part': {
      run: (chunk) => settleChunk(world.ledger, lastAttempt(chunk), [exported(0)], log(), 'left out'),
      after: {
        prepared: 'no',
        sent: 'uncertain',
        uncertain: 'no',
        settled: 'no',
        resolved: 'no',
        abandoned: 'no',
      },
    },
    uncertain: {
      run: (chunk) => markUncertain(world.ledger, lastAttempt(chunk), 'why', log()),
      after: {
        prepared: 'no',
        sent: 'uncertain',
        uncertain: 'no',
        settled: 'no',
        resolved: 'no',
        abandoned: 'no',
      },
    },
    unexecuted: {
      run: (chunk) => noteUnexecuted(world.ledger, lastAttempt(chunk), log()),
      after: {
        prepared: 'no',
        sent: 'prepared',
        uncertain: 'no',
        settled: 'no',
        resolved: 'no',
        abandoned: 'no',
      },
    },
    narrow: {
      run: (chunk) => narrowChunk(world.ledger, lastAttempt(chunk), log()),
      after: {
        prepared: 'no',
        sent: 'abandoned',
        uncertain: 'no',
        settled: 'no',
        resolved: 'no',
        abandoned: 'no',
      },
    },
    return: {
      run: (chunk) => returnChunk(world.ledger, chunk),
      after: {
        prepared: 'abandoned',
        sent: '-',
        uncertain: '-',
        settled: '-',
        resolved: '-',
        abandoned: '-',
      },
    },
    close: {
      run: (chunk) => closeChunk(world.ledger, chunk),
      after: {
        prepared: '-',
        sent: 'uncertain',
        uncertain: '-',
        settled: '-',
        resolved: '-',
        abandoned: '-',
      },
    },
    resolve: {
      run: (chunk) => resolveChunk(world.ledger, chunk, 8, all, []),
      after: {
        prepared: 'no',
        sent: 'no',
        uncertain: 'resolved',
        settled: 'no',
        resolved: 'no',
        abandoned: 'no',
      },
    },
  }

/** The last attempt as its sender knows it. */
function lastAttempt(chunk: number): Attempt {
  const row = world.row(
    'SELECT attempts, (SELECT MAX(id) FROM api_log) AS log FROM chunk WHERE id = ?',
    chunk,
  )
  return {
    chunk,
    number: Number(row['attempts']) || 1,
    logId: Number(row['log'] ?? 0),
    startedAt: world.clock.now(),
  }
}

const dump = () =>
  JSON.stringify(
    ['chunk', 'chunk_thing', 'export_state', 'api_log', 'api_log_body', 'finding', 'event'].map((table) =>
      world.rows(`SELECT * FROM ${table}`),
    ),
  )

const table = Object.entries(steps).flatMap(([step, { run, after }]) =>
  Object.entries(after).map(([state, expected]) => ({ step, run, state: state as ChunkState, expected })),
)

describe('which step is allowed in which state', () => {
  test.each(table)('$step of a chunk that is $state: $expected', async ({ run, state, expected }) => {
    const chunk = await prepared()
    await ways[state](chunk)
    expect(chunkRow(chunk)['state']).toBe(state)
    const was = dump()
    if (expected === 'no') await expect(run(chunk)).rejects.toMatchObject({ code: 'organisation-busy' })
    else await run(chunk)
    if (expected === 'no' || expected === '-') expect(dump()).toBe(was)
    else expect(chunkRow(chunk)['state']).toBe(expected)
  })

  test.each(['settle', 'settle in part', 'uncertain', 'unexecuted', 'narrow'])(
    '%s of an attempt that is not the last one is refused',
    async (step) => {
      const chunk = await prepared()
      const first = await attempted(chunk)
      await noteUnexecuted(world.ledger, first, log(429))
      await attempted(chunk)
      const was = dump()
      const late: Record<string, () => Promise<unknown>> = {
        settle: () => settleChunk(world.ledger, first, all, log()),
        'settle in part': () => settleChunk(world.ledger, first, [exported(0)], log(), 'left out'),
        uncertain: () => markUncertain(world.ledger, first, 'why', log()),
        unexecuted: () => noteUnexecuted(world.ledger, first, log()),
        narrow: () => narrowChunk(world.ledger, first, log()),
      }
      await expect(late[step]?.()).rejects.toMatchObject({ code: 'organisation-busy' })
      expect(dump()).toBe(was)
    },
  )

  test('an answer that comes after another run closed the chunk is refused', async () => {
    const chunk = await prepared()
    const attempt = await attempted(chunk)
    await closeChunk(world.ledger, chunk)
    await expect(settleChunk(world.ledger, attempt, all, log())).rejects.toBeInstanceOf(AuxoError)
    expect(states()).toBe('A uncertain, B uncertain, C uncertain')
  })
})

describe('age', () => {
  test.each([
    ['as old as the key', 270_000, true],
    ['a millisecond older', 270_001, false],
  ])('a chunk that is %s', async (_title, ageMs, allowed) => {
    const chunk = await prepared()
    world.clock.advance(ageMs)
    expect((await beginAttempt(world.ledger, world.lease, chunk, attemptIntent)) !== null).toBe(allowed)
    expect(chunkRow(chunk)['state']).toBe(allowed ? 'sent' : 'prepared')
  })

  test('counts from the first attempt, by Xero’s clock where ours was stepped', async () => {
    const chunk = await prepared()
    await markUncertain(world.ledger, await attempted(chunk), 'time-out', log(null))
    // The wall goes back an hour: Xero's clock is now an hour ahead of it.
    world.clock.step(-3_600_000)
    world.clock.advance(200_000)
    const ahead = { ...attemptIntent, clockOffsetMs: 3_600_000 }
    const second = await beginAttempt(world.ledger, world.lease, chunk, ahead)
    expect(second).not.toBeNull()
    expect(chunkRow(chunk)['first_sent_at']).toBe('2026-11-21T23:00:00.000Z')
    if (second) await markUncertain(world.ledger, second, 'time-out', log(null))
    world.clock.advance(70_001)
    expect(await beginAttempt(world.ledger, world.lease, chunk, ahead)).toBeNull()
  })
})

describe('a lease that was lost', () => {
  const lose = () => world.exec('UPDATE run_lease SET generation = generation + 1')

  test('stops prepare', async () => {
    lose()
    await expect(prepareChunk(world.ledger, world.lease, intent())).rejects.toMatchObject({
      code: 'organisation-busy',
    })
    expect(states()).toBe('A pending, B pending, C pending')
    expect(world.rows('SELECT 1 FROM chunk')).toEqual([])
  })

  test.each(['prepared', 'uncertain'] as const)('stops an attempt of a chunk that is %s', async (state) => {
    const chunk = await prepared()
    await ways[state](chunk)
    lose()
    const was = dump()
    await expect(beginAttempt(world.ledger, world.lease, chunk, attemptIntent)).rejects.toMatchObject({
      code: 'organisation-busy',
    })
    expect(dump()).toBe(was)
  })

  test('does not stop the record of what came back: it is still true', async () => {
    const chunk = await prepared()
    const attempt = await attempted(chunk)
    lose()
    await settleChunk(world.ledger, attempt, all, log())
    expect(states()).toBe('A exported, B exported, C exported')
  })

  test('that was given back stops it too', async () => {
    world.exec('UPDATE run_lease SET held = 0')
    await expect(prepareChunk(world.ledger, world.lease, intent())).rejects.toMatchObject({
      code: 'organisation-busy',
    })
  })
})
