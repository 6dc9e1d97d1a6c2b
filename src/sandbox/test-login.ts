// For tests of logging in: an app of the public kind that does PKCE by hand, and knows nothing but HTTP.

import { createHash } from 'node:crypto'
import { type JsonObject, textOf } from './json.ts'
import type { ScriptedDecision } from './login-site.ts'
import type { Answer, TestClient } from './test-client.ts'

export const callback = 'http://localhost:8742/callback'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

export interface TokenSet {
  readonly access: string
  readonly refresh: string
  readonly json: JsonObject
}

export class BrowserClient {
  readonly #client: TestClient

  constructor(client: TestClient) {
    this.#client = client
  }

  get #clientId(): string {
    return this.#client.sandbox.browserClientId
  }

  authorizeUrl(change: Record<string, string> = {}): string {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#clientId,
      redirect_uri: callback,
      scope: 'offline_access accounting.invoices accounting.settings.read',
      state: 'the state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...change,
    })
    return `${this.#client.sandbox.url}/identity/connect/authorize?${query.toString()}`
  }

  /** The code that a consent leads to. */
  code(change: Record<string, string> = {}, decision: ScriptedDecision = {}): string {
    const redirect = this.#client.sandbox.consent(this.authorizeUrl(change), decision)
    return new URL(redirect).searchParams.get('code') ?? ''
  }

  /** No Basic: a public app names itself in the form. */
  token(fields: Record<string, string>): Promise<Answer> {
    return this.#client.form(
      '/connect/token',
      { client_id: this.#clientId, ...fields },
      { authorization: '' },
    )
  }

  exchange(code: string, change: Record<string, string> = {}): Promise<Answer> {
    const fields = { code, redirect_uri: callback, code_verifier: verifier }
    return this.token({ grant_type: 'authorization_code', ...fields, ...change })
  }

  refresh(refreshToken: string): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken })
  }

  revoke(token: string): Promise<Answer> {
    const fields = { client_id: this.#clientId, token }
    return this.#client.form('/connect/revocation', fields, { authorization: '' })
  }

  async logIn(scope?: string, decision: ScriptedDecision = {}): Promise<TokenSet> {
    return tokensOf(await this.exchange(this.code(scope === undefined ? {} : { scope }, decision)))
  }

  /** A path below /api.xro/2.0 with a person's token. */
  get(access: string, path: string, tenantId = this.#client.tenantId): Promise<Answer> {
    return this.#client.get(path, { authorization: `Bearer ${access}`, 'xero-tenant-id': tenantId })
  }

  async connections(access: string, query = ''): Promise<Record<string, string>[]> {
    const answer = await fetch(`${this.#client.sandbox.url}/connections${query}`, {
      headers: { authorization: `Bearer ${access}` },
    })
    // The list is a bare array of texts (§1.3).
    return (await answer.json()) as Record<string, string>[]
  }

  async disconnect(access: string, id: string): Promise<number> {
    const url = `${this.#client.sandbox.url}/connections/${id}`
    const headers = { authorization: `Bearer ${access}` }
    return (await fetch(url, { method: 'DELETE', headers })).status
  }
}

export function tokensOf({ json }: Answer): TokenSet {
  return { access: textOf(json, 'access_token') ?? '', refresh: textOf(json, 'refresh_token') ?? '', json }
}

/** What stands in a token, signature unread. */
export function claimsOf(token: string): JsonObject {
  // A test's look into a token that the sandbox made a moment ago.
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as JsonObject
}
