// Puts the gateway together for one organisation and one run: transport, token, pace, calls, reads. It holds no
// knowledge of its own.

import pLimit from 'p-limit'
import type { EntitySettings } from '../accounting/settings.ts'
import type { Clock } from '../clock.ts'
import { type Auth, type AuthOptions, createAuth } from './auth.ts'
import { createApiCalls } from './calls.ts'
import { createDatedReads } from './dated-reads.ts'
import { createFeeds } from './feeds.ts'
import type { CallRecorder, XeroGateway } from './gateway.ts'
import { createPace } from './limits.ts'
import { createLoginAuth, type LoginAuthOptions } from './login-auth.ts'
import { isLoopbackHost, type ProxyEnvironment } from './proxy.ts'
import { createReads } from './reads.ts'
import { createReferenceFeeds } from './reference-feeds.ts'
import { createSecrets } from './secrets.ts'
import type { TokenEndpoint } from './token-endpoint.ts'
import { checkUrl, createTransport } from './transport.ts'
import type { WaitOptions } from './waits.ts'
import { encodeDeletion, encodeModels } from './wire.ts'

/** By what calls are allowed. */
export type LoginOptions =
  | ({ kind: 'custom' } & Pick<AuthOptions, 'clientId' | 'clientSecret' | 'cacheFile'>)
  | ({ kind: 'browser' } & Pick<LoginAuthOptions, 'clientId' | 'store' | 'choose' | 'again'>)
  /** Given a moment ago, and kept by whoever asked for it. */
  | { kind: 'token'; accessToken: string }

export interface ConnectionOptions extends WaitOptions {
  /** `https://api.xero.com` */
  apiUrl: string
  /** `https://identity.xero.com` */
  identityUrl: string
  login: LoginOptions
  /** What is needed of it (§1.4). */
  scopes: readonly string[]
  clock: Clock
  recorder: CallRecorder
  env: ProxyEnvironment
  /** Of this program, for the user agent. */
  version: string
  settings: Pick<EntitySettings, 'calls_at_once' | 'calls_per_minute' | 'calls_per_day' | 'request_timeout'>
}

export interface GatewayOptions extends ConnectionOptions {
  tenantId: string
  /** Calls under /api.xro/ of the last day by our own log. */
  callsUsedToday: number
}

/** A line to Xero: what calls of the API and of the identity service share. */
export interface Line extends TokenEndpoint {
  apiUrl: string
  auth: Auth
}

/** The line that a gateway and the listing of connections share. Rejects URLs that must not be called. */
export function openLine(options: ConnectionOptions): Line {
  const line = {
    transport: createTransport({ clock: options.clock, environment: options.env }),
    recorder: options.recorder,
    secrets: createSecrets(),
    slots: pLimit(options.settings.calls_at_once),
    interrupt: options.interrupt,
    onWait: options.onWait,
    apiUrl: checkUrl(options.apiUrl).href.replace(/\/+$/, ''),
    identityUrl: checkUrl(options.identityUrl).href.replace(/\/+$/, ''),
    clock: options.clock,
    timeoutMs: options.settings.request_timeout,
    userAgent: `auxo-sync/${options.version}`,
  }
  return { ...line, auth: authOf(options, line) }
}

function authOf({ login, scopes }: ConnectionOptions, line: TokenEndpoint): Auth {
  switch (login.kind) {
    case 'custom':
      return createAuth({ ...line, ...login, scopes })
    case 'browser':
      return createLoginAuth({ ...line, ...login, scopes })
    case 'token':
      line.secrets.add(login.accessToken)
      return { token: async () => login.accessToken, discard: () => undefined }
  }
}

/** Opens nothing yet: the first call does. Throws `configuration-invalid` for URLs that must not be called. */
export function openGateway(options: GatewayOptions): XeroGateway {
  const { clock, settings, tenantId } = options
  const line = openLine(options)
  const pace = createPace({
    clock,
    callsPerMinute: settings.calls_per_minute,
    callsPerDay: settings.calls_per_day,
    callsAtOnce: settings.calls_at_once,
    callsUsedToday: options.callsUsedToday,
    interrupt: options.interrupt,
    onWait: options.onWait,
  })
  const calls = createApiCalls({ ...line, clock, pace, tenantId, readTimeoutMs: settings.request_timeout })
  return {
    tenantId,
    apiUrl: line.apiUrl,
    isLoopback: isLoopbackHost(new URL(line.apiUrl).hostname),
    encode: async (list, models) => encodeModels(list, models),
    encodeDeletion,
    ready: calls.ready,
    write: calls.write,
    discardToken: () => line.auth.discard(),
    limits: () => pace.limits(),
    answeredAt: calls.answeredAt,
    ...createReads(calls, { apiUrl: line.apiUrl, tenantId }),
    ...createFeeds(calls),
    ...createReferenceFeeds(calls),
    ...createDatedReads(calls),
    async close() {
      pace.close()
      await line.transport.close()
    },
  }
}
