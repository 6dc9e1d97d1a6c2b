// Faults as data: what goes wrong, and with which request. Which one meets a request is decided here; what it then does
// is pipeline.ts's and server.ts's business.

export interface FaultMatch {
  /** All methods if left out. */
  method?: string
  /** A prefix of the path (`/Invoices`, `/connect/token`), or a regular expression if it begins with ^. All if left out. */
  path?: string
  /** The n-th matching request from now; 1 if left out. */
  nth?: number
  /** For how many matching requests from then on; 1 if left out. */
  times?: number
}

export type FaultEffect =
  /** Xero fails and stores nothing; the answer is kept under the idempotency key (§3.4). */
  | { kind: 'error-before-commit'; status?: number }
  /** Xero stores everything and fails; the answer is kept under the idempotency key. */
  | { kind: 'error-after-commit'; status?: number }
  /** The connection is reset before Xero has read the request. */
  | { kind: 'drop-before-commit' }
  /** Xero stores everything, then the connection is reset. */
  | { kind: 'drop-after-commit' }
  /** Xero stores so many elements, then fails with 500. */
  | { kind: 'partial-commit'; stored: number }
  /** Xero takes the request and stores it so much later, whether or not the client is still there. */
  | { kind: 'late-commit'; afterMs: number }
  /** Stored at once, answered so much later. */
  | { kind: 'slow'; ms: number }
  /** Taken and never answered, nothing stored. */
  | { kind: 'black-hole' }
  | { kind: 'rate-limit'; limit: 'minute' | 'day' | 'concurrent'; retryAfterS?: number }
  /** 200 with a page instead of JSON. */
  | { kind: 'garbage'; isStored?: boolean }
  /** An answer that ends half-way. */
  | { kind: 'truncated'; isStored?: boolean }
  /** The page of a proxy between us and Xero, which the request did not pass. */
  | { kind: 'proxy-html'; status?: 200 | 502 }
  /** The same, from one that shows the whole request, its secrets among it. */
  | { kind: 'proxy-echo'; form?: 'html' | 'json' }
  /** One call is told that its token is over; the next with the same token passes. */
  | { kind: 'unauthorized' }
  /** The token of this call is over from now on. */
  | { kind: 'token-expires' }
  /** The token endpoint takes the code or the refresh token for spent. */
  | { kind: 'invalid-grant' }
  | { kind: 'forbidden' }
  /** The elements of the answer in another order (§3.3: order is not promised). */
  | { kind: 'shuffled-order' }
  /** Calls that hold this text are refused as unreadable without naming an element; the others pass (E10). */
  | { kind: 'refuse-whole'; containing: string }
  /** The answer lacks its last element. */
  | { kind: 'missing-element' }

export type Fault = FaultMatch & FaultEffect
export type FaultKind = Fault['kind']

interface Armed {
  readonly fault: Fault
  readonly matches: (method: string, path: string) => boolean
  seen: number
  fired: number
}

export class Faults {
  #armed: Armed[] = []

  add(fault: Fault): void {
    this.#armed.push({ fault, matches: matcher(fault), seen: 0, fired: 0 })
  }

  clear(): void {
    this.#armed = []
  }

  waiting(): Fault[] {
    return this.#armed.map((armed) => armed.fault)
  }

  /** The fault that meets this request: of several the one added first, the others wait for the next. */
  meet(method: string, path: string): Fault | null {
    let met: Fault | null = null
    for (const armed of this.#armed) {
      if (!armed.matches(method, path)) continue
      armed.seen += 1
      if (met !== null || armed.seen < (armed.fault.nth ?? 1)) continue
      armed.fired += 1
      met = armed.fault
    }
    this.#armed = this.#armed.filter((armed) => armed.fired < (armed.fault.times ?? 1))
    return met
  }
}

function matcher(fault: FaultMatch): (method: string, path: string) => boolean {
  const { method, path } = fault
  const pathMatches =
    path === undefined ? () => true : path.startsWith('^') ? matchesPattern(path) : startsWith(path)
  return (requestMethod, requestPath) =>
    (method === undefined || method === '*' || method.toUpperCase() === requestMethod) &&
    pathMatches(requestPath)
}

function matchesPattern(pattern: string): (path: string) => boolean {
  const expression = new RegExp(pattern)
  return (path) => expression.test(path)
}

/** `/Invoices` is `/Invoices` and everything below it, with or without the API's base path. */
function startsWith(prefix: string): (path: string) => boolean {
  return (path) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
}
