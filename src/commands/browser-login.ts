// The part of `connect` in which a person logs in with a browser (Z1): the address is shown and opened, and the answer comes to this
// machine's own port, or is pasted where the browser runs on another machine. What is asked of Xero with it is xero/.

import { AuxoError } from '../errors.ts'
import { listenForCallback } from '../xero/callback-server.ts'
import { type Consent, newConsent, queryOfPasted, readConsentAnswer, redirectUriOf } from '../xero/consent.ts'
import { dispensableScopes } from '../xero/scopes.ts'
import type { CommandContext } from './context.ts'
import { openInBrowser } from './open-browser.ts'

/** So long the answer is waited for. */
const patienceMs = 120_000

export interface BrowserQuestion {
  loginUrl: string
  clientId: string
  scopes: readonly string[]
  port: number
  /** False with --no-browser. */
  opens: boolean
}

/**
 * The code that Xero gives for the consent. AuxoError `not-authorised` where the person declines, nobody answers or the answer is not of
 * this log-in; `usage` where the port is taken; `interrupted`.
 */
export async function askForConsent(
  context: CommandContext,
  question: BrowserQuestion,
): Promise<{ code: string; consent: Consent }> {
  const consent = newConsent(question)
  const server = await listenForCallback(
    question.port,
    (query) => readConsentAnswer(query, consent).outcome === 'code',
  )
  const over = new AbortController()
  const ended = nobody(context, question, over.signal)
  ended.catch(() => undefined) // heard below, even where it comes while the browser is opened
  const closeBrowser = await show(context, consent, question)
  try {
    const query = await Promise.race([ended, server.arrived, pasted(context, over.signal)])
    return { code: codeIn(query, consent, question), consent }
  } finally {
    over.abort()
    await closeBrowser()
    await server.close()
  }
}

/** Shows the address, and opens it where a browser may be here. */
async function show(
  { host }: CommandContext,
  { address }: Consent,
  { opens, port }: BrowserQuestion,
): Promise<() => Promise<void>> {
  const isFar = Boolean(host.env['SSH_CONNECTION'] || host.env['SSH_TTY'])
  host.stderr.write(`Log in to Xero in a browser, within two minutes:\n${address}\n`)
  if (isFar || !opens) {
    const then = host.ask ? ` Then paste here the address at which it ends, ${redirectUriOf(port)}?…` : ''
    host.stderr.write(`Open this address in the browser of your choice.${then}\n`)
    return async () => undefined
  }
  return openInBrowser(address, host, () =>
    host.stderr.write('No browser could be opened from here: open the address yourself.\n'),
  )
}

/** The query of the address that is pasted; never settles where nobody can, or nothing of use is. */
async function pasted({ host }: CommandContext, over: AbortSignal): Promise<URLSearchParams> {
  for (;;) {
    const line = host.ask
      ? await host.ask('Waiting for the browser … (or paste the address at which it ended, and Enter) ', over)
      : null
    if (line === null) return new Promise(() => undefined)
    const query = queryOfPasted(line)
    if (query?.has('code') || query?.has('error')) return query
    if (line.trim() !== '')
      host.stderr.write('That is not the address at which the log-in ended: it has “code=” in it.\n')
  }
}

/** Rejects when time is up, or the program is asked to stop. */
function nobody(
  { host }: CommandContext,
  { port, scopes }: BrowserQuestion,
  over: AbortSignal,
): Promise<never> {
  return new Promise((_, reject) => {
    const cancel = host.clock.after(patienceMs, () => {
      const rare = scopes.filter((scope) => dispensableScopes.includes(scope))
      const hint =
        rare.length > 0
          ? ` Did Xero say “invalid scope”? Few apps are given ${rare.join(' or ')}: set journals_pull to manual, or leave out --balances.`
          : ` Did Xero say “invalid redirect_uri”? Register ${redirectUriOf(port)} with the app at developer.xero.com.`
      reject(
        new AuxoError(
          'not-authorised',
          `Nobody logged in within two minutes, and nothing was changed. Run connect again.${hint}`,
        ),
      )
    })
    const release = host.onInterrupt(() => {
      reject(new AuxoError('interrupted', 'Stopped before anybody logged in. Nothing was changed.'))
    })
    over.addEventListener('abort', () => {
      cancel()
      release()
    })
  })
}

function codeIn(query: URLSearchParams, consent: Consent, { scopes, clientId }: BrowserQuestion): string {
  const answer = readConsentAnswer(query, consent)
  switch (answer.outcome) {
    case 'code':
      return answer.code
    case 'declined':
      throw new AuxoError('not-authorised', 'In Xero it was declined. Nothing was changed.')
    case 'refused':
      throw new AuxoError(
        'not-authorised',
        `Xero does not let the app ${clientId} do what it asks for: ${answer.words.slice(0, 200)}. It asks for: ${scopes.join(', ')}. Compare that with the app at developer.xero.com. Nothing was changed.`,
      )
    case 'wrong-state':
    case 'nothing':
      throw new AuxoError(
        'not-authorised',
        'The answer that came does not belong to this log-in: perhaps it is of an older window of the browser, or somebody else’s. Nothing was changed. Close such windows and run connect again.',
      )
  }
}
