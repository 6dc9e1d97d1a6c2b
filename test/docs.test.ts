// The pages are held to the program: its verbs, options, variables, settings, finding codes and columns stand in them, and
// neither they nor the program's own messages name a verb or an option that is not there.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { findingCodes, pageOf } from '../src/accounting/findings.ts'
import { settingNames, settingsTable } from '../src/accounting/settings.ts'
import { environmentVariables } from '../src/config.ts'
import { exitCodes } from '../src/errors.ts'
import { fileKinds } from '../src/importing/file-kinds.ts'
import { signature } from '../src/notify/webhook.ts'
import { runProgram } from '../src/program.ts'
import { eventNames } from '../src/reporting/events.ts'
import { defaultSwitches } from '../src/sandbox/switches.ts'
import { testHost } from './support/host.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const pages = ['README.md', 'CHANGELOG.md', 'bench/README.md', ...filesIn('docs', '.md')]
const readme = read('README.md')

/** Paths under the root, by the end of their names. */
function filesIn(folder: string, end: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => join(folder, path))
}

interface Verb {
  options: Set<string>
  /** Verbs under it, by name. */
  verbs: Map<string, Verb>
}

/** A verb as its `--help` tells it: what a person sees, hidden things left out. */
async function verbOf(words: readonly string[]): Promise<Verb> {
  const host = testHost()
  await runProgram([...words, '--help'], host)
  const part = (title: string) =>
    new RegExp(`\\n${title}:\\n(.*?)\\n(?:\\n|$)`, 's').exec(host.out())?.[1] ?? ''
  const verbs = new Map<string, Verb>()
  for (const [, name = ''] of part('Commands').matchAll(/^ {2}([a-z][a-z-]*)/gm)) {
    if (name !== 'help') verbs.set(name, await verbOf([...words, name]))
  }
  return { options: new Set(part('Options').match(/(?<=^ {2}.*)--[a-z-]+/gm)), verbs }
}

let program: Verb

beforeAll(async () => {
  program = await verbOf([])
})

/** The options that may stand after a verb: its own, its sub-verbs' and the common ones. */
function optionsOf(verb: Verb): Set<string> {
  const below = [...verb.verbs.values()].flatMap((child) => [...child.options])
  return new Set([...program.options, ...verb.options, ...below])
}

