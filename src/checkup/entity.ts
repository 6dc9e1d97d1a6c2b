// What `doctor` says of a billing entity: whether it could export now, and what would keep it from that. Pure.

import type { ErrorCode } from '../errors.ts'
import { type Check, caution, fine, wrong } from './check.ts'

export interface EntityFacts {
  entity: string
  /** Other entities of the ledger are connected: one that is not is left out of an export. */
  hasOthers: boolean
  now: number
  /** Sentences about its settings, alone and together. */
  settingProblems: readonly string[]
  /** Null where it was never connected. */
  connection: {
    organisation: string
    login: 'custom' | 'browser'
    isDisconnected: boolean
    /** A sentence where it was connected elsewhere than the environment points to now. */
    otherHost: string | null
    /** Needed by the settings and not granted. */
    missingScopes: readonly string[]
    /** A sentence where client id or secret are not to be had. */
    credentialProblem: string | null
    /** Whole days in which a log-in with a browser must be used; null for a custom connection, undefined where this computer keeps none. */
    daysLeft: number | null | undefined
  } | null
  /** When Xero's books were read last, ms since 1970; null where they never were. */
  mirrorReadAt: number | null
  /** Calls of the last 24 hours by the API log, and what the settings allow. */
  callsToday: number
  callsPerDay: number
  /** A sentence where this ledger knows less than was sent from it. */
  copyProblem: string | null
  open: {
    /** Calls that were begun and whose outcome is open. */
    chunks: number
    /** From when they can be settled, ms since 1970; null where a person has to or there are none. */
    settleFrom: number | null
  }
  /** Null where nobody holds it. */
  lease: { holder: string; since: string; state: 'alive' | 'dead' | 'silent' } | null
  /** What Xero said, asked just now; null where it was not asked. */
  xero: XeroFacts | null
}

export type XeroFacts =
  | { outcome: 'failed'; code: ErrorCode; message: string }
  | {
      outcome: 'answered'
      name: string
      /** How far Xero's clock is ahead of ours, by the Date of its answer; null where it carried none. */
      aheadMs: number | null
      dayLeft: number | null
      minuteLeft: number | null
    }

/** A log-in is warned of from so many days before its end, as everywhere (Z2). */
const fewDays = 14
const oldMirrorMs = 7 * 86_400_000
const askewMs = 60_000
const wayOffMs = 30 * 60_000

export function judgeEntity(facts: EntityFacts): Check[] {
  return [
    settings,
    connection,
    credentials,
    logIn,
    scopes,
    xero,
    clock,
    callsLeft,
    mirror,
    copy,
    openCalls,
    lease,
  ]
    .map((judge) => judge(facts))
    .filter((check) => check !== null)
}

const connectIt = (entity: string, login?: 'custom' | 'browser') =>
  `auxo-sync connect${login === 'custom' ? ' --custom' : ''} --entity ${entity}`

function settings({ entity, settingProblems }: EntityFacts): Check {
  if (settingProblems.length === 0)
    return fine('settings', { entity, found: 'They are values and go together.' })
  return wrong('settings', {
    entity,
    found: settingProblems.join(' '),
    cure: `auxo-sync settings --entity ${entity} lists them; change one with: auxo-sync settings set NAME VALUE --entity ${entity}`,
  })
}

function connection({ entity, connection: pinned, hasOthers }: EntityFacts): Check {
  if (pinned === null || pinned.isDisconnected) {
    const found = pinned
      ? `Disconnected from “${pinned.organisation}”.`
      : 'Not connected to a Xero organisation yet.'
    const cure = pinned ? connectIt(entity, pinned.login) : `${connectIt(entity, 'custom')}`
    if (hasOthers) return caution('connection', { entity, found: `${found} Exports leave it out.`, cure })
    return wrong('connection', { entity, found, cure, exitCode: 4 })
  }
  if (pinned.otherHost !== null) {
    return wrong('connection', {
      entity,
      found: pinned.otherHost,
      cure: 'Correct XERO_API_URL, or take it away where no sandbox is meant: unset XERO_API_URL XERO_IDENTITY_URL XERO_LOGIN_URL',
      exitCode: 4,
    })
  }
  return fine('connection', { entity, found: `“${pinned.organisation}”.` })
}

