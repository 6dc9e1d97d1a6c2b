// A lock between processes: a file that names its owner. Whose owner is dead is taken over, so that a crash locks nobody out. What is
// done under it is for others to say.

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'
import { type Clock, isoInstant } from '../clock.ts'
import { AuxoError } from '../errors.ts'
import { refuseInterrupted, type WaitOptions } from './waits.ts'

export interface LockOwner {
  pid: number
  hostname: string
  isAlive: (pid: number) => boolean
}

export interface HeldLock {
  /** False where another process took it over meanwhile: this one was away for very long. */
  isOurs(): Promise<boolean>
}

export interface LockOptions extends Pick<WaitOptions, 'interrupt'> {
  file: string
  owner: LockOwner
  clock: Clock
}

const pollMs = 250
/** Longer than the longest work under it: four time-outs of a minute each. */
export const staleMs = 10 * 60_000
const patienceMs = 6 * 60_000
/** A file whose owner cannot be read for so long belongs to a process that died between making and writing it. */
const unreadableMs = 5000

const ownerText = z.object({ pid: z.number(), hostname: z.string(), since: z.string(), mark: z.string() })

/** Rejects with `xero-away` where another process holds it for minutes, and with Node's own error where the folder refuses. */
export async function withFileLock<Value>(
  options: LockOptions,
  work: (lock: HeldLock) => Promise<Value>,
): Promise<Value> {
  const { file } = options
  const ours = await acquire(options)
  const isOurs = async () => (await contentOf(file)) === ours
  try {
    return await work({ isOurs })
  } finally {
    if (await isOurs()) await rm(file, { force: true })
  }
}

/** The content by which we know our own lock. */
async function acquire(options: LockOptions): Promise<string> {
  const { file, owner, clock } = options
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const since = clock.monotonicMs()
  const seen = { content: '', since }
  let guardedSince: number | null = null
  for (;;) {
    refuseInterrupted(options)
    const mark = randomBytes(12).toString('hex')
    const { pid, hostname } = owner
    const ours = JSON.stringify({ pid, hostname, since: isoInstant(clock.now()), mark })
    if (await made(file, ours)) return ours
    const theirs = await contentOf(file)
    if (theirs === null) continue // given back this moment
    if (theirs !== seen.content) Object.assign(seen, { content: theirs, since: clock.monotonicMs() })
    if (isDead(theirs, clock.monotonicMs() - seen.since, options)) {
      const isGuarded = !(await takeAway(file, theirs))
      guardedSince = isGuarded ? (guardedSince ?? clock.monotonicMs()) : null
      // Held for a few file operations only: after that long its maker died in the midst of them.
      if (guardedSince !== null && clock.monotonicMs() - guardedSince >= unreadableMs)
        await rm(guardOf(file), { force: true })
    } else if (clock.monotonicMs() - since > patienceMs) throw tooLong(file)
    await clock.sleep(pollMs, options.interrupt).catch(() => refuseInterrupted(options))
  }
}

async function made(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function isDead(theirs: string, unchangedMs: number, { owner, clock }: LockOptions): boolean {
  const parsed = ownerText.safeParse(jsonOf(theirs)).data
  if (!parsed) return unchangedMs >= unreadableMs
  if (clock.now() - Date.parse(parsed.since) >= staleMs) return true
  return parsed.hostname === owner.hostname && !owner.isAlive(parsed.pid)
}

function guardOf(file: string): string {
  return `${file}.takeover`
}

/**
 * One at a time, and only what was seen to be dead: else the second of two would take away the lock of the first. False where another
 * process is at it.
 */
async function takeAway(file: string, dead: string): Promise<boolean> {
  if (!(await made(guardOf(file), ''))) return false
  try {
    if ((await contentOf(file)) === dead) await rm(file, { force: true })
  } finally {
    await rm(guardOf(file), { force: true })
  }
  return true
}

function tooLong(file: string): AuxoError {
  return new AuxoError(
    'xero-away',
    `Another run has been renewing this log-in for minutes (${file}). Nothing was sent; run again once it has ended.`,
  )
}

async function contentOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
