// The built program on disks that are full, read-only or lose a file, for real: a small file system is mounted for it, where this
// user may. Each run ends with 5 and a sentence, or goes on, and once the disk is well everything is in Xero once.

import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { brokenPromises } from './support/checkers.ts'
import { type Ended, ProcessWorld } from './support/process-world.ts'
import { isSoak } from './support/share.ts'
import { documentSql, invoicesSql } from './support/workload.ts'
import { paymentSql } from './support/workload-money.ts'

let world: ProcessWorld | undefined
let isMounted = false

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' })

/** Mounting is for root, and not in every container. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryToMount()

function tryToMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'auxo-sync-mount-'))
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder)
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function open(): Promise<ProcessWorld> {
  world = await ProcessWorld.open()
  return world
}

/** A world whose folder is a disk of its own. */
async function openOnDisk(): Promise<ProcessWorld> {
  const w = await open()
  mount('-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', w.folder)
  isMounted = true
  return w
}

const remount = (w: ProcessWorld, options: string) => mount('-o', `remount,${options}`, w.folder)

afterEach(async () => {
  if (world && isMounted) execFileSync('umount', ['--lazy', world.folder])
  isMounted = false
  await world?.close()
  world = undefined
})

const writes = (w: ProcessWorld) => w.exchanges.filter(({ method }) => method === 'PUT').length

function expectSaid(run: Ended, sentence: RegExp): void {
  const said = run.out + run.err
  expect(run.code, said).toBe(5)
  expect(said).toMatch(sentence)
  expect(said).not.toMatch(/\n\s+at |SqliteError|SQLITE_|ENOSPC|EROFS|EACCES|undefined/)
}

/** The disk is well again: everything goes out, once. Lost answers are settled on the way. */
async function expectAllGoesOn(
  w: ProcessWorld,
  counts: { invoices: number; payments: number },
): Promise<void> {
  for (let run = 1; ; run += 1) {
    w.anHourPasses()
    const { code, err } = await w.run('export')
    if (code === 0) break
    expect(code === 8 && run < 4, `run ${run} on the mended disk ended with ${code}: ${err}`).toBe(true)
  }
  expect(w.sandbox.invoices()).toHaveLength(counts.invoices)
  expect(w.sandbox.payments()).toHaveLength(counts.payments)
  expect(brokenPromises(w)).toEqual([])
}

/** A paid invoice and a paid bill. */
const paidSql = (n: number) =>
  documentSql('invoice', { id: `I${n}` }) +
  documentSql('bill', { id: `B${n}` }) +
  paymentSql({ id: `P${n}`, applied: { [`I${n}`]: 3_000 } }) +
  paymentSql({ id: `Q${n}`, applied: { [`B${n}`]: 2_000 } })

describe.skipIf(!canMount)('a disk of its own', () => {
  test('that is full after some pages more, wherever that is', { timeout: 120_000 }, async () => {
    const w = await openOnDisk()
    await w.prepare(invoicesSql(1, 1))
    w.sql(`INSERT INTO setting VALUES ('NZ01', 'calls_at_once', '1')`)
    await expectAllGoesOn(w, { invoices: 1, payments: 0 })
    let full = 0
    for (const [index, pages] of (isSoak ? [2, 8, 12, 16, 20, 24, 28, 34, 40] : [12, 28]).entries()) {
      w.sql(paidSql(index))
      const disk = statfsSync(w.folder)
      remount(w, `size=${(disk.blocks - disk.bfree + pages) * disk.bsize}`)
      const run = await w.run('export')
      if (run.code !== 0 && run.code !== 8) {
        full += 1
        expectSaid(run, /no space left|disk is full|disk failed/)
      }
      remount(w, 'size=64m')
      await expectAllGoesOn(w, { invoices: 3 + 2 * index, payments: 2 + 2 * index })
    }
    expect(full).toBeGreaterThan(0)
  })

  test('that may only be read: nothing is sent', async () => {
    const w = await openOnDisk()
    await w.prepare(invoicesSql(2, 1))
    remount(w, 'ro')
    expectSaid(await w.run('export'), /read-only|cannot be opened|cannot be written/)
    expectSaid(
      await w.run('import', join(w.folder, 'none.csv')),
      /read-only|cannot be opened|cannot be written/,
    )
    expect(writes(w)).toBe(0)
    remount(w, 'rw')
    await expectAllGoesOn(w, { invoices: 2, payments: 0 })
  })
})

