// What `doctor` finds out about the machine: variables, proxy, config folder. What it means is checkup/machine.ts.

import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import type { MachineFacts } from '../checkup/machine.ts'
import {
  defaultApiUrl,
  type Environment,
  environmentVariables,
  isNetworkLedgerAllowed,
  loginHost,
  passphraseOf,
  xeroHosts,
} from '../config.ts'
import { AuxoError } from '../errors.ts'
import { readChannels } from '../notify/channels.ts'
import { findProxy, parseUrl, proxyEnvironment } from '../xero/proxy.ts'
import type { CommandContext } from './context.ts'

export async function machineFacts(context: CommandContext): Promise<MachineFacts> {
  const { env, nodeVersion = null } = context.host
  const ours = Object.entries(env).filter(([name]) => /^(AUXO|XERO)_/.test(name))
  return {
    nodeVersion,
    variables: Object.fromEntries(ours.flatMap(([name, value]) => (value ? [[name, value]] : []))),
    // The sandbox prints it, to be put in XERO_CLIENT_ID's place.
    known: [...environmentVariables, 'XERO_BROWSER_CLIENT_ID'],
    problems: variableProblems(env),
    ...proxyOf(env),
    configFolder: folderFacts(await context.configFolder()),
  }
}

/** Everything that reads a variable refuses a wrong value when it is needed; here all are asked. */
function variableProblems(env: Environment): string[] {
  const readers = [xeroHosts, loginHost, isNetworkLedgerAllowed, passphraseOf]
  const refusals = readers.flatMap((read) => {
    try {
      read(env)
      return []
    } catch (error) {
      if (error instanceof AuxoError) return [error.message]
      throw error
    }
  })
  return [...refusals, ...readChannels(env).problems]
}

/** By where calls to Xero itself would leave: the loopback of a rehearsal never takes a proxy. */
function proxyOf(env: Environment): Pick<MachineFacts, 'proxy' | 'isProxyUnreadable'> {
  const proxy = findProxy(new URL(apiUrlOf(env)), proxyEnvironment(env))
  if (proxy === null) return { proxy: null, isProxyUnreadable: false }
  const url = parseUrl(proxy)
  return url ? { proxy: url.origin, isProxyUnreadable: false } : { proxy: null, isProxyUnreadable: true }
}

function apiUrlOf(env: Environment): string {
  try {
    return xeroHosts(env).apiUrl
  } catch {
    return defaultApiUrl // the wrong value is told by itself
  }
}

function folderFacts(path: string): MachineFacts['configFolder'] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return { path, exists: false, isWritable: true, openTo: [] }
  return { path, exists: true, isWritable: isWritable(path), openTo: openToOthers(path) }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** What group or others may touch. Windows has other rights, and Node makes these up there. */
function openToOthers(folder: string): { path: string; mode: string }[] {
  if (platform() === 'win32') return []
  const paths = [folder, ...filesIn(folder)]
  return paths.flatMap((path) => {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    return (mode & 0o077) === 0 ? [] : [{ path, mode: (mode & 0o777).toString(8) }]
  })
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  } catch {
    return [] // it cannot be read by this user, which is told as not writable
  }
}
