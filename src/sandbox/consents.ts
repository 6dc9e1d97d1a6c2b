// What the person of this Xero allowed the public app: consents with their scopes, the connections that came of them, and the
// codes on their way to the app (§1.1 to §1.4). One app and one person, so there is one list of each.

import { createHash } from 'node:crypto'
import { type RefreshToken, RefreshTokens } from './refresh-tokens.ts'

/** 5 minutes (§1.1). */
const codeLifeMs = 5 * 60_000

export interface Consent {
  /** authEventId in the list of connections, authentication_event_id in tokens. */
  readonly id: string
  readonly scopes: readonly string[]
  readonly hasRefresh: boolean
  readonly tenantIds: readonly string[]
}

export interface AppConnection {
  readonly id: string
  readonly tenantId: string
  readonly authEventId: string
  readonly createdAt: number
  readonly updatedAt: number
}

interface Code {
  readonly code: string
  readonly consentId: string
  readonly redirectUri: string
  /** S256 of the verifier (§1.1). */
  readonly challenge: string
  readonly endsAt: number
}

export interface SavedConsents {
  readonly consents: readonly Consent[]
  readonly connections: readonly AppConnection[]
  readonly refreshTokens: readonly RefreshToken[]
}

export class Consents {
  readonly refreshTokens = new RefreshTokens()
  readonly #newGuid: () => string
  readonly #consents = new Map<string, Consent>()
  readonly #connections = new Map<string, AppConnection>()
  readonly #codes = new Map<string, Code>()
  #made = 0

  constructor(newGuid: () => string) {
    this.#newGuid = newGuid
  }

  /** Grows with every change: the state file is written when it has moved. */
  get made(): number {
    return this.#made
  }

  /** The person allows it: the code that goes to the redirect address. Scopes add up over consents (§1.4). */
  allow(
    asked: {
      readonly scopes: readonly string[]
      readonly tenantIds: readonly string[]
      readonly redirectUri: string
      readonly challenge: string
    },
    now: number,
  ): string {
    const before = [...this.#consents.values()].flatMap(({ scopes }) => scopes)
    const scopes = [...new Set([...asked.scopes, ...before])]
    const hasRefresh = asked.scopes.includes('offline_access')
    const consent = { id: this.#newGuid(), scopes, hasRefresh, tenantIds: asked.tenantIds }
    this.#consents.set(consent.id, consent)
    for (const tenantId of asked.tenantIds) this.#connect(tenantId, consent.id, now)
    const code = this.newSecret()
    const { redirectUri, challenge } = asked
    this.#codes.set(code, { code, consentId: consent.id, redirectUri, challenge, endsAt: now + codeLifeMs })
    this.changed()
    return code
  }

  /** Whatever comes of it, the code is spent. Null where it opens nothing. */
  redeem(code: string, given: { redirectUri: string; verifier: string }, now: number): Consent | null {
    const found = this.#codes.get(code)
    this.#codes.delete(code)
    if (!found || now >= found.endsAt || found.redirectUri !== given.redirectUri) return null
    if (!/^[\w.~-]{43,128}$/.test(given.verifier) || challengeOf(given.verifier) !== found.challenge)
      return null
    return this.#consents.get(found.consentId) ?? null
  }

  find(consentId: string): Consent | undefined {
    return this.#consents.get(consentId)
  }

  connections(): AppConnection[] {
    return [...this.#connections.values()]
  }

  /** False where there is none of that id. */
  disconnect(connectionId: string): boolean {
    const isThere = this.#connections.delete(connectionId)
    if (isThere) this.changed()
    return isThere
  }

  disconnectTenant(tenantId: string): void {
    for (const { id } of this.connections().filter((one) => one.tenantId === tenantId)) this.disconnect(id)
  }

  /** Revocation of a refresh token ends everything that the person allowed the app (§1.3). */
  endAll(): void {
    for (const held of [this.#consents, this.#connections, this.#codes, this.refreshTokens]) held.clear()
    this.changed()
  }

  /** What cannot be guessed in Xero; here it follows from the seed, so that a run replays. */
  newSecret(): string {
    return createHash('sha256').update(`secret/${this.#newGuid()}`).digest('base64url')
  }

  changed(): void {
    this.#made += 1
  }

  saved(): SavedConsents {
    return {
      consents: [...this.#consents.values()],
      connections: this.connections(),
      refreshTokens: this.refreshTokens.saved(),
    }
  }

  restore({ consents, connections, refreshTokens }: SavedConsents): void {
    for (const consent of consents) this.#consents.set(consent.id, consent)
    for (const connection of connections) this.#connections.set(connection.id, connection)
    this.refreshTokens.restore(refreshTokens)
  }

  /** An organisation is connected once, however often it is consented to; the last consent owns it. */
  #connect(tenantId: string, authEventId: string, now: number): void {
    const before = this.connections().find((one) => one.tenantId === tenantId)
    const id = before?.id ?? this.#newGuid()
    this.#connections.set(id, {
      id,
      tenantId,
      authEventId,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    })
  }
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
