// A ledger that a bad disk damaged: whichever page was hit and however, the run ends with 5 and a sentence before anything is
// sent, and once the last back-up is put back and adopt-copy has looked, everything is in Xero once. `npm run simulate` damages
// hundreds.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from '../support/checkers.ts'
import { randomSource } from '../support/random.ts'
import { isSoak } from '../support/share.ts'
import { contactsSql, documentSql, invoicesSql } from '../support/workload.ts'
import { creditAllocationSql, paymentSql } from '../support/workload-money.ts'
import { journalSql } from '../support/workload-papers.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

const day = 24 * 60 * 60_000
const pageBytes = 4096

/** One of each that Xero would take twice, and an invoice. */
function papersSql(n: number): string {
  return [
    documentSql('invoice', { id: `I${n}` }),
    documentSql('bill', { id: `B${n}` }),
    documentSql('supplier_credit', { id: `S${n}` }),
    creditAllocationSql(`S${n}`, `B${n}`, 1_000),
    paymentSql({ id: `P${n}`, applied: { [`I${n}`]: 3_000 } }),
    paymentSql({ id: `Q${n}`, applied: { [`B${n}`]: 2_000 } }),
    journalSql({
      id: `J${n}`,
      lines: [
        ['429', 1_000 + n],
        ['850', -1_000 - n],
      ],
    }),
  ].join('\n')
}

const writes = (w: World) =>
  w.exchanges.filter(({ method, url }) => method !== 'GET' && url.includes('/api.xro/')).length

type Damage = (bytes: Buffer, page: number, random: () => number) => void

const at = (page: number) => page * pageBytes
const damages: readonly (readonly [string, Damage])[] = [
  ['zeros', (bytes, page) => bytes.fill(0, at(page), at(page + 1))],
  ['ones', (bytes, page) => bytes.fill(0xff, at(page), at(page + 1))],
  [
    'noise',
    (bytes, page, random) => {
      for (let i = at(page); i < at(page + 1); i += 1) bytes[i] = Math.floor(random() * 256)
    },
  ],
  [
    'another page in its place',
    (bytes, page, random) => {
      const other = 1 + Math.floor(random() * (bytes.length / pageBytes - 1))
      if (other !== page) bytes.copy(bytes, at(page), at(other), at(other + 1))
    },
  ],
  ['half of it never written', (bytes, page) => bytes.fill(0, at(page) + pageBytes / 2, at(page + 1))],
  [
    'bytes of its head',
    (bytes, page, random) => {
      for (let i = 0; i < 8; i += 1) bytes[at(page) + Math.floor(random() * 64)] = Math.floor(random() * 256)
    },
  ],
]

const seeds = isSoak ? Array.from({ length: 40 }, (_, index) => index + 1) : [1]

test.each(seeds)(
  'pages that were damaged in six ways, seed %i: nothing is sent of a damaged ledger, and all once of the back-up',
  { timeout: 120_000 },
  async (seed) => {
    const random = randomSource(seed)
    const w = await World.open({ seed })
    world = w
    await w.prepare(contactsSql(2) + papersSql(0))
    expect((await w.export()).code).toBe(0)
    for (const [index, [name, damage]] of damages.entries()) {
      w.clock.advance(day)
      w.sql(papersSql(index + 1))
      const restore = w.backUp()
      const bytes = readFileSync(w.ledgerFile)
      const page = Math.floor(random() * (bytes.length / pageBytes))
      damage(bytes, page, random)
      writeFileSync(w.ledgerFile, bytes)
      const sent = writes(w)
      const run = await w.export()
      const title = `${name}, page ${page}, seed ${seed}: ${run.err}`
      // A page of nothing that is used, or a half that was empty, harms nobody.
      if (run.code !== 0) {
        expect(run.code, title).toBe(5)
        expect(run.err, title).toMatch(/damaged|not a ledger|back-up|lost/)
        expect(run.err, title).not.toMatch(/\n\s+at |SqliteError|undefined/)
        expect(writes(w), title).toBe(sent)
        restore()
        expect((await w.run(['adopt-copy'])).code, title).toBe(0)
        expect((await w.export()).code, title).toBe(0)
      }
      expect(brokenPromises(w), title).toEqual([])
      expect(w.sandbox.invoices(), title).toHaveLength(2 * (index + 2))
      expect(w.sandbox.payments(), title).toHaveLength(2 * (index + 2))
      expect(w.sandbox.manualJournals(), title).toHaveLength(index + 2)
    }
  },
)

describe('a ledger is looked at', () => {
  const looks = (w: World) => {
    const seen = { count: 0 }
    const wrapDatabase: NonNullable<Parameters<World['run']>[1]>['wrapDatabase'] = (database) => {
      const pragma = database.pragma.bind(database)
      database.pragma = (text, options) => {
        if (text.startsWith('integrity_check')) seen.count += 1
        return pragma(text, options)
      }
      return database
    }
    return async () => {
      seen.count = 0
      const run = await w.run(['export'], { wrapDatabase })
      expect(run.code, run.err).toBe(0)
      return seen.count
    }
  }

  test('once a day, again where the clock was set back, and each time where that cannot be remembered', async () => {
    const w = await World.open()
    world = w
    await w.prepare(invoicesSql(1, 1))
    const look = looks(w)
    // Connecting looked.
    expect(await look()).toBe(0)
    w.clock.advance(day)
    expect(await look()).toBe(1)
    w.clock.advance(60_000)
    expect(await look()).toBe(0)
    w.clock.advance(day)
    expect(await look()).toBe(1)
    w.clock.stepWall(-3 * day)
    expect(await look()).toBe(1)
    const memory = join(w.configFolder, 'checked')
    rmSync(memory, { recursive: true })
    writeFileSync(memory, 'a file where the folder belongs')
    expect(await look()).toBe(1)
    expect(await look()).toBe(1)
  })
})

test('what the program cannot make sense of is told as damage, and not as a bug, where the file is not whole', async () => {
  const w = await World.open()
  world = w
  await w.prepare(contactsSql(1) + papersSql(0))
  expect((await w.export()).code).toBe(0)
  w.backUp()
  const bytes = readFileSync(w.ledgerFile)
  bytes.fill(0, bytes.length - 3 * pageBytes)
  const breakNow = () => {
    writeFileSync(w.ledgerFile, bytes)
    throw new TypeError('what a bad disk makes of the rows')
  }
  const whole = await w.run(['status'], {
    wrapDatabase: () => {
      throw new TypeError('a real one')
    },
  })
  expect(whole.code).toBe(70)
  const run = await w.run(['status'], { wrapDatabase: breakNow })
  expect(run.code, run.err).toBe(5)
  expect(run.err).toMatch(/is damaged.*restore the last back-up/)
})
