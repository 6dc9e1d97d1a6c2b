// Who is let in (V8): only who reads, at this machine's own address, and has the token. Pure; the socket is server.ts.

import { createHash, timingSafeEqual } from 'node:crypto'

export interface Knock {
  method: string
  /** The Host header as it came. */
  host: string | undefined
  /** Path with query. */
  path: string
  cookie: string | undefined
}

export interface Door {
  port: number
  token: string
}

export type Verdict =
  | { answer: 'page'; url: URL }
  /** The address that was printed: the token becomes a cookie. */
  | { answer: 'enter' }
  | { answer: 'refused'; status: 403 | 405; why: string }

/** Cookies know no ports: two dashboards on one machine must not take each other's. */
export function cookieName({ port }: Pick<Door, 'port'>): string {
  return `auxo-dashboard-${port}`
}

export const enterPath = '/enter'

export function judge(knock: Knock, door: Door): Verdict {
  // A page elsewhere may give its own name this machine's address (DNS rebinding): then the browser says that name here.
  if (knock.host !== `127.0.0.1:${door.port}` && knock.host !== `localhost:${door.port}`)
    return { answer: 'refused', status: 403, why: 'This address is not the dashboard’s.' }
  if (knock.method !== 'GET' && knock.method !== 'HEAD')
    return { answer: 'refused', status: 405, why: 'Nothing can be changed here: pages are only read.' }
  const base = `http://${knock.host}`
  const url = URL.canParse(knock.path, base) ? new URL(knock.path, base) : null
  if (url?.host !== knock.host)
    return { answer: 'refused', status: 403, why: 'This address is not the dashboard’s.' }
  if (url.pathname === enterPath && isSame(url.searchParams.get('token') ?? '', door.token))
    return { answer: 'enter' }
  return isSame(cookieOf(knock.cookie, cookieName(door)), door.token)
    ? { answer: 'page', url }
    : {
        answer: 'refused',
        status: 403,
        why: 'Open the address that auxo-sync dashboard printed in the terminal, with its token.',
      }
}

/** In a time that says nothing about how much of it was right. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(token))
}

function cookieOf(header: string | undefined, name: string): string {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at >= 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return ''
}
