// What `doctor` says of the machine: Node, the environment, the proxy, the config folder. Pure.

import { didYouMean } from '../accounting/nearest.ts'
import { type Check, caution, fine, wrong } from './check.ts'

/** As in package.json. */
export const leastNode = '20.20.0'

export interface FolderFacts {
  path: string
  exists: boolean
  isWritable: boolean
  /** What group and others may do with it and the files in it; empty where the system has no such rights. */
  openTo: readonly { path: string; mode: string }[]
}

export interface MachineFacts {
  /** Without the v; null where the process does not tell. */
  nodeVersion: string | null
  /** Names and values of the variables that begin as ours do. */
  variables: Readonly<Record<string, string>>
  /** Every name that the program reads. */
  known: readonly string[]
  /** Sentences of what reads the variables, about values that it cannot use. */
  problems: readonly string[]
  /** By which calls to Xero leave, without user and password; null for none. */
  proxy: string | null
  /** What HTTPS_PROXY or HTTP_PROXY holds is no address. */
  isProxyUnreadable: boolean
  configFolder: FolderFacts
}

export function judgeMachine(facts: MachineFacts): Check[] {
  return [node(facts), ...environment(facts), proxy(facts), configFolder(facts.configFolder)].filter(
    (check) => check !== null,
  )
}

function node({ nodeVersion }: MachineFacts): Check | null {
  if (nodeVersion === null) return null
  if (isAtLeast(nodeVersion, leastNode)) return fine('node', { found: `Node ${nodeVersion}.` })
  return wrong('node', {
    found: `Node ${nodeVersion}; ${leastNode} or later is needed.`,
    cure: 'Install a newer Node from nodejs.org, then install auxo-sync again.',
  })
}

function isAtLeast(version: string, least: string): boolean {
  const [one = [], other = []] = [version, least].map((text) => text.split('.').map(Number))
  for (let index = 0; index < 3; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

function environment({ variables, known, problems }: MachineFacts): Check[] {
  const checks = problems.map((problem) =>
    wrong('environment', {
      found: problem,
      cure: 'Correct it where it is set (.env, crontab, service file).',
    }),
  )
  for (const [name, value] of Object.entries(variables)) {
    if (!known.includes(name)) {
      checks.push(
        caution('environment', {
          found: `${name} is set, and no variable of that name is read.${didYouMean(name, known)}`,
          cure: `Correct the name, or take it away: unset ${name}`,
        }),
      )
    } else if (isMangled(value)) {
      // The value is not repeated: it may be a secret.
      checks.push(
        caution('environment', {
          found: `${name} begins or ends with a blank, a quotation mark or an invisible character.`,
          cure: `Set ${name} without it. A .env file that was saved on Windows ends every line with an invisible character: save it with the line ends of Unix.`,
        }),
      )
    }
  }
  if (checks.length > 0) return checks
  const set = Object.keys(variables).sort()
  return [
    fine('environment', { found: set.length === 0 ? 'No variable is set.' : `Set: ${set.join(', ')}.` }),
  ]
}

function isMangled(value: string): boolean {
  return value !== value.trim() || /^["'“”].*|.*["'“”]$/.test(value) || [...value].some((one) => one < ' ')
}

function proxy({ proxy: used, isProxyUnreadable }: MachineFacts): Check {
  if (isProxyUnreadable) {
    return wrong('proxy', {
      found: 'HTTPS_PROXY (or HTTP_PROXY) is not a web address.',
      cure: 'Set it to an address such as http://proxy.example.com:3128, or take it away.',
    })
  }
  return fine('proxy', {
    found: used === null ? 'Calls to Xero leave without a proxy.' : `Calls to Xero leave through ${used}.`,
  })
}

function configFolder({ path, exists, isWritable, openTo }: FolderFacts): Check {
  if (exists && !isWritable) {
    return wrong('config-folder', {
      found: `${path} cannot be written by this user. What is sent has to be remembered there before it is sent.`,
      cure: `Give it to this user: sudo chown -R "$(id -un)" ${shellWord(path)} (or name another folder with AUXO_CONFIG_DIR).`,
      exitCode: 5,
    })
  }
  const [first] = openTo
  if (first) {
    return caution('config-folder', {
      found: `Others may read or change what is in ${path} (${first.path} has the rights ${first.mode}): log-ins to Xero are kept there.`,
      cure: `chmod -R go-rwx ${shellWord(path)}`,
    })
  }
  return fine('config-folder', {
    found: exists ? `${path}, for this user alone.` : `${path} is made by the first connection.`,
  })
}

/** A path as one word of a shell. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
