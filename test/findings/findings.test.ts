// Every finding code in a situation that has it, and in one that nearly has it and does not (V1): through the true `validate` where
// it can be known before anything is sent, through an export where only Xero or a run can know it. Whatever is left without
// an error then goes out, and Xero refuses none of it. What is printed of it is the example on the code's page.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Finding, type FindingCode, findingCodes, pageOf } from '../../src/accounting/findings.ts'
import type { World } from '../support/world.ts'
import { exampleOf, findingOf, recordedFindings } from './examples.ts'
import type { Foreseen, Situation } from './fixture.ts'
import { fixtures } from './fixtures.ts'
import { openLedger, type Validated, validated } from './ledgers.ts'

const foreseen = findingCodes.flatMap((code): [FindingCode, Foreseen][] => {
  const fixture = fixtures[code]
  return fixture.foundBy === 'validate' ? [[code, fixture]] : []
})

const readPage = (code: FindingCode) =>
  readFileSync(fileURLToPath(new URL(`../../${pageOf(code)}`, import.meta.url)), 'utf8')

const severities: Record<Finding['severity'], string> = {
  error: 'An error: it is not sent until this is mended.',
  warning: 'A warning.',
  information: 'Information.',
}

/** The page of a code says how grave it is, when it is found, and shows what is printed. */
async function expectPage(world: World, finding: Finding | undefined): Promise<void> {
  if (!finding) throw new Error('there is no finding to show')
  const page = readPage(finding.code)
  const { foundBy } = fixtures[finding.code]
  const when = foundBy === 'validate' ? 'Found before anything is sent.' : 'Found in a run.'
  expect(page).toContain(`${severities[finding.severity]} ${when}`)
  expect(page).toContain(`\`\`\`text\n${await exampleOf(finding, world)}\n\`\`\``)
}

describe.each(['plain', 'old-books'] as const)('found by validate: %s', (ledger) => {
  const own = foreseen.filter(([, fixture]) => (fixture.ledger ?? 'plain') === ledger)
  let lived: Validated

  beforeAll(async () => {
    lived = await validated(
      ledger,
      own.flatMap(([, { has, nearly }]) => [has, nearly]),
    )
  })
  afterAll(() => lived.world.close())

  test.each(own.map(([code, { has, nearly }]) => ({ code, has, nearly })))(
    '$code: $has.is; nearly: $nearly.is',
    async ({ code, has, nearly }) => {
      expect(findingOf(lived.findings, nearly.thing, code)).toBeUndefined()
      await expectPage(lived.world, findingOf(lived.findings, has.thing, code))
    },
  )

  test('what is left without an error goes out, and Xero refuses none of it', async () => {
    const run = await lived.world.export()
    const failures = run.runs[0]?.failures ?? []
    expect(failures.filter(({ xeroMessages }) => xeroMessages.length > 0)).toEqual([])
    const things = new Set<string>(failures.map(({ kind, id }) => `${kind}:${id}`))
    const failed = (one: Situation) => things.has(one.thing)
    expect(own.map(([, { nearly }]) => nearly).filter(failed)).toEqual([])
  })
})

describe('known only in a run', () => {
  const own = findingCodes.flatMap((code) => {
    const fixture = fixtures[code]
    return fixture.foundBy === 'run' ? [{ code, ...fixture }] : []
  })
  const worlds: World[] = []
  afterAll(() => Promise.all(worlds.map((world) => world.close())))

  test.each(own)('$code, since $reason', async ({ code, live }) => {
    const { world, has, nearly } = await live(async (options) => {
      const opened = await openLedger('plain', options)
      worlds.push(opened)
      return opened
    })
    const findings = recordedFindings(world)
    expect(findingOf(findings, nearly, code)).toBeUndefined()
    await expectPage(world, findingOf(findings, has, code))
  })
})
