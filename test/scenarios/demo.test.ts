// The demo as it is typed: after the books its last chapter, what comes back from Xero. The books are businesses.test.ts.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

test.each([
  [
    'workshop',
    'enters a payment of 18.00 NZD on invoice W-1010, and deletes ours of 100.00',
    'Back from Xero: 1 payment, 1 payment deleted.',
    'auxo-sync show W-1010\n',
    [
      'part-paid (total 138.00, paid 18.00, credited 20.00, due 100.00)',
      'payment p-03 of 100.00, deleted in Xero on',
    ],
  ],
  [
    'agency',
    'enters a payment of 428.55 NZD on invoice 2002, and deletes ours of 1,500.00',
    'Back from Xero: 1 payment, 1 payment deleted.',
    // Both of its entities have a 2002.
    'auxo-sync show 2002 --entity AG01\n',
    [
      'part-paid (total 1,928.55, paid 428.55, due 1,500.00)',
      'payment ag01-p-2 of 1,500.00, deleted in Xero on',
    ],
  ],
  [
    // Its sales are journals: there are only bills to pay.
    'manufacturer-journals',
    'enters a payment of 364.32 AUD on bill IS-955.',
    'Back from Xero: 1 payment.',
    'auxo-sync show IS-955\n',
    ['paid (total 404.80, paid 364.32, credited 40.48, due 0.00)', 'payment of 364.32, made in Xero'],
  ],
])(
  '%s: what somebody does in Xero at its end comes back with the next export',
  async (business, done, back, show, lines) => {
    world = await World.open()
    const { out } = await world.must(['demo', business, '--keep', 'kept'])
    expect(existsSync(join(world.folder, 'kept'))).toBe(true)
    const [books = '', chapter = ''] = out.split('Now somebody works in Xero: ')
    expect(books).toMatch(/All \d+ balances agree to the cent/)
    const [told = '', exported = '', shown = ''] = chapter.split('\n$ ')
    expect(told).toContain(done)
    expect(exported).toMatch(/^auxo-sync export\n/)
    expect(exported).toContain(back)
    expect(shown.startsWith(show)).toBe(true)
    for (const line of lines) expect(shown).toContain(line)
    expect(shown).toContain('There are more to see:')
  },
)
