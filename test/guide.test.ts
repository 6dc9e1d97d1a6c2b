// The guide's own walk, with its own files: what a fresh user does in steps 1 to 7 ends as the guide says.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { World } from './support/world.ts'

const guide = readFileSync(fileURLToPath(new URL('../docs/guide.md', import.meta.url)), 'utf8')

let world: World | undefined

afterEach(async () => {
  await world?.close()
  world = undefined
})

/** The lines that the guide has saved as a file, by what they begin with. */
function fileInGuide(start: string): string {
  const blocks = [...guide.matchAll(/^```\n(.*?)^```$/gms)].map(([, text]) => text ?? '')
  const found = blocks.find((text) => text.startsWith(start))
  if (found === undefined) throw new Error(`The guide has no file that begins with ${start}`)
  return found
}

/** Every line that was printed stands in the guide, but for ids, times, paths and counts of bytes. */
function expectInGuide(printed: string): void {
  const bare = (text: string) =>
    text
      .replaceAll(/\S*ledger\.db/g, 'ledger.db')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
      .replaceAll(/\d+ seconds? ago/g, 'AGO')
      .replaceAll(/\d+ kB/g, 'kB')
  const told = new Set(bare(guide).split('\n'))
  expect(
    bare(printed)
      .split('\n')
      .filter((line) => line !== '' && !told.has(line)),
  ).toEqual([])
}

test('steps 1 to 7, word for word', async () => {
  const w = await World.open()
  world = w
  const file = join(w.folder, 'october.csv')
  const csv = fileInGuide('*ContactName')
  writeFileSync(file, csv)
  const init = await w.must([
    'init',
    'ledger.db',
    '--entity',
    'NZ01',
    '--name',
    'Harbour Print Ltd',
    '--region',
    'NZ',
  ])
  expectInGuide(init.out)
  expectInGuide((await w.must(['import', 'october.csv'], 3)).err)
  const corrected = csv
    .replace('"89,90"', '89.90')
    .replace('15% GST on Incom\n', '15% GST on Income\n')
    .replace('31/11/2026', '31/10/2026')
  writeFileSync(file, corrected)
  expectInGuide((await w.must(['import', 'october.csv'])).out)
  expectInGuide((await w.must(['connect', '--custom'])).out)
  expectInGuide((await w.must(['validate'], 1)).out)
  writeFileSync(join(w.folder, 'account_map.csv'), fileInGuide('account,xero_code'))
  expectInGuide((await w.must(['import', 'account_map.csv'])).out)
  expectInGuide((await w.must(['validate'])).out)
  expectInGuide((await w.must(['export', '--dry-run'])).out)
  const sent = await w.must(['export'])
  expectInGuide(`${sent.err}${sent.out}`.replaceAll(/^\d+ calls.*$/gm, ''))
  const again = await w.must(['export'])
  expectInGuide(`${again.err}${again.out}`.replaceAll(/^\d+ calls.*$/gm, ''))
})
