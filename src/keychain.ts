// The keychain of this computer, where there is a lasting one: macOS, Windows, Linux with a Secret Service. The process hands it to the
// program, so that no test ever touches a person's own.

export interface Keychain {
  /** Null where it has none of this name. Rejects where it cannot be opened. */
  get(account: string): Promise<string | null>
  set(account: string, value: string): Promise<void>
  remove(account: string): Promise<void>
}

const service = 'auxo-sync'
/** A locked keychain may wait for a person who is not there. */
const patienceMs = 30_000

/**
 * Opened when it is first used. On Linux only a Secret Service will do: the library would otherwise take the kernel's own keyring, which
 * is lost at log-out and which no cron job sees. Its calls reject where there is none, and where the library cannot be loaded.
 */
export function platformKeychain(): Keychain {
  const entryOf = async (account: string) => {
    const { AsyncEntry } = await import('@napi-rs/keyring')
    return new AsyncEntry(service, account, { linux: { store: 'secret-service' } })
  }
  return {
    get: async (account) => (await entryOf(account)).getPassword(AbortSignal.timeout(patienceMs)),
    set: async (account, value) =>
      (await entryOf(account)).setPassword(value, AbortSignal.timeout(patienceMs)),
    remove: async (account) => {
      await (await entryOf(account)).deletePassword(AbortSignal.timeout(patienceMs))
    },
  }
}
