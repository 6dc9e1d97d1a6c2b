// What Xero would refuse and the mirror knows: said before anything is sent, in validate as in export, and gone once it is mended
// (K9, I8, V1). Each refusal of a call that could have been foreseen costs a call and a bookkeeper's trust.

import { afterEach, describe, expect, test } from 'vitest'
import type { PlainDate } from '../../src/accounting/calendar.ts'
import { cents } from '../../src/accounting/money.ts'
import type { Person } from '../../src/sandbox/person.ts'
import { brokenPromises } from '../support/checkers.ts'
import { asPerson } from '../support/people.ts'
import { contactsSql, type DocumentSpec, documentSql, raiseSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** A ledger whose documents of these kinds are in Xero. */
async function exported(
  ...documents: (readonly ['invoice' | 'bill' | 'credit_note', DocumentSpec])[]
): Promise<World> {
  const w = await World.open()
  world = w
  await w.prepare(contactsSql(2) + documents.map(([kind, spec]) => documentSql(kind, spec)).join('\n'))
  if (documents.length > 0) await w.must(['export'])
  return w
}

const contactId = (w: World, name = 'Customer 1') =>
  w.sandbox.contacts().find((one) => one.name === name && one.status === 'ACTIVE')?.id ?? ''
const writes = (w: World) =>
  w.exchanges.filter(({ method, url }) => method !== 'GET' && url.startsWith('/api')).length
const statuses = (w: World) =>
  w.sandbox
    .invoices()
    .map(({ number, status }) => `${number} ${status}`)
    .sort()
const lock = (w: World, date: string) => w.sandbox.person().setLockDate(date as PlainDate) // a real date
const voidInLedger = (w: World, id: string) => w.sql(`UPDATE document SET status = 'void' WHERE id = '${id}'`)

/** Said by validate and by export alike, and nothing is sent. */
async function expectForeseen(w: World, said: readonly string[]): Promise<void> {
  const validated = await w.run(['validate', '--json'])
  const { findings } = JSON.parse(validated.out) as { findings: { id: string; code: string }[] } // the public JSON
  expect(findings.map(({ id, code }) => `${id} ${code}`)).toEqual(said)
  const before = writes(w)
  const run = await w.export()
  expect(run.runs[0]?.failures.map(({ id, code, xeroMessages }) => [`${id} ${code}`, xeroMessages])).toEqual(
    said.map((one) => [one, []]),
  )
  expect(writes(w)).toBe(before)
}

describe('a document is voided whose contact is archived in Xero (K9)', () => {
  test.each(['invoice', 'bill', 'credit_note'] as const)(
    'of kind %s: not sent, and voided once the contact is restored',
    async (kind) => {
      const w = await exported([kind, { id: 'D1' }])
      const id = contactId(w)
      asPerson(w, (person) => person.archiveContact(id))
      voidInLedger(w, 'D1')
      w.clock.advance(60_000)
      await w.must(['pull'])
      await expectForeseen(w, ['D1 contact-archived'])
      asPerson(w, (person) => person.restoreContact(id))
      w.clock.advance(60_000)
      expect((await w.export()).code).toBe(0)
      const rows = [...w.sandbox.invoices(), ...w.sandbox.creditNotes()]
      expect(rows.map(({ status }) => status)).toEqual(['VOIDED'])
      expect(brokenPromises(w)).toEqual([])
    },
  )

  test('merged into another, which has its documents now: voided', async () => {
    const w = await exported(['invoice', { id: 'D1' }], ['invoice', { id: 'D2', contact: 'C002' }])
    asPerson(w, (person) => person.mergeContact(contactId(w), contactId(w, 'Customer 2')))
    voidInLedger(w, 'D1')
    w.clock.advance(60_000)
    expect((await w.export()).code).toBe(0)
    expect(statuses(w)).toEqual(['INV-D1 VOIDED', 'INV-D2 AUTHORISED'])
  })
})

describe('what Xero has is in a locked period', () => {
  test('void in the ledger: not sent, and voided once the period is open', async () => {
    const w = await exported(
      ['invoice', { id: 'D1', date: '2026-06-30' }],
      ['invoice', { id: 'D2', date: '2026-07-01' }],
    )
    lock(w, '2026-06-30')
    voidInLedger(w, 'D1')
    await expectForeseen(w, ['D1 period-locked'])
    voidInLedger(w, 'D2')
    await w.export()
    expect(statuses(w)).toEqual(['INV-D1 AUTHORISED', 'INV-D2 VOIDED'])
    w.sandbox.person().setLockDate(null)
    expect((await w.export()).code).toBe(0)
    expect(statuses(w)).toEqual(['INV-D1 VOIDED', 'INV-D2 VOIDED'])
  })

  test('moved out of it in the ledger: the date that counts is the one in Xero', async () => {
    const w = await exported(['invoice', { id: 'D1', date: '2026-06-30' }])
    lock(w, '2026-06-30')
    w.sql(`${raiseSql('D1')} UPDATE document SET date = '2026-07-01' WHERE id = 'D1'`)
    await expectForeseen(w, ['D1 period-locked'])
  })
})

describe('a number that somebody used in Xero (I8)', () => {
  const enter = (w: World, act: (person: Person, contact: string) => void) => {
    asPerson(w, (person) => act(person, person.createContact({ name: 'By hand' }).id))
    w.clock.advance(60_000)
  }

  test.each([
    ['in other case', 'inv-d1', 'inv-D1'],
    ['as it is', 'INV-D1', 'INV-D1'],
  ])('%s, and with another total: the invoice is not sent', async (_title, theirs, ours) => {
    const w = await exported()
    enter(w, (person, contact) =>
      person.createInvoice({ number: theirs, contactId: contact, total: cents(20_000) }),
    )
    await w.must(['pull'])
    w.sql(documentSql('invoice', { id: 'D1', number: ours }))
    await expectForeseen(w, ['D1 number-in-use'])
    w.sql(`UPDATE document SET number = 'INV-NEW' WHERE id = 'D1'`)
    expect((await w.export()).code).toBe(0)
  })

  test('of a credit note, on a credit note', async () => {
    const w = await exported()
    enter(w, (person, contact) =>
      person.money.createCreditNote({ number: 'CN-D1', contactId: contact, total: cents(20_000) }),
    )
    await w.must(['pull'])
    w.sql(documentSql('credit_note', { id: 'D1' }))
    await expectForeseen(w, ['D1 number-in-use'])
  })

  test('with the same total it may be ours: Xero is asked by sending it, and refuses', async () => {
    const w = await exported()
    enter(w, (person, contact) =>
      person.createInvoice({ number: 'INV-D1', contactId: contact, total: cents(11_500) }),
    )
    w.sql(documentSql('invoice', { id: 'D1' }))
    expect((await w.export()).runs[0]?.failures).toMatchObject([
      { code: 'number-in-use', xeroMessages: ['Invoice # must be unique.'] },
    ])
  })

  test.each([
    ['deleted there', (person: Person, id: string) => person.deleteInvoice(id)],
    ['a bill there', () => undefined],
  ])('%s: it goes out', async (title, act) => {
    const w = await exported()
    enter(w, (person, contact) => {
      const type = title.startsWith('a bill') ? 'ACCPAY' : 'ACCREC'
      act(
        person,
        person.createInvoice({ type, number: 'INV-D1', contactId: contact, total: cents(20_000) }).id,
      )
    })
    w.sql(documentSql('invoice', { id: 'D1' }))
    expect((await w.export()).code).toBe(0)
  })
})

test('a contact that goes along for the first time: what is to be known of it is said by validate too', async () => {
  const w = await exported()
  const people = Array.from(
    { length: 7 },
    (_, index) =>
      `INSERT INTO contact_person (contact, position, first_name) VALUES ('C001', ${index}, 'P${index}');`,
  )
  w.sql(people.join('\n') + documentSql('invoice', { id: 'D1' }))
  const { out } = await w.must(['validate', '--json'])
  expect(JSON.parse(out)).toMatchObject({
    findings: [{ kind: 'contact', id: 'C001', code: 'people-left-out' }],
  })
})
