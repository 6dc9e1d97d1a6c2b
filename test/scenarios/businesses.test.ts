// The three businesses under fixtures/, from their files to the books in Xero: every balance, account by account and tracking
// option by tracking option, is the one that was worked out by hand (see the README of each).

import { afterEach, expect, test } from 'vitest'
import {
  type Business,
  businesses,
  expectedBooks,
  ledgerFiles,
  organisationOf,
} from '../../src/commands/demo-business.ts'
import { brokenPromises } from '../support/checkers.ts'
import { World } from '../support/world.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Balances by account and tracking option, in cents; what comes to nothing is left out. */
function expected(business: Business): Record<string, number> {
  return Object.fromEntries(
    expectedBooks(business).flatMap(({ account, tracking, balance }) => {
      const cents = Math.round(Number(balance) * 100)
      return cents === 0 ? [] : [[`${account} ${tracking ?? ''}`.trim(), cents]]
    }),
  )
}

function inXero(w: World): Record<string, number> {
  return Object.fromEntries(
    w.sandbox
      .trialBalance()
      .map(({ account, trackingOption, cents }) => [`${account} ${trackingOption ?? ''}`.trim(), cents]),
  )
}

test.each(businesses.map((business) => [business.name, business] as const))('%s', async (_name, business) => {
  world = await World.open({ sandbox: { organisations: [organisationOf(business)] } })
  const w = world
  await w.must(['init'])
  await w.must(['import', ...ledgerFiles(business)])
  for (const entity of business.entities) await w.must(['connect', '--custom', '--entity', entity])
  await w.must(['validate'])
  const first = await w.export()
  expect(first.runs.flatMap((run) => run.failures)).toEqual([])
  expect(first.code, first.err).toBe(0)
  expect(inXero(w)).toEqual(expected(business))
  const second = await w.export()
  expect(second.runs.map((run) => run.chunks)).toEqual(business.entities.map(() => []))
  expect(brokenPromises(w)).toEqual([])
})
