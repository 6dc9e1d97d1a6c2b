// Refresh tokens of the public app: each is used once and followed by another, lives 60 days unused, and for 30 minutes after
// its use works once more, for a client that never got the answer (§1.2).

export const unusedLifeMs = 60 * 86_400_000
export const graceMs = 30 * 60_000

export interface Pair {
  readonly refreshToken: string
  readonly accessToken: string
  /** When the access token ends, ms since 1970. */
  readonly accessEndsAt: number
}

export interface RefreshToken extends Pair {
  readonly consentId: string
  /** What the log-in allowed: a refresh never allows more (§1.4). */
  readonly scopes: readonly string[]
  readonly issuedAt: number
  readonly used: { readonly at: number; readonly successor: string } | null
}

export class RefreshTokens {
  readonly #tokens = new Map<string, RefreshToken>()

  issue(token: Omit<RefreshToken, 'used'>): void {
    this.#dropDead(token.issuedAt)
    this.#tokens.set(token.refreshToken, { ...token, used: null })
  }

  /** Null where it opens nothing any more: unknown, 60 days unused, or used more than 30 minutes ago. */
  find(refreshToken: string, now: number): RefreshToken | null {
    const token = this.#tokens.get(refreshToken)
    return token && !isDead(token, now) ? token : null
  }

  /** The token that followed one that was used; what is used already cannot outlive it. */
  successorOf({ used }: RefreshToken): RefreshToken | undefined {
    return used === null ? undefined : this.#tokens.get(used.successor)
  }

  /** `next` takes the place of `token`, and of what had taken its place before. */
  follow(token: RefreshToken, next: Omit<RefreshToken, 'used'>): void {
    let last = token
    for (let after = this.successorOf(last); after; after = this.successorOf(last)) last = after
    this.#tokens.set(last.refreshToken, {
      ...last,
      used: { at: next.issuedAt, successor: next.refreshToken },
    })
    this.issue(next)
  }

  clear(): void {
    this.#tokens.clear()
  }

  saved(): RefreshToken[] {
    return [...this.#tokens.values()]
  }

  restore(saved: readonly RefreshToken[]): void {
    for (const token of saved) this.#tokens.set(token.refreshToken, token)
  }

  #dropDead(now: number): void {
    for (const token of this.#tokens.values()) if (isDead(token, now)) this.#tokens.delete(token.refreshToken)
  }
}

function isDead({ used, issuedAt }: RefreshToken, now: number): boolean {
  return used === null ? now >= issuedAt + unusedLifeMs : now >= used.at + graceMs
}
