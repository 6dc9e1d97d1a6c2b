// Which way a call leaves: straight, or through the proxy that the environment names. Decides only; sending is
// transport's.

/** The proxy variables of the environment, as handed in. Empty text counts as not set. */
export interface ProxyEnvironment {
  httpsProxy?: string | undefined
  /** Used where there is no `httpsProxy`, as many networks set only this one. */
  httpProxy?: string | undefined
  noProxy?: string | undefined
}

/** What an environment says of proxies: names in capitals win over the old ones in small letters. */
export function proxyEnvironment(env: Readonly<Record<string, string | undefined>>): ProxyEnvironment {
  return {
    httpsProxy: env['HTTPS_PROXY'] ?? env['https_proxy'],
    httpProxy: env['HTTP_PROXY'] ?? env['http_proxy'],
    noProxy: env['NO_PROXY'] ?? env['no_proxy'],
  }
}

/** True for this machine itself: the sandbox lives there, and no proxy may see or redirect a rehearsal. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase()
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    host === '::1' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  )
}

/** Null where the text is no URL. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

/** The proxy for a URL, or null for straight. Never one for loopback. */
export function findProxy(url: URL, environment: ProxyEnvironment): string | null {
  if (isLoopbackHost(url.hostname)) return null
  const proxy = environment.httpsProxy?.trim() || environment.httpProxy?.trim()
  if (!proxy || isExempt(url, environment.noProxy ?? '')) return null
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = entry, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (entryPort !== undefined && entryPort !== port) return false
      const domain = name.replace(/^\*?\./, '')
      return host === domain || host.endsWith(`.${domain}`)
    })
}
