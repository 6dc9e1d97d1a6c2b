// Completion as the shells do it, and the manual page: both are made from the verbs, so what is held here is that the shells
// understand what was made, and that nothing is missing.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environmentVariables } from '../src/config.ts'
import { exitCodes } from '../src/errors.ts'
import { manText } from '../src/man.ts'
import { buildProgram, runProgram } from '../src/program.ts'
import { exitMeanings } from '../src/reporting/man-page.ts'
import { allVerbs, type VerbTree } from '../src/reporting/verb-tree.ts'
import { knownWords, readTree } from '../src/verbs/tree.ts'
import { testHost } from './support/host.ts'

let folder: string
let tree: VerbTree

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auxo-completion-'))
  tree = readTree(buildProgram(testHost(), () => undefined))
  for (const shell of ['bash', 'zsh', 'fish']) {
    const host = testHost()
    expect(await runProgram(['completion', shell], host)).toBe(0)
    writeFileSync(join(folder, shell), host.out())
  }
  writeFileSync(join(folder, 'invoices 2026.csv'), '')
  writeFileSync(join(folder, 'ledger.db'), '')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  })
}

const has = (command: string) => spawnSync(command, ['--version']).error === undefined

/** What bash offers after these words; the last is the one that is being typed. bash parts words at `=` and `:`. */
const askBash = `
  source ./bash
  complete -p auxo-sync | grep -q -- '-F _auxo_sync ' || exit 9
  while IFS= read -r line; do
    IFS=$'\\t' read -r -a COMP_WORDS <<< "$line"$'\\t.'
    unset 'COMP_WORDS[-1]'
    [[ $line == *$'\\t' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _auxo_sync
    (IFS=$'\\t'; echo "\${COMPREPLY[*]}")
  done`

function bashOffers(lines: readonly (readonly string[])[]): string[][] {
  const input = lines.map((words) => ['auxo-sync', ...words].join('\t')).join('\n')
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', askBash], {
    cwd: folder,
    encoding: 'utf8',
    input: `${input}\n`,
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t').filter((word) => word !== ''))
}

describe.skipIf(!has('bash'))('in bash', () => {
  const cases: [string, string[], string[]][] = [
    ['the beginning of a verb', ['exp'], ['export']],
    ['two verbs that begin alike', ['re'], ['refresh', 'reconcile', 'release', 'reset', 'report']],
    ['the verbs of a group', ['contacts', ''], ['list', 'link', 'match', 'unlink']],
    ['a verb after options', ['--entity', 'NZ01', '--json', 'vali'], ['validate']],
    ['an option of a verb', ['export', '--dr'], ['--dry-run']],
    ['an option of a verb of a group', ['contacts', 'match', '--ap'], ['--apply']],
    ['a common option', ['status', '--ent'], ['--entity']],
    ['the values of an option', ['validate', '--format', ''], ['table', 'json', 'csv', 'html']],
    ['a value after =', ['validate', '--format', '=', 'c'], ['csv']],
    ['a value after = that is not begun', ['validate', '--format', '='], ['table', 'json', 'csv', 'html']],
    ['one of several kinds', ['export', '--only', 'invoice,pay'], ['invoice,payment']],
    ['a setting', ['settings', 'set', 'cut'], ['cutover_date']],
    ['no second setting', ['settings', 'get', 'cutover_date', ''], []],
    ['a file to import', ['import', 'inv'], ['invoices 2026.csv']],
    ['a second file to import', ['import', 'a.csv', 'inv'], ['invoices 2026.csv']],
    ['a ledger', ['--ledger', 'led'], ['ledger.db']],
    ['nothing after a value that nobody can know', ['export', '--from', ''], []],
    ['the value of an option is no verb', ['hold', '--reason', 'export', '--ki'], ['--kind']],
    ['a shell', ['completion', ''], ['bash', 'zsh', 'fish']],
  ]

  test('offers what may stand there', () => {
    const offers = bashOffers(cases.map(([, words]) => words))
    const told = cases.map(([what], index) => [what, [...(offers[index] ?? [])].sort()])
    expect(told).toEqual(
      cases.map(([what, , offered]) => [what, offered.filter((word) => offers.length > 0 && word).sort()]),
    )
  })

  test('every verb and every option of every verb is offered', () => {
    const verbs = allVerbs(tree)
    const offers = bashOffers(verbs.flatMap(({ path }) => [path.split(' '), [...path.split(' '), '--']]))
    verbs.forEach(({ path, verb }, index) => {
      expect(offers[index * 2], path).toContain(verb.name)
      const options = [...verb.options, ...tree.common].map(({ long }) => long)
      expect(offers[index * 2 + 1], path).toEqual(options)
    })
  })
})

