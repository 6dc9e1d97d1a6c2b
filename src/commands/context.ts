// What a command is given: streams, environment, clock, flags and the ledger. Nothing below main.ts knows the process.

import type { Database } from 'better-sqlite3'
import type { Clock } from '../clock.ts'
import { configPath, isNetworkLedgerAllowed, ledgerPath } from '../config.ts'
import type { Keychain } from '../keychain.ts'
import type { Ledger, OpenOptions } from '../ledger/open.ts'
import { type Notifier, silentNotifier } from '../notify/notifier.ts'
import type { TextStream } from '../reporting/terminal.ts'

/** stderr takes events too where the log is made of them (reporting/events.ts). */
export type OutStream = TextStream

/** Everything that the process and the machine are to the program; tests hand in their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: OutStream
  readonly stderr: OutStream
  readonly clock: Clock
  /** A random UUID: keys and identities. Seeded in tests. */
  readonly uuid: () => string
  readonly cwd: string
  readonly pid: number
  readonly hostname: string
  readonly user: string
  readonly version: string
  /** Of Node, without the v; not there where nobody tells. */
  readonly nodeVersion?: string | undefined
  /** True while a process with this id runs on this machine. */
  readonly isAlive: (pid: number) => boolean
  /** Calls back once when a person or the system asks to stop; the result takes the callback off again. */
  readonly onInterrupt: (callback: () => void) => () => void
  /**
   * Asks the person at the terminal, and gives the line that was typed; null where the input ended or the signal was aborted. Not there
   * where nobody sits at a terminal.
   */
  readonly ask?: ((question: string, signal?: AbortSignal) => Promise<string | null>) | undefined
  /** Not there where the process has none. */
  readonly keychain?: Keychain | undefined
  /** Calls back when something in the file's folder moves, as far as the system tells; the result ends it. */
  readonly onFileChange?: ((file: string, callback: () => void) => () => void) | undefined
  /** See ledger/open.ts. */
  readonly wrapDatabase?: ((database: Database) => Database) | undefined
  /** See ledger/network-folder.ts. */
  readonly folderType?: ((path: string) => number | null) | undefined
}

export interface GlobalFlags {
  /** --ledger, as typed. */
  readonly ledger: string | undefined
  readonly entity: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

export interface CommandContext {
  readonly host: Host
  readonly flags: GlobalFlags
  /** Absolute path of the ledger: --ledger, else AUXO_LEDGER, else ./ledger.db. */
  readonly ledgerFile: string
  /** Folder for tokens and for what is known about ledgers outside them: AUXO_CONFIG_DIR, else the platform's. */
  readonly configFolder: () => Promise<string>
  /** Hears what becomes of the command, for those who are told afterwards (notify/). */
  readonly notifier: Notifier
  /** Opens the ledger, hands it over, and closes it whatever happens. */
  withLedger<T>(work: (ledger: Ledger) => Promise<T>): Promise<T>
}

/** What a command returns: its exit code (cli.md). */
export type ExitCode = number

/** The context of one command; the ledger is opened only by commands that ask for it. Without a notifier nobody is told. */
export function commandContext(
  host: Host,
  flags: GlobalFlags,
  notifier: Notifier = silentNotifier,
): CommandContext {
  const ledgerFile = ledgerPath(flags.ledger, host.env, host.cwd)
  return {
    host,
    flags,
    ledgerFile,
    configFolder: () => configPath(host.env, host.cwd),
    notifier,
    withLedger: async (work) => {
      const { openLedger } = await import('../ledger/open.ts')
      const ledger = openLedger(ledgerFile, openOptions(host))
      try {
        return await work(ledger)
      } finally {
        ledger.close()
      }
    },
  }
}

/** How a ledger is opened or made on this host; AuxoError where the environment says it wrongly. */
export function openOptions(host: Host): OpenOptions {
  return {
    clock: host.clock,
    wrap: host.wrapDatabase,
    isNetworkAllowed: isNetworkLedgerAllowed(host.env),
    folderType: host.folderType,
  }
}

/** Who did something, for events and the log. */
export function whoOf(host: Host): string {
  return `${host.user}@${host.hostname}`
}
