// Hands one mail to the mail server: encrypted, except to a server on this machine. Why it was not taken is said in our
// own words: what a mail server answers may hold the user's name. nodemailer is loaded only where a mail goes out.

import type { MailTarget } from './channels.ts'

export interface Mail {
  subject: string
  text: string
  html: string
}

const timeoutMs = 20_000

/** Null where the server took it, else why not. */
export async function sendMail(target: MailTarget, mail: Mail): Promise<string | null> {
  const { createTransport } = await import('nodemailer')
  const { host, port, tls, login, from, to } = target
  const transport = createTransport({
    host,
    port,
    secure: tls === 'at-once',
    requireTLS: tls === 'upgraded',
    // A server on this machine often offers encryption with a certificate that nobody signed.
    ignoreTLS: tls === 'none',
    ...(login && { auth: { user: login.user, pass: login.password } }),
    tls: { minVersion: 'TLSv1.2' },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const headers = { 'Auto-Submitted': 'auto-generated' }
    const { rejected } = await transport.sendMail({ from, to, headers, ...mail })
    return rejected.length === 0
      ? null
      : `${host} did not take it for ${rejected.length} of ${to.length} addresses`
  } catch (error) {
    return `${host}:${port} ${whyNot(error)}`
  } finally {
    transport.close()
  }
}

const words: Readonly<Record<string, string>> = {
  EAUTH: 'refused the user or the password of AUXO_SMTP_URL',
  ENOAUTH: 'wants a user and a password in AUXO_SMTP_URL',
  EENVELOPE: 'refused the sender or the recipient (AUXO_MAIL_FROM, AUXO_MAIL_TO)',
  ETLS: 'agreed to no encryption; without it no mail goes out',
  EDNS: 'was not found by its name',
  ECONNECTION: 'could not be reached, or hung up',
  ESOCKET: 'could not be reached, or its certificate is not trusted',
  ETIMEDOUT: 'did not answer in time',
  EMESSAGE: 'refused the mail',
}

function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return words[code] ?? `did not take it${code === '' ? '' : ` (${code})`}`
}
