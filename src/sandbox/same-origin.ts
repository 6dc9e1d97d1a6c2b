// Keeps other web sites away from the sandbox's own pages: a browser on this machine could be made to ask them anything.

import type { ApiRequest } from './api.ts'

/** Why the request is not answered, or null where it may be. */
export function foreignProblem({ method, headers }: Pick<ApiRequest, 'method' | 'headers'>): string | null {
  const host = headers['host'] ?? ''
  // A name of another that leads to this machine: whoever owns it could read what we answer.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host))
    return `These pages answer at 127.0.0.1 only, not at “${host}”.`
  if (method === 'GET' || method === 'HEAD') return null
  const { origin, 'sec-fetch-site': site } = headers
  const isOther = origin !== undefined && origin !== `http://${host}`
  const isCrossSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  return isOther || isCrossSite ? 'This came from another web site, so nothing was done.' : null
}