/** Of an entity that may call Xero. */
function open({ connection: pinned }: EntityFacts) {
  return pinned === null || pinned.isDisconnected ? null : pinned
}

function credentials(facts: EntityFacts): Check | null {
  const pinned = open(facts)
  if (pinned === null) return null
  const { entity } = facts
  if (pinned.credentialProblem === null) return null
  return wrong('credentials', {
    entity,
    found: pinned.credentialProblem,
    cure: 'Load the environment first: set -a; . ./.env; set +a',
    exitCode: 4,
  })
}

function logIn(facts: EntityFacts): Check | null {
  const pinned = open(facts)
  if (pinned === null || pinned.login === 'custom' || pinned.daysLeft === null) return null
  const { entity } = facts
  const cure = connectIt(entity)
  if (pinned.daysLeft === undefined)
    return wrong('log-in', {
      entity,
      found: 'This computer and user keep no log-in for it.',
      cure,
      exitCode: 4,
    })
  if (pinned.daysLeft <= 0)
    return wrong('log-in', { entity, found: 'The log-in to Xero has ended.', cure, exitCode: 4 })
  const found = `The log-in lasts ${count(pinned.daysLeft, 'more day')} unless it is used; every export uses it.`
  return pinned.daysLeft <= fewDays
    ? caution('log-in', { entity, found, cure })
    : fine('log-in', { entity, found })
}

function scopes(facts: EntityFacts): Check | null {
  const pinned = open(facts)
  if (pinned === null) return null
  const { entity } = facts
  const isCustom = pinned.login === 'custom'
  // A custom connection is asked for what is needed with each token: its answer is newer than what was noted when it was connected.
  if (pinned.missingScopes.length === 0 || (isCustom && facts.xero?.outcome === 'answered')) {
    return fine('scopes', { entity, found: 'All that the settings need is allowed.' })
  }
  const list = pinned.missingScopes.join(' ')
  if (isCustom) {
    return caution('scopes', {
      entity,
      found: `The settings need more than when it was connected: ${list}.`,
      cure: `See that the custom connection has it at developer.xero.com and is authorised for it, then: ${connectIt(entity, 'custom')}`,
    })
  }
  const found = `The settings need what the log-in was not given: ${list}.`
  return wrong('scopes', { entity, found, cure: connectIt(entity), exitCode: 4 })
}

function xero({ entity, xero: said, connection: pinned }: EntityFacts): Check | null {
  if (said === null) return null
  if (said.outcome === 'answered') return fine('xero', { entity, found: `Xero answers for “${said.name}”.` })
  const isLoggedOut =
    said.code === 'not-authorised' || said.code === 'not-connected' || said.code === 'other-organisation'
  if (isLoggedOut) {
    return wrong('xero', { entity, found: said.message, cure: connectIt(entity, pinned?.login), exitCode: 4 })
  }
  // Xero away, or a limit: nothing is wrong here, and an export would say from when it can run.
  const passes = said.code === 'xero-limit' || said.code === 'xero-away'
  const cure = passes
    ? 'Try again later: auxo-sync doctor. Where it stays so, look at the internet connection, the firewall and status.xero.com.'
    : 'Do what the sentence says, then: auxo-sync doctor'
  return passes
    ? caution('xero', { entity, found: said.message, cure })
    : wrong('xero', { entity, found: said.message, cure })
}

function clock({ entity, xero: said }: EntityFacts): Check | null {
  if (said?.outcome !== 'answered' || said.aheadMs === null) return null
  const off = Math.abs(said.aheadMs)
  if (off < askewMs) return fine('clock', { entity, found: 'The clock of this machine agrees with Xero’s.' })
  const found = `The clock of this machine is ${durationText(off)} ${said.aheadMs > 0 ? 'behind' : 'ahead of'} Xero’s.`
  const cure = 'Let the machine set its clock by itself: sudo timedatectl set-ntp true'
  // Documents dated today could wait, or go a day early.
  return off < wayOffMs ? caution('clock', { entity, found, cure }) : wrong('clock', { entity, found, cure })
}

