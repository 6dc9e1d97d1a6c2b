// Configuration from the environment: which variables there are, their defaults and their checks. Per-entity settings
// live in the ledger (accounting/settings.ts).

import { isAbsolute, join, resolve } from 'node:path'
import { AuxoError } from './errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export const defaultApiUrl = 'https://api.xero.com'
export const defaultIdentityUrl = 'https://identity.xero.com'
export const defaultLoginUrl = 'https://login.xero.com'

/** Absolute path of the ledger: the option, else AUXO_LEDGER, else ./ledger.db. */
export function ledgerPath(option: string | undefined, env: Environment, cwd: string): string {
  const chosen = option ?? env['AUXO_LEDGER'] ?? 'ledger.db'
  if (chosen === '')
    throw new AuxoError('usage', 'The name of the ledger is empty: check --ledger and AUXO_LEDGER.')
  return resolve(cwd, chosen)
}

/** Whether a person says that a ledger in a network folder is opened by this machine alone (ledger/network-folder.ts). */
export function isNetworkLedgerAllowed(env: Environment): boolean {
  const value = env['AUXO_NETWORK_LEDGER']?.trim() ?? ''
  if (value === '' || value === 'allow') return value === 'allow'
  throw new AuxoError(
    'configuration-invalid',
    `AUXO_NETWORK_LEDGER is “${value}”: set it to allow, or leave it out.`,
  )
}

/** Folder for what must not be in the ledger: AUXO_CONFIG_DIR, else the platform's own place. */
export async function configPath(env: Environment, cwd: string): Promise<string> {
  const chosen = env['AUXO_CONFIG_DIR']
  if (chosen) return isAbsolute(chosen) ? chosen : join(cwd, chosen)
  try {
    // It asks for the home folder as it is loaded.
    const { default: envPaths } = await import('env-paths')
    return envPaths('auxo-sync', { suffix: '' }).config
  } catch (error) {
    // A user without a name and without HOME, as in a container.
    throw new AuxoError(
      'configuration-invalid',
      'This user has no home folder (HOME is not set), so there is no place for the tokens and the memory of what was sent. Name a folder that stays: AUXO_CONFIG_DIR=/path/to/folder',
      { cause: error },
    )
  }
}

export interface XeroHosts {
  /** Without a trailing slash. */
  apiUrl: string
  identityUrl: string
}

/** Where Xero is. Plain http is for this machine only: a token must never cross a network in the clear. */
export function xeroHosts(env: Environment): XeroHosts {
  return {
    apiUrl: host(env['XERO_API_URL'], defaultApiUrl, 'XERO_API_URL'),
    identityUrl: host(env['XERO_IDENTITY_URL'], defaultIdentityUrl, 'XERO_IDENTITY_URL'),
  }
}

/** Where a person logs in, without a trailing slash. */
export function loginHost(env: Environment): string {
  return host(env['XERO_LOGIN_URL'], defaultLoginUrl, 'XERO_LOGIN_URL')
}

function host(value: string | undefined, fallback: string, name: string): string {
  const text = value || fallback
  let url: URL
  try {
    url = new URL(text)
  } catch (error) {
    throw new AuxoError(
      'configuration-invalid',
      `${name} is not a web address${shown(text)}. An example: ${fallback}`,
      { cause: error },
    )
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new AuxoError(
      'configuration-invalid',
      `${name} must be a plain address such as ${fallback}, without user, query or #.`,
    )
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw new AuxoError(
      'configuration-invalid',
      `${name} must begin with https://; plain http:// is only for this machine (the sandbox).`,
    )
  }
  return url.href.replace(/\/+$/, '')
}

/** What a person typed, to find the slip; not where a password may stand in it. */
function shown(text: string): string {
  return text.includes('@') ? '' : `: “${text}”`
}

export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

export interface CustomCredentials {
  clientId: string
  clientSecret: string
}

/** Client id and secret of a custom connection; AuxoError naming the variable that is missing. */
export function customCredentials(env: Environment): CustomCredentials {
  const clientId = env['XERO_CLIENT_ID']?.trim()
  const clientSecret = env['XERO_CLIENT_SECRET']?.trim()
  if (!clientId || !clientSecret) {
    const missing = [clientId ? null : 'XERO_CLIENT_ID', clientSecret ? null : 'XERO_CLIENT_SECRET'].filter(
      (name) => name !== null,
    )
    throw new AuxoError(
      'not-connected',
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set. A custom connection's client id and secret are shown at developer.xero.com under My Apps; put them into the environment (see .env.example).`,
    )
  }
  return { clientId, clientSecret }
}

/** Client id of the app that people log in to; AuxoError where it is missing. */
export function browserClientId(env: Environment): string {
  const clientId = env['XERO_CLIENT_ID']?.trim()
  if (clientId) return clientId
  throw new AuxoError(
    'not-connected',
    'XERO_CLIENT_ID is not set. It is the client id of an app of the kind “Mobile or desktop app”, shown at developer.xero.com under My Apps; put it into the environment (see .env.example). A custom connection, with a secret, is connected with --custom.',
  )
}

/** What locks the stored log-ins; null where none is set. AuxoError where it is too short to lock anything. */
export function passphraseOf(env: Environment): string | null {
  const passphrase = env['AUXO_PASSPHRASE']
  if (!passphrase) return null
  if (passphrase.length >= 12) return passphrase
  throw new AuxoError(
    'configuration-invalid',
    'AUXO_PASSPHRASE has fewer than 12 characters. Take a longer one: it locks the log-in to Xero.',
  )
}

/** Every environment variable that this program reads, for the documentation and its test. */
export const environmentVariables = [
  'AUXO_LEDGER',
  'AUXO_CONFIG_DIR',
  'AUXO_NETWORK_LEDGER',
  'XERO_CLIENT_ID',
  'XERO_CLIENT_SECRET',
  'XERO_API_URL',
  'XERO_IDENTITY_URL',
  'XERO_LOGIN_URL',
  'AUXO_PASSPHRASE',
  'AUXO_PING_URL',
  'AUXO_WEBHOOK_URL',
  'AUXO_WEBHOOK_SECRET',
  'AUXO_SMTP_URL',
  'AUXO_MAIL_TO',
  'AUXO_MAIL_FROM',
  'AUXO_MAIL_ON',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NO_COLOR',
] as const
