// An app asks a person to log in and allow it something: what it asks, whether it may ask so, and what comes of the person's
// decision (§1.1). What the person sees is login-page.ts's business.

import { type BrowserApp, isRegistered } from './apps.ts'
import type { Consents } from './consents.ts'
import type { Organisation } from './organisation.ts'
import type { Switches } from './switches.ts'

export const authorizePath = '/identity/connect/authorize'

/** Xero's own page says it; the app hears nothing (§1.5). */
export class LoginProblem {
  readonly error: string
  readonly says: string

  constructor(error: string, says: string) {
    this.error = error
    this.says = says
  }
}

export interface LoginRequest {
  readonly appName: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | null
  readonly challenge: string
  /** Several organisations in one consent is for few apps (§1.1). */
  readonly mayPickSeveral: boolean
}

export type Decision = { readonly decline: true } | { readonly tenantIds: readonly string[] }

export function readLogin(
  app: BrowserApp,
  rawQuery: string,
  switches: Switches,
): LoginRequest | LoginProblem {
  const query = new URLSearchParams(rawQuery)
  const of = (name: string) => query.get(name) ?? ''
  if (of('client_id') !== app.clientId)
    return new LoginProblem('unauthorized_client', 'Unknown client, or not an app that people log in to.')
  if (!isRegistered(app, of('redirect_uri')))
    return new LoginProblem('invalid_request', 'Invalid redirect_uri')
  if (of('response_type') !== 'code')
    return new LoginProblem('unsupported_response_type', 'response_type must be code')
  if (of('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(of('code_challenge')))
    return new LoginProblem('invalid_request', 'code challenge required, by S256')
  const scopes = of('scope')
    .split(' ')
    .filter((word) => word !== '')
  if (scopes.length === 0 || !scopes.every((scope) => app.scopes.includes(scope)))
    return new LoginProblem('invalid_scope', 'Invalid scope for client')
  return {
    appName: app.name,
    redirectUri: of('redirect_uri'),
    scopes,
    state: query.get('state'),
    challenge: of('code_challenge'),
    mayPickSeveral: switches.bulkConnections && of('acr_values') !== 'bulk_connect:false',
  }
}

/** Where the browser goes next; a sentence where the person has to choose again. */
export function decide(
  login: LoginRequest,
  decision: Decision,
  world: {
    readonly organisations: readonly Organisation[]
    readonly consents: Consents
    readonly now: number
  },
): { redirect: string } | { mistake: string } {
  if ('decline' in decision) return { redirect: redirectOf(login, { error: 'access_denied' }) }
  const { tenantIds } = decision
  if (tenantIds.length === 0) return { mistake: 'Pick an organisation.' }
  if (tenantIds.length > 1 && !login.mayPickSeveral)
    return { mistake: 'This app connects one organisation at a time.' }
  if (!tenantIds.every((id) => world.organisations.some(({ tenantId }) => tenantId === id)))
    return { mistake: 'There is no such organisation.' }
  const { scopes, redirectUri, challenge } = login
  const code = world.consents.allow({ scopes, tenantIds, redirectUri, challenge }, world.now)
  return { redirect: redirectOf(login, { code, scope: scopes.join(' ') }) }
}

function redirectOf(login: LoginRequest, fields: Record<string, string>): string {
  const url = new URL(login.redirectUri)
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  if (login.state !== null) url.searchParams.set('state', login.state)
  return url.href
}