/** What a text calls on the command line that is not there: `auxo-sync VERB [SUB-VERB] … --option`. */
function unknownCalls(text: string, prose: ReadonlySet<string> = new Set()): string[] {
  const unknown: string[] = []
  for (const [, name = '', rest = ''] of text.matchAll(
    /auxo-sync ([a-z][a-z-]*)((?:(?!auxo-sync)[^`\n])*)/g,
  )) {
    const verb = program.verbs.get(name)
    if (!verb) {
      if (!prose.has(name)) unknown.push(`auxo-sync ${name}`)
      continue
    }
    const [, next] = /^ ([a-z][a-z-]*)/.exec(rest) ?? []
    if (verb.verbs.size > 0 && next && !verb.verbs.has(next) && !prose.has(next)) {
      unknown.push(`auxo-sync ${name} ${next}`)
    }
    const known = optionsOf(verb)
    const options = rest.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []
    unknown.push(
      ...options.filter((option) => !known.has(option)).map((option) => `auxo-sync ${name} ${option}`),
    )
  }
  return unknown
}

/** Fenced blocks and code spans. */
function codeIn(page: string): string {
  return (page.match(/```.*?```|`[^`\n]+`/gs) ?? []).join('\n')
}

/** Words that follow the program's name in sentences about it, or a verb that is followed by a sentence. */
const prose = new Set([
  'at',
  'again',
  'before',
  'does',
  'foresaw',
  'ledger',
  'left',
  'lists',
  'makes',
  'or',
  'should',
  'that',
  'to',
])

describe('verbs and options', () => {
  test('the program has verbs, and the tree is read whole', () => {
    expect([...program.verbs.keys()]).toEqual(
      expect.arrayContaining(['init', 'export', 'demo', 'adopt-copy']),
    )
    expect([...(program.verbs.get('contacts')?.verbs.keys() ?? [])]).toEqual([
      'list',
      'link',
      'match',
      'unlink',
    ])
    expect(program.verbs.get('export')?.options).toContain('--dry-run')
    expect(program.options).toContain('--log-format')
  })

  test('each has its row in the README, which names its options and sub-verbs and no others', () => {
    const wrong: string[] = []
    for (const [name, verb] of program.verbs) {
      const row = readme.split('\n').find((line) => new RegExp(`^\\| \`${name}[ \`]`).test(line))
      if (!row) {
        wrong.push(`${name} has no row`)
        continue
      }
      const own = [...optionsOf(verb)].filter((option) => !program.options.has(option))
      for (const option of own) if (!row.includes(option)) wrong.push(`${name}: ${option} is missing`)
      for (const option of row.match(/--[a-z-]+/g) ?? []) {
        if (!optionsOf(verb).has(option)) wrong.push(`${name}: ${option} is no option of it`)
      }
      for (const sub of verb.verbs.keys()) if (!row.includes(sub)) wrong.push(`${name} ${sub} is missing`)
    }
    for (const option of program.options)
      if (!readme.includes(option) && option !== '--version') wrong.push(option)
    expect(wrong).toEqual([])
  })

  test.each(pages)('%s names no verb and no option that is not there', (page) => {
    // Pages of findings show what the program says, in sentences.
    expect(unknownCalls(codeIn(read(page)), page.startsWith('docs/findings/') ? prose : new Set())).toEqual(
      [],
    )
  })

  test('no message of the program does', () => {
    const unknown = filesIn('src', '.ts')
      .filter((path) => !path.endsWith('.test.ts'))
      .flatMap((path) => {
        // Comments speak of the program, messages to a person.
        const code = read(path).replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')
        return unknownCalls(code.replaceAll(/(['"`])\s*,?$/gm, '`'), prose).map((call) => `${path}: ${call}`)
      })
    expect(unknown).toEqual([])
  })
})

describe('tables that are the program’s own', () => {
  test('.env.example has every environment variable, and no other', () => {
    const names = [...read('.env.example').matchAll(/^#?([A-Z][A-Z_]*)=/gm)].map(([, name]) => name)
    expect(names.sort()).toEqual([...environmentVariables].sort())
  })

  test('the README has every exit code', () => {
    const codes = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    const known = [0, 70, ...Object.values(exitCodes)]
    expect(codes).toEqual([...new Set(known)].sort((one, other) => one - other))
  })

  test('docs/settings.md has every setting as it is', () => {
    const cell = (text: string) => text.replaceAll('|', '\\|')
    const rows = settingNames.map((name) => {
      const { default: fallback, values, explanation } = settingsTable[name]
      return `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${cell(values)} | ${cell(explanation)} |`
    })
    expect(rowsOf('docs/settings.md')).toEqual(rows)
  })

  test('docs/findings.md has every code, each once, and no other', () => {
    const rows = read('docs/findings.md').match(/^\| \[`.*/gm) ?? []
    const linked = rows.map((row) => /^\| \[`([a-z-]+)`\]\(findings\/\1\.md\) \| \S/.exec(row)?.[1] ?? row)
    expect(linked.sort()).toEqual([...findingCodes].sort())
  })

  test('docs/findings/ has a page for every code and no other, with all its parts', () => {
    const found = filesIn('docs/findings', '.md')
    expect(found.sort()).toEqual(findingCodes.map(pageOf).sort())
    const parts = ['What you see', 'Why', 'How to fix it', 'How to avoid it']
    const headings = (page: string) => [...page.matchAll(/^## (.+)\n\n\S/gm)].map(([, name]) => name)
    for (const page of found) expect([page, headings(read(page))]).toEqual([page, parts])
  })

  test('docs/guide.md has every kind of file with its columns', () => {
    const rows = fileKinds.map(({ name, columns }) => {
      const shown = columns.map(({ header, needs }) => (needs ? `**${header}**` : header))
      return `| \`${name}\` | ${shown.join(', ')} |`
    })
    expect(rowsOf('docs/guide.md')).toEqual(rows)
  })

  test('docs/night-shift.md has every exit code, and every variable that says who is told', () => {
    const page = read('docs/night-shift.md')
    const codes = [...page.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, cell = '']) =>
      cell.split(', ').map(Number),
    )
    expect(codes).toEqual(
      [...new Set([0, 70, ...Object.values(exitCodes)])].sort((one, other) => one - other),
    )
    const told = environmentVariables.filter((name) => /^AUXO_(PING|WEBHOOK|SMTP|MAIL)/.test(name))
    expect(rowsOf('docs/night-shift.md').flatMap((row) => /^\| `([A-Z_]+)`/.exec(row)?.[1] ?? [])).toEqual(
      told,
    )
  })

  test('docs/night-shift.md checks a signature as it is made', () => {
    const [, snippet = ''] = /```js\n(.*?)```/s.exec(read('docs/night-shift.md')) ?? []
    const isGenuine = new Function('require', `${snippet}; return isGenuine`)(createRequire(import.meta.url))
    const body = '{"verb":"export"}'
    const headers = signature('a secret', body, 1_795_000_000_000)
    expect(isGenuine('a secret', headers, body, 1_795_000_100)).toBe(true)
    expect(isGenuine('another', headers, body, 1_795_000_100)).toBe(false)
    expect(isGenuine('a secret', headers, `${body} `, 1_795_000_100)).toBe(false)
    expect(isGenuine('a secret', headers, body, 1_795_001_000)).toBe(false)
    expect(isGenuine('a secret', {}, body, 1_795_000_100)).toBe(false)
  })

  test('docs/night-shift.md has every event of the log, and no other', () => {
    const names = rowsOf('docs/night-shift.md').flatMap((row) => /^\| `([a-z-]+)`/.exec(row)?.[1] ?? [])
    expect(names).toEqual([...eventNames])
  })

  test('docs/DECISIONS.md has every switch of the sandbox', () => {
    const page = read('docs/DECISIONS.md')
    expect(Object.keys(defaultSwitches).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})

/** Rows of the tables of a page that begin with a name. */
function rowsOf(page: string): string[] {
  return read(page)
    .split('\n')
    .filter((line) => /^\| `/.test(line))
}

describe('pages', () => {
  test.each(pages)('%s has one title, and links that lead somewhere', (page) => {
    const text = read(page).replaceAll(/```.*?```/gs, '')
    expect(text.match(/^# .+/gm)).toHaveLength(1)
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target)
    const relative = links.filter((target) => !/^[a-z]+:/.test(target))
    expect(relative.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })
})
