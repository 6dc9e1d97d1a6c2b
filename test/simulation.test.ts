// Whole seasons from a seed: random workloads, faults of every kind, people in Xero, edits meanwhile, kills, second runs,
// clock steps, restored back-ups. A failing seed is printed and replays alone: AUXO_SEED=… npx vitest run test/simulation
// `npm run simulate` lives through AUXO_SEEDS (500) of them, from AUXO_FIRST_SEED or a random one on. Seeds take the families
// of kinds in turns; AUXO_FAMILY stays with one. AUXO_KEEP names a folder for the ledgers of failed seasons.

import { expect, test } from 'vitest'
import { simulate } from './support/simulation.ts'

const asked = (name: string) => (process.env[name] ? Number(process.env[name]) : null)
const single = asked('AUXO_SEED')
const family = process.env['AUXO_FAMILY']
const seeds = asked('AUXO_SEEDS') ?? (process.env['AUXO_SOAK'] ? 500 : null)

/** As many as fit into the share of `npm test` that simulation has; never fewer than a handful. */
const budgetMs = 15_000
const fewest = 8

async function live(seed: number): Promise<string[]> {
  try {
    return (await simulate(seed, { family, keep: process.env['AUXO_KEEP'] })).trace
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(
      `${family ? `AUXO_FAMILY=${family} ` : ''}AUXO_SEED=${seed} npx vitest run test/simulation\n${words}`,
      { cause: error },
    )
  }
}

test('whatever happens, every document is in Xero once', { timeout: 24 * 3_600_000 }, async () => {
  if (single !== null) {
    await live(single)
    return
  }
  const first = seeds === null ? 1 : (asked('AUXO_FIRST_SEED') ?? Math.floor(Math.random() * 1e6))
  const failures: string[] = []
  const startedAt = performance.now()
  let lived = 0
  for (
    ;
    seeds === null ? lived < fewest || performance.now() - startedAt < budgetMs : lived < seeds;
    lived += 1
  ) {
    await live(first + lived).catch((error: Error) => {
      failures.push(error.message)
      if (seeds !== null) console.log(error.message)
    })
    if (seeds === null && failures.length > 0) break
    if (seeds !== null && lived % 50 === 49) console.log(`${lived + 1} seasons, ${failures.length} failures`)
  }
  expect(failures.join('\n\n')).toBe('')
})

test.each(['invoices', 'mixed'])(
  'the same seed is the same season: %s',
  { timeout: 60_000 },
  async (name) => {
    const lived = async () => (await simulate(3, { family: name, isOrderly: true })).trace
    const [once, again] = [await lived(), await lived()]
    expect(again).toEqual(once)
  },
)
