// The two apps that are registered at this Xero: a custom connection, which has a secret, and a public app that people log in
// to with a browser, which has none (§1.1). Whether what they ask is granted is token-endpoint.ts's and login.ts's business.

export interface App {
  readonly clientId: string
  readonly clientSecret: string
  /** ProviderName in every envelope. */
  readonly name: string
  readonly scopes: readonly string[]
}

export interface BrowserApp {
  readonly clientId: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Exact addresses; `http://localhost:*` in front of a path stands for any port, so that tests can run side by side. */
  readonly redirectUris: readonly string[]
}

/** What a custom connection of auxo-sync's kind would hold (§1.4), as far as the sandbox has endpoints or will have. */
export const defaultScopes: readonly string[] = [
  'accounting.contacts',
  'accounting.contacts.read',
  'accounting.invoices',
  'accounting.invoices.read',
  'accounting.payments',
  'accounting.payments.read',
  'accounting.banktransactions',
  'accounting.banktransactions.read',
  'accounting.manualjournals',
  'accounting.manualjournals.read',
  'accounting.settings',
  'accounting.settings.read',
  'accounting.attachments',
  'accounting.attachments.read',
  'accounting.reports.trialbalance.read',
]

/** What a log-in of a person can hold beside that; a custom connection has neither (§1.1, §1.4). */
const personScopes: readonly string[] = ['offline_access', 'openid', 'profile', 'email']

/** New apps and new custom connections cannot have it (§1.4). */
export const journalsScope = 'accounting.journals.read'

export const defaultApp = { clientId: 'SANDBOX0CLIENT0ID', clientSecret: 'sandbox-client-secret' }

export const defaultBrowserApp: BrowserApp = {
  clientId: 'SANDBOX0BROWSER0ID',
  name: 'Sandbox Browser App',
  scopes: [...defaultScopes, ...personScopes],
  redirectUris: ['http://localhost:*/callback'],
}

/** https, or http on localhost by that name: 127.0.0.1 and schemes of one's own cannot be registered (§1.1). */
function isRegistrable(uri: string): boolean {
  return /^https:\/\/[^/\s]+/.test(uri) || /^http:\/\/localhost(:\d{1,5})?(\/|$)/.test(uri)
}

export function isRegistered({ redirectUris }: BrowserApp, uri: string): boolean {
  const anyPort = uri.replace(/^http:\/\/localhost(:\d+)?(?=\/|$)/, 'http://localhost:*')
  return isRegistrable(uri) && (redirectUris.includes(uri) || redirectUris.includes(anyPort))
}