function callsLeft(facts: EntityFacts): Check | null {
  if (open(facts) === null) return null
  const { entity, xero: said, callsToday, callsPerDay } = facts
  const answered = said?.outcome === 'answered' ? said : null
  const dayLeft = answered?.dayLeft ?? Math.max(0, callsPerDay - callsToday)
  const minute =
    answered?.minuteLeft === null || answered === null ? '' : `, ${answered.minuteLeft} in this minute`
  const found =
    answered?.dayLeft == null
      ? `About ${count(dayLeft, 'call')} left today by our own count.`
      : `${count(dayLeft, 'call')} left today${minute}, as Xero says.`
  if (dayLeft > callsPerDay / 10) return fine('calls-left', { entity, found })
  return caution('calls-left', {
    entity,
    found: `${found} A tenth of the day’s calls is kept for reading back: nothing is sent until Xero starts a new day.`,
    cure: `Wait until tomorrow. If your Xero plan allows more calls: auxo-sync settings set calls_per_day 5000 --entity ${entity}`,
  })
}

function mirror(facts: EntityFacts): Check | null {
  if (open(facts) === null) return null
  const { entity, mirrorReadAt, now } = facts
  const cure = `auxo-sync refresh --entity ${entity}`
  if (mirrorReadAt === null)
    return caution('mirror', { entity, found: 'Xero’s accounts and tax rates were never read.', cure })
  const age = Math.max(0, now - mirrorReadAt)
  const found = `Xero’s accounts and tax rates were read ${durationText(age)} ago.`
  return age > oldMirrorMs ? caution('mirror', { entity, found, cure }) : fine('mirror', { entity, found })
}

function copy({ entity, copyProblem }: EntityFacts): Check | null {
  if (copyProblem === null) return null
  return wrong('copy', {
    entity,
    found: copyProblem,
    cure: `auxo-sync adopt-copy --entity ${entity}`,
    exitCode: 5,
  })
}

function openCalls(facts: EntityFacts): Check | null {
  const { entity, open: under, now, lease: held } = facts
  if (facts.connection === null) return null
  if (under.chunks === 0) return fine('open-calls', { entity, found: 'No call’s outcome is open.' })
  const what = `The outcome of ${count(under.chunks, 'call')} is open.`
  // A run at work has calls under way: nothing is lost.
  if (held?.state === 'alive') return fine('open-calls', { entity, found: `${what} A run is under way.` })
  const later = under.settleFrom !== null && under.settleFrom > now
  return caution('open-calls', {
    entity,
    found: `${what} Nothing of it is sent again before Xero was asked.`,
    cure: later
      ? `From ${new Date(under.settleFrom ?? 0).toISOString().slice(0, 16).replace('T', ' ')} UTC on: auxo-sync export --entity ${entity}`
      : `auxo-sync export --entity ${entity} asks Xero what became of it; what a person must say is in: auxo-sync status --entity ${entity}`,
  })
}

function lease({ entity, lease: held }: EntityFacts): Check | null {
  if (held === null) return null
  const who = `${held.holder}, since ${held.since}`
  if (held.state === 'alive') return fine('lease', { entity, found: `A run is under way: ${who}.` })
  const found =
    held.state === 'dead'
      ? `A run was cut off: ${who}.`
      : `A run on another machine, or a frozen one, gave no sign for 15 minutes: ${who}.`
  return caution('lease', {
    entity,
    found,
    cure: `The next one takes over by itself: auxo-sync export --entity ${entity}`,
  })
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`
}

function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 100) return count(minutes, 'minute')
  const hours = Math.round(minutes / 60)
  return hours < 48 ? count(hours, 'hour') : count(Math.round(hours / 24), 'day')
}
