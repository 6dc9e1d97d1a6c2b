// What people do in Xero while the program works, remembered: what they made is not ours, and what they changed is theirs.

import type { Person } from '../../src/sandbox/person.ts'
import { linesOf } from './promises/ours-and-theirs.ts'
import type { Watched } from './promises/watched.ts'
import { type XeroRecord, xeroRecords } from './xero-records.ts'

/** Lets a person do something in Xero, and remembers what became of it. */
export function asPerson<Result>(
  world: Pick<Watched, 'sandbox' | 'touchedByPerson' | 'leftByPerson'>,
  act: (person: Person) => Result,
): Result {
  const before = new Map(xeroRecords(world.sandbox).map((record) => [record.id, record]))
  const result = act(world.sandbox.person())
  for (const record of xeroRecords(world.sandbox)) {
    const was = before.get(record.id)
    before.delete(record.id)
    if (was?.content === record.content) continue
    if (was) touch(world, record)
    // Lines that they left alone are still ours to change.
    if (was && !isTheirs(world, record.id) && linesOf(was.content) === linesOf(record.content)) continue
    world.leftByPerson.set(record.id, {
      isTheirs: !was || isTheirs(world, record.id),
      content: record.content,
    })
  }
  // A removed allocation vanishes.
  for (const gone of before.values()) touch(world, gone)
  return result
}

function isTheirs({ leftByPerson }: Pick<Watched, 'leftByPerson'>, id: string): boolean {
  return leftByPerson.get(id)?.isTheirs === true
}

function touch({ touchedByPerson }: Pick<Watched, 'touchedByPerson'>, record: XeroRecord): void {
  touchedByPerson.add(record.id)
  if (record.otherId !== null) touchedByPerson.add(record.otherId)
}
