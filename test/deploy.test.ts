// The sample files of deploy/ are held to the program and to what reads them: their command lines parse with its own options, the
// units pass systemd's check where it is there, the lines of the crontab have their fields, the task is well-formed XML.

import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../src/program.ts'
import { testHost } from './support/host.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8')
/** Comments explain; they are no command lines. */
const withoutComments = (text: string) => text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/<!--.*?-->/gs, '')

/** What stands after the program's name, up to where a shell or a file goes on. */
function commandLines(text: string): string[][] {
  const lines = [...withoutComments(text).matchAll(/auxo-sync((?: +[a-z-]+| +--[a-z-]+)+)/g)]
  return lines.map(([, words = '']) => words.trim().split(/ +/))
}

const containerLine = () => {
  const words = (name: string) =>
    JSON.parse(new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(read('Containerfile'))?.[1] ?? '[]')
  return [...words('ENTRYPOINT'), ...words('CMD')].slice(1) as string[]
}

const samples: [file: string, lines: string[][]][] = [
  ['crontab', commandLines(read('crontab'))],
  ['auxo-sync.service', commandLines(/^ExecStart=.*$/m.exec(read('auxo-sync.service'))?.[0] ?? '')],
  ['windows-task.xml', commandLines(/<Arguments>.*<\/Arguments>/.exec(read('windows-task.xml'))?.[0] ?? '')],
  ['Containerfile', [containerLine()]],
]

describe('command lines', () => {
  test.each(samples)('of %s are understood by the program', async (_, lines) => {
    expect(lines.length).toBeGreaterThan(0)
    for (const argv of lines) {
      const host = testHost({ env: { AUXO_LEDGER: '/nowhere/ledger.db' } })
      // It gets as far as the ledger: the words are right. A slip would be 2.
      expect([argv.join(' '), await runProgram(argv, host)]).toEqual([argv.join(' '), 5])
    }
  })

  test('are all silent where nobody is needed, and every file has some', () => {
    for (const [, lines] of samples) expect(lines.every((argv) => argv.includes('--quiet'))).toBe(true)
    const known = [...samples.map(([file]) => file), 'auxo-sync.timer']
    expect(readdirSync(join(root, 'deploy')).sort()).toEqual(known.sort())
  })
})

test('a line of the crontab has five fields that cron takes, and no % that it would cut', () => {
  const jobs = withoutComments(read('crontab'))
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^[A-Z]+=/.test(line))
  expect(jobs.length).toBeGreaterThan(0)
  for (const job of jobs) expect(job).toMatch(/^([\d*/,-]+ ){5} *cd \/\S+ && [^%]+$/)
})

test('the task of Windows is well-formed, and catches up after a sleep', () => {
  const open: string[] = []
  for (const [, isEnd, name = '', isEmpty] of read('windows-task.xml')
    .replaceAll(/<\?.*?\?>|<!--.*?-->/gs, '')
    .matchAll(/<(\/?)([A-Za-z]+)[^<>]*?(\/?)>/g)) {
    if (isEnd) expect(open.pop()).toBe(name)
    else if (!isEmpty) open.push(name)
  }
  expect(open).toEqual([])
  expect(read('windows-task.xml')).toContain('<StartWhenAvailable>true</StartWhenAvailable>')
  // Task Scheduler reads it in whatever code page it likes.
  expect(read('windows-task.xml')).toMatch(/^[\x20-\x7e\n]*$/)
})

const analyze = '/usr/bin/systemd-analyze'

describe('the units of systemd', () => {
  test.skipIf(!existsSync(analyze))('pass systemd-analyze, and the service is closed off', () => {
    const folder = mkdtempSync(join(tmpdir(), 'auxo-sync-units-'))
    try {
      const program = join(folder, 'auxo-sync')
      writeFileSync(program, '#!/bin/sh\n')
      chmodSync(program, 0o755)
      const service = read('auxo-sync.service').replace('/usr/local/bin/auxo-sync', program)
      writeFileSync(join(folder, 'auxo-sync.service'), service)
      writeFileSync(join(folder, 'auxo-sync.timer'), read('auxo-sync.timer'))
      const units = ['auxo-sync.service', 'auxo-sync.timer'].map((name) => join(folder, name))
      const verified = spawnSync(analyze, ['verify', ...units], { encoding: 'utf8' })
      expect([verified.status, verified.stderr]).toEqual([0, ''])
      const args = ['security', '--offline=true', '--threshold=30', units[0] ?? '']
      execFileSync(analyze, args, { stdio: 'ignore' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('catch up after a sleep, and leave to a person what time does not mend', () => {
    expect(read('auxo-sync.timer')).toMatch(/^Persistent=true$/m)
    const [, kept = ''] = /^RestartPreventExitStatus=(.*)$/m.exec(read('auxo-sync.service')) ?? []
    expect(kept.split(' ')).toEqual(['1', '2', '3', '4', '5', '70', '130'])
  })
})
