// What others wrote and people install with the program: under which licences, and that one package alone runs anything while it is
// installed. Known faults of theirs are for `npm audit` in .ci/run, which needs the registry.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Locked {
  version?: string
  license?: string
  integrity?: string
  hasInstallScript?: boolean
  dev?: boolean
}

const lock = JSON.parse(
  readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8'),
) as { packages: Record<string, Locked> } // npm's own file
const all = Object.entries(lock.packages).filter(([path]) => path !== '')
const installed = all.filter(([, { dev }]) => !dev)

/** They ask for no more than their notice, which npm installs with them. */
const licences = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-3-Clause',
  '(MIT OR WTFPL)',
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
])

test('every package that is installed with the program has a licence that asks for its notice alone', () => {
  expect(installed.length).toBeGreaterThan(50)
  expect(installed.filter(([, { license }]) => !licences.has(license ?? ''))).toEqual([])
})

test('better-sqlite3 alone runs something while it is installed', () => {
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript)
  expect(scripted.map(([path]) => path)).toEqual(['node_modules/better-sqlite3'])
})

test('every package is pinned to its very bytes', () => {
  expect(all.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([])
})
