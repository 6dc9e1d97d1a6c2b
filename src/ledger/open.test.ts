import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestLedger, testLedger } from './test-ledger.ts'

let world: TestLedger
let exportingSystem: Database.Database

beforeEach(() => {
  world = testLedger()
  exportingSystem = new Database(world.ledger.file, { timeout: 0 })
})

afterEach(() => {
  exportingSystem.close()
  world.close()
})

const write = "INSERT INTO contact (code, name) VALUES ('X', 'Written meanwhile')"

// Q4: had the transaction only read so far, the other's write would get in, and ours would be refused at once with
// SQLITE_BUSY, whatever the busy timeout says.
test('nobody writes between the reading and the writing of a transaction', async () => {
  await world.ledger.transaction(async (tx) => {
    await tx.selectFrom('contact').select('code').execute()
    expect(() => exportingSystem.exec(write)).toThrow(/database is locked/)
    await tx.updateTable('contact').set({ notes: 'ours' }).execute()
  })
  exportingSystem.exec(write)
  expect(exportingSystem.prepare("SELECT COUNT(*) FROM contact WHERE code = 'X'").pluck().get()).toBe(1)
})
