// Tells the ping, the webhook and the mail of one command. Nothing here can fail a run: what did not arrive is said on
// stderr, once a channel, and the exit code stays what it was.

import { basename } from 'node:path'
import { dateInZone } from '../accounting/calendar.ts'
import { AuxoError } from '../errors.ts'
import { printable } from '../reporting/printable.ts'
import { proxyEnvironment } from '../xero/proxy.ts'
import { createTransport } from '../xero/transport.ts'
import { type Channels, type MailTarget, readChannels } from './channels.ts'
import type { Line } from './deliver.ts'
import { mailContent } from './mail-content.ts'
import { mailHtml, mailText } from './mail-form.ts'
import { keepMemory, memoryFile, readMemory } from './mail-memory.ts'
import { decideMail } from './mail-rule.ts'
import type { NotifierHost } from './notifier.ts'
import { pingEnd, pingStart } from './ping.ts'
import type { RunResult } from './run-result.ts'
import { summarise } from './run-summary.ts'
import { callWebhook } from './webhook.ts'

export interface Teller {
  begun(): Promise<void>
  ended(result: RunResult): Promise<void>
}

/** `problems` are the variables that are wrong; the other channels work. */
export function openTeller(host: NotifierHost): { teller: Teller; problems: string[] } {
  const { channels, problems } = readChannels(host.env)
  const unheard = new Set<string>()
  /** Once a channel: a start and an end that did not arrive have one cause. */
  const sayUnheard = (channel: string, problem: string | null) => {
    if (problem === null || unheard.has(channel)) return
    unheard.add(channel)
    const message = printable(
      `${channel}: ${problem}. Nobody was told by it; the run itself is not touched by that.`,
    )
    if (host.stderr.event) host.stderr.event({ event: 'not-told', level: 'warning', channel, message })
    else host.stderr.write(`${message}\n`)
  }
  const { ping, webhook, mail } = channels
  const tryOn = async (channel: string, tell: () => Promise<string | null>) => {
    sayUnheard(channel, await tell().catch(unforeseen))
  }
  const teller: Teller = {
    begun: () =>
      withLine(host, channels, async (line) => {
        if (ping) await tryOn('AUXO_PING_URL', () => pingStart(line, ping))
      }),
    ended: (result) =>
      withLine(host, channels, async (line) => {
        // The ping last: what it carries is the whole log, what did not arrive included.
        if (webhook) {
          await tryOn('AUXO_WEBHOOK_URL', () => callWebhook(line, webhook, result, host.uuid()))
        }
        if (mail) await tryOn('AUXO_SMTP_URL', () => mailOnce(host, mail, result))
        if (ping) {
          const log = () => `${headOf(host, result)}\n${host.log()}`
          await tryOn('AUXO_PING_URL', () => pingEnd(line, ping, { exitCode: result.exitCode, log: log() }))
        }
      }),
  }
  return { teller, problems }
}

/** A run that went well stays one, whatever is wrong with telling of it. Other texts than ours may hold an address. */
function unforeseen(error: unknown): string {
  if (error instanceof AuxoError) return error.message.replace(/\.$/, '')
  return `something unforeseen happened (${error instanceof Error ? error.name : typeof error})`
}

async function withLine(
  host: NotifierHost,
  channels: Channels,
  work: (line: Line) => Promise<void>,
): Promise<void> {
  if (!channels.ping && !channels.webhook && !channels.mail) return
  const { clock, version } = host
  const transport = createTransport({ clock, environment: proxyEnvironment(host.env) })
  try {
    await work({ transport, clock, version })
  } finally {
    await transport.close()
  }
}

/** A quiet run that went well leaves no log: this stands in the ping all the same. */
function headOf({ hostname, version }: NotifierHost, { verb, exitCode, endedAt }: RunResult): string {
  return `auxo-sync ${version} ${verb} on ${hostname} ended ${endedAt} with exit code ${exitCode}`
}

/** One mail for all entities, or none. Null where it arrived or none was due, else why it did not. */
async function mailOnce(host: NotifierHost, target: MailTarget, result: RunResult): Promise<string | null> {
  const { clock, hostname, version, ledgerFile } = host
  const { timeZone } = result
  const file = memoryFile(await host.configFolder(), ledgerFile)
  const today = dateInZone(clock.now(), timeZone)
  const decision = decideMail(target.rule, await readMemory(file), summarise(result), today)
  const { kind, runs } = decision
  let problem: string | null = null
  if (kind !== null) {
    const facts = { kind, runs, today, timeZone, machine: hostname, ledger: basename(ledgerFile), version }
    const content = mailContent(facts)
    const { sendMail } = await import('./mail.ts')
    problem = await sendMail(target, {
      subject: content.subject,
      text: mailText(content),
      html: mailHtml(content),
    })
  }
  return (await keep(file, problem === null ? decision.next : decision.otherwise)) ?? problem
}

async function keep(file: string, memory: Parameters<typeof keepMemory>[1]): Promise<string | null> {
  try {
    await keepMemory(file, memory)
    return null
  } catch {
    return `what was told could not be kept in ${file}, so it may be told again`
  }
}
