// Logging in with a browser (Z1): `connect` from the address that is shown to the organisation that is pinned, and what goes wrong on the way.

import { afterEach, expect, test } from 'vitest'
import { connectInBrowser } from '../support/browser-person.ts'
import { invoicesSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

async function open(): Promise<World> {
  const w = await World.open()
  world = w
  await w.must(['init', '--entity', 'NZ01', '--name', 'Harbour Print Ltd', '--region', 'NZ'])
  return w
}

test('a person logs in, and the runs after it need nothing of the environment', async () => {
  const w = await open()
  const { code, out, err } = await connectInBrowser(w, ['--yes'])
  expect({ code, out, err }).toMatchObject({
    code: 0,
    out: expect.stringContaining('NZ01 is connected to “Demo Company (NZ)”'),
  })
  w.sql(invoicesSql(3, 1))
  delete w.env['XERO_CLIENT_ID']
  delete w.env['XERO_CLIENT_SECRET']
  expect(await w.export()).toMatchObject({ code: 0, runs: [{ state: 'sent' }] })
})
