// A request and what became of it, as whoever started the sandbox is told.

import type { ApiRequest } from './api.ts'
import type { FaultKind } from './fault.ts'
import type { Reply } from './reply.ts'

export interface Exchange {
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string | undefined>>
  readonly requestBody: string
  /** Null where no answer was sent. */
  readonly status: number | null
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly responseBody: string | null
  /** The fault that it met: the answer may then not be one of Xero's. */
  readonly fault: FaultKind | null
  /** When the request arrived, on the sandbox's clock. */
  readonly at: number
}

/** `sent` is null where no answer was. */
export function exchangeOf(
  request: ApiRequest,
  { at, sent, fault }: { at: number; sent: Reply | null; fault: FaultKind | null },
): Exchange {
  return {
    method: request.method,
    url: request.url,
    requestHeaders: request.headers,
    requestBody: request.body,
    status: sent?.status ?? null,
    responseHeaders: sent?.headers ?? {},
    responseBody: sent?.body ?? null,
    fault,
    at,
  }
}
