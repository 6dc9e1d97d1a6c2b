// Random histories from a seed: people in Xero and the exporting system act, runs are killed, interrupted and disturbed, and after
// two quiet runs both sides agree (issue 4). A failing seed is printed and replays alone, told as its shortest story:
// AUXO_SEED=… npx vitest run test/comes-back/model
// `npm run simulate` lives through AUXO_SEEDS (500) of them, from AUXO_FIRST_SEED or a random one on.

import { expect, test } from 'vitest'
import { type Lived, liveHistory, planHistory, shortest } from '../support/comes-back/history.ts'

const asked = (name: string) => (process.env[name] ? Number(process.env[name]) : null)
const single = asked('AUXO_SEED')
const seeds = asked('AUXO_SEEDS') ?? (process.env['AUXO_SOAK'] ? 500 : null)

/** As many as fit into the share of `npm test` that the model has; never fewer than a handful. */
const budgetMs = 4_000
const fewest = 3

async function live(seed: number): Promise<Lived> {
  try {
    return await liveHistory(seed, planHistory(seed))
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`AUXO_SEED=${seed} npx vitest run test/comes-back/model\n${words}`, { cause: error })
  }
}

test('whatever happens, ledger and Xero agree after two quiet runs', {
  timeout: 24 * 3_600_000,
}, async () => {
  if (single !== null) {
    const broken = await shortest(single, planHistory(single))
    expect(broken?.message ?? '').toBe('')
    return
  }
  const first = seeds === null ? 1 : (asked('AUXO_FIRST_SEED') ?? Math.floor(Math.random() * 1e6))
  const failures: string[] = []
  const startedAt = performance.now()
  let documents = 0
  let compared = 0
  let lived = 0
  for (
    ;
    seeds === null ? lived < fewest || performance.now() - startedAt < budgetMs : lived < seeds;
    lived += 1
  ) {
    const seed = first + lived
    try {
      const told = await live(seed)
      documents += told.documents
      compared += told.compared
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
      if (seeds === null) break
      console.log(failures.at(-1))
    }
    if (seeds !== null && lived % 50 === 49)
      console.log(`${lived + 1} histories, ${failures.length} failures`)
  }
  expect(failures.join('\n\n')).toBe('')
  // A history in which nothing can be compared holds nothing.
  expect(compared / documents).toBeGreaterThan(0.5)
})
