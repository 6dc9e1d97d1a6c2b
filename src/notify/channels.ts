// Whom a run tells how it ended: the ping, the webhook and the mail that the environment names, checked. Their addresses
// may hold passwords, so no sentence about them repeats what stands in the variable.

import type { Environment } from '../config.ts'
import { isLoopbackHost, parseUrl } from '../xero/proxy.ts'

export interface HttpTarget {
  /** Without user and password. */
  url: URL
  /** The value of the Authorization header, where the address held a user. */
  authorization: string | null
}

export interface WebhookTarget extends HttpTarget {
  /** Signs what is sent; null where nobody checks it. */
  secret: string | null
}

export const mailRules = ['failure', 'always', 'digest'] as const
/** When a mail goes out: what that means is mail-rule.ts. */
export type MailRule = (typeof mailRules)[number]

export interface MailTarget {
  host: string
  port: number
  /** `at-once` from the first byte (465), `upgraded` by STARTTLS or not at all, `none` to this machine only. */
  tls: 'at-once' | 'upgraded' | 'none'
  login: { user: string; password: string } | null
  to: string[]
  from: string
  rule: MailRule
}

export interface Channels {
  ping: HttpTarget | null
  webhook: WebhookTarget | null
  mail: MailTarget | null
}

/** The channels that are in order, and a sentence for every variable that is not. */
export function readChannels(env: Environment): { channels: Channels; problems: string[] } {
  const problems: string[] = []
  const ping = httpTarget(env, 'AUXO_PING_URL', problems)
  const webhook = httpTarget(env, 'AUXO_WEBHOOK_URL', problems)
  const secret = variable(env, 'AUXO_WEBHOOK_SECRET')
  const mail = mailTarget(env, problems)
  return { channels: { ping, webhook: webhook && { ...webhook, secret }, mail }, problems }
}

function variable(env: Environment, name: string): string | null {
  return env[name]?.trim() || null
}

function httpTarget(env: Environment, name: string, problems: string[]): HttpTarget | null {
  const text = variable(env, name)
  if (text === null) return null
  const url = parseUrl(text)
  const isLocal = url !== null && isLoopbackHost(url.hostname)
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
    problems.push(`${name} must be a web address that begins with https:// (http:// only for this machine).`)
    return null
  }
  const user = `${decoded(url.username)}:${decoded(url.password)}`
  const authorization = user === ':' ? null : `Basic ${Buffer.from(user).toString('base64')}`
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  bare.hash = ''
  return { url: bare, authorization }
}

function mailTarget(env: Environment, problems: string[]): MailTarget | null {
  const text = variable(env, 'AUXO_SMTP_URL')
  const to = addresses(variable(env, 'AUXO_MAIL_TO') ?? '')
  const before = problems.length
  if (text === null) {
    if (to.length > 0)
      problems.push('AUXO_MAIL_TO is set, but AUXO_SMTP_URL, by which mail would go out, is not.')
    return null
  }
  const server = smtpServer(text, problems)
  if (to.length === 0) problems.push('AUXO_SMTP_URL is set, but AUXO_MAIL_TO does not say to whom mail goes.')
  const from = variable(env, 'AUXO_MAIL_FROM') ?? [server?.login?.user, to[0]].find(isAddress) ?? ''
  for (const [name, list] of [
    ['AUXO_MAIL_TO', to],
    ['AUXO_MAIL_FROM', to.length === 0 && from === '' ? [] : [from]],
  ] as const) {
    if (!list.every(isAddress))
      problems.push(
        `${name} must be a mail address such as books@example.com${name.endsWith('TO') ? ', or several with commas between them' : ''}.`,
      )
  }
  const rule = mailRules.find((one) => one === (variable(env, 'AUXO_MAIL_ON') ?? 'failure'))
  if (!rule) problems.push(`AUXO_MAIL_ON must be one of ${mailRules.join(', ')}.`)
  return server && rule && problems.length === before ? { ...server, to, from, rule } : null
}

type SmtpServer = Pick<MailTarget, 'host' | 'port' | 'tls' | 'login'>

function smtpServer(text: string, problems: string[]): SmtpServer | null {
  const url = parseUrl(text)
  const isKnown = url !== null && (url.protocol === 'smtp:' || url.protocol === 'smtps:')
  // What follows a ? could turn off the encryption that is promised here.
  if (!isKnown || url.hostname === '' || url.search !== '' || url.hash !== '') {
    problems.push(
      'AUXO_SMTP_URL must look like smtps://user:password@mail.example.com:465, or smtp://… for a server that is asked for encryption (STARTTLS); signs such as @ / ? # in the password as %40 %2F %3F %23.',
    )
    return null
  }
  const isLocal = isLoopbackHost(url.hostname)
  const tls = url.protocol === 'smtps:' ? 'at-once' : isLocal ? 'none' : 'upgraded'
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port ? Number(url.port) : tls === 'at-once' ? 465 : isLocal ? 25 : 587,
    tls,
    login: url.username ? { user: decoded(url.username), password: decoded(url.password) } : null,
  }
}

/** A password that was typed with a bare % is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function addresses(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function isAddress(text: string | undefined): text is string {
  return text !== undefined && /^[^\s@<>,;:"()\\]+@[^\s@<>,;:"()\\]+$/.test(text)
}