describe.skipIf(!has('fish'))('in fish', () => {
  test.each([
    ['exp', ['export']],
    ['contacts ', ['link', 'list', 'match', 'unlink']],
    ['contacts match --ap', ['--apply']],
    ['validate --format ', ['csv', 'html', 'json', 'table']],
    ['--entity NZ01 vali', ['validate']],
    ['settings set cut', ['cutover_date']],
    ['import inv', ['invoices 2026.csv']],
  ])('%s', (typed, offered) => {
    const { stdout } = run('fish', ['--no-config', '-c', `source ./fish; complete -C 'auxo-sync ${typed}'`])
    const words = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0]?.replace('\\ ', ' '))
    expect(words.sort()).toEqual(offered)
  })
})

test.each(['bash', 'zsh', 'fish'].filter(has))('%s reads its script', (shell) => {
  expect(run(shell, ['-n', shell])).toMatchObject({ status: 0, stderr: '' })
})

test('an unknown shell: those that there are', async () => {
  const host = testHost()
  expect(await runProgram(['completion', 'tcsh'], host)).toBe(2)
  expect(host.err()).toContain('Allowed choices are bash, zsh, fish')
})

test('words that are offered beside what commander knows are of verbs and options that there are', () => {
  const places = allVerbs(tree).flatMap(({ path, verb }) => [
    ...verb.options.map(({ long }) => `${path} ${long}`),
    ...verb.arguments.map(({ name }) => `${path} ${name}`),
  ])
  expect(Object.keys(knownWords).filter((name) => !places.includes(name))).toEqual([])
})

describe('the manual page', () => {
  const page = () => manText('1.2.3').replaceAll('\\-', '-')

  test('has every verb with its options, examples and notes, every variable and every exit code', () => {
    const parts = new Map(
      page()
        .split(/^\.S[SH] /m)
        .map((part) => [/^.*/.exec(part)?.[0] ?? '', part]),
    )
    for (const { path, verb } of allVerbs(tree)) {
      const [, part = ''] =
        [...parts].find(([head]) => new RegExp(`^"auxo-sync ${path}[ "]`).test(head)) ?? []
      for (const { long } of verb.options) expect(part, path).toContain(`\\fB${long}\\fR`)
      for (const example of verb.examples) expect(part).toContain(example)
    }
    for (const { long } of [...tree.common, ...tree.options]) {
      expect(parts.get('OPTIONS OF EVERY VERB')).toContain(`\\fB${long}\\fR`)
    }
    for (const name of environmentVariables) expect(parts.get('ENVIRONMENT')).toContain(`.B ${name}\n`)
    expect(Object.keys(exitMeanings).map(Number)).toEqual(
      [...new Set([0, 70, ...Object.values(exitCodes)])].sort((one, other) => one - other),
    )
  })

  test.skipIf(!has('mandoc'))('is a page that mandoc has nothing against', () => {
    writeFileSync(join(folder, 'auxo-sync.1'), manText('1.2.3'))
    const { stdout } = run('mandoc', ['-T', 'lint', '-W', 'warning', 'auxo-sync.1'])
    expect(stdout.split('\n').filter((line) => line !== '' && !/missing date/.test(line))).toEqual([])
  })
})
