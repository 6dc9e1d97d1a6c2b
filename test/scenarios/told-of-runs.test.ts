// Those who are told of a run (Q1): ping, webhook and mail, over real sockets and a real mail server, with the whole program. Nothing
// that goes wrong with telling touches a run.

import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { runProgram } from '../../src/program.ts'
import { testHost } from '../support/host.ts'
import { type MailServer, startMailServer, startWebAddress, type WebAddress } from '../support/post-office.ts'
import { invoicesSql } from '../support/workload.ts'
import { World } from '../support/world.ts'

let world: World
let web: WebAddress
let post: MailServer

beforeEach(async () => {
  ;[world, web, post] = await Promise.all([World.open(), startWebAddress(), startMailServer()])
})

afterEach(async () => {
  await Promise.all([world.close(), web[Symbol.asyncDispose](), post[Symbol.asyncDispose]()])
})

const day = 24 * 60 * 60 * 1_000

function mailTo(rule: string): Record<string, string> {
  return {
    AUXO_SMTP_URL: `smtp://books%40example.com:pass%2Fword-1234@127.0.0.1:${post.port}`,
    AUXO_MAIL_TO: 'mere@example.com, tama@example.com',
    AUXO_MAIL_ON: rule,
  }
}

const paths = () => web.posted.map(({ path }) => path)

describe('the ping', () => {
  test('hears that a run begins, and that it ended well, with the end of the log', async () => {
    await world.prepare(invoicesSql(3, 1))
    const { code } = await world.run(['export'], { env: { AUXO_PING_URL: `${web.url}/check/77?create=1` } })
    expect(code).toBe(0)
    expect(paths()).toEqual(['/check/77/start?create=1', '/check/77?create=1'])
    expect(web.posted[1]?.body).toMatch(
      /^auxo-sync \S+ export on test-machine ended 2026-.* with exit code 0\n/,
    )
    expect(web.posted[1]?.body).toContain('NZ01 → Demo Company (NZ): run 1, sent')
  })

  test('hears the exit code of a run that needs somebody, that could not begin, or that has no ledger', async () => {
    await world.prepare(invoicesSql(3, 1))
    world.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
    const env = { AUXO_PING_URL: web.url }
    expect((await world.run(['export', '--quiet'], { env })).code).toBe(1)
    expect(
      (await world.run(['pull', '--quiet'], { env: { ...env, XERO_CLIENT_SECRET: 'wrong' } })).code,
    ).toBe(4)
    expect((await world.run(['export', '--quiet', '--ledger', 'no.db'], { env })).code).toBe(5)
    expect(paths()).toEqual(['/start', '/1', '/start', '/4', '/start', '/5'])
    expect(web.posted[1]?.body).toContain('contact-missing')
    expect(web.posted[5]?.body).toContain('no.db')
  })

  test('that cannot be reached is said once, and the run is what it would have been', async () => {
    await world.prepare(invoicesSql(3, 1))
    await web[Symbol.asyncDispose]()
    const { code, out, err } = await world.run(['export', '--quiet'], {
      env: { AUXO_PING_URL: `${web.url}/a-secret-path` },
    })
    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect(err).toMatch(/^AUXO_PING_URL: 127\.0\.0\.1:\d+ could not be reached.*not touched by that\.\n$/)
    expect(err).not.toContain('a-secret-path')
    expect(world.sandbox.invoices()).toHaveLength(3)
  })
})

describe('the webhook', () => {
  test('gets the result as export --json has it, signed with the time', async () => {
    await world.prepare(invoicesSql(3, 1))
    const env = { AUXO_WEBHOOK_URL: `${web.url}/hook`, AUXO_WEBHOOK_SECRET: 'a shared secret' }
    const { out } = await world.run(['export', '--json'], { env })
    const [posted] = web.posted
    const { 'auxo-timestamp': timestamp, 'auxo-signature': signature } = posted?.headers ?? {}
    const expected = createHmac('sha256', 'a shared secret')
      .update(`${timestamp}.${posted?.body}`)
      .digest('hex')
    expect(signature).toBe(`sha256=${expected}`)
    expect(Math.abs(Number(timestamp) * 1_000 - world.clock.now())).toBeLessThan(60_000)
    expect(JSON.parse(posted?.body ?? '')).toMatchObject({
      verb: 'export',
      exitCode: 0,
      errors: [],
      ...JSON.parse(out),
    })
  })

  test('is tried again while it is away, as the same delivery, and not where it refuses', async () => {
    await world.prepare(invoicesSql(1, 1))
    const env = { AUXO_WEBHOOK_URL: `${web.url}/hook` }
    web.answers.push(503, 503)
    const well = await world.run(['export', '--quiet'], { env })
    expect(well).toMatchObject({ code: 0, out: '', err: '' })
    expect(web.posted).toHaveLength(3)
    expect(new Set(web.posted.map(({ headers }) => headers['auxo-delivery'])).size).toBe(1)
    web.answers.push(410)
    const refused = await world.run(['pull', '--quiet'], { env })
    expect(refused).toMatchObject({ code: 0, out: '' })
    expect(refused.err).toMatch(/^AUXO_WEBHOOK_URL: 127\.0\.0\.1:\d+ answered with status 410\./)
    expect(web.posted).toHaveLength(4)
  })

  test('hears of an entity that could not run, and of validate where it is asked to tell', async () => {
    await world.prepare(invoicesSql(2, 1))
    world.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
    const env = { AUXO_WEBHOOK_URL: web.url }
    await world.run(['export'], { env: { ...env, XERO_CLIENT_SECRET: 'wrong' } })
    await world.run(['validate', '--offline'], { env })
    await world.run(['validate', '--offline', '--notify'], { env })
    const [failed, validated] = web.posted.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    expect(failed).toMatchObject({ verb: 'export', exitCode: 4, runs: [], errors: [{ entity: 'NZ01' }] })
    expect(validated).toMatchObject({ verb: 'validate', exitCode: 1 })
    expect(validated?.['findings']).toContainEqual(expect.objectContaining({ code: 'contact-missing' }))
    expect(web.posted).toHaveLength(2)
  })
})