// The same as a full disk to us, so that one of the two is enough in each `npm test`.
test.runIf(isSoak || !canMount)(
  'a limit on the size of files is told as a disk that fails, and nothing is doubled',
  async () => {
    const w = await open()
    await w.prepare(invoicesSql(6, 1) + paidSql(1))
    const blocks = Math.ceil((w.ledgerBytes().length + 60_000) / 512)
    const limited = await w.startBehind(
      'sh',
      ['-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`, 'sh'],
      'export',
    ).ended
    expectSaid(limited, /disk failed|no space left/)
    await expectAllGoesOn(w, { invoices: 8, payments: 2 })
  },
)

test('the write-ahead log of a killed run is deleted: the next run knows that it knows too little', {
  timeout: 120_000,
}, async () => {
  const w = await open()
  await w.prepare(invoicesSql(2, 1) + paidSql(1))
  w.sql(`INSERT INTO setting VALUES ('NZ01', 'calls_at_once', '1')`)
  const known = w.exchanges.length
  const { child, ended } = w.start('export')
  w.onExchange = ({ method, url }) => {
    if (method === 'PUT' && url.includes('/Payments')) child.kill('SIGKILL')
  }
  await ended
  w.onExchange = () => undefined
  expect(existsSync(`${w.ledgerFile}-wal`)).toBe(true)
  for (const exchange of w.exchanges.slice(known)) w.unlogged.add(exchange)
  rmSync(`${w.ledgerFile}-wal`)
  rmSync(`${w.ledgerFile}-shm`)
  const sent = writes(w)
  expectSaid(await w.run('export'), /behind what was sent.*adopt-copy/)
  expect(writes(w)).toBe(sent)
  expect((await w.run('adopt-copy')).code).toBe(0)
  await expectAllGoesOn(w, { invoices: 4, payments: 2 })
})

test('the config folder may not be written, was put back as it was, and is gone', {
  timeout: 120_000,
}, async () => {
  const w = await open()
  const config = join(w.folder, 'config')
  await w.prepare(invoicesSql(1, 1))
  await expectAllGoesOn(w, { invoices: 1, payments: 0 })
  const kept = join(w.folder, 'kept')
  cpSync(config, kept, { recursive: true })

  w.sql(paidSql(1))
  const sent = writes(w)
  for (const folder of ['sent', 'tokens', 'checked', '']) chmodSync(join(config, folder), 0o500)
  expectSaid(
    await w.startBound('export').ended,
    /cannot be used.*Nothing of this call was sent.*AUXO_CONFIG_DIR/s,
  )
  expect(writes(w)).toBe(sent)
  for (const folder of ['', 'checked', 'sent', 'tokens']) chmodSync(join(config, folder), 0o700)
  await expectAllGoesOn(w, { invoices: 3, payments: 2 })

  // The ledger knows more than the memory, and that is enough.
  rmSync(config, { recursive: true })
  cpSync(kept, config, { recursive: true })
  w.sql(paidSql(2))
  await expectAllGoesOn(w, { invoices: 5, payments: 4 })

  rmSync(config, { recursive: true })
  w.sql(paidSql(3))
  expectSaid(await w.run('export'), /not from this machine or user.*adopt-copy/)
  expect(w.sandbox.invoices()).toHaveLength(5)
  expect((await w.run('adopt-copy')).code).toBe(0)
  await expectAllGoesOn(w, { invoices: 7, payments: 6 })
})
