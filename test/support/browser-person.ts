// The person who logs in to Xero with a browser, for `connect`: reads the address that the program shows, consents in the sandbox, and
// follows the redirect to the program's own port as the browser would.

import { createServer } from 'node:net'
import type { Outcome, RunOptions, World } from './world.ts'

export interface Login {
  /** Tenant ids or names; the first organisation where nothing is said. */
  organisations?: string[]
  decline?: boolean
  env?: Record<string, string>
  /** A person at the terminal, too. */
  ask?: RunOptions['ask']
  /** Done with the address that the browser is led to, instead of going there. */
  instead?: (redirect: URL) => Promise<void>
}

/** What points the program at the sandbox's app for people. */
export function browserEnv(world: World): Record<string, string> {
  return { XERO_CLIENT_ID: world.sandbox.browserClientId, XERO_LOGIN_URL: world.sandbox.url }
}

/** `connect` with the flags, and a person who logs in as told. */
export async function connectInBrowser(world: World, flags: string[], login: Login = {}): Promise<Outcome> {
  const port = await freePort()
  const { organisations, decline } = login
  let person: Promise<void> = Promise.resolve()
  let said = ''
  const outcome = await world.run(['connect', '--no-browser', '--port', String(port), ...flags], {
    env: { ...browserEnv(world), ...login.env },
    ...(login.ask && { ask: login.ask }),
    onErr: (text) => {
      said += text
      const address = /^(http\S+)\n/m.exec(said)?.[1]
      if (address === undefined) return
      said = ''
      const decision = decline ? { decline: true as const } : organisations ? { organisations } : {}
      const redirect = new URL(world.sandbox.consent(address, decision))
      person = login.instead
        ? login.instead(redirect)
        : whileTimeStands(world, async () => {
            await (await fetch(redirect)).text()
          })
    },
  })
  await person
  return outcome
}

/** The virtual clock sees no browser: on a busy machine it would pass the two minutes of the log-in before the page is asked for. */
async function whileTimeStands(world: World, work: () => Promise<void>): Promise<void> {
  let isOver = false
  const hold = () => {
    world.clock.advance(0)
    if (!isOver) setImmediate(hold)
  }
  hold()
  try {
    await work()
  } finally {
    isOver = true
  }
}

/** A port that is free on both addresses of this machine that `localhost` may mean. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
