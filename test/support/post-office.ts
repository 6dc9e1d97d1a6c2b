// Those who are told of a run, on this machine: a web address that takes pings and webhooks, and a real mail server. What
// they are sent stays here; they can be told to refuse.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Posted {
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

export interface WebAddress extends AsyncDisposable {
  url: string
  posted: Posted[]
  /** Statuses of the next answers; 200 once they are used up. */
  answers: number[]
}

export async function startWebAddress(): Promise<WebAddress> {
  const posted: Posted[] = []
  const answers: number[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer) // of a request without encoding
    posted.push({
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    })
    response.writeHead(answers.shift() ?? 200).end('{"secret":"of the receiver"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    posted,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface DeliveredMail {
  from: string
  to: string[]
  user: string | null
  /** As it travelled, encoded. */
  raw: string
  subject: string
  text: string
  html: string
}

export interface MailServer extends AsyncDisposable {
  port: number
  mails: DeliveredMail[]
  /** Words of a refusal; null takes mail. */
  refusal: string | null
}

/** Takes mail without a password unless told otherwise. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: DeliveredMail[] = []
  const own: { refusal: string | null } = { refusal: null }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onAuth: (auth, _, done) => done(null, { user: auth.username ?? '' }),
    onMailFrom: (_, __, done) => done(own.refusal === null ? null : new Error(own.refusal)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user ?? null,
          ...readMail(Buffer.concat(chunks).toString('latin1')),
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined) // a client that hangs up on a certificate
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo // it listens on a port
  return {
    port,
    mails,
    get refusal() {
      return own.refusal
    },
    set refusal(words) {
      own.refusal = words
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(resolve))
    },
  }
}

function readMail(raw: string): Pick<DeliveredMail, 'raw' | 'subject' | 'text' | 'html'> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'))
  const subject = /^subject: (.*(?:\r\n[ \t].*)*)/im.exec(head)?.[1] ?? ''
  const part = (type: string) => {
    const [, headers = '', body = ''] =
      new RegExp(`\\r\\n(content-type: ${type}.*?)\\r\\n\\r\\n(.*?)\\r\\n----`, 'is').exec(raw) ?? []
    return decodedPart(body, headers)
  }
  return { raw, subject: decodedWords(subject), text: part('text/plain'), html: part('text/html') }
}

function decodedPart(body: string, headers: string): string {
  if (/base64/i.test(headers)) return Buffer.from(body, 'base64').toString('utf8')
  return /quoted-printable/i.test(headers) ? quoted(body.replaceAll(/=\r\n/g, '')) : body
}

function quoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** RFC 2047, as far as subjects go. */
function decodedWords(text: string): string {
  return text
    .replaceAll(/\?=\r?\n?[ \t]+=\?/g, '?==?')
    .replaceAll(/\r\n[ \t]/g, ' ')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, way: string, words: string) =>
      way.toUpperCase() === 'B'
        ? Buffer.from(words, 'base64').toString('utf8')
        : quoted(words.replaceAll('_', ' ')),
    )
}