describe('the mail', () => {
  test('says what needs somebody, why and what to do; the same things once a day; and when they are done', async () => {
    await world.prepare(invoicesSql(4, 1))
    world.sql(`UPDATE document_line SET account = '999' WHERE document IN ('D0001', 'D0002')`)
    const nightly = () => world.run(['export', '--quiet'], { env: mailTo('failure') })
    await nightly()
    expect(post.mails).toHaveLength(1)
    const [mail] = post.mails
    expect(mail).toMatchObject({
      from: 'books@example.com',
      to: ['mere@example.com', 'tama@example.com'],
      user: 'books@example.com',
      subject: 'auxo-sync NZ01: 2 invoices not sent (account-unknown)',
    })
    for (const words of ['INV-D0001, INV-D0002', 'Why: ', 'To do: Map it', '2 invoices', 'exit code 1']) {
      expect(mail?.text).toContain(words)
    }
    expect(mail?.html).toContain('<b>To do:</b> Map it')

    await nightly()
    expect(post.mails).toHaveLength(1)
    world.clock.advance(day)
    await nightly()
    expect(post.mails[1]?.subject).toBe('auxo-sync NZ01: still 2 invoices not sent (account-unknown)')
    world.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
    await nightly()
    expect(post.mails[2]?.subject).toContain('contact-missing')
    world.sql(`UPDATE document SET contact = 'C001'; UPDATE document_line SET account = '200'`)
    await nightly()
    expect(post.mails[3]?.subject).toBe('auxo-sync NZ01: all is well again, 2 invoices sent')
    world.clock.advance(day)
    await nightly()
    expect(post.mails).toHaveLength(4)
  })

  test('that did not arrive is sent by the next run, and the run is what it would have been', async () => {
    await world.prepare(invoicesSql(2, 1))
    world.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
    post.refusal = 'books@example.com is not welcome'
    const refused = await world.run(['export', '--quiet'], { env: mailTo('failure') })
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/AUXO_SMTP_URL: 127\.0\.0\.1:\d+ refused the sender or the recipient/)
    expect(refused.err).not.toContain('not welcome')
    post.refusal = null
    await world.run(['export', '--quiet'], { env: mailTo('failure') })
    expect(post.mails).toHaveLength(1)
  })

  test('as a digest comes once a day and sums up the runs since the last one', async () => {
    await world.prepare(invoicesSql(2, 1))
    const run = () => world.run(['export', '--quiet'], { env: mailTo('digest') })
    await run()
    expect(post.mails[0]?.subject).toMatch(/^auxo-sync NZ01, 22 Nov 2026: 1 run, .* sent, nothing to do$/)
    world.sql(invoicesSql(5, 1).replaceAll('INSERT INTO', 'INSERT OR IGNORE INTO'))
    await run()
    world.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
    await run()
    expect(post.mails).toHaveLength(1)
    world.clock.advance(day)
    await run()
    expect(post.mails).toHaveLength(2)
    expect(post.mails[1]?.subject).toMatch(/^auxo-sync NZ01, 23 Nov 2026: 3 runs, 3 invoices sent, 1 to do$/)
    expect(post.mails[1]?.text).toContain('TO DO')
  })

  test('after each run is one mail for all entities', async () => {
    await world.prepare(invoicesSql(1, 1))
    await world.must(['entities', 'add', 'NZ02', '--name', 'Harbour Bikes', '--region', 'NZ'])
    await world.must(['connect', '--custom', '--entity', 'NZ02'])
    await world.run(['export'], { env: mailTo('always') })
    expect(post.mails.map(({ subject }) => subject)).toEqual([
      'auxo-sync NZ01, NZ02: all is well, 1 contact and 1 invoice sent',
    ])
    expect(post.mails[0]?.text).toContain('- NZ02 → Demo Company (NZ): nothing')
  })

  test('is safe from what stands in the books', async () => {
    await world.prepare(invoicesSql(1, 1))
    const evil = 'A\u001b[31m<img src=x onerror=alert(1)>\u202e\r\nBcc: thief@example.com'
    world.sql(`UPDATE document SET number = '${evil}', contact = NULL`)
    await world.run(['export', '--quiet'], { env: mailTo('failure') })
    const [mail] = post.mails
    expect(mail?.to).toEqual(['mere@example.com', 'tama@example.com'])
    expect(mail?.raw).not.toMatch(/^bcc/im)
    expect(mail?.html).not.toContain('<img')
    expect(mail?.html).toContain('&lt;img')
    const told = `${mail?.subject}${mail?.text}${mail?.html}`
    for (const unsafe of ['\u001b', '\u202e']) expect(told).not.toContain(unsafe)
  })

  test('is not told of a run that was narrowed to something else', async () => {
    await world.prepare(invoicesSql(2, 1))
    world.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
    await world.run(['export', '--quiet'], { env: mailTo('failure') })
    await world.run(['export', '--quiet', '--only', 'payment'], { env: mailTo('failure') })
    expect(post.mails).toHaveLength(1)
  })
})

