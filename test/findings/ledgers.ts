// The ledgers that situations share, and how they are lived through: what was exported before, what people then did in Xero, what the
// exporting system then wrote, and what `validate` says of it.

import type { Finding } from '../../src/accounting/findings.ts'
import { nzDemoCompany } from '../../src/sandbox/organisation.ts'
import { contactsSql, roleAccountsSql, settingSql } from '../support/workload.ts'
import { type Outcome, World } from '../support/world.ts'
import { rewritingLine } from './altered-answers.ts'
import type { Foreseen, Situation, WorldSettings } from './fixture.ts'

type LedgerName = NonNullable<Foreseen['ledger']>

const settings: Record<LedgerName, string> = {
  plain: roleAccountsSql() + settingSql('inventory_journals', 'on'),
  'old-books':
    settingSql('cutover_date', '2026-04-01') +
    settingSql('foreign_currency', 'base') +
    settingSql('purchase_orders', 'bills'),
}

/** Two tracking categories, so that a line can have two. */
const organisation = nzDemoCompany({
  tracking: [
    { name: 'Region', options: ['North', 'South', 'East', 'West'] },
    { name: 'Team', options: ['Blue'] },
  ],
})

export interface Validated {
  world: World
  outcome: Outcome
  findings: Finding[]
}

export async function openLedger(
  name: LedgerName,
  { rewrite, ...options }: WorldSettings = {},
): Promise<World> {
  const world = await World.open({
    ...options,
    sandbox: { organisations: [organisation], ...options.sandbox },
  })
  if (rewrite) {
    const line = await rewritingLine(world.sandbox.url, rewrite)
    world.env['XERO_API_URL'] = line.url
    const { close } = world
    world.close = () => {
      line.close()
      return close.call(world)
    }
  }
  await world.prepare(settings[name] + contactsSql(2))
  return world
}

/** All of them in one ledger, and one `validate` over it. */
export async function validated(name: LedgerName, situations: readonly Situation[]): Promise<Validated> {
  const world = await openLedger(name)
  const before = situations.map((one) => one.before ?? '').join('\n')
  if (before.trim() !== '') {
    world.sql(`BEGIN;\n${before}\nCOMMIT;`)
    await world.must(['export'])
  }
  for (const { inXero } of situations) inXero?.(world)
  world.clock.advance(60_000)
  await world.must(['pull'])
  const rows = situations.map(({ sql }) => (typeof sql === 'function' ? sql(world) : (sql ?? '')))
  world.sql(`BEGIN;\n${rows.join('\n')}\nCOMMIT;`)
  const outcome = await world.run(['validate', '--json'])
  const { findings } = JSON.parse(outcome.out) as { findings: Finding[] } // the public JSON
  return { world, outcome, findings }
}