describe('who is told, and who is not', () => {
  test('a dry run and other verbs tell nobody', async () => {
    await world.prepare(invoicesSql(1, 1))
    const env = { AUXO_PING_URL: web.url, AUXO_WEBHOOK_URL: web.url, ...mailTo('always') }
    for (const argv of [['export', '--dry-run'], ['validate'], ['status']]) {
      expect((await world.run(argv, { env })).code).toBe(0)
    }
    const both = await world.run(['export', '--dry-run', '--notify'], { env })
    expect(both.code).toBe(2)
    expect([web.posted, post.mails]).toEqual([[], []])
  })

  test('a person at a terminal tells nobody, unless it is to be tried', async () => {
    const env = { AUXO_PING_URL: web.url, AUXO_LEDGER: '/nowhere/ledger.db' }
    for (const shape of [{ stdout: { isTTY: true } }, { stderr: { isTTY: true } }]) {
      const seated = () => testHost({ env: { ...env, NO_COLOR: '1' }, clock: systemClock, ...shape })
      expect(await runProgram(['export'], seated())).toBe(5)
      expect(paths()).toEqual([])
      expect(await runProgram(['export', '--log-format', 'json'], seated())).toBe(5)
      expect(paths()).toEqual([])
      expect(await runProgram(['pull', '--notify'], seated())).toBe(5)
      expect(paths()).toEqual(['/start', '/5'])
      web.posted.length = 0
    }
  })

  test('wrong variables are all named before anything is done, and who can be told is', async () => {
    await world.prepare(invoicesSql(1, 1))
    const { code, err } = await world.run(['export'], {
      env: {
        AUXO_PING_URL: web.url,
        AUXO_WEBHOOK_URL: 'http://user:hunter2@example.com/hook',
        AUXO_SMTP_URL: 'smtps://me:hunter2@mail.example.com?ignoreTLS=true',
        AUXO_MAIL_ON: 'sometimes',
      },
    })
    expect(code).toBe(3)
    for (const name of ['AUXO_WEBHOOK_URL', 'AUXO_SMTP_URL', 'AUXO_MAIL_TO', 'AUXO_MAIL_ON'])
      expect(err).toContain(name)
    expect(err).not.toContain('hunter2')
    expect(paths()).toEqual(['/start', '/3'])
    expect(world.sandbox.invoices()).toEqual([])
  })

  test('no address, password or secret is written or printed anywhere', async () => {
    await world.prepare(invoicesSql(2, 1))
    world.sql(`UPDATE document SET contact = NULL WHERE id = 'D0001'`)
    const env = {
      AUXO_PING_URL: `${web.url}/marked-ping`,
      AUXO_WEBHOOK_URL: `${web.url.replace('//', '//hook:marked-user@')}/marked-hook`,
      AUXO_WEBHOOK_SECRET: 'marked-secret',
      ...mailTo('always'),
    }
    web.answers.push(500, 500, 500, 500, 500, 500)
    await world.run(['export', '--verbose'], { env })
    post.refusal = 'no'
    const { err } = await world.run(['export', '--verbose', '--log-format', 'json'], { env })
    const untold = err.split('\n').flatMap((line) => (line.includes('"not-told"') ? [JSON.parse(line)] : []))
    expect(untold).toMatchObject([{ level: 'warning', channel: 'AUXO_SMTP_URL', run: null }])
    const files = readdirSync(world.folder, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(world.folder, name),
    )
    const written = files
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file, 'latin1'))
    for (const marked of [
      'marked-',
      'pass/word-1234',
      'pass%2Fword-1234',
      Buffer.from('hook:marked-user').toString('base64'),
    ]) {
      expect(world.said).not.toContain(marked)
      expect(written.some((text) => text.includes(marked))).toBe(false)
    }
    const basic = web.posted.find(({ path }) => path === '/marked-hook')?.headers['authorization']
    expect(basic).toBe(`Basic ${Buffer.from('hook:marked-user').toString('base64')}`)
  })
})
